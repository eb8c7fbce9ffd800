"""Article pages, fetched politely: robots.txt is obeyed, and a host is asked once a second at the most.

::

    Pages.get ─► robots.txt, unless known for a day ─► the page and where it redirects to ─► Fetched
                      └──────────── each hop in the host's turn: alone, after the pause ────────┘
"""

from __future__ import annotations

import re
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Protocol

from kommcli.errors import FeedFailure
from kommcli.model import Feed, Fetched, NotModified
from kommcli.sources import robots
from kommcli.sources.fetch import user_agent
from kommcli.sources.locations import Location, parse
from kommcli.sources.politeness import OutOfPatience
from kommcli.sources.robots import Rules
from kommcli.sources.secrets import headers_of
from kommcli.text import clean
from kommcli.urls import absolute

if TYPE_CHECKING:
    from kommcli.sources.http import Client, Manners

LARGEST = 5_000_000
"""Bytes of a page, unpacked."""

ROBOTS_HOLD = timedelta(days=1)
"""How long robots.txt is believed (RFC 9309, section 2.4: at most a day)."""

_ACCEPT = "text/html, application/xhtml+xml, text/plain;q=0.8, text/markdown;q=0.8, */*;q=0.1"
_PICTURES = "image/webp, image/jpeg, image/png, image/gif;q=0.8"
_TEXT = frozenset("text/html application/xhtml+xml text/plain text/markdown text/xml application/xml".split())
_NAMED = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)
_BINARY = tuple(
    (re.compile(start, re.DOTALL), kind)
    for start, kind in (
        (rb"%PDF", "application/pdf"),
        (rb"PK(?:\x03\x04|\x05\x06|\x07\x08)", "application/zip"),
        (rb"\x1f\x8b", "application/gzip"),
        (rb"\x89PNG", "image/png"),
        (rb"\xff\xd8\xff", "image/jpeg"),
        (rb"GIF8[79]a", "image/gif"),
        (rb"RIFF.{4}WEBP", "image/webp"),
        (rb"RIFF.{4}WAVE", "audio/wav"),
        (rb"RIFF.{4}AVI ", "video/x-msvideo"),
        (rb"ID3[\x02-\x04]", "audio/mpeg"),
        (rb".{4}ftyp", "video/mp4"),
    )
)
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")
_GLANCE = 0.1
"""Seconds after which a thread that waits for another one looks whether it still has to."""


@dataclass(frozen=True, slots=True)
class HostState:
    """What is remembered of a host: the text of its robots.txt (None: not known), when that was fetched, and
    the second, by the clock on the wall, at which it was last asked for anything."""

    robots: str | None = None
    robots_fetched: datetime | None = None
    asked: float = 0.0


class HostMemory(Protocol):
    """Remembers hosts between two runs. Called from several threads.

    The time of the last request is kept by name ("www.example.de"), robots.txt by origin
    ("https://www.example.de:443"): a host may have several.
    """

    def get(self, host: str) -> HostState | None:
        """What is known of a host or an origin."""

    def put(self, host: str, state: HostState) -> None:
        """Remember it."""


class InMemory:
    """Remembers as long as it lives."""

    def __init__(self) -> None:
        self._states: dict[str, HostState] = {}

    def get(self, host: str) -> HostState | None:
        """What is known of a host or an origin."""
        return self._states.get(host)

    def put(self, host: str, state: HostState) -> None:
        """Remember it."""
        self._states[host] = state


