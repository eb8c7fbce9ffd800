"""Storing, finding and marking articles: identity, updates in place, order, ids."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kommcli.archive import articles, columns, feeds, stubs
from kommcli.archive.database import transaction
from kommcli.archive.identity import SAID, short_ids
from kommcli.archive.schema import migrate
from kommcli.conditions import All, Condition, Query, Span, Term
from kommcli.model import Block, BlockType, Entry, Feed, Image, NewArticle, Place, Topic

NOW = datetime(2026, 10, 16, 9, 0, tzinfo=UTC)
FEED = Feed(key="a", url="https://a.example/feed")


def entry(number: int, **changes: object) -> Entry:
    values: dict[str, object] = {
        "title": f"Title {number}",
        "guid": f"guid-{number}",
        "link": f"https://a.example/{number}",
        "published": NOW - timedelta(hours=number),
        "teaser": f"Teaser {number}.",
    }
    return Entry(**(values | changes))  # type: ignore[arg-type]


def store(db: sqlite3.Connection, *entries: Entry, feed: Feed = FEED, now: datetime = NOW) -> articles.Stored:
    with transaction(db):
        row = feeds.rowid(db, feed)
        return articles.store(db, row, feed.url, [NewArticle(one) for one in entries], now)


def titles(db: sqlite3.Connection, *parts: Condition) -> list[str]:
    return [one.title for one in articles.select(db, Query(All(parts), limit=0))]


def test_everything_comes_back(db: sqlite3.Connection) -> None:
    full = NewArticle(
        entry(
            1,
            kicker="Potsdam",
            body=(Block(BlockType.HEADING, "H"), Block(BlockType.LIST, "a\nb")),
            image=Image("https://a.example/i.png", "alt", "caption", "credit"),
            categories=("KI",),
            updated=NOW,
        ),
        kind="bericht",
        level="bund",
        states=("DE-BB",),
        places=(Place("Potsdam", "municipality", "12054000", ("DE-BB",)),),
        topics=(Topic("ki", "Künstliche Intelligenz"),),
    )
    with transaction(db):
        articles.store(db, feeds.rowid(db, FEED), FEED.url, [full], NOW)

    (found,) = articles.select(db, Query())
    assert (found.kicker, found.title, found.kind) == ("Potsdam", "Title 1", "bericht")
    assert found.level == "bund"
    assert (found.states, found.places, found.topics) == (full.states, full.places, full.topics)
    assert found.image == full.entry.image
    assert (found.published, found.updated, found.first_seen) == (full.entry.published, NOW, NOW)
    assert articles.body(db, found.id) == full.entry.body
    assert found.source.title == "a"
    assert articles.select(db, Query(), {"a": "Press"})[0].source.title == "Press"


def test_newest_first_and_the_feed_s_order_within_one_instant(db: sqlite3.Connection) -> None:
    same = NOW - timedelta(hours=5)
    store(db, entry(9), *(entry(n, published=same) for n in (1, 2, 3)), entry(4, published=NOW))

    assert titles(db) == ["Title 4", "Title 1", "Title 2", "Title 3", "Title 9"]


def test_the_same_again_changes_nothing(db: sqlite3.Connection) -> None:
    assert store(db, entry(1), entry(2)) == (2, 0)
    before = list(db.iterdump())

    assert store(db, entry(1), entry(2), now=NOW + timedelta(hours=1)) == (0, 0)
    assert list(db.iterdump()) == before


@pytest.mark.row("X31")
def test_X31_an_edited_entry_is_updated_in_place(db: sqlite3.Connection) -> None:
    store(db, entry(1), entry(2))
    first = articles.select(db, Query())[0]
    articles.mark(db, [first.id], read=True)
    articles.mark(db, [first.id], starred=True)

    later = NOW + timedelta(days=1)
    assert store(db, entry(1, title="New title", body=(Block(BlockType.PARAGRAPH, "new"),)), now=later) == (
        0,
        1,
    )

    found = articles.select(db, Query())[0]
    assert (found.id, found.title, found.first_seen) == (first.id, "New title", NOW)
    assert (found.read, found.starred) == (True, True)
    assert articles.body(db, first.id)[0].text == "new"


@pytest.mark.row("X32")
def test_X32_a_text_that_differs_at_every_visit_makes_nothing_grow(db: sqlite3.Connection) -> None:
    store(db, entry(1))
    (one,) = articles.select(db, Query())
    articles.mark(db, [one.id], read=True)
    pages = []
    for visit in range(240):
        again = entry(
            1, teaser=f"Called {visit:04} times", body=(Block(BlockType.PARAGRAPH, f"{visit:04} " * 400),)
        )
        assert store(db, again, now=NOW + timedelta(hours=visit)) == (0, 1)
        pages.append(db.execute("PRAGMA page_count").fetchone()[0])

    (last,) = articles.select(db, Query())
    assert (last.id, last.read, last.first_seen) == (one.id, True, NOW)
    assert pages[-1] == pages[60]  # the last edits are kept, and the index merges what it wrote


@pytest.mark.row("X34")
def test_X34_what_comes_back_is_the_same_article(db: sqlite3.Connection) -> None:
    store(db, entry(1), entry(2))
    before = articles.ids(db, Query())
    store(db, entry(2), now=NOW + timedelta(days=1))

    assert store(db, entry(1), entry(2), now=NOW + timedelta(days=2)) == (0, 0)
    assert articles.ids(db, Query()) == before


@pytest.mark.row("X33")
def test_X33_what_leaves_the_feed_stays(db: sqlite3.Connection) -> None:
    store(db, *(entry(n) for n in range(10)))

    assert store(db, entry(0), now=NOW + timedelta(days=1)) == (0, 0)
    assert store(db, now=NOW + timedelta(days=2)) == (0, 0)
    assert len(titles(db)) == 10


@pytest.mark.row("X36")
def test_X36_no_date_is_first_seen_and_says_so(db: sqlite3.Connection) -> None:
    store(db, entry(1, published=None), entry(2, published=NOW - timedelta(minutes=1)))

    first, second = articles.select(db, Query())
    assert (first.title, first.published, first.published_is_estimate) == ("Title 1", NOW, True)
    assert not second.published_is_estimate


@pytest.mark.parametrize(
    "future",
    [NOW + timedelta(minutes=1), NOW + timedelta(days=1), datetime(9999, 12, 31, 23, 59, tzinfo=UTC)],
)
@pytest.mark.row("X37")
def test_X37_a_date_in_the_future_does_not_pin_to_the_top(db: sqlite3.Connection, future: datetime) -> None:
    store(db, entry(1, published=future))
    store(db, entry(2, published=NOW + timedelta(hours=2)), now=NOW + timedelta(hours=2))

    assert titles(db) == ["Title 2", "Title 1"]
    assert articles.select(db, Query())[1].published == future


def test_a_date_that_comes_later_moves_the_article(db: sqlite3.Connection) -> None:
    store(db, entry(1, published=None), entry(2))
    (one, _two) = articles.select(db, Query())
    store(db, entry(1, published=NOW - timedelta(days=3)), now=NOW + timedelta(hours=1))

    assert titles(db) == ["Title 2", "Title 1"]
    assert articles.select(db, Query())[1].id == one.id
    assert articles.body(db, one.id) == ()


@pytest.mark.row("X25")
def test_X25_without_guid_the_link_then_title_and_day_then_the_text(db: sqlite3.Connection) -> None:
    bare = Entry(title="", teaser="Only a teaser.")
    store(db, entry(1, guid=""), entry(2, guid="", link=""), bare, Entry(title="", teaser="Another."))

    assert store(db, entry(1, guid="", title="x"), entry(2, guid="", link="", teaser="y"), bare) == (0, 2)
    assert len(titles(db)) == 4


@pytest.mark.row("X26")
def test_X26_the_first_of_two_with_one_guid_wins(db: sqlite3.Connection) -> None:
    twice = (entry(1, title="First"), entry(2, guid="guid-1", title="Second"))

    assert store(db, *twice) == (1, 0)
    assert store(db, *twice) == (0, 0)
    assert titles(db) == ["First"]


@pytest.mark.row("X28")
def test_X28_a_new_guid_at_every_visit_makes_no_doubles(db: sqlite3.Connection) -> None:
    for visit in range(4):
        store(db, *(entry(n, guid=f"{visit}-{n}") for n in range(3)))

    assert len(titles(db)) == 3


def test_one_link_for_all_entries_is_no_identity(db: sqlite3.Connection) -> None:
    shared = [entry(n, link="https://a.example/") for n in range(3)]
    store(db, *shared)

    assert store(db, entry(9, link="https://a.example/"), *shared) == (1, 0)
    assert len(titles(db)) == 4


@pytest.mark.row("X27", "X29")
def test_X27_X29_one_guid_in_two_feeds_and_addresses_that_differ_in_form(db: sqlite3.Connection) -> None:
    store(db, entry(1))
    store(db, entry(1), feed=Feed(key="b", url="https://b.example/feed"))
    assert len(titles(db)) == 2

    store(db, entry(2, guid="http://www.a.example/2/?utm_source=x"))
    assert store(db, entry(2, guid="https://a.example/2")) == (0, 0)  # the same address
    assert len(titles(db)) == 3


def test_filters(db: sqlite3.Connection) -> None:
    store(db, *(entry(n) for n in range(6)))
    store(db, entry(7, title="Other"), feed=Feed(key="b", url="https://b.example/"))
    ids = {one.title: one.id for one in articles.select(db, Query(limit=0))}
    assert articles.mark(db, [ids["Title 0"], ids["Title 1"]], read=True) == 2
    assert articles.mark(db, [ids["Title 0"]], read=True) == 0
    assert articles.mark(db, [ids["Title 3"]], starred=True) == 1

    unread = Term("is", ("unread",))
    assert titles(db, Term("feed", ("b",))) == ["Other"]
    assert titles(db, unread, Term("feed", ("a",))) == [f"Title {n}" for n in (2, 3, 4, 5)]
    assert titles(db, Term("is", ("starred",))) == ["Title 3"]
    assert titles(db, Span(since=NOW - timedelta(hours=1))) == ["Title 0", "Title 1"]
    assert titles(db, Span(until=NOW - timedelta(hours=4))) == ["Title 5", "Other"]
    assert articles.ids(db, Query(limit=2)) == [ids["Title 0"], ids["Title 1"]]
    assert articles.ids(db, Query(All((unread,)), 1)) == [ids["Title 2"]]
    assert [one.title for one in articles.select(db, Query(limit=2))] == ["Title 0", "Title 1"]


def test_ids_are_short_stable_and_begin_with_a_letter(db: sqlite3.Connection) -> None:
    store(db, entry(1))
    (found,) = articles.select(db, Query())

    assert found.id == short_ids(FEED.url, "g:guid-1")[0] == "r1rx7de8"
    assert articles.resolve(db, found.id[:4]) == [found.id]
    assert articles.resolve(db, found.id.upper()) == [found.id]
    assert articles.resolve(db, "http://www.a.example/1/?utm_medium=rss#top") == [found.id]
    assert articles.resolve(db, "https://a.example/nothing") == []
    assert articles.resolve(db, "%' OR 1=1") == []


def test_two_articles_with_one_short_id_get_a_longer_one(
    db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = {"g:guid-1": ("aaaaaaaa", "aaaaaaaax"), "g:guid-2": ("aaaaaaaa", "aaaaaaaay")}
    monkeypatch.setattr(stubs, "short_ids", lambda _url, key: letters[key])
    store(db, entry(1), entry(2))

    assert sorted(one.id for one in articles.select(db, Query())) == ["aaaaaaaa", "aaaaaaaax"]
    assert articles.resolve(db, "aaaaaaaa") == ["aaaaaaaa"]
    assert articles.resolve(db, "aaaaaaa") == ["aaaaaaaa", "aaaaaaaax"]


@given(st.text(min_size=1), st.text(min_size=1))
def test_short_ids_have_no_look_alikes(url: str, key: str) -> None:
    for one in short_ids(url, key):
        assert len(one) >= 8
        assert one[0].isalpha()
        assert not set(one) & set("ilou")


entries = st.lists(
    st.builds(
        Entry,
        title=st.sampled_from(["A", "B", "C", ""]),
        guid=st.sampled_from(["", "1", "2", "3", "https://a.example/1", "http://www.a.example/1/"]),
        link=st.sampled_from(["", "https://a.example/1", "https://a.example/2"]),
        published=st.sampled_from([None, NOW, NOW - timedelta(days=1), NOW + timedelta(days=400)]),
        teaser=st.sampled_from(["", "x", "y"]),
    ),
    max_size=6,
)


@given(entries, entries)
def test_storing_twice_is_storing_once(first: list[Entry], second: list[Entry]) -> None:
    """refresh ∘ refresh = refresh, whatever came before."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.execute("PRAGMA foreign_keys = ON")
    migrate(db)
    store(db, *first)
    store(db, *second)
    before = list(db.iterdump())

    stored = store(db, *second, now=NOW + timedelta(hours=3))
    assert stored.new == 0
    assert list(db.iterdump()) == before
    assert len(articles.select(db, Query(limit=0))) <= len(first) + len(second)
    db.close()


def test_what_the_feed_says_is_what_is_hashed() -> None:
    assert list(columns.of_entry(entry(1))) == SAID


def test_another_understanding_is_no_change_of_the_feed(db: sqlite3.Connection) -> None:
    store(db, entry(1))
    with transaction(db):
        understood = [NewArticle(entry(1), states=("DE-BY",))]
        assert articles.store(db, feeds.rowid(db, FEED), FEED.url, understood, NOW) == (0, 0)
    assert articles.select(db, Query())[0].states == ()
