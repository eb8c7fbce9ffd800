"""``latest``: the newest articles as a list, fetched first when the archive is old."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import typer

from kommcli.cli import last_list, options, output
from kommcli.cli.options import ListFormat
from kommcli.cli.session import Session, session_of
from kommcli.errors import ArchiveError, ArchiveLocked, BadUsage, NothingToShow
from kommcli.i18n import _
from kommcli.model import Article, Outcome, Query, Report

if TYPE_CHECKING:
    import sqlite3

PATIENCE = 10.0
"""Seconds that a list waits for its feeds before it shows what it has."""

RETRY = timedelta(minutes=5)
"""A network that was away is not asked again by every list."""


def latest(
    context: typer.Context,
    feed: options.Feeds = None,
    since: options.Since = None,
    until: options.Until = None,
    unread: options.Unread = False,
    starred: options.Starred = False,
    limit: options.Limit = None,
    offline: options.Offline = False,
    refresh: options.RefreshNow = False,
    format_: options.AsListFormat = None,
    as_json: options.AsJson = False,
    out: options.OutFile = None,
) -> None:
    """List the newest articles."""
    session = session_of(context)
    chosen = output.chosen_format(ListFormat, format_, as_json, out)
    if offline and refresh:
        raise BadUsage(_("--offline and --refresh contradict each other"), remedy=_("Leave one of them out."))
    query = query_of(session, feed, since, until, unread, starred, limit or session.config.limit)
    report = Report() if offline else _refresh(session, always=refresh)
    with session.reading() as db:
        found, as_of, empty = _select(session, db, query)
    _write_list(session, found, report, as_of, chosen, out)
    _tell_failures(session, report, as_of, empty=empty, offline=offline)


def _select(
    session: Session, db: sqlite3.Connection | None, query: Query
) -> tuple[list[Article], datetime | None, bool]:
    """The articles, when a feed last answered, and whether the archive has nothing at all."""
    from kommcli.archive import articles, feeds

    if db is None:
        return [], None, True
    found = articles.select(db, query, session.config.titles)
    return found, feeds.newest_visit(db), not found and articles.is_empty(db)


def _refresh(session: Session, *, always: bool) -> Report:
    """Fetch first when the archive is old; a list is shown whatever comes of it."""
    from kommcli.cli import fetching

    if not always and not _is_stale(session):
        return Report()
    try:
        return fetching.refresh(
            session, session.config.feeds, force=always, patience=PATIENCE, wait=10.0 if always else 0.0
        )
    except ArchiveLocked:
        if always:
            raise
        return Report()  # somebody else is fetching: the list comes from the archive
    except ArchiveError as error:
        if always or not session.paths.archive.exists():
            raise
        session.say(str(error))
        return Report()


def _is_stale(session: Session) -> bool:
    from kommcli.archive import feeds

    wanted = [feed for feed in session.config.feeds if feed.enabled]
    with session.reading() as db:
        if db is None:
            return bool(wanted)
        addresses = feeds.addresses(db)
        if any(addresses.get(feed.key) != feed.url for feed in wanted):
            return True
        last_ok, last_try = feeds.newest_visit(db), feeds.newest_try(db)
    age = session.config.refresh_after
    if last_ok is None or last_try is None:
        return bool(wanted)
    retry = min(RETRY, age)
    # A clock that was set back must not keep the list from refreshing for ever.
    return not (timedelta(0) <= session.now - last_ok < age or timedelta(0) <= session.now - last_try < retry)


def _write_list(
    session: Session,
    found: list[Article],
    report: Report,
    as_of: datetime | None,
    chosen: ListFormat,
    out: options.OutFile,
) -> None:
    from kommcli.render import plain, records

    match chosen:
        case ListFormat.TERMINAL:
            from kommcli.render import terminal

            note = terminal.list_note(len(found), as_of, session.now)
            output.write_terminal(lambda width: terminal.articles(found, session.now, width, note), out)
            last_list.remember(session.paths.state, [article.id for article in found])
        case ListFormat.PLAIN:
            output.write(plain.articles(found), out)
        case ListFormat.JSON:
            output.write(records.to_json(records.articles(found, report, session.now)), out)
        case ListFormat.JSONL:
            output.write(records.jsonl(found), out)
        case ListFormat.CSV:
            output.write(records.csv(found), out)


def _tell_failures(
    session: Session, report: Report, as_of: datetime | None, *, empty: bool, offline: bool
) -> None:
    """One line about what failed; exit 4 when there is nothing to show because nothing worked."""
    from kommcli import dates
    from kommcli.i18n import language
    from kommcli.render import messages

    failed = report.with_outcome(Outcome.FAILED)
    worked = report.with_outcome(Outcome.UPDATED, Outcome.UNCHANGED)
    if empty and failed and not worked:
        raise NothingToShow(
            _("no feed could be fetched and the archive is empty"),
            cause=messages.first_cause(report),
            code="net.offline" if messages.is_offline(report) else failed[0].failure.code,  # type: ignore[union-attr]
            remedy=_("See how it looks without a network: kommcli --demo latest"),
        )
    if empty and not failed and not session.quiet:
        hint = _("the archive is empty; fetch with: kommcli fetch") if offline or not worked else ""
        if hint:
            session.say(hint)
    if failed and len(failed) == 1:
        session.say(messages.failure_lines(report, session.now)[0])
    elif failed:
        session.say(messages.failures_in_short(report))
    if failed and not worked and as_of:
        date = dates.short(as_of, session.now, language())
        session.say(_("as of {date}").format(date=date))


def query_of(
    session: Session,
    feeds: Sequence[str] | None,
    since: str | None,
    until: str | None,
    unread: bool,
    starred: bool,
    limit: int,
) -> Query:
    """The query that the filter options ask for. Raises `BadUsage`."""
    from kommcli import query

    return query.build(
        now=session.now,
        titles=session.feed_names() if feeds else {},
        feeds=feeds or (),
        since=since,
        until=until,
        unread=unread,
        starred=starred,
        limit=limit,
    )
