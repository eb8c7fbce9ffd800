"""Searching: the best first, every spelling, some words where no article has all, and near spellings."""

from __future__ import annotations

import sqlite3

import pytest

from archive import pressagency
from archive.newsstand import NOW, article, fill, topics
from kommcli.archive import articles, searching
from kommcli.conditions import All, AnyOf, Condition, Not, Query, Span, Term, Text
from kommcli.data.synonyms import GROUPS
from kommcli.query import Known, build
from kommcli.query.grammar import DEEPEST
from kommcli.query.texts import Synonyms, beginnings, spellings

SYNONYMS = Synonyms(GROUPS)
KNOWN = Known(
    feeds=lambda: {"a": "", "b": ""},
    topic=lambda name: name,
    topic_names=list,
    places=lambda name: (),
    near_places=lambda name: [],
    views={},
    synonyms=lambda: SYNONYMS,
)


def searched(db: sqlite3.Connection, *words: str, limit: int = 20, every: bool = False) -> searching.Result:
    """What kommcli search finds for these words, as a user types them."""
    return searching.search(db, build(words, now=NOW, known=KNOWN, limit=limit), NOW, every=every)


def found(db: sqlite3.Connection, *words: str, limit: int = 20) -> list[str]:
    """The titles, best first."""
    return [hit.article.title for hit in searched(db, *words, limit=limit).hits]


# ------------------------------------------------------------------------------------------- the order


def test_a_headline_is_better_than_a_teaser_than_a_text(db: sqlite3.Connection) -> None:
    fill(
        db,
        [
            article(1, "Drei", body="Es geht um Laternen."),
            article(2, "Zwei", teaser="Es geht um Laternen."),
            article(3, "Laternen"),
            article(4, "Keine", body="Es geht um Brunnen."),
        ],
    )

    assert found(db, "Laterne") == ["Laternen", "Zwei", "Drei"]


def test_a_whole_word_is_better_than_a_part(db: sqlite3.Connection) -> None:
    fill(
        db,
        [
            article(1, "Die Bauakte"),
            article(2, "Die Akte"),
            article(3, "Der Aktenzeppelin", body="Zeppelin."),
            article(4, "Kontakte", body="Die Bauakte."),
            article(5, "Nichts", body="Die Akte."),
        ],
    )

    titles = found(db, "Akten")

    assert titles[0] == "Die Akte"
    assert titles.index("Nichts") < titles.index("Kontakte")
    assert titles[-1] == "Der Aktenzeppelin"  # of which only this archive knows the parts
    assert len(titles) == 5


def test_the_kicker_is_part_of_the_headline(db: sqlite3.Connection) -> None:
    fill(db, [article(1, "Neues aus dem Rathaus", kicker="Ulm"), article(2, "Nichts", teaser="Ulm.")])

    assert found(db, "Ulm") == ["Neues aus dem Rathaus", "Nichts"]


def test_of_two_alike_the_newer_is_better(db: sqlite3.Connection) -> None:
    fill(db, [article(24 * days, f"Laterne {days}") for days in (400, 1, 30)])

    assert found(db, "Laterne") == ["Laterne 1", "Laterne 30", "Laterne 400"]


def test_age_is_worth_little(db: sqlite3.Connection) -> None:
    fill(
        db,
        [
            article(1, "Neu", body="Hier steht ein langer Text, der die Laterne nur im Vorübergehen nennt."),
            article(24 * 700, "Laterne an Laterne"),
        ],
    )

    assert found(db, "Laterne") == ["Laterne an Laterne", "Neu"]


def test_more_of_the_words_are_better(db: sqlite3.Connection) -> None:
    fill(db, [article(1, "Laterne"), article(2, "Laterne, Brunnen"), article(3, "Brunnen")])

    assert found(db, "Laterne", "OR", "Brunnen")[0] == "Laterne, Brunnen"


