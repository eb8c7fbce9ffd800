"""Paragraphs in lines: none too wide, nothing lost, and set as a German typesetter would."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from kommcli import text as texts
from kommcli.render import typeset
from kommcli.render.typeset import Line, Width, lines

WORDS = (
    "Verwaltungsdigitalisierungsgesetz die KI-gestützte der Stadt „Zitate“ E-Government-Strategie z. B. 14. "
    "Oktober 37 Prozent § 5 Dr. X – und/oder AKRIMA https://www.kommune21.de/a-b/c_d.html?e=f "
    "amt@stadt-musterstadt.de 東京都庁舎 👩‍👩‍👧 ❤️ 🇩🇪🇪🇺 👍🏽 e̋xq̈z 2.000.000,50 … !“ x Straße naïve "
    "GovIntel »Amt« Überörtliche--Zusammenarbeit 1️⃣"
).split()

paragraphs = st.one_of(
    st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join),
    st.text(max_size=120),
    st.text(alphabet="aäß-–/.“ \u0301\u200d\ufe0f👩🏽🇩東", max_size=80),
).map(texts.clean)
widths = st.sampled_from([typeset.cells, cell_len])
columns = st.one_of(st.integers(1, 12), st.integers(13, 90))


def shown(text: str, line: Line) -> str:
    return text[line.start : line.end] + ("-" if line.hyphen else "")


def put(text: str, columns: int, **options: object) -> list[str]:
    """The lines as they are shown."""
    return [shown(text, line) for line in lines(text, columns, **options)]  # type: ignore[arg-type]


def joined(text: str, found: list[Line]) -> str:
    """The text from its lines: a blank where one ended at a blank."""
    parts = []
    for line in found:
        blank = line.end < len(text) and text[line.end] == " "
        parts.append(text[line.start : line.end] + (" " if blank else ""))
    return "".join(parts)


def stands_alone(part: str) -> bool:
    """Whether a line holds nothing but one character that people count as one."""
    return len(list(typeset._Setter(part, "", typeset.cells)._clusters(0))) == 1


@given(paragraphs, columns, st.integers(0, 6), widths)
def test_no_line_is_too_wide(text: str, columns: int, hang: int, width: Width) -> None:
    for number, line in enumerate(lines(text, columns, hang=hang, width=width)):
        part = shown(text, line)
        room = max(1, columns - (hang if number else 0))
        assert width(part) <= room or stands_alone(part)


@given(paragraphs, columns, st.integers(0, 6), widths)
def test_nothing_is_lost(text: str, columns: int, hang: int, width: Width) -> None:
    found = lines(text, columns, hang=hang, width=width)

    assert joined(text, found) == text
    assert all(line.start < line.end for line in found)
    assert all(before.end <= after.start for before, after in pairwise(found))


@given(paragraphs, columns, widths)
def test_it_is_idempotent(text: str, columns: int, width: Width) -> None:
    found = lines(text, columns, width=width)

    assert lines(joined(text, found), columns, width=width) == found
    for line in found:
        part = shown(text, line)
        if width(part) <= columns:
            assert lines(part, columns, width=width) == [Line(0, len(part))]


@given(st.text(alphabet=" a-–“東\u0301", max_size=30), columns)
def test_any_text_is_set(text: str, columns: int) -> None:
    """Stray blanks, too, which no clean text has."""
    assert "".join(put(text, columns)).replace(" ", "").replace("-", "") == text.replace(" ", "").replace(
        "-", ""
    )


@given(paragraphs, columns)
def test_hyphens_stand_between_letters(text: str, columns: int) -> None:
    for line in lines(text, columns):
        if line.hyphen:
            around = text[line.end - 3 : line.end + 3]
            assert len(around) == 6
            assert around.isalpha()


@given(paragraphs, st.integers(40, 90))
def test_three_hyphens_do_not_stand_below_each_other(text: str, columns: int) -> None:
    """But where a word is wider than a line."""
    found = lines(text, columns)
    assert not any(
        one.hyphen and two.hyphen and three.hyphen
        for one, two, three in zip(found, found[1:], found[2:], strict=False)
    )


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=40).map(" ".join), st.integers(50, 90))
def test_addresses_stay_whole(text: str, columns: int) -> None:
    broken = "\n".join(put(text, columns))
    for word in (
        "https://www.kommune21.de/a-b/c_d.html?e=f",
        "amt@stadt-musterstadt.de",
        "AKRIMA",
        "GovIntel",
    ):
        assert broken.count(word) == text.count(word)


@pytest.mark.parametrize(
    ("text", "columns", "expected"),
    [
        pytest.param(
            "Das Verwaltungsdigitalisierungsgesetz gilt.",
            20,
            ["Das Verwaltungs-", "digitalisierungs-", "gesetz gilt."],
            id="a word wider than a line, at its joints",
        ),
        pytest.param(
            "Der Landtag hat das Verwaltungsdigitalisierungsgesetz gestern beschlossen.",
            40,
            ["Der Landtag hat das Verwaltungs-", "digitalisierungsgesetz gestern", "beschlossen."],
            id="a joint before any other place",
        ),
        pytest.param(
            "Sie wirbt in der Fußgängerzone dafür.",
            22,
            ["Sie wirbt in der Fuß-", "gängerzone dafür."],
            id="Fußgängerzone",
        ),
        pytest.param(
            "Er lobt die neue E-Government-Strategie sehr.",
            32,
            ["Er lobt die neue E-Government-", "Strategie sehr."],
            id="behind a hyphen that is there",
        ),
        pytest.param(
            "Ein Konzept für E-Government liegt vor.",
            18,
            ["Ein Konzept für", "E-Government liegt", "vor."],
            id="never behind E-",
        ),
        pytest.param(
            "Es gibt Bürgerinnen und/oder Bürger hier.",
            30,
            ["Es gibt Bürgerinnen und/oder", "Bürger hier."],
            id="a full line is left alone",
        ),
        pytest.param(
            "Es hilft Kommunen/Landkreisen sehr.", 20, ["Es hilft Kommunen/", "Landkreisen sehr."], id="slash"
        ),
        pytest.param(
            "Die Strecke Hannover–Braunschweig ist fertig.",
            24,
            ["Die Strecke Hannover–", "Braunschweig ist fertig."],
            id="en dash in a word",
        ),
        pytest.param(
            "Sie sagte: „Das sind Verbesserungen“, und ging.",
            30,
            ["Sie sagte: „Das sind Verbesse-", "rungen“, und ging."],
            id="closing signs stay with their word",
        ),
        pytest.param(
            "Er nennt mehrere Dinge, z. B. Schulen.",
            26,
            ["Er nennt mehrere Dinge,", "z. B. Schulen."],
            id="z. B. stays together",
        ),
        pytest.param(
            "Die Messe beginnt schon am 14. Oktober in Köln.",
            30,
            ["Die Messe beginnt schon am", "14. Oktober in Köln."],
            id="14. Oktober",
        ),
        pytest.param(
            "Das spart den Städten etwa 37 Prozent der Zeit.",
            30,
            ["Das spart den Städten etwa", "37 Prozent der Zeit."],
            id="37 Prozent",
        ),
        pytest.param(
            "So steht es im Gesetz in § 5 Abs. 2 genau.",
            32,
            ["So steht es im Gesetz in", "§ 5 Abs. 2 genau."],
            id="a chain of them",
        ),
        pytest.param(
            "Gesprochen hat dazu auch Dr. Wiedenbrück kurz.",
            29,
            ["Gesprochen hat dazu auch", "Dr. Wiedenbrück kurz."],
            id="Dr. X",
        ),
        pytest.param("Am 14. Oktober", 8, ["Am 14.", "Oktober"], id="not where it costs much"),
        pytest.param(
            "Das betrifft Schulen und Kitas – aber nicht alle.",
            31,
            ["Das betrifft Schulen und", "Kitas – aber nicht alle."],
            id="no line begins with a dash",
        ),
        pytest.param(
            "Das System heißt AKRIMASYSTEM und hilft.",
            24,
            ["Das System heißt", "AKRIMASYSTEM und hilft."],
            id="capitals are a name",
        ),
        pytest.param(
            "Der Betrag von insgesamt 2.000.000,50 Euro reicht.",
            32,
            ["Der Betrag von insgesamt", "2.000.000,50 Euro reicht."],
            id="numbers are never divided",
        ),
        pytest.param(
            "Auf verwaltung-digital.bayern.de steht es.",
            24,
            ["Auf", "verwaltung-digital.bayer", "n.de steht es."],
            id="an address is cut without a hyphen, and only where it is wider than a line",
        ),
        pytest.param(
            "Sie verantworten Digitalisierung",
            26,
            ["Sie verantworten", "Digitalisierung"],
            id="never the last word",
        ),
        pytest.param(
            "Alles dazu unter (#Verwaltungsdigitalisierung) im Netz.",
            34,
            ["Alles dazu unter", "(#Verwaltungsdigitalisierung) im"],
            id="nor is a hashtag divided",
        ),
        pytest.param("東京都庁舎の情報", 6, ["東京都", "庁舎の", "情報"], id="wide characters"),
        pytest.param("👩‍👩‍👧👩‍👩‍👧", 3, ["👩‍👩‍👧", "👩‍👩‍👧"], id="emoji stay whole"),
        pytest.param("xxxxx“.", 5, ["xxxx", "x“."], id="closing signs are not cut off"),
        pytest.param("", 5, [], id="nothing"),
    ],
)
def test_german_typesetting(text: str, columns: int, expected: list[str]) -> None:
    assert put(text, columns, width=cell_len)[: len(expected)] == expected


@pytest.mark.parametrize(
    "address",
    [
        "https://www.stadt.example/verwaltung/digitalisierung/ausbildung",
        "(www.stadt.example/verwaltungsdigitalisierung/ausbildung)",
        "verwaltungsdigitalisierung@landesverwaltung.example",
        "#verwaltungsdigitalisierungsgesetz",
    ],
)
@pytest.mark.parametrize("columns", range(1, 40))
def test_no_line_of_an_address_ends_with_a_hyphen_of_ours(address: str, columns: int) -> None:
    """Those that it goes on in, neither, wherever it stands in the text."""
    for text in (f"{address} x y", f"Es steht in {address} zu lesen."):
        start = text.index(address)
        for line in lines(text, columns):
            assert not (line.hyphen and start < line.end < start + len(address))


@pytest.mark.parametrize(("word", "places"), [("Fortsetzung", (7,)), ("Landratsamts", (4,))])
def test_guesses_of_the_patterns_are_left_out(word: str, places: tuple[int, ...]) -> None:
    """They offer Fort-s-et-zung and Land-rat-s-amts."""
    assert typeset._positions(word, "de_DE") == places


def test_later_lines_are_narrower_where_they_hang() -> None:
    assert put("eins zwei drei vier fünf", 14, hang=5) == ["eins zwei drei", "vier fünf"]
    assert put("eins zwei drei vier fünf", 14) == ["eins zwei drei", "vier fünf"]
    assert put("eins zwei drei vier fünf", 14, hang=6) == ["eins zwei drei", "vier", "fünf"]


def test_english_is_hyphenated_by_its_own_rules() -> None:
    text = "It is about administrative modernization everywhere."

    assert put(text, 24, language="en") == ["It is about administra-", "tive modernization", "everywhere."]
    assert put(text, 24, language="xx") == ["It is about", "administrative", "modernization", "everywhere."]


@pytest.mark.parametrize(
    "text", ["x" * 40_000, "a\u0301" * 20_000, "Amt-" * 10_000, "a " * 20_000, "👩‍" * 20_000]
)
@pytest.mark.parametrize("columns", [1, 72])
def test_endless_words_take_work_in_proportion(text: str, columns: int) -> None:
    def measured(part: str) -> int:
        letters = 0

        def width(piece: str) -> int:
            nonlocal letters
            letters += len(piece)
            return typeset.cells(piece)

        lines(part, columns, width=width)
        return letters

    # Four times the text; quadratic would be sixteen times the work.
    assert measured(text) < 6 * measured(text[: len(text) // 4])


def test_ten_kilobytes_are_set_at_once() -> None:
    """Prints the time; 20 ms are the aim with the dictionary loaded."""
    sentence = (
        "Im Fokus stand dabei die Frage, wie solche Technologien Entscheidungsprozesse und "
        "Verwaltungsabläufe optimieren können, z. B. in der Fußgängerzone am 14. Oktober. "
    )
    text = (sentence * 70)[:10_000].strip()
    lines(sentence, 40)
    for name, width in (("cells", typeset.cells), ("cell_len", cell_len)):
        start = time.perf_counter()
        found = lines(text, 72, width=width)
        taken = 1000 * (time.perf_counter() - start)
        print(f"{len(text)} characters, {len(found)} lines, {name}: {taken:.1f} ms")
    assert joined(text, found) == text
