"""``topics``, ``states``, ``places`` and ``stats``: what there is, counted, for whatever filter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from kommcli.cli import options, output
from kommcli.cli.filters import Filters, takes_filters
from kommcli.cli.options import CountFormat
from kommcli.cli.session import Session, session_of
from kommcli.errors import BadUsage
from kommcli.i18n import _
from kommcli.model import Report

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime

    from kommcli.conditions import Query
    from kommcli.tallies import Tallies, Tally

MANY_PLACES = 30
"""Places in a list on a terminal: there may be thousands."""

WEEKS = 52
"""Weeks that are counted one by one, at most."""


@takes_filters
def topics(
    context: typer.Context,
    filters: Filters,
    rows: options.Rows = None,
    format_: options.AsCountFormat = None,
    as_json: options.AsJson = False,
    as_csv: options.AsCsv = False,
    out: options.OutFile = None,
) -> None:
    """Count the articles by topic."""
    _count("topics", context, filters, rows, _format(format_, as_json, as_csv, out), out)


@takes_filters
def states(
    context: typer.Context,
    filters: Filters,
    rows: options.Rows = None,
    format_: options.AsCountFormat = None,
    as_json: options.AsJson = False,
    as_csv: options.AsCsv = False,
    out: options.OutFile = None,
) -> None:
    """Count the articles by federal state."""
    _count("states", context, filters, rows, _format(format_, as_json, as_csv, out), out)


@takes_filters
def places(
    context: typer.Context,
    filters: Filters,
    rows: options.Rows = None,
    format_: options.AsCountFormat = None,
    as_json: options.AsJson = False,
    as_csv: options.AsCsv = False,
    out: options.OutFile = None,
) -> None:
    """Count the articles by place."""
    chosen = _format(format_, as_json, as_csv, out)
    if rows is None and chosen is CountFormat.TERMINAL:
        rows = MANY_PLACES
    _count("places", context, filters, rows, chosen, out)


def _format(asked: CountFormat | None, as_json: bool, as_csv: bool, out: options.OutFile) -> CountFormat:
    if as_csv:
        if as_json or asked not in (None, CountFormat.CSV):
            raise BadUsage(
                _("--csv and another format contradict each other"), remedy=_("Leave one of them out.")
            )
        asked = CountFormat.CSV
    return output.chosen_format(CountFormat, asked, as_json, out)


def _count(
    what: str,
    context: typer.Context,
    filters: Filters,
    rows: int | None,
    chosen: CountFormat,
    out: options.OutFile,
) -> None:
    session = session_of(context)
    found = _tallies(session, what, filters.query(session, 0), rows or 0)
    _write_tallies(what, found, session, chosen, out)


def _write_tallies(
    what: str, found: Tallies, session: Session, chosen: CountFormat, out: options.OutFile
) -> None:
    from kommcli.render import records, tallied

    match chosen:
        case CountFormat.TERMINAL:
            from kommcli.render import charts, tilemap

            if what == "states":
                output.write_terminal(lambda width: tilemap.states(found, width), out)
            else:
                output.write_terminal(lambda width: charts.tallies(what, found, width), out)
        case CountFormat.PLAIN:
            output.write(tallied.counted_plain(found), out)
        case CountFormat.JSON:
            output.write(records.to_json(tallied.counted(what, found, Report(), session.now)), out)
        case CountFormat.CSV:
            output.write(tallied.counted_csv(what, found), out)


def _tallies(session: Session, what: str, query: Query, rows: int) -> Tallies:
    from dataclasses import replace

    from kommcli.archive import counts
    from kommcli.tallies import Tallies

    with session.reading() as db:
        if db is None:
            return Tallies(0, ())
        weeks = _weeks(db, query)
        found = counts.tally(db, query.where, what.removesuffix("s"), weeks, session.config.titles)
    return replace(found, rows=_first(found.rows, rows)) if rows else found


def _first(found: Sequence[Tally], count: int) -> tuple[Tally, ...]:
    """The first rows; what has no topic, state or place is counted besides."""
    from kommcli.render.tallied import REST

    named = [row.key for row in found if row.key not in REST][:count]
    kept = {*named, *REST}
    return tuple(row for row in found if row.key in kept)


def _weeks(db: sqlite3.Connection, query: Query) -> list[tuple[datetime, datetime]]:
    """The weeks from the oldest to the newest article of the query, the newest `WEEKS` of them."""
    from kommcli import dates
    from kommcli.archive import counts

    extent = counts.extent(db, query.where)
    return dates.weeks_between(*extent)[-WEEKS:] if extent else []


def _watched(session: Session, query: Query) -> Tallies:
    """How many hits of the query each watch has, by week."""
    from kommcli import dates
    from kommcli.archive import counts
    from kommcli.cli import watching
    from kommcli.conditions import All
    from kommcli.tallies import Tallies, Tally

    names = watching.named(session, None)
    with session.reading() as db:
        if db is None:
            return Tallies(0, ())
        weeks = _weeks(db, query)
        rows = []
        for name in names:
            where = All((query.where, watching.condition(session, name)))
            rows.append(Tally(name, name, counts.total(db, where), counts.by_week(db, where, weeks)))
        total = counts.total(db, query.where)
    return Tallies(total, tuple(rows), tuple(dates.week_of(first) for first, _after in weeks))


@takes_filters
def stats(
    context: typer.Context,
    filters: Filters,
    watch: Annotated[bool, typer.Option("--watch", help=_("The weeks of each [watch.NAME]."))] = False,
    format_: options.AsCountFormat = None,
    as_json: options.AsJson = False,
    as_csv: options.AsCsv = False,
    out: options.OutFile = None,
) -> None:
    """Show articles by week and feed, and states by topic; or the weeks of watches."""
    from kommcli.archive import counts
    from kommcli.render import records, tallied
    from kommcli.tallies import Crossing, Tallies

    session = session_of(context)
    chosen = _format(format_, as_json, as_csv, out)
    query = filters.query(session, 0)
    if watch:
        _write_tallies("watched", _watched(session, query), session, chosen, out)
        return
    by_week: tuple[int, ...] = ()
    feeds, crossing = Tallies(0, ()), Crossing((), (), {})
    with session.reading() as db:
        if db is not None:
            weeks = _weeks(db, query)
            by_week = counts.by_week(db, query.where, weeks)
            feeds = counts.tally(db, query.where, "feed", weeks, session.config.titles)
            crossing = counts.crossing(db, query.where)
    match chosen:
        case CountFormat.TERMINAL:
            from kommcli.render import charts

            output.write_terminal(lambda width: charts.statistics(by_week, feeds, crossing, width), out)
        case CountFormat.PLAIN:
            output.write(tallied.statistics_plain(by_week, feeds, crossing), out)
        case CountFormat.JSON:
            record = tallied.statistics(by_week, feeds, crossing, Report(), session.now)
            output.write(records.to_json(record), out)
        case CountFormat.CSV:
            output.write(tallied.statistics_csv(by_week, feeds, crossing), out)
