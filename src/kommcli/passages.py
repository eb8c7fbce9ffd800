"""Where the words of a search stand in a text, and the passage that shows them best. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from kommcli import stems
from kommcli.compounds import looks
from kommcli.conditions import Text

LENGTH = 220
"""Characters of a passage."""

_FIRST = 3
"""Letters of a stem that its word has, too."""

_ALIKE = 80
"""Passages that begin with as many equal characters are told once."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of an article: ``field`` is kicker, title, teaser, lead or body; ``marks`` are the places of
    hits in ``text``."""

    field: str
    text: str
    marks: tuple[tuple[int, int], ...] = ()


class Marker:
    """Finds what was asked for; ``inside`` are stems that the words are parts of."""

    def __init__(self, asked: Iterable[Text], inside: Iterable[str] = ()) -> None:
        texts = list(asked)
        forms = {form for text in texts for form in text.forms}
        self._rows = {form for form in forms if len(form) > 1}
        self._single = {form[0] for form in forms if len(form) == 1} | set(inside)
        self._begins = tuple(
            {text.forms[n][-1] for text in texts if text.begins for n in range(len(text.forms))}
        )
        self._any = self._single | {stem for row in self._rows for stem in row}
        self._likely = _likely((*(stem for form in forms for stem in form), *self._begins))
        self._seen: set[str] = set()
        self._hitting: set[str] = set()

    def marks(self, text: str) -> list[tuple[int, int, str]]:
        """Begin, end and stem of each hit in ``text``, in order, none inside another."""
        places = stems.places(text)
        self._learn({word for word, _start, _end in places})
        hits = [place for place in places if place[0] in self._hitting]
        found = []
        for (_word, start, end), (stem, parts) in zip(hits, looks(hit[0] for hit in hits), strict=True):
            if stem in self._single or not self._single.isdisjoint(parts) or self._is_begun(stem):
                found.append((start, end, stem))
                continue
            for row in self._rows:
                if _has_row(parts, row):
                    found.append((start, end, stem))
                elif stem == row[0]:
                    some = list(islice(stems.tokens(text, start), len(row)))
                    if tuple(one.stem for one in some) == row:
                        found.append((start, some[-1].end, " ".join(row)))
        return _apart(found)

    def _learn(self, words: set[str]) -> None:
        """Find out which of ``words`` are hits, or may be with those behind them."""
        # To take a word apart costs ten times as much as to see that it cannot be one.
        new = list(words - self._seen)
        if not new:
            return
        bare = unicodedata.normalize("NFD", "\n".join(new).casefold()).split("\n")
        search = self._likely.search
        likely = [word for word, letters in zip(new, bare, strict=True) if search(letters)]
        for word, (stem, parts) in zip(likely, looks(likely), strict=True):
            if stem in self._any or self._is_begun(stem) or not self._any.isdisjoint(parts):
                self._hitting.add(word)
        self._seen |= words

    def _is_begun(self, stem: str) -> bool:
        return bool(self._begins) and stem.startswith(self._begins)


def _likely(asked: Iterable[str]) -> re.Pattern[str]:
    """What a decomposed word has in it that is one of these stems or is made of it: the letters that the stem
    begins with. Between them may be what `stems.folded` or the stemmer takes away: marks and e."""
    every = set(asked)
    every |= {long for long, short in stems.SHORT.items() if short in every}
    starts = {"[^a-df-z0-9]*".join(map(re.escape, stem[:_FIRST])) for stem in every}
    return re.compile("|".join(sorted(starts)))


def _has_row(parts: Sequence[str], row: Sequence[str]) -> bool:
    return any(tuple(parts[at : at + len(row)]) == tuple(row) for at in range(len(parts) - len(row) + 1))


def _apart(found: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    kept: list[tuple[int, int, str]] = []
    for one in sorted(found, key=lambda one: (one[0], -one[1])):
        if not kept or one[0] >= kept[-1][1]:
            kept.append(one)
    return kept


def passages(texts: Iterable[tuple[str, str]], marker: Marker, most: int = 2) -> tuple[Passage, ...]:
    """The headline's parts with a hit, whole, and the ``most`` best passages of the others; ``texts`` are
    (field, text), in the order of the article."""
    whole, rest = [], []
    begun: set[str] = set()
    for order, (field, text) in enumerate(texts):
        marks = marker.marks(text)
        if marks and field in ("kicker", "title"):
            whole.append(Passage(field, text, tuple((begin, end) for begin, end, _stem in marks)))
        elif marks:
            begin, end = _window(text, marks)
            if (start := text[begin : begin + _ALIKE]) in begun:
                continue  # a teaser is often the text's beginning
            begun.add(start)
            inner = tuple((a - begin, b - begin) for a, b, _stem in marks if begin <= a and b <= end)
            worth = len({stem for a, b, stem in marks if begin <= a and b <= end})
            rest.append((-worth, order, _cut(field, text, begin, end, inner)))
    best = sorted(sorted(rest, key=lambda one: one[:2])[:most], key=lambda one: one[1])
    return (*whole, *(passage for _worth, _order, passage in best))


def _window(text: str, marks: Sequence[tuple[int, int, str]]) -> tuple[int, int]:
    """Begin and end of the part of ``text``, at borders of words, that has the most different hits."""
    if len(text) <= LENGTH:
        return 0, len(text)

    def worth(first: int) -> tuple[int, int]:
        inside = [stem for begin, end, stem in marks if begin >= first and end <= first + LENGTH]
        return len(set(inside)), len(inside)

    best = max((begin for begin, _end, _stem in marks), key=lambda begin: (*worth(begin), -begin))
    begin = _sentence(text, best)
    if best - begin > LENGTH // 2:
        begin = min(text.find(" ", best - LENGTH // 4) + 1 or best, best)
    end = min(len(text), begin + LENGTH)
    if end < len(text):
        end = max(text.rfind(" ", begin, end), max(b for a, b, _stem in marks if a == best))
    return begin, end


def _sentence(text: str, at: int) -> int:
    """Where the sentence around ``at`` begins."""
    ends = (text.rfind(mark, 0, at) + len(mark) for mark in (". ", "! ", "? ", "\n") if mark in text[:at])
    return max(ends, default=0)


def _cut(field: str, text: str, begin: int, end: int, marks: tuple[tuple[int, int], ...]) -> Passage:
    before, behind = "… " if begin else "", " …" if end < len(text) else ""
    moved = tuple((a + len(before), b + len(before)) for a, b in marks)
    return Passage(field, before + text[begin:end] + behind, moved)
