"""Conditions: what SQL finds is what they mean, newest first, by an index and without sorting."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.newsstand import AUGSBURG, BENSHEIM, BERGSTRASSE, NECKAR, NOW, PLACES, article, fill, topics
from kommcli.archive import articles, filters, labels, matching, searching
from kommcli.archive.schema import migrate
from kommcli.conditions import All, AnyOf, Condition, Not, Query, Span, Term, Text
from kommcli.model import Article
from kommcli.query.texts import beginnings, spellings

BY = Term("state", ("DE-BY",))
KI = Term("topic", ("ki",))
SPAN = Span(NOW - timedelta(hours=30), NOW - timedelta(hours=2))


def found(db: sqlite3.Connection, *parts: Condition) -> list[str]:
    return [one.title for one in articles.select(db, Query(All(parts), limit=0))]


def said(text: str) -> Text:
    """The word or phrase ``text``."""
    return Text(spellings(text))


def begun(text: str) -> Text:
    """Words that begin so."""
    return Text(beginnings(text), begins=True)


# ------------------------------------------------------------------------------------------- by hand


@pytest.fixture
def press(db: sqlite3.Connection) -> sqlite3.Connection:
    new = [
        article(1, "A", states=("DE-BY",), topics=topics("ki", "ozg"), places=(AUGSBURG,), kind="bericht"),
        article(2, "B", states=("DE-HE", "DE-BY"), topics=topics("ozg"), places=(BENSHEIM,)),
        article(3, "C", states=("DE-HE",), places=(BERGSTRASSE, NECKAR)),
        article(4, "D", level="bund", topics=topics("ki")),
        article(5, "E", level="eu", states=("DE-BY",)),
        article(6, "F"),
    ]
    fill(db, new)
    return db


@pytest.mark.parametrize(
    ("field", "values", "titles"),
    [
        ("state", ["DE-BY"], "ABE"),
        ("state", ["DE-HE", "bund"], "BCD"),
        ("state", ["eu"], "E"),
        ("state", ["none"], "DF"),
        ("topic", ["ki", "ozg"], "ABD"),
        ("topic", ["none"], "CEF"),
        ("place", ["06431"], "BC"),
        ("place", ["06431002"], "B"),
        ("place", ["09761"], "A"),
        ("place", ["region:metropolregion-rhein-neckar"], "C"),
        ("place", ["none"], "DEF"),
        ("kind", ["bericht"], "A"),
        ("kind", ["none"], "BCDEF"),
        ("topic", ["unheard-of"], ""),
        ("place", ["0643"], "BC"),
        ("feed", ["a", "unheard-of"], "ABCDEF"),
        ("feed", ["unheard-of"], ""),
    ],
)
def test_one_condition(press: sqlite3.Connection, field: str, values: list[str], titles: str) -> None:
    one = Term(field, tuple(values))
    assert "".join(found(press, one)) == titles
    assert "".join(found(press, Not(one))) == "".join(sorted(set("ABCDEF") - set(titles)))


def test_conditions_combine(press: sqlite3.Connection) -> None:
    assert found(press, BY, KI) == ["A"]
    assert found(press, BY, Not(KI)) == ["B", "E"]
    assert found(press, AnyOf((BY, KI))) == ["A", "B", "D", "E"]
    assert found(press, AnyOf((All((BY, KI)), Term("topic", ("unheard-of",))))) == ["A"]
    assert found(press, Not(AnyOf((BY, KI)))) == ["C", "F"]
    assert found(press, BY, Span(until=NOW - timedelta(hours=1))) == ["B", "E"]
    assert found(press, BY, Not(Span(NOW - timedelta(hours=2)))) == ["E"]
    assert found(press, BY, Term("topic", ("unheard-of",))) == []
    assert found(press) == list("ABCDEF")
    assert found(press, AnyOf(())) == []


def test_words_and_phrases(db: sqlite3.Connection) -> None:
    new = [
        article(1, "Bürgerbüro öffnet", kicker="München", teaser="Die „Smart-City“, die wächst."),
        article(2, "Smart", kicker="Kiel", teaser="City. 100 % der E-Akten.", body="Ein Kontakt."),
    ]
    fill(db, new)

    assert found(db, said("Buergerbuero")) == found(db, said("Büro")) == ["Bürgerbüro öffnet"]
    assert found(db, said("MÜNCHEN"), said("öffnen")) == ["Bürgerbüro öffnet"]
    assert found(db, Not(said("munchen"))) == ["Smart"]
    assert found(db, said("smart city")) == ["Bürgerbüro öffnet"]  # not where one field ends
    assert found(db, said("Kiel Smart")) == ["Smart"]  # kicker and headline are one line
    assert found(db, said("der E-Akte")) == found(db, said("eAkte")) == found(db, said("Akte")) == ["Smart"]
    assert found(db, said("art city")) == found(db, said("rgerb")) == found(db, said("%")) == []
    assert found(db, AnyOf((said("nichts"), said("Büro öffnet"), said("100 E-Akten")))) == ["Smart"]
    assert found(db, Text((("kiel",), ("munch",)))) == ["Bürgerbüro öffnet", "Smart"]
    assert found(db, begun("bürg")) == ["Bürgerbüro öffnet"]
    assert found(db, begun("bürg"), begun("kont")) == []


@pytest.mark.row("C12")
def test_there_are_no_regular_expressions_and_their_signs_are_text(db: sqlite3.Connection) -> None:
    fill(db, [article(1, "a" * 400 + "!"), article(2, "Muster (a+)+$ gesucht"), article(3, "Rat [tagt")])

    assert found(db, said("(Muster)+$")) == ["Muster (a+)+$ gesucht"]
    assert found(db, said("[tagt")) == ["Rat [tagt"]
    assert found(db, said(".*")) == []


# ------------------------------------------------------------------------------------------- any condition

KICKERS = ("", "Augsburg", "Modernisierung")
TITLES = ("Neues Bürgerbüro", "KI in der Stadt", "E-Akte", "Straße", "Land Hessen")
TEASERS = ("", "Die Kontakte im Büro.")
BODIES = ("", "Bauakten in den Städten.", "Die Smart City", "Bürger:innen", "")
STATES = ("DE-BY", "DE-HE", "bund", "none", "DE-SL")
PLACE_KEYS = ("06431", "06431002", "09761000", "region:metropolregion-rhein-neckar", "none")

SAYING: dict[Text, set[str]] = {
    said("Büro"): {"Neues Bürgerbüro", "Die Kontakte im Büro."},
    said("Bürger"): {"Neues Bürgerbüro", "Bürger:innen"},
    said("Akte"): {"E-Akte", "Bauakten in den Städten."},
    said("eAkte"): {"E-Akte"},
    said("Bau"): {"Bauakten in den Städten."},
    said("Stadt"): {"KI in der Stadt", "Bauakten in den Städten."},
    said("KI in einer Stadt"): {"KI in der Stadt"},
    said("Stadt KI"): set(),
    said("SmartCity"): {"Die Smart City"},
    said("Strasse"): {"Straße", "Landkreis Bergstraße"},
    said("Künstliche Intelligenz"): {"Künstliche Intelligenz"},
    said("Kreis"): {"Landkreis Bergstraße"},
    said("Hessen"): {"Land Hessen", "Hessen"},
    said("Modernisierungen"): {"Modernisierung"},
    said("München"): set(),
    begun("Stra"): {"Straße", "Landkreis Bergstraße"},
    begun("Ba"): {"Bauakten in den Städten.", "Bayern"},
    Text((("augsburg",), ("kontakt",))): {"Augsburg", "Die Kontakte im Büro."},
    Text(()): set(),
}
"""What is asked for, and the texts and names above that say it."""

NAMES = {"DE-BY": "Bayern", "DE-HE": "Hessen"}

terms = st.one_of(
    *(
        st.builds(Term, st.just(field), st.lists(st.sampled_from(values), min_size=1, max_size=2).map(tuple))
        for field, values in {
            "state": STATES,
            "topic": ("ki", "ozg", "none", "unheard-of"),
            "place": PLACE_KEYS,
            "kind": ("bericht", "none"),
            "feed": ("a", "b", "c"),
            "is": ("read", "unread", "starred", "unstarred"),
        }.items()
    )
)
moments = st.none() | st.integers(0, 40).map(lambda hours: NOW - timedelta(hours=hours))
conditions: st.SearchStrategy[Condition] = st.recursive(
    terms | st.sampled_from(list(SAYING)) | st.builds(Span, moments, moments),
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(All, st.lists(inner, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(inner, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def mixed() -> Iterator[sqlite3.Connection]:
    """Every combination of something, in two feeds."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    migrate(db)
    for key in "ab":
        new = [
            article(
                n,
                TITLES[n % 5],
                kicker=KICKERS[n % 3],
                teaser=TEASERS[n // 5 % 2],
                body=BODIES[n // 4 % 5],
                states=[(), ("DE-BY",), ("DE-HE", "DE-BY")][n // 2 % 3],
                level="bund" if n % 5 == 0 else "",
                topics=[(), topics("ki"), topics("ozg", "ki")][n // 3 % 3],
                places=[(), PLACES[n % 4 : n % 4 + 2]][n // 4 % 2],
                kind=["", "bericht"][n % 7 // 4],
            )
            for n in range(40)
        ]
        fill(db, new, key)
    db.execute("UPDATE articles SET read = 1 WHERE id % 3 = 0")
    db.execute("UPDATE articles SET starred = 1 WHERE ref < 'n'")
    yield db
    db.close()


def holds(one: Article, part: Condition) -> bool:
    match part:
        case All(parts):
            return all(holds(one, inner) for inner in parts)
        case AnyOf(parts):
            return any(holds(one, inner) for inner in parts)
        case Not(inner):
            return not holds(one, inner)
        case Span(since, until):
            return (since is None or one.published >= since) and (until is None or one.published < until)
        case Text():
            return not SAYING[part].isdisjoint(texts_of(one))
        case Term(field, values):
            return any(has(one, field, value) for value in values)


def texts_of(one: Article) -> set[str]:
    """What the article says: all that search looks at, the body by its age (see `mixed`)."""
    body = BODIES[(NOW - one.published) // timedelta(hours=4) % 5]
    names = [NAMES[state] for state in one.states]
    names += [known.name for known in (*one.places, *one.topics)]
    return {one.kicker, one.title, one.teaser, body, *names}


def has(one: Article, field: str, value: str) -> bool:
    match field:
        case "state":
            return value in (one.states or ("none",)) or value == one.level
        case "topic":
            return value in ([topic.key for topic in one.topics] or ["none"])
        case "place":
            keys = [labels.place_key(place) for place in one.places] or ["none"]
            return any(key.startswith(value) if value.isdecimal() else key == value for key in keys)
        case "kind":
            return (one.kind or "none") == value
        case "feed":
            return one.source.key == value
        case _:
            return {"read": one.read, "starred": one.starred}.get(value.removeprefix("un"), False) is (
                not value.startswith("un")
            )


@pytest.mark.parametrize("asked", SAYING, ids=lambda asked: "|".join(map("-".join, asked.forms)) or "nothing")
def test_what_says_it(mixed: sqlite3.Connection, asked: Text) -> None:
    every = articles.select(mixed, Query(limit=0))

    ids = articles.ids(mixed, Query(All((asked,)), limit=0))

    assert ids == [one.id for one in every if holds(one, asked)]
    assert bool(ids) is bool(SAYING[asked])


@pytest.mark.parametrize("few", [0, 5, 5_000])
@given(condition=conditions)
def test_any_condition(mixed: sqlite3.Connection, few: int, condition: Condition) -> None:
    every = articles.select(mixed, Query(limit=0))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(filters, "FEW", few)
        patch.setattr(filters, "MANY", few)
        ids = articles.ids(mixed, Query(All((condition,)), limit=0))
        newest = articles.ids(mixed, Query(All((condition,)), limit=2))
        choice = filters.choose(mixed, condition)
        whole = filters.choose(mixed, condition, whole=True)
    assert ids == [one.id for one in every if holds(one, condition)]
    assert newest == ids[:2]
    assert mixed.execute(f"SELECT count(*) FROM ({choice.rows})").fetchone()[0] == len(ids)
    assert mixed.execute(f"SELECT count(*) FROM ({whole.rows})").fetchone()[0] == len(ids)
    assert "TEMP B-TREE" not in plan(mixed, choice)


said_conditions: st.SearchStrategy[Condition] = st.recursive(
    st.sampled_from(list(SAYING)),
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(All, st.lists(inner, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(inner, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)


@given(condition=said_conditions)
def test_a_search_finds_what_a_filter_keeps(mixed: sqlite3.Connection, condition: Condition) -> None:
    every = articles.select(mixed, Query(limit=0), every=True)
    wanted = {one.id for one in every if holds(one, condition)}

    result = searching.search(mixed, Query(All((condition,)), limit=0), NOW, every=True)

    found = {hit.article.id for hit in result.hits}
    assert len(found) == len(result.hits)
    assert found <= wanted
    if matching.is_of_words(condition):
        assert found == wanted


def plan(db: sqlite3.Connection, choice: filters.Choice) -> str:
    rows = db.execute(
        f"EXPLAIN QUERY PLAN SELECT a.title FROM {choice.articles} CROSS JOIN feeds AS f ON f.id = a.feed"
        f" WHERE {choice.where} ORDER BY {choice.row} DESC LIMIT 20"
    )
    return "\n".join(row[3] for row in rows)


# ------------------------------------------------------------------------------------------- the way there


@pytest.mark.parametrize(
    ("parts", "few", "first"),
    [
        ((BY,), 0, "SEARCH d USING PRIMARY KEY (label=?)"),
        ((BY, SPAN), 0, "SEARCH d USING PRIMARY KEY (label=? AND article>? AND article<?)"),
        ((Term("topic", ("ki", "ozg")), BY), 0, "SEARCH d USING PRIMARY KEY (label=?)"),
        ((Term("topic", ("ki", "ozg")),), 0, "SCAN a"),
        ((Term("topic", ("ki", "ozg")), SPAN), 0, "SEARCH a USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"),
        ((Term("topic", ("ki", "ozg")),), 5_000, "SEARCH a USING INTEGER PRIMARY KEY (rowid=?)"),
        ((AnyOf((All((BY, KI)), Term("feed", ("a",)))),), 5_000, "SEARCH a USING INTEGER PRIMARY KEY"),
        ((Term("feed", ("a",)),), 0, "SEARCH d USING COVERING INDEX articles_of_feed (feed=?)"),
        ((Term("is", ("unread",)),), 0, "SCAN d USING INDEX articles_unread"),
        ((Term("is", ("starred",)), SPAN), 0, "SEARCH d USING INDEX articles_starred"),
        ((Not(BY), Not(Term("feed", ("a",)))), 0, "SCAN a"),
        ((said("Akte"),), 0, "SCAN a"),
        (
            (said("Akte"),),
            5_000,
            "SEARCH a USING INTEGER PRIMARY KEY (rowid=?)\nLIST SUBQUERY 1\nSCAN search",
        ),
        ((said("Akte"), SPAN), 0, "SEARCH a USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"),
        ((said("Akte"), KI), 0, "SEARCH d USING PRIMARY KEY (label=?)"),
        ((begun("hess"), Not(BY)), 5_000, "SEARCH a USING INTEGER PRIMARY KEY (rowid=?)\nLIST SUBQUERY 1"),
        ((AnyOf((said("Akte"), BY)),), 0, "SCAN a"),
        ((AnyOf((said("Akte"), BY)),), 5_000, "SEARCH a USING INTEGER PRIMARY KEY (rowid=?)"),
        ((Not(said("Akte")),), 0, "SCAN a"),
        ((SPAN,), 0, "SEARCH a USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"),
        ((), 0, "SCAN a"),
    ],
)
def test_the_index_is_the_chosen_one(
    mixed: sqlite3.Connection,
    monkeypatch: pytest.MonkeyPatch,
    parts: tuple[Condition, ...],
    few: int,
    first: str,
) -> None:
    monkeypatch.setattr(filters, "FEW", few)
    monkeypatch.setattr(filters, "MANY", few)
    assert plan(mixed, filters.choose(mixed, All(parts))).startswith(first)


@pytest.mark.parametrize(
    ("parts", "whole"),
    [((said("Akte"),), True), ((Not(said("Akte")),), True), ((said("Akte"),), False)],
)
def test_for_the_whole_archive_no_article_is_looked_up_by_itself(
    mixed: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch, parts: tuple[Condition, ...], whole: bool
) -> None:
    """Counting 100,000 articles took a minute so."""
    monkeypatch.setattr(filters, "FEW", 0)
    monkeypatch.setattr(filters, "MANY", 0)
    choice = filters.choose(mixed, All(parts), whole=whole)

    assert ("CORRELATED" in plan(mixed, choice)) is not whole


def test_the_rarest_label_leads(mixed: sqlite3.Connection) -> None:
    rare = Term("place", ("09761000",))
    (label,) = labels.rowids(mixed, "place", ["09761000"])
    for parts in ((BY, rare), (rare, BY)):
        assert filters.choose(mixed, All(parts)).where.startswith(f"d.label = {label} AND ")
