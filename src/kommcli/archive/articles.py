"""Storing, finding and marking articles."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, NamedTuple

from kommcli.archive.identity import content_hash, identity, second_identity, short_ids
from kommcli.archive.schema import SERIAL_BITS
from kommcli.model import (
    Article,
    Block,
    BlockType,
    Enclosure,
    Image,
    NewArticle,
    Place,
    Query,
    Source,
    Topic,
)
from kommcli.urls import canonical


class Stored(NamedTuple):
    """How many articles were new and how many changed."""

    new: int
    changed: int


class _Known(NamedTuple):
    id: int
    identity: str
    second: str
    hash: str
    first_seen: int


# ------------------------------------------------------------------------------------------- storing


def store(
    db: sqlite3.Connection, feed_id: int, feed_url: str, articles: Sequence[NewArticle], now: datetime
) -> Stored:
    """Bring the articles of one feed, in the feed's order, into the archive.

    New ones are inserted, changed ones updated in place with their read and star state and `first_seen`,
    the same ones not touched; what the feed no longer has stays. Where a feed has one guid twice, the
    first wins. Call it inside a transaction.
    """
    unique: dict[str, NewArticle] = {}
    for article in articles:
        unique.setdefault(identity(article.entry), article)
    known = _known(db, feed_id, unique)
    new = changed = 0
    # Backwards, so that of several with the same date the feed's first gets the highest rowid.
    for key, article in reversed(unique.items()):
        digest = content_hash(article)
        row = known.get(key)
        if row is None:
            _insert(db, feed_id, feed_url, key, digest, article, int(now.timestamp()))
            new += 1
        elif row.hash != digest:
            _update(db, row, key, digest, article)
            changed += 1
        elif row.identity != key:
            db.execute("UPDATE articles SET identity = ? WHERE id = ?", (key, row.id))
    return Stored(new, changed)


def _known(db: sqlite3.Connection, feed_id: int, wanted: Mapping[str, NewArticle]) -> dict[str, _Known]:
    """The archive's row for each key of ``wanted`` that has one, by first or by second key."""
    known = {row.identity: row for row in _rows(db, feed_id, "identity", list(wanted))}
    seconds = {key: second_identity(a.entry) for key, a in wanted.items()}
    counts = Counter(seconds.values())
    # A second key that several entries share (all link to the home page) says nothing about one of them.
    missing = {
        second: key for key, second in seconds.items() if key not in known and second and counts[second] == 1
    }
    for row in _rows(db, feed_id, "second", list(missing)):
        # The row's own entry may still be in the feed: then this is another article with the same link.
        if row.identity not in wanted:
            known.setdefault(missing[row.second], row)
    return known


def _rows(db: sqlite3.Connection, feed_id: int, column: str, values: list[str]) -> Iterator[_Known]:
    for start in range(0, len(values), 500):
        chunk = values[start : start + 500]
        marks = ",".join("?" * len(chunk))
        yield from map(
            _Known._make,
            db.execute(
                f"SELECT id, identity, second, hash, first_seen FROM articles"  # noqa: S608 - our own column names
                f" WHERE feed = ? AND {column} IN ({marks}) ORDER BY id",
                (feed_id, *chunk),
            ),
        )


def _insert(
    db: sqlite3.Connection,
    feed_id: int,
    feed_url: str,
    key: str,
    digest: str,
    article: NewArticle,
    now: int,
) -> None:
    row = _free_id(db, _sort_instant(article, now))
    values = _values(article) | {
        "id": row,
        "ref": _free_ref(db, feed_url, key),
        "feed": feed_id,
        "identity": key,
        "hash": digest,
        "first_seen": now,
    }
    names = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    db.execute(f"INSERT INTO articles ({names}) VALUES ({marks})", values)  # noqa: S608 - our own names
    _store_body(db, row, article)


def _update(db: sqlite3.Connection, row: _Known, key: str, digest: str, article: NewArticle) -> None:
    instant = _sort_instant(article, row.first_seen)
    moved = row.id if row.id >> SERIAL_BITS == instant else _free_id(db, instant)
    values = _values(article) | {"identity": key, "hash": digest, "id": moved}
    pairs = ", ".join(f"{name} = :{name}" for name in values)
    db.execute(f"UPDATE articles SET {pairs} WHERE id = :old", values | {"old": row.id})  # noqa: S608
    _store_body(db, moved, article)


def _sort_instant(article: NewArticle, first_seen: int) -> int:
    """Unix seconds that an article is sorted by: a date in the future must not pin it to the top."""
    published = article.entry.published
    return first_seen if published is None else min(int(published.timestamp()), first_seen)


def _free_id(db: sqlite3.Connection, instant: int) -> int:
    first = instant << SERIAL_BITS
    end = (instant + 1) << SERIAL_BITS
    last = db.execute("SELECT max(id) FROM articles WHERE id >= ? AND id < ?", (first, end)).fetchone()[0]
    return first if last is None else int(last) + 1


def _free_ref(db: sqlite3.Connection, feed_url: str, key: str) -> str:
    candidates = short_ids(feed_url, key)
    for ref in candidates:
        if db.execute("SELECT 1 FROM articles WHERE ref = ?", (ref,)).fetchone() is None:
            return ref
    raise AssertionError("two articles share a hash of 99 bits")


def _values(article: NewArticle) -> dict[str, str | int | None]:
    entry = article.entry
    return {
        "second": second_identity(entry),
        "url": entry.link,
        "kicker": entry.kicker,
        "title": entry.title,
        "kind": article.kind,
        "published": _seconds(entry.published),
        "updated": _seconds(entry.updated),
        "teaser": entry.teaser,
        "image": _json(asdict(entry.image)) if entry.image else None,
        "enclosure": _json(asdict(entry.enclosure)) if entry.enclosure else None,
        "states": _json(article.states),
        "places": _json([asdict(place) for place in article.places]),
        "topics": _json([asdict(topic) for topic in article.topics]),
        "categories": _json(entry.categories),
        "author": entry.author,
        "truncated": int(entry.truncated),
    }


