"""Pages of archived articles: fetched, read and stored, one host beside the other, each at its own pace.

::

    one thread a host:  fetch ─► read (worker process) ─┐
    main thread:          one transaction a page ◄──────┘ understand, store

What is stored stays; what was not reached is wanted still, so a run can be stopped and taken up again.
"""

from __future__ import annotations

import queue
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from kommcli.archive import pages as page_table
from kommcli.archive import rethinking
from kommcli.archive.database import transaction
from kommcli.archive.pages import Wanted
from kommcli.errors import FeedFailure
from kommcli.model import Entry, Failed, Feed, NewArticle, Page, PageVisit
from kommcli.sources.politeness import OutOfPatience
from kommcli.together import together
from kommcli.urls import host

HOSTS = 8
"""Hosts asked at the same time."""

GIVE_UP = 3
"""After so many failures of the network in a row a host is left alone for this run."""

_NETWORK = ("net.", "tls.")


class Brought(NamedTuple):
    """A page as it was read, and the address that it came from in the end."""

    page: Page
    url: str


class Bring(Protocol):
    """Fetches and reads a page; raises `FeedFailure`, and `OutOfPatience` where the run has no time left."""

    def __call__(self, url: str, feed: Feed) -> Brought:
        """The page of an address that this feed gave."""


class Understand(Protocol):
    """Finds out what an article is about."""

    def __call__(self, entry: Entry, feed: Feed) -> NewArticle:
        """The entry of this feed with what it is about."""


_Result = Brought | Failed | OutOfPatience | Exception


class Collecting:
    """One run over wanted pages. `stop` may be called from a signal handler."""

    def __init__(
        self,
        db: sqlite3.Connection,
        wanted: Sequence[Wanted],
        feeds: Iterable[Feed],
        *,
        bring: Bring,
        understand: Understand,
        now: datetime,
        stopping: threading.Event,
        watcher: Callable[[int], None] | None = None,
    ) -> None:
        self._db, self._bring, self._understand, self._now = db, bring, understand, now
        self._feeds = {feed.key: feed for feed in feeds}
        self._hosts: deque[deque[Wanted]] = deque(_by_host(wanted))
        self._lock = threading.Lock()
        self._results: queue.SimpleQueue[tuple[Wanted, _Result] | None] = queue.SimpleQueue()
        self.stopping = stopping
        self._watcher = watcher

    def run(self) -> tuple[PageVisit, ...]:
        """Fetch, read and store, in the order in which pages arrive. Raises `sqlite3.Error` when the archive
        cannot be written, and what is a bug of ours after the other pages are stored."""
        running = min(HOSTS, len(self._hosts))
        for _number in range(running):
            threading.Thread(target=self._work, daemon=True).start()
        visits: list[PageVisit] = []
        bug: Exception | None = None
        while running:
            item = self._results.get()
            if item is None:
                running -= 1
                continue
            wanted, result = item
            if isinstance(result, OutOfPatience):
                continue
            if isinstance(result, Exception):
                bug = bug or result
                continue
            visits.append(self._stored(wanted, result))
            if self._watcher:
                self._watcher(len(visits))
        if bug:
            raise bug
        return tuple(visits)

    def stop(self) -> None:
        """End after the pages that are being fetched."""
        self.stopping.set()

    # ---------------------------------------------------------------------------- in the host threads

    def _work(self) -> None:
        while (waiting := self._next_host()) is not None:
            self._visit(waiting)
        self._results.put(None)

    def _next_host(self) -> deque[Wanted] | None:
        with self._lock:
            return self._hosts.popleft() if self._hosts and not self.stopping.is_set() else None

    def _visit(self, waiting: deque[Wanted]) -> None:
        """Ask one host for its pages, one after another."""
        dead = 0
        for wanted in waiting:
            if self.stopping.is_set() or dead >= GIVE_UP:
                return
            result = self._brought(wanted)
            self._results.put((wanted, result))
            if isinstance(result, OutOfPatience):
                return
            dead = dead + 1 if isinstance(result, Failed) and result.code.startswith(_NETWORK) else 0

    def _brought(self, wanted: Wanted) -> _Result:
        try:
            return self._bring(wanted.url, self._feed(wanted.feed))
        except OutOfPatience as late:
            return late
        except FeedFailure as failure:
            return Failed(failure.code, failure.cause, failure.http_status, failure.retry_after)
        except Exception as bug:
            return bug

    def _feed(self, key: str) -> Feed:
        return self._feeds.get(key) or Feed(key, "")

    # ------------------------------------------------------------------------------ in the main thread

    def _stored(self, wanted: Wanted, result: Brought | Failed) -> PageVisit:
        if isinstance(result, Failed):
            with transaction(self._db):
                page_table.record_failure(self._db, wanted.ref, result, self._now)
            return PageVisit(wanted.ref, wanted.url, result)
        store(self._db, wanted.ref, result, self._feed(wanted.feed), self._understand, self._now)
        return PageVisit(wanted.ref, wanted.url)


def store(
    db: sqlite3.Connection, ref: str, brought: Brought, feed: Feed, understand: Understand, now: datetime
) -> None:
    """Keep the page of an archived article and understand the article anew, in one transaction."""
    stored = rethinking.entry(db, ref)
    if stored is None:
        return  # removed meanwhile
    _key, entry, _before = stored
    new = understand(together(entry, brought.page), feed)
    with transaction(db):
        page_table.store(db, ref, brought.page, new, brought.url, now)


def _by_host(wanted: Sequence[Wanted]) -> Iterable[deque[Wanted]]:
    hosts: dict[str, deque[Wanted]] = {}
    for one in wanted:
        hosts.setdefault(host(one.url), deque()).append(one)
    return hosts.values()
