"""Before the commands are loaded: which language, and streams that cannot fail on a character."""

from __future__ import annotations

import gettext
import io
import os
import re
import sys
from collections.abc import MutableMapping, Sequence
from pathlib import Path

from kommcli import i18n, paths


def speak(arguments: Sequence[str], environ: MutableMapping[str, str]) -> None:
    """Choose the language (``--lang``, else the configuration, else the locale) for us and for Typer."""
    language = _asked(arguments) or _configured(arguments, environ) or i18n.from_locale(environ)
    i18n.use(language)
    # Typer asks gettext's default domain, which looks at the environment.
    environ["LANGUAGE"] = language
    gettext.bindtextdomain("kommcli", str(Path(i18n.__file__).with_name("locale")))
    gettext.textdomain("kommcli")
    _open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _open_closed_streams() -> None:
    """Give a process that was started without some standard stream one that nobody reads or writes.

    Standard output is one that cannot be written: data that goes nowhere is an error.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            descriptor = os.open(os.devnull, os.O_WRONLY if name == "stderr" else os.O_RDONLY)
            if descriptor != number:
                os.dup2(descriptor, number)
                os.close(descriptor)
            mode = "r" if name == "stdin" else "w"
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115


def _option(arguments: Sequence[str], name: str) -> str:
    for position, argument in enumerate(arguments):
        if argument == name:
            return arguments[position + 1] if position + 1 < len(arguments) else ""
        if argument.startswith(name + "="):
            return argument.partition("=")[2]
        if (
            not argument.startswith("-")
            and position
            and arguments[position - 1] not in ("--config", "--lang")
        ):
            return ""  # the command begins: what follows is its own
    return ""


def _asked(arguments: Sequence[str]) -> str:
    language = _option(arguments, "--lang")
    return language if language in i18n.LANGUAGES else ""


def _configured(arguments: Sequence[str], environ: MutableMapping[str, str]) -> str:
    """The language that the configuration names, read without checking it: errors are told later."""
    if "--demo" in arguments:
        return ""
    chosen = _option(arguments, "--config")
    path = paths.find(environ, config=Path(chosen) if chosen else None).config
    try:
        head = path.read_text("utf-8", errors="replace").partition("\n[")[0]
    except (OSError, ValueError):
        return ""
    found = re.search(r"""(?m)^\s*language\s*=\s*["'](de|en)["']""", head)
    return found[1] if found else ""
