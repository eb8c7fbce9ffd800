"""What urllib3, http.client, ssl and the system complain about, as `FeedFailure` in plain words."""

# ruff: noqa: TID253 - only http.py imports this module
from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http import client as httplib

from urllib3 import exceptions as u3

from kommcli.errors import FeedFailure
from kommcli.i18n import N_, _
from kommcli.sources.wire import budget
from kommcli.text import clean

# Read from the top, the class of the fault itself.
CODES: tuple[tuple[tuple[type[BaseException], ...], str], ...] = (
    ((u3.ProxyError,), "net.proxy"),
    ((ssl.SSLCertVerificationError,), "tls.verify"),
    ((ssl.SSLError, u3.SSLError), "tls.handshake"),
    ((u3.NameResolutionError,), "net.dns"),
    ((u3.NewConnectionError,), "net.connect"),
    ((TimeoutError, u3.TimeoutError, u3.EmptyPoolError), "net.timeout"),
    ((httplib.IncompleteRead, ConnectionError), "http.truncated"),
    ((httplib.HTTPException, u3.InvalidHeader, u3.HeaderParsingError), "http.protocol"),
    ((OSError, u3.ProtocolError), "http.truncated"),
    ((u3.DecodeError,), "http.decode"),
    # These would be ours, not the server's: bad values that HTTP let through somewhere.
    ((u3.PoolError, u3.LocationValueError, u3.ResponseError, u3.TimeoutStateError), "http.protocol"),
    ((u3.BodyNotHttplibCompatible, u3.UnrewindableBodyError, ValueError), "http.protocol"),
)

_WORDS: tuple[tuple[type[BaseException], str], ...] = (
    (httplib.LineTooLong, N_("a line of more than 64 kB")),
    (ConnectionError, N_("the connection was lost")),
    (httplib.BadStatusLine, N_("no HTTP status line")),
    (u3.InvalidHeader, N_("contradictory lengths")),
    (u3.EmptyPoolError, N_("too many requests to this host wait")),
)


@contextmanager
def translated() -> Iterator[None]:
    """Faults of the net and of the other side become `FeedFailure`."""
    try:
        yield
    except FeedFailure:
        raise
    except (u3.HTTPError, httplib.HTTPException, OSError, ValueError) as error:
        raise failure_of(error) from error


def failure_of(error: BaseException) -> FeedFailure:
    """``error`` by its code; a timeout is ``net.deadline`` once the time for the request is over."""
    fault = inner(error)
    told = error if isinstance(error, u3.ProxyError) else fault
    code = next((code for kinds, code in CODES if isinstance(told, kinds)), "http.protocol")
    if code == "net.timeout" and budget.spent():
        code = "net.deadline"
    return FeedFailure(code, words(fault))


def inner(error: BaseException) -> BaseException:
    """The fault itself, out of urllib3's wrappings."""
    while wrapped := next((arg for arg in error.args if isinstance(arg, BaseException)), None):
        error = wrapped
    return error


def words(error: BaseException) -> str:
    """``error`` in plain words, without addresses and representations of objects; often empty."""
    if isinstance(error, FeedFailure):
        return error.cause or error.what
    if isinstance(error, ssl.SSLCertVerificationError):
        return clean(error.verify_message).rstrip(".")
    if isinstance(error, ssl.SSLError):
        return clean(error.reason or "").replace("_", " ").lower()
    if isinstance(error, OSError) and error.strerror:
        return clean(error.strerror)
    for kind, sentence in _WORDS:
        if isinstance(error, kind):
            return _(sentence)
    if type(error) in (httplib.HTTPException, OSError):  # they carry a sentence; the others, data
        return clean(str(error))[:200]
    return ""
