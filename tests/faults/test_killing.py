"""`kill -9` at random moments, hundreds of times with a fixed seed; see `tests.faults`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.parametrize(
    ("scenario", "times"),
    [("fetch", 80), ("marks", 60), ("migration", 60), ("prune", 60), ("restore", 40), ("stories", 24)],
)
@pytest.mark.row("S1", "H19", "S9")
def test_whatever_is_killed_leaves_a_sound_archive(scenario: str, times: int) -> None:
    command = [sys.executable, "-m", "tests.faults", scenario, "--times", str(times), "--seed", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["killed"] > times // 2
