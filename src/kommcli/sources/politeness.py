"""Who is due, how long a server makes us wait, and how many may ask one host at a time.

Planning is pure; ``now`` is handed in.
`HostQueue` is what the fetch threads take their feeds from.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from kommcli.errors import FeedFailure
from kommcli.model import Feed, FeedState

LONGEST_WAIT = timedelta(days=1)
"""No server makes us wait longer than this, whatever it asks for."""

_DEAD = frozenset({"net.dns", "net.connect", "net.timeout"})
_DEFAULT_PORTS = {"http": 80, "https": 443}


class RedirectFailure(FeedFailure):
    """A failure behind a redirect: it says nothing about the host of the feed itself."""

    @classmethod
    def of(cls, failure: FeedFailure) -> RedirectFailure:
        """``failure``, known to have happened behind a redirect."""
        return cls(
            failure.code, failure.cause, http_status=failure.http_status, retry_after=failure.retry_after
        )


class OutOfPatience(FeedFailure):
    """The run ended before the feed's own time did: not the feed's fault."""


@dataclass(frozen=True, slots=True)
class Due:
    """The feed is asked now."""


@dataclass(frozen=True, slots=True)
class Skip:
    """The feed is not asked: ``reason`` is "paused", "retry_after", "interval" or "patience"."""

    reason: str
    until: datetime | None = None
    """When it is due again; None for a paused feed."""


def due(feed: Feed, state: FeedState | None, now: datetime, *, force: bool = False) -> Due | Skip:
    """Whether ``feed`` is asked at ``now`` (aware); ``force`` overrides its interval and nothing else.

    An instant that cannot be, such as a last visit in the future, comes from a clock that jumped and
    does not hold a feed back.
    """
    if not feed.enabled:
        return Skip("paused")
    if state is None:
        return Due()
    if state.not_before and now < state.not_before <= now + LONGEST_WAIT:
        return Skip("retry_after", state.not_before)
    if state.last_try and not force and state.last_try <= now < state.last_try + feed.interval:
        return Skip("interval", state.last_try + feed.interval)
    return Due()


def parse_retry_after(value: str, now: datetime) -> float | None:
    """Seconds that a ``Retry-After`` header asks for, 0 to 86,400; None where it says nothing useful.

    It is a number of seconds or an HTTP date (RFC 9110, section 10.2.3); a date in the past is 0.
    """
    value = value.strip()
    longest = LONGEST_WAIT.total_seconds()
    if value.isascii() and value.isdigit():
        return min(float(value[:10]), longest)
    from email.utils import parsedate_to_datetime  # heavy, and seldom needed

    try:
        instant = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if instant.tzinfo is None:  # "-0000": UTC without a statement where it was written
        instant = instant.replace(tzinfo=UTC)
    return min(max((instant - now).total_seconds(), 0.0), longest)


class HostQueue:
    """The feeds of a run, handed out so that no host has more than ``per_host`` of them at a time.

    Thread-safe. Hosts come in the order of their first feed; local files have no limit. `stop` may be
    called from a signal handler: the lock is one that its own thread can take again.
    """

    def __init__(self, feeds: Iterable[Feed], per_host: int) -> None:
        self._waiting: dict[str, deque[Feed]] = {}
        for feed in feeds:
            self._waiting.setdefault(_host(feed.url), deque()).append(feed)
        self._doomed: deque[tuple[Feed, FeedFailure]] = deque()
        self._left = sum(map(len, self._waiting.values()))
        # One permit a slot: the hosts of which a feed may be taken now, in order.
        slots = {
            host: min(per_host, len(line)) if host else len(line) for host, line in self._waiting.items()
        }
        self.slots = sum(slots.values())
        """How many feeds can be out at a time: more threads would only wait."""
        most = max(slots.values(), default=0)
        self._permits = deque(host for turn in range(most) for host in slots if turn < slots[host])
        self._changed = threading.Condition()

    def take(self) -> tuple[Feed, FeedFailure | None] | None:
        """The next feed, waiting until a host has room; None when all are handed out or after `stop`.

        The failure is set for a feed whose host has been found dead: it need not be asked.
        """
        with self._changed:
            while self._left:
                if self._doomed:
                    return self._handed_out(self._doomed.popleft())
                if not self._permits:
                    self._changed.wait()
                elif line := self._waiting[self._permits.popleft()]:
                    return self._handed_out((line.popleft(), None))
            return None

    def release(self, feed: Feed, failure: FeedFailure | None = None) -> None:
        """``feed``, once taken, no longer needs its host; ``failure`` is what became of it, if bad.

        Where it says that the host is dead, the host's other feeds are handed out with it.
        """
        host = _host(feed.url)
        with self._changed:
            if failure and failure.code in _DEAD and not isinstance(failure, RedirectFailure):
                line = self._waiting[host]
                self._doomed.extend((other, failure) for other in line)
                line.clear()
                self._changed.notify_all()
            else:
                self._permits.append(host)
                self._changed.notify()

    def stop(self) -> None:
        """Hand out nothing more; every waiting `take` returns None."""
        with self._changed:
            self._left = 0
            self._changed.notify_all()

    def _handed_out(self, taken: tuple[Feed, FeedFailure | None]) -> tuple[Feed, FeedFailure | None]:
        self._left -= 1
        if not self._left:
            self._changed.notify_all()
        return taken


def _host(url: str) -> str:
    """``host:port`` of an address, the address itself where it has none, "" for a local file."""
    try:
        parts = urlsplit(url)
        if parts.scheme == "file":
            return ""
        return f"{parts.hostname or url}:{parts.port or _DEFAULT_PORTS.get(parts.scheme)}"
    except ValueError:
        return url
