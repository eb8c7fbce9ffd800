"""Sockets that keep to a budget: every read is paid for in seconds and bytes.

A read limit per call is no limit: a server that drips a byte now and then never meets it. So the thread
that runs a request owns a `Budget`, and the sockets below, plain or TLS, charge it whoever reads them:
status line, headers, chunk sizes, body, a proxy's answer.
"""

from __future__ import annotations

import http.client
import math
import re
import socket
import ssl
import threading
import time
from collections.abc import Sequence
from email.errors import MissingHeaderBodySeparatorDefect
from ipaddress import IPv4Address
from typing import TYPE_CHECKING

from kommcli.errors import FeedFailure
from kommcli.i18n import _
from kommcli.sources.addresses import IPAddress

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_FOLD = re.compile(r"\r?\n[ \t]+")  # a header continued on the next line, obsolete but legal


class Budget(threading.local):
    """What the request of this thread may still cost. ``end`` is an instant of `time.monotonic`."""

    end = math.inf
    octets = 0

    def seconds(self) -> float:
        """Seconds left; raises `TimeoutError` when there are none."""
        if (left := self.end - time.monotonic()) > 0:
            return left
        raise TimeoutError

    def spent(self) -> bool:
        """Whether the time is over."""
        return time.monotonic() >= self.end

    def paid(self, count: int) -> int:
        """Charge ``count`` bytes; raises `FeedFailure` ``http.too_large`` when that is too many."""
        self.octets -= count
        if self.octets < 0:
            raise FeedFailure("http.too_large")
        return count


budget = Budget()


class PlainSocket(socket.socket):
    """A TCP socket that charges the thread's `budget`."""

    def recv_into(self, buffer: WriteableBuffer, nbytes: int = 0, flags: int = 0) -> int:
        """As `socket.socket.recv_into`, within the budget."""
        self.settimeout(budget.seconds())
        return budget.paid(super().recv_into(buffer, nbytes, flags))


class TlsSocket(ssl.SSLSocket):
    """The same over TLS; the context makes them (`SSLContext.sslsocket_class`)."""

    def recv_into(self, buffer: WriteableBuffer, nbytes: int | None = None, flags: int = 0) -> int:
        """As `ssl.SSLSocket.recv_into`, within the budget."""
        self.settimeout(budget.seconds())
        return budget.paid(super().recv_into(buffer, nbytes, flags))


class StrictResponse(http.client.HTTPResponse):
    """An answer whose headers are whole and printable, with at most 100 lines of 64 kB each."""

    def begin(self) -> None:
        """Read status and headers; raises `http.client.HTTPException` where they are broken."""
        super().begin()
        if any(isinstance(defect, MissingHeaderBodySeparatorDefect) for defect in self.headers.defects):
            raise http.client.HTTPException(_("a broken header line"))
        suspects = filter(_CONTROL.search, self.headers.values())
        if any(_CONTROL.search(_FOLD.sub(" ", value)) for value in suspects):
            raise http.client.HTTPException(_("control characters in a header"))


def tls_context(ca_file: str | None) -> ssl.SSLContext:
    """Certificates and names are checked, against ``ca_file`` (PEM) or what the system trusts.

    Costs some 25 ms where the system keeps one large file. Raises `FeedFailure` ``tls.verify`` when
    ``ca_file`` cannot be read.
    """
    try:
        context = ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        raise FeedFailure("tls.verify", f"{ca_file}: {error.strerror or error}") from error
    context.sslsocket_class = TlsSocket
    return context


def connect(addresses: Sequence[IPAddress], port: int, until: float) -> PlainSocket:
    """A connection to the first of ``addresses`` that answers before ``until`` (`time.monotonic`).

    Each gets an equal share of the time, so that a dead IPv6 route leaves some for IPv4; what remains
    is the socket's timeout, for the TLS handshake. Raises the last `OSError`, or `TimeoutError`.
    """
    failure: OSError = TimeoutError()
    for left, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
        share = (until - time.monotonic()) / left
        if share <= 0:
            break
        try:
            return _connected(address, port, share, until)
        except OSError as error:
            failure = error
    raise failure


def _connected(address: IPAddress, port: int, share: float, until: float) -> PlainSocket:
    family = socket.AF_INET if isinstance(address, IPv4Address) else socket.AF_INET6
    connection = PlainSocket(family, socket.SOCK_STREAM)
    try:
        connection.settimeout(share)
        connection.connect((str(address), port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # TLS writes twice in a row
        connection.settimeout(max(until - time.monotonic(), 0.001))
    except BaseException:
        connection.close()
        raise
    return connection
