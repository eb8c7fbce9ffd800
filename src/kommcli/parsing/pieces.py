"""What a page is made of, whatever it was written in: blocks in their order, and what stood around them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime

from kommcli.datewords import parse_feed_date
from kommcli.model import BODY_TYPES, Block, BlockType, Image, Link
from kommcli.text import clean, fold

MAX_TEXT = 400_000
"""Characters of a page's blocks together; what comes behind them is left out."""

_BRACKETED = re.compile(r"\[\s*(\d{1,2}\.\s?\d{1,2}\.\s?\d{4})\s*\]\s*")
_DAY = re.compile(
    r"(?:(?:Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonnabend|Sonntag),?\s+)?(?:den\s+)?"
    r"\d{1,2}\.\s?(?:\d{1,2}\.|[A-Za-zä]{3,9}\.?)\s?\d{4}(?:,?\s+\d{1,2}[:.]\d\d(?:\s+Uhr)?)?",
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A block and what stood around it."""

    block: Block
    level: int = 0
    """Of a heading, 1 to 6; 0 where it is none or nobody knows."""
    head: str = ""
    """The text of an element at the very beginning of a heading, for example its kicker."""
    image: Image | None = None
    """The picture that an IMAGE block stands for."""
    tight: bool = False
    """No blank line stood before it (texts only)."""
    aside: bool = False
    """It stood beside the text: in an ``aside`` or among navigation."""

    @property
    def text(self) -> str:
        """The block's text."""
        return self.block.text


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says about itself in its head;
    clean texts and absolute addresses, empty where it says nothing."""

    titles: tuple[str, ...] = ()
    """What may be its headline, the surest first; some have the name of the site behind them."""
    canonical: str = ""
    site: str = ""
    description: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    section: str = ""
    image: Image | None = None
    body: str = ""
    """``articleBody`` of its JSON-LD."""
    walled: bool = False
    """It says that reading it costs something."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A whole document before anybody has understood it."""

    pieces: tuple[Piece, ...]
    meta: Metadata = field(default_factory=Metadata)
    html: bool = False
    """A page: its pictures are blocks. In a text their words are lines like all others."""
    chosen: dict[str, str] = field(default_factory=dict)
    """Texts that the user's selectors found, by field."""
    chosen_body: tuple[Piece, ...] = ()
    """The pieces below the user's selector ``body``."""


def letters(text: str) -> str:
    """The letters and digits of ``text``, folded: equal for two writings of one line. Never to show."""
    return re.sub(r"\W+", "", fold(text))


def bracketed(text: str) -> tuple[datetime | None, str]:
    """The date in square brackets at the beginning of ``text`` and what follows: ``[15.6.2017] Der …``."""
    if not text.startswith("["):
        return None, text
    match = _BRACKETED.match(text)
    moment = parse_feed_date(match[1].replace(" ", "")) if match else None
    return (moment, text[match.end() :]) if match and moment else (None, text)


def is_date_line(text: str) -> bool:
    """Whether ``text`` is nothing but a date: ``Donnerstag, 16. Oktober 2025`` or ``[16.10.2025]``."""
    if len(text) > 60 or not any(char.isdigit() for char in text):
        return False
    if _DAY.fullmatch(text):
        return True
    moment, rest = bracketed(text)
    return moment is not None and not rest


def typed(block: Block) -> Block:
    """``block``, as a LINK or a DATE where it is nothing else."""
    if block.type is not BlockType.PARAGRAPH:
        return block
    if is_date_line(block.text):
        return Block(BlockType.DATE, block.text, block.links)
    whole = len(block.links) == 1 and block.links[0].end - block.links[0].start >= len(block.text) - 2
    return Block(BlockType.LINK, block.text, block.links) if whole else block


def of_body(block: Block) -> Block:
    """``block`` as it stands in an article's text: what `typed` made of a paragraph is one again."""
    return block if block.type in BODY_TYPES else replace(block, type=BlockType.PARAGRAPH)


def without_start(block: Block, length: int) -> Block:
    """``block`` without its first ``length`` characters and the blanks behind them."""
    rest = block.text[length:].lstrip()
    return part(block, len(block.text) - len(rest), len(block.text))


def part(block: Block, start: int, end: int) -> Block:
    """The characters ``start`` to ``end`` of ``block``, with the links that are whole in it."""
    return Block(
        block.type,
        clean(block.text[start:end]) if block.type is not BlockType.LIST else block.text[start:end],
        tuple(
            Link(link.start - start, link.end - start, link.url)
            for link in block.links
            if link.start >= start and link.end <= end
        ),
    )
