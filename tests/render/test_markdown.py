"""Markdown of one article: every text from outside is literal, and its structure can be read back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

import readings
from kommcli import dates, i18n
from kommcli.model import Article, Block, BlockType, Image, Link, Mention, Related
from kommcli.render import markdown
from kommcli.render.reading import Reading, items, lines, runs, web

COMMONMARK = MarkdownIt("commonmark")
PICTURE = "🖼"
GITHUB = MarkdownIt("commonmark").enable(["table", "strikethrough"])


@pytest.fixture(autouse=True)
def _german():
    i18n.use("de")
    yield
    i18n.use("en")


# ------------------------------------------------------------------------------- what a parser makes of it


class Told(NamedTuple):
    """A block of the document: what it is, and its pieces (text, where it leads)."""

    kind: str
    pieces: tuple[tuple[str, str], ...]


def told(document: str, parser: MarkdownIt = COMMONMARK) -> list[Told]:
    """The blocks of a document as a parser understands it."""
    return [
        Told(kind, pieces) for node in SyntaxTreeNode(parser.parse(document)) for kind, pieces in _block(node)
    ]


def _block(node: SyntaxTreeNode) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    match node.type:
        case "hr":
            yield "rule", ()
        case "heading":
            yield node.tag, _pieces(node.children[0])
        case "paragraph":
            yield _wrapped(node.children[0])
        case "blockquote":
            assert [inner.type for inner in node.children] == ["paragraph"]
            yield "quote", _pieces(node.children[0].children[0])
        case "bullet_list":
            for level, item in _items(node, 0):
                yield f"item {level}", _pieces(item)
        case other:
            raise AssertionError(f"the form has no {other}")


def _items(node: SyntaxTreeNode, level: int) -> Iterator[tuple[int, SyntaxTreeNode]]:
    for item in node.children:
        for inner in item.children:
            if inner.type == "bullet_list":
                yield from _items(inner, level + 1)
            else:
                assert inner.type == "paragraph"
                yield level, inner.children[0]


def _wrapped(inline: SyntaxTreeNode) -> tuple[str, tuple[tuple[str, str], ...]]:
    """A paragraph by the one mark that is around all of it."""
    inner = [node for node in inline.children if not (node.type == "text" and not node.content)]
    if [node.type for node in inner] in (["strong"], ["em"]):
        return inner[0].type, _pieces(inner[0])
    return "paragraph", _pieces(inline)


def _pieces(inline: SyntaxTreeNode) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for words, url in _flat(inline):
        if found and found[-1][1] == url:
            found[-1] = (found[-1][0] + words, url)
        elif words:
            found.append((words, url))
    return tuple(found)


def _flat(inline: SyntaxTreeNode, url: str = "") -> Iterator[tuple[str, str]]:
    for node in inline.children:
        match node.type:
            case "text":
                yield node.content, url
            case "hardbreak":
                yield "\n", url
            case "link":
                assert not url
                yield from _flat(node, str(node.attrs["href"]))
            case "image":
                alt = "".join(words for words, _url in _flat(node))
                yield PICTURE + alt, "image:" + str(node.attrs["src"])
            case "strong":  # of a lead and of a related headline, which are inside a line
                yield "**", ""
                yield from _flat(node, url)
                yield "**", ""
            case other:
                raise AssertionError(f"a text became {other}")


# ------------------------------------------------------------------------------------ what it should say


def href(url: str) -> str:
    return COMMONMARK.normalizeLink(web(url)) if web(url) else ""


def expected(reading: Reading) -> Iterator[Told]:
    """The blocks that `told` must find."""
    found = reading.article
    if found.kicker:
        yield plain("strong", found.kicker)
    yield plain("h1", found.title or "(ohne Titel)")
    day = f"[{dates.day(found.published)}]"
    yield plain("paragraph", f"{day} **{reading.lead}**" if reading.lead else day)
    yield from _expected_picture(reading.image)
    for block in reading.blocks():
        yield from _expected_block(block)
    tail = [*_expected_tail(reading)]
    if tail:
        yield Told("rule", ())
        yield from tail


def _expected_picture(image: Image | None) -> Iterator[Told]:
    if image is None:
        return
    if href(image.url):
        yield Told("paragraph", merged((PICTURE + image.alt, "image:" + href(image.url))))
    elif image.alt:
        yield plain("em", f"[Bild: {image.alt}]")
    if image.caption:
        yield plain("em", image.caption)
    if image.credit:
        yield plain("paragraph", f"(Bildquelle: {image.credit})")


def _expected_block(block: Block) -> Iterator[Told]:
    written = [[(words, href(url)) for words, url in line] for line in lines(runs(block))]
    match block.type:
        case BlockType.LIST:
            for level, item in items(block):
                yield Told(f"item {level}", merged(*((words, href(url)) for words, url in item)))
        case BlockType.HEADING:
            yield Told("h2", _joined([line for line in written if line], " "))
        case BlockType.IMAGE:
            yield plain("paragraph", f"[Bild: {block.text}]".replace("\n", " "))
        case kind:
            names = {BlockType.QUESTION: "strong", BlockType.QUOTE: "quote", BlockType.PARAGRAPH: "paragraph"}
            yield Told(names[kind], _joined(written, "\n"))


def _joined(written: list[list[tuple[str, str]]], gap: str) -> tuple[tuple[str, str], ...]:
    return merged(*[piece for line in written for piece in [(gap, ""), *line]][1:])


def _expected_tail(reading: Reading) -> Iterator[Told]:
    if reading.note:
        yield plain("em", reading.note)
    if reading.article.truncated:
        yield plain("em", "(gekürzt)")
    byline = [piece for part in _byline(reading.article) for piece in [(" · ", ""), part]][1:]
    if byline:
        yield Told("paragraph", merged(*byline))
    if reading.related:
        topic = f" aus dem Bereich: {reading.related_topic}" if reading.related_topic else ""
        yield plain("h2", f"Weitere Meldungen und Beiträge{topic}")
    for one in reading.related:
        yield _expected_mention(one.mention)


def _byline(found: Article) -> Iterator[tuple[str, str]]:
    from kommcli.data.states import NAMES
    from kommcli.render import plain as names

    said = [found.source.title]
    if found.published_is_estimate:
        said.append(f"zuerst gesehen: {dates.day(found.published)}")
    said += [
        names.kind_name(found.kind),
        *(place.name for place in found.places),
        *(NAMES[s] for s in found.states),
    ]
    said += [names.level_name(found.level) if found.level else "", *(topic.name for topic in found.topics)]
    for part in dict.fromkeys(said):
        if part:
            yield part, ""
    if found.enclosure and href(found.enclosure.url):
        words = {"audio/mpeg": "Listen", "video/mp4": "Watch"}.get(found.enclosure.type, "Download")
        yield i18n._(words), href(found.enclosure.url)
    if href(found.url):
        yield COMMONMARK.normalizeLinkText(found.url), href(found.url)


def _expected_mention(mention: Mention) -> Told:
    headline = (f"{mention.kicker}: " if mention.kicker else "") + (mention.title or "(ohne Titel)")
    pieces = [
        (f"{mention.kind} · **" if mention.kind else "**", ""),
        (headline, href(mention.url)),
        ("**", ""),
    ]
    if mention.published:
        pieces.append((f" [{dates.day(mention.published)}]", ""))
    if mention.teaser:
        pieces.append((f" {mention.teaser}", ""))
    return Told("item 0", merged(*pieces))


def plain(kind: str, words: str) -> Told:
    return Told(kind, merged((words, "")))


def merged(*pieces: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for words, url in pieces:
        if found and found[-1][1] == url:
            found[-1] = (found[-1][0] + words, url)
        elif words:
            found.append((words, url))
    return tuple(found)


# ---------------------------------------------------------------------------------------------- the tests


@pytest.mark.parametrize("parser", [COMMONMARK, GITHUB], ids=["commonmark", "github"])
@given(reading=readings.readings)
def test_every_text_is_literal_and_every_block_is_what_it_was(parser: MarkdownIt, reading: Reading) -> None:
    assert told(markdown.article(reading), parser) == list(expected(reading))


@given(readings.readings)
def test_the_marks_of_the_form_are_its_own(reading: Reading) -> None:
    """What a reader by lines relies on."""
    document = markdown.article(reading)
    source = document.split("\n\n")

    assert document.endswith("\n")
    assert "\n\n\n" not in document
    assert source.count("---") <= 1
    assert sum(block.startswith("# ") for block in source) == 1
    body = source[: source.index("---")] if "---" in source else source
    first = next(number for number, block in enumerate(body) if block.startswith("# "))
    assert first == bool(reading.article.kicker)
    assert re.match(r"\[\d\d\.\d\d\.\d{4}\]($| \*\*)", source[first + 1].rstrip("\n"))
    told_once = ("![", "*[Bild: ", "(Bildquelle: ")
    for start in told_once:
        assert sum(block.startswith(start) for block in body[first + 2 :]) <= 1


@given(st.lists(readings.mentions, max_size=3))
def test_kicker_and_title_of_a_related_item_can_be_parted(mentions: list[Mention]) -> None:
    empty = Reading(readings.seed().article, "", (), None, tuple(map(Related, mentions)))
    written = markdown.article(empty).split("\n\n## Weitere")[-1].split("\n\n- ")[1:]

    assert len(written) == len(mentions)
    for item, mention in zip(written, mentions, strict=True):
        headline = re.search(r"\*\*(?:\[((?:\\.|[^\\\]])*)\]\(<|((?:\\.|[^\\*])*)\*\*)", item)
        assert headline
        kicker, colon, title = re.fullmatch(
            r"(?:((?:\\.|[^\\])*?)(:) )?(.*)", headline[1] or headline[2] or ""
        ).groups()
        assert bool(colon) == bool(mention.kicker)
        assert _unescaped(kicker or "") == mention.kicker
        assert _unescaped(title) == (mention.title or "(ohne Titel)")


def _unescaped(source: str) -> str:
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", source)


@pytest.mark.parametrize(
    "sentence",
    [
        "Die Stadt hat (laut Rathaus) 1.200 Anträge bearbeitet – 37 Prozent mehr als 2024.",
        "„Das ist gut“, sagte Dr. Müller am 16. Oktober, z. B. im Ausschuss; Kosten: 15.000 Euro.",
        "Bürger:innen und Bürger_innen schreiben an info@stadt.example oder https://www.stadt.example/a_b?c=1.",
        "AT&T, C#, E-Government/OZG, 100 % digital: Schluss! Was nun? A | B",
        "Wie geht das? - So geht das.",
    ],
)
def test_ordinary_sentences_stay_as_they_are(sentence: str) -> None:
    assert markdown.text(sentence) == sentence
    assert f"\n\n{sentence}\n" in document(Block(BlockType.PARAGRAPH, sentence))


@pytest.mark.parametrize(
    ("raw", "escaped"),
    [
        ("16. Oktober 2025", "16\\. Oktober 2025"),
        ("1) Erstens", "1\\) Erstens"),
        ("(1) Erstens", "\\(1) Erstens"),
        ("a) Erstens", "a\\) Erstens"),
        ("- Erstens", "\\- Erstens"),
        ("---", "\\---"),
        ("# Erstens", "\\# Erstens"),
        ("> Erstens", "\\> Erstens"),
        ("Bürger*innen", "Bürger\\*innen"),
        ("<b>fett</b>", "\\<b>fett\\</b>"),
        ("&amp; & AT&T", "\\&amp; & AT&T"),
        ("[x](javascript:alert(1))", "\\[x](javascript:alert(1))"),
        ("(Bildquelle: dpa)", "\\(Bildquelle: dpa)"),
        ("[Bild: x]", "\\[Bild: x]"),
        ("Was tun #Digitales @amt", "Was tun \\#Digitales \\@amt"),
    ],
)
def test_what_would_act_is_escaped_once(raw: str, escaped: str) -> None:
    assert f"\n\n{escaped}\n" in document(Block(BlockType.PARAGRAPH, raw))


def document(*body: Block) -> str:
    return markdown.article(Reading(readings.seed().article, "Lead.", body, None))


def test_an_exclamation_mark_makes_no_picture_of_a_link() -> None:
    block = Block(BlockType.PARAGRAPH, "Achtung!hier", (Link(8, 12, "https://x.example/"),))

    assert "Achtung\\![hier](<https://x.example/>)" in document(block)


def test_lists_one_after_the_other_stay_two() -> None:
    written = document(*[Block(BlockType.LIST, "a\n  - b")] * 3)

    assert "- a\n  - b\n\n* a\n  * b\n\n- a\n  - b\n" in written
    assert (
        len([node for node in SyntaxTreeNode(COMMONMARK.parse(written)) if node.type == "bullet_list"]) == 3
    )


def test_an_item_without_a_parent_keeps_its_level() -> None:
    assert "\n\n- - a\n- b\n  - - c\n    - d\n" in document(
        Block(BlockType.LIST, "  - a\nb\n    - c\n    - d")
    )


def test_a_picture_whose_words_are_told_is_not_told_twice() -> None:
    picture = Image("https://x.example/p.png", "Ein Mann", "Der Mann")
    body = (
        Block(BlockType.IMAGE, "Ein Mann"),
        Block(BlockType.IMAGE, "Der Mann"),
        Block(BlockType.IMAGE, "Haus"),
    )
    written = markdown.article(Reading(readings.seed().article, "", body, picture))

    assert (written.count("Ein Mann"), written.count("Der Mann"), written.count("[Bild: Haus]")) == (1, 1, 1)


def test_the_form() -> None:
    """The whole of it, as docs and readers know it."""
    reading = replace(readings.interview(), related=readings.seed().related[6:7], related_topic="KI")

    assert markdown.article(reading) == FORM.replace("[Listen]", f"[{i18n._('Listen')}]")


FORM = """\
**Interview**

