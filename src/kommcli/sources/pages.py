"""Article pages, fetched politely: robots.txt is obeyed, and a host is asked once a second at the most.

::

    Pages.get ─► [host's turn] robots.txt, unless known for a day ─► [pause] the page ─► Fetched
"""

from __future__ import annotations

import re
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from kommcli.errors import FeedFailure
from kommcli.model import Feed, Fetched, NotModified
from kommcli.sources import robots
from kommcli.sources.fetch import user_agent
from kommcli.sources.http import Client, Limits
from kommcli.sources.locations import Location, parse
from kommcli.sources.politeness import OutOfPatience
from kommcli.sources.secrets import headers_of
from kommcli.urls import absolute

LARGEST = 5_000_000
"""Bytes of a page, unpacked."""

ROBOTS_HOLD = timedelta(days=1)
"""How long robots.txt is believed (RFC 9309, section 2.4: at most a day)."""

_ACCEPT = "text/html, application/xhtml+xml, text/plain;q=0.8, */*;q=0.1"
_PICTURES = "image/webp, image/jpeg, image/png, image/gif;q=0.8"
_TEXT = re.compile(r"text/(?:html|plain|markdown|xml)|application/(?:xhtml\+xml|xml)|$", re.IGNORECASE)
_BINARY = (
    b"%PDF",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"RIFF",
    b"ID3",
    b"\x7fELF",
)
_SLUG = re.compile(r"[a-z0-9-]{1,200}")


@dataclass(frozen=True, slots=True)
class HostState:
    """What is remembered of a host: the text of its robots.txt (None: not known), when that was fetched, and
    the second, by the clock on the wall, at which it was last asked for anything."""

    robots: str | None = None
    robots_fetched: datetime | None = None
    asked: float = 0.0


class HostMemory(Protocol):
    """Remembers hosts between two runs. Called from several threads."""

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
        self._environ, self._now, self._memory = environ, now, memory
        self._sleep, self._clock, self._deadline = sleep, clock, deadline
        self._turns: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._lock = threading.Lock()
        settings = {
            "limits": Limits(connect=connect, total=total, body=LARGEST),
            "user_agent": user_agent(contact),
            "environ": environ,
            "now": now,
            "per_host": 1,
        }
        self._client = Client(
            **settings,  # type: ignore[arg-type]
            accept=_PICTURES if pictures else _ACCEPT,
            admit=_admit_picture if pictures else _admit_text,
        )
        self._robots = Client(**settings, accept="text/plain, */*;q=0.1")  # type: ignore[arg-type]
        self._pictures = pictures

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._client.close()
        self._robots.close()

    def get(self, url: str, *, feed: Feed | None, typed: bool = False) -> Fetched:
        """The page at ``url``, which ``feed`` gave, or which the user ``typed``.

        Only a typed address, and one on the host of a feed with ``allow_private``, may be a private one.
        Raises `FeedFailure`, and `OutOfPatience` where it was interrupted or the deadline came first.
        """
        here = parse(absolute("", url).partition("#")[0], "net.dns")
        private = typed or _is_own(feed, here)
        with self._turn(here.host):
            rules = self._rules(here, private)
            if not robots.allows(rules, here.url):
                raise FeedFailure("article.blocked", here.host)
            self._pause(here.host, robots.delay(rules))
            try:
                answer = self._ask(self._client, here.url, _headers(feed, here, self._environ), private)
            except FeedFailure as failure:
                raise _of_page(failure) from failure
        if not self._pictures and (answer.body.startswith(_BINARY) or _is_binary(answer.body)):
            raise FeedFailure("article.not_html", answer.content_type)
        return answer

    def _turn(self, host: str) -> threading.Lock:
        with self._lock:
            return self._turns[host]

    def _rules(self, here: Location, private: bool) -> str:
        """The text of the site's robots.txt, fetched where it is not known or older than a day."""
        origin = f"{here.scheme}://{here.name}:{here.port}"
        known = self._memory.get(origin)
        if known and known.robots is not None and known.robots_fetched:
            age = self._now() - known.robots_fetched
            if timedelta(0) <= age < ROBOTS_HOLD:
                return known.robots
        self._pause(here.host, robots.LEAST)
        address = f"{here.scheme}://{here.name}:{here.port}/robots.txt"
        try:
            body = self._ask(self._robots, address, {}, private).body
            rules = body[: robots.LARGEST].decode("utf-8", "replace")
        except OutOfPatience:
            raise
        except FeedFailure as failure:
            rules = robots.without(failure)
        self._memory.put(origin, HostState(rules, self._now(), self._clock()))
        return rules

    def _ask(self, client: Client, url: str, headers: Mapping[str, str], private: bool) -> Fetched:
        host = parse(url, "net.dns").host
        self._memory.put(host, HostState(asked=self._clock()))
        try:
            answer = client.get(url, headers=headers, allow_private=private, deadline=self._deadline)
        except FeedFailure as failure:
            late = self._deadline is not None and time.monotonic() >= self._deadline
            if late and failure.code in ("net.deadline", "net.timeout"):
                raise OutOfPatience(failure.code, failure.cause) from failure
            raise
        finally:
            # A slow answer must not be followed at once by the next question.
            self._memory.put(host, HostState(asked=self._clock()))
        if isinstance(answer, NotModified):
            raise FeedFailure("http.protocol", http_status=304)
        return answer

    def _pause(self, host: str, seconds: float) -> None:
        """Wait until the host may be asked again. Raises `OutOfPatience`."""
        last = self._memory.get(host)
        since = self._clock() - last.asked if last else seconds
        # A clock that was set back must not make us wait longer than the pause itself.
        wait = seconds - since if since >= 0 else seconds
        if wait <= 0:
            return
        if self._deadline is not None and time.monotonic() + wait > self._deadline:
            raise OutOfPatience("net.deadline")
        if self._sleep(wait):
            raise OutOfPatience("net.deadline")


