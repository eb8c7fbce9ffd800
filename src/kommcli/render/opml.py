"""The subscriptions as OPML 2.0, for other readers and for `feeds import`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import quoteattr

from kommcli.model import RANK, Feed
from kommcli.text import clean
from kommcli.urls import OPML, redacted


def export(feeds: Iterable[Feed], titles: Mapping[str, str], now: datetime) -> str:
    """The feeds with our settings as attributes of our namespace; ``titles`` are what they call themselves.
    Secrets stay where they are: credentials in an address are left out."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<opml version="2.0" xmlns:kommcli="{OPML}">',
        f"  <head><title>kommcli</title><dateCreated>{format_datetime(now)}</dateCreated></head>",
        "  <body>",
    ]
    for feed in feeds:
        title = clean(feed.title or titles.get(feed.key, "") or feed.key)
        attributes = {"type": "rss", "text": title, "title": title, "xmlUrl": redacted(feed.url)}
        attributes |= {"category": ",".join(map(clean, feed.tags))} if feed.tags else {}
        attributes |= {f"kommcli:{name}": value for name, value in _settings(feed).items()}
        told = " ".join(f"{name}={quoteattr(value)}" for name, value in attributes.items())
        lines.append(f"    <outline {told}/>")
    return "\n".join([*lines, "  </body>", "</opml>", ""])


def _settings(feed: Feed) -> dict[str, str]:
    """What is unusual about a feed."""
    seconds = int(feed.interval.total_seconds())
    given = {
        "key": feed.key,
        "state": feed.state,
        "topic": feed.topic,
        "tags": ",".join(feed.tags),
        "interval": f"{seconds}s" if seconds else "",
        "limit": str(feed.limit) if feed.limit else "",
        "rank": str(feed.rank) if feed.rank != RANK else "",
        "pages": feed.pages,
        "enabled": "" if feed.enabled else "false",
    }
    return {name: clean(value) for name, value in given.items() if value}
