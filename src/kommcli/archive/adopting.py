"""What was known of an article before a feed brought it moves to it: short entries, and pages that the user
kept from files."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping
from itertools import chain

from kommcli.archive import columns, fulltext, told
from kommcli.model import Page

SAVED = "saved"
"""The key of the feed that no publisher has: pages that the user keeps from files and addresses."""

SAVED_URL = "file:saved"

_OF_SAVED = """addresses AS x JOIN articles AS a ON a.id = x.article
               JOIN feeds AS f ON f.id = a.feed AND f.key = ? AND f.url = ?"""


def waiting(db: sqlite3.Connection, keys: Collection[str]) -> set[str]:
    """Those of these keys (addresses, or `addresses.by_title`) under which something waits for its feed."""
    found: set[str] = set()
    for some, marks in columns.chunks(keys):
        stubs = f"SELECT second FROM stubs WHERE second IN ({marks})"  # noqa: S608 - marks
        for (second,) in db.execute(stubs, [_second(key) for key in some]):
            found.add(second.removeprefix("l:"))
        saved = f"SELECT x.address FROM {_OF_SAVED} WHERE x.address IN ({marks})"  # noqa: S608 - marks
        found.update(key for (key,) in db.execute(saved, (SAVED, SAVED_URL, *some)))
    return found


def page_at(db: sqlite3.Connection, keys: Iterable[str]) -> Page | None:
    """The page that waits under one of these keys: the one that `adopt` gives to the article."""
    for key in keys:
        if (stub := _stub(db, key)) and stub[1]:
            return columns.page(stub[1], None)
        if saved := _saved(db, key, 0):
            row = db.execute("SELECT page, blocks FROM pages WHERE article = ?", saved[:1]).fetchone()
            if row and row[0]:
                return columns.page(*row)
    return None


def adopt_all(db: sqlite3.Connection, met: Mapping[int, Collection[str]]) -> None:
    """`adopt` for each of these rowids, with the keys that it was met by."""
    some = waiting(db, set(chain(*met.values())))
    for row, keys in met.items():
        if found := [key for key in keys if key in some]:
            adopt(db, row, found)


def adopt(db: sqlite3.Connection, row: int, keys: Iterable[str]) -> None:
    """Let the article with this rowid have what waits under these keys: page and related items if it has no
    page of its own, read and star state, and the old ids, which lead to it from now on."""
    known = list(dict.fromkeys(keys))
    for key in known:  # and those that a page tells of, which come behind
        learnt = (*_adopt_stub(db, row, key), *_adopt_saved(db, row, key))
        known += [one for one in dict.fromkeys(learnt) if one not in known]


def _second(key: str) -> str:
    return key if key.startswith("t:") else "l:" + key


def _stub(db: sqlite3.Connection, key: str) -> tuple[str, str | None, str, int] | None:
    found = db.execute("SELECT ref, page, url, fetched FROM stubs WHERE second = ?", (_second(key),))
    stub: tuple[str, str | None, str, int] | None = found.fetchone()
    return stub


def _adopt_stub(db: sqlite3.Connection, row: int, key: str) -> tuple[str, ...]:
    if (stub := _stub(db, key)) is None:
        return ()
    ref, text, url, fetched = stub
    db.execute("DELETE FROM stubs WHERE ref = ?", (ref,))
    _lead(db, ref, row)
    if text and not _has_page(db, row):
        return told.put(db, row, columns.page(text, None), url, fetched)
    return ()


def _saved(db: sqlite3.Connection, key: str, row: int) -> tuple[int, str, int, int] | None:
    """Rowid, id, read and star state of the kept page, another than ``row``, that is known by ``key``."""
    query = f"SELECT a.id, a.ref, a.read, a.starred FROM {_OF_SAVED} WHERE x.address = ? AND a.id <> ?"  # noqa: S608
    found = db.execute(query, (SAVED, SAVED_URL, key, row))
    saved: tuple[int, str, int, int] | None = found.fetchone()
    return saved


def _adopt_saved(db: sqlite3.Connection, row: int, key: str) -> tuple[str, ...]:
    if (saved := _saved(db, key, row)) is None:
        return ()
    old, ref, read, starred = saved
    fulltext.forget(db, old)
    fulltext.forget(db, row)
    # Both are one article, which came when the first of them did: who was told of it is not told again.
    db.execute(
        "DELETE FROM arrivals WHERE number = (SELECT max(number) FROM arrivals WHERE article IN (?, ?))",
        (row, old),
    )
    moving = ["refs", "addresses", "arrivals"]
    if not _has_page(db, row):
        db.execute("DELETE FROM pages WHERE article = ?", (row,))
        moving += ["pages", "mentions"]
    for table in moving:
        db.execute(f"UPDATE OR IGNORE {table} SET article = ? WHERE article = ?", (row, old))  # noqa: S608
    db.execute(
        "UPDATE articles SET read = max(read, ?), starred = max(starred, ?) WHERE id = ?",
        (read, starred, row),
    )
    db.execute("DELETE FROM articles WHERE id = ?", (old,))
    _lead(db, ref, row)
    fulltext.learn(db, [row])
    return tuple(key for (key,) in db.execute("SELECT address FROM addresses WHERE article = ?", (row,)))


def _has_page(db: sqlite3.Connection, row: int) -> bool:
    found = db.execute("SELECT 1 FROM pages WHERE article = ? AND page IS NOT NULL", (row,))
    return found.fetchone() is not None


def _lead(db: sqlite3.Connection, ref: str, row: int) -> None:
    db.execute("INSERT OR REPLACE INTO refs (ref, article) VALUES (?, ?)", (ref, row))
