"""What publishers change in their articles: sentences, and only what a reader would notice."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.newsstand import NOW
from archive.pressroom import bring, entry, read, ref
from kommcli.about import Edit
from kommcli.archive import articles, edits, feeds
from kommcli.archive.database import transaction
from kommcli.archive.edits import KEPT, changes
from kommcli.model import Article, Block, BlockType, Entry, Feed, NewArticle
from kommcli.together import together

FIRST = "Der Rat hat am Montag entschieden. Das Portal kostet 40.000 Euro. Im Mai geht es los."


def words(body: str = "", *, kicker: str = "Ulm", title: str = "Das Portal", teaser: str = "") -> edits.Words:
    """The words of an article."""
    return {"kicker": kicker, "title": title, "teaser": teaser, "body": body}


# -------------------------------------------------------------------------------------------- sentences


def test_a_sentence_that_changed() -> None:
    after = FIRST.replace("40.000", "60.000")

    assert changes(words(FIRST), words(after)) == [
        ("body", "Das Portal kostet 40.000 Euro.", "Das Portal kostet 60.000 Euro.")
    ]


def test_a_sentence_that_came_and_one_that_went() -> None:
    longer = FIRST + " Die Opposition war dagegen."

    assert changes(words(FIRST), words(longer)) == [("body", "", "Die Opposition war dagegen.")]
    assert changes(words(longer), words(FIRST)) == [("body", "Die Opposition war dagegen.", "")]


def test_every_field_by_its_name() -> None:
    before = words("Eins.", kicker="Ulm", title="Das Portal", teaser="Es kommt.")
    after = words("Zwei.", kicker="Trier", title="Ein Portal", teaser="Es kam.")

    assert changes(before, after) == [
        ("kicker", "Ulm", "Trier"),
        ("title", "Das Portal", "Ein Portal"),
        ("teaser", "Es kommt.", "Es kam."),
        ("body", "Eins.", "Zwei."),
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("„Gut“, sagt sie.", '"Gut", sagt sie.'),
        ("„Gut“, sagt sie.", "»Gut«, sagt sie."),
        ("Von Mai – Juni offen.", "Von Mai - Juni offen."),
        ("Die Straße ist  offen.", "Die Strasse ist offen."),
        ("Der Rat tagt.", "DER RAT TAGT."),
        ("Eins. Zwei.", "Eins.\nZwei."),
        ("", "Ein Text, der bisher nicht da war."),
        ("Ein Text, der nun fehlt.", ""),
    ],
)
def test_what_nobody_would_notice_is_no_change(before: str, after: str) -> None:
    assert changes(words(before), words(after)) == []


def test_a_sentence_that_moved_is_told_where_it_went_and_came() -> None:
    moved = "Im Mai geht es los. Der Rat hat am Montag entschieden. Das Portal kostet 40.000 Euro."

    assert {one[1:] for one in changes(words(FIRST), words(moved))} == {
        ("", "Im Mai geht es los."),
        ("Im Mai geht es los.", ""),
    }


def test_long_texts_that_changed_throughout_are_kept_in_short() -> None:
    before = " ".join(f"Satz {number} ist alt. Satz {number} bleibt." for number in range(100))
    found = changes(words(before), words(before.replace("alt", "neu") + " " + "x" * 5_000))

    assert len(found) == 12
    assert all(len(text) <= 401 for _where, *texts in found for text in texts)


texts = st.lists(
    st.sampled_from(["Eins.", "Zwei.", "Drei!", "Vier?", "5. Mai.", "„Sechs“."]), max_size=8
).map(" ".join)


@given(texts, texts)
def test_changes_are_those_of_the_other_direction_turned_round(before: str, after: str) -> None:
    def sides(some: list[edits.Change], side: int) -> list[str]:
        return sorted(word for one in some for word in one[side].split())

    assert changes(words(before), words(before)) == []
    assert bool(changes(words(before), words(after))) == bool(changes(words(after), words(before)))


# ---------------------------------------------------------------------------------------- in the archive


def body(text: str) -> tuple[Block, ...]:
    return (Block(BlockType.PARAGRAPH, text),)


def visit(db: sqlite3.Connection, one: Entry, hours: int = 0) -> None:
    """A feed brings an article ``hours`` after now."""
    source = Feed("a", "https://a.example/feed")
    with transaction(db):
        row = feeds.rowid(db, source)
        articles.store(db, row, source.url, [NewArticle(one)], NOW + timedelta(hours=hours))


def history(db: sqlite3.Connection) -> list[Edit]:
    return edits.history(db, ref(db, 1))


def stored(db: sqlite3.Connection) -> Article:
    (found,) = articles.by_ids(db, [ref(db, 1)])
    return found


def test_an_edit_is_remembered_with_its_time(db: sqlite3.Connection) -> None:
    visit(db, entry(1, body=body(FIRST)))
    assert (history(db), stored(db).edited) == ([], None)
    visit(db, entry(1, body=body(FIRST.replace("Mai", "Juni"))), hours=3)

    assert stored(db).edited == NOW + timedelta(hours=3)
    assert history(db) == [
        Edit(NOW + timedelta(hours=3), (("body", "Im Mai geht es los.", "Im Juni geht es los."),))
    ]


def test_a_trivial_change_is_stored_and_is_no_edit(db: sqlite3.Connection) -> None:
    visit(db, entry(1, body=body("„Gut“, sagt sie.")))
    visit(db, entry(1, body=body('"Gut", sagt sie.'), categories=("KI",)), hours=1)

    assert articles.body(db, ref(db, 1))[0].text == '"Gut", sagt sie.'
    assert (history(db), stored(db).edited) == ([], None)


def test_a_page_that_is_read_for_the_first_time_is_no_edit(db: sqlite3.Connection) -> None:
    """It says more than the feed, which is not the publisher's change."""
    bring(db, entry(1))
    read(db, 1)

    assert (history(db), stored(db).edited) == ([], None)


