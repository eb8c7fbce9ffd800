"""The last answers of every feed: what it said, how much, how fast."""

from __future__ import annotations

import sqlite3

from kommcli.archive.columns import instant
from kommcli.model import Answer, Outcome
from kommcli.urls import redacted

KEPT = 50
"""Answers of a feed; the oldest make room."""


def record(db: sqlite3.Connection, feed_id: int, answer: Answer) -> None:
    """Keep an answer of a feed; belongs into the transaction of what it brought. No password of an address
    gets into the history."""
    last = db.execute("SELECT max(number) FROM answers WHERE feed = ?", (feed_id,)).fetchone()[0]
    number = 1 + (last or 0)
    db.execute(
        """INSERT INTO answers
           (feed, number, at, outcome, http_status, bytes, ms, new, changed, code, moved_to)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            feed_id,
            number,
            int(answer.at.timestamp()),
            answer.outcome.value,
            answer.http_status,
            answer.size,
            answer.ms,
            answer.new,
            answer.changed,
            answer.code,
            redacted(answer.moved_to) if answer.moved_to else "",
        ),
    )
    db.execute("DELETE FROM answers WHERE feed = ? AND number <= ?", (feed_id, number - KEPT))


def of_feed(db: sqlite3.Connection, key: str) -> list[Answer]:
    """The answers of the feed with this key, the last one first."""
    rows = db.execute(
        """SELECT at, outcome, http_status, bytes, ms, new, changed, code, moved_to FROM answers
           WHERE feed = (SELECT id FROM feeds WHERE key = ?) ORDER BY number DESC""",
        (key,),
    )
    return [Answer(instant(at), Outcome(outcome), *others) for at, outcome, *others in rows]
