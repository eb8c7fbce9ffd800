"""Some seconds of fuzzing of everything; `python -m tests.fuzz` does it for hours. What broke is a case."""

from __future__ import annotations

from pathlib import Path

import pytest

from fuzz.fuzzing import TooSlow, attempt, fuzz, smallest
from fuzz.targets import DATA, TARGETS, Target

FINDINGS = sorted((DATA / "fuzz").iterdir()) if (DATA / "fuzz").exists() else []


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_breaks_in_a_few_seconds(name: str) -> None:
    outcome = fuzz(TARGETS[name], seconds=2, seed=20261016)

    assert outcome.finding is None, (outcome.error, outcome.finding)
    assert outcome.tried > 20
    assert outcome.kinds > 2


@pytest.mark.parametrize("path", FINDINGS, ids=lambda path: path.name)
def test_what_was_found_once_is_mended(path: Path) -> None:
    attempt(TARGETS[path.name.rpartition("-")[0]], path.read_bytes())


def breaks(data: bytes) -> int:
    if b"<" in data and b"&" in data:
        raise ZeroDivisionError
    return len(data) % 3


def never_ends(data: bytes) -> int:
    while data:
        pass
    return 0


def test_a_fault_is_found_and_made_small() -> None:
    outcome = fuzz(Target(breaks, lambda: [b"some text", b"and more"], 200), seconds=5, seed=1)

    assert outcome.finding is not None
    assert sorted(outcome.finding) == sorted(b"<&")
    assert outcome.error.startswith("ZeroDivisionError")
    assert smallest(Target(breaks, list, 0), b"a<b&c", ZeroDivisionError) == b"<&"


def test_what_takes_too_long_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fuzz.fuzzing.PATIENCE", 0.1)

    with pytest.raises(TooSlow):
        attempt(Target(never_ends, list, 0), b"x")
