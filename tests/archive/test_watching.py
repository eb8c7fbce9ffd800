"""Hits of watches: counted, listed, and told once to each who asks."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from archive.newsstand import AUGSBURG, NOW, article, topics
from archive.pressagency import bring, press
from kommcli.archive import articles, feeds, pages, watching
from kommcli.archive.database import open_for_reading, snapshot, transaction
from kommcli.conditions import All, Not, Term, Text
from kommcli.model import Entry, Feed, NewArticle, Page

KI = Term("topic", ("ki",))


def store(db: sqlite3.Connection, *new: NewArticle, now: datetime = NOW) -> None:
    """A feed brings articles."""
    with transaction(db):
        source = Feed("a", "https://a.example/feed")
        articles.store(db, feeds.rowid(db, source), source.url, list(new), now)


def hits(db: sqlite3.Connection, after: int = 0, limit: int = 0, where: object = KI) -> tuple[int, str]:
    """How many hits there are, and the titles of those that are listed."""
    count, found = watching.hits(db, All((where,)), after, limit, {})  # type: ignore[arg-type]
    return count, " ".join(one.title for one in found)


@pytest.fixture
def archive(db: sqlite3.Connection) -> sqlite3.Connection:
    """Four articles, three of them about KI, the last seen a day later."""
    store(
        db,
        article(3, "eins", topics=topics("ki")),
        article(2, "zwei", topics=topics("ki"), body="Wohni"),
        article(1, "drei"),
    )
    store(db, article(5, "vier", topics=topics("ki"), places=(AUGSBURG,)), now=NOW + timedelta(days=1))
    return db


# ------------------------------------------------------------------------------------------------ hits


def test_all_hits_the_newest_first(archive: sqlite3.Connection) -> None:
    assert hits(archive) == (3, "zwei eins vier")


def test_the_count_is_of_all_and_the_limit_of_those_listed(archive: sqlite3.Connection) -> None:
    assert hits(archive, limit=1) == (3, "zwei")


def test_new_is_what_came_later_whatever_its_date(archive: sqlite3.Connection) -> None:
    assert hits(archive, 3) == (1, "vier")
    assert hits(archive, 4) == (0, "")


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (Term("place", ("09761",)), (1, "vier")),
        (Text((("wohni",),)), (1, "zwei")),
        (Not(KI), (1, "drei")),
        (Term("kind", ("interview",)), (0, "")),
        (All(), (4, "drei zwei eins vier")),
    ],
)
def test_a_watch_asks_for_whatever_a_query_can(
    archive: sqlite3.Connection, where: object, expected: tuple[int, str]
) -> None:
    assert hits(archive, where=where) == expected


def test_an_edited_article_is_not_new(archive: sqlite3.Connection) -> None:
    store(archive, article(3, "eins", topics=topics("ki"), body="Mehr."), now=NOW + timedelta(days=2))

    assert hits(archive, 4) == (0, "")


def test_an_article_with_another_date_now_is_not_new(archive: sqlite3.Connection) -> None:
    before = watching.last(archive)
    moved = article(3, "eins", topics=topics("ki"))
    store(archive, replace(moved, entry=replace(moved.entry, published=NOW - timedelta(hours=9))))

    assert hits(archive, before) == (0, "")
    assert hits(archive) == (3, "zwei vier eins")


def test_hits_know_who_else_tells_their_story(db: sqlite3.Connection) -> None:
    bring(db, "a", press("a1", "Bauakten auf Zuruf"))
    bring(db, "b", press("b1", "Wohni findet jede Akte", hours=20))
    _count, found = watching.hits(db, All((KI,)), 0, 0, {"a": "Amtsblick"})

    assert [[other.source.title for other in one.also_in] for one in found] == [["Amtsblick"], ["b"]]


# ------------------------------------------------------------------------------------------------ told


def test_nothing_was_told_before_anything_was(db: sqlite3.Connection) -> None:
    assert [watching.told(db, "ki", whom) for whom in ("shown", "notified")] == [0, 0]
    assert watching.last(db) == 0


def test_who_lists_and_who_is_notified_are_told_apart(db: sqlite3.Connection) -> None:
    watching.tell(db, "ki", "shown", 5)
    watching.tell(db, "ki", "notified", 6)
    watching.tell(db, "ozg", "shown", 7)

    assert (watching.told(db, "ki", "shown"), watching.told(db, "ki", "notified")) == (5, 6)
    assert (watching.told(db, "ozg", "shown"), watching.told(db, "ozg", "notified")) == (7, 0)


def test_who_was_slow_to_tell_takes_nothing_back(db: sqlite3.Connection) -> None:
    watching.tell(db, "ki", "shown", 7)
    watching.tell(db, "ki", "shown", 5)

    assert watching.told(db, "ki", "shown") == 7


def test_what_was_told_is_no_hit_again(archive: sqlite3.Connection) -> None:
    watching.tell(archive, "ki", "shown", watching.last(archive))
    store(archive, article(4, "fünf", topics=topics("ki")))

    assert hits(archive, watching.told(archive, "ki", "shown")) == (1, "fünf")
    assert hits(archive, watching.told(archive, "ki", "notified")) == (4, "zwei eins fünf vier")


def test_the_number_of_an_article_that_is_gone_is_not_given_again(archive: sqlite3.Connection) -> None:
    before = watching.last(archive)
    with transaction(archive):
        articles.remove(archive, [row for (row,) in archive.execute("SELECT article FROM arrivals")])
    assert watching.last(archive) == before
    store(archive, article(4, "fünf", topics=topics("ki")))

    assert hits(archive, before) == (1, "fünf")


# --------------------------------------------------------------------------------------------- adopted


def keep(db: sqlite3.Connection) -> None:
    """The user keeps a page that no feed has brought yet."""
    link = "https://a.example/akte"
    with transaction(db):
        pages.keep(db, NewArticle(Entry("Akte", link=link), topics=topics("ki")), Page("Akte", url=link), NOW)


def bring_it(db: sqlite3.Connection) -> None:
    """Its feed brings it."""
    store(db, NewArticle(Entry("Akte", guid="g", link="https://a.example/akte"), topics=topics("ki")))


def test_a_kept_page_that_was_told_is_not_told_again_when_its_feed_brings_it(db: sqlite3.Connection) -> None:
    keep(db)
    until = watching.last(db)
    bring_it(db)

    assert hits(db) == (1, "Akte")
    assert hits(db, until) == (0, "")


def test_a_kept_page_that_was_not_told_is_told_once(db: sqlite3.Connection) -> None:
    keep(db)
    bring_it(db)

    assert hits(db) == (1, "Akte")
    assert hits(db, watching.last(db)) == (0, "")


# ----------------------------------------------------------------------------------- while others store


def test_what_another_connection_stores_meanwhile_is_new_the_next_time(
    archive: sqlite3.Connection, tmp_path: Path
) -> None:
    """The very second of the listing, before and after the list is read, and before it is remembered."""
    reader = open_for_reading(tmp_path / "archive.db")
    assert reader is not None
    with snapshot(reader):
        assert hits(reader) == (3, "zwei eins vier")
        store(archive, article(0, "mitten", topics=topics("ki")))
        until = watching.last(reader)
    store(archive, article(6, "danach", topics=topics("ki")))
    watching.tell(archive, "ki", "shown", until)

    assert hits(reader, watching.told(reader, "ki", "shown")) == (2, "mitten danach")
    reader.close()


def test_what_a_transaction_under_way_stores_is_new_once_it_is_there(
    archive: sqlite3.Connection, tmp_path: Path
) -> None:
    reader = open_for_reading(tmp_path / "archive.db")
    assert reader is not None
    with transaction(archive):
        source = Feed("b", "https://b.example/feed")
        new = [article(0, "offen", topics=topics("ki"))]
        articles.store(archive, feeds.rowid(archive, source), source.url, new, NOW)
        with snapshot(reader):
            assert hits(reader) == (3, "zwei eins vier")
            until = watching.last(reader)

    assert hits(reader, until) == (1, "offen")
    reader.close()
