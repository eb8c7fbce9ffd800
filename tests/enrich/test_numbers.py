"""Numbers in texts: what is counted, which agree, and what is no number at all."""

from __future__ import annotations

import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kommcli.enrich.numbers import Count, agree, counts, roughly, telling
from kommcli.traits import float32


def told(text: str) -> list[tuple[str, float]]:
    """The numbers of a text without their words."""
    return [(one.unit, one.value) for one in counts(text)]


# ------------------------------------------------------------------------------------------ what counts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,2 Millionen Euro", ("euro", 1_200_000)),
        ("1.200.000 Euro", ("euro", 1_200_000)),
        ("1 200 000 Euro", ("euro", 1_200_000)),
        ("3,5 Mio. Euro", ("euro", 3_500_000)),
        ("2 Mrd. €", ("euro", 2_000_000_000)),
        ("15.000 Einwohner", ("einwohn", 15_000)),
        ("15 000 Einwohner", ("einwohn", 15_000)),
        ("15\u202f000 Einwohnern", ("einwohn", 15_000)),
        ("15\u00a0000 Einwohner", ("einwohn", 15_000)),
        ("15000 Einwohner", ("einwohn", 15_000)),
        ("23750 Euro", ("euro", 23_750)),
        ("15 Tausend Einwohner", ("einwohn", 15_000)),
        ("87 weitere öffentliche Schulen", ("schul", 87)),
        ("drei Städte", ("stadt", 3)),
        ("zwei Dutzend Städte", ("stadt", 24)),
        ("Zwölf Städte", ("stadt", 12)),
    ],
)
def test_things_that_are_counted(text: str, expected: tuple[str, float]) -> None:
    assert told(text) == [expected]


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("zwei Drittel der Kommunen", 66.7),
        ("66 Prozent der Kommunen", 66),
        ("12,5 %", 12.5),
        ("die Hälfte", 50),
        ("ein Viertel der Befragten", 25),
        ("vier von zehn Städten", 40),
        ("9 von 10 Ämtern", 90),
        ("jede fünfte Gemeinde", 20),
        ("Jeder dritte Befragte", 33.3),
    ],
)
def test_shares_are_per_cent(text: str, share: float) -> None:
    (count,) = counts(text)

    assert (count.kind, count.value) == ("%", share)


def test_dates_and_years_are_kinds_of_their_own() -> None:
    assert told("am 3. Februar 2026") == [("date", 203), ("year", 2026)]
    assert told("1. Januar bis 31. März") == [("date", 101), ("date", 331)]
    assert [one.kind for one in counts("seit 2019 für 2019 Euro")] == ["year"]


@pytest.mark.parametrize(
    "text",
    [
        "um 14.30 Uhr", "um 14:30 Uhr", "um 9 Uhr", "§ 3 Absatz 2", "§§ 12 und 13", "Art. 91c",
        "14467 Potsdam", "wohnt in 14467 Potsdam", "auf Platz 1.", "KW 42", "Version 2.0", "24/7",
        "03.02.2026", "Telefon 030 123456", "in zwei Jahren", "E 4", "",
    ],
)  # fmt: skip
def test_times_paragraphs_post_codes_and_the_like_are_none(text: str) -> None:
    assert told(text) == []


def test_each_value_is_told_once_and_in_order() -> None:
    text = "87 Schulen, 1,2 Millionen Euro, nochmals 87 Schulen, 1.200.000 Euro"

    assert told(text) == [("schul", 87), ("euro", 1_200_000)]


def test_the_words_of_a_number_are_those_of_the_text() -> None:
    (money, schools) = counts("Rund 1,2 Millionen Euro für 87 öffentliche Schulen")

    assert (money.words, schools.words) == ("1,2 Millionen Euro", "87 Schulen")


@pytest.mark.parametrize("digits", [16, 40, 400])
@pytest.mark.parametrize("unit", ["Euro", "Milliarden Euro", "Prozent", ""])
def test_endless_digits_count_nothing(digits: int, unit: str) -> None:
    """They would be infinite, which no whole number is."""
    assert told("9" * digits + " " + unit) == []


