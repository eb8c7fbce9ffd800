"""A real HTTP/1.1 server on loopback that does what a test tells it, and remembers what it was asked.

::

    def test_something(server):
        server.reply("/feed.xml", body=b"<rss/>", etag='"1"')          # 304 where the validator fits
        server.redirect("/old", "/feed.xml", status=301)
        server.raw("/broken", b"HTTP/1.1 200 OK\\r\\n", 0.1, b"Conte")   # bytes and pauses, then closed
        server.handle("/drip", lambda exchange: ...)                    # anything else
        … server.url("/feed.xml") …
        assert server.requests[0].headers["user-agent"]

`make_server(host="127.0.0.2")` makes more of them, `make_server(certificate="expired")` with TLS;
`authority.ca_file` is what a client must trust. All end with the test, whatever they are doing.
"""

from __future__ import annotations

import gzip as gzip_module
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path

import pytest

__all__ = ["authority", "make_server", "server", "tls_server"]  # the fixtures, for conftest.py


@dataclass(frozen=True)
class Request:
    """One request as it came: ``path`` with its query; names of ``headers`` in lower case."""

    method: str
    path: str
    headers: dict[str, str]


class Exchange:
    """One request being answered, in the hands of a test's function."""

    def __init__(self, server: Server, connection: socket.socket, request: Request) -> None:
        self.server, self.connection, self.request = server, connection, request
        self.keep = request.headers.get("connection", "").lower() != "close"

    def send(self, *pieces: bytes | float) -> None:
        """Write bytes as they are; a number is a pause in seconds."""
        for piece in pieces:
            if isinstance(piece, bytes):
                self.connection.sendall(piece)
            else:
                self.pause(piece)

    def pause(self, seconds: float) -> None:
        """Wait, but not beyond the end of the test."""
        if self.server.stopping.wait(seconds):
            raise ConnectionAbortedError

    def close(self) -> None:
        """End the connection after this exchange."""
        self.keep = False

    def reply(
        self,
        body: bytes = b"",
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        gzip: bool = False,
        chunked: bool = False,
    ) -> None:
        """A well-formed answer."""
        if gzip:
            body = gzip_module.compress(body)
        lines = [f"HTTP/1.1 {status} {_phrase(status)}", *(f"{n}: {v}" for n, v in (headers or {}).items())]
        if gzip:
            lines.append("Content-Encoding: gzip")
        if chunked:
            lines.append("Transfer-Encoding: chunked")
            pieces = [body[at : at + 1000] for at in range(0, len(body), 1000)]
            body = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
        elif status not in (204, 304) and not any(
            line.lower().startswith("content-length:") for line in lines
        ):
            lines.append(f"Content-Length: {len(body)}")
        self.send("\r\n".join([*lines, "", ""]).encode("latin-1") + body)


Handler = Callable[[Exchange], None]


