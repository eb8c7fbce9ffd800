"""What a search found, at a terminal: each hit with its passages, the words that were found marked."""

from __future__ import annotations

from datetime import datetime

from rich.console import Group, RenderableType
from rich.style import Style
from rich.table import Table
from rich.text import Text

from kommcli.i18n import _, ngettext
from kommcli.passages import Passage
from kommcli.render.found import Found
from kommcli.render.terminal import MEASURE, QUIET, facts, headline

HIT = Style(color="yellow", bold=True)
"""Also bold: where there are no colours it is still seen."""


def found(result: Found, now: datetime, width: int) -> RenderableType:
    """A numbered list: headline, facts and passages of each hit."""
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, show_header=False)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(
        overflow="fold", max_width=max(MEASURE + 24, width * 2 // 3) if width > MEASURE else None
    )
    for number, hit in enumerate(result.hits, start=1):
        passages = result.passages.get(hit.article.id, ())
        lines: list[RenderableType] = [_headline(headline(hit.article), passages), facts(hit.article, now)]
        lines += [_passage(one) for one in passages if one.field not in ("kicker", "title")]
        table.add_row(Text(str(number), QUIET), Group(*lines, ""))
    return Group(table, Text(_note(len(result.hits)), QUIET))


def _headline(text: Text, passages: tuple[Passage, ...]) -> Text:
    """The headline, with the hits of kicker and title."""
    for one in passages:
        at = text.plain.find(one.text) if one.field in ("kicker", "title") else -1
        for begin, end in one.marks if at >= 0 else ():
            text.stylize(HIT, at + begin, at + end)
    return text


def _passage(one: Passage) -> Text:
    text = Text(one.text)
    for begin, end in one.marks:
        text.stylize(HIT, begin, end)
    return text


def _note(count: int) -> str:
    said = ngettext("{count} article", "{count} articles", count).format(count=count)
    return f"{said} · {_('read one: kommcli read NUMBER')}" if count else said
