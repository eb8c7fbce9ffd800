"""`feeds` end to end: subscriptions over loopback HTTP into a configuration that people also edit."""

from __future__ import annotations

import sys
import tomllib

import pytest

from conftest import Home, item, rss
from loopback import Server

FEED = rss(item(1) + item(2), "Amtsblatt")
CONFIG = """\
# My press review.
limit = 7 # a short list

# --- the town ---
[[feeds]]
key = "town"
url = "{url}/town" # asks us to be gentle
allow_private = true

# --- the county ---
[[feeds]]
key = "county"
title = "Der Landkreis"
url = "{url}/county"
allow_private = true
# the end
"""


@pytest.fixture
def town(home: Home, server: Server) -> Server:
    """Two feeds in a configuration with comments; only the first one works."""
    server.reply("/town", FEED)
    home.config(CONFIG.format(url=server.url("").rstrip("/")))
    return server


def config(home: Home) -> str:
    return (home.path / "config.toml").read_text("utf-8")


def tables(home: Home) -> list[dict[str, object]]:
    found: list[dict[str, object]] = tomllib.loads(config(home))["feeds"]
    return found


def comments(text: str) -> list[str]:
    return [line.partition("#")[2] for line in text.splitlines() if "#" in line]


# ----------------------------------------------------------------------------------------------- list


def test_list_tells_how_the_subscriptions_are(home: Home, town: Server) -> None:
    before = home.run("feeds", "list").stdout
    assert (
        before
        == f"town\tnew\t0\t\t{town.url('/town')}\t\ncounty\tnew\t0\t\t{town.url('/county')}\tDer Landkreis\n"
    )
    assert home.run("fetch").returncode == 3
    after = home.run("feeds", "list").stdout.splitlines()
    assert after[0] == f"town\tok\t2\t2026-10-16T11:00:00+02:00\t{town.url('/town')}\tAmtsblatt"
    assert after[1] == f"county\tfailing\t0\t\t{town.url('/county')}\tDer Landkreis"


def test_list_as_json(home: Home, town: Server) -> None:
    home.run("fetch")
    working, failing = home.json("feeds", "list", "--json")["feeds"]

    assert (working["key"], working["title"], working["enabled"], working["articles"]) == (
        "town",
        "Amtsblatt",
        True,
        2,
    )
    assert (working["last_ok"], working["failures"], working["error"]) == (
        "2026-10-16T11:00:00+02:00",
        0,
        None,
    )
    assert (failing["last_ok"], failing["failures"]) == (None, 1)
    assert failing["error"] == {
        "code": "http.status",
        "message": "the server answers with an error (404 Not Found)",
        "http_status": 404,
    }


def test_list_in_the_terminal(home: Home, town: Server, in_terminal) -> None:
    home.run("fetch")
    screen = in_terminal(["feeds", "list"], columns=100)

    lines = [line.split() for line in screen.splitlines()]
    assert ["town", "ok", "2", "today", "11:00", "Amtsblatt"] in lines
    assert "since today 11:00" in screen
    assert "http.status" in screen


def test_the_built_in_list_says_that_it_is_one(home: Home) -> None:
    done = home.run("feeds", "list", "-F", "terminal")

    assert "behoerden-spiegel" in done.stdout
    assert done.stderr == (
        "kommcli: These are kommcli's own feeds; `kommcli feeds add URL` begins your own list.\n"
    )


# ------------------------------------------------------------------------------------------------ add


def test_add_asks_once_and_learns_the_title(home: Home, town: Server) -> None:
    town.reply("/new", FEED)
    done = home.run("feeds", "add", town.url("/new"))

    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == f"kommcli: added: amtsblatt (Amtsblatt, {town.url('/new')})\n"
    assert [request.path for request in town.requests] == ["/new"]
    assert config(home) == (
        CONFIG.format(url=town.url("").rstrip("/"))
        + f'\n[[feeds]]\nkey = "amtsblatt"\nurl = "{town.url("/new")}"\n'
        'title = "Amtsblatt"\nallow_private = true\n'
    )
    assert [one["new"] for one in home.json("fetch", "amtsblatt", "--json")["feeds"]] == [2]


