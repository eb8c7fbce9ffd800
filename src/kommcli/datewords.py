"""Dates in words: as feeds write them and as users type them, German and English. Pure, never raises
anything but ValueError; ``now`` is always handed in.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from kommcli.dates import BERLIN, local, span, utc, week_bounds, week_of

_FIRST_YEAR = 1990
"""Older feed dates are errors (0001-01-01, 1970-01-01): news feeds began in 1999."""


def _numbered(names: str, first: int = 0) -> dict[str, int]:
    return {name: at for at, alike in enumerate(names.split(","), first) for name in alike.split()}


# A month by the ASCII letters of its name, for "März", "MÃ¤rz" and "M�rz" share only those ("mrz").
_MONTH_NUMBERS = _numbered(
    "jan januar january jn jnner jaen jaenner,feb febr februar february,mar maer mr mrz maerz marz march,"
    "apr april,mai may,jun juni june,jul juli july,aug august,sep sept september,okt oct oktober october,"
    "nov november,dez dec dezember december",
    first=1,
)
_DAY_NUMBERS = _numbered(
    "mo mon montag monday,di die dienstag tue tues tuesday,mi mit mittwoch wed wednesday,"
    "do don donnerstag thu thur thurs thursday,fr fre freitag fri friday,"
    "sa sam samstag sonnabend sat saturday,so son sonntag sun sunday"
)
_DAYS_AGO = _numbered("heute today,gestern yesterday,vorgestern")
_UNITS = _numbered(
    "min minute minuten minutes,h std stunde stunden hour hours,d t tag tage tagen day days,"
    "w woche wochen week weeks,m monat monate monaten month months"
)
_FILLERS = frozenset("am at den der of on the um vom uhr".split())

# Minutes east of UTC: RFC 822 5.1 and the names German servers write.
_ZONES = {
    "utc": 0, "ut": 0, "gmt": 0, "z": 0, "wet": 0, "west": 60, "bst": 60, "cet": 60, "mez": 60, "cest": 120,
    "mesz": 120, "eet": 120, "eest": 180, "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420,
    "mdt": -360, "pst": -480, "pdt": -420,
}  # fmt: skip

# ------------------------------------------------------------------------------------------ in feeds

_LONGEST = 200
_TIME = (
    r"(?:(?<=\d)t|(?<![\d+:.-]))(?:(?P<h>\d\d?):(?P<m>\d\d)(?::(?P<s>\d\d))?"  # T08:00, 8:00:00
    r"|(?<=t)(?P<h3>\d\d)(?:(?P<m3>\d\d)(?P<s3>\d\d)?)?"  # T080000, T08
    r"|(?P<h2>\d\d?)(?:[.](?P<m2>\d\d))?(?=\s*uhr)|(?P<h4>\d\d?)(?=\s*[ap]\.?m\b))"  # 14.30 Uhr, 8 pm
    r"(?![\d:])(?:[.,]\d+)?(?:\s*(?P<half>[ap])\.?m\b\.?)?(?:\s*uhr\b)?"  # the fraction is dropped
)
_ZONE = (
    rf"\s*(?:\(?\b(?P<name>{'|'.join(_ZONES)})\b\)?)?"  # GMT, (CEST)
    r"\s*(?P<sign>[+-])?(?(sign)(?P<hours>\d\d?)(?::?(?P<minutes>\d\d))?(?!\d)(?:\s*\([^()]*\))?)"
)
# Of a whole text in which `_plain_word` has made "M3" of "märz"; a year of five digits fits none.
_DATE_FORMS = (
    r"(?P<y>\d{4})(?P<sep>[-/.]?)(?P<m>\d\d)(?P=sep)(?P<d>\d\d)",
    r"(?P<y>\d{4})[-/.](?P<m>\d\d?)(?:[-/.](?P<d>\d\d?))?",
    r"(?P<d>\d\d?)(?P<sep>[./-]) ?(?P<m>\d\d?)[./-] ?(?P<y>\d{4}|\d\d)",
    r"(?P<d>\d\d?)[. -]*M(?P<m>\d+)[. -]*(?P<y>\d{4}|\d\d)",
    r"M(?P<m>\d+)[. -]+(?P<d>\d\d?)[. ]+(?P<y>\d{4})",
    r"(?:M(?P<m>\d+)[. -]+)?(?P<y>\d{4})",
)


def parse_feed_date(raw: str, *, now: datetime | None = None) -> datetime | None:
    """The instant of a feed's date, or None: RFC 822, ISO 8601, W3CDTF, asctime, German and English forms.

    Without a zone it is Berlin's time, without a time 00:00, without a day the first; a contradicting weekday
    is ignored. Given ``now``, "heute 10:15" and "vor 2 Stunden" are understood. None also before 1990 and
    for bare numbers (epochs). Never raises.
    """
    text = _ascii(raw)
    try:
        moment = (_ago(text, now) if now else None) or _moment(text, now)
    except (ValueError, OverflowError):
        return None
    return moment if moment and moment.year >= _FIRST_YEAR else None


def _ascii(raw: str) -> str:
    """``raw`` small, with single blanks and plain dashes, without all other letters than ASCII's."""
    text = raw.strip()
    text = re.sub("[‐‑–—−]", "-", " ".join(text.split())) if len(text) <= _LONGEST else ""
    return text.encode("ascii", "ignore").decode().lower()


