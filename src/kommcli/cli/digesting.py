"""``digest``: the week's news composed, and the originals of its templates."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kommcli.cli import composing, options, output
from kommcli.cli.filters import Filters, takes_filters
from kommcli.cli.options import DigestFormat
from kommcli.cli.session import Session, session_of
from kommcli.errors import BadUsage, OutputError
from kommcli.i18n import _

if TYPE_CHECKING:
    from kommcli.digest.forms import Forms
    from kommcli.digest.issue import Issue


@takes_filters
def digest(
    context: typer.Context,
    filters: Filters,
    new: options.New = False,
    group: options.GroupBy = None,
    most: options.Most = None,
    most_a_section: options.MostASection = None,
    titles_only: options.TitlesOnly = False,
    format_: options.AsDigestFormat = DigestFormat.TEXT,
    as_json: options.AsJson = False,
    ok_partial: options.OkPartial = False,
    lang: options.Language = None,
    out: options.OutFile = None,
) -> None:
    """Compose the digest and print it."""
    session = session_of(context)
    composing.speak(lang)
    if as_json and format_ not in (DigestFormat.TEXT, DigestFormat.JSON):
        raise BadUsage(
            _("--json and --format {format} contradict each other").format(format=format_),
            remedy=_("Leave one of them out."),
        )
    asked = composing.Asked(filters, new, group, most, most_a_section, titles_only)
    issue = composing.compose(session, asked)
    output.write(rendered(session, issue, DigestFormat.JSON if as_json else format_), out)
    composing.end(session, issue, ok_partial=ok_partial)


def rendered(session: Session, issue: Issue, format_: DigestFormat) -> str:
    """An issue in one of its formats."""
    from kommcli.digest import record
    from kommcli.render.records import to_json

    if format_ is DigestFormat.JSON:
        return to_json(record.digest(issue))
    made = forms(session)
    match format_:
        case DigestFormat.MARKDOWN:
            return made.markdown(issue)
        case DigestFormat.HTML:
            return made.html(issue)
        case _:
            return made.text(issue)


def forms(session: Session) -> Forms:
    """The forms of issues, with the user's own templates."""
    from kommcli.digest.forms import Forms

    return Forms(own_templates(session))


def own_templates(session: Session) -> Path:
    """The folder of the user's own templates, beside the configuration."""
    return session.paths.config.parent / "templates"


def templates(
    context: typer.Context,
    export: Annotated[
        Path, typer.Option("--export", metavar="DIR", help=_("Write the originals into this folder."))
    ],
) -> None:
    """Write kommcli's own templates, to be changed."""
    from kommcli import files
    from kommcli.digest.forms import OURS, TEMPLATES

    session = session_of(context)
    try:
        export.mkdir(parents=True, exist_ok=True)
        if found := [name for name in TEMPLATES if (export / name).exists()]:
            raise OutputError(
                _("{path} exists already").format(path=export / found[0]),
                code="io.exists",
                remedy=_("Name an empty folder, or take the file away: it may be your own work."),
            )
        for name in TEMPLATES:
            files.replace(export / name, (OURS / name).read_text("utf-8"), 0o644)
    except OSError as error:
        raise OutputError(
            _("{path} cannot be written").format(path=export),
            cause=error.strerror or "",
            code="io.file",
            remedy=_("Check the path and its permissions."),
        ) from error
    if not session.quiet:
        session.say(_("kommcli uses those that lie in {path}").format(path=own_templates(session)))
