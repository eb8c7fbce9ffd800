"""Hits of watches: which articles are new to somebody, and up to where they were told.

Articles are numbered as they come (``arrivals``). Whoever tells hits reads them and the `last` number in one
`snapshot`, and keeps that number once they are told: what another kommcli stores meanwhile has a greater one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Literal

from kommcli.archive import articles, columns, filters
from kommcli.conditions import Condition
from kommcli.model import Article

Told = Literal["shown", "notified"]
"""To whom: listed by `watch`, or given to the command."""


def last(db: sqlite3.Connection) -> int:
    """The number of the article that came last, even if it is gone again; 0: none ever came."""
    row = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'arrivals'").fetchone()
    return int(row[0]) if row else 0


def told(db: sqlite3.Connection, name: str, whom: Told) -> int:
    """Up to which arrival the hits of the watch ``name`` were told; 0: none."""
    row = db.execute(f"SELECT {whom} FROM watches WHERE name = ?", (name,)).fetchone()  # noqa: S608 - ours
    return int(row[0]) if row else 0


def tell(db: sqlite3.Connection, name: str, whom: Told, until: int) -> None:
    """Remember that all hits of this watch up to the arrival ``until`` are told."""
    db.execute(
        f"""INSERT INTO watches (name, {whom}) VALUES (?1, ?2)
            ON CONFLICT (name) DO UPDATE SET {whom} = max({whom}, ?2)""",  # noqa: S608 - our own column
        (name, until),
    )


def hits(
    db: sqlite3.Connection, where: Condition, after: int, limit: int, titles: Mapping[str, str]
) -> tuple[int, list[Article]]:
    """How many articles that came after the arrival ``after`` are what ``where`` asks for, and the newest
    ``limit`` of them; 0 is from the first on, and no limit."""
    chosen = filters.choose(db, where, whole=True)
    later = f"a.id IN (SELECT article FROM arrivals WHERE number > {after:d})" if after else "1"  # noqa: S608
    found = f"FROM {chosen.articles} WHERE {chosen.where} AND {later}"
    count = db.execute(f"SELECT count(*) {found}").fetchone()[0]
    rows = db.execute(
        f"SELECT {columns.LISTED} FROM ({'SELECT a.* ' + found}) AS a JOIN feeds AS f ON f.id = a.feed"  # noqa: S608
        f" ORDER BY a.id DESC LIMIT {limit or -1:d}"
    )
    return int(count), articles.with_story([columns.article(row, titles) for row in rows], db, titles)
