"""``search``: best first, in every format, with passages; what was not found, and what nobody should type."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pytest

from conftest import Home, item, make_home, rss, shown
from newsroom import in_files

ALPHA = rss(
    item(1, "Potsdam: Bauakten auf Zuruf", description="Wohni findet die E-Akte. &lt;b&gt;[bold]&lt;/b&gt;")
    + item(
        2,
        "Laternen zählen Regen",
        description="Die Stadt hat ihre Akten sortiert. " + "Es regnet lange. " * 40 + "Am Ende: Bauakten.",
    )
    + item(3, "Ein Kontakt mehr", description="Für Bürger:innen in München.")
    + item(4, "Künstliche Intelligenz im Rathaus", description="Ein Versuch."),
    "Grüne Städte",
)
BETA = rss(item(5, "KI hilft beim Zählen", description="Ein Versuch."))


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Five articles; only read by the tests."""
    return in_files(make_home(tmp_path_factory.mktemp("archive")), {"alpha": ALPHA, "beta": BETA})


def found(home: Home, *arguments: str) -> dict[str, Any]:
    """What a search finds, as JSON, which `Home.json` holds against its schema."""
    return home.json("search", *arguments, "--json")


def titles(home: Home, *arguments: str) -> list[str]:
    return [one["title"] for one in found(home, *arguments)["articles"]]


# ----------------------------------------------------------------------------------------- the formats


def test_json(archive: Home) -> None:
    value = found(archive, "Akte")

    assert (value["schema"], value["partial"], value["did_you_mean"], value["errors"]) == (
        "kommcli/search/1",
        False,
        [],
        [],
    )
    first, second = value["articles"]
    assert (first["kicker"], first["title"]) == ("Potsdam", "Bauakten auf Zuruf")
    assert first["score"] >= second["score"] > 0
    for passage in first["passages"] + second["passages"]:
        hits = [passage["text"][begin:end] for begin, end in passage["marks"]]
        assert hits
        assert set(hits) <= {"Bauakten", "E-Akte", "Akten"}
    assert [one["field"] for one in first["passages"]] == ["title", "teaser"]


def test_the_schema_is_that_of_kommcli_schema(archive: Home) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads(archive.run("schema", "search").stdout)

    jsonschema.Draft202012Validator(schema).validate(found(archive, "Akte"))


def test_json_lines(archive: Home) -> None:
    lines = archive.run("search", "Akte", "-F", "jsonl").stdout.splitlines()

    assert [json.loads(line) for line in lines] == found(archive, "Akte")["articles"]


def test_plain_and_csv_are_those_of_a_list(archive: Home) -> None:
    listed = {
        one.split("\t")[0]: one
        for one in archive.run("latest", "--offline", "-F", "plain").stdout.splitlines()
    }
    ids = [one["id"] for one in found(archive, "Akte")["articles"]]

    assert archive.run("search", "Akte").stdout.splitlines() == [listed[one] for one in ids]
    rows = list(csv.reader(io.StringIO(archive.run("search", "Akte", "-F", "csv").stdout)))
    assert rows[0][0] == "id"
    assert [row[0] for row in rows[1:]] == ids


@pytest.mark.parametrize("name", ["markdown", "html", "atom", "jsonfeed"])
def test_a_list_to_give_on(archive: Home, name: str) -> None:
    done = archive.run("search", "Akte", "-F", name)

    assert done.returncode == 0
    assert done.stdout.index("Bauakten auf Zuruf") < done.stdout.index("Laternen zählen Regen")
    assert "Kontakt" not in done.stdout


@pytest.mark.parametrize("name", "terminal plain json jsonl csv markdown html atom jsonfeed".split())
def test_into_a_file(archive: Home, name: str) -> None:
    path = archive.path / f"found.{name}"
    done = archive.run("search", "Akte", "-F", name, "-o", str(path))

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert "Laternen" in path.read_text("utf-8")
    assert "\x1b" not in path.read_text("utf-8")


# ---------------------------------------------------------------------------------------- the terminal

HIT = "\x1b[1;33m"


@pytest.mark.parametrize("columns", [60, 100, 200])
def test_hits_are_marked_at_a_terminal(archive: Home, columns: int) -> None:
    output = archive.terminal("search", "Akte", columns=columns)
    text = output.decode("utf-8")

    assert f"{HIT}Bauakten\x1b[0m" in text
    assert f"{HIT}E-Akte\x1b[0m" in text
    screen = shown(output, columns + 1)  # nothing is in the column behind the last
    assert all(len(line) <= columns for line in screen.splitlines())
    assert "Potsdam" in screen
    assert "2 articles · read one: kommcli read NUMBER" in " ".join(screen.split())


def test_without_colours_hits_are_bold(archive: Home) -> None:
    text = archive.terminal("search", "Akte", NO_COLOR="1").decode("utf-8")

    assert "\x1b[1mE-Akte\x1b[0m" in text
    assert re.findall(r"\x1b\[[0-9;]*(?:3[0-7]|4[0-7]|9[0-7])m", text) == []


