"""The archive's file: S6, S8, S10, S12, S13, S16, S25."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from kommcli.archive import feeds
from kommcli.archive.database import lock, open_for_reading, open_for_writing, savepoint, transaction
from kommcli.archive.schema import APPLICATION_ID, MIGRATIONS, VERSION
from kommcli.errors import ArchiveError, ArchiveLocked
from kommcli.model import Feed


def code_of(path: Path, *, write: bool = True) -> str:
    with pytest.raises(ArchiveError) as caught:
        (open_for_writing if write else open_for_reading)(path)
    assert caught.value.exit_status in (6, 9)
    return caught.value.code


def test_a_new_archive_is_ours(tmp_path: Path) -> None:
    db = open_for_writing(tmp_path / "archive.db")

    assert db.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
    assert db.execute("PRAGMA user_version").fetchone()[0] == VERSION == len(MIGRATIONS)
    assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    db.close()


def test_no_archive_is_nothing_to_read(tmp_path: Path) -> None:
    assert open_for_reading(tmp_path / "archive.db") is None
    assert not (tmp_path / "archive.db").exists()


@pytest.mark.row("S6")
def test_S6_garbage_is_reported_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    path.write_bytes(b"this is no database at all, but a long enough text" * 100)
    before = path.read_bytes()

    assert code_of(path) == "cache.corrupt"
    assert code_of(path, write=False) == "cache.corrupt"
    assert path.read_bytes() == before


@pytest.mark.row("S8")
def test_S8_a_newer_schema_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    db = open_for_writing(path)
    db.execute(f"PRAGMA user_version = {VERSION + 1}")
    db.close()
    before = path.read_bytes()

    assert code_of(path) == "cache.newer"
    assert code_of(path, write=False) == "cache.newer"
    assert path.read_bytes() == before


@pytest.mark.parametrize("application_id", [0, 12345])
@pytest.mark.row("S10")
def test_S10_another_program_s_database_is_not_touched(tmp_path: Path, application_id: int) -> None:
    path = tmp_path / "archive.db"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE letters (x)")
        db.execute(f"PRAGMA application_id = {application_id}")
    db.close()
    before = path.read_bytes()

    assert code_of(path) == "cache.foreign"
    assert code_of(path, write=False) == "cache.foreign"
    assert path.read_bytes() == before


@pytest.mark.row("S12")
def test_S12_a_reader_does_not_wait_for_a_writer(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    writer = open_for_writing(path)
    with transaction(writer):
        feeds.rowid(writer, Feed("a", "https://a.example/"))
        reader = open_for_reading(path)
        assert reader is not None
        assert feeds.states(reader) == {}
        reader.close()
    writer.close()


@pytest.mark.row("S13")
def test_S13_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    program = (
        "import sys, time; from pathlib import Path; from kommcli.archive.database import lock\n"
        "with lock(Path(sys.argv[1])):\n    print('held', flush=True)\n    time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"

    with pytest.raises(ArchiveLocked) as caught, lock(path, 0.1):
        pass
    assert (caught.value.code, caught.value.exit_status) == ("cache.locked", 9)

    holder.send_signal(signal.SIGKILL)
    holder.wait()
    holder.stdout.close()
    with lock(path, 0.1):
        pass


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
@pytest.mark.row("S13")
def test_S13_not_writable_is_not_running(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(ArchiveError) as caught, lock(tmp_path / "archive.db", 0.1):
            pass
    finally:
        tmp_path.chmod(0o700)
    assert caught.value.code == "cache.io"


@pytest.mark.row("S16")
def test_S16_a_folder_in_place_of_the_file_and_names_with_marks(tmp_path: Path) -> None:
    (tmp_path / "archive.db").mkdir()
    assert code_of(tmp_path / "archive.db") == "cache.io"

    odd = tmp_path / "what? a #name & more%41" / "archive.db"
    open_for_writing(odd).close()
    reader = open_for_reading(odd)
    assert reader is not None
    reader.close()
    assert odd.exists()


@pytest.mark.parametrize("mask", [0o000, 0o077])
@pytest.mark.row("S25")
def test_S25_files_are_private_whatever_the_umask(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        path = tmp_path / "data" / "archive.db"
        db = open_for_writing(path)
        db.execute("CREATE TABLE t (x)")
        modes = {one.name: stat.S_IMODE(one.stat().st_mode) for one in path.parent.iterdir()}
        db.close()
        with lock(path):
            modes |= {one.name: stat.S_IMODE(one.stat().st_mode) for one in path.parent.iterdir()}
    finally:
        os.umask(before)
    assert set(modes.values()) == {0o600}, modes
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def break_off(db: sqlite3.Connection) -> None:
    with savepoint(db):
        feeds.rowid(db, Feed("b", "https://b.example/"))
        raise ZeroDivisionError


@pytest.mark.row("S1")
def test_a_feed_is_all_or_nothing(tmp_path: Path) -> None:
    db = open_for_writing(tmp_path / "archive.db")
    with transaction(db):
        with savepoint(db):
            feeds.rowid(db, Feed("a", "https://a.example/"))
        with pytest.raises(ZeroDivisionError):
            break_off(db)
    assert set(feeds.states(db)) == {"a"}
    db.close()


def test_the_documented_view(tmp_path: Path) -> None:
    db = open_for_writing(tmp_path / "archive.db")
    columns = [row[1] for row in db.execute("PRAGMA table_info(v_articles)")]

    assert columns[:6] == ["id", "feed", "kicker", "title", "url", "kind"]
    assert {"published_utc", "published_is_estimate", "level", "states", "read", "starred"} <= set(columns)
    db.close()
