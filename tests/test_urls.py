"""Addresses from strangers. Ids X29, X42, T6, T8 are those of reliability.md."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kommcli.urls import absolute, canonical, has_credentials, host, redacted

BASE = "https://www.example.org/news/feed.xml"
BITS = "http https :// : / // \\ ? # & = @ [ ] :: % %C3 %zz . .. www. ä ß 。 😀 ① ' \" user:pw@ a.de".split()
BITS += [
    "\ud800",
    "\u200b",
    "\n",
    "\x1b",
    "\x00",
    "utm_source=x",
    "token=geheim",
    " ",
    "\t",
    "80",
    "443",
    "99999",
    "xn--",
    "javascript:",
    "example.org",
    "a" * 64,
    "①",
]
urls = st.text(st.characters(exclude_categories=[])) | st.lists(st.sampled_from(BITS)).map("".join)
urls |= urls.map("https://".__add__)


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("https://www.kommune21.de/?p=1", "https://www.kommune21.de/?p=1"),
        ("http://a.de", "http://a.de"),
        ("HTTPS://WWW.Kommune21.DE/Pfad/", "https://www.kommune21.de/Pfad/"),
        ("a.html", "https://www.example.org/news/a.html"),
        ("/a", "https://www.example.org/a"),
        ("../a", "https://www.example.org/a"),
        ("?p=2", "https://www.example.org/news/feed.xml?p=2"),
        ("#x", "https://www.example.org/news/feed.xml#x"),
        ("//b.de/x", "https://b.de/x"),
        (" \n https://a.de/x \t", "https://a.de/x"),
        ("https://a.de/ein\nzwei\tdrei\r", "https://a.de/einzweidrei"),
        ("https://a.de/ein zwei", "https://a.de/ein%20zwei"),
        ("https://a.de/\x1b]8;;x", "https://a.de/%1B]8;;x"),
        ("https://a.de/\"x\"<y>'z'`{|}^", "https://a.de/%22x%22%3Cy%3E%27z%27%60%7B%7C%7D%5E"),
        ("https://a.de/Köln?q=Straße#Fuß", "https://a.de/K%C3%B6ln?q=Stra%C3%9Fe#Fu%C3%9F"),
        ("https://a.de/K%c3%b6ln%2f?x=%zz%", "https://a.de/K%c3%b6ln%2f?x=%zz%"),
        (
            "https://a.de/x?tx_news_pi1[news]=4&cHash=0a%5B1",
            "https://a.de/x?tx_news_pi1[news]=4&cHash=0a%5B1",
        ),
        ("https://a.de/x?a=1?b=2#c#d", "https://a.de/x?a=1?b=2#c%23d"),
        ("https://a.de/\ud800?\udfff", "https://a.de/%EF%BF%BD?%EF%BF%BD"),
        ("https://user:pw@a.de/x", "https://a.de/x"),
        ("https://a@b:c@a.de/x", "https://a.de/x"),
        ("https://gut.de\\@boese.de/", "https://gut.de/@boese.de/"),
        ("https:\\\\a.de\\x?y=\\", "https://a.de/x?y=%5C"),
        ("https://a.de:443/x", "https://a.de/x"),
        ("http://a.de:80/x", "http://a.de/x"),
        ("http://a.de:443/x", "http://a.de:443/x"),
        ("http://a.de:/x", "http://a.de/x"),
        ("https://MÜNCHEN.de/", "https://xn--mnchen-3ya.de/"),
        ("https://mu\u0308nchen.de/", "https://xn--mnchen-3ya.de/"),
        ("https://straße.de/", "https://xn--strae-oqa.de/"),
        ("https://аррӏе.com/", "https://xn--80ak6aa92e.com/"),
        ("https://a。de/", "https://a.de/"),
        ("https://Ａ.de/", "https://a.de/"),
        ("https://a\u200b\u00adä.de/", "https://xn--a-0fa.de/"),
        ("http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x"),
        ("http://under_score.de/", "http://under_score.de/"),
    ],
)
@pytest.mark.row("X42", "T8")
def test_absolute(href, expected):  # X42, T8
    assert absolute(BASE, href) == expected


NO_ADDRESSES = """|javascript:alert(1)|JAVASCRIPT:x|data:text/html,x|mailto:a@b.de|tel:1|ftp://a.de/|http://[
|http://[::1|http://[x]/|http://[fe80::1%25eth0]/|http://|http:///x|https:/a.de|https:a.de|http://a b/|http://a..de/
|http://.de/|http://a.de:0/|http://a.de:99999/|http://a.de:x/|http://a.de:-1/|http://%61.de/|http://a℀b.de/
|blob:https://a.de"""
TOO_LONG = ["http://" + label * 64 + ".de/" for label in "aä"]
TOO_LONG += [
    "http://" + "a." * 200 + "de/",
    "https://a.de/" + "x" * 4000,
    "https://a.de/" + "ä" * 1500,
    "x" * 10**6,
]


