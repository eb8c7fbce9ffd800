"""From what was asked for to an issue: the time, the articles, the sources that are behind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import typer

from kommcli.cli.filters import Filters
from kommcli.cli.listing import at_home
from kommcli.cli.options import DigestGroup
from kommcli.cli.session import Session
from kommcli.conditions import Query, Span
from kommcli.errors import BadUsage
from kommcli.i18n import LANGUAGES, _, use
from kommcli.model import Article

if TYPE_CHECKING:
    import sqlite3

    from kommcli.digest.compose import Plan
    from kommcli.digest.issue import Issue, Stale

BACK = timedelta(weeks=4)
"""How far ``--new`` looks back where no time is given, and how late an article may come."""

OLD = timedelta(days=1)
"""An archive that lacks the last day of a time may lack articles."""

Time = tuple[datetime, datetime]
"""From the first instant to before the second."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user asks of a digest."""

    filters: Filters
    new: bool = False
    group: DigestGroup | None = None
    most: int | None = None
    most_a_section: int | None = None
    titles_only: bool = False


def speak(language: str | None) -> None:
    """Make the issue in this language. Raises `BadUsage`."""
    if language is None:
        return
    if language not in LANGUAGES:
        raise BadUsage(
            _("there is no language {name}").format(name=f'"{language[:20]}"'),
            code="usage.language",
            remedy=_("It is one of: {options}.").format(options=", ".join(LANGUAGES)),
        )
    use(language)


def compose(session: Session, asked: Asked) -> Issue:
    """The issue that is asked for, of what the archive has. Raises `BadUsage`."""
    from kommcli.digest import compose as composer

    got = gather(session, asked)
    plan = plan_of(session, asked, got.time)
    home = at_home(session, got.found)
    issue = composer.compose(got.found, plan, home=home, sent=got.sent, stale=got.stale)
    return replace(issue, as_of=got.as_of)


@dataclass(frozen=True, slots=True)
class Gathered:
    """What the archive has for an issue: the articles, their time, the number of the issue that had one last,
    by id, the sources that are behind, and when one last answered."""

    found: list[Article]
    time: Time
    sent: Mapping[str, int] = field(default_factory=dict)
    stale: tuple[Stale, ...] = ()
    as_of: datetime | None = None


def gather(session: Session, asked: Asked) -> Gathered:
    """What the archive has for the issue that is asked for. Raises `BadUsage`."""
    query, time = _query(session, asked)
    with session.reading() as db:
        if db is None:
            return Gathered([], time)
        from kommcli.archive import articles, feeds, issues

        found = articles.select(db, query, session.config.titles)
        sent = issues.sent_refs(db, session.config.digest.remember) if session.config.digest.remember else {}
        if asked.new:
            told = issues.sent_refs(db)
            found = [one for one in found if not _tellings(one) & told.keys()]
        else:
            found += _late(session, asked, db, time)
        last = {ref: number for one in found for ref, number in _last(one, sent)}
        return Gathered(found, time, last, stale(session, db, time[1]), feeds.newest_visit(db))


def _tellings(article: Article) -> set[str]:
    """The ids of all that tell its story."""
    return {article.id, *(telling.id for telling in article.also_in)}


def _last(article: Article, sent: Mapping[str, int]) -> Iterable[tuple[str, int]]:
    """The number of the last issue that had its story, by its id."""
    numbers = [sent[ref] for ref in _tellings(article) if ref in sent]
    return [(article.id, max(numbers))] if numbers else []


def _late(session: Session, asked: Asked, db: sqlite3.Connection, time: Time) -> list[Article]:
    """The articles of weeks whose issue was sent before they were first seen: they come now, or never."""
    from kommcli.archive import articles, issues

    since, until = time
    past = [
        one
        for one in issues.everything(db, sent=True)
        if one.sent and since - BACK <= one.since and one.until <= since
    ]
    if not past:
        return []
    told = issues.sent_refs(db)
    query = asked.filters.query(session, 0)
    parts = tuple(part for part in query.where.parts if not isinstance(part, Span))
    span = Span(min(one.since for one in past), since)
    candidates = articles.select(
        db, Query(replace(query.where, parts=(span, *parts)), 0), session.config.titles
    )
    return [
        found
        for found in candidates
        if found.first_seen < until
        and not _tellings(found) & told.keys()
        and any(one.since <= found.published < one.until and _is_after(found, one.sent) for one in past)
    ]


def _is_after(article: Article, sent: datetime | None) -> bool:
    return sent is not None and article.first_seen > sent


def stale(session: Session, db: sqlite3.Connection, until: datetime) -> tuple[Stale, ...]:
    """The enabled sources that may lack articles of a time that ends with ``until``."""
    from kommcli.archive import feeds
    from kommcli.digest import compose as composer

    names = {feed.key: feed.title for feed in session.config.feeds if feed.enabled}
    return composer.stale(feeds.states(db).values(), names, until)


def _query(session: Session, asked: Asked) -> tuple[Query, Time]:
    """The query, and its time: the last whole week where none is given; a week up to its end where only
    that is."""
    query = asked.filters.query(session, 0)
    since, until = query.span.since, query.span.until
    if since is None and until is None and not asked.new:
        query = replace(asked.filters, week="last").query(session, 0)
        since, until = query.span.since, query.span.until
    # What was first seen at this very moment belongs to it.
    until = until or session.now + timedelta(seconds=1)
    since = since or until - (BACK if asked.new else timedelta(weeks=1))
    where = replace(query.where, parts=(Span(since, until), *query.where.parts))
    return Query(where, 0), (since, until)


def plan_of(session: Session, asked: Asked, time: Time) -> Plan:
    """How the issue is to be made: what was asked, else the configuration."""
    from kommcli.digest.compose import Group, Plan

    settings = session.config.digest
    options, words = scope(asked.filters)
    return Plan(
        since=time[0],
        until=time[1],
        name=settings.name or _("Digital Municipalities Weekly"),
        salutation=_("Dear readers,") if settings.salutation is None else settings.salutation,
        closing=_("We wish you an inspiring read!") if settings.closing is None else settings.closing,
        signature=settings.signature,
        group=Group(asked.group or settings.group),
        most=asked.most or settings.max,
        most_a_section=asked.most_a_section or settings.max_per_section,
        titles_only=asked.titles_only,
        new=asked.new,
        options=options,
        words=words,
    )


def scope(filters: Filters) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The filters but for the time, as options and query words of a command line."""
    given = {
        "--topic": filters.topic,
        "--state": filters.state,
        "--place": filters.place,
        "--feed": filters.feed,
        "--kind": filters.kind,
        "--view": [filters.view] if filters.view else None,
    }
    options = [part for name, values in given.items() for value in values or () for part in (name, value)]
    flags = {"--unread": filters.unread, "--starred": filters.starred}
    return (*options, *(name for name, given in flags.items() if given)), tuple(filters.words or ())


def end(session: Session, issue: Issue, *, ok_partial: bool) -> None:
    """Tell what may be missing: sources that are behind, an archive that is older than the time of the issue;
    exit 3 if there is such a thing, unless that is all right."""
    from kommcli import dates
    from kommcli.digest import forms

    if issue.as_of is None:
        if not session.quiet:
            session.say(_("the archive is empty; fetch with: kommcli fetch"))
        return
    told = forms.stale(issue)
    if issue.as_of < min(issue.until, session.now) - OLD:
        told = _("the archive is as of {date}; fetch with: kommcli fetch").format(date=dates.day(issue.as_of))
    if told and not (ok_partial and session.quiet):
        session.say(told)
        if not ok_partial:
            raise typer.Exit(3)
