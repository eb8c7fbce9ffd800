"""Whether two articles tell the same story, and which of many do. Pure.

Two articles are compared by their `Traits` alone, so the answer does not depend on what else is known or in
which order it came. What speaks for and against is added up, as evidence is (the logarithms of odds):

    words, names       what their heaviest words have in common; names once more
    copy               passages in common, beyond what press releases share anyway
    numbers, share     the same telling numbers, whatever they count, and which share of all they are
    thin               no name, number or passage in common: place and topic alone have many stories
    place, topics      the same place, or that of one named in the other; the same topics
    elsewhere, state   other towns or districts, other states; main: the main ones differ
    unnamed            the place of one is not named in the other
    edition            another year, month or number in both headlines
    conflicts, copied  numbers of the same thing that differ; in a copy twice as much
    late, days         days between them; a rewrite comes within three, a copy may come later
    follow_up          the later one says that it goes on with something
    same_feed          one source seldom tells a story twice

The weights are fitted on the tuned half of the labelled set (docs/stories.md) and rounded.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from kommcli.enrich.numbers import ROUNDED, agree, roughly, telling
from kommcli.traits import SHINGLES, Fact, Traits, hashed


class Likeness(NamedTuple):
    """How alike two articles are: ``score`` above 0 says that it may be the same story, which `groups`
    decides; ``parts`` add up to it. ``veto`` says why they never are: "recurring", "place" (other towns or
    districts, in other states), "window", or nothing."""

    score: float
    parts: tuple[tuple[str, float], ...]
    veto: str = ""

    @property
    def same(self) -> bool:
        """Whether both may tell the same story."""
        return self.score > 0 and not self.veto


WEIGHTS = {
    "words": 0.2,
    "names": 0.3,
    "copy": 4.5,
    "numbers": 0.5,
    "share": 2.6,
    "thin": -1.5,
    "place": 2.0,
    "topics": 1.2,
    "elsewhere": -1.5,
    "main": -1.0,
    "edition": -4.5,
    "unnamed": -0.45,
    "state": -1.0,
    "conflicts": -0.45,
    "copied": -0.85,
    "late": -0.8,
    "days": -0.1,
    "follow_up": -0.5,
    "same_feed": -2.5,
}
"""What each signal adds, times its size."""

_START = -2.9
"""Two articles that share nothing."""

_APART, _TOGETHER = -2.0, 0.5
"""Two that score less are not in one story, whatever others say that are like both; and what the articles of
one group and those of another score in the mean, to be one."""


def compare(one: Traits, other: Traits, *, same_feed: bool, window: int = 14) -> Likeness:
    """How alike two articles are; ``window`` in days. The order of both makes no difference."""
    if one.recurring or other.recurring:
        return Likeness(_START, (), "recurring")
    if abs(one.day - other.day) > window:
        return Likeness(_START, (), "window")
    found = signals(one, other, same_feed=same_feed)
    parts = tuple((name, WEIGHTS[name] * size) for name, size in found.items() if size)
    score = _START + sum(value for _name, value in parts)
    return Likeness(score, parts, "place" if found["elsewhere"] and found["state"] else "")


def signals(one: Traits, other: Traits, *, same_feed: bool) -> dict[str, float]:
    """What is measured of two articles by the names of `WEIGHTS`, each from 0 on."""
    shared = one.words.keys() & other.words.keys()
    # fsum: a set has no order, and a score must not depend on it.
    weight = math.fsum(min(one.words[word], other.words[word]) for word in shared)
    lesser = min(sum(one.words.values()), sum(other.words.values())) or 1.0
    names = math.fsum(min(one.words[word], other.words[word]) for word in one.names & other.names)
    copy = _copied(one.shingles, other.shingles)
    numbers, share = _numbers(one.facts, other.facts)
    conflicts = _conflicts(one.facts, other.facts)
    there, back = _named(one, other), _named(other, one)
    days = abs(one.day - other.day)
    later = one if one.day > other.day else other
    place = bool(one.places & other.places or there or back)
    return {
        "words": math.sqrt(weight / lesser),
        "names": min(names, 30.0) / 10,
        "copy": max(0.0, copy - 0.3) / 0.7,
        "numbers": min(numbers, 6.0),
        "share": share,
        "thin": float(names < _A_NAME and numbers < 0.5 and not copy),
        "place": float(place),
        "topics": float(min(len(one.topics & other.topics), 2)),
        "elsewhere": float(bool(one.main and other.main) and not place),
        "main": float(_other_main(one, other)),
        "edition": float(bool(one.editions and other.editions) and not one.editions & other.editions),
        "unnamed": float(bool(one.place_names) and not there) + float(bool(other.place_names) and not back),
        "state": float(bool(one.states and other.states) and not one.states & other.states),
        "conflicts": min(conflicts, 6.0),
        "copied": min(conflicts, 4.0) if weight / lesser > 0.4 else 0.0,
        "late": max(0.0, days - 3) * (1 - copy),
        "days": float(days),
        "follow_up": float(days > 0 and later.looks_back and not (one.looks_back and other.looks_back)),
        "same_feed": float(same_feed),
    }


def _copied(one: frozenset[int], other: frozenset[int]) -> float:
    """The share of the shorter text's shingles that the other has, estimated from both sketches."""
    shared = len(one & other)
    if not shared:
        return 0.0
    # Above the lesser of both greatest hashes one sketch says nothing about the other's text.
    limit = min(max(some) if len(some) == SHINGLES else _EVERY for some in (one, other))
    shorter = min(sum(hash_ <= limit for hash_ in some) for some in (one, other))
    return shared / shorter if shorter else 0.0


