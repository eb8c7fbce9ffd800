"""Labels: stored with their articles, kept in step with them, completed by prefix."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from archive.newsstand import AUGSBURG, BENSHEIM, BERGSTRASSE, NECKAR, NOW, PLACES, article, fill, topics
from kommcli.archive import articles, labels
from kommcli.archive.schema import migrate
from kommcli.conditions import All, Query, Term
from kommcli.model import Entry, NewArticle, Place, Topic


def of(db: sqlite3.Connection, title: str) -> set[str]:
    rows = db.execute(
        """SELECT l.kind || ':' || l.value FROM articles AS a JOIN article_labels ON article = a.id
           JOIN labels AS l ON l.id = label WHERE title = ?""",
        (title,),
    )
    return {row[0] for row in rows}


def test_every_kind_has_a_label(db: sqlite3.Connection) -> None:
    everything = {"states": ("DE-HE", "DE-BY"), "places": (BERGSTRASSE, NECKAR), "kind": "bericht"}
    fill(
        db,
        [
            article(1, "A", topics=topics("ki", "ki", "ozg"), **everything),
            article(2, "B", level="bund"),
            article(3, "C", level="eu", states=("DE-BY",)),
        ],
    )

    assert of(db, "A") == {
        *("state:DE-HE", "state:DE-BY", "topic:ki", "topic:ozg", "kind:bericht"),
        *("place:06431", "place:region:metropolregion-rhein-neckar"),
    }
    assert of(db, "B") == {"state:bund", "state:none", "topic:none", "place:none", "kind:none"}
    assert of(db, "C") == {"state:eu", "state:DE-BY", "topic:none", "place:none", "kind:none"}
    names = dict(db.execute("SELECT value, name FROM labels"))
    assert (names["DE-HE"], names["06431"], names["ki"], names["bund"], names["none"]) == (
        *("Hessen", "Landkreis Bergstraße", "Künstliche Intelligenz", "Bund", ""),
    )


def test_labels_follow_an_article_that_changes_and_moves(db: sqlite3.Connection) -> None:
    fill(db, [article(1, "A", topics=topics("ki")), article(2, "B", topics=topics("ki"))])
    moved = Entry("A again", guid="g-1", published=NOW - timedelta(days=9))
    assert fill(db, [NewArticle(moved, topics=topics("ozg"))]) == (0, 1)

    assert of(db, "A again") == {"state:none", "topic:ozg", "place:none", "kind:none"}
    assert [one.title for one in articles.select(db, Query(All((Term("topic", ("ki",)),))))] == ["B"]
    db.execute("DELETE FROM articles WHERE title = 'B'")
    assert db.execute("SELECT count(*) FROM article_labels").fetchone()[0] == 4


abouts = st.lists(
    st.builds(
        NewArticle,
        st.builds(
            Entry,
            title=st.just(""),
            guid=st.sampled_from("123"),
            published=st.sampled_from([None, NOW, NOW - timedelta(days=1)]),
        ),
        level=st.sampled_from(["", "bund"]),
        states=st.lists(st.sampled_from(["DE-BY", "DE-HE"]), unique=True).map(tuple),
        places=st.lists(st.sampled_from(PLACES), max_size=2).map(tuple),
        topics=st.sampled_from([(), topics("ki"), topics("ki", "ozg")]),
    ),
    max_size=4,
)


@given(st.lists(abouts, max_size=4))
def test_the_labels_are_those_of_the_columns(visits: list[list[NewArticle]]) -> None:
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.execute("PRAGMA foreign_keys = ON")
    migrate(db)
    for new in visits:
        fill(db, new)
    stored = {one.id: one for one in articles.select(db, Query(limit=0))}
    attached = db.execute(
        """SELECT a.ref, l.kind, l.value FROM article_labels
           JOIN labels AS l ON l.id = label JOIN articles AS a ON a.id = article"""
    ).fetchall()
    assert set(attached) == {
        (ref, *label[:2])
        for ref, one in stored.items()
        for label in labels.of(NewArticle(Entry(""), one.kind, one.level, one.states, one.places, one.topics))
    }
    db.close()


def test_a_label_has_its_newest_name(db: sqlite3.Connection) -> None:
    fill(db, [article(1, topics=topics("ki"))])
    fill(db, [article(2, topics=(Topic("ki", "KI"),))])

    assert labels.complete(db, "topic", "") == [("ki", "KI")]
    assert labels.complete(db, "topic", "kunst") == []


def test_the_key_of_a_place() -> None:
    assert labels.place_key(AUGSBURG) == "09761000"
    assert labels.place_key(Place("Fränkisches Seenland", "region")) == "region:frankisches-seenland"


def test_completion(db: sqlite3.Connection) -> None:
    fill(db, [article(n, places=(BENSHEIM,), topics=topics("ki")) for n in (1, 2)])
    fill(db, [article(3, places=(BERGSTRASSE, AUGSBURG), topics=topics("ki")), article(4, kind="bericht")])

    assert labels.complete(db, "place", "b") == [("06431002", "Bensheim")]
    assert labels.complete(db, "place", "landkreis BERG") == [("06431", "Landkreis Bergstraße")]
    assert labels.complete(db, "place", "", limit=2) == [("06431002", "Bensheim"), ("none", "")]
    assert labels.complete(db, "topic", "künst") == [("ki", "Künstliche Intelligenz")]
    assert labels.complete(db, "topic", "ki") == [("ki", "Künstliche Intelligenz")]
    assert labels.complete(db, "place", "0976") == [("09761000", "Augsburg")]
    assert labels.complete(db, "kind", "x%") == []

    db.execute("DELETE FROM articles WHERE kind = 'bericht'")
    assert labels.complete(db, "kind", "") == [("none", "")]


def test_the_key_that_a_name_means(db: sqlite3.Connection) -> None:
    fill(db, [article(1, topics=topics("ki", "open-source")), article(2)])

    assert labels.key_of(db, "topic", "ki") == "ki"
    assert labels.key_of(db, "topic", "KUENSTLICHE Intelligenz") == "ki"
    assert labels.key_of(db, "topic", "Open-Source") == "open-source"
    assert labels.key_of(db, "topic", "unheard-of") == labels.key_of(db, "topic", "") == ""
