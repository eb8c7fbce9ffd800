"""Archives of older versions: a dump of every schema that ever was is kept, and opens."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.newsstand import NOW, fill
from kommcli.archive import articles, fulltext, pages, rethinking
from kommcli.archive.database import open_for_reading, open_for_writing, transaction
from kommcli.archive.schema import APPLICATION_ID, MIGRATIONS, SERIAL_BITS, VERSION, migrate
from kommcli.conditions import All, Query, Term
from kommcli.model import Mention, NewArticle, Page

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


@pytest.mark.row("S9")
def test_an_old_archive_becomes_a_new_one(migrated: sqlite3.Connection, db: sqlite3.Connection) -> None:
    assert migrated.execute("PRAGMA user_version").fetchone()[0] == VERSION
    assert migrated.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
    assert schema(migrated) == schema(db)
    assert migrated.execute("PRAGMA foreign_key_check").fetchall() == []
    assert migrated.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert fulltext.is_sound(migrated)


@pytest.mark.row("S9")
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


def test_old_articles_are_found_by_every_address(migrated: sqlite3.Connection) -> None:
    ids = {one.title: one.id for one in articles.select(migrated, Query())}
    for url in (
        "https://www.kommune21.example/meldung_1.html",
        "https://kommune21.example/meldung_1_Neues+Portal.pdf",
        "https://www.kommune21.example/?p=1",  # its guid
        "https://www.kommune21.example/?p=1&post_type=k21-meldungen",
    ):
        assert articles.resolve(migrated, url) == [ids[TITLES[1]]]
    assert articles.resolve(migrated, "https://presse.example/3") == [ids[TITLES[2]]]
    count = migrated.execute("SELECT count(DISTINCT article), count(*) FROM addresses")
    assert count.fetchone() == (2, 4)


def test_old_articles_get_pages(migrated: sqlite3.Connection) -> None:
    assert pages.wanted(migrated, NOW, ()) == []
    assert len(pages.missing(migrated, Query(limit=0))) == 2
    ((_row, _key, entry),) = list(rethinking.entries(migrated, ["presse"]))
    (one,) = articles.resolve(migrated, entry.link)
    told = Page(entry.title, related=(Mention("x", url="https://kommune21.example/meldung_1_x.html"),))
    with transaction(migrated):
        pages.store(migrated, one, told, NewArticle(entry), entry.link, NOW)

    assert pages.page(migrated, one) == told
    assert [other.mention.title for other in pages.related(migrated, one)] == [TITLES[1]]


def old_archive(count: int) -> sqlite3.Connection:
    """An archive of version 2 with ``count`` articles."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    for step in MIGRATIONS[:2]:
        step(db)
    db.execute("PRAGMA user_version = 2")
    db.execute("INSERT INTO feeds (id, key, url) VALUES (1, 'a', 'https://a.example/feed')")
    site = "a.example/k21-meldungen"
    with transaction(db):
        db.executemany(
            """INSERT INTO articles (id, ref, feed, identity, second, hash, url, title, first_seen)
               VALUES (?, ?, 1, ?, ?, '', ?, 'Title', 1)""",
            (
                (
                    number << SERIAL_BITS,
                    f"r{number}",
                    f"g:a.example?post_type=k21&p={number}",
                    f"l:{site}/slug-{number}",
                    f"https://www.{site}/slug-{number}/",
                )
                for number in range(count)
            ),
        )
    return db


def test_the_work_of_a_migration_grows_with_the_archive_and_no_faster() -> None:
    costs = []
    for count in (5_000, 50_000):
        db = old_archive(count)
        steps = [0]

        def step(steps: list[int] = steps) -> None:
            steps[0] += 1

        db.set_progress_handler(step, 100)  # every hundred instructions of SQLite's machine
        migrate(db)
        db.set_progress_handler(None, 0)
        costs.append(steps[0])
        assert db.execute("SELECT count(*) FROM addresses").fetchone() == (3 * count,)
        assert articles.resolve(db, f"https://a.example/?p={count - 1}") == [f"r{count - 1}"]
        db.close()
    assert costs[1] < 15 * costs[0]  # ten times as many; were it quadratic, a hundred times the work
