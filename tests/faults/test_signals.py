"""Signals end kommcli at once, silently, and leave a sound archive and no process."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from conftest import Home, item, rss
from loopback import Server
from newsroom import newsroom


@pytest.fixture
def slow(home: Home, server: Server) -> Home:
    """One feed that answers and one that never does."""
    server.reply("/a", rss("".join(item(number) for number in range(5))))
    server.raw("/slow", 60.0)
    home.feeds({"a": server.url("/a"), "slow": server.url("/slow")})
    return home


def wait_for(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def stored(home: Home) -> int:
    try:
        with closing(sqlite3.connect(home.path / "archive.db")) as db:
            return int(db.execute("SELECT count(*) FROM articles").fetchone()[0])
    except sqlite3.Error:
        return 0


def children(process: subprocess.Popen[str]) -> set[int]:
    """The processes that it has started."""
    found = set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == process.pid:
            found.add(int(status.parent.name))
    return found


def fetching(home: Home) -> tuple[subprocess.Popen[str], set[int]]:
    process = home.start("fetch")
    wait_for(lambda: stored(home) == 5)
    return process, children(process)


def sound(home: Home) -> None:
    with closing(sqlite3.connect(home.path / "archive.db")) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert stored(home) == 5
    assert not [path.name for path in home.path.iterdir() if "tmp" in path.name]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.row("S19")
def test_the_end_comes_at_once_and_leaves_nothing_behind(slow: Home, number: signal.Signals) -> None:
    process, workers = fetching(slow)
    process.send_signal(number)
    out, err = process.communicate(timeout=10)

    assert (process.returncode, out, err) == (-number, "", "")  # which a shell calls 128 and the number
    wait_for(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers))
    sound(slow)


@pytest.mark.row("S20")
def test_ctrl_c_twice_ends_at_once(slow: Home) -> None:
    process, _workers = fetching(slow)
    process.send_signal(signal.SIGINT)
    time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _out, err = process.communicate(timeout=5)

    assert process.returncode in (130, -signal.SIGINT)
    assert "Traceback" not in err
    sound(slow)


INTERRUPTED = """
import os, signal, sys
wanted = sys.argv[1]
class Interrupts:
    def find_spec(self, name, *_rest):
        if name == wanted:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupts())
sys.argv = ["kommcli", "latest", "--offline"]
from kommcli.__main__ import main
main()
"""
"""Ctrl-C at the moment when a module is loaded."""


@pytest.mark.parametrize(
    "module",
    ["kommcli.cli.start", "typer", "kommcli.cli.app", "kommcli.cli.listing", "kommcli.archive.articles"],
)
@pytest.mark.row("S20")
def test_ctrl_c_while_the_program_starts_is_silent(home: Home, module: str) -> None:
    newsroom(home)
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, module], env=home.env, capture_output=True, text=True
    )

    assert (done.returncode, done.stdout) == (130, "")
    assert "Traceback" not in done.stderr
