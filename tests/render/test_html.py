"""The HTML page of one article: valid, accessible, loads nothing, says everything, and is well set."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from hypothesis import given

import readings
from browser import CHROMIUM, chromium, measured
from kommcli import dates, i18n
from kommcli.model import BlockType, Related
from kommcli.render import html
from kommcli.render.reading import Reading, Run, items, lines, runs, web


@pytest.fixture(autouse=True)
def _german():
    i18n.use("de")
    yield
    i18n.use("en")


def parsed(page: str) -> Element:
    """The page's tree; strict: misplaced, unclosed and unknown things are errors."""
    parser = html5lib.HTMLParser(
        tree=html5lib.getTreeBuilder("etree"), strict=True, namespaceHTMLElements=False
    )
    root: Element = parser.parse(page)
    return root


def said(element: Element) -> str:
    return "".join(element.itertext()).strip("\n")


def only(root: Element, path: str) -> Element:
    found = root.findall(path)
    assert len(found) == 1, path
    return found[0]


# -------------------------------------------------------------------------------------- for any article

TAGS = set(
    "html head meta title style body main article header hgroup footer section figure figcaption h1 h2 h3"
    " p ul li blockquote strong a br time span".split()
)
ATTRIBUTES = set("lang charset http-equiv content name class id href datetime role aria-label".split()) | {
    "aria-labelledby"
}


@given(readings.readings)
def test_the_page_is_valid_loads_nothing_and_runs_nothing(reading: Reading) -> None:
    root = parsed(html.article(reading))

    for element in root.iter():
        assert element.tag in TAGS
        assert set(element.attrib) <= ATTRIBUTES, element.tag
        for name, value in element.attrib.items():
            assert name == "href" or name == "content" or "://" not in value or element.tag == "ul"
        if "href" in element.attrib:
            assert element.tag == "a"
            assert re.match(r"https?://", element.attrib["href"])
    policy = only(root, "head/meta[@http-equiv='Content-Security-Policy']")
    assert policy.attrib["content"] == "default-src 'none'; style-src 'unsafe-inline'"
    style = said(only(root, "head/style"))
    assert not re.search(r"url\(|@import|://|expression|</", style)


@given(readings.readings)
def test_the_page_can_be_found_one_s_way_in(reading: Reading) -> None:
    root = parsed(html.article(reading))

    assert root.attrib["lang"] == "de"
    assert said(only(root, "head/title"))
    assert len(root.findall(".//main")) == len(root.findall(".//article")) == len(root.findall(".//h1")) == 1
    levels = [int(element.tag[1]) for element in root.iter() if re.fullmatch("h[1-6]", str(element.tag))]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids))
    for element in root.iter():
        if "aria-labelledby" in element.attrib:
            assert element.attrib["aria-labelledby"] in ids
        if element.tag in ("a", "h1", "h2", "h3", "p", "time"):
            assert said(element), f"an empty {element.tag}"


@given(readings.readings)
def test_every_text_is_literal_and_nothing_is_left_out(reading: Reading) -> None:
    root = parsed(html.article(reading))
    found = reading.article
    page = only(root, "body/main/article")

    assert [said(one) for one in page.findall("header/hgroup/*")] == [
        *filter(None, [found.kicker]),
        found.title or "(ohne Titel)",
    ]
    assert [said(one) for one in page.findall("header/p[@class='lead']")] == [*filter(None, [reading.lead])]
    byline = said(only(page, "header/p[@class='byline']"))
    assert found.source.title in byline
    picture = reading.image
    figures = page.findall("figure")
    if picture and any((web(picture.url), picture.alt, picture.caption, picture.credit)):
        figure = figures.pop(0)
        assert all(part in said(figure) for part in (picture.alt, picture.caption, picture.credit))
        assert [link.attrib["href"] for link in figure.iter("a")] == [*filter(None, [web(picture.url)])]
    blocks = [one for one in page if one.tag not in ("header", "footer")]
    assert [_told(one) for one in blocks[len(blocks) - len(list(_expected(reading))) :]] == [
        *_expected(reading)
    ]
    below = "\n".join(said(one) for one in page.findall("footer"))
    for words in (
        reading.note,
        *(place.name for place in found.places),
        *(topic.name for topic in found.topics),
    ):
        assert words in below
    hrefs = [link.attrib["href"] for link in page.findall("footer//a")]
    assert hrefs == [*filter(None, [found.enclosure and web(found.enclosure.url), web(found.url)])]
    assert [_item(one) for one in root.findall("body/main/section/ul/li")] == [
        _expected_item(one) for one in reading.related
    ]


def _pieces(element: Element) -> list[list[Run]]:
    """Text and links by line."""
    found: list[list[Run]] = [[Run(element.text)] if element.text else []]
    for inner in element:
        if inner.tag == "br":
            found.append([])
        elif inner.tag == "a":
            found[-1].append(Run(said(inner), inner.attrib["href"]))
        elif inner.tag in ("ul", "span"):
            continue
        else:
            return _pieces(inner)
        if inner.tail:
            found[-1].append(Run(inner.tail))
    return [_merged(line) for line in found]


def _merged(line: list[Run]) -> list[Run]:
    found: list[Run] = []
    for one in line:
        if found and found[-1].url == one.url:
            found[-1] = Run(found[-1].text + one.text, one.url)
        else:
            found.append(one)
    return found


def _told(element: Element) -> tuple[str, Any]:
    match element.tag:
        case "ul":
            return "list", list(_listed(element, 0))
        case "figure":
            words = only(element, "p/span[@class='word']")
            return "figure", (words.tail or "").removeprefix(" ") + said_of(element)
        case "p" if element.attrib.get("class") == "question":
            return "question", _pieces(element)
        case tag:
            return str(tag), _pieces(element)