# „Wir suchen keine Einhörner“

[13.10.2026] **Wie gewinnt eine Stadt IT-Fachkräfte, wenn die Wirtschaft besser zahlt? Im Interview mit \
Kommunal Digital erklärt Corinna Abelmann, warum sie Stellenanzeigen kürzt und über Gehälter offen \
spricht.**

*[Bild: Porträt einer Frau mit kurzen Haaren vor einer hellen Wand.]*

*Corinna Abelmann*

(Bildquelle: privat)

**Frau Abelmann, bei Ihnen sind derzeit nur zwei von 70 IT-Stellen unbesetzt. Was machen Sie anders?**

Vor allem suchen wir keine Einhörner mehr. Unsere Ausschreibungen waren früher zwei Seiten lang und \
verlangten Kenntnisse in elf Fachgebieten. Heute stehen dort drei Aufgaben und drei Anforderungen, alles \
andere lässt sich lernen. Die Vorlage [steht offen im \
Netz](<https://www.karlsruhe.example/vorlagen/stellenanzeige_kurz>), für alle Bürgermeister\\*innen.

**Wer bewirbt sich denn?**

Sehr unterschiedliche Leute. Drei Gruppen fallen auf:

- Quereinsteigerinnen und Quereinsteiger aus anderen Berufen
  - ein Orchestermusiker, der heute Schnittstellen programmiert
  - eine Krankenschwester, die unser Ticketsystem neu geordnet hat
- Rückkehrer aus der Wirtschaft
- 16\\. Oktober 2026 ist der nächste Infotag: www.karlsruhe.example/infotag

> Über Menschen entscheiden Menschen. Wir nutzen KI, um Anzeigen besser zu schreiben.

[Bild: Großraumbüro mit Blick auf das Karlsruher Schloss]

## Verwaltungsdigitalisierungsbeauftragtenausbildungsverordnung

Und das Gehalt? Darüber sprechen wir im ersten Gespräch, nicht im letzten.

---

*Die Seite des Artikels war nicht zu erreichen; gezeigt wird, was der Feed hat.*

*(gekürzt)*

Kommunal Digital · Interview · Karlsruhe · Baden-Württemberg · Personalwesen · \
[Listen](<https://www.kommunaldigital.example/ton/einhoerner.mp3>) · \
<https://www.kommunaldigital.example/meldungen/wir-suchen-keine-einhoerner/>

## Weitere Meldungen und Beiträge aus dem Bereich: KI

- bericht · **[Ostheide: KI bleibt \
Handwerkszeug](<https://www.kommune21.example/k21-meldungen/ki-bleibt-handwerkszeug/>)** \
[02.10.2025] Die Samtgemeinde Ostheide hat KI-Leitlinien beschlossen, die mit einer Sprechstunde \
beginnen. Der kürzeste Satz darin heißt: KI ist Handwerkszeug, kein Amtsleiter.
"""
