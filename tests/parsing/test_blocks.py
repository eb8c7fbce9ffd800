"""HTML -> blocks."""

from __future__ import annotations

import time

import pytest

from kommcli.model import Image
from kommcli.parsing.blocks import article, blocks, plain
from kommcli.parsing.flatten import MAX_DEPTH, flat

URL = "https://amt.example/a/"


def said(html: str) -> list[str]:
    return [f"{block.type}: {block.text}" for block in blocks(html, URL)]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("Nur Text &amp; mehr", ["paragraph: Nur Text & mehr"]),
        ("<p>Eins<p>Zwei", ["paragraph: Eins", "paragraph: Zwei"]),
        ("<div>Eins<div>Zwei</div>Drei</div>", ["paragraph: Eins", "paragraph: Zwei", "paragraph: Drei"]),
        ("Eins<br>noch eins<br><br>Zwei", ["paragraph: Eins noch eins", "paragraph: Zwei"]),
        ("Eins<br> &nbsp; <br/>Zwei", ["paragraph: Eins", "paragraph: Zwei"]),
        ("<h1>A</h1><h6>B <em>C</em></h6>D", ["heading: A", "heading: B C", "paragraph: D"]),
        ("<blockquote><p>A</p><p>B</p></blockquote>C", ["quote: A", "quote: B", "paragraph: C"]),
        ("<ul><li>A<li>B<ol><li>C<ul><li>D</ul></ol>E</ul>", ["list: A\nB\n  - C\n    - D\nE"]),
        ("<ul><li><p>A</p><p>B</p></li></ul>", ["list: A B"]),
        ("<li>A</li><li>B</li>", ["paragraph: A", "paragraph: B"]),
        (
            "<table><tr><th>A<th>B<tr><td>1<td> <tr><td>1<td><p>2</p>3</table>",
            ["paragraph: A | B", "paragraph: 1", "paragraph: 1 | 2 3"],
        ),
        ("<table><tr><td><p>A</p><p>B</p></td></tr></table>", ["paragraph: A", "paragraph: B"]),
        ("<dl><dt>A<dd>B</dl>", ["paragraph: A", "paragraph: B"]),
        ("<p><strong>Wozu?</strong></p>", ["question: Wozu?"]),
        ("<p><b>„Wozu?“</b> </p>", ["question: „Wozu?“"]),
        ("<p><b>Wozu</b><b> das?</b></p>", ["question: Wozu das?"]),
        ("<p><b>Wozu?</b><br>Darum.</p>", ["question: Wozu?", "paragraph: Darum."]),
        ("<p><b>Wozu?</b> Darum.</p><p>Wozu?</p>", ["paragraph: Wozu? Darum.", "paragraph: Wozu?"]),
        ("<p><b>Fett.</b></p>", ["paragraph: Fett."]),
        ("<figure><img src=a.jpg alt=X><figcaption>Y</figcaption></figure>", ["image: Y"]),
        ("<figure><img src=a.jpg alt=X></figure>", ["image: X"]),
        ("<figure><img src=a.jpg></figure>", []),
        (
            "<figure><blockquote>Z</blockquote><figcaption>Quelle</figcaption></figure>",
            ["quote: Z", "paragraph: Quelle"],
        ),
        ("<p>A <img src=a.jpg alt=X> B</p>", ["image: X", "paragraph: A B"]),
        ("<img src=a.gif alt=X width=1 height=1>", []),
        ("A<script>x</script><style>x</style><template>x</template><noscript>x</noscript>", ["paragraph: A"]),
        (
            "A<svg><text>x</text></svg><iframe>x</iframe><select><option>x</select><button>x</button>",
            ["paragraph: A"],
        ),
        ("A<p hidden>x</p><p style='color:red;DISPLAY : none'>x</p><!-- x -->", ["paragraph: A"]),
        ("<p>A\u00a0\n\t B\u200b\x1b[31m</p>", ["paragraph: A B[31m"]),
        ("Donau<wbr>dampf&shy;schiff", ["paragraph: Donaudampfschiff"]),
        ("", []),
    ],
)
def test_blocks(html: str, expected: list[str]) -> None:
    assert said(html) == expected


def test_plain_is_one_line_without_pictures() -> None:
    assert plain("<h2>A</h2><p>B &amp; C</p><img src=x alt=nein><ul><li>D<li>E</ul>") == "A B & C D E"
    assert plain("A &lt;b&gt; &amp;") == "A <b> &"


def test_first_image_is_a_real_one() -> None:
    html = (
        "<img src='data:image/png;base64,AAAA'><img src=/t.gif width=1px><img src='https://vg05.met.vgwort.de/na/x'>"
        "<figure><img src='../b.jpg' alt=' Ein  Haus '><figcaption>Am <b>Markt</b></figcaption></figure>"
    )
    assert article(html, URL)[1] == Image("https://amt.example/b.jpg", "Ein Haus", "Am Markt")
    assert article("<img><img src='javascript:x'>", URL)[1] is None


@pytest.mark.parametrize(
    "bomb",
    [
        "<div>" * 100_000,
        "<b>" * 100_000,
        "".join(f"<b class={i}>" for i in range(30_000)) + "<p>x" * 30_000,
        "<ul><li>" * 50_000,
        "<table><tr><td>" * 30_000,
        "<blockquote>" * 100_000,
        '<a "' * 20_000,
        "<!--" * 20_000,
        "<p><font color=1>" * 30_000,
    ],
    ids=["div", "b", "b+p", "ul", "table", "blockquote", "quote", "comment", "font"],
)
@pytest.mark.row("A4")
def test_A4_bombs_are_bounded(bomb: str) -> None:
    began = time.process_time()
    found = blocks(bomb + "<p>Ende", URL)
    assert time.process_time() - began < 3
    if '"' not in bomb and "!" not in bomb:
        assert "Ende" in " ".join(block.text for block in found)


@pytest.mark.row("A8")
def test_A8_only_what_can_be_seen() -> None:
    html = f"<p>Text<img src='data:image/png;base64,{'A' * 1_000_000}'></p><div style='display:none'>x</div>"
    assert said(html) == ["paragraph: Text"]
    assert article(html, URL)[1] is None


def test_flat_keeps_what_an_article_may_have() -> None:
    html = "<p>Absatz" * 1_000 + "<div><b>x</b></div>" * 1_000
    assert flat(html) == html
    deep = "<div>" * (MAX_DEPTH + 50) + "x" + "</div>" * (MAX_DEPTH + 50)
    assert flat(deep).count("<div>") == flat(deep).count("</div>") == MAX_DEPTH


def test_flat_is_not_fooled_by_wrong_end_tags() -> None:
    assert flat("<div></span>" * 1_000).count("<div>") == MAX_DEPTH
    assert flat("<b></i>" * 1_000).count("<b>") < 20
