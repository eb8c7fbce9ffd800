"""A real mail server on loopback that does what a test tells it, and remembers the mails that it took.

::

    def test_something(make_post_office):
        office = make_post_office()                         # plain; "starttls" or "tls" with a certificate
        office.answer("b@x.example", "451 later", "250 OK")  # to this recipient, one after the other
        office.content("552 too big")                        # to the text; "lose": take it and say nothing
        … office.port …
        assert office.mails[0].recipients == ["a@x.example"]
"""

from __future__ import annotations

import email
import email.policy
import socket
import ssl
import warnings
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from typing import Any, NamedTuple

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

__all__ = ["make_post_office"]

USER, PASSWORD = "digest", "s3cr3t-Pa55"


class Taken(NamedTuple):
    """A mail that the server took over: the envelope and the text."""

    sender: str
    recipients: list[str]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        """As Python's own parser reads it."""
        message = email.message_from_bytes(self.content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        assert message.defects == []
        return message


class Talker(SMTP):
    """aiosmtpd's server, which can hang up at any word."""

    office: PostOffice

    async def smtp_QUIT(self, arg: str) -> None:
        self.office.said.append("QUIT")
        if self.office.dies_at == "QUIT":
            self.hang_up()
            return
        await super().smtp_QUIT(arg)

    async def smtp_MAIL(self, arg: str) -> None:
        self.office.said.append(f"MAIL {arg}")
        if self.office.dies_at == "MAIL":
            self.hang_up()
            return
        await super().smtp_MAIL(arg)

    async def smtp_DATA(self, arg: str) -> None:
        if self.office.dies_at == "DATA":
            self.hang_up()
            return
        await super().smtp_DATA(arg)

    def hang_up(self) -> None:
        assert self.transport is not None
        self.transport.abort()


class PostOffice:
    """The server, its script and its mails."""

    def __init__(
        self, tls: ssl.SSLContext | None, *, implicit: bool, login: bool, starttls: bool, port: int = 0
    ) -> None:
        self.mails: list[Taken] = []
        self.said: list[str] = []
        self.dies_at = ""
        self._answers: dict[str, list[str]] = {}
        self._content: list[str] = []
        office = self

        class Control(Controller):
            def factory(self) -> SMTP:
                with warnings.catch_warnings():
                    # It does not see the TLS that a connection has from its first byte on.
                    warnings.filterwarnings("ignore", "Requiring AUTH while not requiring TLS")
                    return self.talker()

            def talker(self) -> SMTP:
                talker = Talker(
                    office,
                    hostname="post.example",
                    tls_context=tls if starttls else None,
                    require_starttls=starttls,
                    authenticator=office.authenticate if login else None,
                    auth_required=login,
                    auth_require_tls=tls is not None and not implicit,
                )
                talker.office = office
                return talker

        with socket.create_server(("127.0.0.1", port)) as free:
            port = free.getsockname()[1]
        self.controller = Control(self, "127.0.0.1", port, ssl_context=tls if implicit else None)
        self.port: int = port
        self.controller.start()

    def answer(self, address: str, *replies: str) -> None:
        """What this recipient is answered with, one after the other, the last one for good."""
        self._answers[address] = list(replies)

    def content(self, *replies: str) -> None:
        """What the text is answered with, likewise."""
        self._content = list(replies)

    def authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        self.said.append("AUTH")
        return AuthResult(success=right, handled=False)

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        reply = _next(self._answers.get(address, []))
        if reply.startswith("2"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: Talker, session: Any, envelope: Any) -> str:
        reply = _next(self._content)
        if reply.startswith(("2", "lose")):
            self.mails.append(Taken(envelope.mail_from, list(envelope.rcpt_tos), envelope.original_content))
        if reply in ("lose", "drop"):
            server.hang_up()
            return "250 nobody hears it"
        return reply


def _next(replies: list[str]) -> str:
    if not replies:
        return "250 OK"
    return replies.pop(0) if len(replies) > 1 else replies[0]


@pytest.fixture
def make_post_office(request: pytest.FixtureRequest) -> Iterator[Callable[..., PostOffice]]:
    """Make servers: ``make_post_office("starttls", certificate="valid", login=True)``."""
    made: list[PostOffice] = []

    def make(
        security: str = "none", certificate: str = "valid", *, login: bool = False, port: int = 0
    ) -> PostOffice:
        tls = None
        if security != "none":
            tls = request.getfixturevalue("authority").context(certificate)
        made.append(
            PostOffice(
                tls, implicit=security == "tls", login=login, starttls=security == "starttls", port=port
            )
        )
        return made[-1]

    yield make
    for office in made:
        office.controller.stop()
