"""Opening the archive's file, and what its errors mean to people."""

from __future__ import annotations

import os
import shlex
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from kommcli.archive.schema import APPLICATION_ID, VERSION, migrate, roll_back
from kommcli.errors import ArchiveError, ArchiveLocked
from kommcli.i18n import _

WAIT = 10.0
"""Seconds to wait for another kommcli before giving up."""


def open_for_writing(path: Path) -> sqlite3.Connection:
    """The archive at ``path``, made or migrated where needed.

    The folder gets mode 0700 and the file 0600 whatever the umask says: the archive tells what somebody
    reads. Raises `ArchiveError` and `ArchiveLocked`.
    """
    with translated(path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _create(path)
        db = sqlite3.connect(path, timeout=WAIT, isolation_level=None, check_same_thread=False)
        try:
            check_owner(db, path)
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")  # what was acknowledged survives a power loss
            db.execute("PRAGMA foreign_keys = ON")
            migrate(db)
        except BaseException:
            db.close()
            raise
    return db


def open_for_reading(path: Path) -> sqlite3.Connection | None:
    """The archive at ``path``, read-only; None where there is none yet. Raises `ArchiveError`.

    A reader never waits for a writer (WAL). An archive of an older kommcli is migrated first.
    """
    with translated(path):
        try:
            empty = path.stat().st_size == 0
        except FileNotFoundError:
            return None
        if empty:
            return None
        db = _connect_for_reading(path)
        try:
            version = check_owner(db, path)
        except BaseException:
            db.close()
            raise
    if version < VERSION:
        db.close()
        open_for_writing(path).close()
        return open_for_reading(path)
    return db


def _connect_for_reading(path: Path) -> sqlite3.Connection:
    # quote(): a `?` or `#` in a folder's name is a name, not an option of SQLite's URI form.
    address = f"file:{quote(str(path))}?mode=ro"
    db = sqlite3.connect(address, uri=True, timeout=WAIT, isolation_level=None)
    try:
        db.execute("PRAGMA schema_version").fetchone()
    except sqlite3.DatabaseError as error:
        db.close()
        if error.sqlite_errorname != "SQLITE_READONLY_DIRECTORY":
            raise
        # WAL wants to make files beside the archive. Where nobody can, and no journal waits to be read in,
        # nobody writes either (https://sqlite.org/wal.html#read_only_databases).
        db = sqlite3.connect(address + "&immutable=1", uri=True, isolation_level=None)
    return db


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """One write transaction. Begins as a writer at once: a reader that turns writer can only fail."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        roll_back(db)
        raise
    db.execute("COMMIT")


@contextmanager
def snapshot(db: sqlite3.Connection) -> Iterator[None]:
    """All that is read inside is of one moment, whatever others store meanwhile."""
    db.execute("BEGIN")
    try:
        yield
    finally:
        roll_back(db)


@contextmanager
def savepoint(db: sqlite3.Connection) -> Iterator[None]:
    """All or nothing inside a transaction: one feed."""
    db.execute("SAVEPOINT feed")
    try:
        yield
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK TO feed")
            db.execute("RELEASE feed")
        raise
    db.execute("RELEASE feed")


@contextmanager
def lock(path: Path, wait: float = WAIT) -> Iterator[None]:
    """Hold the right to fetch into the archive at ``path``; `ArchiveLocked` when another process still
    has it after ``wait`` seconds.

    The lock is SQLite's own on a file beside the archive: the kernel drops it when its holder dies, so
    there is no stale lock, and it works on every system that SQLite works on.
    """
    lock_path = path.with_name(path.name + ".lock")
    with translated(lock_path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _create(lock_path)
        holder = sqlite3.connect(lock_path, timeout=wait, isolation_level=None, check_same_thread=False)
        try:
            holder.execute("BEGIN EXCLUSIVE")
        except BaseException:
            holder.close()
            raise
    try:
        yield
    finally:
        holder.close()


def _create(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    os.close(descriptor)


def check_owner(db: sqlite3.Connection, path: Path) -> int:
    """The schema version of ``db``, after making sure that the file is ours and not from the future."""
    application = db.execute("PRAGMA application_id").fetchone()[0]
    version: int = db.execute("PRAGMA user_version").fetchone()[0]
    empty = not db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if application != APPLICATION_ID and not (empty and application == 0 and version == 0):
        raise ArchiveError(
            _("{path} is a database of another program").format(path=path),
            code="cache.foreign",
            remedy=_("Move it away or choose another folder with KOMMCLI_HOME."),
        )
    if version > VERSION:
        raise ArchiveError(
            _("the archive {path} was written by a newer kommcli").format(path=path),
            cause=_("schema {theirs}, this kommcli knows {ours}").format(theirs=version, ours=VERSION),
            code="cache.newer",
            remedy=_("Update kommcli; nothing was changed."),
        )
    return version


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn faults of the environment into `ArchiveError`; bugs pass through.

    By SQLite's result codes (https://sqlite.org/rescode.html).
    """
    try:
        yield
    except sqlite3.DatabaseError as error:
        name = getattr(error, "sqlite_errorname", "") or ""
        if (translation := _translate(name, error, path)) is None:
            raise
        raise translation from error
    except OSError as error:
        raise ArchiveError(
            _("the archive {path} cannot be opened").format(path=path),
            cause=error.strerror or str(error),
            remedy=_("Check the path and its permissions."),
        ) from error


def _translate(name: str, error: sqlite3.DatabaseError, path: Path) -> ArchiveError | None:
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return ArchiveLocked(
            _("another kommcli is working on {path}").format(path=path),
            remedy=_("Wait until it has finished and try again."),
        )
    if name.startswith("SQLITE_FULL"):
        return ArchiveError(
            _("no space is left for the archive {path}").format(path=path),
            code="cache.full",
            remedy=_("Make room; what was stored before is safe."),
        )
    if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
        return ArchiveError(
            _("the archive {path} is damaged").format(path=path),
            cause=str(error),
            code="cache.corrupt",
            remedy=_("Rescue what can be read: sqlite3 {path} .recover | sqlite3 rescued.db").format(
                path=shlex.quote(str(path))
            ),
        )
    if name.startswith("SQLITE_READONLY"):
        return ArchiveError(
            _("the archive {path} is read-only").format(path=path),
            code="cache.readonly",
            remedy=_("Check the permissions of the file and its folder."),
        )
    if name.startswith("SQLITE_IOERR"):
        return ArchiveError(
            _("reading or writing the archive {path} failed").format(path=path),
            cause=str(error),
            remedy=_("Look at the disk and its quota; what was stored before is safe."),
        )
    if name.startswith(("SQLITE_CANTOPEN", "SQLITE_PERM")):
        return ArchiveError(
            _("the archive {path} cannot be opened").format(path=path),
            cause=str(error),
            remedy=_("Check the path and its permissions."),
        )
    return None
