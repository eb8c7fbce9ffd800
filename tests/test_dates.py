"""Dates of feeds, of users and for readers. Ids X36-X40 are those of reliability.md."""

import os
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kommcli import dates
from kommcli.dates import BERLIN, week_bounds, week_of
from kommcli.datewords import parse_duration, parse_feed_date, parse_moment

NOW = datetime(2025, 10, 16, 7, 30, tzinfo=UTC)  # Thursday of KW 42, 09:30 in Berlin
moments = st.datetimes(datetime(1990, 1, 2), datetime(9999, 12, 31, 23, 59, 59), timezones=st.just(UTC))

FEED_DATES = """
Thu, 16 Oct 2025 08:00:00 +0200 | 2025-10-16T06:00:00
Thu, 16 Oct 2025 06:00:00 GMT | 2025-10-16T06:00:00
Thu, 16 Oct 2025 06:00:00 UT | 2025-10-16T06:00:00
Thu, 16 Oct 2025 06:00:00 UTC | 2025-10-16T06:00:00
Thu, 16 Oct 2025 06:00:00 Z | 2025-10-16T06:00:00
Thu, 16 Oct 2025 06:00:00 +0000 | 2025-10-16T06:00:00
Thu, 16 Oct 2025 06:00:00 -0000 | 2025-10-16T06:00:00
Thu, 16 Oct 2025 08:00 +0200 | 2025-10-16T06:00:00
16 Oct 2025 08:00:00 +0200 | 2025-10-16T06:00:00
16 Oct 25 08:00:00 +0200 | 2025-10-16T06:00:00
Thu, 16 Oct 99 08:00:00 +0200 | 1999-10-16T06:00:00
Thursday, 16-Oct-25 06:00:00 GMT | 2025-10-16T06:00:00
Thu, 16-Oct-2025 06:00:00 GMT | 2025-10-16T06:00:00
Thu, 16 October 2025 08:00:00 +0200 | 2025-10-16T06:00:00
Thu,16 Oct 2025 08:00:00 +0200 | 2025-10-16T06:00:00
thu, 16 oct 2025 08:00:00 +0200 | 2025-10-16T06:00:00
  Thu,  16  Oct  2025   08:00:00   +0200   | 2025-10-16T06:00:00
Mon, 16 Oct 2025 08:00:00 +0200 | 2025-10-16T06:00:00
Thu, 6 Nov 2025 08:00:00 +0100 | 2025-11-06T07:00:00
Thu, 06 Nov 2025 8:00:00 +0100 | 2025-11-06T07:00:00
Thu, 16 Oct 2025 08:00:00 +02:00 | 2025-10-16T06:00:00
Thu, 16 Oct 2025 08:00:00 GMT+2 | 2025-10-16T06:00:00
Thu, 16 Oct 2025 08:00:00 GMT+0200 | 2025-10-16T06:00:00
Thu, 16 Oct 2025 08:00:00 UTC+02:00 | 2025-10-16T06:00:00
Thu, 16 Oct 2025 08:00:00 +0200 (CEST) | 2025-10-16T06:00:00
Thu, 16 Oct 2025 08:00:00 (MESZ) | 2025-10-16T06:00:00
Thu, 16 Oct 2025 08:00:00 CEST | 2025-10-16T06:00:00
Thu, 16 Oct 2025 08:00:00 MESZ | 2025-10-16T06:00:00
Thu, 06 Nov 2025 08:00:00 CET | 2025-11-06T07:00:00
Thu, 06 Nov 2025 08:00:00 MEZ | 2025-11-06T07:00:00
Thu, 16 Oct 2025 08:00:00 MEZ | 2025-10-16T07:00:00
Thu, 16 Oct 2025 08:00:00 EST | 2025-10-16T13:00:00
Thu, 16 Oct 2025 08:00:00 EDT | 2025-10-16T12:00:00
Thu, 16 Oct 2025 08:00:00 CST | 2025-10-16T14:00:00
Thu, 16 Oct 2025 08:00:00 CDT | 2025-10-16T13:00:00
Thu, 16 Oct 2025 08:00:00 MST | 2025-10-16T15:00:00
Thu, 16 Oct 2025 08:00:00 MDT | 2025-10-16T14:00:00
Thu, 16 Oct 2025 08:00:00 PST | 2025-10-16T16:00:00
Thu, 16 Oct 2025 08:00:00 PDT | 2025-10-16T15:00:00
Thu, 16 Oct 2025 08:00:00 BST | 2025-10-16T07:00:00
Thu, 16 Oct 2025 08:00:00 WET | 2025-10-16T08:00:00
Thu, 16 Oct 2025 08:00:00 -0730 | 2025-10-16T15:30:00
Thu, 16 Oct 2025 08:00:00 | 2025-10-16T06:00:00
Thu, 06 Nov 2025 08:00:00 | 2025-11-06T07:00:00
Thu, 16 Oct 2025 | 2025-10-15T22:00:00
Thu, 16 Oct 2025 24:00:00 +0200 | 2025-10-16T22:00:00
Thu, 16 Oct 2025 23:59:60 +0200 | 2025-10-16T21:59:59
Mi, 06 Aug 2025 10:00:00 +0200 | 2025-08-06T08:00:00
Mi, 06 Aug 2025 10:00:00 MESZ | 2025-08-06T08:00:00
Mi., 06. Aug. 2025 10:00 | 2025-08-06T08:00:00
Mittwoch, 06 August 2025 10:00:00 +0200 | 2025-08-06T08:00:00
Do, 12 Mär 2026 10:00:00 +0100 | 2026-03-12T09:00:00
Do, 12 Mrz 2026 10:00:00 +0100 | 2026-03-12T09:00:00
Do, 12 März 2026 10:00:00 +0100 | 2026-03-12T09:00:00
Do, 12 Maerz 2026 10:00:00 +0100 | 2026-03-12T09:00:00
Do, 12 MÃ¤rz 2026 10:00:00 +0100 | 2026-03-12T09:00:00
Do, 12 M\ufffdrz 2026 10:00:00 +0100 | 2026-03-12T09:00:00
Do, 12 Ma\u0308rz 2026 10:00:00 +0100 | 2026-03-12T09:00:00
Do, 15 Mai 2025 10:00:00 +0200 | 2025-05-15T08:00:00
Di, 03 Dez 2024 10:00:00 +0100 | 2024-12-03T09:00:00
Do, 16 Okt 2025 10:00:00 +0200 | 2025-10-16T08:00:00
So, 05 Jän 2025 10:00:00 +0100 | 2025-01-05T09:00:00
So, 05 Jänner 2025 10:00:00 +0100 | 2025-01-05T09:00:00
Sonnabend, 1. Februar 2025 | 2025-01-31T23:00:00
Samstag, 1. Feb. 2025, 12:00 Uhr | 2025-02-01T11:00:00
Fr, 04 Jul 2025 10:00:00 +0200 | 2025-07-04T08:00:00
Fr, 6 Juni 2025 10:00:00 +0200 | 2025-06-06T08:00:00
Mo, 1 Sept 2025 10:00:00 +0200 | 2025-09-01T08:00:00
2025-10-16T08:00:00+02:00 | 2025-10-16T06:00:00
2025-10-16T06:00:00Z | 2025-10-16T06:00:00
2025-10-16t06:00:00z | 2025-10-16T06:00:00
2025-10-16T06:00Z | 2025-10-16T06:00:00
2025-10-16T06Z | 2025-10-16T06:00:00
2025-10-16T08:00:00+0200 | 2025-10-16T06:00:00
2025-10-16T08:00:00+02 | 2025-10-16T06:00:00
2025-10-16T08:00:00-05:00 | 2025-10-16T13:00:00
2025-10-16T06:00:00.1Z | 2025-10-16T06:00:00
2025-10-16T06:00:00.123456789Z | 2025-10-16T06:00:00
2025-10-16T06:00:00,5Z | 2025-10-16T06:00:00
2025-10-16T08:00:00.000+02:00 | 2025-10-16T06:00:00
2025-10-16T08:00:00 | 2025-10-16T06:00:00
2025-10-16T08:00 | 2025-10-16T06:00:00
2025-10-16 08:00:00 | 2025-10-16T06:00:00
2025-10-16 08:00:00.0 | 2025-10-16T06:00:00
2025-10-16 08:00 | 2025-10-16T06:00:00
2025-10-16 08:00:00 +0200 | 2025-10-16T06:00:00
2025-10-16 06:00:00 UTC | 2025-10-16T06:00:00
2025-10-16 06:00:00Z | 2025-10-16T06:00:00
2025-10-16 | 2025-10-15T22:00:00
2025-10-16Z | 2025-10-16T00:00:00
2025-10-16+02:00 | 2025-10-15T22:00:00
2025-10 | 2025-09-30T22:00:00
2025 | 2024-12-31T23:00:00
20251016T060000Z | 2025-10-16T06:00:00
20251016T080000 | 2025-10-16T06:00:00
20251016T0800+0200 | 2025-10-16T06:00:00
20251016 | 2025-10-15T22:00:00
2025/10/16 08:00 | 2025-10-16T06:00:00
2025.10.16 08:00 | 2025-10-16T06:00:00
2025-10-16T24:00:00Z | 2025-10-17T00:00:00
16.10.2025 | 2025-10-15T22:00:00
[16.10.2025] | 2025-10-15T22:00:00
[15.6.2017] | 2017-06-14T22:00:00
(16.10.2025) | 2025-10-15T22:00:00
16. 10. 2025 | 2025-10-15T22:00:00
16.10.25 | 2025-10-15T22:00:00
6.8.25 10:00 | 2025-08-06T08:00:00
06.08.2025 10:00 | 2025-08-06T08:00:00
06.08.2025 10:00:30 | 2025-08-06T08:00:30
16.10.2025, 14:30 Uhr | 2025-10-16T12:30:00
16.10.2025 14.30 Uhr | 2025-10-16T12:30:00
16.10.2025, 14 Uhr | 2025-10-16T12:00:00
16.10.2025 - 14:30 | 2025-10-16T12:30:00
16.10.2025 – 14:30 Uhr | 2025-10-16T12:30:00
16.10.2025 um 14:30 Uhr MESZ | 2025-10-16T12:30:00
16.10.2025\u00a014:30 | 2025-10-16T12:30:00
14:30 Uhr, 16.10.2025 | 2025-10-16T12:30:00
Mittwoch, 14. Oktober 2026 - 10:15 | 2026-10-14T08:15:00
Mittwoch, den 14. Oktober 2026 | 2026-10-13T22:00:00
Mittwoch, 14. Oktober 2026, um 10:15 Uhr | 2026-10-14T08:15:00
14. Okt. 2026 | 2026-10-13T22:00:00
14.Oktober 2026 | 2026-10-13T22:00:00
14. Oktober\u00a02026 | 2026-10-13T22:00:00
Oktober 2026 | 2026-09-30T22:00:00
16/10/2025 08:00 | 2025-10-16T06:00:00
6/8/2025 08:00 | 2025-08-06T06:00:00
10/16/2025 08:00 | 2025-10-16T06:00:00
16-10-2025 08:00 | 2025-10-16T06:00:00
Oct 16, 2025 8:00 AM | 2025-10-16T06:00:00
October 16, 2025 at 8:00 pm | 2025-10-16T18:00:00
October 16th, 2025 | 2025-10-15T22:00:00
16th of October 2025 | 2025-10-15T22:00:00
Oct. 16, 2025, 12:05 a.m. | 2025-10-15T22:05:00
Oct 16, 2025 12:00 PM | 2025-10-16T10:00:00
Thu Oct 16 08:00:00 2025 | 2025-10-16T06:00:00
Thu Oct  6 08:00:00 2025 | 2025-10-06T06:00:00
Thu Oct 16 08:00:00 CEST 2025 | 2025-10-16T06:00:00
Thu Oct 16 08:00:00 2025 +0200 | 2025-10-16T06:00:00
Thu Oct 16 2025 08:00:00 GMT+0200 (Mitteleuropäische Sommerzeit) | 2025-10-16T06:00:00
2025-03-30T02:30:00 | 2025-03-30T01:30:00
2025-10-26T02:30:00 | 2025-10-26T00:30:00
2025-10-26T02:30:00 MEZ | 2025-10-26T01:30:00
2024-02-29 | 2024-02-28T23:00:00
1990-01-02 | 1990-01-01T23:00:00
9999-12-31T23:59:59Z | 9999-12-31T23:59:59
9999-12-31T23:59:59-05:00 | 9999-12-31T23:59:59
9999-12-31 | 9999-12-30T23:00:00
"""

