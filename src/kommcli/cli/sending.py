"""``digest send``: an issue into the outbox and out of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kommcli.cli import composing, digesting, options, output, posting
from kommcli.cli.filters import Filters, takes_filters
from kommcli.cli.session import Session, session_of
from kommcli.errors import BadUsage, DeliveryOpen, DeliveryRefused
from kommcli.i18n import _
from kommcli.outgoing import Mailbox

if TYPE_CHECKING:
    from kommcli.config.mailing import MailSettings
    from kommcli.digest.issue import Issue


@takes_filters
def send(
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
    to: Annotated[
        list[str] | None,
        typer.Option("--to", metavar="ADDRESS", help=_("To this address instead; may be repeated.")),
    ] = None,
    test: Annotated[
        str | None,
        typer.Option("--test", metavar="ADDRESS", help=_("Only to try it: to this address, not recorded.")),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=_("Show what would be sent to whom; send nothing."))
    ] = False,
    waiting: Annotated[
        bool, typer.Option("--waiting", help=_("Send only what waits in the outbox and is due."))
    ] = False,
    resend: Annotated[
        bool,
        typer.Option("--resend", help=_("Send the last issue once more to those who may not have it.")),
    ] = False,
    number: Annotated[
        int | None, typer.Option("--issue", min=1, metavar="N", help=_("With --resend: this issue."))
    ] = None,
    empty: Annotated[bool, typer.Option("--empty", help=_("Send an issue without articles, too."))] = False,
    ok_partial: options.OkPartial = False,
    lang: options.Language = None,
) -> None:
    """Send the digest by mail, each issue once."""
    from kommcli.cli.outbox import Run

    session = session_of(context)
    composing.speak(lang)
    settings = posting.settings_of(session)
    if waiting or resend:
        if filters.given or draft or test or dry_run or new or (waiting and (to or resend)):
            raise BadUsage(
                _("--waiting and --resend send what is in the outbox, as it is"),
                remedy=_("Leave the other options out; --issue N chooses the issue."),
            )
        run = Run(session, settings)
        run.finish(run.resend(number, to or ()) if resend else run.waiting())
        return
    if number:
        raise BadUsage(
            _("--issue chooses what --resend sends again"), remedy=_("Write both, or neither of them.")
        )
    people = (posting.typed(test),) if test else posting.recipients_of(settings, to or ())
    asked = composing.Asked(filters, new, group, most, most_a_section, titles_only)
    issue = digesting.edited(session, draft, asked) if draft else composing.compose(session, asked)
    if not issue.items and not empty and not draft:
        _say(session, _("no articles in this time: nothing is sent"))
    elif dry_run:
        _show(session, settings, issue, people)
    elif test:
        _try(session, settings, issue, people)
    else:
        run = Run(session, settings)
        outcomes = run.issue(issue, people)
        run.finish(outcomes)
        if not outcomes:
            return  # it was sent before, whatever the sources are like now
    composing.end(session, issue, ok_partial=ok_partial)


def _say(session: Session, text: str) -> None:
    if not session.quiet:
        session.say(text)


def _try(session: Session, settings: MailSettings, issue: Issue, people: tuple[Mailbox, ...]) -> None:
    """Send it to try it: nothing is recorded. Raises `DeliveryRefused`."""
    from kommcli.digest.outbox import settled
    from kommcli.dispatch import Outcome, failure

    issue = replace(issue, subject=_("[Test] {subject}").format(subject=issue.subject))
    (mail,) = posting.posting(session, settings, issue).mails(people, test=True)
    with posting.way(session, settings) as way:
        verdicts = way.send(mail, lambda _found: None)
    if error := failure([Outcome(settled(mail, verdicts, session.now), mail.addresses)]):
        # Nothing is kept that could be sent again.
        raise (
            error if not isinstance(error, DeliveryOpen) else DeliveryRefused(error.problems, code=error.code)
        )
    _say(session, _("test sent to {address}").format(address=people[0].address))


def _show(session: Session, settings: MailSettings, issue: Issue, people: tuple[Mailbox, ...]) -> None:
    """Print what would be sent to whom."""
    from kommcli.archive import issues
    from kommcli.digest import outbox

    with session.reading() as db:
        number = issues.next_number(db, posting.key_of(issue)) if db else 1
        kept = issues.find(db, posting.key_of(issue)) if db else None
        known = issues.mails(db, number) if db and kept and kept.final else []
    addresses = outbox.newcomers([one.address for one in people], known)
    made = posting.posting(session, settings, replace(issue, number=number))
    lines = [
        (_("Issue"), str(number)),
        (_("Subject"), issue.subject),
        (_("Articles"), str(len(issue.items))),
        (_("By"), posting.shown_way(settings)),
    ]
    for mail in made.mails([one for one in people if one.address in addresses]):
        size = f"{len(mail.content) / 1000:.0f} kB"
        lines.append((_("To"), f"{', '.join(mail.addresses)} ({mail.message_id}, {size})"))
    if had := [one.address for one in people if one.address not in addresses]:
        lines.append((_("Not again"), ", ".join(had)))
    output.write("".join(f"{name}: {value}\n" for name, value in lines), None)
