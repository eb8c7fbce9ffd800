"""From the shell to the first line, against what importing Typer costs."""

from __future__ import annotations

import sys
from pathlib import Path

from . import material, programs
from .timing import Goal, Subject, in_turn, report

TYPER = "import typer"
FILTERED = "latest --json --state BY --topic ki"


def run(folder: Path, sizes: tuple[int, ...], rounds: int) -> None:
    """Measure and print. ``sizes`` are the numbers of articles in the archives."""
    home = folder / "start"
    home.mkdir()
    env = programs.environment(home)
    subjects: dict[str, Subject] = {
        "python -c pass": lambda: programs.run([sys.executable, "-c", "pass"], env),
        TYPER: lambda: programs.run([sys.executable, "-c", "import typer"], env),
        "--version": lambda: programs.run([*programs.KOMMCLI, "--version"], env),
    }
    goals = [Goal("--version", TYPER, 1.3)]
    for size in sizes:
        own = folder / f"archive-{size}"
        own.mkdir()
        material.build_archive(own / "archive.db", size)
        for name, subject in _lists(own).items():
            subjects[f"{name}, {size:,}"] = subject
        goals += [
            Goal(f"latest --json, {size:,}", TYPER, 2.5 if size < 1_000_000 else 2.7),
            Goal(f"latest in a terminal, {size:,}", TYPER, 3.5),
            Goal(f"{FILTERED}, {size:,}", f"latest --json, {size:,}", 1.2),
            *(
                Goal(f"{name}, {size:,}", f"{name}, {sizes[0]:,}", 1.3)
                for name in _lists(own)
                if size != sizes[0]
            ),
        ]
    report("start", in_turn(subjects, rounds), TYPER, tuple(goals))


def _lists(home: Path) -> dict[str, Subject]:
    env = programs.environment(home)
    offline = [*programs.KOMMCLI, "latest", "--offline"]
    return {
        "latest --json": lambda: programs.run([*offline, "--json"], env),
        FILTERED: lambda: programs.run([*offline, "--json", "--state", "BY", "--topic", "ki"], env),
        "latest in a pipe": lambda: programs.run(offline, env),
        "latest in a terminal": lambda: _shown(offline, env),
        "latest --json -n 1000": lambda: programs.run([*offline, "--json", "-n", "1000"], env),
    }


def _shown(command: list[str], env: dict[str, str]) -> None:
    assert b"\x1b[" in programs.run_in_terminal(command, env)
