"""An issue as a mail: one multipart/alternative, the text first. Pure.

Every header goes through `put`, the one place where text becomes a header.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256

from kommcli import dates
from kommcli.digest.issue import Issue
from kommcli.outgoing import Mailbox
from kommcli.text import clean, shorten

LONGEST = 900
"""Octets of a header's text, so that no line can pass RFC 5322's 998 even where it cannot be folded."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who sends an issue to whom."""

    sender: Mailbox
    to: tuple[Mailbox, ...] = ()
    """What the To line shows; empty for a mail that names no recipient."""
    reply_to: Mailbox | None = None
    list_id: str = ""
    """ "wochenbrief.stadt.example": what mailing programs file it by."""
    unsubscribe: str = ""
    """A mailto: or https: address, or empty."""
    identity: str = ""
    """The archive's own lasting name: two archives never give the same Message-ID."""


def build(issue: Issue, text: str, html: str, envelope: Envelope, date: datetime) -> EmailMessage:
    """The mail of ``issue``. ``date`` is that of the Date line."""
    mail = EmailMessage(policy=SMTP)
    put(mail, "Subject", issue.subject)
    mail["From"] = _address(envelope.sender)
    if envelope.to:
        mail["To"] = [_address(one) for one in envelope.to]
    if envelope.reply_to:
        mail["Reply-To"] = _address(envelope.reply_to)
    mail["Date"] = dates.local(date)
    put(mail, "Message-ID", message_id(issue, envelope, [one.address for one in envelope.to]))
    if envelope.list_id:
        put(
            mail,
            "List-Id",
            f"{issue.name} <{envelope.list_id}>" if issue.name.isascii() else f"<{envelope.list_id}>",
        )
    if envelope.unsubscribe:
        put(mail, "List-Unsubscribe", f"<{envelope.unsubscribe}>")
    put(mail, "Auto-Submitted", "auto-generated")
    mail.set_content(text, cte="quoted-printable")
    mail.add_alternative(html, subtype="html", cte="quoted-printable")
    put(mail, "Content-Language", issue.language)
    # Not by chance, so that the same issue is the same mail; quoted-printable never has "=_".
    mail.set_boundary("=_" + sha256(str(mail["Message-ID"]).encode()).hexdigest()[:32])
    return mail


def message_id(issue: Issue, envelope: Envelope, recipients: Sequence[str]) -> str:
    """The same for the same issue of the same archive to the same recipients, in whatever order."""
    which = (envelope.identity, issue.name, issue.key, issue.scope)
    told = "\0".join((*which, *sorted(map(str.casefold, recipients))))
    name = sha256(told.encode("utf-8", "replace")).hexdigest()[:24]
    return f"<{issue.key.lower()}.{name}@{envelope.sender.address.partition('@')[2]}>"


def put(mail: EmailMessage, name: str, text: str) -> None:
    """Set a header to one harmless line: it can hold neither a line break nor another header."""
    text = clean(text)
    while len(text.encode()) > LONGEST:
        text = shorten(text, len(text) * 3 // 4)
    mail[name] = text


def _address(one: Mailbox) -> Address:
    return Address(display_name=shorten(clean(one.name), 120), addr_spec=one.address)
