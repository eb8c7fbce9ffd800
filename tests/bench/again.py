"""Asking feeds that have not changed, start-up aside: one process, the archive included.

kommcli from the plan to the report against clients that send the same requests and do nothing else.
"""

from __future__ import annotations

import time
from pathlib import Path

from kommcli.cli import fetching
from kommcli.cli.session import Session
from kommcli.model import Outcome
from kommcli.paths import Paths

from . import clients, programs
from .timing import Goal, Subject, in_turn, report

BASE = "http.client, threads"


def run(folder: Path, feeds: int, rounds: int) -> None:
    """Measure and print, with the feeds on 20 hosts and on one."""
    for hosts in (20, 1):
        home = folder / f"again-{hosts}"
        home.mkdir()
        with programs.server(feeds, 3, hosts) as port:
            programs.subscribe(home, [clients.address(port, number, hosts) for number in range(feeds)])
            _measure(
                f"again: {feeds} feeds (304), {hosts} hosts",
                Paths(*_paths(home)),
                (port, feeds, hosts),
                rounds,
            )


def _paths(home: Path) -> tuple[Path, Path, Path]:
    return home / "config.toml", home / "archive.db", home / "state"


def _measure(title: str, paths: Paths, where: tuple[int, int, int], rounds: int) -> None:
    port, feeds, _hosts = where
    work = clients.lanes(*where)
    unchanged = {number: f'"{number}-0"' for number in range(feeds)}

    def kommcli() -> float:
        session = Session(paths, environ={}, quiet=True)
        subscriptions = session.config.feeds
        start = time.perf_counter()
        visits = fetching.refresh(session, subscriptions).visits
        seconds = time.perf_counter() - start
        assert all(visit.outcome is not Outcome.FAILED for visit in visits)
        return seconds

    kommcli()
    subjects: dict[str, Subject] = {
        BASE: lambda: _discard(clients.with_threads(work, unchanged)),
        "epoll, no threads": lambda: _discard(clients.with_epoll(work, unchanged)),
        "kommcli": kommcli,
    }
    programs.ask(port, "count")
    times = in_turn(subjects, rounds)
    report(title, times, BASE, (Goal("kommcli", BASE, 2.0), Goal("kommcli", "epoll, no threads", 2.0)))
    asked = programs.ask(port, "count")
    print(f"- answers to {rounds + 1} rounds of three clients: {asked}")


def _discard(bodies: list[bytes]) -> None:
    assert not any(bodies)
