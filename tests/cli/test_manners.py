"""Good manners end to end: who is asked when, how failures are told, and where moved feeds are asked."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from conftest import NOW, Home, item, rss
from loopback import Server


def feed(number: int = 1, count: int = 3, head: str = "") -> bytes:
    """A feed with ``count`` articles; ``head`` stands before them."""
    return rss(head + "".join(item(f"{number}-{n}") for n in range(count)), f"Feed {number}")


def at(**after: float) -> dict[str, str]:
    """The environment some time after `NOW`."""
    return {"KOMMCLI_NOW": (datetime.fromisoformat(NOW) + timedelta(**after)).isoformat()}


def fetched(home: Home, env: dict[str, str], *arguments: str) -> dict[str, Any]:
    """What became of feed a in a fetch."""
    report = json.loads(home.run("fetch", "--json", *arguments, env=env).stdout)
    return next(one for one in report["feeds"] if one["key"] == "a")


@pytest.mark.parametrize(
    ("headers", "head", "seconds"),
    [
        ({"Cache-Control": "max-age=3600"}, "", 3_600),
        ({"Cache-Control": "public, max-age=3600", "Age": "600"}, "", 3_000),
        ({"Cache-Control": "max-age=99999999"}, "", 86_400),
        ({"Expires": "Fri, 16 Oct 2026 11:30:00 GMT", "Date": "Fri, 16 Oct 2026 11:00:00 GMT"}, "", 1_800),
        ({}, "<ttl>90</ttl>", 5_400),
        ({"Cache-Control": "no-cache"}, "<ttl>90</ttl>", 5_400),
        ({"Cache-Control": "max-age=7200"}, "<ttl>90</ttl>", 7_200),
        ({"Cache-Control": "max-age=0"}, "", 0),
        ({"Expires": "0"}, "", 0),
        ({}, "", 0),
    ],
)
def test_server_and_feed_say_when_to_come_again(
    home: Home, server: Server, headers: dict[str, str], head: str, seconds: int
) -> None:
    server.reply("/a", feed(head=head), headers=headers, etag='"1"')
    home.feeds({"a": server.url("/a")})
    assert home.run("fetch").returncode == 0
    if seconds:
        early = fetched(home, at(seconds=seconds - 1))
        assert (early["outcome"], early["reason"], len(server.requests)) == ("skipped", "fresh", 1)
        assert datetime.fromisoformat(early["until"]) == datetime.fromisoformat(NOW) + timedelta(
            seconds=seconds
        )
        said = home.run("-v", "fetch").stderr
        assert "server or feed say that nothing new comes before" in said
        assert home.json("feeds", "list", "--json")["feeds"][0]["waiting"] == "fresh"
    assert fetched(home, at(seconds=seconds))["outcome"] == "unchanged"
    assert len(server.requests) == 2
    # The document was not read anew, but is still known to ask for time; the user's word is above all.
    assert fetched(home, at(seconds=seconds + 1), "--all")["outcome"] == "unchanged"
    assert len(server.requests) == 3


def test_the_user_may_ask_less_often_but_not_more(home: Home, server: Server) -> None:
    server.reply("/a", feed(), headers={"Cache-Control": "max-age=3600"})
    path = home.feeds({"a": server.url("/a")})
    path.write_text(path.read_text() + 'interval = "10m"\n')
    home.run("fetch")
    assert fetched(home, at(minutes=30))["reason"] == "fresh"
    path.write_text(path.read_text().replace("10m", "48h"))
    assert fetched(home, at(hours=47))["reason"] == "interval"
    assert fetched(home, at(hours=48))["outcome"] == "unchanged"


def test_failing_feeds_are_asked_ever_more_seldom_down_to_once_a_day(home: Home, server: Server) -> None:
    server.reply("/a", b"no", status=500)
    server.reply("/b", feed())
    home.feeds({"a": server.url("/a"), "b": server.url("/b")})
    moment, gaps = datetime.fromisoformat(NOW), []
    for _visit in range(11):
        env = {"KOMMCLI_NOW": moment.isoformat()}
        assert fetched(home, env)["outcome"] == "failed"
        done = home.run("feeds", "list", "--json", env=env)
        waits = json.loads(done.stdout)["feeds"][0]
        if waits["waiting"]:
            assert waits["waiting"] == "backoff"
            until = datetime.fromisoformat(waits["next_try"])
            early = {"KOMMCLI_NOW": (until - timedelta(seconds=1)).isoformat()}
            assert fetched(home, early)["outcome"] == "skipped"
            gaps.append((until - moment).total_seconds() / 60)
            moment = until
    full = [min(15 * 2**number, 1_440) for number in range(10)]  # a single failure says nothing
    assert all(0.74 * most <= gap <= most for gap, most in zip(gaps, full, strict=True)), gaps
    server.reply("/a", feed(2))
    assert home.run("fetch", "a", env=at(days=9)).returncode == 0
    assert fetched(home, at(days=9, seconds=1))["outcome"] == "unchanged"


def test_a_network_that_was_away_holds_no_feed_back(home: Home, make_server) -> None:
    server = make_server()
    urls = {name: server.url(f"/{name}") for name in ("a", "b")}
    home.feeds(urls)
    port = server.port
    server.close()
    for hour in range(12):
        assert home.run("fetch", env=at(hours=hour)).returncode == 4
    again = Server(port=port)
    try:
        for name in urls:
            again.reply(f"/{name}", feed())
        assert fetched(home, at(hours=11, minutes=1))["outcome"] == "updated"
    finally:
        again.close()


def test_a_failure_is_told_when_new_after_a_day_and_then_weekly(home: Home, server: Server) -> None:
    server.reply("/a", b"no", status=500)
    server.reply("/b", feed())
    home.feeds({"a": server.url("/a"), "b": server.url("/b")})

    told = []
    for hours in range(0, 24 * 24, 6):
        done = home.run("fetch", env=at(hours=hours))
        assert done.stdout == ""
        if done.stderr:
            assert "[http.status]" in done.stderr
            assert done.returncode == 3  # the exit status speaks at every visit
            told.append(hours)
    assert told[0] == 0
    assert 24 <= told[1] <= 48
    assert all(later - before >= 7 * 24 for before, later in pairwise(told[1:]))
    assert len(told) >= 4
    assert "[http.status]" in home.run("fetch", "a", env=at(days=30)).stderr  # who asks is told
    assert home.json("feeds", "check", "--json", status=3)["feeds"][0]["failures"] > 5


def test_another_failure_is_new_and_a_feed_that_recovered_begins_anew(home: Home, server: Server) -> None:
    home.feeds({"a": server.url("/a"), "b": server.url("/b")})
    server.reply("/b", feed())
    server.reply("/a", b"no", status=500)
    assert "[http.status]" in home.run("fetch").stderr
    server.reply("/a", b"no", status=404)
    assert home.run("fetch").stderr == ""
    server.reply("/a", b"<html><body>Wartung</body></html>")
    assert "[feed.not_feed]" in home.run("fetch", env=at(hours=1)).stderr
    server.reply("/a", feed(2))
    assert home.run("fetch", env=at(hours=3)).stderr == ""
    server.reply("/a", b"no", status=500)
    assert "[http.status]" in home.run("fetch", env=at(hours=4)).stderr


@pytest.mark.row("H5")
def test_H5_a_feed_that_is_gone_is_reported_and_asked_no_more(home: Home, server: Server) -> None:
    server.reply("/a", b"", status=410)
    server.reply("/b", feed())
    home.feeds({"a": server.url("/a"), "b": server.url("/b")})
    assert "kommcli feeds remove a" in home.run("fetch").stderr
    for arguments in ((), ("--all",)):
        assert fetched(home, at(days=3), *arguments)["reason"] == "gone"
    assert len([one for one in server.requests if one.path == "/a"]) == 1
    listed = home.json("feeds", "list", "--json")["feeds"][0]
    assert (listed["waiting"], listed["next_try"]) == ("gone", None)
    assert "gone" in home.run("feeds", "list").stdout

    server.reply("/a", feed(2))
    assert home.run("feeds", "resume", "a").returncode == 0
    assert fetched(home, at(days=3))["outcome"] == "updated"


def move(home: Home, server: Server, days: int = 3) -> None:
    """Let a feed move, and be seen to have moved on so many days."""
    server.reply("/old", feed(), etag='"1"')
    home.feeds({"a": server.url("/old")})
    home.run("fetch", env=at(days=-1))
    server.redirect("/old", "/new", status=301)
    server.reply("/new", feed(), etag='"1"')
    for day in range(days):
        for hour in (0, 1, 2):
            home.run("fetch", env=at(days=day, hours=hour))


@pytest.mark.row("H12")
def test_H12_a_move_seen_on_three_days_is_adopted_told_once_and_undone(home: Home, server: Server) -> None:
    move(home, server, days=2)
    before = home.config_text()
    done = home.run("fetch", env=at(days=2))
    assert done.returncode == 0
    assert f"has moved for good to {server.url('/new')} and is asked there from now on" in done.stderr
    assert home.run("fetch", env=at(days=2, hours=1)).stderr == ""
    assert server.requests[-1].path == server.requests[-1].path == "/new"
    assert server.requests[-1].headers["if-none-match"] == '"1"'
    assert home.config_text() == before  # never rewritten silently
    listed = home.json("feeds", "list", "--json")["feeds"][0]
    assert (listed["url"], listed["moved_to"]) == (server.url("/old"), server.url("/new"))
    assert "asked at" in home.run("feeds", "list").stdout or listed["moved_on"]
    ids = {one["id"] for one in home.json("latest", "--offline", "--json")["articles"]}

    undone = home.run("feeds", "undo", "a")
    assert (undone.returncode, "is asked at" in undone.stderr) == (0, True)
    server.requests.clear()
    for day in range(3, 9):  # and it is not adopted again
        assert home.run("fetch", env=at(days=day)).stderr == ""
    assert [one.path for one in server.requests] == ["/old", "/new"] * 6
    assert {one["id"] for one in home.json("latest", "--offline", "--json")["articles"]} == ids
    again = home.run("feeds", "undo", "a")
    assert (again.returncode, "[usage.not_moved]" in again.stderr) == (2, True)


@pytest.mark.parametrize("status", [302, 307])
def test_a_passing_redirect_is_never_adopted(home: Home, server: Server, status: int) -> None:
    move(home, server, days=1)
    server.redirect("/old", "/new", status=status)
    for day in range(1, 8):
        home.run("fetch", env=at(days=day))
    assert home.json("feeds", "list", "--json")["feeds"][0]["moved_to"] is None
    assert server.requests[-2].path == "/old"


def test_a_move_to_somebody_else_s_news_is_never_adopted(home: Home, server: Server) -> None:
    move(home, server, days=1)
    for day in range(1, 8):
        server.reply("/new", feed(day + 50))
        home.run("fetch", env=at(days=day))
    assert home.json("feeds", "list", "--json")["feeds"][0]["moved_on"] is None


def test_an_adopted_address_that_fails_gives_way_to_the_configured_one(home: Home, server: Server) -> None:
    move(home, server)
    server.reply("/new", b"", status=410)
    server.reply("/old", feed(2))
    assert home.run("fetch", env=at(days=4)).returncode == 4
    assert fetched(home, at(days=5))["outcome"] == "updated"
    assert server.requests[-1].path == "/old"
    assert home.json("feeds", "list", "--json")["feeds"][0]["moved_to"] is None


def test_secrets_stay_with_the_address_they_were_given_for(home: Home, make_server) -> None:
    old, new = make_server(), make_server()
    old.redirect("/a", new.url("/a"), status=301)
    new.reply("/a", feed())
    path = home.feeds({"a": old.url("/a")})
    path.write_text(path.read_text() + 'headers = { X-Key = { env = "KEY" } }\n')
    for day in range(6):
        assert home.run("fetch", env={"KEY": "geheim"} | at(days=day)).returncode == 0
    assert len(old.requests) == len(new.requests) == 6
    assert all("x-key" not in request.headers for request in new.requests)


def test_history_tells_the_last_answers(home: Home, server: Server) -> None:
    server.reply("/a", feed(), etag='"1"')
    home.feeds({"a": server.url("/a")})
    home.run("fetch")
    home.run("fetch", env=at(hours=1))
    server.reply("/a", b"no", status=503)
    home.run("fetch", env=at(hours=2))

    last, unchanged, first = home.json("feeds", "history", "a", "--json")["answers"]
    assert (first["outcome"], first["http_status"], first["new"], first["bytes"]) == (
        "updated",
        200,
        3,
        len(feed()),
    )
    assert (unchanged["outcome"], unchanged["http_status"], unchanged["bytes"]) == ("unchanged", 304, 0)
    assert (last["outcome"], last["http_status"], last["code"]) == ("failed", 503, "http.status")
    assert home.run("feeds", "history", "a", "-n", "2").stdout.count("\n") == 2
    with sqlite3.connect(home.path / "archive.db") as db:  # 60 answers take a while to come
        db.execute("UPDATE answers SET number = number + 47")
        db.executemany(
            """INSERT INTO answers
               SELECT feed, ?, at, outcome, http_status, bytes, ms, new, changed, code, moved_to
               FROM answers WHERE number = 48""",
            [(number,) for number in range(1, 48)],
        )
    home.run("fetch", "a", env=at(days=1))
    answers = home.json("feeds", "history", "a", "--json")["answers"]
    assert len(answers) == 50
    assert [one["http_status"] for one in answers[:3]] == [503, 503, 304]


def test_history_on_a_terminal(home: Home, server: Server, in_terminal) -> None:
    server.reply("/a", b"no", status=503)
    home.feeds({"a": server.url("/a")})
    assert "No answer is known." in in_terminal(["feeds", "history", "a"])
    home.run("fetch")
    screen = in_terminal(["feeds", "history", "a"])
    assert "503" in screen
    assert "the server answers with an error" in screen
