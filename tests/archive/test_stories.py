"""Stories in the archive: the same whatever comes when, who leads, and the user's last word."""

from __future__ import annotations

import random
import re
import sqlite3
import tempfile
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archive.newsstand import NOW
from archive.pressagency import (
    FILES,
    METERS,
    REWRITE,
    TRIER,
    WINDOW,
    bring,
    edited,
    feed,
    guids,
    press,
    ref,
    row,
    stories,
)
from kommcli.archive import articles, feeds, rethinking
from kommcli.archive import stories as story_table
from kommcli.archive.database import open_for_writing, transaction
from kommcli.archive.pruning import prune
from kommcli.conditions import All, Query, Term
from kommcli.model import NewArticle, Place
from kommcli.rethink import Rethinking
from kommcli.telling import AT_ONCE, compared, rule, tell
from labelled.newsstand import files, stand

COPY = press("b1", "Wohni findet jede Akte", hours=20)
FIRST = press("a1", "Bauakten auf Zuruf")
OTHER_WORDS = press("c1", "Wohni hebt den Aktenschatz", REWRITE, hours=3)
NEWSROOM: tuple[tuple[str, NewArticle], ...] = (
    ("a", FIRST),
    ("b", COPY),
    ("c", OTHER_WORDS),
    ("b", press("b2", "Bauakten auf Zuruf", place=TRIER, hours=22)),  # another town
    ("a", press("a2", "Laternen messen Wasser", METERS, place=TRIER)),
    ("c", press("c2", "Trier horcht in den Boden", METERS, place=TRIER)),  # of the same second
    ("d", press("d1", "Aktuelle Termine", hours=21)),  # a column
)
TOLD = {"a1 b1 c1", "a2 c2"}


def told(db: sqlite3.Connection, *numbers: int) -> set[str]:
    """The stories of these articles of `NEWSROOM`, each brought by itself."""
    for number in numbers:
        bring(db, *NEWSROOM[number])
    return stories(db)


# ----------------------------------------------------------------------------------- whatever comes when


def everything(order: list[int], cuts: set[int], *, told_at_once: bool = False) -> tuple[set[str], list[str]]:
    """The stories, and the ids that articles have theirs by, of `NEWSROOM` that comes in this order; a new
    transaction begins at each of ``cuts``."""
    with tempfile.TemporaryDirectory() as folder:
        db = open_for_writing(Path(folder) / "archive.db")
        for at, number in enumerate(order):
            key, article = NEWSROOM[number]
            last = at + 1 in cuts or at + 1 == len(order)
            bring(db, key, article, window=WINDOW if last or not told_at_once else None)
        names = [story for (story,) in db.execute("SELECT story FROM articles ORDER BY ref")]
        found = stories(db), names
        db.close()
        return found


@settings(max_examples=60)
@given(st.permutations(range(len(NEWSROOM))), st.sets(st.integers(1, 6)), st.booleans())
@example([5, 4, 3, 2, 1, 0, 6], set(), True)
def test_any_order_and_any_split_give_the_same_stories(
    order: list[int], cuts: set[int], at_once: bool
) -> None:
    """The same leaders and the same names, too: the JSON of two machines is the same."""
    expected = everything(list(range(len(NEWSROOM))), set())

    assert expected[0] == TOLD
    assert everything(order, cuts, told_at_once=at_once) == expected


def test_a_feed_at_once_or_one_by_one(db: sqlite3.Connection) -> None:
    for key in "dcba":
        bring(db, key, *(one for source, one in NEWSROOM if source == key))

    assert stories(db) == TOLD


