"""Children that are killed at random moments, and a look at what they leave behind.

Half of them die before a random step, a statement of SQL or a change of a folder, which the seed decides; the
others after a random time, which may be in the middle of a write. A child is forked from a process that has
everything imported, so that hundreds of them take seconds.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol


class Scenario(Protocol):
    """Something that is done to an archive in a child, and what must hold whenever that child was killed."""

    path: Path

    def prepare(self) -> None:
        """Make the archive ready for the next child."""

    def work(self, said: int) -> None:
        """In the child: do it; what is acknowledged to the user is written to the descriptor ``said``."""

    def check(self, said: str) -> None:
        """Fails where something is broken or was lost that had been ``said``."""

    def finish(self) -> None:
        """In a child that is not killed: what follows must complete."""


def kill_and_look(scenario: Scenario, times: int, rng: random.Random) -> dict[str, int]:
    """Kill ``times`` children of ``scenario``; how many were killed, and how many were faster."""
    steps, seconds = _measure(scenario)
    killed = 0
    for _time in range(times):
        scenario.prepare()
        if rng.random() < 0.5:
            status, said = _child(scenario, dies_at=rng.randint(1, steps))
        else:
            status, said = _child(scenario, dies_after=rng.uniform(0, seconds))
        killed += status == -signal.SIGKILL
        assert status in (0, -signal.SIGKILL), f"the child ended with {status}"
        _sound(scenario.path)
        scenario.check(said)
    in_a_child(scenario.finish)
    _sound(scenario.path)
    return {"killed": killed, "finished": times - killed, "steps": steps}


def _measure(scenario: Scenario) -> tuple[int, float]:
    """The steps and seconds of a child that nobody kills."""
    scenario.prepare()
    began = time.monotonic()
    status, said = _child(scenario, counts=True)
    seconds = time.monotonic() - began
    assert status == 0
    said, _mark, count = said.rpartition("steps ")
    scenario.check(said)
    return int(count), seconds


def _child(
    scenario: Scenario, *, dies_at: int = 0, dies_after: float = 0.0, counts: bool = False
) -> tuple[int, str]:
    """The exit status of a child (negative: the signal that ended it) and what it said."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _forked(scenario, writing, dies_at, counts)
    os.close(writing)
    if dies_after:
        time.sleep(dies_after)
        os.kill(child, signal.SIGKILL)
    said = b""
    while more := os.read(reading, 65_536):
        said += more
    os.close(reading)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), said.decode()


def _forked(scenario: Scenario, said: int, dies_at: int, counts: bool) -> None:
    status = 1
    try:
        steps = _count_steps(dies_at)
        scenario.work(said)
        if counts:
            os.write(said, b"steps %d" % steps[0])
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


_FOLDER_EVENTS = {"os.rename", "os.link", "os.remove", "os.mkdir", "shutil.copyfile", "shutil.rmtree"}


def _count_steps(dies_at: int) -> list[int]:
    """From now on this process counts its steps, and dies before number ``dies_at``."""
    count, connect = [0], sqlite3.connect

    def one_more(_statement: str) -> None:
        count[0] += 1
        if count[0] == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def counted(*arguments: Any, **options: Any) -> sqlite3.Connection:
        db = connect(*arguments, **options)
        db.set_trace_callback(one_more)
        return db

    sqlite3.connect = counted
    sys.addaudithook(lambda event, _arguments: one_more(event) if event in _FOLDER_EVENTS else None)
    return count


def in_a_child(what: Callable[[], None]) -> None:
    """Do ``what`` in a child that must not fail: this process stays without threads, so that it can fork."""
    child = os.fork()
    if child == 0:
        try:
            what()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _sound(path: Path) -> None:
    db = sqlite3.connect(path)
    try:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    finally:
        db.close()
