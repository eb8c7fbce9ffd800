"""One run with the outbox: what goes out, and what is told of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from kommcli import dispatch
from kommcli.archive import issues
from kommcli.cli import posting
from kommcli.cli.session import Session
from kommcli.digest import outbox
from kommcli.dispatch import Outcome
from kommcli.errors import BadUsage
from kommcli.i18n import _, ngettext
from kommcli.outgoing import KeptIssue, Mail, Mailbox, State

if TYPE_CHECKING:
    from kommcli.cli.posting import Posting
    from kommcli.config.mailing import MailSettings
    from kommcli.digest.issue import Issue


class Run:
    """One run with the outbox in hand."""

    def __init__(self, session: Session, settings: MailSettings) -> None:
        self._session, self._settings = session, settings

    def issue(self, issue: Issue, people: tuple[Mailbox, ...]) -> list[Outcome]:
        """Send what is due of other issues, and ``issue`` to those of ``people`` who do not have it."""
        session = self._session
        with posting.holding(session), session.writing() as db:
            lost = dispatch.recovered(db, session.now)
            issue = replace(issue, number=issues.next_number(db, posting.key_of(issue)))
            kept = issues.find(db, posting.key_of(issue))
            final = kept if kept and kept.final else None
            mails = issues.mails(db, issue.number) if final else []
            addresses = outbox.newcomers([one.address for one in people], mails)
            due = [
                mail
                for mail in issues.open_mails(db)
                # The issue that is asked for does not wait for its next try.
                if (mail.waiting if mail.issue == issue.number else outbox.due(mail, session.now))
            ]
            # Asked before anything is kept: it may lack its password.
            way = posting.way(session, self._settings) if addresses or due else None
            if addresses:
                made = self._made(issue, final)
                fresh = made.mails([one for one in people if one.address in addresses])
                due += issues.keep(db, made.kept(), fresh, session.now)
            else:
                lost = [*(one for one in lost if one.mail.issue != issue.number), *self._known(mails)]
            return lost + (dispatch.dispatch(db, due, way, session.now) if way else [])

    def _made(self, issue: Issue, kept: KeptIssue | None) -> Posting:
        if kept is None:
            return posting.posting(self._session, self._settings, issue)
        return posting.as_kept(self._session, self._settings, issue, kept)

    def _known(self, mails: Sequence[Mail]) -> list[Outcome]:
        """Say what became of an issue that everybody's mail was made of; those who may have it are told as
        what they are: a failure that somebody must look at."""
        unknown = []
        refused: list[str] = []
        for mail in mails:
            by_state = {
                state: tuple(one.address for one in mail.recipients if one.state is state) for state in State
            }
            refused += by_state[State.REFUSED]
            if by_state[State.UNCERTAIN]:
                unknown.append(Outcome(mail, by_state[State.UNCERTAIN]))
        if not unknown and not any(mail.waiting for mail in mails):
            self._say(_("issue {number} was already sent").format(number=mails[0].issue))
            if refused:
                self._say(_("refused at that time: {names}").format(names=", ".join(refused)))
        return unknown

    def waiting(self) -> list[Outcome]:
        """Send what is due; silent when there is nothing."""
        session = self._session
        if not session.paths.archive.exists():
            return []
        with posting.holding(session), session.writing() as db:
            lost = dispatch.recovered(db, session.now)
            due = [mail for mail in issues.open_mails(db) if outbox.due(mail, session.now)]
            if not due:
                return lost
            return lost + dispatch.dispatch(db, due, posting.way(session, self._settings), session.now)

    def resend(self, number: int | None, to: Iterable[str]) -> list[Outcome]:
        """Send an issue once more, the last if none is named. Raises `BadUsage` where there is none."""
        session, only = self._session, [posting.typed(one).address for one in to]
        with posting.holding(session), session.writing() as db:
            dispatch.recovered(db, session.now)
            again = outbox.again(issues.mails(db, number or issues.last_number(db)), only)
            if not again:
                raise BadUsage(
                    _("there is no such issue to send again"), remedy=_("See `kommcli digest issues`.")
                )
            way = posting.way(session, self._settings)
            for mail in again:
                issues.record(db, mail, session.now)
            return dispatch.dispatch(db, again, way, session.now)

    def _say(self, text: str) -> None:
        if not self._session.quiet:
            self._session.say(text)

    def finish(self, outcomes: list[Outcome]) -> None:
        """Tell what was sent; raise `DeliveryRefused` for what was not."""
        reached: dict[int, int] = {}
        for outcome in outcomes:
            reached[outcome.mail.issue] = reached.get(outcome.mail.issue, 0) + outcome.reached
        for number, count in reached.items():
            if count:
                words = ngettext(
                    "issue {number} sent to {count} recipient",
                    "issue {number} sent to {count} recipients",
                    count,
                )
                self._say(words.format(number=number, count=count))
        if error := dispatch.failure(outcomes):
            raise error
