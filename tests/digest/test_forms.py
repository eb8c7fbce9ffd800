"""An issue as text, Markdown, HTML, JSON and Atom: the form, and hostile words in all of them."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from hypothesis import given, settings
from markdown_it import MarkdownIt

import kommcli
from browser import CHROMIUM, measured
from conftest import validate
from kommcli import i18n
from kommcli.digest import forms, journal, record
from kommcli.digest.forms import Forms, command, wrap
from kommcli.digest.issue import Issue, Item, More, Section, Stale
from kommcli.errors import ConfigError
from newsroom import ATTACKS
from newsweek import SINCE, UNTIL, issues

FORMS = Forms()


@pytest.fixture(autouse=True)
def _german():
    i18n.use("de")
    yield
    i18n.use("en")


def item(number: int, **facts: Any) -> Item:
    values: dict[str, Any] = {
        "id": f"a{number:07d}",
        "title": f"Titel {number}",
        "kicker": "Potsdam",
        "published": SINCE,
        "teaser": "Ein Anreißer.",
        "url": f"https://news.example/{number}",
        "source": "Kommunal Digital",
    }
    return Item(**(values | facts))


def issue(*items: Item, **facts: Any) -> Issue:
    values: dict[str, Any] = {
        "key": "2026-W42",
        "name": "Wochenbrief",
        "subject": "Wochenbrief: KW 42",
        "language": "de",
        "since": SINCE,
        "until": UNTIL,
        "week": "KW 42",
        "period": "12. bis 18. Oktober 2026",
        "sections": (Section("ki", "Künstliche Intelligenz", items),) if items else (),
    }
    return Issue(**(values | facts))


# ------------------------------------------------------------------------------------------- text

TEXT = """\
________________________________________________________________________

  Wochenbrief
  ===========
  Ausgabe 7 · KW 42 · 12. bis 18. Oktober 2026
________________________________________________________________________

Liebe Leserinnen und Leser,

Die Kalenderwoche 42 brachte 2 Beiträge.

Zahl der Woche: 7 Städte.

________________________________________________________________________

Inhalt
------

Künstliche Intelligenz
 1. Potsdam: Ein langer Titel, der in der Textausgabe über zwei Zeilen
    läuft
 2. Potsdam: Titel 2

________________________________________________________________________

Künstliche Intelligenz
----------------------

 1. Potsdam: Ein langer Titel, der in der Textausgabe über zwei Zeilen
    läuft

    [12.10.2026] Ein Anreißer.
    Kommunal Digital · auch bei: Amtsblick, Rathausfunk · geändert
    https://news.example/1

 2. Potsdam: Titel 2
    [12.10.2026] Kommunal Digital

Ein eigener Satz der Redaktion.

… und 3 weitere:
kommcli latest topic:ki

________________________________________________________________________

