"""A backup: configuration, archive and state in one zip file with a manifest that says what is in it.

A backup may come from anywhere, so nothing in it is believed before it is checked: names, sizes and sums must
be those of the manifest, and no name leads out of the folder.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, NamedTuple

from kommcli.errors import ArchiveError, OutputError
from kommcli.i18n import _

FORMAT = "kommcli/backup/1"
ARCHIVE, CONFIG, STATE = "archive.db", "config.toml", "state/"

_MANIFEST = "manifest.json"
_LARGEST_MANIFEST = 100_000
_NAME = re.compile(r"archive\.db|config\.toml|state/[a-z0-9][a-z0-9._-]{0,80}")
_CHUNK = 1 << 20


class Manifest(NamedTuple):
    """What a backup says of itself: the kommcli that wrote it, the archive's schema, when (RFC 3339), and the
    size and SHA-256 of its files."""

    kommcli: str
    schema: int
    created: str
    files: dict[str, tuple[int, str]]


def write(path: Path, files: Mapping[str, Path], kommcli: str, schema: int, created: str) -> int:
    """Write ``files`` (by their names in the backup) to ``path`` in one step, for the user's eyes only; gives
    the bytes. Raises `OutputError`; a file that is no backup is not replaced."""
    try:
        if path.exists() and not _is_backup(path):
            raise OutputError(
                _("{path} exists and is no backup").format(path=path),
                code="io.file",
                remedy=_("Choose another name."),
            )
        descriptor, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=".kommcli-")
        try:
            with os.fdopen(descriptor, "w+b") as file:
                _fill(file, files, {"kommcli": kommcli, "schema": schema, "created": created})
                file.flush()
                os.fsync(file.fileno())
                size = file.tell()
            os.replace(name, path)
        except BaseException:
            os.unlink(name)
            raise
    except OSError as error:
        raise OutputError(
            _("{path} cannot be written").format(path=path),
            cause=error.strerror or "",
            code="io.file",
            remedy=_("Check the path and its permissions."),
        ) from error
    return size


def _fill(file: IO[bytes], files: Mapping[str, Path], about: Mapping[str, object]) -> None:
    listed = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as bundle:
        for name, source in files.items():
            digest, size = hashlib.sha256(), 0
            with source.open("rb") as taken, bundle.open(_entry(name), "w", force_zip64=True) as part:
                while chunk := taken.read(_CHUNK):
                    digest.update(chunk)
                    size += len(chunk)
                    part.write(chunk)
            listed.append({"name": name, "bytes": size, "sha256": digest.hexdigest()})
        bundle.writestr(_entry(_MANIFEST), json.dumps({"format": FORMAT, **about, "files": listed}, indent=1))
    file.seek(0, os.SEEK_END)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry


def manifest(path: Path) -> Manifest:
    """What the backup at ``path`` says of itself. Raises `ArchiveError`."""
    with _opened(path) as bundle:
        return _manifest(bundle, path)


def extract(path: Path, folder: Path) -> Manifest:
    """Unpack the backup at ``path`` into ``folder`` and check every file. Raises `ArchiveError` where it is
    none, damaged, or of a newer kommcli; OSError where the folder cannot be written."""
    with _opened(path) as bundle:
        found = _manifest(bundle, path)
        for name, (size, digest) in found.files.items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                with bundle.open(name) as part:
                    sound = _copied(part, target, size) == digest
            except (zipfile.BadZipFile, EOFError, ValueError, RuntimeError, NotImplementedError) as error:
                raise _damaged(path, name) from error
            except Exception as error:  # zlib.error, lzma.LZMAError: their modules need not be there
                if isinstance(error, OSError):
                    raise
                raise _damaged(path, name) from error
            if not sound:
                raise _damaged(path, name)
        return found


def _copied(part: IO[bytes], target: Path, size: int) -> str:
    """The SHA-256 of what was copied; empty where it is not ``size`` bytes."""
    digest, left = hashlib.sha256(), size
    with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while chunk := part.read(min(_CHUNK, left + 1)):
            left -= len(chunk)
            if left < 0:
                return ""
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest() if left == 0 else ""


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except OSError as error:
        raise ArchiveError(
            _("the backup {path} cannot be read").format(path=path),
            cause=error.strerror or "",
            remedy=_("Check the path and its permissions."),
        ) from error
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _foreign(path) from error


def _manifest(bundle: zipfile.ZipFile, path: Path) -> Manifest:
    try:
        with bundle.open(_MANIFEST) as part:
            text = part.read(_LARGEST_MANIFEST + 1)
        value = json.loads(text) if len(text) <= _LARGEST_MANIFEST else None
    except KeyError:
        raise _foreign(path) from None
    except OSError:
        raise
    except Exception as error:  # whatever a broken zip or JSON raises
        raise _damaged(path, _MANIFEST) from error
    form = value.get("format") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(form, str) or not form.startswith("kommcli/backup/"):
        raise _foreign(path)
    if form != FORMAT:
        raise _newer(path, form)
    found = _read(value)
    if found is None or sorted([*found.files, _MANIFEST]) != sorted(bundle.namelist()):
        raise _damaged(path, _MANIFEST)
    return found


def _read(value: dict[str, Any]) -> Manifest | None:
    try:
        files = {str(one["name"]): (int(one["bytes"]), str(one["sha256"])) for one in value["files"]}
        found = Manifest(str(value["kommcli"]), int(value["schema"]), str(value["created"]), files)
    except (KeyError, TypeError, ValueError):
        return None
    sound = all(_NAME.fullmatch(name) and size >= 0 for name, (size, _digest) in files.items())
    return found if sound and ARCHIVE in files else None


def _is_backup(path: Path) -> bool:
    if path.is_file() and path.stat().st_size == 0:
        return True
    try:
        manifest(path)
    except ArchiveError:
        return False
    return True


def _foreign(path: Path) -> ArchiveError:
    return ArchiveError(
        _("{path} is no backup of kommcli").format(path=path),
        code="cache.foreign",
        remedy=_("Name a file that `kommcli backup` wrote."),
    )


def _damaged(path: Path, name: str) -> ArchiveError:
    return ArchiveError(
        _("the backup {path} is damaged").format(path=path),
        cause=name,
        code="cache.corrupt",
        remedy=_("Take another backup; nothing was changed."),
    )


def _newer(path: Path, found: str) -> ArchiveError:
    return ArchiveError(
        _("the backup {path} was written by a newer kommcli").format(path=path),
        cause=found,
        code="cache.newer",
        remedy=_("Update kommcli; nothing was changed."),
    )
