"""Hits of watches: counted, listed, and told once to each who asks."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

import pytest

from archive.newsstand import AUGSBURG, NOW, article, topics
from archive.pressagency import bring, press
from kommcli.archive import articles, feeds, watching
from kommcli.archive.database import transaction
from kommcli.conditions import All, Not, Term, Text
from kommcli.model import Feed, NewArticle

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


def seconds(days: float = 0) -> int:
    return int((NOW + timedelta(days=days)).timestamp())


# ------------------------------------------------------------------------------------------------ hits


def test_all_hits_the_newest_first(archive: sqlite3.Connection) -> None:
    assert hits(archive) == (3, "zwei eins vier")


def test_the_count_is_of_all_and_the_limit_of_those_listed(archive: sqlite3.Connection) -> None:
    assert hits(archive, limit=1) == (3, "zwei")


def test_new_is_what_was_first_seen_later_whatever_its_date(archive: sqlite3.Connection) -> None:
    assert hits(archive, seconds()) == (1, "vier")
    assert hits(archive, seconds() - 1) == (3, "zwei eins vier")
    assert hits(archive, seconds(1)) == (0, "")


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

    assert hits(archive, seconds(1)) == (0, "")


def test_hits_know_who_else_tells_their_story(db: sqlite3.Connection) -> None:
    bring(db, "a", press("a1", "Bauakten auf Zuruf"))
    bring(db, "b", press("b1", "Wohni findet jede Akte", hours=20))
    _count, found = watching.hits(db, All((KI,)), 0, 0, {"a": "Amtsblick"})

    assert [[other.source.title for other in one.also_in] for one in found] == [["Amtsblick"], ["b"]]


# ------------------------------------------------------------------------------------------------ told


def test_nothing_was_told_before_anything_was(db: sqlite3.Connection) -> None:
    assert [watching.told(db, "ki", whom) for whom in ("shown", "notified")] == [0, 0]


def test_who_lists_and_who_is_notified_are_told_apart(db: sqlite3.Connection) -> None:
    watching.tell(db, "ki", "shown", NOW)
    watching.tell(db, "ki", "notified", NOW + timedelta(days=1))
    watching.tell(db, "ozg", "shown", NOW + timedelta(days=2))

    assert (watching.told(db, "ki", "shown"), watching.told(db, "ki", "notified")) == (seconds(), seconds(1))
    assert (watching.told(db, "ozg", "shown"), watching.told(db, "ozg", "notified")) == (seconds(2), 0)


def test_a_clock_that_was_set_back_tells_nothing_twice(db: sqlite3.Connection) -> None:
    watching.tell(db, "ki", "shown", NOW)
    watching.tell(db, "ki", "shown", NOW - timedelta(days=3))

    assert watching.told(db, "ki", "shown") == seconds()


def test_what_was_told_is_no_hit_again(archive: sqlite3.Connection) -> None:
    watching.tell(archive, "ki", "shown", NOW)

    assert hits(archive, watching.told(archive, "ki", "shown")) == (1, "vier")
    assert hits(archive, watching.told(archive, "ki", "notified")) == (3, "zwei eins vier")
