"""From the bytes of an answer to one sound document: XML from its root element on, or JSON.

Nothing before the root reaches the parser: no DOCTYPE, so that no entity is ever expanded and no file
or address that it names is opened (XXE, "billion laughs").
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kommcli.errors import FeedFailure
from kommcli.i18n import _
from kommcli.parsing import charset, repair
from kommcli.text import clean, shorten
from kommcli.urls import absolute

_JUNK = 65_536
"""Characters of foreign text that may stand before the root (a PHP warning, for example)."""

_PROLOG = re.compile(
    r"<!--|<\?|<!DOCTYPE\b|<(?:[\w.-]+:)?(?:rss|feed|RDF|channel|scriptingNews)(?=[\s/>])", re.IGNORECASE
)
_DOCTYPE = re.compile(r"""(?P<quoted>"[^"]*"|'[^']*')|<!--|\[|\]|>""")
_BLANK = re.compile(r"\s*")
_HTML = re.compile(r"<(?:!DOCTYPE\s+html|html|head|body)\b", re.IGNORECASE)
_BINARY = {b"%PDF": "PDF", b"\x1f\x8b": "gzip", b"\x89PNG": "PNG", b"PK\x03\x04": "ZIP", b"\xff\xd8": "JPEG"}


@dataclass(frozen=True, slots=True)
class Document:
    """A document to parse. ``xml`` begins with the XML declaration and is empty where the document
    broke off within the root's start tag; ``json`` is set instead for a JSON document."""

    xml: str = ""
    json: str = ""
    warnings: tuple[str, ...] = ()
    complete: bool = True


def read(body: bytes, content_type: str, url: str) -> Document:
    """The document in ``body``. Raises FeedFailure (feed.not_feed) for everything that is no feed."""
    for magic, name in _BINARY.items():
        if body.startswith(magic):
            raise FeedFailure("feed.not_feed", name)
    text, wrong_charset = charset.decode(body, content_type)
    warnings = ["feed.charset"] if wrong_charset else []
    start = text.lstrip("\ufeff \t\r\n")
    if not start:
        raise FeedFailure("feed.not_feed", _("empty"))
    if start[0] in "{[":
        return Document(json=start, warnings=tuple(warnings))
    root, junk = _root(text)
    if root < 0:
        raise FeedFailure("feed.not_feed", _no_feed(text, url))
    if junk:
        warnings.append("feed.junk")
    mended = repair.mend(text[root:], url)
    return Document(mended.xml, "", (*warnings, *mended.warnings), mended.complete)


def alternates(body: bytes, content_type: str, url: str) -> tuple[tuple[str, str], ...]:
    """The feeds that an HTML page names in ``<link rel=alternate>``: (title, absolute address), in the
    order of the page, comment feeds last. Empty for anything else; never raises."""
    return _alternates(charset.decode(body, content_type)[0], url)


def _alternates(text: str, url: str) -> tuple[tuple[str, str], ...]:
    from kommcli.parsing.blocks import feed_links

    base, links = feed_links(text)
    base = absolute(url, base) or url
    found: dict[str, str] = {}
    for title, href in links:
        if address := absolute(base, href):
            found.setdefault(address, shorten(clean(title), 200))
    pairs = [(title, address) for address, title in found.items()]
    return tuple(sorted(pairs, key=lambda pair: bool(re.search(r"comment|kommentar", " ".join(pair), re.I))))


def _no_feed(text: str, url: str) -> str:
    """The cause: what the text is instead of a feed."""
    if not _HTML.search(text, 0, _JUNK):
        return _("neither RSS nor Atom nor JSON Feed")
    if found := _alternates(text, url)[:3]:
        addresses = ", ".join(address for _title, address in found)
        return _("a web page; it names {addresses}").format(addresses=addresses)
    return _("a web page")


def _root(text: str) -> tuple[int, bool]:
    """Where the root's start tag begins (-1: nowhere), and whether something stood where nothing may."""
    position = len(text) - len(text.lstrip("\ufeff"))
    junk = text[position : position + 1].isspace() and text.lstrip("\ufeff \t\r\n").startswith("<?xml")
    while True:
        position = _after_blank(text, position)
        match = _PROLOG.search(text, position, position + _JUNK)
        if not match:
            return -1, junk
        between = text[position : match.start()]
        if _HTML.search(between) or _HTML.match(text, match.start()):
            return -1, junk
        junk = junk or bool(between)
        mark = match.group().upper()
        if mark == "<!--":
            position = _after(text, "-->", match.end())
        elif mark == "<?":
            position = _after(text, "?>", match.end())
        elif mark == "<!DOCTYPE":
            position = _after_doctype(text, match.end())
        else:
            return match.start(), junk


def _after_blank(text: str, position: int) -> int:
    match = _BLANK.match(text, position)
    return match.end() if match else position


def _after(text: str, end: str, position: int) -> int:
    """Behind the next ``end``; where there is none, ``position`` itself."""
    found = text.find(end, position)
    return position if found < 0 else found + len(end)


def _after_doctype(text: str, start: int) -> int:
    """Behind a DOCTYPE with its internal subset; ``start`` itself where it does not end properly."""
    position, subset = start, False
    while match := _DOCTYPE.search(text, position):
        mark, position = match.group(), match.end()
        if mark == "<!--":
            position = _after(text, "-->", position)
        elif mark == ">" and not subset:
            return position if _PROLOG.search(text, position) else start
        elif mark in "[]":
            subset = mark == "["
    return start
