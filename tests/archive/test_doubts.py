"""What is told of feeds that are not what they were."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime

import pytest

from kommcli.archive import articles, feeds
from kommcli.archive.database import transaction
from kommcli.archive.doubts import doubts
from kommcli.model import Entry, Feed, Fetched, NewArticle, ParsedFeed

FEED = Feed("amt", "https://amt.example/feed")
NOW = datetime(2026, 10, 16, 9, tzinfo=UTC)


def visit(db: sqlite3.Connection, title: str, *entries: Entry) -> tuple[str, ...]:
    """The doubts about a feed that says this, which is then stored."""
    parsed = ParsedFeed(title=title, entries=entries)
    with transaction(db):
        row = feeds.rowid(db, FEED)
        found = doubts(db, row, parsed)
        articles.store(db, row, FEED.url, [NewArticle(one) for one in entries], NOW)
        feeds.record_validators(db, row, Fetched(FEED.url, b"", ""), "", title)
    return found


def entry(number: int, guid: str = "", host: str = "amt.example") -> Entry:
    return Entry(title=f"Title {number}", guid=guid or f"guid-{number}", link=f"https://{host}/{number}")


@pytest.mark.row("X28")
def test_a_new_guid_at_every_visit_is_told(db: sqlite3.Connection) -> None:
    assert visit(db, "Amt", *(entry(n, f"a{n}") for n in range(4))) == ()
    assert visit(db, "Amt", *(entry(n, f"b{n}") for n in range(4))) == ("feed.ids_unstable",)
    assert visit(db, "Amt", *(entry(n, f"b{n}") for n in range(4))) == ()


def test_an_entry_that_was_published_anew_is_no_reason(db: sqlite3.Connection) -> None:
    visit(db, "Amt", *(entry(n) for n in range(6)))

    assert visit(db, "Amt", *(entry(n, "new" if n == 3 else "") for n in range(6))) == ()


@pytest.mark.row("X35")
def test_a_feed_of_another_owner_is_told_once_and_nothing_is_mixed_up(db: sqlite3.Connection) -> None:
    visit(db, "Amt für Digitales", entry(1), entry(2))
    casino = [entry(n, f"casino-{n}", "casino.example") for n in (1, 2)]

    assert visit(db, "Best casino", *casino) == ("feed.identity_changed",)
    assert visit(db, "Best casino", *casino) == ()
    assert db.execute("SELECT count(*) FROM articles").fetchone() == (4,)


@pytest.mark.parametrize(
    ("title", "entries"),
    [
        ("A new name", [entry(3)]),
        ("A new name", [entry(3, host="www.amt.example")]),
        ("A new name", [entry(1, host="neu.example")]),
        ("A new name", []),
        ("A new name", [Entry(title="without a link")]),
        ("Amt", [entry(3, "x", "neu.example")]),
    ],
    ids=["same host", "with www", "known article", "nothing", "no link", "same title"],
)
def test_a_new_name_or_a_new_site_alone_is_no_reason(
    db: sqlite3.Connection, title: str, entries: list[Entry]
) -> None:
    visit(db, "Amt", entry(1), entry(2))

    assert visit(db, title, *entries) == ()


def test_a_first_visit_leaves_no_doubt(db: sqlite3.Connection) -> None:
    assert visit(db, "Amt", entry(1)) == ()
