"""Storing and finding, inside one process."""

from __future__ import annotations

import sqlite3
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from kommcli.archive import articles, database, feeds
from kommcli.model import Feed, Query

from . import material
from .timing import Subject, in_turn, report


def run(folder: Path, sizes: tuple[int, ...], rounds: int) -> None:
    """Measure and print. ``sizes`` are the numbers of articles in the archives."""
    _store(folder / "store.db", sizes[0])
    now = datetime.now(UTC)
    queries = {
        "newest 20": Query(),
        "newest 1,000": Query(limit=1_000),
        "three days (480)": Query(since=now - timedelta(days=4), until=now - timedelta(days=1), limit=0),
        "20 of one feed": Query(feeds=("feed-7",)),
        "20 unread": Query(unread=True),
        "none starred": Query(starred=True),
    }
    subjects: dict[str, Subject] = {}
    for size in sizes:
        path = folder / f"find-{size}.db"
        material.build_archive(path, size)
        db = database.open_for_reading(path)
        assert db
        for name, query in queries.items():
            subjects[f"{name}, {size:,}"] = partial(_select, db, query)
    report("archive: finding", in_turn(subjects, rounds), f"newest 20, {sizes[0]:,}")


def _select(db: sqlite3.Connection, query: Query) -> None:
    articles.select(db, query)


def _store(path: Path, count: int) -> None:
    """New articles, then the same again."""
    feed = Feed("feed", "https://feed.example/feed")
    now = datetime.now(UTC)
    new = list(material.understood(count, feed, now, timedelta(minutes=30)))
    db = database.open_for_writing(path)
    print(f"\n## archive: storing {count:,} articles\n\n| | articles a second |\n| --- | --: |")
    for name, batch in {"new": new, "the same": new}.items():
        start = time.perf_counter()
        for first in range(0, count, 30):
            with database.transaction(db):
                articles.store(db, feeds.rowid(db, feed), feed.url, batch[first : first + 30], now)
        print(f"| {name}, 30 a transaction | {count / (time.perf_counter() - start):,.0f} |")
    db.close()
