"""The table of places: which places have a name. The only module that opens ``data/places.db``.

``docs/gazetteer`` makes it: the 400 districts, the municipalities with official key and population, dissolved
municipalities and boroughs at low rank, and regions. States are in `data.states`.
Names and keys: Statistische Ämter des Bundes und der Länder, dl-de/by-2-0, changed. Population and spellings:
GeoNames (geonames.org), CC BY 4.0, changed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from kommcli.model import Place
from kommcli.placenames import plain, words

PATH = Path(__file__).parent / "data" / "places.db"

_NAMES = (
    "SELECT n.first, n.rest, n.form, n.meant, n.word, p.key, p.kind, p.name, p.ags, p.states, p.people"
    " FROM names AS n JOIN places AS p ON p.id = n.place"
)

_CHUNK = 500
"""First words in one question to SQLite."""

_REMEMBERED = 50_000
"""First words whose bearers are kept: about 10,000 are names, the others are words that are none."""


class Bearer(NamedTuple):
    """A place under one of its names.

    ``rest`` are the words of the name's key after the first. ``form`` is "full", "base" (without the
    distinguishing part), "district" (after the word Kreis), "typed" (without umlauts) or "demonym".
    ``meant``: the name alone means this place. ``word``: it is also a word of the language.
    """

    rest: tuple[str, ...]
    form: str
    meant: bool
    word: bool
    place: Place
    key: str
    """The official key, or "region:…"."""
    people: int
    """Estimated where unknown."""


class Gazetteer:
    """Look-ups by name; opens the table at the first one, and not for the same word twice."""

    def __init__(self, path: Path = PATH) -> None:
        self._path = path
        self._db: sqlite3.Connection | None = None
        self._known: dict[str, tuple[Bearer, ...]] = {}

    def starting_with(self, first_words: Iterable[str]) -> dict[str, tuple[Bearer, ...]]:
        """The bearers of all names whose key begins with one of these words; longest names first."""
        wanted = list(dict.fromkeys(first_words))
        new = [word for word in wanted if word not in self._known]
        if new:
            if len(self._known) > _REMEMBERED:
                self._known.clear()
                new = wanted
            self._look_up(new)
        return {word: found for word in wanted if (found := self._known[word])}

    def bearers(self, name: str) -> tuple[Bearer, ...]:
        """All places that have exactly this name in any spelling; the meant and the large ones first."""
        key = words(name)
        if not key:
            return ()
        found = [one for one in self.starting_with(key[:1]).get(key[0], ()) if one.rest == key[1:]]
        return tuple(sorted(found, key=lambda one: (not one.meant, -one.people)))

    def with_key(self, key: str) -> tuple[Bearer, ...]:
        """The place with this official key or "region:…" key, under its own name."""
        rows = self._open().execute(
            "SELECT key, kind, name, ags, states, people FROM places WHERE key = ?", (key,)
        )
        return tuple(_bearer((), "full", 1, 0, row) for row in rows)

    def near(self, name: str, limit: int = 3) -> Sequence[str]:
        """The names of places that are spelled most like ``name``."""
        from rapidfuzz import process

        start = plain(name)[:2]
        rows = self._open().execute(
            "SELECT DISTINCT p.name FROM names AS n JOIN places AS p ON p.id = n.place"
            " WHERE n.first >= ? AND n.first < ? AND n.form <> 'demonym' ORDER BY p.people DESC",
            (start, start + "\U0010ffff"),
        )
        names = [row[0] for row in rows]
        return [match[0] for match in process.extract(name, names, limit=limit, score_cutoff=70)]

    def _look_up(self, new: list[str]) -> None:
        db = self._open()
        found: dict[str, list[Bearer]] = {word: [] for word in new}
        for start in range(0, len(new), _CHUNK):
            chunk = new[start : start + _CHUNK]
            marks = ",".join("?" * len(chunk))
            rows = db.execute(f"{_NAMES} WHERE n.first IN ({marks})", chunk)
            for first, rest, form, meant, word, *place in rows:
                found[first].append(_bearer(tuple(rest.split()), form, meant, word, place))
        for first, bearers in found.items():
            self._known[first] = tuple(sorted(bearers, key=lambda one: -len(one.rest)))

    def _open(self) -> sqlite3.Connection:
        if self._db is None:
            # immutable: the table never changes while it is installed, so no lock is asked for.
            address = f"file:{quote(str(self._path))}?mode=ro&immutable=1"
            self._db = sqlite3.connect(address, uri=True, check_same_thread=False)
        return self._db


def _bearer(rest: tuple[str, ...], form: str, meant: int, word: int, row: Sequence[object]) -> Bearer:
    key, kind, name, ags, states, people = row
    place = Place(str(name), str(kind), str(ags), tuple(str(states).split(",")))
    return Bearer(rest, form, bool(meant), bool(word), place, str(key), int(str(people)))
