"""``latest``, ``read``, ``open`` and ``mark``: from the archive to the reader."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from kommcli.cli import last_list, options, output
from kommcli.cli.options import Format, ListFormat
from kommcli.cli.session import Session, session_of
from kommcli.errors import ArchiveError, ArchiveLocked, BadUsage, NothingToShow
from kommcli.i18n import _, ngettext
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
    query = _query(session, feed, since, until, unread, starred, limit or session.config.limit)
    report = Report() if offline else _refresh(session, always=refresh)
    with session.reading() as db:
        found, as_of, empty = _select(session, db, query)
    _write_list(session, found, report, as_of, chosen, out)
    _tell_failures(session, report, as_of, empty=empty, offline=offline)


def _query(
    session: Session,
    feeds: Sequence[str] | None,
    since: str | None,
    until: str | None,
    unread: bool,
    starred: bool,
    limit: int,
) -> Query:
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


# -------------------------------------------------------------------------------------- one article


def read(
    context: typer.Context,
    ref: options.Ref,
    keep_unread: Annotated[
        bool, typer.Option("--keep-unread", help=_("Do not mark the article as read."))
    ] = False,
    format_: options.AsFormat = None,
    as_json: options.AsJson = False,
    out: options.OutFile = None,
) -> None:
    """Show one article."""
    from kommcli.archive import articles
    from kommcli.render import plain, records

    session = session_of(context)
    chosen = output.chosen_format(Format, format_, as_json, out)
    with session.reading() as db:
        found = _found(session, db, [ref])[0]
        body = articles.body(db, found.id) if db else ()
    match chosen:
        case Format.TERMINAL:
            from kommcli.render import terminal

            page = terminal.article(found, body)
            if out is None:
                _prepare_less()
                with output.printing():
                    terminal.page(page, use_pager=sys.stdin.isatty())
            else:
                output.write_terminal(lambda _width: page, out)
            if not keep_unread and not found.read:
                _mark_read(session, found)
        case Format.PLAIN:
            output.write(plain.article(found, body), out)
        case Format.JSON:
            output.write(records.to_json(records.one_article(found, body, session.now)), out)


def _prepare_less() -> None:
    """Let less show colours and umlauts, as git does; what the user set stays."""
    os.environ.setdefault("LESS", "FRX")
    os.environ.setdefault("LESSCHARSET", "utf-8")


def _mark_read(session: Session, article: Article) -> None:
    """Remember that somebody has read it; an archive that cannot be written must not spoil the reading."""
    from kommcli.archive import articles
    from kommcli.archive.database import transaction

    try:
        with session.writing() as db, transaction(db):
            articles.mark(db, [article.id], read=True)
    except ArchiveError as error:
        if session.verbose:
            session.say(str(error))


def _found(session: Session, db: sqlite3.Connection | None, refs: Sequence[str]) -> list[Article]:
    """The articles that ``refs`` mean. Raises `NothingToShow` and `BadUsage`."""
    from kommcli.archive import articles

    if db is None:
        raise NothingToShow(
            _("the archive is empty"), remedy=_("Fetch with `kommcli fetch`, or try kommcli --demo latest.")
        )
    ids = [_resolve(session, db, ref) for ref in refs]
    found = articles.by_ids(db, ids, session.config.titles)
    if len(found) < len(set(ids)):
        raise NothingToShow(_("an article of this list is no longer there"), remedy=_("List anew."))
    return found


def _resolve(session: Session, db: sqlite3.Connection, ref: str) -> str:
    from kommcli.archive import articles
    from kommcli.text import clean, shorten

    shown = f'"{shorten(clean(ref), 80)}"'
    if ref.isascii() and ref.isdigit():
        ids = last_list.recall(session.paths.state)
        if 0 < int(ref[:9]) <= len(ids):
            return ids[int(ref) - 1]
        raise NothingToShow(
            _("the last list has no number {ref}").format(ref=shown),
            cause=ngettext("it had {count} article", "it had {count} articles", len(ids)).format(
                count=len(ids)
            ),
            remedy=_("List with `kommcli latest`."),
        )
    candidates = articles.resolve(db, ref)
    if not candidates:
        raise NothingToShow(
            _("there is no article {ref}").format(ref=shown),
            remedy=_("Take a number of the last list, an id, or the address of an article."),
        )
    if len(candidates) > 1:
        raise BadUsage(
            _("{ref} is the beginning of several ids").format(ref=shown),
            cause=", ".join(candidates),
            code="usage.ref",
            remedy=_("Type more of it."),
        )
    return candidates[0]


def open_(
    context: typer.Context,
    ref: options.Ref,
) -> None:
    """Open an article in the browser."""
    import webbrowser

    session = session_of(context)
    with session.reading() as db:
        article = _found(session, db, [ref])[0]
    if not article.url.startswith(("http://", "https://")):
        raise NothingToShow(
            _("the article {id} has no web address").format(id=article.id),
            code="article.no_url",
            remedy=_("Read it with `kommcli read {id}`.").format(id=article.id),
        )
    if not webbrowser.open(article.url):
        raise NothingToShow(
            _("no browser could be started"),
            cause=article.url,
            code="article.no_browser",
            remedy=_("Set BROWSER or copy the address."),
        )
    _mark_read(session, article)


def mark_command(column: str, value: bool) -> Callable[..., None]:
    """The function of ``mark read``, ``unread``, ``star`` or ``unstar``."""

    def mark(
        context: typer.Context,
        refs: options.Refs = None,
        feed: options.Feeds = None,
        since: options.Since = None,
        until: options.Until = None,
        unread: options.Unread = False,
        starred: options.Starred = False,
    ) -> None:
        session = session_of(context)
        filtered = bool(feed or since or until or unread or starred)
        if bool(refs) == filtered:
            raise BadUsage(
                _("name articles or give filters, not both") if refs else _("which articles?"),
                remedy=_("For example: kommcli mark read 3, or kommcli mark read --feed NAME."),
            )
        _mark(session, column, value, refs or [], _query(session, feed, since, until, unread, starred, 0))

    return mark


def _mark(session: Session, column: str, value: bool, refs: Sequence[str], query: Query) -> None:
    from kommcli.archive import articles
    from kommcli.archive.database import transaction

    with session.writing() as db:
        found = _found(session, db, refs) if refs else articles.select(db, query)
        ids = [article.id for article in found]
        with transaction(db):
            changed = articles.mark(db, ids, **{column: value})
    if not session.quiet:
        session.say(
            ngettext("{count} article marked", "{count} articles marked", changed).format(count=changed)
        )
