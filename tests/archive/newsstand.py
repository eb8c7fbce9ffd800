"""An archive for tests: articles about known things."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from kommcli.archive import articles, feeds
from kommcli.archive.database import transaction
from kommcli.model import Block, BlockType, Entry, Feed, NewArticle, Place, Topic

NOW = datetime(2026, 10, 16, 9, 0, tzinfo=UTC)

BERGSTRASSE = Place("Landkreis Bergstraße", "district", "06431", ("DE-HE",))
BENSHEIM = Place("Bensheim", "municipality", "06431002", ("DE-HE",))
NECKAR = Place("Metropolregion Rhein-Neckar", "region", "", ("DE-BW", "DE-HE", "DE-RP"))
AUGSBURG = Place("Augsburg", "municipality", "09761000", ("DE-BY",))
PLACES = (BERGSTRASSE, BENSHEIM, NECKAR, AUGSBURG)


def topics(*keys: str) -> tuple[Topic, ...]:
    """Topics with their key as their name, but for ki."""
    return tuple(Topic(key, "Künstliche Intelligenz" if key == "ki" else key.title()) for key in keys)


def article(hours: int, title: str = "", **about: object) -> NewArticle:
    """An article of ``hours`` ago; its ``body`` is one paragraph."""
    texts = {name: about.pop(name) for name in ("kicker", "teaser") if name in about}
    if body := about.pop("body", ""):
        texts["body"] = (Block(BlockType.PARAGRAPH, str(body)),)
    entry = Entry(
        title or f"Title {hours}", guid=f"g-{hours}", published=NOW - timedelta(hours=hours), **texts
    )  # type: ignore[arg-type]
    return NewArticle(entry, **about)  # type: ignore[arg-type]


def fill(db: sqlite3.Connection, new: Iterable[NewArticle], key: str = "a") -> articles.Stored:
    """Store the articles of a feed."""
    feed = Feed(key, f"https://{key}.example/feed")
    with transaction(db):
        return articles.store(db, feeds.rowid(db, feed), feed.url, list(new), NOW)
