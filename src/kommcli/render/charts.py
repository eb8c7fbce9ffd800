"""Counts at a terminal: bars, lines by week, and the table of states by topics.

Bars are drawn in eighths of a column, so that small differences show; all of them on one scale. A line by
week (Tufte's "sparkline") has a scale of its own in every row: it shows when, not how much.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.cells import cell_len
from rich.console import Group, JustifyMethod, RenderableType
from rich.style import Style
from rich.table import Table
from rich.text import Text

from kommcli.i18n import _, language, ngettext
from kommcli.render.tallied import REST, name_of
from kommcli.render.terminal import KICKER, PLACE, QUIET, TITLE, TOPIC
from kommcli.tallies import Crossing, Tallies, Tally

BAR_FROM = 30
"""Columns from which rows have a bar."""

LINE_FROM = 50
"""Columns from which rows have a line by week."""

SHARE_FROM = 80
"""Columns from which rows tell their share of all articles."""

WEEKS_AT_MOST = 52

LONGEST_BAR = 40
LONGEST_NAME = 44
LONGEST_WORD = 16
"""Columns of a topic's name above the table of states; a longer word gives way to the topic's key."""

_EIGHTHS = " ▏▎▍▌▋▊▉"
_LEVELS = "▁▂▃▄▅▆▇█"
_GAP = 2

STYLES = {"topics": TOPIC, "states": PLACE, "places": PLACE, "feeds": KICKER}
STYLES |= {"weeks": KICKER, "watched": KICKER}


def number(count: int) -> str:
    """With the thousands mark of the language: "1.234", "1,234"."""
    text = f"{count:,}"
    return text.replace(",", ".") if language() == "de" else text


def bar(count: int, most: int, width: int) -> str:
    """A bar of at most ``width`` columns; whatever is counted at all is seen."""
    eighths = round(width * 8 * count / most) if most else 0
    full, rest = divmod(max(eighths, 1 if count else 0), 8)
    return "█" * full + _EIGHTHS[rest].strip()


def line(counts: Sequence[int], style: Style) -> Text:
    """The course of ``counts``, one column each: the highest is full, nothing is a quiet ground line."""
    text, most = Text(no_wrap=True), max(counts, default=0)
    for count in counts:
        # Whatever is counted at all stands above the ground.
        level = max(round(7 * count / most), 1) if count else 0
        text.append(_LEVELS[level], style if count else QUIET)
    return text


# --------------------------------------------------------------------------------------- one column


def tallies(kind: str, found: Tallies, width: int) -> RenderableType:
    """Counts by ``kind`` ("topics", "states", "places", "feeds") as bars that fit ``width`` columns."""
    if not found.rows:
        return nothing(found)
    return Group(table(kind, found, found.rows, width), Text(), note(found, width))


def nothing(found: Tallies) -> RenderableType:
    """The line that stands where there is nothing to count."""
    hint = _("Nothing to count here. Ask for less, or fetch what is new: kommcli fetch")
    return Text(hint, QUIET) if not found.total else Group(Text(hint, QUIET), Text(_articles(found), QUIET))


def table(kind: str, found: Tallies, rows: Sequence[Tally], width: int) -> Table:
    """Some ``rows`` of ``found``: name, count, share, bar and course; what is none of the kind comes last."""
    rows = sorted(rows, key=lambda row: row.key in REST)
    # What is none of the kind has no bar: it is often most, and would leave little to the others.
    named = {row.key: row.count for row in rows if row.key not in REST}
    most = max(named.values(), default=0)
    counts = max((len(number(row.count)) for row in rows), default=1)
    longest = max((cell_len(name_of(kind, row.key, row.name)) for row in rows), default=1)
    weeks = weeks_shown(found, width)
    share = 5 if found.total and width >= SHARE_FROM else 0
    taken = counts + sum(size + _GAP for size in (weeks, share) if size) + _GAP
    names, bars = _name_and_bar(longest, width - taken, width)

    def style(row: Tally, usual: Style) -> Style:
        return QUIET if row.key in REST else usual

    columns: list[tuple[int, JustifyMethod, Callable[[Tally], Text]]] = [
        (names, "left", lambda row: Text(name_of(kind, row.key, row.name), style(row, Style()))),
        (counts, "right", lambda row: Text(number(row.count), style(row, TITLE))),
        (share, "right", lambda row: Text(_share(row.count, found.total), QUIET)),
        (bars, "left", lambda row: Text(bar(named.get(row.key, 0), most, bars), STYLES[kind])),
        (weeks, "left", lambda row: line(row.weeks[-weeks:], style(row, STYLES[kind]))),
    ]
    return _drawn([column for column in columns if column[0]], rows)


def _drawn(
    columns: Sequence[tuple[int, JustifyMethod, Callable[[Tally], Text]]], rows: Sequence[Tally]
) -> Table:
    drawn = Table(box=None, padding=(0, _GAP, 0, 0), pad_edge=False, show_header=False)
    for size, justify, _cell in columns:
        # fold: a name that is longer than its column goes on in the next line, it is not cut.
        drawn.add_column(width=size, justify=justify, overflow="fold")
    for row in rows:
        drawn.add_row(*(cell(row) for _size, _justify, cell in columns))
    return drawn


def _name_and_bar(longest: int, left: int, width: int) -> tuple[int, int]:
    """The columns of name and bar, which share ``left``; a name that is too long wraps."""
    if width < BAR_FROM:
        return max(min(longest, left), 1), 0
    name = max(min(longest, LONGEST_NAME, left - _GAP - max(left // 4, 6)), 6)
    return name, max(min(left - name - _GAP, LONGEST_BAR), 1)


def _share(count: int, total: int) -> str:
    percent = round(100 * count / total)
    # DIN 5008 parts number and percent sign by a space.
    return _("{percent}%").format(percent=percent if percent or not count else "<1")


def weeks_shown(found: Tallies, width: int) -> int:
    """How many of the newest weeks fit; none where a course would be a single column."""
    return (
        min(len(found.weeks), width // 4, WEEKS_AT_MOST) if width >= LINE_FROM and len(found.weeks) > 1 else 0
    )


def note(found: Tallies, width: int) -> Text:
    """The line below counts: of how many articles, and which weeks their course covers."""
    parts = [_articles(found)]
    if weeks := weeks_shown(found, width):
        first, last = found.weeks[-weeks], found.weeks[-1]
        years = first[0] != last[0]
        parts.append(
            _("sparkline: {first} to {last}").format(
                first=week_name(*first, year_too=years), last=week_name(*last, year_too=years)
            )
        )
    return Text(" · ".join(parts), QUIET)


def _articles(found: Tallies) -> str:
    return ngettext("{count} article", "{count} articles", found.total).format(count=number(found.total))


def week_name(year: int, week: int, *, year_too: bool = False) -> str:
    """ "KW 38", as weeks are called in German offices and typed in filters; "KW 38/2026"."""
    return f"KW {week}/{year}" if year_too else f"KW {week}"


# --------------------------------------------------------------------------------------- statistics


def statistics(by_week: Sequence[int], feeds: Tallies, crossing: Crossing, width: int) -> RenderableType:
    """Articles per week, per feed, and states by topics.

    ``by_week`` are the articles of each of the weeks of ``feeds``.
    """
    if not feeds.total:
        return nothing(feeds)
    parts: list[RenderableType] = []
    if by_week:
        parts += [Text(_("Articles per week"), KICKER), _weeks(by_week, feeds, width), Text()]
    parts += [Text(_("Articles per feed"), KICKER), table("feeds", feeds, feeds.rows, width), Text()]
    if crossing.rows and crossing.columns:
        parts += [Text(_("States and topics"), KICKER), *_crossed(crossing, width), Text()]
    return Group(*parts, note(feeds, width))


def _weeks(by_week: Sequence[int], feeds: Tallies, width: int) -> Table:
    rows, before = [], feeds.weeks[0][0]
    for (year, week), count in zip(feeds.weeks, by_week, strict=True):
        rows.append(Tally(f"{year}-{week}", week_name(year, week, year_too=year != before), count))
        before = year
    return table("weeks", Tallies(0, ()), rows, width)


def _crossed(crossing: Crossing, width: int) -> list[RenderableType]:
    """The table of states by topics, with as many topics as fit."""
    states = {key: _state(key, name, width) for key, name in _rest_last(crossing.rows)}
    names = min(max(map(cell_len, states.values())), width // 2)
    left = width - names
    drawn = Table(box=None, padding=(0, _GAP, 0, 0), pad_edge=False, header_style=QUIET)
    drawn.add_column("", width=names, overflow="fold")
    shown: list[str] = []
    for key, name in _rest_last(crossing.columns):
        head = _head(key, name_of("topics", key, name), width)
        numbers = (number(crossing.cells.get((state, key), 0)) for state in states)
        size = min(max(map(cell_len, [*head.split(), *numbers])), width - names - _GAP)
        if shown and left < size + _GAP:
            break
        left -= size + _GAP
        drawn.add_column(Text(head), width=size, justify="right", overflow="fold", vertical="bottom")
        shown.append(key)
    for state, name in states.items():
        cells = (crossing.cells.get((state, key), 0) for key in shown)
        drawn.add_row(
            Text(name, QUIET if state in REST else ""),
            *(Text(number(count)) if count else Text("·", QUIET) for count in cells),
        )
    if len(shown) == len(crossing.columns):
        return [drawn]
    more = _("{shown} of {all} topics; all of them with --json").format(
        shown=len(shown), all=len(crossing.columns)
    )
    return [drawn, Text(more, QUIET)]


def _rest_last(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(pairs, key=lambda pair: pair[0] in REST)


def _state(key: str, name: str, width: int) -> str:
    short = key.removeprefix("DE-") if key not in REST and width < LINE_FROM else name
    return name_of("states", key, short)


def _head(key: str, name: str, width: int) -> str:
    fits = width >= LINE_FROM and max(map(cell_len, name.split()), default=0) <= LONGEST_WORD
    return name if fits or key in REST else key
