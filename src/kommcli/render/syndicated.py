"""A list of articles as a feed for other readers: Atom (RFC 4287) and JSON Feed 1.1."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from kommcli import dates
from kommcli.model import Article
from kommcli.render import plain
from kommcli.render.reading import web
from kommcli.render.records import Record
from kommcli.text import clean

_TITLE = "kommcli"
_ID = "urn:kommcli:"


def atom(found: Sequence[Article], now: datetime) -> str:
    """The articles as an Atom feed; an entry's id is made of the article's and the same for ever."""
    newest = max((_changed(one) for one in found), default=now)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<id>{_ID}articles</id><title>{_TITLE}</title><updated>{dates.iso(newest)}</updated>",
        "<generator>kommcli</generator>",
    ]
    for one in found:
        lines += ["<entry>", *_entry(one), "</entry>"]
    return "\n".join([*lines, "</feed>", ""])


def _entry(one: Article) -> Iterator[str]:
    yield f"<id>{_ID}{one.id}</id>"
    yield f"<title>{_text(plain.headline(one))}</title>"
    yield f"<published>{dates.iso(one.published)}</published><updated>{dates.iso(_changed(one))}</updated>"
    yield f"<author><name>{_text(one.source.title or one.source.key)}</name></author>"
    if url := web(one.url):
        yield f'<link rel="alternate" href={quoteattr(url)}/>'
    if one.teaser:
        yield f"<summary>{_text(one.teaser)}</summary>"
    for key, name in _tags(one):
        yield f"<category term={quoteattr(clean(key))} label={quoteattr(clean(name))}/>"


def jsonfeed(found: Sequence[Article]) -> str:
    """The articles as a JSON Feed (https://www.jsonfeed.org/version/1.1/)."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _TITLE,
        "items": [_item(one) for one in found],
    }
    return json.dumps(feed, ensure_ascii=False, indent=2) + "\n"


def _item(one: Article) -> Record:
    item: Record = {
        "id": _ID + one.id,
        "title": plain.headline(one),
        "content_text": one.teaser or plain.headline(one),
        "date_published": dates.iso(one.published),
        "date_modified": dates.iso(_changed(one)),
        "authors": [{"name": one.source.title or one.source.key}],
        "tags": [name for _key, name in _tags(one)],
    }
    item |= {"url": url} if (url := web(one.url)) else {}
    image = web(one.image.url) if one.image else ""
    return item | ({"image": image} if image else {})


def _changed(one: Article) -> datetime:
    return max(one.updated or one.published, one.published)


def _tags(one: Article) -> list[tuple[str, str]]:
    """Key and name of topics, states and places."""
    from kommcli.data.states import NAMES

    topics = [(topic.key, topic.name) for topic in one.topics]
    states = [(state, NAMES.get(state, state)) for state in one.states]
    return [*topics, *states, *((place.ags or place.name, place.name) for place in one.places)]


def _text(raw: str) -> str:
    return escape(clean(raw))
