"""``doctor`` and the full-text index: what is wrong is told, and mended."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest

from conftest import Home
from newsroom import newsroom


def looked(home: Home, *options: str, status: int = 0) -> dict[str, Any]:
    """What the check of the index found."""
    checks = home.json("doctor", "--json", *options, status=status)["checks"]
    return next(check for check in checks if check["name"] == "index")


@pytest.mark.parametrize(
    "harm",
    [
        "DELETE FROM documents WHERE id = 2",
        "INSERT INTO search (rowid, head) VALUES (99, 'nirgends')",
        "UPDATE articles SET title = 'Ganz anders' WHERE id = (SELECT min(id) FROM articles)",
    ],
)
def test_a_wrong_index_is_told_and_mended(home: Home, harm: str) -> None:
    newsroom(home)
    db = sqlite3.connect(home.path / "archive.db")
    db.execute("PRAGMA foreign_keys = ON")
    with db:
        db.execute(harm)
    db.close()

    found = looked(home, status=6)
    assert found["findings"][0]["code"] == "cache.index"
    assert "--mend" in found["findings"][0]["remedy"]
    mended = looked(home, "--mend")
    assert [one for one in mended["findings"] if one["severity"] == "error"] == []
    assert looked(home, "--deep")["ok"]


def test_a_sound_index_has_no_finding(home: Home) -> None:
    newsroom(home)
    assert looked(home, "--deep")["findings"] == []
