"""Archives of older versions: a dump of every schema that ever was is kept, and opens."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.newsstand import fill
from kommcli.archive import articles, rethinking
from kommcli.archive.database import open_for_reading, open_for_writing
from kommcli.archive.schema import APPLICATION_ID, VERSION
from kommcli.conditions import All, Query, Term
from kommcli.model import NewArticle

DUMPS = Path(__file__).parent.parent / "data" / "archives"

TITLES = ["Ohne Datum", "Neues Portal für Bürgerinnen", "Gesetz beschlossen"]


@pytest.fixture(params=range(1, VERSION))
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """An archive of an older version, of three articles in two feeds."""
    path = tmp_path / "old.db"
    db = sqlite3.connect(path)
    db.executescript((DUMPS / f"schema-{request.param}.sql").read_text("utf-8"))
    assert db.execute("PRAGMA user_version").fetchone()[0] == request.param
    db.close()
    return path


@pytest.fixture
def migrated(old: Path) -> Iterator[sqlite3.Connection]:
    reader = open_for_reading(old)  # migrates
    assert reader is not None
    reader.close()
    db = open_for_writing(old)
    yield db
    db.close()


def schema(db: sqlite3.Connection) -> dict[str, list[object]]:
    tables = db.execute("SELECT type, name FROM sqlite_master").fetchall()
    columns = 'SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_info(?)'
    return {f"{kind} {name}": sorted(db.execute(columns, (name,))) for kind, name in tables}


def test_an_old_archive_becomes_a_new_one(migrated: sqlite3.Connection, db: sqlite3.Connection) -> None:
    assert migrated.execute("PRAGMA user_version").fetchone()[0] == VERSION
    assert migrated.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
    assert schema(migrated) == schema(db)
    assert migrated.execute("PRAGMA foreign_key_check").fetchall() == []
    assert migrated.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_nothing_is_lost(migrated: sqlite3.Connection) -> None:
    found = articles.select(migrated, Query())
    assert [one.title for one in found] == TITLES
    assert [(one.read, one.starred) for one in found] == [(False, False), (False, True), (True, False)]
    assert [len(one.places) for one in found] == [0, 3, 0]
    assert {one.level for one in found} == {""}


def test_old_articles_are_found_by_what_they_are_about(migrated: sqlite3.Connection) -> None:
    for number, field, value in (
        (1, "state", "DE-HE"),
        (1, "place", "06431"),
        (1, "place", "region:metropolregion-rhein-neckar"),
        (1, "topic", "ki"),
        (1, "kind", "bericht"),
        (2, "topic", "politik"),
        (0, "topic", "none"),
    ):
        found = articles.select(migrated, Query(All((Term(field, (value,)),))))
        assert [one.title for one in found] == [TITLES[number]]
    assert len(articles.ids(migrated, Query(All((Term("state", ("none",)),))))) == 2


def test_the_next_visit_finds_nothing_changed(migrated: sqlite3.Connection) -> None:
    for key in ("kommune21", "presse"):
        again = [NewArticle(entry) for _row, _key, entry in rethinking.entries(migrated, [key])]
        assert fill(migrated, again, key) == (0, 0)
