"""The time of an issue, its name and its key. Pure."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from kommcli import dates
from kommcli.i18n import _

_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"


def key_of(since: datetime, until: datetime, *, new: bool = False) -> str:
    """The key of an issue of this time; see `Issue.key`."""
    if new or not is_week(since, until):
        last = dates.local(until - timedelta(seconds=1))
        return f"{'new-' if new else ''}{dates.local(since):%Y-%m-%d}--{last:%Y-%m-%d}"
    year, week = dates.week_of(since)
    return f"{year}-W{week:02d}"


def time_of(key: str) -> tuple[datetime, datetime, bool]:
    """The time of an issue with this key, and whether it is of what was not yet sent. ValueError if it is no
    key."""
    if week := re.fullmatch(r"([0-9]{4})-W([0-9]{2})", key):
        return (*dates.week_bounds(int(week[1]), int(week[2])), False)
    days = re.fullmatch(f"(new-)?({_DAY})--({_DAY})", key)
    if not days:
        raise ValueError(key)
    first, last = date.fromisoformat(days[2]), date.fromisoformat(days[3])
    if first > last:
        raise ValueError(key)
    try:
        return (*dates.span(first, last + timedelta(days=1)), bool(days[1]))
    except OverflowError:
        raise ValueError(key) from None  # the first or the last day that there is


def week_name(since: datetime, until: datetime) -> str:
    """ "KW 41" where the time is an ISO week, else ""."""
    if not is_week(since, until):
        return ""
    return _("Week {week}").format(week=dates.week_of(since)[1])


def is_week(since: datetime, until: datetime) -> bool:
    """Whether the time is an ISO week."""
    return dates.week_bounds(*dates.week_of(since)) == (since, until)
