"""Repair of an XML text before a parser sees it: everything that publishers' programs get wrong and
that feedparser would answer with an exception, with half an entry or with its slow loose mode.

Every step is linear in the length of the text.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from html import escape, unescape
from html.entities import html5
from urllib.parse import urlsplit

from kommcli.parsing.balance import balance, is_well_formed
from kommcli.urls import absolute

MAX_ITEMS = 2_000

_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
_MARK = re.compile(
    r"<!--|<!\[CDATA\[|<\?"
    r"|<(/?)((?:[\w.-]+:)?(?i:rss|feed|RDF|channel|scriptingNews|item|entry))(?=[\s/>])"
)
_TAG_END = re.compile(r"""(?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+>""")
_SKIPPED = {"<!--": "-->", "<![CDATA[": "]]>", "<?": "?>"}

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos);)(?:#([0-9]++);|#[xX]([0-9a-fA-F]++);|([A-Za-z][A-Za-z0-9]*+;)?)"
)
_EMPTY_LINK = re.compile(r"<link\s*/>|<link>\s*</link>")
_NAMESAKE = re.compile(r"<(/?)(media|itunes|dc):(title|description|summary)(?=[\s/>])[^<>]*?(/?)>")
_RESERVED = re.compile(r"<(/?)(links|tags|authors|psc:chapter|[a-z]+_(?:detail|parsed|content))(?=[\s/>])")
_BASE = re.compile(r"""(<[^<>]*?\s)(?:xml:)?base\s*=\s*(?:"([^"<]*)"|'([^'<]*)')""")
_PREFIX = re.compile(r"</?([A-Za-z_][\w.-]*):")
_DECLARED = re.compile(r"\bxmlns:([A-Za-z_][\w.-]*)\s*=")
_ROOT_NAME = re.compile(r"\A<[\w.:-]+")
_NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}


@dataclass(frozen=True, slots=True)
class Mended:
    """Repaired XML. ``complete`` is False where the document broke off."""

    xml: str
    warnings: tuple[str, ...] = ()
    complete: bool = True


def mend(text: str, url: str) -> Mended:
    """A document that begins at its root element, repaired; ``url`` is its address.

    ``xml`` is empty where not even the root's start tag is complete.
    """
    warnings: dict[str, None] = {}  # a set that keeps its order
    if _CONTROL.search(text):
        text = _CONTROL.sub(lambda match: " " if match.group() in "\x0b\x0c\x85" else "", text)
        warnings["feed.control_characters"] = None
    text, warning = _cut(text)
    if warning:
        warnings[warning] = None
    complete = warning != "feed.truncated"
    if not text:
        return Mended("", tuple(warnings), complete)
    pieces = _pieces(text)
    for i in range(0, len(pieces), 2):
        pieces[i] = _markup(pieces[i], url, warnings)
    pieces[0] = _declare_prefixes(pieces, warnings)
    xml = _DECLARATION + "".join(pieces)
    if not is_well_formed(xml):
        xml = balance(xml)
        warnings["feed.malformed"] = None
    return Mended(xml, tuple(warnings), complete)


def _cut(text: str) -> tuple[str, str]:
    """The first document in ``text``, closed and with at most MAX_ITEMS whole items, and a warning."""
    outline = _Outline(text)
    end = outline.walk()
    if not end:
        return text[: outline.kept] + outline.closing, "feed.truncated"
    if outline.begun > MAX_ITEMS:
        return text[:end] + outline.closing, "feed.too_many"
    rest = text[end : end + 200].strip()
    return text[:end], "feed.junk" if rest and not rest.startswith(("<!--", "<?")) else ""


