"""Where the data goes: standard output or a file that is written in one step."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from kommcli.errors import BadUsage, OutputError
from kommcli.i18n import _

if TYPE_CHECKING:
    from rich.console import RenderableType

Chosen = TypeVar("Chosen", bound=StrEnum)


def chosen_format(kinds: type[Chosen], asked: Chosen | None, as_json: bool, file: Path | None) -> Chosen:
    """The format to write: what was asked, else "terminal" for people and "plain" for pipes and files."""
    if as_json:
        if asked is not None and asked != "json":
            raise BadUsage(
                _("--json and --format {format} contradict each other").format(format=asked),
                remedy=_("Leave one of them out."),
            )
        return kinds("json")
    return asked or kinds("terminal" if file is None and sys.stdout.isatty() else "plain")


def write(text: str, file: Path | None) -> None:
    """Write ``text`` to ``file`` in one step, or to standard output. Raises `OutputError`."""
    if file is not None:
        _write_file(text, file)
        return
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        # The interpreter would complain once more when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise OutputError(_("standard output cannot be written"), cause=error.strerror or "") from error


def write_terminal(draw: Callable[[int], RenderableType], file: Path | None) -> None:
    """Print what ``draw`` makes of the width; into a file at 100 columns without colours."""
    from kommcli.render import terminal

    if file is not None:
        _write_file(terminal.to_text(draw(100), 100), file)
        return
    screen = terminal.console()
    screen.print(draw(screen.width))


def _write_file(text: str, file: Path) -> None:
    try:
        descriptor, name = tempfile.mkstemp(dir=file.absolute().parent, prefix=".kommcli-")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            os.chmod(name, file.stat().st_mode & 0o777 if file.exists() else _default_mode())
            os.replace(name, file)
        except BaseException:
            os.unlink(name)
            raise
    except OSError as error:
        raise OutputError(
            _("{path} cannot be written").format(path=file), cause=error.strerror or "", code="io.file"
        ) from error


def _default_mode() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
