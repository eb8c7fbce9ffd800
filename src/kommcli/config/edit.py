"""Changing the configuration file: the user's comments, order and blank lines stay as they are.

Functions take and give the text of the file. Each change is tried by line first, because tomlkit would set
new keys behind the comments that belong to what follows; where the lines are laid out in an unusual way,
tomlkit does it. What counts is that the result means what was wanted, and that is checked.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from kommcli import files
from kommcli.config.example import toml_value
from kommcli.config.lines import Way, dotted, header, line_of, named, parts
from kommcli.config.load import builtin_toml, parse, read, toml
from kommcli.errors import ConfigError
from kommcli.i18n import _


def text_of(path: Path) -> str:
    """The text of the configuration; empty where there is none. Raises `ConfigError`, also where the file
    is no valid TOML."""
    text = read(path) or ""
    toml(text, path)
    return text


def add_feed(text: str, values: Mapping[str, Any]) -> str:
    """Append a ``[[feeds]]`` table with ``values`` (TOML values by key)."""
    return add_feeds(text, [values])


def add_feeds(text: str, feeds: Sequence[Mapping[str, Any]]) -> str:
    """Append a ``[[feeds]]`` table for each of ``feeds``."""
    new = [dict(values) for values in feeds]
    wanted = tomllib.loads(text)
    wanted["feeds"] = [*wanted.get("feeds", []), *new]

    def table(values: Mapping[str, Any]) -> str:
        return "[[feeds]]\n" + "".join(f"{name} = {toml_value(value)}\n" for name, value in values.items())

    def by_line() -> str:
        own = text if tomllib.loads(text).get("feeds") else _without_feeds(text)
        return f"{own}{_gap(own)}" + "\n".join(map(table, new))

    return _meaning(wanted, by_line, lambda: _by_tomlkit(text, lambda file: file["feeds"].extend(new)))


def own_feeds(text: str) -> str:
    """Write kommcli's own list of feeds into a file that names none, so that one can be changed."""
    return text if "feeds" in tomllib.loads(text) else f"{text}{_gap(text)}{builtin_toml()}"


def change_feed(text: str, index: int, changes: Mapping[str, Any]) -> str:
    """Set keys of the ``index``-th feed; a value of None takes the key out."""
    for name, value in changes.items():
        text = _set(text, ("feeds", index), name, value)
    return text


def set_value(text: str, section: str, name: str, value: Any) -> str:
    """Set a key at the top of the file (``section`` "") or in ``[section]``; None takes it out.

    ``section`` is a dotted key such as ``places.alias``. Raises `ConfigError`.
    """
    return _set(text, parts(section) if section else (), name, value)


def remove_feed(text: str, index: int) -> str:
    """Take out the ``index``-th feed: its header and keys, not the comments around it."""
    wanted = tomllib.loads(text)
    del wanted["feeds"][index]

    def by_line() -> str:
        start, end = _span(text, index)
        lines = text.splitlines(keepends=True)
        changed = "".join(lines[:start] + lines[end:])
        return changed if wanted["feeds"] else "feeds = []\n" + changed

    return _meaning(wanted, by_line, lambda: _by_tomlkit(text, lambda file: file["feeds"].pop(index)))


def _set(text: str, table: Way, name: str, value: Any) -> str:
    """Set a key in the table that the names lead to."""

    def assign(file: Any) -> None:
        inner = file
        for part in table:
            inner = inner[part] if isinstance(part, int) else inner.setdefault(part, {})
        if value is not None:
            inner[name] = value
        else:
            inner.pop(name, None)

    before, wanted = tomllib.loads(text), tomllib.loads(text)
    known = _known(before, table, name)
    if value is None and not known:
        return text

    def by_line() -> str:
        line = f"{dotted((name,))} = {toml_value(value)}"
        if table and not _begins(text, table):
            return f"{text}{_gap(text)}[{dotted(map(str, table))}]\n{line}\n"
        return _insert(text, _place(text, table), line)

    def by_tomlkit() -> str:
        return _by_tomlkit(text, assign)

    try:
        assign(wanted)
    except (TypeError, AttributeError):
        raise _layout() from None  # a value stands where a table would have to be
    return _meaning(wanted, *((by_tomlkit,) if known else (by_line, by_tomlkit)))


def _known(file: Any, table: Way, name: str) -> bool:
    for part in table:
        file = file[part] if isinstance(part, int) else file.get(part) if isinstance(file, dict) else None
    return isinstance(file, dict) and name in file


def _begins(text: str, table: Way) -> bool:
    """Whether the table has a line ``[table]``."""
    line = line_of(text, table)
    return bool(line) and bool(header(text.splitlines()[line - 1].strip())) and (line, table) in named(text)


def _meaning(wanted: dict[str, Any], *ways: Callable[[], str]) -> str:
    """The first text that means ``wanted``."""
    from tomlkit.exceptions import TOMLKitError

    for way in ways:
        try:
            text = way()
            if _full(tomllib.loads(text)) == _full(wanted):
                return text
        except (TOMLKitError, ValueError, TypeError, LookupError, AttributeError):
            continue  # not this way: the next one, or the error below
    raise _layout()


def _full(table: dict[str, Any]) -> dict[str, Any]:
    """``table`` without the empty tables in it, which go with the last of their dotted keys."""
    inner = {name: _full(value) if isinstance(value, dict) else value for name, value in table.items()}
    return {name: value for name, value in inner.items() if value != {}}


def _layout() -> ConfigError:
    return ConfigError.single(
        _("the configuration is laid out in a way that kommcli cannot change"),
        code="config.layout",
        remedy=_("Change it with an editor."),
    )


def _by_tomlkit(text: str, change: Callable[[Any], object]) -> str:
    import tomlkit

    document = tomlkit.parse(text)
    change(document)
    return document.as_string()


def _without_feeds(text: str) -> str:
    return _by_tomlkit(text, lambda file: file.pop("feeds", None))


def _gap(text: str) -> str:
    """What parts a new table from ``text``."""
    if not text.strip():
        return ""
    return "\n" if text.endswith("\n") else "\n\n"


def _span(text: str, index: int) -> tuple[int, int]:
    """The lines [start, end) of the ``index``-th feed table, without comments and blanks behind it."""
    lines = text.splitlines()
    start = line_of(text, ("feeds", index)) - 1
    end = start + 1
    while end < len(lines):
        found = header(lines[end].strip())
        if found and (found == ("feeds",) or found[0] != "feeds"):
            break
        end += 1
    while end > start + 1 and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return start, end


def _place(text: str, table: Way) -> int:
    """The line (from 0) before which a new key of a table may stand."""
    if table:
        anchors = ("title", "url", "key") if table[0] == "feeds" else ()
        return max(line_of(text, way) for way in (table, *((*table, anchor) for anchor in anchors)))
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


def write(path: Path, text: str) -> None:
    """Replace the file in one step, readable only by its owner if it is new. A text that kommcli could
    not read back is refused. Raises `ConfigError`."""
    parse(text, path)
    target = Path(os.path.realpath(path))  # a linked dotfile stays a link
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if target.exists() and b"\r\n" in target.read_bytes():
            text = text.replace("\n", "\r\n")
        files.replace(target, text, 0o600)
    except OSError as error:
        raise ConfigError.single(
            _("the configuration {path} cannot be written").format(path=path),
            cause=error.strerror or "",
            code="config.write",
            remedy=_("Check the path and its permissions."),
        ) from error
