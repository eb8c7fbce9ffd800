"""Handing a mail to a server or to a sendmail program: the only place where one leaves.

A way to deliver is a context; `Way.send` hands over one mail and says what became of each recipient. Nothing
here is raised: an answer, a lost connection and a bad certificate all are verdicts.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import smtplib
import ssl
import subprocess
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from tempfile import TemporaryFile
from typing import NamedTuple, Protocol, Self

from kommcli.digest.outbox import ENTRANCE, Stage, Verdict, verdict
from kommcli.digest.wire import Encrypted, Plain
from kommcli.i18n import _
from kommcli.outgoing import Mail, State
from kommcli.text import clean, shorten

Verdicts = Mapping[str, Verdict]
Leaving = Callable[[Verdicts], None]
"""Told directly before the text leaves, with the verdicts of those for whom it does not."""

CONTENT_PATIENCE = 10
"""How many times as long a server may take for its answer to the text: it may look for viruses first
(RFC 5321 section 4.5.3.2.6 wants ten minutes, where a command gets five at most)."""

GOODBYE = 5.0
"""Seconds for the answer to QUIT, on which nothing depends."""

_LOST = (
    smtplib.SMTPServerDisconnected,
    ConnectionError,
    TimeoutError,
    ssl.SSLEOFError,
    ssl.SSLZeroReturnError,
)
"""The connection is gone, as it may be with any server."""

_SYSEXITS = {67: Stage.RECIPIENT}
"""Exit codes of sendmail programs that mean more than "refused" (sysexits.h): EX_NOUSER."""
_TEMPORARY = (71, 74, 75)
"""EX_OSERR, EX_IOERR, EX_TEMPFAIL."""


class Way(Protocol):
    """A way to deliver mails."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *error: object) -> None: ...

    def send(self, mail: Mail, leaving: Leaving) -> Verdicts:
        """Hand ``mail`` over for all its waiting addresses; a verdict for each."""

    def probe(self) -> Verdict:
        """What can be known without sending anything: whether mails could leave. Its ``code`` is empty, or
        says what stops them."""


class Server(NamedTuple):
    """How a server is reached. ``security`` is "starttls", "tls" or "none"; ``timeout`` in seconds."""

    host: str
    port: int
    security: str
    user: str = ""
    password: str = ""
    timeout: float = 60


class _Stopped(Exception):
    """The server said no to all of it: its status (0: by no words of its own) and the cause."""

    def __init__(self, status: int, reply: str) -> None:
        super().__init__(reply)
        self.status, self.reply = status, reply


class Smtp:
    """Delivery by SMTP; one connection for several mails. The certificate is always checked."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._smtp: smtplib.SMTP | None = None
        self._stage = Stage.CONNECT

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        """Say goodbye. What was taken over is so, whatever the server answers."""
        if self._smtp and self._smtp.sock and error[0] is None:
            self._smtp.sock.settimeout(min(self._server.timeout, GOODBYE))
            with suppress(smtplib.SMTPException, OSError):
                self._smtp.quit()
        self._hang_up()

    def send(self, mail: Mail, leaving: Leaving) -> Verdicts:
        """See `Way.send`."""
        found: dict[str, Verdict] = {}
        end = self._talk(lambda smtp: self._sent(smtp, mail, found, leaving))
        return {address: found.get(address, end) for address in mail.waiting}

    def probe(self) -> Verdict:
        """See `Way.probe`: as far as the login."""
        return self._talk(lambda _smtp: None)

    def _talk(self, what: Callable[[smtplib.SMTP], None]) -> Verdict:
        """Say ``what`` to the server; how it ended."""
        self._stage = Stage.CONNECT
        try:
            what(self._smtp or self._connected())
        except _Stopped as stopped:
            end = verdict(self._stage, stopped.status, self._hidden(stopped.reply))
            self._begin_anew()
            return end
        except (smtplib.SMTPException, OSError) as error:
            lost = isinstance(error, _LOST)
            stage = Stage.CONNECT if lost and self._stage is Stage.TLS else self._stage
            self._hang_up()
            status = 0 if stage is Stage.CONTENT else _status(error)
            return verdict(stage, status, self._hidden(_words(error)))
        return Verdict(State.SENT)

    def _hidden(self, reply: str) -> str:
        """``reply`` without the password: a server may repeat what it was sent."""
        user, password = self._server.user, self._server.password
        plain = f"\0{user}\0{password}"
        for secret in (password, *(b64encode(text.encode()).decode() for text in (password, plain))):
            reply = reply.replace(secret, "***") if password else reply
        return reply

    def _begin_anew(self) -> None:
        """After a no: the next mail may use the connection, unless it never came to be a safe one."""
        if self._smtp and self._stage > ENTRANCE:
            with suppress(smtplib.SMTPException, OSError):
                self._smtp.rset()
                return
        self._hang_up()

    def _sent(self, smtp: smtplib.SMTP, mail: Mail, found: dict[str, Verdict], leaving: Leaving) -> None:
        """The conversation; ``found`` is filled with the recipients that are not taken."""
        self._stage = Stage.SENDER
        size = [f"size={len(mail.content)}"] if smtp.has_extn("size") else []
        _need(smtp.mail(mail.sender, size))
        self._stage = Stage.RECIPIENT
        for address in mail.waiting:
            status, words = smtp.rcpt(address)
            if not 200 <= status < 300:
                found[address] = verdict(Stage.RECIPIENT, status, self._hidden(_answer(status, words)))
        if len(found) == len(mail.waiting):
            smtp.rset()
            return
        self._stage = Stage.DATA
        _need(smtp.docmd("DATA"), 300)
        leaving(found)
        self._stage = Stage.CONTENT
        smtp.send(stuffed(mail.content))
        if smtp.sock:
            smtp.sock.settimeout(self._server.timeout * CONTENT_PATIENCE)
        _need(smtp.getreply())
        if smtp.sock:
            smtp.sock.settimeout(self._server.timeout)

    def _connected(self) -> smtplib.SMTP:
        at = self._server
        context = ssl.create_default_context() if at.security != "none" else None
        try:
            if at.security == "tls":
                smtp: smtplib.SMTP = Encrypted(at.host, at.port, timeout=at.timeout, context=context)
            else:
                smtp = Plain(at.host, at.port, timeout=at.timeout)
            self._smtp = smtp
            smtp.ehlo_or_helo_if_needed()
            if at.security == "starttls":
                self._stage = Stage.TLS
                if not smtp.has_extn("starttls"):
                    raise _Stopped(0, _("it offers no STARTTLS"))
                _need(smtp.starttls(context=context))
                smtp.ehlo_or_helo_if_needed()
        except ssl.SSLError:
            self._stage = Stage.TLS
            raise
        if at.user:
            self._stage = Stage.AUTH
            self._log_in(smtp)
        return smtp

    def _log_in(self, smtp: smtplib.SMTP) -> None:
        user, password = self._server.user, self._server.password
        try:
            smtp.login(user, password)
        except smtplib.SMTPNotSupportedError:
            raise _Stopped(504, _("it offers no way to log in that kommcli knows")) from None
        except UnicodeEncodeError:
            raise _Stopped(535, _("user or password has characters beyond ASCII")) from None
        except smtplib.SMTPResponseException as error:
            raise _Stopped(error.smtp_code, _words(error)) from None

    def _hang_up(self) -> None:
        if self._smtp:
            self._smtp.close()
        self._smtp = None


def _need(answer: tuple[int, bytes], at_least: int = 200) -> None:
    status, words = answer
    if not at_least <= status < at_least + 100:
        raise _Stopped(max(status, 0), _answer(status, words))


def _status(error: Exception) -> int:
    """The server's own number, where the error has one."""
    return max(error.smtp_code, 0) if isinstance(error, smtplib.SMTPResponseException) else 0


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(error.smtp_code, error.smtp_error)
    if isinstance(error, ssl.SSLCertVerificationError):
        return clean(error.verify_message)
    if isinstance(error, TimeoutError):
        return _("no answer within the time limit")
    if isinstance(error, OSError) and not isinstance(error, smtplib.SMTPException):
        return clean(error.strerror or str(error))
    return _("the connection broke off")


