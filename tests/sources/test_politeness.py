"""Who is due, how long a server makes us wait, and how feeds are handed out."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kommcli.errors import FeedFailure
from kommcli.model import Feed, FeedState
from kommcli.sources.politeness import (
    Due,
    HostQueue,
    RedirectFailure,
    Skip,
    back_off,
    due,
    parse_retry_after,
)

NOW = datetime(2026, 8, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
FEED = Feed("a", "http://a.example/feed", interval=HOUR)


def state(**fields: object) -> FeedState:
    return FeedState("a", **fields)


# ------------------------------------------------------------------------------------------------ due()


@pytest.mark.parametrize(
    ("known", "expected", "forced"),
    [
        (None, Due(), Due()),
        (state(), Due(), Due()),
        (state(last_try=NOW - HOUR), Due(), Due()),
        (state(last_try=NOW - HOUR / 2), Skip("interval", NOW + HOUR / 2), Due()),
        (state(last_try=NOW), Skip("interval", NOW + HOUR), Due()),
        (state(not_before=NOW), Due(), Due()),
        (state(not_before=NOW + HOUR), Skip("retry_after", NOW + HOUR), Skip("retry_after", NOW + HOUR)),
        (
            state(last_try=NOW, not_before=NOW + 3 * HOUR),
            Skip("retry_after", NOW + 3 * HOUR),
            Skip("retry_after", NOW + 3 * HOUR),
        ),
    ],
)
def test_due(known: FeedState | None, expected: Due | Skip, forced: Due | Skip) -> None:
    assert due(FEED, known, NOW) == expected
    assert due(FEED, known, NOW, force=True) == forced


def test_a_paused_feed_is_never_due() -> None:
    assert due(Feed("a", "http://a.example/", enabled=False), None, NOW, force=True) == Skip("paused")


def test_without_an_interval_a_feed_is_always_due() -> None:
    assert due(Feed("a", "http://a.example/"), state(last_try=NOW), NOW) == Due()


@pytest.mark.parametrize("jump", [timedelta(seconds=1), HOUR, timedelta(days=365)])
@pytest.mark.row("S17")
def test_S17_a_clock_that_jumped_holds_nobody_back(jump: timedelta) -> None:
    assert due(FEED, state(last_try=NOW + jump), NOW) == Due()
    assert due(FEED, state(not_before=NOW + timedelta(days=1) + jump), NOW) == Due()


# ----------------------------------------------------------------------------------------- Retry-After


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        (" 120 ", 120),
        ("86400", 86_400),
        ("86401", 86_400),
        ("1000000000", 86_400),
        ("9" * 5_000, 86_400),
        ("Sat, 01 Aug 2026 12:00:30 GMT", 30),
        ("Saturday, 01-Aug-26 12:00:30 GMT", 30),
        ("Sat, 01 Aug 2026 12:00:30 -0000", 30),
        ("Sat, 01 Aug 2026 14:00:30 +0200", 30),
        ("Sat, 01 Aug 2015 12:00:30 GMT", 0),
        ("Sat, 01 Aug 9999 12:00:30 GMT", 86_400),
        *(
            (garbage, None)
            for garbage in ("", "-1", "+5", "1.5", "²", "٣", "soon", "12 parsecs", "\x00", "1e9")
        ),
        ("Sat, 99 Aug 2026 99:00:30 GMT", None),
        ("Sat, 01 Aug 99999 12:00:30 GMT", None),
    ],
)
@pytest.mark.row("H6")
def test_H6_retry_after(value: str, seconds: float | None) -> None:
    assert parse_retry_after(value, NOW) == seconds


@given(st.text(max_size=40))
@pytest.mark.row("H6")
def test_H6_no_header_whatsoever_raises(value: str) -> None:
    seconds = parse_retry_after(value, NOW)
    assert seconds is None or 0 <= seconds <= 86_400


@given(st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 30)), st.integers(-14, 14))
@pytest.mark.row("H6")
def test_H6_dates_in_every_zone(naive: datetime, hours: int) -> None:
    instant = naive.replace(tzinfo=timezone(timedelta(hours=hours)), microsecond=0)
    expected = min(max((instant - NOW).total_seconds(), 0), 86_400)
    if instant.year >= 1900:
        assert parse_retry_after(format_datetime(instant), NOW) == expected


# ------------------------------------------------------------------------------------------ HostQueue


def feeds(*urls: str) -> list[Feed]:
    return [Feed(str(number), url) for number, url in enumerate(urls)]


def test_hosts_take_turns_and_none_gets_more_than_its_share() -> None:
    queue = HostQueue(feeds(*["http://a/1", "http://a/2", "http://a/3", "http://b/1", "https://a/4"]), 2)
    taken = [queue.take() for _number in range(4)]
    assert [feed.url for feed, _dead in taken] == ["http://a/1", "http://b/1", "https://a/4", "http://a/2"]
    queue.release(taken[0][0])
    assert queue.take()[0].url == "http://a/3"
    assert queue.take() is None


def test_taking_waits_for_a_release() -> None:
    queue = HostQueue(feeds("http://a/1", "http://a:80/2"), 1)
    first, _dead = queue.take()
    found: list[object] = []
    thread = threading.Thread(target=lambda: found.extend([queue.take(), queue.take()]))
    thread.start()
    time.sleep(0.05)
    assert not found
    queue.release(first)
    thread.join(2)
    assert found[0][0].url == "http://a:80/2"
    assert found[1] is None


@pytest.mark.parametrize("code", ["net.dns", "net.connect", "net.timeout"])
@pytest.mark.row("N17")
def test_N17_a_dead_host_is_not_asked_again(code: str) -> None:
    queue = HostQueue(feeds("http://a/1", "http://b/1", "http://a/2", "http://a/3"), 1)
    failure = FeedFailure(code)
    queue.release(queue.take()[0], failure)
    rest = [queue.take() for _number in range(3)]
    assert [(feed.url, dead) for feed, dead in rest] == [
        ("http://a/2", failure),
        ("http://a/3", failure),
        ("http://b/1", None),
    ]
    for feed, dead in rest:
        queue.release(feed, dead)
    assert queue.take() is None


@pytest.mark.parametrize(
    "failure", [FeedFailure("http.status"), FeedFailure("net.deadline"), RedirectFailure("net.dns")]
)
@pytest.mark.row("N17")
def test_N17_other_failures_say_nothing_about_the_host(failure: FeedFailure) -> None:
    queue = HostQueue(feeds("http://a/1", "http://a/2"), 1)
    queue.release(queue.take()[0], failure)
    assert queue.take()[1] is None


def test_files_have_no_limit_and_strange_addresses_a_host_each() -> None:
    urls = ["file:a", "file:///b", "file:c", "http://[", "http://x:y/", "nonsense"]
    queue = HostQueue(feeds(*urls), 1)
    assert sorted(queue.take()[0].url for _url in urls) == sorted(urls)


def test_stop_ends_every_waiting_take() -> None:
    queue = HostQueue(feeds("http://a/1", "http://a/2", "http://b/1"), 1)
    queue.take()
    queue.take()
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(queue.take())) for _number in range(3)]
    for thread in threads:
        thread.start()
    time.sleep(0.05)
    with queue._changed:  # a signal handler may interrupt its own thread anywhere
        queue.stop()
    for thread in threads:
        thread.join(2)
    assert found == [None, None, None]
    queue.release(feeds("http://a/1")[0])
    assert queue.take() is None


def test_an_empty_queue() -> None:
    assert HostQueue([], 2).take() is None


@given(
    st.lists(st.sampled_from(["http://a/", "http://b/", "https://a/", "file:x"]), max_size=30),
    st.integers(1, 3),
)
def test_every_feed_is_handed_out_once(urls: list[str], per_host: int) -> None:
    queue = HostQueue(feeds(*urls), per_host)
    busy: dict[str, int] = {}
    most: dict[str, int] = {}
    seen: list[str] = []
    lock = threading.Lock()

    def work() -> None:
        while taken := queue.take():
            feed, _dead = taken
            with lock:
                seen.append(feed.key)
                busy[feed.url] = busy.get(feed.url, 0) + 1
                most[feed.url] = max(most.get(feed.url, 0), busy[feed.url])
            with lock:
                busy[feed.url] -= 1
            queue.release(feed)

    threads = [threading.Thread(target=work) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert sorted(seen, key=int) == [str(number) for number in range(len(urls))]
    assert all(count <= per_host for url, count in most.items() if url != "file:x")


# ------------------------------------------------------------------------------------------- back-off


def test_back_off_doubles_up_to_a_day_and_is_never_drawn_by_lot() -> None:
    waits = [back_off("a", failures) for failures in range(40)]
    assert waits == [back_off("a", failures) for failures in range(40)]
    assert waits[:2] == [timedelta(0)] * 2
    assert max(waits) <= timedelta(days=1)
    for failures, wait in enumerate(waits[2:], start=2):
        full = min(timedelta(minutes=15) * 2 ** min(failures - 2, 9), timedelta(days=1))
        assert full * 0.75 - timedelta(seconds=1) <= wait <= full
    together = {back_off(f"feed-{number}", 9) for number in range(100)}
    assert len(together) > 90  # they do not come back together


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (state(last_try=NOW, failures=1, code="http.status"), Due()),
        (state(last_try=NOW, failures=2, code="http.status"), Skip("backoff", NOW + back_off("b", 2))),
        (state(last_try=NOW, failures=9, code="config.secret"), Due()),
        (state(last_try=NOW, failures=1, code="http.gone"), Skip("gone")),
        (state(last_try=NOW, fresh_until=NOW + HOUR), Skip("fresh", NOW + HOUR)),
        (state(last_try=NOW, fresh_until=NOW + 25 * HOUR), Due()),  # no such wish is ever stored
        (state(last_try=NOW, url="http://b.example/before", fresh_until=NOW + HOUR), Due()),
        (
            state(last_try=NOW, fresh_until=NOW + HOUR, failures=4, code="http.status"),
            Skip("fresh", NOW + HOUR),
        ),
    ],
)
def test_what_holds_a_feed_back(known: FeedState, expected: Due | Skip) -> None:
    feed = Feed("b", "http://b.example/")
    assert due(feed, known, NOW) == expected
    assert due(feed, known, NOW, named=True) == Due()
    forced = due(feed, known, NOW, force=True)
    assert forced == (Skip("gone") if expected == Skip("gone") else Due())


def test_the_longest_wish_counts_even_beyond_retry_after() -> None:
    known = state(last_try=NOW, failures=5, code="http.status", not_before=NOW + timedelta(minutes=1))
    assert due(FEED, known, NOW) == Skip("backoff", NOW + back_off("a", 5))
    assert due(FEED, known, NOW, force=True) == Skip("retry_after", NOW + timedelta(minutes=1))
    gone = replace(known, code="http.gone")
    assert due(FEED, gone, NOW) == Skip("gone")
    assert due(FEED, gone, NOW, named=True) == Skip("retry_after", NOW + timedelta(minutes=1))


waits = st.timedeltas(timedelta(0), timedelta(hours=24)).map(lambda wait: NOW + wait)


@given(
    st.timedeltas(timedelta(0), timedelta(hours=48)),
    st.integers(0, 12),
    st.sampled_from(["http.status", "http.rate_limited", "net.dns", "feed.file"]),
    st.none() | waits,
    st.none() | waits,
)
def test_a_feed_is_asked_when_what_held_it_back_is_over(
    ago: timedelta, failures: int, code: str, not_before: datetime | None, fresh_until: datetime | None
) -> None:
    known = state(
        last_try=NOW - ago,
        failures=failures,
        code=code if failures else "",
        not_before=not_before,
        fresh_until=fresh_until,
    )
    held = due(FEED, known, NOW)
    if isinstance(held, Skip):
        assert held.until is not None
        assert due(FEED, known, held.until) == Due()
        assert isinstance(due(FEED, known, held.until - timedelta(microseconds=1)), Skip)


def test_files_are_read_whenever_asked() -> None:
    known = state(last_try=NOW, failures=5, code="feed.not_feed", fresh_until=NOW + HOUR)
    assert due(Feed("b", "file:b.xml"), known, NOW) == Due()
