"""`topics`, `states`, `places` and `stats`: what there is, counted, in every format and width."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest

from conftest import Home, item, make_home, rss, shown
from gazette import gazette
from newsroom import HOSTILE, in_files

COMMANDS = ["topics", "states", "places", "stats"]
COUNTED = COMMANDS[:3]
THIS_YEAR = "since:2026-09-01"
REST = ("bund", "eu", "none")
"""Keys of what has no state, topic or place of its own: counted besides."""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Twelve articles about places and topics; only read by the tests."""
    return gazette(make_home(tmp_path_factory.mktemp("archive")))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home in which the demo was run once."""
    home = make_home(tmp_path_factory.mktemp("demo"))
    assert home.run("--demo", "latest").returncode == 0
    return home


def counts(home: Home, what: str, *arguments: str) -> dict[str, int]:
    """The numbers by key that a command tells as JSON."""
    return {row["key"]: row["count"] for row in home.json(what, "--json", *arguments)[what]}


def table(home: Home, *arguments: str) -> list[dict[str, str]]:
    """The rows of a CSV output."""
    done = home.run(*arguments, "--csv")
    assert (done.returncode, done.stderr) == (0, "")
    return list(csv.DictReader(io.StringIO(done.stdout)))


# ------------------------------------------------------------------------------------------------- JSON


def test_topics_as_json(archive: Home) -> None:
    value = archive.json("topics", "--json", THIS_YEAR)

    assert (value["schema"], value["total"]) == ("kommcli/topics/1", 11)
    assert value["weeks"] == ["2026-W38", "2026-W39", "2026-W40", "2026-W41", "2026-W42"]
    rows = {row["key"]: row for row in value["topics"]}
    assert rows["ki"] == {
        "key": "ki",
        "name": "Künstliche Intelligenz",
        "count": 3,
        "weeks": [0, 0, 0, 1, 2],
    }
    assert rows["quantenrechner"]["name"] == "Quantenrechner"
    assert (rows["none"]["name"], rows["none"]["count"]) == ("none", 2)


def test_states_as_json(archive: Home) -> None:
    value = archive.json("states", "--json")

    rows = {row["key"]: row for row in value["states"]}
    assert (rows["DE-HE"]["code"], rows["DE-HE"]["name"], rows["DE-HE"]["count"]) == ("DE-HE", "Hessen", 3)
    assert {key: row["count"] for key, row in rows.items()} == {
        "DE-HE": 3, "DE-BY": 2, "DE-NW": 2, "DE-BB": 1, "DE-BW": 1, "bund": 1, "eu": 1, "none": 4,
    }  # fmt: skip
    assert [rows[key]["code"] for key in ("bund", "eu", "none")] == [None, None, None]


def test_places_as_json(archive: Home) -> None:
    rows = {row["key"]: row for row in archive.json("places", "--json", THIS_YEAR)["places"]}

    assert rows["06440002"] == {
        "key": "06440002",
        "name": "Bad Nauheim",
        "kind": "municipality",
        "ags": "06440002",
        "states": ["DE-HE"],
        "count": 1,
        "weeks": [0, 0, 0, 0, 1],
    }
    assert (rows["none"]["ags"], rows["none"]["kind"], rows["none"]["count"]) == (None, None, 5)


def test_stats_as_json(archive: Home) -> None:
    value = archive.json("stats", "--json", THIS_YEAR)

    assert (value["schema"], value["total"]) == ("kommcli/stats/1", 11)
    assert [(one["week"], one["count"]) for one in value["weeks"]] == [
        ("2026-W38", 3), ("2026-W39", 0), ("2026-W40", 0), ("2026-W41", 5), ("2026-W42", 3),
    ]  # fmt: skip
    assert [(one["key"], one["name"], one["count"]) for one in value["feeds"]] == [
        ("alpha", "Grüne Städte", 6), ("beta", "Behörden Blick", 5),
    ]  # fmt: skip
    cells = {(one["state"], one["topic"]): one["count"] for one in value["states_by_topic"]}
    assert cells["DE-HE", "ki"] == 2
    assert cells["DE-NW", "open-data"] == 1
    assert cells["bund", "open-data"] == 1


@pytest.mark.parametrize("command", COUNTED)
def test_rows_are_in_order_and_their_weeks_add_up(archive: Home, command: str) -> None:
    value = archive.json(command, "--json", THIS_YEAR)

    numbers = [row["count"] for row in value[command]]
    assert numbers == sorted(numbers, reverse=True)
    for row in value[command]:
        assert len(row["weeks"]) == len(value["weeks"])
        assert sum(row["weeks"]) == row["count"]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_year_of_weeks_at_most(archive: Home, command: str) -> None:
    assert len(archive.json(command, "--json")["weeks"]) == 52


def test_what_is_counted_can_be_asked_for(archive: Home) -> None:
    for command, key in (("topics", "topic"), ("states", "state"), ("places", "place")):
        for value, count in list(counts(archive, command).items())[:4]:
            found = archive.json("latest", "--offline", "--json", f"{key}:{value}", "-n", "99")["articles"]
            assert len(found) == count, (key, value)


# ---------------------------------------------------------------------------------------- filters and -n


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["-s", "HE"], {"ki": 2, "e-akte": 1}),
        (["state:he", "-topic:ki"], {"e-akte": 1}),
        (["-topic:ki", "-s", "HE"], {"e-akte": 1}),
        (["kw:42"], {"ki": 2, "breitband": 1}),
        (["--view", "ki", "-n", "1"], {"ki": 3}),
        (["chatbot"], {"ki": 3}),
        (["place:Ulm"], {"quantenrechner": 1}),
    ],
)
def test_filters_hold_for_counts(archive: Home, arguments: list[str], expected: dict[str, int]) -> None:
    found = counts(archive, "topics", *arguments)

    assert {key: count for key, count in found.items() if key in expected} == expected
    assert set(expected) <= set(found)


def test_a_limit_is_one_of_rows(archive: Home) -> None:
    for command in COUNTED:
        everything = archive.json(command, "--json")
        some = archive.json(command, "--json", "-n", "2")
        assert [row for row in some[command] if row["key"] not in REST] == [
            row for row in everything[command] if row["key"] not in REST
        ][:2]
        assert some["total"] == everything["total"] == 12
        assert len(archive.run(command, "-n", "2").stdout.splitlines()) == len(some[command])
    assert archive.run("topics", "-n", "0").returncode == 2


def test_a_list_of_places_on_a_terminal_is_short(home: Home) -> None:
    towns = (
        "Aachen Augsburg Bamberg Bayreuth Bielefeld Bochum Bonn Bottrop Chemnitz Cottbus Darmstadt Dessau"
        " Dortmund Dresden Duisburg Erfurt Flensburg Fürth Gera Göttingen Greifswald Hildesheim Ingolstadt"
        " Jena Karlsruhe Kassel Kiel Koblenz Krefeld Leipzig Leverkusen Lübeck Magdeburg Mannheim Nürnberg"
    ).split()
    in_files(home, {"many": rss("".join(item(n, f"{town}: Es geht los") for n, town in enumerate(towns)))})

    assert len(home.json("places", "--json")["places"]) >= len(towns)
    lines = home.run("places", "-F", "terminal").stdout.splitlines()
    assert sum("█" in line for line in lines) == 30
    more = home.run("places", "-F", "terminal", "-n", "33").stdout.splitlines()
    assert sum("█" in line for line in more) == 33
    assert len(home.run("places").stdout.splitlines()) >= len(towns)


# ----------------------------------------------------------------------------------------- plain and CSV


def test_plain_is_one_row_a_line(archive: Home) -> None:
    lines = archive.run("topics", THIS_YEAR).stdout.splitlines()

    assert "ki\tKünstliche Intelligenz\t3\t0,0,0,1,2" in lines
    assert all(len(line.split("\t")) == 4 for command in COUNTED for line in
               archive.run(command, THIS_YEAR).stdout.splitlines())  # fmt: skip


def test_plain_statistics(archive: Home) -> None:
    lines = archive.run("stats", THIS_YEAR).stdout.splitlines()

    assert "week\t2026-W41\t\t5" in lines
    assert "feed\tbeta\t\t5" in lines
    assert "state\tDE-HE\tki\t2" in lines


@pytest.mark.parametrize("command", COUNTED)
def test_csv_says_what_json_says(archive: Home, command: str) -> None:
    value = archive.json(command, "--json", THIS_YEAR)
    rows = table(archive, command, THIS_YEAR)

    assert [(row["key"], row["name"], int(row["count"])) for row in rows] == [
        (row["key"], row["name"], row["count"]) for row in value[command]
    ]
    for row, other in zip(rows, value[command], strict=True):
        assert [int(row[week]) for week in value["weeks"]] == other["weeks"]


def test_csv_has_the_line_ends_of_rfc_4180(archive: Home, tmp_path: Path) -> None:
    for command in COMMANDS:
        archive.run(command, "-F", "csv", "-o", str(tmp_path / "out"))
        lines = (tmp_path / "out").read_bytes().split(b"\r\n")
        assert lines[-1] == b""
        assert not any(b"\n" in line for line in lines)
        assert b"\n".join(lines).decode() == archive.run(command, "--csv").stdout


def test_statistics_as_csv(archive: Home) -> None:
    rows = table(archive, "stats", THIS_YEAR)

    assert {"what": "week", "key": "2026-W42", "topic": "", "count": "3"} in rows
    assert {"what": "feed", "key": "alpha", "topic": "", "count": "6"} in rows
    assert {"what": "state", "key": "DE-BB", "topic": "ki", "count": "1"} in rows


def test_a_spreadsheet_calculates_nothing(home: Home) -> None:
    in_files(
        home, {"evil": rss(item(1, "Harmlos", category="=SUM(1+1)") + item(2, "Auch", category="@Rechnen"))}
    )

    rows = table(home, "topics")
    assert len(rows) == 2, rows
    assert all(row["name"].startswith("'") for row in rows)


@pytest.mark.parametrize("other", [["--json"], ["-F", "plain"], ["-F", "terminal"]])
def test_csv_and_another_format_contradict_each_other(archive: Home, other: list[str]) -> None:
    done = archive.run("topics", "--csv", *other)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("kommcli: --csv and another format contradict each other [usage].")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("form", ["plain", "json"])
def test_a_file_gets_what_a_pipe_gets(archive: Home, tmp_path: Path, command: str, form: str) -> None:
    done = archive.run(command, "-F", form, "-o", str(tmp_path / "out"))

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "out").read_text("utf-8") == archive.run(command, "-F", form).stdout


# ---------------------------------------------------------------------------------------------- terminal


@pytest.mark.parametrize("columns", [60, 100, 200])
@pytest.mark.parametrize("command", COMMANDS)
def test_counts_fit_the_terminal(archive: Home, command: str, columns: int) -> None:
    # One column more than the program knows of would show what it writes too far.
    output = archive.terminal(command, THIS_YEAR, columns=columns, COLUMNS=str(columns))
    screen = shown(output, columns + 20)

    assert max(map(len, screen.splitlines())) <= columns
    assert "11 articles" in screen
    assert "sparkline: KW 38 to KW 42" in screen
    assert "…" not in screen


def test_a_row_has_number_bar_and_course(archive: Home) -> None:
    lines = archive.run("topics", THIS_YEAR, "-F", "terminal", env={"COLUMNS": "100"}).stdout.splitlines()

    (first,) = (line for line in lines if line.startswith("Künstliche Intelligenz"))
    assert re.fullmatch(r"Künstliche Intelligenz +3 +27% +█+ +▁▁▁[▄▅]█ *", first)
    rest = next(line for line in lines if line.startswith("no topic"))
    assert "██" not in rest
    assert rest is lines[-3]  # what is none of them comes last


def test_states_are_a_map_where_there_is_room(archive: Home) -> None:
    for columns, beside in ((60, False), (100, True), (200, True)):
        screen = archive.run("states", "-F", "terminal", env={"COLUMNS": str(columns)}).stdout
        tiles = screen.splitlines()
        assert any(re.search(r"\bNW\b.*\bNI\b.*\bST\b.*\bBB\b.*\bBE\b", line) for line in tiles)
        assert any(re.search(r"\bSL\b.*\bBW\b.*\bBY\b", line) for line in tiles)
        assert ("Hessen" in tiles[0]) == beside
    narrow = archive.run("states", "-F", "terminal", env={"COLUMNS": "40"}).stdout
    assert narrow.startswith("Hessen")
    assert "Europe" in narrow


def test_the_map_has_colours_on_a_terminal_and_boxes_without(archive: Home) -> None:
    coloured = archive.terminal("states")
    assert re.search(rb"\x1b\[[0-9;]*48;5;\d+m", coloured)
    assert "╔" not in coloured.decode()
    for output in (
        archive.terminal("states", NO_COLOR="1"),
        archive.run("states", "-F", "terminal").stdout.encode(),
    ):
        assert not re.search(rb"\x1b\[[0-9;]*[34][0-9]", output)
        assert "━ NI ━" in output.decode() or "╌ NI ╌" in output.decode()
        assert "HE" in output.decode()


@pytest.mark.parametrize("command", COMMANDS)
def test_no_colours_where_they_are_not_wanted(archive: Home, command: str) -> None:
    colour = rb"\x1b\[[0-9;]*(?:3[0-7]|38;5;\d+|4[0-7]|48;5;\d+)m"

    assert re.search(colour, archive.terminal(command))
    for environment in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        output = archive.terminal(command, **environment)
        assert not re.search(colour, output)
    assert "\x1b" not in archive.run(command, "-F", "terminal").stdout
    assert "\x1b" not in archive.run(command).stdout


def test_statistics_on_a_terminal(archive: Home) -> None:
    screen = archive.run("stats", THIS_YEAR, "-F", "terminal", env={"COLUMNS": "120"}).stdout

    assert re.search(r"^KW 41 +5 +█", screen, re.MULTILINE)
    assert re.search(r"^Grüne Städte +6 +55% +█", screen, re.MULTILINE)
    assert re.search(r"^Hessen +2 ", screen, re.MULTILINE)
    narrow = archive.run("stats", THIS_YEAR, "-F", "terminal", env={"COLUMNS": "60"}).stdout
    assert re.search(r"^\d of \d topics; all of them with --json$", narrow, re.MULTILINE)


@pytest.mark.parametrize("columns", ["1", "20", "49", "10000", "0", "abc"])
def test_strange_widths(archive: Home, columns: str) -> None:
    for command in ("states", "stats"):
        done = archive.run(command, "-F", "terminal", env={"COLUMNS": columns})
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.strip()


def test_in_german(archive: Home) -> None:
    screen = archive.run("--lang", "de", "topics", THIS_YEAR, "-F", "terminal").stdout

    assert "11 Artikel" in screen
    assert "ohne Thema" in screen
    assert archive.json("--lang", "de", "states", "--json")["states"][0]["name"] == "none"


# --------------------------------------------------------------------------------------- nothing to count


@pytest.mark.parametrize("command", COMMANDS)
def test_an_empty_archive(home: Home, command: str) -> None:
    for form in ("terminal", "plain", "json", "csv"):
        done = home.run(command, "-F", form)
        assert (done.returncode, done.stderr) == (0, "")
    value = home.json(command, "--json")
    assert (value["total"], value["weeks"]) == (0, [])
    assert home.run(command, "-F", "plain").stdout == ""
    assert home.run(command, "--csv").stdout.count("\n") == 1
    assert "Nothing to count here." in home.run(command, "-F", "terminal").stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_a_filter_that_matches_nothing(archive: Home, command: str) -> None:
    done = archive.run(command, "state:sl", "-F", "terminal")

    assert (done.returncode, done.stderr) == (0, "")
    assert "Nothing to count here." in done.stdout
    assert archive.json(command, "--json", "state:sl")["total"] == 0


def test_articles_without_a_date_in_range_are_counted(home: Home) -> None:
    in_files(home, {"odd": rss(item(1, "Köln: Zukunft", pubDate="Thu, 16 Oct 2036 08:00:00 +0200"))})

    for command in COMMANDS:
        assert home.json(command, "--json")["total"] == 1
        assert home.run(command, "-F", "terminal").returncode == 0


@pytest.mark.parametrize("command", COMMANDS)
def test_counting_writes_nothing_and_fetches_nothing(archive: Home, command: str) -> None:
    files = {path: path.read_bytes() for path in (archive.path / "config.toml", archive.path / "archive.db")}
    done = archive.run(command, env={"KOMMCLI_NOW": "2027-10-16T11:00:00+02:00"})

    assert (done.returncode, done.stderr) == (0, "")
    assert {path: path.read_bytes() for path in files} == files


@pytest.mark.parametrize("form", ["plain", "terminal", "json", "csv"])
def test_hostile_names_are_only_text(tmp_path: Path, form: str) -> None:
    home = in_files(make_home(tmp_path), {"evil": HOSTILE})
    for command in COMMANDS:
        done = home.run(command, "-F", form)
        assert (done.returncode, done.stderr) == (0, "")
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\u2066-\u2069]", done.stdout)
    assert "Raw [31mred[0m escape" in home.run("topics", "-F", form).stdout
    assert "[bold" in home.run("topics", "-F", form).stdout


# ---------------------------------------------------------------------------------------------- the demo


def test_the_demo_has_every_state(demo: Home) -> None:
    value: dict[str, Any] = demo.json("--demo", "states", "--json")

    states = [row for row in value["states"] if row["code"]]
    assert len(states) == 16
    assert all(row["count"] > 0 for row in states)
    assert len(value["weeks"]) >= 3


@pytest.mark.parametrize("columns", [60, 100, 200])
def test_the_demo_on_a_terminal(demo: Home, columns: int) -> None:
    screen = shown(demo.terminal("--demo", "states", columns=columns), columns)

    for code in "SH HB HH MV NW NI ST BB BE RP HE TH SN SL BW BY".split():
        assert re.search(rf"\b{code}\b", screen), code
    assert "Rheinland-Pfalz" in screen
    assert (
        demo.run("--demo", "topics", "-F", "terminal", env={"COLUMNS": str(columns)}).stdout.count("█") > 50
    )


def test_the_demo_by_state(demo: Home) -> None:
    found = demo.json("--demo", "latest", "--all", "--state", "RLP", "--json")["articles"]

    assert found
    assert all("DE-RP" in one["states"] for one in found)
    (row,) = (row for row in demo.json("--demo", "states", "--json")["states"] if row["key"] == "DE-RP")
    assert row["count"] == len(found)
