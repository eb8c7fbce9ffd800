"""One request over HTTP, with every limit kept.

::

    Client.get ─► for each redirect: _answer ─► messages.judged ─► body.unpacked
                                        │
                    pool of the host ─► _dial ─► Resolver ─► wire.connect (the checked address itself)

urllib3 keeps connections and speaks HTTP, TLS and CONNECT. Redirects, limits, unpacking and the choice
of addresses are ours. Whatever goes wrong leaves as `FeedFailure`.
"""

from __future__ import annotations

import math
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Any

from urllib3 import BaseHTTPResponse, HTTPConnectionPool, Retry, Timeout
from urllib3 import exceptions as u3
from urllib3.util import Url

from kommcli.errors import FeedFailure
from kommcli.i18n import _
from kommcli.model import Fetched, NotModified
from kommcli.sources import locations, messages, proxies, wire
from kommcli.sources.addresses import IPAddress, Resolver, is_link_local, is_public, permitted
from kommcli.sources.connections import HttpPool, HttpsPool
from kommcli.sources.failures import inner, translated, words
from kommcli.sources.freshness import freshness
from kommcli.sources.locations import Location
from kommcli.sources.messages import Redirect
from kommcli.sources.politeness import OutOfPatience, RedirectFailure
from kommcli.sources.wire import budget

