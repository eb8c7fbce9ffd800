"""Where feeds moved for good: seen on several days, then adopted, and undone when the user says so.

The configuration stays as the user wrote it. An adopted address is asked in place of the configured one; ids
and everything else go on by the configured one.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

ENOUGH = 3
"""Sightings of the same new address, one a day, until it is adopted."""

APART = timedelta(hours=20)
"""Between two sightings that count: on another day, though the hour of a visit varies."""


def sighted(db: sqlite3.Connection, feed_id: int, url: str, now: datetime, *, adoptable: bool) -> bool:
    """A feed, asked at the address of the configuration, answered with its own content from ``url``, where
    only permanent redirects led; whether it is adopted with this sighting. Call it inside a transaction.

    ``adoptable`` is False where the user's secrets or a private network are bound to the address.
    """
    moment = int(now.timestamp())
    row = db.execute(
        "SELECT url, sightings, last, adopted, declined FROM moves WHERE feed = ?", (feed_id,)
    ).fetchone()
    if row is None or row[0] != url:
        db.execute(
            "INSERT OR REPLACE INTO moves (feed, url, sightings, last) VALUES (?, ?, 1, ?)",
            (feed_id, url, moment),
        )
        return False
    _url, sightings, last, adopted, declined = row
    if adopted is not None or 0 <= moment - last < APART.total_seconds():
        return False
    adopts = sightings + 1 >= ENOUGH and adoptable and not declined
    db.execute(
        "UPDATE moves SET sightings = sightings + 1, last = ?, adopted = ? WHERE feed = ?",
        (moment, moment if adopts else None, feed_id),
    )
    return adopts


def stayed(db: sqlite3.Connection, feed_id: int) -> None:
    """The feed answers at the address of the configuration, without a permanent redirect or with another
    feed's content: what was seen before no longer counts, but for what the user declined."""
    db.execute("DELETE FROM moves WHERE feed = ? AND declined = 0", (feed_id,))


def undo(db: sqlite3.Connection, key: str) -> str:
    """Ask the feed with this key at the address of the configuration again, for good: the address that was
    adopted, or "" where none was. Call it inside a transaction."""
    row = db.execute(
        """UPDATE moves SET adopted = NULL, declined = 1
           WHERE adopted IS NOT NULL AND feed = (SELECT id FROM feeds WHERE key = ?) RETURNING url""",
        (key,),
    ).fetchone()
    if row is None:
        return ""
    # The validators came from the other address.
    db.execute("UPDATE feeds SET etag = '', last_modified = '' WHERE key = ?", (key,))
    return str(row[0])
