"""Understanding the archive's articles anew, without the network: settings or kommcli itself have changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from itertools import islice
from typing import NamedTuple

from kommcli.archive import feeds as feed_table
from kommcli.archive import rethinking
from kommcli.archive.database import transaction
from kommcli.model import Entry, Feed, NewArticle
from kommcli.telling import tell

BATCH = 200
"""Articles in one transaction: who wants to write meanwhile waits a second at most."""

Understand = Callable[[Entry, Feed], NewArticle]


class Done(NamedTuple):
    """How many articles were read and how many are understood otherwise now."""

    read: int
    changed: int
    stopped: bool


class Rethinking:
    """One run over stored articles. `stop` may be called from a signal handler; what is done stays done."""

    def __init__(
        self, db: sqlite3.Connection, feeds: Iterable[Feed], understand: Understand, window: int = 14
    ) -> None:
        self._db, self._understand, self._window = db, understand, window
        self._feeds = {feed.key: feed for feed in feeds}
        self._stopped = False

    def count(self, keys: Iterable[str] | None) -> int:
        """How many articles there are to read."""
        states = feed_table.states(self._db)
        wanted = states if keys is None else set(keys)
        return sum(state.articles for key, state in states.items() if key in wanted)

    def run(self, keys: Iterable[str] | None, watcher: Callable[[int], None]) -> Done:
        """Read the articles of these feeds, or of all, in short transactions; ``watcher`` is told how many
        are done. A feed that is no longer configured has no settings. Raises `sqlite3.Error`."""
        read = changed = 0
        stored = rethinking.entries(self._db, keys)
        while batch := list(islice(stored, BATCH)):
            understood = [(row, self._understand(entry, self._feed(key))) for row, key, entry in batch]
            with transaction(self._db):
                changed += sum(rethinking.restate(self._db, row, new) for row, new in understood)
                tell(self._db, self._window)
            read += len(batch)
            watcher(read)
            if self._stopped:
                break
        return Done(read, changed, self._stopped)

    def stop(self) -> None:
        """End after the articles that are being read."""
        self._stopped = True

    def _feed(self, key: str) -> Feed:
        return self._feeds.get(key) or Feed(key, "")
