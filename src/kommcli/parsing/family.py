"""Pages of the Kommune21 family -> `Page`, by the order and the marks of their text.

Facts: the order of an article's page and its marks as seen in text extractions of kommune21.de,
move-online.de and stadt-und-werk.de; nobody relies on class names. The same code reads a page's HTML, a
reader-mode copy and a text dump::

    visit date · kicker and title · [date] lead · alternative text · caption · (Bildquelle: …) · body
    · Weitere Meldungen und Beiträge aus dem Bereich: topic · items of [label] [alternative text]
    Kicker: Title · [date] teaser mehr...
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from kommcli.data import family as data
from kommcli.model import Block, BlockType, Page
from kommcli.parsing import captions, heading
from kommcli.parsing.heading import Heading, Known
from kommcli.parsing.mentions import LABELS, begins, mentions
from kommcli.parsing.pieces import Outline, Piece, bracketed, of_body, part, without_start
from kommcli.text import clean, fold, is_noun_phrase, shorten, split_kicker
from kommcli.urls import host

_MORE = re.compile(
    r"Weitere (?:Meldungen|Beiträge|Artikel)(?: und (?:Meldungen|Beiträge|Artikel))*"
    r"(?: (?:aus|zu|in) (?:dem|diesem|der|den)? ?(?:Bereich|Thema|Themen|Rubrik))?\s*(?::\s*(.*))?$"
)
_OF_FAMILY = re.compile(
    r" (?:- Kommune21 online|- move-online\.de|\| Kommune21 - |\| move - |[|-] stadt\+werk)"
)
_DEBRIS = re.compile(r"\(\d+\+(wir berichteten)\)")
_NOT_BODY = re.compile(
    r"(?:Dieser|Der) (?:Beitrag|Artikel) ist (?:in der|im) .{0,80}(?:Ausgabe|Heft|Sonderheft).{0,200}"
    r"|(?:Hier können Sie|Sie können) (?:ein|das) .{0,40}(?:Exemplar|Heft) (?:bestellen|anfordern).*"
    r"|(?:Stichw(?:ort|örter)|Schlagw(?:ort|örter)|Tags?)\s*:.*",
    re.IGNORECASE | re.DOTALL,
)
_CLICKABLE = re.compile(
    r"mitteilen|teilen|druckversion|drucken|merken|twittern|tweet|share|weiterempfehlen|empfehlen|kommentieren"
    r"|versenden|facebook|linkedin|xing|whatsapp|mastodon|bluesky|abonnieren|anzeige|oben",
    re.IGNORECASE,
)
_BUTTONS = re.compile(
    rf"(?:(?:{_CLICKABLE.pattern}|threads|twitter|telegram|pocket|e-?mail|mail|seitenanfang|seite|beitrag|artikel"
    r"|diesen|diese|dieser|kopieren|link|per|bei|auf|via|den|die|pdf|nach|zurück|zum|zur|anfang|jetzt|und|in|x)"
    r"[\s|·,/:()]*)+",
    re.IGNORECASE,
)
"""What stands on buttons below an article, often without blanks between them."""
_ENDS = re.compile(r"[.!?:;,…]$|[.!?…]['\"“”‘’»«)\]]+$")
_ASKS = re.compile(r"\?['\"“”‘’»«)\]]*$")
_IS_INTERVIEW = re.compile(r"\bInterview|\bim Gespräch\b|\bGespräch mit\b|\bFragen an\b")
_ASKS_SOMEBODY = re.compile(r"(?:Herr|Frau) .{5,}\?['\"“”‘’»«)\]]*$", re.DOTALL)
_LONGEST_HEADING = 110
_LONGEST_QUESTION = 400


def is_family(outline: Outline, url: str) -> bool:
    """Whether the marks of the family stand there, or the address is one of theirs."""
    address = outline.meta.canonical or url
    if data.is_family(host(address)):
        return True
    if any(_MORE.match(piece.text) and "Bereich" in piece.text for piece in outline.pieces):
        return True
    if any(_OF_FAMILY.search(title) for title in outline.meta.titles):
        return True
    if any(piece.text.startswith("(Bildquelle:") for piece in outline.pieces):
        return True
    at = _date_at(outline.pieces, len(outline.pieces))
    return at is not None and (bool(bracketed(outline.pieces[at].text)[1]) or at + 1 < len(outline.pieces))


def read(outline: Outline, known: Known) -> Page:
    """What the page says. Whatever the pieces are, there is a Page; a poor one is judged elsewhere.

    ``known`` says whether a text is the name of a place or a state.
    """
    pieces, meta = outline.pieces, outline.meta
    end, topic = _related_at(pieces)
    date_at = _date_at(pieces, end)
    offered = heading.headlines(meta.titles)
    title_at = _title_at(pieces, date_at, end, offered)
    published, lead, rest = _lead(pieces, date_at, title_at, end)
    image, body_at = captions.picture(pieces, rest, end, dump=date_at is not None and not outline.html)
    said = " ".join(piece.text for piece in pieces[rest:end])
    site_title = meta.titles[0] if meta.titles else ""
    names, label = _heading(pieces, title_at, date_at, offered, f"{lead} {said}", known, site_title)
    asks = label == "interview" or bool(_IS_INTERVIEW.search(f"{names.kicker} {lead}"))
    asks = asks or any(_ASKS_SOMEBODY.match(piece.text) for piece in pieces[body_at:end])
    body = tuple(_body(pieces[body_at:end], asks))
    return Page(
        title=shorten(names.title, 500),
        kicker=shorten(names.kicker, 100),
        url=meta.canonical,
        published=_with_time(published, meta.published),
        updated=meta.updated,
        lead=_DEBRIS.sub(r"(\1)", lead) or _told_lead(meta.description, body),
        body=body,
        image=captions.pictured(image, meta.image),
        topic=topic or meta.section,
        kind=label,
        site=meta.site,
        related=mentions(pieces[end + 1 :]),
        reader="family",
    )


# ------------------------------------------------------------------------------------ where is what


def _related_at(pieces: Sequence[Piece]) -> tuple[int, str]:
    """Where the related list begins (the end where there is none), and the topic that it names."""
    for at, piece in enumerate(pieces):
        match = _MORE.match(piece.text) if piece.text.startswith("Weitere ") else None
        if match and len(piece.text) < 200 and _items_follow(pieces, at):
            return at, clean(match[1] or "")
    return len(pieces), ""


def _items_follow(pieces: Sequence[Piece], at: int) -> bool:
    """Whether a list comes behind this line; a line of that kind may stand in the text, too."""
    return "Bereich" in pieces[at].text or any(begins(piece) for piece in pieces[at + 1 : at + 6])


def _date_at(pieces: Sequence[Piece], end: int) -> int | None:
    """The block that begins with the article's date in brackets; one in the midst of a text is none."""
    sentences = 0
    for at, piece in enumerate(pieces[:end]):
        if bracketed(piece.text)[0] is not None:
            return at
        if piece.level == 1:
            sentences = 0  # what stood above the heading is not the text
        if len(piece.text) > 160 and not piece.aside and piece.block.type is BlockType.PARAGRAPH:
            sentences += 1
        # The picture's credit and the text come behind the date, never before it.
        if sentences >= 2 or piece.text.startswith("(Bildquelle"):
            return None
    return None


