"""Feeds and pages that are files: read only below one folder (``feed_root``; of the demo, its own)."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from urllib.parse import unquote_to_bytes

from kommcli.errors import FeedFailure
from kommcli.i18n import _
from kommcli.model import Fetched, NotModified
from kommcli.text import clean

# A FIFO without a writer must not block, and the last step must not be a link made after the check.
_OPEN = os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC

_SLUG = re.compile(r"[a-z0-9-]{1,200}")


def read(url: str, root: Path | None, *, etag: str = "", limit: int) -> Fetched | NotModified:
    """The bytes of a ``file:`` address: ``file:x.xml`` relative to ``root``, or ``file:///abs/x.xml``.

    ``etag`` is what an earlier answer gave: `NotModified` when size (bytes) and time of change (ns)
    are still the same. ``limit`` in bytes.

    Raises `FeedFailure`: ``feed.root`` (no root, or outside it, links followed), ``feed.file`` (cannot
    be read, not a regular file), ``http.too_large``, ``http.empty``.
    """
    path = _inside(url, root)
    try:
        descriptor = os.open(path, _OPEN)
        try:
            validator = _validator(descriptor)
            if validator == etag:
                return NotModified()
            with open(descriptor, "rb", closefd=False) as file:
                body = file.read(limit + 1)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise FeedFailure("feed.file", clean(error.strerror or "")) from error
    if len(body) > limit:
        raise FeedFailure("http.too_large")
    if not body or body.isspace():
        raise FeedFailure("http.empty")
    return Fetched(url=url, body=body, etag=validator)


def _validator(descriptor: int) -> str:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise FeedFailure("feed.file", _("not a regular file"))
    return f"{status.st_size}-{status.st_mtime_ns}"


def _inside(url: str, root: Path | None) -> Path:
    if root is None:
        raise FeedFailure("feed.root", _("feed_root is not set"))
    name = os.fsdecode(unquote_to_bytes(_path(url)))
    try:
        folder = root.resolve()
        path = (folder / name).resolve()
    except (OSError, ValueError, RuntimeError) as error:  # a NUL; a loop of links
        raise FeedFailure("feed.file", _("not a valid path")) from error
    if not path.is_relative_to(folder):
        raise FeedFailure("feed.root")
    return path


def _path(url: str) -> str:
    """The path of a file address, still quoted. ``?`` and ``#`` are ordinary characters of a name."""
    scheme, _colon, rest = url.partition(":")
    if scheme.lower() != "file":
        raise FeedFailure("feed.file", _("not a file address"))
    if not rest.startswith("//"):
        return rest
    machine, slash, path = rest[2:].partition("/")
    if machine.lower() not in ("", "localhost"):
        raise FeedFailure("feed.file", _("the file lies on another machine"))
    return slash + path


def saved(url: str, folder: Path) -> Fetched:
    """The page of an address from a ``folder`` of files that are called like its last part. Raises
    `FeedFailure` ``article.gone`` where there is none."""
    path = _file(url, folder)
    if path is None:
        raise FeedFailure("article.gone")
    return Fetched(url, path.read_bytes(), content_type="text/html; charset=utf-8")


def has_saved(url: str, folder: Path) -> bool:
    """Whether the folder has the page of an address."""
    return _file(url, folder) is not None


def _file(url: str, folder: Path) -> Path | None:
    slug = url.partition("#")[0].partition("?")[0].rstrip("/").rpartition("/")[2]
    path = folder / f"{slug}.html"
    return path if _SLUG.fullmatch(slug) and path.is_file() else None
