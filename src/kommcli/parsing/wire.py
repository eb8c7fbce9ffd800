"""What parent and worker say to each other: frames of a length and bytes, in them JSON, never pickle.

Values travel as lists of their fields in the order of `model`, so both sides need nothing but the model.
"""

from __future__ import annotations

import json
import struct
from datetime import datetime
from typing import IO, Any

from kommcli.model import Block, BlockType, Enclosure, Entry, Image, ParsedFeed

MAX_FRAME = 100_000_000
"""Bytes; more than any honest answer to a body of 10 MB."""

READY = b"ready"
"""A worker's first frame, sent once its parsers are loaded."""

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


def feed(fields: list[Any]) -> ParsedFeed:
    """A ParsedFeed from its fields. Raises TypeError or ValueError for anything else."""
    title, link, entries, warnings, complete = fields
    return ParsedFeed(title, link, tuple(_entry(*entry) for entry in entries), tuple(warnings), complete)


def _entry(
    title: str,
    kicker: str,
    guid: str,
    link: str,
    published: str | None,
    updated: str | None,
    teaser: str,
    body: list[tuple[str, str]],
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
        datetime.fromisoformat(published) if published else None,
        datetime.fromisoformat(updated) if updated else None,
        teaser,
        tuple(Block(BlockType(kind), text) for kind, text in body),
        Image(*image) if image else None,
        tuple(categories),
        author,
        Enclosure(*enclosure) if enclosure else None,
        truncated,
    )