def _moment(text: str, now: datetime | None) -> datetime | None:
    time = re.search(_TIME, text)
    head, tail = (text[: time.start()], text[time.end() :]) if time else (text, "")
    if not time and re.fullmatch(r"\d{4}-\d\d-\d\d(?:z|[+-]\d\d:\d\d)", text):
        head, tail = text[:10], text[10:]
    zone, tail = _zone(tail)
    parts = _date_parts(f"{head} {tail}", now)
    if parts is None:
        return None
    year, month, day = (1 if part is None else part for part in parts)
    return utc(datetime(year, month, day) + _time_of_day(time), zone)


def _time_of_day(found: re.Match[str] | None) -> timedelta:
    """The time since midnight; ValueError for impossible ones. 24:00 is the next day, second 60 is 59."""
    if found is None:
        return timedelta(0)
    hour = int(found["h"] or found["h2"] or found["h3"] or found["h4"])
    minute = int(found["m"] or found["m2"] or found["m3"] or 0)
    second = int(found["s"] or found["s3"] or 0)
    if found["half"]:
        hour = hour % 12 + (12 if found["half"] == "p" else 0) if hour <= 12 else 99
    if minute > 59 or second > 60 or (hour, minute, second) > (24, 0, 0):
        raise ValueError
    return timedelta(hours=hour, minutes=minute, seconds=min(second, 59))


def _zone(tail: str) -> tuple[tzinfo, str]:
    """The zone that ``tail`` begins or ends with (Berlin if it names none) and the rest of ``tail``."""
    found = re.match(_ZONE, tail)
    if not (found and found[0].strip()):
        found = re.search(rf"(?<=\s){_ZONE}$", tail)
    if not (found and found[0].strip()):
        return BERLIN, tail
    minutes = _ZONES[found["name"]] if found["name"] else 0
    if found["sign"]:
        minutes = int(found["sign"] + found["hours"]) * 60 + int(found["sign"] + (found["minutes"] or "0"))
    return timezone(timedelta(minutes=minutes)), tail[: found.start()] + tail[found.end() :]


def _date_parts(text: str, now: datetime | None) -> tuple[int, int | None, int | None] | None:
    """Year, month and day of a date without its time; None for a month or day it does not say."""
    text = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b|[][(),]", " ", text)
    text = re.sub(r"[a-z]+\.?", lambda word: _plain_word(word[0], now), text)
    text = " ".join(text.split()).strip(" .-")
    for form in _DATE_FORMS:
        if found := re.fullmatch(form, text):
            said = {name: int(part) for name, part in found.groupdict().items() if part and name != "sep"}
            year, month, day = said["y"], said.get("m"), said.get("d")
            if len(found["y"]) == 2:
                year += 2000 if year < 50 else 1900  # RFC 2822 4.3
            if "/" in text and month and day and month > 12:
                month, day = day, month
            return year, month, day
    return None


def _plain_word(word: str, now: datetime | None) -> str:
    """A month as ``M3``, a relative day as its date, nothing for weekdays and fillers, else the word."""
    name = word.rstrip(".")
    if name in _MONTH_NUMBERS:
        return f"M{_MONTH_NUMBERS[name]} "
    if now and name in _DAYS_AGO:
        return (local(now).date() - timedelta(days=_DAYS_AGO[name])).isoformat()
    return " " if name in _DAY_NUMBERS or name in _FILLERS else word


