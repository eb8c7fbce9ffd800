"""Subscriptions and refreshes at a terminal: lists of feeds, and the live display of a fetch."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import datetime

from rich.console import Group, RenderableType
from rich.style import Style
from rich.table import Table
from rich.text import Text

from kommcli import dates
from kommcli.errors import FAILURES
from kommcli.health import Checked, Severity
from kommcli.i18n import _, language, ngettext
from kommcli.model import Answer, Feed, FeedState, Outcome, Report, Visit
from kommcli.render import plain, sickbed
from kommcli.render.checks import Check
from kommcli.render.messages import failure_line, skip_text, summary, warning_text
from kommcli.render.records import message
from kommcli.render.terminal import KICKER, PLACE, QUIET, console
from kommcli.urls import redacted

TABLE_FROM = 100
"""Columns from which the subscriptions are a table."""

BAD = Style(color="red", bold=True)


def feeds(
    subscriptions: Iterable[tuple[Feed, FeedState | None]], now: datetime, width: int
) -> RenderableType:
    """The subscriptions: what they are called, how they are, where they are."""
    known = [(feed, state or FeedState(feed.key)) for feed, state in subscriptions]
    if width < TABLE_FROM:
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
            Text(feed.title or state.title or feed.key).append("\n" + _address(feed, state, now), QUIET),
        )
    return table


def _feed_lines(feed: Feed, state: FeedState, now: datetime) -> tuple[Text, ...]:
    count = ngettext("{count} article", "{count} articles", state.articles).format(count=state.articles)
    facts = _key(feed).append(" · ").append_text(_status(feed, state, now, " ")).append(f" · {count}")
    if state.last_ok:
        facts.append(f" · {_last_answer(state, now)}")
    name = feed.title or state.title
    return facts, *([Text(name)] if name else []), Text(_address(feed, state, now), QUIET), Text()


def _address(feed: Feed, state: FeedState, now: datetime) -> str:
    """Where the feed is, and where it is asked since it moved."""
    if not state.moved_on:
        return redacted(feed.url)
    moved = _("since {date} asked at {url}").format(
        date=dates.short(state.moved_on, now, language()), url=redacted(state.moved_to)
    )
    return f"{redacted(feed.url)}\n{moved}"


def _key(feed: Feed) -> Text:
    return Text.assemble((feed.key, KICKER if feed.enabled else QUIET))


def _last_answer(state: FeedState, now: datetime) -> str:
    return dates.short(state.last_ok, now, language()) if state.last_ok else "–"


def _status(feed: Feed, state: FeedState, now: datetime, glue: str) -> Text:
    word = plain.feed_status(feed, state)
    names = {"paused": _("paused"), "gone": _("gone"), "failing": _("fails"), "ok": _("ok"), "new": _("new")}
    style = BAD if word in ("failing", "gone") else PLACE if word == "ok" else QUIET
    text = Text.assemble((names[word], style))
    if word == "failing" and state.failing_since:
        date = dates.short(state.failing_since, now, language())
        text.append(glue + _("since {date}").format(date=date) + glue + state.code, QUIET)
    return text


def checked(found: Sequence[Check], now: datetime, width: int) -> RenderableType:
    """What asking each feed told."""
    if width < TABLE_FROM:
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
    if not check.failure:
        newest = dates.short(check.newest, now, language()) if check.newest else "–"
        facts.append(f" · {_('Entries')}: {check.entries} · {_('Newest')}: {newest}")
    return facts, Text(_answer(check)), Text()


def _sign(check: Check) -> Text:
    return Text.assemble(("✗", BAD) if check.failure else ("✓", PLACE))


def _answer(check: Check) -> str:
    answer = message(check.failure) if check.failure else f"{check.status} {check.content_type}".strip()
    before = check.state
    if check.failure and before and before.failures:
        times = ngettext("{count} failed fetch before", "{count} failed fetches before", before.failures)
        answer += "\n" + times.format(count=before.failures)
    answer += "".join(f"\n{warning_text(code)}" for code in check.warnings)
    if check.moved_to:
        answer += "\n" + _("moved for good to {url}").format(url=redacted(check.moved_to))
    return answer


def diagnosis(checks: Sequence[Checked]) -> RenderableType:
    """What the doctor found: each check, and below it the findings with their remedies."""
    signs = {None: ("✓", PLACE), Severity.NOTE: ("✓", PLACE), Severity.WARNING: ("!", KICKER)}
    lines = []
    for check in checks:
        sign = signs.get(check.worst, ("✗", BAD))
        name = _(sickbed.NAMES.get(check.name, check.name))
        lines.append(Text.assemble(sign, " ", (name, KICKER), (f"  {check.summary}", QUIET)))
        for one in check.findings:
            style = (
                BAD
                if one.severity is Severity.ERROR
                else KICKER
                if one.severity is Severity.WARNING
                else QUIET
            )
            who = f"{one.feed}: " if one.feed else ""
            lines.append(
                Text.assemble(
                    "  ", (f"{who}{one.what}", style), (f" [{one.code}]" if one.code else "", QUIET)
                )
            )
            if one.remedy:
                lines.append(Text(f"    {one.remedy}"))
    return Group(*lines)


def history(answers: Sequence[Answer], now: datetime) -> RenderableType:
    """The last answers of a feed."""
    if not answers:
        return Text(_("No answer is known."), QUIET)
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style=QUIET)
    table.add_column("")
    for title in (_("Time"), _("Status"), _("Size"), _("Duration"), _("New"), _("Changed")):
        table.add_column(title, justify="left" if title == _("Time") else "right", no_wrap=True)
    table.add_column(_("Answer"), overflow="fold")
    for answer in answers:
        failed = answer.outcome is Outcome.FAILED
        note = _(FAILURES[answer.code].what) if answer.code in FAILURES else ""
        if answer.moved_to:
            note = _("moved for good to {url}").format(url=redacted(answer.moved_to))
        table.add_row(
            Text("✗", BAD) if failed else Text("✓", PLACE),
            Text(dates.short(answer.at, now, language())),
            Text(str(answer.http_status or "–")),
            Text(f"{answer.size / 1000:,.0f} kB" if answer.size else "–"),
            Text(f"{answer.ms} ms"),
            Text(str(answer.new or "–")),
            Text(str(answer.changed or "–")),
            Text(note, QUIET),
        )
    return table


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
    """A live display of long work on standard error: of a refresh feed by feed, else of how many are done."""

    def __init__(self, total: int, title: str = "") -> None:
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
        self._task = self._bars.add_task(title or _("Fetching"), total=total, feed="")

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

    def counted(self, done: int) -> None:
        """Show how many are done."""
        self._bars.update(self._task, completed=done)