class Pages:
    """Fetches pages; thread-safe. Requests to one host follow each other, hosts are asked side by side."""

    def __init__(
        self,
        *,
        connect: float,
        total: float,
        contact: str,
        environ: Mapping[str, str],
        now: Callable[[], datetime],
        memory: HostMemory,
        sleep: Callable[[float], bool],
        clock: Callable[[], float] = time.time,
        deadline: float | None = None,
        pictures: bool = False,
    ) -> None:
        """Times in seconds. ``sleep`` says whether it was interrupted; ``clock`` is the one on the wall;
        ``deadline``, an instant of `time.monotonic`, ends everything. ``pictures``: images, not texts."""
        self._connect, self._total, self._agent = connect, total, user_agent(contact)
        self._environ, self._now, self._memory = environ, now, memory
        self._sleep, self._clock, self._deadline = sleep, clock, deadline
        self._pictures = pictures
        self._client: Client | None = None
        self._lock, self._secrets = threading.Lock(), threading.Lock()
        self._alone: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._unknown: dict[tuple[str, bool], FeedFailure] = {}
        self._fields: dict[Feed, dict[str, str]] = {}

    def close(self) -> None:
        """Close the connections that are kept open."""
        if self._client:
            self._client.close()

    def get(self, url: str, *, feed: Feed | None, typed: bool = False) -> Fetched:
        """The page at ``url``, which ``feed`` gave, or which the user ``typed``.

        Only a typed address, and one on the host of a feed with ``allow_private``, may be a private one.
        Raises `FeedFailure`, and `OutOfPatience` where it was interrupted or the deadline came first.
        """
        from kommcli.sources.http import Manners

        here = parse(absolute("", url), "net.dns")
        its = _location(feed)
        fields = self._headers(feed) if feed and its and its.origin == here.origin else {}
        private = typed or bool(feed and its and feed.allow_private and its.host == here.host)
        rules = self._rules(here, private)
        manners = Manners(
            turn=partial(self._turn, here, rules),
            admit=_admit_picture if self._pictures else _admit_text,
        )
        try:
            answer = self._ask(here.url, fields, private, manners)
        except FeedFailure as failure:
            if failure.http_status in (404, 410):
                raise FeedFailure("article.gone", failure.cause, http_status=failure.http_status) from failure
            raise
        if not self._pictures and (kind := _binary(answer.body)):
            raise FeedFailure("article.not_html", kind)
        return answer

    def _headers(self, feed: Feed) -> dict[str, str]:
        """The feed's own headers, passwords included: found once, as a command may ask the user for them."""
        with self._secrets:
            if feed not in self._fields:
                self._fields[feed] = headers_of(feed, self._environ)
            return self._fields[feed]

    # ------------------------------------------------------------------------------------- robots.txt

    def _rules(self, here: Location, private: bool) -> Rules:
        """The site's robots.txt, fetched where it is not known or older than a day. Raises `FeedFailure`
        where nobody knows what it says; it is not asked for again then."""
        from kommcli.sources.http import Manners

        origin = _origin(here)
        # What is refused as private may be open to another feed, or to the user.
        asked = origin, private
        with self._held(origin):
            known = self._known(here)
            if known and self._is_fresh(known):
                return known
            if asked in self._unknown:
                raise _of_robots(self._unknown[asked])
            manners = Manners(turn=partial(self._turn, here, known, obey=False), enough=robots.LARGEST)
            address = f"{here.scheme}://{here.name}:{here.port}/robots.txt"
            try:
                text = robots.text_of(self._ask(address, {}, private, manners).body)
            except OutOfPatience:
                raise
            except FeedFailure as failure:
                if not robots.is_absence(failure):
                    self._unknown[asked] = failure
                    raise _of_robots(failure) from failure
                text = ""
            rules = Rules(text, self._now())
            self._memory.put(origin, HostState(rules.text, rules.fetched))
            return rules

    def _known(self, here: Location) -> Rules | None:
        state = self._memory.get(_origin(here))
        if state is None or state.robots is None or state.robots_fetched is None:
            return None
        return Rules(state.robots, state.robots_fetched)

    def _is_fresh(self, rules: Rules) -> bool:
        return timedelta(0) <= self._now() - rules.fetched < ROBOTS_HOLD

    # ------------------------------------------------------------------------------------ one request

    def _ask(self, url: str, fields: Mapping[str, str], private: bool, manners: Manners) -> Fetched:
        try:
            answer = self._http().get(
                url, headers=fields, allow_private=private, deadline=self._deadline, manners=manners
            )
        except FeedFailure as failure:
            late = self._deadline is not None and time.monotonic() >= self._deadline
            if late and failure.code in ("net.deadline", "net.timeout"):
                raise OutOfPatience(failure.code, failure.cause) from failure
            raise
        if isinstance(answer, NotModified):
            raise FeedFailure("http.protocol", http_status=304)
        return answer

    def _http(self) -> Client:
        with self._lock:
            if self._client is None:
                from kommcli.sources.http import Client, Limits

                self._client = Client(
                    limits=Limits(connect=self._connect, total=self._total, body=LARGEST),
                    user_agent=self._agent,
                    environ=self._environ,
                    now=self._now,
                    accept=_PICTURES if self._pictures else _ACCEPT,
                )
            return self._client

    # ----------------------------------------------------------------------------------- whose turn it is

    @contextmanager
    def _turn(self, home: Location, rules: Rules | None, url: str, *, obey: bool = True) -> Iterator[None]:
        """One request to ``url``: alone at its host and after the pause; ``rules`` are those of ``home``.

        Where a redirect leads to another site, its robots.txt is obeyed if it is known, but not asked for.
        """
        here = parse(url, "net.dns")
        if here.origin != home.origin:
            rules = self._known(here)
        if obey and rules and not robots.allows(rules, url):
            raise FeedFailure("article.blocked", here.host)
        host = here.host.rstrip(".")
        # A thread that has a turn waits for no other one, so that no two wait for each other.
        with self._held(host):
            self._pause(host, robots.delay(rules) if rules else robots.LEAST)
            self._memory.put(host, HostState(asked=self._clock()))
            try:
                yield
            finally:
                # A slow answer must not be followed at once by the next question.
                self._memory.put(host, HostState(asked=self._clock()))

    @contextmanager
    def _held(self, name: str) -> Iterator[None]:
        with self._lock:
            lock = self._alone[name]
        while not lock.acquire(timeout=_GLANCE):
            self._wait(0)
        try:
            yield
        finally:
            lock.release()

    def _pause(self, host: str, seconds: float) -> None:
        """Wait until it is ``seconds`` since the host was asked, by whichever process. Raises
        `OutOfPatience`."""
        last = None
        while (state := self._memory.get(host)) and state.asked != last:
            last = state.asked
            # A clock that was set back must not make us wait longer than the pause itself.
            wait = min(seconds, last + seconds - self._clock())
            if wait <= 0:
                return
            self._wait(wait)

    def _wait(self, seconds: float) -> None:
        late = self._deadline is not None and time.monotonic() + seconds >= self._deadline
        if late or self._sleep(seconds):
            raise OutOfPatience("net.deadline")


