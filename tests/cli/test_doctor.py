"""`doctor` end to end: each trouble is found, with its remedy and exit status."""

from __future__ import annotations

import os
import sqlite3
from typing import Any

import pytest

from conftest import Home, item, rss
from loopback import Server
from newsroom import newsroom

NAMES = ["config", "feeds", "archive", "index", "mail", "outbox", "disk", "clock", "terminal"]


def checks(home: Home, status: int = 0) -> dict[str, Any]:
    """The checks by name."""
    return {one["name"]: one for one in home.json("doctor", "--json", status=status)["checks"]}


def test_all_is_well(home: Home) -> None:
    newsroom(home)
    found = checks(home)
    assert list(found) == NAMES
    assert all(one["ok"] for one in found.values())
    lines = [line.split("\t") for line in home.run("doctor").stdout.splitlines()]
    assert [line[0] for line in lines] == NAMES
    assert {len(line) for line in lines} == {6}


def test_before_the_first_fetch(home: Home) -> None:
    found = checks(home)
    assert "never asked" in found["feeds"]["findings"][0]["what"]
    assert not (home.path / "archive.db").exists()


def test_a_broken_configuration(home: Home) -> None:
    home.config("limit = -1\n[views]\npress = 'topic:ki'\n")
    found = checks(home, status=5)
    assert found["config"]["findings"][0]["code"] == "config.value"
    assert found["disk"]["ok"]
    home.config("[views]\npress = 'topic:('\n")
    assert not checks(home, status=5)["config"]["ok"]


def test_feeds_in_trouble(home: Home, server: Server) -> None:
    server.reply("/gone", b"", status=410)
    server.reply("/bad", b"", status=500)
    server.reply("/old", rss(item(1, pubDate="Thu, 15 Jan 2026 08:00:00 +0100")))
    home.feeds({name: server.url(f"/{name}") for name in ("gone", "bad", "old")})
    home.run("fetch")
    home.run("fetch", "bad")
    found = {one["feed"]: one for one in checks(home, status=3)["feeds"]["findings"]}
    assert {key: (one["severity"], one["code"]) for key, one in found.items()} == {
        "gone": ("error", "http.gone"),
        "bad": ("warning", "http.status"),
        "old": ("warning", "feed.stale"),
    }
    assert "kommcli feeds remove gone" in found["gone"]["remedy"]


def test_a_damaged_archive(home: Home) -> None:
    newsroom(home)
    with sqlite3.connect(home.path / "archive.db", isolation_level=None) as db:
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("DELETE FROM articles WHERE rowid = (SELECT max(rowid) FROM articles)")
    archive = checks(home, status=6)["archive"]
    assert (archive["ok"], archive["findings"][0]["code"]) == (False, "cache.corrupt")
    assert "-> articles" in archive["findings"][0]["what"]

    (home.path / "archive.db").write_bytes(b"garbage" * 1_000)
    for suffix in ("-wal", "-shm"):
        (home.path / f"archive.db{suffix}").unlink(missing_ok=True)
    found = checks(home, status=6)
    assert not found["archive"]["ok"]
    assert found["config"]["ok"]


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_files_that_others_may_read(home: Home) -> None:
    newsroom(home)
    (home.path / "archive.db").chmod(0o644)
    assert checks(home)["archive"]["findings"][0]["code"] == "doctor.readable"


def test_a_clock_that_was_set_back(home: Home) -> None:
    newsroom(home)
    with sqlite3.connect(home.path / "archive.db") as db:
        db.execute("UPDATE feeds SET last_ok = 9999999999")
    del home.env["KOMMCLI_NOW"]
    assert checks(home)["clock"]["findings"][0]["code"] == "doctor.clock"


def test_on_a_terminal_and_in_german(home: Home, in_terminal) -> None:
    newsroom(home)
    screen = in_terminal(["--lang", "de", "doctor"], columns=200)
    assert "✓ Konfiguration" in screen
    assert "8 Artikel" in screen
    assert "KOMMCLI_NOW" in screen
