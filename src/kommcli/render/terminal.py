"""For people at a terminal: the only room that knows Rich.

Text from outside enters Rich as `Text`, never as markup; it was cleaned when it was parsed.
Colours are the terminal's own eight, so that they fit a light and a dark background.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TextIO

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.style import Style
from rich.table import Table
from rich.text import Text

from kommcli import dates
from kommcli.data.states import NAMES
from kommcli.i18n import _, language, ngettext
from kommcli.model import Article, Block, BlockType, Feed, FeedState, Outcome, Report, Visit
from kommcli.render import plain
from kommcli.render.checks import Check
from kommcli.render.messages import failure_line, skip_text, summary, warning_text
from kommcli.render.records import message
from kommcli.urls import redacted

MEASURE = 76
"""Columns of running text: about 66 characters a line are read most easily (Bringhurst)."""

TABLE_FROM = 110
"""Columns from which a list is a table; below, an article is two lines or more."""

FEEDS_TABLE_FROM = 100
"""Columns from which the subscriptions are a table."""

NARROWEST = 20
"""Columns that are always used."""

WIDE = 140
"""Columns from which states are written out."""

KICKER = Style(color="cyan", bold=True)
TITLE = Style(bold=True)
QUIET = Style(dim=True)
PLACE = Style(color="green")
TOPIC = Style(color="magenta")
NEW = Style(color="blue", bold=True)
BAD = Style(color="red", bold=True)


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


def articles(found: Sequence[Article], now: datetime, width: int, note: str) -> RenderableType:
    """A numbered list that fits ``width`` columns; long titles wrap. ``note`` is the line below."""
    body = _table(found, now, width) if width >= TABLE_FROM else _lines(found, now)
    return Group(body, Text(note, QUIET))


def _table(found: Sequence[Article], now: datetime, width: int) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style=QUIET)
    table.add_column(_("No."), justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    table.add_column(_("Date"), no_wrap=True)
    # fold: a word that is wider than its column goes on in the next line, it is not cut.
    table.add_column(_("Article"), ratio=1, min_width=32, overflow="fold")
    table.add_column(_("State"), max_width=22 if width >= WIDE else 5, overflow="fold")
    table.add_column(_("Source"), max_width=26 if width >= WIDE else 20, overflow="fold")
    table.add_column(_("Topic"), max_width=34 if width >= WIDE else 24, overflow="fold")
    for number, article in enumerate(found, start=1):
        table.add_row(
            Text(str(number), QUIET),
            marks(article),
            Text(_date(article, now)),
            headline(article),
            Text(_where(article, long=width >= WIDE), PLACE),
            Text(article.source.title, QUIET),
            Text(_topics(article), TOPIC),
        )
    return table


def _lines(found: Sequence[Article], now: datetime) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, show_header=False)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for number, article in enumerate(found, start=1):
        facts = Text(_date(article, now))
        for part, style in (
            (article.source.title, QUIET),
            (_where(article, long=False), PLACE),
            (_topics(article), TOPIC),
        ):
            if part:
                facts.append(" · ", QUIET).append(part, style)
        if sign := marks(article):
            facts = Text.assemble(sign, " ", facts)
        table.add_row(Text(str(number), QUIET), Group(headline(article), facts, ""))
    return table


def marks(article: Article) -> Text:
    """● unread, ★ starred."""
    sign = Text()
    if not article.read:
        sign.append("●", NEW)
    if article.starred:
        sign.append("★", NEW)
    return sign


def headline(article: Article) -> Text:
    """ "Kicker: Title", a link where the article has an address."""
    text = Text()
    if article.kicker:
        text.append(f"{article.kicker}: ", KICKER)
    text.append(article.title or _("(untitled)"), Style() if article.read else TITLE)
    if article.url:
        text.stylize(Style(link=article.url))
    return text


def _date(article: Article, now: datetime) -> str:
    date = dates.short(article.published, now, language())
    return f"~{date}" if article.published_is_estimate else date


def _where(article: Article, *, long: bool) -> str:
    if article.places:
        return ", ".join(place.name for place in article.places)
    names = (NAMES.get(code, code) if long else code.removeprefix("DE-") for code in article.states)
    return ", ".join(names)


def _topics(article: Article) -> str:
    return ", ".join(topic.name for topic in article.topics[:2])


def list_note(count: int, as_of: datetime | None, now: datetime) -> str:
    """The line below a list: how many, how fresh, what next."""
    parts = [ngettext("{count} article", "{count} articles", count).format(count=count)]
    if as_of:
        parts.append(_("as of {date}").format(date=dates.short(as_of, now, language())))
    if count:
        parts.append(_("read one: kommcli read NUMBER"))
    return " · ".join(parts)


# -------------------------------------------------------------------------------------- one article


def article(found: Article, body: Sequence[Block]) -> RenderableType:
    """One article, typeset in a comfortable measure."""
    parts: list[RenderableType] = []
    if found.kicker:
        parts.append(Text(found.kicker, KICKER))
    title = Text(found.title or _("(untitled)"), TITLE)
    if found.url:
        title.stylize(Style(link=found.url))
    parts += [title, Text(plain.byline(found), QUIET), ""]
    if plain.shows_lead(found, body):
        parts += [Text(found.teaser, TITLE), ""]
    for block in body:
        parts += [*_block(block)]
    if picture := plain.image_line(found):
        parts += [Text(picture, QUIET), ""]
    if found.truncated:
        parts += [Text(_("(shortened)"), QUIET), ""]
    # fold: a long address goes on in the next line, and stays one link.
    for address in (found.enclosure and found.enclosure.url, found.url):
        if address:
            parts.append(Text(address, Style(link=address, dim=True), overflow="fold"))
    return Padding(Group(*parts), (1, 2), expand=False)


def _block(block: Block) -> Iterable[RenderableType]:
    match block.type:
        case BlockType.HEADING:
            yield Text(block.text, KICKER)
        case BlockType.QUESTION:
            yield Text(block.text, TITLE)
        case BlockType.QUOTE:
            yield Padding(Text(block.text, Style(italic=True)), (0, 0, 0, 4))
        case BlockType.LIST:
            items = Table(box=None, show_header=False, padding=(0, 1, 0, 0), pad_edge=False)
            for item in block.text.split("\n"):
                items.add_row(Text("•", QUIET), Text(item.strip()))
            yield items
        case BlockType.IMAGE:
            return  # told once, below the text
        case _:
            yield Text(block.text)
    yield ""


def page(content: RenderableType, use_pager: bool) -> None:
    """Print; through the pager when it is longer than the screen and ``use_pager``."""
    screen = console()
    narrow = screen.options.update_width(min(screen.width, MEASURE + 4))
    lines = screen.render_lines(content, narrow, pad=False)
    if use_pager and len(lines) > screen.height - 1:
        # Without links, which older pagers print as letters; the address stands below the text.
        with screen.pager(styles=True, links=False):
            screen.print(content, width=narrow.max_width)
    else:
        screen.print(content, width=narrow.max_width)


# -------------------------------------------------------------------------------------------- feeds


def feeds(
    subscriptions: Iterable[tuple[Feed, FeedState | None]], now: datetime, width: int
) -> RenderableType:
    """The subscriptions: what they are called, how they are, where they are."""
    known = [(feed, state or FeedState(feed.key)) for feed, state in subscriptions]
    if width < FEEDS_TABLE_FROM:
        return Group(*(line for feed, state in known for line in _feed_lines(feed, state, now)))
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style=QUIET)
    table.add_column(_("Feed"), max_width=24, overflow="fold")
    table.add_column(_("Status"))
    table.add_column(_("Articles"), justify="right")
    table.add_column(_("Last answer"), no_wrap=True)
    table.add_column(_("Name and address"), overflow="fold")
    for feed, state in known:
        table.add_row(
            _key(feed),
            _status(feed, state, now, "\n"),
            Text(str(state.articles)),
            Text(_last_answer(state, now)),
            Text(feed.title or state.title or feed.key).append("\n" + redacted(feed.url), QUIET),
        )
    return table


def _feed_lines(feed: Feed, state: FeedState, now: datetime) -> tuple[Text, ...]:
    count = ngettext("{count} article", "{count} articles", state.articles).format(count=state.articles)
    facts = _key(feed).append(" · ").append_text(_status(feed, state, now, " ")).append(f" · {count}")
    if state.last_ok:
        facts.append(f" · {_last_answer(state, now)}")
    name = feed.title or state.title
    return facts, *([Text(name)] if name else []), Text(redacted(feed.url), QUIET), Text()


def _key(feed: Feed) -> Text:
    return Text.assemble((feed.key, KICKER if feed.enabled else QUIET))


def _last_answer(state: FeedState, now: datetime) -> str:
    return dates.short(state.last_ok, now, language()) if state.last_ok else "–"


def _status(feed: Feed, state: FeedState, now: datetime, glue: str) -> Text:
    word = plain.feed_status(feed, state)
    names = {"paused": _("paused"), "failing": _("fails"), "ok": _("ok"), "new": _("new")}
    style = BAD if word == "failing" else PLACE if word == "ok" else QUIET
    text = Text.assemble((names[word], style))
    if word == "failing" and state.failing_since:
        date = dates.short(state.failing_since, now, language())
        text.append(glue + _("since {date}").format(date=date) + glue + state.code, QUIET)
    return text


def checked(found: Sequence[Check], now: datetime, width: int) -> RenderableType:
    """What asking each feed told."""
    if width < FEEDS_TABLE_FROM:
        return Group(*(line for check in found for line in _check_lines(check, now)))
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style=QUIET)
    table.add_column("")
    table.add_column(_("Feed"), max_width=24, overflow="fold")
    table.add_column(_("Entries"), justify="right")
    table.add_column(_("Newest"), no_wrap=True)
    table.add_column(_("Answer"), overflow="fold")
    for check in found:
        newest = dates.short(check.newest, now, language()) if check.newest else "–"
        key = Text.assemble((check.feed.key, KICKER))
        table.add_row(_sign(check), key, Text(str(check.entries)), Text(newest), Text(_answer(check)))
    return table


def _check_lines(check: Check, now: datetime) -> tuple[Text, ...]:
    facts = Text.assemble(_sign(check), " ", (check.feed.key, KICKER))
    if check.newest:
        newest = dates.short(check.newest, now, language())
        facts.append(f" · {_('Entries')}: {check.entries} · {_('Newest')}: {newest}")
    return facts, Text(_answer(check)), Text()


def _sign(check: Check) -> Text:
    return Text.assemble(("✗", BAD) if check.failure else ("✓", PLACE))


def _answer(check: Check) -> str:
    answer = message(check.failure) if check.failure else f"{check.status} {check.content_type}".strip()
    answer += "".join(f"\n{warning_text(code)}" for code in check.warnings)
    if check.moved_to:
        answer += "\n" + _("moved for good to {url}").format(url=redacted(check.moved_to))
    return answer


def fetched(report: Report, now: datetime) -> RenderableType:
    """What a refresh brought, feed by feed, then in one line."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, show_header=False)
    for visit in report.visits:
        table.add_row(*_visit_cells(visit, now))
    return Group(table, Text(summary(report), QUIET))