NO_DATES = """
0000-00-00 | -001-01-01 | 0000-01-01 | 1970-01-01T00:00:00Z | 0001-01-01T00:00:00 | 99999-01-01
12025-10-16 | 1754474400 | 1754474400000 | 1754474400.5 | -1 | 0 | 12 | 202510 | 2025-13-01
2025-02-30 | 29.02.2025 | 2025-00-10 | 2025-10-00 | 32.10.2025 | 16.13.2025 | 16 Foo 2025
Thu, 16 Oct 2025 08:00:00 XYZ | 2025-10-16T25:00:00Z | 2025-10-16T24:00:01Z | 2025-10-16T08:60:00Z
2025-10-16T08:00:61Z | 2025-10-16T08:00:00+25:00 | 10:15 | Oktober | 16 Oct | Thu | garbage
Ulm 2025 | 1.2.3.4 | 2025-10-16T | T08:00 | Oct 16 20255 | 16 Oct 20255 08:00:00 GMT
2025-10-16T08:00:00+99:99 | 13:00 PM 16.10.2025 | 9999-12-31T24:00:00Z | heute | gestern | 2025-W42
+2025-10-16 | ٢٠٢٥-١٠-١٦ | ２０２５-10-16 | 2025-10-16 2025-10-17 | 16.10.2025 17.10.2025
08:00 09:00 16.10.2025 | <b> | null | 16 M3 2025
"""
WRONG = [entry.strip() for line in NO_DATES.strip().splitlines() for entry in line.split(" | ")]
WRONG += ["", " ", "\x00", "\ud800", "9" * 5000, "1" * 5000 + "-10-16"]
WRONG += ["2025-10-16" + " x" * 3000, "(" * 200, "a." * 99]