@pytest.mark.parametrize(
    "href", [*NO_ADDRESSES.split("|"), *TOO_LONG, " ", "java\nscript:x", "http://a\x1b.de/"], ids=ascii
)
@pytest.mark.row("X42")
def test_not_absolute(href):  # X42
    assert absolute(BASE, href) == ""


@pytest.mark.parametrize("base", ["", "file:///home/x/feed.xml", "http://[", "x", "mailto:a@b.de", "\ud800"])
def test_a_base_that_is_no_address(base):
    assert absolute(base, "a.html") == ""
    assert absolute(base, "https://a.de/b") == "https://a.de/b"


def test_the_password_of_the_base_is_not_handed_on():
    assert absolute("https://user:pw@a.de/feed", "x") == "https://a.de/x"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://www.kommune21.de/k21-meldungen/x/", "http://kommune21.de/k21-meldungen/x"),
        ("https://www.kommune21.de/?p=125907", "https://KOMMUNE21.de?p=125907#more"),
        ("https://a.de:443/x", "http://a.de/x"),
        ("https://a.de/x?utm_source=rss&UTM_medium=x", "https://a.de/x"),
        ("https://a.de/x?a=1&utm_source=rss&b=2&fbclid=3", "https://a.de/x?a=1&b=2"),
        ("https://a.de/x?gclid=1&mc_cid=2&mc_eid=3&pk_campaign=4&wt_mc=5&wt.mc=6", "https://a.de/x?"),
        ("https://a.de/K%c3%b6ln", "https://a.de/Köln"),
        ("https://münchen.de/", "https://xn--mnchen-3ya.de"),
        ("https://user:pw@a.de/x", "https://a.de/x"),
        (" https://a.de/x\n", "https://a.de/x"),
        ("https://a.de./x", "https://a.de/x"),
    ],
)
@pytest.mark.row("X29")
def test_canonical_brings_together(one, other):  # X29
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.kommune21.de/k21-meldungen/x/?p=1#a", "kommune21.de/k21-meldungen/x?p=1"),
        ("https://a.de/x?b=2&a=1&b=1", "a.de/x?b=2&a=1&b=1"),
        ("https://a.de/x?cHash=ab%2f&id=4", "a.de/x?cHash=ab%2f&id=4"),
        ("https://a.de:8443/x", "a.de:8443/x"),
        ("https://www.de/", "www.de"),
        ("tag:a.de,2025:1", "tag:a.de,2025:1"),
        (" urn:uuid:1 ", "urn:uuid:1"),
        ("12345", "12345"),
        ("http://[", "http://["),
        ("", ""),
    ],
)
def test_canonical(url, expected):
    assert canonical(url) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://user:pw@WWW.Kommune21.de/x", "www.kommune21.de"),
        ("https://a.de:443/", "a.de"),
        ("https://a.de:8443/", "a.de:8443"),
        ("https://аррӏе.com/", "xn--80ak6aa92e.com"),  # T6
        ("http://[::1]:80/", "[::1]"),
        ("file:///tmp/x", ""),
        ("nonsense", ""),
    ],
)
@pytest.mark.row("T6")
def test_host(url, expected):
    assert host(url) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.de/x?id=1", "https://a.de/x?id=1"),
        ("https://user:geheim@a.de/x", "https://***@a.de/x"),
        ("https://geheim@a.de/x", "https://***@a.de/x"),
        ("https://a:geheim@b:geheim@a.de/x", "https://***@a.de/x"),
        ("https://user:ge/heim@a.de/x", "https://***@a.de/x"),
        ("https://user:ge#heim@a.de/x", "https://***@a.de/x"),
        ("//user:geheim@a.de/x", "//***@a.de/x"),
        ("imap://user:geheim@a.de/x", "imap://***@a.de/x"),
        ("https://user:geheim@[/x", "https://***@[/x"),
        ("https://a.de/@name", "https://a.de/@name"),
        ("https://a.de/x?token=geheim&id=1", "https://a.de/x?token=***&id=1"),
        ("https://a.de/x?id=1&API_Key=geheim;1", "https://a.de/x?id=1&API_Key=***"),
        (
            "https://a.de/x?id=1;token=geheim;key=geheim;geheim;a=2",
            "https://a.de/x?id=1;token=***;key=***;a=2",
        ),
        ("https://a.de/x?X-Amz-Signature=geheim#y", "https://a.de/x?X-Amz-Signature=***#y"),
        ("https://a.de/x#access_token=geheim", "https://a.de/x#access_token=***"),
        ("https://a.de/x?password=geheim=", "https://a.de/x?password=***"),
        ("a\x1b[31m\u202ebc\nd", "a[31mbcd"),
        ("/home/ä/feed x.xml", "/home/%C3%A4/feed x.xml"),
        ("https://аррӏе.com/", "https://xn--80ak6aa92e.com/"),
        ("", ""),
    ],
)
def test_redacted(url, expected):
    assert redacted(url) == expected
    assert "geheim" not in redacted(url)


