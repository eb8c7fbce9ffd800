"""What a feed says in its own words (`Raw`) -> `Entry`: clean, cut to size, addresses absolute.

Both readers, `feed` for XML and `jsonfeed`, end here.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from itertools import islice
from typing import Literal, NamedTuple

from kommcli.datewords import parse_feed_date
from kommcli.model import Block, BlockType, Entry, Image, ParsedFeed
from kommcli.parsing import blocks, media
from kommcli.parsing.media import File
from kommcli.text import clean, cut_at_sentence, shorten, split_kicker
from kommcli.urls import absolute

MAX_GUID = 500
MAX_TITLE = 500
MAX_TEASER = 1_500
MAX_TEXT = 200_000
"""Characters of all blocks of an entry together."""
MAX_MARKUP = 2_000_000
"""Characters of markup that are read at all."""
MAX_CATEGORIES = 50

_TAG = re.compile(
    r"</?(?:a|abbr|b|big|cite|code|del|em|font|i|img|ins|mark|q|s|small|span|strike|strong|sub|sup|tt|u|wbr"
    r"|(br|div|h[1-6]|p))(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_HTML = re.compile(r"\s*<(?:p|div|br|ul|ol|h[1-6]|strong|b|a|img|span)\b")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_FOOTER = re.compile(
    r"\s*\b(?:(?:Der|Dieser) (?:Beitrag|Artikel)|The (?:post|article)) .{0,400}?"
    r"(?:erschien zuerst (?:auf|bei)|ist zuerst erschienen (?:auf|bei)|appeared first on|first appeared on)"
    r" .{1,200}$"
)
_MORE = re.compile(
    r"(?:^|(?<=[.!?…:“”\"»)\]]))\s*\(?\[?(?:mehr\s*(?:\.\.\.|…|»|→|>+)"
    r"|(?:weiterlesen|weiter lesen|mehr lesen|mehr erfahren|read more|continue reading)\b.{0,100})\]?\)?$",
    re.IGNORECASE,
)
_MORE_WORD = re.compile(r"\bmehr\b|weiter ?lesen|read more|continue reading", re.IGNORECASE)
_ELLIPSIS = re.compile(r"\s*(?:\[\s*(?:…|\.\.\.|&hellip;|&#8230;)\s*\]|\(\s*(?:…|\.\.\.)\s*\))$")
_TAIL = 700
"""Characters at the end of a text in which footers are looked for."""


@dataclass(frozen=True, slots=True)
class Markup:
    """A text and how it is meant. "guess" is RSS: plain text by the letter, HTML by habit."""

    value: str = ""
    kind: Literal["text", "html", "guess"] = "html"


@dataclass(frozen=True, slots=True)
class Raw:
    """An entry in the feed's own words: nothing is clean, absolute or of limited length yet.

    ``images`` are offered in order of preference; dates are the feed's strings.
    """

    title: Markup = Markup()
    guid: str = ""
    link: str = ""
    published: str = ""
    updated: str = ""
    summary: Markup = Markup()
    content: Markup = Markup()
    images: tuple[Image, ...] = ()
    categories: tuple[str, ...] = ()
    author: str = ""
    files: tuple[File, ...] = ()


class Channel(NamedTuple):
    """What a document says, raw: title and link of the channel, and its entries."""

    title: Markup
    link: str
    raws: list[Raw]


def feed(channel: Channel, url: str, warnings: Iterable[str] = (), complete: bool = True) -> ParsedFeed:
    """The feed that came from ``url``; of several entries with one guid the first counts."""
    link = absolute(url, channel.link.strip())
    seen: set[str] = set()
    entries, found = [], dict.fromkeys(warnings)
    for raw in channel.raws:
        made = entry(raw, link or url)
        if made.guid and made.guid in seen:
            found["feed.duplicate_ids"] = None
            continue
        seen.add(made.guid)
        entries.append(made)
    title = shorten(one_line(channel.title), MAX_TITLE)
    return ParsedFeed(title, link, tuple(entries), tuple(found), complete)


def entry(raw: Raw, base: str) -> Entry:
    """One entry; ``base`` is the address that relative ones refer to."""
    summary, summary_image = _article(raw.summary, base)
    content, content_image = _article(raw.content, base)
    body = _without_tail(content or summary)
    teaser = cut_at_sentence(_teaser(_without_tail(summary)) or _teaser(body, 1), MAX_TEASER)
    heading = one_line(raw.title)
    kicker, title = split_kicker(shorten(heading, MAX_TITLE))
    kept = _within(body, MAX_TEXT)
    pictures = (*raw.images, *(Image(file.url) for file in raw.files if media.is_picture(file)))
    return Entry(
        title=title or shorten(teaser, 80),
        kicker=kicker,
        guid=_guid(raw.guid),
        link=absolute(base, raw.link.strip()) if raw.link else "",
        published=_date(raw.published),
        updated=_date(raw.updated),
        teaser=teaser,
        body=kept,
        image=media.picture(pictures, content_image or summary_image, base),
        categories=_categories(raw.categories),
        author=_author(raw.author),
        enclosure=media.enclosure(raw.files, base),
        truncated=(
            len(kept) < len(body)
            or kept[-1:] != tuple(body[-1:])
            or len(heading) > MAX_TITLE
            or max(len(raw.summary.value), len(raw.content.value)) > MAX_MARKUP
        ),
    )


def _teaser(found: list[Block], most: int | None = None) -> str:
    """The first ``most`` blocks that have running text, as one paragraph."""
    texts = [block.text for block in found if block.type in (BlockType.PARAGRAPH, BlockType.LIST)]
    return clean(
        " ".join(texts[:most] or [block.text for block in found if block.type is not BlockType.IMAGE])
    )


def one_line(markup: Markup) -> str:
    """A title as one clean line: decoded as its kind says, and once more where an entity is left over."""
    text = markup.value[:MAX_TEXT]
    if markup.kind == "html":
        text = blocks.plain(text)
    elif markup.kind == "guess":
        text = _TAG.sub(lambda match: " " if match[1] else "", text)
    if "&" in text:
        text = _ENTITY.sub(lambda match: unescape(match[0]), text)
    return clean(text)


def _article(markup: Markup, base: str) -> tuple[tuple[Block, ...], Image | None]:
    text = markup.value[:MAX_MARKUP]
    if markup.kind != "text" and "<" not in text:
        text = unescape(text)  # escaped once too often it is markup now, and nobody wants to read tags
        if not _HTML.match(text):
            markup = Markup(text, "text")
    return (_paragraphs(text), None) if markup.kind == "text" else blocks.article(text, base)


def _paragraphs(text: str) -> tuple[Block, ...]:
    """Plain text, divided at blank lines."""
    texts = (clean(part) for part in _BLANK_LINE.split(text.replace("\r\n", "\n")))
    return tuple(Block(BlockType.PARAGRAPH, part) for part in texts if part)


def _without_tail(found: Iterable[Block]) -> list[Block]:
    """Blocks without what blog programs put under every text ("The post … appeared first on …")."""
    kept = list(found)
    for _round in range(3):
        if not kept or kept[-1].type is not BlockType.PARAGRAPH:
            break
        text = _tail_removed(kept[-1].text)
        if text:
            kept[-1] = _beginning(kept[-1], text)
            break
        kept.pop()
    return kept


def _tail_removed(text: str) -> str:
    head, tail = text[:-_TAIL], text[-_TAIL:]
    if " first " in tail or " zuerst " in tail:
        tail = _FOOTER.sub("", tail)
    if _MORE_WORD.search(tail[-130:]):
        tail = _MORE.sub("", tail).rstrip()
    if tail.endswith(("]", ")")):
        tail = _ELLIPSIS.sub(" …", tail)
    return (head + tail).strip()


def _beginning(block: Block, text: str) -> Block:
    """``block`` cut to ``text``, with the links that are still whole."""
    return Block(block.type, text, tuple(link for link in block.links if link.end < len(text)))


def _within(found: list[Block], limit: int) -> tuple[Block, ...]:
    """The first blocks, the last one cut, that have at most ``limit`` characters together."""
    kept = []
    for block in found:
        if len(block.text) > limit:
            if limit > 100:
                kept.append(_beginning(block, shorten(block.text, limit)))
            break
        kept.append(block)
        limit -= len(block.text)
    return tuple(kept)


def _guid(raw: str) -> str:
    guid = clean(raw[: MAX_GUID * 4])
    if max(len(raw), len(guid)) <= MAX_GUID:
        return guid
    return "sha256:" + hashlib.sha256(raw.encode("utf-8", "replace")).hexdigest()


def _date(raw: str) -> datetime | None:
    return parse_feed_date(clean(raw)) if raw and len(raw) <= 100 else None


def _categories(raw: Iterable[str]) -> tuple[str, ...]:
    names = (shorten(one_line(Markup(name[:1_000], "guess")), 100) for name in islice(raw, 1_000))
    return tuple(dict.fromkeys(name for name in names if name))[:MAX_CATEGORIES]


def _author(raw: str) -> str:
    """The name without an e-mail address: "mail@host (Name)", "Name <mail@host>" and "Name" are Name."""
    words = one_line(Markup(raw[:1_000], "text")).split()
    name = " ".join(word for word in words if "@" not in word)
    return shorten(name.strip("()<> ") if len(name.split()) < len(words) else name, 200)
