"""What an article is compared by: its heaviest words, names, numbers, and what its headline says of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kommcli.enrich.portrait import FACTS, HEAVIEST, READ, Portrait, portrait
from kommcli.model import Block, BlockType, Entry, NewArticle, Place, Topic
from kommcli.traits import SHINGLES, hashed, packed, unpacked

POTSDAM = Place("Potsdam", "municipality", "12054000", ("DE-BB",))
BERGSTRASSE = Place("Landkreis Bergstraße", "district", "06431", ("DE-HE",))
NECKAR = Place("Metropolregion Rhein-Neckar", "region", "", ("DE-BW", "DE-HE", "DE-RP"))


def article(
    title: str = "", *paragraphs: str, kicker: str = "", teaser: str = "", **about: Any
) -> NewArticle:
    """An article of these texts."""
    body = tuple(Block(BlockType.PARAGRAPH, text) for text in paragraphs)
    return NewArticle(Entry(title, kicker=kicker, teaser=teaser, body=body), **about)


def seen(title: str = "", *paragraphs: str, **about: Any) -> Portrait:
    """Its portrait."""
    return portrait(article(title, *paragraphs, **about))


WOHNI = seen(
    "Wohni bewährt sich",
    "Die Stadt zahlt 310.000 Euro an die ekom21. Die BauCloud ist neu, „Klarblick“ folgt.",
    kicker="Potsdam",
    teaser="Der Assistent hat 1.184 Anträge geprüft.",
)


# ----------------------------------------------------------------------------------------------- words


def test_the_rarest_word_of_the_headline_tells_the_most() -> None:
    weights = [word.weight for word in WOHNI.words]

    assert WOHNI.words[0].said == "Wohni"
    assert weights == sorted(weights, reverse=True)
    assert [hashed(word.stem) for word in WOHNI.words] == list(WOHNI.traits.words)


def test_names_are_quoted_or_odd_or_unknown_to_the_field() -> None:
    names = {word.said for word in WOHNI.words if word.name}

    assert {"Wohni", "ekom21", "BauCloud", "Klarblick"} <= names
    assert not {"Stadt", "Euro", "Anträge", "neu"} & names
    assert WOHNI.traits.names <= WOHNI.traits.words.keys()


def test_a_compound_says_its_parts_too_but_less() -> None:
    weights = {word.stem: word.weight for word in seen("Das Verwaltungsportal").words}

    assert weights["verwaltungsportal"] > weights["portal"] > 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bürgerinnen und Bürger melden Schäden", "Bürger:innen melden Schäden"),
        ("Groesse der Strasse", "Größe der Straße"),
        ("Die E-Akte kommt", "E-Akte kommt"),
    ],
)
def test_spellings_make_no_other_words(one: str, other: str) -> None:
    assert set(seen(one).traits.words) == set(seen(other).traits.words)


def test_a_teaser_that_the_text_begins_with_counts_once() -> None:
    told = seen(
        "Titel", "Der Assistent Wohni prüft Anträge. Mehr dazu.", teaser="Der Assistent Wohni prüft …"
    )

    assert told.words == seen("Titel", "Der Assistent Wohni prüft Anträge. Mehr dazu.").words


def test_what_stands_far_behind_is_not_read() -> None:
    filling = "Es geht um Akten. " * (READ // 10)

    assert hashed("quirlbach") not in seen("Titel", filling, "Quirlbach").traits.words
    assert hashed("quirlbach") in seen("Titel", "Quirlbach", filling).traits.words


def test_captions_are_no_text() -> None:
    picture = Block(BlockType.IMAGE, "Wohni auf dem Bildschirm")

    assert portrait(NewArticle(Entry("Titel", body=(picture,)))).words == seen("Titel").words


# --------------------------------------------------------------------------------------------- numbers


def test_numbers_of_all_its_texts_in_their_order() -> None:
    assert [(one.unit, one.value) for one in WOHNI.counts] == [("antrag", 1_184), ("euro", 310_000)]
    assert [fact.value for fact in WOHNI.traits.facts] == [1_184, 310_000]


def test_of_many_numbers_the_most_telling_stay() -> None:
    small = " ".join(f"{number} Dinge{chr(97 + number)}." for number in range(2, 12))
    large = " ".join(f"{number} Häuser." for number in range(1_111, 1_111 + FACTS))

    assert [one.value for one in seen("Titel", small, large).counts] == list(range(1_111, 1_111 + FACTS))


# ---------------------------------------------------------------------------------------------- places


def test_places_by_key_and_by_the_word_that_no_form_leaves_out() -> None:
    traits = seen("Titel", places=(NECKAR, BERGSTRASSE), states=("DE-HE",)).traits

    assert traits.places == {hashed("06431"), hashed("metropolregion rhein-neckar")}
    assert traits.main == "06431"
    assert traits.place_names == {hashed("bergstrass"), hashed("neckar")}
    assert traits.states == {hashed("DE-HE")}


def test_a_place_is_mentioned_wherever_it_is_written_with_a_capital() -> None:
    (name,) = seen("Titel", places=(POTSDAM,)).traits.place_names

    assert seen("Titel", "Auch Potsdam zieht mit.").traits.mentions(name)
    assert not seen("Titel", "Auch Cottbus zieht mit.").traits.mentions(name)


def test_topics_and_the_first_of_them() -> None:
    traits = seen("Titel", topics=(Topic("ki", "KI"), Topic("ozg", "OZG"))).traits

    assert (traits.topics, traits.topic) == ({hashed("ki"), hashed("ozg")}, hashed("ki"))
    assert seen("Titel").traits.topic == 0


# ------------------------------------------------------------------------------------------- headlines


@pytest.mark.parametrize(
    "title",
    [
        "Aktuelle Termine", "Aktuelle Termine im Oktober", "Termine", "KW 42", "Themen der KW 42",
        "Die Woche im Überblick", "Zahl des Monats", "Podcast #48: Lina", "Folge 12", "Personalien",
        "Presseschau 12. Oktober", "Newsletter Nr. 3", "Rückblick auf das Jahr", "Ausgabe 3/2026",
        "Kurz notiert", "Das Zitat der Woche", "Neues aus Kalenderwoche 41",
    ],
)  # fmt: skip
def test_columns_come_again_and_again(title: str) -> None:
    assert seen(title).traits.recurring
    # "Kurz notiert" may stand over each piece of news by itself.
    assert seen("Etwas anderes", kicker=title).traits.recurring is (title != "Kurz notiert")


@pytest.mark.parametrize(
    "title",
    [
        "Terminvereinbarung online", "Wohni bewährt sich", "Stadt nimmt Meldungen per App entgegen",
        "Kommunen planen die nächsten Wochen", "Bauakten auf Knopfdruck", "Ein Überblick fehlt noch",
    ],
)  # fmt: skip
def test_other_headlines_do_not(title: str) -> None:
    assert not seen(title).traits.recurring


@pytest.mark.parametrize(("kind", "recurring"), [("termin", True), ("podcast", True), ("bericht", False)])
def test_dates_and_podcasts_are_columns_by_their_kind(kind: str, recurring: bool) -> None:
    assert seen("Wohni bewährt sich", kind=kind).traits.recurring is recurring


@pytest.mark.parametrize(
    "title",
    ["Ein Jahr nach dem Cyberangriff", "Zwischenbilanz", "Wieder erreichbar", "Nach Kritik: Stadt lenkt ein"],
)
def test_a_headline_that_looks_back(title: str) -> None:
    assert seen(title).traits.looks_back
    assert seen("Titel", teaser=title).traits.looks_back
    assert not seen("Titel", title).traits.looks_back  # in the text it is told by the way


def test_which_one_of_a_series_it_is() -> None:
    editions = [
        seen(title).traits.editions
        for title in (
            "Digitaltag 2026",
            "Digitaltag 2025",
            "3. Digitalgipfel",
            "Der zweite Digitalgipfel",
            "Digitaltag",
        )
    ]

    assert editions[0] == {hashed("2026")}
    assert len(set(editions)) == 5
    assert editions[-1] == frozenset()


# ---------------------------------------------------------------------------------------------- always

texts = st.text() | st.lists(
    st.sampled_from(
        ["Wohni", "„Lina“", "E-Akte", "15.000", "Euro", "Bürger:innen", "KW 42", "3. Mai", "…", "-"]
    )
).map(" ".join)


@given(texts, texts, st.lists(texts, max_size=4), texts, st.integers(-700_000, 3_000_000))
def test_every_article_has_traits_that_can_be_kept(
    title: str, kicker: str, body: list[str], teaser: str, day: int
) -> None:
    found = portrait(article(title, *body, kicker=kicker, teaser=teaser, places=(POTSDAM,)), day)
    traits = found.traits

    kept = unpacked(packed(traits))
    assert unpacked(packed(kept)) == kept
    assert kept.words.keys() == traits.words.keys()
    assert (len(found.words) <= HEAVIEST, len(traits.facts) <= FACTS) == (True, True)
    assert len(traits.shingles) <= SHINGLES
    assert traits.day == day


def test_an_article_without_words_is_none_the_less_one() -> None:
    assert seen().traits == seen("und der die das", "…").traits