def test_a_story_is_looked_up_by_the_index(db: sqlite3.Connection) -> None:
    """Not by reading all articles, of which there are a million."""
    told(db, 0, 1, 2)
    asked: list[str] = []
    db.set_trace_callback(asked.append)
    (one,) = articles.select(db, Query(limit=1))
    articles.of_story(db, one, {})
    list(prune(db, [row(db, "a1")]))
    db.set_trace_callback(None)

    by_story = [sql for sql in asked if re.search(r"(WHERE|AND) (a\.)?story (=|IN)", sql)]
    assert len(by_story) >= 4
    for sql in by_story:
        steps = [step for *_numbers, step in db.execute(f"EXPLAIN QUERY PLAN {sql}")]
        assert any("INDEX articles_story" in step for step in steps), (sql, steps)


@pytest.mark.parametrize("backwards", [False, True])
def test_what_everybody_copies_is_one_story(db: sqlite3.Connection, backwards: bool) -> None:
    """More copies than are compared with any of them."""
    copies = [
        (f"feed{n:02}", press(f"copy{n:02}", COPY.entry.title, SHELVES, hours=n / 4)) for n in range(50)
    ]
    for key, article in reversed(copies) if backwards else copies:
        bring(db, key, article)

    (story,) = stories(db)
    assert sorted(story.split()) == [article.entry.guid for _key, article in copies]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_third_version_joins(db: sqlite3.Connection, order: tuple[int, ...]) -> None:
    first, second, third = order

    assert told(db, first) == set()
    assert {frozenset(one.split()) for one in told(db, second)} == {
        frozenset(NEWSROOM[number][1].entry.guid for number in (first, second))
    }
    assert told(db, third) == {"a1 b1 c1"}


def test_the_same_again_changes_nothing(db: sqlite3.Connection) -> None:
    told(db, 0, 1, 2)
    before = list(db.iterdump())
    assert told(db, 2, 1, 0) == {"a1 b1 c1"}

    assert list(db.iterdump()) == before


# ---------------------------------------------------------------------------------- edited, gone, late

SHELVES = "Im Keller von {place} stehen jetzt 300 Meter Regale aus Buche."


def test_an_edited_article_leaves_and_comes_back(db: sqlite3.Connection) -> None:
    told(db, 0, 1, 2)
    bring(db, "b", press("b1", "Neue Regale im Stadtarchiv", SHELVES, hours=20))
    assert stories(db) == {"a1 c1"}
    bring(db, "b", COPY)
    assert stories(db) == {"a1 b1 c1"}


def test_the_last_but_one_that_leaves_leaves_no_story(db: sqlite3.Connection) -> None:
    told(db, 0, 1)
    bring(db, "a", press("a1", "Neue Regale im Stadtarchiv", SHELVES))

    assert stories(db) == set()
    assert db.execute("SELECT DISTINCT story, teller FROM articles").fetchall() == [("", 0)]


@pytest.mark.parametrize(
    ("gone", "left"), [("a1", {"b1 c1"}), ("b1", {"a1 c1"}), ("a1 b1", set()), ("a1 b1 c1", set())]
)
def test_deleted_articles_leave_their_stories(db: sqlite3.Connection, gone: str, left: set[str]) -> None:
    told(db, 0, 1, 2)
    list(prune(db, [row(db, guid) for guid in gone.split()]))

    assert stories(db) == left
    assert db.execute("SELECT count(*) FROM traits").fetchone() == (3 - len(gone.split()),)
    orphans = "SELECT count(*) FROM story_keys WHERE article NOT IN (SELECT article FROM documents)"
    assert db.execute(orphans).fetchone() == (0,)
    assert {one.story for one in articles.select(db, Query())} <= {
        one.id for one in articles.select(db, Query(), every=True)
    } | {""}


def test_the_window_is_that_of_the_configuration(db: sqlite3.Connection) -> None:
    late = press("c3", "Wohni findet jede Akte", hours=24 - 24 * 20)
    bring(db, "a", FIRST, now=NOW)
    bring(db, "c", late, now=late.entry.published or NOW, window=14)
    assert stories(db) == set()

    with transaction(db):
        everything_waits(db)
        tell(db, 30)
    assert stories(db) == {"a1 c3"}


