"""`home`: the reader's own region is marked in lists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from conftest import Home, make_home, shown
from gazette import NAMES, gazette

MARK = "⌂"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Twelve articles about places and topics; only read by the tests."""
    return gazette(make_home(tmp_path_factory.mktemp("archive")))


@pytest.fixture
def own(archive: Home, tmp_path: Path) -> Home:
    """The twelve articles for a test that changes the configuration."""
    return archive.copy(tmp_path)


def live(home: Home, **region: list[str]) -> None:
    """Live in these ``states`` and ``places``."""
    tables = ", ".join(f"{name} = {values}" for name, values in region.items())
    path = home.path / "config.toml"
    config = re.sub("^home = .*\n", "", path.read_text("utf-8"), flags=re.MULTILINE)
    path.write_text(f"home = {{ {tables} }}\n{config}", "utf-8")


def marked(text: str) -> str:
    """The names of the articles that are marked as being about the reader's region."""
    found, name = [], ""
    for line in text.splitlines():
        name = next((one for one in NAMES if one in line), name)
        if MARK in line and name not in found:
            found.append(name)
    return " ".join(found)


@pytest.mark.parametrize(
    ("region", "names"),
    [
        ({"states": ["HE"]}, "Berta Emil Ludwig"),
        ({"states": ["hessen", "Freistaat Bayern"]}, "Berta Caesar Doras Emil Ludwig"),
        ({"places": ["Köln"]}, "Jakob"),
        ({"places": ["koeln", "06440002"]}, "Berta Jakob"),
        ({"places": ["Wetteraukreis"]}, "Berta"),  # Bad Nauheim lies in it
        ({"places": ["Heppenheim (Bergstraße)"]}, ""),  # a district is more than its town
        ({"states": ["BB"], "places": ["Ulm"]}, "Anton Klara"),
        ({"states": ["SL"]}, ""),
        ({"states": [], "places": []}, ""),
    ],
    ids=str,
)
def test_the_own_region_is_marked(own: Home, region: dict[str, list[str]], names: str) -> None:
    live(own, **region)

    assert marked(own.run("latest", "--offline", "-F", "terminal").stdout) == names


@pytest.mark.parametrize("columns", [60, 100, 200])
def test_the_mark_on_a_terminal_of_any_width(own: Home, columns: int) -> None:
    live(own, states=["HE"])
    for environment in ({}, {"NO_COLOR": "1"}):
        output = own.terminal("latest", "--offline", columns=columns, **environment)
        assert marked(shown(output, columns)) == "Berta Emil Ludwig"


def test_read_and_starred_articles_keep_the_mark(own: Home) -> None:
    live(own, states=["HE"])
    own.run("mark", "read", "place:Wiesbaden")
    own.run("mark", "star", "state:he")

    assert marked(own.run("latest", "--offline", "-F", "terminal").stdout) == "Berta Emil Ludwig"


def test_a_home_changes_nothing_for_programs(own: Home) -> None:
    before = {form: own.run("latest", "--offline", "-F", form).stdout for form in ("plain", "json", "csv")}
    live(own, states=["HE"], places=["Köln"])

    assert {form: own.run("latest", "--offline", "-F", form).stdout for form in before} == before


def test_a_home_marks_what_a_filter_leaves(own: Home) -> None:
    live(own, states=["HE"])

    assert marked(own.run("latest", "--offline", "-F", "terminal", "topic:ki").stdout) == "Berta Emil"


def test_an_alias_may_be_a_home(own: Home) -> None:
    live(own, places=["Domstadt"])
    with (own.path / "config.toml").open("a", encoding="utf-8") as file:
        file.write('[places.alias]\nDomstadt = "Köln"\n')

    assert marked(own.run("latest", "--offline", "-F", "terminal").stdout) == "Jakob"


@pytest.mark.parametrize("place", ["Kölnn", "", "\x1b[31m", "Neu Irgendwo"])
def test_a_home_that_is_no_place_is_named(own: Home, place: str) -> None:
    from kommcli.text import clean

    live(own, places=["Ulm"])
    path = own.path / "config.toml"
    quoted = place.replace("\x1b", "\\u001b")
    path.write_text(path.read_text("utf-8").replace("['Ulm']", f'["Ulm", "{quoted}"]'), "utf-8")
    done = own.run("latest", "--offline", "-F", "terminal")

    assert (done.returncode, done.stdout) == (5, "")
    assert len(done.stderr.splitlines()) == 1
    assert "[config.value]" in done.stderr
    assert clean(place) in done.stderr
    assert "\x1b" not in done.stderr
    assert str(path) in done.stderr


def test_a_home_that_is_no_state_is_named(own: Home) -> None:
    live(own, states=["HEX"])
    done = own.run("latest", "--offline")

    assert (done.returncode, done.stdout) == (5, "")
    assert "HEX" in done.stderr
    assert "[config.value]" in done.stderr
