"""Where in the text of a TOML file something stands: tomllib does not tell lines."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator

Way = tuple[str | int, ...]
"""The names that lead to a value, an index behind that of an array of tables: ``("feeds", 0, "url")``."""

_PART = r"""(?:[\w-]+|"(?:[^"\\]|\\.)*"|'[^']*')"""
_NAMES = rf"{_PART}(?:[ \t]*\.[ \t]*{_PART})*"
_SETS = rf"({_NAMES})[ \t]*="
_HEADER = rf"\[\[?[ \t]*({_NAMES})[ \t]*\]\]?[ \t]*(?:#.*)?$"


def line_of(source: str, way: Way) -> int:
    """The line (from 1) where ``way`` is set; else the first with something inside it; else that of the
    innermost table around it that has one; else 0."""
    inside, around, depth = 0, 0, 0
    for line, here in named(source):
        if here == way:
            return line
        if here[: len(way)] == way:
            inside = inside or line
        elif way[: len(here)] == here and len(here) > depth:
            around, depth = line, len(here)
    return inside or around


def named(source: str) -> Iterator[tuple[int, Way]]:
    """The lines that begin a table or set a key, each with its whole way."""
    table: Way = ()
    arrays: dict[str, int] = {}
    for line, content in outside_texts(source):
        if names := header(content):
            first, *rest = names
            if content.startswith("[["):
                arrays[first] = arrays.get(first, -1) + 1
            table = (first, arrays[first], *rest) if first in arrays else names
            yield line, table
        elif found := re.match(_SETS, content):
            yield line, (*table, *parts(found[1]))


def header(content: str) -> tuple[str, ...]:
    """The names in ``[name.name]`` or ``[[name]]``; empty for any other line."""
    if not content.startswith("["):
        return ()
    if (name := content.strip("[]")).isidentifier():
        return (name,)  # most are: no pattern has to be compiled
    found = re.match(_HEADER, content)
    return parts(found[1]) if found else ()


def parts(written: str) -> tuple[str, ...]:
    """The names in a dotted key: ``views."my own"`` gives ("views", "my own")."""
    names, inner = [], tomllib.loads(f"{written} = 0")
    while isinstance(inner, dict):
        ((name, inner),) = inner.items()
        names.append(name)
    return tuple(names)


def dotted(names: Iterable[str]) -> str:
    """``names`` as a dotted key, in quotation marks where they must be."""
    import tomlkit

    return ".".join(tomlkit.key(name).as_string() for name in names)


def outside_texts(source: str) -> Iterator[tuple[int, str]]:
    """The numbered lines, without blanks around, that are not the inside of a text of several lines."""
    mark = ""
    for number, line in enumerate(source.split("\n"), start=1):
        if not mark:
            yield number, line.strip()
        for found in re.findall(r'"""|\'\'\'', line):
            mark = found if not mark else "" if found == mark else mark
