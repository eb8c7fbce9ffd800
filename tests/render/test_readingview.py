"""An article at a terminal: all of it is there, in its place, and no line is wider than the terminal."""

from __future__ import annotations

import io
import re
import unicodedata
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console, RenderableType

import readings
from kommcli import i18n
from kommcli.model import Article, Block, BlockType, Image, Link, Mention, Related, Source
from kommcli.render import readingview, terminal
from kommcli.render.reading import Reading, Run, items, runs
from kommcli.render.readingview import View
from kommcli.text import cut_at_sentence

WIDTHS = (20, 60, 80, 200)
LINK = re.compile(r"\x1b\]8;([^;\x1b]*);([^\x1b]*)\x1b\\")
COLOUR = re.compile(r"\x1b\[[\d;]*m")


@pytest.fixture(autouse=True)
def _german():
    i18n.use("de")
    yield
    i18n.use("en")


def shown(reading: Reading, width: int = 80, first: int = 1) -> str:
    return terminal.to_text(readingview.article(reading, View(width, first)), width)


def written(reading: Reading, width: int = 80, first: int = 1) -> list[str]:
    """The lines without margins."""
    return [line.strip() for line in shown(reading, width, first).splitlines()]


def below(reading: Reading, width: int = 80) -> list[str]:
    """What stands below title and facts."""
    lines = written(reading, width)
    return lines[lines.index("", 1) + 1 :]


def in_colour(content: RenderableType, width: int) -> str:
    """What a terminal gets that knows colours and links."""
    stream = io.StringIO()
    console = Console(
        file=stream,
        width=width,
        force_terminal=True,
        color_system="truecolor",
        markup=False,
        highlight=False,
        emoji=False,
        legacy_windows=False,
    )
    console.print(content)
    return stream.getvalue()


def small(*body: Block, **values: object) -> Reading:
    """An article that has only what the test is about."""
    found = Article(
        "yqmfqvyb",
        "Titel",
        Source("amt", "Amtsblatt", "https://x.example/feed"),
        readings.day("16.10.2026"),
        readings.day("16.10.2026"),
    )
    return replace(Reading(found, "", body, None), **values)  # type: ignore[arg-type]


def paragraph(text: str, *links: tuple[str, str]) -> Block:
    return readings.paragraph(text, *links)


def assert_harmless(output: str) -> None:
    """No control, no direction, no private character; U+200D is part of emoji."""
    for one in set(output) - {"\n", "\u200d"}:
        assert unicodedata.category(one) not in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp"), f"U+{ord(one):04X}"


def assert_fits(output: str, width: int) -> None:
    assert max(cell_len(line) for line in output.splitlines()) <= width


def squeezed(text: str) -> str:
    """Without what typesetting adds or takes: white space, hyphens and frame lines."""
    return re.sub(r"[\s\-│]", "", text)


# ------------------------------------------------------------------------------------- whatever comes


@pytest.mark.parametrize("width", WIDTHS)
@given(reading=readings.readings, first=st.integers(1, 12_000))
def test_no_line_is_wider_and_nothing_acts(width: int, reading: Reading, first: int) -> None:
    output = shown(reading, width, first)

    assert_harmless(output)
    assert_fits(output, min(width, readingview.MEASURE + 2 * readingview.MARGIN))


@given(readings.readings, st.integers(20, 200), st.integers(1, 12_000))
def test_the_related_ones_alone(reading: Reading, width: int, first: int) -> None:
    output = terminal.to_text(readingview.related_list(reading, width, first), width)

    assert_harmless(output)
    assert_fits(output, width)
    numbers = [int(number) for number in re.findall(r"(?m)^ +(\d+)  ", output)]
    assert {first + at for at in range(len(reading.related))} <= set(numbers)