def test_add_with_every_option(home: Home, town: Server) -> None:
    town.reply("/new", FEED)
    options = (
        "--key lra --title Landratsamt --state nrw --topic KI --tag a --tag b"
        " --interval 2h --limit 5 --pages new --off"
    )
    assert home.run("feeds", "add", town.url("/new"), *options.split()).returncode == 0

    assert tables(home)[2] == {
        "key": "lra",
        "url": town.url("/new"),
        "title": "Landratsamt",
        "state": "nrw",
        "topic": "KI",
        "tags": ["a", "b"],
        "interval": "2h",
        "limit": 5,
        "pages": "new",
        "enabled": False,
        "allow_private": True,
    }
    (one,) = (feed for feed in home.json("feeds", "list", "--json")["feeds"] if feed["key"] == "lra")
    assert (one["state"], one["interval"], one["enabled"]) == ("DE-NW", 7200, False)


def test_a_key_that_is_taken_gets_a_number(home: Home, town: Server) -> None:
    for path in ("/1", "/2", "/3"):
        town.reply(path, FEED)
        assert home.run("feeds", "add", town.url(path)).returncode == 0

    assert [table["key"] for table in tables(home)[2:]] == ["amtsblatt", "amtsblatt-2", "amtsblatt-3"]


@pytest.mark.parametrize(
    ("name", "key"),
    [("../../x", "x"), (".", "feed-"), ("CON", "con-feed"), ("n" * 300, "n" * 40), ("🦊", "feed-"),
     ("a/b", "a-b"), ("-x", "x")],
)  # fmt: skip
@pytest.mark.row("C8")
def test_C8_a_strange_name_gets_a_safe_key_and_stays_as_title(
    home: Home, town: Server, name: str, key: str
) -> None:
    town.reply("/new", FEED)
    done = home.run("feeds", "add", town.url("/new"), f"--key={name}")

    assert done.returncode == 0, done.stderr
    assert str(tables(home)[2]["key"]).startswith(key)
    assert tables(home)[2]["title"] == name
    assert home.run("feeds", "remove", "--yes", "--", name).returncode == 0  # the name finds it, too


def test_the_first_feed_begins_the_users_own_list(home: Home, server: Server) -> None:
    server.reply("/new", FEED)
    done = home.run("feeds", "add", server.url("/new"))

    assert done.returncode == 0
    assert "Your own list begins with it; kommcli's own feeds are no longer asked." in done.stderr
    assert [one["key"] for one in home.json("feeds", "list", "--json")["feeds"]] == ["amtsblatt"]
    assert (home.path / "config.toml").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("address", "message"),
    [
        (
            "/nothing",
            "was not added: the server answers with an error (404 Not Found) [http.status]. Check the",
        ),
        (
            "/page",
            "was not added: the answer is not a feed (a web page) [feed.not_feed]. Look for the feed's",
        ),
        ("/empty", "was not added: the answer is empty"),
    ],
)
def test_an_address_that_fails_is_not_added(home: Home, town: Server, address: str, message: str) -> None:
    town.reply(
        "/page", b"<!DOCTYPE html><html><body>no feed</body></html>", headers={"Content-Type": "text/html"}
    )
    town.reply("/empty", b"")
    before = config(home)
    done = home.run("feeds", "add", town.url(address))

    assert (done.returncode, config(home)) == (4, before)
    assert done.stderr.startswith(f"kommcli: {town.url(address)} {message}")
    assert done.stderr.endswith("--force adds it all the same.\n")
    assert len(done.stderr.splitlines()) == 1


def test_force_adds_what_does_not_answer(home: Home, town: Server) -> None:
    done = home.run("feeds", "add", town.url("/nothing"), "--force", "--key", "later")

    assert done.returncode == 0
    assert tables(home)[2] == {"key": "later", "url": town.url("/nothing"), "allow_private": True}