_A_NAME = 5.0
"""What a name weighs at least."""

_ENOUGH = 3.0
"""What the numbers of a text tell together at least, for a share of them to count in full."""

_EVERY = 1 << 32


_Figure = tuple[float, str]
"""A number by value and kind, whatever it counts."""


class _Figures(NamedTuple):
    """The numbers of an article as they are compared: how telling each is; those that may be told rounded,
    which few are; how telling they are together."""

    telling: dict[_Figure, float]
    rounded: tuple[_Figure, ...]
    total: float


@lru_cache(maxsize=4_000)
def _figures(facts: tuple[Fact, ...]) -> _Figures:
    found: dict[_Figure, float] = {}
    for _unit, value, kind in facts:
        found[value, kind] = found.get((value, kind), 0.0) + telling(value, kind)
    rounded = tuple((value, kind) for value, kind in found if kind == "%" or (not kind and value >= ROUNDED))
    return _Figures(found, rounded, sum(found.values()))


def _numbers(one: tuple[Fact, ...], other: tuple[Fact, ...]) -> tuple[float, float]:
    """How telling the numbers are that both have, and which share of the lesser's that is."""
    mine, theirs = _figures(one), _figures(other)
    same = mine.telling.keys() & theirs.telling.keys()
    agreed = max(_agreed(mine, theirs, same), _agreed(theirs, mine, same))
    return agreed, min(1.0, agreed / max(min(mine.total, theirs.total), _ENOUGH))


def _agreed(one: _Figures, other: _Figures, same: set[_Figure]) -> float:
    """How telling the numbers of ``one`` are that are the ``same`` in the other, or may be when rounded."""
    found = [one.telling[figure] for figure in same]
    for value, kind in one.rounded if other.rounded else ():
        if (value, kind) in same:
            continue
        # Most are too far apart to ask: `agree` knows nothing beyond 5 per cent, or 1.5 points.
        near = (v for v, k in other.rounded if k == kind and abs(v - value) <= max(0.05 * max(v, value), 1.5))
        if any(agree(value, v, kind) for v in near):
            found.append(one.telling[value, kind])
    return math.fsum(found)  # a set has no order


def _conflicts(one: Sequence[Fact], other: Sequence[Fact]) -> float:
    """How telling the numbers are of what both count, but differently."""
    if {fact.unit for fact in one}.isdisjoint(fact.unit for fact in other):
        return 0.0
    mine, theirs = _by_unit(one), _by_unit(other)
    return math.fsum(_contradiction(mine[unit], theirs[unit]) for unit in mine.keys() & theirs.keys())