def _visit_cells(visit: Visit, now: datetime) -> tuple[Text, Text, Text]:
    name = Text(visit.feed.title or visit.feed.key)
    match visit.outcome:
        case Outcome.UPDATED:
            text = ngettext("{count} new article", "{count} new articles", visit.new).format(count=visit.new)
            if visit.changed:
                text += ", " + ngettext("{count} changed", "{count} changed", visit.changed).format(
                    count=visit.changed
                )
            return Text("✓", PLACE), name, Text(text)
        case Outcome.UNCHANGED:
            return Text("✓", PLACE), name, Text(_("nothing new"), QUIET)
        case Outcome.SKIPPED:
            return Text("–", QUIET), name, Text(skip_text(visit, now), QUIET)
        case Outcome.FAILED:
            return Text("✗", BAD), name, Text(failure_line(visit, now).partition(": ")[2])


class Progress:
    """A live display of a refresh on standard error, feed by feed; nothing where that is no terminal."""

    def __init__(self, total: int) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
        from rich.progress import Progress as Bars

        self._bars = Bars(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("{task.fields[feed]}", markup=False),
            console=console(sys.stderr),
            transient=True,
        )
        self._task = self._bars.add_task(_("Fetching"), total=total, feed="")

    def __enter__(self) -> Progress:
        self._bars.start()
        return self

    def __exit__(self, *_failure: object) -> None:
        self._bars.stop()

    def finished(self, visit: Visit, done: int, _total: int) -> None:
        """Show that ``visit`` is done."""
        name = visit.feed.title or visit.feed.key
        self._bars.update(self._task, completed=done, feed=name)
        if visit.outcome is Outcome.UPDATED and visit.new:
            text = ngettext("{count} new article", "{count} new articles", visit.new).format(count=visit.new)
            self._bars.console.print(Text.assemble(("✓ ", PLACE), name, (f"  {text}", QUIET)))
        elif visit.outcome is Outcome.FAILED:
            self._bars.console.print(Text.assemble(("✗ ", BAD), name))


def to_text(content: RenderableType, width: int) -> str:
    """``content`` as plain text of ``width`` columns, for a file."""
    from io import StringIO

    stream = StringIO()
    paper = Console(file=stream, width=width, markup=False, highlight=False, emoji=False, color_system=None)
    paper.print(content)
    return "".join(line.rstrip() + "\n" for line in stream.getvalue().splitlines())
