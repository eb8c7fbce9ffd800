"""What users call states, kinds, feeds and times, and what the archive calls them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest

from kommcli.conditions import Span
from kommcli.data.states import STATES
from kommcli.dates import local
from kommcli.errors import BadUsage
from kommcli.query import values
from kommcli.query.values import Known, feed_key, keys, span

NOW = datetime(2026, 10, 16, 9, tzinfo=UTC)
TITLES = {"kommune21": "Kommune21", "move": "move – moderne Verwaltung", "nameless": ""}


def known(**given: Any) -> Known:
    """What a query may refer to; whatever is not ``given`` must not be asked for."""

    def never(*_names: str) -> Any:
        raise AssertionError("asked without need")

    asked = dict.fromkeys(("feeds", "topic", "topic_names", "places", "near_places"), never)
    return Known(**(asked | {"views": {}} | given))


NOTHING = known()


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.code)
def test_every_spelling_of_a_state(state: Any) -> None:
    spellings = [state.code, f"DE-{state.code}", state.name, state.english, *state.others]
    spellings += [state.name.replace("ü", "ue"), state.name.replace("ü", "u"), state.name.replace("-", " ")]
    for spelling in spellings:
        for typed in (spelling, spelling.lower(), spelling.upper()):
            assert keys("state", typed, NOTHING) == (f"DE-{state.code}",), typed


@pytest.mark.parametrize(
    ("field", "names", "value"),
    [
        ("state", "bund Bund BUNDESWEIT federal", "bund"),
        ("state", "EU europa Europe", "eu"),
        ("state", "none keine ohne", "none"),
        ("topic", "none Keine", "none"),
        ("place", "none keiner", "none"),
        ("kind", "none ohne", "none"),
        ("kind", "interview Interviews Gespräch GESPRAECH", "interview"),
        ("kind", "meldung news", "meldung"),
        ("kind", "termin Webinar event", "termin"),
        ("kind", "studie study", "studie"),
        ("kind", "bericht", "bericht"),
        ("kind", "kommentar opinion", "kommentar"),
        ("kind", "personalie", "personalie"),
        ("kind", "ausschreibung tender", "ausschreibung"),
        ("kind", "podcast", "podcast"),
        ("is", "unread ungelesen Ungelesen", "unread"),
        ("is", "read gelesen", "read"),
        ("is", "starred markiert gemerkt", "starred"),
        ("is", "unstarred unmarkiert", "unstarred"),
    ],
)
def test_names_in_german_and_english(field: str, names: str, value: str) -> None:
    for name in names.split():
        assert keys(field, name, NOTHING) == (value,), name


@pytest.mark.parametrize(
    ("field", "name"), [("state", "xyz"), ("state", ""), ("kind", "roman"), ("is", "new"), ("is", "none")]
)
def test_unknown_names_have_no_value(field: str, name: str) -> None:
    assert keys(field, name, NOTHING) == ()


def test_topics_and_places_are_asked_for() -> None:
    mine = known(topic={"KI": "ki"}.get, places={"Neustadt": ("1", "2")}.get)

    assert keys("topic", "KI", mine) == ("ki",)
    assert keys("place", "Neustadt", mine) == ("1", "2")


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("kommune21", "kommune21"),
        ("KOMMUNE21", "kommune21"),
        ("move", "move"),
        ("Move - moderne Verwaltung", "move"),
        ("nameless", "nameless"),
    ],
)
def test_a_feed_by_key_or_title(name: str, key: str) -> None:
    assert feed_key(name, TITLES) == key
    assert keys("feed", name, known(feeds=lambda: TITLES)) == (key,)


def test_the_key_of_one_feed_goes_before_the_title_of_another() -> None:
    assert feed_key("b", {"a": "B", "b": "A"}) == "b"


def names(count: int) -> Iterable[str]:
    return [f"{'abcdefghijklmnopqrstuvwxyz'[at % 26]}{at}" for at in range(count)]


@pytest.mark.parametrize(
    ("field", "name", "given", "message"),
    [
        ("state", "Bavria", {}, 'there is no state "Bavria" [usage.state]. Did you mean "Bavaria"?'),
        ("state", "RPL", {}, 'there is no state "RPL" [usage.state]. Did you mean "RLP"?'),
        ("state", "123", {}, 'there is no state "123" [usage.state]. Known are: Baden-Württemberg, Bayern, '),
        (
            "state",
            "\x1b[2J" + "x" * 99,
            {},
            'there is no state "[2J' + "x" * 56 + '…" [usage.state]. Known are: ',
        ),
        (
            "topic",
            "Smart Ciyt",
            {"topic_names": lambda: ["KI", "Smart City", "Open Data"]},
            'there is no topic "Smart Ciyt" [usage.topic]. Did you mean "Smart City"?',
        ),
        (
            "topic",
            "Smart Cits",
            {"topic_names": lambda: ["KI", "Smart City", "Smart Citi", "SMART CITY"]},
            'there is no topic "Smart Cits" [usage.topic]. Did you mean "Smart City" or "Smart Citi"?',
        ),
        (
            "topic",
            "kii",
            {"topic_names": lambda: ["Politik", "KI", "Identität"]},
            'there is no topic "kii" [usage.topic]. Did you mean "KI"?',
        ),
        (
            "topic",
            "###",
            {"topic_names": lambda: names(50)},
            'there is no topic "###" [usage.topic]. Known are: a0, b1, ',
        ),
        (
            "place",
            "Nauhiem",
            {"near_places": lambda name: ["Nauheim", "Bad Nauheim", "Mannheim", "Nauen"]},
            'there is no place "Nauhiem" [usage.place]. '
            'Did you mean "Nauheim" or "Bad Nauheim" or "Mannheim"?',
        ),
        (
            "place",
            "xyz",
            {"near_places": lambda name: ()},
            'there is no place "xyz" [usage.place]. See `kommcli places`.',
        ),
        (
            "feed",
            "komune21",
            {"feeds": lambda: TITLES},
            'there is no feed "komune21" [usage.feed]. Did you mean "kommune21"?',
        ),
        ("feed", "x", {"feeds": dict}, 'there is no feed "x" [usage.feed]. Add one with'),
        ("kind", "intervju", {}, 'there is no kind "intervju" [usage.kind]. Did you mean "interview"?'),
        ("is", "unred", {}, 'articles are never "unred" [usage.is]. Did you mean "unread"?'),
    ],
)
def test_an_unknown_value_is_named_with_the_nearest(
    field: str, name: str, given: dict[str, Any], message: str
) -> None:
    text = str(values.unknown(field, name, known(**given)))

    assert text.startswith(message)
    assert "\n" not in text
    assert len(text) < 400


def test_an_unknown_view() -> None:
    assert values.view("MEIN LAND", {"Mein Land": "x"}) == "Mein Land"
    with pytest.raises(BadUsage, match=r'no view "main land" \[usage.view\]. Did you mean "Mein Land"'):
        values.view("main land", {"Mein Land": "x"})
    with pytest.raises(BadUsage, match=r"\[usage.view\]. Save one in the configuration"):
        values.view("x", {})


@pytest.mark.parametrize(
    ("text", "monday"),
    [
        ("2025-W42", "2025-10-13"),
        ("2025w42", "2025-10-13"),
        ("2025-42", "2025-10-13"),
        ("KW 42/2025", "2025-10-13"),
        ("kw42/2025", "2025-10-13"),
        ("42/2025", "2025-10-13"),
        ("KW 42", "2026-10-12"),
        ("KW42", "2026-10-12"),
        ("42", "2026-10-12"),
        ("43", "2025-10-20"),
        ("1", "2025-12-29"),
        ("this", "2026-10-12"),
        ("diese Woche", "2026-10-12"),
        ("Diese", "2026-10-12"),
        ("last", "2026-10-05"),
        ("letzte", "2026-10-05"),
        ("LETZTE WOCHE", "2026-10-05"),
    ],
)
def test_weeks(text: str, monday: str) -> None:
    found = span("week", text, NOW)

    assert found is not None
    assert found.since is not None
    assert found.until is not None
    assert f"{local(found.since):%Y-%m-%d %H:%M}" == f"{monday} 00:00"
    assert (local(found.until).date() - local(found.since).date()).days == 7
    assert f"{local(found.until):%H:%M}" == "00:00"


@pytest.mark.row("S18")
def test_last_week_in_the_first_hour_after_the_clock_was_changed() -> None:
    after_midnight = datetime(2026, 10, 25, 23, 30, tzinfo=UTC)  # Monday, 26 October, 00:30 in Berlin

    found = span("week", "last", after_midnight)

    assert found is not None
    assert found.since is not None
    assert local(found.since).date().isoformat() == "2026-10-19"


@pytest.mark.parametrize(
    "text", ["", "0", "54", "2025-W54", "gestern", "KW", "2025", "next", "42 43", "W 2025"]
)
def test_no_weeks(text: str) -> None:
    assert span("week", text, NOW) is None


def test_since_and_until() -> None:
    day = (datetime(2025, 10, 15, 22, tzinfo=UTC), datetime(2025, 10, 16, 22, tzinfo=UTC))

    assert span("since", "16.10.2025", NOW) == Span(since=day[0])
    assert span("until", "2025-10-16", NOW) == Span(until=day[1])
    assert span("since", "KW 42", NOW) == Span(since=datetime(2026, 10, 11, 22, tzinfo=UTC))
    assert span("until", "1h", NOW) == Span(until=datetime(2026, 10, 16, 8, tzinfo=UTC))
    assert span("since", "dann", NOW) is None
    assert span("until", "", NOW) is None
