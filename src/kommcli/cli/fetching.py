"""``fetch``, and the refresh that ``latest`` makes by itself."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Protocol

import typer

from kommcli.cli.options import AsFormat, AsJson, FeedKeys, Format, OutFile
from kommcli.cli.session import Session, session_of
from kommcli.errors import BadUsage
from kommcli.i18n import _
from kommcli.model import Feed, FeedState, Outcome, Report

if TYPE_CHECKING:
    import sqlite3

    from kommcli.parsing.pool import ParserPool
    from kommcli.refresh import Plan, Watcher
    from kommcli.rethink import Done
    from kommcli.sources.fetch import Sources


class Stoppable(Protocol):
    """A run that can be ended."""

    def stop(self) -> None:
        """End after what is under way."""


def fetch(
    context: typer.Context,
    feeds: FeedKeys = None,
    everything: Annotated[
        bool, typer.Option("--all", help=_("Also the feeds that are not due yet."))
    ] = False,
    again: Annotated[
        bool,
        typer.Option(
            "--rethink",
            help=_("Fetch nothing: understand the archive's articles anew, after a change of settings."),
        ),
    ] = False,
    pages: Annotated[
        str | None,
        typer.Option(
            "--pages",
            metavar="QUERY",
            help=_("Fetch no feeds: fetch the pages, still missing, of the articles that QUERY asks for."),
        ),
    ] = None,
    ok_partial: Annotated[
        bool, typer.Option("--ok-partial", help=_("Exit 0 if at least one feed worked."))
    ] = False,
    notify: Annotated[
        bool,
        typer.Option(
            "--notify", help=_("Then give new hits of [watch] to the command of the configuration.")
        ),
    ] = False,
    format_: AsFormat = None,
    as_json: AsJson = False,
    output: OutFile = None,
) -> None:
    """Fetch due feeds."""
    from kommcli.cli import watching
    from kommcli.render import messages

    session = session_of(context)
    chosen = named_feeds(session, feeds)
    if again:
        if everything or ok_partial or notify or pages is not None:
            raise BadUsage(
                _("--rethink fetches nothing: --all, --pages, --notify, --ok-partial say nothing to it"),
                remedy=_("Leave them out."),
            )
        done = rethink(session, [feed.key for feed in chosen] if feeds else None)
        _tell_rethought(session, done, format_, as_json, output)
        raise typer.Exit(130 if done.stopped else 0)
    watches = watching.to_notify(session) if notify else None
    if pages is not None:
        report = older_pages(session, pages, [feed.key for feed in chosen] if feeds else None)
    else:
        report = refresh(session, chosen, force=everything, named=bool(feeds))
    if watches:
        watching.notify(session, watches)
    silent_format = format_ is None and not as_json and output is None
    if not silent_format:
        _write(session, report, format_, as_json, output)
    if silent_format and sys.stderr.isatty() and not session.quiet:
        session.say(messages.summary(report))
    watched = bool(feeds) or session.verbose or sys.stderr.isatty()
    for line in messages.failure_lines(report, session.now, known=watched):
        session.say(line)
    if not session.quiet:
        for line in messages.adoptions(report):
            session.say(line)
    if session.verbose:
        for line in messages.notes(report, session.now):
            session.say(line)
    raise typer.Exit(exit_status(report, ok_partial=ok_partial))


def _write(session: Session, report: Report, asked: Format | None, as_json: bool, output: OutFile) -> None:
    from kommcli.cli import output as out
    from kommcli.render import plain, records

    match out.chosen_format(Format, asked, as_json, output):
        case Format.JSON:
            out.write(records.to_json(records.fetched(report, session.now)), output)
        case Format.PLAIN:
            out.write(plain.fetched(report), output)
        case Format.TERMINAL:
            from kommcli.render import subscriptions

            out.write_terminal(lambda _width: subscriptions.fetched(report, session.now), output)


def exit_status(report: Report, *, ok_partial: bool = False) -> int:
    """0 all is well, 3 some feeds failed, 4 all did, 130 interrupted."""
    if report.stopped:
        return 130
    if not report.visits:
        broken = sum(page.failure is not None for page in report.pages)
        return 0 if not broken else 4 if broken == len(report.pages) else 0 if ok_partial else 3
    failed = report.with_outcome(Outcome.FAILED)
    worked = report.with_outcome(Outcome.UPDATED, Outcome.UNCHANGED)
    if not failed:
        return 0
    if not worked:
        return 4
    return 0 if ok_partial else 3


def named_feeds(session: Session, names: Sequence[str] | None) -> tuple[Feed, ...]:
    """The feeds that ``names`` mean, or all. Raises `BadUsage`."""
    from kommcli.query import feed_key

    if not names:
        return session.config.feeds
    titles = session.feed_names()
    keys = dict.fromkeys(feed_key(name, titles) for name in names)
    return tuple(feed for feed in session.config.feeds if feed.key in keys)


def refresh(
    session: Session,
    feeds: Sequence[Feed],
    *,
    force: bool = False,
    named: bool = False,
    patience: float | None = None,
    wait: float = 10.0,
) -> Report:
    """Fetch the due ones of ``feeds`` into the archive; ``force`` and ``named`` as in `politeness.due`.

    ``patience`` bounds the whole of it in seconds; ``wait`` is how long another kommcli that is fetching
    is waited for. Raises `ArchiveError`.
    """
    from kommcli.archive import feeds as feed_table
    from kommcli.archive.database import lock
    from kommcli.refresh import plan

    if session.demo:
        patience = None
    with lock(session.paths.archive, wait), session.writing() as db:
        states = feed_table.states(db)
        work = plan(feeds, states, session.now, force=force, named=named)
        began = time.monotonic()
        report = _asked(session, db, work, states, patience) if work.due else Report(work.skipped)
        if not report.stopped:
            report = _with_pages(session, db, report, feeds, patience and patience - time.monotonic() + began)
    done = len(report.visits) - len(work.skipped)
    if report.stopped and done < len(work.due):
        session.say(
            _("interrupted: {done} of {total} feeds are done and kept").format(done=done, total=len(work.due))
        )
    return report


def _asked(
    session: Session,
    db: sqlite3.Connection,
    work: Plan,
    states: Mapping[str, FeedState],
    patience: float | None,
) -> Report:
    """What became of the feeds that are due."""
    from kommcli.refresh import Refresh

    settings = session.config.fetch
    watching = sys.stderr.isatty() and not session.quiet
    with tools(session, patience) as (sources, parser), _progress(len(work.due), watching) as watcher:
        run = Refresh(
            db,
            work,
            states,
            fetch=sources,
            parse=parser.parse,
            understand=lambda entry, feed: session.knowledge.understand(entry, feed),
            now=session.now,
            threads=affordable(settings.threads),
            per_host=settings.per_host,
            window=session.config.story_window.days,
            watcher=watcher,
        )
        with interruptible(run):
            return run.run()


def _with_pages(
    session: Session, db: sqlite3.Connection, report: Report, feeds: Sequence[Feed], patience: float | None
) -> Report:
    """``report`` with the pages of new articles of those of ``feeds`` that want them."""
    keys = {feed.key for feed in feeds if feed.pages == "new" and feed.enabled}
    if not keys or (patience is not None and patience <= 0):
        return report
    from kommcli.archive import pages
    from kommcli.cli.paging import collected, has_page
    from kommcli.errors import FAILURES

    retryable = {code for code, kind in FAILURES.items() if kind.retryable}
    wanted = [
        one
        for one in pages.wanted(db, session.now, retryable)
        if one.feed in keys and has_page(session, one.url)
    ]
    visits, stopped = collected(session, db, wanted, patience)
    _tell(session, db)
    return replace(report, pages=visits, stopped=stopped)


def _tell(session: Session, db: sqlite3.Connection) -> None:
    """Sort the articles whose pages have come into stories once more."""
    from kommcli.archive.database import transaction
    from kommcli.telling import tell

    with transaction(db):
        tell(db, session.config.story_window.days)


def older_pages(session: Session, query: str, keys: Sequence[str] | None) -> Report:
    """Fetch the missing pages of the articles that a query asks for. Raises `ArchiveError`, `BadUsage`."""
    from kommcli import query as queries
    from kommcli.archive import pages
    from kommcli.archive.database import lock
    from kommcli.cli.paging import collected, has_page

    with session.reading():
        pass  # the demo's archive is filled first
    asked = queries.build([query] if query.strip() else [], now=session.now, known=session.known, limit=0)
    with lock(session.paths.archive), session.writing() as db:
        wanted = [one for one in pages.missing(db, asked, keys) if has_page(session, one.url)]
        visits, stopped = collected(session, db, wanted)
        _tell(session, db)
    return Report(pages=visits, stopped=stopped)


def _tell_rethought(
    session: Session, done: Done, asked: Format | None, as_json: bool, output: OutFile
) -> None:
    from kommcli.cli import output as out
    from kommcli.render import messages, records

    if asked is None and not as_json and output is None:
        if not session.quiet:
            session.say(messages.rethought(done.read, done.changed))
        return
    match out.chosen_format(Format, asked, as_json, output):
        case Format.JSON:
            record = records.rethought(done.read, done.changed, done.stopped, session.now)
            out.write(records.to_json(record), output)
        case Format.PLAIN:
            out.write(f"{done.read}\t{done.changed}\n", output)
        case Format.TERMINAL:
            out.write(messages.rethought(done.read, done.changed) + "\n", output)


def rethink(session: Session, keys: Sequence[str] | None) -> Done:
    """Understand stored articles anew, of the feeds with these keys or of all. Raises `ArchiveError`."""
    from kommcli.archive.database import lock
    from kommcli.rethink import Rethinking

    with session.reading():
        pass  # the demo's archive is filled first
    with lock(session.paths.archive), session.writing() as db:
        window = session.config.story_window.days
        run = Rethinking(db, session.config.feeds, session.knowledge.understand, window)
        watching = sys.stderr.isatty() and not session.quiet
        with counting(run.count(keys), watching, _("Re-reading")) as watcher, interruptible(run):
            return run.run(keys, watcher)


@contextmanager
def tools(session: Session, patience: float | None = None) -> Iterator[tuple[Sources, ParserPool]]:
    """What fetches and what parses, closed at the end."""
    from kommcli.parsing.pool import ParserPool
    from kommcli.sources.fetch import Sources

    config = session.config
    sources = Sources(
        connect=config.fetch.connect_timeout,
        total=config.fetch.total_timeout,
        body=config.fetch.max_body,
        per_host=config.fetch.per_host,
        contact=config.contact,
        feed_root=config.feed_root,
        environ=session.environ,
        now=lambda: session.now,
        deadline=None if patience is None else time.monotonic() + patience,
    )
    parser = ParserPool()
    try:
        yield sources, parser
    finally:
        parser.close()
        sources.close()


def affordable(threads: int) -> int:
    """As many of ``threads`` as this process may open connections for, with stacks for little memory."""
    import threading

    try:
        import resource
    except ImportError:  # Windows
        return threads
    threading.stack_size(_STACK)
    return max(1, min(threads, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - _FILES))


_FILES = 20
"""Open files of a run without its connections: streams, archive, lock, pipes of the workers."""

_STACK = 1 << 20
"""Bytes; the 8 MB that are usual are address space, of which some machines give little."""


@contextmanager
def _progress(total: int, watching: bool) -> Iterator[Watcher | None]:
    if not watching:
        yield None
        return
    from kommcli.render.subscriptions import Progress

    with Progress(total) as progress:
        yield progress


@contextmanager
def counting(total: int, watching: bool, title: str) -> Iterator[Callable[[int], None]]:
    """Tells a watching person how many of ``total`` are done."""
    if not watching:
        yield lambda _done: None
        return
    from kommcli.render.subscriptions import Progress

    with Progress(total, title) as progress:
        yield progress.counted


@contextmanager
def interruptible(run: Stoppable) -> Iterator[None]:
    """Ctrl-C ends the run after what has arrived; a second one ends it at once."""
    import signal
    import threading

    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def first(_signal: int, _frame: object) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        run.stop()

    before = signal.signal(signal.SIGINT, first)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
