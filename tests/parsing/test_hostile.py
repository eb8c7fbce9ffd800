"""Rows X1 to X24 and X44 of the catalogue of hostile inputs, as far as parsing goes."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from kommcli.errors import FeedFailure
from kommcli.model import Entry, ParsedFeed
from kommcli.parsing.feed import parse_feed

URL = "https://amt.example/feed.xml"


def parse(body: str | bytes, content_type: str = "") -> ParsedFeed:
    return parse_feed(body.encode() if isinstance(body, str) else body, content_type, URL)


def rss(*items: str, head: str = "", attributes: str = "") -> str:
    inside = "".join(f"<item>{item}</item>" for item in items)
    return f'<rss version="2.0"{attributes}><channel><title>Amt</title>{head}{inside}</channel></rss>'


def only(parsed: ParsedFeed) -> Entry:
    (entry,) = parsed.entries
    return entry


def failure(body: str | bytes) -> FeedFailure:
    with pytest.raises(FeedFailure) as caught:
        parse(body)
    return caught.value


@contextmanager
def bounded(seconds: float, megabytes: int = 50) -> Iterator[None]:
    """The block computes less than ``seconds`` and grows by less than ``megabytes``."""
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    yield
    assert time.process_time() - began < seconds
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < megabytes * 1024


LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10 if i else "ha"}">' for i in range(10))
BODY = rss("<title>Vor &l9; nach</title><description>Text</description>")


@pytest.mark.parametrize(
    "prolog",
    [
        f"<?xml version='1.0'?>\n<!DOCTYPE rss [{LAUGHS}]>\n",
        f"<?xml version='1.0'?><!DOCTYPE rss [{LAUGHS}]>",
        f"<?xml version='1.0'?><!-- x --><!DOCTYPE rss [{LAUGHS}]>",
        f"<!DOCTYPE rss [<!-- ]> don't \" -->{LAUGHS}]><?pi ?>",
    ],
)
@pytest.mark.row("X1")
def test_X1_billion_laughs_are_never_expanded(prolog: str) -> None:
    with bounded(1):
        entry = only(parse(prolog + BODY))
    assert entry.title == "Vor &l9; nach"
    assert entry.teaser == "Text"


@pytest.mark.row("X2")
def test_X2_quadratic_blow_up_is_never_expanded() -> None:
    with bounded(1):
        parsed = parse(
            f'<!DOCTYPE rss [<!ENTITY a "{"x" * 500_000}">]>' + rss(f"<title>{'&a;' * 1_000}</title>")
        )
    assert len(only(parsed).title) <= 500


@pytest.mark.parametrize(
    "prolog",
    [
        '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE rss [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p.dtd"> %p; <!ENTITY x "1">]>',
        '<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/rss.dtd">',
    ],
)
@pytest.mark.row("X3")
def test_X3_external_entities_open_nothing(prolog: str, opened: list[str]) -> None:
    assert only(parse(prolog + rss("<title>a &x; b</title>"))).title == "a &x; b"
    assert opened == []


@pytest.fixture
def opened() -> list[str]:
    """What was opened or connected to since the test began (an audit hook, which cannot be removed)."""
    _SEEN.clear()
    if not _HOOKED:
        sys.addaudithook(_note)
        _HOOKED.append(True)
    parse(rss("<title>imports are done now</title>"))
    _SEEN.clear()
    return _SEEN


_SEEN: list[str] = []
_HOOKED: list[bool] = []


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if event in ("open", "socket.connect", "socket.getaddrinfo", "subprocess.Popen", "urllib.Request"):
        _SEEN.append(f"{event} {arguments[:1]}")


@pytest.mark.row("X4")
def test_X4_cyclic_entities() -> None:
    dtd = '<!DOCTYPE rss [<!ENTITY a "&b;"><!ENTITY b "&a;">]>'
    assert only(parse(dtd + rss("<title>a &a; b</title>"))).title == "a &a; b"


@pytest.mark.row("X5")
def test_X5_deep_nesting_of_elements_and_of_html() -> None:
    with bounded(8, 400):
        elements = parse(rss("<title>tief</title>" + "<x>" * 100_000 + "</x>" * 100_000))
        escaped = parse(
            rss("<title>tief</title><description>" + "&lt;div&gt;" * 100_000 + "Grund</description>")
        )
    assert only(elements).title == "tief"
    assert only(escaped).teaser == "Grund"


@pytest.mark.row("X6")
def test_X6_more_than_two_thousand_items_are_cut() -> None:
    parsed = parse(rss(*(f"<title>Nummer {i}</title>" for i in range(10_000))))
    assert [parsed.entries[0].title, parsed.entries[-1].title] == ["Nummer 0", "Nummer 1999"]
    assert parsed.warnings == ("feed.too_many",)
    assert parsed.complete


@pytest.mark.row("X6")
def test_X6_many_categories_are_capped() -> None:
    entry = only(parse(rss("<title>t</title>" + "".join(f"<category>k{i}</category>" for i in range(500)))))
    assert entry.categories == tuple(f"k{i}" for i in range(50))


@pytest.mark.row("X7")
def test_X7_long_texts_are_cut_and_marked() -> None:
    words = "Wort " * 200_000
    entry = only(parse(rss(f"<title>{words}</title><description>&lt;p&gt;{words}&lt;/p&gt;</description>")))
    assert entry.truncated
    assert len(entry.title) <= 500
    assert len(entry.teaser) <= 1_500
    assert 100_000 < sum(len(block.text) for block in entry.body) <= 200_000


@pytest.mark.parametrize(
    "bad", ["\0", "\x1b", "\x9d", "&#0;", "&#27;", "&#x1B;", "&#x9d;", "&#x7f;", "\ufffe"]
)
@pytest.mark.row("X8")
def test_X8_control_characters_vanish(bad: str) -> None:
    parsed = parse(rss(f"<title>Stra{bad}ße</title>"))
    assert only(parsed).title == "Straße"
    assert parsed.warnings == ("feed.control_characters",)


@pytest.mark.row("X8")
def test_X8_numbers_of_windows_1252_are_read_as_browsers_do() -> None:
    assert only(parse(rss("<title>2019 &#150; 2020 &#x9b;</title>"))).title == "2019 – 2020 ›"


@pytest.mark.parametrize("bad", ["&#xD800;", "&#x110000;", "&#99999999999;", "&#" + "9" * 5_000 + ";"])
@pytest.mark.row("X9")
def test_X9_impossible_references_become_replacement_characters(bad: str) -> None:
    assert only(parse(rss(f"<title>a{bad}b</title>"))).title == "a\ufffdb"


@pytest.mark.parametrize(
    "name",
    ["punycode", "undefined", "idna", "utf-7", "unicode_escape", "utf\0-8", "utf\xba8", "x" * 90, "rot13"],
)
@pytest.mark.row("X10")
def test_X10_charsets_outside_the_list_are_guessed(name: str) -> None:
    body = (
        f'<?xml version="1.0" encoding="{name}"?>'.encode("latin-1") + rss("<title>Straße</title>").encode()
    )
    parsed = parse(body)
    assert only(parsed).title == "Straße"
    assert "feed.charset" in parsed.warnings


@pytest.mark.parametrize(
    ("declared", "real", "header"),
    [
        ("utf-8", "cp1252", ""),
        ("iso-8859-1", "utf-8", ""),
        ("utf-8", "utf-8", "text/xml; charset=iso-8859-1"),
        ("utf-8", "cp1252", "text/xml; charset=utf-8"),
        ("iso-8859-1", "cp1252", "application/rss+xml; charset=UTF-8"),
        ("utf-16", "utf-8", ""),
        ("windows-1252", "iso8859-15", "text/xml; charset=ISO-8859-15"),
    ],
)
@pytest.mark.row("X11")
def test_X11_wrong_declarations_still_give_right_umlauts(declared: str, real: str, header: str) -> None:
    text = f'<?xml version="1.0" encoding="{declared}"?>' + rss("<title>Größe für Äpfel</title>")
    parsed = parse(text.encode(real), header)
    assert only(parsed).title == "Größe für Äpfel"
    assert parsed.warnings == ("feed.charset",)


@pytest.mark.parametrize(
    "charset", ["iso-8859-2", "windows-1250", "koi8-r", "gb18030", "shift_jis", "euc-kr"]
)
@pytest.mark.row("X11")
def test_X11_other_charsets_are_read_as_declared(charset: str) -> None:
    word = {"koi8-r": "Москва", "gb18030": "北京市", "shift_jis": "東京都", "euc-kr": "서울시"}.get(
        charset, "Łódź"
    )
    text = f'<?xml version="1.0" encoding="{charset}"?>' + rss(f"<title>{word}</title>")
    parsed = parse(text.encode(charset))
    assert (only(parsed).title, parsed.warnings) == (word, ())


@pytest.mark.row("X12")
def test_X12_one_bad_byte_damages_one_character_only() -> None:
    body = rss("<title>Bürgerämter für Köln: grüß§ Gott</title>").encode().replace("§".encode(), b"\xff")
    assert parse(body).entries[0].title.endswith("grüß\ufffd Gott")


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
@pytest.mark.parametrize(
    "declaration", ["", '<?xml version="1.0" encoding="%s"?>', '<?xml version="1.0"?>\n']
)
@pytest.mark.row("X13")
def test_X13_wide_charsets(codec: str, bom: str, declaration: str) -> None:
    text = bom + declaration.replace("%s", codec[:6]) + rss("<title>Ämter</title>")
    assert only(parse(text.encode(codec))).title == "Ämter"


@pytest.mark.row("X14")
def test_X14_a_page_instead_of_a_feed_names_its_feeds() -> None:
    link = '<link rel="alternate" type="application/{}" title="{}" href="{}">'
    page = "<!DOCTYPE html><html><head>" + "".join(
        (
            link.format("rss+xml", "Kommentare", "/comments/feed/"),
            link.format("rss+xml", "Meldungen", "/feed/"),
            link.format("atom+xml", "Atom", "//b.example/atom"),
            link.format("rss+xml", "schlecht", "javascript:x"),
            link.format("pdf", "kein Feed", "/x.pdf"),
        )
    )
    cause = failure(page + "<body>Hallo").cause
    assert "https://amt.example/feed/, https://b.example/atom, https://amt.example/comments/feed/" in cause
    assert failure("<html>nichts").code == "feed.not_feed"


@pytest.mark.row("X15")
def test_X15_json() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1",
        "title": "J",
        "items": [{"id": "1", "title": "Eins"}],
    }
    assert only(parse(json.dumps(feed))).title == "Eins"
    assert failure('{"wp": 1}').code == failure("[1, 2]").code == "feed.format"
    assert failure('{"broken').code == "feed.not_feed"


@pytest.mark.parametrize(
    "body",
    [
        b"\x1f\x8b\x08\0abc",
        b"%PDF-1.7\n<rss>",
        b"\x89PNG\r\n\x1a\n",
        bytes(range(256)) * 40,
        b"\0" * 1_000,
        b"",
        b" \n ",
    ],
)
@pytest.mark.row("X16")
def test_X16_what_is_no_text(body: bytes) -> None:
    assert failure(body).code == "feed.not_feed"


@pytest.mark.parametrize(
    "junk",
    [
        "<br />\n<b>Warning</b>: x in <b>/srv/x.php</b> on line <b>3</b><br />\n",
        "\n\n",
        "\ufeff  ",
        "Notice: Undefined index\n",
    ],
)
@pytest.mark.row("X17")
def test_X17_junk_before_the_feed(junk: str) -> None:
    parsed = parse(junk + '<?xml version="1.0" encoding="utf-8"?>' + rss("<title>Da</title>"))
    assert only(parsed).title == "Da"
    assert parsed.warnings == ("feed.junk",)


@pytest.mark.parametrize("junk", ["Ende", rss("<title>zweites</title>"), "<script>x</script>", "\0\0\0x"])
@pytest.mark.row("X18")
def test_X18_the_first_document_counts(junk: str) -> None:
    parsed = parse(rss("<title>erstes</title>") + junk)
    assert only(parsed).title == "erstes"
    assert "feed.junk" in parsed.warnings
    assert parsed.complete


@pytest.mark.parametrize(
    "end",
    [
        "<item><title>halb</ti",
        "<item><title><![CDATA[halb <b>",
        '<item rdf:about="halb',
        b"<item><title>halb \xc3",
        "<item><title>halb</title></item",
        "<item><!-- halb",
    ],
)
@pytest.mark.row("X19")
def test_X19_half_an_entry_is_none(end: str | bytes) -> None:
    start = rss("<title>Ganz: <![CDATA[</item></rss>]]></title>").removesuffix("</channel></rss>").encode()
    parsed = parse(start + (end.encode() if isinstance(end, str) else end))
    assert only(parsed).title == "Ganz: </item></rss>"
    assert parsed.warnings == ("feed.truncated",)
    assert not parsed.complete


@pytest.mark.parametrize(
    ("item", "title"),
    [
        ("<title>Bau & Verkehr</title>", "Bau & Verkehr"),
        ("<title>a&nbsp;b&unbekannt;</title>", "a b&unbekannt;"),
        ("<title>Eins</title><media:thumbnail url='x.jpg'/><foo:bar a:b='c'>x</foo:bar>", "Eins"),
        ("<title>Eins<link>https://amt.example/1</link>", "Eins"),
        ("<title>Eins</title><description>roh <p>Absatz<br>zwei</description>", "Eins"),
        ("<title>3 < 4</title><link a=b a='c'>/1</link></nie></titel>", "3 < 4"),
    ],
)
@pytest.mark.row("X20")
def test_X20_malformed_entries_are_read(item: str, title: str) -> None:
    parsed = parse(rss(item, "<title>Zwei</title>", head="<link>https://amt.example/?a=1&b=2</link>"))
    assert [entry.title for entry in parsed.entries] == [title, "Zwei"]
    assert parsed.link == "https://amt.example/?a=1&b=2"
    assert parsed.warnings == ("feed.malformed",)


@pytest.mark.row("X20")
def test_X20_items_that_never_close() -> None:
    text = rss("<title>Eins</title>", "<title>Zwei</title>").replace("</item>", "")
    assert [entry.title for entry in parse(text).entries] == ["Eins", "Zwei"]


@pytest.mark.row("X21")
def test_X21_newlines_and_broken_declarations() -> None:
    with bounded(1):
        assert only(parse("\n" * 200_000 + rss("<title>a</title>"))).title == "a"
        assert only(parse("<?xml version='1.0'?>" + "\n" * 200_000 + rss("<title>b</title>"))).title == "b"
        entity = '<!DOCTYPE rss [<!ENTITY a "\\D">]>' + rss("<title>c&a;</title>")
        assert only(parse(entity)).title == "c&a;"
        unterminated = '<!DOCTYPE rss [<!ENTITY a "x' + "\n" * 50_000 + rss("<title>d</title>")
        assert only(parse(unterminated)).title == "d"


@pytest.mark.parametrize("bomb", ["<!--", "<![CDATA[", '<a b="', "<b>", "&amp;lt;"])
@pytest.mark.row("X22")
def test_X22_markup_bombs_in_escaped_text(bomb: str) -> None:
    escaped = bomb.replace("&", "&amp;").replace("<", "&lt;") * 200_000
    with bounded(10, 400):
        assert only(parse(rss(f"<title>t</title><description>{escaped}</description>"))).title == "t"


@pytest.mark.parametrize(
    "bomb", ["<!--", "<![CDATA[", '<a b="', "<item ", "<channel>", "<x:", "&#", "</rss", "<?"]
)
@pytest.mark.row("X22")
def test_X22_markup_bombs_in_the_document_itself(bomb: str) -> None:
    with bounded(10, 400):
        assert (
            len(parse(rss("<title>t</title>").removesuffix("</channel></rss>") + bomb * 100_000).entries) == 1
        )


@pytest.mark.parametrize(
    "body", ["/etc/passwd", "file:///etc/passwd", "http://127.0.0.1:9/feed", "/dev/zero"]
)
@pytest.mark.row("X24")
def test_X24_a_path_or_address_as_body_is_never_opened(body: str, opened: list[str]) -> None:
    assert failure(body).code == "feed.not_feed"
    assert opened == []


@pytest.mark.parametrize(
    ("guid", "expected"),
    [("<guid>", ""), ("<guid> </guid>", ""), ("<guid>a\n b</guid>", "a b"), ("<guid>42</guid>", "42")],
)
@pytest.mark.row("X30")
def test_X30_odd_guids(guid: str, expected: str) -> None:
    assert only(parse(rss(f"<title>t</title>{guid}"))).guid == expected


@pytest.mark.row("X30")
def test_X30_a_long_guid_is_hashed() -> None:
    guids = [only(parse(rss(f"<guid>{'g' * 1_000_000}{i}</guid>"))).guid for i in (1, 1, 2)]
    assert guids[0] == guids[1] != guids[2]
    assert guids[0].startswith("sha256:")


@pytest.mark.row("X25")
def test_X25_without_guid_the_identity_is_left_to_the_archive() -> None:
    entry = only(parse(rss("<title>t</title><link>/1</link>")))
    assert (entry.guid, entry.link) == ("", "https://amt.example/1")


@pytest.mark.row("X26")
def test_X26_of_two_equal_guids_the_first_wins() -> None:
    parsed = parse(rss("<title>a</title><guid>g</guid>", "<title>b</title><guid>g</guid>"))
    assert only(parsed).title == "a"
    assert parsed.warnings == ("feed.duplicate_ids",)


@pytest.mark.parametrize(
    "date",
    ["", "   ", "bald", "0000-00-00", "-0001-01-01T00:00:00Z", "99999-01-01", "9" * 5_000, "1754474400"],
)
@pytest.mark.row("X36", "X40")
def test_X36_X40_garbage_is_no_date(date: str) -> None:
    assert only(parse(rss(f"<title>t</title><pubDate>{date}</pubDate>"))).published is None


@pytest.mark.parametrize(
    ("date", "utc"),
    [
        ("Mi, 06 Aug 2025 10:00:00 MESZ", "2025-08-06T08:00:00+00:00"),
        ("Wed, 06 Aug 2025 10:00:00 CEST", "2025-08-06T08:00:00+00:00"),
        ("06.08.2025 10:00", "2025-08-06T08:00:00+00:00"),
        ("2025-02-04T10:00:00", "2025-02-04T09:00:00+00:00"),
        ("Tue, 04 Feb 2025 10:00:00", "2025-02-04T09:00:00+00:00"),
    ],
)
@pytest.mark.row("X38", "X39")
def test_X38_X39_german_and_naive_dates_are_berlin_time(date: str, utc: str) -> None:
    published = only(parse(rss(f"<title>t</title><pubDate>{date}</pubDate>"))).published
    assert published is not None
    assert published.isoformat() == utc


@pytest.mark.parametrize("base", ["https://boese.example/", "javascript:x", "//boese.example", "http://["])
@pytest.mark.row("X43")
def test_X43_a_foreign_base_is_ignored(base: str) -> None:
    parsed = parse(rss("<title>t</title><link>/1</link>", attributes=f' xml:base="{base}"'))
    assert only(parsed).link == "https://amt.example/1"


def shapes() -> dict[str, Callable[[str], str]]:
    return {
        "RSS 0.91": lambda item: f'<rss version="0.91"><channel>{item}</channel></rss>',
        "RSS without rss": lambda item: f"<channel>{item}</channel>",
        "upper case": lambda item: f"<RSS><channel>{item}</channel></RSS>",
        "RDF": lambda item: (
            '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
            f' xmlns="http://purl.org/rss/1.0/"><channel/>{item}</r:RDF>'
        ),
        "prefixed": lambda item: (
            '<x:rss xmlns:x="http://backend.userland.com/rss"><x:channel>'
            + item.replace("</", "</x:").replace("<t", "<x:t").replace("<i", "<x:i")
            + "</x:channel></x:rss>"
        ),
        "Atom without namespace": lambda item: "<feed>" + item.replace("item>", "entry>") + "</feed>",
        "Atom 0.3": lambda item: (
            '<feed version="0.3" xmlns="http://purl.org/atom/ns#">'
            + item.replace("item>", "entry>")
            + "</feed>"
        ),
    }


@pytest.mark.parametrize("shape", shapes())
@pytest.mark.row("X44")
def test_X44_dialects(shape: str) -> None:
    assert only(parse(shapes()[shape]("<item><title>Straße</title></item>"))).title == "Straße"
