"""The feeds that a site offers, as records and lines."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from kommcli import dates
from kommcli.render.records import Record
from kommcli.text import clean
from kommcli.urls import redacted

Offered = tuple[str, str, str]
"""Title, address, and the key of the subscription where there is one."""


def record(url: str, found: Iterable[Offered], now: datetime) -> Record:
    """Schema ``kommcli/discover/1``."""
    return {
        "schema": "kommcli/discover/1",
        "generated": dates.iso(now),
        "url": redacted(url),
        "feeds": [
            {"url": redacted(feed), "title": clean(title) or None, "key": key or None}
            for title, feed, key in found
        ],
    }


def plain(found: Iterable[Offered]) -> str:
    """One feed a line: address, title, key of the subscription."""
    return "".join(f"{redacted(feed)}\t{clean(title)}\t{key}\n" for title, feed, key in found)