class _Outline:
    """One walk over the tags of root, channel and items that steps over comments, CDATA and
    instructions. ``kept`` is where the last whole item (or the head) ends, ``closing`` the end tags
    that are missing there."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.kept = 0
        self.closing = ""
        self.begun = 0
        self._opened: list[str] = []

    def walk(self) -> int:
        """Where the document ends or its surplus items begin; 0 where it breaks off."""
        position = 0
        while match := _MARK.search(self.text, position):
            if end := _SKIPPED.get(match.group()):
                position = self.text.find(end, match.end()) + len(end)
                if position < len(end):
                    return 0
                continue
            position = self._tag_end(match.end())
            if not position:
                return 0
            self._tag(match, position)
            if not self._opened:
                return position
            if self.begun > MAX_ITEMS:
                return match.start()
        return 0

    def _tag_end(self, position: int) -> int:
        match = _TAG_END.match(self.text, position)
        return match.end() if match else self.text.find(">", position) + 1

    def _tag(self, match: re.Match[str], end: int) -> None:
        slash, name = match.groups()
        empty = self.text[end - 2] == "/"
        if name.rpartition(":")[2].lower() in ("item", "entry"):
            if not slash:
                self.begun += 1
                if self.begun == 1:
                    self._keep(match.start())
            if slash or empty:
                self._keep(end)
        elif slash:
            if self._opened[-1].lower() == name.lower():
                self._opened.pop()
                self._keep(end)
        elif not empty and len(self._opened) < 8:
            self._opened.append(name)
            self._keep(end)

    def _keep(self, end: int) -> None:
        self.kept = end
        self.closing = "".join(f"</{name}>" for name in reversed(self._opened))


def _pieces(text: str) -> list[str]:
    """``text`` divided into markup (even places) and CDATA sections (odd places)."""
    pieces: list[str] = []
    position = 0
    while (start := text.find("<![CDATA[", position)) >= 0:
        end = text.find("]]>", start) + 3
        if end < 3:
            break
        pieces += (text[position:start], text[start:end])
        position = end
    return [*pieces, text[position:]]


def _markup(text: str, url: str, warnings: dict[str, None]) -> str:
    """A stretch of the document outside CDATA, with sound references and without misleading elements."""
    if "&" in text:
        text = _REFERENCE.sub(lambda match: _reference(match, warnings), text)
    if "base" in text:
        text = _BASE.sub(lambda match: _base(match, url), text)
    # feedparser takes the title of a picture or of the iTunes shop for the entry's own, and breaks on
    # elements that are named like its lists or on podcast chapters without a beginning.
    text = _NAMESAKE.sub(r"<\1\2:x\3\4>", text)
    text = _RESERVED.sub(r"<\1\2_", text)
    return _EMPTY_LINK.sub("", text)  # an empty link would keep a permanent guid from being the link


def _reference(match: re.Match[str], warnings: dict[str, None]) -> str:
    """What stands for a reference that is none of the five of XML, or for a stray ampersand."""
    decimal, hexadecimal, name = match.groups()
    if decimal or hexadecimal:
        digits = (decimal or hexadecimal).lstrip("0") or "0"
        code = int(digits, 10 if decimal else 16) if len(digits) < 8 else sys.maxunicode + 1
        return _character(code, match.group(), warnings)
    if name and (meaning := html5.get(name)):
        return escape(meaning)
    warnings["feed.malformed"] = None
    return "&amp;" + (name or "")


def _character(code: int, reference: str, warnings: dict[str, None]) -> str:
    if code > sys.maxunicode or 0xD800 <= code <= 0xDFFF:
        return "\ufffd"
    if not _CONTROL.match(chr(code)):
        return reference
    warnings["feed.control_characters"] = None
    # Old programs write "&#150;" for a dash; HTML reads such numbers as windows-1252.
    return bytes([code]).decode("cp1252", "ignore") if 0x80 <= code <= 0x9F else ""


def _base(match: re.Match[str], url: str) -> str:
    """An ``xml:base`` made absolute, or none where it leads to another site than the feed's."""
    before, double, single = match.groups()
    base = absolute(url, unescape(double or single or ""))
    return f'{before}xml:base="{escape(base, quote=True)}"' if base and _same_site(base, url) else before


def _same_site(one: str, other: str) -> bool:
    first, second = ("." + (urlsplit(url).hostname or "").removeprefix("www.") for url in (one, other))
    return first.endswith(second) or second.endswith(first)


def _declare_prefixes(pieces: list[str], warnings: dict[str, None]) -> str:
    """The first piece, whose root declares every prefix that is used anywhere and declared nowhere."""
    markup = "".join(pieces[::2])
    missing = set(_PREFIX.findall(markup)) - set(_DECLARED.findall(markup)) - {"xml"}
    if not missing:
        return pieces[0]
    warnings["feed.malformed"] = None
    spaces = "".join(
        f' xmlns:{prefix}="{_NAMESPACES.get(prefix) or "urn:undeclared:" + prefix}"'
        for prefix in sorted(missing)
    )
    return _ROOT_NAME.sub(lambda match: match.group() + spaces, pieces[0], count=1)