@given(readings.readings, st.sampled_from(WIDTHS))
def test_in_colour_there_are_only_colours_and_links_of_the_article(reading: Reading, width: int) -> None:
    output = in_colour(readingview.article(reading, View(width)), width)
    addresses = {url for _key, url in LINK.findall(output)} - {""}
    plain = LINK.sub("", COLOUR.sub("", output))

    assert_harmless(plain)
    assert_fits(plain, width)
    found = reading.article
    own = {found.url, reading.page_url, found.enclosure.url if found.enclosure else ""}
    known = {link.url for link in reading.links} | {one.mention.url for one in reading.related} | own
    assert addresses <= known
    for address in addresses:
        assert_harmless(address.replace("\n", "\0"))


@given(readings.readings, st.sampled_from(WIDTHS))
def test_nothing_is_left_out(reading: Reading, width: int) -> None:
    output = squeezed(shown(reading, width))
    found = reading.article
    numbers = {link.url: link.number for link in reading.links}
    texts = [found.kicker, found.title, reading.lead, reading.note, *(place.name for place in found.places)]
    if reading.image:
        texts += [reading.image.caption or reading.image.alt, reading.image.credit]
    for one in reading.related:
        whole = one.source == "page"  # what the archive adds is short, its number leads to the whole
        teaser = one.mention.teaser if whole else cut_at_sentence(one.mention.teaser, readingview.SHORT)
        texts += [one.mention.kicker, one.mention.title, teaser, one.reason]
    for link in reading.links:
        texts.append(f"[{link.number}] {link.url}")
    for block in reading.blocks():
        if block.type is BlockType.IMAGE:
            texts.append(block.text)
        elif block.type is BlockType.LIST:
            texts += ["• " + numbered(item.runs, numbers) for item in items(block)]
        else:
            texts.append(numbered(runs(block), numbers))
    for text in texts:
        assert squeezed(text) in output


def numbered(pieces: tuple[Run, ...], numbers: dict[str, int]) -> str:
    return "".join(run.text + (f"[{numbers[run.url]}]" if run.url else "") for run in pieces)


@pytest.mark.parametrize("width", WIDTHS)
def test_brackets_and_signs_of_strangers_are_text(width: int) -> None:
    """Rich has a markup of its own: [bold], [link=...], :smile:."""
    hostile = "[bold red]x[/] [link=https://x.example/]y[/link] :smile: [/] \\[z]"
    output = squeezed(shown(small(paragraph(hostile), lead=hostile, note=hostile), width))

    assert output.count(squeezed(hostile)) == 3


# --------------------------------------------------------------------------------------------- the head


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["seed", "interview"])
def test_the_parts_stand_in_their_order(name: str, width: int) -> None:
    reading = getattr(readings, name)()
    output = squeezed(shown(reading, width))
    day = {"seed": "[14.11.2024]", "interview": "[13.10.2026]"}[name]
    parts = [
        reading.article.kicker + reading.article.title + day,
        reading.lead,
        reading.image.caption + f"Bild: {reading.image.credit}",
        reading.body[0].text[:90],
        reading.body[-1].text,
        reading.note,
        f"[1] {reading.links[0].url}",
        reading.article.url,
        "─Weitere Meldungen und Beiträge",
        reading.related[0].mention.title,
        reading.related[-1].mention.title,
    ]

    at = [output.rindex(squeezed(part)) for part in parts if part]
    assert at == sorted(at)
    assert output.startswith(squeezed(parts[0]))


def test_kicker_over_title_over_facts() -> None:
    lines = written(readings.seed(), 200)

    assert lines[:3] == ["", "Rheinland-Pfalz", "Nachbarschaftliche Werkstatt"]
    facts = " ".join(lines[3:5]).split(" · ")
    assert facts[:4] == ["[14.11.2024]", "Weinbergshausen", "Rheinland-Pfalz", "Kommune21"]
    assert "Bericht" in facts
    assert facts[-2:] == ["Künstliche Intelligenz", "Smart City"]
    assert lines[5] == ""
    assert lines[6].startswith("Zum Jahresmotto „Pegel und KI")