# ------------------------------------------------------------------------------------- on the command line


def parse_moment(text: str, *, now: datetime, end: bool = False) -> datetime:
    """The first instant of the span that a user names or, with ``end``, the first instant after it.

    Spans are a day (16.10.2025, 16.10., heute, Montag), week (KW 42, 2025-W42), month (2025-10) or year; what
    leaves the year open is the latest that has begun. An instant (7d ago, 2025-10-16T08:00) is its own end.
    Raises ValueError with a short reason.
    """
    try:
        return _span(_ascii(text), now)[end]
    except (ValueError, OverflowError):
        raise ValueError(f"{text[:40]!r} is no day, week, month or time") from None


def _span(text: str, now: datetime) -> tuple[datetime, datetime]:
    today = local(now).date()
    if week := re.fullmatch(r"(?:(\d{4})-?)?(?:kw|w) ?(\d\d?)(?:[/ -]{1,3}(\d{4}))?", text):
        return _named_week(int(week[1] or week[3] or 0), int(week[2]), now)
    if text in _DAY_NUMBERS:
        day = today - timedelta(days=(today.weekday() - _DAY_NUMBERS[text]) % 7)
        return _calendar_span(day.year, day.month, day.day)
    if instant := _ago(text, now) or (_moment(text, now) if re.search(_TIME, text) else None):
        return instant, instant
    if parts := _date_parts(text, now):
        return _calendar_span(*parts)
    return _latest_span(text, today)


def _ago(text: str, now: datetime) -> datetime | None:
    """The instant that "7d", "vor 2 Wochen" or "3 hours ago" names; days and longer by Berlin's clock."""
    found = re.fullmatch(r"(?:vor )?(\d{1,5}) ?([a-z]+)(?: ago)?", text)
    if not found or found[2] not in _UNITS:
        return None
    count, unit = int(found[1]), _UNITS[found[2]]
    if unit < 2:
        return now.astimezone(UTC) - count * (timedelta(minutes=1), timedelta(hours=1))[unit]
    here = local(now).replace(tzinfo=None)
    if unit < 4:
        return utc(here - count * (timedelta(days=1), timedelta(weeks=1))[unit - 2])
    year, month = divmod(here.year * 12 + here.month - 1 - count, 12)
    last_day = (date(year + month // 11, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return utc(here.replace(year=year, month=month + 1, day=min(here.day, last_day)))


def _calendar_span(year: int, month: int | None, day: int | None) -> tuple[datetime, datetime]:
    if month is None:
        return span(date(year, 1, 1), date(year + 1, 1, 1))
    if day is None:
        first = date(year, month, 1)
        return span(first, (first + timedelta(days=31)).replace(day=1))
    first = date(year, month, day)
    return span(first, first + timedelta(days=1))


def _latest_span(text: str, today: date) -> tuple[datetime, datetime]:
    """The latest "16.10." or "Oktober" that has begun; eight years hold a 29 February."""
    for year in range(today.year, today.year - 9, -1):
        parts = _date_parts(f"{text.rstrip('. ')}.{year}", None)
        if parts is None or parts[1] is None:
            break
        try:
            if date(year, parts[1], parts[2] or 1) <= today:
                return _calendar_span(*parts)
        except ValueError:
            continue
    raise ValueError


def _named_week(year: int, week: int, now: datetime) -> tuple[datetime, datetime]:
    if year or not 1 <= week <= 53:
        return week_bounds(year, week)
    year, this_week = week_of(now)
    year -= week > this_week
    while week > date(year, 12, 28).isocalendar().week:  # 28 December is always in the last week
        year -= 1
    return week_bounds(year, week)


def parse_duration(text: str) -> timedelta:
    """A duration of at most 366 days: "30s", "15m", "1h30m", "2d", "1w", "0". Raises ValueError."""
    plain = "0s" if text.strip() == "0" else "".join(text.split()).lower()
    found = re.fullmatch("".join(f"(?:([0-9]{{1,8}}){unit})?" for unit in "wdhms"), plain)
    if not plain or found is None:
        raise ValueError(f"{text[:40]!r} is no duration such as 30s, 15m, 1h30m, 2d or 1w")
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    length = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    if length > timedelta(days=366):
        raise ValueError(f"{text[:40]!r} is longer than 366 days")
    return length