def test_scores_fall(db: sqlite3.Connection) -> None:
    fill(db, [article(n, "Laterne", body="Wort " * n) for n in range(1, 9)])

    scores = [hit.score for hit in searched(db, "Laterne").hits]

    assert scores == sorted(scores, reverse=True)
    assert all(score > 0 for score in scores)


# --------------------------------------------------------------------------------------- what is found


@pytest.fixture
def press(db: sqlite3.Connection) -> sqlite3.Connection:
    fill(
        db,
        [
            article(1, "E-Akte in München", topics=topics("ozg"), states=("DE-BY",)),
            article(2, "Die eAkte kommt", teaser="Für Bürger:innen", states=("DE-HE",)),
            article(3, "KI im Amt", topics=topics("ki"), states=("DE-BY",)),
            article(4, "Künstliche Intelligenz hilft"),
            article(5, "Künstliche Blumen", body="Mit Intelligenz gegossen."),
            article(6, "Smart City Ulm", teaser="Das Amt für Digitales misst 15.000 Laternen."),
            article(7, "Digitalisierung der Dörfer"),
        ],
    )
    fill(db, [article(8, "Digitale Bürgersteige in Ulm")], "b")
    return db


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("eAkte", {"E-Akte in München", "Die eAkte kommt"}),
        ("Akten", {"E-Akte in München", "Die eAkte kommt"}),
        ("Muenchen", {"E-Akte in München"}),
        ("Buergerinnen", {"Die eAkte kommt", "Digitale Bürgersteige in Ulm"}),
        ("Burg", set()),
        ("15000", {"Smart City Ulm"}),
        ("SmartCity", {"Smart City Ulm"}),
        ('"City Ulm"', {"Smart City Ulm"}),
        ('"Ulm City"', set()),
        ('"Amt für Digitales"', {"Smart City Ulm"}),
        ("das Amt für Digitales", {"Smart City Ulm"}),
        ("digital*", {"Digitalisierung der Dörfer", "Digitale Bürgersteige in Ulm", "Smart City Ulm"}),
        ("digital* Ulm", {"Digitale Bürgersteige in Ulm", "Smart City Ulm"}),
        ("KI", {"KI im Amt", "Künstliche Intelligenz hilft"}),
        ('"künstliche intelligenz"', {"KI im Amt", "Künstliche Intelligenz hilft"}),
        ("künstliche intelligenz", {"KI im Amt", "Künstliche Intelligenz hilft", "Künstliche Blumen"}),
        ("Akte -München", {"Die eAkte kommt"}),
        ("Akte -state:by", {"Die eAkte kommt"}),
        ("Akte state:by", {"E-Akte in München"}),
        ("Akte topic:ozg OR Dorf", {"E-Akte in München", "Digitalisierung der Dörfer"}),
        ("Ulm feed:b", {"Digitale Bürgersteige in Ulm"}),
        ("Ulm (City OR Bürgersteig)", {"Smart City Ulm", "Digitale Bürgersteige in Ulm"}),
        ("Ulm NOT (City OR Akte)", {"Digitale Bürgersteige in Ulm"}),
        ("Bayern Akte", {"E-Akte in München"}),
        ("Amt until:2020", set()),
    ],
)
def test_what_is_found(press: sqlite3.Connection, words: str, titles: set[str]) -> None:
    result = searched(press, *words.split())

    assert {hit.article.title for hit in result.hits} == titles
    assert not result.partial


def test_what_is_meant_as_one_comes_before_what_only_has_both(press: sqlite3.Connection) -> None:
    assert found(press, "künstliche", "intelligenz")[-1] == "Künstliche Blumen"


def test_without_words_the_newest_first(press: sqlite3.Connection) -> None:
    assert found(press, "state:by") == ["E-Akte in München", "KI im Amt"]
    assert found(press, "-Akte", "state:by") == ["KI im Amt"]
    assert [hit.score for hit in searched(press, "state:by").hits] == [0.0, 0.0]