def test_an_article_that_has_nothing_but_a_title() -> None:
    assert shown(small()).rstrip("\n").splitlines() == ["", "  Titel", "  [16.10.2026] · Amtsblatt"]


@pytest.mark.row("X41")
def test_an_article_without_a_title_says_so() -> None:
    reading = small()
    assert "(ohne Titel)" in written(replace(reading, article=replace(reading.article, title="")))


def test_a_date_that_was_guessed_says_so() -> None:
    reading = small()
    guessed = replace(reading, article=replace(reading.article, published_is_estimate=True))

    assert "zuerst gesehen: [16.10.2026] · Amtsblatt" in written(guessed)


def test_a_state_that_is_the_place_is_told_once() -> None:
    reading = small()
    berlin = replace(reading.article, places=(readings.Place("Berlin", "state"),), states=("DE-BE",))

    assert "[16.10.2026] · Berlin · Amtsblatt" in written(replace(reading, article=berlin))


# ---------------------------------------------------------------------------------------------- pictures


def test_a_picture_s_words_stand_in_a_frame_line() -> None:
    lines = shown(readings.seed(), 60).splitlines()
    framed = [line for line in lines if line.startswith("  │ ")]

    assert framed[0].startswith("  │ Das jüngste Werkstattgespräch")
    assert framed[-1] == "  │ Bild: Wiebke Zeichner/bilderhof.example"
    assert len(framed) > 2, "every line of it is framed"
    assert lines.index(framed[-1]) - lines.index(framed[0]) == len(framed) - 1


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (Image("https://x.example/p.png", "Ein Haus", "Das Rathaus", "dpa"), ["Das Rathaus", "Bild: dpa"]),
        (Image("https://x.example/p.png", "Ein Haus", "", "dpa"), ["[Ein Haus]", "Bild: dpa"]),
        (Image("https://x.example/p.png", "", "", "dpa"), ["Bild: dpa"]),
        (Image("https://x.example/p.png", "Ein Haus"), ["[Ein Haus]"]),
        (Image("https://x.example/p.png"), []),
        (None, []),
    ],
)
def test_what_is_told_of_a_picture(image: Image | None, expected: list[str]) -> None:
    lines = written(small(paragraph("Text."), image=image))

    assert [line.removeprefix("│ ") for line in lines if line.startswith("│")] == expected


def test_a_picture_in_the_text_is_framed_and_not_told_twice() -> None:
    body = (Block(BlockType.IMAGE, "Das Rathaus"), Block(BlockType.IMAGE, "Ein Garten"))
    lines = written(small(*body, image=Image("https://x.example/p.png", "", "Das Rathaus")))

    assert [line for line in lines if line.startswith("│")] == ["│ Das Rathaus", "│ Ein Garten"]


# ------------------------------------------------------------------------------------------------ blocks


def test_lists_hang_and_go_down() -> None:
    reading = small(Block(BlockType.LIST, "eins zwei drei vier\n  - fünf sechs sieben\n    - acht\nneun"))

    assert shown(reading, 24).rstrip("\n").splitlines()[-6:] == [
        "  • eins zwei drei",
        "    vier",
        "    • fünf sechs",
        "      sieben",
        "      • acht",
        "  • neun",
    ]


def test_the_deepest_list_has_room_for_its_words() -> None:
    levels = "\n".join(f"{'  ' * level}- Verwaltung" for level in range(1, 20))
    for width in (20, 22, 30, 60):
        assert squeezed(shown(small(Block(BlockType.LIST, levels)), width)).count("•Verwaltung") == 19


def test_questions_and_headings_stand_alone() -> None:
    lines = written(readings.interview(), 80)

    for words in ("Wer bewirbt sich denn?", "Verwaltungsdigitalisierungsbeauftragtenausbildungsverordnung"):
        at = lines.index(words)
        assert (lines[at - 1], lines[at + 1]) == ("", "")


