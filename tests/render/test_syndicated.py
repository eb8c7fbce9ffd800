"""Lists as documents and as feeds: what one reader writes, another can read, and hostile text stays text."""

from __future__ import annotations

import json
from datetime import datetime

import html5lib

from conftest import Home
from kommcli.parsing.feed import parse_feed
from newsroom import HOSTILE, in_files, newsroom

URL = "https://reader.example/feed"


def test_atom_and_json_feed_are_read_back(home: Home) -> None:
    newsroom(home)
    known = home.json("latest", "--offline", "--json")["articles"]
    for form in ("atom", "jsonfeed"):
        text = home.run("latest", "--offline", "-F", form).stdout
        read = parse_feed(text.encode(), "", URL)
        assert read.warnings == ()
        assert [entry.guid for entry in read.entries] == [f"urn:kommcli:{one['id']}" for one in known]
        assert [entry.link for entry in read.entries] == [one["url"] or "" for one in known]
        assert [entry.published.timestamp() for entry in read.entries if entry.published] == [
            datetime.fromisoformat(one["published"]).timestamp() for one in known
        ]
    assert home.run("latest", "--offline", "-Fatom", "topic:ki", "since:1d").returncode == 0


def test_hostile_texts_stay_texts(home: Home) -> None:
    in_files(home, {"evil": HOSTILE})
    atom = home.run("latest", "--offline", "-F", "atom").stdout
    assert len(parse_feed(atom.encode(), "", URL).entries) == 15
    feed = json.loads(home.run("latest", "--offline", "-F", "jsonfeed").stdout)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    page = home.run("latest", "--offline", "-F", "html").stdout
    html5lib.HTMLParser(strict=True).parse(page)
    assert "<script" not in page
    marked = home.run("latest", "--offline", "-F", "markdown").stdout
    assert "<script" not in marked.replace("\\<script", "")
    for text in (atom, page, marked, json.dumps(feed, ensure_ascii=False)):
        assert "\x1b" not in text
        assert "\u202e" not in text


def test_empty_lists(home: Home) -> None:
    newsroom(home)
    for form in ("atom", "jsonfeed"):
        text = home.run("latest", "--offline", "-F", form, "since:2026-10-17").stdout
        assert parse_feed(text.encode(), "", URL).entries == ()
    assert home.run("latest", "--offline", "-F", "markdown", "since:2026-10-17").stdout == ""