@pytest.mark.parametrize(
    ("url", "message"),
    [
        (
            "ftp://a.example/",
            "ftp://a.example/ cannot be subscribed to [usage.url]. An address that begins with http://, ht",
        ),
        ("javascript://x", "javascript://x cannot be subscribed to"),
        (
            "https://me:geheim@a.example/",
            "https://***@a.example/ cannot be subscribed to [usage.url]. A password does not belong",
        ),
        ("https://", "https:// cannot be subscribed to"),
        ("", "https:// cannot be subscribed to"),
        ("a b", "https://a b cannot be subscribed to"),
    ],
)
def test_an_address_that_is_none(home: Home, town: Server, url: str, message: str) -> None:
    done = home.run("feeds", "add", url)

    assert done.returncode == 2
    assert done.stderr.startswith(f"kommcli: {message}")
    assert "[usage.url]" in done.stderr
    assert "geheim" not in done.stderr
    assert town.requests == []


@pytest.mark.parametrize("address", ["{url}/town", "{url}/town/#x"])
def test_an_address_that_is_known(home: Home, town: Server, address: str) -> None:
    done = home.run("feeds", "add", address.format(url=town.url("").rstrip("/")))

    assert done.returncode == 2
    assert done.stderr == (
        "kommcli: this address is subscribed to already (town) [usage.known]."
        " Change it with `kommcli feeds edit town`.\n"
    )
    assert town.requests == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ["--state", "Atlantis"],
            '--state "Atlantis" cannot be used [usage.value]. A federal state such as "BY" or',
        ),
        (
            ["--interval", "soon"],
            '--interval "soon" cannot be used [usage.value]. A duration such as "30m", "2h" or',
        ),
        (["--pages", "all"], '--pages "all" cannot be used [usage.value]. One of never, new is wanted.'),
        (["--limit", "3000"], "3000 is out of range for --limit"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
@pytest.mark.parametrize("command", [["add", "http://127.0.0.1:1/"], ["edit", "town"]], ids=["add", "edit"])
def test_values_that_cannot_be_used(
    home: Home, town: Server, command: list[str], options: list[str], message: str
) -> None:
    before = config(home)
    done = home.run("feeds", *command, *options)

    assert (done.returncode, config(home)) == (2, before)
    assert done.stderr.startswith(f"kommcli: {message}")


# ------------------------------------------------------------------------------- the feeds of a site


@pytest.fixture
def site(home: Home, server: Server) -> Server:
    """A page that names two feeds."""
    page = (
        b"<!DOCTYPE html><html><head><title>Town</title>"
        b'<link rel="alternate" type="application/rss+xml" title="Press" href="/press.xml">'
        b'<link rel="alternate" type="application/atom+xml" title="Council" href="council.xml">'
        b"</head><body></body></html>"
    )
    server.reply("/", page, headers={"Content-Type": "text/html"})
    server.reply("/press.xml", rss(item(1), "Press"))
    server.reply("/council.xml", rss(item(2), "Council"))
    return server


@pytest.mark.parametrize("options", [[], ["--yes"]])
@pytest.mark.row("X14")
def test_a_site_gives_its_first_feed(home: Home, site: Server, options: list[str]) -> None:
    done = home.run("feeds", "add", site.url("/"), *options)

    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines()[:2] == [
        f"kommcli: the page offers a feed: {site.url('/press.xml')}",
        f"kommcli: added: press (Press, {site.url('/press.xml')})",
    ]
    assert tables(home)[0]["url"] == site.url("/press.xml")
    assert tables(home)[0]["allow_private"] is True


@pytest.mark.parametrize(("typed", "key"), [("2", "council"), ("", "press"), ("9", "")])
def test_a_person_chooses_one_of_the_feeds(home: Home, site: Server, typed: str, key: str) -> None:
    pexpect = pytest.importorskip("pexpect")
    child = pexpect.spawn(
        sys.executable,
        ["-m", "kommcli", "feeds", "add", site.url("/")],
        env=home.env | {"TERM": "xterm"},
        timeout=30,
    )
    child.expect_exact("Which one? [1]: ")
    assert b"1  Press" in child.before
    assert b"2  Council" in child.before
    child.sendline(typed)
    child.expect(pexpect.EOF)
    child.close()

    assert child.exitstatus == (0 if key else 2)
    if key:
        assert [table["key"] for table in tables(home)] == [key]
    else:
        assert not (home.path / "config.toml").exists()


def test_a_known_feed_of_a_site_is_not_added_twice(home: Home, site: Server) -> None:
    home.run("feeds", "add", site.url("/press.xml"))
    done = home.run("feeds", "add", site.url("/"))

    assert done.returncode == 2
    assert "[usage.known]" in done.stderr


def test_a_site_whose_feed_is_broken_is_not_added(home: Home, site: Server) -> None:
    site.reply("/press.xml", b"", status=500)
    done = home.run("feeds", "add", site.url("/"))

    assert done.returncode == 4
    assert f"{site.url('/press.xml')} was not added: the server answers with an error" in done.stderr


# ------------------------------------------------------------------------- edit, pause, resume, remove


def test_edit_changes_in_place_and_keeps_comments_and_order(home: Home, town: Server) -> None:
    before = config(home)
    done = home.run("feeds", "edit", "county", "--title", "LRA", "--state", "BY", "--interval", "1h")

    assert (done.returncode, done.stderr) == (0, "kommcli: changed: county\n")
    assert comments(config(home)) == comments(before)
    assert [table["key"] for table in tables(home)] == ["town", "county"]
    assert tables(home)[1] == {
        "key": "county",
        "title": "LRA",
        "url": town.url("/county"),
        "state": "BY",
        "interval": "1h",
        "allow_private": True,
    }


def test_an_empty_value_takes_a_setting_out(home: Home, town: Server) -> None:
    before = config(home)
    home.run("feeds", "edit", "town", "--tag", "a", "--state", "BY", "--limit", "3")
    home.run("feeds", "edit", "town", "--tag", "", "--state", "", "--limit", "0")
    changed = tables(home)[0]
    changed.pop("limit", None)

    assert changed == tomllib.loads(before)["feeds"][0]
    assert comments(config(home)) == comments(before)


def test_pause_and_resume_leave_no_trace(home: Home, town: Server) -> None:
    before = config(home)
    assert home.run("feeds", "pause", "town", "Der Landkreis").stderr == "kommcli: paused: town, county\n"
    assert home.run("feeds", "list").stdout.count("\tpaused\t") == 2
    assert [one["reason"] for one in home.json("fetch", "--json")["feeds"]] == ["paused", "paused"]
    assert town.requests == []
    assert home.run("feeds", "resume", "county", "town").returncode == 0
    assert config(home) == before


def test_changing_a_built_in_feed_writes_the_list_into_the_configuration(home: Home) -> None:
    keys = [one["key"] for one in home.json("feeds", "list", "--json")["feeds"]]
    home.config("limit = 9 # mine\n")
    assert home.run("feeds", "pause", "Behörden Spiegel").returncode == 0

    listed = home.json("feeds", "list", "--json")["feeds"]
    assert [one["key"] for one in listed] == keys
    assert not next(one for one in listed if one["key"] == "behoerden-spiegel")["enabled"]
    assert config(home).startswith("limit = 9 # mine\n")
    assert "# verified June 2026" in config(home)


def test_remove_keeps_the_comments_and_the_articles(home: Home, town: Server) -> None:
    home.run("fetch")
    before = config(home)
    done = home.run("feeds", "remove", "--yes", "town")

    assert (done.returncode, done.stderr) == (0, "kommcli: 1 feed removed: town\n")
    assert [table["key"] for table in tables(home)] == ["county"]
    lost = [comment for comment in comments(before) if comment not in comments(config(home))]
    assert lost == [" asks us to be gentle"]  # it stood in the table that is gone
    assert len(home.json("latest", "--offline", "--json")["articles"]) == 2


def test_removing_the_last_feed_leaves_an_empty_list(home: Home, town: Server) -> None:
    assert (
        home.run("feeds", "remove", "--yes", "town", "county").stderr
        == "kommcli: 2 feeds removed: town, county\n"
    )
    assert "feeds = []" in config(home)
    assert home.json("feeds", "list", "--json")["feeds"] == []
    assert home.run("config", "get", "limit").stdout == "7\n"
    done = home.run("fetch")
    assert (done.returncode, done.stdout) == (0, "")
    assert home.run("feeds", "add", town.url("/town")).returncode == 0
    assert [table["key"] for table in tables(home)] == ["amtsblatt"]


@pytest.mark.row("C16")
def test_C16_remove_refuses_where_nobody_can_be_asked(home: Home, town: Server) -> None:
    before = config(home)
    done = home.run("feeds", "remove", "town", "county")

    assert (done.returncode, config(home)) == (2, before)
    assert done.stderr == (
        "kommcli: feeds remove asks before it removes, and here is nobody to ask [usage]."
        " Say --yes: kommcli feeds remove --yes town county\n"
    )


@pytest.mark.parametrize(
    ("answer", "kept"),
    [("y", ["county"]), ("Ja", ["county"]), ("n", ["town", "county"]), ("", ["town", "county"])],
)
def test_remove_asks_on_a_terminal(home: Home, town: Server, answer: str, kept: list[str]) -> None:
    pexpect = pytest.importorskip("pexpect")
    child = pexpect.spawn(
        sys.executable,
        ["-m", "kommcli", "feeds", "remove", "town"],
        env=home.env | {"TERM": "xterm"},
        timeout=30,
    )
    child.expect_exact("Remove town? The articles stay in the archive. [y/N]: ")
    child.sendline(answer)
    child.expect(pexpect.EOF)
    told = child.before.decode()
    child.close()

    assert [table["key"] for table in tables(home)] == kept
    assert child.exitstatus == 0
    assert ("nothing was removed" in told) == (len(kept) == 2)


@pytest.mark.parametrize("command", ["edit", "pause", "resume", "remove", "check"])
def test_an_unknown_feed_is_named_with_the_nearest(home: Home, town: Server, command: str) -> None:
    options = {"edit": ["--title", "x"], "remove": ["--yes"]}.get(command, [])
    done = home.run("feeds", command, "towm", *options)

    assert done.returncode == 2
    assert done.stderr == 'kommcli: there is no feed "towm" [usage.feed]. Did you mean "town"?\n'


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["pause"], "which feed? [usage]. See `kommcli feeds list`."),
        (["remove", "--yes"], "which feed? [usage]."),
        (["edit", "town"], "nothing to change was named [usage]. See the options: kommcli feeds edit --help"),
        (["edit"], "FEED is missing [usage]."),
        (["edit", "town", "--url", "ftp://x"], "ftp://x cannot be subscribed to"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_incomplete_commands(home: Home, town: Server, arguments: list[str], message: str) -> None:
    before = config(home)
    done = home.run("feeds", *arguments)

    assert (done.returncode, config(home)) == (2, before)
    assert done.stderr.startswith(f"kommcli: {message}")


# ---------------------------------------------------------------------------------------------- check


def test_check_tells_how_each_feed_is_and_stores_nothing(home: Home, town: Server) -> None:
    found = home.json("feeds", "check", "--json", status=3)["feeds"]

    assert found[0] == {
        "key": "town",
        "url": town.url("/town"),
        "enabled": True,
        "ok": True,
        "http_status": 200,
        "content_type": None,
        "title": "Amtsblatt",
        "entries": 2,
        "newest": "2026-10-15T08:00:00+02:00",
        "warnings": [],
        "moved_to": None,
        "code": None,
        "message": None,
        "failures": 0,
        "failing_since": None,
        "last_ok": None,
    }
    assert (found[1]["ok"], found[1]["http_status"], found[1]["code"]) == (False, 404, "http.status")
    assert not (home.path / "archive.db").exists()


@pytest.mark.parametrize(("keys", "status"), [(["town"], 0), (["county"], 4), ([], 3)])
def test_check_exit_codes_and_lines(home: Home, town: Server, keys: list[str], status: int) -> None:
    done = home.run("feeds", "check", *keys)
    lines = {
        "town": f"town\tok\t200\t2\t2026-10-15T08:00:00+02:00\t\t{town.url('/town')}",
        "county": f"county\thttp.status\t404\t0\t\t\t{town.url('/county')}",
    }

    assert (done.returncode, done.stderr) == (status, "")
    assert done.stdout.splitlines() == [lines[key] for key in keys or lines]


def test_check_asks_a_paused_feed_too(home: Home, town: Server) -> None:
    home.run("feeds", "pause", "town")

    assert home.json("feeds", "check", "town", "--json")["feeds"][0]["ok"]
