"""Markup that is almost XML -> well-formed XML, so that feedparser never needs its loose mode.

That mode is slow, quadratic on some inputs and garbles addresses; what it forgives is forgiven here:
tags that are not closed, closed twice or nested wrongly, attributes without quotes, a bare "<".
"""

from __future__ import annotations

import re
from collections import Counter
from html import escape, unescape
from xml.parsers import expat

_PART = re.compile(
    r"""<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>"""
    r"""|<(/?)([A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?)(?=[\s/>])((?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+)>|<""",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(
    r"""(?<![\w:.-])([A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?)\s*=\s*("[^"]*+"|'[^']*+'|[^\s"'>]++)"""
)
_PREFIX = re.compile(r"\bxmlns:([A-Za-z_][\w.-]*)\s*=")
_VOID = frozenset(("br", "hr", "img", "input", "wbr"))
_ITEMS = frozenset(("item", "entry"))
_LEAVES = frozenset(  # they hold text only, so that the next of them ends an open one
    "title link description guid pubdate author category comments creator date encoded id summary updated"
    " published content".split()
)


def is_well_formed(xml: str) -> bool:
    """Whether a namespace-aware parser can read the whole document."""
    try:
        expat.ParserCreate(namespace_separator=" ").Parse(xml.encode("utf-8"), True)
    except expat.ExpatError:
        return False
    return True


def balance(xml: str) -> str:
    """The same document with every tag closed and every attribute quoted. Linear."""
    return _Balance(set(_PREFIX.findall(xml)) | {"xml", "xmlns"}).run(xml)


class _Balance:
    def __init__(self, prefixes: set[str]) -> None:
        self._prefixes = prefixes
        self._opened: list[str] = []
        self._count: Counter[str] = Counter()

    def run(self, xml: str) -> str:
        balanced = _PART.sub(self._part, xml)
        return balanced + "".join(self._close() for _name in list(self._opened))

    def _part(self, match: re.Match[str]) -> str:
        slash, name, rest = match.groups()
        if name is None:
            return "&lt;" if match[0] == "<" else match[0]
        local = _local(name)
        if local in _VOID and not self._count[local]:
            return "" if slash else f"<{name}{self._attributes(rest)}/>"
        return self._end(name) if slash else self._start(name, local, rest)

    def _start(self, name: str, local: str, rest: str) -> str:
        closed = ""
        if local in _LEAVES or local in _ITEMS:
            while self._opened and _local(self._opened[-1]) in _LEAVES:
                closed += self._close()
        if local in _ITEMS:
            closed += self._end(name)
        tag = f"{closed}<{name}{self._attributes(rest)}"
        if rest.rstrip().endswith("/"):
            return tag + "/>"
        self._opened.append(name)
        self._count[name.lower()] += 1
        return tag + ">"

    def _end(self, name: str) -> str:
        """Close ``name`` with all that is open inside it; nothing where it is not open."""
        if not self._count[name.lower()]:
            return ""
        closed: list[str] = []
        while not closed or closed[-1].lower() != f"</{name.lower()}>":
            closed.append(self._close())
        return "".join(closed)

    def _close(self) -> str:
        name = self._opened.pop()
        self._count[name.lower()] -= 1
        return f"</{name}>"

    def _attributes(self, text: str) -> str:
        kept: dict[str, str] = {}
        for name, value in _ATTRIBUTE.findall(text):
            prefix = name.partition(":")[0] if ":" in name else "xml"
            if prefix in self._prefixes:
                kept.setdefault(
                    name, unescape(value.strip("\"'") if value[0] in "\"'" else value.rstrip("/"))
                )
        return "".join(f' {name}="{escape(value)}"' for name, value in kept.items())


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()
