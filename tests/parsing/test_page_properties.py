"""Whatever the blocks, there is a Page; what is written out as text is read back as it was."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kommcli.errors import FeedFailure
from kommcli.model import (
    BODY_TYPES,
    Article,
    Block,
    BlockType,
    Image,
    Link,
    Mention,
    Page,
    Related,
    Source,
)
from kommcli.parsing import family, other, plaintext
from kommcli.parsing.page import is_known, parse_page
from kommcli.parsing.pieces import Metadata, Outline, Piece
from kommcli.render import markdown, plain
from kommcli.render.reading import Reading
from kommcli.text import clean

NOW = datetime(2026, 10, 16, 9, tzinfo=UTC)
ANY = st.text(max_size=120).map(clean)
MARKS = st.sampled_from(
    [
        "[16.10.2026] Die Stadt hat es getan.",
        "[16.10.2026]",
        "(Bildquelle: Stadt Aachen)",
        "Weitere Meldungen und Beiträge aus dem Bereich: Portale",
        "Weitere Meldungen und Beiträge",
        "bericht",
        "Potsdam: Neues Portal",
        "PotsdamNeues Portal",
        "Donnerstag, 16. Oktober 2025",
        "[15.6.2017] Teaser mehr...",
        "(42907+wir berichteten)",
        "Potsdam:",
        "Was haben Sie vor?",
        "",
    ]
)


@st.composite
def pieces(draw: st.DrawFn) -> Piece:
    kind = draw(st.sampled_from(list(BlockType)))
    text = draw(ANY | MARKS)
    links = (Link(0, len(text), "https://a.example/"),) if text and draw(st.booleans()) else ()
    image = draw(st.none() | st.builds(Image, url=st.just(""), alt=ANY, caption=ANY, credit=ANY))
    return Piece(
        Block(kind, text, links),
        draw(st.integers(0, 6)) if kind is BlockType.HEADING else 0,
        draw(ANY) if draw(st.booleans()) else text[: draw(st.integers(0, 10))],
        image if kind is BlockType.IMAGE else None,
        draw(st.booleans()),
        draw(st.booleans()),
    )


@given(st.lists(pieces(), max_size=25), st.lists(ANY | MARKS, max_size=3), ANY)
def test_any_list_of_blocks_gives_a_page(found: list[Piece], titles: list[str], description: str) -> None:
    outline = Outline(tuple(found), Metadata(titles=tuple(filter(None, titles)), description=description))
    page = family.read(outline, is_known)

    assert isinstance(page, Page)
    assert all(block.type in BODY_TYPES and block.text for block in page.body)
    for block in page.body:
        assert all(0 <= link.start < link.end <= len(block.text) for link in block.links)
    with suppress(FeedFailure):
        assert isinstance(other.read_text(outline), Page)


@given(st.text(max_size=2_000) | st.lists(ANY | MARKS, max_size=30).map("\n".join))
def test_any_text_gives_a_page_or_a_failure(text: str) -> None:
    for body in (text.encode("utf-8", "replace"), f"<html><body><p>{text}</p>".encode("utf-8", "replace")):
        with suppress(FeedFailure):
            assert parse_page(body, "", "https://a.example/x").title


# ------------------------------------------------------------------------------------- round trips

WORD = st.sampled_from(
    "Verwaltung Bürgerservice Stadt digital neue Lösung Antrag Kreis Daten KI OZG Onlinedienst wurde hat die "
    "der das und für mit „Zitat“ 37 Prozent E-Akte Projekt (Phase 2) Zukunft gemeinsam: sowie Konto".split(
        " "
    )
)
SENTENCE = st.lists(WORD, min_size=6, max_size=25).map(lambda words: "Die " + " ".join(words) + " läuft.")
PARAGRAPH = st.lists(SENTENCE, min_size=1, max_size=3).map(" ".join)
HEADING = st.lists(WORD.filter(lambda w: w[-1].isalnum()), min_size=2, max_size=4).map(
    lambda w: "Neue " + " ".join(w)
)
KICKER = st.sampled_from(
    ["Potsdam", "Kreis Bergstraße", "Halle (Saale)", "vote iT", "ekom21", "Mönchengladbach / Wiesbaden", ""]
)
TITLE = st.sampled_from(
    [
        "Neues Portal gestartet",
        "KI für alle Ämter",
        "Zwei Städte, ein Ziel",
        "„Wir sind weiter“",
        "110 Dienste online",
    ]
)
DAY = st.dates(datetime(2001, 1, 1).date(), datetime(2026, 10, 16).date()).map(
    lambda day: datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
)
MENTION = st.builds(
    Mention,
    title=TITLE,
    kicker=KICKER,
    published=DAY,
    teaser=PARAGRAPH,
    kind=st.sampled_from(["", "bericht", "interview"]),
    alt=st.sampled_from(["", "Ein Mann schaut in ein Smartphone"]),
)


@st.composite
def bodies(draw: st.DrawFn) -> tuple[Block, ...]:
    found = [Block(BlockType.PARAGRAPH, draw(PARAGRAPH))]
    for _number in range(draw(st.integers(0, 5))):
        kind = draw(st.sampled_from(["heading", "list", "quote", "paragraph"]))
        if kind == "heading":
            found.append(Block(BlockType.HEADING, draw(HEADING)))
            found.append(Block(BlockType.PARAGRAPH, draw(PARAGRAPH) + " " + draw(PARAGRAPH)))
        elif kind == "list":
            items = draw(st.lists(SENTENCE, min_size=2, max_size=4))
            found.append(Block(BlockType.LIST, "\n".join(items)))
            found.append(Block(BlockType.PARAGRAPH, draw(PARAGRAPH)))
        else:
            found.append(Block(BlockType(kind), draw(PARAGRAPH)))
    return tuple(found)


PAGES = st.builds(
    Page,
    title=TITLE,
    kicker=KICKER,
    published=DAY,
    lead=PARAGRAPH,
    body=bodies(),
    image=st.none()
    | st.builds(
        Image,
        url=st.just(""),
        alt=st.sampled_from(["", "Ein Laptop auf einem Tisch"]),
        caption=st.sampled_from(["", "Der neue Dienst im Einsatz."]),
        credit=st.just("Stadt Aachen/Eva Muster"),
    ),
    topic=st.sampled_from(["Künstliche Intelligenz", "CMS | Portale", ""]),
    related=st.lists(MENTION, max_size=4).map(tuple),
)


def reading(page: Page) -> Reading:
    """``page`` as renderers get it."""
    assert page.published is not None
    article = Article(
        id="abcdefgh",
        title=page.title,
        kicker=page.kicker,
        source=Source("k", "Kommune21", "https://k.example/feed"),
        published=page.published,
        first_seen=NOW,
        url="https://www.kommune21.de/k21-meldungen/neues-portal/",
    )
    related = tuple(Related(one) for one in page.related)
    return Reading(article, page.lead, page.body, page.image, related, page.topic if related else "")


def told(page: Page) -> Page:
    """What a text form can tell of a page: days, and the topic only where there is a list."""
    from kommcli.dates import local

    def day(moment: datetime | None) -> datetime | None:
        if moment is None:
            return None
        return local(moment).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)

    return replace(
        page,
        published=day(page.published),
        topic=page.topic if page.related else "",
        related=tuple(replace(one, published=day(one.published)) for one in page.related),
        reader="",
        url="",
    )


@given(PAGES)
def test_the_plain_form_is_read_back(page: Page) -> None:
    text = plain.article(reading(page))
    again = parse_page(text.encode(), "", "")

    assert told(again) == told(page)


@given(PAGES)
def test_the_markdown_form_is_read_back(page: Page) -> None:
    text = markdown.article(reading(page))
    again = parse_page(text.encode(), "", "")

    # Alternative texts of related articles have no place in it.
    wanted = told(replace(page, related=tuple(replace(one, alt="") for one in page.related)))
    assert told(again) == wanted


@pytest.mark.parametrize("text", ["", " \n", "\ufeff"])
def test_nothing_is_no_page(text: str) -> None:
    with pytest.raises(FeedFailure, match="no text"):
        parse_page(text.encode(), "", "")


@given(st.text(max_size=300))
def test_the_outline_of_any_text(text: str) -> None:
    for piece in plaintext.outline(text).pieces:
        assert clean(piece.text.replace("\n", " ")) == piece.text.replace("\n", " ")
