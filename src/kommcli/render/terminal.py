"""For people at a terminal: lists and articles. Only this module and `subscriptions` know Rich.

Text from outside enters Rich as `Text`, never as markup; it was cleaned when it was parsed.
Colours are the terminal's own eight, so that they fit a light and a dark background.
"""

from __future__ import annotations

import sys
from collections.abc import Container, Sequence
from datetime import datetime
from typing import TextIO

from rich.console import Console, Group, RenderableType
from rich.style import Style
from rich.table import Table
from rich.text import Text

from kommcli import dates
from kommcli.data.states import NAMES
from kommcli.i18n import _, language, ngettext
from kommcli.model import Article
from kommcli.render import plain
from kommcli.render.records import title_of
from kommcli.render.watched import Watched

MEASURE = 76
"""Columns of running text: about 66 characters a line are read most easily (Bringhurst)."""

TABLE_FROM = 110
"""Columns from which a list is a table; below, an article is two lines or more."""

NARROWEST = 20
"""Columns that are always used."""

WIDE = 140
"""Columns from which states are written out, and places named before them."""

MAX_PLACES = 3
"""Places named in a list."""

MAX_SOURCES = 3
"""Other sources of a story named in a list."""

KICKER = Style(color="cyan", bold=True)
TITLE = Style(bold=True)
QUIET = Style(dim=True)
PLACE = Style(color="green")
TOPIC = Style(color="magenta")
NEW = Style(color="blue", bold=True)


class _Screen(Console):
    """Leaves it to the program what a closed pipe means; Rich would exit with 1."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def console(stream: TextIO | None = None) -> Console:
    """A console that interprets nothing in the texts it is given."""
    screen = _Screen(file=stream or sys.stdout, markup=False, highlight=False, emoji=False)
    # COLUMNS=0 and terminals that do not know their width: narrow is better than nothing.
    screen.width = max(screen.width, NARROWEST)
    return screen


# ---------------------------------------------------------------------------------------- the list


def articles(
    found: Sequence[Article], now: datetime, width: int, note: str, home: Container[str] = ()
) -> RenderableType:
    """A numbered list that fits ``width`` columns; long titles wrap. ``note`` is the line below, ``home``
    the ids of articles about the reader's own region."""
    body = _table(found, now, width, home) if width >= TABLE_FROM else _lines(found, now, home)
    return Group(body, Text(note, QUIET))


def _table(found: Sequence[Article], now: datetime, width: int, home: Container[str]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style=QUIET)
    table.add_column(_("No."), justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    table.add_column(_("Date"), no_wrap=True)
    # fold: a word that is wider than its column goes on in the next line, it is not cut.
    table.add_column(_("Article"), ratio=1, min_width=32, overflow="fold")
    table.add_column(_("State"), max_width=26 if width >= WIDE else 6, overflow="fold")
    table.add_column(_("Source"), max_width=26 if width >= WIDE else 20, overflow="fold")
    table.add_column(_("Topic"), max_width=34 if width >= WIDE else 24, overflow="fold")
    for number, article in enumerate(found, start=1):
        table.add_row(
            Text(str(number), QUIET),
            marks(article, article.id in home),
            Text(_date(article, now)),
            headline(article),
            Text(_where(article, long=width >= WIDE), PLACE),
            _sources(article),
            Text(_topics(article), TOPIC),
        )
    return table


def _lines(found: Sequence[Article], now: datetime, home: Container[str], first: int = 1) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, show_header=False)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for number, article in enumerate(found, start=first):
        table.add_row(Text(str(number), QUIET), Group(headline(article), facts(article, now, home), ""))
    return table


def facts(article: Article, now: datetime, home: Container[str] = ()) -> Text:
    """Marks, date, sources, states and topics in one line."""
    line = Text(_date(article, now))
    for part in (_sources(article), Text(_where(article, long=False), PLACE), Text(_topics(article), TOPIC)):
        if part:
            line.append(" · ", QUIET).append_text(part)
    sign = marks(article, article.id in home)
    return Text.assemble(sign, " ", line) if sign else line


def _sources(article: Article) -> Text:
    """ "Kommune21 +2: Amtsblick, Landespresse"."""
    text = Text(article.source.title, QUIET)
    if article.also_in:
        names = dict.fromkeys(one.source.title for one in article.also_in)
        more = len(names) - MAX_SOURCES
        named = ", ".join(list(names)[:MAX_SOURCES]) + (f", +{more}" if more > 0 else "")
        text.append(f" +{len(article.also_in)}: ", NEW).append(named, QUIET)
    return text


def marks(article: Article, home: bool = False) -> Text:
    """● unread, ★ starred, ⌂ about the reader's own region."""
    sign = Text()
    if not article.read:
        sign.append("●", NEW)
    if article.starred:
        sign.append("★", NEW)
    if home:
        sign.append("⌂", PLACE)
    return sign


def headline(article: Article) -> Text:
    """ "Kicker: Title", a link where the article has an address."""
    text = Text()
    if article.kicker:
        text.append(f"{article.kicker}: ", KICKER)
    text.append(title_of(article), Style() if article.read else TITLE)
    if article.url:
        text.stylize(Style(link=article.url))
    if article.edited:
        text.append(" " + _("(edited)"), QUIET)
    return text


def _date(article: Article, now: datetime) -> str:
    date = dates.short(article.published, now, language())
    return f"~{date}" if article.published_is_estimate else date


def _where(article: Article, *, long: bool) -> str:
    """The states by their codes, "Bund" or "EU"; ``long``: the places before them."""
    codes = ", ".join(code.removeprefix("DE-") for code in article.states)
    if article.level:
        return plain.level_name(article.level, short=not long)
    if not long or not article.places:
        return ", ".join(NAMES.get(code, code) for code in article.states) if long else codes
    places = ", ".join(place.name for place in article.places[:MAX_PLACES])
    more = len(article.places) - MAX_PLACES
    return f"{places}{f' +{more}' if more > 0 else ''} · {codes}"


def _topics(article: Article) -> str:
    return ", ".join(topic.name for topic in article.topics[:2])


def watched(found: Sequence[Watched], now: datetime) -> RenderableType:
    """Each watch with its new hits, numbered through."""
    parts: list[RenderableType] = []
    number = 1
    for one in found:
        count = ngettext("{count} new article", "{count} new articles", one.count).format(count=one.count)
        parts.append(Text.assemble((one.name, KICKER), (f" · {count}", QUIET)))
        if one.articles:
            parts += ["", _lines(one.articles, now, (), number)]
            number += len(one.articles)
        if one.count > len(one.articles):
            more = _("… and {count} more: kommcli watch {name} --all -n {all}")
            parts.append(
                Text(more.format(count=one.count - len(one.articles), name=one.name, all=one.count), QUIET)
            )
        parts.append("")
    return Group(*parts[:-1])


def list_note(count: int, as_of: datetime | None, now: datetime) -> str:
    """The line below a list: how many, how fresh, what next."""
    parts = [ngettext("{count} article", "{count} articles", count).format(count=count)]
    if as_of:
        parts.append(_("as of {date}").format(date=dates.short(as_of, now, language())))
    if count:
        parts.append(_("read one: kommcli read NUMBER"))
    return " · ".join(parts)


def to_text(content: RenderableType, width: int) -> str:
    """``content`` as plain text of ``width`` columns, for a file."""
    from io import StringIO

    stream = StringIO()
    paper = Console(file=stream, width=width, markup=False, highlight=False, emoji=False, color_system=None)
    paper.print(content)
    return "".join(line.rstrip() + "\n" for line in stream.getvalue().splitlines())