def everything_waits(db: sqlite3.Connection) -> None:
    """Let every article wait to be compared, as after an update of kommcli."""
    db.execute("INSERT OR IGNORE INTO untold SELECT id FROM articles")


def test_what_has_no_traits_yet_is_caught_up(db: sqlite3.Connection) -> None:
    """An archive of an older kommcli: all of it waits, and some is told with every fetch."""
    for key, article in NEWSROOM:
        bring(db, key, article, window=None)
    assert (stories(db), len(story_table.untold(db, 99))) == (set(), 7)

    with transaction(db):
        assert tell(db, WINDOW, most=4) == 4
        assert tell(db, WINDOW, most=4) == 3
        assert tell(db, WINDOW) == 0
    assert stories(db) == TOLD
    assert AT_ONCE >= 500


def test_what_waits_is_compared_newest_first(db: sqlite3.Connection) -> None:
    for key, article in NEWSROOM:
        bring(db, key, article, window=None)
    with transaction(db):
        tell(db, WINDOW, most=1)

    assert row(db, "c1") not in story_table.untold(db, 99)


# ------------------------------------------------------------------------------------------ who leads


def test_the_best_rank_leads(db: sqlite3.Connection) -> None:
    bring(db, feed("a"), FIRST)
    bring(db, feed("b", rank=10), COPY)
    bring(db, feed("c", rank=90), OTHER_WORDS)

    assert stories(db) == {"b1 a1 c1"}


def test_then_the_more_complete(db: sqlite3.Connection) -> None:
    """From 1,500 bytes of text on an article is complete, below 400 it is a notice."""
    bring(db, "a", press("notice", "Bauakten auf Zuruf", FILES_SHORT))
    bring(db, "b", press("article", "Bauakten auf Zuruf", hours=10, more="Mehr im Netz. " * 5))
    bring(db, "c", press("whole", "Bauakten auf Zuruf", hours=5, more="Mehr im Netz. " * 120))

    assert stories(db) == {"whole article notice"}


FILES_SHORT = (
    "Die Stadt {place} lässt Bauakten jetzt vom Sprachassistenten Wohni heraussuchen. {number} Akten hat das "
    "Bauarchiv seit dem Sommer eingescannt, das Land zahlt {money} Euro dazu."
)


def test_then_the_earlier(db: sqlite3.Connection) -> None:
    assert told(db, 1, 0) == {"a1 b1"}


def test_a_changed_rank_elects_anew(db: sqlite3.Connection) -> None:
    told(db, 0, 1, 2)
    name = articles.by_ids(db, [ref(db, "a1")])[0].story
    with transaction(db):
        feeds.rowid(db, feed("c", rank=1))

    assert stories(db) == {"c1 a1 b1"}
    assert articles.by_ids(db, [ref(db, "a1")])[0].story == name


# --------------------------------------------------------------------------------------------- rulings


def say(db: sqlite3.Connection, *guids: str, same: bool) -> None:
    with transaction(db):
        rule(db, [ref(db, guid) for guid in guids], same=same, window=WINDOW)


def test_split_and_merge(db: sqlite3.Connection) -> None:
    told(db, *range(7))
    say(db, "b1", "a1", "c1", same=False)
    assert stories(db) == {"a1 c1", "a2 c2"}
    say(db, "b2", "b1", same=True)
    assert stories(db) == {"a1 c1", "a2 c2", "b2 b1"}
    say(db, "d1", "b2", same=True)  # a column is none but the user says so
    assert stories(db) == {"a1 c1", "a2 c2", "b2 d1 b1"}
    say(db, "b1", "a1", "c1", same=True)
    assert stories(db) == {"a1 b2 d1 b1 c1", "a2 c2"}


