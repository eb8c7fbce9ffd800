"""Where a paragraph is broken into lines, as a typesetter does it. Pure.

Words are kept whole, and hyphenated only where leaving one whole would tear the line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pyphen import Pyphen

FULL = 0.85
"""A line that is filled to this share is not torn: its next word need not be divided."""

LEAST = 3
"""Letters before and behind a hyphen (DIN 5008 allows two; three read better)."""

_ROW = 2
"""Hyphens in consecutive lines."""

_WORD = re.compile(r"[^\W\d_]{6,}")
_ADDRESS = re.compile(r"(?:https?://|www\.|\S+@)", re.IGNORECASE)
_SEAM = re.compile(r"[-–/](?=[^\W\d_])")
_TOGETHER = re.compile(
    r"(?:^|[\s(„\"])(?:[A-Za-zÄÖÜäöü]\.|Dr\.|Prof\.|Nr\.|Art\.|Abs\.|ca\.|St\.|§+|KW|\d{1,3}(?:[.,]\d+)*\.?)$"
)
"""What stays with the next word where that costs nothing: ``z. B.``, ``14. Oktober``, ``37 Prozent``."""

Width = Callable[[str], int]
"""Terminal cells that a text takes."""


class Line(NamedTuple):
    """The characters ``start`` to ``end`` of a text; ``hyphen``: a hyphen is to be written behind them."""

    start: int
    end: int
    hyphen: bool = False


def lines(text: str, columns: int, *, width: Width, language: str = "de_DE") -> list[Line]:
    """Where to break ``text``, one line with single blanks, into lines of at most ``columns`` cells (a single
    character that is wider stands alone). Their slices, with a blank where one ended at a blank and nothing
    where one ended in a word, are the text again."""
    found: list[Line] = []
    at, row = 0, 0
    while at < len(text):
        line = _line(text, at, columns, width, language, row < _ROW)
        row = row + 1 if line.hyphen else 0
        found.append(line)
        at = line.end
        while at < len(text) and text[at] == " ":
            at += 1
    return found


def _line(text: str, start: int, columns: int, width: Width, language: str, may_hyphenate: bool) -> Line:
    """The line that begins at ``start``."""
    end = _whole_words(text, start, columns, width)
    if end >= len(text):
        return Line(start, len(text))
    filled = width(text[start:end]) if end > start else 0
    following = end + 1 if end > start else start
    torn = filled < columns * FULL
    if torn:
        word_end = text.find(" ", following)
        word = text[following : word_end if word_end >= 0 else len(text)]
        room = columns - filled - (1 if filled else 0)
        if part := _part(word, room, width, language, may_hyphenate, last=word_end < 0):
            length, hyphen = part
            return Line(start, following + length, hyphen)
    if end == start:  # a word wider than the line, without a place to divide it
        return Line(start, start + _fitting(text[start:], columns, width))
    return Line(start, _without_loose_end(text, start, end, columns, width))


def _whole_words(text: str, start: int, columns: int, width: Width) -> int:
    """The end of the last whole word that fits, ``start`` where not even one does."""
    end, taken = start, 0
    while end < len(text):
        following = text.find(" ", end + 1 if end > start else end)
        following = len(text) if following < 0 else following
        taken += width(text[end:following])
        if taken > columns:
            return end
        end = following
    return end


def _without_loose_end(text: str, start: int, end: int, columns: int, width: Width) -> int:
    """``end``, or a word earlier where the last one belongs to the next and the line stays full, or where
    the next line would begin with a dash."""
    before = text.rfind(" ", start, end)
    if before <= start:
        return end
    loose = _TOGETHER.search(text[start:end]) or text[end + 1 : end + 3] in ("– ", "— ", "- ")
    return before if loose and width(text[start:before]) >= columns * 0.7 else end


def _part(
    word: str, room: int, width: Width, language: str, may_hyphenate: bool, *, last: bool
) -> tuple[int, bool] | None:
    """How many letters of ``word`` fit into ``room`` cells, and whether a hyphen goes behind them."""
    if room < LEAST or _ADDRESS.match(word):
        return None
    best = 0
    for seam in _SEAM.finditer(word):
        if width(word[: seam.end()]) <= room and seam.start() >= 1:
            best = seam.end()
    if not may_hyphenate or last:
        return (best, False) if best else None
    divided = 0
    for match in _WORD.finditer(word):
        if match[0].isupper():
            continue
        for position in _positions(match[0], language):
            at = match.start() + position
            if LEAST <= position <= len(match[0]) - LEAST and width(word[:at]) + 1 <= room:
                divided = max(divided, at)
    if divided > best:
        return divided, True
    return (best, False) if best else None


def _fitting(text: str, columns: int, width: Width) -> int:
    """How many characters of a word that no line can hold fit into one; combining marks stay with theirs."""
    taken = 0
    for at, char in enumerate(text):
        taken += width(char)
        if taken > columns and at:
            return at
    return len(text)


@cache
def _dictionary(language: str) -> Pyphen:
    from pyphen import Pyphen  # 30 ms with its patterns, which only a terminal needs

    return Pyphen(lang=language)


def _positions(word: str, language: str) -> Iterator[int]:
    return iter(_dictionary(language).positions(word))
