"""HTML -> blocks, one line of text, pictures: the only module that knows selectolax (lexbor).

lexbor reads any HTML, but its work grows with depth times length (100,000 nested ``div``: 19 s), so
`flatten.flat` first takes away what nests deeper than any article. After it comes one walk without recursion.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from html import unescape

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from kommcli.model import Block, BlockType, Image
from kommcli.parsing.flatten import flat
from kommcli.parsing.media import is_dot, is_tracker, source
from kommcli.text import clean

_DROPPED = frozenset(
    "-comment script style template noscript svg math iframe object embed applet audio video canvas map"
    " head title button input select textarea option datalist progress meter frameset".split()
)
_BLOCK = frozenset(
    "address article aside body caption center dd details dir div dl dt fieldset figcaption footer form"
    " header legend li main nav p pre section summary table tbody tfoot thead tr".split()
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CLOSERS = "\"'“”‘’»«)] "
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


def first_image(html: str, base: str) -> Image | None:
    """The first picture that is to be seen, with its caption; no tracking pixel, avatar or smiley."""
    return article(html, base)[1]


def article(html: str, base: str) -> tuple[tuple[Block, ...], Image | None]:
    """`blocks` and `first_image` in one reading."""
    body, walk = _tree(html).body, _Walk(base)
    if body is not None:
        walk.run(body)
    return tuple(walk.out), walk.image


def feed_links(html: str) -> tuple[str, list[tuple[str, str]]]:
    """The address in ``<base>`` ("" if none) and the (title, href) of every ``<link>`` to a feed, raw."""
    tree = _tree(html[:500_000])
    base = tree.css_first("base[href]")
    found = []
    for node in tree.css("link[href]"):
        values = {name: value or "" for name, value in node.attributes.items()}
        kind = values.get("type", "").lower().partition(";")[0].strip()
        if kind in _FEED_TYPES and "alternate" in values.get("rel", "").lower().split():
            found.append((values.get("title", ""), values["href"]))
    return (base.attributes.get("href") or "") if base else "", found


def _tree(html: str) -> LexborHTMLParser:
    try:
        return LexborHTMLParser(flat(html))
    except SelectolaxError as error:  # lexbor reads everything: there is no other reason
        raise MemoryError from error


@dataclass(slots=True)
class _Figure:
    """What is known of a figure while we are inside it."""

    pictured: bool = False
    alt: str = ""
    caption: str = ""


class _Walk:
    """One walk over a tree: `out` grows by a block whenever the running text comes to an end."""

    def __init__(self, base: str) -> None:
        self.out: list[Block] = []
        self.image: Image | None = None
        self._base = base
        self._kinds = [BlockType.PARAGRAPH]
        self._pieces: list[str] = []
        self._strong = 0
        self._all_strong = True
        self._after_break = False
        self._lists = 0
        self._items: list[str] = []
        self._row: list[str] | None = None
        self._figures: list[_Figure] = []
        self._image_figure: _Figure | None = None

    def run(self, root: LexborNode) -> None:
        """Visit every node below ``root`` in document order."""
        stack: list[tuple[LexborNode, Callable[[], None] | None]] = []
        node = root.first_child
        while node is not None:
            descend, leave = self._enter(node)
            child = node.first_child if descend else None
            if child is not None:
                stack.append((node, leave))
                node = child
                continue
            while True:
                if leave:
                    leave()
                following = node.next
                if following is not None or not stack:
                    break
                node, leave = stack.pop()
            node = following
        self._flush()

    def _enter(self, node: LexborNode) -> tuple[bool, Callable[[], None] | None]:
        """Whether to go into ``node``, and what to do when leaving it."""
        tag = node.tag
        if tag == "-text":
            self._add(node.text_content or "")
            return False, None
        if tag is None or tag in _DROPPED:
            return False, None
        attributes = node.attributes
        if attributes and ("hidden" in attributes or _HIDDEN.search(attributes.get("style") or "")):
            return False, None
        if tag in _ENTER:
            return True, _ENTER[tag](self, node)
        if "wp-caption" in (attributes.get("class") or ""):  # WordPress before HTML 5
            tag = "figcaption" if tag == "p" else "figure"
            return True, _ENTER[tag](self, node)
        if tag in _BLOCK:
            self._flush()
            return True, self._flush
        return True, None

    def _add(self, text: str) -> None:
        self._pieces.append(text)
        words = text.strip(" \t\r\n\xa0?!.,:;–-…")
        if words:
            self._after_break = False
            self._all_strong = self._all_strong and self._strong > 0

    def _take(self) -> str:
        """The running text so far; a new one begins."""
        text = clean("".join(self._pieces))
        self._pieces.clear()
        self._after_break, self._all_strong = False, True
        return text

    def _flush(self) -> None:
        """The end of a block; inside an item or a cell only a gap."""
        if self._lists or self._row is not None:
            self._pieces.append(" ")
            return
        strong = self._all_strong
        if text := self._take():
            kind = self._kinds[-1]
            if kind is BlockType.PARAGRAPH and strong and text.rstrip(_CLOSERS).endswith("?"):
                kind = BlockType.QUESTION
            self.out.append(Block(kind, text))

    def _break(self, _node: LexborNode) -> None:
        """A ``br``: the second in a row ends the paragraph, and so does the first after a bold question."""
        asked = self._all_strong and clean("".join(self._pieces[-3:])).rstrip(_CLOSERS).endswith("?")
        if self._after_break or asked:
            self._flush()
        else:
            self._pieces.append(" ")
            self._after_break = True

    def _bold(self, _node: LexborNode) -> Callable[[], None]:
        self._strong += 1
        return self._bold_end

    def _bold_end(self) -> None:
        self._strong -= 1

    def _begin(self, kind: BlockType) -> Callable[[], None]:
        self._flush()
        self._kinds.append(kind)
        return self._end

    def _end(self) -> None:
        self._flush()
        self._kinds.pop()

    def _list(self, _node: LexborNode) -> Callable[[], None]:
        if self._row is not None:
            return self._flush
        self._item_end() if self._lists else self._flush()
        self._lists += 1
        return self._list_end

    def _list_end(self) -> None:
        self._item_end()
        self._lists -= 1
        if not self._lists and self._items:
            self.out.append(Block(BlockType.LIST, "\n".join(self._items)))
            self._items.clear()

    def _item(self, _node: LexborNode) -> Callable[[], None]:
        leave = self._item_end if self._lists else self._flush
        leave()
        return leave

    def _item_end(self) -> None:
        if text := self._take():
            level = min(self._lists, 8) - 1
            self._items.append("  " * level + "- " + text if level else text)

    def _line(self, node: LexborNode) -> Callable[[], None]:
        """A table's row; one with a single cell is layout and read like any other container."""
        self._flush()
        cells = sum(1 for child in node.iter() if child.tag in ("td", "th"))
        if cells < 2 or self._lists or self._row is not None:
            return self._flush
        self._row = []
        return self._line_end

    def _line_end(self) -> None:
        cells, self._row = self._row or [], None
        if cells:
            self.out.append(Block(self._kinds[-1], " | ".join(cells)))

    def _cell_end(self) -> None:
        if self._row is None:
            self._flush()
        elif text := self._take():
            self._row.append(text)

    def _figure(self, _node: LexborNode) -> Callable[[], None]:
        self._flush()
        self._figures.append(_Figure())
        return self._figure_end

    def _figure_end(self) -> None:
        self._flush()
        figure = self._figures.pop()
        if text := figure.caption or figure.alt:
            self.out.append(Block(BlockType.IMAGE if figure.pictured else BlockType.PARAGRAPH, text))
        if figure is self._image_figure and self.image:
            self.image = replace(self.image, caption=figure.caption)

    def _caption(self, _node: LexborNode) -> Callable[[], None]:
        self._flush()
        return self._caption_end

    def _caption_end(self) -> None:
        if self._figures and not self._lists and self._row is None:
            self._figures[-1].caption = self._take()
        else:
            self._flush()

    def _picture(self, node: LexborNode) -> None:
        values = {name: value or "" for name, value in node.attributes.items()}
        url = source(values, self._base)
        if is_tracker(url) or is_dot(values):
            return
        alt, figure = clean(values.get("alt", "")), self._figures[-1] if self._figures else None
        if url and self.image is None:
            self.image, self._image_figure = Image(url, alt), figure
        if figure:
            figure.pictured = True
            figure.alt = figure.alt or alt
        elif alt and not self._lists and self._row is None:
            self.out.append(Block(BlockType.IMAGE, alt))


_ENTER: dict[str, Callable[[_Walk, LexborNode], Callable[[], None] | None]] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), lambda walk, _node: walk._begin(BlockType.HEADING)),
    **dict.fromkeys(("strong", "b"), _Walk._bold),
    **dict.fromkeys(("ul", "ol", "menu"), _Walk._list),
    **dict.fromkeys(("td", "th"), lambda walk, _node: walk._cell_end),
    "blockquote": lambda walk, _node: walk._begin(BlockType.QUOTE),
    "br": _Walk._break,
    "hr": lambda walk, _node: walk._flush(),
    "li": _Walk._item,
    "tr": _Walk._line,
    "figure": _Walk._figure,
    "figcaption": _Walk._caption,
    "img": _Walk._picture,
}
