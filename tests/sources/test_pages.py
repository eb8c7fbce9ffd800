"""`Pages.get` against real servers: what is asked, in which order and how fast, and what is refused."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from kommcli.errors import FeedFailure
from kommcli.model import Feed, Fetched, Secret
from kommcli.sources.local import has_saved, saved
from kommcli.sources.pages import HostState, InMemory, Pages
from kommcli.sources.politeness import OutOfPatience
from loopback import Exchange, Server

NOW = datetime(2026, 8, 1, 12, tzinfo=UTC)
PAGE = b"<!DOCTYPE html><html><title>B\xc3\xbcrgerservice</title></html>"
HTML = {"Content-Type": "text/html; charset=utf-8"}
START = 1_000_000.0


class Clock:
    """A clock on the wall that only sleeping moves. ``slept`` has what was slept."""

    def __init__(self) -> None:
        self.time = START
        self.slept: list[float] = []
        self.interrupted = False

    def __call__(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> bool:
        if self.interrupted:
            return True
        if seconds:
            self.slept.append(seconds)
            self.time += seconds
        return False


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def new_pages(clock: Clock) -> Iterator[Callable[..., Pages]]:
    """Pages with a fake clock and short limits, closed after the test."""
    made: list[Pages] = []

    def make(**options: object) -> Pages:
        settings: dict[str, object] = {
            "connect": 0.5,
            "total": 2.0,
            "contact": "",
            "environ": {},
            "now": lambda: NOW,
            "memory": InMemory(),
            "sleep": clock.sleep,
            "clock": clock,
        }
        made.append(Pages(**settings | options))
        return made[-1]

    yield make
    for pages in made:
        pages.close()


@pytest.fixture
def get(new_pages: Callable[..., Pages]) -> Callable[..., Fetched]:
    """`Pages.get` for addresses that the user typed, as loopback is private."""
    pages = new_pages()
    return lambda url, feed=None, typed=True: pages.get(url, feed=feed, typed=typed)


def failure(ask: Callable[..., object], *arguments: object, **options: object) -> FeedFailure:
    with pytest.raises(FeedFailure) as caught:
        ask(*arguments, **options)
    return caught.value


def asked(server: Server) -> list[str]:
    return [request.path for request in server.requests]


def page(server: Server, path: str = "/a", body: bytes = PAGE, **options: object) -> str:
    """Let the server have a page; its address."""
    server.reply(path, body, headers=HTML, **options)
    return server.url(path)


def robots(server: Server, *lines: str) -> None:
    server.reply("/robots.txt", "\n".join(("User-agent: *", *lines)).encode())


# ------------------------------------------------------------------------------------------ the good case


def test_a_page_is_asked_for_after_robots_txt_and_says_who_asks(server: Server, get: Callable) -> None:
    robots(server, "Disallow: /b")
    url = page(server, "/a?b=c")

    assert get(url) == Fetched(url, PAGE, content_type=HTML["Content-Type"])

    assert asked(server) == ["/robots.txt", "/a?b=c"]
    for request in server.requests:
        assert request.headers["user-agent"].startswith("kommcli/")
        assert request.headers["accept"].startswith("text/html, application/xhtml+xml")
        assert set(request.headers) == {"user-agent", "accept", "accept-encoding", "host"}
    assert server.connections == 1


@pytest.mark.row("A11")
def test_A11_credentials_and_fragment_of_an_address_are_not_sent(server: Server, get: Callable) -> None:
    url = page(server)
    address = url.replace("//", "//user:secret@") + "#kommentare"

    assert get(address).url == url

    assert asked(server) == ["/robots.txt", "/a"]
    assert not any("authorization" in request.headers for request in server.requests)


def test_other_letters_in_an_address_are_encoded(server: Server, get: Callable) -> None:
    page(server, "/gr%C3%B6%C3%9Fe%20neu")
    assert get(server.url("/größe neu")).body == PAGE


@pytest.mark.parametrize(
    "url", ["", "/a", "a.example/b", "ftp://a.example/", "file:///etc/passwd", "http://", "mailto:a@b.de"]
)
def test_an_address_must_be_absolute_and_of_the_web(get: Callable, url: str) -> None:
    assert failure(get, url).code == "net.dns"


# --------------------------------------------------------------------------------------------- robots.txt


def test_what_robots_txt_disallows_is_not_asked_for(server: Server, get: Callable, clock: Clock) -> None:
    robots(server, "Disallow: /*/intern$", "Crawl-delay: 20")
    url = page(server, "/x/intern")

    blocked = failure(get, url)

    assert (blocked.code, blocked.cause) == ("article.blocked", "127.0.0.1")
    assert asked(server) == ["/robots.txt"]
    assert clock.slept == []
    assert get(page(server, "/x/intern/2")).body == PAGE


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_without_a_robots_txt_everything_is_allowed(server: Server, get: Callable, status: int) -> None:
    server.reply("/robots.txt", b"User-agent: *\nDisallow: /", status=status)
    url = page(server)
    assert get(url).body == get(url).body == PAGE
    assert asked(server) == ["/robots.txt", "/a", "/a"]


@pytest.mark.parametrize("body", [b"", b"\n \n"])
@pytest.mark.parametrize("status", [200, 204])
def test_an_empty_robots_txt_allows_everything(
    server: Server, get: Callable, body: bytes, status: int
) -> None:
    server.reply("/robots.txt", body if status == 200 else b"", status=status)
    assert get(page(server)).body == PAGE


@pytest.mark.parametrize(
    ("status", "code", "cause"),
    [
        (500, "http.status", "robots.txt: 500 Internal Server Error"),
        (503, "http.status", "robots.txt: 503 Service Unavailable"),
        (429, "http.rate_limited", "robots.txt: 429 Too Many Requests"),
    ],
)
def test_where_nobody_knows_what_robots_txt_says_nothing_is_asked_for(
    server: Server, new_pages: Callable, status: int, code: str, cause: str
) -> None:
    server.reply("/robots.txt", status=status, headers={"Retry-After": "120"})
    url, memory = page(server), InMemory()
    pages = new_pages(memory=memory)

    for _time in range(2):
        refused = failure(pages.get, url, feed=None, typed=True)
        assert (refused.code, refused.cause, refused.http_status) == (code, cause, status)
        assert refused.retry_after == (None if status == 500 else 120)
    assert asked(server) == ["/robots.txt"]  # once for a run

    robots(server)
    assert new_pages(memory=memory).get(url, feed=None, typed=True).body == PAGE


def test_a_robots_txt_that_breaks_off_or_does_not_come_allows_nothing_now(
    server: Server, new_pages: Callable
) -> None:
    url = page(server)
    server.raw("/robots.txt", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nUser-agent: *")
    assert failure(new_pages().get, url, feed=None, typed=True).code == "http.truncated"
    server.reply("/robots.txt", b"x", delay=5)
    assert failure(new_pages(total=0.3).get, url, feed=None, typed=True).code == "net.deadline"
    assert "/a" not in asked(server)


def test_a_host_that_does_not_answer(server: Server, get: Callable) -> None:
    url = page(server)
    server.close()
    refused = failure(get, url)
    assert (refused.code, refused.cause) == ("net.connect", "robots.txt: Connection refused")


def test_redirects_of_robots_txt_are_followed_to_other_hosts(
    server: Server, make_server: Callable, get: Callable, publicly: Callable
) -> None:
    other = make_server("127.0.0.2")
    publicly("127.0.0.1", "127.0.0.2")
    server.redirect("/robots.txt", "/r1", 301)
    for hop in range(1, 4):
        server.redirect(f"/r{hop}", f"/r{hop + 1}")
    server.redirect("/r4", other.url("/robots.txt"))
    robots(other, "Disallow: /a")
    assert failure(get, page(server)).code == "article.blocked"
    assert get(page(server, "/b")).body == PAGE
    assert asked(other) == ["/robots.txt"]


def test_a_robots_txt_that_is_redirected_for_ever_is_none(server: Server, get: Callable) -> None:
    server.redirect("/robots.txt", "/r0")
    for hop in range(9):
        server.redirect(f"/r{hop}", f"/r{hop + 1}")
    assert get(page(server)).body == PAGE
    assert asked(server) == ["/robots.txt", *(f"/r{hop}" for hop in range(5)), "/a"]


@pytest.mark.parametrize("form", [{}, {"chunked": True}, {"gzip": True}])
def test_of_a_huge_robots_txt_the_beginning_holds(server: Server, get: Callable, form: dict) -> None:
    body = b"User-agent: *\nDisallow: /a\n" + b"# filler\n" * 300_000 + b"Disallow: /b\n"
    server.reply("/robots.txt", body, **form)
    assert failure(get, page(server)).code == "article.blocked"
    assert get(page(server, "/b")).body == PAGE


def test_an_endless_robots_txt_is_not_read_to_its_end(server: Server, get: Callable) -> None:
    def endless(exchange: Exchange) -> None:
        exchange.close()
        exchange.send(b"HTTP/1.1 200 OK\r\n\r\nUser-agent: *\nDisallow: /a\n")
        while True:
            exchange.send(b"# and so on\n" * 1_000)

    server.handle("/robots.txt", endless)
    assert failure(get, page(server)).code == "article.blocked"


def test_a_byte_order_mark_before_robots_txt(server: Server, get: Callable) -> None:
    server.reply("/robots.txt", b"\xef\xbb\xbfUser-agent: kommcli/1\r\nDisallow: /a")
    assert failure(get, page(server)).code == "article.blocked"


def test_our_group_in_robots_txt_holds_before_the_one_for_all(
    server: Server, get: Callable, clock: Clock
) -> None:
    server.reply(
        "/robots.txt",
        b"User-agent: *\nDisallow: /\nCrawl-delay: 20\n\nUser-agent: kommcli\nDisallow: /b$\nCrawl-delay: 3",
    )
    assert get(page(server)).body == PAGE
    assert get(page(server, "/bb")).body == PAGE
    assert failure(get, page(server, "/b")).code == "article.blocked"
    assert clock.slept == [3, 3]


def test_a_page_in_place_of_robots_txt_forbids_nothing(server: Server, get: Callable) -> None:
    lines = b"<!DOCTYPE html>\n<title>Seite nicht gefunden</title>\n<p>User-agent: *\n<p>Disallow: /\n"
    server.reply("/robots.txt", lines, headers=HTML)
    assert get(page(server)).body == PAGE


def test_robots_txt_is_read_whatever_its_type(server: Server, get: Callable) -> None:
    server.reply(
        "/robots.txt", b"User-agent: *\nDisallow: /", headers={"Content-Type": "application/octet-stream"}
    )
    assert failure(get, page(server)).code == "article.blocked"


def test_a_robots_txt_of_a_mark_alone_forbids_nothing(server: Server, get: Callable) -> None:
    server.reply("/robots.txt", b"\xef\xbb\xbf")
    assert get(page(server)).body == PAGE


def test_threads_that_want_the_same_robots_txt_ask_for_it_once(server: Server, new_pages: Callable) -> None:
    server.reply("/robots.txt", b"User-agent: *\nDisallow: /b", delay=0.2)
    pages, url = new_pages(sleep=lambda _seconds: bool(time.sleep(0.001))), page(server)
    with ThreadPoolExecutor(4) as threads:
        bodies = list(threads.map(lambda _number: pages.get(url, feed=None, typed=True).body, range(4)))
    assert bodies == [PAGE] * 4
    assert asked(server) == ["/robots.txt", *["/a"] * 4]


def test_two_runs_with_one_memory_ask_for_robots_txt_once_and_keep_the_pause(
    server: Server, new_pages: Callable, clock: Clock
) -> None:
    robots(server, "Disallow: /b", "Crawl-delay: 5")
    memory = InMemory()
    new_pages(memory=memory).get(page(server), feed=None, typed=True)
    second = new_pages(memory=memory)
    assert failure(second.get, page(server, "/b"), feed=None, typed=True).code == "article.blocked"
    second.get(page(server), feed=None, typed=True)
    assert asked(server) == ["/robots.txt", "/a", "/a"]
    assert clock.slept == [5, 5]


def test_robots_txt_is_believed_for_a_day_and_kept_by_origin(
    server: Server, make_server: Callable, new_pages: Callable
) -> None:
    robots(server, "Disallow: /a")
    url, memory, times = page(server), InMemory(), [NOW]
    other = make_server("127.0.0.1")  # another port, another origin
    pages = new_pages(memory=memory, now=lambda: times[0])

    def code(pages: Pages) -> str:
        return failure(pages.get, url, feed=None, typed=True).code

    assert code(pages) == "article.blocked"
    assert memory.get(f"http://127.0.0.1:{server.port}") == HostState("User-agent: *\nDisallow: /a", NOW)
    assert pages.get(page(other), feed=None, typed=True).body == PAGE
    times[0] += timedelta(hours=23, minutes=59)
    robots(server, "Disallow: /b")
    assert code(new_pages(memory=memory, now=lambda: times[0])) == "article.blocked"
    assert asked(server) == ["/robots.txt"]
    for jump in (timedelta(minutes=1), -timedelta(days=9)):  # a day old; from the future
        times[0] += jump
        assert pages.get(url, feed=None, typed=True).body == PAGE
    assert asked(server) == ["/robots.txt", *["/robots.txt", "/a"] * 2]


# --------------------------------------------------------------------------------------------- the pace


@pytest.mark.row("A10")
def test_A10_a_second_between_any_two_requests(server: Server, get: Callable, clock: Clock) -> None:
    url = page(server)
    server.redirect("/old", "/a")
    get(url)
    assert clock.slept == [1]
    get(url)
    get(server.url("/old"))
    assert clock.slept == [1] * 4
    clock.time += 0.25
    get(url)
    assert clock.slept[4:] == [0.75]
    clock.time += 3
    get(url)
    assert len(clock.slept) == 5


@pytest.mark.row("A10")
def test_A10_a_thousand_articles_of_a_host_are_a_second_apart_and_can_be_stopped_and_resumed(
    server: Server, new_pages: Callable, clock: Clock
) -> None:
    times: list[float] = []

    def answer(exchange: Exchange) -> None:
        times.append(clock())
        exchange.reply(PAGE, headers=HTML)

    memory, done = InMemory(), 0
    paths = [f"/{number}" for number in range(1_000)]
    server.reply("/robots.txt", b"User-agent: *\nDisallow: /b")
    for path in paths:
        server.handle(path, answer)
    first = new_pages(memory=memory)
    for path in paths[:400]:
        first.get(server.url(path), feed=None, typed=True)
        done += 1
    clock.interrupted = True
    assert isinstance(failure(first.get, server.url(paths[done]), feed=None, typed=True), OutOfPatience)
    clock.interrupted = False
    second = new_pages(memory=memory)
    for path in paths[done:]:
        second.get(server.url(path), feed=None, typed=True)

    assert asked(server) == ["/robots.txt", *paths]
    assert min(later - earlier for earlier, later in pairwise(times)) >= 1
    assert clock() - START == 1_000


def test_another_port_of_a_host_is_the_same_host(
    server: Server, make_server: Callable, get: Callable, clock: Clock
) -> None:
    get(page(server))
    get(page(make_server()))
    assert clock.slept == [1, 1, 1]


def test_another_host_does_not_wait(
    server: Server, make_server: Callable, get: Callable, clock: Clock
) -> None:
    get(page(server))
    get(page(make_server("127.0.0.2")))
    assert clock.slept == [1, 1]  # each between robots.txt and page


def test_one_that_failed_counts_as_well(server: Server, get: Callable, clock: Clock) -> None:
    for _time in range(2):
        assert failure(get, server.url("/none")).code == "article.gone"
    assert clock.slept == [1, 1]


@pytest.mark.parametrize(
    ("line", "seconds"), [("Crawl-delay: 7", 7), ("Crawl-delay: 0.1", 1), ("Crawl-delay: 900", 30)]
)
def test_crawl_delay(server: Server, get: Callable, clock: Clock, line: str, seconds: float) -> None:
    robots(server, line)
    get(page(server))
    get(page(server))
    assert clock.slept == [seconds, seconds]


@pytest.mark.parametrize("jump", [-500.0, -1e9])
def test_a_clock_that_was_set_back_costs_one_pause(
    server: Server, get: Callable, clock: Clock, jump: float
) -> None:
    url = page(server)
    get(url)
    clock.time += jump
    get(url)
    get(url)
    assert clock.slept == [1, 1, 1]


def test_another_process_is_waited_for(server: Server, new_pages: Callable, clock: Clock) -> None:
    memory, url = InMemory(), page(server)
    new_pages(memory=memory).get(url, feed=None, typed=True)
    second = new_pages(memory=memory, sleep=lambda seconds: once_asked_meanwhile(seconds))
    meanwhile = [0.5]

    def once_asked_meanwhile(seconds: float) -> bool:
        if meanwhile:
            memory.put("127.0.0.1", HostState(asked=clock() + meanwhile.pop()))
        return clock.sleep(seconds)

    second.get(url, feed=None, typed=True)
    assert asked(server) == ["/robots.txt", "/a", "/a"]
    assert clock.slept == [1, 1, 0.5]


def test_the_pause_begins_with_the_end_of_an_answer(server: Server, get: Callable, clock: Clock) -> None:
    def slow(exchange: Exchange) -> None:
        clock.time += 20
        exchange.reply(PAGE)

    server.handle("/slow", slow)
    get(server.url("/slow"))
    get(server.url("/slow"))
    assert clock.slept == [1, 1]


def test_a_host_is_not_asked_while_it_answers_another_thread(server: Server, new_pages: Callable) -> None:
    busy: list[int] = []
    most: list[int] = []

    def slow(exchange: Exchange) -> None:
        busy.append(1)
        most.append(len(busy))
        exchange.pause(0.2)
        busy.pop()
        exchange.reply(PAGE, headers=HTML)

    server.handle("/a", slow)
    pages, url = new_pages(), server.url("/a")
    with ThreadPoolExecutor(3) as threads:
        list(threads.map(lambda _number: pages.get(url, feed=None, typed=True), range(3)))
    assert most == [1, 1, 1]


def test_waiting_for_a_turn_is_not_taken_from_the_total_limit(server: Server, new_pages: Callable) -> None:
    interrupted = threading.Event()
    pages = new_pages(total=0.6, sleep=interrupted.wait, clock=time.time)
    server.redirect("/old", "/a")
    page(server)
    assert pages.get(server.url("/old"), feed=None, typed=True).body == PAGE  # two pauses of a second


def test_the_real_clock_and_threads(server: Server, make_server: Callable, new_pages: Callable) -> None:
    """Requests to one host come one after another and a second apart, two hosts are asked side by side."""
    interrupted, times = threading.Event(), {}
    busy: dict[str, int] = {"127.0.0.1": 0, "127.0.0.2": 0}
    servers = [server, make_server("127.0.0.2")]

    def answer(exchange: Exchange) -> None:
        host = exchange.server.host
        busy[host] += 1
        assert busy[host] == 1
        times.setdefault(host, []).append(time.monotonic())
        exchange.pause(0.2)
        busy[host] -= 1
        exchange.reply(PAGE)

    for one in servers:
        for path in ("/robots.txt", "/a", "/b"):
            one.handle(path, answer)
    pages = new_pages(sleep=interrupted.wait, clock=time.time)
    start = time.monotonic()
    with ThreadPoolExecutor(4) as threads:
        urls = [one.url(path) for path in ("/a", "/b") for one in servers]
        bodies = list(threads.map(lambda url: pages.get(url, feed=None, typed=True).body, urls))
    took = time.monotonic() - start

    assert bodies == [PAGE] * 4
    for one in servers:
        assert sorted(asked(one)) == ["/a", "/b", "/robots.txt"]
        gaps = [later - earlier for earlier, later in pairwise(times[one.host])]
        assert len(gaps) == 2
        assert min(gaps) >= 0.99
    assert 2 < took < 4.5


# --------------------------------------------------------------------------------- patience and interruption


def test_an_interruption_ends_the_waiting(server: Server, get: Callable, clock: Clock) -> None:
    url = page(server)
    get(url)
    clock.interrupted = True
    assert isinstance(failure(get, url), OutOfPatience)
    assert asked(server) == ["/robots.txt", "/a"]
    clock.interrupted = False
    assert get(url).body == PAGE


def test_an_interruption_before_a_redirect_is_told_as_one(
    server: Server, get: Callable, clock: Clock
) -> None:
    def interrupt(exchange: Exchange) -> None:
        clock.interrupted = True
        exchange.reply(status=302, headers={"Location": "/a"})

    page(server)
    server.handle("/old", interrupt)
    assert isinstance(failure(get, server.url("/old")), OutOfPatience)


def test_an_interruption_reaches_those_that_wait_for_another_thread(
    server: Server, new_pages: Callable
) -> None:
    interrupted = threading.Event()
    robots(server, "Crawl-delay: 30")
    pages = new_pages(sleep=interrupted.wait, clock=time.time)
    start = time.monotonic()
    with ThreadPoolExecutor(3) as threads:
        url = page(server)
        waiting = [threads.submit(pages.get, url, feed=None, typed=True) for _number in range(3)]
        time.sleep(0.5)
        interrupted.set()
        assert all(isinstance(one.exception(), OutOfPatience) for one in waiting)
    assert time.monotonic() - start < 2
    assert asked(server) == ["/robots.txt"]


def test_a_pause_beyond_the_deadline_is_not_begun(server: Server, new_pages: Callable, clock: Clock) -> None:
    robots(server, "Crawl-delay: 20")
    pages = new_pages(deadline=time.monotonic() + 10)
    late = failure(pages.get, page(server), feed=None, typed=True)
    assert isinstance(late, OutOfPatience)
    assert clock.slept == []
    assert asked(server) == ["/robots.txt"]


def test_a_pause_that_ends_before_the_deadline_is_taken(
    server: Server, new_pages: Callable, clock: Clock
) -> None:
    pages = new_pages(deadline=time.monotonic() + 10)
    assert pages.get(page(server), feed=None, typed=True).body == PAGE
    assert clock.slept == [1]


def test_a_robots_txt_that_an_interruption_kept_from_being_asked_for_is_asked_for_later(
    server: Server, new_pages: Callable, clock: Clock
) -> None:
    memory, url = InMemory(), page(server)
    memory.put("127.0.0.1", HostState(asked=clock()))  # so that there is a pause before it
    pages = new_pages(memory=memory)
    clock.interrupted = True
    assert isinstance(failure(pages.get, url, feed=None, typed=True), OutOfPatience)
    assert server.connections == 0
    clock.interrupted = False
    assert pages.get(url, feed=None, typed=True).body == PAGE


def test_after_the_deadline_nothing_is_asked(server: Server, new_pages: Callable) -> None:
    pages = new_pages(deadline=time.monotonic())
    assert isinstance(failure(pages.get, page(server), feed=None, typed=True), OutOfPatience)


def test_a_deadline_during_an_answer_is_not_the_fault_of_the_page(
    server: Server, new_pages: Callable
) -> None:
    url = page(server, delay=5)
    late = failure(new_pages(deadline=time.monotonic() + 0.5).get, url, feed=None, typed=True)
    assert isinstance(late, OutOfPatience)
    slow = failure(new_pages(total=0.3, deadline=time.monotonic() + 60).get, url, feed=None, typed=True)
    assert (slow.code, type(slow)) == ("net.deadline", FeedFailure)


# ------------------------------------------------------------------------------------------ what is a page


@pytest.mark.parametrize(
    "content_type",
    ["text/html", "TEXT/HTML;charset=utf-8", "text/html, text/html", "application/xhtml+xml", "text/plain",
     "text/markdown; variant=GFM", "application/xml", "text/xml", "", "html", "*/*", "unknown/unknown"],
)  # fmt: skip
def test_types_that_may_be_a_page(server: Server, get: Callable, content_type: str) -> None:
    server.reply("/a", PAGE, headers={"Content-Type": content_type} if content_type else {})
    assert get(server.url("/a")).content_type == content_type


@pytest.mark.parametrize(
    "content_type",
    ["application/pdf", "application/zip", "video/mp4", "audio/mpeg", "image/png", "application/octet-stream",
     "application/json", "text/css", "Application/PDF; x=y"],
)  # fmt: skip
@pytest.mark.row("A3")
def test_A3_other_types_are_refused_before_their_body_is_read(
    server: Server, get: Callable, content_type: str
) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: 900000000\r\n\r\n"
    server.raw("/a", head.encode(), 5.0)
    start = time.monotonic()
    refused = failure(get, server.url("/a"))
    assert (refused.code, refused.cause) == ("article.not_html", content_type.lower().partition(";")[0])
    assert time.monotonic() - start < 1


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "application/pdf"),
        (b"PK\x03\x04rest", "application/zip"),
        (gzip.compress(PAGE, mtime=0), "application/gzip"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff\xe0JFIF", "image/jpeg"),
        (b"GIF89a!", "image/gif"),
        (b"RIFF\x0a\x00\x00\x00WEBP", "image/webp"),
        (b"RIFF1\n34WAVEfmt ", "audio/wav"),
        (b"ID3\x04\x00", "audio/mpeg"),
        (b"\0\0\0\x18ftypmp42", "video/mp4"),
        (b"<html>" + bytes(9), "application/octet-stream"),
        (b"<html>" + b"x" * 5_000 + b"\0", "application/octet-stream"),
        (b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0", "application/octet-stream"),
    ],
)
@pytest.mark.parametrize("content_type", ["text/html", ""])
@pytest.mark.row("A3")
def test_A3_what_is_called_a_page_may_be_none(
    server: Server, get: Callable, body: bytes, kind: str, content_type: str
) -> None:
    server.reply("/a", body, headers={"Content-Type": content_type} if content_type else {})
    refused = failure(get, server.url("/a"))
    assert (refused.code, refused.cause) == ("article.not_html", kind)


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_zeros_of_wide_characters_are_text(server: Server, get: Callable, charset: str) -> None:
    body = PAGE.decode().encode(charset)
    assert get(page(server, body=body)).body == body


@pytest.mark.parametrize("text", ["ID3-Tags in Musik", "RIFF heißt ein Format", "GIF8: alt", "PKW-Maut"])
def test_words_are_no_magic(server: Server, get: Callable, text: str) -> None:
    assert get(page(server, body=text.encode())).body == text.encode()


@pytest.mark.parametrize("content_type", ["application/pdf", "application/zip", "video/mp4"])
@pytest.mark.row("A3")
def test_A3_a_body_that_never_ends_is_not_waited_for(
    server: Server, get: Callable, content_type: str
) -> None:
    ended = threading.Event()

    def endless(exchange: Exchange) -> None:
        exchange.close()
        exchange.send(f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\n\r\n".encode())
        try:
            while True:
                exchange.send(b"%PDF" * 10_000)
        finally:
            ended.set()

    server.handle("/a", endless)
    server.redirect("/weg", "/a")
    for path in ("/a", "/weg"):
        ended.clear()
        refused = failure(get, server.url(path))
        assert (refused.code, refused.cause) == ("article.not_html", content_type)
        assert ended.wait(2)  # the connection was closed, not kept
    assert get(page(server, "/b")).body == PAGE


@pytest.mark.row("A3")
def test_A3_a_pdf_in_gzip_is_still_none(server: Server, get: Callable) -> None:
    assert failure(get, page(server, body=b"%PDF-1.7\n", gzip=True)).cause == "application/pdf"


@pytest.mark.row("A2")
def test_A2_the_limit_of_a_page(server: Server, get: Callable) -> None:
    assert len(get(page(server, body=b"x" * 5_000_000)).body) == 5_000_000
    assert failure(get, page(server, body=b"x" * 5_000_001)).code == "http.too_large"
    assert failure(get, page(server, body=b"x" * 5_000_001, chunked=True)).code == "http.too_large"


@pytest.mark.row("A2")
def test_A2_fifty_megabytes_are_refused_by_their_length(server: Server, get: Callable) -> None:
    server.raw("/a", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 50000000\r\n\r\n", 5.0)
    start = time.monotonic()
    assert failure(get, server.url("/a")).code == "http.too_large"
    assert time.monotonic() - start < 1


@pytest.mark.row("A2")
def test_A2_a_page_that_drips_ends_at_the_total_limit(server: Server, new_pages: Callable) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    server.raw("/a", head, *[b"x", 0.1] * 50)
    start = time.monotonic()
    slow = failure(new_pages(total=0.5).get, server.url("/a"), feed=None, typed=True)
    assert (slow.code, type(slow)) == ("net.deadline", FeedFailure)
    assert time.monotonic() - start < 2


@pytest.mark.row("A2")
def test_A2_the_limit_is_that_of_the_unpacked_page(server: Server, get: Callable) -> None:
    assert len(get(page(server, body=b"x" * 5_000_000, gzip=True)).body) == 5_000_000
    for form in ({}, {"chunked": True}):
        assert failure(get, page(server, body=b"x" * 5_000_001, gzip=True, **form)).code == "http.too_large"


@pytest.mark.row("A2")
def test_A2_an_endless_page_and_a_bomb(server: Server, get: Callable) -> None:
    def endless(exchange: Exchange) -> None:
        exchange.close()
        exchange.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        while True:
            exchange.send(b"<p>und so weiter" * 1_000)

    server.handle("/endless", endless)
    assert failure(get, server.url("/endless")).code == "http.too_large"
    bomb = gzip.compress(bytes(200_000_000), 9)
    server.reply("/bomb", bomb, headers=HTML | {"Content-Encoding": "gzip"})
    assert failure(get, server.url("/bomb")).code == "http.too_large"


# ---------------------------------------------------------------------------------------- answers without one


@pytest.mark.parametrize(
    ("status", "code"),
    [(404, "article.gone"), (410, "article.gone"), (401, "http.status"), (403, "http.status"),
     (451, "http.status"), (500, "http.status"), (503, "http.status"), (429, "http.rate_limited"),
     (204, "http.empty")],
)  # fmt: skip
@pytest.mark.row("A7")
def test_A7_statuses(server: Server, get: Callable, status: int, code: str) -> None:
    server.reply("/a", status=status, headers={"Retry-After": "90", "Content-Type": "application/pdf"})
    refused = failure(get, server.url("/a"))
    assert (refused.code, refused.http_status) == (code, status)
    assert refused.retry_after == (90 if status in (429, 503) else None)


# ------------------------------------------------------------------------------------------------- redirects


@pytest.mark.row("A11")
def test_redirects_are_followed_and_told(server: Server, get: Callable) -> None:
    server.redirect("/1", "/2", 301)
    server.redirect("/2", "/a#oben", 308)
    url = page(server)
    fetched = get(server.url("/1"))
    assert (fetched.url, fetched.moved_to) == (url, url)
    server.redirect("/loop", "/loop")
    assert failure(get, server.url("/loop")).code == "http.redirects"
    server.redirect("/weg", "/none")
    assert failure(get, server.url("/weg")).code == "article.gone"


@pytest.mark.parametrize("status", [404, 410])
@pytest.mark.row("A7")
def test_A7_a_page_that_is_gone_behind_a_redirect(server: Server, get: Callable, status: int) -> None:
    server.redirect("/weg", "/a")
    server.reply("/a", b"weg", status=status)
    gone = failure(get, server.url("/weg"))
    assert (gone.code, gone.http_status) == ("article.gone", status)
    assert gone.cause.startswith(str(status))


@pytest.mark.row("A11")
def test_A11_the_last_host_is_told_if_it_is_another_one(
    server: Server, make_server: Callable, get: Callable, publicly: Callable
) -> None:
    publicly("127.0.0.1", "127.0.0.2")
    other = make_server("127.0.0.2")
    server.redirect("/weg", page(other).replace("//", "//user:secret@") + "#oben", 301)
    fetched = get(server.url("/weg"), typed=False)
    assert (fetched.url, fetched.moved_to) == (other.url("/a"), other.url("/a"))
    assert [(request.path, "authorization" in request.headers) for request in other.requests] == [
        ("/a", False)
    ]


@pytest.mark.row("A11")
def test_A11_parameters_are_sent_as_they_stand(server: Server, get: Callable) -> None:
    url = page(server, "/a?id=7&utm_source=feed&x=%C3%A4")
    assert get(url + "#oben").url == url
    assert asked(server)[1:] == ["/a?id=7&utm_source=feed&x=%C3%A4"]


@pytest.mark.parametrize("user", ["me:geheim", "me", "geheim@x:y", ":geheim", "me:ge%2Fheim"])
@pytest.mark.row("A11")
def test_A11_no_failure_repeats_a_password(server: Server, get: Callable, user: str) -> None:
    robots(server, "Disallow: /b")
    for path in ("/b", "/none"):
        assert "heim" not in repr(vars(failure(get, server.url(path).replace("//", f"//{user}@"))))
    assert "heim" not in repr(vars(failure(get, f"http://{user}@[kaputt/")))
    assert not any("authorization" in request.headers for request in server.requests)


def test_the_robots_txt_of_another_host_is_obeyed_where_it_is_known(
    server: Server, make_server: Callable, get: Callable, publicly: Callable, clock: Clock
) -> None:
    publicly("127.0.0.1", "127.0.0.2")
    other = make_server("127.0.0.2")
    robots(other, "Disallow: /a", "Crawl-delay: 9")
    server.redirect("/weg", page(other))

    assert get(server.url("/weg")).url == other.url("/a")
    assert asked(other) == ["/a"]
    assert clock.slept == [1]  # the other host was never asked before

    get(page(other, "/b"))
    assert failure(get, server.url("/weg")).code == "article.blocked"
    assert asked(other) == ["/a", "/robots.txt", "/b"]


def test_a_redirect_does_not_lead_around_robots_txt(server: Server, get: Callable) -> None:
    robots(server, "Disallow: /intern")
    server.redirect("/a", "/intern/a")
    page(server, "/intern/a")
    assert failure(get, server.url("/a")).code == "article.blocked"
    assert asked(server) == ["/robots.txt", "/a"]


def test_two_hosts_that_redirect_to_each_other_do_not_wait_for_each_other(
    server: Server, make_server: Callable, new_pages: Callable, publicly: Callable
) -> None:
    publicly("127.0.0.1", "127.0.0.2")
    other = make_server("127.0.0.2")
    for here, there in ((server, other), (other, server)):
        here.redirect("/weg", there.url("/a"))
        page(here)
    pages = new_pages(deadline=time.monotonic() + 10, sleep=threading.Event().wait, clock=time.time)
    with ThreadPoolExecutor(2) as threads:
        urls = [one.url("/weg") for one in (server, other)]
        assert [f.body for f in threads.map(lambda url: pages.get(url, feed=None), urls)] == [PAGE] * 2


def test_a_redirect_from_https_to_http_is_not_followed(
    server: Server,
    tls_server: Server,
    authority: object,
    new_pages: Callable,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", authority.ca_file)
    tls_server.redirect("/a", page(server))
    assert failure(new_pages().get, tls_server.url("/a"), feed=None, typed=True).code == "http.downgrade"
    assert server.requests == []


# ------------------------------------------------------------------------------------------ private addresses


@pytest.mark.row("A1")
def test_private_addresses_are_for_those_who_typed_them(server: Server, get: Callable) -> None:
    url = page(server)
    refused = failure(get, url, typed=False)
    assert (refused.code, refused.cause) == ("net.private", "robots.txt: 127.0.0.1")
    assert server.connections == 0


def test_a_refusal_as_private_is_not_held_against_those_who_may(server: Server, get: Callable) -> None:
    url = page(server)
    for _time in range(2):
        assert failure(get, url, typed=False).code == "net.private"
        assert get(url).body == PAGE
        assert get(url, feed=Feed("a", server.url("/feed"), allow_private=True), typed=False).body == PAGE
    assert asked(server) == ["/robots.txt", *["/a"] * 4]


@pytest.mark.parametrize(
    "host", ["127.1", "2130706433", "0x7f.1", "localhost", "[::1]", "[::ffff:127.0.0.1]"]
)
@pytest.mark.row("A1")
def test_A1_a_link_to_this_machine_is_refused_however_it_is_written(
    server: Server, get: Callable, host: str
) -> None:
    assert failure(get, f"http://{host}:{server.port}/a", typed=False).code in ("net.private", "net.dns")
    assert server.connections == 0


@pytest.mark.row("A1")
def test_A1_a_name_that_leads_inside_is_refused(server: Server, get: Callable, names: Callable) -> None:
    names({"news.example": ["127.0.0.1"]})
    assert failure(get, f"http://news.example:{server.port}/a", typed=False).code == "net.private"
    assert server.connections == 0


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("file:///etc/passwd", "http.redirect_scheme"),
        ("ftp://a.example/", "http.redirect_scheme"),
        ("javascript:alert(1)", "http.redirect_scheme"),
        ("http://169.254.169.254/latest", "net.private"),
        ("http://10.0.0.1/", "net.private"),
        ("http://[::1]/", "net.private"),
        ("//127.0.0.2/", "net.private"),
        ("http://[kaputt/", "http.redirect_url"),
        ("", "http.redirects"),
    ],
)
@pytest.mark.parametrize("typed", [True, False])
@pytest.mark.row("A1")
def test_A1_a_redirect_leads_to_public_places_of_the_web_only(
    server: Server, get: Callable, publicly: Callable, target: str, code: str, typed: bool
) -> None:
    publicly("127.0.0.1")
    server.redirect("/weg", target)
    assert failure(get, server.url("/weg"), typed=typed).code == code


@pytest.mark.row("A1")
def test_A1_refresh_and_base_of_a_page_lead_nowhere(
    server: Server, make_server: Callable, get: Callable
) -> None:
    other = make_server("127.0.0.2")
    body = f'<base href="{other.url()}"><meta http-equiv=refresh content="0; url={other.url()}">'.encode()
    server.reply("/a", body, headers=HTML | {"Refresh": f"0; url={other.url()}"})
    assert get(server.url("/a")).body == body
    assert asked(server) == ["/robots.txt", "/a"]
    assert other.connections == 0


@pytest.mark.row("A1")
def test_A1_robots_txt_leads_to_no_other_private_address(
    server: Server, make_server: Callable, get: Callable
) -> None:
    other = make_server("127.0.0.2")
    server.redirect("/robots.txt", other.url("/robots.txt"))
    refused = failure(get, page(server))
    assert (refused.code, refused.cause) == ("net.private", "robots.txt: 127.0.0.2")
    assert asked(server) == ["/robots.txt"]
    assert other.connections == 0


def test_private_addresses_are_for_feeds_of_the_same_host_that_allow_them(
    server: Server, make_server: Callable, new_pages: Callable
) -> None:
    url, other = page(server), make_server("127.0.0.2")
    feed = Feed("a", make_server("127.0.0.1").url("/feed"), allow_private=True)

    def code(url: str, feed: Feed) -> str:
        return failure(new_pages().get, url, feed=feed).code

    assert new_pages().get(url, feed=feed).body == PAGE
    assert code(page(other), feed) == "net.private"
    assert code(url, Feed("a", feed.url)) == "net.private"
    assert code(url, Feed("a", "file:a.xml", allow_private=True)) == "net.private"
    assert other.connections == 0


@pytest.mark.row("A1")
def test_A1_no_redirect_leads_to_another_private_address(
    server: Server, make_server: Callable, get: Callable, publicly: Callable
) -> None:
    other = make_server("127.0.0.2")
    server.redirect("/weg", page(other))
    assert failure(get, server.url("/weg")).code == "net.private"
    publicly("127.0.0.1")
    assert failure(get, server.url("/weg"), typed=False).code == "net.private"
    assert other.connections == 0


# ----------------------------------------------------------------------------------------- the feed's headers


def test_headers_of_a_feed_go_to_pages_of_its_origin_only(
    server: Server, make_server: Callable, get: Callable, publicly: Callable
) -> None:
    publicly("127.0.0.1", "127.0.0.2")
    other, beside = make_server("127.0.0.2"), make_server("127.0.0.1")
    feed = Feed(
        "a", server.url("/feed"), headers=(("X-Key", "secret"),), auth=("me", Secret(command=("echo", "pw")))
    )
    server.redirect("/weg", page(other))
    for url in (page(server), page(beside), page(other), server.url("/weg")):
        get(url, feed=feed)

    def secrets(server: Server) -> list[tuple[str, bool]]:
        return [
            (request.path, bool({"x-key", "authorization"} & request.headers.keys()))
            for request in server.requests
        ]

    assert secrets(server) == [("/robots.txt", False), ("/a", True), ("/weg", True)]
    assert not any(sent for one in (other, beside) for _path, sent in secrets(one))


def test_a_command_for_a_password_runs_once(server: Server, get: Callable, tmp_path: Path) -> None:
    log = tmp_path / "log"
    command = ("sh", "-c", f"echo x >> {log}; echo pw")
    feed = Feed("a", server.url("/feed"), auth=("me", Secret(command=command)))
    get(page(server), feed=feed)
    get(page(server), feed=feed)
    assert log.read_text() == "x\n"
    missing = Feed("a", server.url("/feed"), auth=("me", Secret(env="NONE")))
    assert failure(get, page(server), feed=missing).code == "config.secret"
    assert len(server.requests) == 3


# -------------------------------------------------------------------------------------------------- pictures


def test_pictures_are_fetched_where_they_are_wanted(server: Server, new_pages: Callable) -> None:
    picture = b"\x89PNG\r\n\x1a\n" + bytes(99)
    server.reply("/a.png", picture, headers={"Content-Type": "image/png"})
    server.reply("/a.svg", b"<svg/>", headers={"Content-Type": "image/svg+xml"})
    pages = new_pages(pictures=True)
    assert pages.get(server.url("/a.png"), feed=None, typed=True).body == picture
    for url in (server.url("/a.svg"), page(server)):
        assert failure(pages.get, url, feed=None, typed=True).code == "article.not_html"


@pytest.mark.parametrize(
    ("content_type", "wanted"),
    [
        ("image/jpeg", True),
        ("IMAGE/WebP; x=y", True),
        ("image/svg+xml", False),
        ("text/html", False),
        ("application/octet-stream", False),
        ("video/mp4", False),
        ("imagery/png", False),
        ("x/image/png", False),
        ("", False),
    ],
)
def test_a_picture_is_what_is_called_an_image(
    server: Server, new_pages: Callable, content_type: str, wanted: bool
) -> None:
    server.reply("/a", b"\xff\xd8\xff\0", headers={"Content-Type": content_type} if content_type else {})
    pages = new_pages(pictures=True)
    if wanted:
        assert pages.get(server.url("/a"), feed=None, typed=True).content_type == content_type
    else:
        assert failure(pages.get, server.url("/a"), feed=None, typed=True).code == "article.not_html"
    assert server.requests[-1].headers["accept"].startswith("image/webp, image/jpeg")


def test_pictures_obey_robots_txt_and_the_limit(server: Server, new_pages: Callable) -> None:
    robots(server, "Disallow: /b")
    pages = new_pages(pictures=True)
    for path, code in (("/a", "http.too_large"), ("/b", "article.blocked"), ("/none", "article.gone")):
        if path != "/none":
            server.reply(path, b"\xff\xd8\xff" + bytes(5_000_000), headers={"Content-Type": "image/jpeg"})
        assert failure(pages.get, server.url(path), feed=None, typed=True).code == code


# ------------------------------------------------------------------------------------------------- the demo's


def test_saved_pages(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "ein-bericht-2.html").write_bytes(PAGE)
    (tmp_path / "geheim.html").write_bytes(b"secret")
    for url in ("https://a.example/meldung/ein-bericht-2/", "https://a.example/ein-bericht-2?x=/y"):
        assert has_saved(url, folder)
        assert (saved(url, folder).body, saved(url, folder).url) == (PAGE, url)
    for name in (
        "anderes",
        "../geheim",
        "..%2Fgeheim",
        "Ein-Bericht-2",
        "",
        ".",
        "ein-bericht-2\n",
        "a" * 999,
    ):
        url = f"https://a.example/x/{name}"
        assert not has_saved(url, folder)
        assert failure(saved, url, folder).code == "article.gone"


@pytest.mark.parametrize(
    "name",
    [
        "..",
        "...",
        "../geheim",
        "..\\geheim",
        "%2e%2e%2fgeheim",
        "geheim\0",
        "~",
        "-",
        "ordner",
        "seite.html",
        "/",
    ],
)
@pytest.mark.parametrize("form", ["{}", "https://a.example/{}", "https://a.example/x/{}?y", "file:///{}"])
def test_no_name_leads_out_of_the_folder_of_saved_pages(tmp_path: Path, form: str, name: str) -> None:
    folder = tmp_path / "pages"
    (folder / "ordner.html").mkdir(parents=True)
    for place in (folder / "seite.html", tmp_path / "geheim.html", tmp_path / "geheim"):
        place.write_bytes(b"secret")
    url = form.format(name)
    assert not has_saved(url, folder)
    assert failure(saved, url, folder).code == "article.gone"
