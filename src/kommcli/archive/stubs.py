"""Short entries: articles that only another article's page has told of.

No list or count meets them. When a feed brings such an article, what is known of it moves there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from kommcli.archive import columns
from kommcli.archive.identity import of_mention, short_ids
from kommcli.model import Failed, Mention, Page, PageState, Source

SAVED = "saved"
"""The key of the feed that no publisher has: pages that the user keeps from files and addresses."""

SAVED_URL = "file:saved"


class Stub(NamedTuple):
    """A short entry: what was said of it, by which feed's page, and its own page as soon as it was read."""

    ref: str
    mention: Mention
    source: Source
    first_seen: datetime
    state: PageState
    page: Page | None


def ref_of(db: sqlite3.Connection, second: str) -> str:
    """The id of the short entry with this key, or ""."""
    row = db.execute("SELECT ref FROM stubs WHERE second = ?", (second,)).fetchone()
    return str(row[0]) if row else ""


def find(db: sqlite3.Connection, ref: str, titles: Mapping[str, str] | None = None) -> Stub | None:
    """The short entry with this id. ``titles`` are the configured names of feeds."""
    row = db.execute(
        """SELECT s.mention, f.key, f.title, f.url, s.first_seen, s.url, s.tried, s.fetched, s.code,
                  s.message, s.http_status, s.page
           FROM stubs AS s JOIN feeds AS f ON f.id = s.feed WHERE s.ref = ?""",
        (ref,),
    ).fetchone()
    if row is None:
        return None
    mention, key, title, address, first_seen, url, tried, fetched, *failure, page = row
    times = columns.maybe_instant(tried), columns.maybe_instant(fetched)
    return Stub(
        ref,
        columns.mention(mention),
        Source(key, (titles or {}).get(key) or title or key, address),
        columns.instant(first_seen),
        PageState(url, *times, 0, *failure),
        columns.page(page, None) if page else None,
    )


def add(db: sqlite3.Connection, feed_id: int, mention: Mention, now: datetime) -> None:
    """Keep ``mention``, which a page of this feed names; one that is there is brought up to date."""
    second = of_mention(mention)
    text = columns.of_mention(mention)
    changed = db.execute("UPDATE stubs SET mention = ? WHERE second = ?", (text, second)).rowcount
    if not changed:
        db.execute(
            "INSERT INTO stubs (ref, feed, second, mention, first_seen) VALUES (?, ?, ?, ?, ?)",
            (free_ref(db, "stub:", second), feed_id, second, text, int(now.timestamp())),
        )


def free_ref(db: sqlite3.Connection, feed_url: str, key: str) -> str:
    """A short id that neither an article nor a short entry has."""
    for ref in short_ids(feed_url, key):
        taken = "SELECT 1 FROM articles WHERE ref = :ref UNION ALL SELECT 1 FROM stubs WHERE ref = :ref"
        if db.execute(taken, {"ref": ref}).fetchone() is None:
            return ref
    raise AssertionError("two articles share a hash of 99 bits")


def store_page(db: sqlite3.Connection, ref: str, page: Page, url: str, now: datetime) -> None:
    """Keep the page of the short entry with this id. Call it inside a transaction."""
    db.execute(
        """UPDATE stubs SET page = :page, url = :url, tried = :now, fetched = :now, code = '', message = '',
                  http_status = NULL WHERE ref = :ref""",
        {"page": columns.whole_page(page), "url": url, "now": int(now.timestamp()), "ref": ref},
    )


def record_failure(db: sqlite3.Connection, ref: str, failed: Failed, now: datetime) -> None:
    """Its page could not be read."""
    db.execute(
        "UPDATE stubs SET tried = ?, code = ?, message = ?, http_status = ? WHERE ref = ?",
        (int(now.timestamp()), failed.code, failed.cause, failed.http_status, ref),
    )