@pytest.mark.parametrize(
    "url", ["https://a@b.de", "https://a:b@c.de/x", "//a:b@c.de", "https://a:b/c@d.de", "ht\ntps://a:@b.de"]
)
def test_credentials(url):
    assert has_credentials(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://a.de/@b",
        "https://a.de:80/@b",
        "https://a.de?x=@",
        "a@b.de",
        "mailto:a@b.de",
        "",
        "https://a.de:/@",
    ],
)
def test_no_credentials(url):
    assert not has_credentials(url)


@given(urls, urls)
def test_no_address_raises_and_all_are_printable_ascii(base, href):
    found = absolute(base, href)
    for text in (found, host(href), redacted(href)):
        assert text.isascii()
        assert text.isprintable()
    assert " " not in found
    assert len(found) <= 4000
    has_credentials(href)
    canonical(href)
    assert found == "" or found.startswith(("http://", "https://"))


@given(urls, urls)
def test_addresses_are_stable(base, href):
    found = absolute(base, href)
    assert absolute("", found) == absolute(base, found) == found
    assert not has_credentials(found)
    if found:
        key = canonical(found)
        assert key == canonical("HTTP" + found[found.index(":") :]) or ":80" in found or ":443" in found
        assert key.isascii()
        assert host(found)


@pytest.mark.parametrize(
    "part", ["a", "%", "?", "?key", "&key=", "//", ":", "@", "ä", "\x1b", "[", "=", ";", "\\", "http://"]
)
def test_long_addresses_take_no_time(part):
    url = "https://a.de/" + part * (100_000 // len(part))
    start = time.process_time()
    for text in (url, part * 100_000, "https://" + part * 100_000):
        absolute(BASE, text), canonical(text), host(text), has_credentials(text), redacted(text)
    assert time.process_time() - start < 2
