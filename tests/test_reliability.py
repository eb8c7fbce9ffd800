"""The table of docs/reliability.md: every row has a test, or says why not."""

from __future__ import annotations

import runpy
from pathlib import Path

TABLE = runpy.run_path(str(Path(__file__).parent.parent / "docs" / "reliability.py"))


def test_every_row_has_a_test_or_a_reason() -> None:
    assert TABLE["faults"](TABLE["catalogue"](), TABLE["proofs"]()) == []


def test_a_row_without_either_is_told() -> None:
    rows = TABLE["catalogue"]()
    tests = TABLE["proofs"]()
    without = {row: some for row, some in tests.items() if row != "N1"}

    assert TABLE["faults"](rows, without) == ["N1 has neither a test nor a reason"]
    assert TABLE["faults"](rows, tests | {"Z9": tests["N1"]}) == [
        f"Z9 is named by {tests['N1'][0].name} and is no row"
    ]


def test_the_catalogue_is_complete() -> None:
    sections = TABLE["catalogue"]().sections.values()
    rows = [row.id for section in sections for row in section]

    counts = {"N": 18, "H": 21, "X": 44, "T": 17, "S": 25, "C": 18, "D": 21, "A": 11, "P": 5}
    assert rows == [f"{letter}{number + 1}" for letter, count in counts.items() for number in range(count)]