@pytest.mark.parametrize("line", FEED_DATES.strip("\n").splitlines())
@pytest.mark.row("X38", "X39")
def test_feed_date(line):  # X38, X39
    raw, expected = line.rsplit("|", 1)
    assert parse_feed_date(raw) == datetime.fromisoformat(expected.strip()).replace(tzinfo=UTC)


@pytest.mark.parametrize("raw", WRONG)
@pytest.mark.row("X36", "X40")
def test_no_feed_date(raw):  # X36, X40
    assert parse_feed_date(raw) is None


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("heute 08:15", "2025-10-16T06:15:00"),
        ("Heute, 08:15 Uhr", "2025-10-16T06:15:00"),
        ("gestern", "2025-10-14T22:00:00"),
        ("yesterday at 10:00", "2025-10-15T08:00:00"),
        ("vor 2 Stunden", "2025-10-16T05:30:00"),
        ("5 minutes ago", "2025-10-16T07:25:00"),
        ("vor 3 Tagen", "2025-10-13T07:30:00"),
        ("16.10.2025", "2025-10-15T22:00:00"),
    ],
)
def test_feed_date_that_needs_now(raw, expected):
    assert parse_feed_date(raw, now=NOW) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize("raw", ["vor 99999 Monaten", "vor 99999 Jahren", "99999 weeks ago", "7"])
