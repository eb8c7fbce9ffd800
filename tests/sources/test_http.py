"""`Client.get` against a real server: the rows N1 to N17 and H1 to H20 of the catalogue of faults."""

from __future__ import annotations

import gzip
import inspect
import json
import socket
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
import urllib3.exceptions
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kommcli
from kommcli.errors import FeedFailure
from kommcli.model import Fetched, NotModified
from kommcli.sources.failures import CODES, failure_of
from kommcli.sources.http import Client, Limits
from kommcli.sources.politeness import RedirectFailure
from loopback import Authority, Exchange, Server

FEED = b"<?xml version='1.0'?><rss><channel><title>B\xc3\xbcrgerservice</title></channel></rss>"
HEAD = b"HTTP/1.1 200 OK\r\n"

packed = partial(gzip.compress, mtime=0)  # the same bytes, and names of tests, in every process

Get = Callable[..., Fetched | NotModified]


def failure(ask: Callable[..., object], url: str, **options: object) -> FeedFailure:
    """The failure that asking ends in."""
    with pytest.raises(FeedFailure) as caught:
        ask(url, **options)
    return caught.value


def code(ask: Callable[..., object], url: str, **options: object) -> str:
    return failure(ask, url, **options).code


# ------------------------------------------------------------------------------------------ the good case


def test_an_answer_has_body_address_type_and_validators(server: Server, get: Get) -> None:
    headers = {"Content-Type": "application/rss+xml; charset=utf-8"}
    server.reply("/feed.xml?a=b", FEED, headers=headers, etag='W/"1"', last_modified="Fri, 31 Jul 2026")

    fetched = get(server.url("/feed.xml?a=b#part"))

    assert fetched == Fetched(
        url=server.url("/feed.xml?a=b"),
        body=FEED,
        content_type="application/rss+xml; charset=utf-8",
        etag='W/"1"',
        last_modified="Fri, 31 Jul 2026",
    )


@pytest.mark.row("H13")
def test_a_request_tells_who_asks_and_offers_gzip_only(server: Server, get: Get) -> None:
    server.reply("/", FEED)
    get(server.url("/"))
    headers = server.requests[0].headers
    assert headers["user-agent"] == "kommcli-test"
    assert headers["accept-encoding"] == "gzip"
    assert headers["accept"].startswith("application/atom+xml, application/rss+xml")
    assert headers["host"] == f"127.0.0.1:{server.port}"
    assert set(headers) == {"user-agent", "accept-encoding", "accept", "host"}


@pytest.mark.parametrize("form", [{}, {"gzip": True}, {"chunked": True}, {"gzip": True, "chunked": True}])
def test_bodies_in_every_form_that_we_ask_for(server: Server, get: Get, form: dict[str, bool]) -> None:
    server.reply("/feed", FEED * 50, **form)
    assert get(server.url("/feed")).body == FEED * 50


@pytest.mark.parametrize("pack", [zlib.compress, lambda body: zlib.compress(body, wbits=-15)])
def test_deflate_is_read_with_and_without_the_zlib_header(server: Server, get: Get, pack: Callable) -> None:
    server.reply("/feed", pack(FEED), headers={"Content-Encoding": "deflate"}, chunked=True)
    assert get(server.url("/feed")).body == FEED


@pytest.mark.parametrize(
    ("tail", "more"),
    [(b"", b""), (bytes(3), b""), (bytes(2_000), b""), (packed(b"more"), b"more"), (packed(b""), b"")],
)
def test_gzip_may_have_several_members_and_end_in_zeros(
    server: Server, get: Get, tail: bytes, more: bytes
) -> None:
    server.reply("/feed", packed(FEED) + tail, headers={"Content-Encoding": "x-gzip"}, chunked=True)
    assert get(server.url("/feed")).body == FEED + more


def test_an_answer_without_a_length_ends_with_the_connection(server: Server, get: Get) -> None:
    server.raw("/feed", HEAD + b"\r\n" + FEED)
    assert get(server.url("/feed")).body == FEED


def test_http_1_0_and_ipv6_are_spoken(make_server: Callable[..., Server], get: Get) -> None:
    server = make_server("::1")
    server.raw("/feed", b"HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nabc")
    assert get(server.url("/feed")).body == b"abc"
    assert server.requests[0].headers["host"] == f"[::1]:{server.port}"


def test_umlauts_in_host_and_path_are_sent_as_the_standards_say(
    server: Server, get: Get, names: Callable
) -> None:
    names({"xn--mnchen-3ya.example": ["127.0.0.1"]})
    server.reply("/%C3%84mter%20neu", FEED)
    fetched = get(f"http://MÜNCHEN.example:{server.port}/Ämter neu")
    assert fetched.body == FEED
    assert server.requests[0].headers["host"] == f"xn--mnchen-3ya.example:{server.port}"


def test_one_connection_serves_many_requests(server: Server, get: Get) -> None:
    server.reply("/feed", FEED, etag='"1"')
    server.redirect("/old", "/feed")
    for path in ("/feed", "/old", "/feed"):
        get(server.url(path))
        get(server.url(path), etag='"1"')
    assert server.connections == 1


@pytest.mark.row("H21")
def test_a_connection_that_the_server_has_ended_is_replaced(server: Server, get: Get) -> None:
    def hang_up_every_second_time(exchange: Exchange) -> None:
        if len(server.requests) % 2 == 0:
            exchange.close()
        else:
            exchange.reply(FEED)

    server.handle("/feed", hang_up_every_second_time)
    get(server.url("/feed"))
    assert get(server.url("/feed")).body == FEED
    assert len(server.requests) == 3


def test_tls_is_checked_against_the_name(tls_server: Server, new_client: Callable, authority) -> None:
    tls_server.reply("/feed", FEED, gzip=True)
    client = new_client(ca_file=authority.ca_file)
    for host in ("127.0.0.1", "localhost"):
        url = tls_server.url("/feed").replace("127.0.0.1", host)
        for _again in range(2):
            assert client.get(url, allow_private=True).body == FEED
    assert tls_server.connections == 2


