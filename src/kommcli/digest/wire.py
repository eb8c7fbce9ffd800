"""SMTP as Python speaks it, with a limit of time for every answer as a whole.

A socket's own limit holds for each piece that arrives: a server that sends a byte now and then would keep us
for ever. There are as many answers as we ask questions, so a conversation has its limit, too.
"""

from __future__ import annotations

import smtplib
import socket
from contextlib import suppress
from threading import Event, Timer


class Plain(smtplib.SMTP):
    """A conversation that begins without encryption."""

    def getreply(self) -> tuple[int, bytes]:
        """The next answer. Raises `TimeoutError` when it is not there, whole, within the socket's limit."""
        sock = self.sock
        limit = sock.gettimeout() if sock else None
        if sock is None or limit is None:
            return super().getreply()
        late = Event()
        watch = Timer(limit, _end, [sock, late])
        watch.start()
        try:
            answer = super().getreply()
        except smtplib.SMTPServerDisconnected as error:
            if late.is_set() or isinstance(error.__context__, TimeoutError):
                raise TimeoutError from None
            raise
        finally:
            watch.cancel()
            watch.join()
        if late.is_set():
            self.close()
            raise TimeoutError  # it may be half a line, whose end nobody heard
        return answer


class Encrypted(Plain, smtplib.SMTP_SSL):
    """A conversation within TLS from its first byte on."""


def _end(sock: socket.socket, late: Event) -> None:
    """Whoever reads from ``sock`` in another thread finds its end."""
    late.set()
    with suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)  # not that of TLS, which would ask the other side
