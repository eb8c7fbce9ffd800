"""Hits of watches: which articles are new to somebody, and up to where they were told."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from kommcli.archive import articles, columns, filters
from kommcli.conditions import Condition
from kommcli.model import Article

Told = Literal["shown", "notified"]
"""To whom: listed by `watch`, or given to the command."""


def told(db: sqlite3.Connection, name: str, whom: Told) -> int:
    """Up to which instant of first sight, in Unix seconds, the hits of the watch ``name`` were told; 0:
    none."""
    row = db.execute(f"SELECT {whom} FROM watches WHERE name = ?", (name,)).fetchone()  # noqa: S608 - ours
    return int(row[0]) if row else 0


def tell(db: sqlite3.Connection, name: str, whom: Told, now: datetime) -> None:
    """Remember that all hits of this watch that were first seen until ``now`` are told."""
    db.execute(
        f"""INSERT INTO watches (name, {whom}) VALUES (?1, ?2)
            ON CONFLICT (name) DO UPDATE SET {whom} = max({whom}, ?2)""",  # noqa: S608 - our own column
        (name, int(now.timestamp())),
    )


def hits(
    db: sqlite3.Connection, where: Condition, after: int, limit: int, titles: Mapping[str, str]
) -> tuple[int, list[Article]]:
    """How many articles, first seen later than ``after`` in Unix seconds, ``where`` holds for, and the newest
    ``limit`` of them; 0 is no limit."""
    chosen = filters.choose(db, where)
    found = f"FROM {chosen.articles} WHERE {chosen.where} AND a.first_seen > {after:d}"
    count = db.execute(f"SELECT count(*) {found}").fetchone()[0]
    rows = db.execute(
        f"SELECT {columns.LISTED} FROM ({'SELECT a.* ' + found}) AS a JOIN feeds AS f ON f.id = a.feed"  # noqa: S608
        f" ORDER BY a.id DESC LIMIT {limit or -1:d}"
    )
    return int(count), articles.with_story([columns.article(row, titles) for row in rows], db, titles)