def _origin(here: Location) -> str:
    return f"{here.scheme}://{here.name}:{here.port}"


def _location(feed: Feed | None) -> Location | None:
    """Where a feed of the net is; None for a file."""
    try:
        return parse(feed.url, "net.dns") if feed else None
    except FeedFailure:
        return None


def _of_robots(failure: FeedFailure) -> FeedFailure:
    """The failure of a robots.txt as that of a page: anew, as several threads may raise it."""
    return FeedFailure(
        failure.code,
        f"robots.txt: {failure.cause}" if failure.cause else "robots.txt",
        http_status=failure.http_status,
        retry_after=failure.retry_after,
    )


def _admit_text(content_type: str) -> None:
    kind = re.split("[;,]", content_type, maxsplit=1)[0].strip().lower()
    if _NAMED.fullmatch(kind) and kind not in _TEXT and "unknown" not in kind:
        raise FeedFailure("article.not_html", clean(kind)[:80])


def _admit_picture(content_type: str) -> None:
    kind = content_type.partition(";")[0].strip().lower()
    if not kind.startswith("image/") or "svg" in kind:
        raise FeedFailure("article.not_html", clean(kind)[:80])


def _binary(body: bytes) -> str:
    """The type of a body that is no text, whatever it was called; empty for a text."""
    for start, kind in _BINARY:
        if start.match(body):
            return kind
    return "application/octet-stream" if b"\0" in body and not _is_wide(body) else ""


def _is_wide(body: bytes) -> bool:
    """Whether a text is in UTF-16 or UTF-32: by its mark, or because it begins with ASCII in these."""
    if body.startswith(_WIDE_MARKS):
        return True
    start = body[:16]
    for width in (2, 4):
        columns = [start[at::width] for at in range(width)]
        for text, *zeros in (columns, columns[::-1]):
            if all(text) and not any(map(any, zeros)):
                return len(start) >= width
    return False
