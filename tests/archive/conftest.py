"""What the tests of the archive get."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from kommcli.archive.database import open_for_writing


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """An empty archive."""
    connection = open_for_writing(tmp_path / "archive.db")
    yield connection
    connection.close()