PIECES = st.sampled_from(
    ["1,2", "15.000", "15 000", "66", "zwei", "jede fünfte", "zehn", "von", "Drittel", "ein Drittel", "Mio.",
     "Millionen", "Milliarden", "Prozent", "%", "€", "Euro", "Uhr", "§", "3.", "Februar", "2026", "14467",
     "Potsdam", ".", ",", "-", "  ", "\u202f", "9" * 50, "٣", "²", "Schulen", "weitere"]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(PIECES).map(" ".join), st.lists(PIECES).map("".join)))
def test_whatever_the_text_it_has_numbers_or_none(text: str) -> None:
    for one in counts(text):
        assert math.isfinite(float32(one.value))
        assert one.unit
        assert agree(one.value, one.value, one.kind)
        assert 0 < telling(float32(one.value), one.kind) <= 2


@pytest.mark.parametrize(
    "piece",
    ["1.111 ", "zwei von zehn ", "111.", "1 ", "jede fünfte ", "§", "§ 3 ", "1 a-a-a-", "1 x ", "8", "a-",
     "ein Drittel "],
)  # fmt: skip
def test_time_grows_with_the_text_and_no_faster(piece: str) -> None:
    """Ten times the text would take a hundred times as long if anything read it anew for each character."""
    short, long = (_seconds(piece * times) for times in (2_000, 20_000))

    assert long < 50 * short + 0.2


def _seconds(text: str) -> float:
    best = math.inf
    for _time in range(3):
        began = time.perf_counter()
        counts(text)
        best = min(best, time.perf_counter() - began)
    return best


# ------------------------------------------------------------------------------------------ what agrees


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        (1_184, 1_200, ""), (1_184, 1_184, ""), (66, 66.7, "%"), (66.7, 67, "%"), (50, 49, "%"),
        (203, 203, "date"), (2026, 2026, "year"), (2_950_000, 3_000_000, ""),
    ],
)  # fmt: skip
def test_rounded_numbers_agree(one: float, other: float, kind: str) -> None:
    assert agree(one, other, kind)
    assert agree(other, one, kind)


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        (1_184, 1_185, ""), (87, 92, ""), (1_184, 1_300, ""), (61, 62, "%"), (20, 40, "%"),
        (203, 204, "date"), (2025, 2026, "year"), (0, 1, ""), (0, 1, "%"), (3, 4, ""),
    ],
)  # fmt: skip
def test_others_contradict_each_other(one: float, other: float, kind: str) -> None:
    assert not agree(one, other, kind)
    assert not agree(other, one, kind)


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        (1_104, 1_000, ""), (86_000, 80_000, ""), (41, 40, ""), (31, 30, ""), (28.6, 29, ""), (3.1, 3, ""),
        (1.8, 2, ""), (2_800_000, 3_000_000, ""), (38, 40, "%"), (17, 16.7, "%"), (23, 25, "%"), (0, 0, ""),
    ],
)  # fmt: skip
def test_what_is_told_roughly_is_no_contradiction(one: float, other: float, kind: str) -> None:
    assert roughly(one, other, kind)
    assert roughly(other, one, kind)


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        (87, 92, ""), (9, 10, ""), (1_350, 1_000, ""), (1.4, 1, ""), (1_184, 1_185, ""), (46, 50, "%"),
        (61, 62, "%"), (203, 204, "date"), (2025, 2026, "year"), (0, 1, ""),
    ],
)  # fmt: skip
def test_what_differs_cannot_be_the_same_told_roughly(one: float, other: float, kind: str) -> None:
    assert not roughly(one, other, kind)
    assert not roughly(other, one, kind)


NUMBERS = st.one_of(st.integers(0, 2_000_000), st.floats(0, 1e12))


@given(NUMBERS, NUMBERS, st.sampled_from(["", "%", "date", "year"]))
def test_agreeing_has_no_order(one: float, other: float, kind: str) -> None:
    assert agree(one, other, kind) == agree(other, one, kind)
    assert roughly(one, other, kind) == roughly(other, one, kind)


def test_rare_numbers_tell_more() -> None:
    assert telling(3, "") < telling(12, "") < telling(87, "") < telling(1_184, "")
    assert telling(2026, "year") < telling(203, "date")
    assert telling(50, "%") < telling(61, "%")


def test_the_kind_of_what_is_counted_is_empty() -> None:
    assert [Count(unit, 1, "").kind for unit in ("%", "date", "year", "schul")] == ["%", "date", "year", ""]
