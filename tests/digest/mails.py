"""Issues and mails for tests, and the errands that a test sends them on."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP

from kommcli.archive import issues
from kommcli.digest.deliver import Server, Smtp, Way
from kommcli.dispatch import dispatch, recovered
from kommcli.outgoing import KeptIssue, Mail, Placed, Recipient
from postoffice import PostOffice

NOW = datetime(2026, 10, 12, 5, 0, tzinfo=UTC)
TEXT = "Guten Morgen,\n.\n..zwei Punkte\nund Grüße aus Köln\n" + "lang " * 400 + "\n"


def content(message_id: str = "<1@stadt.example>") -> bytes:
    """A mail with everything that a way may spoil: dots, long lines, umlauts."""
    mail = EmailMessage(policy=SMTP)
    mail["Subject"], mail["From"], mail["To"] = "KW 41: Grüße", "d@stadt.example", "a@stadt.example"
    mail["Message-ID"] = message_id
    mail.set_content(TEXT, cte="quoted-printable")
    return mail.as_bytes()


def issue(key: str = "2026-W41") -> KeptIssue:
    return KeptIssue(
        key,
        "KW 41",
        "de",
        NOW - timedelta(days=7),
        NOW,
        articles=(Placed("yqmfqvyb", "ki"), Placed("d5fc1e1a", "ozg")),
        forms={"text": "Der Text\n", "html": "<p>Größe</p>"},
    )


def mail(*names: str, key: str = "1") -> Mail:
    people = tuple(Recipient(f"{name}@stadt.example") for name in names)
    return Mail(f"<{key}@stadt.example>", "d@stadt.example", people, content(f"<{key}@stadt.example>"))


def server(office: PostOffice, security: str = "none", user: str = "", password: str = "") -> Smtp:
    return Smtp(Server("localhost", office.port, security, user, password, timeout=10))


@dataclass
class Outbox:
    """An archive with an outbox."""

    db: sqlite3.Connection

    def put(self, *mails: Mail, key: str = "2026-W41") -> list[Mail]:
        return issues.keep(self.db, issue(key), mails, NOW)

    def send(self, mails: list[Mail], way: Way, later: timedelta = timedelta()) -> list[Mail]:
        return [outcome.mail for outcome in dispatch(self.db, mails, way, NOW + later)]

    def open(self) -> list[Mail]:
        recovered(self.db, NOW)
        return issues.open_mails(self.db)

    def states(self, number: int = 1) -> list[list[str]]:
        """What the archive says of each recipient, by mail."""
        return [[str(one.state) for one in mail.recipients] for mail in issues.mails(self.db, number)]

    def sent(self, number: int = 1) -> bool:
        found = issues.by_number(self.db, number)
        return found is not None and found.sent is not None
