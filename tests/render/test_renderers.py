"""Every renderer, whatever the article: no exception, no control character, no line that is too wide."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from conftest import validate
from kommcli import i18n, text, urls
from kommcli.model import (
    BODY_TYPES,
    Article,
    Block,
    Enclosure,
    Failed,
    Feed,
    FeedState,
    Image,
    Outcome,
    Place,
    Report,
    Source,
    Topic,
    Visit,
)
from kommcli.render import messages, plain, readingview, records, subscriptions, terminal
from kommcli.render.reading import Reading

NOW = datetime(2026, 10, 16, 9, 0, tzinfo=UTC)

# What the seam of the parser lets through: any text that was cleaned, any address that was made absolute.
strange = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="[]/=\\:#redblink*`<>&;\x1b\x9b\u202e\u200d👩💻東äü \n\t", max_size=60),
    st.sampled_from(["[/red]", "[link=https://x/]", ":smile:", "x" * 300, "東" * 90, "=1+1", "a\u0301" * 40]),
)
lines = strange.map(text.clean)
blocks = strange.map(text.clean_lines)
addresses = st.one_of(
    st.just(""),
    strange.map(lambda path: urls.absolute("https://news.example/", path)),
    st.just("https://x.example/"),
)
instants = st.datetimes(datetime(1990, 1, 1), datetime(9998, 12, 31), timezones=st.just(UTC))
places = st.builds(
    Place, lines, st.sampled_from(["municipality", "district", "state", "region"]), st.just("")
)
articles = st.builds(
    Article,
    id=st.sampled_from(["yqmfqvyb", "d5fc1e1a"]),
    title=lines,
    source=st.builds(Source, st.just("key"), lines, st.just("https://x.example/feed")),
    published=instants,
    first_seen=instants,
    kicker=lines,
    url=addresses,
    kind=st.sampled_from(["", "bericht", "interview", "neu"]),
    published_is_estimate=st.booleans(),
    updated=st.none() | instants,
    teaser=lines,
    image=st.none() | st.builds(Image, addresses, lines, lines, lines),
    enclosure=st.none()
    | st.builds(Enclosure, st.just("https://x.example/a.mp3"), lines, st.integers(0, 10**12)),
    states=st.lists(st.sampled_from(["DE-BY", "DE-BB"]), max_size=3).map(tuple),
    places=st.lists(places, max_size=2).map(tuple),
    topics=st.lists(st.builds(Topic, st.just("ki"), lines), max_size=3).map(tuple),
    truncated=st.booleans(),
    read=st.booleans(),
    starred=st.booleans(),
)
bodies = st.lists(st.builds(Block, st.sampled_from(BODY_TYPES), blocks), max_size=4).map(tuple)


@pytest.fixture(autouse=True)
def _german():
    i18n.use("de")
    yield
    i18n.use("en")


def assert_harmless(output: str, *, allowed: str = "\n") -> None:
    """No control, no direction, no private character; U+200D is part of emoji."""
    for one in set(output) - set(allowed) - {"\u200d"}:
        assert unicodedata.category(one) not in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp"), f"U+{ord(one):04X}"


def reading(found: Article, body: tuple[Block, ...]) -> Reading:
    """An article with its feed's own text."""
    return Reading(found, found.teaser, body, found.image)


@given(st.lists(articles, max_size=4), st.integers(20, 200))
def test_a_list_in_the_terminal(found: list[Article], width: int) -> None:
    drawn = terminal.to_text(terminal.articles(found, NOW, width, "note"), width)

    assert_harmless(drawn)
    assert max(cell_len(line) for line in drawn.splitlines()) <= width
    if 40 <= width < terminal.TABLE_FROM:
        squeezed = "".join(drawn.split())
        for one in found:
            assert "".join(one.title.split()) in squeezed


@given(articles, bodies, st.integers(20, 200))
def test_an_article_in_the_terminal(found: Article, body: tuple[Block, ...], width: int) -> None:
    page = readingview.article(reading(found, body), readingview.View(width))
    drawn = terminal.to_text(page, width)

    assert_harmless(drawn)
    assert max(cell_len(line) for line in drawn.splitlines()) <= width


