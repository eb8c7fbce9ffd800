"""Whether a name in a text is a place: what stands around it decides.

On the German sentences of GermEval 2014, names alone are right six times in ten, names after a cue nineteen
times in twenty. So each name gets a rule and a strength from 0 (no place) to 1.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from kommcli.data import adjectives
from kommcli.enrich.places import statewords
from kommcli.enrich.places import vocabulary as v
from kommcli.enrich.places.atoms import Atom, Words
from kommcli.gazetteer import Bearer

KNOWN_PEOPLE = 2_000
"""A name without a cue needs so many people."""
CITY_PEOPLE = 20_000
JOINED_PEOPLE = 50_000
"""München-Pasing is in Munich; first halves of other hyphened words are mostly no places."""
SURE_PEOPLE = 5_000
"""A word of the language that is a place, too, needs so many people to be one after "in"."""

_BRACKET = re.compile(r",? ?\((?:Land |Kreis |Landkreis )?([^()]{2,40})\)")


class Verdict(NamedTuple):
    """By which rule and how strongly a name counts, and which of its bearers fit; strength 0: no place.
    An empty rule: not worth mentioning."""

    rule: str = ""
    strength: float = 0.0
    bearers: tuple[Bearer, ...] = ()


def verdict(
    words: Words, at: int, length: int, bearers: tuple[Bearer, ...], *, listed: bool = False
) -> Verdict:
    """What is to be thought of the name of ``length`` words at ``at``. ``listed``: it goes on a list of
    places."""
    last = words.atoms[at + length - 1]
    if last.last and words.text[last.end : last.end + 1] == "-":
        return Verdict()  # the first half of a word: Staats- und Stadttheater
    bearers = tuple(b for b in bearers if b.form != "ignored")
    if not bearers:
        return Verdict("ignored")
    before = words.before(at)
    previous = before[0] if before else ""
    districts = tuple(b for b in bearers if b.place.kind == "district")
    if previous in v.DISTRICT_WORDS and districts:
        return Verdict("cue", 1.0, districts)
    named = tuple(b for b in bearers if b.form not in ("demonym", "district"))
    if not named:
        return _demonym(words, at + length, tuple(b for b in bearers if b.form == "demonym"), previous)
    largest = max(named, key=lambda b: (b.meant, b.people))
    if not last.last:
        return _joined(words.atoms[at + length].plain, named, largest)
    if sure := _of_its_kind(previous, last, named, largest):
        return sure
    if v.is_person(previous):
        return Verdict("person")
    following = words.following(at + length)
    if v.is_organisation(previous) or (following and following.plain.startswith(v.ORGANISATION_AFTER)):
        return Verdict("organisation", 0.15, named)
    if previous in v.PREPOSITIONS:
        return _governed(before, length, named, largest, words.atoms[at].plain)
    if listed and not (largest.word and largest.people < CITY_PEOPLE):
        return Verdict("cue", 0.8, named)
    return _alone(length, named, largest)


def _of_its_kind(previous: str, last: Atom, named: tuple[Bearer, ...], largest: Bearer) -> Verdict | None:
    """What a word for its kind, its own form or an authority before it makes sure of."""
    if v.is_town(previous):
        towns = tuple(b for b in named if b.place.kind != "district" or b.place.states == ("DE-BE",))
        return Verdict("cue", 1.0, towns or named)
    if largest.place.kind == "district" and "kreis" in last.plain:
        return Verdict("name", 1.0, named)
    if last.first and last.text.isupper() and len(last.text) > 3:
        return Verdict()  # an abbreviation that looks like a name
    return Verdict("cue", 0.8, named) if v.is_authority(previous) else None


def _joined(second: str, named: tuple[Bearer, ...], largest: Bearer) -> Verdict:
    """The first half of a hyphened word: Potsdam-Institut, München-Pasing."""
    if second.startswith(v.ORGANISATION_AFTER):
        return Verdict("organisation")
    if largest.people < JOINED_PEOPLE or largest.word:
        return Verdict()
    return Verdict("name", 0.4, named)


def _governed(
    before: list[str], length: int, named: tuple[Bearer, ...], largest: Bearer, first: str
) -> Verdict:
    """After a preposition: in Gera, der Anbieter aus Ulm, Peter von Essen."""
    previous, further = before[0], before[1:4]
    if any(map(v.is_organisation, further)):
        return Verdict("organisation", 0.15, named)
    if any(word.endswith("zentrum") for word in further):
        return Verdict("cue", 0.5, named)  # it may serve the town or the whole country
    if previous == "von" and further and further[0] in v.FIRST_NAMES:
        return Verdict("person")
    if length == 1:
        sure = previous in v.SURE_PREPOSITIONS and largest.people >= SURE_PEOPLE
        if first in v.NEVER_BY_PREPOSITION or (largest.word and not sure):
            return Verdict("needs_cue")
    return Verdict("cue", 0.9, named)


def _alone(length: int, named: tuple[Bearer, ...], largest: Bearer) -> Verdict:
    """Without any cue: several words or enough people make it a place, a word of the language does not."""
    if length > 1 and largest.rest:
        return Verdict("name", 0.9, named)
    if largest.word or largest.people < KNOWN_PEOPLE:
        return Verdict("needs_cue")
    return Verdict("name", 0.7 if largest.people >= CITY_PEOPLE else 0.5, named)


def _demonym(words: Words, after: int, fitting: tuple[Bearer, ...], previous: str) -> Verdict:
    """Kemptener Rathaus, Hamburger Bezirke; ``after`` is the word behind the form."""
    if not fitting or not words.atoms[after - 1].last:
        return Verdict()
    if v.is_person(previous):
        return Verdict("person")
    following = words.following(after)
    behind = following.plain if following else ""
    if behind.startswith(v.ORGANISATION_AFTER):
        return Verdict("organisation")
    if behind.startswith(v.MUNICIPAL_NOUNS):
        return Verdict("demonym", 0.9, fitting)
    if max(b.people for b in fitting) < CITY_PEOPLE:
        return Verdict("needs_cue")
    return Verdict("demonym", 0.6 if following and following.text[0].isupper() else 0.4, fitting)


def near(words: Words, at: int, length: int) -> tuple[str, ...]:
    """The states that words beside a name tell: an adjective or a kind before it, a bracket behind it."""
    found: dict[str, None] = {}
    for word in words.before(at, 3):
        if code := adjectives.state_of(word):
            found[code] = None
        found |= dict.fromkeys(v.KIND_HINTS.get(word, ()))
    end = words.atoms[at + length - 1].end
    bracket = _BRACKET.match(words.text[end : end + 60])
    if bracket and (code := statewords.named(bracket[1])):
        found[code] = None
    return tuple(found)
