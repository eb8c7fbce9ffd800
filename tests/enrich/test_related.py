"""What the archive has to an article: the order, what fades, and that nothing is told twice."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kommcli.enrich.portrait import portrait
from kommcli.enrich.related import LEAST, Candidate, cosine, related, score, shared_words
from kommcli.model import Block, BlockType, Entry, NewArticle, Place, Topic
from kommcli.traits import Traits
from test_traits import traits

POTSDAM = Place("Potsdam", "municipality", "12054000", ("DE-BB",))
TRIER = Place("Trier", "municipality", "07211000", ("DE-RP",))


def topics(*keys: str) -> tuple[Topic, ...]:
    return tuple(Topic(key, key) for key in keys)


def made(title: str, text: str = "", day: int = 20_000, **about: Any) -> Any:
    """The portrait of an article about KI in Potsdam, if nothing else is said."""
    values = {"places": (POTSDAM,), "topics": topics("ki")} | about
    return portrait(NewArticle(Entry(title, body=(Block(BlockType.PARAGRAPH, text),)), **values), day)


OWN = made(
    "Wohni hebt den Aktenschatz",
    "Der Sprachassistent Wohni der Firma Spreekontor findet Bauakten. Das Bauarchiv hat sie eingescannt.",
)
PROJECT = made("Wohni lernt dazu", "Wohni von Spreekontor findet jetzt auch Lagepläne im Bauarchiv.").traits
TOPIC = made("Sprachassistent am Telefon", "Anrufe nimmt eine Stimme an.", places=(TRIER,)).traits
PLACE = made("Radwege werden breiter", "Asphalt und Farbe.", topics=topics("mobilitaet")).traits
NOTHING = made("Radwege in Trier", "Asphalt und Farbe.", places=(TRIER,), topics=topics("mobilitaet")).traits


def candidate(key: int, traits: Traits, story: str = "", *, linked: bool = False) -> Candidate:
    return Candidate(key, story or f"story {key}", traits, linked)


def keys(*candidates: Candidate, most: int = 9) -> list[int]:
    """The keys of the related articles, best first."""
    return [one.key for one in related(OWN.traits, candidates, most)]


# --------------------------------------------------------------------------------------------- the order


def test_the_same_project_comes_before_the_same_topic() -> None:
    assert keys(candidate(1, TOPIC), candidate(2, PROJECT)) == [2, 1]


def test_what_has_nothing_to_do_with_it_is_left_out() -> None:
    assert keys(candidate(1, NOTHING)) == []
    assert score(OWN.traits, candidate(1, NOTHING)) < LEAST


def test_the_place_alone_is_not_enough_with_another_topic() -> None:
    assert keys(candidate(1, PLACE)) == []
    assert score(OWN.traits, candidate(1, PLACE)) > score(OWN.traits, candidate(2, NOTHING))


def test_what_the_editors_linked_is_always_there() -> None:
    (found,) = related(OWN.traits, [candidate(2, NOTHING, linked=True)], 1)

    assert (found.key, found.linked) == (2, True)


def test_of_equals_what_the_editors_linked_comes_first() -> None:
    assert keys(candidate(3, PROJECT), candidate(2, PROJECT, linked=True)) == [2, 3]


def test_topics_that_say_little_count_little() -> None:
    def of(*keys: str) -> float:
        own = made("Neues aus dem Haus", "Alltag.", topics=topics(*keys), places=()).traits
        other = made("Anderes aus der Stadt", "Sonntag.", topics=topics(*keys), places=()).traits
        return score(own, candidate(1, other))

    assert of("unternehmen") < of("ki") < of("ki", "ozg")


def test_at_most_so_many() -> None:
    some = [candidate(number, made(f"Wohni {word}", "Wohni").traits) for number, word in enumerate("abcdef")]

    assert [len(keys(*some, most=most)) for most in (0, 1, 4, 99)] == [0, 1, 4, 6]


def test_of_equals_the_newer_comes_first() -> None:
    assert keys(candidate(1, PROJECT), candidate(3, PROJECT), candidate(2, PROJECT)) == [3, 2, 1]


# ------------------------------------------------------------------------------------------ time, stories


@pytest.mark.parametrize("sign", [-1, 1])
def test_it_fades_with_the_time_between_them(sign: int) -> None:
    text = "Wohni von Spreekontor findet jetzt auch Lagepläne im Bauarchiv."
    scores = [
        score(OWN.traits, candidate(1, made("Wohni lernt dazu", text, 20_000 + sign * days).traits))
        for days in (0, 100, 400, 2_000)
    ]

    assert scores == sorted(scores, reverse=True)
    assert scores[2] == pytest.approx(scores[0] / 2)


def test_a_link_does_not_fade() -> None:
    old = made("Wohni geht an den Start", "Wohni", 15_000).traits

    assert score(OWN.traits, candidate(1, old, linked=True)) >= 4


def test_of_one_story_the_best_is_taken() -> None:
    other = made("Wohni startet", "Wohni und Spreekontor im Bauarchiv").traits

    assert keys(candidate(1, TOPIC, "s"), candidate(2, PROJECT, "s"), candidate(3, other)) in ([2, 3], [3, 2])


def test_what_says_the_same_again_must_be_the_better_for_it() -> None:
    """Two notices say the same; another view of the subject comes before the second of them."""
    own = Traits({1: 5.0, 2: 5.0, 3: 5.0, 4: 5.0})
    notice, view = Traits({1: 5.0, 2: 5.0}), Traits({3: 5.0, 4: 5.0, 5: 0.5})
    some = [candidate(1, notice), candidate(2, notice), candidate(3, view)]

    assert score(own, some[0]) > score(own, some[2])
    assert [one.key for one in related(own, some, 3)] == [2, 3, 1]


# ------------------------------------------------------------------------------------------------- always

stories = st.integers(1, 4).map("story {}".format)
candidates = st.lists(st.tuples(traits, stories, st.booleans()), max_size=8).map(
    lambda some: [Candidate(key, story, one, linked) for key, (one, story, linked) in enumerate(some)]
)


@given(traits, candidates, st.integers(0, 5), st.randoms(use_true_random=False))
def test_no_story_twice_and_the_same_in_every_order(
    own: Traits, some: list[Candidate], most: int, chance: Any
) -> None:
    found = related(own, some, most)
    shuffled = list(some)
    chance.shuffle(shuffled)
    told = [next(one.story for one in some if one.key == relation.key) for relation in found]

    assert len(told) == len(set(told)) <= most
    assert all(relation.score >= LEAST for relation in found)
    assert related(own, shuffled, most) == found


@given(traits, traits)
def test_the_cosine_is_between_nothing_and_all(one: Traits, other: Traits) -> None:
    assert 0 <= cosine(one, other) <= 1 + 1e-9
    assert cosine(one, other) == pytest.approx(cosine(other, one))
    assert cosine(one, one) == pytest.approx(1 if one.words else 0)


# ------------------------------------------------------------------------------------------- the reasons


def test_the_words_of_both_that_name_something() -> None:
    other = made("Wohni lernt dazu", "Wohni von Spreekontor findet jetzt auch Lagepläne im Bauarchiv.")
    said = [word.said for word in shared_words(OWN, other.traits)]

    assert said[0] == "Wohni"
    assert "Spreekontor" in said
    assert len(said) <= 3


def test_what_is_told_otherwise_is_left_out() -> None:
    other = made("Wohni lernt dazu", "Wohni von Spreekontor.")

    assert [word.said for word in shared_words(OWN, other.traits, {"wohni"})] == ["Spreekontor"]
    assert shared_words(OWN, made("Radwege", "Asphalt.").traits) == []
