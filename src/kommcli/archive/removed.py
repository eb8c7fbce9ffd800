"""What was taken out of the archive while its feed still shows it: it must not come back as new."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from hashlib import blake2b

from kommcli.archive import columns
from kommcli.archive.identity import identity, second_identity
from kommcli.model import Entry


def remember(db: sqlite3.Connection, rows: Sequence[int]) -> None:
    """Remember the articles with these rowids, which are about to go."""
    for some, marks in columns.chunks(rows):
        found = db.execute(f"SELECT feed, identity, second FROM articles WHERE id IN ({marks})", some)  # noqa: S608
        db.executemany(
            "INSERT OR IGNORE INTO removed (feed, key) VALUES (?, ?)",
            [(feed, _key(name)) for feed, *names in found.fetchall() for name in names if name],
        )


def among(db: sqlite3.Connection, feed_id: int, entries: Collection[tuple[str, Entry]]) -> frozenset[str]:
    """Which of a feed's entries, each with its `identity`, were taken out."""
    gone = {key for (key,) in db.execute("SELECT key FROM removed WHERE feed = ?", (feed_id,))}
    if not gone:
        return frozenset()
    return frozenset(name for name, entry in entries if not gone.isdisjoint(_keys(name, entry)))


def forget(db: sqlite3.Connection, feed_id: int, entry: Entry) -> None:
    """Let this entry come back: it is not the feed that brings it, but the user."""
    keys = [(feed_id, key) for key in _keys(identity(entry), entry)]
    db.executemany("DELETE FROM removed WHERE feed = ? AND key = ?", keys)


def tidy(db: sqlite3.Connection, feed_id: int, entries: Iterable[Entry]) -> None:
    """Forget what the feed no longer shows, so that this table never grows beyond what feeds show.
    ``entries`` are those of a complete document."""
    gone = {key for (key,) in db.execute("SELECT key FROM removed WHERE feed = ?", (feed_id,))}
    if gone:
        shown = {key for entry in entries for key in _keys(identity(entry), entry)}
        db.executemany(
            "DELETE FROM removed WHERE feed = ? AND key = ?", [(feed_id, key) for key in gone - shown]
        )


def _keys(name: str, entry: Entry) -> set[bytes]:
    return {_key(one) for one in (name, second_identity(entry)) if one}


def _key(name: str) -> bytes:
    return blake2b(name.encode("utf-8", "replace"), digest_size=8).digest()
