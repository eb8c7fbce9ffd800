"""The children of a channel or an entry, as they stand in the document -> `Raw`.

Says the same as `feed` does of feedparser's answer, for the plain cases that `quick` lets through.
"""

from __future__ import annotations

from typing import NamedTuple, NoReturn

from kommcli.model import Image
from kommcli.parsing.entries import Markup, Raw
from kommcli.parsing.media import File, offered

ONCE = frozenset(  # children of an entry that it has at most one of
    "title link guid pubdate description content:encoded dc:date atom:title atom:id atom:published"
    " atom:updated atom:summary atom:content atom:author media:xdescription media:credit itunes:xsummary"
    " itunes:image".split()
)
AUTHORS = frozenset(("author", "dc:creator", "itunes:author"))
SUBJECTS = frozenset(("category", "dc:subject", "itunes:keywords"))
_MEANINGFUL = frozenset(("type", "mode", "href"))


class UnsureError(Exception):
    """Something that feedparser must decide."""


def _unsure() -> NoReturn:
    raise UnsureError


class Element(NamedTuple):
    """An element: prefixed name in small letters, attributes, and its text in pieces."""

    name: str
    attributes: dict[str, str]
    pieces: list[str]

    @property
    def text(self) -> str:
        """The text as feedparser has it: UTF-8 that was taken for latin-1 and encoded again is mended."""
        text = "".join(self.pieces).strip()
        if not text.isascii():
            try:
                return text.encode("latin-1").decode("utf-8")
            except UnicodeError:
                pass
        return text


class Fields(dict[str, Element]):
    """The children of one entry (or of the channel) by name; `many` has all of them in order."""

    def __init__(self, children: list[Element]) -> None:
        super().__init__()
        self.many = children
        for child in children:
            if child.name in self and child.name in ONCE:
                raise UnsureError
            self[child.name] = child

    def text(self, name: str) -> str:
        """The text of a child that has no attributes of its own which would give it another meaning."""
        child = self.get(name)
        if child and not _MEANINGFUL.isdisjoint(child.attributes):
            raise UnsureError
        return child.text if child else ""

    def typed(self, name: str) -> Markup:
        """An Atom text construct that is text or HTML."""
        child = self.get(name) or Element(name, {}, [])
        kind = child.attributes.get("type", "text").lower()
        if kind not in ("text", "html") or "mode" in child.attributes or "src" in child.attributes:
            raise UnsureError
        return Markup(child.text, "html" if kind == "html" else "text")

    def address(self, name: str) -> str:
        """A text that feedparser changes where it looks like an escaped address."""
        text = self.text(name)
        if ":///" in text or ("&" in text and ";" in text):
            raise UnsureError
        return text

    def link(self, permanent: str = "") -> str:
        """The page: ``rel=alternate``, HTML if there is a choice; else ``permanent``."""
        pages = []
        for child in self.many:
            if child.name == "link":
                pages.append((False, self.address("link") or _unsure()))
            elif (
                child.name == "atom:link" and child.attributes.get("rel", "alternate").lower() == "alternate"
            ):
                kind = child.attributes.get("type", "text/html").lower()
                pages.append(("html" not in kind, child.attributes.get("href") or _unsure()))
        pages.sort(key=lambda page: page[0])
        href = next((href for _other, href in pages if href), permanent)
        if ":///" in href:
            raise UnsureError
        return href

    def files(self) -> tuple[File, ...]:
        """The enclosures in their order."""
        found = []
        for name, attributes, _pieces in self.many:
            if name == "enclosure" or (
                name == "atom:link" and attributes.get("rel", "").lower() == "enclosure"
            ):
                address = attributes.get("href" if name == "atom:link" else "url", "")
                if ":///" in address or (not address and attributes):
                    raise UnsureError
                found.append(File(address, attributes.get("type", "").lower(), attributes.get("length", "")))
        return tuple(found)

    def images(self) -> tuple[Image, ...]:
        """The pictures that the feed itself offers."""
        contents = [child.attributes for child in self.many if child.name == "media:content"]
        thumbnails = [child.attributes for child in self.many if child.name == "media:thumbnail"]
        cover = self["itunes:image"].attributes.get("href", "") if "itunes:image" in self else ""
        credit = self["media:credit"].text if "media:credit" in self else ""
        return offered([*contents], thumbnails, self.text("media:xdescription"), credit, cover)


def rss(fields: Fields) -> Raw:
    """An ``item``."""
    if any(name.startswith("atom:") and name != "atom:link" for name in fields):
        raise UnsureError
    subjects = [child for child in fields.many if child.name in SUBJECTS]
    if any("term" in child.attributes or "label" in child.attributes for child in subjects):
        raise UnsureError
    guid, published, dated = fields.address("guid"), fields.text("pubdate"), fields.text("dc:date")
    permanent = "guid" in fields and fields["guid"].attributes.get("ispermalink", "true") == "true"
    summary, content = fields.text("description"), fields.text("content:encoded")
    if not summary and ("description" in fields or not content):
        summary = fields.text("itunes:xsummary")
    authors = [child.text for child in fields.many if child.name in AUTHORS]
    return Raw(
        title=Markup(fields.text("title"), "guess"),
        guid=guid,
        link=fields.link(guid if permanent and guid.startswith(("http://", "https://")) else ""),
        published=published or dated,
        updated=dated if published else "",
        summary=Markup() if summary == content else Markup(summary),
        content=Markup(content, "html"),
        images=fields.images(),
        categories=tuple(name for child in subjects for name in _names(child)),
        author=authors[-1] if authors else "",
        files=fields.files(),
    )


def _names(subject: Element) -> list[str]:
    return subject.text.split(",") if subject.name == "itunes:keywords" else [subject.text]


def atom(fields: Fields) -> Raw:
    """An ``entry``."""
    if not all(name.startswith(("atom:", "media:")) for name in fields):
        raise UnsureError
    published, updated = fields.text("atom:published"), fields.text("atom:updated")
    summary, content = fields.typed("atom:summary"), fields.typed("atom:content")
    return Raw(
        title=fields.typed("atom:title"),
        guid=fields.address("atom:id"),
        link=fields.link(),
        published=published or updated,
        updated=updated,
        summary=Markup() if summary.value == content.value else summary,
        content=content,
        images=fields.images(),
        categories=tuple(
            child.attributes.get("label") or child.attributes.get("term", "")
            for child in fields.many
            if child.name == "atom:category"
        ),
        author=fields.text("atom:name"),
        files=fields.files(),
    )
