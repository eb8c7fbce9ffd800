"""Counts at a terminal: fit every width, say every number, and never more than was counted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style

from kommcli import i18n, text
from kommcli.render import charts, terminal
from kommcli.tallies import Crossing, Tallies, Tally

WEEKS = tuple((2026, week) for week in range(38, 43))

names = st.one_of(
    st.text(max_size=60),
    st.sampled_from(["東京 " * 12, "x" * 90, "[red]Bau[/red]", "Künstliche Intelligenz"]),
).map(text.clean)
keys = st.sampled_from(["ki", "DE-BY", "DE-HE", "09162000", "none", "bund", "eu"])


@st.composite
def tallies(draw: st.DrawFn, key: st.SearchStrategy[str] = keys) -> Tallies:
    weeks = draw(
        st.sampled_from([(), WEEKS[:1], WEEKS, tuple((2000 + n // 52, n % 52 + 1) for n in range(90))])
    )
    counts = st.lists(st.integers(0, 10**5), min_size=len(weeks), max_size=len(weeks)).map(tuple)
    row = st.builds(Tally, key, names, st.integers(0, 10**7), counts)
    return Tallies(draw(st.integers(0, 10**8)), tuple(draw(st.lists(row, max_size=6))), weeks)


def shown(content: terminal.RenderableType, width: int) -> str:
    return terminal.to_text(content, width)


def widest(drawn: str) -> int:
    return max(map(cell_len, drawn.splitlines()), default=0)


@given(
    st.sampled_from(sorted(charts.STYLES)), tallies(), st.integers(20, 220), st.sampled_from(i18n.LANGUAGES)
)
def test_every_count_is_shown_at_every_width(kind: str, found: Tallies, width: int, language: str) -> None:
    i18n.use(language)
    try:
        drawn = shown(charts.tallies(kind, found, width), width)
        assert widest(drawn) <= width
        assert all(charts.number(row.count) in drawn for row in found.rows)
    finally:
        i18n.use("en")


@given(
    tallies(),
    st.lists(st.tuples(keys, names), max_size=5, unique_by=lambda pair: pair[0]),
    st.lists(st.tuples(keys, names), max_size=9, unique_by=lambda pair: pair[0]),
    st.integers(20, 220),
)
def test_statistics_fit_every_width(
    feeds: Tallies, rows: list[tuple[str, str]], columns: list[tuple[str, str]], width: int
) -> None:
    cells = {(row, column): 4321 for row, _name in rows for column, _name in columns if row != column}
    by_week = tuple(range(len(feeds.weeks)))
    drawn = shown(
        charts.statistics(by_week, feeds, Crossing(tuple(rows), tuple(columns), cells), width), width
    )

    assert widest(drawn) <= width


TOPICS = Tallies(
    1234,
    (
        Tally("none", "", 600, (0, 0, 0, 600, 0)),
        Tally("ki", "Künstliche Intelligenz", 1000, (0, 1, 500, 400, 99)),
        Tally("e-akte", "E-Akte", 250, (250, 0, 0, 0, 0)),
    ),
    WEEKS,
)


def test_a_chart_says_how_many_and_when() -> None:
    assert shown(charts.tallies("topics", TOPICS, 60), 60).splitlines() == [
        "Künstliche Intelligenz  1,000  ██████████████████████  ▁▂█▇▂",
        "E-Akte                    250  █████▌                  █▁▁▁▁",
        "no topic                  600                          ▁▁▁█▁",
        "",
        "1,234 articles · sparkline: KW 38 to KW 42",
    ]


def test_german_marks_thousands_by_points() -> None:
    i18n.use("de")
    try:
        assert "1.000  █" in shown(charts.tallies("topics", TOPICS, 60), 60)
    finally:
        i18n.use("en")


def test_a_narrow_chart_does_without_line_and_bar() -> None:
    without_line, without_bar = (shown(charts.tallies("topics", TOPICS, width), width) for width in (49, 29))

    assert "█" in without_line
    assert "▁" not in without_line
    assert not {"sparkline", "█", "▁"} & {*without_bar, *without_bar.split()}
    assert shown(charts.tallies("topics", TOPICS, 20), 20).splitlines()[:2] == [
        "Künstliche     1,000",
        "Intelligenz",
    ]


def test_a_wide_chart_tells_shares_and_grows_no_further() -> None:
    drawn = shown(charts.tallies("topics", TOPICS, 200), 200)

    assert "1,000    81%  █" in drawn
    assert widest(drawn) < 100


def test_weeks_of_two_years_are_told_by_their_year() -> None:
    weeks = ((2026, 52), (2026, 53), (2027, 1))
    drawn = shown(charts.tallies("topics", Tallies(3, (Tally("ki", "KI", 3, (1, 1, 1)),), weeks), 80), 80)

    assert "sparkline: KW 52/2026 to KW 1/2027" in drawn


def test_what_does_not_fit_is_the_oldest_weeks() -> None:
    weeks = tuple((2026, week) for week in range(1, 41))
    row = Tally("ki", "KI", 40, (*[1] * 39, 8))
    drawn = shown(charts.tallies("topics", Tallies(40, (row,), weeks), 60), 60)

    assert "▂" * 14 + "█" in drawn
    assert "KW 26 to KW 40" in drawn


def test_nothing_to_count_is_one_friendly_line() -> None:
    assert shown(charts.tallies("places", Tallies(0, ()), 80), 80).splitlines() == [
        "Nothing to count here. Ask for less, or fetch what is new: kommcli fetch"
    ]
    assert "7 articles" in shown(charts.tallies("places", Tallies(7, ()), 80), 80)


def test_states_and_federation_have_names() -> None:
    rows = (Tally("bund", "", 3), Tally("eu", "", 2), Tally("none", "", 9), Tally("DE-BY", "Bayern", 1))
    drawn = shown(charts.tallies("states", Tallies(15, rows), 40), 40)

    assert [line.split("  ")[0] for line in drawn.splitlines()[:4]] == [
        "Bayern",
        "Federation",
        "Europe",
        "no state",
    ]


@pytest.mark.parametrize(
    ("count", "drawn"),
    [(0, ""), (1, "▏"), (50, "█████"), (51, "█████▏"), (99, "█████████▉"), (100, "█" * 10)],
)
def test_a_bar_in_eighths(count: int, drawn: str) -> None:
    assert charts.bar(count, 100, 10) == drawn


def test_a_line_by_week_has_its_own_scale() -> None:
    assert charts.line((0, 1, 50, 100), Style()).plain == "▁▂▅█"
    assert charts.line((0, 0), Style()).plain == "▁▁"


def test_statistics_by_week_feed_state_and_topic() -> None:
    feeds = Tallies(8, (Tally("kommune21", "Kommune21", 8, (3, 5)),), ((2026, 53), (2027, 1)))
    crossing = Crossing(
        (("bund", ""), ("DE-BY", "Bayern")),
        (("ki", "Künstliche Intelligenz"), ("ozg", "Onlinezugangsgesetz"), ("e-akte", "E-Akte")),
        {("DE-BY", "ki"): 2, ("DE-BY", "ozg"): 1, ("bund", "ki"): 1},
    )

    assert shown(charts.statistics((3, 5), feeds, crossing, 60), 60).splitlines() == [
        "Articles per week",
        "KW 53      3  ████████████████████████",
        "KW 1/2027  5  ████████████████████████████████████████",
        "",
        "Articles per feed",
        "Kommune21  8  ████████████████████████████████████████  ▅█",
        "",
        "States and topics",
        "             Künstliche",
        "            Intelligenz  ozg  E-Akte",
        "Bayern                2    1       ·",
        "Federation            1    ·       ·",
        "",
        "8 articles · sparkline: KW 53/2026 to KW 1/2027",
    ]
    assert "2 of 3 topics; all of them with --json" in shown(
        charts.statistics((3, 5), feeds, crossing, 20), 20
    ).replace("\n", " ")
