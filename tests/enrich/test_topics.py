"""Topics: the taxonomy with the user's changes, and what an article is about."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kommcli.data import topics
from kommcli.enrich.terms import Matcher
from kommcli.enrich.topics import topics_of
from kommcli.model import Block, BlockType, Entry, Feed

OURS = topics.builtin()
MATCHER = Matcher(OURS.terms())
FEED = Feed("amtsblick", "https://amtsblick.example/feed")


def keys(title: str, feed: Feed = FEED, body: str = "", **fields: Any) -> list[str]:
    blocks = tuple(Block(BlockType.PARAGRAPH, text) for text in body.split("\n") if text)
    entry = Entry(title=title, body=blocks, **fields)
    return [found.what.key for found in topics_of(entry, feed, OURS, MATCHER)]


# ------------------------------------------------------------------------------------------ taxonomy


def test_json_is_the_compiled_toml() -> None:
    folder = resources.files("kommcli.data")
    table = tomllib.loads(folder.joinpath("topics.toml").read_text("utf-8"))
    assert folder.joinpath("topics.json").read_text("utf-8") == topics.compiled(table)


def test_table_is_sound() -> None:
    """Every topic has its names, enough terms, and no term that would match inside any word."""
    table = tomllib.loads(resources.files("kommcli.data").joinpath("topics.toml").read_text("utf-8"))
    assert len(table) == 38
    for key, topic in table.items():
        assert topic["name"], key
        assert topic["en"], key
        terms = [term for group in topic["terms"].values() for term in group]
        assert len(terms) >= 15, key
        assert not [term for term in terms if term.endswith("-") or "," in term], key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("ki", "ki"),
        ("Künstliche Intelligenz", "ki"),
        ("kuenstliche  intelligenz", "ki"),
        ("Artificial intelligence", "ki"),
        ("CMS | Portale", "portale"),
        ("Dokumenten-Management", "e-akte"),
        ("eAkte", "e-akte"),
        ("Fachkräfte", "fachkraefte"),
        ("fachkraefte", "fachkraefte"),
        ("Schul-IT", "schul-it"),
        ("Kfz-Wesen", "kfz"),
        ("Digitaler Zwilling", "geodaten"),
    ],
)
def test_find(text: str, key: str) -> None:
    found = OURS.find(text)
    assert found is not None
    assert found.key == key


@pytest.mark.parametrize("text", ["", " ", "|", "Bayern", "Wetter"])
def test_find_nothing(text: str) -> None:
    assert OURS.find(text) is None


def test_named() -> None:
    assert OURS.named("DMS").key == "e-akte"
    assert OURS.named("Bürger & Märkte").key == "buerger-maerkte"
    assert OURS.named("Bürger & Märkte").name == "Bürger & Märkte"
    assert OURS.named("Straßenbäume").key == "strassenbaeume"
    assert OURS.named("Neue Steuer").key == "neue-steuer"
    assert OURS.named("漢字").key == "thema"


@given(st.text(max_size=80))
def test_any_name_has_a_safe_key(text: str) -> None:
    key = OURS.named(text).key
    assert key
    assert key.isascii()
    assert key == key.strip("-").lower()


def test_user_changes() -> None:
    changed = topics.taxonomy(
        {
            "ki": {
                "name": "KI und Robotik",
                "aliases": ["Robotik"],
                "terms": {"chatbot": 0, "Quantencomputer": 3},
            },
            "panorama": {"enabled": False},
            "baeder": {
                "name": "Bäder",
                "terms": ["Freibad"],
                "not": ["Bäderkönig"],
                "categories": ["Badewesen"],
            },
        }
    )
    assert changed.find("ki") == changed.find("Robotik") == changed.topics["ki"]
    assert changed.topics["ki"].name == "KI und Robotik"
    assert changed.find("Künstliche Intelligenz") is not None
    assert changed.find("Badewesen") == changed.topics["baeder"]
    assert changed.find("Panorama") is None
    assert "Panorama" not in changed.names()
    assert "Bäder" in changed.names()
    terms = set(changed.terms())
    assert ("quantencomputer", 3.0, "ki") in terms
    assert ("baderkonig", -2.0, "baeder") in terms
    assert not [term for term in terms if term[0] == "chatbot" and term[2] == "ki"]
    assert OURS.topics["ki"].name == "Künstliche Intelligenz", "ours is left as it is"
    assert topics.taxonomy() is topics.taxonomy({}) is OURS


# ---------------------------------------------------------------------------------------- by publisher


def test_category_wins_and_comes_first() -> None:
    found = keys(
        "Chatbot antwortet", categories=("CMS | Portale",), teaser="Eine Künstliche Intelligenz hilft."
    )
    assert found == ["portale", "ki"]


def test_category_of_several_topics() -> None:
    assert keys("Neues", categories=("Breitband & Geodaten",)) == ["breitband", "geodaten"]


def test_kicker_that_is_a_topic() -> None:
    entry = Entry(title="Neue Wege", kicker="Digitaler Zwilling")
    (found,) = topics_of(entry, FEED, OURS, MATCHER)
    assert found.what.key == "geodaten"
    assert ("kicker", "Digitaler Zwilling", "kicker") in [(e.where, e.words, e.rule) for e in found.evidence]


def test_unknown_category_is_a_topic_of_its_own() -> None:
    entry = Entry(title="Neue Wege", categories=("Digitalpolitik Spezial",))
    (found,) = topics_of(entry, FEED, OURS, MATCHER)
    assert (found.what.key, found.what.name) == ("digitalpolitik-spezial", "Digitalpolitik Spezial")


@pytest.mark.parametrize(
    "category",
    "Allgemein,News,Uncategorized,Startseite,Pressemitteilung,Bayern,NRW,Interview,Stadt Ulm,2026,KW 42,"
    "Rita Amt,In Kürze".split(","),
)
def test_housekeeping_is_no_topic(category: str) -> None:
    assert keys("Neue Wege", categories=(category,), author="Rita Amt") == []


def test_places_are_no_topics() -> None:
    entry = Entry(title="Neue Wege", categories=("Ulm",))
    assert topics_of(entry, FEED, OURS, MATCHER, is_place=lambda name: name == "Ulm") == ()


def test_many_categories_are_tags() -> None:
    tags = ("Ulm", "Rathaus", "Donau", "Münster", "Open Data")
    assert keys("Ulm zeigt Zahlen", categories=tags) == ["open-data"]


# -------------------------------------------------------------------------------------- setting, terms


def test_setting_is_kept_and_comes_last() -> None:
    feed = Feed("x", "https://x.example/", topic="Wahlen")
    entry = Entry(title="Chatbot für Ulm")
    found = topics_of(entry, feed, OURS, MATCHER)
    assert [one.what.key for one in found] == ["ki", "wahlen"]
    assert [(e.where, e.words, e.rule) for e in found[-1].evidence] == [("feed", "Wahlen", "setting")]
    assert keys("Nichts davon", Feed("x", "https://x.example/", topic="Bürger & Märkte")) == [
        "buerger-maerkte"
    ]


@pytest.mark.parametrize(
    ("title", "teaser", "main"),
    [
        ("Wohngeld schneller bewilligt", "Die Stadt Erfurt prüft Anträge digital.", "sozialwesen"),
        ("Rathaus nach Angriff offline", "Ein Hackerangriff hat die Stadt getroffen.", "it-sicherheit"),
        ("Funklöcher schließen sich", "Im Kreis entstehen drei neue Mobilfunkmasten.", "breitband"),
        ("Neue Website für Weimar", "Der Internetauftritt ist barrierefrei.", "portale"),
        ("Kaufen ohne Bargeld", "Im Bürgeramt steht nun ein Kassenautomat für Kartenzahlung.", "payment"),
        ("Laternen, die mitdenken", "Die Smart City Ulm misst mit LoRaWAN-Sensoren.", "smart-city"),
        ("Digitaler Bauantrag startet", "Bauherren reichen Pläne online ein.", "bauen"),
        ("Abschied von Microsoft", "Das Land wechselt zu LibreOffice und Open Source.", "souveraenitaet"),
        ("Mehr Mängelmelder", "Hinweise auf Schlaglöcher kommen per App.", "partizipation"),
        ("Zweckverband wächst", "Drei Kommunen arbeiten künftig interkommunal zusammen.", "kooperation"),
        ("Sirenen und Warn-App", "Die Feuerwehr probt für das Hochwasser.", "katastrophenschutz"),
        ("Führerschein per Klick", "Die Zulassungsstelle nimmt i-Kfz in Betrieb.", "kfz"),
    ],
)
def test_main_topic(title: str, teaser: str, main: str) -> None:
    assert keys(title, teaser=teaser)[0] == main


def test_a_general_topic_stays_behind() -> None:
    found = keys(
        "BSI warnt vor Ransomware",
        teaser="Kommunen sollen ihren IT-Grundschutz prüfen. Das rät ein Ministerium.",
    )
    assert found == ["it-sicherheit"]


def test_items_of_an_enumeration_are_examples() -> None:
    found = keys("Der Chatbot antwortet", teaser="Er weiß Bescheid über Kitas, Friedhöfe und Hundesteuer.")
    assert found == ["ki"]
    found = keys("Neues im Kreis", teaser="Es geht um Krankenhäuser, Pflegeheime und Arztpraxen.")
    assert found == ["gesundheit"]


def test_one_mention_in_a_long_body_is_no_topic() -> None:
    filler = "Die Gemeinde hat am Montag den Neubau der Halle besprochen und vertagt. " * 60
    assert "datenschutz" not in keys("Halle wird besprochen", body=filler + "Auch der Datenschutz kam vor.")


def test_words_that_cancel() -> None:
    assert "wahlen" not in keys("Die Qual der Wahl", teaser="Beschäftigte haben die freie Wahl.")


@given(
    st.text(max_size=60),
    st.text(max_size=40),
    st.text(max_size=200),
    st.lists(st.text(max_size=30), max_size=6),
)
def test_any_entry(title: str, kicker: str, teaser: str, categories: list[str]) -> None:
    entry = Entry(title=title, kicker=kicker, teaser=teaser, categories=tuple(categories))
    found = topics_of(entry, FEED, OURS, MATCHER)
    assert len({one.what.key for one in found}) == len(found) <= 5
    places = {"title": [title], "kicker": [kicker], "teaser": [teaser], "category": categories}
    for one in found:
        assert one.evidence
        assert all(any(e.words in text for text in places[e.where]) for e in one.evidence)


@pytest.mark.parametrize(
    "title", ["Kompakte Kontakte und exakte Fakten", "Neue Verwaltungsakte", "Artefakte im Kreismuseum"]
)
def test_words_that_only_end_like_files_are_no_files(title: str) -> None:
    assert "e-akte" not in keys(title, body=f"{title}. Die Stadt nennt Kontakte und Fakten.")


def test_files_are_files_beside_words_that_end_like_them() -> None:
    assert "e-akte" in keys("E-Akte: Kontakte und Fakten", body="Die Akten der Stadt sind digital.")
