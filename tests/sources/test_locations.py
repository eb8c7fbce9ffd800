"""Addresses taken apart."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kommcli.errors import FeedFailure
from kommcli.sources.locations import DEFAULT_PORTS, Location, follow, parse


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("HTTP://Feed.Example", "http://feed.example/"),
        ("http://feed.example:80/a?b#c", "http://feed.example/a?b"),
        ("https://feed.example:8443", "https://feed.example:8443/"),
        ("https://user:pw@feed.example/", "https://feed.example/"),
        ("http://[0:0::1]:81/", "http://[::1]:81/"),
        ("http://münchen.example/", "http://xn--mnchen-3ya.example/"),
        ("http://Gießen.example/", "http://xn--gieen-nqa.example/"),
        ("http://gie\u1e9een.example/", "http://xn--gieen-nqa.example/"),
        ("http://feed.example./", "http://feed.example./"),
        ("  http://feed.example/\n", "http://feed.example/"),
    ],
)
def test_normal_form(url: str, normal: str) -> None:
    assert parse(url, "net.dns").url == normal
    assert parse(normal, "net.dns") == parse(url, "net.dns")


def code(function: Callable[..., object], *arguments: object) -> str:
    """The code of the failure that a call ends in, or ""."""
    try:
        function(*arguments)
    except FeedFailure as failure:
        return failure.code
    return ""


@given(st.text(max_size=60) | st.builds("http://{}".format, st.text(max_size=60)))
def test_no_text_whatsoever_brings_another_exception(url: str) -> None:
    found = code(parse, url, "net.dns")
    assert found in ("", "net.dns")
    if not found:
        location = parse(url, "net.dns")
        assert location.host.isascii()
        assert parse(location.url, "net.dns").origin == location.origin


@given(st.text(st.characters(max_codepoint=255), max_size=60))
@pytest.mark.row("H8")
def test_H8_no_location_header_whatsoever_leads_elsewhere_than_http(header: str) -> None:
    here = Location("https", "feed.example", 443, "/a")
    found = code(follow, here, header)
    assert found in ("", "http.redirects", "http.redirect_url", "http.redirect_scheme", "http.downgrade")
    assert found or follow(here, header).scheme in DEFAULT_PORTS