def test_question_heading_and_quote_do_not_look_like_text() -> None:
    looks = set()
    for kind in (BlockType.PARAGRAPH, BlockType.QUESTION, BlockType.HEADING, BlockType.QUOTE):
        output = in_colour(readingview.article(small(Block(kind, "Besonders")), View(80)), 80)
        looks.add(re.findall(r"((?:\x1b\[[\d;]*m)*)Besonders", output)[0])
    assert len(looks) == 4


def test_every_line_of_a_quote_has_its_bar() -> None:
    lines = shown(small(Block(BlockType.QUOTE, "Wir reden nicht nur, wir bauen. " * 6)), 60).splitlines()

    quoted = [line for line in lines if "│" in line]
    assert len(quoted) > 2
    assert all(line.startswith("    │ ") for line in quoted)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (BlockType.PARAGRAPH, ["eins", "zwei", "", "drei"]),
        (BlockType.QUESTION, ["eins", "zwei", "", "drei"]),
        (BlockType.QUOTE, ["│ eins", "│ zwei", "│", "│ drei"]),
        (BlockType.IMAGE, ["│ eins", "│ zwei", "│", "│ drei"]),
    ],
)
def test_line_breaks_of_the_author_stay(kind: BlockType, expected: list[str]) -> None:
    assert below(small(Block(kind, "eins\nzwei\n\ndrei")))[:4] == expected


def test_a_line_after_a_break_is_as_long_as_any_other() -> None:
    words = "Der Rat hat gestern beschlossen, was er schon lange wollte. " * 3
    alone = below(small(paragraph(words.strip())), 60)

    assert below(small(paragraph(f"Kurz.\n{words.strip()}")), 60) == ["Kurz.", *alone]


def test_what_was_left_out_is_told() -> None:
    lines = written(readings.interview())

    assert "(gekürzt)" in lines
    assert "Die Seite des Artikels war nicht zu erreichen" in " ".join(lines)
    assert "(gekürzt)" not in written(readings.seed())


# ------------------------------------------------------------------------------------------------- links


def test_links_are_numbered_as_in_the_list_below() -> None:
    one, two = "https://a.example/", "https://b.example/"
    reading = small(
        paragraph("Hier und dort und hier wieder.", ("Hier", one), ("dort", two), ("hier", one)),
        Block(BlockType.QUOTE, "Auch dort.", (Link(5, 9, two),)),
    )
    lines = written(reading)

    assert "Hier\u00a0[1] und dort\u00a0[2] und hier\u00a0[1] wieder." in lines
    assert "│ Auch dort\u00a0[2]." in lines
    assert [line for line in lines if line.startswith("[") and "://" in line] == [f"[1] {one}", f"[2] {two}"]


def test_a_number_stays_with_its_words() -> None:
    text = "Das steht so auch im Bericht, den alle kennen."
    for width in range(20, 80):
        for line in written(small(paragraph(text, ("Bericht", "https://a.example/"))), width):
            assert not line.startswith("[1],")


def test_an_address_goes_on_below_itself_and_stays_one_link() -> None:
    url = "https://www.verwaltungsdigitalisierung.example/nachrichten/stellungnahmen/" + "a1" * 40
    reading = small(paragraph("Hier.", ("Hier", url)))
    lines = shown(reading, 40).splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("  [1] "))
    rest = [line for line in lines[start + 1 :] if line]

    assert all(line.startswith("      ") for line in rest)
    assert lines[start].removeprefix("  [1] ") + "".join(line.strip() for line in rest) == url
    targets = LINK.findall(in_colour(readingview.article(reading, View(40)), 40))
    assert {target for _key, target in targets} == {url, ""}


def test_what_is_no_address_is_text() -> None:
    block = Block(BlockType.PARAGRAPH, "Hier und dort", (Link(0, 4, "javascript:alert(1)"), Link(9, 13, "")))

    assert not small(block).links
    assert "Hier und dort" in written(small(block))
    assert "javascript" not in in_colour(readingview.article(small(block), View(80)), 80)


