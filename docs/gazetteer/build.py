"""Turn `places.tsv` and `facts.toml` into the database that kommcli looks places up in.

Which names a place has, and which place a bare name means where several have it, is decided here, once.
"""

from __future__ import annotations

import re
import sqlite3
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from kommcli.placenames import parted, words

HERE = Path(__file__).parent
TARGET = HERE.parent.parent / "src" / "kommcli" / "data" / "places.db"

CLEAR = 3.0
"""A bare name means its largest bearer when that has so many times the people of the next state's."""

KNOWN = 10_000
"""People from which a place has forms for its inhabitants."""

DISTRICT = 30_000
"""What a district weighs beside municipalities of its name: fewer people know it by the bare name."""

SCHEMA = """
CREATE TABLE places (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, ags TEXT NOT NULL,
    states TEXT NOT NULL, people INTEGER NOT NULL -- estimated where unknown
);
CREATE INDEX places_key ON places (key);
CREATE TABLE names (
    first TEXT NOT NULL,    -- the first word of the key that `placenames.words` gives
    rest TEXT NOT NULL,     -- its other words
    place INTEGER NOT NULL REFERENCES places (id),
    form TEXT NOT NULL,     -- full, base (without the distinguishing part), district, typed, demonym
    meant INTEGER NOT NULL, -- 1: what the name means when nothing else decides
    word INTEGER NOT NULL,  -- 1: also a word of the language
    PRIMARY KEY (first, rest, place, form)
) WITHOUT ROWID;
"""


class Place(NamedTuple):
    """A line of `places.tsv`."""

    kind: str
    ags: str
    states: tuple[str, ...]
    name: str
    population: int
    aliases: tuple[str, ...]
    note: str

    @property
    def key(self) -> str:
        """What a filter takes: the official key, else "region:" and the name."""
        return self.ags or "region:" + "-".join(words(self.name))

    @property
    def shown(self) -> str:
        """The name with the word for its kind where that is not part of it: Landkreis Bergstraße."""
        named = self.kind != "district" or self.note in ("", "city")
        return self.name if named else f"{self.note} {self.name}"


class Name(NamedTuple):
    """One name of one place."""

    key: tuple[str, ...]
    form: str


def rows() -> list[Place]:
    """The places of the table."""
    lines = (HERE / "places.tsv").read_text("utf-8").splitlines()
    found = []
    for line in lines[3:]:
        kind, ags, states, name, population, aliases, note = line.split("\t")
        found.append(
            Place(
                kind,
                ags,
                tuple(f"DE-{state}" for state in states.split(",")),
                name,
                int(population),
                tuple(filter(None, aliases.split("|"))),
                note,
            )
        )
    return found


def write(target: Path = TARGET) -> None:
    """Make the database anew; the same table gives the same rows."""
    target.unlink(missing_ok=True)
    db = sqlite3.connect(target)
    db.executescript(SCHEMA)
    places, names = contents()
    db.executemany("INSERT INTO places VALUES (?, ?, ?, ?, ?, ?, ?)", places)
    db.executemany("INSERT INTO names VALUES (?, ?, ?, ?, ?, ?)", names)
    db.commit()
    db.execute("VACUUM")
    db.close()


def contents() -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """The rows of both tables, in their order."""
    facts = tomllib.loads((HERE / "facts.toml").read_text("utf-8"))
    places = rows()
    forms = {place: list(_names(place, facts)) for place in places}
    # A city that is a district of its own is found as the municipality it is.
    bearers: dict[tuple[str, ...], list[tuple[Place, str]]] = defaultdict(list)
    for place, names in forms.items():
        for name in names:
            bearers[name.key].append((place, name.form))
    decided = _Decisions(facts)
    numbers = {place: number for number, place in enumerate(places, start=1)}
    common = {words(word) for word in (*facts["words"]["names"].split(), *facts["none"]["names"])}
    table = set()
    for key, found in bearers.items():
        meant = decided.meant(key, found)
        for place, form in found:
            row = (key[0], " ".join(key[1:]), numbers[place], form, int(place in meant), int(key in common))
            table.add(row)
    kinds = {"borough": "district"}
    return (
        [
            (numbers[p], p.key, kinds.get(p.kind, p.kind), p.shown, p.ags, ",".join(p.states), _people(p))
            for p in places
        ],
        sorted(table),
    )


# ------------------------------------------------------------------------------- the names of a place


def _names(place: Place, facts: dict[str, Any]) -> Iterator[Name]:
    """All names of a place, each once per form."""
    if place.kind == "district" and place.note == "city":
        return
    found: dict[Name, None] = {}
    for spelling in (place.name, *place.aliases):
        for name in _spelled(spelling, place):
            found[name] = None
    if place.kind == "municipality" and place.population >= KNOWN and not place.note:
        for form in _demonyms(place, facts):
            found[Name(words(form), "demonym")] = None
    yield from found


def _spelled(spelling: str, place: Place) -> Iterator[Name]:
    full = words(spelling)
    if place.kind == "district":
        yield from _district(spelling, place)
        return
    yield Name(full, "full")
    if place.kind == "borough":
        yield Name(full[1:], "base")
        return
    if place.kind == "municipality":
        base, part = parted(spelling)
        if part:
            yield Name(words(base), "base")
            yield from (Name(words(base) + short, "full") for short in _shortened(part))
        if stripped := re.sub(
            r"^(?:Lutherstadt|Hansestadt|Seebad|Ostseebad|Nordseebad|Kurort) ", "", spelling
        ):
            yield Name(words(stripped), "full" if stripped == spelling else "base")
        for one in {spelling, base}:
            if one != (typed := one.translate(_TYPED)):
                yield Name(words(typed), "typed")


