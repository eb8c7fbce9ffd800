"""The worker processes: what they cost, what they survive, what ends them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kommcli.errors import FeedFailure
from kommcli.model import Fetched
from kommcli.parsing import wire
from kommcli.parsing.feed import parse_feed
from kommcli.parsing.pool import ParserPool
from kommcli.parsing.worker import answer

FEEDS = Path(__file__).parent.parent / "data" / "feeds"
URL = "https://feed.example/news/feed.xml"
GOOD = Fetched(URL, (FEEDS / "wordpress.xml").read_bytes())
ATTRIBUTES = b" ".join(b'a%d="1"' % i for i in range(100_000))
# "body" is an element that only feedparser reads: the quick reader would master the second.
BURNERS = {
    "m11": b"<rss><channel><item " + ATTRIBUTES + b"><title>t</title></item></channel></rss>",
    "X23": b"<rss><channel><item><body/><author>a@" + b"a." * 100_000 + b"</author></item></channel></rss>",
}


@pytest.fixture
def pool() -> Iterator[ParserPool]:
    pool = ParserPool(2, cpu=1, wall=10)
    yield pool
    pool.close()


def failure(pool: ParserPool, body: bytes) -> FeedFailure:
    with pytest.raises(FeedFailure) as caught:
        pool.parse(Fetched(URL, body))
    return caught.value


@pytest.mark.parametrize("path", sorted(FEEDS.glob("*.xml"))[::6], ids=lambda path: path.stem)
def test_the_worker_says_what_parse_feed_says(pool: ParserPool, path: Path) -> None:
    body = path.read_bytes()
    assert pool.parse(Fetched(URL, body, content_type="text/xml")) == parse_feed(body, "text/xml", URL)


def test_failures_travel_and_the_worker_lives_on(pool: ParserPool) -> None:
    pool.parse(GOOD)
    (worker,) = pool._idle
    assert failure(pool, b"<html>").code == "feed.not_feed"
    assert failure(pool, b'{"a": 1}').code == "feed.format"
    assert pool.parse(GOOD).title == "Rathaus digital"
    assert pool._idle == [worker]


@pytest.mark.parametrize("name", BURNERS)
@pytest.mark.row("X6", "X23", "S24")
def test_X6_X23_S24_a_burner_is_killed_and_the_next_feed_read(
    pool: ParserPool, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    began = time.monotonic()
    stopped = failure(pool, BURNERS[name])
    assert stopped.code == "feed.too_complex"
    assert "1 " in stopped.cause
    assert time.monotonic() - began < 8
    assert pool.parse(GOOD).entries
    assert list(tmp_path.iterdir()) == [], "no core, no temporary file"


def test_cpu_is_counted_anew_for_every_feed(pool: ParserPool) -> None:
    slow = Fetched(
        URL, b"<rss><channel>" + b"<item><title>Eine Meldung</title></item>" * 700 + b"</channel></rss>"
    )
    single = ParserPool(1, cpu=1)
    for _round in range(12):
        assert len(single.parse(slow).entries) == 700
    single.close()


@pytest.mark.row("S24")
def test_S24_memory_is_limited() -> None:
    pool = ParserPool(1, memory=220_000_000, cpu=20, wall=20)
    bomb = (
        b"<rss><channel>"
        + b"<item><description>"
        + b"&lt;p&gt;x" * 900_000
        + b"</description></item></channel></rss>"
    )
    try:
        assert failure(pool, bomb).code == "feed.too_complex"
        assert pool.parse(GOOD).entries
    finally:
        pool.close()


def test_wall_time_is_limited() -> None:
    pool = ParserPool(1, cpu=30, wall=1.5)
    began = time.monotonic()
    try:
        assert "1.5" in failure(pool, BURNERS["m11"]).cause
        assert time.monotonic() - began < 5
        assert pool.parse(GOOD).entries
    finally:
        pool.close()


def test_a_worker_that_died_while_idle_is_replaced(pool: ParserPool) -> None:
    pool.parse(GOOD)
    os.kill(pool._idle[0]._process.pid, signal.SIGKILL)
    pool._idle[0]._process.wait()
    assert pool.parse(GOOD).entries


def test_many_threads_share_few_workers(pool: ParserPool) -> None:
    with ThreadPoolExecutor(8) as threads:
        titles = {parsed.title for parsed in threads.map(pool.parse, [GOOD] * 40)}
    assert titles == {"Rathaus digital"}
    assert len(pool._idle) <= 2


def test_close_ends_everything_at_once(pool: ParserPool) -> None:
    pool.parse(GOOD)
    processes = [worker._process for worker in pool._idle]
    waiting: list[FeedFailure] = []
    thread = threading.Thread(target=lambda: waiting.append(failure(pool, BURNERS["m11"])))
    thread.start()
    time.sleep(0.2)
    pool.close()
    thread.join(5)
    assert not thread.is_alive()
    assert waiting[0].code == "feed.too_complex"
    assert all(process.poll() is not None for process in processes)
    assert failure(pool, b"<rss/>").code == "feed.too_complex"


def test_sigint_is_left_to_the_parent(pool: ParserPool) -> None:
    pool.parse(GOOD)
    os.kill(pool._idle[0]._process.pid, signal.SIGINT)
    time.sleep(0.1)
    assert pool._idle[0].alive()
    assert pool.parse(GOOD).entries


ORPHANS = """
import sys, time
from kommcli.model import Fetched
from kommcli.parsing.pool import ParserPool
pool = ParserPool(1)
pool.parse(Fetched("https://a.example/", b"<rss><channel/></rss>"))
print(pool._idle[0]._process.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.row("S24")
def test_S24_no_worker_outlives_a_killed_parent() -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, "-c", ORPHANS], stdout=subprocess.PIPE, env=environment) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert _alive(child)
        parent.kill()
    deadline = time.monotonic() + 5
    while _alive(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _alive(child)


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_a_module_in_the_current_folder_is_not_loaded(
    pool: ParserPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "feedparser.py").write_text("raise SystemExit('hostile')")
    monkeypatch.chdir(tmp_path)
    assert pool.parse(GOOD).entries


def test_the_pool_alone_loads_no_parser() -> None:
    code = (
        "import sys, kommcli.parsing.pool;"
        "print([name for name in ('feedparser', 'selectolax', 'html.parser') if name in sys.modules])"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    shown = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
    assert shown.stdout.strip() == b"[]"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (MemoryError(), "feed.too_complex"),
        (RecursionError(), "feed.too_complex"),
        (KeyError("x"), "feed.not_feed"),
    ],
)
def test_whatever_parsing_raises_is_an_answer(error: Exception, code: str) -> None:
    def parse(_body: bytes, _content_type: str, _url: str) -> None:
        raise error

    assert wire.load(answer(parse, b"", "", ""))[0] == code  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "frame", [b"nonsense", b"[]", b"[1]", b"[[1, 2]]", b'{"a": 1}', b'["no.such.code", ""]']
)
def test_a_worker_that_talks_nonsense_is_a_failure(pool: ParserPool, frame: bytes) -> None:
    pool.parse(GOOD)
    pool._idle[0]._exchange = lambda _head, _body: frame  # type: ignore[method-assign]
    assert failure(pool, GOOD.body).code == "feed.too_complex"
    assert pool.parse(GOOD).entries
