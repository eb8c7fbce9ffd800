"""`fetch` end to end: real feeds over HTTP on loopback into a real archive."""

from __future__ import annotations

import json
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from conftest import Home, item, rss
from loopback import Server


def feed(number: int, count: int = 5) -> bytes:
    """A feed with ``count`` articles of its own."""
    return rss("".join(item(f"{number}-{n}") for n in range(count)), f"Feed {number}")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def thirty(home: Home, server: Server) -> dict[str, str]:
    """24 sound feeds and 6 that are broken in different ways."""
    urls = {}
    for number in range(24):
        server.reply(f"/{number}.xml", feed(number), etag=f'"{number}"', headers={"Content-Type": "text/xml"})
        urls[f"good-{number}"] = server.url(f"/{number}.xml")
    server.reply(
        "/page", b"<!DOCTYPE html><html><body>Hello</body></html>", headers={"Content-Type": "text/html"}
    )
    server.reply("/gone", b"", status=410)
    server.reply("/gzip", feed(99), headers={"Content-Encoding": "gzip"})
    server.raw("/short", b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n<rss")
    server.redirect("/loop", "/loop")
    urls |= {name: server.url(f"/{name}") for name in ("page", "gone", "gzip", "short", "loop")}
    urls["refused"] = f"http://127.0.0.1:{free_port()}/feed"
    home.feeds(urls)
    return urls


def test_thirty_feeds_of_which_six_are_broken(home: Home, server: Server) -> None:
    thirty(home, server)

    first = home.run("fetch")
    assert first.returncode == 3
    assert first.stdout == ""
    lines = first.stderr.splitlines()
    assert len(lines) == 6, first.stderr
    codes = {
        "page": "feed.not_feed",
        "gone": "http.gone",
        "gzip": "http.decode",
        "short": "http.truncated",
        "loop": "http.redirects",
        "refused": "net.connect",
    }
    for name, code in codes.items():
        (line,) = (line for line in lines if f" {name} (127.0.0.1" in line)
        assert f"[{code}]. " in line, line  # the remedy follows the code

    listed = home.json("latest", "--offline", "--json", "-n", "1000")
    assert len(listed["articles"]) == 24 * 5
    assert {one["feed"]["key"] for one in listed["articles"]} == {f"good-{n}" for n in range(24)}

    server.requests.clear()
    second = home.json("fetch", "--json", status=3)
    outcomes = [one["outcome"] for one in second["feeds"]]
    assert [outcomes.count(one) for one in ("unchanged", "failed", "skipped")] == [24, 5, 1]
    assert {one["key"] for one in second["feeds"] if one["reason"] == "gone"} == {"gone"}
    conditional = [request for request in server.requests if "if-none-match" in request.headers]
    assert len(conditional) == 24
    assert sum(one["new"] for one in second["feeds"]) == 0


def test_nothing_is_parsed_or_imported_when_nothing_changed(home: Home, server: Server) -> None:
    server.reply("/a.xml", feed(1), etag='"1"')
    server.reply("/b.xml", feed(2))  # no validators: the hash of the body says that it is the same
    home.feeds({"a": server.url("/a.xml"), "b": server.url("/b.xml")})
    assert home.run("fetch").returncode == 0

    program = (
        "import sys; sys.argv = ['kommcli', 'fetch']\n"
        "import subprocess; subprocess.Popen = None\n"  # no worker may be started
        "from kommcli.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
        "print(sorted({'feedparser', 'rich', 'selectolax', 'tomlkit'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], env=home.env, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")


@pytest.mark.row("C18")
def test_C18_quiet_when_all_is_well(home: Home, server: Server) -> None:
    server.reply("/a.xml", feed(1))
    home.feeds({"a": server.url("/a.xml")})

    for _visit in range(2):
        done = home.run("fetch")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.row("N16")
def test_N16_all_offline_is_one_line_and_the_archive_still_works(home: Home, server: Server) -> None:
    urls = {f"f{n}": server.url(f"/{n}.xml") for n in range(3)}
    for number in range(3):
        server.reply(f"/{number}.xml", feed(number))
    home.feeds(urls)
    assert home.run("fetch").returncode == 0
    server.close()

    done = home.run("fetch")
    assert done.returncode == 4
    assert len(done.stderr.splitlines()) == 1
    assert "[net.offline]" in done.stderr

    listed = home.run("latest", "--refresh", "-n", "3")
    assert listed.returncode == 0
    assert len(listed.stdout.splitlines()) == 3
    assert "as of today" in listed.stderr
    assert home.json("latest", "--refresh", "--json")["errors"][0]["code"] == "net.connect"


def test_the_first_latest_without_network_offers_the_demo(home: Home) -> None:
    home.feeds({"a": f"http://127.0.0.1:{free_port()}/", "b": f"http://127.0.0.1:{free_port()}/"})

    done = home.run("latest")
    assert done.returncode == 4
    assert len(done.stderr.splitlines()) == 1
    assert "kommcli --demo latest" in done.stderr


@pytest.mark.row("N17")
def test_N17_a_dead_host_holds_nobody_up(home: Home, server: Server) -> None:
    urls = {f"good{n}": server.url(f"/{n}.xml") for n in range(20)}
    for number in range(20):
        server.reply(f"/{number}.xml", feed(number, 1))
    with socket.create_server(("127.0.0.1", 0), backlog=0) as dead:
        port = dead.getsockname()[1]
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:  # a full backlog: SYNs are dropped
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
        for number in range(6):
            urls[f"dead{number}"] = f"http://127.0.0.1:{port}/{number}"
        path = home.feeds(urls)
        path.write_text(path.read_text() + "[fetch]\nconnect_timeout = 1\ntotal_timeout = 5\n")
        began = time.monotonic()
        report = home.json("fetch", "--json", status=3)
        took = time.monotonic() - began
        for filler in fillers:
            filler.close()

    outcomes = [one["outcome"] for one in report["feeds"]]
    assert (outcomes.count("updated"), outcomes.count("failed")) == (20, 6)
    assert {one["code"] for one in report["feeds"] if one["code"]} == {"net.timeout"}
    assert took < 6  # six feeds of a dead host cost one time limit, not six


@pytest.mark.row("N18")
def test_N18_a_login_page_for_every_feed_is_named_as_such(home: Home, make_server) -> None:
    portal = make_server()
    portal.reply("/login", b"<html><body>Please log in</body></html>", headers={"Content-Type": "text/html"})
    urls = {}
    for number in range(4):
        portal.redirect(f"/{number}", "/login")
        urls[f"f{number}"] = portal.url(f"/{number}")
    home.feeds(urls)

    done = home.run("fetch")
    assert done.returncode == 4
    assert done.stderr.count("[feed.not_feed]") == 5
    assert f"all answers were web pages from 127.0.0.1:{portal.port}" in done.stderr


@pytest.mark.row("H6")
def test_H6_a_feed_that_wants_to_be_left_alone_is(home: Home, server: Server) -> None:
    server.reply("/a", b"", status=429, headers={"Retry-After": "7200"})
    server.reply("/b", b"", status=503, headers={"Retry-After": "1000000000"})
    home.feeds({"a": server.url("/a"), "b": server.url("/b")})
    assert home.run("fetch").returncode == 4
    server.requests.clear()

    again = home.json("fetch", "--all", "--json")
    assert server.requests == []
    assert {one["key"]: one["until"] for one in again["feeds"]} == {
        "a": "2026-10-16T13:00:00+02:00",
        "b": "2026-10-17T11:00:00+02:00",  # clamped to a day
    }
    assert {one["reason"] for one in again["feeds"]} == {"retry_after"}
    later = home.run("fetch", env={"KOMMCLI_NOW": "2026-10-16T13:00:01+02:00"})
    assert [request.path for request in server.requests] == ["/a"]
    assert later.returncode == 4


def test_an_interval_is_kept_unless_asked_for(home: Home, server: Server) -> None:
    server.reply("/a", feed(1))
    path = home.feeds({"a": server.url("/a")})
    path.write_text(path.read_text() + 'interval = "1h"\n')
    for arguments, count in ((("fetch",), 1), (("fetch",), 1), (("fetch", "--all"), 2), (("fetch", "a"), 3)):
        assert home.run(*arguments).returncode == 0
        assert len(server.requests) == count
    later = home.run("fetch", env={"KOMMCLI_NOW": "2026-10-16T12:00:00+02:00"})
    assert (later.returncode, len(server.requests)) == (0, 4)


@pytest.mark.row("X19")
def test_validators_are_kept_only_with_a_whole_document(home: Home, server: Server) -> None:
    whole = feed(1, 3)
    server.reply("/a", whole[: len(whole) // 2], etag='"half"')
    home.feeds({"a": server.url("/a")})
    first = home.json("fetch", "--json")
    assert "feed.truncated" in first["feeds"][0]["warnings"]
    assert 0 < first["feeds"][0]["new"] < 3

    server.reply("/a", whole, etag='"whole"')
    assert home.json("fetch", "--json")["feeds"][0]["outcome"] == "updated"
    assert "if-none-match" not in server.requests[-1].headers
    assert len(home.json("latest", "--offline", "--json")["articles"]) == 3
    home.run("fetch")
    assert server.requests[-1].headers["if-none-match"] == '"whole"'


@pytest.mark.row("H4", "H5")
def test_H4_H5_failures_leave_the_archive_as_it_was(home: Home, server: Server) -> None:
    server.reply("/a", feed(1), etag='"1"')
    home.feeds({"a": server.url("/a")})
    assert home.run("fetch").returncode == 0
    for status, code in (
        (500, "http.status"),
        (404, "http.status"),
        (410, "http.gone"),
        (403, "http.status"),
    ):
        server.reply("/a", b"no", status=status)
        report = home.json("fetch", "a", "--json", status=4)
        assert report["feeds"][0]["code"] == code
        assert report["feeds"][0]["http_status"] == status
    assert report["feeds"][0]["failures"] == 4
    done = home.run("fetch", "a")
    assert "5 times in a row" in done.stderr
    assert "today 11:00" in done.stderr
    assert len(home.json("latest", "--offline", "--json")["articles"]) == 5
    server.reply("/a", feed(1), etag='"1"')
    assert home.run("fetch", "a").returncode == 0
    assert server.requests[-1].headers["if-none-match"] == '"1"'
    assert home.json("feeds", "list", "--json")["feeds"][0]["failures"] == 0


# ------------------------------------------------------------------------------------ the next try


def at(home: Home, moment: datetime) -> Home:
    """The same home when it is ``moment``."""
    return replace(home, env=home.env | {"KOMMCLI_NOW": moment.isoformat()})


def troubled(home: Home, server: Server) -> dict[str, Any]:
    """The last errors, by feed, of three fetches of feeds that fail for different reasons."""
    server.reply("/well", feed(1))
    server.reply("/late", b"", status=503, headers={"Retry-After": "600"})
    server.reply("/gone", b"", status=410)
    home.feeds({name: server.url(f"/{name}") for name in ("well", "bad", "late", "gone")})
    errors: dict[str, Any] = {}
    for _time in range(3):
        found = home.json("fetch", "--all", "--json", status=3)
        errors |= {one["feed"]: one for one in found["errors"]}
        assert {one["feed"] for one in found["errors"]} == {
            one["key"] for one in found["feeds"] if one["outcome"] == "failed"
        }
    return errors


@pytest.mark.row("H5", "H6")
def test_H6_an_error_tells_when_its_feed_is_asked_again(home: Home, server: Server) -> None:
    errors = troubled(home, server)
    now = datetime.fromisoformat(home.env["KOMMCLI_NOW"])

    assert errors["gone"]["next_try"] is None  # only its user asks again
    assert errors["late"]["next_try"] == (now + timedelta(minutes=10)).isoformat()
    wait = datetime.fromisoformat(errors["bad"]["next_try"]) - now
    assert timedelta(minutes=15) < wait <= timedelta(minutes=30)  # the back-off after the third failure


def test_a_feed_is_asked_at_its_next_try_and_not_before(home: Home, server: Server) -> None:
    errors = troubled(home, server)
    for key in ("late", "bad"):
        moment = datetime.fromisoformat(errors[key]["next_try"])
        server.requests.clear()
        early = json.loads(at(home, moment - timedelta(seconds=1)).run("fetch", "--json").stdout)
        (skipped,) = (one for one in early["feeds"] if one["key"] == key)
        assert (skipped["outcome"], skipped["until"]) == ("skipped", errors[key]["next_try"])
        assert f"/{key}" not in [request.path for request in server.requests]
        at(home, moment).run("fetch")
        assert f"/{key}" in [request.path for request in server.requests]


def test_a_single_failure_says_nothing_yet(home: Home, server: Server) -> None:
    home.feeds({"bad": server.url("/bad")})
    found = home.json("fetch", "--json", status=4)
    assert [one["next_try"] for one in found["errors"]] == [found["generated"]]
    assert [one["until"] for one in found["feeds"]] == [found["generated"]]


def test_a_list_and_a_check_tell_the_next_try_too(home: Home, server: Server) -> None:
    troubled(home, server)
    listed = home.json("latest", "--refresh", "--json")["errors"]
    tries = {one["feed"]: one["next_try"] for one in listed}
    checked = home.json("feeds", "check", "--json", status=3)
    told = {one["feed"]: one for one in checked["errors"]}
    shown = {one["key"]: one for one in home.json("feeds", "list", "--json")["feeds"]}

    assert tries
    assert set(told) == {"bad", "late", "gone"}
    for key, one in told.items():
        assert one["next_try"] == shown[key]["next_try"]
        assert (one["failures"], one["since"]) == (shown[key]["failures"], shown[key]["failing_since"])
    assert all(shown[key]["next_try"] == moment for key, moment in tries.items())


def test_ok_partial(home: Home, server: Server) -> None:
    server.reply("/a", feed(1))
    home.feeds({"a": server.url("/a"), "b": server.url("/nothing")})

    assert home.run("fetch").returncode == 3
    assert home.run("fetch", "--ok-partial").returncode == 0
    assert home.run("fetch", "--ok-partial", "b").returncode == 4


@pytest.mark.row("C10")
def test_C10_file_feeds_only_below_feed_root(home: Home) -> None:
    (home.path / "feeds").mkdir()
    (home.path / "feeds-secret").mkdir()
    (home.path / "feeds" / "a b.xml").write_bytes(feed(1))
    (home.path / "feeds-secret" / "x.xml").write_bytes(feed(2))
    (home.path / "feeds" / "link.xml").symlink_to(home.path / "feeds-secret" / "x.xml")
    home.feeds(
        {
            "inside": "file:a%20b.xml",
            "sibling": f"file://{home.path}/feeds-secret/x.xml",
            "up": "file:../feeds-secret/x.xml",
            "link": "file:link.xml",
        },
        feed_root='"feeds"',
    )

    report = home.json("fetch", "--json", status=3)
    assert {one["key"]: one["code"] for one in report["feeds"]} == {
        "inside": None,
        "sibling": "feed.root",
        "up": "feed.root",
        "link": "feed.root",
    }
    assert home.json("fetch", "inside", "--json")["feeds"][0]["outcome"] == "unchanged"


@pytest.mark.row("S20")
def test_S20_ctrl_c_keeps_what_is_finished(home: Home, server: Server) -> None:
    server.reply("/a", feed(1))
    server.raw("/slow", 60.0)
    home.feeds({"a": server.url("/a"), "slow": server.url("/slow")})
    process = subprocess.Popen(
        [sys.executable, "-m", "kommcli", "fetch"], env=home.env, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            with sqlite3.connect(home.path / "archive.db") as db:
                if db.execute("SELECT count(*) FROM articles").fetchone()[0] == 5:
                    break
        except sqlite3.Error:
            pass
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _out, err = process.communicate(timeout=10)

    assert process.returncode == 130
    assert err == "kommcli: interrupted: 1 of 2 feeds are done and kept\n"
    assert len(home.json("latest", "--offline", "--json")["articles"]) == 5


@pytest.mark.row("C6", "C7")
def test_secrets_come_from_the_environment_or_a_command_and_are_told_to_nobody(
    home: Home, server: Server
) -> None:
    server.reply("/a", feed(1))
    program = home.path / "password.py"
    program.write_text("print('geheim123')")
    path = home.feeds({"a": server.url("/a")})
    path.write_text(
        path.read_text()
        + 'headers = { X-Api-Key = { env = "FEED_KEY" } }\n'
        + f"auth = {{ user = 'me', password = {{ command = ['{sys.executable}', '{program}'] }} }}\n"
    )

    failed = home.run("fetch")
    assert failed.returncode == 4
    assert "FEED_KEY" in failed.stderr
    assert "[config.secret]" in failed.stderr
    assert server.requests == []

    done = home.run("-v", "fetch", "--json", env={"FEED_KEY": "schluessel456"})
    assert done.returncode == 0, done.stderr
    assert server.requests[0].headers["x-api-key"] == "schluessel456"
    assert server.requests[0].headers["authorization"] == "Basic bWU6Z2VoZWltMTIz"
    for output in (
        done.stdout,
        done.stderr,
        home.run("config", "show").stdout,
        home.run("feeds", "list").stdout,
    ):
        assert "geheim123" not in output
        assert "schluessel456" not in output


def test_an_honest_user_agent_with_a_contact(home: Home, server: Server) -> None:
    server.reply("/a", feed(1))
    home.feeds({"a": server.url("/a")}, contact='"mailto:presse@stadt.example"')
    home.run("fetch")

    assert server.requests[0].headers["user-agent"] == "kommcli/0.1.0 (+mailto:presse@stadt.example)"
    assert server.requests[0].headers["accept-encoding"] == "gzip"


@pytest.mark.row("S11")
def test_two_at_once_wait_for_each_other_and_make_no_doubles(home: Home, server: Server) -> None:
    server.reply("/a", feed(1), delay=0.5)
    home.feeds({"a": server.url("/a")})
    command = [sys.executable, "-m", "kommcli", "fetch"]
    both = [subprocess.Popen(command, env=home.env) for _ in range(2)]

    assert [process.wait(30) for process in both] == [0, 0]
    assert len(home.json("latest", "--offline", "--json")["articles"]) == 5


def test_a_live_progress_on_a_terminal(home: Home, server: Server, in_terminal) -> None:
    server.reply("/a", feed(1))
    home.feeds({"alpha": server.url("/a"), "beta": server.url("/nothing")})
    screen = in_terminal(["fetch"])

    assert "alpha  5 new articles" in screen
    assert "✗ beta" in screen
    assert "2 feeds asked, 5 new articles, 1 failed." in screen


def test_jq_counts_as_the_issue_says(home: Home, server: Server) -> None:
    import shutil

    if not shutil.which("jq"):
        pytest.skip("jq is not installed")
    thirty(home, server)
    home.run("fetch")
    done = subprocess.run(
        f"{sys.executable} -m kommcli latest --json -n 1000 | jq '.articles | length'",
        shell=True,
        env=home.env,
        capture_output=True,
        text=True,
    )
    assert json.loads(done.stdout) == 120


@pytest.mark.row("X33")
def test_X33_a_feed_without_entries_is_fine_and_noted(home: Home, server: Server) -> None:
    server.reply("/a", feed(1))
    home.feeds({"a": server.url("/a")})
    home.run("fetch")
    server.reply("/a", rss())

    report = home.json("fetch", "--json")
    assert (report["feeds"][0]["outcome"], report["feeds"][0]["warnings"]) == (
        "unchanged",
        ["feed.no_entries"],
    )
    assert len(home.json("latest", "--offline", "--json")["articles"]) == 5


@pytest.mark.row("X36")
def test_X36_entries_without_a_date_are_noted(home: Home, server: Server) -> None:
    server.reply("/a", rss(item(1, pubDate="garbage")))
    home.feeds({"a": server.url("/a")})

    assert home.json("fetch", "--json")["feeds"][0]["warnings"] == ["feed.dates_estimated"]
    (article,) = home.json("latest", "--offline", "--json")["articles"]
    assert (article["published"], article["published_is_estimate"]) == ("2026-10-16T11:00:00+02:00", True)


def test_the_impatience_of_a_list_is_no_failure_of_a_feed(home: Home, server: Server) -> None:
    server.reply("/a", feed(1))
    server.reply("/slow", feed(2), delay=12)
    home.feeds({"a": server.url("/a"), "slow": server.url("/slow")})

    listed = home.json("latest", "--json")
    assert len(listed["articles"]) == 5
    assert listed["errors"] == []
    states = {one["key"]: one for one in home.json("feeds", "list", "--json")["feeds"]}
    assert (states["slow"]["failures"], states["slow"]["error"]) == (0, None)
    server.requests.clear()
    home.run("latest")
    assert server.requests == []  # not asked again by every list


def test_only_stale_feeds_are_asked_by_a_list(home: Home, server: Server) -> None:
    server.reply("/a", feed(1))
    server.reply("/b", feed(2))
    home.feeds({"a": server.url("/a"), "b": server.url("/b")})
    home.run("fetch")
    later = {"KOMMCLI_NOW": "2026-10-18T11:00:00+02:00"}
    assert home.run("fetch", "a", env=later).returncode == 0
    server.requests.clear()

    home.run("latest", env=later)
    assert [request.path for request in server.requests] == ["/b"]


@pytest.mark.row("H6")
def test_H6_429_without_a_time_is_left_alone_for_an_hour(home: Home, server: Server) -> None:
    server.reply("/a", b"", status=429, headers={"Retry-After": "soon"})
    home.feeds({"a": server.url("/a")})
    home.run("fetch")

    assert home.json("fetch", "--json")["feeds"][0]["until"] == "2026-10-16T12:00:00+02:00"


@pytest.mark.row("S1")
def test_one_feed_s_bug_does_not_cost_the_others(home: Home, server: Server) -> None:
    server.reply("/a", feed(1))
    server.reply("/b", feed(2))
    home.feeds({"a": server.url("/a"), "b": server.url("/b")})
    program = (
        "import sys; sys.argv = ['kommcli', 'fetch']\n"
        "from kommcli.enrich import Knowledge; real = Knowledge.understand\n"
        "def understand(self, entry, feed):\n"
        "    assert feed.key != 'a', 'planted'\n    return real(self, entry, feed)\n"
        "Knowledge.understand = understand\n"
        "from kommcli.__main__ import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", program], env=home.env, capture_output=True, text=True)

    assert done.returncode == 1
    assert "[bug]" in done.stderr
    found = home.json("latest", "--offline", "--json")["articles"]
    assert {one["feed"]["key"] for one in found} == {"b"}