def test_a_missing_ca_file_is_named(tls_server: Server, new_client: Callable) -> None:
    caught = failure(new_client(ca_file="/nowhere.pem").get, tls_server.url("/"), allow_private=True)
    assert (caught.code, caught.cause) == ("tls.verify", "/nowhere.pem: No such file or directory")


# -------------------------------------------------------------------------------------------- the network


@pytest.mark.row("N1")
def test_N1_host_does_not_resolve(get: Get, names: Callable) -> None:
    names({})
    caught = failure(get, "http://nirgends.example/")
    assert (caught.code, caught.cause) == ("net.dns", "Name or service not known")


@pytest.mark.parametrize(
    "url", ["http://a..b/", "http://" + "a" * 64 + ".de/", "http://[::1", "x:y", "http://"]
)
@pytest.mark.row("N1")
def test_N1_what_is_no_address_has_no_host(get: Get, url: str) -> None:
    assert code(get, url) == "net.dns"


@pytest.mark.row("N1")
def test_N1_name_server_never_answers(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    over, real = threading.Event(), socket.getaddrinfo

    def getaddrinfo(host: str, *args: object, **options: int) -> list[tuple]:
        if not options.get("flags"):
            over.wait(5)
        return real(host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    started = time.monotonic()
    assert code(get, "http://feed.example/") == "net.timeout"
    assert time.monotonic() - started < 1
    over.set()


@pytest.mark.row("N2")
def test_N2_connection_refused(get: Get) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    caught = failure(get, f"http://127.0.0.1:{port}/")
    assert (caught.code, caught.cause) == ("net.connect", "Connection refused")


@pytest.mark.row("N2")
def test_N2_the_next_address_is_tried(server: Server, get: Get, names: Callable) -> None:
    names({"feed.example": ["127.0.0.9", "::1", "127.0.0.1"]})
    server.reply("/", FEED)
    assert get(f"http://feed.example:{server.port}/").body == FEED


@pytest.fixture
def full() -> Iterator[int]:
    """A port that answers no SYN any more: its backlog is full."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = []
        for _connection in range(8):
            waiting.append(socket.socket())
            waiting[-1].setblocking(False)
            with suppress(BlockingIOError):
                waiting[-1].connect(listener.getsockname())
        yield listener.getsockname()[1]
        for connection in waiting:
            connection.close()


@pytest.mark.row("N3")
def test_N3_syn_dropped(full: int, get: Get) -> None:
    started = time.monotonic()
    assert code(get, f"http://127.0.0.1:{full}/") == "net.timeout"
    assert 0.3 < time.monotonic() - started < 0.7


@pytest.mark.row("N3")
def test_N3_a_dead_address_leaves_time_for_the_next(
    full: int, make_server: Callable[..., Server], get: Get, names: Callable
) -> None:
    names({"feed.example": ["127.0.0.1", "127.0.0.2"]})
    server = make_server("127.0.0.2", port=full)
    server.reply("/", FEED)
    assert get(f"http://feed.example:{full}/").body == FEED


@pytest.mark.row("N3")
def test_N3_the_total_limit_holds_while_connecting(full: int, get: Get) -> None:
    started = time.monotonic()
    assert code(get, f"http://127.0.0.1:{full}/", deadline=started + 0.1) == "net.deadline"
    assert time.monotonic() - started < 0.3


def _drip(*start: bytes) -> Callable[[Exchange], None]:
    def answer(exchange: Exchange) -> None:
        exchange.send(*start)
        while True:
            exchange.send(b"x", 0.05)

    return answer


@pytest.mark.parametrize("head", [b"Content-Length: 9000\r\n\r\n", b"\r\n"])
@pytest.mark.row("N4")
def test_N4_body_dripped_for_ever(server: Server, get: Get, head: bytes) -> None:
    server.handle("/", _drip(HEAD, head))
    started = time.monotonic()
    assert code(get, server.url("/")) == "net.deadline"
    assert 0.7 < time.monotonic() - started < 1.2


@pytest.mark.row("N4")
def test_N4_over_tls(tls_server: Server, new_client: Callable, authority) -> None:
    tls_server.handle("/", _drip(HEAD, b"Transfer-Encoding: chunked\r\n\r\n2000\r\n"))
    started = time.monotonic()
    client = new_client(ca_file=authority.ca_file)
    assert code(client.get, tls_server.url("/"), allow_private=True) == "net.deadline"
    assert 0.7 < time.monotonic() - started < 1.2


@pytest.mark.row("N4")
def test_N4_redirects_share_one_limit(server: Server, get: Get) -> None:
    for hop in range(5):
        server.reply(f"/{hop}", status=302, headers={"Location": f"/{hop + 1}"}, delay=0.25)
    started = time.monotonic()
    assert code(get, server.url("/0")) == "net.deadline"
    assert time.monotonic() - started < 1.2


@pytest.mark.row("N4")
def test_N4_a_deadline_from_outside_comes_first(server: Server, get: Get) -> None:
    server.handle("/", _drip(HEAD))
    started = time.monotonic()
    assert code(get, server.url("/"), deadline=started + 0.2) == "net.deadline"
    assert time.monotonic() - started < 0.5
    assert code(get, server.url("/"), deadline=started) == "net.deadline"


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 100 Continue\r\n"])
@pytest.mark.row("N5")
def test_N5_headers_dripped_for_ever(server: Server, get: Get, start: bytes) -> None:
    server.handle("/", _drip(start))
    started = time.monotonic()
    assert code(get, server.url("/")) == "net.deadline"
    assert time.monotonic() - started < 1.2


@pytest.mark.row("N5")
def test_N5_never_more_than_the_news_that_news_will_come(server: Server, get: Get) -> None:
    def answer(exchange: Exchange) -> None:
        while True:
            exchange.send(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000)

    server.handle("/", answer)
    assert code(get, server.url("/")) in ("net.deadline", "http.too_large")


@pytest.mark.parametrize(
    ("certificate", "cause"),
    [
        ("expired", "certificate has expired"),
        ("self-signed", "self-signed certificate"),
        ("wrong host", "certificate is not valid for '127.0.0.1'"),
    ],
)
@pytest.mark.row("N6")
def test_N6_certificate(
    make_server: Callable[..., Server], new_client: Callable, authority, certificate: str, cause: str
) -> None:
    server = make_server(certificate=certificate)
    caught = failure(new_client(ca_file=authority.ca_file).get, server.url("/"), allow_private=True)
    assert caught.code == "tls.verify"
    assert cause in caught.cause
    assert not server.requests


@pytest.mark.row("N6")
def test_N6_an_authority_that_the_system_does_not_know(tls_server: Server, get: Get) -> None:
    assert code(get, tls_server.url("/")) == "tls.verify"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [(b"HTTP/1.1 400 Bad Request\r\n\r\n", "tls.handshake"), (b"", "tls.handshake"), (None, "net.timeout")],
)
@pytest.mark.row("N7")
def test_N7_plain_http_on_the_tls_port_or_nothing(get: Get, answer: bytes | None, expected: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def reply() -> None:
            connection, _address = listener.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(answer)

        thread = threading.Thread(target=reply if answer is not None else lambda: None)
        thread.start()
        started = time.monotonic()
        caught = failure(get, f"https://127.0.0.1:{listener.getsockname()[1]}/")
        thread.join()
    assert caught.code == expected
    assert "_" not in caught.cause
    assert time.monotonic() - started < 0.7


CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "answer",
    [
        HEAD + b"Content-Length: 100\r\n\r\nshort",
        HEAD + b"Content-Length: 100\r\n\r\n",
        CHUNKED + b"5\r\nabc",
        CHUNKED + b"3\r\nabc\r\n",
        CHUNKED + b"nonsense\r\nabc\r\n0\r\n\r\n",
        CHUNKED + b"-1\r\nabc\r\n0\r\n\r\n",
        b"",
    ],
)
@pytest.mark.row("N8")
def test_N8_connection_lost(server: Server, get: Get, answer: bytes) -> None:
    server.raw("/", answer)
    assert code(get, server.url("/")) == "http.truncated"


@pytest.mark.parametrize(
    "head", [HEAD + b"\r\n", CHUNKED, HEAD + b"Content-Length: 999999999999999999999\r\n\r\n"]
)
@pytest.mark.row("N9")
def test_N9_endless_body(server: Server, get: Get, head: bytes) -> None:
    ended = threading.Event()

    def answer(exchange: Exchange) -> None:
        exchange.send(head)
        try:
            while True:
                exchange.send(b"1000\r\n" + bytes(4096) + b"\r\n" if head == CHUNKED else bytes(4096))
        finally:
            ended.set()

    server.handle("/", answer)
    assert code(get, server.url("/")) == "http.too_large"
    assert ended.wait(1), "the connection must be closed at once"


@pytest.mark.row("N9")
def test_N9_a_length_above_the_limit_is_believed(server: Server, get: Get) -> None:
    server.raw("/", HEAD + b"Content-Length: 100001\r\n\r\n", 5.0)
    started = time.monotonic()
    assert code(get, server.url("/")) == "http.too_large"
    assert time.monotonic() - started < 0.5


INSIDE = [
    "http://127.0.0.1:{port}/",
    "http://10.0.0.1/",
    "http://169.254.169.254/latest/",
    "http://[::1]:{port}/",
]


@pytest.mark.parametrize("target", INSIDE)
@pytest.mark.parametrize("allowed", [False, True])
@pytest.mark.row("N10")
def test_N10_redirect_to_a_private_address(
    server: Server,
    make_server: Callable[..., Server],
    publicly: Callable,
    get: Get,
    target: str,
    allowed: bool,
) -> None:
    publicly("127.0.0.2")
    outside = make_server("127.0.0.2")
    outside.redirect("/", target.format(port=server.port))
    caught = failure(get, outside.url("/"), allow_private=allowed)
    assert caught.code == "net.private"
    assert server.connections == 0


@pytest.mark.row("N10")
def test_N10_a_kept_connection_of_another_feed_changes_nothing(
    server: Server, make_server: Callable[..., Server], publicly: Callable, get: Get
) -> None:
    publicly("127.0.0.2")
    outside = make_server("127.0.0.2")
    outside.redirect("/", server.url("/"))
    server.reply("/", FEED)
    assert get(server.url("/")).body == FEED
    assert code(get, outside.url("/"), allow_private=False) == "net.private"
    assert len(server.requests) == 1


@pytest.mark.row("N11")
def test_N11_the_checked_address_is_the_connected_address(
    make_server: Callable[..., Server], publicly: Callable, get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    publicly("127.0.0.2")
    outside = make_server("127.0.0.2")
    outside.reply("/", FEED)
    real, answers = socket.getaddrinfo, ["127.0.0.2", "127.0.0.1", "127.0.0.1"]

    def getaddrinfo(host: str, *args: object, **options: int) -> list[tuple]:
        if host == "two-faced.example" and options.get("flags"):
            raise socket.gaierror
        return real(answers.pop(0) if host == "two-faced.example" else host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    url = f"http://two-faced.example:{outside.port}/"
    assert get(url, allow_private=False).body == FEED
    assert get(url, allow_private=False).body == FEED
    assert answers == ["127.0.0.1", "127.0.0.1"]


@pytest.mark.row("N11")
def test_N11_of_mixed_answers_only_the_public_ones_are_used(
    make_server: Callable[..., Server], publicly: Callable, names: Callable, get: Get
) -> None:
    publicly("127.0.0.2")
    names({"mixed.example": ["127.0.0.1", "127.0.0.2"]})
    outside = make_server("127.0.0.2")
    outside.reply("/", FEED)
    assert get(f"http://mixed.example:{outside.port}/", allow_private=False).body == FEED


@pytest.mark.parametrize(
    "host",
    ["2130706433", "0x7f.1", "127.1", "0177.0.0.1", "１２７.０.０.１", "localhost.", "[::ffff:127.0.0.1]"],
)
@pytest.mark.row("N12")
def test_N12_odd_ways_to_write_loopback(server: Server, get: Get, names: Callable, host: str) -> None:
    names({"localhost.": ["127.0.0.1"]})
    assert code(get, f"http://{host}:{server.port}/", allow_private=False) == "net.private"
    assert server.connections == 0


@pytest.mark.row("N14")
def test_N14_a_private_feed_needs_leave_and_keeps_to_its_host(
    server: Server, make_server: Callable[..., Server], get: Get
) -> None:
    server.reply("/", FEED)
    caught = failure(get, server.url("/"), allow_private=False)
    assert (caught.code, caught.cause) == ("net.private", "127.0.0.1")
    assert "allow_private = true" in caught.remedy
    assert get(server.url("/")).body == FEED

    other_port, other_host = make_server(), make_server("127.0.0.2")
    other_port.reply("/", FEED)
    server.redirect("/port", other_port.url("/"))
    server.redirect("/host", other_host.url("/"))
    assert get(server.url("/port")).url == other_port.url("/")
    assert code(get, server.url("/host")) == "net.private"
    assert other_host.connections == 0


@pytest.mark.row("N14")
def test_N14_who_left_for_the_outside_does_not_come_back(
    server: Server, make_server: Callable[..., Server], publicly: Callable, get: Get
) -> None:
    publicly("127.0.0.2")
    outside = make_server("127.0.0.2")
    outside.redirect("/", server.url("/secret"))
    server.redirect("/", outside.url("/"))
    assert code(get, server.url("/")) == "net.private"
    assert [request.path for request in server.requests] == ["/"]


@pytest.mark.row("N14")
def test_N14_metadata_is_never_reached_by_redirect(
    get: Get, monkeypatch: pytest.MonkeyPatch, server: Server
) -> None:
    # The feed's own name has the link-local address as well: that does not open it for redirects.
    real = socket.getaddrinfo

    def getaddrinfo(host: str, *args: object, **options: int) -> list[tuple]:
        if host == "feed.example" and not options.get("flags"):
            return real("127.0.0.1", *args) + real("169.254.169.254", *args)
        return real(host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    server.redirect("/", "http://169.254.169.254/latest/")
    assert code(get, f"http://feed.example:{server.port}/") == "net.private"


# --------------------------------------------------------------------------------------------- the proxy


def _tunnel(exchange: Exchange) -> None:
    """Be a proxy that connects."""
    _host, _colon, port = exchange.request.path.rpartition(":")
    exchange.close()
    exchange.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
    with socket.create_connection(("127.0.0.1", int(port))) as far:
        there = threading.Thread(target=_copy, args=(exchange.connection, far))
        there.start()
        _copy(far, exchange.connection)
        there.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


@pytest.mark.row("N15")
def test_N15_a_proxy_on_loopback_is_used_for_public_names(server: Server, new_client: Callable) -> None:
    url = "http://93.184.216.34/feed?a"
    server.reply(url, FEED, etag='"1"')
    client = new_client(environ={"http_proxy": f"http://us%65r:p%40ss@127.0.0.1:{server.port}"})
    assert client.get(url).body == FEED
    assert client.get(url, etag='"1"') == NotModified()
    assert server.connections == 1
    request = server.requests[0]
    assert request.headers["proxy-authorization"] == "Basic dXNlcjpwQHNz"
    assert request.headers["host"] == "93.184.216.34"


@pytest.mark.row("N15")
def test_N15_https_goes_through_a_tunnel(
    server: Server, tls_server: Server, new_client: Callable, authority, names: Callable, publicly: Callable
) -> None:
    names({"localhost": ["127.0.0.1"]})
    server.handle(f"localhost:{tls_server.port}", _tunnel)
    tls_server.reply("/feed", FEED)
    environ = {"HTTPS_PROXY": f"127.0.0.1:{server.port}"}
    client = new_client(environ=environ, ca_file=authority.ca_file)
    url = tls_server.url("/feed").replace("127.0.0.1", "localhost")
    assert code(client.get, url) == "net.private"
    assert client.get(url, allow_private=True).body == FEED
    assert [request.method for request in server.requests] == ["CONNECT"]
    client.close()


@pytest.mark.parametrize("host", ["10.0.0.1", "2130706433", "intranet.example", "169.254.169.254"])
@pytest.mark.row("N15")
def test_N15_the_target_is_still_checked(
    server: Server, new_client: Callable, names: Callable, host: str
) -> None:
    names({"intranet.example": ["192.168.1.1"]})
    client = new_client(environ={"all_proxy": f"http://127.0.0.1:{server.port}"})
    assert code(client.get, f"http://{host}/") == "net.private"
    assert server.connections == 0


@pytest.mark.row("N15")
def test_N15_names_that_only_the_proxy_knows_are_left_to_it(
    server: Server, new_client: Callable, names: Callable
) -> None:
    names({})
    server.reply("http://feed.example/", FEED)
    client = new_client(environ={"all_proxy": f"http://127.0.0.1:{server.port}"})
    assert client.get("http://feed.example/").body == FEED


@pytest.mark.row("N15")
def test_N15_proxy_failures_are_the_proxy_s(server: Server, new_client: Callable, full: int) -> None:
    public, secure = "http://93.184.216.34/", "https://93.184.216.34/"
    here = f"http://u:secret@127.0.0.1:{server.port}"
    server.reply(public, status=407)
    server.reply("93.184.216.34:443", status=403)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        closed = taken.getsockname()[1]
    causes = [
        ({"http_proxy": here}, public, "407 Proxy Authentication Required"),
        ({"https_proxy": here}, secure, "Tunnel connection failed: 403 Forbidden"),
        ({"http_proxy": f"http://u:secret@127.0.0.1:{closed}"}, public, "127.0.0.1: Connection refused"),
        ({"http_proxy": f"http://u:secret@127.0.0.1:{full}"}, public, "127.0.0.1"),
        (
            {"all_proxy": "socks5://u:secret@127.0.0.1:1080"},
            public,
            "only http proxies can be used, not socks5",
        ),
        ({"all_proxy": "http://[::1"}, public, "the proxy variable holds no valid address"),
    ]
    for environ, url, cause in causes:
        caught = failure(new_client(environ=environ).get, url)
        assert (caught.code, caught.cause) == ("net.proxy", cause)
        assert "secret" not in str(caught)


@pytest.mark.row("N17")
def test_N17_at_most_two_connections_to_one_host(server: Server, new_client: Callable) -> None:
    running, most = 0, 0
    lock = threading.Lock()

    def answer(exchange: Exchange) -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        exchange.pause(0.02)
        with lock:
            running -= 1
        exchange.reply(FEED)

    server.handle("/", answer)
    client = new_client(Limits(total=5))
    threads = [
        threading.Thread(target=client.get, args=(server.url("/"),), kwargs={"allow_private": True})
        for _number in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (most, server.connections, len(server.requests)) == (2, 2, 12)


@pytest.mark.row("N17")
def test_N17_waiting_for_a_slot_counts(server: Server, new_client: Callable) -> None:
    server.reply("/", FEED, delay=0.5)
    client = new_client(Limits(total=5), per_host=1)
    options = {"allow_private": True}
    thread = threading.Thread(target=client.get, args=(server.url("/"),), kwargs=options)
    thread.start()
    time.sleep(0.1)
    caught = failure(client.get, server.url("/"), deadline=time.monotonic() + 0.1, **options)
    assert (caught.code, caught.cause) == ("net.deadline", "too many requests to this host wait")
    thread.join()


# --------------------------------------------------------------------------------------------------- HTTP


@pytest.mark.row("H1")
def test_H1_not_modified(server: Server, get: Get) -> None:
    server.reply("/", FEED, etag='"1"')
    assert get(server.url("/"), etag='"1"', last_modified="x") == NotModified()
    assert len(server.requests) == 1


@pytest.mark.row("H2")
def test_H2_not_modified_although_nothing_was_asked(server: Server, get: Get) -> None:
    server.reply("/", status=304)
    assert code(get, server.url("/")) == "http.protocol"
    assert len(server.requests) == 2


@pytest.mark.row("H2")
def test_H2_the_second_answer_is_taken(server: Server, get: Get) -> None:
    server.handle("/", lambda e: e.reply(FEED, status=304 if len(server.requests) == 1 else 200))
    assert get(server.url("/")).body == FEED


@pytest.mark.parametrize("status", [200, 204, 205, 203, 226])
@pytest.mark.parametrize("body", [b"", b" \r\n\t"])
@pytest.mark.row("H3")
def test_H3_empty(server: Server, get: Get, status: int, body: bytes) -> None:
    server.reply("/", body, status=status)
    assert code(get, server.url("/")) == "http.empty"


@pytest.mark.row("H3")
def test_H3_empty_and_packed(server: Server, get: Get) -> None:
    server.reply("/", headers={"Content-Encoding": "gzip"})
    assert code(get, server.url("/")) == "http.empty"
    server.reply("/", gzip=True)
    assert code(get, server.url("/")) == "http.empty"


@pytest.mark.parametrize("status", [202, 206, 300, 400, 401, 403, 404, 407, 451, 500, 502, 503, 504])
@pytest.mark.row("H4")
def test_H4_statuses(server: Server, get: Get, status: int) -> None:
    server.reply("/", b"<html>", status=status)
    caught = failure(get, server.url("/"))
    assert (caught.code, caught.http_status, caught.retry_after) == ("http.status", status, None)
    assert caught.cause.startswith(f"{status} ")


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        (b"404 Not Found", "404 Not Found"),
        (b"404", "404 Not Found"),
        (b"599", "599"),
        (b"500 \x1b[31mred\x07 " + b"x" * 900, "500 [31mred " + "x" * 186),
    ],
)
@pytest.mark.row("H4")
def test_H4_the_reason_is_clean_and_short(server: Server, get: Get, line: bytes, cause: str) -> None:
    server.raw("/", b"HTTP/1.1 " + line + b"\r\n\r\n")
    assert failure(get, server.url("/")).cause == cause


@pytest.mark.row("H5")
def test_H5_gone(server: Server, get: Get) -> None:
    server.reply("/", status=410)
    caught = failure(get, server.url("/"))
    assert (caught.code, caught.cause, caught.http_status) == ("http.gone", "410 Gone", 410)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("120", 120),
        ("Sat, 01 Aug 2026 13:00:00 GMT", 3600),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0),
        ("1000000000", 86_400),
        ("soon", None),
        ("-5", None),
    ],
)
@pytest.mark.row("H6")
def test_H6_retry_after(server: Server, get: Get, status: int, header: str, wait: float | None) -> None:
    server.reply("/", status=status, headers={"Retry-After": header})
    caught = failure(get, server.url("/"))
    assert caught.code == {429: "http.rate_limited", 503: "http.status"}[status]
    assert (caught.retry_after, caught.http_status) == (wait, status)


@pytest.mark.row("H7")
def test_H7_loop_chain_and_nowhere(server: Server, get: Get) -> None:
    server.redirect("/loop", "/pool")
    server.redirect("/pool", "/loop")
    server.redirect("/self", "#top")
    server.redirect("/empty", " ")
    server.reply("/none", status=301)
    for number in range(30):
        server.redirect(f"/{number}", f"/{number + 1}")
    for path in ("/loop", "/self", "/empty", "/none", "/0"):
        assert code(get, server.url(path)) == "http.redirects"
    once = ["/loop", "/pool", "/self", "/empty", "/none"]
    assert [request.path for request in server.requests] == [*once, *(f"/{number}" for number in range(6))]


@pytest.mark.row("H7")
def test_H7_five_are_followed(server: Server, get: Get) -> None:
    for number, status in enumerate((301, 302, 303, 307, 308)):
        server.redirect(f"/{number}", f"/{number + 1}", status)
    server.reply("/5", FEED)
    assert get(server.url("/0")).url == server.url("/5")


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("file:///etc/passwd", "http.redirect_scheme"),
        ("data:text/xml,<rss/>", "http.redirect_scheme"),
        ("javascript:alert(1)", "http.redirect_scheme"),
        ("ftp://example.org/feed", "http.redirect_scheme"),
        ("http://[::1", "http.redirect_url"),
        ("http://a:99999/", "http.redirect_url"),
        ("http://a b/", "http.redirect_url"),
        ("http://a\\b/", "http.redirect_url"),
        ("http://[fe80::1%25eth0]/", "http.redirect_url"),
        ("http://" + "a" * 70 + ".de/", "http.redirect_url"),
    ],
)
@pytest.mark.row("H8")
def test_H8_where_a_redirect_must_not_lead(server: Server, get: Get, target: str, expected: str) -> None:
    server.redirect("/", target)
    assert code(get, server.url("/")) == expected


@pytest.mark.parametrize("target", ["//127.0.0.1:{port}/new", "new", "?x/../new", "/n%65w", "/a/../new"])
@pytest.mark.row("H8")
def test_H8_relative_addresses_are_followed(server: Server, get: Get, target: str) -> None:
    server.redirect("/", target.format(port=server.port))
    for path in ("/new", "/?x/../new", "/n%65w"):
        server.reply(path, FEED)
    assert get(server.url("/")).body == FEED


@pytest.mark.row("H8")
def test_H8_umlauts_in_a_location(server: Server, get: Get) -> None:
    server.raw("/", b"HTTP/1.1 302 Found\r\nLocation: /\xc3\x84mter\r\n\r\n")
    server.reply("/%C3%84mter", FEED)
    assert get(server.url("/")).body == FEED


@pytest.mark.row("H9")
def test_H9_https_to_http(tls_server: Server, server: Server, new_client: Callable, authority) -> None:
    tls_server.redirect("/", server.url("/"))
    client = new_client(ca_file=authority.ca_file)
    assert code(client.get, tls_server.url("/"), allow_private=True) == "http.downgrade"
    assert server.connections == 0


@pytest.mark.row("H10")
def test_H10_secrets_stay_at_their_origin(
    server: Server, make_server: Callable[..., Server], get: Get
) -> None:
    other = make_server()
    secrets = {"Authorization": "Basic x", "X-Api-Key": "y", "Cookie": "z=1"}
    server.redirect("/", "/here")
    server.redirect("/here", other.url("/"))
    other.redirect("/", server.url("/back"))
    server.reply("/back", FEED)
    get(server.url("/"), headers=secrets, etag='"1"', last_modified="yesterday")

    first, here, back = (request.headers for request in server.requests)
    plain = {"user-agent", "accept", "accept-encoding", "host"}
    assert (
        set(first)
        == set(here)
        == {
            *plain,
            *map(str.lower, secrets),
            "if-none-match",
            "if-modified-since",
        }
    )
    assert set(other.requests[0].headers) == plain
    assert set(back) == plain


def test_a_host_that_leads_from_http_to_https_keeps_its_validators_and_nothing_else(
    server: Server, tls_server: Server, authority: Authority, new_client: Callable[..., Client]
) -> None:
    server.redirect("/", tls_server.url("/"))
    tls_server.reply("/", FEED, etag='"1"')
    client = new_client(ca_file=authority.ca_file)
    answer = client.get(server.url("/"), headers={"X-Api-Key": "y"}, etag='"1"', allow_private=True)

    assert isinstance(answer, NotModified)
    assert "x-api-key" not in tls_server.requests[0].headers


@pytest.mark.row("H10")
def test_H10_a_configuration_cannot_change_what_is_ours(server: Server, get: Get) -> None:
    server.reply("/", FEED)
    get(server.url("/"), headers={"user-agent": "x", "Accept-Encoding": "br", "HOST": "x", "X-Key": "k"})
    headers = server.requests[0].headers
    assert headers["user-agent"] == "kommcli-test"
    assert headers["accept-encoding"] == "gzip"
    assert headers["x-key"] == "k"


@pytest.mark.parametrize("value", ["a\r\nX: y", "\x00", "ü"])
@pytest.mark.row("H10")
def test_H10_a_header_that_http_cannot_carry_is_named_but_not_told(
    server: Server, get: Get, value: str
) -> None:
    caught = failure(get, server.url("/"), headers={"X-Key": f"s3cret{value}"})
    assert caught.code == "config.secret"
    assert "X-Key" in caught.cause
    assert "s3cret" not in str(caught)
    assert server.connections == 0


@pytest.mark.row("H11")
def test_H11_credentials_in_addresses_are_never_used(server: Server, get: Get) -> None:
    server.redirect("/", server.url("/new").replace("//", "//user:secret@"))
    server.reply("/new", FEED)
    fetched = get(server.url("/").replace("//", "//user:secret@"))
    assert fetched.url == server.url("/new")
    assert all("authorization" not in request.headers for request in server.requests)

    caught = failure(get, "http://user:secret@10.0.0.1:1/", allow_private=False)
    assert "secret" not in str(caught) + repr(caught.__cause__)


@pytest.mark.parametrize(("second", "moved"), [(301, True), (308, True), (302, False), (307, False)])
@pytest.mark.row("H12")
def test_H12_moved_for_good(server: Server, get: Get, second: int, moved: bool) -> None:
    server.redirect("/", "/b", 301)
    server.redirect("/b", "/c", second)
    server.reply("/c", FEED)
    fetched = get(server.url("/"))
    assert fetched.moved_to == (server.url("/c") if moved else "")
    assert get(server.url("/c")).moved_to == ""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from Linux's /proc")
@pytest.mark.row("H13")
def test_H13_bombs_and_endless_bodies_cost_little_memory(server: Server) -> None:
    squeezer = zlib.compressobj(wbits=31)
    bomb = b"".join([squeezer.compress(bytes(1_000_000)) for _megabyte in range(300)] + [squeezer.flush()])
    server.reply("/gzip", bomb, headers={"Content-Encoding": "gzip"})
    server.reply("/chunked", bomb, headers={"Content-Encoding": "gzip"}, chunked=True)
    server.reply("/nested", packed(bomb), headers={"Content-Encoding": "gzip, gzip"})
    server.reply("/br", bytes(2_000), headers={"Content-Encoding": "br"})
    server.reply("/zstd", bytes(2_000), headers={"Content-Encoding": "zstd"})

    def endless(head: bytes, piece: bytes) -> Callable[[Exchange], None]:
        def answer(exchange: Exchange) -> None:
            exchange.send(head)
            while True:
                exchange.send(piece)

        return answer

    server.handle("/endless", endless(HEAD + b"\r\n", bytes(65_536)))
    server.handle("/minus", endless(CHUNKED + b"-1\r\n", bytes(65_536)))
    server.handle("/headers", endless(HEAD, b"X: " + b"x" * 60_000 + b"\r\n"))
    server.handle("/line", endless(HEAD + b"X: ", bytes(65_536)))
    expected = {
        "/gzip": "http.too_large",
        "/chunked": "http.too_large",
        "/nested": "http.decode",
        "/br": "http.decode",
        "/zstd": "http.decode",
        "/endless": "http.too_large",
        "/minus": "http.too_large",
        "/headers": "http.protocol",
        "/line": "http.protocol",
    }
    found, growth = _asked_in_a_process([server.url(path) for path in expected])
    assert found == list(expected.values())
    assert growth < 60_000_000


def _asked_in_a_process(urls: list[str]) -> tuple[list[str], int]:
    """The codes of their failures, and the bytes by which memory grew at most."""
    program = """
import json, sys
from kommcli.errors import FeedFailure
from kommcli.sources.http import Client, Limits
def peak():  # getrusage would count the process that started this one as well
    return next(int(line.split()[1]) * 1024 for line in open("/proc/self/status") if line.startswith("VmHWM"))
client = Client(limits=Limits(), user_agent="x", environ={}, now=None)
codes, before = [], peak()
for url in json.loads(sys.argv[1]):
    try:
        client.get(url, allow_private=True)
    except FeedFailure as failure:
        codes.append(failure.code)
print(json.dumps([codes, peak() - before]))
"""
    source = str(Path(kommcli.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", program, json.dumps(urls)],
        env={"PYTHONPATH": source},
        capture_output=True,
        check=True,
        timeout=60,
    )
    codes, growth = json.loads(done.stdout)
    return codes, growth


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", FEED),
        ("gzip", b"\0" + packed(FEED)),
        ("gzip", packed(FEED)[:-1]),
        ("gzip", packed(FEED)[:40]),
        ("gzip", packed(FEED)[:-8] + bytes(8)),
        ("gzip", packed(FEED) + b"junk"),
        ("deflate", FEED),
        ("deflate", zlib.compress(FEED)[:-1]),
        ("br", FEED),
        ("zstd", FEED),
        ("gzip, gzip", packed(packed(FEED))),
        ("aes128gcm\x9b", FEED),
    ],
)
@pytest.mark.row("H14")
def test_H14_packed_wrongly(server: Server, get: Get, encoding: str, body: bytes) -> None:
    server.reply("/", body, headers={"Content-Encoding": encoding})
    caught = failure(get, server.url("/"))
    assert caught.code == "http.decode"
    assert encoding.rstrip("\x9b") in caught.cause or "breaks off" in caught.cause
    assert caught.cause.isprintable()


@pytest.mark.parametrize("name", ["identity", "Identity, GZIP", "", "GZip"])
@pytest.mark.row("H14")
def test_H14_names_in_any_case(server: Server, get: Get, name: str) -> None:
    body = packed(FEED) if "gz" in name.lower() else FEED
    server.reply("/", body, headers={"Content-Encoding": name})
    assert get(server.url("/")).body == FEED


@pytest.mark.parametrize("content_type", ["text/html", "text/plain", "image/png", "", "multipart/mixed"])
@pytest.mark.row("H15")
def test_H15_any_content_type(server: Server, get: Get, content_type: str) -> None:
    server.reply("/", FEED, headers={"Content-Type": content_type} if content_type else {})
    fetched = get(server.url("/"))
    assert (fetched.body, fetched.content_type) == (FEED, content_type)


OK = b"Content-Length: 3\r\n\r\nabc"


@pytest.mark.parametrize(
    "answer",
    [
        HEAD + b"X: y\r\n" * 200 + OK,
        HEAD + b"X: " + b"x" * 70_000 + b"\r\n" + OK,
        b"HTTP/1.1 200 " + b"x" * 70_000 + b"\r\n" + OK,
        HEAD + b"X: \x1b[2J\r\n" + OK,
        HEAD + b"X: a\x00b\r\n" + OK,
        HEAD + b"no colon\r\n" + OK,
        HEAD + b"\xc3\x9c: y\r\n" + OK,
        HEAD + b"Content-Length: 4\r\n" + OK,
        CHUNKED + b"-5\r\nabc\r\n0\r\n\r\n",
        b"HTTP/1.1 2OO OK\r\n" + OK,
        b"HTTP/3.0 200 OK\r\n" + OK,
        b"<html>nothing here</html>\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\r\n\r\n",
    ],
)
@pytest.mark.row("H16")
def test_H16_broken_or_huge_headers(server: Server, get: Get, answer: bytes) -> None:
    server.raw("/", answer)
    caught = failure(get, server.url("/"))
    assert caught.code == "http.protocol"
    assert "<" not in caught.cause
    assert "object" not in caught.cause


@pytest.mark.row("H16")
def test_H16_a_folded_header_and_8_bit_values_are_read(server: Server, get: Get) -> None:
    server.raw("/", HEAD + b"X: a\r\n b\r\nContent-Disposition: inline; filename=B\xfcrger.xml\r\n" + OK)
    assert get(server.url("/")).body == b"abc"


@pytest.mark.parametrize("etag", ['"' + "x" * 60_000 + '"', '"a\r\n b"', '"' + "x" * 1_000 + '"'])
@pytest.mark.row("H17")
def test_H17_a_strange_etag_is_not_kept(server: Server, get: Get, etag: str) -> None:
    server.reply("/", FEED, headers={"ETag": etag, "Last-Modified": "\t" + "x" * 2_000})
    fetched = get(server.url("/"))
    assert fetched.body == FEED
    assert fetched.etag in ("", '"a b"')
    assert fetched.last_modified == ""


@pytest.mark.row("H17")
def test_H17_quotes_are_kept_as_they_are(server: Server, get: Get) -> None:
    server.reply("/", FEED, headers={"ETag": 'W/"a""b\xfc"'})
    assert get(server.url("/")).etag == 'W/"a""b\xfc"'


@pytest.mark.parametrize("validator", ["a\r\nX: y", "a\x00", "x" * 1_001, "€"])
@pytest.mark.row("H17")
def test_H17_a_strange_validator_is_not_sent(server: Server, get: Get, validator: str) -> None:
    server.reply("/", FEED)
    get(server.url("/"), etag=validator, last_modified=validator)
    assert not {"if-none-match", "if-modified-since", "x"} & set(server.requests[0].headers)


@pytest.mark.parametrize("date", ["Sun, 01 Jan 2099 00:00:00 GMT", "garbage", "Mo, 3. August"])
@pytest.mark.row("H18")
def test_H18_validators_are_sent_back_as_they_came(server: Server, get: Get, date: str) -> None:
    server.reply("/", FEED, last_modified=date, headers={"ETag": 'W/"ä"'})
    fetched = get(server.url("/"))
    assert get(server.url("/"), etag=fetched.etag, last_modified=fetched.last_modified) == NotModified()
    headers = server.requests[1].headers
    assert (headers["if-none-match"], headers["if-modified-since"]) == ('W/"ä"', date)


@pytest.mark.parametrize(
    ("status", "code"), [(500, "http.status"), (503, "http.status"), (0, "http.truncated")]
)
@pytest.mark.row("H21")
def test_H21_a_failure_is_not_repeated_at_once(server: Server, get: Get, status: int, code: str) -> None:
    if status:
        server.reply("/feed", status=status)
    else:
        server.raw("/feed", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf")
    for number in (1, 2):
        with pytest.raises(FeedFailure) as caught:
            get(server.url("/feed"))
        assert caught.value.code == code
        assert len(server.requests) == number


@pytest.mark.row("H20")
def test_H20_cookies_are_forgotten(server: Server, get: Get) -> None:
    server.reply("/", FEED, headers={"Set-Cookie": "spy=1"})
    server.reply("/away", status=302, headers={"Set-Cookie": "spy=2", "Location": "/"})
    for path in ("/", "/away", "/"):
        get(server.url(path))
    assert all("cookie" not in request.headers for request in server.requests)


# ------------------------------------------------------------------------------------- only FeedFailure


@pytest.mark.row("H4")
def test_a_failure_behind_a_redirect_does_not_blame_the_feed_s_host(server: Server, get: Get) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        closed = taken.getsockname()[1]
    server.redirect("/", f"http://127.0.0.1:{closed}/")
    caught = failure(get, server.url("/"))
    assert caught.code == "net.connect"
    assert isinstance(caught, RedirectFailure)


def _exceptions_of_urllib3() -> list[type[Exception]]:
    found = [kind for _name, kind in inspect.getmembers(urllib3.exceptions, inspect.isclass)]
    return [
        kind
        for kind in found
        if kind.__module__ == "urllib3.exceptions"
        and issubclass(kind, Exception)
        and not issubclass(kind, Warning)
        and kind is not urllib3.exceptions.HTTPError
    ]


@pytest.mark.parametrize("kind", _exceptions_of_urllib3())
def test_every_exception_of_urllib3_has_a_code(kind: type[Exception]) -> None:
    assert any(issubclass(kind, listed) for kinds, _code in CODES for listed in kinds)
    assert isinstance(failure_of(kind.__new__(kind, "0x7f3a <object>")), FeedFailure)


@pytest.fixture(scope="module")
def fuzzed() -> Iterator[tuple[Server, Client]]:
    """A server and a client that outlive many examples."""
    server = Server()
    client = Client(limits=Limits(total=2, body=5_000), user_agent="x", environ={}, now=lambda: None)
    yield server, client
    client.close()
    server.close()


LINES = b"""HTTP/1.1 200 OK
HTTP/1.0 200
HTTP/1.1 302 Found
HTTP/1.1 304

 folded
: nameless
Content-Length: 5
Content-Length: -1
Content-Length: 1e9
Content-Encoding: gzip
Content-Encoding: deflate
Content-Type: multipart/x
Connection: close
ETag:
Location: http://
Location: \xff\xfe[::
Transfer-Encoding: chunked
Transfer-Encoding: gzip, chunked
5
abcde
0
-1
ffffffffffff""".split(b"\n")
PIECES = st.sampled_from([*(line + b"\r\n" for line in LINES), packed(FEED), zlib.compress(FEED), b"\n"])


@given(pieces=st.lists(PIECES | st.binary(max_size=40), max_size=12))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_answer_whatsoever_brings_another_exception(
    fuzzed: tuple[Server, Client], pieces: list[bytes]
) -> None:
    server, client = fuzzed
    server.raw("/", b"".join(pieces))
    with suppress(FeedFailure):
        assert client.get(server.url("/"), allow_private=True).body