def page_at(db: sqlite3.Connection, addresses: Iterable[str]) -> Page | None:
    """The page that is kept under one of these addresses for an article that no feed has brought yet."""
    for address in addresses:
        row = db.execute(
            "SELECT page FROM stubs WHERE second = ? AND page IS NOT NULL", ("l:" + address,)
        ).fetchone()
        if row:
            return columns.page(row[0], None)
        row = db.execute(
            """SELECT p.page, p.blocks FROM addresses AS x JOIN articles AS a ON a.id = x.article
               JOIN feeds AS f ON f.id = a.feed JOIN pages AS p ON p.article = a.id
               WHERE x.address = ? AND f.key = ? AND p.page IS NOT NULL""",
            (address, SAVED),
        ).fetchone()
        if row:
            return columns.page(*row)
    return None


def adopt(db: sqlite3.Connection, row: int, addresses: Iterable[str], *, wanted: bool) -> None:
    """Let the new article with this rowid have what was known of it before a feed brought it: the page of a
    short entry or of a kept file, read and star state, the old id; ``wanted``: its page is to be fetched."""
    addresses = tuple(addresses)
    for address in addresses:
        _adopt_stub(db, row, address)
        _adopt_saved(db, row, address)
    if wanted:
        db.execute("INSERT OR IGNORE INTO pages (article) VALUES (?)", (row,))


def _adopt_stub(db: sqlite3.Connection, row: int, address: str) -> None:
    found = db.execute(
        "SELECT ref, page, url, tried, fetched FROM stubs WHERE second = ?", ("l:" + address,)
    ).fetchone()
    if found is None:
        return
    ref, text, url, tried, fetched = found
    db.execute("INSERT OR IGNORE INTO refs (ref, article) VALUES (?, ?)", (ref, row))
    db.execute("DELETE FROM stubs WHERE ref = ?", (ref,))
    if text:
        page = columns.page(text, None)
        put_page(db, row, page, url, tried, fetched)
        for position, one in enumerate(page.related):
            put_mention(db, row, position, one)


def _adopt_saved(db: sqlite3.Connection, row: int, address: str) -> None:
    found = db.execute(
        """SELECT a.id, a.ref, a.read, a.starred FROM addresses AS x JOIN articles AS a ON a.id = x.article
           JOIN feeds AS f ON f.id = a.feed WHERE x.address = ? AND f.key = ? AND a.id <> ?""",
        (address, SAVED, row),
    ).fetchone()
    if found is None:
        return
    old, ref, read, starred = found
    for table in ("pages", "mentions", "refs", "addresses"):
        db.execute(f"UPDATE OR IGNORE {table} SET article = ? WHERE article = ?", (row, old))  # noqa: S608
    db.execute("INSERT OR IGNORE INTO refs (ref, article) VALUES (?, ?)", (ref, row))
    db.execute("UPDATE articles SET read = ?, starred = ? WHERE id = ?", (read, starred, row))
    db.execute("DELETE FROM articles WHERE id = ?", (old,))


def put_page(
    db: sqlite3.Connection, row: int, page: Page, url: str, tried: int | None, fetched: int | None
) -> None:
    """Write the row of an article's page, instants in Unix seconds."""
    values = columns.of_page(page) | {"article": row, "url": url, "tried": tried, "fetched": fetched}
    db.execute(
        """INSERT INTO pages (article, url, tried, fetched, page, blocks)
           VALUES (:article, :url, :tried, :fetched, :page, :blocks)
           ON CONFLICT (article) DO UPDATE SET url = :url, tried = :tried, fetched = :fetched, tries = 0,
                  code = '', message = '', http_status = NULL, page = :page, blocks = :blocks""",
        values,
    )


def put_mention(db: sqlite3.Connection, row: int, position: int, mention: Mention) -> None:
    """Write one edge of a page."""
    db.execute(
        "INSERT OR REPLACE INTO mentions (article, position, second, mention) VALUES (?, ?, ?, ?)",
        (row, position, of_mention(mention), columns.of_mention(mention)),
    )
