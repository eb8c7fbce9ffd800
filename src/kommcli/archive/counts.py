"""Counting articles: by topic, state, place, kind or feed, by week, and states by topics."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from kommcli import dates
from kommcli.archive import columns, filters, labels
from kommcli.archive.schema import SERIAL_BITS
from kommcli.conditions import All, Condition, Span
from kommcli.model import Place
from kommcli.tallies import Crossing, Tallies, Tally
from kommcli.text import fold

Weeks = Sequence[tuple[datetime, datetime]]
"""The first instant of each week and the first after it, oldest first."""


def tally(
    db: sqlite3.Connection,
    where: Condition,
    kind: str,
    weeks: Weeks = (),
    titles: Mapping[str, str] | None = None,
) -> Tallies:
    """How many of the articles for which ``where`` holds have each topic, state, place, kind or feed.

    ``kind`` is one of `labels.KINDS` or "feed"; ``titles`` are the configured names of feeds. Most articles
    first, then by name (DIN 5007-1). What no article has is left out.
    """
    names = _names(db, kind, titles or {})
    pairs = _pairs(db, where, kind)
    counts = db.execute(
        f"SELECT what, count(*) FROM ({pairs.sql}) GROUP BY what",  # noqa: S608 - made by `filters`
        pairs.values,
    ).fetchall()
    by_week = _weeks_of(db, where, kind, weeks)
    rows = []
    for what, count in counts:
        key, name, place = names[what]
        rows.append(Tally(key, name, count, by_week[what], place))
    rows.sort(key=lambda row: (-row.count, fold(row.name), row.key))
    return Tallies(
        total=total(db, where),
        rows=tuple(rows),
        weeks=tuple(dates.week_of(first) for first, _after in weeks),
    )


def by_week(db: sqlite3.Connection, where: Condition, weeks: Weeks) -> tuple[int, ...]:
    """How many of the articles for which ``where`` holds there are in each week."""
    if not weeks:
        return ()
    chosen = filters.choose(db, All((where, _window(weeks))), whole=True)
    counts = dict(
        db.execute(
            f"SELECT {_week('id', weeks)} AS week, count(*) FROM ({chosen.rows}) GROUP BY week",  # noqa: S608
        )
    )
    return tuple(counts.get(number, 0) for number in range(len(weeks)))


def crossing(db: sqlite3.Connection, where: Condition, limit_columns: int = 0) -> Crossing:
    """How many of the articles for which ``where`` holds have both a state and a topic.

    Most articles first in both directions; the first ``limit_columns`` topics, 0 is all.
    """
    rows = tally(db, where, "state").rows
    topics = tally(db, where, "topic").rows[: limit_columns or None]
    marks = ",".join("?" * len(topics))
    pairs = _pairs(db, where, "state")
    cells = db.execute(
        f"""SELECT s.value, t.value, count(*)
            FROM ({pairs.sql}) AS p CROSS JOIN article_labels AS x ON x.article = p.id
            JOIN labels AS s ON s.id = p.what JOIN labels AS t ON t.id = x.label
            WHERE +x.label IN (SELECT id FROM labels WHERE kind = 'topic' AND value IN ({marks}))
            GROUP BY p.what, x.label""",  # noqa: S608 - made by `filters`, marks
        (*pairs.values, *(topic.key for topic in topics)),
    )
    return Crossing(
        rows=tuple((row.key, row.name) for row in rows),
        columns=tuple((topic.key, topic.name) for topic in topics),
        cells={(state, topic): count for state, topic, count in cells},
    )


def extent(db: sqlite3.Connection, where: Condition) -> tuple[datetime, datetime] | None:
    """The dates of the oldest and the newest article for which ``where`` holds; None without any.

    They are the dates that lists are sorted by.
    """
    chosen = filters.choose(db, where)
    ends = [
        db.execute(f"{chosen.rows} ORDER BY {chosen.row} {way} LIMIT 1").fetchone() for way in ("ASC", "DESC")
    ]
    if None in ends:
        return None
    oldest, newest = (columns.instant(end[0] >> SERIAL_BITS) for end in ends)
    return oldest, newest


# ------------------------------------------------------------------------------------------- pairs


class _Pairs(NamedTuple):
    """A SELECT of ``what`` (the rowid of a label or feed) and ``id`` (the rowid of an article)."""

    sql: str
    values: tuple[str, ...] = ()


def _pairs(db: sqlite3.Connection, where: Condition, kind: str) -> _Pairs:
    return _feed_pairs(db, where) if kind == "feed" else _label_pairs(db, where, kind)


def _feed_pairs(db: sqlite3.Connection, where: Condition) -> _Pairs:
    pair = "SELECT feed AS what, id FROM articles WHERE"
    bounds = filters.only_bounds("id", where)
    if bounds is not None:
        return _Pairs(f"{pair} {' AND '.join(bounds) or '1'}")
    chosen = filters.choose(db, where, whole=True)
    # "+": the index by feed is read as a whole, for it is a hundredth of the table.
    return _Pairs(f"{pair} +id IN ({chosen.rows})")


def _label_pairs(db: sqlite3.Connection, where: Condition, kind: str) -> _Pairs:
    pair = "SELECT label AS what, article AS id FROM"
    ours = "label IN (SELECT id FROM labels WHERE kind = ?)"
    bounds = filters.only_bounds("article", where)
    if bounds is not None:  # every article has a label of each kind: the articles need not be read
        return _Pairs(f"{pair} article_labels WHERE {' AND '.join([ours, *bounds])}", (kind,))
    chosen = filters.choose(db, where, whole=True)
    found = f"({chosen.rows}) AS found CROSS JOIN article_labels ON article = found.id"
    # "+": an article has five labels, a kind has thousands.
    return _Pairs(f"{pair} {found} WHERE +{ours}", (kind,))


def _weeks_of(
    db: sqlite3.Connection, where: Condition, kind: str, weeks: Weeks
) -> defaultdict[int, tuple[int, ...]]:
    """The counts by week of each label or feed."""
    found: defaultdict[int, list[int]] = defaultdict(lambda: [0] * len(weeks))
    if weeks:
        pairs = _pairs(db, All((where, _window(weeks))), kind)
        for what, week, count in db.execute(
            f"SELECT what, {_week('id', weeks)} AS week, count(*) FROM ({pairs.sql})"  # noqa: S608
            " GROUP BY what, week HAVING week IS NOT NULL",
            pairs.values,
        ):
            found[what][week] = count
    none = (0,) * len(weeks)
    return defaultdict(lambda: none, {what: tuple(counts) for what, counts in found.items()})


def _window(weeks: Weeks) -> Span:
    return Span(min(first for first, _after in weeks), max(after for _first, after in weeks))


def _week(row: str, weeks: Weeks) -> str:
    """The number of the week that a rowid lies in."""
    cases = " ".join(
        f"WHEN {row} >= {filters.first_row(first)} AND {row} < {filters.first_row(after)} THEN {number}"
        for number, (first, after) in enumerate(weeks)
    )
    return f"CASE {cases} END"


def total(db: sqlite3.Connection, where: Condition) -> int:
    """For how many articles ``where`` holds."""
    chosen = filters.choose(db, where, whole=True)
    return int(db.execute(f"SELECT count(*) FROM ({chosen.rows})").fetchone()[0])  # noqa: S608


def _names(
    db: sqlite3.Connection, kind: str, titles: Mapping[str, str]
) -> dict[int, tuple[str, str, Place | None]]:
    """Key, name and place of each label or feed."""
    if kind == "feed":
        feeds = db.execute("SELECT id, key, title FROM feeds")
        return {row: (key, titles.get(key) or title or key, None) for row, key, title in feeds}
    known = db.execute("SELECT id, value, name, details FROM labels WHERE kind = ?", (kind,))
    return {row: (value, name, labels.place(details)) for row, value, name, details in known}
