"""What kommcli survives: the rows of `reliability.toml`, each with the tests that prove it.

    python docs/reliability.py         run these tests and print the result of every row

`docs/generate.py` writes the table without results as ``docs/reliability.md``. Tests name their rows by
``@pytest.mark.row("N1")``; they are found by reading the source, so that making the table runs nothing.
"""

from __future__ import annotations

import ast
import subprocess
import sys
import tempfile
import tomllib
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
TESTS = ROOT / "tests"


class Row(NamedTuple):
    """One row: ``given`` comes in, ``expected`` happens; ``better`` says where and why we do otherwise."""

    id: str
    given: str
    expected: str
    better: str = ""


class Catalogue(NamedTuple):
    """All rows by section; ``untested`` are those without a test, with the reason."""

    sections: dict[str, list[Row]]
    untested: dict[str, str]


class Proof(NamedTuple):
    """A test: its file below ``tests/`` and its name there."""

    file: str
    name: str


def catalogue() -> Catalogue:
    """The rows of `reliability.toml`."""
    table = tomllib.loads((ROOT / "docs" / "reliability.toml").read_text("utf-8"))
    untested = table.pop("untested", {})
    sections = {title: [Row(row, *texts) for row, texts in rows.items()] for title, rows in table.items()}
    return Catalogue(sections, untested)


def proofs() -> dict[str, list[Proof]]:
    """The tests of every row that some test names."""
    found: dict[str, list[Proof]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef):
                for row in _rows(node):
                    found.setdefault(row, []).append(Proof(path.relative_to(TESTS).as_posix(), node.name))
    return found


def _rows(function: ast.FunctionDef) -> Iterator[str]:
    for call in function.decorator_list:
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.row":
            yield from (str(ast.literal_eval(argument)) for argument in call.args)


def faults(rows: Catalogue, tests: dict[str, list[Proof]]) -> list[str]:
    """What is wrong with the table: one sentence each."""
    known = [row.id for section in rows.sections.values() for row in section]
    return [
        *(f"{row} is named by {tests[row][0].name} and is no row" for row in tests if row not in known),
        *(
            f"{row} has neither a test nor a reason"
            for row in known
            if row not in tests and not rows.untested.get(row)
        ),
        *(f"{row} has a test and is called untested" for row in rows.untested if row in tests),
        *(f"{row} is called untested and is no row" for row in rows.untested if row not in known),
    ]


def page() -> str:
    """docs/reliability.md."""
    rows, tests = catalogue(), proofs()
    total = sum(map(len, rows.sections.values()))
    lines = [
        "# What kommcli survives",
        "",
        "Made from `docs/reliability.toml` and the tests by `docs/generate.py`. A code as expectation means:",
        "one line with this code, what is stored stays, and the other feeds go on. Each row names the tests",
        "that prove it; `python docs/reliability.py` runs them and prints the result of every row.",
        "",
        f"{total} rows, {total - len(rows.untested)} with tests;"
        f" {len(set(chain(*tests.values())))} tests in all.",
        "",
    ]
    for title, section in rows.sections.items():
        lines += [
            f"## {title}",
            "",
            "| row | what comes in | expected | tests |",
            "| --- | --- | --- | --- |",
        ]
        for row in section:
            expected = row.expected + (f"<br>*Otherwise than usual: {row.better}.*" if row.better else "")
            proof = _tests(tests[row.id]) if row.id in tests else f"*none: {rows.untested.get(row.id, '')}*"
            cells = (cell.replace("|", "\\|") for cell in (row.id, row.given, expected, proof))
            lines.append(f"| {' | '.join(cells)} |")
        lines.append("")
    return "\n".join(lines)


def _tests(tests: list[Proof]) -> str:
    """The tests, file by file."""
    files: dict[str, list[str]] = {}
    for proof in tests:
        files.setdefault(proof.file, []).append(f"`{proof.name.removeprefix('test_')}`")
    return "<br>".join(f"[{file}](../tests/{file}): {', '.join(names)}" for file, names in files.items())


def run() -> int:
    """Run all tests of rows; print each row with how many passed, failed and were skipped."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-m", "row", f"--junitxml={report}", *sys.argv[1:]]
        status = subprocess.run(command, cwd=ROOT).returncode
        outcomes: dict[Proof, Counter[str]] = {}
        for case in ElementTree.parse(report).getroot().iter("testcase"):
            file = case.get("classname", "").removeprefix("tests.").replace(".", "/") + ".py"
            proof = Proof(file, case.get("name", "").partition("[")[0])
            problems = [one.tag for one in case if one.tag in ("failure", "error", "skipped")]
            outcomes.setdefault(proof, Counter())[problems[0] if problems else "passed"] += 1
    tests = proofs()
    for section in catalogue().sections.values():
        for row in section:
            count = sum((outcomes.get(proof, Counter()) for proof in tests.get(row.id, [])), Counter())
            result = ", ".join(f"{number} {word}" for word, number in sorted(count.items())) or "no test"
            print(f"{row.id:4} {result:24} {row.given}")
    return status


if __name__ == "__main__":
    sys.exit(run())
