"""Storing, finding and marking articles."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from kommcli.archive import (
    addresses,
    adopting,
    columns,
    edits,
    filters,
    fulltext,
    labels,
    removed,
    stories,
    stubs,
)
from kommcli.archive.identity import content_hash, identity, second_identity
from kommcli.archive.schema import SERIAL_BITS
from kommcli.conditions import Condition, Query
from kommcli.model import Article, Block, Entry, NewArticle, Source, Telling

_SOME = 200
"""Of more articles than these it is not the newest that are wanted."""


class Stored(NamedTuple):
    """How many articles were new and how many changed."""

    new: int
    changed: int


class Known(NamedTuple):
    """What identifies a stored article."""

    id: int
    identity: str
    second: str
    hash: str
    first_seen: int


# ------------------------------------------------------------------------------------------- storing


def store(
    db: sqlite3.Connection,
    feed_id: int,
    feed_url: str,
    articles: Sequence[NewArticle],
    now: datetime,
    *,
    wanted: bool = False,
) -> Stored:
    """Bring the articles of one feed, in the feed's order, into the archive.

    New ones are inserted, changed ones updated in place with their read and star state and `first_seen`,
    the same ones not touched; what the feed no longer has stays, what was taken out stays out. Where a feed
    has one guid twice, the first wins. ``wanted``: the pages of new articles are to be fetched. Call it
    inside a transaction.
    """
    unique = _unique(articles)
    said = {key: _said(article) for key, article in unique.items()}
    known, own = matched(db, feed_id, said), addresses.own(said)
    gone = removed.among(db, feed_id, [(key, entry) for key, entry in said.items() if key not in known])
    written: list[tuple[int, NewArticle]] = []
    met: dict[int, tuple[str, ...]] = {}
    new = []
    # Backwards, so that of several with the same date the feed's first gets the highest rowid.
    for key, article in reversed(unique.items()):
        if key in gone:
            continue
        values = _values(article) | {"feed": feed_id, "identity": key}
        row = known.get(key)
        if row is None or row.hash != values["hash"]:
            before = edits.words(db, row.id) if row else None
            place = update(db, row, values) if row else _insert(db, feed_url, values, now)
            if before:
                edits.record(db, place, before, int(now.timestamp()))
            addresses.add(db, place, addresses.of_entry(said[key]))
            met[place] = (*own[key], *_title_key(article.entry))
            written.append((place, article))
            if row is None:
                new.append(place)
        elif row.identity != key:
            db.execute("UPDATE articles SET identity = ? WHERE id = ?", (key, row.id))
    labels.attach(db, written)
    fulltext.learn(db, (row for row, _article in written))
    adopting.adopt_all(db, met)
    if wanted:
        db.executemany("INSERT OR IGNORE INTO pages (article) VALUES (?)", [(row,) for row in new])
    return Stored(len(new), len(written) - len(new))


def _said(article: NewArticle) -> Entry:
    return article.said or article.entry


def _unique(articles: Iterable[NewArticle]) -> dict[str, NewArticle]:
    unique: dict[str, NewArticle] = {}
    for article in articles:
        unique.setdefault(identity(_said(article)), article)
    return unique


def _values(article: NewArticle) -> dict[str, columns.Value]:
    """The columns of ``article``: what feed and page say together; text, hash and second key of the feed's
    own words."""
    entry = _said(article)
    said = columns.of_entry(entry)
    shown = said if article.said is None else columns.of_entry(article.entry)
    bare = said | {"blocks": columns.without_links(said["blocks"])}
    return {
        **shown,
        **columns.of_understanding(article),
        "blocks": said["blocks"],
        "hash": content_hash(bare.values()),
        "second": second_identity(entry),
    }


def _title_key(entry: Entry) -> tuple[str, ...]:
    """The key that it would have on a page on paper; a headline alone says nothing."""
    return (addresses.by_title(entry.kicker, entry.title, entry.published),) if entry.published else ()


def matched(db: sqlite3.Connection, feed_id: int, entries: Mapping[str, Entry]) -> dict[str, Known]:
    """The feed's stored article for each of ``entries``, by their `identity`, that has one: by that or by the
    second key."""
    known = {row.identity: row for row in _rows(db, feed_id, "identity", list(entries))}
    seconds = {key: second_identity(entry) for key, entry in entries.items()}
    counts = Counter(seconds.values())
    # A second key that several entries share (all link to the home page) says nothing about one of them.
    missing = {
        second: key for key, second in seconds.items() if key not in known and second and counts[second] == 1
    }
    for row in _rows(db, feed_id, "second", list(missing)):
        # The row's own entry may still be in the feed: then this is another article with the same link.
        if row.identity not in entries:
            known.setdefault(missing[row.second], row)
    return known


def _rows(db: sqlite3.Connection, feed_id: int, column: str, values: list[str]) -> Iterator[Known]:
    for some, marks in columns.chunks(values):
        yield from map(
            Known._make,
            db.execute(
                f"SELECT id, identity, second, hash, first_seen FROM articles"  # noqa: S608 - our own column names
                f" WHERE feed = ? AND {column} IN ({marks}) ORDER BY id",
                (feed_id, *some),
            ),
        )


def _insert(db: sqlite3.Connection, feed_url: str, values: dict[str, columns.Value], now: datetime) -> int:
    """The rowid of the new article with ``values``."""
    first_seen = int(now.timestamp())
    row = _free_id(db, _sort_instant(values, first_seen))
    ref = stubs.free_ref(db, feed_url, str(values["identity"]))
    blocks = values.pop("blocks")
    values |= {"id": row, "ref": ref, "first_seen": first_seen}
    names = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    db.execute(f"INSERT INTO articles ({names}) VALUES ({marks})", values)  # noqa: S608 - our own names
    db.execute("INSERT INTO bodies (article, blocks) VALUES (?, ?)", (row, blocks))
    db.execute("INSERT INTO arrivals (article) VALUES (?)", (row,))
    return row


def update(db: sqlite3.Connection, row: Known, values: dict[str, columns.Value]) -> int:
    """The rowid, which may be another than before, of the article that has ``values`` now and no label; its
    feed's text stays where ``values`` have no ``blocks``."""
    instant = _sort_instant(values, row.first_seen)
    moved = row.id if row.id >> SERIAL_BITS == instant else _free_id(db, instant)
    blocks = values.pop("blocks", None)
    values |= {"id": moved}
    labels.detach(db, row.id)
    fulltext.forget(db, row.id)
    pairs = ", ".join(f"{name} = :{name}" for name in values)
    db.execute(f"UPDATE articles SET {pairs} WHERE id = :old", values | {"old": row.id})  # noqa: S608
    if blocks is not None:
        db.execute("UPDATE bodies SET blocks = ? WHERE article = ?", (blocks, moved))
    return moved


