"""Labels: the states, topics, places and kinds that articles are asked for by, one row each.

What an article is about stands in its own columns; its labels say the same in an index.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import NamedTuple

from kommcli.archive import columns
from kommcli.model import Entry, NewArticle, Place
from kommcli.text import fold

KINDS = ("state", "topic", "place", "kind")

NONE = "none"
"""The value of a kind for articles that have no other."""


class Label(NamedTuple):
    """A row of the table: see its comments in `schema`."""

    kind: str
    value: str
    name: str = ""
    details: str = ""


def of(article: NewArticle) -> tuple[Label, ...]:
    """The labels of ``article``; of each kind at least one."""
    from kommcli.data.states import NAMES

    states = [Label("state", code, NAMES.get(code, code)) for code in article.states]
    level = [Label("state", article.level, _LEVELS[article.level])] if article.level else []
    topics = [Label("topic", topic.key, topic.name) for topic in article.topics]
    places = [
        Label("place", place_key(place), place.name, columns.to_json(asdict(place)))
        for place in article.places
    ]
    return (
        *(states or [Label("state", NONE)]),
        *level,
        *(topics or [Label("topic", NONE)]),
        *(places or [Label("place", NONE)]),
        Label("kind", article.kind or NONE, article.kind),
    )


_LEVELS = {"bund": "Bund", "eu": "EU"}


def place_key(place: Place) -> str:
    """The value of a place: its official key, or "region:metropolregion-rhein-neckar"."""
    return place.ags or "region:" + fold(place.name).replace(" ", "-")


# ------------------------------------------------------------------------------------------- writing


def attach(db: sqlite3.Connection, written: Iterable[tuple[int, NewArticle]]) -> None:
    """Give each article, by rowid, its labels. Those it had before were detached."""
    ids = _Ids(db)
    db.executemany(
        "INSERT INTO article_labels (label, article) VALUES (?, ?)",
        [(label, row) for row, article in written for label in ids.of(article)],
    )


def attach_all(db: sqlite3.Connection) -> None:
    """Give every article of an archive that has no labels yet those that its columns tell."""
    ids, nothing = _Ids(db), Entry(title="")
    found: dict[tuple[str, ...], set[int]] = {}

    def rows() -> Iterator[tuple[int, int]]:
        for row, *values in db.execute(f"SELECT a.id, {columns.UNDERSTOOD} FROM articles AS a"):  # noqa: S608
            key = tuple(values)
            if key not in found:
                found[key] = ids.of(columns.understood(nothing, key))
            yield from ((label, row) for label in found[key])

    db.executemany("INSERT INTO article_labels (label, article) VALUES (?, ?)", rows())


def detach(db: sqlite3.Connection, row: int) -> None:
    """Take all labels from an article."""
    db.execute("DELETE FROM article_labels WHERE article = ?", (row,))


class _Ids:
    """The rowids of labels, made where there is none, renamed where the name is another."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._known: dict[tuple[str, str], int] = {}

    def of(self, article: NewArticle) -> set[int]:
        """The labels of an article."""
        return {self._known.get(label[:2]) or self._find(label) for label in of(article)}

    def _find(self, label: Label) -> int:
        values = label._asdict() | {"folded": fold(label.name)}
        row = self._db.execute(
            "SELECT id, name, details FROM labels WHERE kind = :kind AND value = :value", values
        ).fetchone()
        if row is None:
            new = self._db.execute(
                """INSERT INTO labels (kind, value, name, folded, details)
                   VALUES (:kind, :value, :name, :folded, :details)""",
                values,
            )
            found = int(new.lastrowid or 0)
        else:
            found = int(row[0])
            if (row[1], row[2]) != (label.name, label.details):
                self._db.execute(
                    "UPDATE labels SET name = :name, folded = :folded, details = :details WHERE id = :id",
                    values | {"id": found},
                )
        self._known[label[:2]] = found
        return found


# ------------------------------------------------------------------------------------------- finding


def rowids(db: sqlite3.Connection, kind: str, values: Iterable[str]) -> list[int]:
    """The rowids of the labels with these values; a place's key holds for all keys that begin with it."""
    found: set[int] = set()
    for value in values:
        # ":" sorts after every digit.
        after = value + ":" if kind == "place" and value.isdecimal() else value
        found.update(
            row[0]
            for row in db.execute(
                "SELECT id FROM labels WHERE kind = ? AND value BETWEEN ? AND ?", (kind, value, after)
            )
        )
    return sorted(found)


def key_of(db: sqlite3.Connection, kind: str, name: str) -> str:
    """The value of the label that ``name`` means, by its value or its name; empty where there is none."""
    row = db.execute(
        """SELECT value FROM labels WHERE kind = :kind AND value = :name
           UNION ALL
           SELECT value FROM labels WHERE kind = :kind AND folded = :folded AND value <> :none
           LIMIT 1""",
        {"kind": kind, "name": name, "folded": fold(name), "none": NONE},
    ).fetchone()
    return str(row[0]) if row else ""


def complete(db: sqlite3.Connection, kind: str, prefix: str, limit: int = 50) -> list[tuple[str, str]]:
    """Value and name of the labels in use whose name or value begins with ``prefix``, most used first.

    200 labels at most are looked at, the first in the alphabet, and their articles counted up to 100, so
    that this never takes long.
    """
    rows = db.execute(
        """WITH begins AS (
               SELECT id FROM labels WHERE kind = :kind AND folded BETWEEN :folded AND :folded || :last
               UNION
               SELECT id FROM labels WHERE kind = :kind AND value BETWEEN :prefix AND :prefix || :last
           )
           SELECT value, name, (
               SELECT count(*) FROM (SELECT 1 FROM article_labels WHERE label = id LIMIT 100)
           ) AS used
           FROM (
               SELECT id, value, name, folded FROM labels WHERE id IN begins ORDER BY folded, value LIMIT 200
           )
           WHERE used > 0 ORDER BY used DESC, folded, value LIMIT :limit""",
        {"kind": kind, "prefix": prefix, "folded": fold(prefix), "last": "\U0010ffff", "limit": limit},
    )
    return [(value, name) for value, name, _used in rows]


def place(details: str) -> Place | None:
    """The place that a label stands for."""
    return columns.place(json.loads(details)) if details else None
