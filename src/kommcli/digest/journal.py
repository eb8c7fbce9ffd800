"""Issues as an Atom feed (RFC 4287): each is an entry with its page as content. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import escape, quoteattr

from kommcli import dates


class Entry(NamedTuple):
    """One issue: ``key`` says which one for ever, ``url`` where its page is, or empty."""

    key: str
    title: str
    summary: str
    html: str
    updated: datetime
    url: str = ""


def feed(name: str, entries: Sequence[Entry], *, language: str, identity: str = "", url: str = "") -> str:
    """The feed of these issues, as given; ``identity`` is the archive's lasting name, ``url`` the feed's own
    address, or empty."""
    updated = max((entry.updated for entry in entries), default=datetime.fromtimestamp(0).astimezone())
    parts = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={quoteattr(language)}>',
        f"<id>{_id(identity, name)}</id>",
        f"<title>{escape(name)}</title>",
        f"<updated>{dates.iso(updated)}</updated>",
        f"<author><name>{escape(name)}</name></author>",
        "<generator>kommcli</generator>",
        *([f'<link rel="self" href={quoteattr(url)}/>'] if url else []),
    ]
    for entry in entries:
        parts += [
            "<entry>",
            f"<id>{_id(identity, name, entry.key)}</id>",
            f"<title>{escape(entry.title)}</title>",
            f"<updated>{dates.iso(entry.updated)}</updated>",
            *([f"<link href={quoteattr(entry.url)}/>"] if entry.url else []),
            f"<summary>{escape(entry.summary)}</summary>",
            f'<content type="html">{escape(entry.html)}</content>',
            "</entry>",
        ]
    return "\n".join((*parts, "</feed>", ""))


def _id(*names: str) -> str:
    return uuid5(NAMESPACE_URL, "kommcli/" + "/".join(names)).urn
