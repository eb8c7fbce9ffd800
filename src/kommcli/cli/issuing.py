"""``digest issues`` and ``digest archive``: what was sent: listed, shown again, and as a folder of pages."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kommcli.cli import composing, options, output
from kommcli.cli.options import Format
from kommcli.cli.session import Session, session_of
from kommcli.errors import NothingToShow, OutputError
from kommcli.i18n import _, ngettext
from kommcli.text import clean

if TYPE_CHECKING:
    import sqlite3

    from kommcli.outgoing import KeptIssue


class KeptFormat(StrEnum):
    """What is kept of an issue."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"
    EML = "eml"


def issues(
    context: typer.Context,
    format_: options.AsFormat = None,
    as_json: options.AsJson = False,
    out: options.OutFile = None,
) -> None:
    """List the issues that were sent or are to be."""
    from kommcli.archive import issues as table
    from kommcli.render import issued, records

    session = session_of(context)
    chosen = output.chosen_format(Format, format_, as_json, out)
    with session.reading() as db:
        kept = table.everything(db) if db else []
        found = [(issue, table.mails(db, issue.number)) for issue in kept] if db else []
    match chosen:
        case Format.JSON:
            output.write(records.to_json(issued.record(found, session.now)), out)
        case Format.PLAIN:
            output.write(issued.plain(found), out)
        case Format.TERMINAL:
            from kommcli.render import issuetable

            output.write_terminal(lambda width: issuetable.issues(found, session.now, width), out)


def show(
    context: typer.Context,
    number: Annotated[int, typer.Argument(min=1, metavar="N", help=_("Number of the issue."))],
    format_: Annotated[
        KeptFormat, typer.Option("-F", "--format", help=_("Form of the issue."))
    ] = KeptFormat.TEXT,
    as_json: options.AsJson = False,
    out: options.OutFile = None,
) -> None:
    """Show an issue as it was sent, byte for byte."""
    from kommcli.archive import issues as table

    session = session_of(context)
    chosen = KeptFormat.JSON if as_json else format_
    with session.reading() as db:
        if db is None or (issue := table.by_number(db, number)) is None:
            raise NothingToShow(
                _("there is no issue {number}").format(number=number),
                code="digest.unknown",
                remedy=_("See `kommcli digest issues`."),
            )
        output.write(_form(db, issue, chosen), out)


def _form(db: sqlite3.Connection, issue: KeptIssue, chosen: KeptFormat) -> str:
    from kommcli.archive import issues as table

    if chosen is not KeptFormat.EML:
        return issue.forms[chosen]
    return table.mails(db, issue.number)[0].content.decode("ascii")


def archive(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help=_("The folder; it is made where needed."))],
    url: Annotated[
        str,
        typer.Option("--url", metavar="URL", help=_("Where the folder will be on the web, for the feed.")),
    ] = "",
    lang: options.Language = None,
) -> None:
    """Write all issues that were sent as web pages, with an index and a feed."""
    from kommcli.archive import issues as table
    from kommcli.digest import shelf
    from kommcli.i18n import language

    session = session_of(context)
    composing.speak(lang)
    with session.reading() as db:
        sent = table.everything(db, sent=True) if db else []
        found = [issue for one in sent if db and (issue := table.by_number(db, one.number))]
    _put(shelf.files(found, language=language(), address=clean(url)), folder)
    _tell(session, folder, len(found))


def _put(files: dict[str, str], folder: Path) -> None:
    """Write what has changed, each file in one step, and the index and the feed behind the pages."""
    from kommcli import files as disk

    path = folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            path = folder / name
            if not path.exists() or path.read_bytes() != text.encode():
                disk.replace(path, text, 0o644)
    except OSError as error:
        raise OutputError(
            _("{path} cannot be written").format(path=path),
            cause=error.strerror or "",
            code="io.file",
            remedy=_("Check the path and its permissions."),
        ) from error


def _tell(session: Session, folder: Path, count: int) -> None:
    if not session.quiet:
        words = ngettext("{count} issue written to {path}", "{count} issues written to {path}", count)
        session.say(words.format(count=count, path=folder))