def _sort_instant(values: Mapping[str, columns.Value], first_seen: int) -> int:
    """Unix seconds that an article is sorted by: a date in the future must not pin it to the top."""
    published = values["published"]
    return first_seen if published is None else min(int(published), first_seen)


def _free_id(db: sqlite3.Connection, instant: int) -> int:
    first = instant << SERIAL_BITS
    end = (instant + 1) << SERIAL_BITS
    last = db.execute("SELECT max(id) FROM articles WHERE id >= ? AND id < ?", (first, end)).fetchone()[0]
    return first if last is None else int(last) + 1


def remove(db: sqlite3.Connection, rows: Sequence[int]) -> None:
    """Take the articles with these rowids out, with all that hangs on them; the only way an article goes.

    They stay out though their feed still shows them. Call it inside a transaction of a connection with
    foreign keys in force.
    """
    removed.remember(db, rows)
    told = set(stories.told(db, rows).values()) - {""}
    for row in rows:
        fulltext.forget(db, row)
    for some, marks in columns.chunks(rows):
        db.execute(f"DELETE FROM articles WHERE id IN ({marks})", some)  # noqa: S608 - marks
    stories.led_anew(db, told)


# ------------------------------------------------------------------------------------------- reading


def select(
    db: sqlite3.Connection, query: Query, titles: Mapping[str, str] | None = None, *, every: bool = False
) -> list[Article]:
    """The articles that ``query`` asks for, newest first; of a story the best source's among them,
    or ``every`` one. ``titles`` are the configured names of feeds."""
    if every:
        rows = list(_newest(db, query, columns.LISTED))
    else:
        found = _newest(db, query, f"a.id, a.story, a.teller, {columns.LISTED}", limited=False)
        rows = [row[3:] for row in islice(told_once(db, query.where, found), query.limit or None)]
    return with_story([columns.article(row, titles or {}) for row in rows], db, titles or {})


