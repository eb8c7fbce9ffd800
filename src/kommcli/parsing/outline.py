"""The HTML door of pages: a document -> its pieces in order, and what its head says."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from kommcli.datewords import parse_feed_date
from kommcli.errors import FeedFailure
from kommcli.model import Block, BlockType, Image
from kommcli.parsing.media import split_credit
from kommcli.parsing.pieces import MAX_TEXT, Metadata, Outline, Piece, typed
from kommcli.parsing.walk import Walk, tree
from kommcli.text import clean, clean_lines, shorten
from kommcli.urls import absolute, canonical

_NO_TEXT = frozenset("nav footer form dialog".split())
_ROLES = frozenset("navigation search contentinfo dialog alertdialog menu menubar toolbar".split())
_UNSEEN = re.compile(
    r"(?:^|[\s_-])(?:sr-only|screen-reader(?:-text)?|visually-hidden|visuallyhidden)(?:$|\s)"
)
_CONSENT = re.compile(r"cookie|consent|gdpr|dsgvo", re.IGNORECASE)
_HEADING = re.compile(r"h([1-6])$")
_INLINE = frozenset("a b cite em font i mark small span strong u".split())
_BLOCKS_IN_LIST = "h1, h2, h3, h4, h5, h6, figure, article, div, img"
_BLOCKS_IN_ROW = "h1, h2, h3, h4, h5, h6, p, div, table, ul, ol, br, img, blockquote"
_STOPS = (".", ":", "!", ",", ";", "…", "“", '"')
_MAX_JSON = 1_000_000
_MAX_OBJECTS = 500
_ARTICLES = re.compile(r"Article$|BlogPosting$|^Report|PressRelease$")


def outline(html: str, url: str, selectors: Mapping[str, str]) -> Outline:
    """The pieces of ``html`` and its metadata; ``url`` is where it came from, or empty.

    ``selectors`` are CSS selectors by field (`data.family.FIELDS`). Raises FeedFailure
    ``article.selector`` for one that is none, and MemoryError.
    """
    document = tree(html)
    base_node = document.css_first("base[href]")
    base = absolute(url, (base_node.attributes.get("href") or "") if base_node else "") or url
    meta = metadata(document, base, url)
    walk = PageWalk(base)
    if document.body is not None:
        walk.run(document.body)
    chosen: dict[str, str] = {}
    body: tuple[Piece, ...] = ()
    for name, selector in selectors.items():
        node = _selected(document, selector)
        if node is not None and name == "body":
            inner = PageWalk(base)
            inner.run(node)
            body = tuple(inner.pieces)
        elif node is not None:
            chosen[name] = clean(node.text(deep=True, separator=" "))
    return Outline(tuple(walk.pieces), meta, True, chosen, body)


def without_boilerplate(html: str) -> str:
    """``html`` for trafilatura: without what is never an article's; definition lists, which it leaves out,
    are paragraphs."""
    document = tree(html)
    for node in document.css(_BOILERPLATE):
        node.decompose()
    return re.sub(r"<(/?)d[td]\b", r"<\1p", document.html or "")


_BOILERPLATE = (
    "nav, footer, aside, form, dialog, script, style, noscript, [role=dialog], [role=navigation],"
    " [role=banner], [role=contentinfo], [role=complementary], [class*=cookie], [id*=cookie],"
    " [class*=consent], [id*=consent], [class*=sidebar], [id*=sidebar], [class*=related], [class*=teaser]"
)


def _selected(document: LexborHTMLParser, selector: str) -> LexborNode | None:
    try:
        return document.css_first(selector)
    except (SelectolaxError, ValueError) as error:
        raise FeedFailure("article.selector", shorten(clean(selector), 80)) from error


class PageWalk(Walk):
    """A walk that remembers what stood around the blocks, and leaves out what is no text of a page."""

    mute_pictures = True

    def __init__(self, base: str) -> None:
        super().__init__(base)
        self.pieces: list[Piece] = []
        self._length = 0
        self._level = 0
        self._head = ""
        self._asides = 0

    def drops(self, tag: str, attributes: dict[str, str | None]) -> bool:
        """Also without navigation, footer, forms, and what only a screen reader or nobody meets."""
        if super().drops(tag, attributes) or tag in _NO_TEXT:
            return True
        if not attributes:
            return False
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        return (
            (attributes.get("role") or "").lower() in _ROLES
            or bool(_UNSEEN.search(names.lower()))
            or (tag in ("div", "section", "aside") and bool(_CONSENT.search(names)))
        )

    def is_heading(self, text: str) -> bool:
        """A short line without a full stop."""
        return len(text) <= 110 and not text.startswith(("[", "(")) and not text.endswith(_STOPS)

    def is_layout(self, node: LexborNode) -> bool:
        """Lists of cards and tables that make columns: what is in them has headings or paragraphs."""
        return node.css_first(_BLOCKS_IN_ROW if node.tag == "tr" else _BLOCKS_IN_LIST) is not None

    def emit(self, block: Block, image: Image | None = None) -> None:
        """Take a block with its surroundings."""
        if self._length > MAX_TEXT:
            return
        self._length += len(block.text)
        if block.type is not BlockType.HEADING:
            self.pieces.append(Piece(typed(block), image=image, aside=self._asides > 0))
            return
        head = self._head if block.text.startswith(self._head) and self._head != block.text else ""
        self.pieces.append(Piece(block, self._level, head, aside=self._asides > 0))

    def _enter(self, node: LexborNode) -> tuple[bool, Callable[[], None] | None]:
        descend, leave = super()._enter(node)
        if not descend or node.tag is None:
            return descend, leave
        if node.tag == "header" and node.css_first("h1, h2") is None:
            return False, None  # the head of the site, not of the article
        if heading := _HEADING.match(node.tag):
            self._level, self._head = int(heading[1]), _first_element(node)
        elif node.tag == "aside":
            self._asides += 1
            return descend, lambda: self._aside_end(leave)
        return descend, leave

    def _aside_end(self, leave: Callable[[], None] | None) -> None:
        if leave:
            leave()
        self._asides -= 1


def _first_element(heading: LexborNode) -> str:
    """The text of the element that a heading begins with, where more follows."""
    node = heading.first_child
    while node is not None and node.tag == "-text" and not (node.text_content or "").strip():
        node = node.next
    if node is not None and node.tag in _INLINE and node.next is None:  # all of it in one link or span
        return _first_element(node)
    return clean(node.text(deep=True)) if node is not None and node.tag not in ("-text", None) else ""


# -------------------------------------------------------------------------------------- the head


def metadata(document: LexborHTMLParser, base: str, url: str) -> Metadata:
    """What the head says, JSON-LD (https://schema.org/Article) before Open Graph before the rest."""
    tags = _meta_tags(document)
    title = document.css_first("title")
    said = next(_articles(document), {})
    headline = _string(said.get("headline")) or _string(said.get("name"))
    titles = (headline, tags.get("og:title", ""), clean(title.text(deep=True)) if title else "")
    section = said.get("articleSection")
    return Metadata(
        titles=tuple(dict.fromkeys(shorten(one, 500) for one in titles if one)),
        canonical=_canonical(document, tags, said, base, url),
        site=shorten(tags.get("og:site_name", "") or _name(said.get("publisher")), 100),
        description=_string(said.get("description"))
        or tags.get("og:description", "")
        or tags.get("description", ""),
        published=parse_feed_date(
            _string(said.get("datePublished")) or tags.get("article:published_time", "")
        ),
        updated=parse_feed_date(_string(said.get("dateModified")) or tags.get("article:modified_time", "")),
        section=_string(section[0] if isinstance(section, list) and section else section)
        or tags.get("article:section", ""),
        image=_image(said, tags, base),
        body=_lines(said.get("articleBody")),
        walled=said.get("isAccessibleForFree") in (False, "False", "false"),
    )


def _meta_tags(document: LexborHTMLParser) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in document.css("meta[content]"):
        name = node.attributes.get("property") or node.attributes.get("name") or ""
        found.setdefault(name.lower(), clean((node.attributes.get("content") or "")[:5_000]))
    return found


def _canonical(
    document: LexborHTMLParser, tags: Mapping[str, str], said: Mapping[str, Any], base: str, url: str
) -> str:
    """The address that the page calls its own; a page can only speak for its own host."""
    node = document.css_first('link[rel="canonical"][href]')
    main = said.get("mainEntityOfPage")
    offered = (
        (node.attributes.get("href") or "") if node else "",
        tags.get("og:url", ""),
        main if isinstance(main, str) else _string(main.get("@id")) if isinstance(main, dict) else "",
    )
    own = canonical(url).partition("/")[0]
    for href in offered:
        address = absolute(base, href.strip()).partition("#")[0] if href.strip() else ""
        # A page speaks for its own host only; the front page, which some sites name everywhere, for none.
        own_host = not url or canonical(address).partition("/")[0] == own
        if (
            address
            and own_host
            and (canonical(address).partition("/")[2] or not canonical(url).partition("/")[2])
        ):
            return address
    return url


def _articles(document: LexborHTMLParser) -> Iterator[dict[str, Any]]:
    """The objects of the page's JSON-LD that are articles, however deep they lie."""
    for node in document.css('script[type="application/ld+json"]'):
        text = node.text_content or node.text(deep=True) or ""
        try:
            value = json.loads(text[:_MAX_JSON], strict=False)
        except (ValueError, RecursionError):
            continue  # broken ones are common; the page has its text, too
        waiting, seen = [value], 0
        while waiting and seen < _MAX_OBJECTS:
            value, seen = waiting.pop(0), seen + 1
            if isinstance(value, list):
                waiting.extend(value)
            elif isinstance(value, dict):
                kinds = value.get("@type")
                if any(
                    isinstance(kind, str) and _ARTICLES.search(kind)
                    for kind in (kinds if isinstance(kinds, list) else [kinds])
                ):
                    yield value
                waiting.extend(inner for inner in value.values() if isinstance(inner, list | dict))


def _image(said: Mapping[str, Any], tags: Mapping[str, str], base: str) -> Image | None:
    value = said.get("image")
    first = value[0] if isinstance(value, list) and value else value
    fields = first if isinstance(first, dict) else {}
    href = first if isinstance(first, str) else _string(fields.get("url")) or tags.get("og:image", "")
    url = absolute(base, href.strip()) if href else ""
    caption, credit = split_credit(shorten(_string(fields.get("caption")), 1_000))
    alt = tags.get("og:image:alt", "")
    return Image(url, alt, caption, credit or _string(fields.get("creditText"))) if url else None


def _name(value: object) -> str:
    return _string(value.get("name")) if isinstance(value, dict) else _string(value)


def _string(value: object) -> str:
    return clean(_plain(value[:20_000])) if isinstance(value, str) else ""


def _lines(value: object) -> str:
    return clean_lines(_plain(value[:MAX_TEXT])) if isinstance(value, str) else ""


def _plain(text: str) -> str:
    """Some sites write markup or entities into their JSON-LD."""
    if "<" not in text and "&" not in text:
        return text
    from html import unescape

    text = re.sub(r"</?(?:a|b|i|em|strong|span)\b[^<>]*>", "", text)
    return unescape(re.sub(r"</?(?:p|div|br|h\d|li|ul|ol)\b[^<>]*>", "\n", text))
