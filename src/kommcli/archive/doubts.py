"""What makes a feed doubtful, compared with what the archive has of it: looked at before it is stored."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from kommcli.archive import articles
from kommcli.archive.identity import identity
from kommcli.model import Entry, ParsedFeed
from kommcli.urls import host

_ENOUGH = 3
"""Entries that must have got another id: one or two may have been published anew."""


def doubts(db: sqlite3.Connection, feed_id: int, parsed: ParsedFeed) -> tuple[str, ...]:
    """The warnings about ``parsed``: ``feed.ids_unstable`` where most of the articles we know came with
    another guid, ``feed.identity_changed`` where title and hosts are others than before and we know none."""
    entries = {identity(entry): entry for entry in parsed.entries}
    known = articles.matched(db, feed_id, entries)
    renamed = sum(row.identity != key for key, row in known.items())
    if renamed >= _ENOUGH and renamed * 2 > len(known):
        return ("feed.ids_unstable",)
    if not known and _is_another(db, feed_id, parsed.title, entries):
        return ("feed.identity_changed",)
    return ()


def _is_another(db: sqlite3.Connection, feed_id: int, title: str, entries: Mapping[str, Entry]) -> bool:
    """Whether neither the title nor any host is one that the feed had before."""
    before = db.execute("SELECT title FROM feeds WHERE id = ?", (feed_id,)).fetchone()[0]
    if not before or before == title:
        return False
    newest = db.execute("SELECT url FROM articles WHERE feed = ? ORDER BY id DESC LIMIT 50", (feed_id,))
    had = {_bare(url) for (url,) in newest if url}
    has = {_bare(entry.link) for entry in entries.values() if entry.link}
    return bool(had and has) and had.isdisjoint(has)


def _bare(url: str) -> str:
    return host(url).removeprefix("www.")