def told_once(
    db: sqlite3.Connection, where: Condition, rows: Iterable[Sequence[Any]]
) -> Iterator[Sequence[Any]]:
    """Those of ``rows`` (rowid, story, place in it, …) that lead their story among the articles for which
    ``where`` holds."""
    leaders: dict[str, int] = {}
    for row in rows:
        story = row[1]
        if story and story not in leaders:
            tellers = stories.tellers(db, story)
            holding = filters.holding(db, where, tellers)
            leaders[story] = next((one for one in tellers if one in holding), row[0])
        if not story or leaders[story] == row[0]:
            yield row


def tellers(db: sqlite3.Connection, rows: Sequence[int]) -> list[tuple[int, str, int, str]]:
    """Rowid, story, place in it and id of these articles, in this order."""
    found: dict[int, tuple[int, str, int, str]] = {}
    for some, marks in columns.chunks(rows):
        query = f"SELECT id, story, teller, ref FROM articles WHERE id IN ({marks})"  # noqa: S608 - marks
        found |= {one[0]: one for one in db.execute(query, some)}
    return [found[row] for row in rows]


def of_story(db: sqlite3.Connection, one: Article, titles: Mapping[str, str]) -> list[Article]:
    """All articles that tell the story of ``one``, the leading one first."""
    return by_rows(db, stories.tellers(db, one.story), titles)


def with_story(found: list[Article], db: sqlite3.Connection, titles: Mapping[str, str]) -> list[Article]:
    """``found`` with the others that tell the same stories."""
    tellings: dict[str, list[Telling]] = defaultdict(list)
    for some, marks in columns.chunks({one.story for one in found if one.story}):
        for story, ref, url, key, title, feed_url in db.execute(
            f"""SELECT a.story, a.ref, a.url, f.key, f.title, f.url FROM articles AS a
                JOIN feeds AS f ON f.id = a.feed
                WHERE a.story <> '' AND a.story IN ({marks}) ORDER BY a.teller""",  # noqa: S608
            some,
        ):
            source = Source(key, titles.get(key) or title or key, feed_url)
            tellings[story].append(Telling(ref, source, url))
    return [
        replace(one, also_in=tuple(other for other in tellings[one.story] if other.id != one.id))
        if one.story
        else one
        for one in found
    ]


def ids(db: sqlite3.Connection, query: Query) -> list[str]:
    """The ids of the articles that ``query`` asks for, newest first."""
    return [row[0] for row in _newest(db, query, "a.ref")]


def _newest(db: sqlite3.Connection, query: Query, wanted: str, *, limited: bool = True) -> sqlite3.Cursor:
    """The columns ``wanted`` of the newest articles; not ``limited``, more can be fetched than were asked
    for, as some tell a story that was told."""
    chosen = filters.choose(db, query.where, whole=not 0 < query.limit <= _SOME)
    limit = query.limit if limited else 0
    return db.execute(
        f"SELECT {wanted} FROM {chosen.articles} CROSS JOIN feeds AS f ON f.id = a.feed"  # noqa: S608 - ours
        f" WHERE {chosen.where} ORDER BY {chosen.row} DESC LIMIT {limit or -1:d}",
    )


