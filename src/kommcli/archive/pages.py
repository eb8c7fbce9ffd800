"""Pages of archived articles: what they say, which are wanted, and what they are related to."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from kommcli.archive import (
    addresses,
    adopting,
    articles,
    columns,
    edits,
    feeds,
    filters,
    labels,
    removed,
    told,
)
from kommcli.archive.adopting import SAVED, SAVED_URL
from kommcli.archive.articles import Known
from kommcli.archive.identity import identity
from kommcli.conditions import Query
from kommcli.i18n import _
from kommcli.model import Entry, Failed, Feed, Mention, NewArticle, Page, PageState, Related

MOST_TRIES = 6
"""So often a page is asked for that cannot be had; then only `read` tries again."""

_LONGEST = 24
"""Hours between two tries at the most."""


class Wanted(NamedTuple):
    """An article whose page is wanted: its id, its address and the key of its feed."""

    ref: str
    url: str
    feed: str


# ------------------------------------------------------------------------------------------- reading


def state(db: sqlite3.Connection, ref: str) -> PageState | None:
    """What is remembered of the page of the article with this id."""
    row = db.execute(
        """SELECT p.url, p.tried, p.fetched, p.tries, p.code, p.message, p.http_status
           FROM pages AS p JOIN articles AS a ON a.id = p.article WHERE a.ref = ?""",
        (ref,),
    ).fetchone()
    if row is None:
        return None
    url, tried, fetched, *failures = row
    return PageState(url, columns.maybe_instant(tried), columns.maybe_instant(fetched), *failures)


def page(db: sqlite3.Connection, ref: str) -> Page | None:
    """The page of the article with this id, with its related items; None where it was never read."""
    row = db.execute(
        """SELECT p.page, p.blocks, a.id FROM pages AS p JOIN articles AS a ON a.id = p.article
           WHERE a.ref = ? AND p.page IS NOT NULL""",
        (ref,),
    ).fetchone()
    return columns.page(row[0], row[1], told.mentions(db, row[2])) if row else None


def known(db: sqlite3.Connection, feed_id: int, entries: Sequence[Entry]) -> dict[str, Page]:
    """The pages, without related items, of these entries of a feed, by the entry's identity; also those that
    were read before the feed brought the article."""
    unique: dict[str, Entry] = {}
    for entry in entries:
        unique.setdefault(identity(entry), entry)
    stored = {row.id: key for key, row in articles.matched(db, feed_id, unique).items()}
    found: dict[str, Page] = {}
    for rows, marks in columns.chunks(stored):
        query = f"SELECT article, page, blocks FROM pages WHERE page IS NOT NULL AND article IN ({marks})"  # noqa: S608
        found |= {stored[row]: columns.page(*text) for row, *text in db.execute(query, rows)}
    by_key = addresses.own(unique)
    waiting = adopting.waiting(db, {key for keys in by_key.values() for key in keys})
    for one, keys in by_key.items():
        if one not in found and (kept := adopting.page_at(db, [key for key in keys if key in waiting])):
            found[one] = kept
    return found


def wanted(db: sqlite3.Connection, now: datetime, retryable: Collection[str]) -> list[Wanted]:
    """The articles whose pages are to be fetched: never asked for, or asked for in vain, with a code of
    ``retryable``, and due once more. The longest untried first, of these the newest articles."""
    codes = sorted(retryable)
    rows = db.execute(
        f"""SELECT a.ref, a.url, f.key, p.tried, p.tries
            FROM pages AS p JOIN articles AS a ON a.id = p.article JOIN feeds AS f ON f.id = a.feed
            WHERE p.fetched IS NULL AND a.url <> ''
              AND (p.tried IS NULL OR (p.tries < ? AND p.code IN ({",".join("?" * len(codes))})))
            ORDER BY p.tried, a.id DESC""",  # noqa: S608 - marks
        (MOST_TRIES, *codes),
    )
    moment = int(now.timestamp())
    return [
        Wanted(ref, url, key)
        for ref, url, key, tried, tries in rows
        if tried is None or _due(tried, tries, moment)
    ]


def _due(tried: int, tries: int, now: int) -> bool:
    # A clock that was set back must not keep a page away for ever.
    return not tried <= now < tried + min(2**tries, _LONGEST) * 3600


def missing(db: sqlite3.Connection, query: Query, feed_keys: Collection[str] | None = None) -> list[Wanted]:
    """The articles that ``query`` asks for whose pages were never read, newest first; of these feeds, where
    some are named."""
    chosen = filters.choose(db, query.where, whole=not query.limit)
    keys = list(feed_keys or ())
    among = "1" if feed_keys is None else f"f.key IN ({','.join('?' * len(keys))})"
    rows = db.execute(
        f"""SELECT a.ref, a.url, f.key FROM {chosen.articles} CROSS JOIN feeds AS f ON f.id = a.feed
            WHERE {chosen.where} AND a.url <> '' AND {among}
            AND NOT EXISTS (SELECT 1 FROM pages AS p WHERE p.article = {chosen.row} AND p.fetched IS NOT NULL)
            ORDER BY {chosen.row} DESC LIMIT {query.limit or -1:d}""",  # noqa: S608 - our own names, marks
        keys,
    )
    return [Wanted(*row) for row in rows]


def related(db: sqlite3.Connection, ref: str) -> list[Related]:
    """What the page of the article with this id names, in its order: archived articles with their own words,
    else short entries; never the article itself."""
    row = db.execute("SELECT id FROM articles WHERE ref = ?", (ref,)).fetchone()
    if row is None:
        return []
    return told.resolved(db, [columns.mention(text) for text in told.mentions(db, row[0])], row[0])


def resolved(db: sqlite3.Connection, mentions: Sequence[Mention]) -> list[Related]:
    """The same for what a page names that is not stored."""
    return told.resolved(db, mentions)


# ------------------------------------------------------------------------------------------- writing


def store(db: sqlite3.Connection, ref: str, page: Page, new: NewArticle, url: str, now: datetime) -> None:
    """Keep the page of the article with this id, and what it and its feed say together, as ``new`` has it.
    Id, read and star state and content hash stay. Call it inside a transaction."""
    row = db.execute(
        "SELECT id, identity, second, hash, first_seen FROM articles WHERE ref = ?", (ref,)
    ).fetchone()
    if row is None:
        return
    values = columns.of_entry(new.entry) | columns.of_understanding(new)
    del values["blocks"]
    before = edits.words(db, row[0]) if _was_read(db, row[0]) else None
    place = articles.update(db, Known._make(row), values)
    labels.attach(db, [(place, new)])
    _put(db, place, page, url, now)
    if before:  # the page was fetched once more: what the feed alone said is no earlier wording
        edits.record(db, place, before, int(now.timestamp()))


def _was_read(db: sqlite3.Connection, row: int) -> bool:
    return (
        db.execute("SELECT 1 FROM pages WHERE article = ? AND fetched IS NOT NULL", (row,)).fetchone()
        is not None
    )


def _put(db: sqlite3.Connection, row: int, page: Page, url: str, now: datetime) -> None:
    """The page by itself, and what waited under the addresses it tells of."""
    learnt = told.put(db, row, page, url, int(now.timestamp()))
    adopting.adopt(db, row, learnt)


def record_failure(db: sqlite3.Connection, ref: str, failed: Failed, now: datetime) -> None:
    """The page of the article with this id could not be read; a page that was read before stays."""
    db.execute(
        """INSERT INTO pages (article, tried, tries, code, message, http_status)
           SELECT id, :now, 1, :code, :message, :status FROM articles WHERE ref = :ref
           ON CONFLICT (article) DO UPDATE SET tried = :now, tries = tries + 1, code = :code,
                  message = :message, http_status = :status""",
        {
            "now": int(now.timestamp()),
            "code": failed.code,
            "message": failed.cause,
            "status": failed.http_status,
            "ref": ref,
        },
    )


def keep(db: sqlite3.Connection, new: NewArticle, page: Page, now: datetime) -> str:
    """Store a page that was read from a file; ``new`` is made of nothing else. Gives the id: that of the
    article which is known by its address, else one of its own. Call it inside a transaction.

    Of a feed's article the page alone is kept, so that nothing is lost that only the feed says; who has both
    calls `store`.
    """
    row = addresses.find(db, page.url or new.entry.link)
    if row is None:
        ref = _saved(db, new, now)
    else:
        ref, *feed = db.execute(
            "SELECT a.ref, f.key, f.url FROM articles AS a JOIN feeds AS f ON f.id = a.feed WHERE a.id = ?",
            (row,),
        ).fetchone()
        if feed != [SAVED, SAVED_URL]:
            _put(db, row, page, page.url, now)
            return str(ref)
    store(db, ref, page, new, page.url, now)
    return str(ref)


def _saved(db: sqlite3.Connection, new: NewArticle, now: datetime) -> str:
    """The id of an article of no publisher's feed."""
    feed_id = feeds.rowid(db, Feed(SAVED, SAVED_URL))
    db.execute("UPDATE feeds SET title = ? WHERE id = ?", (_("Saved pages"), feed_id))
    removed.forget(db, feed_id, new.entry)
    articles.store(db, feed_id, SAVED_URL, [new], now)
    found = db.execute(
        "SELECT ref FROM articles WHERE feed = ? AND identity = ?", (feed_id, identity(new.entry))
    )
    return str(found.fetchone()[0])
