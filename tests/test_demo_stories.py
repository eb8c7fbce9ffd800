"""The stories of the demo, as its README tells them: all are found, and nothing else is."""

from __future__ import annotations

import sqlite3
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from conftest import Home, make_home

KD, SM, VN = (
    "kommunaldigital.example?post_type=meldungen&p=",
    "tag:staatsmoderne.example,2026:sm-",
    "aktuelles/",
)
PREFIXES = {
    "kd": KD,
    "ab": "amtsblick-",
    "sm": SM,
    "lp": "LP-2026-",
    "vn": f"digitalforum-kommunen.example/{VN}",
    "itp": "itp-",
    "rf": "rathausfunk-",
}
STORIES = (
    "kd 20607, lp 0418, ab 9111",
    "kd 20609, vn rathausatlas-2026, ab 9114, sm 1042",
    "kd 20604, sm 1037",
    "kd 20602, ab 9108",
    "kd 20600, sm 1039, itp 0307",
    "kd 20596, ab 9103, vn zwei-staedte-ein-lagezentrum",
    "lp 0412, ab 9101",
    "kd 20588, itp 0304, ab 9096",
    "kd 20582, lp 0406",
    "kd 20540, lp 0390, sm 1020",
    "kd 20513, vn neue-vorsitzende",
)
NEAR_MISSES = (
    "kd 20555, kd 20553",
    "kd 20570, kd 20568",
    "ab 9088, ab 9086",
    "lp 0415, lp 0409",
    "vn aktuelle-termine-september, vn aktuelle-termine-oktober",
    "vn positionspapier-anschluss, kd 20600, sm 1039, itp 0307",
    "rf 048, kd 20604, sm 1037",
    "rf 047, kd 20509, kd 20530, kd 20561, kd 20594, kd 20611",
)
TIMELINE = ("20509", "20530", "20561", "20594", "20611")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home in which the demo was run."""
    made = make_home(tmp_path_factory.mktemp("demo"))
    assert made.run("--demo", "latest").returncode == 0
    return made


@pytest.fixture(scope="module")
def told(home: Home) -> dict[str, str]:
    """The story of each article by feed and guid, shortened as in the README."""
    with sqlite3.connect(home.path / "demo" / "archive.db") as db:
        rows = db.execute("SELECT identity, story FROM articles").fetchall()
    return {_short(identity.partition(":")[2]): story for identity, story in rows}


def _short(guid: str) -> str:
    feed, prefix = next((feed, prefix) for feed, prefix in PREFIXES.items() if guid.startswith(prefix))
    return f"{feed} {guid.removeprefix(prefix)}"


def _named(text: str) -> list[str]:
    return text.split(", ")


@pytest.mark.parametrize("story", STORIES)
def test_every_story_is_found(told: dict[str, str], story: str) -> None:
    names = {told[one] for one in _named(story)}

    assert len(names) == 1
    assert names != {""}


def test_nothing_else_is_a_story(told: dict[str, str]) -> None:
    expected = {one for story in STORIES for one in _named(story)}

    assert {one for one, story in told.items() if story} == expected
    assert len({story for story in told.values() if story}) == len(STORIES)


@pytest.mark.parametrize("near", NEAR_MISSES)
def test_near_misses_are_never_merged(told: dict[str, str], near: str) -> None:
    first, *others = (told[one] for one in _named(near))

    assert first == "" or first not in others


def test_the_readme_tells_of_what_is_tried(told: dict[str, str]) -> None:
    import kommcli

    readme = (Path(kommcli.__file__).parent / "demo" / "README.md").read_text("utf-8")
    for one in {one for text in (*STORIES, *NEAR_MISSES) for one in _named(text)}:
        assert one.partition(" ")[2] in readme or one.partition(" ")[2].endswith("-oktober"), one
        assert one in told


def test_the_timeline_of_halle(home: Home, told: dict[str, str]) -> None:
    """Five steps of one project, each linked to the one before it."""
    assert {told[f"kd {number}"] for number in TIMELINE} == {""}
    steps = [_id(home, number) for number in TIMELINE]
    for before, one in pairwise(steps):
        value = home.json("--demo", "related", one, "--offline", "--timeline", "--json")
        related: list[dict[str, Any]] = value["related"]
        listed = [other["id"] for other in related]
        dates = [other["published"] for other in related]
        assert dates == sorted(dates)
        assert before in listed
        # The page's own list needs no reason; what the archive has is called linked.
        step = related[listed.index(before)]
        assert step["source"] == "page" or step["reason"].startswith("linked")


def _id(home: Home, number: str) -> str:
    with sqlite3.connect(home.path / "demo" / "archive.db") as db:
        row = db.execute("SELECT ref FROM articles WHERE identity = ?", (f"g:{KD}{number}",)).fetchone()
    return str(row[0])


def test_a_list_of_the_demo_tells_each_story_once(home: Home) -> None:
    listed = home.json("--demo", "latest", "--json", "-n", "999")["articles"]
    every = home.json("--demo", "latest", "--all", "--json", "-n", "999")["articles"]
    more = sum(len(_named(story)) - 1 for story in STORIES)

    assert len(every) == 86
    assert len(listed) == 86 - more
    assert sum(len(one["also_in"]) for one in listed) == more
