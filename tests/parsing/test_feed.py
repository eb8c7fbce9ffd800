"""Feeds of many dialects, each beside what it says; and the rules of single fields."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from kommcli.model import Image, ParsedFeed
from kommcli.parsing.document import alternates
from kommcli.parsing.feed import parse_feed
from kommcli.parsing.media import split_credit

FEEDS = Path(__file__).parent.parent / "data" / "feeds"
URL = "https://feed.example/news/feed.xml"


def readable(parsed: ParsedFeed) -> Any:
    """A feed as its JSON file has it: without empty fields, a block as "type: text"."""
    said = _without_empty(json.loads(json.dumps(asdict(parsed), default=lambda date: date.isoformat())))
    said["complete"] = parsed.complete
    for entry in said.get("entries", ()):
        if "body" in entry:
            entry["body"] = [f"{block['type']}: {block['text']}" for block in entry["body"]]
    return said


def _without_empty(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_empty(item) for key, item in value.items() if item}
    return [_without_empty(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("path", sorted(FEEDS.glob("*.xml")), ids=lambda path: path.stem)
def test_what_a_feed_says(path: Path) -> None:
    assert readable(parse_feed(path.read_bytes(), "", URL)) == json.loads(
        path.with_suffix(".json").read_text("utf-8")
    )


def entry(inside: str) -> Any:
    body = f'<rss version="2.0"><channel><title>T</title><item>{inside}</item></channel></rss>'
    return parse_feed(body.encode(), "", URL).entries[0]


def teaser(text: str) -> str:
    return str(entry(f"<title>t</title><description><![CDATA[{text}]]></description>").teaser)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p>Ein Satz. [&#8230;]</p>", "Ein Satz. …"),
        ("Ein Satz [...]", "Ein Satz …"),
        ("Ein Satz. mehr...", "Ein Satz."),
        ("Ein Satz. <a href='x'>Weiterlesen »</a>", "Ein Satz."),
        ("Ein Satz … Weiterlesen: Ein Titel", "Ein Satz …"),
        ("Das kostet viel mehr", "Das kostet viel mehr"),
        ("Alle wollen mehr…", "Alle wollen mehr…"),
        ("Wer das Buch liest, soll weiterlesen.", "Wer das Buch liest, soll weiterlesen."),
        ("<p>Kern.</p><p>The post <a>T</a> appeared first on <a>B</a>.</p>", "Kern."),
        ("<p>Kern.</p><p>Der Beitrag <a>T</a> erschien zuerst auf <a>B</a>.</p>", "Kern."),
        ("Zeile eins<br>Zeile zwei", "Zeile eins Zeile zwei"),
        ("<ul><li>eins</li><li>zwei</li></ul>", "eins zwei"),
        ("&lt;p&gt;Zu oft &amp;amp; maskiert&lt;/p&gt;", "Zu oft & maskiert"),
    ],
)
def test_teaser(text: str, expected: str) -> None:
    assert teaser(text) == expected


def test_a_long_teaser_ends_with_a_sentence() -> None:
    cut = teaser("Das ist ein Satz mit einigen Wörtern. " * 100)
    assert len(cut) <= 1_500
    assert cut.endswith("Wörtern.")


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("presse@stadt.koeln (Amt für Presse)", "Amt für Presse"),
        ("Eva Muster &lt;eva@amt.example&gt;", "Eva Muster"),
        ("eva@amt.example", ""),
        ("Eva Muster", "Eva Muster"),
    ],
)
def test_author_is_never_an_address(author: str, name: str) -> None:
    assert entry(f"<title>t</title><author>{author}</author>").author == name


@pytest.mark.parametrize(
    ("caption", "parts"),
    [
        ("Das Haus (Bildquelle: Stadt X/Y)", ("Das Haus", "Stadt X/Y")),
        ("Das Haus. Foto: Eva Muster", ("Das Haus.", "Eva Muster")),
        ("(Foto: Eva Muster) Das Haus", ("Das Haus", "Eva Muster")),
        ("Das Haus © Amt", ("Das Haus", "Amt")),
        ("© name/123rf.com", ("", "name/123rf.com")),
        ("Ein Symbolbild: das Haus", ("Ein Symbolbild: das Haus", "")),
    ],
)
def test_credit(caption: str, parts: tuple[str, str]) -> None:
    assert split_credit(caption) == parts


def test_picture_of_the_feed_takes_the_words_of_the_text() -> None:
    found = entry(
        "<title>t</title><enclosure url='/a-300x200.jpg' type='image/jpeg' length='1'/><description><![CDATA["
        "<figure><img src='/a.jpg' alt='Ein Haus'><figcaption>Am Markt (Foto: X)</figcaption></figure>"
        "]]></description>"
    )
    assert found.image == Image("https://feed.example/a-300x200.jpg", "Ein Haus", "Am Markt", "X")


def test_alternates_put_comment_feeds_last_and_follow_the_base() -> None:
    page = (
        '<head><base href="https://cdn.example/site/"><link rel="alternate" type="application/rss+xml" '
        'href="comments/feed" title="Kommentar-Feed"><link rel="ALTERNATE home" '
        'type="application/atom+xml; x=y" href="feed" title=" Meldungen\x1b "></head>'
    )
    assert alternates(page.encode(), "text/html", URL) == (
        ("Meldungen", "https://cdn.example/site/feed"),
        ("Kommentar-Feed", "https://cdn.example/site/comments/feed"),
    )
    assert alternates(b"\x00\xff", "", URL) == alternates(b"", "", URL) == ()
