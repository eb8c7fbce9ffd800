"""What two articles have in common and in what they differ, in their own words: for `explain`. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from kommcli.about import Part
from kommcli.enrich.numbers import Count, agree, telling
from kommcli.enrich.portrait import Portrait
from kommcli.enrich.stories import Likeness

_MOST = 4
"""Words that are named of each signal."""


def parts(found: Likeness, one: Portrait, other: Portrait) -> tuple[Part, ...]:
    """The parts of a score, heaviest first, each with the words that it is made of."""
    words = {
        "words": _shared(one, other, names=False),
        "names": _shared(one, other, names=True),
        "numbers": tuple(_numbers(one, other)),
        "share": (),
        "conflicts": tuple(_conflicts(one, other)),
    }
    ordered = sorted(found.parts, key=lambda part: (-abs(part[1]), part[0]))
    return tuple(Part(name, round(value, 2), words.get(name, ())[:_MOST]) for name, value in ordered)


def _shared(one: Portrait, other: Portrait, *, names: bool) -> tuple[str, ...]:
    theirs = {word.stem: word for word in other.words}
    shared = [
        word for word in one.words if word.stem in theirs and names is (word.name and theirs[word.stem].name)
    ]
    shared.sort(key=lambda word: (-min(word.weight, theirs[word.stem].weight), word.stem))
    return tuple(dict.fromkeys(word.said for word in shared))


def _numbers(one: Portrait, other: Portrait) -> Iterator[str]:
    told = sorted(one.counts, key=lambda count: -telling(count.value, count.kind))
    for count in told:
        if any(
            also.kind == count.kind and agree(count.value, also.value, count.kind) for also in other.counts
        ):
            yield count.words


def _conflicts(one: Portrait, other: Portrait) -> Iterator[str]:
    """ "87 Schulen ≠ 92 Schulen"."""
    mine, theirs = _by_unit(one), _by_unit(other)
    for unit, counts in mine.items():
        others = theirs.get(unit, ())
        if others and counts[0].kind != "year":
            agreed = (agree(a.value, b.value, a.kind) for a in counts for b in others)
            if not any(agreed):
                yield f"{counts[0].words} ≠ {others[0].words}"


def _by_unit(portrait: Portrait) -> dict[str, list[Count]]:
    found: dict[str, list[Count]] = defaultdict(list)
    for count in portrait.counts:
        found[count.unit].append(count)
    return found
