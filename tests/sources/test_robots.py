"""robots.txt: what its text allows us, and what holds where it cannot be had."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kommcli.errors import FeedFailure
from kommcli.sources.robots import LARGEST, Rules, allows, delay, is_absence, text_of

NOW = datetime(2026, 8, 1, 12, tzinfo=UTC)
SITE = "https://news.example"


def may(text: str, path: str) -> bool:
    return allows(Rules(text, NOW), SITE + path)


def pause(text: str) -> float:
    return delay(Rules(text, NOW))


# --------------------------------------------------------------------------------------- what is allowed


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("", "/a", True),
        ("Disallow:", "/a", True),
        ("Disallow: /", "/a", False),
        ("Disallow: /", "/robots.txt", True),
        ("disallow:/intern # nobody", "/intern/a", False),
        ("Disallow: /intern", "/", True),
        ("Disallow: /intern\nAllow: /intern/offen", "/intern/offen/1", True),
        ("Allow: /intern/offen\nDisallow: /intern", "/intern/zu", False),
        ("Disallow: /a\nAllow: /a", "/a", True),
        ("Disallow: /*/druck", "/meldung/druck/1", False),
        ("Disallow: /*/druck", "/druck", True),
        ("Disallow: /*.php$", "/a.php", False),
        ("Disallow: /*.php$", "/a.php?b", True),
        ("Disallow: /ende$", "/ende", False),
        ("Disallow: /ende$", "/ende/", True),
        ("Disallow: /*?druck=1", "/a?druck=1", False),
        ("Disallow: /*?druck=1", "/a", True),
        ("Disallow: /größe", "/gr%C3%B6%C3%9Fe", False),
        ("Disallow: /gr%c3%b6%c3%9fe", "/gr%C3%B6%C3%9Fe", False),
        ("<html>Disallow: /</html>", "/a", True),
        ("Disallow: /intern", "/%69ntern", False),
        ("Disallow: /%69ntern", "/intern", False),
        ("Disallow: /a%2Fb", "/a/b", True),
        ("Disallow: /Intern", "/intern", True),
        ("Allow: /$\nDisallow: /", "/", True),
        ("Allow: /$\nDisallow: /", "/a", False),
        ("Disallow: *druck", "/a/druck", False),
        ("Disallow: /**a", "/b/a", False),
        ("Disallow: /a$b", "/a$b", False),
        ("Disallow: /?", "/?q=1", False),
        ("\n\nDisallow: /a", "/a", False),
        ("Sitemap: /s\nDisallow: /a", "/a", False),
    ],
)
def test_paths_wildcards_and_the_longest_rule(rules: str, path: str, allowed: bool) -> None:
    assert may(f"User-agent: *\n{rules}\n", path) is allowed


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("kommcli", True),
        ("KommCLI", True),
        ("kommcli/1.0", True),
        ("kommcli* # with a star", True),
        ("*", True),
        ("komm", False),
        ("cli", False),
        ("k", False),
        ("kommclix", False),
        ("mykommcli", False),
        ("Googlebot", False),
        ("Köln", False),
    ],
)
@pytest.mark.parametrize("form", ["User-agent: {}", "user-agent:{}", "  User Agent {}", "Useragent: {}"])
def test_a_group_is_ours_by_its_whole_product_token(form: str, name: str, ours: bool) -> None:
    assert may(f"{form.format(name)}\nDisallow: /", "/a") is not ours


def test_our_own_groups_hold_instead_of_the_one_for_all() -> None:
    text = (
        "User-agent: *\nDisallow: /\n\nUser-agent: a\nUser-agent: kommcli\nDisallow: /x\n"
        "\nUser-agent: b\nDisallow: /\n\nUser-agent: kommcli\nDisallow: /y"
    )
    assert [may(text, path) for path in ("/a", "/x", "/y")] == [True, False, False]


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("User-agent: kommcli\nDisallow:\n\nUser-agent: *\nDisallow: /", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: kommcli\nDisallow:", True),
        ("User-agent: kommcli\nUser-agent: *\nDisallow: /", False),
        ("User-agent: *\nDisallow:\n\nUser-agent: kommcli\nDisallow: /", False),
        ("User-agent: other\nDisallow: /", True),
        ("Disallow: /\nUser-agent: *", True),
        ("User-agent:\nDisallow: /", True),
    ],
)
def test_which_group_holds(text: str, allowed: bool) -> None:
    assert may(text, "/a") is allowed


def test_the_group_for_all_adds_nothing_to_our_own() -> None:
    text = "User-agent: kommcli\nDisallow: /x\n\nUser-agent: *\nCrawl-delay: 9\nDisallow: /a"
    assert pause(text) == 1
    assert may(text, "/a")


def test_line_ends_and_lines_that_are_none_of_ours() -> None:
    text = "Sitemap: https://news.example/s.xml\rUser-agent: *\r\nFoo: bar\n\nDisallow: /x\x0bHost: y"
    assert not may(text, "/x")
    assert may(text, "/y")


@given(st.text(st.sampled_from("user-agent: *kommclidisallow/$%\n#\x00é\ud800\u2028"), max_size=200))
def test_no_text_is_too_broken(text: str) -> None:
    assert may(text, "/a") in (True, False)
    assert 1 <= pause(text) <= 30


def test_hostile_rules_cost_little() -> None:
    """Six stars took Protego seconds before 0.7; many names times many rules still take it minutes."""
    stars = "User-agent: *\nDisallow: /" + "*a" * 2_000 + "*b\n"
    crowd = "".join(f"User-agent: a{number}\n" for number in range(4_000)) + "Disallow: /a*b\n" * 20_000
    assert may(stars, "/" + "a" * 3_000)
    assert may(crowd, "/aab")


# ----------------------------------------------------------------------------------------------- the pause


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("5", 5.0),
        ("2.5", 2.5),
        ("0", 1.0),
        ("0.2", 1.0),
        ("30", 30.0),
        ("86400", 30.0),
        ("-3", 1.0),
        ("inf", 1.0),
        ("nan", 1.0),
        ("viel", 1.0),
        ("", 1.0),
    ],
)
def test_crawl_delay_is_obeyed_within_bounds(value: str, seconds: float) -> None:
    assert pause(f"User-agent: *\nCrawl-delay: {value}\nDisallow: /x") == seconds


def test_crawl_delay_for_others_is_not_for_us() -> None:
    groups = {"a": 20, "kommcli": 3, "*": 9}
    text = "\n\n".join(f"User-agent: {name}\nCrawl-delay: {value}" for name, value in groups.items())
    assert pause(text) == 3
    assert pause("") == 1
    assert pause("User-agent: a\nCrawl-delay: 20") == 1


# ----------------------------------------------------------------------------------------------- its bytes


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_byte_order_mark_does_not_hide_the_first_line(charset: str) -> None:
    assert not may(text_of("User-agent: *\nDisallow: /größe".encode(charset)), "/gr%C3%B6%C3%9Fe")


def test_bytes_of_another_charset_spoil_only_their_line() -> None:
    text = text_of("User-agent: *\nDisallow: /größe\nDisallow: /x".encode("latin-1"))
    assert not may(text, "/x")
    assert may(text, "/a")


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_a_line_that_the_limit_cuts_says_nothing(end: bytes) -> None:
    head = b"User-agent: *" + end + b"Disallow: /x" + end
    last = b"Disallow: /suche"
    filler = b"#" * (LARGEST - len(head + end) - 11) + end
    text = text_of(head + filler + last)
    assert not may(text, "/x")
    assert may(text, "/a")
    assert text_of(b"x" * 2 * LARGEST) == ""


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_a_last_line_that_ends_at_the_limit_holds(end: bytes) -> None:
    head, last = b"User-agent: *" + end, b"Disallow: /x" + end
    body = head + b"#" * (LARGEST - len(head + last + end)) + end + last
    assert len(body) == LARGEST
    assert not may(text_of(body), "/x")
    assert not may(text_of(body + b"# more"), "/x")


def test_as_much_is_read_as_the_standard_wants() -> None:
    assert LARGEST >= 500 * 1024


@given(st.binary(max_size=100))
def test_no_bytes_are_too_broken(body: bytes) -> None:
    assert isinstance(text_of(body), str)


# ------------------------------------------------------------------------------------ where there is none


@pytest.mark.parametrize(
    ("code", "status", "absent"),
    [
        ("http.status", 404, True),
        ("http.status", 400, True),
        ("http.status", 401, True),
        ("http.status", 403, True),
        ("http.gone", 410, True),
        ("http.empty", 200, True),
        ("http.empty", 204, True),
        ("http.redirects", None, True),
        ("http.rate_limited", 429, False),
        ("http.status", 500, False),
        ("http.status", 503, False),
        ("http.status", 300, False),
        ("http.protocol", 304, False),
        ("net.proxy", 407, False),
        ("net.timeout", None, False),
        ("net.dns", None, False),
        ("tls.verify", None, False),
        ("http.truncated", None, False),
    ],
)
def test_what_means_that_there_is_no_robots_txt(code: str, status: int | None, absent: bool) -> None:
    assert is_absence(FeedFailure(code, http_status=status)) is absent
