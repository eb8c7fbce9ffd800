"""Which articles may go, and which never do."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from kommcli.archive import articles, columns, filters
from kommcli.archive.database import transaction
from kommcli.archive.schema import SERIAL_BITS
from kommcli.conditions import Query

PROTECTED: tuple[str, ...] = (
    "a.starred = 1",
    "EXISTS (SELECT 1 FROM issue_articles AS i JOIN issues ON number = i.issue"
    " WHERE i.ref = a.ref AND sent IS NOT NULL)",
)
"""SQL conditions on articles AS a, none of them ever NULL: an article for which one holds stays."""

BATCH = 2_000
"""Articles that go in one transaction."""


class Prunable(NamedTuple):
    """Articles that may go, oldest first, and how many match but are protected."""

    rows: tuple[int, ...]
    feeds: dict[str, int]
    """How many of each feed, by key."""
    protected: int

    @property
    def oldest(self) -> datetime | None:
        """The sort instant of the first."""
        return columns.instant(self.rows[0] >> SERIAL_BITS) if self.rows else None

    @property
    def newest(self) -> datetime | None:
        """The sort instant of the last."""
        return columns.instant(self.rows[-1] >> SERIAL_BITS) if self.rows else None


def prunable(db: sqlite3.Connection, query: Query, keep: int = 0) -> Prunable:
    """The articles that ``query`` asks for, but for the ``keep`` newest of every feed and the protected."""
    chosen = filters.choose(db, query.where, whole=True)
    stays = " OR ".join(f"({condition})" for condition in PROTECTED)
    # Of each feed the oldest article that is kept for its number; a feed with fewer keeps them all.
    newest = "SELECT k.id FROM articles AS k WHERE k.feed = feeds.id ORDER BY k.id DESC LIMIT 1"
    first = f"coalesce(({newest} OFFSET {keep - 1:d}), 0)" if keep else f"{2**63 - 1}"
    rows = db.execute(
        f"""WITH kept AS MATERIALIZED (SELECT id AS feed, key, {first} AS first FROM feeds)
            SELECT {chosen.row}, kept.key, {stays}
            FROM {chosen.articles} CROSS JOIN kept ON kept.feed = a.feed
            WHERE a.id < kept.first AND {chosen.where} ORDER BY {chosen.row}""",  # noqa: S608 - our own names
    ).fetchall()
    going = [(row, key) for row, key, protected in rows if not protected]
    feeds = dict(sorted(Counter(key for _row, key in going).items()))
    return Prunable(tuple(row for row, _key in going), feeds, len(rows) - len(going))


def prune(db: sqlite3.Connection, rows: Sequence[int]) -> Iterator[int]:
    """Take these articles out in transactions of their own, so that a run may be ended at any time; gives
    after each how many are gone."""
    done = 0
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        with transaction(db):
            articles.remove(db, batch)
        done += len(batch)
        yield done
