"""What one visit of a feed leaves in the archive: its articles, its state, and one line of its history."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from kommcli.archive import answers, moves, removed
from kommcli.archive import articles as article_table
from kommcli.archive import feeds as feed_table
from kommcli.archive import pages as page_table
from kommcli.archive.doubts import doubts
from kommcli.archive.identity import identity
from kommcli.model import (
    Answer,
    Entry,
    Failed,
    Feed,
    Fetched,
    NewArticle,
    NotModified,
    Outcome,
    Page,
    ParsedFeed,
    Visit,
)
from kommcli.sources.politeness import Skip
from kommcli.together import together


@dataclass(frozen=True, slots=True)
class Read:
    """A fetched feed; ``parsed`` is None where the body is the one we know."""

    fetched: Fetched
    body_hash: str
    parsed: ParsedFeed | None


Result = Read | NotModified | Failed | Skip


class Keeper:
    """Stores what visits brought. `keep` belongs into a transaction, a savepoint for each feed."""

    def __init__(
        self, db: sqlite3.Connection, understand: Callable[[Entry, Feed], NewArticle], now: datetime
    ) -> None:
        self._db, self._understand, self._now = db, understand, now

    def keep(self, feed: Feed, result: Result, ms: int) -> Visit:
        """What became of ``feed``, which answered after ``ms``, once it is stored."""
        row = feed_table.rowid(self._db, feed)
        if isinstance(result, Skip):
            feed_table.record_try(self._db, row, self._now)
            return Visit(feed, Outcome.SKIPPED, reason=result.reason)
        if isinstance(result, Failed):
            visit, answer = self._failed(row, feed, result)
        else:
            visit, answer = self._answered(row, feed, result)
        answers.record(self._db, row, replace(answer, ms=ms, new=visit.new, changed=visit.changed))
        return visit

    def _failed(self, row: int, feed: Feed, failed: Failed) -> tuple[Visit, Answer]:
        known = feed_table.record_failure(self._db, row, failed, self._now)
        visit = Visit(
            feed,
            Outcome.FAILED,
            failure=failed,
            failures=known.times,
            since=known.since,
            last_ok=known.last_ok,
            told=known.told,
        )
        return visit, Answer(self._now, Outcome.FAILED, failed.http_status, code=failed.code)

    def _answered(self, row: int, feed: Feed, result: Read | NotModified) -> tuple[Visit, Answer]:
        answer = result.fetched if isinstance(result, Read) else result
        parsed = result.parsed if isinstance(result, Read) else None
        feed_table.record_success(self._db, row, self._now, answer.fresh, parsed.ttl if parsed else None)
        visit, same = Visit(feed, Outcome.UNCHANGED), True
        if isinstance(result, Read):
            if result.parsed:
                visit, same = self._stored(row, feed, result.parsed)
            if result.parsed is None or result.parsed.complete:
                title = result.parsed.title if result.parsed else None
                feed_table.record_validators(self._db, row, result.fetched, result.body_hash, title)
        adopted = self._moved(row, feed, answer.moved_to if same else "")
        size = len(result.fetched.body) if isinstance(result, Read) else 0
        told = Answer(self._now, visit.outcome, answer.status, size, moved_to=answer.moved_to)
        return replace(visit, moved_to=answer.moved_to, adopted=adopted), told

    def _stored(self, row: int, feed: Feed, parsed: ParsedFeed) -> tuple[Visit, bool]:
        """The visit, and whether the feed has any article that it had before."""
        entries = parsed.entries[: feed.limit] if feed.limit else parsed.entries
        pages = page_table.known(self._db, row, entries)
        understood = [self._understood(entry, pages.get(identity(entry)), feed) for entry in entries]
        warnings = (*_warnings(parsed), *doubts(self._db, row, parsed))
        wanted = feed.pages == "new"
        stored = article_table.store(self._db, row, feed.url, understood, self._now, wanted=wanted)
        if parsed.complete:
            removed.tidy(self._db, row, entries)
        outcome = Outcome.UPDATED if stored.new or stored.changed else Outcome.UNCHANGED
        visit = Visit(feed, outcome, stored.new, stored.changed, warnings=warnings)
        return visit, stored.new < len({identity(entry) for entry in entries})

    def _understood(self, entry: Entry, page: Page | None, feed: Feed) -> NewArticle:
        """The entry, with what its page says where that is known, and what both are about."""
        if page is None:
            return self._understand(entry, feed)
        return replace(self._understand(together(entry, page), feed), said=entry)

    def _moved(self, row: int, feed: Feed, moved_to: str) -> bool:
        """Count a move; whether it is adopted now. An adopted address speaks for itself."""
        if feed.moved:
            return False
        if not moved_to:
            moves.stayed(self._db, row)
            return False
        return moves.sighted(self._db, row, moved_to, self._now, adoptable=_adoptable(feed, moved_to))


def _adoptable(feed: Feed, url: str) -> bool:
    """Secrets go to the origin that the user named and to no other; the same holds for private networks."""
    if feed.headers or feed.auth or feed.allow_private:
        here, there = urlsplit(feed.url), urlsplit(url)
        return (here.scheme, here.netloc) == (there.scheme, there.netloc)
    return True


def _warnings(parsed: ParsedFeed) -> tuple[str, ...]:
    """What the parser warns of, and what is unusual about a feed that is in order."""
    if not parsed.entries:
        return (*parsed.warnings, "feed.no_entries")
    if any(entry.published is None for entry in parsed.entries):
        return (*parsed.warnings, "feed.dates_estimated")
    return parsed.warnings
