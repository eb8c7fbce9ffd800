"""The issues of the digest at a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from kommcli import dates
from kommcli.i18n import _, language
from kommcli.outgoing import Mail, State
from kommcli.render import issued
from kommcli.render.issued import Issued
from kommcli.render.subscriptions import BAD
from kommcli.render.terminal import KICKER, PLACE, QUIET

TABLE_FROM = 80
"""Columns from which the issues are a table."""


def issues(found: Sequence[Issued], now: datetime, width: int) -> RenderableType:
    """The issues, the newest first: which, when, to how many, and what went wrong."""
    if not found:
        return Text(_("No issue was sent yet: kommcli digest send"), QUIET)
    if width < TABLE_FROM:
        return Group(*(line for one in found for line in _lines(one, now)))
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style=QUIET)
    table.add_column(_("No."), justify="right")
    table.add_column(_("Issue"), overflow="fold")
    table.add_column(_("Articles"), justify="right")
    table.add_column(_("Sent"), no_wrap=True)
    table.add_column(_("Recipients"), overflow="fold")
    for issue, mails in found:
        sent = dates.short(issue.sent, now, language()) if issue.sent else "–"
        table.add_row(
            Text(str(issue.number), KICKER),
            Text(issue.subject),
            Text(str(len(issue.articles))),
            Text(sent),
            _fate(mails),
        )
    return table


def _lines(one: Issued, now: datetime) -> tuple[Text, ...]:
    issue, mails = one
    facts = Text.assemble((str(issue.number), KICKER), " ", issue.subject)
    sent = f"{dates.short(issue.sent, now, language())} · " if issue.sent else ""
    return facts, Text(f"{sent}{issued.articles(issue)} · ", QUIET).append_text(_fate(mails)), Text()


def _fate(mails: Sequence[Mail]) -> Text:
    text = Text(issued.summary(mails))
    found = issued.recipients(mails)
    text.stylize(PLACE if all(one.state is State.SENT for one in found) else BAD)
    for one in found:
        if one.reply:
            text.append(f"\n{one.address}: {one.reply}", QUIET)
    return text
