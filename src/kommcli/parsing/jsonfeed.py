"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
import re
from typing import Any

from kommcli.errors import FeedFailure
from kommcli.i18n import _
from kommcli.model import Image, ParsedFeed
from kommcli.parsing.entries import Channel, Markup, Raw, feed
from kommcli.parsing.media import File

MAX_ITEMS = 2_000
_SURROGATE = re.compile("[\ud800-\udfff]")
"""JSON can spell halves of a character that no encoding can."""


def parse(text: str, url: str, warnings: tuple[str, ...] = ()) -> ParsedFeed:
    """The feed in ``text``. Raises FeedFailure: feed.format for JSON that is no JSON Feed, feed.not_feed
    for what only begins like JSON; RecursionError for hostile nesting."""
    try:
        data = json.loads(text, parse_int=_integer)
    except ValueError as error:
        raise FeedFailure("feed.not_feed", _("broken JSON")) from error
    version = _text(data, "version")
    if not version.removeprefix("http://").removeprefix("https://").startswith("jsonfeed.org/version/1"):
        raise FeedFailure("feed.format")
    items = _dicts(data, "items")
    title, page = Markup(_text(data, "title"), "text"), _text(data, "home_page_url")
    channel = Channel(title, page, [_raw(item) for item in items[:MAX_ITEMS]])
    return feed(channel, url, (*warnings, *(["feed.too_many"] if len(items) > MAX_ITEMS else [])))


def _raw(item: dict[str, Any]) -> Raw:
    html = _text(item, "content_html")
    authors = [*_dicts(item, "authors"), item.get("author")]
    return Raw(
        title=Markup(_text(item, "title"), "text"),
        guid=_text(item, "id"),
        link=_text(item, "url") or _text(item, "external_url"),
        published=_text(item, "date_published"),
        updated=_text(item, "date_modified"),
        summary=Markup(_text(item, "summary"), "text"),
        content=Markup(html, "html") if html else Markup(_text(item, "content_text"), "text"),
        images=tuple(Image(_text(item, key)) for key in ("image", "banner_image")),
        categories=tuple(tag for tag in _list(item, "tags") if isinstance(tag, str)),
        author=next((name for author in authors if (name := _text(author, "name"))), ""),
        files=tuple(
            File(_text(file, "url"), _text(file, "mime_type"), _text(file, "size_in_bytes"))
            for file in _dicts(item, "attachments")
        ),
    )


def _integer(digits: str) -> int | str:
    """Numbers become identifiers here; one of 5,000 digits must not raise."""
    return int(digits) if len(digits) < 20 else digits


def _text(data: object, key: str) -> str:
    value = data.get(key) if isinstance(data, dict) else None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return _SURROGATE.sub("\ufffd", str(value))


def _list(data: object, key: str) -> list[Any]:
    value = data.get(key) if isinstance(data, dict) else None
    return value if isinstance(value, list) else []


def _dicts(data: object, key: str) -> list[dict[str, Any]]:
    return [value for value in _list(data, key) if isinstance(value, dict)]