def _title_at(pieces: Sequence[Piece], date_at: int | None, end: int, offered: Sequence[str]) -> int | None:
    """Where the title is: what metadata call so, else the highest heading, else the line above the date."""
    before = [at for at in range(date_at if date_at is not None else end) if _may_be_title(pieces[at])]
    headings = [at for at in before if pieces[at].block.type is BlockType.HEADING]
    fits = [at for at in before if heading.matching(pieces[at].text, offered)]
    first = [at for at in headings if pieces[at].level == 1]
    best = [at for at in fits if at in headings] or first or (fits if date_at is None else [])
    if best:
        return best[0] if date_at is None else best[-1]
    if headings and date_at is not None:
        return headings[-1]
    if date_at is not None:
        return before[-1] if before else None
    # Without date and headline only what stands at the top can be the title, and in a page only a heading.
    first_line = before[:1]
    return before[0] if first_line and (not offered or first_line == headings[:1]) else None


def _may_be_title(piece: Piece) -> bool:
    return (
        piece.block.type in (BlockType.HEADING, BlockType.PARAGRAPH, BlockType.QUESTION, BlockType.LINK)
        and 2 < len(piece.text) <= 300
        and not piece.aside
        and fold(piece.text) not in LABELS
        and not captions.is_credit(piece.text)
    )


def _lead(
    pieces: Sequence[Piece], date_at: int | None, title_at: int | None, end: int
) -> tuple[datetime | None, str, int]:
    """Date, lead, and where what follows them begins."""
    if date_at is None:
        at = 0 if title_at is None else title_at + 1
        return (None, pieces[at].text, at + 1) if _is_lead(pieces[at:end]) else (None, "", at)
    moment, lead = bracketed(pieces[date_at].text)
    following = date_at + 1
    if not lead and following < len(pieces):
        # A lead stands alone: below it comes a picture or a text, and it is more than a heading.
        nearest = pieces[following]
        if (
            nearest.block.type is BlockType.PARAGRAPH
            and len(nearest.text) > 60
            and not captions.is_credit(nearest.text)
        ):
            return moment, nearest.text, following + 1
    return moment, lead, following


def _is_lead(pieces: Sequence[Piece]) -> bool:
    """Whether a page without a date begins with its lead: a sentence above the picture's credit."""
    if not pieces:
        return False
    first, *zone = pieces[: captions.ZONE]
    return (
        first.block.type is BlockType.PARAGRAPH
        and len(first.text) > 80
        and bool(_ENDS.search(first.text))
        and any(captions.is_credit(piece.text) for piece in zone)
    )