2 Beiträge · 3 Quellen · 12. bis 18. Oktober 2026
Möglicherweise unvollständig: Landespresse (zuletzt gelesen am
12.10.2026) und Nie (noch nie gelesen).
"""


def whole() -> Issue:
    """An issue with everything."""
    long = "Ein langer Titel, der in der Textausgabe über zwei Zeilen läuft"
    made = issue(
        item(1, title=long, also_in=("Amtsblick", "Rathausfunk"), edited=True),
        item(2, teaser="", url=""),
        Item("", teaser="Ein eigener Satz der Redaktion."),
        number=7,
        salutation="Liebe Leserinnen und Leser,",
        introduction=("Die Kalenderwoche 42 brachte 2 Beiträge.",),
        figure="7 Städte.",
        stale=(Stale("Landespresse", SINCE), Stale("Nie")),
    )
    section = replace(made.sections[0], more=More(3, "kommcli latest topic:ki"))
    return replace(made, sections=(section,))


def test_the_text() -> None:
    assert FORMS.text(whole()) == TEXT


def test_titles_only_has_no_contents_and_no_teasers() -> None:
    text = FORMS.text(whole().without_teasers())

    assert "Inhalt" not in text
    assert "Ein Anreißer" not in text
    assert "    [12.10.2026] Kommunal Digital · auch bei: Amtsblick" in text
    assert "Ein eigener Satz der Redaktion." in text


@settings(max_examples=60)
@given(issues)
@pytest.mark.row("D7")
def test_D7_no_line_of_any_text_is_longer_than_78(made: Issue) -> None:
    """But for addresses, each alone on its line, which are as long as they are."""
    text = FORMS.text(made)

    addresses = {one.url for one in made.items}
    for line in text.split("\n"):
        assert line.strip() in addresses or typeset_width(line) <= 78
    assert text.endswith("\n")
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u2028\u2029]", text)


def typeset_width(line: str) -> int:
    from kommcli.render.typeset import cells

    return cells(line)


@pytest.mark.row("D7")
def test_D7_a_word_of_5000_letters_and_a_line_with_a_full_stop() -> None:
    text = FORMS.text(issue(item(1, title="x" * 5_000, teaser="."), item(2, teaser="-- ")))

    assert max(map(len, text.splitlines())) <= 78
    assert text.count("x") == 2 * 5_000 + 2  # and of "example" in the addresses
    assert "\n." not in text


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a " * 40, 2),
        ("14. Oktober " * 7, 2),
        ("Ä" * 73, 2),
        ("東京都" * 13, 2),
        ("", 1),
    ],
)
def test_wrapping_counts_cells(text: str, lines: int) -> None:
    assert len(wrap(text.strip()).split("\n")) == lines


def test_readers_of_a_mail_are_told_no_commands() -> None:
    text = FORMS.text(whole().without_commands())

    assert "… und 3 weitere\n" in text
    assert "kommcli" not in text + FORMS.html(whole().without_commands()).replace('content="kommcli"', "")


def test_a_long_command_is_broken_as_a_shell_reads_it() -> None:
    line = "kommcli latest --week 2026-W42 -n 100 'ort:\"Bad Nauheim\"' " + "topic:ki " * 9
    broken = command(line.strip())

    assert max(map(len, broken.splitlines())) <= 72
    assert re.sub(r" \\\n +", " ", broken) == line.strip()


# --------------------------------------------------------------------------------------- Markdown


def test_the_markdown() -> None:
    text = FORMS.markdown(whole())

    assert text.startswith(
        "# Wochenbrief\n\n**Ausgabe 7 · KW 42 · 12. bis 18. Oktober 2026**\n\nLiebe Leserinnen"
    )
    assert "- **Künstliche Intelligenz**\n  - Potsdam: Ein langer Titel" in text
    assert (
        "### [Potsdam: Ein langer Titel, der in der Textausgabe über zwei Zeilen läuft](<https://news" in text
    )
    assert (
        "12.10.2026] Ein Anreißer.\n\n*Kommunal Digital · auch bei: Amtsblick, Rathausfunk · geändert*\n"
        in text
    )
    assert "### Potsdam: Titel 2\n\n[12.10.2026] *Kommunal Digital*\n" in text
    assert "… und 3 weitere: `kommcli latest topic:ki`\n" in text


@settings(max_examples=60)
@given(issues)
@pytest.mark.row("D6")
def test_D6_markdown_keeps_its_structure(made: Issue) -> None:
    tokens = MarkdownIt("commonmark").parse(FORMS.markdown(made))

    kinds = [token.type for token in tokens]
    assert "html_block" not in kinds
    assert "fence" not in kinds
    assert "code_block" not in kinds
    headings = [token.tag for token in tokens if token.type == "heading_open"]
    contents = ["h2"] if made.items else []
    assert headings == ["h1", *contents, *(
        tag for section in made.sections for tag in ["h2", *("h3" for one in section.items if one.id)]
    )]  # fmt: skip
    for token in tokens:
        for inner in token.children or []:
            assert inner.type not in ("html_inline", "image")
            if inner.type == "link_open":
                assert str(inner.attrs["href"]).startswith(("http://", "https://"))


# ------------------------------------------------------------------------------------------- HTML


def parsed(page: str) -> Element:
    """The page's tree; strict: misplaced, unclosed and unknown things are errors."""
    parser = html5lib.HTMLParser(
        tree=html5lib.getTreeBuilder("etree"), strict=True, namespaceHTMLElements=False
    )
    root: Element = parser.parse(page)
    return root


TAGS = set(
    "html head meta title style body main table tbody tr td h1 h2 h3 p ul li a span strong div br".split()
) | {"code"}


@settings(max_examples=60)
@given(issues)
@pytest.mark.row("D4", "D5")
def test_D4_D5_any_issue_is_a_valid_page_that_loads_nothing(made: Issue) -> None:
    page = FORMS.html(made)
    root = parsed(page)

    for element in root.iter():
        if not isinstance(element.tag, str):
            continue  # a comment for Outlook
        assert element.tag in TAGS
        assert not [name for name in element.attrib if name.startswith("on") or name in ("src", "srcset")]
        if element.tag == "a":
            assert re.match(r"https?://|#n\d+$", element.attrib["href"])
    style = "".join(root.find("head/style").itertext())  # type: ignore[union-attr]
    assert "url(" not in page
    assert "@import" not in style
    assert root.attrib["lang"] == "de"


@pytest.mark.parametrize(
    "attack", [*ATTACKS, "<img src=x onerror=alert(1)>", "</style><script>alert(1)</script>"]
)
@pytest.mark.row("D1", "D4")
def test_D1_D4_attacks_are_words(attack: str) -> None:
    from kommcli.text import clean

    words = clean(attack.replace("&#27;", "\x1b"))
    made = issue(item(1, title=words, kicker=words, teaser=words, source=words), name=words, subject=words)
    page = parsed(FORMS.html(made))
    (heading,) = page.iter("h3")

    assert "".join(heading.itertext()) == words
    assert not list(page.iter("script"))
    assert not list(page.iter("img"))
    for text in (FORMS.text(made), FORMS.markdown(made)):
        assert "\x1b" not in text


