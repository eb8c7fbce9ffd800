"""The labelled set: what was reached stays reached. Figures and misses: ``python -m tests.labelled``."""

from __future__ import annotations

import pytest

from labelled.measure import Result, articles, kickers, measure


@pytest.fixture(scope="module")
def measured() -> Result:
    """The half that is only measured."""
    return measure("measured")


def test_states(measured: Result) -> None:
    """The goals: 0.98 on kickers, 0.95 on articles with a body."""
    assert min(measured.kickers.precision, measured.kickers.recall) >= 0.98
    assert min(measured.states_with_body.precision, measured.states_with_body.recall) >= 0.95


def test_places_levels_and_kinds(measured: Result) -> None:
    assert min(measured.places.precision, measured.places.recall) >= 0.93
    assert min(measured.levels.precision, measured.levels.recall) >= 0.9
    assert measured.kinds.precision >= 0.95
    assert measured.kinds.recall >= 0.8


def test_topics(measured: Result) -> None:
    """Not the goal of 0.85, which is missed; that it gets no worse."""
    assert measured.macro_f1 >= 0.79


def test_the_halves_share_nothing() -> None:
    """What is measured was never tuned on."""
    titles = [{label["title"] for label in articles(half)} for half in ("tuned", "measured")]
    assert not {kicker for kicker, _states in kickers("tuned")} & {
        kicker for kicker, _states in kickers("measured")
    }
    teasers = [{label["teaser"] for label in articles(half)} for half in ("tuned", "measured")]
    assert not teasers[0] & teasers[1]
    assert len(titles[1]) + sum(1 for _kicker in kickers("measured")) >= 300
