"""``prune``: articles that are no longer wanted go, and their room with them."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from kommcli.cli import asking, options, output
from kommcli.cli.filters import Filters, takes_filters
from kommcli.cli.options import Format
from kommcli.cli.session import Session, session_of
from kommcli.conditions import All, Query, Span
from kommcli.errors import BadUsage
from kommcli.i18n import _, ngettext

if TYPE_CHECKING:
    import sqlite3

    from kommcli.render.upkeep import Pruned

OlderThan = Annotated[
    str | None, typer.Option(metavar="TIME", help=_("Only articles older than this, such as 90d or 52w."))
]
Keep = Annotated[
    int, typer.Option(min=0, max=1_000_000, metavar="N", help=_("The newest N articles of every feed stay."))
]
DryRun = Annotated[bool, typer.Option("--dry-run", help=_("Only tell what would go."))]
NoCompact = Annotated[
    bool,
    typer.Option("--no-compact", help=_("Leave the file as large as it is; its free room is used again.")),
]


@takes_filters
def prune(
    context: typer.Context,
    filters: Filters,
    older_than: OlderThan = None,
    keep: Keep = 0,
    dry_run: DryRun = False,
    no_compact: NoCompact = False,
    yes: asking.Yes = False,
    format_: options.AsFormat = None,
    as_json: options.AsJson = False,
    out: options.OutFile = None,
) -> None:
    """Take articles out of the archive."""
    from kommcli.archive.database import lock

    session = session_of(context)
    chosen = output.chosen_format(Format, format_, as_json, out)
    if not (filters.given or older_than or keep):
        raise BadUsage(
            _("which articles may go?"),
            remedy=_("For example: kommcli prune --older-than 52w --keep 100"),
        )
    query = _query(session, filters, older_than)
    with session.reading():
        pass  # the demo's archive is filled first
    with lock(session.paths.archive), session.writing() as db:
        pruned = _pruned(session, db, query, keep, dry_run=dry_run, compact=not no_compact, yes=yes)
    _tell(session, pruned, chosen, out)


def _query(session: Session, filters: Filters, older_than: str | None) -> Query:
    query = filters.query(session, 0)
    if older_than is None:
        return query
    from kommcli.datewords import parse_duration

    try:
        until = session.now - parse_duration(older_than)
    except (ValueError, OverflowError):
        raise BadUsage(
            _("{option} {value} cannot be used").format(option="--older-than", value=f'"{older_than[:40]}"'),
            code="usage.value",
            remedy=_("Write a time such as 90d or 52w."),
        ) from None
    return replace(query, where=All((*query.where.parts, Span(None, until))))


def _pruned(
    session: Session,
    db: sqlite3.Connection,
    query: Query,
    keep: int,
    *,
    dry_run: bool,
    compact: bool,
    yes: bool,
) -> Pruned:
    from kommcli.archive import pruning, upkeep
    from kommcli.render.upkeep import Pruned

    found, before = pruning.prunable(db, query, keep), upkeep.space(db)
    pruned = Pruned(found, dry_run=dry_run, before=before.size, after=before.size)
    if dry_run or not found.rows:
        return pruned
    count = len(found.rows)
    question = ngettext("Remove {count} article for good?", "Remove {count} articles for good?", count)
    if not yes and not asking.agreed(session, question.format(count=count), "prune"):
        return replace(pruned, removed=0)
    with _progress(session, count) as counted:
        for done in pruning.prune(db, found.rows):
            counted(done)
    if compact and _room(session, before.size):
        upkeep.compact(db)
    return replace(pruned, removed=count, after=upkeep.space(db).size)


def _room(session: Session, size: int) -> bool:
    """Whether the file can be written anew; says so where it cannot."""
    free = shutil.disk_usage(session.paths.archive.parent).free
    if free > 2 * size:
        return True
    session.say(
        _("the file stays as large as it is: making it smaller needs {needed} MB, {free} MB are free").format(
            needed=2 * size // 1_000_000 + 1, free=free // 1_000_000
        )
    )
    return False


@contextmanager
def _progress(session: Session, count: int) -> Iterator[Callable[[int], None]]:
    from kommcli.cli.fetching import counting

    with counting(count, sys.stderr.isatty() and not session.quiet, _("Pruning")) as counted:
        yield counted


def _tell(session: Session, pruned: Pruned, chosen: Format, out: options.OutFile) -> None:
    from kommcli.render import records, upkeep

    match chosen:
        case Format.JSON:
            output.write(records.to_json(upkeep.pruned(pruned, session.now)), out)
        case Format.PLAIN:
            output.write(upkeep.plain_pruned(pruned), out)
        case Format.TERMINAL:
            output.write(upkeep.told_pruned(pruned, session.now), out)
