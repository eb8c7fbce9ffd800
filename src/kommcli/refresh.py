"""From the net to the disk: which feeds are due, fetch, parse, understand, store.

`plan` is pure. A `Refresh` runs the pipeline::

    fetch threads:  take ─► get ─► same body? ─► parse (worker process) ─┐
    main thread:         what has gathered in one transaction ◄──────────┘ understand, store

Nothing is fetched inside a transaction, and one feed's failure is a value that stops nobody else.
"""

from __future__ import annotations

import queue
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from typing import Protocol

from kommcli.archive import feeds as feed_table
from kommcli.archive import stories as story_table
from kommcli.archive.database import savepoint, transaction
from kommcli.errors import FeedFailure
from kommcli.keeping import Keeper, Read, Result
from kommcli.model import (
    Entry,
    Failed,
    Feed,
    FeedState,
    Fetched,
    NewArticle,
    NotModified,
    Outcome,
    ParsedFeed,
    Report,
    Visit,
)
from kommcli.sources.politeness import HostQueue, OutOfPatience, Skip, due, nobody_reached
from kommcli.urls import host


class Fetcher(Protocol):
    """Brings the bytes of a feed; raises `FeedFailure`."""

    def __call__(self, feed: Feed, state: FeedState | None) -> Fetched | NotModified:
        """``state`` has the validators of the last visit."""


class Parser(Protocol):
    """Reads the bytes of a feed; raises `FeedFailure`."""

    def __call__(self, fetched: Fetched) -> ParsedFeed:
        """What the bytes say."""


class Understand(Protocol):
    """Finds out what an article is about."""

    def __call__(self, entry: Entry, feed: Feed) -> NewArticle:
        """The entry of this feed with what it is about."""


class Watcher(Protocol):
    """Is told what happens while it happens; called in the main thread only."""

    def finished(self, visit: Visit, done: int, total: int) -> None:
        """One feed is done: ``done`` of ``total``."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The feeds to ask now, and the visits that are skipped with their reasons."""

    due: tuple[Feed, ...]
    skipped: tuple[Visit, ...]


def plan(
    feeds: Iterable[Feed],
    states: Mapping[str, FeedState],
    now: datetime,
    *,
    force: bool = False,
    named: bool = False,
) -> Plan:
    """Which of ``feeds`` are asked at ``now``, and where; ``force`` and ``named`` as in `due`."""
    asked, skipped = [], []
    offline = nobody_reached(states.values())
    for feed in feeds:
        state = states.get(feed.key)
        match due(feed, state, now, force=force, named=named, offline=offline):
            case Skip(reason, until):
                skipped.append(Visit(feed, Outcome.SKIPPED, reason=reason, until=until))
            case _:
                asked.append(_where(feed, state))
    return Plan(tuple(asked), tuple(skipped))


def next_tries(feeds: Iterable[Feed], states: Mapping[str, FeedState], now: datetime) -> dict[str, datetime]:
    """From when on a fetch asks ``feeds`` by itself, by key; without those that it leaves to their user."""
    asked = plan(feeds, states, now)
    waiting = {visit.feed.key: visit.until for visit in asked.skipped if visit.until}
    return dict.fromkeys((feed.key for feed in asked.due), now) | waiting


def _where(feed: Feed, state: FeedState | None) -> Feed:
    """The feed with the address to ask: an adopted one, but after it failed, in turn, the configured one."""
    if state is None or state.url != feed.url or state.moved_on is None or state.failures % 2:
        return feed
    return replace(feed, moved=state.moved_to)


_STAGGER, _PLENTY = 0.002, 4
"""The next thread starts when fewer results than ``_PLENTY`` have come in ``_STAGGER`` seconds: where answers
come at once, more threads would only wait for each other."""

_PARSING = 4
"""Threads that may wait for a parser while their hosts are already somebody else's."""

_GATHER = 0.05
"""Seconds that results gather before they are stored: waking for each one would hold up the fetching."""


