"""``backup`` and ``restore``: everything that is the user's, in one file."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kommcli.cli import asking
from kommcli.cli.session import Session, refuse_in_demo, session_of
from kommcli.errors import ArchiveError, NothingToShow
from kommcli.i18n import _

if TYPE_CHECKING:
    from kommcli.bundle import Manifest

_LARGEST_STATE = 1_000_000
"""Bytes of a file of state that goes into a backup."""


def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("The backup; an older one is replaced."))],
) -> None:
    """Write configuration, archive and state into one file."""
    from kommcli import __version__, bundle, dates
    from kommcli.archive import upkeep

    session = session_of(context)
    with session.reading() as db, _folder(session) as folder:
        if db is None:
            raise NothingToShow(
                _("there is no archive yet"), code="cache.missing", remedy=_("Run `kommcli fetch` first.")
            )
        copy = folder / bundle.ARCHIVE
        upkeep.copy(db, copy)
        files = {bundle.ARCHIVE: copy, **_own_files(session)}
        size = bundle.write(file, files, __version__, upkeep.version(db), dates.iso(session.now))
    if not session.quiet:
        session.say(_("backed up: {path} ({size} MB)").format(path=file, size=f"{size / 1_000_000:.1f}"))


def _own_files(session: Session) -> dict[str, Path]:
    """Configuration and state, by their names in a backup."""
    from kommcli import bundle

    files = {bundle.CONFIG: session.paths.config} if session.paths.config.is_file() else {}
    states = sorted(session.paths.state.glob("*.json")) if session.paths.state.is_dir() else []
    return files | {
        bundle.STATE + path.name: path
        for path in states
        if path.is_file() and path.stat().st_size <= _LARGEST_STATE
    }


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("A file that `kommcli backup` wrote."))],
    yes: asking.Yes = False,
) -> None:
    """Put a backup in place of configuration, archive and state."""
    from kommcli import bundle
    from kommcli.archive import upkeep
    from kommcli.archive.database import lock, translated

    session = session_of(context)
    refuse_in_demo(session)
    _refuse_too_large(session, bundle.manifest(file), file)
    with _folder(session) as folder:
        with translated(folder):
            found = bundle.extract(file, folder)
        upkeep.check_copy(folder / bundle.ARCHIVE, file)
        replaced = [path for path in (session.paths.config, session.paths.archive) if path.exists()]
        question = _("Put the backup of {date} in place of {paths}? They are kept aside.").format(
            date=found.created[:10], paths=", ".join(map(str, replaced))
        )
        if replaced and not yes and not asking.agreed(session, question, "restore"):
            return
        with lock(session.paths.archive), translated(session.paths.archive):
            aside = _put_in_place(session, folder)
    if not session.quiet:
        session.say(_("restored: the backup of {date}").format(date=found.created[:16].replace("T", " ")))
        for path in aside:
            session.say(_("kept aside: {path}").format(path=path))


def _put_in_place(session: Session, folder: Path) -> list[Path]:
    """Move the unpacked files to where they belong; gives what was put aside. The archive is replaced in one
    step, and its journal goes first: it must never meet another archive."""
    from kommcli import bundle
    from kommcli.archive import upkeep

    paths = session.paths
    mark = f".{session.now:%Y%m%dT%H%M%S}"
    aside = []
    if paths.archive.exists():
        upkeep.settle(paths.archive)
        kept = _kept(paths.archive, mark)
        for suffix in ("-wal", "-shm"):
            if (journal := Path(f"{paths.archive}{suffix}")).exists():
                os.replace(journal, f"{kept}{suffix}")
        aside.append(kept)
    os.replace(folder / bundle.ARCHIVE, paths.archive)
    if paths.config.exists():
        aside.append(_kept(paths.config, mark))
    if (folder / bundle.CONFIG).exists():
        paths.config.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _replace(paths.config, folder / bundle.CONFIG)
    elif paths.config.exists():
        paths.config.unlink()
    for state in (folder / bundle.STATE).glob("*"):
        paths.state.mkdir(parents=True, exist_ok=True, mode=0o700)
        _replace(paths.state / state.name, state)
    return aside


def _replace(path: Path, source: Path) -> None:
    """Put a copy of ``source``, which may be on another file system, in place of ``path`` in one step.
    Written over, it would change under its other name, too."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    shutil.copyfile(source, temporary)
    temporary.chmod(0o600)
    os.replace(temporary, path)


def _kept(path: Path, mark: str) -> Path:
    """A second name for the file at ``path``, which is replaced next."""
    free = _free(path, mark)
    try:
        os.link(path, free)
    except OSError:  # a file system without links
        shutil.copy2(path, free)
    return free


def _free(path: Path, mark: str) -> Path:
    number, free = 1, path.with_name(path.name + mark)
    while free.exists():
        number += 1
        free = path.with_name(f"{path.name}{mark}-{number}")
    return free


def _refuse_too_large(session: Session, found: Manifest, file: Path) -> None:
    needed = sum(size for size, _digest in found.files.values())
    folder = next(one for one in session.paths.archive.parents if one.exists())
    if shutil.disk_usage(folder).free < needed + 10_000_000:
        raise ArchiveError(
            _("no space is left for the archive {path}").format(path=session.paths.archive),
            cause=_("{file} needs {size} MB").format(file=file, size=needed // 1_000_000 + 1),
            code="cache.full",
            remedy=_("Make room; what was stored before is safe."),
        )


@contextmanager
def _folder(session: Session) -> Iterator[Path]:
    """A folder for a while, on the file system of the archive."""
    from kommcli.archive.database import translated

    with translated(session.paths.archive):
        session.paths.archive.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder = Path(tempfile.mkdtemp(dir=session.paths.archive.parent, prefix=".kommcli-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
