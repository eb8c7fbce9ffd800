"""From what was asked for to an issue: the time, the articles, the sources that are behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import typer

from kommcli.cli.filters import Filters
from kommcli.cli.options import DigestGroup
from kommcli.cli.session import Session
from kommcli.conditions import Query, Span
from kommcli.errors import BadUsage
from kommcli.i18n import LANGUAGES, _

if TYPE_CHECKING:
    from kommcli.digest.compose import Plan
    from kommcli.digest.issue import Issue, Stale

BACK = timedelta(weeks=4)
"""How far ``--new`` looks back where no time is given."""


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
    """Make the issue in this language."""
    from kommcli import i18n

    if language is not None:
        if language not in LANGUAGES:
            raise BadUsage(
                _("there is no language {name}").format(name=language),
                code="usage.language",
                remedy=_("one of {options} is wanted").format(options=", ".join(LANGUAGES)),
            )
        i18n.use(language)


def compose(session: Session, asked: Asked) -> Issue:
    """The issue that is asked for, of what the archive has. Raises `BadUsage`."""
    from kommcli.cli.listing import at_home
    from kommcli.digest import compose as composer

    query, span = _query(session, asked)
    with session.reading() as db:
        found = []
        sent: Mapping[str, int] = {}
        stale: tuple[Stale, ...] = ()
        if db is not None:
            from kommcli.archive import articles, feeds

            found = articles.select(db, query, session.config.titles)
            stale = composer.stale(feeds.states(db).values(), _enabled(session), span[1])
    plan = _plan(session, asked, span)
    return composer.compose(found, plan, home=at_home(session, found), sent=sent, stale=stale)


def _query(session: Session, asked: Asked) -> tuple[Query, tuple[datetime, datetime]]:
    """The query, and its time: the last whole week where none is given."""
    query = asked.filters.query(session, 0)
    since, until = query.span.since, query.span.until
    if since is None and until is None:
        if asked.new:
            since = session.now - BACK
        else:
            query = replace(asked.filters, week="last").query(session, 0)
            since, until = query.span.since, query.span.until
    span = since or datetime(1970, 1, 1, tzinfo=session.now.tzinfo), until or session.now
    return replace(query, where=replace(query.where, parts=(Span(*span), *query.where.parts))), span


def _enabled(session: Session) -> dict[str, str]:
    return {feed.key: feed.title for feed in session.config.feeds if feed.enabled}


def _plan(session: Session, asked: Asked, span: tuple[datetime, datetime]) -> Plan:
    from kommcli.digest.compose import Group, Plan

    settings = session.config.digest
    return Plan(
        since=span[0],
        until=span[1],
        name=settings.name or _("Digital Municipalities Weekly"),
        salutation=_("Dear readers,") if settings.salutation is None else settings.salutation,
        closing=_("We wish you an inspiring read!") if settings.closing is None else settings.closing,
        signature=settings.signature,
        group=Group(asked.group or settings.group),
        most=asked.most or settings.max,
        most_a_section=asked.most_a_section or settings.max_per_section,
        titles_only=asked.titles_only,
        new=asked.new,
        listing=("latest",),
    )


def end(session: Session, issue: Issue, *, ok_partial: bool) -> None:
    """Tell which sources are behind; exit 3 if some are, unless that is all right."""
    from kommcli.digest import forms

    if not issue.stale:
        return
    session.say(forms.stale(issue))
    if not ok_partial:
        raise typer.Exit(3)
