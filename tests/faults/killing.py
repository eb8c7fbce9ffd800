"""Children that are killed at random moments, and a look at what they leave behind.

Half of them die before a random step, a statement of SQL or a change of a folder, which the seed decides; the
others after a random time, which may be in the middle of a write. A child is forked from a process that has
everything imported, so that hundreds of them take seconds.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, Protocol


class Scenario(Protocol):
    """Something that is done to an archive in a child, and what must hold whenever that child was killed."""

    path: Path

    def prepare(self) -> object:
        """Make the archive ready for the next child; gives what kind of work that will have, where there are
        several of different length."""

    def work(self, said: int) -> None:
        """In the child: do it; what is acknowledged to the user is written to the descriptor ``said``."""

    def check(self, said: str) -> None:
        """Fails where something is broken or was lost that had been ``said``."""

    def finish(self) -> None:
        """In a child that is not killed: what follows must complete."""


def kill_and_look(scenario: Scenario, times: int, rng: random.Random) -> dict[str, int]:
    """Try to kill ``times`` children of ``scenario``; how many were killed, and how many were faster.

    The first child of each kind of work is measured. One that is done before its time was killed too late,
    as happens where the machine was busy when it was measured: later ones of its kind get no more time.
    """
    lengths: dict[object, _End] = {}
    killed = finished = 0
    while killed + finished < times:
        kind = scenario.prepare()
        if kind not in lengths:
            end = lengths[kind] = _child(scenario)
            assert end.status == 0, f"the child ended with {end.status}"
        elif rng.random() < 0.5:
            end = _child(scenario, dies_at=rng.randint(1, lengths[kind].steps))
        else:
            end = _child(scenario, dies_after=rng.uniform(0, lengths[kind].seconds))
        if end.status == -signal.SIGKILL:
            killed += 1
        else:
            assert end.status == 0, f"the child ended with {end.status}"
            finished += end is not lengths[kind]
            lengths[kind] = min(end, lengths[kind], key=lambda one: one.seconds)
        _sound(scenario.path)
        scenario.check(end.said)
    in_a_child(scenario.finish)
    _sound(scenario.path)
    return {
        "killed": killed,
        "finished": finished,
        "steps": max((one.steps for one in lengths.values()), default=0),
    }


class _End(NamedTuple):
    """How a child ended: its exit status (negative: the signal), what it said, and how many steps and seconds
    it took; no steps where it was killed."""

    status: int
    said: str
    steps: int
    seconds: float


def _child(scenario: Scenario, *, dies_at: int = 0, dies_after: float = 0.0) -> _End:
    """A child that works, before step ``dies_at`` or after ``dies_after`` seconds killed, or not at all."""
    began = time.monotonic()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _forked(scenario, writing, dies_at)
    os.close(writing)
    if dies_after:
        time.sleep(dies_after)
        os.kill(child, signal.SIGKILL)
    heard = b""
    while more := os.read(reading, 65_536):
        heard += more
    os.close(reading)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    said, _mark, steps = heard.decode().partition(_STEPS)
    return _End(status, said, int(steps or 0), time.monotonic() - began)


_STEPS = "steps "


def _forked(scenario: Scenario, said: int, dies_at: int) -> None:
    status = 1
    try:
        steps = _count_steps(dies_at)
        scenario.work(said)
        os.write(said, f"{_STEPS}{steps[0]}".encode())
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


def replaced(path: Path, template: Path) -> None:
    """Put ``template`` in place of the archive at ``path`` and its journal."""
    for rest in path.parent.glob(f"{path.name}*"):
        rest.unlink()
    shutil.copy(template, path)