@given(st.lists(articles, max_size=4))
def test_a_plain_list_has_thirteen_cells_a_line(found: list[Article]) -> None:
    output = plain.articles(found)

    assert_harmless(output, allowed="\n\t")
    rows = output.split("\n")[:-1]
    assert len(rows) == len(found)
    for row, one in zip(rows, found, strict=True):
        cells = row.split("\t")
        assert (len(cells), cells[9]) == (13, records.title_of(one))


@given(articles, bodies)
def test_a_plain_article(found: Article, body: tuple[Block, ...]) -> None:
    assert_harmless(plain.article(reading(found, body)))


@given(st.lists(articles, max_size=4))
@pytest.mark.row("T16")
def test_T16_json_of_a_list(found: list[Article]) -> None:
    output = records.to_json(records.articles(found, Report(), NOW))

    assert_harmless(output)
    value = json.loads(output)
    validate(value)
    assert [one["title"] for one in value["articles"]] == [records.title_of(one) for one in found]
    assert [json.loads(line) for line in records.jsonl(found).split("\n")[:-1]] == value["articles"]


@given(articles, bodies)
@pytest.mark.row("T16")
def test_T16_json_of_an_article(found: Article, body: tuple[Block, ...]) -> None:
    validate(json.loads(records.to_json(records.one_article(reading(found, body), [], NOW))))


@given(st.lists(articles, max_size=4))
@pytest.mark.row("T17")
def test_T17_no_cell_of_csv_is_a_formula(found: list[Article]) -> None:
    output = records.csv(found)

    assert_harmless(output, allowed="\r\n")
    rows = list(csv.reader(io.StringIO(output)))
    assert [len(row) for row in rows] == [14] * (len(found) + 1)
    for row, one in zip(rows[1:], found, strict=True):
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row)
        title = records.title_of(one)
        assert row[9].removeprefix("'") == title.removeprefix("'") or row[9] == title


failures = st.builds(
    Failed, st.sampled_from(sorted(messages.FAILURES)), lines, st.none() | st.integers(100, 599)
)
feeds = st.builds(Feed, st.just("key"), st.sampled_from(["https://x.example/feed", "file:a.xml"]), lines)
visits = st.builds(
    Visit,
    feeds,
    st.just(Outcome.FAILED),
    failure=failures,
    failures=st.integers(1, 9),
    since=instants,
    warnings=st.just(("feed.junk", "feed.other")),
)


@given(st.lists(visits, max_size=3), st.integers(20, 200))
def test_a_report(found: list[Visit], width: int) -> None:
    report = Report(tuple(found))
    for output in (
        "\n".join(messages.failure_lines(report, NOW)),
        "\n".join(messages.notes(report, NOW)),
        records.to_json(records.fetched(report, NOW)),
        terminal.to_text(subscriptions.fetched(report, NOW), width),
    ):
        assert_harmless(output)
    assert_harmless(plain.fetched(report), allowed="\n\t")
    validate(records.fetched(report, NOW))


@given(feeds, lines, st.sampled_from(["", "http.status", "unknown"]), st.integers(20, 200))
def test_the_subscriptions(feed: Feed, message: str, code: str, width: int) -> None:
    state = FeedState("key", title=message, failures=len(code), failing_since=NOW, code=code, message=message)
    drawn = terminal.to_text(subscriptions.feeds([(feed, state), (feed, None)], NOW, width), width)

    assert_harmless(drawn)
    assert max(cell_len(line) for line in drawn.splitlines()) <= width
    assert_harmless(plain.feeds([(feed, state)]), allowed="\n\t")
    validate(records.feeds([(feed, state), (feed, None)], NOW))


@pytest.mark.row("X41")
def test_X41_an_article_without_a_title_has_a_name_to_click_on() -> None:
    found = Article("yqmfqvyb", "", Source("a", "A", "https://x.example/"), NOW, NOW)
    name = "(ohne Titel)"

    assert name in terminal.to_text(terminal.articles([found], NOW, 80, ""), 80)
    page = readingview.article(reading(found, ()), readingview.View(80))
    assert name in terminal.to_text(page, 80)
    assert plain.article(reading(found, ())).startswith(name)
    assert records.article(found)["title"] == name
