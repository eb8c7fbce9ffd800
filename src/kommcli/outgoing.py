"""What leaves by mail, as values: an issue as it was kept, its mails, and what became of each recipient."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class Mailbox(NamedTuple):
    """A mail address, its domain in ASCII, and the name that stands before it; the name may be empty."""

    name: str
    address: str

    def __str__(self) -> str:
        """As `mailbox` reads it."""
        plain = re.fullmatch(r"[\w -]*", self.name)
        name = self.name if plain else f'"{self.name}"'
        return f"{name} <{self.address}>" if self.name else self.address


_MAILBOX = re.compile(r'(?:"?([^"<>]*?)"?\s*<([^<>]+)>|([^<>"]+))')
_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~][A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]*"
_DOMAIN = r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*"
_ADDRESS = re.compile(f"{_LOCAL}@{_DOMAIN}")


def mailbox(text: str) -> Mailbox:
    """``name@example.org``, ``Name <name@example.org>`` or ``"Name, Amt" <…>``; Bürger@städte.example is
    turned into ASCII. Raises `ValueError` for anything else.

    No local part in quotation marks and none beyond ASCII: few servers take them, and a mail that half of
    the way refuses is worse than an address that is refused here.
    """
    found = _MAILBOX.fullmatch(text.strip())
    local, _at, domain = (found[2] or found[3] if found else "").strip().rpartition("@")
    try:
        address = f"{local}@{domain.encode('idna').decode('ascii').lower()}"
    except UnicodeError:
        address = ""
    if found is None or not _ADDRESS.fullmatch(address) or ".." in address or len(address) > 254:
        raise ValueError(text)
    return Mailbox((found[1] or "").strip(), address)


class State(StrEnum):
    """What is known of a mail, and of each of its recipients."""

    WRITTEN = "written"
    """Kept; its text has not left."""
    SENDING = "sending"
    """Its text is leaving at this moment, or was when kommcli was ended by force."""
    SENT = "sent"
    """The server has taken it over."""
    POSTPONED = "postponed"
    """The server wants it later, or did not answer; its text was not taken over."""
    UNCERTAIN = "uncertain"
    """Its text left, and no answer came: it may have arrived or not. Only people send it again."""
    REFUSED = "refused"
    """The server does not want it."""


WAITING = (State.WRITTEN, State.POSTPONED)
"""States in which a mail is still to be sent and may be, by itself: it has certainly not arrived."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """One address of a mail. ``code`` is a key of `errors.MAIL_FAILURES` and ``reply`` what the server said,
    as clean text, where something went wrong."""

    address: str
    state: State = State.WRITTEN
    code: str = ""
    reply: str = ""


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail of an issue and what became of it. ``content`` are its bytes as they leave, with CRLF."""

    message_id: str
    sender: str
    """Address that failures are reported to (the envelope's)."""
    recipients: tuple[Recipient, ...]
    content: bytes = field(repr=False)
    attempts: int = 0
    tried: datetime | None = None
    next_try: datetime | None = None
    """When a postponed mail is due again."""
    issue: int = 0
    """Number of the issue."""
    row: int = 0
    """Of the outbox; 0: not kept there."""

    @property
    def state(self) -> State:
        """The state of the whole: what needs somebody's eye comes before what is done."""
        states = {one.state for one in self.recipients}
        order = (State.SENDING, State.UNCERTAIN, State.WRITTEN, State.POSTPONED, State.SENT)
        return next((state for state in order if state in states), State.REFUSED)

    @property
    def addresses(self) -> tuple[str, ...]:
        """All addresses, in order."""
        return tuple(one.address for one in self.recipients)

    @property
    def waiting(self) -> tuple[str, ...]:
        """The addresses that it is still to be sent to."""
        return tuple(one.address for one in self.recipients if one.state in WAITING)


class Placed(NamedTuple):
    """An article in an issue: its id and the key of the section it stands in."""

    id: str
    section: str


class Unsent(NamedTuple):
    """A recipient of the issue with this number that has not surely got it. ``kept`` is when the issue was
    put into the outbox, ``tried`` when it was last sent to this recipient."""

    issue: int
    address: str
    state: State
    code: str
    kept: datetime
    tried: datetime | None


@dataclass(frozen=True, slots=True)
class KeptIssue:
    """An issue as it was put into the outbox. ``key`` says which one it is, filters included: there is one
    issue of each key."""

    key: str
    subject: str
    language: str
    since: datetime
    until: datetime
    """Its time: from ``since`` to before ``until``."""
    articles: tuple[Placed, ...] = ()
    forms: dict[str, str] = field(default_factory=dict, repr=False)
    """What it looked like, by the name of the format: "text", "html", …"""
    number: int = 0
    kept: datetime | None = None
    sent: datetime | None = None
    """When a server first took it over; None: it did not."""
    states: tuple[State, ...] = ()
    """Of all its recipients."""

    @property
    def final(self) -> bool:
        """Whether somebody has it, may have it, or is still to get it: its content stays as it is."""
        return any(state is not State.REFUSED for state in self.states)
