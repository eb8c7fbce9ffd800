"""Berlin's days and weeks, and dates as readers see them. What people and feeds write: `datewords`.

Instants are aware datetimes in UTC; days, weeks and everything shown are Europe/Berlin. The names of
months and weekdays come from own tables, never from the process locale; ``now`` is always handed in.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")

_LAST = datetime.max.replace(microsecond=0, tzinfo=UTC)

_WEEKDAYS = {
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag".split(),
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
}
_MONTHS = {
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(),
    "en": "January February March April May June July August September October November December".split(),
}


def local(moment: datetime) -> datetime:
    """``moment`` by Berlin's clock; the last hour of the year 9999 stays in UTC."""
    try:
        return moment.astimezone(BERLIN)
    except OverflowError:
        return moment


def utc(naive: datetime, zone: tzinfo = BERLIN) -> datetime:
    """The instant of a clock's time: the first of two in the autumn night; a time that the spring night
    skips moves forward; what lies behind the year 9999 is its end. OverflowError before the year 1."""
    try:
        return naive.replace(tzinfo=zone).astimezone(UTC)
    except OverflowError:
        if naive.year < 9999:
            raise
        return _LAST


def span(first: date, after: date) -> tuple[datetime, datetime]:
    """The days from ``first`` to before ``after`` as instants of Berlin's midnights."""
    return (
        utc(datetime(first.year, first.month, first.day)),
        utc(datetime(after.year, after.month, after.day)),
    )


def week_of(moment: datetime) -> tuple[int, int]:
    """ISO year and ISO week (ISO 8601: Monday first, week 1 has the first Thursday) in Berlin."""
    return local(moment).isocalendar()[:2]


def week_bounds(year: int, week: int) -> tuple[datetime, datetime]:
    """The first instant of an ISO week and the first after it; ValueError if there is no such week."""
    try:
        monday = date.fromisocalendar(year, week, 1)
        return span(monday, monday + timedelta(days=7))
    except (ValueError, OverflowError):
        raise ValueError(f"there is no week {week} in {year}") from None


def weeks_between(first: datetime, last: datetime) -> list[tuple[datetime, datetime]]:
    """The bounds of every ISO week from that of ``first`` to that of ``last``, oldest first."""
    monday, _end = week_bounds(*week_of(first))
    day, weeks = local(monday).date(), []
    while (bounds := span(day, day + timedelta(days=7)))[0] <= last:
        weeks.append(bounds)
        day += timedelta(days=7)
    return weeks


def short(moment: datetime, now: datetime, language: str) -> str:
    """For lists: "heute 09:14", "gestern 17:05", "Do 15.10." (this year, half a year back), "15.10.2025"."""
    here, today = local(moment), local(now)
    days = (today.date() - here.date()).days
    if days in (0, 1):
        word = (("heute", "gestern") if language == "de" else ("today", "yesterday"))[days]
        return f"{word} {here:%H:%M}"
    near = here.year == today.year and 0 < days <= 183
    weekday = _WEEKDAYS[language][here.weekday()]
    if language == "de":
        return f"{weekday[:2]} {here:%d.%m.}" if near else day(moment)
    month = _MONTHS[language][here.month - 1][:3]
    return f"{weekday[:3]} {here.day} {month}" if near else f"{here.day} {month} {here.year}"


def long(moment: datetime, language: str) -> str:
    """In full: "Donnerstag, 16. Oktober 2025, 09:14 Uhr", "Thursday, 16 October 2025, 09:14"."""
    here = local(moment)
    weekday, month = _WEEKDAYS[language][here.weekday()], _MONTHS[language][here.month - 1]
    if language == "de":
        return f"{weekday}, {here.day}. {month} {here.year}, {here:%H:%M} Uhr"
    return f"{weekday}, {here.day} {month} {here.year}, {here:%H:%M}"


def day(moment: datetime) -> str:
    """The day in Berlin: "16.10.2025"."""
    return f"{local(moment):%d.%m.%Y}"


def weekday(moment: datetime, language: str) -> str:
    """The day in Berlin with its weekday, without the year: "Montag, 5. Oktober", "Monday, 5 October"."""
    here = local(moment)
    name, month = _WEEKDAYS[language][here.weekday()], _MONTHS[language][here.month - 1]
    return f"{name}, {here.day}. {month}" if language == "de" else f"{name}, {here.day} {month}"


def period(since: datetime, until: datetime, language: str) -> str:
    """The days from ``since`` to before ``until``: "5. bis 11. Oktober 2026", "28 December 2026 to 3 January
    2027". What the first day shares with the last is said once."""
    first, last = local(since), local(until - timedelta(seconds=1))
    dot, to = (".", " bis ") if language == "de" else ("", " to ")
    months = _MONTHS[language]
    end = f"{last.day}{dot} {months[last.month - 1]} {last.year}"
    if first.date() >= last.date():
        return end
    start = f"{first.day}{dot}"
    if (first.year, first.month) != (last.year, last.month):
        start += f" {months[first.month - 1]}"
    if first.year != last.year:
        start += f" {first.year}"
    return start + to + end


def iso(moment: datetime) -> str:
    """RFC 3339 with Berlin's offset, to the second: "2025-10-16T08:00:00+02:00"."""
    return local(moment).isoformat(timespec="seconds")
