"""Changing the configuration file: the user's comments, order and blank lines stay as they are.

Functions take and give the text of the file. Existing values are replaced by tomlkit; new lines are put
in by line, because tomlkit would set them behind the comments that belong to what follows.
"""

from __future__ import annotations

import os
import re
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kommcli.config.load import builtin_toml, line_of, parse, read
from kommcli.errors import ConfigError
from kommcli.i18n import _

_HEADER = re.compile(r"\s*\[\[?\s*([\w.\"'-]+)\s*\]\]?\s*(#.*)?$")


def text_of(path: Path) -> str:
    """The text of the configuration; empty where there is none. Raises `ConfigError`."""
    return read(path) or ""


def add_feed(text: str, values: Mapping[str, Any]) -> str:
    """Append a ``[[feeds]]`` table with ``values`` (TOML values by key)."""
    import tomlkit

    if tomllib.loads(text).get("feeds") == []:
        document = tomlkit.parse(text)
        document.remove("feeds")
        text = document.as_string()
    lines = [f"{name} = {_value(value)}" for name, value in values.items()]
    gap = "" if not text.strip() else "\n" if text.endswith("\n") else "\n\n"
    return f"{text}{gap}[[feeds]]\n" + "\n".join(lines) + "\n"


def own_feeds(text: str) -> str:
    """Write kommcli's own list of feeds into a file that names none, so that one can be changed."""
    if "feeds" in tomllib.loads(text):
        return text
    gap = "" if not text.strip() else "\n" if text.endswith("\n") else "\n\n"
    return f"{text}{gap}{builtin_toml()}"


def change_feed(text: str, index: int, changes: Mapping[str, Any]) -> str:
    """Set keys of the ``index``-th feed; a value of None takes the key out."""
    for name, value in changes.items():
        text = _set(text, "feeds", index, name, value)
    return text


def set_value(text: str, section: str, name: str, value: Any) -> str:
    """Set a key at the top of the file (``section`` "") or in ``[section]``; None takes it out."""
    return _set(text, section, 0, name, value)


def remove_feed(text: str, index: int) -> str:
    """Take out the ``index``-th feed: its header and keys, not the comments around it."""
    import tomlkit

    before = tomllib.loads(text)["feeds"]
    start, end = _span(text, index)
    lines = text.splitlines(keepends=True)
    changed = "".join(lines[:start] + lines[end:])
    after = before[:index] + before[index + 1 :]
    try:
        done = tomllib.loads(changed).get("feeds", []) == after
    except tomllib.TOMLDecodeError:
        done = False
    if not done:  # an unusual layout, for example feeds = [{…}]
        document = tomlkit.parse(text)
        feeds: Any = document["feeds"]
        del feeds[index]
        changed = document.as_string()
    return changed if after else "feeds = []\n" + re.sub(r"(?m)^feeds\s*=.*\n", "", changed)


def _span(text: str, index: int) -> tuple[int, int]:
    """The lines [start, end) of the ``index``-th feed table, without comments and blanks behind it."""
    lines = text.splitlines()
    start = line_of(text, "feeds", index, "") - 1
    end = start + 1
    while end < len(lines):
        header = _HEADER.match(lines[end])
        if header and not header[1].startswith("feeds."):
            break
        end += 1
    while end > start + 1 and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return start, end


def _set(text: str, section: str, index: int, name: str, value: Any) -> str:
    import tomlkit

    document = tomlkit.parse(text)
    table: Any = document
    if section:
        table = document.get(section)
        if section == "feeds":
            table = table[index]
    if table is not None and name in table:
        if value is None:
            del table[name]
        else:
            table[name] = value
        return document.as_string()
    if value is None:
        return text
    line = f"{name} = {_value(value)}"
    if section and table is None:
        gap = "" if not text.strip() else "\n" if text.endswith("\n") else "\n\n"
        return f"{text}{gap}[{section}]\n{line}\n"
    return _insert(text, _place(text, section, index), line)


def _place(text: str, section: str, index: int) -> int:
    """The line (from 0) before which a new key of a table may stand."""
    if section:
        anchors = ("title", "url", "key") if section == "feeds" else ("",)
        return max(line_of(text, section, index, anchor) for anchor in anchors)
    # At the top: behind the comment that opens the file, if a blank line sets it off.
    lines = text.splitlines()
    opening = 0
    while opening < len(lines) and lines[opening].startswith("#"):
        opening += 1
    return opening + 1 if opening < len(lines) and not lines[opening].strip() else 0


def _insert(text: str, at: int, line: str) -> str:
    lines = text.splitlines(keepends=True)
    if at and not lines[at - 1].endswith("\n"):
        lines[at - 1] += "\n"
    # A blank line sets a new key at the top off from the comment of the table that follows.
    gap = "\n" if not (at and lines[at - 1].strip()) and lines[at : at + 1] and lines[at][0] in "[#" else ""
    return "".join([*lines[:at], line + "\n" + gap, *lines[at:]])


def _value(value: Any) -> str:
    import tomlkit

    return str(tomlkit.item(value).as_string())


def write(path: Path, text: str) -> None:
    """Replace the file in one step, readable only by its owner if it is new. A text that kommcli could
    not read back is refused. Raises `ConfigError`."""
    parse(text, path)
    target = Path(os.path.realpath(path))  # a linked dotfile stays a link
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o600
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".kommcli-")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(name, mode)
            os.replace(name, target)
        except BaseException:
            os.unlink(name)
            raise
    except OSError as error:
        raise ConfigError.single(
            _("the configuration {path} cannot be written").format(path=path),
            cause=error.strerror or "",
            code="config.write",
            remedy=_("Check the path and its permissions."),
        ) from error
