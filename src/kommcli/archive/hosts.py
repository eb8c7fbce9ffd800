"""What is remembered of the hosts of article pages: their robots.txt, and when they were last asked."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import NamedTuple

from kommcli.archive.columns import instant


class HostRow(NamedTuple):
    """The fields of a host: text of robots.txt (None: not known), when it was fetched, and the wall-clock
    seconds of the last request."""

    robots: str | None
    robots_fetched: datetime | None
    asked: float


def get(db: sqlite3.Connection, host: str) -> HostRow | None:
    """What is remembered of ``host``."""
    row = db.execute("SELECT robots, robots_fetched, asked FROM hosts WHERE host = ?", (host,)).fetchone()
    return HostRow(row[0], None if row[1] is None else instant(row[1]), row[2]) if row else None


def put(db: sqlite3.Connection, host: str, state: HostRow) -> None:
    """Remember the fields of ``host``."""
    fetched = None if state.robots_fetched is None else int(state.robots_fetched.timestamp())
    db.execute(
        "INSERT OR REPLACE INTO hosts (host, robots, robots_fetched, asked) VALUES (?, ?, ?, ?)",
        (host, state.robots, fetched, state.asked),
    )
