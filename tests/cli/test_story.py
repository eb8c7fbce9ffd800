"""`story`: what a story has, and the reader's last word; how lists, `explain` and `read` tell of it."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from conftest import Home, make_home, validate
from newswire import ids, names, newswire


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The newswire, of which a list was shown; only read by the tests."""
    home = newswire(make_home(tmp_path_factory.mktemp("archive")))
    home.run("latest", "--offline", "-F", "terminal")
    return home


@pytest.fixture
def own(archive: Home, tmp_path: Path) -> Home:
    """The newswire for a test that changes something."""
    return archive.copy(tmp_path)


@pytest.fixture(scope="module")
def ref(archive: Home) -> dict[str, str]:
    return ids(archive)


def story(home: Home, ref: str) -> str:
    """The names of the articles of a story, the leading one first."""
    return names(home, *home.json("story", "show", ref, "--json")["articles"])


# ------------------------------------------------------------------------------------------------ show


@pytest.mark.parametrize("name", ["erste", "kopie", "neu"])
def test_a_story_by_any_of_its_articles_the_leading_one_first(
    archive: Home, ref: dict[str, str], name: str
) -> None:
    assert story(archive, ref[name]) == "erste kopie neu"


def test_an_article_that_nobody_else_tells_is_alone(archive: Home, ref: dict[str, str]) -> None:
    assert story(archive, ref["termine"]) == "termine"
    (alone,) = archive.json("story", "show", ref["anders"], "--json")["articles"]
    assert (alone["story"], alone["also_in"]) == (None, [])


def test_the_others_are_named_in_the_json(archive: Home, ref: dict[str, str]) -> None:
    first, copy, _new = archive.json("story", "show", ref["erste"], "--json")["articles"]

    assert first["story"] == copy["story"] == ref["erste"]
    assert [one["id"] for one in first["also_in"]] == [ref["kopie"], ref["neu"]]
    assert [one["feed"] for one in copy["also_in"]] == ["blick", "funk"]


def test_every_format_of_a_list(archive: Home, ref: dict[str, str], tmp_path: Path) -> None:
    plain = archive.run("story", "show", ref["neu"]).stdout.splitlines()
    assert [line.split("\t")[0] for line in plain] == [ref[name] for name in ("erste", "kopie", "neu")]
    jsonl = archive.run("story", "show", ref["neu"], "-F", "jsonl").stdout.splitlines()
    assert names(archive, *map(json.loads, jsonl)) == "erste kopie neu"
    rows = list(csv.DictReader(archive.run("story", "show", ref["neu"], "-F", "csv").stdout.splitlines()))
    assert [row["also_in"] for row in rows] == ["echo,funk", "blick,funk", "blick,echo"]
    done = archive.run("story", "show", ref["neu"], "--json", "-o", str(tmp_path / "story.json"))
    assert (done.returncode, done.stdout) == (0, "")
    validate(json.loads((tmp_path / "story.json").read_text("utf-8")))


@pytest.mark.parametrize("name", ["markdown", "html", "atom", "jsonfeed"])
def test_a_story_to_give_on(archive: Home, ref: dict[str, str], name: str) -> None:
    done = archive.run("story", "show", ref["neu"], "-F", name)

    assert done.returncode == 0
    assert "Bauakten auf Zuruf" in done.stdout
    assert "Wohni lernt Platt" not in done.stdout
    assert "\t" not in done.stdout


def test_a_list_of_a_story_has_numbers(own: Home, ref: dict[str, str]) -> None:
    shown = own.run("story", "show", ref["neu"], "-F", "terminal").stdout

    assert shown.startswith("1 Potsdam: Bauakten auf Zuruf")
    assert "3 articles" in shown
    assert own.json("read", "3", "--offline", "--json")["article"]["id"] == ref["neu"]


# ------------------------------------------------------------------------------------- split and merge


def test_an_article_is_taken_out_for_good(own: Home, ref: dict[str, str]) -> None:
    done = own.run("story", "split", ref["kopie"])

    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "kommcli: kept for good; the article stands alone\n"
    for again in (["fetch", "--all"], ["fetch", "--rethink"]):
        assert own.run(*again).returncode == 0
        assert (story(own, ref["erste"]), story(own, ref["kopie"])) == ("erste neu", "kopie")