def test_no_feed_date_with_now(raw):
    assert parse_feed_date(raw, now=NOW) is None


DATE_BITS = (
    "2025 16 10 2 9999 0 1 . - / : , + T Z Oct März Thu Mi. Uhr am PM GMT MESZ +0200 08:00 24:00 ( ) vor d"
)
bits = st.lists(st.sampled_from(DATE_BITS.split())).flatmap(
    lambda words: st.sampled_from(["", " "]).map(lambda gap: gap.join(words))
)


@given(st.text() | bits)
def test_parse_feed_date_never_raises(raw):
    for now in (None, NOW):
        moment = parse_feed_date(raw, now=now)
        assert moment is None or (moment.tzinfo is UTC and moment.year >= 1990)


@given(moments)
def test_own_formats_are_read_back(moment):
    assert parse_feed_date(dates.iso(moment)) == moment.replace(microsecond=0)
    assert parse_feed_date(f"{moment:%Y%m%dT%H%M%SZ}") == moment.replace(microsecond=0)
    if moment.year < 9999 and not moment.astimezone(BERLIN).fold:
        for language in ("de", "en"):
            assert parse_feed_date(dates.long(moment, language)) == moment.replace(second=0, microsecond=0)


@pytest.mark.parametrize(
    "raw", ["1" * 10**6, " " * 10**6, "(" * 199, "1:" * 99, "a." * 99, "+1" * 99, "1 " * 99, "t" * 199]
)
@pytest.mark.row("X40")
def test_hostile_dates_take_no_time(raw):
    start = time.process_time()
    parse_feed_date(raw, now=NOW)
    assert time.process_time() - start < 0.2


