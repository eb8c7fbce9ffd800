"""Checking a table by its keys, and collecting what is wrong, so that all can be told at once."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kommcli.config.kinds import Inside
from kommcli.config.spec import Key
from kommcli.errors import ConfigError, did_you_mean, sentence
from kommcli.i18n import _
from kommcli.text import clean, shorten
from kommcli.urls import has_credentials, redacted

if TYPE_CHECKING:
    from kommcli.config.lines import Way


class Problems:
    """The findings in the file ``path`` with the content ``text``."""

    def __init__(self, path: Path, text: str) -> None:
        self.path, self.text = path, text
        self.found: list[tuple[int, str, str]] = []

    def line_of(self, where: Way) -> int:
        """The line of the key or table that the names of ``where`` lead to; 0: it is not known."""
        from kommcli.config.lines import line_of

        return line_of(self.text, where)

    def add(self, where: Way, what: str, code: str = "config.value", remedy: str = "") -> None:
        """Something wrong with the key or table at ``where``."""
        self.tell(self.line_of(where), what, code, remedy)

    def tell(self, line: int, what: str, code: str, remedy: str) -> None:
        """Something wrong in ``line``; 0: the line is not known."""
        place = f"{self.path}:{line}" if line else str(self.path)
        self.found.append((line, code, sentence(f"{place}: {what}", "", code, remedy)))

    def raise_if_any(self) -> None:
        """Raises `ConfigError` with all findings in the order of the file."""
        if self.found:
            ordered = sorted(self.found)
            raise ConfigError(tuple(text for _line, _code, text in ordered), code=ordered[0][1])


def as_table(value: Any, where: Way, problems: Problems) -> dict[str, Any]:
    """``value``, or an empty table if it is none."""
    if isinstance(value, dict):
        return value
    from kommcli.config.lines import dotted

    name = clean(dotted(part for part in where if isinstance(part, str)))
    header = f"[[{name}]]" if name == "feeds" else f"[{name}]"
    problems.add(
        where,
        _("{name} must be a table").format(name=name),
        remedy=_("Write its keys below a line {header}.").format(header=header),
    )
    return {}


def checked(
    keys: tuple[Key, ...],
    table: Any,
    where: Way,
    problems: Problems,
    also: Iterable[str] = (),
) -> dict[str, Any]:
    """The values of the table at ``where``, defaults filled in; None where there is neither.

    ``also`` are names that may be meant by an unknown key: those of tables.
    """
    table = as_table(table, where, problems)
    known = {key.name: key for key in keys}
    for given in table:
        if given not in known:
            problems.add(
                (*where, given),
                _("unknown key {key}").format(key=f'"{clean(given)}"'),
                "config.unknown_key",
                did_you_mean(given, (*known, *also)),
            )
    values = {}
    for key in keys:
        value = table.get(key.name, key.default)
        try:
            values[key.name] = None if value is None else key.parse(value)
        except ValueError as error:
            _refuse(key.name, value, error, where, problems)
            values[key.name] = None if key.default is None else key.parse(key.default)
    return values


def remedy_of(wanted: object) -> str:
    """The sentence of an error that says what is wanted."""
    return str(wanted)[0].upper() + str(wanted)[1:] + "."


def _refuse(name: str, value: Any, error: ValueError, where: Way, problems: Problems) -> None:
    entries = error.entries if isinstance(error, Inside) else [("", value, str(error))]
    for entry, one, wanted in entries:
        names = (name, entry) if entry else (name,)
        key = clean(".".join(names))
        problems.add(
            (*where, *names),
            _("{key} = {value} cannot be used").format(key=key, value=_shown(name, one)),
            remedy=remedy_of(wanted),
        )


def _shown(name: str, value: Any) -> str:
    """A wrong value as an error may repeat it: short, clean, and nothing that may hold a secret."""
    if name in ("headers", "auth", "password"):
        return "…"
    if isinstance(value, str):
        value = redacted(value) if name == "url" or has_credentials(value) else value
        return f'"{shorten(clean(value), 60)}"'
    return shorten(clean(repr(value)), 60)
