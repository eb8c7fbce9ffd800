"""Passages: the part of an article that shows best what was found, and the places of the hits in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kommcli import stems
from kommcli.compounds import looks
from kommcli.conditions import Text
from kommcli.passages import LENGTH, Marker, Passage, passages
from kommcli.query.texts import beginnings, spellings

STORIES = Path(__file__).parent / "data" / "stories"


def marker(*words: str, begins: bool = False) -> Marker:
    """For these words and phrases."""
    return Marker(
        [Text(beginnings(word) if begins else spellings(word), begins=begins, typed=word) for word in words]
    )


def marked(text: str, one: Marker) -> list[str]:
    """What is marked in ``text``."""
    return [text[begin:end] for begin, end, _stem in one.marks(text)]


@pytest.mark.parametrize(
    ("word", "text", "hits"),
    [
        ("Akte", "Die Akten, die E-Akte, Bauakten: kein Kontakt.", ["Akten", "E-Akte", "Bauakten"]),
        ("München", "MÜNCHEN grüßt Muenchen", ["MÜNCHEN", "Muenchen"]),
        ("Bürger", "Bürger:innen auf der Burg", ["Bürger:innen"]),
        ("eAkte", "Die E-Akte kommt", ["E-Akte"]),
        (
            "Smart City",
            "Eine Smart City, die Smart-City und SmartCity; smart.",
            ["Smart City", "Smart-City", "SmartCity"],
        ),
        ("Amt für Digitales", "Das Amt für Digitales, das Amt.", ["Amt für Digitales"]),
        ("15000", "Rund 15.000 Euro", ["15.000"]),
        ("15000", "Rund 15 000 Euro", ["15 000"]),
        ("EfA", "„Einer für Alle“, EfA, einer für alle", ["Einer für Alle", "EfA", "einer für alle"]),
        ("Einer für alle", "Das Einer-für-Alle-Prinzip", ["Einer-für-Alle"]),
        ("Wald", "Nichts davon", []),
        ("Wald", "", []),
    ],
)
def test_hits_are_marked(word: str, text: str, hits: list[str]) -> None:
    assert marked(text, marker(word)) == hits


def test_a_beginning_marks_all_words_that_begin_so() -> None:
    text = "Digitale Dörfer digitalisieren; das Digital-Amt, analog."

    assert marked(text, marker("digital", begins=True)) == ["Digitale", "digitalisieren", "Digital-Amt"]


def test_words_of_the_archive_that_have_it_inside_are_marked() -> None:
    text = "Quartettamt und Amt"

    assert marked(text, Marker([Text((("amt",),))], ["quartettamt"])) == ["Quartettamt", "Amt"]


def test_a_longer_hit_takes_those_inside_it() -> None:
    assert marked("Smart City Berlin", marker("Smart City", "City")) == ["Smart City"]


# ------------------------------------------------------------------------------------------- the passages


def test_a_short_text_is_the_passage() -> None:
    texts = [("title", "Kein Treffer"), ("body", "Im Wald.")]

    assert passages(texts, marker("Wald")) == (Passage("body", "Im Wald.", ((3, 7),)),)


def test_headlines_come_whole_and_beside_the_others() -> None:
    texts = [
        ("kicker", "Wald"),
        ("title", "Der Wald"),
        ("teaser", "Wald 1"),
        ("body", "Wald 2"),
        ("body", "Wald 3"),
    ]

    found = passages(texts, marker("Wald"), most=2)

    assert [one.text for one in found] == ["Wald", "Der Wald", "Wald 1", "Wald 2"]


def test_the_passage_with_more_of_the_words_is_better() -> None:
    texts = [("body", "Im Wald."), ("body", "Im Wald."), ("body", "Der Wald am See."), ("body", "Am See.")]

    assert [one.text for one in passages(texts, marker("Wald", "See"), most=1)] == ["Der Wald am See."]


def test_a_long_text_is_cut_around_its_hits() -> None:
    text = "Anfang ohne alles. " * 20 + "Hier steht der Wald am See. " + "Und noch mehr davon. " * 20

    (found,) = passages([("body", text)], marker("Wald", "See"))

    assert found.text.startswith("… Hier steht der Wald am See.")
    assert found.text.endswith(" …")
    assert [found.text[begin:end] for begin, end in found.marks] == ["Wald", "See"]


# ------------------------------------------------------------------------------------------------ any text

VOCABULARY = (
    "Wald See Bauakten E-Akte Smart City Bürger:innen Ort und der viel. Haus! Stadtwald 15.000".split()
)
texts = st.lists(st.sampled_from([*VOCABULARY, "\n", "x" * 70]), max_size=120).map(" ".join) | st.text()
asked = st.lists(
    st.sampled_from(["Wald", "Akte", "Smart City", "Bürger", "15000", "See"]), min_size=1, max_size=3
)


@given(texts, asked, st.booleans())
def test_marks_are_words_that_were_asked_for(text: str, words: list[str], begins: bool) -> None:
    one = marker(*words, begins=begins)
    wanted = {stem for word in words for form in (*spellings(word), *beginnings(word)) for stem in form}
    end = 0
    for first, last, _stem in one.marks(text):
        assert end <= first < last <= len(text)
        end = last
        stems_there = {
            part for token in stems.tokens(text[first:last]) for part in (token.stem, *token.parts)
        }
        assert any(stem in there or there in stem for there in stems_there for stem in wanted)


def its_stems(word: str) -> list[str]:
    ((stem, parts),) = looks([word])
    return [stem, *parts] if stem else []


@given(st.text("aeuoiyäöüßrnstbcglmBÄ", min_size=1, max_size=12))
def test_a_word_is_marked_by_all_its_stems(word: str) -> None:
    for stem in its_stems(word):
        assert marked(word, Marker([Text(((stem,),))])) == [word]


def test_words_of_the_press_are_marked_by_all_their_stems() -> None:
    texts = "\n".join(path.read_text("utf-8") for path in sorted(STORIES.glob("*.toml")))
    words = sorted(set(stems.words(texts)))

    assert len(words) > 5_000
    missed = [
        word for word in words for stem in its_stems(word) if not marked(word, Marker([Text(((stem,),))]))
    ]
    assert missed == []


@given(st.lists(st.tuples(st.sampled_from(["kicker", "title", "lead", "body"]), texts), max_size=5), asked)
def test_passages_are_parts_of_the_texts(said: list[tuple[str, str]], words: list[str]) -> None:
    one = marker(*words)

    found = passages(said, one, most=2)

    assert len([1 for passage in found if passage.field not in ("kicker", "title")]) <= 2
    assert bool(found) is any(one.marks(text) for _field, text in said)
    for passage in found:
        shown = passage.text.removeprefix("… ").removesuffix(" …")
        assert any(field == passage.field and shown in text for field, text in said)
        assert passage.marks
        longest = max(end - begin for begin, end in passage.marks)
        headline = passage.field in ("kicker", "title")
        assert headline or len(passage.text) <= LENGTH + longest + len("…  …")
        for begin, end in passage.marks:
            assert 0 <= begin < end <= len(passage.text)
            assert marked(passage.text[begin:end], one) == [passage.text[begin:end]]


def test_a_teaser_that_the_text_begins_with_is_told_once() -> None:
    teaser = (
        "Weitere 87 Schulen im Land bekommen Glasfaser, und das Land stellt dafür 31,5 Millionen Euro bereit."
    )
    found = passages([("teaser", teaser), ("body", f"{teaser} Der Bund zahlt mit.")], marker("glasfaser"))

    assert [one.field for one in found] == ["teaser"]
