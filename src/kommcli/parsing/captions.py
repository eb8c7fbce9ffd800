"""A picture's words on a page of the family: alternative text, captions, ``(Bildquelle: …)``.

In a text dump they are lines like all others; what they are is told by their order, by the credit below them
and by the alternative text being glued to the lead.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from kommcli.model import BlockType, Image
from kommcli.parsing.media import split_credit
from kommcli.parsing.pieces import Piece
from kommcli.text import clean, shorten

_CREDIT = re.compile(
    r"\(?\s*(?:Bildquellen?|Bildnachweis|Bildrechte|Bild|Fotos?|Grafik)\s*:\s*(.*?)\)?$", re.DOTALL
)
_IN_TEXT = re.compile(r"[(\[]Bild: (.*)[)\]]", re.DOTALL)
ZONE = 5
"""Blocks behind the lead among which the picture's words are."""


class Shown(NamedTuple):
    """What the lead's picture shows; one sentence that stands twice counts once."""

    alt: str = ""
    captions: tuple[str, ...] = ()
    credit: str = ""
    url: str = ""


def picture(pieces: Sequence[Piece], at: int, end: int, *, dump: bool) -> tuple[Shown | None, int]:
    """What the lead's picture shows, and where the body begins. ``dump``: they are lines of a text."""
    zone = pieces[at : min(at + ZONE, end)]
    shown = next((n for n, piece in enumerate(zone) if piece.block.type is BlockType.IMAGE), None)
    credit_at = next((n for n, piece in enumerate(zone) if is_credit(piece.text)), None)
    if credit_at is not None and all(_may_be_caption(piece) for piece in zone[:credit_at]):
        credit = _credit(zone[credit_at].text)
        words = [piece for piece in zone[:credit_at] if piece.block.type is not BlockType.IMAGE]
        if shown is not None and shown < credit_at:
            image = zone[shown].image or Image()
            captions = [one for one in (image.caption, *(piece.text for piece in words)) if one]
            return _shown(image.alt, captions, image.credit or credit, image.url), at + credit_at + 1
        alt, captions = _alt_of(words) if dump else ("", [piece.text for piece in words])
        return _shown(alt, captions, credit), at + credit_at + 1
    if shown == 0:
        image = zone[0].image or Image(alt=zone[0].text)
        caption, credit = split_credit(image.caption)
        captions, following = [caption] if caption else [], at + 1
        if not caption and len(zone) > 1 and image.alt and zone[1].text == image.alt:
            captions, following = [image.alt], at + 2
        elif not (caption or image.alt or credit) and _stands_below(zone[1:]):
            captions, following = [zone[1].text], at + 2
        return _shown(image.alt, captions, credit or image.credit, image.url), following
    if dump and len(zone) > 1 and zone[0].tight and not zone[1].tight and len(zone[0].text) < 250:
        # A text dump glues nothing to the lead but the picture's alternative text. A caption behind it has no
        # full stop, and no text begins with a sub-heading.
        told = zone[1].text == zone[0].text or (len(zone) > 2 and is_bare(zone[1].text))
        return _shown(zone[0].text, [zone[1].text] if told else [], ""), at + 1 + told
    return None, at


def _alt_of(words: Sequence[Piece]) -> tuple[str, list[str]]:
    """In a text dump alternative text and captions are alike: of two lines the first is the alternative one,
    and so is a single one that is glued to the lead."""
    texts = [piece.text for piece in words]
    if len(texts) >= 2:
        return texts[0], texts[1:]
    return (texts[0], []) if words and words[0].tight else ("", texts)


def _shown(alt: str, captions: Sequence[str], credit: str, url: str = "") -> Shown:
    return Shown(alt, tuple(dict.fromkeys(captions)), credit, url)


def is_credit(text: str) -> bool:
    """Whether a line says who took a picture: ``(Bildquelle: Stadt Aachen)``."""
    return len(text) < 250 and bool(_CREDIT.match(text)) and (text.startswith("(") or len(text) < 120)


def _credit(text: str) -> str:
    match = _CREDIT.match(text)
    return clean(match[1]) if match else ""


def _stands_below(pieces: Sequence[Piece]) -> bool:
    """Whether a picture without words has its caption below: one short line before a much longer one."""
    return (
        len(pieces) > 1
        and all(piece.block.type is BlockType.PARAGRAPH for piece in pieces[:2])
        and len(pieces[0].text) <= 150
        and len(pieces[1].text) > 2 * len(pieces[0].text)
    )


def is_bare(text: str) -> bool:
    """Whether a line is short and no sentence."""
    return len(text) < 250 and not text.endswith((".", "!", "?", ":", "“", "…"))


def _may_be_caption(piece: Piece) -> bool:
    return len(piece.text) <= 700 and piece.block.type in (
        BlockType.IMAGE,
        BlockType.PARAGRAPH,
        BlockType.HEADING,
    )


def pictured(shown: Shown | None, told: Image | None) -> Image | None:
    """The picture of the text with the address that metadata has; where the text shows none, that alone."""
    if shown is None:
        return told
    caption, credit = " ".join(shown.captions), shown.credit
    if not credit:
        caption, credit = split_credit(caption)
    url = shown.url or (told.url if told else "")
    return Image(url, shorten(shown.alt, 500), shorten(caption, 1_500), shorten(credit, 200))


def words_of_picture(piece: Piece) -> str:
    """What a picture in the text says, or a line about one: ``(Bild: …)``."""
    if piece.image:
        return piece.image.caption or piece.image.alt
    told = _IN_TEXT.fullmatch(piece.text)
    return told[1] if told else piece.text
