"""Measuring in turn, and the table of what was measured.

Times differ from machine to machine and from minute to minute; ratios of times taken in turn hardly do.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Subject = Callable[[], float | None]
"""Does what is measured; may give the seconds itself, where something around it does not count."""

Times = dict[str, list[float]]


@dataclass(frozen=True)
class Goal:
    """``name`` is to take at most ``limit`` times as long as ``base``."""

    name: str
    base: str
    limit: float


def in_turn(subjects: Mapping[str, Subject], rounds: int) -> Times:
    """The seconds of each subject, ``rounds`` times all of them; one more round before that warms up."""
    times: Times = {name: [] for name in subjects}
    for number in range(-1, rounds):
        for name, subject in subjects.items():
            start = time.perf_counter()
            own = subject()
            seconds = time.perf_counter() - start if own is None else own
            if number >= 0:
                times[name].append(seconds)
    return times


def best(times: Times, name: str) -> float:
    """The fastest round: what the work costs when nothing else runs."""
    return min(times[name])


def report(title: str, times: Times, base: str, goals: tuple[Goal, ...] = ()) -> None:
    """Print the times, their ratio to ``base`` by the fastest rounds, and what became of the goals."""
    rounds = max(map(len, times.values()))
    print(
        f"\n## {title}\n\n| of {rounds} rounds | min ms | median ms | x {base} |\n| --- | --: | --: | --: |"
    )
    for name, seconds in times.items():
        low, middle = min(seconds) * 1000, statistics.median(seconds) * 1000
        print(f"| {name} | {low:.1f} | {middle:.1f} | {best(times, name) / best(times, base):.2f} |")
    for goal in goals:
        if goal.name in times and goal.base in times:
            ratio = best(times, goal.name) / best(times, goal.base)
            verdict = "reached" if ratio <= goal.limit else "MISSED"
            print(f"- {goal.name}: {ratio:.2f} x {goal.base}, goal {goal.limit:g}: {verdict}")
