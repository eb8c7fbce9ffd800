"""`feeds discover`, `import` and `export`."""

from __future__ import annotations

import time
import tomllib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import Home, item, rss
from kommcli.errors import FeedFailure
from kommcli.parsing import opml
from loopback import Server


def outlines(*inner: str, head: str = "") -> bytes:
    return f'<?xml version="1.0"?>{head}<opml version="1.0"><body>{"".join(inner)}</body></opml>'.encode()


def listed(home: Home) -> dict[str, dict[str, object]]:
    return {one["key"]: one for one in home.json("feeds", "list", "--json")["feeds"]}


def imported(home: Home, body: bytes, status: int = 0) -> str:
    path = home.path / "list.opml"
    path.write_bytes(body)
    done = home.run("feeds", "import", str(path))
    assert done.returncode == status, done.stderr
    return done.stderr


def test_discover_shows_what_a_page_offers(home: Home, server: Server) -> None:
    page = (
        b'<html><head><link rel="alternate" type="application/rss+xml" title="Alles" href="/feed">'
        b'<link rel="alternate" type="application/atom+xml" title="Presse" href="/presse"></head></html>'
    )
    server.reply("/", page, headers={"Content-Type": "text/html"})
    server.reply("/feed", rss(item(1), "Amtsblatt"))
    server.reply("/none", b"<html><body>nichts</body></html>", headers={"Content-Type": "text/html"})
    home.feeds({"all": server.url("/feed")})
    found = home.json("feeds", "discover", server.url("/"), "--json")["feeds"]
    assert found == [
        {"url": server.url("/feed"), "title": "Alles", "key": "all"},
        {"url": server.url("/presse"), "title": "Presse", "key": None},
    ]
    assert (
        home.run("feeds", "discover", server.url("/feed")).stdout
        == f"{server.url('/feed')}\tAmtsblatt\tall\n"
    )
    nothing = home.run("feeds", "discover", server.url("/none"))
    assert (nothing.returncode, "[feed.not_feed]" in nothing.stderr) == (4, True)


def test_what_is_exported_can_be_imported(home: Home, tmp_path: Path) -> None:
    home.config(
        '[[feeds]]\nkey = "rathaus"\nurl = "https://a.example/feed?a=1&b=2"\ntitle = "Rat & Haus <1>"\n'
        'state = "BY"\ntopic = "ki"\ntags = ["presse", "süd"]\ninterval = "2h"\nlimit = 5\nrank = 10\n'
        "enabled = false\n"
        '[[feeds]]\nkey = "secret"\nurl = "https://b.example/feed"\n'
        'headers = { X-Key = { env = "GEHEIM" } }\nallow_private = true\n'
    )
    before = listed(home)
    file = tmp_path / "out.opml"
    assert home.run("feeds", "export", "-o", str(file)).returncode == 0
    text = file.read_text()
    assert "GEHEIM" not in text
    assert "X-Key" not in text
    home.config("")
    told = imported(home, file.read_bytes())
    assert "2 feeds added" in told
    after = listed(home)
    assert after["rathaus"] == before["rathaus"]
    assert (after["rathaus"]["rank"], after["secret"]["rank"]) == (10, 50)
    assert not after["secret"]["allow_private"]
    assert "subscribed to already" in imported(home, file.read_bytes())
    assert len(listed(home)) == 2
    assert home.run("--demo", "feeds", "export").stdout.count("<outline") == 7


def test_folders_become_tags_and_doubles_are_left_out(home: Home) -> None:
    told = imported(
        home,
        outlines(
            '<outline text="Bayern"><outline text="A" xmlUrl="https://a.example/"/>'
            '<outline text="A" xmlUrl="http://a.example"/></outline><outline text="A" xmlUrl="https://c.example/"/>'
        ),
    )
    assert told.count("not imported") == 1
    assert {key: one["tags"] for key, one in listed(home).items()} == {"a": ["Bayern"], "a-2": []}


@pytest.mark.row("C11")
def test_C11_only_http_is_imported_and_nothing_is_executed(home: Home, tmp_path: Path) -> None:
    flag = tmp_path / "flag"
    bad = (
        f"|touch {flag}",
        f"exec:touch {flag}",
        f"filter:touch {flag}:https://a.example/",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ftp://a.example/",
        "https://",
        "https://a b/",
    )
    told = imported(
        home,
        outlines(
            *(f'<outline text="x" xmlUrl="{url}" filtercmd="touch {flag}"/>' for url in bad),
            '<outline text="Gut" xmlUrl="https://gut.example/feed"/>',
        ),
    )
    assert "https://gut.example/feed" in {one["url"] for one in listed(home).values()}
    assert told.count("not imported") >= 7
    assert not flag.exists()
    assert all(str(one["url"]).startswith("http") for one in listed(home).values())


@pytest.mark.row("C11")
def test_C11_settings_that_cannot_be_are_named_and_left_out(home: Home) -> None:
    space = 'xmlns:kommcli="https://kommcli.example/opml/1"'
    told = imported(
        home,
        outlines(
            f'<outline {space} text="A" xmlUrl="https://a.example/" kommcli:state="XX" kommcli:limit="-5"'
            ' kommcli:rank="first" kommcli:key="../../x" kommcli:interval="2h" kommcli:allow_private="true"/>'
        ),
    )
    assert told.count("not imported") == 3
    (one,) = listed(home).values()
    assert (one["key"], one["state"], one["limit"], one["interval"]) == ("x", None, None, 7200)
    assert one["rank"] == 50
    assert not one["allow_private"]


@pytest.mark.row("C11")
@pytest.mark.parametrize(
    ("body", "code"),
    [
        (outlines(head='<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), "feed.dtd"),
        (outlines(head='<!DOCTYPE opml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'), "feed.dtd"),
        (outlines()[:-5], "feed.not_feed"),
        (b"", "feed.not_feed"),
        (b"\x00\xff\xfe", "feed.not_feed"),
        (rss(), "feed.not_feed"),
    ],
)
def test_C11_hostile_lists_are_refused(home: Home, body: bytes, code: str) -> None:
    told = imported(home, body, status=4)
    assert f"[{code}]" in told
    assert len(told.splitlines()) == 1
    assert not (home.path / "config.toml").exists()


@pytest.mark.row("C11")
def test_C11_long_lists(home: Home) -> None:
    def many(count: int) -> bytes:
        return outlines(*(f'<outline text="F" xmlUrl="https://a.example/{n}"/>' for n in range(count)))

    told = imported(home, many(50_000), status=2)
    assert "more than 5000 feeds" in told
    assert "[usage.value]" in imported(home, b" " * 5_000_001, status=2)
    began = time.monotonic()
    assert "1000 feeds added" in imported(home, many(1_000))
    assert len(tomllib.loads(home.config_text())["feeds"]) == 1_000
    assert time.monotonic() - began < 60
    deep = outlines("<outline text='x'>" * 20_000 + "</outline>" * 20_000)
    assert "0 feeds added" in imported(home, deep)


@settings(max_examples=200)
@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: outlines(text)))
def test_any_bytes_are_a_list_or_a_failure(body: bytes) -> None:
    with suppress(FeedFailure):
        opml.parse(body)


def test_a_list_from_standard_input(home: Home) -> None:
    body = outlines('<outline text="A" xmlUrl="https://a.example/"/>').decode()
    assert home.run("feeds", "import", "-", stdin=body).returncode == 0
    assert list(listed(home)) == ["a"]
    assert home.run("feeds", "import", str(home.path / "none.opml")).returncode == 6