def test_the_page_is_named_where_it_is_another_host_s() -> None:
    reading = small()
    found = replace(reading.article, url="https://amt.example/a")

    def named(page: str) -> bool:
        return f"→ {page}" in written(replace(reading, article=found, page_url=page))

    assert named("https://anderswo.example/a")
    assert not named("https://amt.example/b")
    assert not named("")


# ----------------------------------------------------------------------------------------------- related


@pytest.mark.parametrize("first", [1, 3, 9, 95])
def test_related_ones_are_numbered_from_the_first_on(first: int) -> None:
    reading = readings.seed()
    output = shown(reading, 80, first)
    numbers = [int(number) for number in re.findall(r"(?m)^ {2,}(\d+)  \S", output)]

    assert numbers == list(range(first, first + len(reading.related)))
    starts = {len(match[0]) for match in re.finditer(r"(?m)^ {2,}\d+  (?=\S)", output)}
    assert len(starts) == 1, "titles begin below each other"


def test_a_related_item() -> None:
    lines = shown(readings.seed(), 80).splitlines()
    at = lines.index("  7  BERICHT Ostheide: KI bleibt Handwerkszeug")

    assert lines[at - 1] == ""
    assert lines[at + 1].startswith("     [02.10.2025] Die Samtgemeinde Ostheide hat KI-Leitlinien")
    assert lines[at + 2].startswith("     ")


def test_the_heading_of_related_ones_names_their_topic() -> None:
    heading = "Weitere Meldungen und Beiträge"

    assert f"{heading} aus dem Bereich: Künstliche Intelligenz" in written(readings.seed())
    assert heading in written(readings.interview())
    assert heading not in written(small())


def test_a_related_one_may_lack_anything() -> None:
    lines = written(
        small(
            related=(
                Related(Mention("")),
                Related(Mention("Titel", kind="meldung")),
                Related(Mention("Titel", "Ort", "", readings.day("09.10.2026"))),
                Related(Mention("Titel", teaser="Satz."), reason="gleiches Thema"),
            )
        )
    )
    at = lines.index("1  (ohne Titel)")

    assert lines[at:] == [
        "1  (ohne Titel)",
        "",
        "2  MELDUNG Titel",
        "",
        "3  Ort: Titel",
        "[09.10.2026]",
        "",
        "4  Titel",
        "Satz.",
        "gleiches Thema",
        "",
    ]


def test_the_list_alone_has_its_article_above_it() -> None:
    def alone(reading: Reading) -> list[str]:
        content = readingview.related_list(reading, 80, 5)
        return [line.strip() for line in terminal.to_text(content, 80).splitlines()]

    lines = alone(readings.interview())
    assert lines[0] == "Interview: „Wir suchen keine Einhörner“"
    assert "5  Studie: Zwei Drittel setzen auf KI" in lines
    assert alone(small()) == ["Titel", i18n._("No related articles are known.")]


# -------------------------------------------------------------------------------------------- typesetting


@pytest.mark.parametrize("name", ["seed", "interview"])
def test_running_text_is_no_wider_than_can_be_read(name: str) -> None:
    reading = getattr(readings, name)()

    assert shown(reading, 200) == shown(reading, 80) == shown(reading, 76)


@pytest.mark.parametrize("width", [40, 60, 80])
@pytest.mark.parametrize("name", ["seed", "interview"])
def test_lines_of_a_paragraph_are_well_filled(name: str, width: int) -> None:
    reading = getattr(readings, name)()
    columns = View(width).columns
    for block in reading.body:
        if block.type is BlockType.PARAGRAPH and len(block.text) > 200:
            lines = below(small(block), width)
            text = lines[: lines.index("") - 1]
            assert all(len(line) >= 0.7 * columns for line in text), text
            hyphens = [line.endswith("-") for line in text]
            assert not any(a and b and c for (a, b), (_b, c) in pairwise(pairwise(hyphens)))