def test_an_article_is_taken_away_from_one_only(own: Home, ref: dict[str, str]) -> None:
    own.run("story", "split", ref["kopie"], ref["neu"])

    assert "kopie" not in story(own, ref["neu"])
    assert len(own.json("latest", "--offline", "--json")["articles"]) == 6


def test_articles_become_one_story_for_good(own: Home, ref: dict[str, str]) -> None:
    done = own.run("story", "merge", ref["anders"], ref["laternen"])

    assert done.stderr == "kommcli: kept for good; the story has 2 articles\n"
    own.run("fetch", "--rethink")
    assert story(own, ref["laternen"]) == "laternen anders"
    assert story(own, ref["erste"]) == "erste kopie neu"


def test_what_was_split_can_be_merged_again(own: Home, ref: dict[str, str]) -> None:
    own.run("story", "split", ref["kopie"])
    own.run("story", "merge", ref["kopie"], ref["erste"], ref["neu"])

    assert story(own, ref["erste"]) == "erste kopie neu"


def test_numbers_of_the_list_and_addresses_are_references_too(own: Home, ref: dict[str, str]) -> None:
    assert own.run("story", "split", "https://news.example/kopie").returncode == 0
    own.run("latest", "--offline", "-F", "terminal")
    listed = own.json("latest", "--offline", "--json")["articles"]
    number = [one["id"] for one in listed].index(ref["kopie"]) + 1
    assert own.run("story", "merge", str(number), ref["erste"], ref["neu"]).returncode == 0
    assert story(own, ref["erste"]) == "erste kopie neu"


def test_quietly(own: Home, ref: dict[str, str]) -> None:
    assert own.run("-q", "story", "split", ref["kopie"]).stderr == ""


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["show", "zzzz"], 4, 'there is no article "zzzz" [article.unknown].'),
        (["show", "99"], 4, 'the last list has no number "99"'),
        (["split", "zzzz"], 4, 'there is no article "zzzz" [article.unknown].'),
        (
            ["split", "{termine}"],
            2,
            "the article {termine} is in no story [usage]. See why with `kommcli explain",
        ),
        (
            ["merge", "{termine}"],
            2,
            "a story has two articles at least [usage]. For example: kommcli story merge 3 7",
        ),
        (
            ["merge", "{termine}", "https://news.example/termine"],
            2,
            "a story has two articles at least [usage].",
        ),
        (["merge", "{termine}", "zzzz"], 4, 'there is no article "zzzz" [article.unknown].'),
        (["merge"], 2, "REF… is missing [usage]."),
        (
            ["show", "{termine}", "--json", "-F", "csv"],
            2,
            "--json and --format csv contradict each other [usage].",
        ),
    ],
)
def test_what_cannot_be_done_changes_nothing(
    archive: Home, ref: dict[str, str], arguments: list[str], status: int, message: str
) -> None:
    done = archive.run("story", *(one.format(**ref) for one in arguments))

    assert (done.returncode, done.stdout) == (status, "")
    assert done.stderr.startswith("kommcli: " + message.format(**ref))
    assert len(done.stderr.splitlines()) == 1
    assert story(archive, ref["erste"]) == "erste kopie neu"


def test_an_empty_archive_has_no_story(home: Home) -> None:
    done = home.run("story", "show", "abc")

    assert done.returncode == 4
    assert "the archive is empty" in done.stderr


# --------------------------------------------------------------------------------- lists and evidence


def listed(home: Home, *arguments: str) -> str:
    return names(home, *home.json("latest", "--offline", "--json", *arguments)["articles"])


def test_a_list_tells_a_story_once_and_on_demand_all_of_it(archive: Home) -> None:
    assert listed(archive) == "termine erste anders laternen zweite"
    assert sorted(listed(archive, "--all").split()) == sorted(ids(archive))
    assert listed(archive, "-n", "3") == "termine erste anders"
    assert sorted(listed(archive, "feed:echo,funk").split()) == ["anders", "kopie", "termine"]


