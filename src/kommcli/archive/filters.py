"""From a condition to SQL, and which index leads to its articles newest first.

Rowids of articles are in time order, and every index here ends in the rowid. So one index, read backwards,
gives a list without sorting; the other conditions are looked up for each of its articles. SQLite chooses by
averages; how many articles a label has differs by five powers of ten, so `choose` counts (up to `FEW`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, NamedTuple

from kommcli.archive import labels, matching
from kommcli.archive.schema import SERIAL_BITS
from kommcli.conditions import All, AnyOf, Condition, Not, Span, Term, Text

FEW = 5_000
"""So many articles are sorted at once; of more we expect that their newest are found soon."""

MANY = 50_000
"""Hits of words that are listed in a thirtieth of a second; to look one article up takes a seventh of a
millisecond."""

_MARKS = {
    "read": "+a.read = 1",
    "unread": "+a.read = 0",
    "starred": "+a.starred = 1",
    "unstarred": "+a.starred = 0",
}


class Choice(NamedTuple):
    """The articles for which a condition holds; ``row`` is the column of their rowids."""

    driver: str
    """What leads to the articles; empty where they are walked through."""
    row: str
    where: str

    @property
    def articles(self) -> str:
        """Stands after FROM where columns of articles AS a are wanted."""
        return (
            f"{self.driver} CROSS JOIN articles AS a ON a.id = {self.row}" if self.driver else "articles AS a"
        )

    @property
    def table(self) -> str:
        """Stands after FROM where only rowids are wanted."""
        # The columns of articles are the only ones that begin with "a.".
        return self.driver if self.driver and "a." not in self.where else self.articles

    @property
    def rows(self) -> str:
        """A SELECT of the rowids alone, as ``id``."""
        return f"SELECT {self.row} AS id FROM {self.table} WHERE {self.where}"  # noqa: S608 - made below


class _Source(NamedTuple):
    """A column with an index that ends in ``key``, a rowid of articles, and the values it may have."""

    table: str
    column: str
    key: str
    values: Sequence[int]

    def where(self) -> str:
        return f"{self.column} {_one_of(self.values)}"

    @property
    def is_one(self) -> bool:
        """Whether reading it backwards gives its articles newest first."""
        return len(self.values) == 1


@dataclass(frozen=True)
class _Words:
    """The full-text index, of which ``expression`` has the articles. Its documents are in no order of
    time."""

    expression: str
    table: ClassVar = "search CROSS JOIN documents AS x ON x.id = search.rowid"
    key: ClassVar = "x.article"
    is_one: ClassVar = False

    def where(self) -> str:
        return f"search MATCH {matching.literal(self.expression)}"

    def are_few(self, db: sqlite3.Connection) -> bool:
        """Whether it takes less to list them than to look some hundred articles up."""
        some = f"SELECT 1 FROM search WHERE {self.where()} LIMIT {MANY:d}"  # noqa: S608 - quoted
        return bool(db.execute(f"SELECT count(*) < {MANY:d} FROM ({some})").fetchone()[0])  # noqa: S608


_AnySource = _Source | _Words


def choose(db: sqlite3.Connection, where: Condition, *, whole: bool = False) -> Choice:
    """How to find the articles for which ``where`` holds: the newest soon, or the ``whole`` of them."""
    parts = list(_conjuncts(where))
    spans = [part for part in parts if isinstance(part, Span)]
    others = [part for part in parts if not isinstance(part, Span)]
    options = [
        (_count(db, sources, spans), len(sources) > 1 or not sources[0].is_one, number, sources)
        for number, part in enumerate(others)
        if (sources := _sources(db, part))
    ]
    writer = _Writer(db, listing=whole or None)
    if not options:
        return writer.choice("", "a.id", spans, others)
    count, sorted_first, number, sources = min(options, key=lambda option: option[:3])
    if not sorted_first:
        (source,) = sources
        if isinstance(others[number], Term):  # else the index may have more than the condition
            del others[number]
        driver = f"{source.table} AS d"
        return writer.choice(driver, f"d.{source.key}", spans, others, f"d.{source.where()}")
    if count < FEW:
        found = " UNION ALL ".join(_select(source, spans) for source in sources)
        return writer.choice("", "a.id", [], others, f"a.id IN ({found})")
    return writer.choice("", "a.id", spans, others)


def among_words(db: sqlite3.Connection, where: Condition, expression: str) -> Choice:
    """The articles that the full-text index has for ``expression`` and for which ``where`` holds."""
    parts = list(_conjuncts(where))
    spans = [part for part in parts if isinstance(part, Span)]
    others = [part for part in parts if not isinstance(part, Span)]
    return _Writer(db, listing=True).choice(
        _Words.table, _Words.key, spans, others, _Words(expression).where()
    )


def holding(db: sqlite3.Connection, where: Condition, rows: Collection[int]) -> set[int]:
    """Those of these articles, by rowid, for which ``where`` holds."""
    chosen = _Writer(db, listing=False).choice("", "a.id", [], [where], f"a.id {_one_of(sorted(rows))}")
    return {row for (row,) in db.execute(chosen.rows)}


# ------------------------------------------------------------------------------------------- indexes


def _conjuncts(part: Condition) -> Iterator[Condition]:
    if isinstance(part, All):
        for inner in part.parts:
            yield from _conjuncts(inner)
    else:
        yield part


def _sources(db: sqlite3.Connection, part: Condition) -> tuple[_AnySource, ...]:
    """Indexes that together have all articles for which ``part`` holds; nothing where there are none."""
    match part:
        case Term("feed", keys):
            return (_Source("articles", "feed", "id", _feeds(db, keys)),)
        case Term("is", ("unread",)):
            return (_Source("articles", "read", "id", (0,)),)
        case Term("is", ("starred",)):
            return (_Source("articles", "starred", "id", (1,)),)
        case Term(field, values) if field in labels.KINDS:
            return (_Source("article_labels", "label", "article", labels.rowids(db, field, values)),)
        case Text():
            return (_Words(matching.expression(db, part)),)
        case All():  # each has them all: the one with the fewest
            options = [sources for inner in _conjuncts(part) if (sources := _sources(db, inner))]
            return min(options, key=lambda sources: _count(db, sources, []), default=())
        case AnyOf(parts):
            each = [_sources(db, inner) for inner in parts]
            return _merged(each) if all(each) else ()
    return ()


def _merged(each: Iterable[Iterable[_AnySource]]) -> tuple[_AnySource, ...]:
    values: dict[tuple[str, str, str], set[int]] = {}
    words: list[str] = []
    for sources in each:
        for source in sources:
            if isinstance(source, _Words):
                words.append(source.expression)
            else:
                values.setdefault(source[:3], set()).update(source.values)
    found = [_Source(*index, sorted(some)) for index, some in values.items()]
    return (*found, *([_Words(matching.any_of(words))] if words else ()))


def _count(db: sqlite3.Connection, sources: Iterable[_AnySource], spans: Sequence[Span]) -> int:
    """How many articles the sources have, up to `FEW`."""
    every = " UNION ALL ".join(_select(source, spans) for source in sources)
    found = db.execute(f"SELECT count(*) FROM (SELECT 1 FROM ({every}) LIMIT {FEW})")  # noqa: S608 - numbers
    return int(found.fetchone()[0])


def _select(source: _AnySource, spans: Sequence[Span]) -> str:
    where = " AND ".join([source.where(), *_bounds(source.key, spans)])
    return f"SELECT {source.key} FROM {source.table} WHERE {where}"  # noqa: S608 - our own names, numbers


def _feeds(db: sqlite3.Connection, keys: Sequence[str]) -> list[int]:
    marks = ",".join("?" * len(keys))
    return [row[0] for row in db.execute(f"SELECT id FROM feeds WHERE key IN ({marks})", keys)]  # noqa: S608


def _bounds(row: str, spans: Iterable[Span]) -> list[str]:
    """The conditions that keep the rowid in column ``row`` in all ``spans``."""
    since = [f"{row} >= {first_row(span.since)}" for span in spans if span.since]
    return since + [f"{row} < {first_row(span.until)}" for span in spans if span.until]


def first_row(moment: datetime) -> int:
    """The first rowid that an article of ``moment`` or later can have."""
    return int(moment.timestamp()) << SERIAL_BITS


def only_bounds(row: str, where: Condition) -> list[str] | None:
    """The conditions on the rowid in column ``row`` where ``where`` asks for nothing but a time."""
    parts = list(_conjuncts(where))
    spans = [part for part in parts if isinstance(part, Span)]
    return _bounds(row, spans) if len(spans) == len(parts) else None


def _one_of(values: Sequence[int]) -> str:
    # A partial index is used where its condition stands there to the letter: read = 0.
    return f"= {values[0]}" if len(values) == 1 else f"IN ({','.join(map(str, values))})"


# ------------------------------------------------------------------------------------------- conditions


class _Writer:
    """Writes conditions on the articles with the rowid in column ``row``. None of them is ever NULL, so that
    NOT is the rest; "+" keeps SQLite from another index than the chosen one.

    The articles that have a word are listed once, or each article is looked up: with ``listing`` None
    whatever is likely to be cheaper where the newest are wanted."""

    def __init__(self, db: sqlite3.Connection, *, listing: bool | None) -> None:
        self._db, self._listing = db, listing
        self._row = ""

    def choice(
        self, driver: str, row: str, spans: Sequence[Span], parts: Sequence[Condition], *more: str
    ) -> Choice:
        """The articles in ``driver`` for which all ``spans`` and ``parts`` hold, and ``more``."""
        self._row = row
        where = [*more, *_bounds(row, spans), self._sql(All(tuple(parts)))]
        return Choice(driver, row, " AND ".join(where))

    def _sql(self, part: Condition) -> str:
        match part:
            case All(parts):
                return self._together(parts, "AND", "1")
            case AnyOf(parts):
                return self._together(parts, "OR", "0")
            case Not(inner):
                return f"NOT {self._sql(inner)}"
            case Span():
                return f"({' AND '.join(_bounds('+' + self._row, [part])) or '1'})"
            case Text():
                return self._words(part)
            case Term(field, values):
                return self._term(field, values)

    def _together(self, parts: Sequence[Condition], word: str, nothing: str) -> str:
        return f"({f' {word} '.join(map(self._sql, parts))})" if parts else nothing

    def _words(self, text: Text) -> str:
        words = _Words(matching.expression(self._db, text))
        listing = words.are_few(self._db) if self._listing is None else self._listing
        if listing:
            return f"{self._row} IN ({_select(words, ())})"
        return (
            "EXISTS (SELECT 1 FROM documents AS x CROSS JOIN search"  # noqa: S608 - quoted
            f" WHERE x.article = {self._row} AND {words.where()} AND search.rowid = x.id)"
        )

    def _term(self, field: str, values: Sequence[str]) -> str:
        if field == "is":
            return f"({' OR '.join(_MARKS[value] for value in values)})"
        if field == "feed":
            return f"+a.feed {_one_of(_feeds(self._db, values))}"
        rows = labels.rowids(self._db, field, values)
        # An article has about five labels: of a district's many towns they are looked up there.
        label = "label" if len(rows) < 5 else "+label"
        return (
            f"EXISTS (SELECT 1 FROM article_labels"  # noqa: S608 - our own names, numbers
            f" WHERE {label} {_one_of(rows)} AND article = {self._row})"
        )
