"""One article with all that is shown of it: the value that every renderer of an article gets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from kommcli.i18n import _
from kommcli.model import Article, Block, BlockType, Enclosure, Image, Related

WORDS_A_MINUTE = 220
"""Words of German newspaper text that adults read in a minute."""

DEEPEST = 7
"""Levels that a list's items go down; `parsing` makes no more."""


class Run(NamedTuple):
    """A piece of a block's text that leads to ``url``, or nowhere where that is empty."""

    text: str
    url: str = ""


class NumberedLink(NamedTuple):
    """An address of a body by its number: the words and the block in which it appears first."""

    number: int
    text: str
    url: str
    block: int


class Item(NamedTuple):
    """One item of a list; ``level`` 0 is the outermost."""

    level: int
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """One article with all that is shown of it."""

    article: Article
    lead: str
    """Of the page, else the teaser where the body does not begin with it; may be empty."""
    body: tuple[Block, ...]
    """Of `BODY_TYPES`."""
    image: Image | None
    related: tuple[Related, ...] = ()
    related_topic: str = ""
    """Name of the topic that the list stands for."""
    note: str = ""
    """Why there is no text of the page, one sentence; or empty."""
    page_url: str = ""
    """The address that the page's text came from; empty where it is the feed's own."""

    def minutes(self) -> int:
        """The time that reading takes, at least one minute; 0 without a body."""
        texts = [block.text for block in self.body if block.type is not BlockType.IMAGE]
        words = sum(any(map(str.isalnum, word)) for text in (self.lead, *texts) for word in text.split())
        return max(1, round(words / WORDS_A_MINUTE)) if any(texts) else 0

    @property
    def links(self) -> tuple[NumberedLink, ...]:
        """The addresses that the body leads to, numbered in order of first appearance, each once."""
        found: dict[str, NumberedLink] = {}
        for at, block in enumerate(self.body):
            for text, url in runs(block):
                if url and url not in found:
                    found[url] = NumberedLink(len(found) + 1, text, url, at)
        return tuple(found.values())

    def blocks(self) -> Iterator[Block]:
        """The blocks of the body that say something; pictures whose words are told with `image` do not."""
        told = (self.image.alt, self.image.caption) if self.image else ()
        for block in self.body:
            if block.text.strip() and not (block.type is BlockType.IMAGE and block.text in told):
                yield block


def runs(block: Block) -> tuple[Run, ...]:
    """The text of ``block`` in pieces with and without a link; links that cannot be are text."""
    found: list[Run] = []
    at = 0
    for link in block.links:
        if at <= link.start < link.end <= len(block.text) and web(link.url):
            if at < link.start:
                found.append(Run(block.text[at : link.start]))
            found.append(Run(block.text[link.start : link.end], link.url))
            at = link.end
    if at < len(block.text):
        found.append(Run(block.text[at:]))
    return tuple(found)


def lines(pieces: tuple[Run, ...]) -> list[tuple[Run, ...]]:
    """``pieces`` cut at their line breaks; a link over a break goes on in the next line. None is empty at
    the beginning or the end."""
    found: list[list[Run]] = [[]]
    for text, url in pieces:
        first, *others = text.split("\n")
        found[-1] += [Run(first, url)] if first else []
        found += [[Run(other, url)] if other else [] for other in others]
    while len(found) > 1 and not found[-1]:
        found.pop()
    while len(found) > 1 and not found[0]:
        found.pop(0)
    return [tuple(line) for line in found]


def items(block: Block) -> list[Item]:
    """The items of a LIST: "text", and "  - text" for one that is a level deeper."""
    found = []
    for line in lines(runs(block)):
        mark = re.match(r"((?:  )+)- ", "".join(run.text for run in line))
        text = _without_start(line, mark.end()) if mark else line
        if text:
            found.append(Item(min(len(mark[1]) // 2, DEEPEST) if mark else 0, text))
    return found


def _without_start(line: tuple[Run, ...], length: int) -> tuple[Run, ...]:
    kept = []
    for text, url in line:
        if rest := text[length:]:
            kept.append(Run(rest, url))
        length = max(0, length - len(text))
    return tuple(kept)


def web(url: str) -> str:
    """``url`` where it may become a link in a document, else "": http(s) without a character that acts."""
    return url if re.fullmatch(r"https?://[^\s<>\\\"\x00-\x20\x7f]+", url) else ""


def enclosure_words(file: Enclosure) -> str:
    """What can be done with a file that comes with an article."""
    match file.type.partition("/")[0].lower():
        case "audio":
            return _("Listen")
        case "video":
            return _("Watch")
        case _:
            return _("Download")