class Refresh:
    """One run over the due feeds. `stop` may be called from a signal handler."""

    def __init__(
        self,
        db: sqlite3.Connection,
        work: Plan,
        states: Mapping[str, FeedState],
        *,
        fetch: Fetcher,
        parse: Parser,
        understand: Understand,
        now: datetime,
        threads: int = 32,
        per_host: int = 2,
        window: int = 14,
        watcher: Watcher | None = None,
    ) -> None:
        """``window``: days within which articles tell the same story."""
        self._db, self._plan, self._states = db, work, states
        self._fetch, self._parse = fetch, parse
        self._keeper, self._now = Keeper(db, understand, now), now
        self._hosts = HostQueue(work.due, per_host)
        # As many as may ask at a time, and some that wait for a parser meanwhile.
        self._threads = min(threads, len(work.due), self._hosts.slots + _PARSING)
        self._results: deque[tuple[Feed, Result | Exception]] = deque()
        self._took: dict[str, float] = {}
        self._wakes: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._now, self._window = now, window
        self._watcher = watcher
        self._stopped = False
        self._bug: Exception | None = None

    def run(self) -> Report:
        """Ask the due feeds and store what they say; what was finished before `stop` is kept.

        Raises `sqlite3.Error` when the archive cannot be written, and what is a bug of ours only after the
        other feeds are stored.
        """
        for number in range(self._threads):
            try:
                threading.Thread(target=self._work, daemon=True).start()
            except RuntimeError:  # the system gives no more of them
                if number == 0:
                    self._work()
                break
            if self._suffices():
                break
        visits: dict[str, Visit] = {}
        while True:
            stopped = self._stopped
            for visit in self._store([self._results.popleft() for _ in range(len(self._results))]):
                visits[visit.feed.key] = visit
                if self._watcher:
                    self._watcher.finished(visit, len(visits), len(self._plan.due))
            if stopped or len(visits) == len(self._plan.due):
                break
            self._woken(_GATHER)
        if self._bug:
            raise self._bug
        done = [visits[feed.key] for feed in self._plan.due if feed.key in visits]
        return Report((*self._with_next_try(done), *self._plan.skipped), stopped)

    def stop(self) -> None:
        """Hand out no more feeds and end `run` after what has arrived."""
        self._stopped = True
        self._hosts.stop()
        self._wakes.put(None)  # SimpleQueue.put may interrupt itself: safe in a signal handler

    def _suffices(self) -> bool:
        """Wait while the threads that run bring plenty; False when one more should help."""
        before = len(self._results)
        while not self._woken(_STAGGER):
            if len(self._results) < before + _PLENTY:
                return False
            before = len(self._results)
        return True

    def _woken(self, seconds: float) -> bool:
        """Wait for a thread to come to its end, or for `stop`; False when the time is over."""
        try:
            self._wakes.get(timeout=seconds)
        except queue.Empty:
            return False
        return True

    # ---------------------------------------------------------------------------- in the fetch threads

    def _work(self) -> None:
        while (taken := self._hosts.take()) is not None:
            feed, dead = taken
            self._results.append((feed, self._visit(feed, dead)))
        self._wakes.put(None)

    def _visit(self, feed: Feed, dead: FeedFailure | None) -> Result | Exception:
        state = self._states.get(feed.key)
        answered_by = ""
        try:
            fetched = self._get(feed, state, dead)
            if isinstance(fetched, NotModified):
                return fetched
            answered_by = host(fetched.url)
            body_hash = blake2b(fetched.body, digest_size=16).hexdigest()
            known = state is not None and state.url == feed.url and state.body_hash == body_hash
            return Read(fetched, body_hash, None if known else self._parse(fetched))
        except OutOfPatience:
            return Skip("patience")
        except FeedFailure as failure:
            return Failed(failure.code, failure.cause, failure.http_status, failure.retry_after, answered_by)
        except Exception as bug:
            return bug

    def _get(self, feed: Feed, state: FeedState | None, dead: FeedFailure | None) -> Fetched | NotModified:
        """Fetch, and give the host back to the others before the parsing begins."""
        failure: FeedFailure | None = dead
        began = time.monotonic()
        try:
            if dead:
                raise dead
            return self._fetch(feed, state)
        except FeedFailure as found:
            failure = found
            raise
        finally:
            self._took[feed.key] = time.monotonic() - began
            self._hosts.release(feed, failure)

    # ------------------------------------------------------------------------------ in the main thread

    def _store(self, batch: Sequence[tuple[Feed, Result | Exception]]) -> list[Visit]:
        visits = []
        if batch:
            with transaction(self._db):
                for feed, result in batch:
                    try:
                        if isinstance(result, Exception):
                            raise result
                        with savepoint(self._db):
                            visits.append(self._keeper.keep(feed, result, round(1000 * self._took[feed.key])))
                    except sqlite3.Error:
                        raise
                    except Exception as bug:
                        self._bug = bug
                        visits.append(Visit(feed, Outcome.FAILED))
                self._tell()
        return visits

    def _with_next_try(self, visits: Sequence[Visit]) -> Iterator[Visit]:
        """``visits``, the failed ones with their next try, which depends on what became of all feeds."""
        failed = [visit.feed for visit in visits if visit.outcome is Outcome.FAILED]
        tries = next_tries(failed, feed_table.states(self._db), self._now) if failed else {}
        for visit in visits:
            failure = visit.outcome is Outcome.FAILED
            yield replace(visit, until=tries.get(visit.feed.key)) if failure else visit

    def _tell(self) -> None:
        """Sort what is new into stories; where nothing is, nothing that knows how is imported."""
        if story_table.untold(self._db, 1):
            from kommcli.telling import tell

            tell(self._db, self._window)
