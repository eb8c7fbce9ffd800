"""``latest``: the newest articles as a list, fetched first when the archive is old."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import typer

from kommcli.cli import last_list, options, output
from kommcli.cli.filters import Filters, takes_filters
from kommcli.cli.options import ListFormat
from kommcli.cli.session import Session, session_of
from kommcli.conditions import Query
from kommcli.errors import ArchiveError, ArchiveLocked, BadUsage, NothingToShow
from kommcli.i18n import _
from kommcli.model import Article, Feed, Outcome, Report

if TYPE_CHECKING:
    import sqlite3

PATIENCE = 10.0
"""Seconds that a list waits for its feeds before it shows what it has."""

RETRY = timedelta(minutes=5)
"""A network that was away is not asked again by every list."""


@takes_filters
def latest(
    context: typer.Context,
    filters: Filters,
    limit: options.Limit = None,
    every: options.Every = False,
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
    query = filters.query(session, limit or session.config.limit)
    report = Report() if offline else _refresh(session, always=refresh)
    with session.reading() as db:
        found, as_of, empty = _select(session, db, query, every=every)
    _write_list(session, found, report, as_of, chosen, out)
    _tell_failures(session, report, as_of, empty=empty, offline=offline)


def _select(
    session: Session, db: sqlite3.Connection | None, query: Query, *, every: bool
) -> tuple[list[Article], datetime | None, bool]:
    """The articles, when a feed last answered, and whether the archive has nothing at all."""
    from kommcli.archive import articles, feeds

    if db is None:
        return [], None, True
    found = articles.select(db, query, session.config.titles, every=every)
    return found, feeds.newest_visit(db), not found and articles.is_empty(db)


def _refresh(session: Session, *, always: bool) -> Report:
    """Fetch first when the archive is old; a list is shown whatever comes of it."""
    from kommcli.cli import fetching

    feeds = session.config.feeds if always else _stale(session)
    if not feeds:
        return Report()
    try:
        return fetching.refresh(session, feeds, force=always, patience=PATIENCE, wait=10.0 if always else 0.0)
    except ArchiveLocked:
        if always:
            raise
        return Report()  # somebody else is fetching: the list comes from the archive
    except ArchiveError as error:
        if always or not session.paths.archive.exists():
            raise
        session.say(str(error))
        return Report()


def _stale(session: Session) -> tuple[Feed, ...]:
    """The feeds that were not asked for `refresh_after`, or never. Where the last try reached nobody, all
    are asked again after `RETRY`: the network may be back."""
    from kommcli.archive import feeds

    wanted = tuple(feed for feed in session.config.feeds if feed.enabled)
    with session.reading() as db:
        visits = feeds.visits(db) if db else {}
    known = [visits[feed.key] for feed in wanted if feed.key in visits]
    age = session.config.refresh_after
    if known and all(visit.failed for visit in known):
        age = min(age, RETRY)

    def fresh(feed: Feed) -> bool:
        visit = visits.get(feed.key)
        # A clock that was set back must not keep a feed from being asked for ever.
        return bool(visit and visit.url == feed.url and timedelta(0) <= session.now - visit.last_try < age)

    return tuple(feed for feed in wanted if not fresh(feed))


def _write_list(
    session: Session,
    found: list[Article],
    report: Report,
    as_of: datetime | None,
    chosen: ListFormat,
    out: options.OutFile,
) -> None:
    match chosen:
        case ListFormat.TERMINAL:
            from kommcli.render import terminal

            note = terminal.list_note(len(found), as_of, session.now)
            home = at_home(session, found)
            output.write_terminal(lambda width: terminal.articles(found, session.now, width, note, home), out)
            last_list.remember(session.paths.state, [article.id for article in found])
        case ListFormat.JSON:
            from kommcli.render import records

            output.write(records.to_json(records.articles(found, report, session.now)), out)
        case _:
            output.write(in_format(found, chosen, session.now), out)


def in_format(found: list[Article], chosen: ListFormat, now: datetime) -> str:
    """The articles in a format that says nothing but them."""
    from kommcli.render import plain, records

    match chosen:
        case ListFormat.JSONL:
            return records.jsonl(found)
        case ListFormat.CSV:
            return records.csv(found)
        case ListFormat.MARKDOWN:
            from kommcli.render import markdown

            return markdown.articles(found)
        case ListFormat.HTML:
            from kommcli.render import html

            return html.articles(found)
        case ListFormat.ATOM:
            from kommcli.render import syndicated

            return syndicated.atom(found, now)
        case ListFormat.JSONFEED:
            from kommcli.render import syndicated

            return syndicated.jsonfeed(found)
        case _:
            return plain.articles(found)


def at_home(session: Session, found: list[Article]) -> frozenset[str]:
    """The ids of the articles about the reader's own region."""
    home = session.config.home
    if not home.states and not home.places:
        return frozenset()
    from kommcli.archive.labels import place_key

    keys = session.home_keys()
    return frozenset(
        article.id
        for article in found
        if set(article.states) & set(home.states)
        # A district's key is how the keys of its municipalities begin.
        or any(place_key(place).startswith(keys) for place in article.places)
    )


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
            code=messages.first_code(report),
            remedy=_("See how it looks without a network: kommcli --demo latest"),
        )
    if empty and not failed and not session.quiet:
        if not any(feed.enabled for feed in session.config.feeds):
            session.say(_("there is no feed to ask; add one with: kommcli feeds add URL"))
        elif offline or not worked:
            session.say(_("the archive is empty; fetch with: kommcli fetch"))
    if failed and len(failed) == 1:
        session.say(messages.failure_lines(report, session.now)[0])
    elif failed:
        session.say(messages.failures_in_short(report))
    asked = sum(feed.enabled for feed in session.config.feeds)
    if as_of and failed and len(failed) == asked:
        date = dates.short(as_of, session.now, language())
        session.say(_("as of {date}").format(date=date))
