"""The front door of this room: the bytes of any feed, from the net or from a file."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kommcli import __version__
from kommcli.errors import FeedFailure
from kommcli.model import Feed, FeedState, Fetched, NotModified
from kommcli.sources import local
from kommcli.sources.politeness import OutOfPatience
from kommcli.sources.secrets import headers_of

if TYPE_CHECKING:
    from kommcli.sources.http import Client

PROJECT = "https://kommcli.example/"
"""Where publishers read what this program is, until the user gives a contact of their own."""


def user_agent(contact: str) -> str:
    """Who asks: the program, its version, and whom to write to."""
    return f"kommcli/{__version__} (+{contact or PROJECT})"


class Sources:
    """Fetches feeds; thread-safe. The HTTP client is made when the first web feed is asked."""

    def __init__(
        self,
        *,
        connect: float,
        total: float,
        body: int,
        per_host: int,
        contact: str,
        feed_root: Path | None,
        environ: Mapping[str, str],
        now: Callable[[], datetime],
        deadline: float | None = None,
    ) -> None:
        """Times in seconds, ``body`` in bytes; ``deadline`` is a monotonic instant that ends everything."""
        self._limits = (connect, total, body)
        self._per_host, self._agent, self._root = per_host, user_agent(contact), feed_root
        self._environ, self._now, self._deadline = environ, now, deadline
        self._client: Client | None = None
        self._lock = threading.Lock()

    def __call__(self, feed: Feed, state: FeedState | None) -> Fetched | NotModified:
        """The feed's bytes, or that they are the ones we know. Raises `FeedFailure`, and
        `OutOfPatience` where the deadline of the whole run came first."""
        known = state if state is not None and state.url == feed.url else FeedState(feed.key)
        if feed.url.startswith("file:"):
            return local.read(feed.url, self._root, etag=known.etag, limit=self._limits[2])
        try:
            return self._http().get(
                feed.address,
                etag=known.etag,
                last_modified=known.last_modified,
                headers=headers_of(feed, self._environ),
                allow_private=feed.allow_private,
                deadline=self._deadline,
            )
        except FeedFailure as failure:
            late = self._deadline is not None and time.monotonic() >= self._deadline
            if late and failure.code in ("net.deadline", "net.timeout"):
                raise OutOfPatience(failure.code, failure.cause) from failure
            raise

    def close(self) -> None:
        """Close the connections that are kept open."""
        if self._client:
            self._client.close()

    def _http(self) -> Client:
        with self._lock:
            if self._client is None:
                from kommcli.sources.http import Client, Limits

                connect, total, body = self._limits
                self._client = Client(
                    limits=Limits(connect=connect, total=total, body=body),
                    user_agent=self._agent,
                    per_host=self._per_host,
                    environ=self._environ,
                    now=self._now,
                )
            return self._client
