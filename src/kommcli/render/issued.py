"""The issues of the digest and what became of them, as records and lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from kommcli import dates
from kommcli.i18n import _, ngettext
from kommcli.outgoing import KeptIssue, Mail, Recipient, State
from kommcli.render.records import Record

Issued = tuple[KeptIssue, Sequence[Mail]]
"""An issue and its mails."""

STATES = (State.SENDING, State.UNCERTAIN, State.WRITTEN, State.POSTPONED, State.REFUSED, State.SENT)
"""In the order in which they are told: what needs somebody's eye first."""


def words(state: State) -> str:
    """The state as people say it."""
    return {
        State.WRITTEN: _("written"),
        State.SENDING: _("on its way"),
        State.SENT: _("sent"),
        State.POSTPONED: _("postponed"),
        State.UNCERTAIN: _("uncertain"),
        State.REFUSED: _("refused"),
    }[state]


def recipients(mails: Sequence[Mail]) -> list[Recipient]:
    """All recipients of an issue."""
    return [one for mail in mails for one in mail.recipients]


def summary(mails: Sequence[Mail]) -> str:
    """ "1 refused, 12 sent"."""
    counts = Counter(one.state for one in recipients(mails))
    return ", ".join(f"{counts[state]} {words(state)}" for state in STATES if counts[state])


def articles(issue: KeptIssue) -> str:
    """ "12 articles"."""
    count = len(issue.articles)
    return ngettext("{count} article", "{count} articles", count).format(count=count)


def record(found: Sequence[Issued], now: datetime) -> Record:
    """Schema ``kommcli/issues/1``."""
    return {
        "schema": "kommcli/issues/1",
        "generated": dates.iso(now),
        "issues": [_one(issue, mails) for issue, mails in found],
    }


def _one(issue: KeptIssue, mails: Sequence[Mail]) -> Record:
    return {
        "number": issue.number,
        "key": issue.key,
        "subject": issue.subject,
        "language": issue.language,
        "since": dates.iso(issue.since),
        "until": dates.iso(issue.until),
        "kept": _iso(issue.kept),
        "sent": _iso(issue.sent),
        "articles": [one.id for one in issue.articles],
        "mails": [_mail(mail) for mail in mails],
    }


def _mail(mail: Mail) -> Record:
    return {
        "message_id": mail.message_id,
        "state": str(mail.state),
        "attempts": mail.attempts,
        "tried": _iso(mail.tried),
        "next_try": _iso(mail.next_try),
        "recipients": [
            {
                "address": one.address,
                "state": str(one.state),
                "code": one.code or None,
                "reply": one.reply or None,
            }
            for one in mail.recipients
        ],
    }


def plain(found: Sequence[Issued]) -> str:
    """One issue a line: number, key, when it was sent, articles, recipients, how many of them in which state,
    subject."""
    lines = []
    for issue, mails in found:
        counts = Counter(one.state for one in recipients(mails))
        cells = (
            str(issue.number),
            issue.key,
            _iso(issue.sent) or "",
            str(len(issue.articles)),
            str(counts.total()),
            ",".join(f"{state}:{counts[state]}" for state in STATES if counts[state]),
            issue.subject,
        )
        lines.append("\t".join(cells) + "\n")
    return "".join(lines)


def _iso(moment: datetime | None) -> str | None:
    return dates.iso(moment) if moment else None
