"""What parent and worker say to each other: frames of a length and bytes, in them JSON, never pickle.

Values travel as lists of their fields in the order of `model`, so both sides need nothing but the model.
"""

from __future__ import annotations

import base64
import json
import struct
from datetime import datetime
from typing import IO, Any

from kommcli.model import Block, BlockType, Enclosure, Entry, Image, Link, Mention, Page, ParsedFeed

MAX_FRAME = 100_000_000
"""Bytes; more than any honest answer to a body of 10 MB."""

READY = b"ready"
"""A worker's first frame, sent once it can be asked."""

_LENGTH = struct.Struct(">I")


def send(stream: IO[bytes], *payloads: bytes) -> None:
    """Write one frame per payload. Raises OSError where the other side is gone."""
    for payload in payloads:
        stream.write(_LENGTH.pack(len(payload)))
        stream.write(payload)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """The next frame; None where the other side is gone or breaks off."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > MAX_FRAME:
        return None
    payload = stream.read(length)
    return payload if len(payload) == length else None


def dump(value: object) -> bytes:
    """A JSON value that may hold the dataclasses of `model` and instants."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_fields)
    return text.encode("utf-8", "replace")


def load(frame: bytes) -> Any:
    """The JSON value in a frame. Raises ValueError."""
    return json.loads(frame)


def _fields(value: Any) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return [getattr(value, name) for name in value.__slots__]


_Block = tuple[str, str, list[tuple[int, int, str]]]


def _blocks(body: list[_Block]) -> tuple[Block, ...]:
    return tuple(
        Block(BlockType(kind), text, tuple(Link(*link) for link in links)) for kind, text, links in body
    )


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def page(fields: list[Any]) -> Page:
    """A Page from its fields. Raises TypeError or ValueError for anything else."""
    title, kicker, url, published, updated, lead, body, image, topic, kind, site, related, reader = fields
    return Page(
        title,
        kicker,
        url,
        _instant(published),
        _instant(updated),
        lead,
        _blocks(body),
        Image(*image) if image else None,
        topic,
        kind,
        site,
        tuple(_mention(*mention) for mention in related),
        reader,
    )


def _mention(
    title: str, kicker: str, url: str, published: str | None, teaser: str, kind: str, alt: str
) -> Mention:
    return Mention(title, kicker, url, _instant(published), teaser, kind, alt)


def raster(fields: list[Any]) -> tuple[int, int, bytes]:
    """Width, height and RGB bytes of a picture. Raises TypeError or ValueError for anything else."""
    width, height, encoded = fields
    pixels = base64.b64decode(encoded)
    if len(pixels) != 3 * width * height:
        raise ValueError
    return width, height, pixels


def feed(fields: list[Any]) -> ParsedFeed:
    """A ParsedFeed from its fields. Raises TypeError or ValueError for anything else."""
    title, link, entries, warnings, complete, ttl = fields
    read = tuple(_entry(*entry) for entry in entries)
    return ParsedFeed(title, link, read, tuple(warnings), complete, ttl)


def _entry(
    title: str,
    kicker: str,
    guid: str,
    link: str,
    published: str | None,
    updated: str | None,
    teaser: str,
    body: list[_Block],
    image: list[str] | None,
    categories: list[str],
    author: str,
    enclosure: tuple[str, str, int] | None,
    truncated: bool,
) -> Entry:
    return Entry(
        title,
        kicker,
        guid,
        link,
        _instant(published),
        _instant(updated),
        teaser,
        _blocks(body),
        Image(*image) if image else None,
        tuple(categories),
        author,
        Enclosure(*enclosure) if enclosure else None,
        truncated,
    )
