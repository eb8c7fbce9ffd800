"""`backup` and `restore`: everything in one file, on any machine, and nothing believed unchecked."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zipfile
from pathlib import Path

import pytest

from conftest import Home, make_home
from kommcli.archive import fulltext
from newsroom import newsroom
from newswire import WATCHES, ids, newswire


@pytest.fixture
def full(home: Home) -> Home:
    """A home with eight articles, one starred, and a last list."""
    newsroom(home)
    home.run("mark", "star", home.json("latest", "--offline", "--json")["articles"][0]["id"])
    home.terminal("latest", "--offline")
    return home


def articles(home: Home) -> list[dict[str, object]]:
    """All that the archive has."""
    return list(home.json("latest", "--offline", "--json", "-n", "100")["articles"])


def test_a_backup_is_restored_on_another_machine(full: Home, tmp_path: Path) -> None:
    file = tmp_path / "kommcli.zip"
    done = full.run("backup", str(file))
    assert (done.returncode, done.stdout) == (0, "")
    assert file.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(file) as bundle:
        assert set(bundle.namelist()) == {
            "manifest.json", "archive.db", "config.toml", "state/last-list.json"
        }  # fmt: skip

    other = make_home(tmp_path / "elsewhere" if (tmp_path / "elsewhere").mkdir() is None else tmp_path)
    assert other.run("restore", str(file)).returncode == 0  # nothing is there, so nothing is asked
    assert articles(other) == articles(full)
    assert other.config_text() == full.config_text()
    assert other.run("read", "1", "--json").returncode == 0
    for path in (other.path / "archive.db", other.path / "config.toml"):
        assert path.stat().st_mode & 0o777 == 0o600


def tables(home: Home) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables of the archive."""
    with sqlite3.connect(home.path / "archive.db") as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sorted(db.execute(f"SELECT * FROM {name}").fetchall(), key=repr) for name in names}


def test_stories_index_edits_and_watches_come_back(home: Home, tmp_path: Path) -> None:
    newswire(home)
    home.config(home.config_text() + WATCHES)
    assert home.json("watch", "--json")["watches"]
    blick = home.path / "feeds" / "blick.xml"
    blick.write_bytes(blick.read_bytes().replace(b"Bauakten auf Zuruf", b"Akten auf Zuruf", 1))
    assert home.run("fetch", "--all").returncode == 0
    known = ids(home)
    home.run("story", "split", known["neu"])
    before = tables(home)
    for name in ("search_data", "documents", "traits", "story_keys", "edits", "watches", "rulings"):
        assert before[name], name
    file = tmp_path / "kommcli.zip"
    assert home.run("backup", str(file)).returncode == 0
    assert home.run("prune", "--keep", "1", "--yes").returncode == 0
    assert home.run("restore", "--yes", str(file)).returncode == 0

    assert tables(home) == before
    with sqlite3.connect(home.path / "archive.db") as db:
        assert fulltext.is_sound(db)
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    assert not any(one["articles"] for one in home.json("watch", "--json")["watches"])  # listed before


def test_what_is_replaced_is_kept_aside(full: Home, tmp_path: Path) -> None:
    file = tmp_path / "kommcli.zip"
    full.run("backup", str(file))
    before = articles(full)
    full.run("prune", "--keep", "1", "--yes")
    pruned = articles(full)
    full.run("config", "set", "limit", "3")
    refused = full.run("restore", str(file))
    assert (refused.returncode, "--yes" in refused.stderr) == (2, True)
    assert articles(full) == pruned
    for _twice in range(2):
        done = full.run("restore", "--yes", str(file))
        assert (done.returncode, done.stderr.count("kept aside")) == (0, 2)
    assert articles(full) == before
    first, second = sorted(full.path.glob("config.toml.2026*"))
    assert "limit = 3" in first.read_text("utf-8")
    assert "limit = 3" not in second.read_text("utf-8")
    aside = sorted(full.path.glob("archive.db.2026*"))
    assert len(aside) == 2
    with sqlite3.connect(f"file:{aside[0]}?mode=ro", uri=True) as db:
        assert db.execute("SELECT count(*) FROM articles").fetchone() == (len(pruned),)
    assert not list(full.path.glob(".kommcli-*"))


def test_a_backup_while_another_kommcli_writes(full: Home, tmp_path: Path) -> None:
    db = sqlite3.connect(full.path / "archive.db", isolation_level=None)
    db.execute("BEGIN IMMEDIATE")
    db.execute("UPDATE articles SET title = 'half'")
    assert full.run("backup", str(tmp_path / "k.zip")).returncode == 0
    db.execute("ROLLBACK")
    db.close()
    with zipfile.ZipFile(tmp_path / "k.zip") as bundle:
        bundle.extract("archive.db", tmp_path)
    with sqlite3.connect(tmp_path / "archive.db") as copy:
        assert copy.execute("SELECT count(*) FROM articles WHERE title = 'half'").fetchone() == (0,)
        assert copy.execute("PRAGMA quick_check").fetchone() == ("ok",)