class Server:
    """Listens on a free port of ``host`` from the moment it is made. See the module for its use."""

    def __init__(self, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None, port: int = 0) -> None:
        self.requests: list[Request] = []
        self.connections = 0
        """How many were accepted, with or without a request."""
        self.host, self.stopping = host, threading.Event()
        self._tls = tls
        self._handlers: dict[str, Handler] = {}
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, port), family=family, backlog=128)
        self.port: int = self._listener.getsockname()[1]
        self._spawn(self._accept)

    # ------------------------------------------------------------------------------------- the script

    def url(self, path: str = "/") -> str:
        """The address of ``path``."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self._tls else 'http'}://{name}:{self.port}{path}"

    def reply(
        self,
        path: str,
        body: bytes = b"",
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        etag: str = "",
        last_modified: str = "",
        delay: float = 0,
        gzip: bool = False,
        chunked: bool = False,
    ) -> None:
        """Answer ``path`` with ``body``; 304 without one to a request that has the validator."""
        validators = {"ETag": etag} if etag else {}
        if last_modified:
            validators["Last-Modified"] = last_modified
        fields = {**(headers or {}), **validators}

        def answer(exchange: Exchange) -> None:
            if delay:
                exchange.pause(delay)
            asked = exchange.request.headers
            known = asked.get("if-none-match") == etag if etag else False
            if not etag and last_modified:
                known = asked.get("if-modified-since") == last_modified
            if known:
                exchange.reply(status=304, headers=fields)
            else:
                exchange.reply(body, status=status, headers=fields, gzip=gzip, chunked=chunked)

        self.handle(path, answer)

    def redirect(self, path: str, to: str, status: int = 302) -> None:
        """Answer ``path`` with a ``Location``."""
        self.reply(path, status=status, headers={"Location": to})

    def raw(self, path: str, *pieces: bytes | float) -> None:
        """Answer ``path`` with these bytes and pauses, and end the connection."""

        def answer(exchange: Exchange) -> None:
            exchange.close()
            exchange.send(*pieces)

        self.handle(path, answer)

    def handle(self, path: str, function: Handler) -> None:
        """Let ``function`` answer ``path`` (a target as sent: for a proxy the whole address)."""
        self._handlers[path] = function

    # ------------------------------------------------------------------------------------- the server

    def close(self) -> None:
        """End everything that runs; returns when it has ended."""
        self.stopping.set()
        with suppress(OSError), socket.socket(self._listener.family) as waker:
            waker.connect((self.host, self.port))  # ends the waiting in accept()
        with self._lock:
            for connection in self._open:
                with suppress(OSError):
                    socket.socket.shutdown(connection, socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
        self._listener.close()

    def _spawn(self, function: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=function, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            connection, _address = self._listener.accept()
            with self._lock:
                if self.stopping.is_set():
                    connection.close()
                    return
                self.connections += 1
                self._open.add(connection)
            self._spawn(self._serve, connection)

    def _serve(self, plain: socket.socket) -> None:
        connection = plain
        try:
            if self._tls:
                connection = self._tls.wrap_socket(plain, server_side=True)
                with self._lock:
                    self._open.add(connection)
            with connection.makefile("rb") as reader:
                while (request := _read(reader)) and self._answer(connection, request):
                    pass
        except (OSError, ValueError):
            pass  # the client left, or the test is over
        finally:
            with self._lock:
                self._open -= {plain, connection}
            with suppress(OSError):
                socket.socket.shutdown(connection, socket.SHUT_WR)
            connection.close()
            plain.close()

    def _answer(self, connection: socket.socket, request: Request) -> bool:
        exchange = Exchange(self, connection, request)
        self.requests.append(request)
        handler = self._handlers.get(request.path) or self._handlers.get(request.path.partition("?")[0])
        if handler:
            handler(exchange)
        else:
            exchange.reply(b"nothing here", status=404)
        return exchange.keep


def _read(reader: object) -> Request | None:
    first = reader.readline(65_537)  # type: ignore[attr-defined]
    if not first.strip():
        return None
    method, path, _version = first.decode("latin-1").split(" ", 2)
    headers = {}
    while (line := reader.readline(65_537).decode("latin-1").strip()) != "":  # type: ignore[attr-defined]
        name, _colon, value = line.partition(":")
        headers[name.lower()] = value.strip()
    return Request(method, path, headers)


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in set(HTTPStatus) else "Unknown"


# --------------------------------------------------------------------------------------------- fixtures


class Authority:
    """A certificate authority; ``ca_file`` is what a client must trust to believe it."""

    def __init__(self, folder: Path) -> None:
        import trustme  # 0.2 s: only where TLS is tested

        self._trustme = trustme
        self._ca = trustme.CA()
        self._folder = folder
        self.ca_file = str(folder / "ca.pem")
        self._ca.cert_pem.write_to_path(self.ca_file)

    def context(self, certificate: str) -> ssl.SSLContext:
        """A server's side of TLS: "valid" (localhost, 127.0.0.1), "expired", "wrong host", "self-signed"."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if certificate == "self-signed":
            stranger = self._trustme.CA()
            pem = self._folder / "self-signed.pem"
            pem.write_bytes(stranger.private_key_pem.bytes() + stranger.cert_pem.bytes())
            context.load_cert_chain(pem)
            return context
        names = ["other.example"] if certificate == "wrong host" else ["localhost", "127.0.0.1"]
        now = datetime.now(UTC)
        until = now - timedelta(days=1) if certificate == "expired" else now + timedelta(days=1)
        self._ca.issue_cert(*names, not_before=now - timedelta(days=9), not_after=until).configure_cert(
            context
        )
        return context


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Issues the certificates of TLS servers."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def make_server(request: pytest.FixtureRequest) -> Iterator[Callable[..., Server]]:
    """Make more servers: ``make_server(host="127.0.0.1", certificate="", port=0)``."""
    made: list[Server] = []

    def make(host: str = "127.0.0.1", *, certificate: str = "", port: int = 0) -> Server:
        tls = None
        if certificate:
            tls = request.getfixturevalue("authority").context(certificate)
        made.append(Server(host, tls, port))
        return made[-1]

    yield make
    for server in made:
        server.close()


@pytest.fixture
def server(make_server: Callable[..., Server]) -> Server:
    """A server without TLS on 127.0.0.1."""
    return make_server()


@pytest.fixture
def tls_server(make_server: Callable[..., Server]) -> Server:
    """A server with a certificate of `authority` for 127.0.0.1 and localhost."""
    return make_server(certificate="valid")
