"""Few open files, little memory, no more processes: fewer at a time, or a clear error."""

from __future__ import annotations

import subprocess
import threading

import pytest

from conftest import Home, item, rss
from hardship import Hardship, memory, open_files
from kommcli.errors import FeedFailure
from kommcli.model import Fetched
from kommcli.parsing.pool import ParserPool
from loopback import Server


@pytest.mark.parametrize("under", [open_files(32), memory(300_000_000)], ids=["files", "memory"])
@pytest.mark.row("S23")
def test_few_files_and_little_memory_are_enough(home: Home, server: Server, under: Hardship) -> None:
    for number in range(30):
        server.reply(f"/{number}", rss(item(number)))
    urls = {f"f{number}": server.url(f"/{number}") for number in range(30)}
    path = home.feeds(urls)
    path.write_text("[fetch]\nthreads = 64\nper_host = 8\n" + path.read_text("utf-8"), "utf-8")
    done = home.run("fetch", under=under)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert home.run("latest", "--offline", "-n", "99", under=under).stdout.count("\n") == 30


@pytest.mark.row("S23")
def test_no_further_process_is_a_failure_of_the_feed(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_process(*_arguments: object, **_options: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(subprocess, "Popen", no_process)
    assert _failure() == ("feed.too_complex", "Resource temporarily unavailable")


@pytest.mark.row("S23")
def test_no_further_thread_is_a_failure_of_the_feed(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_thread(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", no_thread)
    assert _failure() == ("feed.too_complex", "can't start new thread")


def _failure() -> tuple[str, str]:
    pool = ParserPool(1)
    try:
        with pytest.raises(FeedFailure) as caught:
            pool.parse(Fetched("https://a.example/", rss(item(1))))
    finally:
        pool.close()
    return caught.value.code, caught.value.cause
