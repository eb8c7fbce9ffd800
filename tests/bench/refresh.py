"""Whole runs of `fetch`: all feeds new (first), none changed (again), one in ten changed (some).

With newsboat and lemon24/reader where they are there: newsboat on the PATH, the Python that has reader
installed in ``KOMMCLI_BENCH_READER``.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import clients, programs
from .timing import Goal, Times, report

PHASES = ("first", "again", "some")
GOALS = (
    Goal("kommcli, first", "newsboat, first", 1.0),
    Goal("kommcli, first", "reader, first", 0.25),
    Goal("kommcli, again", "newsboat, again", 0.5),
    Goal("kommcli, some", "newsboat, some", 0.6),
)


@dataclass
class Program:
    """One that refreshes: its command, and how to make its home empty."""

    command: Sequence[str]
    home: Path
    reset: Callable[[], None] = lambda: None

    def run(self) -> float:
        """Seconds of one run."""
        start = time.perf_counter()
        programs.run(self.command, programs.environment(self.home))
        return time.perf_counter() - start


def run(folder: Path, feeds: int, rounds: int, delay: float = 0, hosts: int = 20, items: int = 30) -> None:
    """Measure and print; ``delay`` in seconds before every answer."""
    place = folder / f"refresh-{feeds}-{delay:g}"
    print(f"\n# {feeds} feeds of {items} items on {hosts} hosts, {delay * 1000:g} ms latency")
    with programs.server(feeds, items, hosts, delay) as port:
        urls = [clients.address(port, number, hosts) for number in range(feeds)]
        readers = {
            "kommcli": _kommcli(place / "kommcli", urls),
            **_newsboat(place / "newsboat", urls),
            **_reader(place / "reader", urls),
        }
        times: Times = {}
        for number in range(-1, rounds):
            for phase in PHASES:
                if phase == "some":
                    programs.ask(port, "next")
                for name, program in {**readers, **_bare(place, phase, (port, feeds, hosts))}.items():
                    if phase == "first":
                        program.reset()
                    programs.ask(port, "count")
                    seconds = program.run()
                    if number >= 0:
                        times.setdefault(f"{name}, {phase}", []).append(seconds)
                    if name == "kommcli" and number == rounds - 1:
                        _tell(phase, seconds, program.home, programs.ask(port, "count"))
    for phase in PHASES:
        ended = {name: seconds for name, seconds in times.items() if name.endswith(phase)}
        report(f"{phase}: {feeds} feeds, {delay * 1000:g} ms", ended, f"kommcli, {phase}", GOALS)


def _tell(phase: str, seconds: float, home: Path, asked: str) -> None:
    used: dict[str, Any] = json.loads((home / "usage.json").read_text())
    print(
        f"- kommcli, {phase}: CPU {used['cpu']:.2f} s and in workers {used['workers_cpu']:.2f} s"
        f" in {seconds:.2f} s of wall time ({(used['cpu'] + used['workers_cpu']) / seconds:.2f} cores);"
        f" peak {used['peak']:.0f} MB, workers {used['workers_peak']:.0f} MB;"
        f" imported: {', '.join(used['imported'])}; answers: {asked}"
    )


def _kommcli(home: Path, urls: Sequence[str]) -> Program:
    home.mkdir(parents=True)
    programs.subscribe(home, urls)
    command = [sys.executable, str(programs.HERE / "usage.py"), str(home / "usage.json"), "fetch"]
    return Program(command, home, lambda: _remove(home, "archive.db*"))


def _newsboat(home: Path, urls: Sequence[str]) -> dict[str, Program]:
    if not shutil.which("newsboat"):
        print("- newsboat is left out: it is not installed")
        return {}
    home.mkdir()
    (home / "urls").write_text("\n".join(urls))
    (home / "config").write_text("reload-threads 16\n")
    files = [f"--{name}={home / path}" for name, path in (("url-file", "urls"), ("config-file", "config"))]
    command = ["newsboat", *files, f"--cache-file={home / 'cache.db'}", "-q", "-x", "reload"]
    return {"newsboat": Program(command, home, lambda: _remove(home, "cache.db*"))}


def _reader(home: Path, urls: Sequence[str]) -> dict[str, Program]:
    python = os.environ.get("KOMMCLI_BENCH_READER", "")
    if not python:
        print("- lemon24/reader is left out: KOMMCLI_BENCH_READER names no Python that has it")
        return {}
    home.mkdir()
    add = (
        f"import reader; r = reader.make_reader({str(home / 'db')!r}); [r.add_feed(url) for url in {urls!r}]"
    )

    def reset() -> None:
        _remove(home, "db*")
        programs.run([python, "-c", add], programs.environment(home))

    command = [
        python,
        "-m",
        "reader",
        "--db",
        str(home / "db"),
        "update",
        "--no-scheduled",
        "--workers",
        "20",
    ]
    return {"reader": Program(command, home, reset)}


def _bare(home: Path, phase: str, where: tuple[int, int, int]) -> dict[str, Program]:
    """The clients that only ask, and for new feeds the one that also parses, in one process."""
    kinds = {"first": ["feedparser"], "again": ["threads", "epoll"]}.get(phase, [])
    script = [sys.executable, str(programs.HERE / "clients.py")]
    return {f"bare {kind}": Program([*script, kind, *map(str, where)], home) for kind in kinds}


def _remove(home: Path, pattern: str) -> None:
    for path in home.glob(pattern):
        path.unlink()
