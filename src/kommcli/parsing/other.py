"""Pages of any site -> `Page`: what the page says of itself, else what trafilatura finds.

Whatever looks like a cookie wall, a login or navigation is no article: FeedFailure ``article.no_text``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from kommcli.errors import FeedFailure
from kommcli.model import Block, BlockType, Image, Page
from kommcli.parsing import heading
from kommcli.parsing.media import split_credit
from kommcli.parsing.pieces import Metadata, Outline, bracketed, letters, of_body
from kommcli.text import clean, is_headline, shorten, split_kicker

ENOUGH = 500
"""Characters from which an ``articleBody`` is taken for the whole text, not for its beginning."""

_SHORT = 1_200
"""Below so many characters a text with words of a wall is one."""
_LEAST = 120
_LOOK = 3_000
"""Characters in which words of a wall are looked for: it stands at the beginning, and looking costs time."""
_WALL = re.compile(
    r"\bcookies?\b|einwillig|zustimm|datenschutzeinstellung|consent|tracking|werbefrei|javascript|\babo\b|"
    r"abonnent|\beinloggen\b|\banmelden\b|\blogin\b|passwort|registrier|adblock|"
    r"browser|captcha|nicht gefunden|not found|"
    r"\bfehler 404\b|access denied|zugriff verweigert|sicherheitsprüfung",
    re.IGNORECASE,
)
_ASKING = (
    "Cookie", "cookie", "inwillig", "Partner speichern", "personenbezogene", "auf Geräten", "Zustimm",
)  # fmt: skip
"""Two of these in one paragraph: it asks for consent."""
_OTHERS = re.compile(
    r"(?:Mehr (?:aus|zum|zu|von|Meldungen|Nachrichten)|Weitere |Lesen Sie (?:auch|mehr)|Auch interessant|"
    r"Ähnliche |Das könnte Sie|Verwandte |Meistgelesen|Aktuelle (?:Meldungen|Nachrichten)|Kommentare\b)"
)
"""Headings of lists of other articles."""
_NOTHING = re.compile(
    r"\b404\b|nicht gefunden|not found|zugriff verweigert|anmeldung erforderlich", re.IGNORECASE
)
_SENTENCE = re.compile(r"[.!?…:][\"'“”‘’»«)\]]*$")


def read(html: str, url: str, outline: Outline) -> Page:
    """The article of a page; ``outline`` is the same page's.

    Raises FeedFailure: article.no_text, article.no_reader (trafilatura is not installed).
    """
    found, reader = _structured(outline), "structured"
    if not found:
        # The quick way first: asking two further algorithms costs as much again and is seldom needed.
        found, reader = _as_set(_extracted(html, url, fast=True), outline), "extracted"
        if not is_article(found):
            found = _as_set(_extracted(html, url, fast=False), outline)
    title = title_of(outline)
    body = _alone(found, title)
    if not (is_article(found, title) and is_article(body, title)):
        raise FeedFailure("article.no_text")
    image = _shown_first(outline, body) or outline.meta.image
    if image and outline.meta.image and not image.url:
        image = replace(image, url=outline.meta.image.url)
    told = (image.alt, image.caption) if image else ()
    kept = [block for block in body if block.type is not BlockType.IMAGE or block.text not in told]
    return replace(page(outline.meta, title, kept, reader), image=image)


def page(meta: Metadata, title: str, body: Sequence[Block], reader: str) -> Page:
    """The Page of a body with what the metadata say."""
    kicker, rest = split_kicker(title)
    return Page(
        title=rest,
        kicker=kicker,
        url=meta.canonical,
        published=meta.published,
        updated=meta.updated,
        lead=_lead(meta.description, body),
        body=tuple(body),
        image=meta.image,
        topic=meta.section,
        site=meta.site,
        reader=reader,
    )


def read_text(outline: Outline) -> Page:
    """A text without the marks of any site: its first line, or its heading, is the title."""
    pieces = list(outline.pieces)
    at = next((n for n, piece in enumerate(pieces) if piece.block.type is BlockType.HEADING), None)
    if at is None and pieces and _may_head(pieces[0].text):
        at = 0
    title = pieces[at].text if at is not None else ""
    kept = pieces[at + 1 :] if at is not None else pieces
    published: datetime | None = None
    body: list[Block] = []
    for piece in kept:
        moment, rest = bracketed(piece.text)
        if moment and published is None and not body:
            published = moment
            if not rest:
                continue
        body.append(of_body(piece.block))
    if not body and not title:
        raise FeedFailure("article.no_text")
    first = body[0].text if body else ""
    kicker, rest = split_kicker(title or shorten(first, 80))
    return Page(title=rest, kicker=kicker, published=published, body=tuple(body), reader="text")


def _may_head(text: str) -> bool:
    return len(text) <= 200 and not text.endswith(".") and is_headline(text)


def is_article(body: Sequence[Block], title: str = "") -> bool:
    """Whether the blocks are a text to read: sentences, and not those of a wall before one."""
    texts = [block.text for block in body if block.type is not BlockType.IMAGE]
    length = sum(map(len, texts))
    sentences = [text for text in texts if len(text) > 60 and _SENTENCE.search(text)]
    if length < _LEAST or not sentences:
        return False
    if sum(map(len, sentences)) * 3 < length and length < 5 * _SHORT:
        return False  # navigation: many short lines
    if length < _SHORT and _NOTHING.search(title):
        return False
    start = " ".join(texts)[:_LOOK]
    walls = len(_WALL.findall(start))
    return not (walls >= 2 and (length < _SHORT or walls * 250 > len(start)))


# ------------------------------------------------------------------------------------- the two ways


def _structured(outline: Outline) -> list[Block]:
    """The blocks of the page that stand in its own ``articleBody``; that itself where they are not found."""
    body = outline.meta.body
    if len(body) < ENOUGH or outline.meta.walled:
        return []
    whole = letters(body)
    kept = [
        of_body(piece.block)
        for piece in outline.pieces
        if not piece.aside and len(key := letters(piece.text)) > 3 and key in whole
    ]
    if sum(len(block.text) for block in kept) * 10 >= len(body) * 8:
        return kept
    lines = (clean(line) for line in body.split("\n"))
    return [Block(BlockType.PARAGRAPH, line) for line in lines if line]


def _extracted(html: str, url: str, *, fast: bool) -> list[Block]:
    try:
        from trafilatura import extract
    except ImportError as error:
        raise FeedFailure("article.no_reader") from error
    from kommcli.parsing.outline import without_boilerplate

    text = extract(
        without_boilerplate(html),
        url=url or None,
        output_format="txt",
        include_comments=False,
        favor_precision=True,
        fast=fast,
        with_metadata=False,
    )
    lines = (clean(line.removeprefix("- ")) for line in (text or "").split("\n"))
    return [Block(BlockType.PARAGRAPH, line) for line in lines if line]


def _as_set(found: list[Block], outline: Outline) -> list[Block]:
    """What was extracted, in the page's own blocks: with the headings, lists, links and pictures among them,
    which extraction loses."""
    whole = " ".join(letters(block.text) for block in found)
    blocks = [piece.block for piece in outline.pieces if not piece.aside]
    keys = [letters(block.text) for block in blocks]
    inside = [len(key) > 40 and key in whole for key in keys]
    matched = sum(len(key) for key, is_in in zip(keys, inside, strict=True) if is_in)
    if not any(inside) or matched * 10 < len(whole) * 6:
        return found
    first, last = inside.index(True), len(inside) - inside[::-1].index(True)
    return [
        of_body(block)
        for at, block in enumerate(blocks[first:last], first)
        if block.text and (inside[at] or keys[at] in whole or _belongs(blocks, inside, at))
    ]


def _belongs(blocks: Sequence[Block], inside: Sequence[bool], at: int) -> bool:
    """Whether a heading, list or picture stands between blocks of the text."""
    if blocks[at].type not in (BlockType.HEADING, BlockType.LIST, BlockType.IMAGE):
        return False
    return any(inside[max(at - 2, 0) : at]) and any(inside[at + 1 : at + 3])


def title_of(outline: Outline) -> str:
    """The headline: the heading that the metadata name, else the first one, else the page's title."""
    offered = heading.headlines(outline.meta.titles)
    heads = [piece for piece in outline.pieces if piece.block.type is BlockType.HEADING]
    heads.sort(key=lambda piece: piece.level)
    for piece in heads:
        if title := heading.matching(piece.text, offered):
            return title if len(title) * 2 > len(piece.text) else piece.text
    for piece in heads:  # the name of the site may stand before it
        if len(piece.text) > 10 and any(
            letters(one).endswith(letters(piece.text)) for one in outline.meta.titles
        ):
            return piece.text
    if outline.meta.titles:
        return heading.without_site(outline.meta.titles[0], outline.meta.site)
    return heads[0].text if heads else ""


