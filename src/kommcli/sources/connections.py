"""urllib3's connections, taught to use our sockets and to read headers strictly."""

# ruff: noqa: TID253 - only http.py imports this module
from __future__ import annotations

import ssl
from collections.abc import Callable
from typing import Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from kommcli.errors import FeedFailure
from kommcli.sources.failures import words
from kommcli.sources.wire import PlainSocket, StrictResponse


class Http(HTTPConnection):
    """A connection whose socket comes from ``dial``."""

    response_class = StrictResponse

    def __init__(self, *args: Any, dial: Callable[[], PlainSocket], **options: Any) -> None:
        super().__init__(*args, **options)
        self._dial = dial

    def _new_conn(self) -> PlainSocket:
        return self._dial()


class Https(Http, HTTPSConnection):
    """The same with TLS. What fails after dialling, and not in a proxy, fails in the handshake."""

    def connect(self) -> None:
        """Dial and shake hands; raises `FeedFailure`."""
        try:
            super().connect()
        except TimeoutError:
            raise
        except OSError as error:
            if self.proxy and not isinstance(error, ssl.SSLError):
                raise
            code = "tls.verify" if isinstance(error, ssl.SSLCertVerificationError) else "tls.handshake"
            raise FeedFailure(code, words(error)) from error


class HttpPool(HTTPConnectionPool):
    """Connections to one host and port, or to a proxy; takes ``dial`` as another option."""

    ConnectionCls = Http


class HttpsPool(HTTPSConnectionPool):
    """The same with TLS; ``ssl_context`` is to come from `wire.tls_context`."""

    ConnectionCls = Https