def test_the_words_that_are_asked_for() -> None:
    akte, ulm, not_ulm = Text((("akt",),)), Text((("ulm",),)), Not(Text((("ulm",),)))
    trees: dict[Condition, list[Text]] = {
        All((akte, Term("state", ("DE-BY",)), ulm)): [akte, ulm],
        AnyOf((akte, All((ulm, Span())))): [akte, ulm],
        All((akte, not_ulm)): [akte],
        All(): [],
    }

    assert {tree: searching.texts(tree) for tree in trees} == trees


def test_the_limit(press: sqlite3.Connection) -> None:
    for limit in (1, 2, 0):
        assert len(found(press, "digital*", limit=limit)) == (limit or 3)


# ------------------------------------------------------------------------------------- not all of them


def test_where_no_article_has_all_words_some_have_some(press: sqlite3.Connection) -> None:
    result = searched(press, "Akte", "Laterne", "Wolkenkratzer")

    assert result.partial
    assert {hit.article.title for hit in result.hits} == {
        "E-Akte in München",
        "Die eAkte kommt",
        "Smart City Ulm",
    }


def test_filters_hold_even_then(press: sqlite3.Connection) -> None:
    result = searched(press, "Akte", "Wolkenkratzer", "state:he")

    assert [hit.article.title for hit in result.hits] == ["Die eAkte kommt"]
    assert result.partial


def test_one_word_is_found_or_not(press: sqlite3.Connection) -> None:
    assert searched(press, "Wolkenkratzer") == searching.Result(())
    assert searched(press, "Wolkenkratzer", "Zeppelin") == searching.Result(())


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("Müncen", "München"),
        ("Laternne", "Laternen"),
        ("digitlaisierung", "Digitalisierung"),
        ("Intellligenz", "Intelligenz"),
        ("xSmart", "Smart"),
        ("Ulmm", "Ulm"),
        ("Hesssen", "Hessen"),  # the name of a state
        ("Laterne", ""),  # it is there
        ("Wolkenkratzer", ""),
        ("xy", ""),
        ("", ""),
        ("Smrat City", ""),
    ],
)
def test_the_nearest_spelling(press: sqlite3.Connection, typed: str, near: str) -> None:
    assert searching.near(press, Text(spellings(typed), typed=typed)) == near


def test_a_beginning_has_no_near_spelling_where_words_begin_so(press: sqlite3.Connection) -> None:
    assert searching.near(press, Text(beginnings("digi"), begins=True, typed="digi")) == ""


# ------------------------------------------------------------------------------------------ stories


def test_a_story_is_found_once_by_the_article_that_leads(db: sqlite3.Connection) -> None:
    pressagency.bring(db, pressagency.feed("a", rank=1), pressagency.press("a1", "Bauakten auf Zuruf"))
    pressagency.bring(db, "b", pressagency.press("b1", "Wohni findet jede Akte", hours=20))
    pressagency.bring(db, "b", pressagency.press("b2", "Laternen", pressagency.METERS, hours=20))
    assert pressagency.stories(db) == {"a1 b1"}

    (hit,) = searched(db, "Wohni").hits
    assert (hit.article.title, [one.source.key for one in hit.article.also_in]) == (
        "Bauakten auf Zuruf",
        ["b"],
    )
    assert len(searched(db, "Wohni", every=True).hits) == 2
    # Only this one is asked for: it stands for its story.
    assert found(db, "Wohni", "feed:b") == ["Wohni findet jede Akte"]
    assert found(db, "Grundwasserstand") == ["Laternen"]


# ------------------------------------------------------------------------------------- frequent words


