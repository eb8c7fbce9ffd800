"""What the user calls a state, topic, place, feed, kind, view or time, and what the archive calls it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from kommcli import dates, datewords
from kommcli.conditions import Span
from kommcli.errors import BadUsage, did_you_mean
from kommcli.i18n import _
from kommcli.query.texts import Synonyms
from kommcli.text import clean, fold, shorten


class Known(NamedTuple):
    """What a query may refer to; each is asked only when a query names such a thing.

    ``feeds``: title by key. ``topic``: the key of the topic with this name, key or alias, or "".
    ``topic_names``: to suggest from. ``places``: the keys of all that bear this name. ``near_places``: names
    like this one, nearest first. ``views``: text of the query by name. ``synonyms``: words that mean the
    same.
    """

    feeds: Callable[[], Mapping[str, str]]
    topic: Callable[[str], str]
    topic_names: Callable[[], Iterable[str]]
    places: Callable[[str], tuple[str, ...]]
    near_places: Callable[[str], Sequence[str]]
    views: Mapping[str, str]
    synonyms: Callable[[], Synonyms] = lambda: Synonyms(())


_NONE = {"none": "keine kein keiner ohne"}
_LEVELS = {"bund": "bundesweit federal", "eu": "europa europe"}
_FLAGS = {
    "read": "gelesen",
    "unread": "ungelesen",
    "starred": "markiert gemerkt",
    "unstarred": "unmarkiert ungemerkt",
}
_KINDS = {
    "meldung": "meldungen kurzmeldung nachricht news",
    "bericht": "berichte report reportage",
    "interview": "interviews gespräch",
    "kommentar": "kommentare gastbeitrag meinung standpunkt comment opinion",
    "studie": "studien umfrage whitepaper study survey",
    "termin": "termine veranstaltung webinar event",
    "personalie": "personalien people",
    "ausschreibung": "ausschreibungen tender",
    "podcast": "podcasts",
}
_WEEKS = {"this": "diese dieser aktuelle current", "last": "letzte letzter vorige"}
_WEEK = r"(?:(\d{4})-?)?(?:kw|w)? ?(\d\d?)(?:[/ -]{1,3}(\d{4}))?"


def keys(field: str, name: str, known: Known) -> tuple[str, ...]:
    """The values of `Term` that ``name`` means in ``field``; empty if it is unknown."""
    if field in ("state", "topic", "place", "kind") and _meant(name, _NONE):
        return ("none",)
    match field:
        case "feed":
            found = _feed(name, known.feeds())
        case "state":
            from kommcli.data import states

            found = _meant(name, _LEVELS) or states.find(name) or states.find(name.replace(" ", "-"))
        case "topic":
            found = known.topic(name)
        case "place":
            return tuple(known.places(name))
        case "kind":
            found = _meant(name, _KINDS)
        case _:
            found = _meant(name, _FLAGS)
    return (found,) if found else ()


def _meant(name: str, words: Mapping[str, str]) -> str:
    """The key of ``words`` that ``name`` is or stands behind, or ""."""
    folded = fold(name)
    return next((key for key, others in words.items() if folded in map(fold, (key, *others.split()))), "")


def refuse_exclusion(field: str, name: str) -> None:
    """Raise `BadUsage` for ``topic:-ki``: the sign stands before the key, and comparing would drop it."""
    if found := re.match(r"[-−–!]\s*(.+)", clean(name)):
        raise BadUsage(
            _("{name} is no value: the sign stands before the key").format(name=quoted(name)),
            code=f"usage.{field}",
            remedy=_("Leave it out with -{key}:{value}.").format(
                key=field, value=shorten(clean(found[1]), 60)
            ),
        )


def unknown(field: str, name: str, known: Known) -> BadUsage:
    """The error that ``field`` has nothing called ``name``, with the nearest that it has."""
    name, shown = shorten(clean(name), 60), quoted(name)
    match field:
        case "feed":
            return _no_feed(name, known.feeds())
        case "state":
            from kommcli.data import states

            what = _("there is no state {name}").format(name=shown)
            # "BAY" is near to everything that begins so, and nobody who typed six letters means it.
            spellings = (word for state in states.STATES for word in (state.english, *state.others))
            also = [word for word in spellings if len(word) > 4 or len(name) <= 4]
            remedy = did_you_mean(name, states.NAMES.values(), also)
        case "topic":
            what = _("there is no topic {name}").format(name=shown)
            remedy = did_you_mean(name, known.topic_names())
        case "place":
            what = _("there is no place {name}").format(name=shown)
            near = _(" or ").join(map(quoted, known.near_places(name)[:3]))
            remedy = _("Did you mean {name}?").format(name=near) if near else _("See `kommcli places`.")
        case "kind":
            what = _("there is no kind {name}").format(name=shown)
            remedy = did_you_mean(name, _KINDS)
        case _:
            what = _("articles are never {name}").format(name=shown)
            remedy = did_you_mean(name, _FLAGS)
    return BadUsage(what, code=f"usage.{field}", remedy=remedy)


def feed_key(name: str, titles: Mapping[str, str]) -> str:
    """The key of the feed that ``name`` means: a key or a title, case and umlauts do not matter.

    Raises `BadUsage` ("usage.feed").
    """
    key = _feed(name, titles)
    if not key:
        raise _no_feed(name, titles)
    return key


def _feed(name: str, titles: Mapping[str, str]) -> str:
    folded: dict[str, str] = {}
    for key, title in titles.items():
        folded.setdefault(fold(title or key), key)
    folded |= {fold(key): key for key in titles}
    return folded.get(fold(name), "")


def _no_feed(name: str, titles: Mapping[str, str]) -> BadUsage:
    return BadUsage(
        _("there is no feed {name}").format(name=quoted(name)),
        code="usage.feed",
        remedy=did_you_mean(name, titles, filter(None, titles.values()))
        if titles
        else _("Add one with `kommcli feeds add URL`."),
    )


def view(name: str, views: Mapping[str, str]) -> str:
    """The name, as saved, of the view that ``name`` means. Raises `BadUsage` ("usage.view")."""
    saved = {fold(one): one for one in views}.get(fold(name))
    if saved is None:
        raise BadUsage(
            _("there is no view {name}").format(name=quoted(name)),
            code="usage.view",
            remedy=did_you_mean(name, views)
            if views
            else _("Save one in the configuration as [views.NAME]."),
        )
    return saved


def span(field: str, text: str, now: datetime) -> Span | None:
    """The time that "since", "until" or "week" names with ``text``; None if that is no date."""
    try:
        if field == "since":
            return Span(since=datewords.parse_moment(text, now=now))
        if field == "until":
            return Span(until=datewords.parse_moment(text, now=now, end=True))
        return _week(text, now)
    except ValueError:
        return None


def _week(text: str, now: datetime) -> Span:
    text = text.casefold().strip()
    if named := _meant(text.removesuffix(" week").removesuffix(" woche"), _WEEKS):
        day = dates.local(now).date() - timedelta(days=7 if named == "last" else 0)
        return Span(*dates.week_bounds(*day.isocalendar()[:2]))
    found = re.fullmatch(_WEEK, text)
    if not found:
        raise ValueError
    year = found[1] or found[3]
    week = f"{year}-W{found[2]}" if year else f"KW {found[2]}"
    return Span(
        datewords.parse_moment(week, now=now),
        datewords.parse_moment(week, now=now, end=True),
    )


def no_date(field: str, written: str) -> BadUsage:
    """The error that what was ``written`` for "since", "until" or "week" is none."""
    if field == "week":
        what = _("{date} is no week").format(date=written)
        remedy = _('Write it like 2025-W42, "KW 42", "KW 42/2025", 42, this or last.')
    else:
        what = _("{date} is no date").format(date=written)
        remedy = _('Write it like 2025-10-16, 16.10.2025, 7d, yesterday or "KW 42".')
    return BadUsage(what, code="usage.date", remedy=remedy)


def quoted(value: str) -> str:
    """``value`` as it may be shown: harmless, short, in quotation marks."""
    return f'"{shorten(clean(value), 60)}"'