_ONCE = Retry(False, redirect=False)
_CHUNK = 65_536
_SMALL = 16_384


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one request: seconds to connect and in all (redirects included), bytes of a body, redirects."""

    connect: float = 5.0
    total: float = 30.0
    body: int = 10_000_000
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Manners:
    """What a caller has to say about its requests, redirects included. All may raise `FeedFailure`."""

    turn: Callable[[str], AbstractContextManager[object]] = nullcontext
    """Entered with the address of each hop before it is asked, left with its answer. What it waits is not
    taken from the total limit."""
    admit: Callable[[str], None] = lambda _content_type: None
    """Sees the content type of an answer before its body is read."""
    enough: int = 0
    """Bytes of a body that are wanted at most: a longer one is cut, not refused. 0: the whole body."""


class Client:
    """Asks for feeds and pages; one for a run, used by many threads.

    ``environ`` names proxies; ``now`` gives the time for a date in Retry-After; ``ca_file`` (PEM)
    stands in place of the certificates that the system trusts; ``per_host`` connections are open to
    one host at a time; ``accept`` is the header of that name. Cookies are forgotten at once.
    """

    def __init__(
        self,
        *,
        limits: Limits,
        user_agent: str,
        environ: Mapping[str, str],
        now: Callable[[], datetime],
        per_host: int = 2,
        ca_file: str | None = None,
        accept: str = messages.ACCEPT,
    ) -> None:
        self._limits, self._environ, self._now = limits, environ, now
        self._per_host, self._ca_file = per_host, ca_file
        self._ours = messages.ours(user_agent, accept)
        self._resolver = Resolver()
        self._pools: dict[object, HTTPConnectionPool] = {}
        self._tls: ssl.SSLContext | None = None
        self._lock = threading.Lock()

    def close(self) -> None:
        """Close the connections that are kept."""
        with self._lock:
            for pool in self._pools.values():
                pool.close()

    def get(
        self,
        url: str,
        *,
        etag: str = "",
        last_modified: str = "",
        headers: Mapping[str, str] = MappingProxyType({}),
        allow_private: bool = False,
        deadline: float | None = None,
        manners: Manners = Manners(),
    ) -> Fetched | NotModified:
        """What ``url`` (http or https) answers, redirects followed. Raises `FeedFailure` and nothing else.

        ``etag`` and ``last_modified`` are sent back as they came; they and ``headers`` go to the origin
        of ``url`` only. ``allow_private`` opens the private addresses of its host, and no others.
        ``deadline``, an instant of `time.monotonic`, may come before the total limit.
        """
        last = math.inf if deadline is None else deadline
        budget.end = min(time.monotonic() + self._limits.total, last)
        here = locations.parse(url, "net.dns")
        fields = messages.origin_only(headers, etag, last_modified)
        trusted = self._private(here) if allow_private else frozenset()
        answer = self._asked(here, fields, trusted, manners, last)
        way, permanent = [here], True
        while isinstance(answer, Redirect):
            following = locations.follow(here, answer.header)
            if following in way or len(way) > self._limits.redirects:
                raise FeedFailure("http.redirects")
            if following.origin != here.origin:
                # A host that leads from http to https could else never answer 304.
                safer = following.host == here.host and following.scheme == "https"
                fields = messages.validators_of(fields) if safer else {}
            trusted = self._inherited(trusted, here)
            permanent = permanent and answer.permanent
            here = following
            way.append(here)
            try:
                answer = self._asked(here, fields, trusted, manners, last)
            except OutOfPatience:
                raise
            except FeedFailure as failure:
                raise RedirectFailure.of(failure) from failure
        if permanent and len(way) > 1:
            return replace(answer, moved_to=here.url)
        return answer

    def _private(self, here: Location) -> frozenset[IPAddress]:
        """The private addresses of a host that the user trusts."""
        return frozenset(address for address in self._lookup(here) if not is_public(address))

    def _inherited(self, trusted: frozenset[IPAddress], here: Location) -> frozenset[IPAddress]:
        """What a redirect from ``here`` may reach: nothing from outside, and metadata services never."""
        if not trusted.intersection(self._lookup(here) if trusted else ()):
            return frozenset()
        return frozenset(address for address in trusted if not is_link_local(address))

    def _lookup(self, here: Location) -> tuple[IPAddress, ...]:
        """The addresses of a host; none where only the proxy may know them."""
        if not self._proxy(here):
            return self._resolver.lookup(here.host, _in(self._limits.connect))
        try:
            return self._resolver.lookup(here.host, _in(min(1.0, self._limits.connect)))
        except FeedFailure:
            return ()

    def _proxy(self, here: Location) -> str:
        return proxies.proxy_for(*here.origin, self._environ)

    # ----------------------------------------------------------------------------- one hop of the way

    def _asked(
        self,
        here: Location,
        fields: Mapping[str, str],
        trusted: frozenset[IPAddress],
        manners: Manners,
        last: float,
    ) -> Fetched | NotModified | Redirect:
        came = time.monotonic()
        with manners.turn(here.url):
            budget.end = min(budget.end + time.monotonic() - came, last)
            return self._told(here, fields, trusted, manners)

    def _told(
        self, here: Location, fields: Mapping[str, str], trusted: frozenset[IPAddress], manners: Manners
    ) -> Fetched | NotModified | Redirect:
        for _attempt in range(2):  # a 304 that nothing asked for gets a second chance
            with self._answer(here, fields, trusted) as response:
                if response.status == 304:
                    response.drain_conn()
                    if messages.is_conditional(fields):
                        return NotModified(fresh=freshness(response.headers, self._now()))
                    continue
                answer = messages.judged(
                    response,
                    _chunks(response),
                    url=here.url,
                    limit=self._limits.body,
                    now=self._now,
                    admit=manners.admit,
                    enough=manners.enough,
                )
                length = response.length_remaining
                if isinstance(answer, Redirect) and length is not None and length < _SMALL:
                    response.drain_conn()  # so that the connection can be kept
                return answer
        raise FeedFailure("http.protocol", _("304 although no condition was sent"), http_status=304)

    @contextmanager
    def _answer(
        self, here: Location, fields: Mapping[str, str], trusted: frozenset[IPAddress]
    ) -> Iterator[BaseHTTPResponse]:
        """The answer with its body unread. Its connection is free again in the end, whatever happens."""
        proxy = self._proxy(here)
        if proxy and (known := self._lookup(here)) and not permitted(known, trusted):
            raise _leads_inside(here.host, known)
        target = here.url if proxy and here.scheme == "http" else here.target
        with translated():
            response = self._sent(self._pool(here, proxy, trusted), target, {**self._ours, **fields})
        try:
            if proxy and response.status == 407:
                raise FeedFailure("net.proxy", messages.told(response), http_status=407)
            yield response
        finally:
            response.close()
            response.release_conn()

    def _sent(self, pool: HTTPConnectionPool, target: str, headers: dict[str, str]) -> BaseHTTPResponse:
        for last in (False, True):
            budget.octets = 2 * self._limits.body + 1_000_000  # headers and the sizes of small chunks
            try:
                return pool.urlopen(
                    "GET",
                    target,
                    headers=headers,
                    retries=_ONCE,
                    redirect=False,
                    assert_same_host=False,
                    pool_timeout=budget.seconds(),  # type: ignore[arg-type]  # takes fractions as well
                    preload_content=False,
                    decode_content=False,
                )
            except u3.ProtocolError as error:
                # A server may end a kept connection in the moment we use it: that is no failure.
                if last or not isinstance(inner(error), ConnectionResetError):
                    raise
        raise AssertionError

    # ------------------------------------------------------------------------------------ connections

    def _pool(self, here: Location, proxy: str, trusted: frozenset[IPAddress]) -> HTTPConnectionPool:
        # What may be reached is part of the key: a kept connection never serves a stricter request.
        key = (here.origin, proxy, trusted)
        with self._lock:
            if key not in self._pools:
                self._pools[key] = self._new_pool(here, proxy, trusted)
            return self._pools[key]

    def _new_pool(self, here: Location, proxy: str, trusted: frozenset[IPAddress]) -> HTTPConnectionPool:
        host, port = here.name, here.port
        options: dict[str, Any] = {
            "maxsize": self._per_host,
            "block": True,
            "timeout": Timeout(connect=self._limits.connect, read=self._limits.total),
            "dial": partial(self._dial, here.host, here.port, trusted),
        }
        if proxy:
            way = proxies.parse(proxy)
            options["dial"] = partial(self._dial_proxy, way)
            options["_proxy"] = Url(scheme="http", host=way.host, port=way.port)
            options["_proxy_headers"] = way.headers
            if here.scheme == "http":
                host, port = way.host, way.port
        if here.scheme == "http":
            return HttpPool(host, port, **options)
        self._tls = self._tls or wire.tls_context(self._ca_file)
        return HttpsPool(host, port, ssl_context=self._tls, **options)

    def _dial(self, host: str, port: int, trusted: frozenset[IPAddress]) -> wire.PlainSocket:
        until = _in(self._limits.connect)
        addresses = self._resolver.lookup(host, until)
        allowed = permitted(addresses, trusted)
        if not allowed:
            raise _leads_inside(host, addresses)
        try:
            return wire.connect(allowed, port, until)
        except TimeoutError:
            raise
        except OSError as error:
            raise FeedFailure("net.connect", words(error)) from error

    def _dial_proxy(self, proxy: proxies.Proxy) -> wire.PlainSocket:
        # The user named it: it may be anywhere, and is on this machine often enough.
        until = _in(self._limits.connect)
        try:
            return wire.connect(self._resolver.lookup(proxy.host, until), proxy.port, until)
        except (FeedFailure, OSError) as error:
            raise FeedFailure("net.proxy", f"{proxy.host}: {words(error)}".rstrip(": ")) from error


def _in(seconds: float) -> float:
    """The instant that many ``seconds`` from now, or the end of the request."""
    return min(time.monotonic() + seconds, budget.end)


def _leads_inside(host: str, addresses: tuple[IPAddress, ...]) -> FeedFailure:
    return FeedFailure("net.private", f"{host}: {addresses[0]}" if host != str(addresses[0]) else host)


def _chunks(response: BaseHTTPResponse) -> Iterator[bytes]:
    with translated():
        yield from response.stream(_CHUNK, decode_content=False)
