"""The related articles below a page of the family: what stands between two teasers belongs to the second.

::

    [label] [alternative text] [label] · Kicker: Title · [date] teaser mehr...
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

from kommcli.model import Block, BlockType, Mention
from kommcli.parsing.pieces import Piece, bracketed, part
from kommcli.text import shorten, split_at_colon

LABELS = frozenset(
    "bericht interview meldung kommentar gastbeitrag studie termin veranstaltung video podcast anzeige"
    " advertorial personalie ausschreibung reportage webinar porträt hintergrund".split()
)
"""What the sites call kinds of articles, in a line of its own."""

_MOST = 100
"""Related items that are kept."""
_ITEM_DATE = re.compile(r"\s(?=\[\d{1,2}\.\s?\d{1,2}\.\d{4}\])")
_MORE_WORD = re.compile(r"\s*\[?\bmehr\s*(?:\.\.\.|…)\]?$")


def mentions(pieces: Sequence[Piece]) -> tuple[Mention, ...]:
    """The items of the list that ``pieces`` are, at most a hundred."""
    return tuple(islice(_items(pieces), _MOST))


def begins(piece: Piece) -> bool:
    """Whether a piece is an item's teaser, or a list of items."""
    if piece.block.type is BlockType.LIST:
        return bool(_ITEM_DATE.search(piece.text))
    return bracketed(piece.text)[0] is not None


def _items(pieces: Sequence[Piece]) -> Iterator[Mention]:
    waiting: list[Piece] = []
    for piece in pieces:
        if piece.block.type is BlockType.LIST:
            yield from _listed(piece.block, waiting)
            waiting = []
            continue
        moment, teaser = bracketed(piece.text)
        if moment is None and _ITEM_DATE.search(piece.text):
            yield from _listed(piece.block, waiting)
            waiting = []
            continue
        if moment is None:
            waiting.append(piece)
            continue
        item = _mention(waiting, moment, teaser, piece.block)
        waiting = []
        if item:
            yield item


def _listed(block: Block, before: Sequence[Piece] = ()) -> Iterator[Mention]:
    """Items with all they say in one line: ``bericht · Kicker: Title [date] teaser``."""
    at = 0
    for line in block.text.split("\n"):
        date = _ITEM_DATE.search(line)
        moment, teaser = bracketed(line[date.end() :]) if date else (None, "")
        if date and moment:
            label, between, _headline = line[: date.start()].partition(" · ")
            labelled = bool(between) and label.casefold() in LABELS
            said = [Piece(Block(BlockType.PARAGRAPH, label))] if labelled else []
            words = part(block, at + (len(label + between) if labelled else 0), at + date.start())
            if item := _mention([*before, *said, Piece(words)], moment, teaser, words):
                yield item
        at += len(line) + 1


def _mention(waiting: Sequence[Piece], moment: datetime, teaser: str, block: Block) -> Mention | None:
    """One item; None where no headline stands above the teaser."""
    label = next((one.text.casefold() for one in waiting if one.text.casefold() in LABELS), "")
    lines = [one for one in waiting if one.text.casefold() not in LABELS and one.text]
    words = [one for one in lines if one.block.type is not BlockType.IMAGE]
    if not words:
        return None
    headline = words[-1]
    alts = [one for one in lines if one is not headline]
    url = next((link.url for link in (*headline.block.links, *reversed(block.links))), "")
    text = headline.text
    first, _blank, rest = text.partition(" ")
    if not label and first.islower() and first in LABELS and rest:  # a label inside the heading
        label, text = first, rest
    kicker, title = split_at_colon(text)
    picture = next((one.image.alt for one in alts if one.image and one.image.alt), "")
    return Mention(
        title=shorten(title, 500),
        kicker=shorten(kicker, 100),
        url=url,
        published=moment,
        teaser=_MORE_WORD.sub("", teaser).strip(),
        kind=label,
        alt=picture or (alts[-1].text if alts else ""),
    )
