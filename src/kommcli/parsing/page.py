"""Bytes of a page -> `Page`, in this very process; `pool.ParserPool` does it in a limited one.

::

    bytes ─► charset ─► outline (HTML) | plaintext ─► pieces ─► family | other ─► Page
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from kommcli.data import states
from kommcli.data.family import KICKERS
from kommcli.data.topics import builtin
from kommcli.datewords import parse_feed_date
from kommcli.errors import FeedFailure
from kommcli.gazetteer import Gazetteer
from kommcli.model import Page
from kommcli.parsing import charset, family, other, plaintext
from kommcli.parsing.pieces import Outline, bracketed, of_body
from kommcli.text import clean, fold, shorten
from kommcli.urls import absolute

_HTML = re.compile(
    r"<(?:!doctype\s+html|html|head|body|article|main|div|p|h[1-6]|meta|title|section|span|table|script)\b",
    re.IGNORECASE,
)
_MAGIC = (
    b"%PDF",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"RIFF",
    b"ID3",
    b"\x7fELF",
)
_BEFORE_NAMES = re.compile(
    r"(?:(?:Landeshaupt|Hanse)?stadt|Gemeinde|Markt|Land|Freistaat|Region|(?:Land|Stadt)?kreis) ",
    re.IGNORECASE,
)
_KNOWN = frozenset(map(fold, KICKERS))

_places = Gazetteer()
_topics = cache(builtin)


def parse_page(body: bytes, content_type: str, url: str, selectors: Mapping[str, str] | None = None) -> Page:
    """What a page says; ``content_type`` is the HTTP header (empty for files), ``url`` where it came from or
    empty, ``selectors`` the feed's own CSS selectors by field.

    Raises FeedFailure: article.not_html, article.no_text, article.no_reader, article.selector.
    """
    url = absolute("", url).partition("#")[0]
    if body.startswith(_MAGIC):
        raise FeedFailure("article.not_html")
    text = charset.decode(body, content_type)[0]
    if "\x00" in text[:1_000]:
        raise FeedFailure("article.not_html")
    if not clean(text[:100_000]):
        raise FeedFailure("article.no_text")
    if "html" in content_type or _HTML.search(text, 0, 100_000):
        page = _from_html(text, url, selectors or {})
    else:
        page = _from_text(text)
    if not page.title:
        first = page.lead or next((block.text for block in page.body), "")
        if not first:
            raise FeedFailure("article.no_text")
        page = replace(page, title=shorten(first.replace("\n", " "), 80))
    return page if page.url else replace(page, url=url)


def _from_html(text: str, url: str, selectors: Mapping[str, str]) -> Page:
    from kommcli.parsing.outline import outline

    found = outline(text, url, selectors)
    if selectors and (found.chosen or found.chosen_body):
        return _selected(found, text, url)
    if family.is_family(found, url):
        page = family.read(found, is_known)
        # The marks alone make no article: a page of the family may be an overview or a wall, too.
        if other.is_article(page.body, page.title) or (page.published and len(page.lead) > 60):
            return page
        if not page.body:
            raise FeedFailure("article.no_text")
    return other.read(text, url, found)


def _from_text(text: str) -> Page:
    found = plaintext.outline(text)
    return family.read(found, is_known) if family.is_family(found, "") else other.read_text(found)


def _selected(found: Outline, text: str, url: str) -> Page:
    """A page read by the user's selectors, and in the usual way where they found nothing."""
    base = family.read(found, is_known) if family.is_family(found, url) else None
    if base is None:
        try:
            base = other.read(text, url, found)
        except FeedFailure:
            if not found.chosen_body:
                raise
            base = other.page(found.meta, other.title_of(found), (), "structured")
    chosen = found.chosen
    moment, _rest = bracketed(chosen.get("date", ""))
    _, lead = bracketed(chosen.get("lead", ""))
    image = base.image
    if image and ("caption" in chosen or "credit" in chosen):
        image = replace(
            image, caption=chosen.get("caption", image.caption), credit=chosen.get("credit", image.credit)
        )
    return replace(
        base,
        kicker=chosen.get("kicker", base.kicker),
        title=chosen.get("title", base.title) or base.title,
        published=moment or parse_feed_date(chosen.get("date", "")) or base.published,
        lead=lead or base.lead,
        topic=chosen.get("topic", base.topic),
        body=tuple(of_body(piece.block) for piece in found.chosen_body if piece.text) or base.body,
        image=image,
    )


def is_known(kicker: str) -> bool:
    """Whether a kicker is the name of a state, one place or several (``Ulm / Karlsruhe``), or of the like."""
    if fold(kicker) in _KNOWN or (len(kicker) > 2 and states.find(kicker)):
        return True
    if len(kicker) > 4 and _topics().find(kicker):
        return True
    names = re.split(r" ?/ | und ", kicker)
    return 3 <= len(kicker) <= 80 and all(
        len(name) > 2 and _places.bearers(_BEFORE_NAMES.sub("", name, count=1)) for name in names
    )