def test_the_page_is_for_outlook_and_for_screen_readers() -> None:
    root = parsed(FORMS.html(whole()))

    assert all(table.attrib["role"] == "presentation" for table in root.iter("table"))
    levels = [
        int(one.tag[1]) for one in root.iter() if isinstance(one.tag, str) and re.fullmatch("h[1-6]", one.tag)
    ]
    assert levels == [1, 2, 2, 3, 3]
    for element in root.iter():
        if element.tag in ("p", "h1", "h2", "h3", "td", "ul"):
            assert element.attrib.get("style"), "Outlook needs the style at the element"
    anchors = {one.attrib["href"][1:] for one in root.iter("a") if one.attrib["href"].startswith("#")}
    assert anchors == {one.attrib["id"] for one in root.iter("h3")}


def test_german_articles_in_an_english_issue_say_so() -> None:
    root = parsed(FORMS.html(replace(whole(), language="en")))

    assert root.attrib["lang"] == "en"
    assert {one.attrib.get("lang") for one in root.iter("h3")} == {"de"}


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_a_browser_it_fits_and_can_be_read(tmp_path: Path, scheme: str) -> None:
    long = issue(item(1, title="Donaudampfschifffahrt" * 20, url="https://news.example/" + "x" * 300))
    found = measured(tmp_path, scheme, {"whole": FORMS.html(whole()), "long": FORMS.html(long)})

    assert len(found) == 4
    for one in found:
        assert one["dark"] == (scheme == "dark")
        assert (one["wide"], one["outside"]) == (one["width"], []), one["name"]
        assert one["worst"] >= 4.5, "WCAG 2 AA"


# -------------------------------------------------------------------------------------- templates


def test_own_templates_replace_ours(tmp_path: Path) -> None:
    (tmp_path / "digest.txt.j2").write_text("{{ issue.name }}: {{ issue.items | length }}\n", "utf-8")

    assert Forms(tmp_path).text(whole()) == "Wochenbrief: 2\n"
    assert Forms(tmp_path).markdown(whole()) == FORMS.markdown(whole())


@pytest.mark.parametrize(
    ("template", "line", "cause"),
    [
        ("eins\n{% if %}\n", 2, "Expected an expression"),
        ("eins\nzwei\n{{ issue.nothing }}\n", 3, "nothing"),
        ("{{ unknown }}", 1, "unknown"),
        ("\n{{ issue.name | nofilter }}", 2, "nofilter"),
        ("\n{{ 1 // 0 }}", 2, "by zero"),
        ("{{ issue.__class__.__mro__ }}", 1, "unsafe"),
        ("\n\n{{ ''.__class__ }}", 3, "unsafe"),
        ("{{ issue.items.append(1) }}", 1, "append"),
        ("{% include 'other.j2' %}", 1, "other.j2"),
    ],
)
def test_a_broken_template_is_named_with_its_line(
    tmp_path: Path, template: str, line: int, cause: str
) -> None:
    path = tmp_path / "digest.txt.j2"
    path.write_text(template, "utf-8")

    with pytest.raises(ConfigError) as caught:
        Forms(tmp_path).text(whole())
    assert str(caught.value).startswith(f"{path}:{line}: die Vorlage ist unbrauchbar (")
    assert cause in str(caught.value)
    assert "[config.template]" in str(caught.value)
    assert caught.value.exit_status == 5


def test_a_template_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "digest.txt.j2").write_bytes(b"\xff\xfe")

    with pytest.raises(ConfigError):
        Forms(tmp_path).text(whole())


def test_the_originals_are_in_the_package() -> None:
    assert {path.name for path in forms.OURS.iterdir()} >= set(forms.TEMPLATES)
    assert forms.OURS.is_relative_to(Path(kommcli.__file__).parent)


# ------------------------------------------------------------------------------------ json and atom


@settings(max_examples=60)
@given(issues)
def test_json_obeys_its_schema(made: Issue) -> None:
    value = record.digest(made)
    for section in value["sections"]:
        for one in section["items"]:
            one["id"] = one["id"] and "abcdefgh"
            one["url"] = one["url"] if (one["url"] or "").startswith("http") else None
    validate(value)


ATOM = "{http://www.w3.org/2005/Atom}"


@settings(max_examples=30)
@given(issues)
def test_atom_is_well_formed_and_has_the_page(made: Issue) -> None:
    page = FORMS.html(made)
    entry = journal.Entry(
        made.key, made.subject, "\n".join(made.introduction), page, UNTIL, "https://x.example/&1"
    )
    root = ElementTree.fromstring(journal.feed(made.name, [entry], language="de"))

    assert root.findtext(f"{ATOM}title") == made.name
    assert root.findtext(f"{ATOM}entry/{ATOM}content") == page
    assert root.findtext(f"{ATOM}updated") == "2026-10-19T00:00:00+02:00"


def test_many_sources_that_are_behind_are_counted() -> None:
    made = issue(item(1), stale=tuple(Stale(f"Quelle {number}") for number in range(40)))

    assert forms.stale(made).endswith("Quelle 5 (noch nie gelesen) und 34 weitere.")
