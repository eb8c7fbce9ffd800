"""A body as it comes over the wire, unpacked within a limit."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from kommcli.errors import FeedFailure
from kommcli.i18n import _
from kommcli.text import clean

_GZIP, _ZLIB, _RAW = zlib.MAX_WBITS + 16, zlib.MAX_WBITS, -zlib.MAX_WBITS


def unpacked(chunks: Iterable[bytes], encoding: str, limit: int) -> bytes:
    """The whole body, at most ``limit`` bytes before and after unpacking.

    ``encoding`` is the Content-Encoding: none, gzip or deflate. Others were not asked for; and twice
    packed is always a bomb or a fault.

    Raises `FeedFailure`: ``http.too_large``, or ``http.decode`` where the bytes are not what
    ``encoding`` says, incomplete or damaged.
    """
    packings = [
        name for part in encoding.lower().split(",") if (name := part.strip()) not in ("", "identity")
    ]
    if not packings:
        return _plain(chunks, limit)
    if packings not in (["gzip"], ["x-gzip"], ["deflate"]):
        raise FeedFailure("http.decode", _("packed as {name}").format(name=clean(", ".join(packings))[:60]))
    try:
        return _unpacked(chunks, packings[0] == "deflate", limit)
    except zlib.error as error:
        raise FeedFailure("http.decode", _("not valid {name}").format(name=packings[0])) from error


def _plain(chunks: Iterable[bytes], limit: int) -> bytes:
    whole = bytearray()
    for chunk in chunks:
        whole += chunk
        if len(whole) > limit:
            raise FeedFailure("http.too_large")
    return bytes(whole)


def _unpacked(chunks: Iterable[bytes], deflate: bool, limit: int) -> bytes:
    whole = bytearray()
    packed = 0
    unpacker = None
    for chunk in chunks:
        packed += len(chunk)
        rest = _next_member(chunk) if unpacker and unpacker.eof else chunk
        while rest:
            if unpacker is None or unpacker.eof:
                unpacker = zlib.decompressobj(_window(rest[0]) if deflate else _GZIP)
            whole += unpacker.decompress(rest, limit + 1 - len(whole))
            if max(len(whole), packed) > limit:
                raise FeedFailure("http.too_large")
            rest = _next_member(unpacker.unused_data)
    if unpacker and not unpacker.eof:
        raise FeedFailure("http.decode", _("the packed answer breaks off"))
    return bytes(whole)


def _next_member(rest: bytes) -> bytes:
    """What follows a complete gzip member: often nothing, or zeros that fill a block, or one more."""
    return rest.lstrip(b"\0")


def _window(first: int) -> int:
    """zlib's word for a deflate stream: RFC 1950 as it should be, or bare RFC 1951 as some send it."""
    return _ZLIB if first & 0x0F == 8 else _RAW
