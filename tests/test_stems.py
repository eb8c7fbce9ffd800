"""Stems: what counts as the same word, whoever wrote it, and what does not."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kommcli import stems
from kommcli.stems import only_joins, stem, tokens


def said(text: str) -> list[str]:
    """The stems of ``text``."""
    return [one.stem for one in tokens(text)]


def parts(text: str) -> list[tuple[str, ...]]:
    """The parts of its words."""
    return [one.parts for one in tokens(text)]


@pytest.mark.parametrize(
    "words",
    [
        "München Muenchen Munchen MÜNCHEN münchen",
        "Köln Koeln Koln",
        "Thüringen Thueringen Thuringen",
        "Straße Strasse STRASSE Straßen strasse",
        "Bürger Bürgern Bürgers Buerger Bürger:innen Bürger*innen Bürger_innen Bürger·innen BürgerInnen"
        " Bürger(innen) Bürger/-innen Bürger/innen Bürger:in Bürgerinnen Bürgerin",
        "Bürgermeister Bürgermeister*in Bürgermeister:in Bürgermeisterin BürgermeisterInnen Bürgermeistern",
        "Mitarbeiter Mitarbeiter:innen Mitarbeiterinnen Mitarbeiters Mitarbeitende",
        "Stadt Städte Städten Staedte",
        "Kommune Kommunen",
        "Verwaltung Verwaltungen",
        "digital digitale digitalen digitaler digitales",
        "Fusion Fusionen Fusionierung",
        "Modernisierung Modernisierungen modernisieren modernisiert modernisierte",
        "Büro Büros",
        "Kita Kitas",
        "App Apps",
        "Handy Handys",
        "E-Akte eAkte E‑Akte E-Akten eakte",
        "Smart-City SmartCity smartcity",
        "15.000 15000 15 000",
    ],
)
def test_one_word_in_many_spellings(words: str) -> None:
    # A narrow no-break space does not split.
    spellings = words.replace("15 000", "15\u202f000").split(" ")
    assert len({tuple(said(word)) for word in spellings}) == 1
    assert all(len(said(word)) == 1 for word in spellings)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Burg", "Bürger"),
        ("Bürgen", "Bürger"),
        ("Schwerin", "schwer"),
        ("Akte", "Kontakt"),
        ("Land", "Länge"),
        ("15.000", "15"),
        ("neu", "nu"),
        ("Museum", "Musum"),
        ("bauen", "Ban"),
        ("Quartieren", "Quarten"),
        ("Papier", "Pap"),
    ],
)
def test_other_words_are_others(one: str, other: str) -> None:
    assert said(one) != said(other)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Die E-Akte für Bürger:innen", ["eakt", "burger"]),
        ("In der Stadt und auf dem Land", ["stadt", "land"]),
        ("15.000 Euro, 1.5.2025", ["15000", "euro", "1", "5", "2025"]),
        ("1.234.567 Datensätze", ["1234567", "datensatz"]),
        ("12.3456 und 3,5", ["12", "3456", "3", "5"]),
        ("§ 12 – 100 %!", ["12", "100"]),
        ("_neu_", ["neu"]),
        ("… – 🙂", []),
        ("", []),
    ],
)
def test_words_of_a_text(text: str, found: list[str]) -> None:
    assert said(text) == found


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("E-Akte", ("e", "akt")),
        ("eAkte", ("e", "akt")),
        ("SmartCity", ("smart", "city")),
        ("KI-Assistent", ("ki", "assistent")),
        ("Bürger:innen-Portal", ("burger", "portal")),
        ("Verwaltung", ()),
        ("BürgerInnen", ()),
        ("IT", ()),
        ("OZG", ()),
    ],
)
def test_pieces_of_a_word(word: str, found: tuple[str, ...]) -> None:
    assert parts(word) == [found]


@pytest.mark.parametrize(
    "text", ["Bürger:innen", "(Bürger(innen))", "„Bürger/-innen“", "Bürger*innen,", "die BürgerInnen"]
)
def test_a_gender_form_is_marked_as_a_whole(text: str) -> None:
    (one,) = tokens(text)

    assert text[one.start : one.end].rstrip(")").endswith("nnen")
    assert text[one.start :].startswith("Bürger")


@pytest.mark.parametrize(
    ("text", "joins"),
    [
        ("der", True),
        ("In der", True),
        ("FÜR", True),
        ("fuer", True),
        ("Amt für", False),
        ("", False),
        ("…", False),
    ],
)
def test_words_that_only_join_others(text: str, joins: bool) -> None:
    assert only_joins(text) is joins


def test_a_joining_word_has_a_stem_when_asked_for_alone() -> None:
    assert stem("für") == "fur"
    assert said("für") == []


# ---------------------------------------------------------------------------------------- any text at all

syllables = st.lists(
    st.tuples(st.sampled_from("bdfgklmnrst"), st.sampled_from("aeiouäöü")).map("".join),
    min_size=1,
    max_size=5,
)
words = st.tuples(syllables.map("".join), st.sampled_from(["", "n", "ß", "t", "rs"])).map("".join)
pieces = st.lists(
    st.sampled_from(
        [
            "Bürger",
            ":innen",
            "(innen)",
            "/-innen",
            "Innen",
            "E-",
            "Akte",
            "15",
            ".000",
            " ",
            "-",
            "‑",
            "ß",
            "a\u0308",
        ]
    )
    | st.text(max_size=3),
    max_size=20,
).map("".join)


@given(st.text() | pieces)
@example("\ud800")
@example("a" * 200 + "-" * 200)
def test_any_text_has_words_in_order(text: str) -> None:
    end = 0
    for one in tokens(text):
        assert end <= one.start < one.end <= len(text)
        end = one.end
        assert one.stem
        assert one.stem.isalnum()
        assert all(one.parts)
        assert len(one.parts) != 1


@given(st.text() | pieces)
def test_words_side_by_side_do_not_change_each_other(text: str) -> None:
    assert said(f"{text} | {text}") == said(text) * 2


@given(words)
def test_umlauts_in_three_spellings_and_any_case(word: str) -> None:
    spellings = {
        word,
        word.upper(),
        word.capitalize(),
        unicodedata.normalize("NFD", word),
        word.replace("ß", "ss"),
        word.translate({ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue"}),
        word.translate({ord("ä"): "a", ord("ö"): "o", ord("ü"): "u"}),
    }

    assert len(set(map(stem, spellings))) == 1


@given(words)
def test_folded_twice_is_folded(word: str) -> None:
    once = stems.folded(word)

    assert stems.folded(once) == once
    assert once.isascii()


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "a-",
        "-",
        "A",
        "aB",
        "1.000.",
        "1 000 ",
        "ü",
        "ue",
        ":innen",
        "(in",
        "a:in-",
        "Innen",
        "\u0308",
        "er",
    ],
)
def test_a_long_text_of_one_piece_is_no_trouble(piece: str) -> None:
    """A quadratic pattern would take minutes."""
    found = list(tokens(piece * 100_000))

    assert all(one.end - one.start <= 1_000 for one in found if not one.stem.isdigit())
