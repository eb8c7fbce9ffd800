"""German terms in running text: inflection, compounds, hyphens, umlauts, and what is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kommcli.data import topics
from kommcli.enrich.terms import Matcher, folded

TOPICS = Matcher(topics.builtin().terms())


def words(term: str, text: str) -> list[str]:
    return [hit.words for hit in Matcher([(folded(term), 1.0, "it")]).hits(text)]


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("chatbot", "Chatbots"),
        ("chatbot", "Bürgerchatbot"),
        ("chatbot", "KI-Chatbot-Projekt"),
        ("=KI", "KI-gestützt"),
        ("=KI", "Bürger-KI"),
        ("=eID", "eID-Karte"),
        ("wohngeld", "Wohngeldassistent"),
        ("|wahl", "Wahlhelferinnen"),
        ("|wahl", "OB-Wahl"),
        ("akte|", "Bauakten"),
        ("|app|", "Bürger-Apps"),
        ("|app|", "BürgerApp"),
        ("smart city", "Smart City"),
        ("smart city", "Smart-City-Konzept"),
        ("smart city", "SmartCity"),
        ("smart city", "Smartcity"),
        ("smart city", "Smart City-Konzept"),
        ("smart-city", "Smart  City"),
        ("e-akte", "eAkte"),
        ("e-akte", "E-Akte"),
        ("e-akte", "E Akte"),
        ("e-akte", "E-Akten-Einführung"),
        ("künstlich intelligenz", "Künstlicher Intelligenz"),
        ("künstlich intelligenz", "kuenstliche Intelligenz"),
        ("digital zwilling", "digitalen Zwillings"),
        ("bund-id", "BundID"),
        ("lorawan", "LoRaWAN"),
        ("nis-2", "NIS2"),
        ("nis-2", "NIS-2-Richtlinie"),
        ("einer für alle", "Einer-für-alle"),
        ("gesundheitsamt", "Gesundheitsämter"),
    ],
)
def test_finds(term: str, text: str) -> None:
    assert words(term, f"Neu: {text}, sagt die Stadt.") == [text]


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("=KI", "KITA, Kita und ki"),
        ("=AI", "Frankfurt am Main"),
        ("|wahl", "Auswahl"),
        ("akte|", "Aktenzeichen"),
        ("|app|", "Apparat, Knappschaft"),
        ("smart city", "Smart, City"),
        ("smart city", "smarte neue City"),
        ("open data|", "Open Database"),
        ("künstlich intelligenz", "künstlich beatmet"),
    ],
)
def test_finds_nothing(term: str, text: str) -> None:
    assert words(term, text) == []


def test_one_hit_for_a_word() -> None:
    """Of terms that share a payload and a word the heaviest counts, less the one against it."""
    matcher = Matcher([("|wahl", 1.0, "it"), ("wahlen", 3.0, "it"), ("kommunalwahl", -2.0, "it")])
    assert [hit.weight for hit in matcher.hits("Kommunalwahlen")] == [1.0]


def test_a_word_that_only_looks_like_a_term_is_none() -> None:
    matcher = Matcher([("akte|", 2.0, "it"), ("kontakte|", -2.0, "it")])
    assert [(hit.weight, hit.words) for hit in matcher.hits("Kontakte, Akten, Bauakten")] == [
        (2.0, "Akten"),
        (2.0, "Bauakten"),
    ]


def test_no_terms_and_odd_terms() -> None:
    assert Matcher[str]([]).hits("Text") == []
    assert Matcher([("", 1.0, "it"), ("|", 1.0, "it"), ("=", 1.0, "it")]).hits("Text | = mehr") == []


@given(st.text(max_size=200))
def test_never_raises_and_words_stand_in_the_text(text: str) -> None:
    for hit in TOPICS.hits(text):
        assert hit.words
        assert hit.words in text
    assert TOPICS.hits(text) == TOPICS.hits(text)


@given(
    st.lists(
        st.sampled_from("Smart City KI-Chatbot eAkte, digitale Zwillinge OZG 2.0 – /".split()), max_size=20
    )
)
def test_words_in_any_order(parts: list[str]) -> None:
    text = "  ".join(parts)
    assert all(hit.words in text for hit in TOPICS.hits(text))


@given(st.text(min_size=1, max_size=12), st.text(max_size=60))
def test_any_term_is_harmless(term: str, text: str) -> None:
    assert all(hit.words in text for hit in Matcher([(folded(term), 1.0, "it")]).hits(text))
