"""The table of places: complete, found under all spellings, and made of the sources that it names."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from kommcli.data.states import STATES
from kommcli.enrich.places import where
from kommcli.gazetteer import Gazetteer
from kommcli.model import Entry, Feed
from kommcli.placenames import parted, words

TABLE = Gazetteer()
ROWS = [
    line.split("\t")
    for line in (Path(__file__).parents[2] / "docs/gazetteer/places.tsv").read_text("utf-8").splitlines()[3:]
]

DISTRICTS = {
    "BY": 96, "NW": 53, "NI": 45, "BW": 44, "RP": 36, "HE": 26, "TH": 22, "BB": 18,
    "SH": 15, "ST": 14, "SN": 13, "MV": 8, "SL": 6, "HB": 2, "HH": 1, "BE": 1,
}  # fmt: skip
"""Districts and cities that are one, by state; they are 400."""


def test_all_districts() -> None:
    """400 of them, each with an official key of five digits, in the right states."""
    districts = [row for row in ROWS if row[0] == "district"]
    assert Counter(row[2] for row in districts) == DISTRICTS
    assert all(len(row[1]) == 5 and row[1].isdigit() for row in districts)
    assert len({row[1] for row in districts}) == 400


def test_all_municipalities() -> None:
    """At least the 10,751 of November 2025, each with an official key of its state."""
    towns = [row for row in ROWS if row[0] == "municipality"]
    assert sum(row[6] == "" for row in towns) >= 10_751
    assert {row[2] for row in towns} == {state.code for state in STATES}
    assert all(len(row[1]) == 8 and row[1].isdigit() for row in towns)
    assert sum(int(row[4]) > 100_000 for row in towns) >= 75


def test_every_official_name_is_found() -> None:
    """Each name leads to a place of its state among its bearers."""
    for row in ROWS:
        name = row[3]
        if row[0] == "district" and row[6] == "city":
            continue
        bearers = TABLE.bearers(name)
        assert any(f"DE-{row[2].split(',')[0]}" in bearer.place.states for bearer in bearers), name


def test_official_names_as_kickers() -> None:
    """A name that only one state has gives that state."""
    states: dict[tuple[str, ...], set[str]] = {}
    for row in ROWS:
        if row[0] in ("municipality", "district"):
            for name in (row[3], parted(row[3])[0]):
                states.setdefault(words(name), set()).add(row[2])
    wrong, missing, asked = [], [], 0
    for row in ROWS:
        if row[0] != "municipality" or row[6] or len(states[words(row[3])]) > 1:
            continue
        asked += 1
        found = where(Entry("Ein Angebot", kicker=row[3]), Feed("f", "https://f.example/"), TABLE)
        got = [state.what[3:] for state in found.states]
        if got and got[0] != row[2]:
            wrong.append((row[3], row[2], got))
        elif not got:
            missing.append(row[3])
    assert asked > 10_000
    assert len(wrong) <= 0.002 * asked, wrong
    assert len(missing) <= 0.002 * asked, missing


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Frankfurt a.M.", "06412000"),
        ("Frankfurt/Oder", "12053000"),
        ("Halle (Saale)", "15002000"),
        ("Kempten", "09763000"),
        ("Muelheim/Ruhr", "05117000"),
        ("Cottbus/Chóśebuz", "12052000"),
        ("Chóśebuz", "12052000"),
        ("St. Ingbert", "10045117"),
        ("Sankt Ingbert", "10045117"),
        ("Neustadt a. d. Aisch", "09575153"),
        ("Weiden i.d.OPf.", "09363000"),
        ("Göttinger", "03159016"),
        ("Kemptener", "09763000"),
        ("Hallenser", "15002000"),
    ],
)
def test_spellings(name: str, key: str) -> None:
    """Aliases, abbreviations, other transcriptions, forms for inhabitants."""
    assert TABLE.bearers(name)[0].key == key


def test_likely_names_are_suggested() -> None:
    """What somebody nearly typed."""
    assert TABLE.near("Potsdm")[0] == "Potsdam"
    assert TABLE.near("Bad Nauhaim")[0] == "Bad Nauheim"
    assert not TABLE.near("qqqqqq")


def test_a_dissolved_municipality_never_stands_before_one_of_today() -> None:
    """Old names are kept at low rank."""
    old = {row[1] for row in ROWS if row[6] == "dissolved"}
    assert old
    for row in ROWS:
        if row[1] in old:
            bearers = TABLE.bearers(row[3])
            assert bearers[0].key not in old or all(bearer.key in old for bearer in bearers)
