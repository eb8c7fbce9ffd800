"""``watch``: the new hits of what the user keeps an eye on, and giving them to a command."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from kommcli.cli import completing, last_list, options, output
from kommcli.cli.options import ListFormat
from kommcli.cli.session import Session, session_of
from kommcli.conditions import Condition
from kommcli.errors import ArchiveError, BadUsage, ConfigError, did_you_mean
from kommcli.i18n import _
from kommcli.text import clean

if TYPE_CHECKING:
    from kommcli.render.watched import Watched

Names = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="NAME…",
        help=_("Names of [watch.NAME] in the configuration; all without one."),
        show_default=False,
        autocompletion=completing.watches,
    ),
]


def watch(
    context: typer.Context,
    names: Names = None,
    every: Annotated[bool, typer.Option("--all", help=_("Also what was listed before."))] = False,
    peek: Annotated[bool, typer.Option("--peek", help=_("List it again the next time."))] = False,
    limit: options.Limit = None,
    format_: options.AsListFormat = None,
    as_json: options.AsJson = False,
    out: options.OutFile = None,
) -> None:
    """List what is new of what you watch."""
    session = session_of(context)
    chosen = output.chosen_format(ListFormat, format_, as_json, out)
    wanted = named(session, names)
    with session.reading() as db:
        found, until = _found(session, db, wanted, every=every, limit=limit or session.config.limit)
    _write(session, found, chosen, out)
    if not peek:
        _remember(session, wanted, until)


def named(session: Session, names: Sequence[str] | None) -> tuple[str, ...]:
    """The watches that ``names`` mean, or all. Raises `BadUsage`."""
    known = session.config.watches
    if not known:
        raise BadUsage(
            _("nothing is watched"),
            remedy=_('Write into the configuration: [watch.NAME] terms = ["…"], or query = "…".'),
        )
    for name in names or ():
        if name not in known:
            what = _("there is no watch {name}").format(name=f'"{clean(name)}"')
            raise BadUsage(what, code="usage.watch", remedy=did_you_mean(name, known))
    return tuple(names or known)


def condition(session: Session, name: str) -> Condition:
    """What the watch ``name`` asks for. Raises `ConfigError`."""
    from kommcli import query

    try:
        return query.build(
            [session.config.watches[name]], now=session.now, known=session.known, limit=0
        ).where
    except BadUsage as error:
        what = _("[watch.{name}] cannot be asked: {what}").format(name=name, what=error.what)
        raise ConfigError.single(what, code="config.value", remedy=error.remedy) from error


def _found(
    session: Session, db: sqlite3.Connection | None, names: Sequence[str], *, every: bool, limit: int
) -> tuple[list[Watched], int]:
    """The hits by name, and up to which arrival they are all."""
    from kommcli.archive import watching
    from kommcli.archive.database import snapshot
    from kommcli.render.watched import Watched

    asked = {name: condition(session, name) for name in names}
    texts = session.config.watches
    if db is None:
        return [Watched(name, texts[name], 0, ()) for name in asked], 0
    found = []
    with snapshot(db):
        for name, where in asked.items():
            after = 0 if every else watching.told(db, name, "shown")
            count, articles = watching.hits(db, where, after, limit, session.config.titles)
            found.append(Watched(name, texts[name], count, tuple(articles)))
        return found, watching.last(db)


def _write(session: Session, found: Sequence[Watched], chosen: ListFormat, out: options.OutFile) -> None:
    from kommcli.render import records, watched

    match chosen:
        case ListFormat.TERMINAL:
            from kommcli.render import terminal

            output.write_terminal(lambda _width: terminal.watched(found, session.now), out)
            listed = [article.id for one in found for article in one.articles]
            last_list.remember(session.paths.state, listed)
        case ListFormat.PLAIN:
            output.write(watched.plain(found), out)
        case ListFormat.JSON:
            output.write(records.to_json(watched.record(found, session.now)), out)
        case ListFormat.JSONL:
            output.write(watched.jsonl(found), out)
        case ListFormat.CSV:
            output.write(watched.csv(found), out)
        case _:
            from kommcli.cli.listing import in_format

            articles = {article.id: article for one in found for article in one.articles}
            output.write(in_format(list(articles.values()), chosen, session.now), out)


def _remember(session: Session, names: Sequence[str], until: int) -> None:
    """The hits up to the arrival ``until`` were listed; an archive that cannot be written must not spoil the
    list."""
    from kommcli.archive import watching
    from kommcli.archive.database import transaction

    try:
        with session.writing() as db, transaction(db):
            for name in names:
                watching.tell(db, name, "shown", until)
    except ArchiveError as error:
        session.say(str(error))


def to_notify(session: Session) -> dict[str, Condition]:
    """What `notify` will ask for, by name; called before anything is fetched. Raises `ConfigError` where
    there is no command, nothing to watch or a query with a fault."""
    if not session.config.notify or not session.config.watches:
        raise ConfigError.single(
            _("--notify has no command or nothing to watch"),
            code="config.missing",
            remedy=_('Write into the configuration: notify = ["command"] and [watch.NAME] terms = ["…"].'),
        )
    return {name: condition(session, name) for name in session.config.watches}


def notify(session: Session, asked: Mapping[str, Condition]) -> None:
    """Give the new hits to the configured command; what it did not take is given again the next time."""
    from kommcli.archive import watching
    from kommcli.archive.database import WAIT, lock, snapshot, transaction
    from kommcli.notify import PATIENCE, run
    from kommcli.render import records, watched
    from kommcli.render.watched import Watched

    command, texts = session.config.notify, session.config.watches
    turn = session.paths.archive.with_name(session.paths.archive.name + ".notify")
    # One after the other: a second fetch would give away the same hits while the command still takes them.
    with lock(turn, WAIT + PATIENCE), session.writing() as db:
        found = []
        with snapshot(db):
            until = watching.last(db)
            for name, where in asked.items():
                after = watching.told(db, name, "notified")
                count, hits = watching.hits(db, where, after, 0, session.config.titles)
                found += [Watched(name, texts[name], count, tuple(hits))] if count else []
        if not found:
            return
        failure = run(command, records.to_json(watched.record(found, session.now)), session.environ)
        if failure:
            session.say(
                _("the command {name} took no new hits ({cause})").format(name=command[0], cause=failure)
            )
            return
        with transaction(db):
            for one in found:
                watching.tell(db, one.name, "notified", until)
