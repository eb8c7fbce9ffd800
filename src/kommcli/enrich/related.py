"""Which articles of the archive are related to one, and why. Pure.

What counts: rare words in common, names above all; the same place; the same topics; a link from one to the
other ("wir berichteten"). It fades with the time between them. Of one story only one article is taken, and
what is too like something taken already has to be the better for it.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from kommcli.enrich.portrait import Portrait, Word
from kommcli.traits import Traits, hashed

LEAST = 0.6
"""Below this an article has to do with another one by chance only."""

_WORDS, _NAMES, _PLACE, _TOPIC, _LINK = 20.0, 0.3, 0.2, 1.5, 4.0
_OTHER_TOPIC = -1.5
_FIRST = 1.5
"""Both are about the same topic in the first place."""

_GENERAL = 0.3
GENERAL = frozenset(map(hashed, "politik panorama unternehmen veranstaltungen kooperation".split()))
"""Topics that say little about what articles have to do with each other."""

_FADES = 400
"""Days in which the relation halves."""

_ALIKE = 0.03
"""How much of what an article has in common with those taken before is set against it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that may be related: ``key`` is its own, ``story`` that of its story or the key."""

    key: int
    story: str
    traits: Traits
    linked: bool = False


@dataclass(frozen=True, slots=True)
class Relation:
    """An article that is related; ``score`` compares the relations of one article."""

    key: int
    score: float
    linked: bool


def related(one: Traits, candidates: Iterable[Candidate], most: int) -> list[Relation]:
    """The ``most`` best of ``candidates`` for the article ``one``, best first; none twice of one story."""
    scored = [(score(one, candidate), candidate) for candidate in candidates]
    left = {candidate.key: (found, candidate) for found, candidate in scored if found >= LEAST}
    alike = dict.fromkeys(left, 0.0)
    taken: list[Relation] = []
    while left and len(taken) < most:
        found, best = left.pop(max(left, key=lambda key: (left[key][0] - alike[key], key)))
        taken.append(Relation(best.key, found, best.linked))
        left = {key: pair for key, pair in left.items() if pair[1].story != best.story}
        for key, (_found, other) in left.items():
            if not other.linked:
                alike[key] = max(alike[key], _ALIKE * _WORDS * cosine(other.traits, best.traits))
    return taken


def score(one: Traits, other: Candidate) -> float:
    """How related two articles are, from 0 on."""
    traits = other.traits
    found = _WORDS * cosine(one, traits)
    found += _NAMES * min(
        3.0, sum(min(one.words[name], traits.words[name]) for name in one.names & traits.names) / 8
    )
    if one.places & traits.places or any(map(traits.mentions, one.place_names)):
        found += _PLACE
    if one.topics:
        shared = one.topics & traits.topics
        specific = len(shared - GENERAL)
        found += _TOPIC * min(2, specific) if shared else _OTHER_TOPIC
        found += _GENERAL * bool(shared & GENERAL)
        found += _FIRST * (one.topic == traits.topic and one.topic not in GENERAL)
    found *= float(0.5 ** (abs(one.day - traits.day) / _FADES))
    return found + (_LINK if other.linked else 0.0)


def cosine(one: Traits, other: Traits) -> float:
    """The cosine of the weights of both articles' words."""
    shared = one.words.keys() & other.words.keys()
    lengths = math.hypot(*one.words.values()) * math.hypot(*other.words.values())
    return sum(one.words[word] * other.words[word] for word in shared) / (lengths or 1.0)


def shared_words(one: Portrait, other: Traits, leave_out: Collection[str] = (), most: int = 3) -> list[Word]:
    """The words that two articles have in common and that name something or are rare, most telling first;
    ``leave_out`` are stems that are told otherwise (those of places)."""
    shared = [
        (min(word.weight, other.words[hash_]), word)
        for word in one.words
        if (hash_ := hashed(word.stem)) in other.words
        and word.stem not in leave_out
        and (word.name or hash_ in other.names)
    ]
    return [word for _weight, word in sorted(shared, key=lambda two: (-two[0], two[1].stem))[:most]]
