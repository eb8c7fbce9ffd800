"""The full-text index: in step with the articles after whatever happens to them."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.newsstand import AUGSBURG, NOW, topics
from archive.pressroom import bring, entry, link, mention, page, read, ref
from kommcli.archive import articles, fulltext, pages, rethinking
from kommcli.archive.database import open_for_writing, transaction
from kommcli.conditions import All, Query, Text
from kommcli.model import Block, BlockType, Entry, NewArticle
from kommcli.query.texts import spellings
from kommcli.together import alone


def told(*paragraphs: str) -> tuple[Block, ...]:
    """A text of these paragraphs."""
    return tuple(Block(BlockType.PARAGRAPH, one) for one in paragraphs)


def found(db: sqlite3.Connection, text: str) -> set[str]:
    """The titles of the articles that say it."""
    return {one.title for one in articles.select(db, Query(All((Text(spellings(text)),)), limit=0))}


def rowid(db: sqlite3.Connection, number: object) -> int:
    return int(db.execute("SELECT id FROM articles WHERE ref = ?", (ref(db, number),)).fetchone()[0])


# -------------------------------------------------------------------------------------- what is in it


def test_everything_that_is_shown_of_an_article_is_found(db: sqlite3.Connection) -> None:
    said = entry(1, kicker="Ulm", teaser="Kurz gesagt.", body=told("Ein Satz.", "Noch einer: Bauakten."))
    bring(db, NewArticle(said, states=("DE-BY",), places=(AUGSBURG,), topics=topics("ki")))
    bring(db, entry(2))

    for text in ("Ulm", "Title 1", "gesagt", "Satz", "Akte", "Bayern", "Augsburg", "Künstliche Intelligenz"):
        assert found(db, text) == {"Title 1"}, text
    assert found(db, "Hessen") == found(db, "guid") == found(db, "example") == set()


def test_its_fields_are_its_words_as_they_are_written(db: sqlite3.Connection) -> None:
    bring(
        db,
        entry(
            1, kicker="Ulm", teaser="Kurz gesagt.", body=told("Kurz gesagt.", "", "Ein Satz.", "Ein Satz.")
        ),
    )
    bring(db, entry(2, title="Gleich", teaser="Gleich", body=()))

    assert fulltext.fields(db, ref(db, 1)) == [
        ("kicker", "Ulm"),
        ("title", "Title 1"),
        ("teaser", "Kurz gesagt."),
        ("body", "Ein Satz."),
        ("body", "Ein Satz."),
    ]
    assert fulltext.fields(db, ref_of(db, "Gleich")) == [("title", "Gleich")]
    assert fulltext.fields(db, "nothing") == []


def ref_of(db: sqlite3.Connection, title: str) -> str:
    return str(db.execute("SELECT ref FROM articles WHERE title = ?", (title,)).fetchone()[0])


def test_a_page_is_read_in_place_of_the_feeds_text(db: sqlite3.Connection) -> None:
    bring(db, entry(1))
    read(db, 1, lead="Der Vorspann.", body=told("Langer Text mit Laternen."))

    assert found(db, "Vorspann") == found(db, "Laternen") == {"Title 1"}
    assert found(db, "Feed 1") == set()
    assert ("lead", "Der Vorspann.") in fulltext.fields(db, ref(db, 1))


@pytest.mark.parametrize(
    ("columns", "document"),
    [
        (
            ("Ulm", "Die E-Akte", "Kurz.", None, None, "[]", "[]", "[]"),
            ("ulm eakt", "kurz", "", "", "e akt", ""),
        ),
        (
            (
                "",
                "Neu",
                "",
                "Smart-City",
                '[["paragraph", "Bauakten"], ["list", "a\\nBüro"]]',
                "[]",
                '["DE-BY"]',
                "[]",
            ),
            ("neu", "smartcity", "bauakt a buro", "bay", "", "smart city bau akt"),
        ),
        (("", "", None, None, None, None, None, None), ("",) * 6),
    ],
)
def test_a_document(columns: tuple[str | None, ...], document: tuple[str, ...]) -> None:
    assert fulltext.document(columns) == document


# -------------------------------------------------------------------------------------- kept in step

LATERNE = told("Die Laterne misst.")
BRUNNEN = told("Der Brunnen misst.")


@contextmanager
def in_step(db: sqlite3.Connection) -> Iterator[None]:
    """The index is sound before and after."""
    assert fulltext.is_sound(db)
    yield
    assert fulltext.is_sound(db)


def test_new_articles_are_learnt(db: sqlite3.Connection) -> None:
    with in_step(db):
        bring(db, *(entry(number) for number in range(5)))


def test_a_change_in_place(db: sqlite3.Connection) -> None:
    bring(db, entry(1, body=LATERNE), entry(2))
    before = rowid(db, 1)

    with in_step(db):
        bring(db, entry(1, body=BRUNNEN))

    assert rowid(db, 1) == before
    assert (found(db, "Laterne"), found(db, "Brunnen")) == (set(), {"Title 1"})


def test_a_change_that_moves_the_article(db: sqlite3.Connection) -> None:
    bring(db, entry(1, body=LATERNE), entry(2))
    before = rowid(db, 1)

    with in_step(db):
        bring(db, entry(1, body=BRUNNEN, published=NOW - timedelta(days=3)))

    assert rowid(db, 1) != before
    assert (found(db, "Laterne"), found(db, "Brunnen")) == (set(), {"Title 1"})


def test_articles_of_the_same_second_that_change_places(db: sqlite3.Connection) -> None:
    bring(db, entry(1, body=LATERNE), entry(2, body=BRUNNEN))

    with in_step(db):
        bring(
            db,
            entry(1, body=LATERNE, published=NOW - timedelta(hours=2)),
            entry(2, body=BRUNNEN, published=NOW - timedelta(hours=1)),
        )

    assert (found(db, "Laterne"), found(db, "Brunnen")) == ({"Title 1"}, {"Title 2"})


def test_a_page_and_another_one(db: sqlite3.Connection) -> None:
    bring(db, entry(1))
    with in_step(db):
        read(db, 1, mention("kurz"), body=LATERNE)
    with in_step(db):
        read(db, 1, body=BRUNNEN)

    assert (found(db, "Laterne"), found(db, "Brunnen")) == (set(), {"Title 1"})


def test_another_understanding(db: sqlite3.Connection) -> None:
    bring(db, NewArticle(entry(1), states=("DE-BY",)))
    ((row, _key, said),) = rethinking.entries(db)

    with in_step(db), transaction(db):
        assert rethinking.restate(db, row, NewArticle(said, states=("DE-HE",), places=(AUGSBURG,)))

    assert (found(db, "Bayern"), found(db, "Hessen"), found(db, "Augsburg")) == (
        set(),
        {"Title 1"},
        {"Title 1"},
    )


def test_a_short_entry_that_a_feed_brings(db: sqlite3.Connection) -> None:
    bring(db, entry(1))
    read(db, 1, mention("kurz", teaser="Eine Laterne."))
    assert found(db, "Laterne") == set()

    with in_step(db):
        bring(db, entry(5, link=link("kurz"), body=LATERNE), key="b")

    assert found(db, "Laterne") == {"Title 5"}


def test_a_kept_page_that_a_feed_brings(db: sqlite3.Connection) -> None:
    kept = page(5, body=LATERNE)
    with in_step(db), transaction(db):
        pages.keep(db, NewArticle(alone(kept)), kept, NOW)
    assert found(db, "Laterne") == {"Title 5"}

    with in_step(db):
        bring(db, entry(5, body=BRUNNEN), key="b")

    assert found(db, "Laterne") == {"Title 5"}  # it has the page
    assert db.execute("SELECT count(*) FROM documents").fetchone() == (1,)


def test_articles_that_go(db: sqlite3.Connection) -> None:
    bring(db, entry(1, body=LATERNE), entry(2))

    with in_step(db), transaction(db):
        articles.remove(db, [rowid(db, 1)])

    assert found(db, "Laterne") == set()
    assert fulltext.missing(db) == 0


class Broken(Exception):
    """Something went wrong in a transaction."""


def change(db: sqlite3.Connection) -> None:
    articles.store(db, 1, "https://a.example/feed", [NewArticle(entry(1, body=BRUNNEN))], NOW)


def move(db: sqlite3.Connection) -> None:
    later = entry(1, body=BRUNNEN, published=NOW - timedelta(days=3))
    articles.store(db, 1, "https://a.example/feed", [NewArticle(later), NewArticle(entry(3))], NOW)


def put_page(db: sqlite3.Connection) -> None:
    pages.store(db, ref(db, 1), page(1, body=BRUNNEN), NewArticle(entry(1)), link(1), NOW)


def take_out(db: sqlite3.Connection) -> None:
    articles.remove(db, [rowid(db, 1)])


@pytest.mark.parametrize("work", [change, move, put_page, take_out, fulltext.rebuild])
def test_what_is_rolled_back_leaves_no_trace(
    db: sqlite3.Connection, work: Callable[[sqlite3.Connection], None]
) -> None:
    bring(db, entry(1, body=LATERNE), entry(2))
    before = list(db.iterdump())

    def broken() -> None:
        with in_step(db), transaction(db):
            work(db)
            raise Broken

    with pytest.raises(Broken):
        broken()
    assert list(db.iterdump()) == before
    assert (found(db, "Laterne"), found(db, "Brunnen")) == ({"Title 1"}, set())


def test_others_see_articles_and_index_change_together(tmp_path: Path) -> None:
    with (
        closing(open_for_writing(tmp_path / "archive.db")) as db,
        closing(open_for_writing(tmp_path / "archive.db")) as other,
    ):
        bring(db, entry(1, body=LATERNE))
        with transaction(db):
            change(db)
            assert (found(other, "Laterne"), found(other, "Brunnen")) == ({"Title 1"}, set())
        assert (found(other, "Laterne"), found(other, "Brunnen")) == (set(), {"Title 1"})


# ------------------------------------------------------------------------------------- sound or not


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE articles SET title = 'Ganz anders'",
        "UPDATE articles SET kicker = 'Ulm'",
        "UPDATE articles SET teaser = ''",
        "UPDATE articles SET states = '[\"DE-BY\"]'",
        'UPDATE bodies SET blocks = \'[["paragraph", "Anderes"]]\'',
        "DELETE FROM bodies",
        "DELETE FROM documents WHERE id = 1",
        "DELETE FROM articles WHERE id = (SELECT min(id) FROM articles)",
        "INSERT INTO search (rowid, head) VALUES (99, 'nirgends')",
        "INSERT INTO search (search) VALUES ('delete-all')",
        "UPDATE search_data SET block = x'00' WHERE id > 100",
    ],
)
def test_a_tampering_is_seen_and_mended(db: sqlite3.Connection, harm: str) -> None:
    bring(db, entry(1, body=LATERNE), entry(2, body=BRUNNEN))
    assert fulltext.is_sound(db)

    db.execute(harm)

    assert not fulltext.is_sound(db)
    with transaction(db):
        fulltext.rebuild(db)
    assert fulltext.is_sound(db)
    assert fulltext.missing(db) == 0


def test_to_look_changes_nothing(db: sqlite3.Connection) -> None:
    bring(db, entry(1), entry(2))
    before = list(db.iterdump())

    assert fulltext.is_sound(db)

    assert list(db.iterdump()) == before
    assert not db.in_transaction


def test_an_index_made_anew_finds_the_same(db: sqlite3.Connection) -> None:
    bring(db, entry(1, body=LATERNE), entry(2, body=BRUNNEN))
    words = "SELECT term, doc, cnt FROM search_words"
    before = db.execute(words).fetchall()

    with transaction(db):
        fulltext.rebuild(db)

    assert db.execute(words).fetchall() == before
    assert (found(db, "Laterne"), found(db, "Brunnen")) == ({"Title 1"}, {"Title 2"})


def test_an_empty_archive_is_sound(db: sqlite3.Connection) -> None:
    assert fulltext.is_sound(db)
    with transaction(db):
        fulltext.rebuild(db)
    assert fulltext.is_sound(db)


# --------------------------------------------------------------------------------- whatever happens

numbers = st.integers(1, 4)
texts = st.lists(
    st.sampled_from("Laterne Bauakten E-Akte Bürger:innen 15.000 und x".split()), max_size=4
).map(" ".join)
changes = st.fixed_dictionaries(
    {},
    optional={
        "kicker": texts,
        "title": texts,
        "teaser": texts,
        "body": texts.map(told),
        "published": st.integers(0, 3).map(lambda hours: NOW - timedelta(hours=hours)),
        "link": numbers.map(link),
    },
)


def happens(db: sqlite3.Connection, deed: str, number: int, said: Entry) -> None:
    """One thing that may happen to an archive."""
    row = db.execute("SELECT id, ref FROM articles ORDER BY id LIMIT 1 OFFSET ?", (number - 1,)).fetchone()
    match deed:
        case "feed" | "other feed":
            bring(db, said, key=deed[0], wanted=True)
        case "keep":
            kept = page(number, mention(number % 4 + 1), body=said.body)
            with transaction(db):
                pages.keep(db, NewArticle(alone(kept)), kept, NOW)
        case "page" if row:
            with transaction(db):
                pages.store(
                    db, row[1], page(number, mention(9), body=said.body), NewArticle(said), link(number), NOW
                )
        case "restate" if row:
            with transaction(db):
                stored = rethinking.understood(db, row[0])
                rethinking.restate(db, row[0], replace(stored, states=("DE-BY",), topics=topics("ki")))
        case "remove" if row:
            with transaction(db):
                articles.remove(db, [row[0]])


deeds = st.sampled_from(["feed", "other feed", "keep", "page", "restate", "remove"])


@settings(max_examples=40)
@given(st.lists(st.tuples(deeds, numbers, changes), max_size=8))
def test_after_whatever_happens_the_index_is_sound(steps: list[tuple[str, int, dict[str, object]]]) -> None:
    with tempfile.TemporaryDirectory() as folder, closing(open_for_writing(Path(folder) / "a.db")) as db:
        for deed, number, changed in steps:
            happens(db, deed, number, entry(number, **changed))
            assert fulltext.is_sound(db), deed
        for one in articles.select(db, Query(limit=0), every=True):
            for word in one.title.split():
                if spellings(word):
                    assert one.title in found_every(db, word)


def found_every(db: sqlite3.Connection, text: str) -> set[str]:
    asked = Query(All((Text(spellings(text)),)), limit=0)
    return {one.title for one in articles.select(db, asked, every=True)}