def test_a_ruling_survives_what_comes_later(db: sqlite3.Connection) -> None:
    told(db, 0, 1)
    say(db, "b1", "a1", same=False)
    assert told(db, 2) in ({"a1 c1"}, {"b1 c1"})
    told(db, 3)
    say(db, "b2", "a1", same=True)
    bring(db, "e", press("e1", "Wohni sucht und findet", hours=1))

    (story,) = (one.split() for one in stories(db) if "a1" in one.split())
    assert "b2" in story
    assert "b1" not in story


def test_a_ruling_survives_an_edit_and_rethinking(db: sqlite3.Connection) -> None:
    told(db, 0, 1, 2, 3)
    say(db, "c1", "a1", "b1", same=False)
    say(db, "b2", "c1", same=True)
    bring(db, "c", edited(OTHER_WORDS, OTHER_WORDS.entry.body[0].text + " Ende."))
    assert stories(db) == {"a1 b1", "b2 c1"}

    rethought = Rethinking(db, (), lambda entry, _feed: NewArticle(entry), WINDOW)
    rethought.run(None, lambda _done: None)
    assert {"b2 c1"} <= stories(db)
    assert "a1 b1 c1" not in stories(db)


def test_rethinking_sorts_anew(db: sqlite3.Connection) -> None:
    """Where nobody says that Trier is another town than Potsdam, the texts are too alike."""
    told(db, 0, 3)
    assert stories(db) == set()
    with transaction(db):
        for guid in ("a1", "b2"):
            stored = rethinking.understood(db, row(db, guid))
            rethinking.restate(db, row(db, guid), NewArticle(stored.entry))
        tell(db, WINDOW)

    assert stories(db) == {"a1 b2"}


def test_an_article_that_is_taken_out_takes_no_ruling_along(db: sqlite3.Connection) -> None:
    told(db, 0, 1, 2)
    say(db, "b1", "a1", "c1", same=False)
    list(prune(db, [row(db, "c1")]))

    assert stories(db) == set()


# ----------------------------------------------------------------------------------------- explaining


def test_the_others_of_a_story_and_what_comes_near_it(db: sqlite3.Connection) -> None:
    told(db, *range(7))
    others = compared(db, ref(db, "a1"), WINDOW, {})
    by_id = {one.article.id: one for one in others}

    assert {one.article.id for one in others if one.together} == {ref(db, "b1"), ref(db, "c1")}
    assert [one.together for one in others] == sorted((one.together for one in others), reverse=True)
    assert by_id[ref(db, "b2")].veto == "place"
    for one in others:
        if one.parts:
            assert [abs(part.value) for part in one.parts] == sorted(
                (abs(part.value) for part in one.parts), reverse=True
            )
    (numbers,) = (part for part in by_id[ref(db, "c1")].parts if part.name == "numbers")
    assert numbers.words == ("41.600 Akten", "310.000 Euro")


def test_what_the_user_said_is_told(db: sqlite3.Connection) -> None:
    told(db, 0, 1, 3)
    say(db, "a1", "b1", same=False)
    say(db, "a1", "b2", same=True)
    ruled = {one.article.id: one.ruled for one in compared(db, ref(db, "a1"), WINDOW, {})}

    assert ruled == {ref(db, "b1"): False, ref(db, "b2"): True}


def test_an_article_that_waits_has_nothing_to_compare(db: sqlite3.Connection) -> None:
    bring(db, "a", FIRST, window=None)

    assert compared(db, ref(db, "a1"), WINDOW, {}) == []
    assert compared(db, "unknown", WINDOW, {}) == []


# --------------------------------------------------------------------------------------------- lists


def asked(*values: str, field: str = "feed", limit: int = 0) -> Query:
    return Query(All((Term(field, values),)), limit)


def test_a_list_has_a_story_once(db: sqlite3.Connection) -> None:
    told(db, *range(7))

    assert guids(db, Query(limit=0)) == "d1 b2 a2 a1"
    assert guids(db, Query(limit=0), every=True) == "c1 b1 d1 b2 c2 a2 a1"


