"""Pictures and files: which one counts, what its caption says and to whom the credit goes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from kommcli.model import Enclosure, Image
from kommcli.text import clean, shorten
from kommcli.urls import absolute

_TRACKER = re.compile(r"vgwort|feedburner|doubleclick|/pixel\b|/avatar/|/emoji/|/smilies/", re.IGNORECASE)
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)(?:[?#]|$)", re.IGNORECASE)
_LABEL = r"(?:Bildquellen?|Bildnachweis|Bildrechte|Bild|Fotos?|Grafik|Quelle|Copyright)\s*:|©|\(c\)"
_IN_BRACKETS = re.compile(rf"\s*[(\[](?:{_LABEL})\s*([^()\[\]]{{1,200}})[)\]]", re.IGNORECASE)
_AT_END = re.compile(rf"(?:^|[\s|/–—-])(?:{_LABEL})\s*(.{{1,200}})$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class File:
    """A file that comes with an entry, as the feed says it; ``length`` is its text."""

    url: str
    type: str = ""
    length: str = ""


def picture(offered: Iterable[Image], inside: Image | None, base: str) -> Image | None:
    """The entry's picture: the first usable one that the feed offers, else the one in its text.

    Words that go with the same file in the text are added. All texts are clean afterwards.
    """
    for image in offered:
        url = absolute(base, image.url.strip()) if image.url else ""
        if url and not is_tracker(url):
            chosen = replace(image, url=url)
            break
    else:
        if inside is None:
            return None
        chosen = inside
    if inside and _name(inside.url) == _name(chosen.url):
        chosen = replace(chosen, alt=chosen.alt or inside.alt, caption=chosen.caption or inside.caption)
    caption, credit = split_credit(shorten(clean(chosen.caption), 1_000))
    credit = clean(chosen.credit) or credit
    return Image(chosen.url, shorten(clean(chosen.alt), 500), caption, shorten(credit, 200))


def offered(
    contents: Iterable[Mapping[str, str]],
    thumbnails: Iterable[Mapping[str, str]],
    caption: str,
    credit: str,
    cover: str,
) -> tuple[Image, ...]:
    """The pictures that a feed offers with an entry, the best first: of the attributes of
    ``media:content`` and ``media:thumbnail`` and a podcast's ``cover``."""
    found = []
    for item in contents:
        kind = f"{item['medium']}/" if item.get("medium") else item.get("type", "")
        if is_picture(File(item.get("url", ""), kind)):
            found.append(item.get("url", ""))
    found += [item.get("url", "") for item in thumbnails]
    return (*(Image(url, caption=caption, credit=credit) for url in found), Image(cover))


def split_credit(caption: str) -> tuple[str, str]:
    """(caption, credit) of a clean caption: "(Foto: …)", "Bildquelle: …", "© …" are the credit."""
    if match := _IN_BRACKETS.search(caption):
        return (caption[: match.start()] + caption[match.end() :]).strip(), match[1].strip()
    if match := _AT_END.search(caption):
        return caption[: match.start()].rstrip(" |/–—-("), match[1].strip(" )")
    return caption, ""


def enclosure(files: Iterable[File], base: str) -> Enclosure | None:
    """The first file that is no picture: audio, video, PDF …"""
    for file in files:
        if not is_picture(file) and (url := absolute(base, file.url.strip())):
            digits = file.length.strip()
            length = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else 0
            return Enclosure(url, clean(file.type.lower())[:100], length)
    return None


def is_picture(file: File) -> bool:
    """Whether a file is a picture, by its type or, where that says nothing, its name."""
    return file.type.startswith("image/") or (not file.type and bool(_PICTURE.search(file.url)))


def is_tracker(url: str) -> bool:
    """Whether an address is that of a tracking pixel, an avatar or a smiley."""
    return bool(_TRACKER.search(url))


def is_dot(attributes: Mapping[str, str]) -> bool:
    """Whether an ``img`` says that it is at most two pixels wide or high."""
    sizes = (attributes.get(name, "").strip().removesuffix("px") for name in ("width", "height"))
    return any(size in ("0", "1", "2") for size in sizes)


def source(attributes: Mapping[str, str], base: str) -> str:
    """The absolute address of an ``img``; pages that load pictures late keep it in other attributes."""
    for name in ("src", "data-src", "data-lazy-src", "data-original"):
        if (value := attributes.get(name, "").strip()) and (url := absolute(base, value)):
            return url
    return ""


def _name(url: str) -> str:
    """The file's name without the size that WordPress adds ("-300x200")."""
    return re.sub(r"-\d{2,5}x\d{2,5}(?=\.)", "", url.partition("?")[0].rpartition("/")[2])
