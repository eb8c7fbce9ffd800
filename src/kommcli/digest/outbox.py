"""The rules of the outbox, pure: what a server's answer means, and when a mail is tried again.

::

                         4xx, no answer                   in time, by itself
                      ┌──────────────────► postponed ─────────────┐
                      │                                           ▼
    written ─► try ───┼─ text leaves ─► sending ─► 2xx ─────► sent
                      │                    │ 4xx ─► postponed
                      │                    │ 5xx ─► refused
                      │                    └ no answer, or killed ─► uncertain ─► only by --resend
                      └──────────────────► refused
                         5xx, TLS, password

SMTP cannot say whether a mail arrived whose answer was lost (RFC 1047). So nothing leaves the state
"uncertain" by itself, and a mail is in "sending" before the first byte of its text leaves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import IntEnum
from typing import NamedTuple

from kommcli.outgoing import Mail, Recipient, State

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 30, 60, 120, 240))
"""How long a postponed mail waits after its first, second, … attempt; then the last of them again. The first
is what greylisting usually wants (RFC 6647 section 5: from one minute on; many servers want five)."""


class Stage(IntEnum):
    """How far a conversation with a server came."""

    CONNECT = 0
    TLS = 1
    AUTH = 2
    SENDER = 3
    RECIPIENT = 4
    DATA = 5
    """The command; no text has left."""
    CONTENT = 6
    """The text is leaving, or has left."""


ENTRANCE = Stage.AUTH
"""Up to here it is not about one mail: what fails here fails for all."""


class Verdict(NamedTuple):
    """What became of a recipient. ``code`` is empty when all is well; ``reply`` is clean text."""

    state: State
    code: str = ""
    reply: str = ""
    stage: Stage = Stage.CONTENT


def verdict(stage: Stage, status: int, reply: str = "") -> Verdict:
    """What the answer ``status`` (0: none, the connection is lost) at ``stage`` means.

    By the first digit (RFC 5321 section 4.2.1): 4 is "later", 5 "never". 552 is the size (RFC 1870); as an
    answer to a recipient it means a full mailbox, which RFC 5321 section 4.5.3.1.10 wants read as "later".
    """
    if stage is Stage.CONTENT and 200 <= status < 300:
        return Verdict(State.SENT)
    if stage is Stage.CONTENT and not 400 <= status < 600:
        return Verdict(State.UNCERTAIN, "mail.uncertain", reply, stage)
    later = not 500 <= status < 600 or (stage is Stage.RECIPIENT and status == 552)
    if stage is Stage.TLS and not 400 <= status < 500:
        return Verdict(State.REFUSED, "mail.tls", reply, stage)
    if later:
        return Verdict(State.POSTPONED, "mail.temporary" if status else "mail.connect", reply, stage)
    if stage < Stage.RECIPIENT and status in (530, 534, 535, 538):  # RFC 4954 section 6
        return Verdict(State.REFUSED, "mail.auth", reply, stage)
    if status == 552:
        return Verdict(State.REFUSED, "mail.too_big", reply, stage)
    named = {Stage.AUTH: "mail.auth", Stage.RECIPIENT: "mail.recipient"}
    return Verdict(State.REFUSED, named.get(stage, "mail.refused"), reply, stage)


def tried(mail: Mail, now: datetime) -> Mail:
    """An attempt begins; written down before the connection opens."""
    return replace(mail, attempts=mail.attempts + 1, tried=now, next_try=None)


def leaving(mail: Mail, found: Mapping[str, Verdict]) -> Mail:
    """The text is about to leave for all who wait for it, but for those in ``found``: not taken."""
    leave = Verdict(State.SENDING)
    return _with(mail, {address: found.get(address, leave) for address in mail.waiting})


def settled(mail: Mail, found: Mapping[str, Verdict], now: datetime) -> Mail:
    """The attempt is over, with these verdicts by address."""
    done = _with(mail, found)
    pause = PAUSES[min(max(done.attempts, 1), len(PAUSES)) - 1]
    return replace(done, next_try=now + pause if done.waiting else None)


def interrupted(mail: Mail) -> Mail:
    """The same after its kommcli was ended by force: nobody knows how far "sending" came."""
    lost = Verdict(State.UNCERTAIN, "mail.uncertain")
    return _with(mail, {one.address: lost for one in mail.recipients if one.state is State.SENDING})


def due(mail: Mail, now: datetime) -> bool:
    """Whether it is to be sent by itself now. A time far in the future is that of a clock that was wrong."""
    wait = mail.next_try - now if mail.next_try else timedelta()
    return bool(mail.waiting) and not timedelta() < wait <= PAUSES[-1]


def again(mails: Sequence[Mail], only: Collection[str] = ()) -> list[Mail]:
    """Those of an issue's ``mails`` that are sent once more when somebody asks for it, for the addresses
    that have not surely got it; for all if all have. ``only``: of these addresses."""
    wanted = {address.casefold() for address in only}
    asked = [one for mail in mails for one in mail.recipients if not only or one.address.casefold() in wanted]
    open_ = [one.address for one in asked if one.state is not State.SENT]
    chosen = dict.fromkeys(open_ or [one.address for one in asked], Verdict(State.WRITTEN))
    return [
        _with(replace(mail, next_try=None), chosen)
        for mail in mails
        if not chosen.keys().isdisjoint(mail.addresses)
    ]


def newcomers(addresses: Iterable[str], mails: Iterable[Mail]) -> tuple[str, ...]:
    """Those of ``addresses`` that no mail of the issue was made for: nobody gets it twice because the list
    of recipients or the mode has changed, and whom a server has refused is not tried again by itself."""
    known = {address.casefold() for mail in mails for address in mail.addresses}
    return tuple(address for address in addresses if address.casefold() not in known)


def _with(mail: Mail, found: Mapping[str, Verdict]) -> Mail:
    def after(one: Recipient) -> Recipient:
        new = found.get(one.address)
        return Recipient(one.address, new.state, new.code, new.reply) if new else one

    return replace(mail, recipients=tuple(map(after, mail.recipients)))
