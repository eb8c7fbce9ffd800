"""Which articles tell the same story: what speaks for it, what forbids it, and how groups are made."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kommcli.enrich.portrait import portrait
from kommcli.enrich.stories import WEIGHTS, Likeness, compare, groups, keys, pair, signals
from kommcli.model import Block, BlockType, Entry, NewArticle, Place, Topic
from kommcli.traits import Fact, Traits, bloom
from test_traits import traits

TODAY = int(datetime(2026, 10, 16, tzinfo=UTC).timestamp()) // 86_400
POTSDAM = Place("Potsdam", "municipality", "12054000", ("DE-BB",))
COTTBUS = Place("Cottbus", "municipality", "12052000", ("DE-BB",))
TRIER = Place("Trier", "municipality", "07211000", ("DE-RP",))
KI = (Topic("ki", "Künstliche Intelligenz"),)

TEXT = (
    "Die Stadt {place} lässt Bauakten jetzt vom Sprachassistenten Wohni heraussuchen. Wer ein Haus kauft,"
    " bekommt die Unterlagen binnen zwei Tagen statt nach sechs Wochen. {number} Akten hat das Bauarchiv "
    "seit dem Sommer eingescannt, das Land zahlt {money} Euro dazu. Entwickelt hat das Programm die Firma"
    " Spreekontor, sagt Baustadträtin Mira Lohse. Bis zum Winter sollen auch die Pläne der Denkmalpflege "
    "folgen."
)
REWRITE = (
    "Schluss mit dem Warten auf alte Grundrisse: {number} Vorgänge des Bauarchivs liegen digital vor. Das"
    " Programm Wohni der Firma Spreekontor findet sie auf Zuruf, Käuferinnen warten noch zwei Tage. Aus "
    "der Landeskasse fließen {money} Euro an {place}. Mira Lohse, die das Bauressort führt, kündigt die "
    "Denkmalpläne an."
)
FACTS = {"place": "Potsdam", "number": "41.600", "money": "310.000"}


def made(title: str, text: str, day: int = 0, place: Place | None = POTSDAM, **about: Any) -> Traits:
    """The traits of an article of ``day`` days after today."""
    body = (Block(BlockType.PARAGRAPH, text),) if text else ()
    entry = Entry(title, kicker=place.name if place else "", body=body)
    values: dict[str, Any] = {"places": (place,) if place else (), "topics": KI}
    values["states"] = place.states if place else ()
    return portrait(NewArticle(entry, **(values | about)), TODAY + day).traits


def told(text: str = TEXT, title: str = "Bauakten auf Zuruf", day: int = 0, **facts: Any) -> Traits:
    """The story of the Potsdam files, with other facts where they are given."""
    about = {name: facts.pop(name) for name in ("place_", "kind") if name in facts}
    place = about.pop("place_", POTSDAM)
    return made(title, text.format(**(FACTS | {"place": place.name} | facts)), day, place, **about)


def alike(one: Traits, other: Traits, *, same_feed: bool = False) -> Likeness:
    """How alike two articles are, whichever comes first."""
    found = compare(one, other, same_feed=same_feed)
    assert found == compare(other, one, same_feed=same_feed)
    return found


# -------------------------------------------------------------------------------------------- the same


def test_a_copy_is_the_same_story() -> None:
    found = alike(told(), told(title="Wohni findet jede Akte", day=1))

    assert found.same
    assert dict(found.parts)["copy"] > 3


def test_a_copy_without_numbers_is_the_same_story() -> None:
    bare = {"number": "Zahlreiche", "money": "sehr viele"}

    assert alike(told(**bare), told(title="Wohni findet jede Akte", **bare)).same


def test_a_shortened_copy_is_the_same_story() -> None:
    assert alike(told(), told(TEXT[:230], title="Bauakten per Sprachassistent")).same


def test_other_words_with_the_same_facts_are_the_same_story() -> None:
    found = alike(told(), told(REWRITE, title="Wohni hebt den Aktenschatz", day=1))

    assert found.same
    assert {"names", "numbers", "place"} <= {name for name, value in found.parts if value > 0}


def test_the_parts_add_up() -> None:
    one, other = told(), told(REWRITE, day=2)
    nothing = compare(Traits({}), Traits({}), same_feed=False)
    start = nothing.score - sum(value for _name, value in nothing.parts)
    found = alike(one, other)

    assert found.score == pytest.approx(start + sum(value for _name, value in found.parts))
    assert (
        {name for name, _value in found.parts} <= WEIGHTS.keys() == signals(one, other, same_feed=True).keys()
    )


# ------------------------------------------------------------------------------------------ not the same


def test_conflicting_numbers_speak_against_it() -> None:
    same = alike(told(), told(REWRITE))
    found = alike(told(), told(REWRITE, number="12.300", money="95.000"))

    assert dict(found.parts)["conflicts"] < 0
    assert found.score < same.score - 1
    assert not found.same


@pytest.mark.parametrize(
    ("one", "other", "size"),
    [
        ([(1_104, ""), (87, "")], [(1_000, "")], 0.0),  # told roughly
        ([(120_000_000, "")], [(100, "")], 0.0),  # for all, and for each
        ([(1_104, "")], [(1_300, "")], 2.0),
        ([(120_000_000, ""), (87, "")], [(100, "")], 1.4),  # those that are near each other tell
        ([(2025, "year")], [(2026, "year")], 0.0),
        ([(203, "date")], [(204, "date")], 1.0),
    ],
)
def test_which_numbers_conflict(
    one: list[tuple[float, str]], other: list[tuple[float, str]], size: float
) -> None:
    mine, theirs = (Traits({}, facts=tuple(Fact(7, *fact) for fact in some)) for some in (one, other))

    assert signals(mine, theirs, same_feed=False)["conflicts"] == size
    assert signals(theirs, mine, same_feed=False)["conflicts"] == size


def test_a_region_is_not_elsewhere() -> None:
    """The town that one article names may lie in the region of which the other tells."""
    region = Place("Lausitz", "region", states=("DE-BB",))
    found = signals(told(place_=region), told(place_=COTTBUS), same_feed=False)

    assert found["elsewhere"] == 0


def test_another_place_and_state_forbid_it_however_alike_the_texts() -> None:
    found = alike(told(), told(place_=TRIER))

    assert (found.veto, found.same) == ("place", False)
    assert found.score > alike(told(), told(REWRITE, place_=TRIER)).score


def test_another_town_of_the_state_speaks_against_it() -> None:
    found = alike(told(), told(REWRITE, place_=COTTBUS, number="9.800", money="120.000"))

    assert dict(found.parts)["elsewhere"] < 0
    assert dict(found.parts)["main"] < 0
    assert not found.same


def test_a_place_that_the_other_only_names_is_the_same_place() -> None:
    found = alike(told(), told(REWRITE, place_=POTSDAM))
    named = alike(told(), made("Wohni hebt den Aktenschatz", REWRITE.format(**FACTS), place=None))

    assert "place" in dict(found.parts)
    assert "place" in dict(named.parts)
    assert "elsewhere" not in dict(named.parts)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Digitaltag 2026 in Potsdam", "Digitaltag 2025 in Potsdam"),
        ("3. Digitalgipfel", "4. Digitalgipfel"),
        ("Zahlen für September", "Zahlen für Oktober"),
    ],
)
def test_another_edition_speaks_against_it(one: str, other: str) -> None:
    text = "Am Treffen in Potsdam nehmen Verwaltungen und Vereine teil."
    found = alike(made(one, text), made(other, text))

    assert dict(found.parts)["edition"] < -4
    assert not found.same


@pytest.mark.parametrize(
    ("title", "kind"),
    [("Aktuelle Termine", ""), ("KW 42", ""), ("Die Woche im Überblick", ""), ("Bauakten", "podcast"),
     ("Bauakten", "termin")],
)  # fmt: skip
def test_what_comes_again_and_again_is_no_story(title: str, kind: str) -> None:
    found = alike(told(title=title, kind=kind), told())

    assert (found.veto, found.parts) == ("recurring", ())
    assert not found.same


@pytest.mark.parametrize(("days", "veto"), [(14, ""), (15, "window"), (400, "window")])
def test_beyond_the_window_nothing_is_compared(days: int, veto: str) -> None:
    assert alike(told(), told(day=days)).veto == veto


def test_the_window_is_the_readers() -> None:
    assert compare(told(), told(day=5), same_feed=False, window=4).veto == "window"
    assert compare(told(), told(day=15), same_feed=False, window=30).same


def test_a_rewrite_fades_with_the_days_and_a_copy_does_not() -> None:
    def loss(text: str) -> float:
        return alike(told(), told(text)).score - alike(told(), told(text, day=8)).score

    assert loss(REWRITE) > loss(TEXT) + 2
    assert alike(told(), told(day=8)).same


def test_what_goes_on_with_it_is_another_story() -> None:
    later = made(
        "Ein Jahr nach dem Start: Wohni zieht Zwischenbilanz",
        "Die Potsdamer haben 8.200 Mal nach Akten gefragt. Spreekontor baut eine zweite Stufe.",
        day=12,
    )
    found = alike(told(), later)

    assert dict(found.parts)["follow_up"] < 0
    assert not found.same


def test_place_and_topic_alone_are_no_story() -> None:
    found = alike(told(), made("Radwege werden breiter", "Die Stadt Potsdam erneuert ihre Radwege am Kanal."))

    assert "thin" in dict(found.parts)
    assert not found.same


def test_one_source_seldom_tells_a_story_twice() -> None:
    one, other = told(), told(REWRITE)

    assert alike(one, other).score - alike(one, other, same_feed=True).score == pytest.approx(
        -WEIGHTS["same_feed"]
    )


def test_articles_that_say_nothing_are_not_alike() -> None:
    assert not alike(Traits({}), Traits({})).same


few = st.frozensets(st.integers(0, 5), max_size=4)
numbers = st.builds(
    lambda unit, value: Fact(unit, value, "%" if unit == 0 else ""),
    st.integers(0, 2),
    st.sampled_from([3.0, 66.0, 66.7, 1_184.0, 1_200.0]),
)
close = st.builds(
    lambda words, **others: Traits(words, names=frozenset(list(words)[::2]), **others),
    words=st.dictionaries(st.integers(0, 9), st.integers(1, 255).map(lambda tenths: tenths / 10)),
    facts=st.lists(numbers, max_size=6).map(tuple),
    shingles=few,
    places=few,
    place_names=few,
    states=few,
    topics=few,
    editions=few,
    mentioned=few.map(bloom),
    day=st.integers(0, 20),
    looks_back=st.booleans(),
)
"""Articles with much in common."""


@given(st.one_of(traits, close), st.one_of(traits, close), st.booleans(), st.integers(0, 60))
def test_comparing_has_no_order(one: Traits, other: Traits, same_feed: bool, window: int) -> None:
    """To the last bit: which of two is the first in the archive depends on how they came."""
    assert compare(one, other, same_feed=same_feed, window=window) == compare(
        other, one, same_feed=same_feed, window=window
    )


# ------------------------------------------------------------------------------------------------ keys


def test_versions_of_a_story_have_keys_in_common() -> None:
    assert len(keys(told()) & keys(told(title="Wohni findet jede Akte", day=1))) > 10
    assert keys(told()) & keys(told(REWRITE, title="Wohni hebt den Aktenschatz"))


@given(traits)
def test_keys_are_few_and_fit_32_bits(one: Traits) -> None:
    found = keys(one)

    assert len(found) <= 44
    assert all(0 <= key < 2**32 for key in found)


# ---------------------------------------------------------------------------------------------- groups

NAMES = "abcdefg"
PAIRS = list(combinations(NAMES, 2))
scores = st.one_of(st.sampled_from([-5.0, -0.2, 0.5, 2.0]), st.floats(-6, 6))
likenesses = st.builds(Likeness, scores, st.just(()), st.sampled_from(["", "", "", "place"]))
tables = st.fixed_dictionaries(dict.fromkeys(PAIRS, likenesses))
rules = st.dictionaries(st.sampled_from(PAIRS), st.booleans(), max_size=4)

Table = dict[tuple[str, str], Likeness]


def grouped(
    table: Table, rulings: dict[tuple[str, str], bool] | None = None, order: str = NAMES
) -> list[str]:
    """The groups of ``order``, each as a word."""
    alike = [two for two in PAIRS if set(two) <= set(order)]
    found = groups(order, alike, lambda one, other: table[pair(one, other)], rulings or {})
    return ["".join(sorted(group)) for group in found]


def table(near: str, **others: float) -> Table:
    """Pairs of ``near`` ("ab bc") are one story, ``others`` have scores of their own, and the rest is far."""
    scored = dict.fromkeys(PAIRS, -5.0) | {(two[0], two[1]): 2.0 for two in near.split()}
    scored |= {(two[0], two[1]): value for two, value in others.items()}
    return {two: Likeness(value, ()) for two, value in scored.items()}


@given(tables, rules, st.permutations(NAMES))
def test_groups_are_the_same_in_every_order(
    some: Table, rulings: dict[tuple[str, str], bool], order: list[str]
) -> None:
    assert grouped(some, rulings, "".join(order)) == grouped(some, rulings)


@given(tables)
def test_nobody_is_in_two_groups_and_none_is_alone(some: Table) -> None:
    found = grouped(some)

    assert len("".join(found)) == len(set("".join(found)))
    assert all(len(group) > 1 for group in found)


@given(tables)
def test_no_two_in_a_group_are_too_unlike(some: Table) -> None:
    for group in grouped(some):
        assert all(some[two].score > -2.0 and not some[two].veto for two in combinations(group, 2))


def test_a_chain_of_likenesses_is_no_story() -> None:
    assert grouped(table("ab bc cd")) == ["ab", "cd"]
    assert grouped(table("ab bc", ac=-0.1)) == ["abc"]  # not alike, but no contradiction either
    assert grouped(table("ab bc", ac=-1.5)) == ["ab"]  # in the mean not alike
    assert grouped(table("", ab=5.0, bc=5.0, ac=-1.9)) == ["abc"]
    assert grouped(table("", ab=9.0, bc=9.0, ac=-2.0)) == ["ab"]  # too unlike, whatever b says


def test_the_likest_join_first() -> None:
    assert grouped(table("ab", bc=3.0)) == ["bc"]


def test_a_veto_counts_across_a_group() -> None:
    some = table("ab ac bc")
    some["a", "c"] = Likeness(9.0, (), "place")

    assert grouped(some) == ["ab"]


def test_rulings_come_before_all_else() -> None:
    assert grouped(table(""), {("a", "b"): True}) == ["ab"]
    assert grouped(table("ab"), {("a", "b"): False}) == []
    vetoed = table("")
    vetoed["a", "b"] = Likeness(-9.0, (), "recurring")
    assert grouped(vetoed, {("a", "b"): True, ("b", "c"): True}) == ["abc"]


def test_what_the_reader_split_no_third_brings_together() -> None:
    assert grouped(table("ab ac bc"), {("a", "b"): False}) == ["ac"]


def test_a_ruling_about_others_says_nothing() -> None:
    assert grouped(table("ab"), {("x", "y"): True}) == ["ab"]


@given(tables, rules)
def test_merged_stay_together_and_split_stay_apart_where_nobody_merged(
    some: Table, rulings: dict[tuple[str, str], bool]
) -> None:
    found = grouped(some, rulings)
    for two, same in rulings.items():
        if same:
            assert any(set(two) <= set(group) for group in found)
        elif True not in rulings.values():
            assert not any(set(two) <= set(group) for group in found)