def test_an_older_backup_is_replaced_another_file_is_not(full: Home, tmp_path: Path) -> None:
    file = tmp_path / "kommcli.zip"
    assert [full.run("backup", str(file)).returncode for _twice in range(2)] == [0, 0]
    text = tmp_path / "letter.txt"
    text.write_text("Sehr geehrte")
    done = full.run("backup", str(text))
    assert (done.returncode, text.read_text()) == (6, "Sehr geehrte")
    assert full.run("backup", str(tmp_path)).returncode == 6
    assert full.run("backup", str(tmp_path / "missing" / "k.zip")).returncode == 6


def test_without_an_archive_there_is_nothing_to_back_up(home: Home, tmp_path: Path) -> None:
    done = home.run("backup", str(tmp_path / "k.zip"))
    assert (done.returncode, "[cache.missing]" in done.stderr) == (4, True)
    assert home.run("restore", str(tmp_path / "k.zip")).returncode == 6
    assert home.run("--demo", "backup", str(tmp_path / "k.zip")).returncode == 0
    assert home.run("--demo", "restore", str(tmp_path / "k.zip")).returncode == 2


def changed(file: Path, **parts: bytes | None) -> None:
    """Write the backup anew with other parts (None: left out); ``__`` in a name stands for a dot."""
    with zipfile.ZipFile(file) as bundle:
        known = {name: bundle.read(name) for name in bundle.namelist()}
    for name, content in parts.items():
        known.pop(name.replace("__", "."), None)
        if content is not None:
            known[name.replace("__", ".")] = content
    with zipfile.ZipFile(file, "w") as bundle:
        for name, content in known.items():
            bundle.writestr(name, content)


def remade(file: Path, archive: bytes | None = None, **about: object) -> None:
    """Write the backup anew with another archive and a manifest that fits."""
    with zipfile.ZipFile(file) as bundle:
        manifest = json.loads(bundle.read("manifest.json")) | about
        archive = archive if archive is not None else bundle.read("archive.db")
    for one in manifest["files"]:
        if one["name"] == "archive.db":
            one |= {"bytes": len(archive), "sha256": hashlib.sha256(archive).hexdigest()}
    changed(file, manifest__json=json.dumps(manifest).encode(), archive__db=archive)


@pytest.mark.parametrize("case", range(13))
def test_what_is_no_sound_backup_changes_nothing(full: Home, tmp_path: Path, case: int) -> None:
    file = tmp_path / "kommcli.zip"
    full.run("backup", str(file))
    whole = file.read_bytes()
    db = sqlite3.connect(tmp_path / "foreign.db")
    db.execute("CREATE TABLE t (x)")
    db.execute("PRAGMA user_version = 3")
    db.close()
    with zipfile.ZipFile(file) as bundle:
        bundle.extract("archive.db", tmp_path)
        manifest = json.loads(bundle.read("manifest.json"))
    newer = sqlite3.connect(tmp_path / "archive.db")
    newer.execute("PRAGMA user_version = 99")
    newer.close()
    out = {"name": "../../evil", "bytes": 1, "sha256": hashlib.sha256(b"x").hexdigest()}
    code = [
        ("cache.foreign", lambda: file.write_text("no zip")),
        ("cache.foreign", lambda: file.write_bytes(b"")),
        ("cache.foreign", lambda: file.write_bytes(whole[: len(whole) // 2])),
        ("cache.foreign", lambda: changed(file, manifest__json=None)),
        ("cache.foreign", lambda: changed(file, manifest__json=b"{}")),
        ("cache.corrupt", lambda: changed(file, manifest__json=b"{" * 90_000)),
        ("cache.newer", lambda: remade(file, format="kommcli/backup/2")),
        ("cache.corrupt", lambda: changed(file, archive__db=b"SQLite format 3\0")),
        ("cache.corrupt", lambda: changed(file, config__toml=None)),
        ("cache.corrupt", lambda: remade(file, files=[*manifest["files"], out])),
        ("cache.foreign", lambda: remade(file, (tmp_path / "foreign.db").read_bytes())),
        ("cache.newer", lambda: remade(file, (tmp_path / "archive.db").read_bytes())),
        ("cache.corrupt", lambda: file.write_bytes(whole[:2_000] + b"\0" * 500 + whole[2_500:])),
    ][case]
    code[1]()
    before, config = articles(full), full.config_text()
    done = full.run("restore", "--yes", str(file))
    assert (done.returncode, f"[{code[0]}]" in done.stderr) == (6, True), done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert (articles(full), full.config_text()) == (before, config)
    assert not list(full.path.glob("*.2026*")) + list(full.path.glob(".kommcli-*"))


def test_a_damaged_archive_gives_way_to_a_backup(full: Home, tmp_path: Path) -> None:
    file = tmp_path / "kommcli.zip"
    full.run("backup", str(file))
    before = articles(full)
    for suffix in ("-wal", "-shm"):
        (full.path / f"archive.db{suffix}").unlink(missing_ok=True)
    (full.path / "archive.db").write_bytes(b"garbage" * 1_000)
    assert full.run("restore", "--yes", str(file)).returncode == 0
    assert articles(full) == before