# ------------------------------------------------------------------------------------------ moments


def attempt(function, *arguments, **named):
    """What ``function`` returns and "", or None and why it refused."""
    try:
        return function(*arguments, **named), ""
    except ValueError as reason:
        return None, str(reason)


def berlin(text):
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


SPANS = """
2025-10-16 | 2025-10-16 | 2025-10-17
16.10.2025 | 2025-10-16 | 2025-10-17
16.10.25 | 2025-10-16 | 2025-10-17
16.10. | 2025-10-16 | 2025-10-17
16.10 | 2025-10-16 | 2025-10-17
17.10. | 2024-10-17 | 2024-10-18
29.2. | 2024-02-29 | 2024-03-01
1. März | 2025-03-01 | 2025-03-02
16. Oktober 2025 | 2025-10-16 | 2025-10-17
2025-10 | 2025-10-01 | 2025-11-01
Dezember 2024 | 2024-12-01 | 2025-01-01
Oktober | 2025-10-01 | 2025-11-01
November | 2024-11-01 | 2024-12-01
2025 | 2025-01-01 | 2026-01-01
heute | 2025-10-16 | 2025-10-17
TODAY | 2025-10-16 | 2025-10-17
gestern | 2025-10-15 | 2025-10-16
yesterday | 2025-10-15 | 2025-10-16
vorgestern | 2025-10-14 | 2025-10-15
montag | 2025-10-13 | 2025-10-14
Donnerstag | 2025-10-16 | 2025-10-17
freitag | 2025-10-10 | 2025-10-11
sonntag | 2025-10-12 | 2025-10-13
Fri | 2025-10-10 | 2025-10-11
2025-W42 | 2025-10-13 | 2025-10-20
2025W42 | 2025-10-13 | 2025-10-20
KW 42 | 2025-10-13 | 2025-10-20
kw42 | 2025-10-13 | 2025-10-20
KW 43 | 2024-10-21 | 2024-10-28
KW 53 | 2020-12-28 | 2021-01-04
KW42/2025 | 2025-10-13 | 2025-10-20
KW 1/2025 | 2024-12-30 | 2025-01-06
KW 42 2024 | 2024-10-14 | 2024-10-21
30.3.2025 | 2025-03-30 | 2025-03-31
7d | 2025-10-09T09:30 |
7t | 2025-10-09T09:30 |
7 days | 2025-10-09T09:30 |
7 Tage | 2025-10-09T09:30 |
vor 7 Tagen | 2025-10-09T09:30 |
2w | 2025-10-02T09:30 |
2 Wochen | 2025-10-02T09:30 |
12h | 2025-10-15T21:30 |
12 Stunden | 2025-10-15T21:30 |
90 min | 2025-10-16T08:00 |
3m | 2025-07-16T09:30 |
10 Monate | 2024-12-16T09:30 |
9 months ago | 2025-01-16T09:30 |
0d | 2025-10-16T09:30 |
2025-10-16T08:00 | 2025-10-16T08:00 |
2025-10-16T06:00:00Z | 2025-10-16T08:00 |
16.10.2025 08:00 | 2025-10-16T08:00 |
gestern 08:00 | 2025-10-15T08:00 |
"""


