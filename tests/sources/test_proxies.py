"""Which proxy the environment names."""

from __future__ import annotations

import pytest

from kommcli.errors import FeedFailure
from kommcli.sources.proxies import parse, proxy_for


@pytest.mark.parametrize(
    ("environ", "plain", "secure"),
    [
        ({}, "", ""),
        ({"http_proxy": "http://p:1"}, "http://p:1", ""),
        ({"HTTPS_PROXY": "p:1"}, "", "http://p:1"),
        ({"ALL_PROXY": "socks5://p"}, "socks5://p", "socks5://p"),
        ({"all_proxy": "http://a", "https_proxy": "http://s"}, "http://a", "http://s"),
        ({"http_proxy": "http://low", "HTTP_PROXY": "http://up"}, "http://low", ""),
        ({"http_proxy": "", "HTTP_PROXY": "http://up"}, "", ""),
        ({"HTTP_PROXY": "http://client", "REQUEST_METHOD": "GET"}, "", ""),
        ({"http_proxy": "http://p:1", "REQUEST_METHOD": "GET"}, "http://p:1", ""),
    ],
)
def test_variables(environ: dict[str, str], plain: str, secure: str) -> None:
    assert proxy_for("http", "feed.example", 80, environ) == plain
    assert proxy_for("https", "feed.example", 443, environ) == secure


@pytest.mark.parametrize(
    ("no_proxy", "host", "bypassed"),
    [
        ("*", "feed.example", True),
        ("", "feed.example", False),
        ("feed.example", "feed.example", True),
        ("FEED.example", "feed.example.", True),
        (".example", "feed.example", True),
        ("*.example", "feed.example", True),
        ("example", "feed.example", True),
        ("example", "feedexample", False),
        ("feed.example:81", "feed.example", False),
        ("feed.example:80", "feed.example", True),
        ("a, b,feed.example", "feed.example", True),
        ("10.0.0.0/8", "10.1.2.3", True),
        ("10.0.0.0/8", "11.1.2.3", False),
        ("10.0.0.0/8", "feed.example", False),
        ("127.0.0.1", "127.0.0.1", True),
        ("::1", "::1", True),
        ("[::1]:80", "::1", True),
        (".", "feed.example", False),
    ],
)
def test_no_proxy(no_proxy: str, host: str, bypassed: bool) -> None:
    environ = {"http_proxy": "http://p", "NO_PROXY": no_proxy}
    assert proxy_for("http", host, 80, environ) == ("" if bypassed else "http://p")


def test_a_proxy_taken_apart() -> None:
    proxy = parse("http://user:p%3Aw@Proxy.example:3128/")
    assert (proxy.host, proxy.port) == ("proxy.example", 3128)
    assert proxy.headers == {"Proxy-Authorization": "Basic dXNlcjpwOnc="}
    assert parse("http://proxy").headers == {}


@pytest.mark.parametrize(
    "proxy", ["socks5h://user:secret@p", "https://p", "http://", "http://[", "http://p:x"]
)
def test_what_cannot_be_used(proxy: str) -> None:
    with pytest.raises(FeedFailure) as caught:
        parse(proxy)
    assert caught.value.code == "net.proxy"
    assert "secret" not in str(caught.value)
