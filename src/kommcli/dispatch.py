"""Sending what is in the outbox: joins the archive, which remembers, with the way to deliver.

A mail is written down before the connection opens, again before its text leaves, and again when the server
has answered. So whenever kommcli is ended, the archive says what is sure: not sent, sent, or uncertain.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from kommcli.archive import issues
from kommcli.digest import outbox
from kommcli.digest.deliver import Verdicts, Way
from kommcli.outgoing import Mail, State


def recovered(db: sqlite3.Connection, now: datetime) -> list[Mail]:
    """The mails that are not done with. Whoever asks holds the lock of the outbox: what is still "sending"
    was left by a kommcli that was ended, and is uncertain from now on."""
    found = []
    for mail in issues.open_mails(db):
        if mail.state is State.SENDING:
            mail = outbox.interrupted(mail)
            issues.record(db, mail, now)
        found.append(mail)
    return found


def dispatch(db: sqlite3.Connection, mails: Iterable[Mail], way: Way, now: datetime) -> list[Mail]:
    """Send ``mails``, which are in the outbox, to those who wait for them; gives them as they are now.

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
            done.append(ended)
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
