"""Pages on their way: what fetches and reads one, and the run that collects many."""

from __future__ import annotations

import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

from kommcli.cli.session import Session
from kommcli.i18n import _
from kommcli.model import Feed, Fetched, PageVisit
from kommcli.paths import DEMO

if TYPE_CHECKING:
    from kommcli.archive.pages import Wanted
    from kommcli.collect import Brought
    from kommcli.parsing.pool import ParserPool
    from kommcli.sources.pages import HostMemory, HostState, Pages

Get = Callable[[str, Feed, bool], Fetched]
"""Fetches a page: address, the feed that gave it, whether the user typed it. Raises `FeedFailure`."""


class Tools:
    """Fetches and reads pages."""

    def __init__(self, get: Get, parser: ParserPool) -> None:
        self._get, self._parser = get, parser

    def bring(self, url: str, feed: Feed, *, typed: bool = False) -> Brought:
        """The page of an address. Raises `FeedFailure`."""
        from kommcli.collect import Brought

        fetched = self._get(url, feed, typed)
        return Brought(self._parser.page(fetched, dict(feed.selectors)), fetched.url)

    def read(self, body: bytes) -> Brought:
        """The page in the bytes of a file. Raises `FeedFailure`."""
        from kommcli.collect import Brought

        page = self._parser.page(Fetched("", body), {})
        return Brought(page, page.url)

    def picture(self, url: str, feed: Feed, width: int, height: int) -> tuple[int, int, bytes]:
        """Width, height and RGB bytes of a picture, scaled into a box of pixels. Raises `FeedFailure`."""
        return self._parser.raster(self._get(url, feed, False).body, width, height)


@contextmanager
def tools(
    session: Session,
    *,
    stopping: threading.Event | None = None,
    patience: float | None = None,
    pictures: bool = False,
) -> Iterator[Tools]:
    """What fetches and reads pages, closed at the end; ``patience`` bounds the whole of it in seconds."""
    from kommcli.parsing.pool import ParserPool

    parser = ParserPool()
    try:
        if session.demo:
            yield Tools(_bundled, parser)
            return
        with _net(session, stopping or threading.Event(), patience, pictures) as pages:
            yield Tools(lambda url, feed, typed: pages.get(url, feed=feed, typed=typed), parser)
    finally:
        parser.close()


@contextmanager
def reader() -> Iterator[Tools]:
    """What reads pages that are there already."""
    from kommcli.parsing.pool import ParserPool

    parser = ParserPool(1)
    try:
        yield Tools(_bundled, parser)
    finally:
        parser.close()


def _bundled(url: str, _feed: Feed, _typed: bool) -> Fetched:
    from kommcli.sources.local import saved

    return saved(url, DEMO / "pages")


@contextmanager
def _net(
    session: Session, stopping: threading.Event, patience: float | None, pictures: bool
) -> Iterator[Pages]:
    import time

    from kommcli.sources.pages import Pages

    settings = session.config.fetch
    with _memory(session) as memory:
        pages = Pages(
            connect=settings.connect_timeout,
            total=settings.total_timeout,
            contact=session.config.contact,
            environ=session.environ,
            now=lambda: session.now,
            memory=memory,
            sleep=stopping.wait,
            deadline=None if patience is None else time.monotonic() + patience,
            pictures=pictures,
        )
        try:
            yield pages
        finally:
            pages.close()


class _Archived:
    """Remembers hosts in the archive, over a connection of its own: it is asked by several threads while the
    main one writes pages. What cannot be written is remembered for this run."""

    def __init__(self, db: sqlite3.Connection) -> None:
        from kommcli.sources.pages import InMemory

        self._db, self._lock, self._run = db, threading.Lock(), InMemory()

    def get(self, host: str) -> HostState | None:
        """What is known of a host or an origin."""
        from kommcli.archive import hosts
        from kommcli.sources.pages import HostState

        if known := self._run.get(host):
            return known
        with self._lock:
            row = hosts.get(self._db, host)
        return HostState(*row) if row else None

    def put(self, host: str, state: HostState) -> None:
        """Remember it."""
        from kommcli.archive import hosts

        self._run.put(host, state)
        with self._lock, suppress(sqlite3.Error):
            hosts.put(self._db, host, hosts.HostRow(state.robots, state.robots_fetched, state.asked))


@contextmanager
def _memory(session: Session) -> Iterator[HostMemory]:
    """What is known of hosts: kept in the archive where there is one that can be written."""
    from kommcli.errors import ArchiveError
    from kommcli.sources.pages import InMemory

    if not session.paths.archive.exists():
        yield InMemory()
        return
    with ExitStack() as stack:
        try:
            memory: HostMemory = _Archived(stack.enter_context(session.writing()))
        except ArchiveError:
            memory = InMemory()
        yield memory


def collected(
    session: Session, db: sqlite3.Connection, wanted: Sequence[Wanted], patience: float | None = None
) -> tuple[tuple[PageVisit, ...], bool]:
    """Fetch and store the pages of these articles; what became of them, and whether it was interrupted."""
    from kommcli.cli.fetching import counting, interruptible
    from kommcli.collect import Collecting

    if not wanted:
        return (), False
    stopping = threading.Event()
    watching = sys.stderr.isatty() and not session.quiet
    with (
        tools(session, stopping=stopping, patience=patience) as net,
        counting(len(wanted), watching, _("Reading pages")) as watcher,
    ):
        run = Collecting(
            db,
            wanted,
            session.config.feeds,
            bring=net.bring,
            understand=session.knowledge.understand,
            now=session.now,
            stopping=stopping,
            watcher=watcher,
        )
        with interruptible(run):
            visits = run.run()
    return visits, stopping.is_set()


def has_page(session: Session, url: str) -> bool:
    """Whether there is a page to fetch at an address: on the net perhaps, in the demo for certain."""
    if not url.startswith(("http://", "https://")):
        return False
    if session.demo:
        from kommcli.sources.local import has_saved

        return has_saved(url, DEMO / "pages")
    return True