_TYPED = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "Ä": "A", "Ö": "O", "Ü": "U"})
"""Koln, Munchen: typed without the dots."""


def _shortened(part: str) -> Iterator[tuple[str, ...]]:
    """How the distinguishing part is shortened: "Main" is "M", "Weinstraße" is "Weinstr"."""
    key = words(part)
    if not key:
        return
    yield (key[-1][0],)
    if len(key[-1]) > 6 and key[-1].endswith("strasse"):
        yield (key[-1].removesuffix("asse"),)


def _district(spelling: str, place: Place) -> Iterator[Name]:
    """``district`` forms are those after the word Kreis; the others stand alone."""
    full = words(spelling)
    base, part = parted(spelling)
    for key in {full, words(base)}:
        yield Name(key, "district")
    if part or not place.note:
        yield Name(full, "full")
    elif place.note:
        yield Name(full, "base")
    if full[-1] == "kreis" and len(full) > 1:
        yield Name((*full[:-2], full[-2] + "kreis"), "full")
        yield Name(full[:-1], "district")
        if len(full) > 2:  # Rhein-Sieg says enough
            yield Name(full[:-1], "base")
    elif full[-1].endswith("kreis") and len(full[-1]) > 5:
        yield Name((*full[:-1], full[-1].removesuffix("kreis"), "kreis"), "full")
        yield Name((*full[:-1], full[-1].removesuffix("kreis")), "district")
    # im Märkischen Kreis, des Hochsauerlandkreises
    if full[-1] == "kreis" and full[0].endswith("er") and len(full) == 2:
        yield Name((full[0][:-1], "kreis"), "full")
        yield Name((full[0][:-1] + "n", "kreis"), "full")
        yield Name((full[0][:-1] + "n", "kreises"), "full")
    if full[-1].endswith("kreis"):
        yield Name((*full[:-1], full[-1] + "es"), "full")
        yield Name((*full[:-1], full[-1] + "s"), "full")


def _demonyms(place: Place, facts: dict[str, Any]) -> Iterator[str]:
    """Kölner, Göttinger, Kemptener: forms for the inhabitants, which are adjectives, too."""
    never = set(facts["demonyms_never"]["names"].split())
    if place.name in facts["demonyms"]:
        yield from facts["demonyms"][place.name]
        return
    base = parted(place.name)[0]
    for form in _with_er(base):
        if form not in never:
            yield form


def _with_er(name: str) -> Iterator[str]:
    if re.search(r"[\s-](?:Land|Stadt)$|kreis", name):
        return
    if name.endswith(("ingen", "angen", "ungen", "brücken")):
        yield name[:-2] + "er"
        return
    if name.endswith("hausen"):
        yield name.removesuffix("hausen") + "häuser"
    yield name + ("r" if name.endswith("e") else "er")


# ------------------------------------------------------------------------- which one a bare name means


class _Decisions:
    """Dominant bearers: by the written facts, else by the number of people."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self._states = {words(name): f"DE-{state}" for name, state in facts["dominant"].items()}
        self._none = {words(name) for name in facts["none"]["names"]}

    def meant(self, key: tuple[str, ...], found: Iterable[tuple[Place, str]]) -> set[Place]:
        """The place that ``key`` means, as a set of at most one."""
        bearers = [(place, form) for place, form in found if form != "district"]
        if not bearers or key in self._none:
            return set()
        if all(form == "demonym" for _place, form in bearers):
            return self._largest(bearers)
        bearers = [(place, form) for place, form in bearers if form != "demonym"]
        exact = [(place, form) for place, form in bearers if form != "typed"]
        return self._of_state(key, exact or bearers)

    def _of_state(self, key: tuple[str, ...], bearers: list[tuple[Place, str]]) -> set[Place]:
        weights: dict[tuple[str, ...], float] = defaultdict(float)
        for place, form in bearers:
            weights[place.states] = max(weights[place.states], _weight(place, form))
        order = sorted(weights, key=lambda states: -weights[states])
        state = self._states.get(key)
        if state is not None and any(state in states for states in order):
            first = next(states for states in order if state in states)
        elif len(order) == 1 or weights[order[0]] >= CLEAR * max(weights[order[1]], 1):
            first = order[0]
        else:
            return set()
        return self._largest([(place, form) for place, form in bearers if place.states == first])

    @staticmethod
    def _largest(bearers: list[tuple[Place, str]]) -> set[Place]:
        """The town before the district of its name."""
        return {max(bearers, key=lambda bearer: (_municipality(bearer[0]), _weight(*bearer)))[0]}


def _municipality(place: Place) -> bool:
    return place.kind == "municipality" and _people(place) > 1_000


def _weight(place: Place, form: str) -> int:
    """How much a bearer counts for the bare name: its people; of a region the full name is sure."""
    return 1_000_000 if place.kind == "region" and form == "full" else _people(place)


def _people(place: Place) -> int:
    """The number of people, estimated where the sources do not tell."""
    if place.population:
        return place.population
    if place.kind != "municipality":
        return {"district": DISTRICT, "region": DISTRICT, "borough": 100_000}[place.kind]
    if place.note:
        return 1
    # Municipalities made of several villages have no town of their name. In the states that merged most,
    # names without people are mostly those of dissolved municipalities.
    return 300 if set(place.states) & {"DE-BB", "DE-MV", "DE-SN", "DE-ST", "DE-TH"} else 3_000


if __name__ == "__main__":
    write()
