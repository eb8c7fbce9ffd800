"""Compounds: what is made of two words of the field, and what only looks so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kommcli import stems
from kommcli.compounds import JOINTS, background, split


def taken_apart(word: str) -> tuple[str, ...]:
    """The stems of a word's parts."""
    return split(stems.stem(word))


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("Bauakte", "bau akt"),
        ("Bauakten", "bau akt"),
        ("Bauantrag", "bau antrag"),
        ("Bürgerbüro", "burger buro"),
        ("Verwaltungsportal", "verwalt portal"),
        ("Digitalisierungsstrategie", "digitalis strategi"),
        ("Straßenbeleuchtung", "strass beleucht"),
        ("Strassenbeleuchtung", "strass beleucht"),
        ("Glasfaserausbau", "glasfas ausbau"),
        ("Onlinezugangsgesetz", "onlin zugang gesetz"),
        ("Stadtwerke", "stadt werk"),
        ("Gemeinderat", "gemeind rat"),
        ("Landkreis", "land kreis"),
        ("Klimaschutz", "klima schutz"),
        ("Landratsamt", "landrat amt"),
        ("Bundesamt", "bund amt"),
        ("Fördermittel", "forder mittel"),
    ],
)
def test_a_compound_is_its_parts(word: str, parts: str) -> None:
    assert taken_apart(word) == tuple(parts.split())


@pytest.mark.parametrize(
    "word",
    "Kontakt Kontakte Auflage Aufgabe städtisch Neckarsulm Führerschein München Hamburg Potsdam Projekt"
    " Vertrag"
    " Bericht Verwaltung Kommunikation Innovation Bibliothek Formular Standard Cloud Update Akte Stadt KI OZG"
    " 15000 x".split(),
)
def test_what_only_looks_like_one(word: str) -> None:
    assert taken_apart(word) == ()


def test_the_background_counts_articles() -> None:
    known = background()
    whole = known[""]

    assert whole > 100
    assert all(2 <= count <= whole for count in known.values())


stem_like = st.sampled_from([stem for stem in background() if stem.isalpha()])
made = st.tuples(stem_like, st.sampled_from(JOINTS), stem_like).map("".join)


@given(made | st.text("abcdenrstu", max_size=40) | st.text(max_size=20))
def test_parts_are_known_words_and_make_the_whole(stem: str) -> None:
    found = split(stem)

    assert found == () or len(found) >= 2
    known = background()
    assert all(part in known for part in found)
    rest = stem
    for part in found[1:][::-1]:  # the first of a compound may be written in another form
        at = rest.rfind(part)
        assert at > 0
        rest = rest[:at]


def test_a_long_word_is_no_trouble() -> None:
    assert split("x" * 640) == ()
    split("land" * 160)
