"""Sending what is in the outbox: joins the archive, which remembers, with the way to deliver.

A mail is written down before the connection opens, again before its text leaves, and again when the server
has answered. So whenever kommcli is ended, the archive says what is sure: not sent, sent, or uncertain.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from kommcli.archive import issues
from kommcli.digest import outbox
from kommcli.digest.deliver import Verdicts, Way
from kommcli.errors import MAIL_FAILURES, DeliveryOpen, DeliveryRefused, sentence
from kommcli.i18n import _
from kommcli.outgoing import Mail, Recipient, State

OPEN = ("mail.connect", "mail.temporary", "mail.uncertain")
"""Codes of mails that stay in the outbox."""
NAMED = 10
"""Addresses that one sentence names."""


class Outcome(NamedTuple):
    """A mail after an attempt, and the addresses that it was tried for."""

    mail: Mail
    tried: tuple[str, ...]

    @property
    def reached(self) -> int:
        """For how many of them a server took it over."""
        return sum(one.state is State.SENT for one in self.recipients)

    @property
    def recipients(self) -> tuple[Recipient, ...]:
        """What became of those addresses."""
        return tuple(one for one in self.mail.recipients if one.address in self.tried)


def recovered(db: sqlite3.Connection, now: datetime) -> list[Outcome]:
    """The mails that were left by a kommcli that was ended by force, and are uncertain from now on. Whoever
    asks holds the lock of the outbox: nobody else is sending."""
    found = []
    for mail in issues.open_mails(db):
        left = tuple(one.address for one in mail.recipients if one.state is State.SENDING)
        if left:
            mail = outbox.interrupted(mail)
            issues.record(db, mail, now)
            found.append(Outcome(mail, left))
    return found


def dispatch(db: sqlite3.Connection, mails: Iterable[Mail], way: Way, now: datetime) -> list[Outcome]:
    """Send ``mails``, which are in the outbox, to those who wait for them.

    Where the server lets nobody in, the others are not tried: it would say the same.
    """
    issues.durable(db)
    done = []
    barred: outbox.Verdict | None = None
    with way:
        for mail in mails:
            if barred:
                ended = outbox.settled(mail, dict.fromkeys(mail.waiting, barred), now)
            else:
                ended, barred = _attempt(db, mail, way, now)
            issues.record(db, ended, now)
            done.append(Outcome(ended, mail.waiting))
    return done


def _attempt(
    db: sqlite3.Connection, mail: Mail, way: Way, now: datetime
) -> tuple[Mail, outbox.Verdict | None]:
    """One attempt, and the verdict that holds for all mails, if it came to one."""
    mail = outbox.tried(mail, now)
    issues.record(db, mail, now)

    def leaving(found: Verdicts) -> None:
        issues.record(db, outbox.leaving(mail, found), now)

    verdicts = way.send(mail, leaving)
    barred = next((one for one in verdicts.values() if one.stage <= outbox.ENTRANCE), None)
    return outbox.settled(mail, verdicts, now), barred


def failure(outcomes: Iterable[Outcome]) -> DeliveryRefused | None:
    """What went wrong, as an error with a sentence for each cause that names its recipients."""
    causes: dict[tuple[str, str, int], list[str]] = {}
    states = set()
    for outcome in outcomes:
        for one in outcome.recipients:
            if one.code:
                states.add(one.state)
                causes.setdefault((one.code, one.reply, outcome.mail.issue), []).append(one.address)
    if not causes:
        return None
    problems = tuple(
        told(code, reply, addresses, issue) for (code, reply, issue), addresses in causes.items()
    )
    kind = DeliveryRefused if State.REFUSED in states else DeliveryOpen
    return kind(problems, code=next(iter(causes))[0])


def told(code: str, reply: str, addresses: Sequence[str], issue: int) -> str:
    """The sentence of one cause; ``issue`` is 0 for a mail that is not kept."""
    kind = MAIL_FAILURES[code]
    names = ", ".join(addresses[:NAMED])
    if len(addresses) > NAMED:
        names += ", " + _("and {count} more").format(count=len(addresses) - NAMED)
    remedy = _(kind.remedy).format(issue=issue)
    if not issue and code in OPEN:
        remedy = _("Nothing is kept of it; try it again")
    return sentence(f"{_(kind.what)}: {names}", reply, code, remedy + ".")
