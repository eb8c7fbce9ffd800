"""Who is due, how long a server makes us wait, and how many may ask one host at a time.

Planning is pure; ``now`` is handed in.
`HostQueue` is what the fetch threads take their feeds from.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from urllib.parse import urlsplit

from kommcli.errors import FeedFailure
from kommcli.model import Feed, FeedState
from kommcli.sources.freshness import instant

LONGEST_WAIT = timedelta(days=1)
"""No server makes us wait longer than this, whatever it asks for."""

FIRST_BACK_OFF = timedelta(minutes=15)
"""After the second failure in a row; it doubles with every further one. A single one says nothing yet."""

OFFLINE = frozenset({"net.dns", "net.connect", "net.timeout"})
"""Failures before any server answered: of one feed they are the feed's, of all feeds our own network's."""

_OURS = frozenset({"config.secret", "feed.root", "feed.file", "net.private"})
"""Failures for which no server was asked: trying again bothers nobody."""

_DEAD = OFFLINE
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
    """The feed is not asked: ``reason`` is "paused", "retry_after", "gone", "backoff", "fresh", "interval" or
    "patience"."""

    reason: str
    until: datetime | None = None
    """When it is due again; None where only the user's word makes it so."""


def due(
    feed: Feed,
    state: FeedState | None,
    now: datetime,
    *,
    force: bool = False,
    named: bool = False,
    offline: bool = False,
) -> Due | Skip:
    """Whether ``feed`` is asked at ``now`` (aware).

    The longest wish counts: the user's interval, the freshness that server and document tell, the back-off
    after failures, Retry-After. ``force`` overrides all but the last of these. A feed that is gone is asked
    only when the user names it (``named``). ``offline``: nobody was reached at the last try, so that failures
    were not the feed's. An instant that cannot be, such as a last visit in the future, comes from a clock
    that jumped and does not hold a feed back.
    """
    if not feed.enabled:
        return Skip("paused")
    if state is None or state.url not in ("", feed.url):
        return Due()
    if state.code == "http.gone" and not named and not (state.moved_on and state.failures == 1):
        return Skip("gone")
    wishes = [] if force or named else [*_wishes(feed, state, now, offline)]
    if state.not_before and state.not_before <= now + LONGEST_WAIT:
        wishes.append((state.not_before, "retry_after"))
    waits = [(until, reason) for until, reason in wishes if now < until]
    if not waits:
        return Due()
    until, reason = max(waits)
    return Skip(reason, until)


def _wishes(feed: Feed, state: FeedState, now: datetime, offline: bool) -> Iterator[tuple[datetime, str]]:
    """Until when a feed should be left alone, and why."""
    if state.last_try is None or state.last_try > now:
        return
    yield state.last_try + feed.interval, "interval"
    if feed.url.startswith("file:"):
        return
    if state.fresh_until and state.fresh_until <= now + LONGEST_WAIT:
        yield state.fresh_until, "fresh"
    if not offline and state.code not in _OURS:
        yield state.last_try + back_off(feed.key, state.failures), "backoff"


def back_off(key: str, failures: int) -> timedelta:
    """How long a feed is left alone after so many failures in a row: 15 minutes after the second, twice as
    long after each further one, at most a day.

    Up to a quarter is taken off, by the feed's key and the count, so that feeds which failed together do not
    come back together; nothing is drawn by lot, so that every run can be explained.
    """
    if failures < 2:
        return timedelta(0)
    wait = min(FIRST_BACK_OFF * 2 ** min(failures - 2, 10), LONGEST_WAIT)
    share = int.from_bytes(blake2b(f"{key} {failures}".encode(), digest_size=2).digest(), "big") / 0xFFFF
    return timedelta(seconds=round(wait.total_seconds() * (1 - share / 4)))


def nobody_reached(states: Iterable[FeedState]) -> bool:
    """Whether the last try of several feeds reached no server at all: then it was our own network."""
    known = [state for state in states if state.last_try and not state.url.startswith("file:")]
    return len(known) > 1 and all(state.failures and state.code in OFFLINE for state in known)


def parse_retry_after(value: str, now: datetime) -> float | None:
    """Seconds that a ``Retry-After`` header asks for, 0 to 86,400; None where it says nothing useful.

    It is a number of seconds or an HTTP date (RFC 9110, section 10.2.3); a date in the past is 0.
    """
    value = value.strip()
    longest = LONGEST_WAIT.total_seconds()
    if value.isascii() and value.isdigit():
        return min(float(value[:10]), longest)
    until = instant(value)
    return None if until is None else min(max((until - now).total_seconds(), 0.0), longest)


class HostQueue:
    """The feeds of a run, handed out so that no host has more than ``per_host`` of them at a time.

    Thread-safe. Hosts come in the order of their first feed; local files have no limit. `stop` may be
    called from a signal handler: the lock is one that its own thread can take again.
    """

    def __init__(self, feeds: Iterable[Feed], per_host: int) -> None:
        self._waiting: dict[str, deque[Feed]] = {}
        for feed in feeds:
            self._waiting.setdefault(_host(feed.address), deque()).append(feed)
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
        host = _host(feed.address)
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
