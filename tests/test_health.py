"""What the doctor makes of facts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kommcli import health
from kommcli.health import Checked, Finding, Severity
from kommcli.model import Feed, FeedState
from kommcli.outgoing import State, Unsent

NOW = datetime(2026, 10, 16, 9, tzinfo=UTC)
DAY = timedelta(days=1)
FEED = Feed("a", "https://news.example/feed")


def found(state: FeedState | None, newest: datetime | None = NOW) -> list[tuple[str, str]]:
    """Severity and code of what is found about one feed beside a sound one."""
    sound = FeedState("b", last_try=NOW, last_ok=NOW)
    pairs = [(FEED, state), (Feed("b", "https://b.example/"), sound)]
    return [
        (one.severity.value, one.code) for one in health.feeds(pairs, {"a": newest} if newest else {}, NOW)
    ]


def failing(since: timedelta, failures: int = 5, code: str = "http.status") -> FeedState:
    return FeedState(
        "a", last_try=NOW, failures=failures, failing_since=NOW - since, code=code, message="500"
    )


@pytest.mark.parametrize(
    ("state", "newest", "expected"),
    [
        (FeedState("a", last_try=NOW, last_ok=NOW), NOW, []),
        (None, None, [("note", "")]),
        (failing(DAY, 1), NOW, []),
        (failing(DAY), NOW, [("warning", "http.status")]),
        (failing(31 * DAY), NOW, [("error", "http.status")]),
        (failing(DAY, 1, "http.gone"), NOW, [("error", "http.gone")]),
        (FeedState("a", last_try=NOW, last_ok=NOW), NOW - 121 * DAY, [("warning", "feed.stale")]),
        (FeedState("a", last_try=NOW, last_ok=NOW), None, []),
        (
            FeedState("a", last_try=NOW, last_ok=NOW, moved_to="https://x.example/", sightings=1),
            NOW,
            [("note", "feed.moved")],
        ),
        (
            FeedState("a", last_try=NOW, last_ok=NOW, moved_to="https://x.example/", moved_on=NOW),
            NOW,
            [("note", "feed.moved")],
        ),
    ],
)
def test_feeds(state: FeedState | None, newest: datetime | None, expected: list[tuple[str, str]]) -> None:
    assert found(state, newest) == expected


def test_a_paused_feed_is_nobody_s_trouble() -> None:
    assert not list(health.feeds([(Feed("a", "https://a.example/", enabled=False), None)], {}, NOW))


def test_all_failed_is_one_error() -> None:
    first, *_others = health.feeds([(FEED, failing(DAY))], {}, NOW)
    assert (first.code, first.status) == ("net.offline", 4)


def test_the_worst_error_decides() -> None:
    def status(*statuses: int) -> int:
        found = tuple(Finding(Severity.ERROR, "x", status=one) for one in statuses)
        return health.exit_status([Checked("x", found), Checked("y", (Finding(Severity.WARNING, "w"),))])

    assert [status(), status(3), status(3, 4), status(4, 6), status(6, 5, 3)] == [0, 3, 4, 6, 5]


@pytest.mark.parametrize(
    ("free", "size", "expected"),
    [
        (10**7, 0, Severity.ERROR),
        (10**8, 0, Severity.WARNING),
        (10**9, 10**9, Severity.WARNING),
        (10**9, 10**8, None),
    ],
)
def test_disk(free: int, size: int, expected: Severity | None) -> None:
    assert Checked("disk", tuple(health.disk(free, size))).worst is expected


def test_archive_clock_and_terminal() -> None:
    def worst(found: object) -> Severity | None:
        return Checked("x", tuple(found)).worst  # type: ignore[arg-type]

    assert worst(health.archive([], 10**8, 0, 0o600)) is None
    assert worst(health.archive([], 10**8, 9 * 10**7, 0o600)) is Severity.NOTE
    assert worst(health.archive([], 10**8, 0, 0o644)) is Severity.WARNING
    assert worst(health.archive(["row 5 missing from index"], 10**8, 0, 0o600)) is Severity.ERROR
    assert worst(health.clock(NOW, NOW - DAY, NOW - DAY, fixed=False)) is None
    assert worst(health.clock(NOW, NOW - DAY, NOW + DAY, fixed=False)) is Severity.WARNING
    assert worst(health.clock(NOW, NOW + DAY, None, fixed=False)) is Severity.WARNING
    assert worst(health.clock(NOW, NOW + DAY, None, fixed=True)) is Severity.NOTE
    assert worst(health.terminal("UTF-8", 100, "xterm")) is None
    assert worst(health.terminal("latin-1", 0, "")) is Severity.WARNING
    assert worst(health.terminal("utf8", 30, "dumb")) is Severity.NOTE


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("", []),
        ("mail.connect", [(Severity.WARNING, 0)]),
        ("mail.temporary", [(Severity.WARNING, 0)]),
        ("mail.tls", [(Severity.ERROR, 7)]),
        ("mail.auth", [(Severity.ERROR, 7)]),
        ("mail.program", [(Severity.ERROR, 7)]),
    ],
)
def test_mail(code: str, expected: list[tuple[Severity, int]]) -> None:
    found = list(health.mail(code, "550 no."))
    assert [(one.severity, one.status) for one in found] == expected
    assert all(one.remedy and "(550 no)" in one.what for one in found)


def unsent(state: State, code: str = "", *, kept: timedelta = DAY, tried: timedelta = DAY) -> Unsent:
    return Unsent(3, "a@stadt.example", state, code, NOW - kept, NOW - tried)


@pytest.mark.parametrize(
    ("mail", "code"),
    [
        (unsent(State.UNCERTAIN, "mail.uncertain"), "mail.uncertain"),
        (unsent(State.SENDING), "mail.uncertain"),
        (unsent(State.SENDING, tried=timedelta(minutes=5)), None),
        (unsent(State.REFUSED, "mail.recipient"), "mail.recipient"),
        (unsent(State.POSTPONED, "mail.connect"), "mail.connect"),
        (unsent(State.POSTPONED, "mail.connect", kept=timedelta(hours=3)), None),
        (unsent(State.WRITTEN), ""),
    ],
)
def test_mails_that_somebody_must_look_at(mail: Unsent, code: str | None) -> None:
    found = list(health.outbox([mail], NOW))
    assert [(one.severity, one.code) for one in found] == [(Severity.WARNING, code)] * (code is not None)
    assert all("issue 3" in one.what and "a@stadt.example" in one.what and one.remedy for one in found)


def test_mails_of_one_issue_and_cause_are_one_finding() -> None:
    mails = [unsent(State.REFUSED, "mail.recipient")._replace(address=f"{n}@x.example") for n in range(9)]
    (found,) = health.outbox(mails, NOW)
    assert found.what.endswith("0@x.example, 1@x.example, 2@x.example, 3@x.example, 4@x.example, and 4 more")
    assert "--resend --issue 3" in found.remedy
