"""JSON Feed; the ordinary case is tests/data/feeds/jsonfeed.xml."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kommcli.errors import FeedFailure
from kommcli.parsing.feed import parse_feed

URL = "https://feed.example/feed.json"


def parse(*items: Any, **fields: Any) -> Any:
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": list(items), **fields}
    return parse_feed(json.dumps(feed).encode(), "application/feed+json", URL)


@pytest.mark.row("X15")
def test_X15_wrong_types_are_as_good_as_missing() -> None:
    parsed = parse(
        {
            "id": {"a": 1},
            "title": ["x"],
            "url": 5,
            "tags": "x",
            "authors": "x",
            "attachments": [1, {"url": None}],
        },
        "kein Objekt",
        {
            "id": 10**30,
            "title": "Zwei",
            "content_html": None,
            "date_published": 5,
            "tags": [1, "b"],
            "author": "Eva",
        },
        title=None,
    )
    assert [(entry.guid, entry.title, entry.categories) for entry in parsed.entries] == [
        ("", "", ()),
        ("1" + "0" * 30, "Zwei", ("b",)),
    ]


@pytest.mark.row("T14")
def test_T14_lone_surrogates_are_replaced() -> None:
    entry = parse({"id": "1", "title": "a\ud800b", "content_html": "<p>c\udfffd</p>"}).entries[0]
    assert "\ud800" not in entry.title
    assert "\udfff" not in entry.teaser


@pytest.mark.row("X6")
def test_X6_too_many_items() -> None:
    parsed = parse(*({"id": str(i)} for i in range(2_500)))
    assert len(parsed.entries) == 2_000
    assert parsed.warnings == ("feed.too_many",)


def test_html_and_text() -> None:
    html, text = parse({"content_html": "<p>a &lt;b&gt;</p>"}, {"content_text": "a <b>\n\nc"}).entries
    assert [block.text for block in html.body] == ["a <b>"]
    assert [block.text for block in text.body] == ["a <b>", "c"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{}", "feed.format"),
        (b'{"version": "2"}', "feed.format"),
        (b"[]", "feed.format"),
        (b'{"version": "https://jsonfeed.org/version/1"', "feed.not_feed"),
        (b"{not json", "feed.not_feed"),
    ],
)
@pytest.mark.row("X15")
def test_X15_other_json(body: bytes, code: str) -> None:
    with pytest.raises(FeedFailure) as caught:
        parse_feed(body, "", URL)
    assert caught.value.code == code


def test_numbers_of_any_length() -> None:
    body = b'{"version": "https://jsonfeed.org/version/1", "items": [{"id": ' + b"9" * 10_000 + b"}]}"
    assert parse_feed(body, "", URL).entries[0].guid.startswith("sha256:")
