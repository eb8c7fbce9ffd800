"""The text door of pages: a text dump, a reader-mode copy or Markdown -> its pieces in order.

A line is a block; blank lines only say that it is not tight. Lines that were wrapped at a width are joined.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from kommcli.model import Block, BlockType, Image, Link
from kommcli.parsing.pieces import MAX_TEXT, Outline, Piece, typed
from kommcli.text import clean
from kommcli.urls import absolute

_MARKDOWN = re.compile(r"(?m)^(?:#{1,6} \S|!\[[^\]\n]*\]\(|\*\*.+\*\*$)")
_HEADING = re.compile(r"(#{1,6})\s+(.*?)(?:\s+#+)?$")
_ITEM = re.compile(r"(\s*)(?:[-*•·▪‣–]|\d{1,2}[.)])\s+(.*)$")
_RULE = re.compile(r"\s*(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,}|={3,})$")
_IMAGE = re.compile(r"!\[((?:\\.|[^\]\\])*)\](?:\(\s*(<[^<>\n]*>|[^)\s]*)[^)\n]*\))?$")
_WORDS_OF_IMAGE = re.compile(r"(\*?)\[Bild: ((?:\\.|[^\]\\])*)\]\1$")
"""A picture without an address, as `render.markdown` writes it."""
_PART = re.compile(
    r"\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|\[(?P<words>(?:\\.|[^\[\]\\]){1,1000})\]\((?P<href><[^<>\n]*>|[^()\s<>]*(?:\([^()\s]*\)[^()\s<>]*)*)(?:\s+\"[^\"\n]*\")?\)"
    r"|<(?P<auto>https?://[^<>\s]+)>|(?P<mark>\*{1,3}|(?<![^\W_])_{1,2}|_{1,2}(?![^\W_])|`+)|(?P<entity>&(?:\#\d{1,7}|\#x[0-9a-fA-F]{1,6}|[A-Za-z]{2,32});)"
)
_WRAPPED_AT = 100
"""Columns: nobody wraps text wider, and no paragraph of a dump is so short throughout."""
_MAX_BLOCKS = 20_000


def outline(text: str) -> Outline:
    """The pieces of a text. Never raises."""
    lines = text[: 4 * MAX_TEXT].replace("\r\n", "\n").replace("\r", "\n").split("\n")[:_MAX_BLOCKS]
    if _MARKDOWN.search(text):
        return Outline(_without_colophon(list(_markdown(lines))))
    return Outline(tuple(_plain(_unwrapped(lines))))


class _Line(NamedTuple):
    text: str
    tight: bool


# ------------------------------------------------------------------------------------------ plain text


def _plain(lines: Sequence[_Line]) -> Iterator[Piece]:
    items: list[str] = []
    tight = False
    for line in lines:
        if line.text.rstrip() == "--":
            break  # what is below is about the text, as below a mail
        item = _ITEM.match(line.text)
        # A numbered line alone is a date or a heading; dashes begin items.
        if item and not item[0].lstrip()[0].isdigit():
            tight = tight if items else line.tight
            items.append(clean(item[2]))
            continue
        if items:
            yield _list(items, tight)
            items = []
        if text := clean(line.text):
            kind = BlockType.QUOTE if line.text.startswith("> ") else BlockType.PARAGRAPH
            yield Piece(typed(Block(kind, text[2:] if kind is BlockType.QUOTE else text)), tight=line.tight)
    if items:
        yield _list(items, tight)


def _list(items: Sequence[str], tight: bool) -> Piece:
    return Piece(Block(BlockType.LIST, "\n".join(item for item in items if item)), tight=tight)


def _unwrapped(lines: Sequence[str]) -> list[_Line]:
    """The lines that say something; those that were only broken to fit a width are joined.

    A line was broken where the next word would not have fitted; texts with a paragraph a line do not look so.
    """
    said = [line for line in lines if line.strip()]
    width = max((len(line.rstrip()) for line in said), default=0)
    runs = list(_runs(lines))
    forced = sum(_forced(one, two, width) for run in runs for one, two in pairwise(run))
    inner = sum(len(run) - 1 for run in runs)
    wrapped = width <= _WRAPPED_AT and inner >= 4 and forced * 2 > inner
    found: list[_Line] = []
    for run in runs:
        for number, line in enumerate(run):
            if wrapped and number and _forced(run[number - 1], line, width) and not _ITEM.match(line):
                found[-1] = _Line(f"{found[-1].text.rstrip()} {line.strip()}", found[-1].tight)
            else:
                found.append(_Line(line, number > 0))
    return found


def _runs(lines: Sequence[str]) -> Iterator[list[str]]:
    """The lines between blank ones."""
    run: list[str] = []
    for line in lines:
        if line.strip():
            run.append(line)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _forced(line: str, following: str, width: int) -> bool:
    word = following.split(None, 1)[0]
    return len(line.rstrip()) + 1 + len(word) > width


# -------------------------------------------------------------------------------------------- Markdown


def _markdown(lines: Sequence[str]) -> Iterator[Piece]:
    """Headings, quotations, lists, pictures and paragraphs of CommonMark as people write it."""
    waiting: list[str] = []
    kind = BlockType.PARAGRAPH

    def finished() -> Iterator[Piece]:
        nonlocal kind
        if waiting:
            yield from _block(kind, list(waiting))
        waiting.clear()
        kind = BlockType.PARAGRAPH

    for line in lines:
        heading = _HEADING.match(line)
        if not line.strip() or _RULE.match(line) or heading:
            yield from finished()
            if line.strip() and not heading:
                yield _RULED
            if heading:
                block = _inline(BlockType.HEADING, heading[2])
                yield Piece(block, len(heading[1]))
            continue
        if picture := _IMAGE.match(line.strip()):
            yield from finished()
            alt, href = _unescaped(picture[1]), (picture[2] or "").strip("<>")
            yield Piece(Block(BlockType.IMAGE, alt), image=Image(absolute("", href) if href else "", alt))
            continue
        if told := _WORDS_OF_IMAGE.match(line.strip()):
            yield from finished()
            alt = clean(_unescaped(told[2]))
            yield Piece(Block(BlockType.IMAGE, alt), image=Image(alt=alt))
            continue
        begins = BlockType.QUOTE if line.startswith(">") else BlockType.LIST if _ITEM.match(line) else kind
        if kind is BlockType.LIST and begins is not BlockType.LIST and not line.startswith(" "):
            begins = BlockType.PARAGRAPH
        if waiting and begins is not kind:
            yield from finished()
        kind = begins
        waiting.append(line)
    yield from finished()


_RULED = Piece(Block(BlockType.PARAGRAPH, ""))
"""Stands for a rule until `_without_colophon` has looked at it."""


def _without_colophon(pieces: list[Piece]) -> tuple[Piece, ...]:
    """The pieces without rules; a line of facts (``Kommune21 · Potsdam · …``) between the last rule and the
    related articles or the end, and what stands beside it, is about the text, not of it."""
    last = max((at for at, piece in enumerate(pieces) if piece is _RULED), default=len(pieces))
    end = next(
        (at for at in range(last, len(pieces)) if pieces[at].block.type is BlockType.HEADING), len(pieces)
    )
    facts = end - last <= 4 and any(" · " in piece.text for piece in pieces[last:end])
    return tuple(
        replace(piece, aside=True) if facts and last < at < end else piece
        for at, piece in enumerate(pieces)
        if piece is not _RULED
    )


def _block(kind: BlockType, lines: list[str]) -> Iterator[Piece]:
    if kind is BlockType.LIST:
        yield Piece(_items(lines))
    elif kind is BlockType.QUOTE:
        yield Piece(_inline(kind, " ".join(re.sub(r"^>\s?", "", line) for line in lines)))
    else:
        text = " ".join(line.strip() for line in lines)
        bold = re.fullmatch(r"\*\*((?:\\.|[^\\*])+)\*\*", text)
        asks = bold and bold[1].rstrip('"“”»« ').endswith("?")
        block = _inline(BlockType.QUESTION if asks else BlockType.PARAGRAPH, text)
        if block.text:
            yield Piece(typed(block), head=block.text if bold else "")


def _items(lines: Sequence[str]) -> Block:
    from kommcli.parsing.walk import Run, joined

    items: list[Run] = []
    for line in lines:
        match = _ITEM.match(line)
        if match is None and items:
            more = _inline(BlockType.PARAGRAPH, line)
            items[-1] = joined([items[-1], Run(more.text, more.links)], " ")
            continue
        level = min(len(match[1]) // 2, 7) if match else 0
        item = _inline(BlockType.PARAGRAPH, match[2] if match else line)
        run = Run(item.text, item.links)
        items.append(run.behind("  " * level + "- ") if level else run)
    return Block(BlockType.LIST, *joined(items, "\n"))


def _inline(kind: BlockType, source: str) -> Block:
    """A block of CommonMark's inline text: escapes, links and marks of emphasis taken out."""
    text, links, at = "", [], 0
    for match in _PART.finditer(source):
        text = _added(text, source[at : match.start()])
        at = match.end()
        if match["escaped"]:
            text += match["escaped"]
        elif match["entity"]:
            text += _entity(match["entity"])
        elif match["words"] is not None or match["auto"]:
            href = match["auto"] or match["href"].strip("<>")
            words = clean(_unescaped(match["words"] or href))
            text = _added(text, "")
            start = len(text)
            text += words
            if (url := absolute("", href)) and words:
                links.append(Link(start, start + len(words), url))
    text = _added(text, source[at:])
    tidy = clean(text)
    # Links keep their places as long as the text is tidy already; else they are looked for once more.
    return Block(kind, tidy, tuple(links) if tidy == text else _found(tidy, text, links))


def _added(text: str, more: str) -> str:
    """``text`` with ``more``, blanks kept single, so that the places of links stay right."""
    more = re.sub(r"\s+", " ", more)
    return text + (more.lstrip(" ") if not text or text.endswith(" ") else more)


def _found(tidy: str, text: str, links: Sequence[Link]) -> tuple[Link, ...]:
    found: list[Link] = []
    at = 0
    for link in links:
        words = clean(text[link.start : link.end])
        start = tidy.find(words, at) if words else -1
        if start >= 0:
            at = start + len(words)
            found.append(Link(start, at, link.url))
    return tuple(found)


def _unescaped(text: str) -> str:
    return _PART.sub(
        lambda match: (
            match["escaped"]
            or (_entity(match["entity"]) if match["entity"] else "" if match["mark"] else match[0])
        ),
        text,
    )


def _entity(text: str) -> str:
    from html import unescape

    return unescape(text)
