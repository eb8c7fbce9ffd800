"""One walk over a tree of HTML: blocks in their order, with links and pictures.

lexbor reads any HTML, but its work grows with depth times length (100,000 nested ``div``: 19 s), so
`flatten.flat` first takes away what nests deeper than any article. After it comes one walk without recursion.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from kommcli.model import Block, BlockType, Image, Link
from kommcli.parsing.flatten import flat
from kommcli.parsing.media import is_dot, is_tracker, source
from kommcli.text import clean
from kommcli.urls import absolute

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
_MAX_LINKS = 2_000
"""Of one document: no article has so many."""


def tree(html: str) -> LexborHTMLParser:
    """The document of ``html``. Raises nothing but MemoryError."""
    try:
        return LexborHTMLParser(flat(html))
    except SelectolaxError as error:  # lexbor reads everything: there is no other reason
        raise MemoryError from error


@dataclass(slots=True)
class _Figure:
    """What is known of a figure while we are inside it."""

    pictured: bool = False
    url: str = ""
    alt: str = ""
    caption: str = ""


class Run(NamedTuple):
    """A stretch of running text, clean, with its links."""

    text: str
    links: tuple[Link, ...] = ()

    def behind(self, text: str) -> Run:
        """This run with ``text`` before it."""
        return Run(
            text + self.text,
            tuple(Link(link.start + len(text), link.end + len(text), link.url) for link in self.links),
        )


def joined(runs: Iterable[Run], between: str) -> Run:
    """The runs as one, with ``between`` between them."""
    whole = Run("")
    for run in runs:
        moved = run.behind(whole.text + between if whole.text else "")
        whole = Run(moved.text, whole.links + moved.links)
    return whole


class Walk:
    """One walk over a tree: `emit` is called whenever the running text comes to an end."""

    mute_pictures = False
    """Whether pictures without words are blocks, too, of empty text."""

    def __init__(self, base: str) -> None:
        self.out: list[Block] = []
        self.image: Image | None = None
        self._base = base
        self._kinds = [BlockType.PARAGRAPH]
        self._pieces: list[tuple[str, str]] = []
        self._href = ""
        self._links = 0
        self._strong = 0
        self._all_strong = True
        self._after_break = False
        self._lists = 0
        self._items: list[Run] = []
        self._row: list[Run] | None = None
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
        attributes = node.attributes
        if tag is None or self.drops(tag, attributes):
            return False, None
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

    def drops(self, tag: str, _attributes: dict[str, str | None]) -> bool:
        """Whether an element and all in it is no text."""
        return tag in _DROPPED

    def emit(self, block: Block, _image: Image | None = None) -> None:
        """Take a finished block; with the picture where it is one."""
        self.out.append(block)

    def _add(self, text: str) -> None:
        self._pieces.append((text, self._href))
        words = text.strip(" \t\r\n\xa0?!.,:;–-…")
        if words:
            self._after_break = False
            self._all_strong = self._all_strong and self._strong > 0

    def _text(self, pieces: Iterable[tuple[str, str]]) -> str:
        return clean("".join(text for text, _href in pieces))

    def _take(self) -> Run:
        """The running text so far; a new one begins."""
        text = self._text(self._pieces)
        linked = any(href for _text, href in self._pieces) and text
        run = Run(text, self._linked(text)) if linked else Run(text)
        self._pieces.clear()
        self._after_break, self._all_strong = False, True
        return run

    def _linked(self, text: str) -> tuple[Link, ...]:
        """Where the linked pieces stand in the clean ``text``."""
        found: list[Link] = []
        at = 0
        for href, pieces in groupby(self._pieces, key=lambda piece: piece[1]):
            words = self._text(pieces)
            # Composing across the border may make the text shorter than its parts by a mark or two.
            start = text.find(words, max(at - 2, found[-1].end if found else 0)) if words else -1
            if href and start >= 0 and self._links < _MAX_LINKS:
                found.append(Link(start, start + len(words), href))
                self._links += 1
            at = start + len(words) if start >= 0 else at
        return tuple(found)

    def _flush(self) -> None:
        """The end of a block; inside an item or a cell only a gap."""
        if self._lists or self._row is not None:
            self._pieces.append((" ", ""))
            return
        strong = self._all_strong
        run = self._take()
        if run.text:
            kind = self._kinds[-1]
            if kind is BlockType.PARAGRAPH and strong and run.text.rstrip(_CLOSERS).endswith("?"):
                kind = BlockType.QUESTION
            elif kind is BlockType.PARAGRAPH and strong and self.is_heading(run.text):
                kind = BlockType.HEADING
            self.emit(Block(kind, *run))

    def _break(self, _node: LexborNode) -> None:
        """A ``br``: the second in a row ends the paragraph, and so does the first after a bold question."""
        asked = self._all_strong and self._text(self._pieces[-3:]).rstrip(_CLOSERS).endswith("?")
        if self._after_break or asked:
            self._flush()
        else:
            self._pieces.append((" ", ""))
            self._after_break = True

    def _bold(self, _node: LexborNode) -> Callable[[], None]:
        self._strong += 1
        return self._bold_end

    def _bold_end(self) -> None:
        self._strong -= 1

    def _anchor(self, node: LexborNode) -> Callable[[], None]:
        """A link; only what leads to the web is one, and a link inside a link is none of its own."""
        if not self._href:
            href = node.attributes.get("href") or ""
            self._href = "" if href.startswith("#") else absolute(self._base, href)
        return self._anchor_end

    def _anchor_end(self) -> None:
        self._href = ""

    def _begin(self, kind: BlockType) -> Callable[[], None]:
        self._flush()
        self._kinds.append(kind)
        return self._end

    def _end(self) -> None:
        self._flush()
        self._kinds.pop()

    def is_heading(self, _text: str) -> bool:
        """Whether a paragraph that is wholly bold is a heading."""
        return False

    def is_layout(self, _node: LexborNode) -> bool:
        """Whether a list or a table's row only arranges what is in it."""
        return False

    def _list(self, node: LexborNode) -> Callable[[], None]:
        if self._row is not None or (not self._lists and self.is_layout(node)):
            self._flush()
            return self._flush
        self._item_end() if self._lists else self._flush()
        self._lists += 1
        return self._list_end

    def _list_end(self) -> None:
        self._item_end()
        self._lists -= 1
        if not self._lists and self._items:
            self.emit(Block(BlockType.LIST, *joined(self._items, "\n")))
            self._items.clear()

    def _item(self, _node: LexborNode) -> Callable[[], None]:
        leave = self._item_end if self._lists else self._flush
        leave()
        return leave

    def _item_end(self) -> None:
        run = self._take()
        if run.text:
            level = min(self._lists, 8) - 1
            self._items.append(run.behind("  " * level + "- ") if level else run)

    def _line(self, node: LexborNode) -> Callable[[], None]:
        """A table's row; one with a single cell is layout and read like any other container."""
        self._flush()
        cells = sum(1 for child in node.iter() if child.tag in ("td", "th"))
        if cells < 2 or self._lists or self._row is not None or self.is_layout(node):
            return self._flush
        self._row = []
        return self._line_end

    def _line_end(self) -> None:
        cells, self._row = self._row or [], None
        if cells:
            self.emit(Block(self._kinds[-1], *joined(cells, " | ")))

    def _cell_end(self) -> None:
        if self._row is None:
            self._flush()
        else:
            run = self._take()
            if run.text:
                self._row.append(run)

    def _figure(self, _node: LexborNode) -> Callable[[], None]:
        self._flush()
        self._figures.append(_Figure())
        return self._figure_end

    def _figure_end(self) -> None:
        self._flush()
        figure = self._figures.pop()
        image = Image(figure.url, figure.alt, figure.caption) if figure.pictured else None
        text = figure.caption or figure.alt
        if text or (image and self.mute_pictures):
            self.emit(Block(BlockType.IMAGE if figure.pictured else BlockType.PARAGRAPH, text), image)
        if figure is self._image_figure and self.image:
            self.image = replace(self.image, caption=figure.caption)

    def _caption(self, _node: LexborNode) -> Callable[[], None]:
        self._flush()
        return self._caption_end

    def _caption_end(self) -> None:
        if self._figures and not self._lists and self._row is None:
            figure = self._figures[-1]
            figure.caption = f"{figure.caption} {self._take().text}".strip()
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
            figure.alt, figure.url = figure.alt or alt, figure.url or url
        elif (alt or self.mute_pictures) and not self._lists and self._row is None:
            self.emit(Block(BlockType.IMAGE, alt), Image(url, alt))


_ENTER: dict[str, Callable[[Walk, LexborNode], Callable[[], None] | None]] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), lambda walk, _node: walk._begin(BlockType.HEADING)),
    **dict.fromkeys(("strong", "b"), Walk._bold),
    "a": Walk._anchor,
    **dict.fromkeys(("ul", "ol", "menu"), Walk._list),
    **dict.fromkeys(("td", "th"), lambda walk, _node: walk._cell_end),
    "blockquote": lambda walk, _node: walk._begin(BlockType.QUOTE),
    "br": Walk._break,
    "hr": lambda walk, _node: walk._flush(),
    "li": Walk._item,
    "tr": Walk._line,
    "figure": Walk._figure,
    "figcaption": Walk._caption,
    "img": Walk._picture,
}
