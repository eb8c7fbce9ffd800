"""What asking a feed told, as records and lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from kommcli import dates
from kommcli.model import Failed, Feed, FeedState, Outcome, Visit
from kommcli.render.records import Record, error, message
from kommcli.urls import redacted


@dataclass(frozen=True, slots=True)
class Check:
    """One feed asked without storing anything; ``failure`` where it failed."""

    feed: Feed
    state: FeedState | None = None
    """What the archive remembers of it, from before this answer."""
    status: int | None = None
    content_type: str = ""
    title: str = ""
    entries: int = 0
    newest: datetime | None = None
    warnings: tuple[str, ...] = ()
    moved_to: str = ""
    failure: Failed | None = None
    next_try: datetime | None = None
    """From when on a fetch asks it by itself."""


def record(found: Sequence[Check], now: datetime) -> Record:
    """Schema ``kommcli/check/1``."""
    return {
        "schema": "kommcli/check/1",
        "generated": dates.iso(now),
        "feeds": [_one(check) for check in found],
        "errors": [error(_visit(check)) for check in found if check.failure],
    }


def _visit(check: Check) -> Visit:
    """The failure of a check, in the words of the fetches before."""
    before = check.state or FeedState(check.feed.key)
    return Visit(
        check.feed,
        Outcome.FAILED,
        failure=check.failure,
        since=before.failing_since,
        failures=before.failures,
        last_ok=before.last_ok,
        until=check.next_try,
    )


def _one(check: Check) -> Record:
    failure, before = check.failure, check.state or FeedState(check.feed.key)
    return {
        "key": check.feed.key,
        "url": redacted(check.feed.url),
        "enabled": check.feed.enabled,
        "ok": failure is None,
        "http_status": failure.http_status if failure else check.status,
        "content_type": check.content_type or None,
        "title": check.title or None,
        "entries": check.entries,
        "newest": dates.iso(check.newest) if check.newest else None,
        "warnings": list(check.warnings),
        "moved_to": redacted(check.moved_to) if check.moved_to else None,
        "code": failure.code if failure else None,
        "message": message(failure) if failure else None,
        "failures": before.failures,
        "failing_since": dates.iso(before.failing_since) if before.failing_since else None,
        "last_ok": dates.iso(before.last_ok) if before.last_ok else None,
    }


def plain(found: Iterable[Check]) -> str:
    """One feed a line: key, ok or code, status, entries, newest, content type, address."""
    lines = []
    for check in found:
        failure = check.failure
        status = failure.http_status if failure else check.status
        cells = (
            check.feed.key,
            failure.code if failure else "ok",
            str(status or ""),
            str(check.entries),
            dates.iso(check.newest) if check.newest else "",
            check.content_type,
            redacted(check.feed.url),
        )
        lines.append("\t".join(cells) + "\n")
    return "".join(lines)
