"""The archive's file itself: whether it is sound, how much room it takes, and copies of it."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from kommcli.archive import columns
from kommcli.archive.database import check_owner, translated
from kommcli.archive.schema import SERIAL_BITS
from kommcli.errors import ArchiveError
from kommcli.i18n import _


class Space(NamedTuple):
    """Bytes of the file, and of what in it is free."""

    size: int
    free: int


def faults(db: sqlite3.Connection) -> list[str]:
    """What SQLite finds wrong, in its own words; at most a hundred lines. Nothing where all is well."""
    found = [str(row[0]) for row in db.execute("PRAGMA quick_check(100)")]
    if found == ["ok"]:
        found = []
    for table, row, parent, _number in db.execute("PRAGMA foreign_key_check").fetchmany(100 - len(found)):
        found.append(f"{table} -> {parent}" if row is None else f"{table} {row} -> {parent}")
    return found


def version(db: sqlite3.Connection) -> int:
    """The number of the schema."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def space(db: sqlite3.Connection) -> Space:
    """How much room the archive takes."""
    page, pages, free = (
        int(db.execute(f"PRAGMA {name}").fetchone()[0])
        for name in ("page_size", "page_count", "freelist_count")
    )
    return Space(page * pages, page * free)


def compact(db: sqlite3.Connection) -> None:
    """Give free room back to the disk. SQLite writes the file anew, which needs twice its room meanwhile."""
    db.execute("VACUUM")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def copy(db: sqlite3.Connection, path: Path) -> None:
    """Copy the archive, as it is now, into one new file at ``path``; others may read and write meanwhile."""
    target = sqlite3.connect(path)
    try:
        db.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")  # one file, complete in itself
    finally:
        target.close()


def articles(db: sqlite3.Connection) -> int:
    """How many articles there are."""
    return int(db.execute("SELECT count(*) FROM articles").fetchone()[0])


def newest(db: sqlite3.Connection) -> dict[str, datetime]:
    """The date of the newest article of every feed that has one, by key."""
    rows = db.execute("SELECT key, (SELECT max(id) FROM articles WHERE feed = feeds.id) FROM feeds")
    return {key: columns.instant(row >> SERIAL_BITS) for key, row in rows if row is not None}


def check_copy(path: Path, origin: Path) -> None:
    """Make sure that the file at ``path``, out of the backup ``origin``, is a sound archive that this kommcli
    can read. Raises `ArchiveError`."""
    with translated(origin):
        db = sqlite3.connect(f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True)
        try:
            check_owner(db, origin)
            found = faults(db)
        finally:
            db.close()
    if found:
        raise ArchiveError(
            _("the backup {path} is damaged").format(path=origin),
            cause=found[0],
            code="cache.corrupt",
            remedy=_("Take another backup; nothing was changed."),
        )


def settle(path: Path) -> None:
    """Bring what stands in the journal of the archive at ``path`` into its file, so that the file is complete
    in itself; one that is damaged or foreign stays as it is."""
    try:
        db = sqlite3.connect(path, timeout=1)
        try:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            db.close()
    except sqlite3.Error:
        return
