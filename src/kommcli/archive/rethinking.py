"""Stored articles as entries once more, to be understood anew without the network."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from kommcli.archive import columns, fulltext, labels
from kommcli.model import Entry, NewArticle

BATCH = 500
"""Articles read at once: the caller may write in between."""

_STORED = "articles AS a JOIN feeds AS f ON f.id = a.feed LEFT JOIN bodies AS b ON b.article = a.id"
_STORED += " LEFT JOIN pages AS p ON p.article = a.id"


def entries(
    db: sqlite3.Connection, feeds: Iterable[str] | None = None, after: int = 0
) -> Iterator[tuple[int, str, Entry]]:
    """Rowid, feed and entry of the articles with a rowid behind ``after``, oldest first.

    ``feeds`` are keys, None is all. An entry is as its feed gave it, but for a guid in the form it is
    compared in. Writing, and beginning and ending transactions, between two of them is allowed.
    """
    keys = None if feeds is None else list(feeds)
    chosen = "1" if keys is None else f"f.key IN ({','.join('?' * len(keys))})"
    while True:
        rows = db.execute(
            f"SELECT a.id, f.key, {columns.SAID} FROM {_STORED}"  # noqa: S608 - our own names, marks
            f" WHERE a.id > ? AND {chosen} ORDER BY a.id LIMIT {BATCH}",
            (after, *(keys or ())),
        ).fetchall()
        for row, key, *said in rows:
            yield row, key, columns.entry(said)
        if len(rows) < BATCH:
            return
        after = rows[-1][0]


def restate(db: sqlite3.Connection, row: int, new: NewArticle) -> bool:
    """Understand the article with this rowid as ``new`` says; whether that was another way than before.

    What its feed said of it stays untouched. Call it inside a transaction.
    """
    values = columns.of_understanding(new)
    changed = " OR ".join(f"{name} <> :{name}" for name in values)
    pairs = ", ".join(f"{name} = :{name}" for name in values)
    values |= {"row": row}
    if not db.execute(f"SELECT 1 FROM articles WHERE id = :row AND ({changed})", values).fetchone():  # noqa: S608
        return False
    fulltext.forget(db, row)
    db.execute(f"UPDATE articles SET {pairs} WHERE id = :row", values)  # noqa: S608
    labels.detach(db, row)
    labels.attach(db, [(row, new)])
    fulltext.learn(db, [row])
    return True


def entry(db: sqlite3.Connection, ref: str) -> tuple[str, Entry, NewArticle] | None:
    """Feed, entry and present understanding of the article with the id ``ref``; None where there is none."""
    found = db.execute(
        f"SELECT f.key, {columns.UNDERSTOOD}, {columns.SAID} FROM {_STORED} WHERE a.ref = ?",  # noqa: S608
        (ref,),
    ).fetchone()
    if found is None:
        return None
    key, *values = found
    count = len(columns.UNDERSTOOD.split(","))
    stored = columns.entry(values[count:])
    return key, stored, columns.understood(stored, values[:count])


def understood(db: sqlite3.Connection, row: int) -> NewArticle:
    """The article with this rowid as it is stored and understood."""
    values = db.execute(
        f"SELECT {columns.UNDERSTOOD}, {columns.SAID} FROM {_STORED} WHERE a.id = ?",  # noqa: S608
        (row,),
    ).fetchone()
    count = len(columns.UNDERSTOOD.split(","))
    return columns.understood(columns.entry(values[count:]), values[:count])