def by_rows(db: sqlite3.Connection, rows: Sequence[int], titles: Mapping[str, str]) -> list[Article]:
    """The articles with these rowids, in this order."""
    return by_ids(db, [_ref(db, row) for row in rows], titles)


def by_ids(
    db: sqlite3.Connection, ids: Iterable[str], titles: Mapping[str, str] | None = None
) -> list[Article]:
    """The articles with these ids, in this order; unknown ones are left out."""
    found = []
    for ref in ids:
        row = db.execute(
            f"SELECT {columns.LISTED} FROM articles AS a JOIN feeds AS f ON f.id = a.feed WHERE a.ref = ?",  # noqa: S608
            (ref,),
        ).fetchone()
        if row is not None:
            found.append(columns.article(row, titles or {}))
    return with_story(found, db, titles or {})


def resolve(db: sqlite3.Connection, ref: str) -> list[str]:
    """The ids that ``ref`` may mean: an id, now or formerly, the beginning of ids (at most 5 are named), or
    an address in any of its forms. They are those of articles, or of short entries (`stubs.find`)."""
    if "://" in ref:
        row = addresses.find(db, ref)
        if row is not None:
            return [_ref(db, row)]
        keys = addresses.forms(ref)
        return [found] if keys and (found := stubs.ref_of(db, "l:" + keys[-1])) else []
    start = ref.lower()
    if not start.isascii() or not start.isalnum():
        return []
    for table in ("articles", "stubs"):
        if db.execute(f"SELECT 1 FROM {table} WHERE ref = ?", (start,)).fetchone():  # noqa: S608 - ours
            return [start]
    if former := db.execute("SELECT article FROM refs WHERE ref = ?", (start,)).fetchone():
        return [_ref(db, former[0])]
    # "~" sorts after every letter of an id: a range of the index, where LIKE would read the table.
    rows = db.execute(
        """SELECT ref FROM articles WHERE ref > :start AND ref < :end
           UNION SELECT ref FROM stubs WHERE ref > :start AND ref < :end
           UNION SELECT a.ref FROM refs AS r JOIN articles AS a ON a.id = r.article
                 WHERE r.ref > :start AND r.ref < :end ORDER BY ref LIMIT 5""",
        {"start": start, "end": start + "~"},
    ).fetchall()
    return [row[0] for row in rows]


def _ref(db: sqlite3.Connection, row: int) -> str:
    return str(db.execute("SELECT ref FROM articles WHERE id = ?", (row,)).fetchone()[0])


def body(db: sqlite3.Connection, article_id: str) -> tuple[Block, ...]:
    """The blocks of the article with this id: of its page where that was read, else as its feed gave them."""
    row = db.execute(
        """SELECT coalesce(p.blocks, b.blocks) FROM articles AS a JOIN bodies AS b ON b.article = a.id
           LEFT JOIN pages AS p ON p.article = a.id WHERE a.ref = ?""",
        (article_id,),
    ).fetchone()
    return columns.blocks(row[0]) if row else ()


def is_empty(db: sqlite3.Connection) -> bool:
    """Whether the archive has no article at all."""
    return db.execute("SELECT 1 FROM articles LIMIT 1").fetchone() is None


def mark(
    db: sqlite3.Connection, ids: Iterable[str], *, read: bool | None = None, starred: bool | None = None
) -> int:
    """Set the read or star state of articles; how many were not in that state before."""
    column, value = ("read", read) if read is not None else ("starred", starred)
    changed = 0
    for ref in ids:
        changed += db.execute(
            f"UPDATE articles SET {column} = ? WHERE ref = ? AND {column} <> ?",  # noqa: S608 - our own columns
            (int(bool(value)), ref, int(bool(value))),
        ).rowcount
    return changed
