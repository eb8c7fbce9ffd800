"""The map of the states: every state once, every number in its tile, with and without colours."""

from __future__ import annotations

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from kommcli.data.states import NAMES, STATES
from kommcli.render import terminal, tilemap
from kommcli.tallies import Tallies, Tally

WEEKS = tuple((2026, week) for week in range(38, 43))
CODES = [state.code for state in STATES]


def counted(counts: dict[str, int]) -> Tallies:
    rows = tuple(Tally(key, NAMES.get(key, ""), count, (0, 0, 0, 0, count)) for key, count in counts.items())
    return Tallies(sum(counts.values()), rows, WEEKS)


EXAMPLE = counted({"DE-NW": 1600, "DE-BY": 800, "DE-HE": 300, "DE-SL": 7, "bund": 40, "eu": 3, "none": 11})


def colourful(found: Tallies, width: int, **terminal_has: str | bool | None) -> str:
    stream = io.StringIO()
    Console(file=stream, width=width, force_terminal=True, legacy_windows=False, **terminal_has).print(  # type: ignore[arg-type]
        tilemap.states(found, width)
    )
    return stream.getvalue()


def without_colours(output: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", output)


def test_every_state_has_one_tile() -> None:
    assert sorted(code for row in tilemap.GRID for code in row if code) == sorted(CODES)
    assert {len(row) for row in tilemap.GRID} == {5}


def test_the_map_without_colours() -> None:
    assert terminal.to_text(tilemap.states(EXAMPLE, 80), 80).splitlines()[:15] == [
        "                  ╭╌ SH ╌╮",
        "                  ╎  ·   ╎",
        "                  ╰╌╌╌╌╌╌╯",
        "         ╭╌ HB ╌╮ ╭╌ HH ╌╮ ╭╌ MV ╌╮",
        "         ╎  ·   ╎ ╎  ·   ╎ ╎  ·   ╎",
        "         ╰╌╌╌╌╌╌╯ ╰╌╌╌╌╌╌╯ ╰╌╌╌╌╌╌╯",
        "▛▀ NW ▀▜ ╭╌ NI ╌╮ ╭╌ ST ╌╮ ╭╌ BB ╌╮ ╭╌ BE ╌╮",
        "▌1,600 ▐ ╎  ·   ╎ ╎  ·   ╎ ╎  ·   ╎ ╎  ·   ╎",
        "▙▄▄▄▄▄▄▟ ╰╌╌╌╌╌╌╯ ╰╌╌╌╌╌╌╯ ╰╌╌╌╌╌╌╯ ╰╌╌╌╌╌╌╯",
        "╭╌ RP ╌╮ ╔═ HE ═╗ ╭╌ TH ╌╮ ╭╌ SN ╌╮",
        "╎  ·   ╎ ║ 300  ║ ╎  ·   ╎ ╎  ·   ╎",
        "╰╌╌╌╌╌╌╯ ╚══════╝ ╰╌╌╌╌╌╌╯ ╰╌╌╌╌╌╌╯",
        "╭─ SL ─╮ ╭╌ BW ╌╮ ┏━ BY ━┓",
        "│  7   │ ╎  ·   ╎ ┃ 800  ┃",
        "╰──────╯ ╰╌╌╌╌╌╌╯ ┗━━━━━━┛",
    ]


@given(
    st.dictionaries(st.sampled_from([*NAMES, "bund", "eu", "none"]), st.integers(0, 10**7)),
    st.integers(20, 220),
)
def test_the_map_fits_every_width_and_tells_every_number(counts: dict[str, int], width: int) -> None:
    found = counted(counts)
    boxes = terminal.to_text(tilemap.states(found, width), width)
    tiles = without_colours(colourful(found, width, color_system="256"))

    for drawn in (boxes, tiles):
        assert max(map(cell_len, drawn.splitlines())) <= width
        assert all(f"{count:,}" in drawn for count in counts.values())


@pytest.mark.parametrize(("width", "is_map"), [(49, False), (50, True), (99, True), (100, True), (200, True)])
def test_a_map_where_there_is_room(width: int, is_map: bool) -> None:
    lines = terminal.to_text(tilemap.states(EXAMPLE, width), width).splitlines()

    assert any("─ SL ─" in line for line in lines) is is_map
    beside = [line for line in lines if "Nordrhein-Westfalen" in line and "SH" in line]
    assert bool(beside) is (width >= tilemap.TABLE_BESIDE_FROM)
    assert lines[-1].startswith("2,761 articles")
    if is_map:
        assert lines[-2] == "Federation 40 · Europe 3 · no state 11"


def test_tiles_are_filled_where_there_are_colours() -> None:
    filled = colourful(EXAMPLE, 80, color_system="256")

    assert "48;5;220" in filled
    assert "╭╌ SH ╌╮" in filled
    assert "▛" not in filled


@pytest.mark.parametrize(
    "terminal_has",
    [{"color_system": "standard"}, {"color_system": None}, {"color_system": "256", "no_color": True}],
)
def test_few_colours_give_boxes(terminal_has: dict[str, str | bool | None]) -> None:
    drawn = colourful(EXAMPLE, 80, **terminal_has)

    assert "48;5;" not in drawn
    assert "▛▀ NW ▀▜" in drawn


def test_steps_tell_much_from_little() -> None:
    assert [tilemap.step(count, 1600) for count in (0, 1, 100, 101, 400, 401, 900, 901, 1600)] == [
        0, 1, 1, 2, 2, 3, 3, 4, 4,
    ]  # fmt: skip


def test_states_without_any_article() -> None:
    assert terminal.to_text(tilemap.states(Tallies(0, ()), 100), 100).startswith("Nothing to count here.")