def _alone(body: list[Block], title: str) -> list[Block]:
    """The body without the title at its beginning, what a consent layer left in it, and articles below."""
    end = next((at for at, block in enumerate(body) if at and _is_end(block)), len(body))
    body = body[:end]
    body = [
        block for block in body if len(block.text) > _SHORT or sum(word in block.text for word in _ASKING) < 2
    ]
    while body and letters(body[0].text) == letters(title):
        body = body[1:]
    return body


def _is_end(block: Block) -> bool:
    return block.type is BlockType.HEADING and _OTHERS.match(block.text) is not None


def _lead(description: str, body: Sequence[Block]) -> str:
    """The description where it says more than the beginning of the text."""
    start = letters(description)[:60]
    if len(description) < 60 or description.endswith(("…", "...", "[…]", "[...]")):
        return ""
    return "" if any(start in letters(block.text) for block in body[:3]) else description


def _shown_first(outline: Outline, body: Sequence[Block]) -> Image | None:
    """The picture that stands just above the text or behind its first paragraph."""
    pieces = [piece for piece in outline.pieces if not piece.aside]
    starts = {letters(block.text) for block in body[:2] if block.type is not BlockType.IMAGE}
    first = next((at for at, piece in enumerate(pieces) if letters(piece.text) in starts), None)
    if first is None:
        return None
    near = (piece.image for piece in pieces[max(first - 4, 0) : first + 3] if piece.image)
    image = next((one for one in near if one.alt or one.caption), None)
    if image is None:
        return None
    caption, credit = split_credit(image.caption)
    return replace(image, caption=caption, credit=image.credit or credit)