def test_the_best_of_those_that_are_asked_for_stands_for_its_story(db: sqlite3.Connection) -> None:
    """The leading one is of a feed that was not asked for."""
    told(db, *range(7))

    assert guids(db, asked("b", "c")) == "b1 b2 c2"
    assert guids(db, asked("b", "c"), every=True) == "c1 b1 b2 c2"
    assert guids(db, asked("c")) == "c1 c2"


def test_what_was_read_of_a_story_is_not_listed_for_the_rest_of_it(db: sqlite3.Connection) -> None:
    told(db, 0, 1, 2)
    articles.mark(db, [ref(db, "a1")], read=True)

    assert guids(db, asked("unread", field="is")) == "b1"
    assert guids(db, asked("read", field="is")) == "a1"


@pytest.mark.parametrize("limit", range(1, 6))
def test_the_limit_counts_stories(db: sqlite3.Connection, limit: int) -> None:
    told(db, *range(7))
    whole = guids(db, Query(limit=0)).split()

    assert guids(db, Query(limit=limit)).split() == whole[:limit]
    assert len(guids(db, Query(limit=limit), every=True).split()) == limit


def test_a_story_is_told_with_its_others_in_their_order(db: sqlite3.Connection) -> None:
    told(db, *range(7))
    by_id = {one.id: one for one in articles.select(db, Query(limit=0), every=True)}
    first, copy = by_id[ref(db, "a1")], by_id[ref(db, "b1")]

    assert [one.source.key for one in first.also_in] == ["b", "c"]
    assert [one.source.key for one in copy.also_in] == ["a", "c"]
    assert [one.url for one in copy.also_in] == ["https://x.example/a1", "https://x.example/c1"]
    assert first.story == copy.story == ref(db, "a1")
    alone = by_id[ref(db, "b2")]
    assert (alone.story, alone.also_in) == ("", ())


def test_others_are_called_as_their_feeds_are_configured(db: sqlite3.Connection) -> None:
    told(db, 0, 1)
    (first,) = articles.select(db, Query(), {"b": "Amtsblick"})

    assert [one.source.title for one in first.also_in] == ["Amtsblick"]
    assert [one.id for one in articles.of_story(db, first, {})] == [ref(db, "a1"), ref(db, "b1")]


def test_the_labelled_stories_are_the_same_forwards_and_backwards(tmp_path: Path) -> None:
    """Feeds and their articles in either order: what is near to what is found from both sides."""
    names = files("tuned")[:2]
    forwards = stand(tmp_path / "forwards.db", names).db
    backwards = stand(tmp_path / "backwards.db", names, backwards=True).db

    assert len(stories(forwards)) > 20
    assert stories(backwards) == stories(forwards)


@pytest.mark.parametrize("seed", range(3))
def test_thirty_towns_with_the_same_words_are_thirty_stories(db: sqlite3.Connection, seed: int) -> None:
    """A programme of the state: what is rare (place, amount) finds the other version among look-alikes."""
    new = []
    for number in range(30):
        state = "DE-BB" if number % 2 else "DE-RP"
        name = f"Ort{'abcdefghij'[number % 10]}{'klm'[number // 10]}dorf"
        town = Place(name, "municipality", f"12{number:06d}", (state,))
        for feed_key, title, text in (("a", "Bauakten auf Zuruf", FILES), ("b", "Wohnis Schatz", REWRITE)):
            figures = {"number": str(10_000 + number * 777), "money": str(200_000 + number * 13_000)}
            told = press(f"{feed_key}{number}", title, text, hours=2 * number, place=town, **figures)
            new.append((feed_key, told))
    random.Random(seed).shuffle(new)
    for source, article in new:
        bring(db, source, article)

    assert len(stories(db)) == 30
    assert {frozenset(one[1:] for one in story.split()) for story in stories(db)} == {
        frozenset({str(number)}) for number in range(30)
    }