def test_of_a_frequent_word_the_newest_hits_are_ranked(
    db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(db, [article(200, "Laterne an Laterne")])  # the best, but too old
    fill(db, [article(100 - n, f"Nummer {n}", body="Laterne, und noch mehr Text.") for n in range(30)])
    assert found(db, "Laterne")[0] == "Laterne an Laterne"

    monkeypatch.setattr(searching, "RANKED", 20)
    titles = found(db, "Laterne", limit=0)

    assert "Laterne an Laterne" not in titles
    assert "Nummer 29" in titles
    assert 20 <= len(titles) <= 21


@pytest.mark.parametrize("ranked", [searching.RANKED, 100])
def test_filters_of_a_frequent_word_hold_before_the_best_are_taken(
    db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch, ranked: int
) -> None:
    monkeypatch.setattr(searching, "RANKED", ranked)
    fill(db, [article(500, "Anders", body="Eine Laterne.", states=("DE-BY",))], "b")
    fill(db, [article(n, "Laterne Laterne") for n in range(1, 400)])

    assert found(db, "Laterne", "state:by", limit=1) == ["Anders"]
    assert found(db, "Laterne", "feed:b", limit=1) == ["Anders"]


def test_of_a_frequent_word_headlines_are_enough(db: sqlite3.Connection) -> None:
    fill(db, [article(n, f"Laterne {n}", body="Licht.") for n in range(200)])
    fill(db, [article(300, "Anders", body="Laterne Laterne Laterne Laterne Laterne.")], "b")

    assert "Anders" not in found(db, "Laterne", limit=20)
    assert "Anders" in found(db, "Laterne", limit=0)  # whoever asks for all gets all
    assert "Anders" in found(db, "Laterne", "-Licht")
    assert found(db, "Laterne OR Brunnen", limit=3) == ["Laterne 0", "Laterne 1", "Laterne 2"]


@pytest.mark.parametrize(
    "typed",
    ['"', "''", "a' OR 1=1 --", 'x" OR "y', "NEAR(a b)", "head:x", "a^2", "*", "(", "\x00", "🙂", "ſ", "ﬁ"],
)
def test_signs_of_the_index_are_text(press: sqlite3.Connection, typed: str) -> None:
    for text in (Text(spellings(typed), typed=typed), Text(beginnings(typed), begins=True, typed=typed)):
        searching.search(press, Query(All((text,))), NOW)
        searching.search(press, Query(All((Not(text),))), NOW)
        searching.near(press, text)


@pytest.mark.parametrize(
    ("around", "brackets"),
    [
        ("(c {})", 1),
        ("({} OR b)", 1),
        ("(b OR (c {}))", 2),
        ("(c -(b OR {}))", 3),
        ("(({} -z) -(y OR x))", 4),
    ],
)
def test_as_many_brackets_as_the_grammar_allows(db: sqlite3.Connection, around: str, brackets: int) -> None:
    """The parsers of SQLite and FTS5 have small stacks."""
    fill(db, [article(1, "Laterne"), article(2, "b c")])
    typed = "Laterne"
    for _level in range(DEEPEST // brackets):
        typed = around.format(typed)

    searched(db, typed)
    query = build([typed], now=NOW, known=KNOWN)
    assert isinstance(articles.ids(db, query), list)
    # Beside a filter the words are no expression of the index alone.
    searched(db, f"is:read OR {typed}")


def test_what_is_excluded_in_one_of_two_cases_is_there_in_the_other(db: sqlite3.Connection) -> None:
    fill(
        db,
        [
            article(1, "Laterne", body="Eine Schule."),
            article(2, "Brunnen", body="Eine Schule."),
            article(3, "Brunnen am Markt"),
            article(4, "Nichts"),
        ],
    )

    assert set(found(db, "Laterne", "OR", "Brunnen", "-Schule")) == {"Laterne", "Brunnen am Markt"}
    assert set(found(db, "(Laterne OR Brunnen)", "-Schule")) == {"Brunnen am Markt"}
    assert set(found(db, "Brunnen", "-(Schule Laterne)")) == {"Brunnen", "Brunnen am Markt"}
    assert set(found(db, "Brunnen", "-(Schule OR Markt)")) == set()
