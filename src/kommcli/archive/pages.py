"""Pages of archived articles: what they say, which are wanted, and what they are related to."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from kommcli.archive import addresses, articles, columns, feeds, filters, labels, stubs
from kommcli.archive.articles import Known
from kommcli.archive.identity import canonical, identity, of_mention
from kommcli.archive.stubs import SAVED, SAVED_URL
from kommcli.conditions import Query
from kommcli.i18n import _
from kommcli.model import Entry, Failed, Feed, Mention, NewArticle, Page, PageState, Related
from kommcli.text import fold

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
    url, tried, fetched, tries, code, message, status = row
    return PageState(
        url, columns.maybe_instant(tried), columns.maybe_instant(fetched), tries, code, message, status
    )


def page(db: sqlite3.Connection, ref: str) -> Page | None:
    """The page of the article with this id, with its related items; None where it was never read."""
    row = db.execute(
        """SELECT p.page, p.blocks, a.id FROM pages AS p JOIN articles AS a ON a.id = p.article
           WHERE a.ref = ? AND p.page IS NOT NULL""",
        (ref,),
    ).fetchone()
    return columns.page(row[0], row[1], _mentions(db, row[2])) if row else None


def _mentions(db: sqlite3.Connection, row: int) -> list[str]:
    found = db.execute("SELECT mention FROM mentions WHERE article = ? ORDER BY position", (row,))
    return [text for (text,) in found]


def known(db: sqlite3.Connection, feed_id: int, entries: Sequence[Entry]) -> dict[str, Page]:
    """The pages of these entries of a feed, by the entry's identity; also those that were read before a feed
    brought the article."""
    nothing = """SELECT 1 WHERE EXISTS (SELECT 1 FROM pages WHERE page IS NOT NULL)
                 OR EXISTS (SELECT 1 FROM stubs WHERE page IS NOT NULL)"""
    if db.execute(nothing).fetchone() is None:
        return {}
    found: dict[str, Page] = {}
    for entry in entries:
        key, met_by = identity(entry), addresses.of_entry(entry)
        row = db.execute(
            """SELECT p.page, p.blocks FROM articles AS a JOIN pages AS p ON p.article = a.id
               WHERE a.feed = ? AND a.identity = ? AND p.page IS NOT NULL""",
            (feed_id, key),
        ).fetchone()
        kept = columns.page(*row) if row else stubs.page_at(db, met_by)
        if kept is None and entry.link:
            kept = _by_link(db, feed_id, entry.link)
        if kept:
            found[key] = kept
    return found


def _by_link(db: sqlite3.Connection, feed_id: int, link: str) -> Page | None:
    """For feeds that give a new guid at every visit."""
    row = db.execute(
        """SELECT p.page, p.blocks FROM articles AS a JOIN pages AS p ON p.article = a.id
           WHERE a.feed = ? AND a.second = ? AND p.page IS NOT NULL""",
        (feed_id, "l:" + canonical(link)),
    ).fetchone()
    return columns.page(*row) if row else None


def wanted(db: sqlite3.Connection, now: datetime, retryable: Collection[str]) -> list[Wanted]:
    """The articles whose pages are to be fetched: never asked for, or asked for in vain and due once more.
    Newest articles first; those that failed come last."""
    rows = db.execute(
        """SELECT a.ref, a.url, f.key, p.tried, p.tries, p.code
           FROM pages AS p JOIN articles AS a ON a.id = p.article JOIN feeds AS f ON f.id = a.feed
           WHERE p.fetched IS NULL AND a.url <> '' ORDER BY p.tries, a.id DESC"""
    )
    return [
        Wanted(ref, url, key)
        for ref, url, key, tried, tries, code in rows
        if tried is None or (code in retryable and tries < MOST_TRIES and _due(tried, tries, now))
    ]


def _due(tried: int, tries: int, now: datetime) -> bool:
    wait = timedelta(hours=min(2**tries, _LONGEST))
    # A clock that was set back must not keep a page away for ever.
    return not columns.instant(tried) <= now < columns.instant(tried) + wait


def missing(db: sqlite3.Connection, query: Query, feed_keys: Collection[str] | None = None) -> list[Wanted]:
    """The articles that ``query`` asks for whose pages were never read, newest first; of these feeds."""
    chosen = filters.choose(db, query.where)
    rows = db.execute(
        f"""SELECT a.ref, a.url, f.key FROM {chosen.articles} CROSS JOIN feeds AS f ON f.id = a.feed
            WHERE {chosen.where} AND a.url <> ''
            AND NOT EXISTS (SELECT 1 FROM pages AS p WHERE p.article = {chosen.row} AND p.fetched IS NOT NULL)
            ORDER BY {chosen.row} DESC LIMIT {query.limit or -1:d}""",  # noqa: S608 - our own names
        chosen.values,
    )
    return [Wanted(*row) for row in rows if feed_keys is None or row[2] in feed_keys]


def related(db: sqlite3.Connection, ref: str) -> list[Related]:
    """What the page of the article with this id names, in its order: archived articles with their own words,
    else short entries."""
    row = db.execute("SELECT id FROM articles WHERE ref = ?", (ref,)).fetchone()
    return resolved(db, [columns.mention(text) for text in _mentions(db, row[0])], ref) if row else []


def resolved(db: sqlite3.Connection, mentions: Sequence[Mention], own: str = "") -> list[Related]:
    """``mentions`` with the ids of the articles and short entries that they mean; the article ``own`` is left
    out."""
    found = []
    for mention in mentions:
        target = _target(db, mention)
        if target and target[0] == own:
            continue
        if target is None:
            found.append(Related(mention, stubs.ref_of(db, of_mention(mention))))
            continue
        ref, url, kicker, title = target
        same = Mention(
            title, kicker or mention.kicker, url or mention.url, mention.published, mention.teaser,
            mention.kind, mention.alt,
        )  # fmt: skip
        found.append(Related(same, ref, archived=True))
    return found


def _target(db: sqlite3.Connection, mention: Mention) -> tuple[str, str, str, str] | None:
    """Id, address, kicker and title of the archived article that is meant."""
    row = addresses.find(db, mention.url) if mention.url else _by_day(db, mention)
    if row is None:
        return None
    found = db.execute("SELECT ref, url, kicker, title FROM articles WHERE id = ?", (row,)).fetchone()
    return (found[0], found[1], found[2], found[3])


def _by_day(db: sqlite3.Connection, mention: Mention) -> int | None:
    """The article of the same day with the same headline: a page on paper names no addresses."""
    if mention.published is None:
        return None
    first = filters.first_row(mention.published)
    after = filters.first_row(mention.published + timedelta(hours=25))
    headline = fold(mention.title)
    for row, kicker, title in db.execute(
        "SELECT id, kicker, title FROM articles WHERE id >= ? AND id < ? ORDER BY id DESC", (first, after)
    ):
        if fold(title) == headline and (
            not kicker or not mention.kicker or fold(kicker) == fold(mention.kicker)
        ):
            return int(row)
    return None


# ------------------------------------------------------------------------------------------- writing


def store(db: sqlite3.Connection, ref: str, page: Page, new: NewArticle, url: str, now: datetime) -> None:
    """Keep the page of the article with this id, and what it and its feed say together, as ``new`` has it.
    Id, read and star state and content hash stay. Call it inside a transaction."""
    row = db.execute(
        "SELECT id, identity, second, hash, first_seen, feed FROM articles WHERE ref = ?", (ref,)
    ).fetchone()
    if row is None:
        return
    *known, feed_id = row
    values = columns.of_entry(new.entry) | columns.of_understanding(new)
    del values["blocks"]
    place = articles.update(db, Known(*known), values)
    labels.attach(db, [(place, new)])
    seconds = int(now.timestamp())
    stubs.put_page(db, place, page, url, seconds, seconds)
    addresses.add(db, place, (*addresses.forms(url), *addresses.forms(page.url)))
    db.execute("DELETE FROM mentions WHERE article = ?", (place,))
    for position, mention in enumerate(page.related):
        stubs.put_mention(db, place, position, mention)
        if _target(db, mention) is None:
            stubs.add(db, feed_id, mention, now)


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
    """Store a page that no feed has told of, as an article of its own. Gives the id. Call it inside a
    transaction."""
    feed_id = feeds.rowid(db, Feed(SAVED, SAVED_URL))
    db.execute("UPDATE feeds SET title = ? WHERE id = ?", (_("Saved pages"), feed_id))
    articles.store(db, feed_id, SAVED_URL, [new], now)
    key = identity(new.entry)
    found = db.execute("SELECT ref FROM articles WHERE feed = ? AND identity = ?", (feed_id, key))
    ref = str(found.fetchone()[0])
    store(db, ref, page, new, page.url, now)
    return ref
