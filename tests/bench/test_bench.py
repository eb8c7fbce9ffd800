"""The benchmarks run: tiny sizes, no word about time."""

from __future__ import annotations

import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bench import again, archive, digest, finding, pages, refresh, scale, start, understanding


@pytest.fixture(autouse=True)
def _no_other_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    monkeypatch.delenv("KOMMCLI_BENCH_READER", raising=False)


def test_archive(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Storing and finding."""
    archive.run(tmp_path, (80, 160), rounds=1)

    assert "| newest 20, 160 |" in capsys.readouterr().out


@pytest.mark.parametrize("short", [False, True])
def test_finding(tmp_path: Path, capsys: pytest.CaptureFixture[str], short: bool) -> None:
    """Searching and what is related."""
    finding.run(tmp_path, 120, rounds=1, short=short)

    out = capsys.readouterr().out
    assert "| search stadt |" in out
    assert ("| related |" in out) is not short


def test_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every client asks for every feed, with its validator."""
    again.run(tmp_path, feeds=5, rounds=1)

    assert capsys.readouterr().out.count('{"304": 30}') == 2


def test_refresh(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Only changed feeds are parsed, and never in the parent."""
    refresh.run(tmp_path, feeds=3, rounds=1, hosts=2, items=2)

    out = capsys.readouterr().out
    assert '{"200": 3}' in out
    assert '{"304": 3}' in out
    assert '{"304": 2, "200": 1}' in out or '{"200": 1, "304": 2}' in out
    assert out.count("imported: urllib3;") == 3


def test_start(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In a pipe and in a terminal."""
    start.run(tmp_path, (40,), rounds=1)

    assert "| latest in a terminal, 40 |" in capsys.readouterr().out


def test_understanding(capsys: pytest.CaptureFixture[str]) -> None:
    """From nothing and warm."""
    understanding.run(rounds=1, count=3)

    assert "| 3 articles from nothing |" in capsys.readouterr().out


def test_pages(capsys: pytest.CaptureFixture[str]) -> None:
    """Pages of both kinds are read, an article is typeset."""
    pages.run(rounds=1, size=20_000)

    assert "| a page of another site |" in capsys.readouterr().out


def test_digest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every format of an issue."""
    digest.run(tmp_path, 80, rounds=1)

    assert "| eml |" in capsys.readouterr().out


def test_scale(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every command, and the picture."""
    scale.run(tmp_path, (40, 80), 0, tmp_path / "scale.svg")

    out = capsys.readouterr().out
    assert all(f"| `{command}` |" in out for command in scale.COMMANDS.values())
    drawn = ElementTree.parse(tmp_path / "scale.svg").getroot()
    assert len([one for one in drawn if one.tag.endswith("polyline")]) == len(scale.COMMANDS)
