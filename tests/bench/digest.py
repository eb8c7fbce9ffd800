"""The digest of one week out of many articles, from the shell, and its parts inside one process."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from . import material, programs
from .timing import Subject, best, in_turn, report

START = "kommcli --version"
LIMITS = {"text": 150, "json": 150, "markdown": 150, "html": 250, "eml": 250}
"""Milliseconds beyond the start of the program."""


def run(folder: Path, size: int, rounds: int) -> None:
    """Measure and print. ``size`` is the number of articles in the archive."""
    home = folder / "digest"
    home.mkdir()
    material.build_archive(home / "archive.db", size)
    env = programs.environment(home)
    lists = [*programs.KOMMCLI, "latest", "--offline", "--json"]
    subjects: dict[str, Subject] = {
        START: partial(programs.run, [*programs.KOMMCLI, "--version"], env),
        "latest --json": partial(programs.run, lists, env),
    }
    for format_ in LIMITS:
        command = [*programs.KOMMCLI, "digest", "--ok-partial", "--format", format_]
        subjects[f"digest --format {format_}"] = partial(programs.run, command, env)
    times = in_turn(subjects, rounds)
    report(f"digest of one week out of {size:,} articles", times, START)
    start = best(times, "latest --json")
    print("\n| beyond `latest --json` | ms | goal | |\n| --- | --: | --: | --- |")
    for format_, limit in LIMITS.items():
        taken = (best(times, f"digest --format {format_}") - start) * 1000
        print(f"| {format_} | {taken:.0f} | {limit} | {'reached' if taken <= limit else 'MISSED'} |")
