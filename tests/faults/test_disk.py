"""The disk: full, read-only, failing, damaged, or far away."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from conftest import Home, item, rss
from hardship import files_of, rights_only
from kommcli.archive import articles, database
from kommcli.conditions import Query
from kommcli.errors import ArchiveError
from newsroom import newsroom

BULK = rss("".join(item(f"n{n}", description=f"{n} " * 1_500) for n in range(60)))


@pytest.fixture
def room(home: Home) -> Home:
    """Eight articles that are stored, and a feed that now has 60 long ones."""
    newsroom(home)
    (home.path / "feeds" / "alpha.xml").write_bytes(BULK)
    return home


def count(home: Home) -> int:
    done = home.run("latest", "--offline", "-n", "9999")
    assert (done.returncode, done.stderr) == (0, "")
    return len(done.stdout.splitlines())


def sound(home: Home) -> None:
    with closing(sqlite3.connect(home.path / "archive.db")) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.mark.parametrize("size", [4_096, 50_000, 150_000])
@pytest.mark.row("S4")
def test_a_write_that_fails_is_exit_6_and_loses_nothing(room: Home, size: int) -> None:
    done = room.run("fetch", under=files_of(size))

    assert (done.returncode, done.stdout) == (6, "")
    assert done.stderr.startswith(
        f"kommcli: reading or writing the archive {room.path / 'archive.db'} failed ("
    )
    assert "[cache.io]" in done.stderr
    assert count(room) == 8
    sound(room)
    assert room.run("fetch").returncode == 0
    assert count(room) == 68


@pytest.fixture
def tiny() -> Iterator[Path]:
    """A disk of 600 kB."""
    folder = Path(tempfile.mkdtemp())
    command = ["mount", "-t", "tmpfs", "-o", "size=600k", "kommcli-test", str(folder)]
    try:
        mounted = os.geteuid() == 0 and subprocess.run(command, capture_output=True).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        folder.rmdir()
        pytest.skip("only root may make a small disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)
    folder.rmdir()


@pytest.mark.row("S3")
def test_a_full_disk_is_exit_6_and_reading_works(room: Home, tiny: Path) -> None:
    shutil.copytree(room.path, tiny, dirs_exist_ok=True)
    (room.path / "feeds" / "alpha.xml").rename(room.path / "alpha.xml")
    small = Home(tiny, room.env | {"KOMMCLI_HOME": str(tiny)})
    done = small.run("fetch")

    assert (done.returncode, done.stdout) == (6, "")
    assert done.stderr.startswith(
        f"kommcli: no space is left for the archive {tiny / 'archive.db'} [cache.full]"
    )
    assert count(small) == 8
    assert small.run("mark", "star", "feed:alpha").returncode in (0, 6)
    sound(small)


def overfill(db: sqlite3.Connection) -> None:
    """A transaction that wants more pages than the archive may have."""
    db.execute(f"PRAGMA max_page_count = {db.execute('PRAGMA page_count').fetchone()[0] + 1}")
    with database.transaction(db), database.savepoint(db):
        db.execute("CREATE TABLE big (x)")
        db.execute("INSERT INTO big VALUES (zeroblob(1000000))")


@pytest.mark.row("S3")
def test_what_finds_no_space_is_rolled_back_and_what_was_stored_before_stays(room: Home) -> None:
    path = room.path / "archive.db"
    with closing(database.open_for_writing(path)) as db:
        with pytest.raises(ArchiveError) as caught, database.translated(path):
            overfill(db)
        assert (caught.value.code, caught.value.exit_status) == ("cache.full", 6)
        assert len(articles.ids(db, Query(limit=0))) == 8


@pytest.fixture
def read_only(room: Home) -> Iterator[Home]:
    """Neither the archive nor its folder can be written."""
    (room.path / "archive.db").chmod(0o400)
    room.path.chmod(0o500)
    yield room
    room.path.chmod(0o700)


@pytest.mark.parametrize(
    "command", ["latest", "latest --offline", "read yqmfqvyb --offline", "states", "stats", "feeds list"]
)
@pytest.mark.row("S5")
def test_what_can_only_be_read_is_read(read_only: Home, command: str) -> None:
    done = read_only.run(*command.split(), under=rights_only())

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


@pytest.mark.parametrize("command", ["fetch", "mark read --feed alpha", "latest --refresh"])
@pytest.mark.row("S5")
def test_what_cannot_be_written_is_exit_6_with_path_and_remedy(read_only: Home, command: str) -> None:
    done = read_only.run(*command.split(), under=rights_only())

    assert (done.returncode, done.stdout) == (6, "")
    assert str(read_only.path / "archive.db") in done.stderr
    assert "permissions" in done.stderr


@pytest.mark.row("S5", "S14")
def test_a_journal_that_nobody_may_read_in_is_no_reason_for_old_news(room: Home) -> None:
    leave_a_journal(room.path)
    room.path.chmod(0o500)
    try:
        done = room.run("latest", "--offline", under=rights_only())
    finally:
        room.path.chmod(0o700)
    assert done.returncode == 6
    assert "[cache.io]" in done.stderr
    assert room.run("latest", "--offline", "--starred").stdout.count("\n") == 8


def leave_a_journal(folder: Path) -> None:
    """As after a kill: eight stars that stand in the journal only."""
    path, copy = folder / "archive.db", folder / "copy"
    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE articles SET starred = 1")
        db.commit()
        shutil.copy(path, copy)
        shutil.copy(f"{path}-wal", f"{copy}-wal")
    copy.replace(path)
    Path(f"{copy}-wal").replace(f"{path}-wal")


@pytest.mark.row("S14")
def test_a_journal_left_behind_is_read_in_and_one_that_is_lost_costs_its_part_only(room: Home) -> None:
    leave_a_journal(room.path)
    assert (room.path / "archive.db-wal").stat().st_size > 0
    assert room.run("latest", "--offline", "--starred").stdout.count("\n") == 8

    with closing(sqlite3.connect(room.path / "archive.db")) as db:
        db.execute("UPDATE articles SET starred = 0")
        db.commit()
    leave_a_journal(room.path)
    (room.path / "archive.db-wal").unlink()
    assert room.run("latest", "--offline", "--starred").stdout == ""
    assert count(room) == 8
    sound(room)


@pytest.mark.row("S7")
def test_a_file_of_zero_bytes_is_an_empty_archive(room: Home) -> None:
    (room.path / "archive.db").write_bytes(b"")
    done = room.run("latest", "--offline")

    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "kommcli: the archive is empty; fetch with: kommcli fetch\n"
    assert room.run("fetch").returncode == 0
    assert count(room) == 63


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def flipped(content: bytes) -> bytes:
    """Every page but the first is other bytes."""
    return content[:4_096] + bytes(255 - byte for byte in content[4_096:])


@pytest.mark.parametrize("damage", [cut, flipped, lambda content: b"\0" * len(content)])
@pytest.mark.row("S6")
def test_a_damaged_archive_is_told_with_its_rescue_and_left_alone(room: Home, damage: Any) -> None:
    path = room.path / "archive.db"
    path.write_bytes(damage(path.read_bytes()))
    before = path.read_bytes()
    for command in (["latest", "--offline"], ["fetch"]):
        done = room.run(*command)
        assert (done.returncode, done.stdout) == (6, "")
        assert "[cache.corrupt]. Rescue what can be read: sqlite3 " in done.stderr
        assert path.read_bytes() == before


@pytest.mark.row("S6")
def test_an_archive_that_is_overwritten_while_it_is_open_is_told(room: Home) -> None:
    path = room.path / "archive.db"
    with closing(database.open_for_writing(path)) as db:
        path.write_bytes(b"something else" * 5_000)
        db.execute("PRAGMA shrink_memory")
        with pytest.raises(ArchiveError) as caught, database.translated(path):
            articles.select(db, Query())
    assert caught.value.code == "cache.corrupt"


@pytest.mark.row("S16")
def test_a_link_in_place_of_the_archive_is_followed(room: Home, tmp_path: Path) -> None:
    path, elsewhere = room.path / "archive.db", tmp_path / "elsewhere.db"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)

    assert count(room) == 8
    assert room.run("fetch").returncode == 0
    assert path.is_symlink()
    assert count(room) == 68


@pytest.mark.row("S4", "S16")
def test_the_folder_is_gone(room: Home) -> None:
    shutil.rmtree(room.path)
    room.path.write_text("no folder")
    done = room.run("fetch")

    assert done.returncode in (5, 6)
    assert str(room.path) in done.stderr
    room.path.unlink()


@pytest.mark.row("S15")
def test_a_file_system_without_shared_memory_is_enough(room: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = sqlite3.connect

    def far_away(path: Any, **options: Any) -> sqlite3.Connection:
        address = str(path) if str(path).startswith("file:") else f"file:{path}?mode=rwc"
        return connect(f"{address}&vfs=unix-none", **(options | {"uri": True}))

    monkeypatch.setattr(sqlite3, "connect", far_away)
    path = room.path / "far.db"
    with database.lock(path), closing(database.open_for_writing(path)) as db:
        assert db.execute("PRAGMA journal_mode").fetchone()[0] == "delete"
        with database.transaction(db):
            db.execute("INSERT INTO feeds (key, url) VALUES ('a', 'https://a.example/')")
    reader = database.open_for_reading(path)
    assert reader is not None
    assert reader.execute("SELECT key FROM feeds").fetchall() == [("a",)]
    reader.close()


@pytest.mark.row("S2")
def test_what_was_acknowledged_is_on_the_disk(room: Home) -> None:
    with closing(database.open_for_writing(room.path / "archive.db")) as db:
        full = 2  # https://sqlite.org/pragma.html#pragma_synchronous
        assert db.execute("PRAGMA synchronous").fetchone()[0] == full