def test_a_list_says_who_else_tells_it(archive: Home) -> None:
    wide = archive.run("latest", "--offline", "-F", "terminal", env={"COLUMNS": "160"}).stdout
    narrow = archive.run("latest", "--offline", "-F", "terminal", env={"COLUMNS": "80"}).stdout

    assert "Blick +2: Echo, Funk" in " ".join(narrow.split())
    assert "Blick +2:" in wide


def test_the_better_rank_leads_from_the_next_fetch_on(own: Home, ref: dict[str, str]) -> None:
    config = own.config_text().replace('key = "funk"\n', 'key = "funk"\nrank = 1\n')
    own.config(config)
    own.run("fetch", "--all")

    assert story(own, ref["erste"]) == "neu erste kopie"
    assert listed(own).split()[0] == "neu"


def likeness(home: Home, ref: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = home.json("explain", ref, "--json")["compared"]
    return found


def test_explain_tells_the_score_and_its_parts(archive: Home, ref: dict[str, str]) -> None:
    by_id = {one["id"]: one for one in likeness(archive, ref["erste"])}
    others = {name: by_id[id_] for name, id_ in ref.items() if id_ in by_id}

    assert {name for name, one in others.items() if one["same_story"]} == {"kopie", "neu"}
    assert (others["anders"]["same_story"], others["anders"]["veto"]) == (False, "place")
    parts = {part["name"]: part for part in others["neu"]["parts"]}
    assert parts["numbers"]["words"] == ["41.600 Akten", "310.000 Euro"]
    assert "Wohni" in parts["names"]["words"]


def test_explain_in_words(own: Home, ref: dict[str, str]) -> None:
    def text() -> str:
        return " ".join(own.run("explain", ref["erste"], "-F", "terminal").stdout.split())

    assert "Same story • Echo: Potsdam: Wohni findet jede Akte (+" in text()
    assert "the same numbers: 41.600 Akten, 310.000 Euro" in text()
    assert "Another story • Funk: Trier: Bauakten auf Zuruf (+" in text()
    assert "· other places)" in text()
    assert "kommcli story split REF, kommcli story merge REF REF" in text()
    own.run("story", "split", ref["kopie"])
    assert "split by you" in text()
    own.run("story", "merge", ref["anders"], ref["erste"])
    assert "merged by you" in text()


def test_explain_in_lines(archive: Home, ref: dict[str, str]) -> None:
    lines = [line.split("\t") for line in archive.run("explain", ref["erste"]).stdout.splitlines()]

    assert {line[0] for line in lines} == {"state", "place", "topic", "story", "near"}
    assert {len(line) for line in lines} == {7}


# ---------------------------------------------------------------------------------------------- edits


def edit(home: Home, old: str, new: str) -> None:
    path = home.path / "feeds" / "echo.xml"
    path.write_bytes(path.read_bytes().replace(old.encode(), new.encode()))
    home.run("fetch", "--all", env={"KOMMCLI_NOW": "2026-10-16T12:00:00+02:00"})


def test_an_edited_article_is_marked_and_explained(own: Home, ref: dict[str, str]) -> None:
    edit(own, "binnen zwei Tagen", "binnen drei Tagen")
    copy = next(
        one
        for one in own.json("latest", "--offline", "--all", "--json")["articles"]
        if one["id"] == ref["kopie"]
    )

    assert copy["edited"] == "2026-10-16T12:00:00+02:00"
    shown = own.run("latest", "--offline", "--all", "-F", "terminal").stdout
    assert "Wohni findet jede Akte (edited)" in shown
    (found,) = own.json("explain", ref["kopie"], "--json")["edits"]
    assert found["seen"] == "2026-10-16T12:00:00+02:00"
    assert "drei Tagen" in json.dumps(found, ensure_ascii=False)
    text = " ".join(own.run("explain", ref["kopie"], "-F", "terminal").stdout.split())
    assert "binnen zwei Tagen statt" in text
    assert "binnen drei Tagen statt" in text


def test_quotation_marks_are_no_edit(own: Home, ref: dict[str, str]) -> None:
    edit(own, "sagt Baustadträtin", "sagt  Baustadträtin")
    listed = own.json("latest", "--offline", "--all", "--json")["articles"]

    assert {one["edited"] for one in listed} == {None}
    assert own.json("explain", ref["kopie"], "--json")["edits"] == []