@pytest.mark.parametrize("line", SPANS.strip().splitlines())
def test_moment(line):
    text, first, after = (part.strip() for part in line.split("|"))
    assert parse_moment(text, now=NOW) == berlin(first)
    assert parse_moment(text, now=NOW, end=True) == berlin(after or first)


NO_MOMENTS = """bald|M3|7|7x|KW 54|KW 0|KW|2025-W53|2025-W00|32.10.|30.2.|2025-13|uhr|am|0000|0000-01-01|9999
|d|9999-12-31|99999m|7d 3h|-7d|16.10.2025 25:00|10:15|2025-10-16 und 17|"""


@pytest.mark.parametrize("text", [*NO_MOMENTS.split("|"), " ", "x" * 5000])
def test_no_moment(text):
    with pytest.raises(ValueError, match="is no day, week, month or time"):
        parse_moment(text, now=NOW)


def test_months_end_where_the_month_does():
    now = datetime(2025, 3, 31, 10, tzinfo=UTC)
    assert parse_moment("1m", now=now) == berlin("2025-02-28T12:00")
    assert parse_moment("3m", now=now) == berlin("2024-12-31T12:00")
    assert parse_moment("13m", now=now) == berlin("2024-02-29T12:00")


def test_a_day_is_berlins_day():
    late = datetime(2025, 10, 15, 22, 30, tzinfo=UTC)  # already the 16th in Berlin
    assert parse_moment("heute", now=late) == berlin("2025-10-16")
    assert parse_moment("heute", now=datetime(2025, 10, 26, 12, tzinfo=UTC), end=True) == berlin("2025-10-27")


@given(st.text() | bits, moments, st.booleans())
def test_parse_moment_gives_a_moment_or_a_reason(text, now, end):
    moment, reason = attempt(parse_moment, text, now=now, end=end)
    assert reason.isprintable()
    assert len(reason) < 500
    if moment is not None:
        assert moment.utcoffset() == timedelta(0)
        assert parse_moment(text, now=now) <= parse_moment(text, now=now, end=True)


# ---------------------------------------------------------------------------------------- durations


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("0s", 0),
        ("30s", 30),
        ("15m", 900),
        ("1h", 3600),
        ("1h30m", 5400),
        ("1h 30m", 5400),
        (" 1H ", 3600),
        ("2d", 172800),
        ("1w", 604800),
        ("1w1d1h1m1s", 694861),
        ("366d", 366 * 86400),
    ],
)
def test_duration(text, seconds):
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "text", ["", " ", "1", "h", "1x", "-1h", "1.5h", "1m1h", "367d", "53w", "9" * 5000 + "s", "1h1", "٣s"]
)
def test_no_duration(text):
    with pytest.raises(ValueError, match=r"no duration|longer than"):
        parse_duration(text)


@given(st.text() | st.text(st.sampled_from("0123456789wdhms ")))
def test_durations_are_bounded(text):
    length, reason = attempt(parse_duration, text)
    assert reason.isprintable()
    assert length is None or timedelta(0) <= length <= timedelta(days=366)


# -------------------------------------------------------------------------------------------- weeks


@pytest.mark.parametrize(
    ("day", "week"),
    [
        ("2025-10-16", (2025, 42)),
        ("2025-07-22", (2025, 30)),
        ("2001-04-27", (2001, 17)),
        ("2024-12-30", (2025, 1)),
        ("2021-01-01", (2020, 53)),
        ("2027-01-03", (2026, 53)),
        ("2018-12-31", (2019, 1)),
    ],
)
@pytest.mark.row("S18")
def test_week_of(day, week):
    assert week_of(berlin(day)) == week
    assert (
        week_of(berlin(day) - timedelta(seconds=1))
        == date.fromordinal(date.fromisoformat(day).toordinal() - 1).isocalendar()[:2]
    )


@pytest.mark.row("S18")
def test_week_bounds():
    assert week_bounds(2025, 42) == (berlin("2025-10-13"), berlin("2025-10-20"))
    assert week_bounds(2020, 53) == (berlin("2020-12-28"), berlin("2021-01-04"))
    first, after = week_bounds(2025, 13)  # the week of the spring change has an hour less
    assert after - first == timedelta(days=7, hours=-1)


