"""RSS 2.0 and Atom 1.0 as nearly all feeds write them, straight from expat: a tenth of feedparser's time.

Only what leaves nothing to interpretation is read here. At the first element that is not in the tables,
stands where it should not, or comes twice, `read` gives up, and feedparser reads the whole document.
tests/parsing/test_quick.py proves both equal wherever this one answers.
"""

from __future__ import annotations

import re
from xml.parsers import expat

from kommcli.parsing.entries import Channel, Markup
from kommcli.parsing.fields import AUTHORS, ONCE, SUBJECTS, Element, Fields, UnsureError, atom, rss

_PREFIXES = {
    "": "",
    "http://www.w3.org/2005/atom": "atom:",
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://search.yahoo.com/mrss/": "media:",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes:",
}
_TAKEN = frozenset(  # prefixes that mean something to feedparser even with an address it does not know
    "admin cc content dc dcterms georss gml geo itunes l media psc rdf xhtml".split()
)
_HARMLESS = (
    "http://podlove.org/simple-chapters",
    "http://www.georss.org/georss",
    "http://www.opengis.net/gml",
    "http://www.w3.org/2003/01/geo/wgs84_pos#",
)
_EMPTY = frozenset("atom:link atom:category enclosure media:content media:thumbnail itunes:image".split())
_UNUSED = frozenset(
    "comments media:group media:xtitle itunes:duration itunes:explicit itunes:episode itunes:episodetype"
    " itunes:season itunes:xtitle itunes:subtitle itunes:block atom:rights".split()
)
_KNOWN = ONCE | AUTHORS | SUBJECTS | _EMPTY | _UNUSED
_CONTAINERS = frozenset(("rss", "channel", "item", "atom:feed", "atom:entry", "media:group", "media:content"))
_HEAD_TREES = frozenset("image textinput skiphours skipdays itunes:owner itunes:category atom:author".split())
_INSIDE = {
    "rss": re.compile("channel"),
    "media:group": re.compile("media:(content|thumbnail|credit|xtitle|xdescription)"),
    "media:content": re.compile("media:(thumbnail|credit|xtitle|xdescription)"),
    "atom:author": re.compile("atom:(name|email|uri)"),
}
_BASES = frozenset(("base", "http://www.w3.org/xml/1998/namespace base"))


def read(xml: str) -> Channel | None:
    """The feed in a well-formed document, or None where feedparser should read it."""
    document = _Document()
    try:
        document.parse(xml)
        head, interpret = Fields(document.head), atom if document.atom else rss
        title = head.typed("atom:title") if document.atom else Markup(head.text("title"), "guess")
        return Channel(title, head.link(), [interpret(Fields(entry)) for entry in document.entries])
    except (UnsureError, expat.ExpatError):
        return None


class _Document:
    """The children of the channel and of each entry, in their order and without any meaning yet."""

    def __init__(self) -> None:
        self.atom = False
        self.head: list[Element] = []
        self.entries: list[list[Element]] = []
        self._risky: set[str] = set()
        self._children = self.head
        self._open: list[Element] = []
        self._skipped = 0
        self._strictly = True

    def parse(self, xml: str) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartNamespaceDeclHandler = self._namespace
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.Parse(xml.encode("utf-8"), True)

    def _namespace(self, prefix: str | None, uri: str | None) -> None:
        uri = (uri or "").lower()
        if (prefix is None or prefix.lower() in _TAKEN) and uri not in _HARMLESS:
            self._risky.add(uri)

    def _start(self, full: str, attributes: dict[str, str]) -> None:
        uri, _blank, local = full.lower().rpartition(" ")
        prefix = _PREFIXES.get(uri)
        if prefix is None:
            self._foreign(uri)
        elif self._skipped:
            if self._strictly or prefix + local in _CONTAINERS:
                raise UnsureError
            self._skipped += 1
        else:
            self._known(prefix + local, {key.lower(): value for key, value in attributes.items()})

    def _foreign(self, uri: str) -> None:
        """An element of another namespace: no part of an entry, unless feedparser thinks so."""
        if not self._skipped:
            if uri in self._risky or not self._open or self._open[-1].name not in _CONTAINERS:
                raise UnsureError
            self._strictly = True
        self._skipped += 1

    def _known(self, name: str, attributes: dict[str, str]) -> None:
        parent = self._open[-1].name if self._open else ""
        if attributes and not _BASES.isdisjoint(attributes):
            raise UnsureError
        if parent in ("channel", "atom:feed"):
            if name in _HEAD_TREES:
                self._skipped, self._strictly = 1, False
                return
            if name == ("atom:entry" if self.atom else "item"):
                if attributes:
                    raise UnsureError
                self._children = []
                self.entries.append(self._children)
                self._open.append(Element(name, attributes, []))
                return
            if name in _CONTAINERS or name in ("guid", "id") or (self.atom and ":" not in name):
                raise UnsureError
        elif parent in ("item", "atom:entry"):
            if name not in _KNOWN:
                raise UnsureError
        elif not parent:
            self.atom = name == "atom:feed"
            if name not in ("rss", "atom:feed"):
                raise UnsureError
        elif parent not in _INSIDE or not _INSIDE[parent].fullmatch(name):
            raise UnsureError
        element = Element(name, attributes, [])
        self._open.append(element)
        self._children.append(element)

    def _end(self, _name: str) -> None:
        if self._skipped:
            self._skipped -= 1
            return
        if self._open.pop().name in ("item", "atom:entry"):
            self._children = self.head

    def _characters(self, text: str) -> None:
        if not self._skipped and self._open:
            name = self._open[-1].name
            if name in _CONTAINERS or name in _EMPTY:
                if text.strip():
                    raise UnsureError
            else:
                self._open[-1].pieces.append(text)
