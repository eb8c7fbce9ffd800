"""Bytes -> `ParsedFeed`, in this very process: the only module that knows feedparser.

feedparser gets repaired UTF-8 bytes in a BytesIO and nothing else (it would open a path or an address),
and of its answer only strings are taken: its dates, its base addresses and its sanitiser are not used.
"""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

from kommcli.errors import FeedFailure
from kommcli.model import Image, ParsedFeed
from kommcli.parsing import document, jsonfeed, quick, rhythm
from kommcli.parsing.entries import Channel, Markup, Raw, feed
from kommcli.parsing.media import File, offered

_HEADERS = {"content-type": "application/xml; charset=utf-8"}


def parse_feed(body: bytes, content_type: str, url: str) -> ParsedFeed:
    """What ``body`` says; ``content_type`` is the HTTP header, ``url`` the address it came from.

    Raises FeedFailure (feed.not_feed, feed.format). Hostile input may cost much time and memory or
    raise MemoryError: use `pool.ParserPool` for whatever comes from the network.
    """
    source = document.read(body, content_type, url)
    if source.json:
        return jsonfeed.parse(source.json, url, source.warnings)
    if not source.xml:
        return ParsedFeed(warnings=source.warnings, complete=False)
    channel, malformed = quick.read(source.xml), False
    if channel is None:
        channel, malformed = by_feedparser(source.xml)
    warnings = [*source.warnings, *(["feed.malformed"] if malformed else [])]
    return replace(feed(channel, url, warnings, source.complete), ttl=rhythm.asked(source.xml))


def by_feedparser(xml: str) -> tuple[Channel, bool]:
    """What feedparser makes of a document, and whether it found fault with it."""
    import feedparser  # 60 ms that most runs never need

    try:
        result = feedparser.parse(
            io.BytesIO(xml.encode("utf-8")),
            response_headers=_HEADERS,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except (MemoryError, RecursionError):
        raise
    except Exception as error:  # its authors promise none, our fuzzing found fifteen kinds
        raise FeedFailure("feed.not_feed", type(error).__name__) from error
    atom = _text(result, "version").startswith("atom")
    head = _dict(result, "feed")
    raws = [_raw(entry, atom) for entry in _dicts(result, "entries")]
    return Channel(_markup(head, "title", atom), _link(head, atom), raws), bool(result.bozo)


def _raw(entry: dict[str, Any], atom: bool) -> Raw:
    title, summary, content = _markup(entry, "title", atom), _summary(entry, atom), _content(entry, atom)
    published, updated = _dates(entry, atom)
    return Raw(
        title=title if title.value.strip() else Markup(_text(entry, "dc_xtitle"), "guess"),
        guid=_text(entry, "id"),
        link=_link(entry, atom),
        published=published,
        updated=updated,
        summary=Markup() if summary.value == content.value else summary,
        content=content,
        images=_images(entry),
        categories=tuple(_text(tag, "label") or _text(tag, "term") for tag in _dicts(entry, "tags")),
        author=_author(entry, atom),
        files=tuple(
            File(_text(link, "href"), _text(link, "type"), _text(link, "length"))
            for link in _dicts(entry, "links")
            if link.get("rel") == "enclosure"
        ),
    )


def _markup(data: dict[str, Any], key: str, atom: bool) -> Markup:
    """A text that Atom gives a type; RSS leaves it open."""
    if not atom:
        return Markup(_text(data, key), "guess")
    plain = _text(_dict(data, key + "_detail"), "type") == "text/plain"
    return Markup(_text(data, key), "text" if plain else "html")


def _summary(entry: dict[str, Any], atom: bool) -> Markup:
    if summary := _text(entry, "summary"):
        return _markup(entry, "summary", atom) if atom else Markup(summary)
    return Markup(_text(entry, "itunes_xsummary") or _text(entry, "dc_xdescription"))


def _content(entry: dict[str, Any], atom: bool) -> Markup:
    """The first content that is text. (Media types of others, for example pictures, may come too.)"""
    for content in _dicts(entry, "content"):
        kind, value = _text(content, "type"), _text(content, "value")
        if value.strip() and kind in ("text/html", "application/xhtml+xml", "text/plain"):
            return Markup(value, "text" if atom and kind == "text/plain" else "html")
    return Markup()


def _dates(entry: dict[str, Any], atom: bool) -> tuple[str, str]:
    """(published, updated) as the entry has them. feedparser keeps ``dc:date`` as "updated"."""
    published = _text(entry, "published") or _text(entry, "created")
    updated = _text(entry, "updated")
    if atom:
        return published or updated, updated
    return published or updated, updated if published else ""


def _link(data: dict[str, Any], atom: bool) -> str:
    """The page: ``rel=alternate``, HTML if there is a choice; in RSS else the permanent guid."""
    pages = [link for link in _dicts(data, "links") if link.get("rel", "alternate") == "alternate"]
    pages.sort(key=lambda link: "html" not in link.get("type", "text/html"))
    href = next((href for link in pages if (href := _text(link, "href"))), "")
    permanent = "" if atom else _text(data, "link")
    return href or (permanent if permanent.startswith(("http://", "https://")) else "")


def _images(entry: dict[str, Any]) -> tuple[Image, ...]:
    credit = next((_text(item, "content") for item in _dicts(entry, "media_credit")), "")
    return offered(
        _dicts(entry, "media_content"),
        _dicts(entry, "media_thumbnail"),
        _text(entry, "media_xdescription"),
        credit,
        _text(_dict(entry, "image"), "href"),
    )


def _author(entry: dict[str, Any], atom: bool) -> str:
    """The first author. In RSS feedparser's division into name and address fails for ".koeln"."""
    names = [_text(author, "name") for author in _dicts(entry, "authors")] if atom else []
    return next((name for name in names if name), "") or _text(entry, "author")


# feedparser answers with its own dictionaries, whose [] and get() follow aliases ("updated" may give
# "published"), and an element named like a key replaces the list that belongs there: hence dict.get
# and a look at the type.


def _text(data: dict[str, Any], key: str) -> str:
    value = dict.get(data, key)
    return value if isinstance(value, str) else ""


def _dict(data: dict[str, Any], key: str) -> dict[str, Any]:
    value = dict.get(data, key)
    return value if isinstance(value, dict) else {}


def _dicts(data: dict[str, Any], key: str) -> list[dict[str, Any]]:
    value = dict.get(data, key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
