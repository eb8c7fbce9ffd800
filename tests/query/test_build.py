"""Options and words to one query."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kommcli.conditions import All, AnyOf, Not, Query, Span, Term, Text
from kommcli.errors import BadUsage
from kommcli.query import Known, build
from kommcli.query.texts import Synonyms
from kommcli.text import fold

NOW = datetime(2026, 10, 16, 9, tzinfo=UTC)
TOPICS = {"ki": "ki", "kunstliche intelligenz": "ki", "ozg": "ozg", fold("Bauen, Wohnen"): "bauen"}
PLACES = {
    "bad nauheim": ("06440002",),
    "neustadt": ("1", "2", "3"),
    "halle (saale)": ("15002000",),
    "potsdam, stadt": ("12054000",),
}
VIEWS = {
    "hessen": "state:he",
    "Meine KI": "view:hessen (topic:ki OR „Künstliche Intelligenz“)",
    "neu": "since:7d is:unread",
    "leer": "",
    "a": "-view:b",
    "b": "x OR view:c",
    "c": "view:A",
    "kaputt": "topic:ki (wald",
    "fremd": "y state:xx",
    "mehr": "z view:fremd",
    "alt": "until:2020",
} | {f"tief{at}": f"(view:tief{at + 1})" for at in range(60)}
VIEWS |= {f"breit{at}": f"view:breit{at + 1} " * 50 for at in range(9)} | {"breit9": "x", "tief60": "x"}

KNOWN = Known(
    feeds=lambda: {"kommune21": "Kommune21", "move": "move online"},
    topic=lambda name: TOPICS.get(fold(name), ""),
    topic_names=lambda: ["Künstliche Intelligenz", "OZG"],
    places=lambda name: PLACES.get(fold(name), ()),
    near_places=lambda name: ["Bad Nauheim"],
    views=VIEWS,
)


def asked(*words: str, **options: Any) -> Query:
    return build(words, now=NOW, known=KNOWN, **options)


def error(*words: str, **options: Any) -> BadUsage:
    with pytest.raises(BadUsage) as caught:
        asked(*words, **options)
    return caught.value


KI, OZG = Term("topic", ("ki",)), Term("topic", ("ozg",))
HE = Term("state", ("DE-HE",))
WALD = Text((("wald",),))


def test_nothing_asked_is_everything() -> None:
    assert asked() == Query() == Query(All(), 20)
    assert asked(limit=0).limit == 0


def test_nothing_is_looked_up_without_need() -> None:
    never: Any = None  # not callable
    nothing = Known(never, never, never, never, never, never)

    query = build(
        ["wald", "-state:by", "kind:interview", "is:unread", "week:42", "topic:none"], now=NOW, known=nothing
    )

    assert len(query.where.parts) == 6


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"states": ["BY"]}, ["state:BY"]),
        ({"states": ["BY", "nrw"]}, ["land:bayern,NW"]),
        ({"states": ["BY, nrw", "none"]}, ["state:DE-BY,DE-NW,keine"]),
        ({"states": ["bund"]}, ["state:federal"]),
        ({"topics": ["ki"]}, ["topic:ki"]),
        ({"topics": ["Künstliche Intelligenz"]}, ["thema:Künstliche Intelligenz"]),
        ({"topics": ["ki", "ozg", "KI"]}, ["topic:ki,ozg"]),
        ({"topics": ["Bauen, Wohnen"]}, ["topic:Bauen, Wohnen"]),
        ({"topics": ["Bauen, Wohnen"]}, ['topic:"Bauen, Wohnen"']),
        ({"places": ["Bad Nauheim"]}, ["place:Bad Nauheim"]),
        ({"places": ["Bad Nauheim"]}, ['ort:"Bad Nauheim"']),
        ({"places": ["Potsdam, Stadt", "Neustadt"]}, ['ort:"Potsdam, Stadt",neustadt']),
        ({"places": ["Halle (Saale)"]}, ["place:Halle (Saale)"]),
        ({"feeds": ["Kommune21"]}, ["feed:kommune21"]),
        ({"feeds": ["move online"]}, ["quelle:move"]),
        ({"kinds": ["Interview", "news"]}, ["art:interview,meldung"]),
        ({"since": "7d"}, ["since:7d"]),
        ({"until": "gestern"}, ["bis:gestern"]),
        ({"since": "KW 42"}, ['since:"KW 42"']),
        ({"since": "KW 40", "until": "heute"}, ["until:heute", "since:KW 40"]),
        ({"week": "KW 42/2025"}, ["kw:42/2025"]),
        ({"week": "letzte Woche"}, ["week:last"]),
        ({"since": "October 1, 2026"}, ["since:October 1, 2026"]),
        ({"unread": True}, ["is:unread"]),
        ({"starred": True}, ["ist:gemerkt"]),
        ({"unread": True, "starred": True}, ["is:ungelesen", "is:markiert"]),
        ({"view": "Meine KI"}, ["view:meine ki"]),
        ({"view": "leer"}, ["sicht:leer"]),
        ({"view": "neu"}, ["since:7d", "is:unread"]),
    ],
)
def test_options_and_words_are_the_same_query(options: dict[str, Any], words: Sequence[str]) -> None:
    assert asked(**options) == asked(*words)


def test_options_and_words_hold_together() -> None:
    query = asked("-wald", "OR", "topic:ozg", states=["HE"], since="2026-10-01", limit=5)

    first = datetime(2026, 9, 30, 22, tzinfo=UTC)
    assert query == Query(All((Span(first), HE, AnyOf((Not(WALD), OZG)))), 5)


def test_a_repeated_key_holds_twice_and_a_repeated_option_is_a_choice() -> None:
    assert asked("topic:ki", "topic:ozg").where == All((KI, OZG))
    assert asked(topics=["ki", "ozg"]).where == All((Term("topic", ("ki", "ozg")),))


def test_text_is_stems() -> None:
    where = asked("Bürger*", "-MÜNCHEN", "Straßen „Weißer Hirsch“").where

    beginning = Text((("burger",),), begins=True)
    words = [beginning, Not(Text((("munch",),))), Text((("strass",),))]
    assert where == All((*words, Text((("weiss", "hirsch"), ("weisshirsch",)))))


@pytest.mark.parametrize(
    ("words", "forms"),
    [
        (["MÜNCHEN"], [("munch",)]),
        (["Muenchen"], [("munch",)]),
        (["Bürger:innen"], [("burger",)]),
        (["E-Akte"], [("eakt",), ("e", "akt")]),
        (["eAkten"], [("eakt",), ("e", "akt")]),
        (['"Smart City"'], [("smart", "city"), ("smartcity",)]),
        (["SmartCity"], [("smartcity",), ("smart", "city")]),
        (["Bauakte"], [("bauakt",)]),
        (["Smartcity"], [("smartcity",), ("smart", "city")]),
        (["Landkreis"], [("landkreis",)]),
        (['"Amt für Digitales"'], [("amt", "digital"), ("amtdigital",)]),
        (["15.000"], [("15000",)]),
    ],
)
def test_every_spelling_of_a_text(words: list[str], forms: list[tuple[str, ...]]) -> None:
    assert asked(*words).where == All((Text(tuple(forms)),))


def test_a_text_remembers_how_it_was_typed() -> None:
    (text,) = asked("Straßen").where.parts

    assert isinstance(text, Text)
    assert text.typed == "Straßen"


def test_words_that_only_join_others_ask_for_nothing() -> None:
    assert asked("der", "Wald").where == All((WALD,))
    assert asked('"in der"').where == All()
    assert asked("der OR wald").where == All((AnyOf((All(), WALD)),))


@pytest.mark.parametrize(
    ("typed", "forms"),
    [
        ("digital*", [("digital",)]),
        ("Häuser*", [("hauser",), ("haus",)]),
        ("E-Ak*", [("e", "ak")]),
        ("kommun*", [("kommun",)]),
    ],
)
def test_a_beginning_is_one_as_its_letters_and_as_a_stem(typed: str, forms: list[tuple[str, ...]]) -> None:
    assert asked(typed).where == All((Text(tuple(forms), begins=True),))


SYNONYMS = Synonyms([("KI", "Künstliche Intelligenz"), ("Kita", "Kindergarten", "Hort")])
ALIKE = KNOWN._replace(synonyms=lambda: SYNONYMS)
KI_FORMS = (("ki",), ("kunstlich", "intelligenz"), ("kunstlichintelligenz",))


def test_synonyms_are_asked_for_as_well() -> None:
    (ki,) = build(["ki"], now=NOW, known=ALIKE).where.parts
    (phrase,) = build(['"künstliche intelligenz"'], now=NOW, known=ALIKE).where.parts
    (excluded,) = build(["-kita"], now=NOW, known=ALIKE).where.parts

    assert ki == Text(KI_FORMS)
    assert isinstance(phrase, Text)
    assert set(phrase.forms) == set(KI_FORMS)
    assert isinstance(excluded, Not)
    assert excluded.part == Text((("kita",), ("kindergart",), ("kind", "gart"), ("hort",)))


def test_a_beginning_has_no_synonyms() -> None:
    assert build(["ki*"], now=NOW, known=ALIKE).where == All((Text((("ki",),), begins=True),))


def test_two_words_side_by_side_are_a_phrase_with_synonyms() -> None:
    where = build(["wald", "künstliche", "intelligenz", "topic:ozg"], now=NOW, known=ALIKE).where

    apart = All((Text((("kunstlich",),)), Text((("intelligenz",),))))
    assert where == All((WALD, AnyOf((apart, Text((("ki",), ("kunstlichintelligenz",))))), OZG))


def test_two_words_apart_are_no_phrase() -> None:
    where = build(["künstliche", "wald", "intelligenz"], now=NOW, known=ALIKE).where

    assert where == All((Text((("kunstlich",),)), WALD, Text((("intelligenz",),))))


def test_a_phrase_with_synonyms_is_found_at_every_depth() -> None:
    where = build(["x OR -(künstliche intelligenz)"], now=NOW, known=ALIKE).where

    (either,) = where.parts
    assert isinstance(either, AnyOf)
    assert isinstance(either.parts[1], Not)
    assert isinstance(either.parts[1].part, All)
    assert Text((("ki",), ("kunstlichintelligenz",))) in either.parts[1].part.parts[0].parts  # type: ignore[union-attr]


def test_a_name_stands_for_all_its_bearers() -> None:
    assert asked("place:neustadt,none").where == All((Term("place", ("1", "2", "3", "none")),))


# ------------------------------------------------------------------------------------------------ time


def test_the_times_of_the_whole_query_are_one_span() -> None:
    week = Span(datetime(2026, 10, 4, 22, tzinfo=UTC), datetime(2026, 10, 11, 22, tzinfo=UTC))

    query = asked("wald", "since:2026-10-07", "week:41", "view:neu")

    assert query.where.parts[0] == query.span == Span(datetime(2026, 10, 9, 9, tzinfo=UTC), week.until)
    assert [type(part) for part in query.where.parts] == [Span, Text, Term]
    assert asked("-week:41").where == All((Not(week),))
    assert asked("week:41,42").where.parts[0] == AnyOf(
        (week, Span(week.until, datetime(2026, 10, 18, 22, tzinfo=UTC)))
    )


@pytest.mark.parametrize(
    ("words", "options", "message"),
    [
        ([], {"since": "heute", "until": "gestern"}, '--since "heute" lies behind --until "gestern" ['),
        (["seit:heute", "bis:gestern"], {}, 'seit:"heute" lies behind bis:"gestern" ['),
        (["kw:42"], {"until": "2026-10-01"}, 'kw:"42" lies behind --until "2026-10-01" ['),
        (["since:1h", "week:2025-W42"], {}, 'since:"1h" lies behind week:"2025-W42" ['),
        (["week:this", "view:alt"], {}, 'week:"this" lies behind until:"2020" ['),
    ],
)
def test_a_time_that_ends_before_it_begins(words: list[str], options: dict[str, str], message: str) -> None:
    wrong = error(*words, **options)

    assert str(wrong).startswith(message)
    assert wrong.code == "usage.date"


@pytest.mark.parametrize(
    ("words", "options", "message"),
    [
        ([], {"since": "dann"}, '--since "dann" is no date [usage.date]. Write it like'),
        (["bis:dann"], {}, 'bis:"dann" is no date [usage.date]. Write it like'),
        (["since:KW", "42"], {}, 'since:"KW" is no date [usage.date]. Write it like'),
        ([], {"week": "60"}, '--week "60" is no week [usage.date]. Write it like'),
        (["kw:40,x"], {}, 'kw:"x" is no week [usage.date]. Write it like'),
    ],
)
def test_what_is_no_date(words: list[str], options: dict[str, str], message: str) -> None:
    assert str(error(*words, **options)).startswith(message)


# ----------------------------------------------------------------------------------------------- views


def test_a_view_stands_for_its_query() -> None:
    phrase = Text((("kunstlich", "intelligenz"), ("kunstlichintelligenz",)))

    assert asked("view:meine ki").where == All((HE, AnyOf((KI, phrase))))
    assert asked("-view:hessen", "wald").where == All((Not(HE), WALD))
    assert asked("wald OR view:hessen").where == All((AnyOf((WALD, HE)),))
    assert asked("view:hessen,leer").where == All((AnyOf((HE, All())),))


def test_views_in_a_circle() -> None:
    assert str(error("view:B")) == (
        'the view "b" leads back to itself (b → c → a → b) [usage.view]. '
        "Take one of them out of the other's query."
    )


def test_an_error_in_a_view_names_it() -> None:
    sentence, shown, mark = str(error("wald", "view:kaputt")).split("\n")
    assert sentence.startswith(
        'the query has an opening bracket without its end (in the view "kaputt") [usage.query]. '
    )
    assert (shown, mark) == ("topic:ki (wald", "         ^")
    assert str(error(view="mehr")).startswith('there is no state "xx" (in the view "fremd") [usage.state]. ')
    assert str(error(view="hesen")) == 'there is no view "hesen" [usage.view]. Did you mean "hessen"?'


def test_views_count_on_the_limits() -> None:
    assert "more than 16 brackets" in str(error("view:tief0"))
    assert "more than 200 conditions" in str(error("view:breit0"))
    assert asked("view:tief53").where == All((Text((("x",),)),))


# ---------------------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("field", "option"),
    [("state", "states"), ("topic", "topics"), ("place", "places"), ("feed", "feeds"), ("kind", "kinds")],
)
def test_an_unknown_value_is_the_same_error_for_options_and_words(field: str, option: str) -> None:
    for value in ("Xanadu", "a, b"):
        wrong = error(f"{field}:{value}")
        assert wrong.code == f"usage.{field}"
        assert str(wrong) == str(error(**{option: [value]}))
    assert error(**{option: [""]}).code == f"usage.{field}"


def test_the_number_of_conditions_has_a_limit() -> None:
    assert len(asked(*(f"w{at}" for at in range(200))).where.parts) == 200
    assert "more than 200 conditions [usage.query]" in str(error(*(f"w{at}" for at in range(201))))


pieces = st.lists(
    st.sampled_from(
        "a b ki ( ) OR UND NOT - | , „ “ * topic:ki state:by,he place: ort:neustadt feed:move kw:42 seit:7d "
        "bis:gestern view:neu view:a is:x -view:leer : 7d … kind:none sate:by".split()
    )
    | st.sampled_from([" ", '"', "Bad Nauheim", "place:Bad Nauheim", "\x00", "\ud800", "\u0301"]),
    max_size=12,
)


def outcome(*words: str, **options: Any) -> Query | BadUsage:
    try:
        return asked(*words, **options)
    except BadUsage as wrong:
        return wrong


@given(st.lists(st.text(), max_size=4) | pieces | pieces.map(lambda texts: ["".join(texts)]))
def test_any_words_are_a_query_or_wrong_usage(words: list[str]) -> None:
    found = outcome(*words)

    if isinstance(found, BadUsage):
        assert found.code.startswith("usage.")
        assert len(str(found).split("\n")) in (1, 3)
    else:
        assert isinstance(found.where, All)
        assert hash(found) == hash(asked(*words))


@given(st.text(max_size=20))
def test_any_option_is_a_query_or_wrong_usage(text: str) -> None:
    for option in ("states", "topics", "places", "feeds", "kinds"):
        found = outcome(**{option: [text]})
        assert found.where.parts if isinstance(found, Query) else found.code.startswith("usage.")
    for option in ("since", "until", "week", "view"):
        found = outcome(**{option: text})
        assert isinstance(found, Query) or found.code.startswith("usage.")