def _answer(status: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    return shorten(clean(f"{status} {text}" if status > 0 else text), 200)


def stuffed(content: bytes) -> bytes:
    """``content`` as it goes over the line: CRLF, dots at the beginning of lines doubled, the end marked
    (RFC 5321 section 4.5.2)."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", content).removesuffix(b"\r\n")
    return re.sub(rb"(?m)^\.", b"..", lines) + b"\r\n.\r\n"


class Sendmail:
    """Delivery by a program that takes a mail as sendmail does: addresses as arguments, the mail on standard
    input. Run as a list, without a shell."""

    def __init__(self, command: Sequence[str], timeout: float = 60) -> None:
        self._command, self._timeout = tuple(command), timeout

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        """There is nothing to close."""

    def send(self, mail: Mail, leaving: Leaving) -> Verdicts:
        """See `Way.send`. All recipients share one verdict: the program has only one exit code."""
        leaving({})
        end = self._handed_over(mail)
        return dict.fromkeys(mail.waiting, end)

    def probe(self) -> Verdict:
        """See `Way.probe`: whether there is such a program."""
        there = shutil.which(self._command[0])
        return Verdict(State.SENT) if there else _no_program(os.strerror(errno.ENOENT))

    def _handed_over(self, mail: Mail) -> Verdict:
        try:
            # A file, not a pipe: a program that goes on in the background would hold a pipe open.
            with TemporaryFile() as errors:
                done = subprocess.run(  # noqa: S603 - the user's own program, as a list, without a shell
                    [*self._command, "-i", "-f", mail.sender, "--", *mail.waiting],
                    input=mail.content.replace(b"\r\n", b"\n"),
                    stdout=subprocess.DEVNULL,
                    stderr=errors,
                    timeout=self._timeout * CONTENT_PATIENCE,
                    check=False,
                )
                errors.seek(0)
                said = clean(errors.read(10_000).decode("utf-8", "replace"))
        except subprocess.TimeoutExpired:
            return verdict(Stage.CONTENT, 0, _("no answer within the time limit"))
        except OSError as error:
            return _no_program(error.strerror or str(error))
        if done.returncode == 0:
            return verdict(Stage.CONTENT, 250)
        if done.returncode < 0:
            return verdict(Stage.CONTENT, 0, _("{name} was killed").format(name=clean(self._command[0])))
        reply = shorten(_("exit code {code}: {text}").format(code=done.returncode, text=said), 200)
        stage = _SYSEXITS.get(done.returncode, Stage.SENDER)
        return verdict(stage, 400 if done.returncode in _TEMPORARY else 500, reply)


def _no_program(cause: str) -> Verdict:
    return Verdict(State.REFUSED, "mail.program", clean(cause), Stage.CONNECT)
