"""`latest`: formats, filters, freshness, failures and broken pipes, through the real program."""

from __future__ import annotations

import csv
import io
import json
import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import Home, item, make_home, rss
from loopback import Server
from newsroom import in_files, newsroom

LATER = {"KOMMCLI_NOW": "2026-10-16T12:30:00+02:00"}
"""Half an hour after the archive of `NOW` has become too old."""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Eight articles of two feeds; only read by the tests."""
    return newsroom(make_home(tmp_path_factory.mktemp("archive")))


def titles(done: subprocess.CompletedProcess[str]) -> list[str]:
    """The titles of a plain list."""
    assert done.returncode == 0, done.stderr
    return [line.split("\t")[9] for line in done.stdout.splitlines()]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


# ------------------------------------------------------------------------------------------- formats

PLAIN = """\
d5fc1e1a\t2026-10-16T11:00:00+02:00\tbeta\t\t\t\t\tu\t\tOhne Datum\thttps://news.example/6\t\t
yqmfqvyb\t2026-10-16T08:00:00+02:00\talpha\tDE-BB\tPotsdam\t\t\tu\tPotsdam\tWohni bewährt sich\thttps://news.example/1\t\t
f5vvm3rk\t2026-10-16T00:00:00+02:00\talpha\t\t\t\t\tu\t\t=1+1 und mehr\thttps://news.example/2\t\t
xsdaxms0\t2026-10-15T23:59:59+02:00\talpha\t\t\tsmart-city\t\tu\t\tWas "smart" heißt, in Zahlen\thttps://news.example/3\t\t
"""

CSV = """\
id,published,feed,states,places,topics,kind,flags,kicker,title,url,teaser,story,also_in
d5fc1e1a,2026-10-16T11:00:00+02:00,beta,,,,,u,,Ohne Datum,https://news.example/6,Teaser of article 6.,,
yqmfqvyb,2026-10-16T08:00:00+02:00,alpha,DE-BB,Potsdam,,,u,Potsdam,Wohni bewährt sich,https://news.example/1,Teaser of article 1.,,
f5vvm3rk,2026-10-16T00:00:00+02:00,alpha,,,,,u,,'=1+1 und mehr,https://news.example/2,"'-2 Grad, sagt sie",,
xsdaxms0,2026-10-15T23:59:59+02:00,alpha,,,smart-city,,u,,"Was ""smart"" heißt, in Zahlen",https://news.example/3,Teaser of article 3.,,
"""  # noqa: E501


def test_plain_is_the_default_in_a_pipe(archive: Home) -> None:
    done = archive.run("latest", "-n", "4")

    assert (done.returncode, done.stdout, done.stderr) == (0, PLAIN, "")


@pytest.mark.row("T17")
def test_T17_csv_is_rfc_4180_with_formula_safe_cells(archive: Home, tmp_path: Path) -> None:
    archive.run("latest", "-n", "4", "-F", "csv", "-o", str(tmp_path / "list.csv"))

    assert (tmp_path / "list.csv").read_bytes() == CSV.replace("\n", "\r\n").encode()
    rows = list(csv.reader(io.StringIO(CSV)))
    assert [len(row) for row in rows] == [14] * 5


def test_json_is_the_envelope_of_the_contract(archive: Home) -> None:
    listed = archive.json("latest", "-n", "2", "--json")

    assert list(listed) == ["schema", "generated", "articles", "errors"]
    assert (listed["schema"], listed["generated"]) == ("kommcli/articles/1", "2026-10-16T11:00:00+02:00")
    assert listed["errors"] == []
    undated, potsdam = listed["articles"]
    assert (undated["published_is_estimate"], undated["published"]) == (True, undated["first_seen"])
    assert potsdam == {
        "id": "yqmfqvyb",
        "url": "https://news.example/1",
        "kicker": "Potsdam",
        "title": "Wohni bewährt sich",
        "kind": None,
        "published": "2026-10-16T08:00:00+02:00",
        "published_is_estimate": False,
        "updated": None,
        "edited": None,
        "first_seen": "2026-10-16T11:00:00+02:00",
        "feed": {"key": "alpha", "title": "Grüne Städte", "url": "file:alpha.xml"},
        "topics": [],
        "states": ["DE-BB"],
        "level": None,
        "places": [
            {"name": "Potsdam", "kind": "municipality", "ags": "12054000", "states": ["DE-BB"]},
        ],
        "teaser": "Teaser of article 1.",
        "image": None,
        "enclosure": None,
        "story": None,
        "also_in": [],
        "truncated": False,
        "read": False,
        "starred": False,
    }


def test_jsonl_has_the_same_objects_one_a_line(archive: Home) -> None:
    lines = archive.run("latest", "-F", "jsonl").stdout.splitlines()

    assert [json.loads(line) for line in lines] == archive.json("latest", "--json")["articles"]
    assert len(lines) == 8


def test_terminal_format_in_a_pipe_has_no_colours(archive: Home) -> None:
    done = archive.run("latest", "-F", "terminal")

    assert "\x1b" not in done.stdout
    assert "Potsdam: Wohni bewährt sich" in done.stdout
    assert (
        done.stdout.rstrip().splitlines()[-1]
        == "8 articles · as of today 11:00 · read one: kommcli read NUMBER"
    )


@pytest.mark.parametrize("mode", [0o600, 0o644])
def test_output_file_is_replaced_in_one_step_and_keeps_its_mode(
    archive: Home, tmp_path: Path, mode: int
) -> None:
    target = tmp_path / "list.txt"
    target.write_text("old")
    target.chmod(mode)
    before = target.stat().st_ino
    done = archive.run("latest", "-n", "4", "-o", str(target))

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert target.read_text("utf-8") == PLAIN
    assert stat.S_IMODE(target.stat().st_mode) == mode
    assert target.stat().st_ino != before
    assert list(tmp_path.iterdir()) == [target]  # nothing temporary stays


def test_a_new_output_file_obeys_the_umask(archive: Home, tmp_path: Path) -> None:
    command = f"umask 027; {sys.executable} -m kommcli latest -F terminal -o list.txt"
    subprocess.run(command, shell=True, env=archive.env, cwd=tmp_path, check=True)

    assert stat.S_IMODE((tmp_path / "list.txt").stat().st_mode) == 0o640
    assert "\x1b" not in (tmp_path / "list.txt").read_text("utf-8")


def test_an_output_file_that_cannot_be_written(archive: Home, tmp_path: Path) -> None:
    done = archive.run("latest", "-o", str(tmp_path / "no" / "list.txt"))

    assert done.returncode == 6
    assert done.stderr == (
        f"kommcli: {tmp_path}/no/list.txt cannot be written (No such file or directory) [io.file]."
        " Check the path and its permissions.\n"
    )


# ------------------------------------------------------------------------------------------- filters

TODAY = ["Ohne Datum", "Wohni bewährt sich", "=1+1 und mehr"]
WEEK_42 = [*TODAY, 'Was "smart" heißt, in Zahlen', "Montag null Uhr"]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--since", "2026-10-16"], TODAY),
        (["--since", "16.10.2026"], TODAY),
        (["--since", "16.10."], TODAY),
        (["--since", "heute"], TODAY),
        (["--since", "gestern"], WEEK_42[:4]),
        (["--since", "yesterday", "--until", "yesterday"], WEEK_42[3:4]),
        (["--since", "3h"], TODAY[:2]),
        (["--since", "KW 42"], WEEK_42),
        (["--since", "kw42/2026"], WEEK_42),
        (["--since", "2026-W41", "--until", "KW 41"], ["Sonntag kurz vor Mitternacht"]),
        (["--since", "5w", "--until", "September"], ["Im September"]),
        (["--until", "2025"], ["Im Vorjahr"]),
        (["--until", "11.10.2026", "--since", "Oktober"], ["Sonntag kurz vor Mitternacht"]),
        (["--since", "2026-10-16T08:00"], TODAY[:2]),
        (["--limit", "2"], TODAY[:2]),
    ],
    ids=lambda value: " ".join(value) if value and value[0].startswith("--") else "",
)
def test_day_and_week_borders_are_berlins(archive: Home, options: list[str], expected: list[str]) -> None:
    assert titles(archive.run("latest", "--offline", *options, env={"TZ": "Asia/Tokyo"})) == expected


@pytest.mark.parametrize("name", ["beta", "BETA", "Behörden Blick", "behoerden blick", "BEHORDEN  BLICK"])
def test_feed_by_key_and_by_title(archive: Home, name: str) -> None:
    assert titles(archive.run("latest", "--feed", name)) == ["Ohne Datum", "Im September", "Im Vorjahr"]


def test_several_feeds_are_alternatives(archive: Home) -> None:
    assert len(titles(archive.run("latest", "-f", "alpha", "-f", "beta"))) == 8
    assert len(titles(archive.run("latest", "-f", "alpha", "--until", "11.10.2026"))) == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--feed", "bete"], 'there is no feed "bete" [usage.feed]. Did you mean "beta"?'),
        (["--feed", "xyz"], 'there is no feed "xyz" [usage.feed]. Known are: alpha, beta.'),
        (["--feed", ""], 'there is no feed "" [usage.feed]. Known are: alpha, beta.'),
        (["--since", "gestern?"], '--since "gestern?" is no date [usage.date]. Write it like 2025-10-16,'),
        (["--until", "KW 54"], '--until "KW 54" is no date [usage.date]'),
        (
            ["--since", "heute", "--until", "gestern"],
            '--since "heute" lies behind --until "gestern" [usage.date]',
        ),
        (["--limit", "0"], "0 is out of range for -n / --limit"),
        (["--offline", "--refresh"], "--offline and --refresh contradict each other [usage]"),
        (["--json", "-F", "csv"], "--json and --format csv contradict each other [usage]"),
        (
            ["-F", "yaml"],
            "yaml for -F / --format is none of terminal, plain, json, jsonl, csv, markdown, html,",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
@pytest.mark.row("C13")
def test_C13_what_makes_no_sense_is_one_line_and_exit_2(
    archive: Home, options: list[str], message: str
) -> None:
    done = archive.run("latest", *options)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"kommcli: {message}")
    assert len(done.stderr.splitlines()) == 1


def test_a_feed_is_also_found_by_the_title_it_gives_itself(archive: Home) -> None:
    assert len(titles(archive.run("latest", "--feed", "Grüne Städte"))) == 5


def test_unread_and_starred(archive: Home, tmp_path: Path) -> None:
    home = archive.copy(tmp_path)
    home.run("mark", "read", "yqmfqvyb", "d5fc1e1a")
    home.run("mark", "star", "d5fc1e1a")

    assert len(titles(home.run("latest", "--unread"))) == 6
    assert titles(home.run("latest", "--starred")) == ["Ohne Datum"]
    assert titles(home.run("latest", "--starred", "--unread")) == []
    flags = [line.split("\t")[7] for line in home.run("latest", "-n", "3").stdout.splitlines()]
    assert flags == ["s", "", "u"]


def test_limit_of_the_configuration(home: Home) -> None:
    in_files(home, {"many": rss("".join(item(number) for number in range(25)))})

    assert len(titles(home.run("latest"))) == 20
    home.run("config", "set", "limit", "3")
    assert len(titles(home.run("latest"))) == 3
    assert len(titles(home.run("latest", "-n", "7"))) == 7


# ----------------------------------------------------------------------------------------- freshness


@pytest.fixture
def live(home: Home, server: Server) -> Server:
    """A server whose one feed has been fetched at `NOW`, and forgotten that."""
    server.reply("/a", rss(item(1)))
    home.feeds({"a": server.url("/a")})
    assert home.run("fetch").returncode == 0
    server.requests.clear()
    return server


def asked(server: Server) -> list[str]:
    """The paths that were asked since the last call."""
    paths = [request.path for request in server.requests]
    server.requests.clear()
    return paths


def test_a_fresh_archive_is_not_fetched_and_a_stale_one_is(home: Home, live: Server) -> None:
    home.run("latest", env={"KOMMCLI_NOW": "2026-10-16T11:59:59+02:00"})
    assert asked(live) == []
    live.reply("/a", rss(item(1) + item(2)))
    done = home.run("latest", env={"KOMMCLI_NOW": "2026-10-16T12:00:00+02:00"})
    assert asked(live) == ["/a"]
    assert len(titles(done)) == 2


def test_offline_never_asks_and_refresh_always_does(home: Home, live: Server) -> None:
    home.run("latest", "--offline", env={"KOMMCLI_NOW": "2027-01-01T00:00:00+01:00"})
    assert asked(live) == []
    home.run("latest", "--refresh")
    assert asked(live) == ["/a"]


def test_refresh_after_0s_always_asks(home: Home, live: Server) -> None:
    home.run("config", "set", "refresh_after", "0s")
    home.run("latest")
    assert asked(live) == ["/a"]


def test_a_feed_that_was_added_is_fetched_by_the_next_latest(home: Home, live: Server) -> None:
    live.reply("/b", rss(item(2)))
    home.feeds({"a": live.url("/a"), "b": live.url("/b")})

    assert len(titles(home.run("latest"))) == 2
    assert "/b" in asked(live)
    home.run("latest")
    assert asked(live) == []


def test_a_paused_feed_does_not_keep_the_archive_stale(home: Home, live: Server) -> None:
    path = home.feeds({"a": live.url("/a"), "b": live.url("/b")})
    path.write_text(path.read_text() + "enabled = false\n")

    home.run("latest")
    assert asked(live) == []


@pytest.mark.row("S17")
def test_S17_a_clock_that_was_set_back_refreshes(home: Home, live: Server) -> None:
    home.run("latest", env={"KOMMCLI_NOW": "2025-10-16T11:00:00+02:00"})
    assert asked(live) == ["/a"]


def test_a_failed_feed_is_one_line_and_an_entry_in_errors(home: Home, live: Server) -> None:
    home.feeds({"a": live.url("/a"), "b": live.url("/b")})
    done = home.run("latest")

    assert (done.returncode, len(titles(done))) == (0, 1)
    assert done.stderr == (
        f"kommcli: b (127.0.0.1:{live.port}): the server answers with an error (404 Not Found) [http.status]."
        " Check the address in a browser or try again later.\n"
    )
    (error,) = home.json("latest", "--json", "--refresh")["errors"]
    assert (error["feed"], error["code"], error["http_status"], error["failures"]) == (
        "b",
        "http.status",
        404,
        2,
    )


def test_several_failed_feeds_are_one_line_too(home: Home, live: Server) -> None:
    home.feeds({"a": live.url("/a")} | {f"b{number}": live.url(f"/b{number}") for number in range(6)})
    done = home.run("latest")

    assert (done.returncode, len(titles(done))) == (0, 1)
    assert done.stderr == "kommcli: 6 feeds failed (b0, b1, b2, b3, …). See `kommcli feeds list`.\n"


@pytest.mark.row("N16")
def test_the_archive_is_shown_when_the_network_is_away(home: Home, live: Server) -> None:
    live.close()
    done = home.run("latest", env=LATER)

    assert (done.returncode, len(titles(done))) == (0, 1)
    assert done.stderr.splitlines()[1:] == ["kommcli: as of today 11:00"]
    again = home.run("latest", env={"KOMMCLI_NOW": "2026-10-16T12:34:00+02:00"})
    assert again.stderr == ""  # a network that was away is left alone for five minutes


# ------------------------------------------------------------------------------------ nothing to show


def test_an_empty_archive_offline_says_how_to_fill_it(home: Home) -> None:
    done = home.run("latest", "--offline")

    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "kommcli: the archive is empty; fetch with: kommcli fetch\n"
    assert home.json("latest", "--offline", "--json")["articles"] == []
    assert home.run("-q", "latest", "--offline").stderr == ""


@pytest.mark.row("N16")
def test_no_network_and_no_archive_is_exit_4_and_offers_the_demo(home: Home) -> None:
    home.feeds({"a": f"http://127.0.0.1:{free_port()}/"})
    done = home.run("latest", "-F", "csv")

    assert done.returncode == 4
    assert (
        done.stdout
        == "id,published,feed,states,places,topics,kind,flags,kicker,title,url,teaser,story,also_in\n"
    )
    assert "no feed could be fetched and the archive is empty" in done.stderr
    assert done.stderr.endswith("[net.offline]. See how it looks without a network: kommcli --demo latest\n")


def test_filters_that_find_nothing_are_not_an_empty_archive(archive: Home) -> None:
    done = archive.run("latest", "--starred")

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


# ----------------------------------------------------------------------------- pipes and full devices


@pytest.fixture(scope="module")
def thousand(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """1,000 articles; only read by the tests."""
    home = make_home(tmp_path_factory.mktemp("thousand"))
    in_files(home, {"many": rss("".join(item(number) for number in range(1_000)))})
    home.run("latest", "-F", "terminal")
    return home


def shell(home: Home, command: str) -> tuple[str, str]:
    """Standard output and standard error of a line for bash in which ``kommcli`` is the program."""
    function = f'kommcli() {{ "{sys.executable}" -m kommcli "$@"; }}\n'
    done = subprocess.run(
        ["bash", "-c", function + command], env=home.env, capture_output=True, text=True, timeout=60
    )
    return done.stdout, done.stderr


@pytest.mark.parametrize(
    "arguments",
    ["latest -n 1000", "latest -n 1000 --json", "latest -n 1000 -F jsonl", "latest -n 1000 -F csv",
     "latest -n 1000 -F terminal"],
)  # fmt: skip
@pytest.mark.row("S21")
def test_S21_a_closed_pipe_is_silent_and_exit_141(thousand: Home, arguments: str) -> None:
    out, err = shell(thousand, f"kommcli {arguments} | head -1; echo ${{PIPESTATUS[0]}}")

    assert err == ""
    assert out.splitlines()[1:] == ["141"]


@pytest.mark.parametrize("arguments", ["--help", "latest --help", "mark", "config show", "--version"])
@pytest.mark.row("S21")
def test_S21_a_pipe_that_nobody_reads(thousand: Home, arguments: str) -> None:
    out, err = shell(thousand, f"(sleep 0.5; kommcli {arguments}; echo $? >&2) | exec true")

    assert (out, err) == ("", "141\n")


@pytest.mark.row("S21")
def test_S21_head_takes_the_first_line_of_the_help(thousand: Home) -> None:
    out, err = shell(thousand, "kommcli --help | head -1")

    assert (out, err) == ("Usage: kommcli [OPTIONS] COMMAND [ARGS]...\n", "")


UNWRITABLE = (
    "kommcli: standard output cannot be written ({cause}) [io.stdout]."
    " Make room, or write to another place.\n"
)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
@pytest.mark.parametrize(
    "arguments",
    ["latest", "latest -n 1000 --json", "latest -F terminal", "--help", "mark", "--version", "-v --version",
     "read 3 -F terminal --offline"],
)  # fmt: skip
@pytest.mark.row("S22")
def test_S22_a_full_device_is_exit_6_without_a_traceback(thousand: Home, arguments: str) -> None:
    out, err = shell(thousand, f"kommcli {arguments} >/dev/full; echo $?")

    assert out == "6\n"
    assert err == UNWRITABLE.format(cause="No space left on device")


@pytest.mark.parametrize("arguments", ["latest", "latest -F terminal", "--version"])
@pytest.mark.row("S22")
def test_S22_a_closed_standard_output_is_exit_6(thousand: Home, arguments: str) -> None:
    out, err = shell(thousand, f"(kommcli {arguments} >&-); echo $?")

    assert out == "6\n"
    assert err == UNWRITABLE.format(cause="Bad file descriptor")


@pytest.mark.row("S22")
def test_S22_without_standard_error_and_input_the_work_goes_on(thousand: Home) -> None:
    assert shell(thousand, "kommcli latest -n 1 2>&- <&- | wc -l") == ("1\n", "")
    assert shell(thousand, "kommcli read zzzz 2>&-; echo $?") == ("4\n", "")
    assert shell(thousand, "kommcli fetch --all 2>&- >&-; echo $?") == ("0\n", "")
    if os.path.exists("/dev/full"):
        assert shell(thousand, "kommcli read zzzz 2>/dev/full; echo $?") == ("4\n", "")
