"""HTML of feeds -> blocks, one line of text, pictures, and the feeds that a page names."""

from __future__ import annotations

from html import unescape

from kommcli.model import Block, BlockType, Image
from kommcli.parsing.walk import Walk, tree
from kommcli.text import clean

_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/json")


def blocks(html: str, base: str) -> tuple[Block, ...]:
    """The visible content of ``html`` in order; ``base`` is the address that relative ones refer to.

    A heading, a paragraph, a quotation, a whole list (an item a line, nested ones as "  - text"), a
    table's row (cells joined by " | ") or a picture with words is a block. A paragraph that is wholly
    bold and ends in "?" is a QUESTION. Raises nothing but MemoryError.
    """
    return article(html, base)[0]


def plain(html: str) -> str:
    """The visible text of ``html`` in one line, without the words that belong to pictures."""
    if "<" not in html:
        return clean(unescape(html))
    return clean(" ".join(block.text for block in blocks(html, "") if block.type is not BlockType.IMAGE))


def article(html: str, base: str) -> tuple[tuple[Block, ...], Image | None]:
    """`blocks`, and the first picture to be seen, with its caption; no tracking pixel, avatar or smiley."""
    body, walk = tree(html).body, Walk(base)
    if body is not None:
        walk.run(body)
    return tuple(walk.out), walk.image


def feed_links(html: str) -> tuple[str, list[tuple[str, str]]]:
    """The address in ``<base>`` ("" if none) and the (title, href) of every ``<link>`` to a feed, raw."""
    document = tree(html[:500_000])
    base = document.css_first("base[href]")
    found = []
    for node in document.css("link[href]"):
        values = {name: value or "" for name, value in node.attributes.items()}
        kind = values.get("type", "").lower().partition(";")[0].strip()
        if kind in _FEED_TYPES and "alternate" in values.get("rel", "").lower().split():
            found.append((values.get("title", ""), values["href"]))
    return (base.attributes.get("href") or "") if base else "", found