def _contradiction(mine: Sequence[Fact], theirs: Sequence[Fact]) -> float:
    """How telling the numbers are of one thing of which none can be the same. Such that are far apart count
    something else: 120 million euros for all, 100 euros for each."""
    kind = mine[0].kind
    pairs = [(a.value, b.value) for a in mine for b in theirs]
    if kind == "year" or any(roughly(*pair, kind) for pair in pairs):
        return 0.0
    near = (pair for pair in pairs if kind or max(pair) <= _MAGNITUDE * min(pair))
    return max((telling(value, kind) for pair in near for value in pair), default=0.0)


_MAGNITUDE = 10


def _by_unit(facts: Sequence[Fact]) -> dict[int, list[Fact]]:
    found: dict[int, list[Fact]] = defaultdict(list)
    for fact in facts:
        found[fact.unit].append(fact)
    return found


def _other_main(one: Traits, other: Traits) -> bool:
    """Whether both are about one town or district each, and these are different."""
    if not one.main or not other.main or one.places & other.places:
        return False
    return not (one.main.startswith(other.main) or other.main.startswith(one.main))


def _named(one: Traits, other: Traits) -> bool:
    """Whether a place of ``one`` is named in the text of ``other``."""
    return any(map(other.mentions, one.place_names))


# --------------------------------------------------------------------------------------------- grouping

Pair = tuple[str, str]
"""Two ids, the lesser first."""


def pair(one: str, other: str) -> Pair:
    """The pair of two ids."""
    return (one, other) if one < other else (other, one)


def groups(
    ids: Iterable[str],
    alike: Iterable[Pair],
    compared: Callable[[str, str], Likeness],
    rulings: Mapping[Pair, bool],
) -> list[frozenset[str]]:
    """The stories that these articles tell, each of two at least. ``alike`` are the pairs that may join;
    ``rulings`` of the user come before all else.

    The likest join first; two groups join only where their articles are alike in the mean and none is too
    unlike one of the other, so that a chain of likenesses does not lead from one story to the next. The
    result is the same in every order.
    """
    told = {one: frozenset({one}) for one in ids}
    likeness = {two: compared(*two) for two in set(alike)}

    def join(one: str, other: str) -> None:
        both = told[one] | told[other]
        told.update(dict.fromkeys(both, both))

    for two, same in sorted(rulings.items()):
        if same and told.keys() >= set(two):
            join(*two)
    for two, found in sorted(likeness.items(), key=lambda item: (-item[1].score, item[0])):
        if found.same and told[two[0]] is not told[two[1]]:
            across = [pair(a, b) for a in told[two[0]] for b in told[two[1]]]
            if _are_one([(compared(*some), rulings.get(some)) for some in across]):
                join(*two)
    return sorted({group for group in told.values() if len(group) > 1}, key=sorted)


def _are_one(across: Sequence[tuple[Likeness, bool | None]]) -> bool:
    """Whether two groups tell one story, by the likeness of each article of one to each of the other, and
    what the user says of the two."""
    open_ = [found for found, ruling in across if ruling is None]
    if any(ruling is False for _found, ruling in across):
        return False
    if any(found.veto or found.score <= _APART for found in open_):
        return False
    return not open_ or math.fsum(found.score for found in open_) / len(open_) > _TOGETHER


# ------------------------------------------------------------------------------------------------ keys

_KEY_WORDS, _KEY_NAMES, _KEY_NUMBERS, _KEY_SHINGLES, _KEY_MATTERS = 8, 16, 6, 6, 8
_TELLING = 1.2


def keys(traits: Traits) -> set[int]:
    """What articles that tell the same story have at least one of in common: their rarest words and names,
    most telling numbers, least shingles, and topics at places. Of the versions in the tuned half of the
    labelled set 4 in 182 pairs share none (docs/stories.md)."""
    names = [word for word in traits.words if word in traits.names]
    numbers = sorted(
        (fact for fact in traits.facts if telling(fact.value, fact.kind) >= _TELLING),
        key=lambda fact: (-telling(fact.value, fact.kind), fact.kind, fact.value),
    )
    places = traits.places | traits.place_names
    matters = sorted(hashed(f"{place} {topic}") for place in places for topic in traits.topics)
    return {
        *list(traits.words)[:_KEY_WORDS],
        *names[:_KEY_NAMES],
        *(hashed(f"{fact.kind} {fact.value:g}") for fact in numbers[:_KEY_NUMBERS]),
        *sorted(traits.shingles)[:_KEY_SHINGLES],
        *matters[:_KEY_MATTERS],
    }
