"""The labelled stories in a real archive, through the path that feeds take."""

from __future__ import annotations

import sqlite3
import tomllib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from kommcli.archive import articles, feeds
from kommcli.archive.database import open_for_writing, transaction
from kommcli.data.topics import taxonomy
from kommcli.dates import BERLIN
from kommcli.enrich import Knowledge
from kommcli.gazetteer import Gazetteer
from kommcli.model import Block, BlockType, Entry, Feed, NewArticle
from kommcli.telling import tell

STORIES = Path(__file__).parent.parent / "data" / "stories"
WINDOW = 14
NOW = datetime(2026, 11, 1, tzinfo=UTC)

Label = dict[str, Any]


class Stand(NamedTuple):
    """An archive, and the labels of its articles by their ids."""

    db: sqlite3.Connection
    labels: dict[str, Label]


def labels(names: Iterable[str]) -> list[Label]:
    """The labelled articles of the files with these names."""
    return [
        one
        for name in names
        for one in tomllib.loads((STORIES / f"{name}.toml").read_text("utf-8"))["article"]
    ]


def files(half: str) -> list[str]:
    """The names of the files of a half, in their order."""
    return sorted(path.stem for path in STORIES.glob(f"{half}-*.toml"))


def stand(path: Path, names: Iterable[str], *, backwards: bool = False) -> Stand:
    """Store and sort the articles of these files."""
    knowledge = Knowledge(Gazetteer(), taxonomy())
    by_feed: defaultdict[str, list[Label]] = defaultdict(list)
    for label in labels(names):
        by_feed[label["feed"]].append(label)
    db = open_for_writing(path)
    found = {}
    for key, some in sorted(by_feed.items(), reverse=backwards):
        feed = Feed(key, f"https://{key}.example/feed")
        new = [understood(label, feed, knowledge) for label in some]
        with transaction(db):
            articles.store(db, feeds.rowid(db, feed), feed.url, new[:: -1 if backwards else 1], NOW)
            tell(db, WINDOW)
    guids = {f"g:{label['id']}": label for some in by_feed.values() for label in some}
    for ref, identity in db.execute("SELECT ref, identity FROM articles"):
        found[ref] = guids[identity]
    return Stand(db, found)


def understood(label: Label, feed: Feed, knowledge: Knowledge) -> NewArticle:
    """The article of a label as kommcli understands it."""
    paragraphs = [text.strip() for text in label["body"].split("\n\n") if text.strip()]
    entry = Entry(
        label["title"],
        kicker=label["kicker"],
        guid=label["id"],
        link=f"https://{feed.key}.example/{label['id']}",
        published=datetime.fromisoformat(label["date"]).replace(tzinfo=BERLIN).astimezone(UTC),
        teaser=label["teaser"],
        body=tuple(Block(BlockType.PARAGRAPH, text) for text in paragraphs),
    )
    return replace(knowledge.understand(entry, feed))
