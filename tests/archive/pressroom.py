"""Articles with addresses and pages for the tests of what pages tell."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import timedelta

from archive.newsstand import NOW
from kommcli.archive import articles, feeds, pages
from kommcli.archive.database import transaction
from kommcli.model import Block, BlockType, Entry, Feed, Mention, NewArticle, Page

SITE = "https://www.k21.example"


def link(slug: object) -> str:
    """The address of an article."""
    return f"{SITE}/k21-meldungen/{slug}/"


def entry(number: int, **changes: object) -> Entry:
    """An entry of ``number`` hours ago, known by a guid that is no address."""
    values: dict[str, object] = {
        "title": f"Title {number}",
        "guid": f"guid-{number}",
        "link": link(number),
        "published": NOW - timedelta(hours=number),
        "teaser": f"Teaser {number}.",
        "body": (Block(BlockType.PARAGRAPH, f"Feed {number}."),),
    }
    return Entry(**(values | changes))  # type: ignore[arg-type]


def page(number: int, *related: Mention, **changes: object) -> Page:
    """The page of `entry` with the same number."""
    values: dict[str, object] = {
        "title": f"Title {number}",
        "url": link(number),
        "lead": f"Lead {number}.",
        "body": (Block(BlockType.PARAGRAPH, f"Page {number}."),),
        "related": related,
    }
    return Page(**(values | changes))  # type: ignore[arg-type]


def mention(slug: object, **changes: str) -> Mention:
    """A related item at the address `link`."""
    return Mention(f"Title {slug}", url=link(slug), **changes)


def feed_row(db: sqlite3.Connection, key: str = "a") -> int:
    """The rowid of a feed."""
    return feeds.rowid(db, Feed(key, f"https://{key}.example/feed"))


def bring(
    db: sqlite3.Connection, *entries: Entry | NewArticle, key: str = "a", wanted: bool = False
) -> articles.Stored:
    """What a feed brings, in one transaction."""
    new = [one if isinstance(one, NewArticle) else NewArticle(one) for one in entries]
    with transaction(db):
        row = feed_row(db, key)
        return articles.store(db, row, f"https://{key}.example/feed", new, NOW, wanted=wanted)


def ref(db: sqlite3.Connection, number: object, key: str = "a") -> str:
    """The id of the article that this feed calls "Title ``number``"."""
    found = db.execute(
        "SELECT a.ref FROM articles AS a JOIN feeds AS f ON f.id = a.feed WHERE a.title = ? AND f.key = ?",
        (f"Title {number}", key),
    )
    return str(found.fetchone()[0])


def read(
    db: sqlite3.Connection, number: int, *related: Mention, answered: str = "", **changes: object
) -> Page:
    """Store the page of an article, with `link` as its canonical address; the feed's words stay."""
    told = page(number, *related, **changes)
    with transaction(db):
        pages.store(db, ref(db, number), told, NewArticle(entry(number)), answered or link(number), NOW)
    return told


def rows(db: sqlite3.Connection, *tables: str) -> list[int]:
    """How many rows these tables have."""
    return [db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]


def titles(found: Iterable[object]) -> list[str]:
    """The titles of related items."""
    return [one.mention.title for one in found]  # type: ignore[attr-defined]
