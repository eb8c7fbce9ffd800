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
    from kommcli.digest.mail import Envelope


@takes_filters
def digest(
    context: typer.Context,
    filters: Filters,
    new: options.New = False,
    group: options.GroupBy = None,
    most: options.Most = None,
    most_a_section: options.MostASection = None,
    titles_only: options.TitlesOnly = False,
    draft: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE", help=_("The issue of a draft (`digest draft`).")),
    ] = None,
    format_: options.AsDigestFormat = None,
    as_json: options.AsJson = False,
    ok_partial: options.OkPartial = False,
    lang: options.Language = None,
    out: options.OutFile = None,
) -> None:
    """Compose the digest and print it."""
    session = session_of(context)
    composing.speak(lang)
    refuse_commands(context, filters)
    asked = composing.Asked(filters, new, group, most, most_a_section, titles_only)
    chosen = _format(format_, as_json, out)
    issue = edited(session, draft, asked) if draft else composing.compose(session, asked)
    output.write(rendered(session, issue, chosen), out)
    composing.end(session, issue, ok_partial=ok_partial)


def edited(session: Session, draft: Path, asked: composing.Asked) -> Issue:
    """The issue of a draft, whose filters are those that it was written with."""
    from kommcli.cli import drafting

    if asked.filters.given or asked.new or asked.group:
        raise BadUsage(
            _("a draft has its articles and sections: no filters beside --from"),
            remedy=_("Leave them out, or write a new draft with them."),
        )
    issue, changes = drafting.issue_of(session, draft)
    drafting.tell(session, changes)
    return issue.without_teasers() if asked.titles_only else issue


def _format(asked: DigestFormat | None, as_json: bool, out: Path | None) -> DigestFormat:
    """What was asked for, else what the file's name says, else text."""
    if as_json and asked not in (None, DigestFormat.JSON):
        raise BadUsage(
            _("--json and --format {format} contradict each other").format(format=asked),
            remedy=_("Leave one of them out."),
        )
    if as_json or asked:
        return asked or DigestFormat.JSON
    return _BY_NAME.get(out.suffix.lower() if out else "", DigestFormat.TEXT)


_BY_NAME = {
    ".md": DigestFormat.MARKDOWN,
    ".html": DigestFormat.HTML,
    ".htm": DigestFormat.HTML,
    ".eml": DigestFormat.EML,
    ".json": DigestFormat.JSON,
    ".atom": DigestFormat.ATOM,
}


def refuse_commands(context: typer.Context, filters: Filters) -> None:
    """Raise `BadUsage` for ``digest --week last send``: a command's name behind options is no search word."""
    for word in filters.words or ():
        if word in getattr(context.command, "commands", ()):
            raise BadUsage(
                _("{word} is a command of digest and comes first").format(word=f'"{word}"'),
                remedy=_("Write: kommcli digest {word} …; to look for the word: {quoted}.").format(
                    word=word, quoted=f"'\"{word}\"'"
                ),
            )


def rendered(session: Session, issue: Issue, format_: DigestFormat) -> str:
    """An issue in one of its formats."""
    match format_:
        case DigestFormat.JSON:
            from kommcli.digest import record
            from kommcli.render.records import to_json

            return to_json(record.digest(issue))
        case DigestFormat.MARKDOWN:
            return forms(session).markdown(issue)
        case DigestFormat.HTML:
            return forms(session).html(issue)
        case DigestFormat.EML:
            return _eml(session, issue)
        case DigestFormat.ATOM:
            from kommcli.digest import journal

            entry = journal.Entry(
                issue.key,
                issue.subject,
                " ".join(issue.introduction),
                forms(session).html(issue),
                issue.until,
            )
            return journal.feed(issue.name, [entry], language=issue.language)
        case _:
            return forms(session).text(issue)


def _eml(session: Session, issue: Issue) -> str:
    """The mail as a file: dated with the end of its time, so that it is the same whenever it is made."""
    from kommcli.digest import mail

    made, issue = forms(session), issue.without_commands()
    envelope = envelope_of(session, issue)
    date = min(issue.until, session.now)
    return mail.build(issue, made.text(issue), made.html(issue), envelope, date).as_bytes().decode("ascii")


def envelope_of(session: Session, issue: Issue) -> Envelope:
    """Who sends to whom, as configured; without a ``[mail]`` table a sender that can be replaced."""
    from kommcli.digest.mail import Envelope
    from kommcli.outgoing import Mailbox

    settings = session.config.mail
    if settings is None:
        return Envelope(Mailbox(issue.name, "digest@localhost.invalid"))
    return Envelope(
        settings.sender or Mailbox(issue.name, "digest@localhost.invalid"),
        to=settings.to if settings.mode == "to" else (),
        reply_to=settings.reply_to,
        list_id=settings.list_id,
        unsubscribe=settings.unsubscribe,
    )


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
