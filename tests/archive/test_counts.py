"""Counts: by topic, state, place, kind, feed and week, of all articles and of some."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import pytest

from archive.newsstand import AUGSBURG, BENSHEIM, BERGSTRASSE, NOW, article, fill, topics
from kommcli import dates
from kommcli.archive import counts
from kommcli.conditions import All, AnyOf, Condition, Not, Span, Term
from kommcli.tallies import Tallies, Tally

KI = Term("topic", ("ki",))
LATELY = Span(NOW - timedelta(days=8))
WEEKS = [dates.week_bounds(2026, week) for week in (40, 41, 42)]


@pytest.fixture
def press(db: sqlite3.Connection) -> sqlite3.Connection:
    """NOW is the Friday of week 42."""
    day = 24
    fill(
        db,
        [
            article(1, states=("DE-BY",), topics=topics("ki", "ozg"), places=(AUGSBURG,), kind="bericht"),
            article(2, states=("DE-BY", "DE-HE"), topics=topics("ki"), places=(BENSHEIM, BERGSTRASSE)),
            article(7 * day, level="bund", topics=topics("ki")),
            article(8 * day, states=("DE-HE",), topics=topics("E-Akte")),
        ],
    )
    fill(db, [article(100 * day, states=("DE-BY",))], "b")
    return db


def rows(tallies: Tallies) -> list[tuple[str, int, tuple[int, ...]]]:
    return [(row.key, row.count, row.weeks) for row in tallies.rows]


def test_all_articles(press: sqlite3.Connection) -> None:
    states = counts.tally(press, All(), "state", WEEKS)
    assert (states.total, states.weeks) == (5, ((2026, 40), (2026, 41), (2026, 42)))
    assert rows(states) == [
        ("DE-BY", 3, (0, 0, 2)),
        ("DE-HE", 2, (0, 1, 1)),
        ("none", 1, (0, 1, 0)),
        ("bund", 1, (0, 1, 0)),
    ]
    assert rows(counts.tally(press, All(), "feed", WEEKS)) == [("a", 4, (0, 2, 2)), ("b", 1, (0, 0, 0))]
    assert rows(counts.tally(press, All(), "kind")) == [("none", 4, ()), ("bericht", 1, ())]
    assert counts.by_week(press, All(), WEEKS) == (0, 2, 2)
    assert counts.by_week(press, All(), []) == ()


def test_names_and_their_order(press: sqlite3.Connection) -> None:
    found = counts.tally(press, Not(Term("topic", ("none",))), "topic")
    assert [row.name for row in found.rows] == ["Künstliche Intelligenz", "E-Akte", "Ozg"]
    places = counts.tally(press, All(), "place").rows
    assert [row.name for row in places] == ["", "Augsburg", "Bensheim", "Landkreis Bergstraße"]
    assert places[3] == Tally("06431", "Landkreis Bergstraße", 1, (), BERGSTRASSE)
    feeds = counts.tally(press, All(), "feed", titles={"b": "Beta"}).rows
    assert [row.name for row in feeds] == ["a", "Beta"]


def test_some_articles(press: sqlite3.Connection) -> None:
    found = counts.tally(press, KI, "state", WEEKS)
    assert found.total == 3
    assert rows(found) == [
        ("DE-BY", 2, (0, 0, 2)),
        ("none", 1, (0, 1, 0)),
        ("bund", 1, (0, 1, 0)),
        ("DE-HE", 1, (0, 0, 1)),
    ]
    assert rows(counts.tally(press, KI, "feed", WEEKS)) == [("a", 3, (0, 1, 2))]
    assert counts.by_week(press, KI, WEEKS) == (0, 1, 2)
    assert counts.tally(press, Term("topic", ("x",)), "state", WEEKS) == Tallies(0, (), found.weeks)


@pytest.mark.parametrize("kind", ["topic", "state", "place", "kind", "feed"])
@pytest.mark.parametrize(
    "same",
    [
        (All(), AnyOf((KI, Not(KI)))),
        (LATELY, AnyOf((All((KI, LATELY)), Term("topic", ("E-Akte",))))),
        (All((Term("is", ("unread",)), KI)), All((KI, Not(Term("word", ("zzz",)))))),
    ],
)
def test_the_way_does_not_matter(
    press: sqlite3.Connection, kind: str, same: tuple[Condition, Condition]
) -> None:
    first, second = (counts.tally(press, where, kind, WEEKS) for where in same)
    assert first == second


def test_weeks_are_exact(db: sqlite3.Connection) -> None:
    """Berlin's clock goes back in the night of 25 October: week 43 has 169 hours."""
    first, after = dates.week_bounds(2026, 43)
    hours = [round((NOW - moment).total_seconds() / 3600) for moment in (first, after)]
    assert hours[0] - hours[1] == 169
    fill(db, [article(n) for n in (-200, -300)])  # dates in the future are sorted by when they were seen
    fill(db, [article(100 + n) for n in range(169)], "b")
    moved = [(a + (NOW - after) - timedelta(hours=99), b) for a, b in [(first, NOW - timedelta(hours=99))]]
    assert counts.by_week(db, All(), moved) == (169,)
    assert counts.by_week(db, All(), [(moved[0][0] + timedelta(seconds=1), moved[0][1])]) == (168,)
    assert counts.by_week(db, All(), [(moved[0][0], moved[0][1] - timedelta(hours=1))]) == (168,)


def test_states_by_topics(press: sqlite3.Connection) -> None:
    found = counts.crossing(press, All())
    assert found.rows[0] == ("DE-BY", "Bayern")
    assert found.columns[0] == ("ki", "Künstliche Intelligenz")
    assert found.cells == {
        ("DE-BY", "ki"): 2,
        ("DE-BY", "ozg"): 1,
        ("DE-BY", "none"): 1,
        ("DE-HE", "ki"): 1,
        ("DE-HE", "E-Akte"): 1,
        ("bund", "ki"): 1,
        ("none", "ki"): 1,
    }
    few = counts.crossing(press, Term("state", ("DE-HE",)), limit_columns=1)
    assert (len(few.columns), few.cells) == (1, {("DE-HE", "E-Akte"): 1})


def test_extent(press: sqlite3.Connection) -> None:
    assert counts.extent(press, KI) == (NOW - timedelta(days=7), NOW - timedelta(hours=1))
    assert counts.extent(press, All()) == (NOW - timedelta(days=100), NOW - timedelta(hours=1))
    assert counts.extent(press, Term("topic", ("x",))) is None
