"""What the user hands in: saved pages, from files and standard input, of bounded size."""

from __future__ import annotations

from typing import IO

from kommcli.errors import NothingToShow, OutputError
from kommcli.i18n import _

LARGEST = 5_000_000
"""Bytes that are read."""


def read_file(path: str) -> bytes:
    """The bytes of a file. Raises `OutputError` where it cannot be read, `NothingToShow` for too many."""
    try:
        with open(path, "rb") as file:
            return read(file)
    except OSError as error:
        raise OutputError(
            _("{path} cannot be read").format(path=path),
            cause=error.strerror or "",
            code="io.file",
            remedy=_("Check the path and its permissions."),
        ) from error


def read(stream: IO[bytes]) -> bytes:
    """The bytes of a stream. Raises `NothingToShow` for too many."""
    body = stream.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise NothingToShow(
            _("the file is larger than {size} MB").format(size=LARGEST // 1_000_000),
            code="http.too_large",
            remedy=_("Save an article's page as HTML or text."),
        )
    return body
