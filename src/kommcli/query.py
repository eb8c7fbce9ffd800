"""From what the user types to a `Query`. Pure: the known feeds and the clock are handed in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from kommcli import datewords
from kommcli.errors import BadUsage, did_you_mean
from kommcli.i18n import _
from kommcli.model import Query
from kommcli.text import clean, fold, shorten


def build(
    *,
    now: datetime,
    titles: Mapping[str, str],
    feeds: Iterable[str] = (),
    since: str | None = None,
    until: str | None = None,
    unread: bool = False,
    starred: bool = False,
    limit: int = 20,
) -> Query:
    """The query that the options ask for. ``titles`` has key and name of every known feed.

    Raises `BadUsage` that names the value and the nearest known one.
    """
    query = Query(
        feeds=tuple(dict.fromkeys(feed_key(name, titles) for name in feeds)),
        since=_moment("--since", since, now, end=False),
        until=_moment("--until", until, now, end=True),
        unread=unread,
        starred=starred,
        limit=limit,
    )
    if query.since and query.until and query.since >= query.until:
        raise BadUsage(
            _("--since {since} lies behind --until {until}").format(since=_shown(since), until=_shown(until)),
            code="usage.date",
            remedy=_("Nothing can be in this span."),
        )
    return query


def feed_key(name: str, titles: Mapping[str, str]) -> str:
    """The key of the feed that ``name`` means: a key or a title, case and umlauts do not matter."""
    folded: dict[str, str] = {}
    for key, title in titles.items():
        folded.setdefault(fold(title or key), key)
    folded |= {fold(key): key for key in titles}
    key = folded.get(fold(name), "")
    if not key:
        raise BadUsage(
            _("there is no feed {name}").format(name=_shown(name)),
            code="usage.feed",
            remedy=did_you_mean(name, titles, filter(None, titles.values()))
            if titles
            else _("Add one with `kommcli feeds add URL`."),
        )
    return key


def _moment(option: str, value: str | None, now: datetime, *, end: bool) -> datetime | None:
    if value is None:
        return None
    try:
        return datewords.parse_moment(value, now=now, end=end)
    except ValueError:
        raise BadUsage(
            _("{option} {value} is no date").format(option=option, value=_shown(value)),
            code="usage.date",
            remedy=_('Write it like 2025-10-16, 16.10.2025, 7d, yesterday or "KW 42".'),
        ) from None


def _shown(value: str | None) -> str:
    return f'"{shorten(clean(value or ""), 60)}"'