def _heading(
    pieces: Sequence[Piece],
    title_at: int | None,
    date_at: int | None,
    offered: Sequence[str],
    context: str,
    known: Known,
    site_title: str,
) -> tuple[Heading, str]:
    """Kicker and title, and the page's label for itself: near the heading, in a line of its own."""
    if title_at is None:
        return Heading(*split_kicker(heading.without_site(site_title))) if site_title else Heading("", ""), ""
    piece = pieces[title_at]
    near = [*pieces[max(title_at - 3, 0) : title_at], *pieces[title_at + 1 : (date_at or title_at) + 1]]
    label = next((one.text.casefold() for one in near if one.text.casefold() in LABELS), "")
    names = heading.split(piece.text, piece.head, offered, context, known)
    if not title_at or (names.kicker and not (piece.tight and known(pieces[title_at - 1].text))):
        return names, label
    above = pieces[title_at - 1]
    kicker = above.text.removesuffix(":").strip()
    if above.block.type is BlockType.DATE or above.aside or kicker.casefold() in LABELS or len(kicker) > 60:
        return names, label
    bold_alone = above.head == above.text and above.level == 0
    own_line = above.text.endswith(":") or bold_alone or (piece.tight and is_noun_phrase(kicker))
    if (
        own_line
        or known(kicker)
        or (above.block.type is not BlockType.LINK and f" {kicker} " in f" {context} ")
    ):
        return Heading(kicker, names.title if not names.kicker else piece.text), label
    return names, label


def _with_time(day: datetime | None, told: datetime | None) -> datetime | None:
    """The date in the text; with the time of the metadata where both mean the same day or nearly so."""
    if day is None or told is None:
        return day or told
    return told if abs((told - day).total_seconds()) <= 26 * 3600 else day


def _told_lead(description: str, body: Sequence[Block]) -> str:
    """The metadata's description where the page has no lead of its own and the text does not begin so."""
    if len(description) < 60 or description.endswith(("…", "...", "[…]", "[...]")):
        return ""
    start = fold(description)[:60]
    return "" if any(fold(block.text).startswith(start) for block in body[:2]) else description


# ------------------------------------------------------------------------------------------- the body


def _body(pieces: Sequence[Piece], interview: bool) -> Iterator[Block]:
    """The blocks of the text itself."""
    kept = [piece for piece in pieces if not piece.aside and not _is_beside(piece.text)]
    for at, piece in enumerate(kept):
        block = of_body(_mended(piece.block))
        if piece.block.type is BlockType.IMAGE or captions.is_credit(piece.text):
            if text := captions.words_of_picture(piece):
                yield Block(BlockType.IMAGE, text)
            continue
        if not block.text:
            continue
        if block.type in (BlockType.PARAGRAPH, BlockType.HEADING, BlockType.QUESTION):
            block = replace(block, type=_kind(block, kept, at, interview))
        yield block


def _is_beside(text: str) -> bool:
    """Whether a line is of the page, not of the text: where it was printed, keywords, what can be clicked."""
    if len(text) < 120 and _BUTTONS.fullmatch(text) and _CLICKABLE.search(text):
        return True
    return _NOT_BODY.fullmatch(text) is not None


def _kind(block: Block, kept: Sequence[Piece], at: int, interview: bool) -> BlockType:
    """What a line is: a question of an interview, a sub-heading (short, without a full stop), or text."""
    text = block.text
    if interview and _ASKS.search(text) and len(text) <= _LONGEST_QUESTION:
        return BlockType.QUESTION
    if block.type is not BlockType.PARAGRAPH:
        return block.type
    if at and kept[at - 1].block.type is BlockType.PARAGRAPH and _is_line(kept[at - 1].text):
        return block.type  # one of several short lines: a list whose marks got lost
    follows = at + 1 < len(kept) and kept[at + 1].block.type in (
        BlockType.PARAGRAPH,
        BlockType.LIST,
        BlockType.QUOTE,
        BlockType.IMAGE,
        BlockType.QUESTION,
    )
    asks = len(text) <= 80 and bool(_ASKS.search(text))
    is_short = len(text) <= _LONGEST_HEADING and (asks or not _ENDS.search(text)) and not block.links
    begins = text[:1].isupper() or text[:1].isdigit() or text[:1] in '„“"»'
    following = kept[at + 1] if follows else None
    longer = (
        following is not None
        and len(following.text) > len(text)
        # Lines of a list without marks follow each other, too; behind a sub-heading a sentence comes.
        and (
            following.block.type is not BlockType.PARAGRAPH
            or len(following.text) > 2 * _LONGEST_HEADING
            or bool(_ENDS.search(following.text))
        )
    )
    return BlockType.HEADING if is_short and begins and longer and not _is_row(text) else block.type


def _is_line(text: str) -> bool:
    return len(text) <= _LONGEST_HEADING and not _ENDS.search(text)


def _is_row(text: str) -> bool:
    return " | " in text


def _mended(block: Block) -> Block:
    """Without what the migration of old articles left behind: ``(42907+wir berichteten)``."""
    while match := _DEBRIS.search(block.text):
        front, back = part(block, 0, match.start() + 1), without_start(block, match.start(1))
        shift = len(block.text[: match.start() + 1])
        block = Block(
            block.type,
            block.text[: match.start() + 1] + back.text,
            front.links
            + tuple(replace(link, start=link.start + shift, end=link.end + shift) for link in back.links),
        )
    return block
