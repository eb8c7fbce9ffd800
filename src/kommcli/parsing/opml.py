"""Lists of subscriptions in OPML, as other readers write them; a file may come from anywhere.

http://opml.org/spec2.opml: nested ``outline`` elements, a feed where there is an ``xmlUrl``. Our settings are
attributes of a namespace of their own. Straight from expat: nothing is loaded, no entity is ever declared.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat

from kommcli.errors import FeedFailure
from kommcli.text import clean, shorten
from kommcli.urls import OPML

SETTINGS = ("key", "state", "topic", "tags", "interval", "limit", "rank", "pages", "enabled")
"""What is exchanged. Never secrets, and never a private network: a file from elsewhere must not open it."""

MOST = 5_000
"""Feeds of one file."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A feed in a list: its address as it stands there, title, the folders it lies in, our settings."""

    url: str
    title: str = ""
    folders: tuple[str, ...] = ()
    settings: dict[str, str] = field(default_factory=dict)


def parse(body: bytes) -> list[Outline]:
    """The feeds of an OPML file in their order, at most `MOST` and one more. Raises `FeedFailure`
    (``feed.dtd`` for declared entities, ``feed.not_feed``)."""
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(body, True)
    except _Enough:
        pass
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise FeedFailure("feed.not_feed", clean(str(error))) from error
    if not reader.opml:
        raise FeedFailure("feed.not_feed")
    return reader.found


class _Enough(Exception):
    """More feeds than are read."""


def _refuse(*_declaration: object) -> None:
    raise FeedFailure("feed.dtd")


class _Reader:
    """Collects outlines while expat walks through the document."""

    def __init__(self) -> None:
        self.opml = False
        self.found: list[Outline] = []
        self._folders: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name.lower() == "opml":
            self.opml = True
        if not self.opml or name.lower() != "outline":
            return
        plain = {key.lower(): value for key, value in attributes.items()}
        title = shorten(clean(plain.get("title", "") or plain.get("text", "")), 200)
        url = plain.get("xmlurl", "").strip()
        if url:
            ours = {one: attributes.get(f"{OPML} {one}", "") for one in SETTINGS}
            settings = {one: shorten(clean(value), 500) for one, value in ours.items() if value}
            folders = tuple(filter(None, self._folders[:10]))
            self.found.append(Outline(url, title, folders, settings))
            if len(self.found) > MOST:
                raise _Enough
        self._folders.append("" if url else title)

    def end(self, name: str) -> None:
        if self.opml and name.lower() == "outline":
            self._folders.pop()
