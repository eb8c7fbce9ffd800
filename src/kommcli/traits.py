"""What articles are compared by: a value that is computed once and kept packed. Pure."""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import NamedTuple
from zlib import crc32

SHINGLES = 64
"""Hashes that stand for a text: Broder's bottom-k sketch, good to some 6 % for k = 64."""

_BITS = 1024
"""Of `Traits.mentioned`: with 120 stems one answer in twenty is wrong, and wrong is only ever "yes"."""


class Fact(NamedTuple):
    """A number by the hash of what it counts; ``kind`` is "%", "date", "year" or "" for all other."""

    unit: int
    value: float
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Traits:
    """The traits of one article; words, places and the like are hashes (`hashed`)."""

    words: dict[int, float]
    """Its heaviest stems and what they weigh."""
    names: frozenset[int] = frozenset()
    """Those of them that name something."""
    shingles: frozenset[int] = frozenset()
    """The least hashes of three stems in a row."""
    facts: tuple[Fact, ...] = ()
    places: frozenset[int] = frozenset()
    main: str = ""
    """Official key of its first town or district; that of a town begins with its district's."""
    place_names: frozenset[int] = frozenset()
    """A telling stem of the name of each place."""
    states: frozenset[int] = frozenset()
    editions: frozenset[int] = frozenset()
    """Years, months and ordinals of its headline: which one of a series it is about."""
    topics: frozenset[int] = frozenset()
    topic: int = 0
    """The first of them."""
    mentioned: int = 0
    """A Bloom filter of the stems that it writes with a capital."""
    day: int = 0
    """Of its publication, from 1970 on."""
    recurring: bool = False
    """Its headline comes again and again."""
    looks_back: bool = False
    """It says that it goes on with something told before."""

    def mentions(self, stem: int) -> bool:
        """Whether the text has the stem with this hash; sometimes when it has not."""
        return all(self.mentioned >> bit & 1 for bit in _bits(stem))


@lru_cache(maxsize=60_000)
def hashed(text: str) -> int:
    """The hash of a stem: the same on every machine."""
    return crc32(text.encode())


def float32(value: float) -> float:
    """``value`` as precise as it is kept."""
    return array("f", [value])[0]


def bloom(hashes: Iterable[int]) -> int:
    """The filter of these hashes."""
    found = 0
    for one in hashes:
        first, second = _bits(one)
        found |= 1 << first | 1 << second
    return found


def _bits(one: int) -> tuple[int, int]:
    return one % _BITS, one // _BITS % _BITS


# ------------------------------------------------------------------------------------------------ packed

_HEAD = struct.Struct("<BiIBB8s7HB")
_SETS = ("names", "shingles", "places", "place_names", "states", "editions", "topics")
_KINDS = ("", "%", "date", "year")
_TENTHS = [tenths / 10 for tenths in range(256)]


def packed(traits: Traits) -> bytes:
    """``traits`` as bytes, some 800."""
    sets = [sorted(getattr(traits, name)) for name in _SETS]
    head = _HEAD.pack(
        len(traits.words),
        traits.day,
        traits.topic,
        traits.recurring,
        traits.looks_back,
        traits.main.encode()[:8],
        *map(len, sets),
        len(traits.facts),
    )
    hashes = array("I", [*traits.words, *(one for some in sets for one in some)])
    hashes.extend(fact.unit for fact in traits.facts)
    weights = bytes(min(255, round(weight * 10)) for weight in traits.words.values())
    kinds = bytes(_KINDS.index(fact.kind) for fact in traits.facts)
    values = array("f", [fact.value for fact in traits.facts])
    return b"".join(
        (
            head,
            hashes.tobytes(),
            weights,
            kinds,
            values.tobytes(),
            traits.mentioned.to_bytes(_BITS // 8, "little"),
        )
    )


def unpacked(data: bytes) -> Traits:
    """The traits of `packed`."""
    words, day, topic, recurring, looks_back, main, *counts, facts = _HEAD.unpack_from(data)
    at = _HEAD.size
    hashes = array("I")
    end = at + hashes.itemsize * (words + sum(counts) + facts)
    hashes.frombytes(data[at:end])
    weights, at = data[end : end + words], end + words
    kinds, at = data[at : at + facts], at + facts
    values = array("f")
    values.frombytes(data[at : at + 4 * facts])
    rest = iter(hashes)
    heavy = dict(zip(islice(rest, words), map(_TENTHS.__getitem__, weights), strict=True))
    sets = {name: frozenset(islice(rest, count)) for name, count in zip(_SETS, counts, strict=True)}
    return Traits(
        words=heavy,
        facts=tuple(map(Fact, rest, values, map(_KINDS.__getitem__, kinds))),
        mentioned=int.from_bytes(data[at + 4 * facts :], "little"),
        main=main.rstrip(b"\0").decode(),
        day=day,
        topic=topic,
        recurring=bool(recurring),
        looks_back=bool(looks_back),
        **sets,
    )
