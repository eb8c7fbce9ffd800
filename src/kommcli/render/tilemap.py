"""The counts of the sixteen states as a map of tiles: every state one tile, neighbours beside each other."""

from __future__ import annotations

import math

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.segment import Segment
from rich.style import Style
from rich.table import Table
from rich.text import Text

from kommcli.render import charts
from kommcli.render.tallied import REST, name_of
from kommcli.render.terminal import PLACE, QUIET, TITLE
from kommcli.tallies import Tallies

GRID = (
    ("", "", "SH", "", ""),
    ("", "HB", "HH", "MV", ""),
    ("NW", "NI", "ST", "BB", "BE"),
    ("RP", "HE", "TH", "SN", ""),
    ("SL", "BW", "BY", "", ""),
)
"""Where a state lies: north is up. Tiles that touch are neighbours, but for HB and HH, HH and MV, HH and ST,
SL and BW, which have others between them."""

MAP_FROM = 50
"""Columns from which states are a map; a number of six digits asks for more."""

TABLE_BESIDE_FROM = 100
"""Columns from which the table stands beside the map, not below it."""

GAP = 4

INK = "color(16)"
FILLS = tuple(f"color({colour})" for colour in (66, 72, 35, 220))
"""Slate, sage, green, gold from the fixed part of the 256 colours (xterm): they become more vivid, so that
their order is seen on a light and on a dark background. Black is read on all of them (contrast above 5)."""

BOXES = ("╭╌╮╎╎╰╌╯", "╭─╮││╰─╯", "╔═╗║║╚═╝", "┏━┓┃┃┗━┛", "▛▀▜▌▐▙▄▟")
"""For terminals of few colours or none: the more, the heavier the box; nothing is dotted."""


def states(found: Tallies, width: int) -> RenderableType:
    """Counts by state as a map with a table that fit ``width`` columns; a plain table where it is narrow."""
    tiles = Tiles({row.key.removeprefix("DE-"): row.count for row in found.rows if row.key not in REST})
    if not found.rows or width < max(MAP_FROM, tiles.width):
        return charts.tallies("states", found, width)
    rows = [row for row in found.rows if row.key not in REST]
    below = [Text(), *_rest(found), charts.note(found, width)]
    if width < TABLE_BESIDE_FROM:
        return Group(tiles, Text(), charts.table("states", found, rows, width), *below)
    left = width - tiles.width - GAP
    # The weeks of the note are those of the table, which has less room than the whole.
    below[-1] = charts.note(found, left)
    beside = Table(box=None, padding=(0, GAP, 0, 0), pad_edge=False, show_header=False)
    beside.add_column(width=tiles.width)
    beside.add_column(width=left)
    beside.add_row(tiles, charts.table("states", found, rows, left))
    return Group(beside, *below)


def _rest(found: Tallies) -> list[Text]:
    rest = " · ".join(
        f"{name_of('states', row.key, row.name)} {charts.number(row.count)}"
        for row in sorted(found.rows, key=lambda row: row.key)
        if row.key in REST
    )
    return [Text(rest, QUIET)] if rest else []


def step(count: int, most: int) -> int:
    """0 for nothing, else 1 to 4; by the root, as a few large states would leave the others in the lowest."""
    return math.ceil(4 * math.sqrt(count / most)) if count else 0


class Tiles:
    """The map itself: filled tiles where the terminal has 256 colours, else boxes."""

    def __init__(self, counts: dict[str, int]) -> None:
        self._counts = counts
        self._most = max(counts.values(), default=0)
        longest = max((len(charts.number(count)) for count in counts.values()), default=1)
        # Even, so that the code of two letters stands in the middle.
        self._inner = max(6, longest + longest % 2)

    @property
    def width(self) -> int:
        """Columns of the map."""
        return len(GRID[0]) * (self._inner + 3) - 1

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        filled = not console.no_color and console.color_system in ("256", "truecolor")
        for row in GRID:
            tiles = [self._tile(code, filled) for code in row]
            for lines in zip(*tiles, strict=True):
                for number, (text, style) in enumerate(lines):
                    yield Segment(" " if number else "")
                    yield Segment(text, style)
                yield Segment.line()

    def _tile(self, code: str, filled: bool) -> list[tuple[str, Style]]:
        size = self._inner + 2
        if not code:
            return [(" " * size, Style())] * 3
        count = self._counts.get(code, 0)
        level = step(count, self._most)
        text = charts.number(count) if count else "·"
        if filled and level:
            fill, ink = Style(color=FILLS[level - 1]), Style(color=INK, bgcolor=FILLS[level - 1])
            return [("▄" * size, fill), (code.center(size), ink + TITLE), (text.center(size), ink)]
        style = PLACE if count else QUIET
        a, top, b, left, right, c, foot, d = list(BOXES[level])
        return [
            (f"{a}{f' {code} '.center(self._inner, top)}{b}", style),
            (f"{left}{text.center(self._inner)}{right}", style),
            (f"{c}{foot * self._inner}{d}", style),
        ]
