"""German compounds taken apart: ``bauakt`` is ``bau`` and ``akt``. Pure.

A stem is a compound where it can be written as stems of the field's vocabulary (`background`), with the
joints that German puts between them (s, es, n, en, er, e).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.resources import files

from kommcli import stems

SHORTEST = 6
"""Letters of a stem that may be a compound."""

_PART = 3
JOINTS = ("", "s", "es", "n", "en", "er", "e", "ungs", "ung")
"""Behind a stem: what inflection and the joint leave of the word (verwalt-ungs-portal)."""

WHOLE = frozenset(
    """kontakt auflag aufgab stadtisch aufgestellt zugestellt regelt lesbar lernend neckarsulm
    fuhrerschein""".split()
)
"""Stems that only look like compounds."""

_NO_PART = frozenset("samt ermittel erreicht".split())
"""Words that a joint or the end of a first part would make: Land-s-amt, Förd-er-mittel."""

_KNOWN = 2
"""Articles of the background that a part must stand in."""


@lru_cache(maxsize=1)
def background() -> dict[str, int]:
    """In how many of the background's articles each stem stands; "" is how many articles there are."""
    text = files("kommcli.data").joinpath("background.json").read_text("utf-8")
    found: dict[str, int] = json.loads(text)
    return found


Look = tuple[str, tuple[str, ...]]
"""The stem of a word, empty where it says nothing, and the stems that it is made of, by hyphens or as a
compound."""


class _Looks(dict[str, Look]):
    """What words are, learnt when they are first met."""

    def __missing__(self, word: str) -> Look:
        if len(self) > _MOST_LOOKS:
            self.clear()
        stem, parts = stems.look(word)
        found = self[word] = stem, parts or split(stem)
        return found


_LOOKS = _Looks()
_MOST_LOOKS = 60_000
"""Some 10 MB; a newsroom's year has about half as many different words."""


def looks(words: Iterable[str]) -> Iterator[Look]:
    """Stem and parts of each of these `stems.words`."""
    return map(_LOOKS.__getitem__, words)


@lru_cache(maxsize=60_000)
def split(stem: str) -> tuple[str, ...]:
    """The stems that ``stem`` is made of, as few as possible; empty where it is no compound."""
    if len(stem) < SHORTEST or not stem.isalpha() or stem in WHOLE:
        return ()
    known = background()
    best: tuple[str, ...] = ()
    for at in range(_PART, len(stem) - _PART + 1):
        head = _modifier(stem[:at])
        if not head:
            continue
        rest = stem[at:]
        if rest in _NO_PART:
            continue
        tail = (rest,) if known.get(rest, 0) >= _KNOWN else split(rest)
        if tail and (not best or (len(tail) + 1, -len(tail[-1])) < (len(best), -len(best[-1]))):
            best = (head, *tail)
    return best


@lru_cache(maxsize=60_000)
def _modifier(word: str) -> str:
    """The stem of a first part with its joint: ``verwaltungs`` gives ``verwalt``."""
    known = background()
    for joint in JOINTS:
        if word.endswith(joint):
            bare = word[: len(word) - len(joint)]
            if len(bare) < _PART:
                continue
            if known.get(bare, 0) >= _KNOWN:
                return bare
            stem = stems.stem(bare)
            if len(stem) >= _PART and known.get(stem, 0) >= _KNOWN:
                return stem
    return ""
