"""Counts and evidence for programs: JSON by its schema, lines and CSV that every tool can read."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import validate
from kommcli import text
from kommcli.about import Evidence, Found, PassedOver, Understanding
from kommcli.model import Article, Failed, Feed, Outcome, Place, Report, Source, Topic, Visit
from kommcli.render import records, tallied
from kommcli.tallies import Crossing, Tallies, Tally

NOW = datetime(2026, 10, 16, 9, 0, tzinfo=UTC)
WEEKS = ((2026, 9), (2026, 10))
BERGSTRASSE = Place("Landkreis Bergstraße", "district", "06431", ("DE-HE",))
STATES = Tallies(
    9,
    (Tally("DE-HE", "Hessen", 5, (2, 3)), Tally("bund", "", 3, (3, 0)), Tally("none", "", 1, (0, 1))),
    WEEKS,
)
PLACES = Tallies(
    3, (Tally("06431", BERGSTRASSE.name, 2, (2, 0), BERGSTRASSE), Tally("none", "", 1, (1, 0))), WEEKS
)
BY_WEEK = (5, 4)
FEEDS = Tallies(9, (Tally("kommune21", "Kommune21", 9, (5, 4)),), WEEKS)
CROSSING = Crossing(
    (("DE-HE", "Hessen"), ("none", "")), (("ki", "KI"), ("ozg", "OZG")), {("DE-HE", "ozg"): 2}
)


def test_states_as_json() -> None:
    value = tallied.counted("states", STATES, Report(), NOW)

    validate(value)
    assert value == {
        "schema": "kommcli/states/1",
        "generated": "2026-10-16T11:00:00+02:00",
        "total": 9,
        "weeks": ["2026-W09", "2026-W10"],
        "states": [
            {"code": "DE-HE", "key": "DE-HE", "name": "Hessen", "count": 5, "weeks": [2, 3]},
            {"code": None, "key": "bund", "name": "bund", "count": 3, "weeks": [3, 0]},
            {"code": None, "key": "none", "name": "none", "count": 1, "weeks": [0, 1]},
        ],
        "errors": [],
    }


def test_places_as_json() -> None:
    value = tallied.counted("places", PLACES, Report(), NOW)

    validate(value)
    assert value["places"] == [
        {
            "key": "06431",
            "name": "Landkreis Bergstraße",
            "kind": "district",
            "ags": "06431",
            "states": ["DE-HE"],
            "count": 2,
            "weeks": [2, 0],
        },
        {
            "key": "none",
            "name": "none",
            "kind": None,
            "ags": None,
            "states": [],
            "count": 1,
            "weeks": [1, 0],
        },
    ]


def test_statistics_as_json() -> None:
    value = tallied.statistics(BY_WEEK, FEEDS, CROSSING, Report(), NOW)

    validate(value)
    assert value["weeks"] == [{"week": "2026-W09", "count": 5}, {"week": "2026-W10", "count": 4}]
    assert value["feeds"] == [{"key": "kommune21", "name": "Kommune21", "count": 9, "weeks": [5, 4]}]
    assert value["states_by_topic"] == [{"state": "DE-HE", "topic": "ozg", "count": 2}]


def test_feeds_that_failed_are_told() -> None:
    visit = Visit(Feed("a", "https://x.example/"), Outcome.FAILED, failure=Failed("net.dns"))
    for value in (
        tallied.counted("topics", Tallies(0, ()), Report((visit,)), NOW),
        tallied.statistics(BY_WEEK, FEEDS, CROSSING, Report((visit,)), NOW),
    ):
        validate(value)
        assert [error["code"] for error in value["errors"]] == ["net.dns"]


def test_lines_for_pipes() -> None:
    assert tallied.counted_plain(STATES) == (
        "DE-HE\tHessen\t5\t2,3\nbund\tbund\t3\t3,0\nnone\tnone\t1\t0,1\n"
    )
    assert tallied.statistics_plain(BY_WEEK, FEEDS, CROSSING) == (
        "week\t2026-W09\t\t5\nweek\t2026-W10\t\t4\nfeed\tkommune21\t\t9\nstate\tDE-HE\tozg\t2\n"
    )


def test_csv_has_a_column_for_every_week() -> None:
    assert tallied.counted_csv("places", PLACES) == (
        "key,name,kind,ags,states,count,2026-W09,2026-W10\r\n"
        "06431,Landkreis Bergstraße,district,06431,DE-HE,2,2,0\r\n"
        "none,none,,,,1,1,0\r\n"
    )
    assert tallied.counted_csv("topics", Tallies(1, (Tally("ki", "=KI()", 1),))) == (
        "key,name,count\r\nki,'=KI(),1\r\n"
    )
    assert tallied.statistics_csv(BY_WEEK, FEEDS, CROSSING).splitlines()[0] == "what,key,topic,count"


ARTICLE = Article(
    "yqmfqvyb", "Titel", Source("a", "A", "https://x.example/"), NOW, NOW, kicker="Kreis Bergstraße"
)
KNOWN = Understanding(
    kind=Found("interview", 1, (Evidence("form", "Frage", "form"),)),
    level=Found("bund", 0.5, (Evidence("title", "Bundesrat", "name"),)),
    states=(Found("DE-HE", 3, (Evidence("kicker", "Kreis Bergstraße", "place", 3),)), Found("DE-RP", 1, ())),
    places=(Found(BERGSTRASSE, 3, (Evidence("kicker", "Kreis Bergstraße", "name", 3),)),),
    topics=(Found(Topic("ki", "Künstliche Intelligenz"), 1 / 3, (Evidence("title", "KI", "term", 1 / 3),)),),
    passed_over=(PassedOver("teaser", "Neustadt", "ambiguous", ("Neustadt, RP", "Neustadt, SH")),),
)


def test_evidence_as_json() -> None:
    value = tallied.understanding(ARTICLE, KNOWN, (), (), NOW)

    validate(value)
    assert value["article"] == records.article(ARTICLE)
    assert [(state["code"], state["main"]) for state in value["states"]] == [
        ("DE-HE", True),
        ("DE-RP", False),
    ]
    assert value["places"] == [
        {
            "name": "Landkreis Bergstraße",
            "kind": "district",
            "ags": "06431",
            "states": ["DE-HE"],
            "score": 3,
            "evidence": [{"where": "kicker", "words": "Kreis Bergstraße", "rule": "name", "weight": 3}],
        }
    ]
    assert value["level"]["name"] == "Federation"
    assert value["kind"]["key"] == "interview"
    assert value["passed_over"][0]["candidates"] == ["Neustadt, RP", "Neustadt, SH"]


def test_evidence_of_nothing_as_json() -> None:
    value = tallied.understanding(ARTICLE, Understanding(), (), (), NOW)

    validate(value)
    assert (value["level"], value["kind"], value["states"]) == (None, None, [])


def test_evidence_as_lines() -> None:
    assert tallied.understanding_plain(KNOWN).splitlines() == [
        "state\tDE-HE\tHessen\tkicker\tKreis Bergstraße\tplace\t3",
        "state\tDE-RP\tRheinland-Pfalz\t\t\t\t0",
        "level\tbund\tFederation\ttitle\tBundesrat\tname\t1",
        "place\t06431\tLandkreis Bergstraße\tkicker\tKreis Bergstraße\tname\t3",
        "topic\tki\tKünstliche Intelligenz\ttitle\tKI\tterm\t0.333333",
        "kind\tinterview\tInterview\tform\tFrage\tform\t1",
        "passed_over\t\tNeustadt, RP, Neustadt, SH\tteaser\tNeustadt\tambiguous\t",
    ]


strange = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="=+-@;,\"'\t\n\r東x", max_size=20),
    st.sampled_from(["=1+1", "@a", "\t=1"]),
)
rows = st.lists(st.builds(Tally, strange.map(text.clean), strange, st.integers(0, 10**9)), max_size=5).map(
    tuple
)


@given(st.sampled_from(["topics", "states", "places"]), rows)
def test_whatever_the_names_a_row_is_a_row(kind: str, rows: tuple[Tally, ...]) -> None:
    found = Tallies(len(rows), rows)

    validate(json.loads(records.to_json(tallied.counted(kind, found, Report(), NOW))))
    lines = tallied.counted_plain(found).split("\n")[:-1]
    assert [line.count("\t") for line in lines] == [3] * len(rows)
    cells = list(csv.reader(io.StringIO(tallied.counted_csv(kind, found), newline="")))
    assert len(cells) == len(rows) + 1
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for line in cells for cell in line)


@pytest.mark.parametrize("key", ["none", "bund", "eu"])
def test_rest_has_a_name(key: str) -> None:
    assert tallied.name_of("states", key, "") not in ("", key)
