"""What must hold for every input, not only for the ones somebody thought of."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kommcli.errors import FeedFailure
from kommcli.model import ParsedFeed
from kommcli.parsing import charset, wire
from kommcli.parsing.balance import balance, is_well_formed
from kommcli.parsing.blocks import article
from kommcli.parsing.feed import parse_feed

FEEDS = Path(__file__).parent.parent / "data" / "feeds"
URL = "https://feed.example/news/feed.xml"
VALID = ("atom10", "podcast", "rdf", "typo3", "wordpress", "utf16_le_bom")


def texts(value: object) -> Iterator[str]:
    """Every string inside a value of the model."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from texts(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts(getattr(value, field.name))


def assert_clean(parsed: ParsedFeed) -> None:
    for text in texts(parsed):
        bad = [c for c in text if unicodedata.category(c) in ("Cc", "Cs") and c != "\n"]
        assert not bad, text
        assert not any(c in text for c in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u200b\ufeff"), text
    for entry in parsed.entries:
        assert "\n" not in entry.title + entry.kicker + entry.teaser + entry.guid
        assert entry.link == "" or entry.link.startswith(("http://", "https://"))


@pytest.mark.parametrize("name", VALID)
@pytest.mark.row("X19", "P2")
def test_X19_every_prefix_gives_complete_entries_only(name: str) -> None:
    body = (FEEDS / f"{name}.xml").read_bytes()
    whole = parse_feed(body, "", URL).entries
    for length in range(len(body) - 1, 0, -(len(body) // 250 or 1)):
        try:
            parsed = parse_feed(body[:length], "", URL)
        except FeedFailure:
            assert length < 700, "only without a root element there is no feed"
            continue
        assert parsed.entries == whole[: len(parsed.entries)]
        assert parsed.complete or "feed.truncated" in parsed.warnings


@pytest.mark.parametrize("path", sorted(FEEDS.glob("*.xml")), ids=lambda path: path.stem)
@pytest.mark.row("X9")
def test_mutated_bytes_never_raise_anything_but_a_feed_failure(path: Path) -> None:
    body, dice = path.read_bytes(), random.Random(path.stem)
    for _round in range(25):
        mutant = bytearray(body)
        for _change in range(dice.choice((1, 3, 20))):
            at = dice.randrange(len(mutant))
            match dice.randrange(4):
                case 0:
                    mutant[at] = dice.randrange(256)
                case 1:
                    del mutant[at : at + dice.randrange(1, 30)]
                case 2:
                    mutant[at:at] = mutant[dice.randrange(len(mutant)) :][: dice.randrange(40)]
                case _:
                    mutant[at:at] = dice.choice((b"<", b"&", b"]]>", b"<!--", b"&#27;", b"\x1b[2J", b'"'))
            mutant = mutant or bytearray(b"<")
        try:
            parsed = parse_feed(bytes(mutant), "", URL)
        except FeedFailure:
            continue
        assert_clean(parsed)


hostile = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("<>&;\"'=/![]-? \n\t\x00\x1b\x9b\u202e\u200b\ufeff"),
        st.sampled_from("aäpb#x1"),
    )
)


@given(hostile, hostile, hostile)
@pytest.mark.row("P1")
def test_texts_are_always_clean(title: str, description: str, link: str) -> None:
    xml = (
        "<rss><channel><title>{0}</title><item><title>{0}</title><link>{2}</link><guid>{2}</guid><author>{1}"
    )
    xml += (
        "</author><category>{0}</category><description><![CDATA[{1}]]></description></item></channel></rss>"
    )
    try:
        parsed = parse_feed(xml.format(title, description, link).encode("utf-8", "surrogatepass"), "", URL)
    except FeedFailure:
        return
    assert_clean(parsed)
    assert wire.feed(wire.load(wire.dump([parsed]))[0]) == parsed


@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<b>",
                "</b>",
                "<br>",
                "<li>",
                "<ul>",
                "</ul>",
                "<table>",
                "<tr>",
                "<td>",
                "</table>",
                "<figure>",
                "<figcaption>",
                "</figure>",
                "<img src=a alt=b>",
                "<h2>",
                "</h2>",
                "Wort ",
                "Frage?",
                "<blockquote>",
                "</blockquote>",
                "<script>",
                "</script>",
                "<div hidden>",
                "</div>",
                "<!--",
                "-->",
            ]
        )
    )
)
def test_html_of_any_order_gives_clean_blocks(pieces: list[str]) -> None:
    found, _image = article("".join(pieces), URL)
    assert all(block.text.strip() and "  \n" not in block.text for block in found)


@given(
    st.lists(
        st.sampled_from(
            [
                "<a>",
                "</a>",
                "<b c=d e='f'>",
                "</b>",
                "<item>",
                "</item>",
                "<title>",
                "</title>",
                "<",
                ">",
                "x",
                "<c/>",
                "<d x:y='1'>",
                "<![CDATA[<]]>",
                '<e f="',
                "<br>",
                "&amp;",
            ]
        )
    )
)
def test_balanced_markup_is_well_formed(pieces: list[str]) -> None:
    assert is_well_formed(balance("<rss>" + "".join(pieces).replace("]]>>", "]]>") + "</rss>"))


@given(st.binary(), st.text(max_size=30))
@settings(max_examples=300)
def test_any_bytes_are_some_text(body: bytes, content_type: str) -> None:
    text, _wrong = charset.decode(body, content_type)
    assert text.isprintable() or text.encode("utf-8")