def test_a_page_that_says_something_else_the_next_time_is_one(db: sqlite3.Connection) -> None:
    bring(db, entry(1))
    read(db, 1, body=body(FIRST))
    read(db, 1, body=body(FIRST.replace("Mai", "Juni")))

    assert [one.changes for one in history(db)] == [
        (("body", "Im Mai geht es los.", "Im Juni geht es los."),)
    ]
    assert stored(db).edited == NOW


def test_a_text_that_nobody_sees_may_change(db: sqlite3.Connection) -> None:
    """What people read is the page's text; that of the feed lies behind it."""
    bring(db, entry(1))
    known = read(db, 1, body=body(FIRST))
    said = entry(1, body=body("Ganz anders."))
    bring(db, NewArticle(together(said, known), said=said))

    assert articles.body(db, ref(db, 1)) == known.body
    assert history(db) == []


def test_the_last_five_are_kept(db: sqlite3.Connection) -> None:
    for hour in range(8):
        visit(db, entry(1, body=body(f"Es geht um {hour} Uhr los.")), hours=hour)
    found = history(db)

    assert len(found) == KEPT == 5
    assert [one.seen for one in found] == [NOW + timedelta(hours=hour) for hour in (7, 6, 5, 4, 3)]
    assert found[0].changes == (("body", "Es geht um 6 Uhr los.", "Es geht um 7 Uhr los."),)


def test_an_edited_headline_and_date(db: sqlite3.Connection) -> None:
    """A corrected date moves the article in the table; its edits go along."""
    visit(db, entry(1))
    visit(db, entry(1, teaser="Anders.", published=NOW - timedelta(days=3)), hours=1)

    assert [one.changes for one in history(db)] == [(("teaser", "Teaser 1.", "Anders."),)]


def test_edits_go_with_their_article(db: sqlite3.Connection) -> None:
    visit(db, entry(1))
    visit(db, entry(1, teaser="Anders."), hours=1)
    row = db.execute("SELECT id FROM articles").fetchone()[0]
    with transaction(db):
        articles.remove(db, [row])

    assert db.execute("SELECT count(*) FROM edits").fetchone() == (0,)


def test_an_unknown_article_has_none(db: sqlite3.Connection) -> None:
    assert edits.history(db, "zzzzzzzz") == []
