"""The quick reader says what feedparser says, or nothing."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from kommcli.errors import FeedFailure
from kommcli.parsing import document, quick
from kommcli.parsing.entries import feed
from kommcli.parsing.feed import by_feedparser

FEEDS = Path(__file__).parent.parent / "data" / "feeds"
URL = "https://feed.example/news/feed.xml"
UNCERTAIN = {"atom03", "atom10", "atom_base", "rdf", "rss090"}
"""Feeds that must be left to feedparser: other dialects, XHTML, base addresses."""


def agree(xml: str) -> bool:
    """Whether the quick reader answers; if so, feedparser must say the same."""
    found = quick.read(xml)
    if found is not None:
        assert feed(found, URL) == feed(by_feedparser(xml)[0], URL)
    return found is not None


@pytest.mark.parametrize("path", sorted(FEEDS.glob("*.xml")), ids=lambda path: path.stem)
def test_equal_to_feedparser_on_every_feed(path: Path) -> None:
    source = document.read(path.read_bytes(), "", URL)
    if source.xml:
        assert agree(source.xml) == (path.stem not in UNCERTAIN)


def item(inside: str, attributes: str = "") -> str:
    return f'<rss version="2.0"{attributes}><channel><title>T</title><item>{inside}</item></channel></rss>'


SPACES = "".join(
    f' xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "atom": "http://www.w3.org/2005/Atom",
        "content": "http://purl.org/rss/1.0/modules/content/",
        "dc": "http://purl.org/dc/elements/1.1/",
        "media": "http://search.yahoo.com/mrss/",
        "itunes": "http://www.itunes.com/DTDs/PodCast-1.0.dtd",
        "slash": "http://purl.org/rss/1.0/modules/slash/",
    }.items()
)


@pytest.mark.parametrize(
    "inside",
    [
        "<title>a</title><title>b</title>",
        "<title type='html'>a</title>",
        "<title>a<b>c</b></title>",
        "<description>a</description><fullitem>b</fullitem>",
        "<updated>2025-01-01</updated>",
        "<atom:updated>2025-01-01T00:00:00Z</atom:updated>",
        "<category term='x'>y</category>",
        "<link href='https://x.example/'>https://y.example/</link>",
        "<link>https://x.example/?a=1&amp;amp;b;=2</link>",
        "<source><title>x</title></source>",
        "<slash:x><title>x</title></slash:x>",
        "loser Text<title>x</title>",
        "<dc:creator>a<b/></dc:creator>",
    ],
)
def test_what_is_open_to_interpretation_is_left_to_feedparser(inside: str) -> None:
    assert quick.read(item(inside, SPACES)) is None


def test_prefixes_that_feedparser_goes_by_are_left_to_it() -> None:
    assert quick.read(item("<dc:creator>x</dc:creator>", ' xmlns:dc="urn:other"')) is None
    assert quick.read(item("<x:y>z</x:y>", ' xmlns:x="urn:other"')) is not None
    assert quick.read(item("<title>x</title>", ' xml:base="https://x.example/"')) is None


PIECES = [
    "<title>Größe</title>",
    "<title> Ã¼ber &amp;amp; &lt;b&gt;x&lt;/b&gt; </title>",
    "<title/>",
    "<link>https://x.example/a?b=1&amp;c=2</link>",
    "<link>/rel</link>",
    "<link> </link>",
    "<guid>https://x.example/g</guid>",
    "<guid isPermaLink='false'>https://x.example/f</guid>",
    "<guid ISPERMALINK='true'>tag:x</guid>",
    "<guid/>",
    "<pubDate>Mon, 06 Oct 2025 10:00:00 +0200</pubDate>",
    "<dc:date>2025-10-05T10:00:00Z</dc:date>",
    "<pubDate/>",
    "<description>Text</description>",
    "<description><![CDATA[<p>A</p><p>B</p>]]></description>",
    "<description/>",
    "<content:encoded><![CDATA[<p>A</p><p>B</p>]]></content:encoded>",
    "<content:encoded>Text</content:encoded>",
    "<content:encoded/>",
    "<itunes:xsummary>Kurz</itunes:xsummary>",
    "<itunes:xsummary/>",
    "<author>a@b.de (N)</author>",
    "<dc:creator>C</dc:creator>",
    "<itunes:author>I</itunes:author>",
    "<author/>",
    "<category>k</category>",
    "<category/>",
    "<category domain='d'>l</category>",
    "<category domain='d'/>",
    "<dc:subject>m</dc:subject>",
    "<itunes:keywords>n, o,,p</itunes:keywords>",
    "<enclosure url='https://x.example/a.mp3' type='Audio/MPEG' length='9'/>",
    "<enclosure url='/b.JPG' length='x'/>",
    "<enclosure/>",
    "<media:content url='https://x.example/c.jpg' medium='image'/>",
    "<media:group><media:content url='/d.png' type='image/png'><media:credit>R</media:credit>"
    "</media:content></media:group>",
    "<media:thumbnail url='/e.gif'/>",
    "<media:xdescription>W (Foto: Z)</media:xdescription>",
    "<media:xtitle>v</media:xtitle>",
    "<itunes:image href='/f.jpg'/>",
    "<atom:link rel='self' href='/s'/>",
    "<atom:link href='/alt' rel='Alternate'/>",
    "<atom:link rel='alternate' type='application/json' href='/j'/>",
    "<atom:link rel='enclosure' href='/k.pdf' type='application/pdf'/>",
    "<comments>https://x.example/c</comments>",
    "<slash:comments>3</slash:comments>",
    "<source url='x'>S</source>",
    "<x>y</x>",
]


def test_equal_to_feedparser_on_items_of_any_composition() -> None:
    dice, answered = random.Random(1), 0
    for _round in range(600):
        inside = "".join(dice.sample(PIECES, dice.randrange(1, 9)))
        answered += agree(item(inside, SPACES))
    assert answered > 200


ATOM_PIECES = [
    "<title>Größe</title>",
    "<title type='html'>&lt;b&gt;x&lt;/b&gt; &amp;amp; y</title>",
    "<title type='text'>a &lt;b&gt; &amp;amp;</title>",
    "<id>tag:x</id>",
    "<id>https://x.example/i</id>",
    "<link href='https://x.example/1'/>",
    "<link rel='edit' href='/e'/>",
    "<link rel='alternate' type='application/json' href='/j'/>",
    "<link rel='alternate' type='TEXT/html' href='/h'/>",
    "<link rel='enclosure' type='audio/mpeg' length='7' href='/k.mp3'/>",
    "<published>2025-10-05T10:00:00Z</published>",
    "<updated>2025-10-06T10:00:00Z</updated>",
    "<summary>kurz &lt;b&gt;</summary>",
    "<summary type='html'>&lt;p&gt;A&lt;/p&gt;</summary>",
    "<content type='html'>&lt;p&gt;A&lt;/p&gt;</content>",
    "<content>roh</content>",
    "<content type='xhtml'><div>x</div></content>",
    "<content src='x'/>",
    "<author><name>N</name><email>n@x.de</email></author>",
    "<author><name/></author>",
    "<category term='t'/>",
    "<category term='t' label='L'/>",
    "<rights>R</rights>",
    "<source><title>S</title></source>",
    "<contributor><name>C</name></contributor>",
    "<media:thumbnail url='/t.jpg'/>",
    "<dc:creator>D</dc:creator>",
]


def test_equal_to_feedparser_on_entries_of_any_composition() -> None:
    dice, answered = random.Random(2), 0
    for _round in range(600):
        inside = "".join(dice.sample(ATOM_PIECES, dice.randrange(1, 9)))
        xml = f'<feed xmlns="http://www.w3.org/2005/Atom"{SPACES}><title>T</title><entry>{inside}</entry></feed>'
        answered += agree(xml)
    assert answered > 150


@pytest.mark.parametrize("name", ["wordpress", "podcast", "media", "titles", "links", "atom_prefixed"])
def test_equal_to_feedparser_on_mutants(name: str) -> None:
    body, dice = (FEEDS / f"{name}.xml").read_bytes(), random.Random(name)
    for _round in range(40):
        mutant = bytearray(body)
        for _change in range(dice.choice((1, 4))):
            at, start = dice.randrange(len(mutant)), dice.randrange(len(mutant))
            mutant[at : at + dice.choice((0, 0, 9))] = mutant[start : start + dice.randrange(60)]
        try:
            agree(document.read(bytes(mutant), "", URL).xml)
        except FeedFailure:
            continue
