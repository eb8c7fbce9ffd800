"""Issues of the digest: what was put into the outbox, and what became of it.

The articles of an issue, its forms and its mails are written in one transaction; that a server has taken a
mail over, and so that the issue is sent, in another.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from kommcli.archive.database import transaction
from kommcli.outgoing import KeptIssue, Mail, Placed, Recipient, State, Unsent

PATIENCE = 60
"""Seconds to wait for another writer with what a server has said."""


def durable(db: sqlite3.Connection) -> None:
    """From now on what is written survives a loss of power, too, and waits longer for others who write: a
    mail that left cannot be called back."""
    db.execute("PRAGMA synchronous = FULL")
    db.execute(f"PRAGMA busy_timeout = {PATIENCE * 1000}")


def next_number(db: sqlite3.Connection, key: str) -> int:
    """The number that the issue with this key has, or would get."""
    row = db.execute(
        """SELECT coalesce((SELECT number FROM issues WHERE key = ?),
                           (SELECT coalesce(max(number), 0) + 1 FROM issues))""",
        (key,),
    ).fetchone()
    return int(row[0])


def last_number(db: sqlite3.Connection) -> int:
    """The number of the newest issue; 0 where there is none."""
    return int(db.execute("SELECT coalesce(max(number), 0) FROM issues").fetchone()[0])


def find(db: sqlite3.Connection, key: str) -> KeptIssue | None:
    """The issue with this key."""
    row = db.execute("SELECT number FROM issues WHERE key = ?", (key,)).fetchone()
    return by_number(db, row[0]) if row else None


def by_number(db: sqlite3.Connection, number: int) -> KeptIssue | None:
    """The issue with this number, with its articles and forms."""
    found = _issues(db, "WHERE number = ?", (number,))
    forms = db.execute("SELECT format, content FROM issue_forms WHERE issue = ?", (number,))
    return replace(found[0], forms=dict(forms)) if found else None


def everything(db: sqlite3.Connection, *, sent: bool = False) -> list[KeptIssue]:
    """All issues without their forms, the newest first; only those that a server took over, if ``sent``."""
    return _issues(db, "WHERE sent IS NOT NULL" if sent else "", ())


def _issues(db: sqlite3.Connection, where: str, values: tuple[object, ...]) -> list[KeptIssue]:
    rows = db.execute(
        f"""SELECT number, key, subject, language, since, until, kept, sent FROM issues {where}
            ORDER BY number DESC""",  # noqa: S608 - one of three fixed conditions
        values,
    ).fetchall()
    return [
        KeptIssue(
            key=row[1],
            subject=row[2],
            language=row[3],
            since=datetime.fromtimestamp(row[4], UTC),
            until=datetime.fromtimestamp(row[5], UTC),
            articles=tuple(
                Placed(*one)
                for one in db.execute(
                    "SELECT ref, section FROM issue_articles WHERE issue = ? ORDER BY position", (row[0],)
                )
            ),
            number=row[0],
            kept=_instant(row[6]),
            sent=_instant(row[7]),
            states=tuple(
                State(state)
                for (state,) in db.execute(
                    """SELECT r.state FROM outbox_recipients AS r JOIN outbox AS o ON o.id = r.mail
                       WHERE o.issue = ? ORDER BY r.mail, r.position""",
                    (row[0],),
                )
            ),
        )
        for row in rows
    ]


def keep(db: sqlite3.Connection, issue: KeptIssue, mails: Iterable[Mail], now: datetime) -> list[Mail]:
    """Put ``mails`` of ``issue`` into the outbox, with the issue itself; gives the mails as kept.

    What stands there of an issue that nobody has and nobody is to get (not `KeptIssue.final`) is replaced.
    """
    with transaction(db):
        known = find(db, issue.key)
        if known is None or not known.final:
            if known:
                db.execute("DELETE FROM issues WHERE number = ?", (known.number,))
            _insert(db, issue, next_number(db, issue.key) if known is None else known.number, now)
        number = next_number(db, issue.key)
        return [_add(db, mail, number) for mail in mails]


def _insert(db: sqlite3.Connection, issue: KeptIssue, number: int, now: datetime) -> None:
    db.execute(
        """INSERT INTO issues (number, key, subject, language, since, until, kept)
           VALUES (?, ?, ?, ?, ?, ?, ?)""",
        (
            *(number, issue.key, issue.subject, issue.language),
            *(_seconds(moment) for moment in (issue.since, issue.until, now)),
        ),
    )
    db.executemany(
        "INSERT INTO issue_forms (issue, format, content) VALUES (?, ?, ?)",
        [(number, name, content) for name, content in issue.forms.items()],
    )
    db.executemany(
        "INSERT INTO issue_articles (issue, position, ref, section) VALUES (?, ?, ?, ?)",
        [(number, position, *placed) for position, placed in enumerate(issue.articles)],
    )


def _add(db: sqlite3.Connection, mail: Mail, issue: int) -> Mail:
    row = db.execute(
        "INSERT INTO outbox (issue, message_id, sender, content, state) VALUES (?, ?, ?, ?, ?)",
        (issue, mail.message_id, mail.sender, mail.content, mail.state),
    ).lastrowid
    db.executemany(
        "INSERT INTO outbox_recipients (mail, position, address, state) VALUES (?, ?, ?, ?)",
        [(row, position, one.address, one.state) for position, one in enumerate(mail.recipients)],
    )
    return replace(mail, issue=issue, row=row or 0)


def mails(db: sqlite3.Connection, issue: int) -> list[Mail]:
    """The mails of the issue with this number, in the order in which they were put into the outbox."""
    return _mails(db, "WHERE issue = ?", (issue,))


def open_mails(db: sqlite3.Connection) -> list[Mail]:
    """The mails of all issues that are not done with, the oldest first."""
    # As the index on them has it.
    return _mails(db, "WHERE state NOT IN ('sent', 'refused')", ())


def _mails(db: sqlite3.Connection, where: str, values: tuple[object, ...]) -> list[Mail]:
    rows = db.execute(
        f"""SELECT id, issue, message_id, sender, content, attempts, tried, next_try FROM outbox {where}
            ORDER BY id""",  # noqa: S608 - one of two fixed conditions
        values,
    ).fetchall()
    return [
        Mail(
            message_id=row[2],
            sender=row[3],
            recipients=tuple(
                Recipient(address, State(state), code, reply)
                for address, state, code, reply in db.execute(
                    """SELECT address, state, code, reply FROM outbox_recipients
                       WHERE mail = ? ORDER BY position""",
                    (row[0],),
                )
            ),
            content=row[4],
            attempts=row[5],
            tried=_instant(row[6]),
            next_try=_instant(row[7]),
            issue=row[1],
            row=row[0],
        )
        for row in rows
    ]


def unsent(db: sqlite3.Connection, since: datetime) -> list[Unsent]:
    """Who has not surely got an issue that was kept ``since`` then, in the order of the outbox."""
    rows = db.execute(
        """SELECT o.issue, r.address, r.state, r.code, i.kept, o.tried
           FROM issues AS i JOIN outbox AS o ON o.issue = i.number
           JOIN outbox_recipients AS r ON r.mail = o.id
           WHERE i.kept >= ? AND r.state <> 'sent' ORDER BY r.mail, r.position""",
        (_seconds(since),),
    )
    return [
        Unsent(issue, address, State(state), code, datetime.fromtimestamp(kept, UTC), _instant(tried))
        for issue, address, state, code, kept, tried in rows
    ]


def record(db: sqlite3.Connection, mail: Mail, now: datetime) -> None:
    """Write down where ``mail`` stands. Once a server took it over, its issue and so its articles are sent:
    the same transaction says both."""
    with transaction(db):
        db.execute(
            "UPDATE outbox SET state = ?, attempts = ?, tried = ?, next_try = ? WHERE id = ?",
            (mail.state, mail.attempts, _seconds(mail.tried), _seconds(mail.next_try), mail.row),
        )
        db.executemany(
            "UPDATE outbox_recipients SET state = ?, code = ?, reply = ? WHERE mail = ? AND position = ?",
            [
                (one.state, one.code, one.reply, mail.row, position)
                for position, one in enumerate(mail.recipients)
            ],
        )
        if any(one.state is State.SENT for one in mail.recipients):
            db.execute(
                "UPDATE issues SET sent = ? WHERE number = ? AND sent IS NULL", (_seconds(now), mail.issue)
            )


def sent_refs(db: sqlite3.Connection, last: int = 0) -> dict[str, int]:
    """The ids of articles that were in an issue -> number of the newest such issue; of the ``last`` issues,
    or of all.

    An issue counts once a server took it over, and also while it waits in the outbox or is uncertain: it is
    not lost, and an article that is in it must not be in the next one as well. One that was refused does not.
    """
    rows = db.execute(
        """SELECT ref, max(issue) FROM issue_articles
           WHERE issue IN (SELECT number FROM issues
                           WHERE sent IS NOT NULL
                              OR EXISTS (SELECT 1 FROM outbox WHERE issue = number AND state <> 'refused')
                           ORDER BY number DESC LIMIT ?)
           GROUP BY ref""",
        (last or -1,),
    )
    return dict(rows.fetchall())


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())


def _instant(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