def _store_body(db: sqlite3.Connection, article_id: int, article: NewArticle) -> None:
    blocks = [[block.type.value, block.text] for block in article.entry.body]
    db.execute("INSERT OR REPLACE INTO bodies (article, blocks) VALUES (?, ?)", (article_id, _json(blocks)))


# ------------------------------------------------------------------------------------------- reading

_COLUMNS = """a.ref, a.title, f.key, f.title, f.url, a.published, a.first_seen, a.kicker, a.url, a.kind,
 a.updated, a.teaser, a.image, a.enclosure, a.states, a.places, a.topics, a.truncated, a.read, a.starred"""


class _Row(NamedTuple):
    """A row of `_COLUMNS`."""

    ref: str
    title: str
    feed_key: str
    feed_title: str
    feed_url: str
    published: int | None
    first_seen: int
    kicker: str
    url: str
    kind: str
    updated: int | None
    teaser: str
    image: str | None
    enclosure: str | None
    states: str
    places: str
    topics: str
    truncated: int
    read: int
    starred: int


def select(db: sqlite3.Connection, query: Query, titles: Mapping[str, str] | None = None) -> list[Article]:
    """The articles that ``query`` asks for, newest first. ``titles`` are the configured names of feeds."""
    where, values = _conditions(query)
    limit = "LIMIT ?" if query.limit else ""
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM articles AS a JOIN feeds AS f ON f.id = a.feed"  # noqa: S608 - no outside text
        f" WHERE {where} ORDER BY a.id DESC {limit}",
        (*values, query.limit) if query.limit else values,
    )
    return [_article(row, titles or {}) for row in rows]


def _conditions(query: Query) -> tuple[str, list[str | int]]:
    where, values = ["1"], list[str | int]()
    if query.since is not None:
        where.append("a.id >= ?")
        values.append(int(query.since.timestamp()) << SERIAL_BITS)
    if query.until is not None:
        where.append("a.id < ?")
        values.append(int(query.until.timestamp()) << SERIAL_BITS)
    if query.feeds:
        marks = ",".join("?" * len(query.feeds))
        where.append(f"a.feed IN (SELECT id FROM feeds WHERE key IN ({marks}))")  # noqa: S608 - marks only
        values.extend(query.feeds)
    if query.unread:
        where.append("a.read = 0")
    if query.starred:
        where.append("a.starred = 1")
    return " AND ".join(where), values


def by_ids(
    db: sqlite3.Connection, ids: Iterable[str], titles: Mapping[str, str] | None = None
) -> list[Article]:
    """The articles with these ids, in this order; unknown ones are left out."""
    found = []
    for ref in ids:
        row = db.execute(
            f"SELECT {_COLUMNS} FROM articles AS a JOIN feeds AS f ON f.id = a.feed WHERE a.ref = ?",  # noqa: S608
            (ref,),
        ).fetchone()
        if row is not None:
            found.append(_article(row, titles or {}))
    return found


def resolve(db: sqlite3.Connection, ref: str) -> list[str]:
    """The ids that ``ref`` may mean: an id, the beginning of ids (at most 5 are named), or an address."""
    if "://" in ref:
        rows = db.execute(
            "SELECT ref FROM articles WHERE second = ? ORDER BY id DESC LIMIT 1", ("l:" + canonical(ref),)
        ).fetchall()
        return [row[0] for row in rows]
    start = ref.lower()
    if not start.isascii() or not start.isalnum():
        return []
    if db.execute("SELECT 1 FROM articles WHERE ref = ?", (start,)).fetchone():
        return [start]
    # "~" sorts after every letter of an id: a range of the index, where LIKE would read the table.
    rows = db.execute(
        "SELECT ref FROM articles WHERE ref > ? AND ref < ? ORDER BY ref LIMIT 5", (start, start + "~")
    ).fetchall()
    return [row[0] for row in rows]


def body(db: sqlite3.Connection, article_id: str) -> tuple[Block, ...]:
    """The blocks of the article with this id, as far as its feed gave them."""
    row = db.execute(
        "SELECT blocks FROM bodies WHERE article = (SELECT id FROM articles WHERE ref = ?)", (article_id,)
    ).fetchone()
    return tuple(Block(BlockType(kind), text) for kind, text in json.loads(row[0])) if row else ()


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


def _article(values: Sequence[object], titles: Mapping[str, str]) -> Article:
    row = _Row._make(values)
    return Article(
        id=row.ref,
        title=row.title,
        source=Source(row.feed_key, titles.get(row.feed_key) or row.feed_title or row.feed_key, row.feed_url),
        published=_instant(row.first_seen if row.published is None else row.published),
        first_seen=_instant(row.first_seen),
        kicker=row.kicker,
        url=row.url,
        kind=row.kind,
        published_is_estimate=row.published is None,
        updated=None if row.updated is None else _instant(row.updated),
        teaser=row.teaser,
        image=Image(**json.loads(row.image)) if row.image else None,
        enclosure=Enclosure(**json.loads(row.enclosure)) if row.enclosure else None,
        states=tuple(json.loads(row.states)),
        places=tuple(_place(place) for place in json.loads(row.places)),
        topics=tuple(Topic(**topic) for topic in json.loads(row.topics)),
        truncated=bool(row.truncated),
        read=bool(row.read),
        starred=bool(row.starred),
    )


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _place(value: dict[str, Any]) -> Place:
    return Place(value["name"], value["kind"], value["ags"], tuple(value["states"]))


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())


_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
