"""Short entries: articles that only another article's page has told of.

No list or count meets them. When a feed brings such an article, `adopting` moves there what is known of it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from kommcli.archive import addresses, columns
from kommcli.archive.identity import short_ids
from kommcli.model import Failed, Mention, Page, PageState, Source


class Stub(NamedTuple):
    """A short entry: what was said of it, by which feed's page, and its own page as soon as it was read."""

    ref: str
    mention: Mention
    source: Source
    first_seen: datetime
    state: PageState
    page: Page | None


def ref_of(db: sqlite3.Connection, second: str) -> str:
    """The id of the short entry with this key (`addresses.of_mention`), or ""."""
    row = db.execute("SELECT ref FROM stubs WHERE second = ?", (second,)).fetchone()
    return str(row[0]) if row else ""


def find(db: sqlite3.Connection, ref: str, titles: Mapping[str, str] | None = None) -> Stub | None:
    """The short entry with this id. ``titles`` are the configured names of feeds."""
    row = db.execute(
        """SELECT s.mention, f.key, f.title, f.url, s.first_seen, s.url, s.tried, s.fetched, s.tries, s.code,
                  s.message, s.http_status, s.page
           FROM stubs AS s JOIN feeds AS f ON f.id = s.feed WHERE s.ref = ?""",
        (ref,),
    ).fetchone()
    if row is None:
        return None
    mention, key, title, address, first_seen, url, tried, fetched, *failures, page = row
    times = columns.maybe_instant(tried), columns.maybe_instant(fetched)
    return Stub(
        ref,
        columns.mention(mention),
        Source(key, (titles or {}).get(key) or title or key, address),
        columns.instant(first_seen),
        PageState(url, *times, *failures),
        columns.page(page, None) if page else None,
    )


def add_missing(db: sqlite3.Connection, feed_id: int, mentions: Iterable[Mention], seconds: int) -> None:
    """Keep those of ``mentions``, which a page of this feed names, that the archive has no article of; of one
    that is kept already, the new words count."""
    for mention in mentions:
        if addresses.meant(db, mention):
            continue
        second = addresses.of_mention(mention)
        row = db.execute("SELECT id, mention FROM stubs WHERE second = ?", (second,)).fetchone()
        if row:
            text = columns.merged_mention(row[1], mention)
            db.execute("UPDATE stubs SET mention = ? WHERE id = ?", (text, row[0]))
        else:
            db.execute(
                "INSERT INTO stubs (ref, feed, second, mention, first_seen) VALUES (?, ?, ?, ?, ?)",
                (free_ref(db, "stub:", second), feed_id, second, columns.of_mention(mention), seconds),
            )


def free_ref(db: sqlite3.Connection, feed_url: str, key: str) -> str:
    """A short id that no article or short entry has or had."""
    taken = """SELECT 1 FROM articles WHERE ref = :ref UNION ALL SELECT 1 FROM stubs WHERE ref = :ref
               UNION ALL SELECT 1 FROM refs WHERE ref = :ref"""
    for ref in short_ids(feed_url, key):
        if db.execute(taken, {"ref": ref}).fetchone() is None:
            return ref
    raise AssertionError("two articles share a hash of 99 bits")


def store_page(db: sqlite3.Connection, ref: str, page: Page, url: str, now: datetime) -> None:
    """Keep the page of the short entry with this id, and the short entries that it names in turn. Call it
    inside a transaction."""
    seconds = int(now.timestamp())
    row = db.execute(
        """UPDATE stubs SET page = :page, url = :url, tried = :now, fetched = :now, tries = 0, code = '',
                  message = '', http_status = NULL WHERE ref = :ref RETURNING feed""",
        {"page": columns.whole_page(page), "url": url, "now": seconds, "ref": ref},
    ).fetchone()
    if row:
        add_missing(db, row[0], page.related, seconds)


def record_failure(db: sqlite3.Connection, ref: str, failed: Failed, now: datetime) -> None:
    """Its page could not be read; one that was read before stays."""
    db.execute(
        """UPDATE stubs SET tried = ?, tries = tries + 1, code = ?, message = ?, http_status = ?
           WHERE ref = ?""",
        (int(now.timestamp()), failed.code, failed.cause, failed.http_status, ref),
    )