def saved(url: str, folder: Path) -> Fetched:
    """The page of an address from a ``folder`` of files that are called like its last part. Raises
    `FeedFailure` ``article.gone`` where there is none."""
    path = _file(url, folder)
    if path is None:
        raise FeedFailure("article.gone")
    return Fetched(url, path.read_bytes(), content_type="text/html; charset=utf-8")


def has_saved(url: str, folder: Path) -> bool:
    """Whether the folder has the page of an address."""
    return _file(url, folder) is not None


def _file(url: str, folder: Path) -> Path | None:
    slug = url.partition("?")[0].rstrip("/").rpartition("/")[2]
    path = folder / f"{slug}.html"
    return path if _SLUG.fullmatch(slug) and path.is_file() else None


def _is_own(feed: Feed | None, here: Location) -> bool:
    """Whether an address is on the host of a feed whose private address the user trusts."""
    return feed is not None and feed.allow_private and _host_of(feed) == here.host


def _host_of(feed: Feed) -> str:
    try:
        return parse(feed.url, "net.dns").host
    except FeedFailure:
        return ""


def _headers(feed: Feed | None, here: Location, environ: Mapping[str, str]) -> dict[str, str]:
    """The feed's own headers, passwords included, for pages of its own origin and for no others."""
    if feed is None or not (feed.headers or feed.auth):
        return {}
    return headers_of(feed, environ) if parse(feed.url, "net.dns").origin == here.origin else {}


def _of_page(failure: FeedFailure) -> FeedFailure:
    """The failure of a request as that of a page: one that is gone is no feed that is gone."""
    if failure.http_status in (404, 410):
        return FeedFailure("article.gone", failure.cause, http_status=failure.http_status)
    return failure


def _admit_text(content_type: str) -> None:
    kind = content_type.partition(";")[0].strip()
    if not _TEXT.fullmatch(kind):
        raise FeedFailure("article.not_html", kind[:80])


def _admit_picture(content_type: str) -> None:
    kind = content_type.partition(";")[0].strip()
    if not kind.startswith("image/") or "svg" in kind:
        raise FeedFailure("article.not_html", kind[:80])


def _is_binary(body: bytes) -> bool:
    """Whether there are zero bytes where a text in UTF-16 or UTF-32 would not have them."""
    start = body[:1_000]
    if b"\0" not in start or start.startswith((b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")):
        return False
    return not (start[1::2].count(0) > len(start) // 3 or start[::2].count(0) > len(start) // 3)
