"""The last answers of a feed, as records and lines."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from kommcli import dates
from kommcli.model import Answer, Feed
from kommcli.render.records import Record
from kommcli.urls import redacted


def record(feed: Feed, answers: Iterable[Answer], now: datetime) -> Record:
    """Schema ``kommcli/history/1``."""
    return {
        "schema": "kommcli/history/1",
        "generated": dates.iso(now),
        "key": feed.key,
        "url": redacted(feed.url),
        "answers": [_one(answer) for answer in answers],
    }


def _one(answer: Answer) -> Record:
    return {
        "at": dates.iso(answer.at),
        "outcome": answer.outcome.value,
        "http_status": answer.http_status,
        "bytes": answer.size,
        "ms": answer.ms,
        "new": answer.new,
        "changed": answer.changed,
        "code": answer.code or None,
        "moved_to": redacted(answer.moved_to) if answer.moved_to else None,
    }


def plain(answers: Iterable[Answer]) -> str:
    """One answer a line: time, outcome, status, bytes, ms, new, changed, code, where it has moved."""
    return "".join(
        "\t".join(
            (
                dates.iso(answer.at),
                answer.outcome.value,
                str(answer.http_status or ""),
                str(answer.size),
                str(answer.ms),
                str(answer.new),
                str(answer.changed),
                answer.code,
                redacted(answer.moved_to) if answer.moved_to else "",
            )
        )
        + "\n"
        for answer in answers
    )