def said_of(figure: Element) -> str:
    """What stands in a figure's paragraph behind line breaks and links."""
    return "".join(
        ("\n" if one.tag == "br" else said(one)) + (one.tail or "") for one in figure.findall("p/*")[1:]
    )


def _listed(element: Element, level: int) -> Iterator[tuple[int, list[Run]]]:
    for item in element:
        assert item.tag == "li"
        # What stands before a list below is followed by its line break.
        below = item.findall("ul")
        line = _pieces(item)[0]
        if below and line and not line[-1].url:
            line = [*line[:-1], *([Run(line[-1].text.removesuffix("\n"))] if line[-1].text != "\n" else [])]
        if line:
            yield level, line
        for inner in below:
            yield from _listed(inner, level + 1)


def _expected(reading: Reading) -> Iterator[tuple[str, Any]]:
    names = {BlockType.HEADING: "h2", BlockType.PARAGRAPH: "p", BlockType.QUOTE: "blockquote"}
    for block in reading.blocks():
        match block.type:
            case BlockType.LIST:
                found = [(level, _merged(list(text))) for level, text in items(block)]
                if found:
                    yield "list", found
            case BlockType.IMAGE:
                yield "figure", block.text
            case kind:
                yield names.get(kind, kind.value), [_merged(list(line)) for line in lines(runs(block))]


def _item(element: Element) -> tuple[str, str, str, str, str]:
    """Label, headline, address, date and teaser, reason."""
    classed = {one.attrib.get("class", ""): said(one) for one in element.findall("p")}
    address = next((link.attrib["href"] for link in element.findall("h3/a")), "")
    return (
        classed.get("label", ""),
        said(only(element, "h3")),
        address,
        classed.get("", ""),
        classed.get("reason", ""),
    )


def _expected_item(one: Related) -> tuple[str, str, str, str, str]:
    mention = one.mention
    day = dates.day(mention.published) if mention.published else ""
    headline = (f"{mention.kicker}: " if mention.kicker else "") + (mention.title or "(ohne Titel)")
    told = " ".join(filter(None, [day, mention.teaser]))
    return mention.kind, headline, web(mention.url), told, one.reason


# -------------------------------------------------------------------------------------- in particular


def test_a_picture_is_a_link_and_never_loaded() -> None:
    figure = only(parsed(html.article(readings.seed())), "body/main/article/figure")

    link = only(figure, "p/a")
    assert link.attrib["href"].endswith("/werkstatt.jpg")
    assert said(link).startswith("Symbolbild Werkstatt")
    assert "Wiebke Zeichner/bilderhof.example" in said(figure)


def test_dates_are_for_programs_too() -> None:
    times = list(parsed(html.article(readings.seed())).iter("time"))
    assert (times[0].attrib["datetime"], said(times[0])) == ("2024-11-14", "Donnerstag, 14. November 2024")
    assert (times[1].attrib["datetime"], said(times[1])) == ("2025-10-16", "16.10.2025")

    published, updated = list(parsed(html.article(readings.interview())).iter("time"))[:2]
    assert published.attrib["datetime"] == "2026-10-13T13:00:00+02:00"
    assert said(published) == "Dienstag, 13. Oktober 2026, 13:00 Uhr"
    assert updated.attrib["datetime"] == "2026-10-14T09:12:00+02:00"
    assert "14.10.2026" in said(updated)


def test_words_of_another_language_say_so() -> None:
    i18n.use("en")
    root = parsed(html.article(readings.seed()))

    assert root.attrib["lang"] == "de"
    time, source, kind, reading_time = only(root, ".//p[@class='byline']")
    assert (said(time), time.attrib["lang"]) == ("Thursday, 14 November 2024", "en")
    assert "lang" not in source.attrib
    assert (said(kind), kind.attrib["lang"], reading_time.attrib["lang"]) == ("Report", "en", "en")
    heading = only(root, "body/main/section/h2")
    assert said(heading) == "Weitere Meldungen und Beiträge aus dem Bereich: Künstliche Intelligenz"


def test_the_jinja_of_strangers_is_text() -> None:
    hostile = "{{ 7 * 7 }} {% if x %} <script>alert('x')</script>"
    page = html.article(Reading(readings.seed().article, hostile, (), None))

    assert said(only(parsed(page), ".//p[@class='lead']")) == hostile
    assert "<script" not in page


# --------------------------------------------------------------------------------------- in a browser


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_a_browser_it_fits_and_can_be_read(tmp_path: Path, scheme: str) -> None:
    pages = {name: html.article(getattr(readings, name)()) for name in ("seed", "interview")}
    found = measured(tmp_path, scheme, pages)

    assert len(found) == 4
    for one in found:
        assert one["dark"] == (scheme == "dark")
        assert (one["wide"], one["outside"]) == (one["width"], []), one["name"]
        assert one["worst"] >= 4.5, "WCAG 2 AA"
        if one["width"] == 1200 and one["name"] == "seed":
            assert 55 <= one["measure"] <= 75


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")
def test_a_screenshot_and_a_print_can_be_made(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(html.article(readings.interview()), "utf-8")
    picture, paper = tmp_path / "page.png", tmp_path / "page.pdf"
    for made in ([f"--screenshot={picture}", "--window-size=1200,900"], [f"--print-to-pdf={paper}"]):
        subprocess.run(
            [*chromium(tmp_path), *made, page.as_uri()], capture_output=True, timeout=120, check=True
        )

    assert picture.read_bytes().startswith(b"\x89PNG")
    assert paper.read_bytes().startswith(b"%PDF")
