"""Sends one issue after the other from children that are killed somewhere on the way; run by `test_kill`.

Forks from a process without threads in which everything is loaded, so that each of 200 lives costs
milliseconds. A child counts what it does (calls and returns of Python, calls into C) and ends itself with
SIGKILL at a number that its seed decides; or is killed from outside after a number of milliseconds.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from pathlib import Path
from types import CodeType, FrameType

from digest.mails import NOW, issue, mail
from kommcli.archive import issues
from kommcli.archive.database import open_for_writing
from kommcli.digest import outbox
from kommcli.digest.deliver import Server, Smtp, stuffed
from kommcli.dispatch import dispatch, recovered

SEED, LIVES = 2026, 200


def run(path: Path, port: int, key: str, *, keep: bool) -> None:
    """What `digest send` does behind its options: what was left, then this issue."""
    db = open_for_writing(path)
    recovered(db, NOW)
    due = [one for one in issues.open_mails(db) if outbox.due(one, NOW)]
    if keep and issues.find(db, key) is None:
        due += issues.keep(db, issue(key), [mail("a", "b", key=key)], NOW)
    dispatch(db, due, Smtp(Server("127.0.0.1", port, "none", timeout=20)), NOW)
    db.close()


def measured(path: Path, port: int) -> tuple[int, int, int]:
    """The steps of a whole life, and those between which the text leaves and its answer comes."""
    count, leaves, answered = 0, 0, 0

    def step(frame: FrameType, *_event: object) -> None:
        nonlocal count, leaves, answered
        count += 1
        if frame.f_code is outbox.leaving.__code__:
            leaves = leaves or count
        elif frame.f_code is outbox.settled.__code__:
            answered = answered or count

    run(path, port, "first", keep=True)  # what is imported or compiled once is not counted
    sys.setprofile(step)
    run(path, port, "measured", keep=True)
    sys.setprofile(None)
    return count, leaves, answered


def child(path: Path, port: int, key: str, end: int | CodeType) -> None:
    """Live for so many steps, or until this function is called; 0: until somebody kills."""
    left = end if isinstance(end, int) else -1

    def step(frame: FrameType, *_event: object) -> None:
        nonlocal left
        left -= 1
        if left == 0 or frame.f_code is end:
            os.kill(os.getpid(), signal.SIGKILL)

    if end:
        sys.setprofile(step)
    run(path, port, key, keep=True)


def main() -> None:
    """Print how many were killed."""
    path, port = Path(sys.argv[1]), int(sys.argv[2])
    chance, killed = random.Random(SEED), 0
    whole, leaves, answered = measured(path, port)
    for number in range(LIVES):
        # Anywhere, where it matters, or at a time that has nothing to do with what it does; and for certain
        # directly before the text leaves, and directly after its answer came.
        ends: tuple[int | CodeType, ...] = (
            *(chance.randrange(1, whole), chance.randrange(leaves, answered), 0),
            *(chance.randrange(1, whole), stuffed.__code__, outbox.settled.__code__),
        )
        end, pause = ends[number % len(ends)], chance.uniform(0, 0.03)
        pid = os.fork()
        if not pid:
            try:
                child(path, port, f"issue-{number}", end)
            finally:
                os._exit(0)
        if not end:
            time.sleep(pause)
            os.kill(pid, signal.SIGKILL)
        _pid, status = os.waitpid(pid, 0)
        killed += os.WIFSIGNALED(status)
    # Nobody is killed any more: one run for what is left.
    run(path, port, "", keep=False)
    print(killed, whole, leaves, answered)


if __name__ == "__main__":
    main()
