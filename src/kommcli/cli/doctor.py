"""``doctor``: everything that can be wrong, checked, with the remedy.

A check is a function that looks at one thing and gives what it found; `CHECKS` names them in their order, and
a new one is one more line there.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kommcli.cli import options, output
from kommcli.cli.options import Format
from kommcli.cli.session import Session, session_of
from kommcli.errors import BadUsage, ConfigError, KommError
from kommcli.i18n import _, ngettext
from kommcli.text import clean

if TYPE_CHECKING:
    from kommcli.health import Checked, Finding

WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)
"""Before this instant there was no kommcli: a clock that shows an earlier one is wrong."""

SMALL = 5_000
"""Articles whose index is compared within some seconds."""

MAIL_PATIENCE = 5.0
"""Seconds that each answer of the mail server may take: whoever asks sits and waits."""

Outcome = tuple[list["Finding"], str]
"""What was found, and in a few words what was looked at."""


def doctor(
    context: typer.Context,
    deep: Annotated[
        bool, typer.Option("--deep", help=_("Compare every word of the full-text index. Takes a while."))
    ] = False,
    mend: Annotated[
        bool, typer.Option("--mend", help=_("Make the full-text index anew, if it is wrong."))
    ] = False,
    format_: options.AsFormat = None,
    as_json: options.AsJson = False,
    out: options.OutFile = None,
) -> None:
    """Check everything that can be wrong."""
    from kommcli import health
    from kommcli.render import records, sickbed

    session = session_of(context)
    chosen = output.chosen_format(Format, format_, as_json, out)
    if mend:
        _mend(session)
    looks = CHECKS | {"index": lambda session: _index(session, deep=deep or mend)}
    checks = [_checked(session, name, look) for name, look in looks.items()]
    match chosen:
        case Format.JSON:
            output.write(records.to_json(sickbed.record(checks, session.now)), out)
        case Format.PLAIN:
            output.write(sickbed.plain(checks), out)
        case Format.TERMINAL:
            from kommcli.render import subscriptions

            output.write_terminal(lambda _width: subscriptions.diagnosis(checks), out)
    raise typer.Exit(health.exit_status(checks))


def _checked(session: Session, name: str, look: Callable[[Session], Outcome]) -> Checked:
    """A check; what would end a command is a finding."""
    from kommcli import health

    try:
        findings, summary = look(session)
    except KommError as error:
        findings, summary = [health.of_error(error)], ""
    return health.Checked(name, tuple(findings), clean(summary))


def _configuration(session: Session) -> Outcome:
    config = session.config
    session.home_keys()
    session.check_aliases()
    found = [finding for view in config.views for finding in _view(session, view)]
    if config.path is None:
        return found, _("{path}: not there; the defaults hold").format(path=session.paths.config)
    return found, str(config.path)


def _view(session: Session, name: str) -> list[Finding]:
    """What is wrong with a saved filter."""
    from kommcli import health, query

    try:
        query.build([], now=session.now, known=session.known, view=name, limit=0)
    except BadUsage as error:  # here it is the configuration that is wrong
        return [replace(health.of_error(error), status=ConfigError.exit_status)]
    return []


def _feeds(session: Session) -> Outcome:
    from kommcli import health
    from kommcli.archive import feeds as feed_table
    from kommcli.archive import upkeep

    with session.reading() as db:
        states = feed_table.states(db) if db else {}
        newest = upkeep.newest(db) if db else {}
    pairs = [(feed, states.get(feed.key)) for feed in session.config.feeds]
    found = list(health.feeds(pairs, newest, session.now))
    count = len(pairs)
    return found, ngettext("{count} feed", "{count} feeds", count).format(count=count)


def _archive(session: Session) -> Outcome:
    from kommcli import health
    from kommcli.archive import upkeep

    with session.reading() as db:
        if db is None:
            return [], _("{path}: not there yet").format(path=session.paths.archive)
        faults, space = upkeep.faults(db), upkeep.space(db)
        count, version = upkeep.articles(db), upkeep.version(db)
    found = list(health.archive(faults, space.size, space.free, _mode(session.paths.archive)))
    articles = ngettext("{count} article", "{count} articles", count).format(count=count)
    size = f"{space.size / 1_000_000:.1f} MB"
    return found, ", ".join((str(session.paths.archive), articles, size, _("schema {n}").format(n=version)))


def _index(session: Session, *, deep: bool = False) -> Outcome:
    """The index of a small archive is always read as a whole; that of a large one only when asked."""
    from kommcli import health
    from kommcli.archive import fulltext, stories, upkeep

    with session.reading() as db:
        if db is None:
            return [], ""
        deep = deep or upkeep.articles(db) <= SMALL
        missing, sound = fulltext.missing(db), not deep or fulltext.is_sound(db)
        waiting = len(stories.untold(db, SMALL))
    summary = _("every word compared") if deep else _("counted; every word with --deep")
    return list(health.index(missing, sound=sound, waiting=waiting)), summary


def _mend(session: Session) -> None:
    """Make the index anew where it is wrong. Raises `ArchiveError`."""
    from kommcli.archive import fulltext
    from kommcli.archive.database import lock, transaction

    with lock(session.paths.archive), session.writing() as db:
        if not fulltext.is_sound(db):
            with transaction(db):
                fulltext.rebuild(db)
            session.say(_("the full-text index was made anew"))


def _mail(session: Session) -> Outcome:
    """Whether mails could leave: asks the server as far as the login, and sends nothing."""
    from kommcli import health
    from kommcli.cli import posting

    mail = session.config.mail
    # Who only writes mails to files needs no way to send.
    if mail is None or not (mail.host or mail.sendmail):
        return [], _("not configured")
    settings = posting.settings_of(session)
    patient = replace(settings, timeout=min(settings.timeout, MAIL_PATIENCE))
    with posting.way(session, patient) as way:
        found = way.probe()
    return list(health.mail(found.code, found.reply)), posting.shown_way(settings)


def _outbox(session: Session) -> Outcome:
    from kommcli import health
    from kommcli.archive import issues
    from kommcli.outgoing import WAITING

    with session.reading() as db:
        unsent = issues.unsent(db, session.now - health.RECENT) if db else []
    count = sum(one.state in WAITING for one in unsent)
    summary = ngettext("{count} recipient waits", "{count} recipients wait", count).format(count=count)
    return list(health.outbox(unsent, session.now)), summary if count else ""


def _disk(session: Session) -> Outcome:
    from kommcli import health

    folder = next(one for one in session.paths.archive.parents if one.exists())
    size = session.paths.archive.stat().st_size if session.paths.archive.exists() else 0
    free = shutil.disk_usage(folder).free
    summary = _("{size} MB free").format(size=free // 1_000_000)
    return list(health.disk(free, size)), summary


def _clock(session: Session) -> Outcome:
    from kommcli import dates, health
    from kommcli.archive import feeds

    try:
        with session.reading() as db:
            visited = feeds.newest_visit(db) if db else None
    except KommError:
        visited = None  # told by the check of the archive
    fixed = bool(session.environ.get("KOMMCLI_NOW")) or session.demo
    return list(health.clock(session.now, WRITTEN, visited, fixed)), dates.iso(session.now)


def _terminal(session: Session) -> Outcome:
    from kommcli import health

    watched = sys.stdout.isatty()
    columns = shutil.get_terminal_size().columns if watched else 0
    kind, encoding = session.environ.get("TERM", ""), sys.stdout.encoding or ""
    summary = f"{encoding}, {kind}, {columns}" if watched else encoding
    return list(health.terminal(encoding, columns, kind)), summary


def _mode(path: Path) -> int:
    """The mode of a file; 0 where there is none, or modes mean nothing."""
    return path.stat().st_mode & 0o777 if os.name == "posix" and path.exists() else 0


CHECKS: dict[str, Callable[[Session], Outcome]] = {
    "config": _configuration,
    "feeds": _feeds,
    "archive": _archive,
    "index": _index,
    "mail": _mail,
    "outbox": _outbox,
    "disk": _disk,
    "clock": _clock,
    "terminal": _terminal,
}
"""The checks by their stable names."""