@pytest.mark.parametrize(
    ("year", "week"), [(2025, 53), (2025, 0), (2025, 54), (0, 1), (1, 1), (10000, 1), (2025, -1), (10**30, 1)]
)
def test_no_such_week(year, week):
    with pytest.raises(ValueError, match="there is no week"):
        week_bounds(year, week)


@given(st.datetimes(datetime(1990, 1, 2), datetime(9998, 1, 1), timezones=st.just(UTC)))
def test_weeks_hold_their_moments(moment):
    first, after = week_bounds(*week_of(moment))
    assert first <= moment < after
    assert week_of(first) == week_of(after - timedelta(microseconds=1)) == week_of(moment) != week_of(after)


# ---------------------------------------------------------------------------------------- for readers


@pytest.mark.parametrize(
    ("moment", "german", "english"),
    [
        ("2025-10-16T09:14", "heute 09:14", "today 09:14"),
        ("2025-10-16T23:14", "heute 23:14", "today 23:14"),
        ("2025-10-15T17:05", "gestern 17:05", "yesterday 17:05"),
        ("2025-10-15T00:00", "gestern 00:00", "yesterday 00:00"),
        ("2025-10-14T17:05", "Di 14.10.", "Tue 14 Oct"),
        ("2025-05-01T17:05", "Do 01.05.", "Thu 1 May"),
        ("2025-02-01T17:05", "01.02.2025", "1 Feb 2025"),
        ("2024-12-31T17:05", "31.12.2024", "31 Dec 2024"),
        ("2025-10-17T00:00", "17.10.2025", "17 Oct 2025"),
        ("9999-12-31T12:00", "31.12.9999", "31 Dec 9999"),
    ],
)
def test_short(moment, german, english):
    assert dates.short(berlin(moment), NOW, "de") == german
    assert dates.short(berlin(moment), NOW, "en") == english


def test_long_day_and_iso():
    moment = datetime(2025, 10, 16, 7, 14, 59, 999, tzinfo=UTC)
    assert dates.long(moment, "de") == "Donnerstag, 16. Oktober 2025, 09:14 Uhr"
    assert dates.long(moment, "en") == "Thursday, 16 October 2025, 09:14"
    assert dates.day(moment) == "16.10.2025"
    assert dates.iso(moment) == "2025-10-16T09:14:59+02:00"
    assert dates.iso(moment.astimezone(timezone(timedelta(hours=-5)))) == "2025-10-16T09:14:59+02:00"


@pytest.mark.row("X37")
def test_the_last_moment_can_be_shown():  # X37
    last = datetime.max.replace(tzinfo=UTC)
    assert dates.iso(last) == "9999-12-31T23:59:59+00:00"
    assert dates.day(last) == "31.12.9999"
    assert dates.week_of(last) == (9999, 52)
    assert dates.long(last, "de").startswith("Freitag, 31. Dezember 9999")


@given(moments, moments, st.sampled_from(["de", "en"]))
def test_everything_can_be_shown(moment, now, language):
    shown = [
        dates.short(moment, now, language),
        dates.long(moment, language),
        dates.day(moment),
        dates.iso(moment),
    ]
    assert all(shown)
    assert len(shown[0]) <= 15
    assert datetime.fromisoformat(shown[3]) == moment.replace(microsecond=0)


@pytest.mark.row("S18")
def test_the_zone_of_the_machine_does_not_matter():
    code = (
        "from datetime import UTC, datetime as d; from kommcli import dates as t, datewords as w;"
        "n = d(2025, 10, 16, 7, tzinfo=UTC);"
        "print(w.parse_feed_date('16.10.2025 10:00'), w.parse_moment('heute', now=n));"
        "print(t.iso(n), t.short(n, n, 'de'), t.week_of(n))"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"TZ": zone, "LC_ALL": "C", "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for zone in ("UTC", "America/New_York", "Pacific/Kiritimati", "nonsense")
    }
    assert len(answers) == 1
