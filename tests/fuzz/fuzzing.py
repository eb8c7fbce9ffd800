"""Throws changes at a target until the time is over; makes what breaks it small."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from .mutation import mutate
from .targets import Target

PATIENCE = 5.0
"""Seconds of computing that one small input may take."""


class TooSlow(Exception):
    """An input that takes longer than `PATIENCE`."""


@dataclass(frozen=True)
class Outcome:
    """How many inputs were tried, how many kinds of outcome there were, and the smallest that broke it."""

    tried: int
    kinds: int
    finding: bytes | None = None
    error: str = ""


def fuzz(target: Target, seconds: float, seed: int) -> Outcome:
    """Try until ``seconds`` of computing are over, or something breaks."""
    rng, corpus = random.Random(seed), target.corpus()
    seen: set[Hashable] = set()
    tried, end = 0, time.process_time() + seconds
    while time.process_time() < end:
        data = mutate(corpus, rng, target.longest)
        tried += 1
        try:
            kind = attempt(target, data)
        except Exception as error:
            return Outcome(
                tried, len(seen), smallest(target, data, type(error)), f"{type(error).__name__}: {error}"
            )
        if kind not in seen:
            seen.add(kind)
            corpus.append(data)
    return Outcome(tried, len(seen))


def attempt(target: Target, data: bytes) -> Hashable:
    """What the target makes of ``data``; raises what breaks, and `TooSlow`."""
    with _limit():
        return target.check(data)


def smallest(target: Target, data: bytes, error: type[Exception]) -> bytes:
    """A part of ``data`` that breaks in the same way, after a minute of leaving out at most."""
    end, step = time.process_time() + 60, max(len(data) // 2, 1)
    while step and time.process_time() < end:
        at = 0
        while at < len(data):
            shorter = data[:at] + data[at + step :]
            try:
                attempt(target, shorter)
                at += step
            except error:
                data = shorter
            except Exception:
                at += step
        step //= 2
    return data


@contextmanager
def _limit() -> Iterator[None]:
    def over(_signal: int, _frame: FrameType | None) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGPROF, over)
    signal.setitimer(signal.ITIMER_PROF, PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