def test_brackets_of_strangers_are_text(archive: Home) -> None:
    assert "[bold]" in archive.run("search", "Wohni", "-F", "terminal").stdout


def test_numbers_lead_to_the_hits(archive: Home) -> None:
    archive.run("search", "Zählen", "-F", "terminal")
    ids = [one["id"] for one in found(archive, "Zählen")["articles"]]

    for number, ref in enumerate(ids, start=1):
        assert archive.json("read", str(number), "--offline", "--json")["article"]["id"] == ref


def test_a_long_text_is_shown_by_a_passage(archive: Home) -> None:
    (one,) = (one for one in found(archive, "Akte")["articles"] if one["kicker"] is None)

    assert all(len(passage["text"]) < 250 for passage in one["passages"])
    assert any("…" in passage["text"] for passage in one["passages"])


# ----------------------------------------------------------------------------------------- what is asked


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["muenchen"], ["Ein Kontakt mehr"]),
        (["Bürger"], ["Ein Kontakt mehr"]),
        (["künstliche", "intelligenz"], ["Künstliche Intelligenz im Rathaus", "KI hilft beim Zählen"]),
        (["künstliche intelligenz"], ["Künstliche Intelligenz im Rathaus", "KI hilft beim Zählen"]),
        (["Versuch", "feed:beta"], ["KI hilft beim Zählen"]),
        (["Versuch", "-f", "beta"], ["KI hilft beim Zählen"]),
        (["Versuch", "-feed:beta"], ["Künstliche Intelligenz im Rathaus"]),
        (["zähl*", "NOT", "KI"], ["Laternen zählen Regen"]),
        (["Wohni", "OR", "München"], None),
        (["Akte", "-n", "1"], ["Bauakten auf Zuruf"]),
        (["feed:beta"], ["KI hilft beim Zählen"]),
    ],
)
def test_words_and_filters(archive: Home, arguments: list[str], expected: list[str] | None) -> None:
    hits = titles(archive, *arguments)

    if expected is None:
        assert set(hits) == {"Bauakten auf Zuruf", "Ein Kontakt mehr"}
    else:
        assert sorted(hits) == sorted(expected)


def test_some_of_the_words(archive: Home) -> None:
    done = archive.run("search", "Laternen", "Zeppelin", "--json")

    assert done.returncode == 0
    assert done.stderr == "kommcli: no article has all of these words; these have some of them\n"
    assert json.loads(done.stdout)["partial"]


def test_nothing_found_is_no_error(archive: Home) -> None:
    done = archive.run("search", "Wolkenkratzer", "--json")

    assert (done.returncode, done.stderr) == (0, "kommcli: nothing found\n")
    assert json.loads(done.stdout)["articles"] == []
    assert archive.run("-q", "search", "Wolkenkratzer").stderr == ""


def test_did_you_mean(archive: Home) -> None:
    done = archive.run("search", "Laterrnen", "--json")

    assert done.returncode == 0
    assert done.stderr == 'kommcli: nothing found for "Laterrnen"; did you mean "Laternen"?\n'
    assert json.loads(done.stdout)["did_you_mean"] == [{"word": "Laterrnen", "near": "Laternen"}]
    german = archive.run("search", "Laterrnen", env={"LANG": "de_DE.UTF-8"})
    assert "„" in german.stderr or "Laternen" in german.stderr
    assert "did you mean" not in german.stderr


def test_without_a_query(archive: Home) -> None:
    done = archive.run("search")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "kommcli: what is to be found? [usage]. For example: kommcli search Glasfaser state:by\n"
    )


def test_in_an_empty_home(home: Home) -> None:
    done = home.run("search", "Akte")

    assert done.returncode == 4
    assert done.stdout == ""
    assert done.stderr.startswith("kommcli: the archive is empty")
    assert "Traceback" not in done.stderr


HOSTILE = [
    '"',
    "(",
    "a OR",
    "-",
    "'; DROP TABLE articles; --",
    '"x" OR "y" NEAR/2 z',
    "head:Akte",
    "title : x",
    "a^2",
    "{head lead}: x",
    "*",
    "**",
    "a*b*c*",
    "\u202e\u200b",
    "🙂",
    "\x1b[2J",
    "ﬁ ſ ı",
    "a" * 1_900,
    "ab " * 600,
    "w " * 199,
    '"' + "a " * 500 + '"',
    "Akte" + "-x" * 200,
    "1.000" * 100,
]


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_query_finds_something_or_nothing_or_is_wrong(archive: Home, query: str) -> None:
    done = archive.run("search", "--json", "--", query)

    assert done.returncode in (0, 2)
    assert "Traceback" not in done.stderr
    assert "\x1b" not in done.stderr
    if done.returncode == 0:
        assert json.loads(done.stdout)["schema"] == "kommcli/search/1"
    else:
        assert re.search(r"\[usage(?:\.\w+)?\]", done.stderr)
        assert done.stdout == ""


def test_after_hostile_queries_the_archive_is_sound(archive: Home) -> None:
    checks = archive.json("doctor", "--deep", "--json")["checks"]

    assert next(one for one in checks if one["name"] == "index")["ok"]
