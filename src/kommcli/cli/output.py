"""Where the data goes: standard output or a file that is written in one step."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, TypeVar

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
    with printing():
        sys.stdout.write(text)


@contextmanager
def printing() -> Iterator[None]:
    """Around everything that prints: ``kommcli … | head`` ends silently, as the shell's own tools do;
    what else cannot be written is an `OutputError`."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        silence(sys.stdout)
        sys.exit(141)
    except OSError as error:
        silence(sys.stdout)
        raise OutputError(
            _("standard output cannot be written"),
            cause=error.strerror or "",
            remedy=_("Make room, or write to another place."),
        ) from error


def silence(stream: TextIO) -> None:
    """Lead a broken stream nowhere: what it still holds must not fail again when the interpreter ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def talk(text: str) -> None:
    """Talk to a person: on standard error. Where that cannot be written nobody listens; the work goes on."""
    try:
        for line in text.splitlines():
            print(f"kommcli: {line}", file=sys.stderr, flush=True)  # noqa: T201
    except OSError:
        silence(sys.stderr)


def write_terminal(draw: Callable[[int], RenderableType], file: Path | None) -> None:
    """Print what ``draw`` makes of the width; into a file at 100 columns without colours."""
    from kommcli.render import terminal

    if file is not None:
        _write_file(terminal.to_text(draw(100), 100), file)
        return
    screen = terminal.console()
    with printing():
        screen.print(draw(screen.width))


def _write_file(text: str, file: Path) -> None:
    from kommcli import files

    try:
        files.replace(file, text, _default_mode())
    except OSError as error:
        raise OutputError(
            _("{path} cannot be written").format(path=file),
            cause=error.strerror or "",
            code="io.file",
            remedy=_("Check the path and its permissions."),
        ) from error


def _default_mode() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
