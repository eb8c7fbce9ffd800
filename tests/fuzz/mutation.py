"""Changes bytes at random: a seed gives the same changes on every machine."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

MORSELS = (
    *b"< > & ; \" ' / = ! [ ] ( ) - | : % # . , \\ \0 \x1b \x7f \r \n \t \xff \xfe \xef\xbb\xbf".split(b" "),
    *b"\xc2\x9b \xe2\x80\xae \xed\xa0\x80 \xf0\x9f\x91\xa9 \xcc\x81 &#0; &#27; &#xD800; &#x110000;".split(
        b" "
    ),
    *b"&amp;lt; &l9; <!-- --> <![CDATA[ ]]> <!DOCTYPE <!ENTITY <?xml ?> <item> </item> <entry> <rss".split(
        b" "
    ),
    *b"<feed <channel> <div> </div> <p> <table> <script> <style> <math> <svg> <base <meta".split(b" "),
    *b'encoding="utf-7" encoding="utf-16" xml:base="//x" href="javascript:1" "charset=utf-8'.split(b" "),
    *b"-1 0 1 9999 99999999999999999999 1e400 nan 0x7f 127.0.0.1 [::1] http:// file:/// //user:pw@h/".split(
        b" "
    ),
    *b"..%2f 2026-10-16 24:00:60 +9999 MESZ Mi, Okt OR NICHT topic: -topic: kw:99 seit:".split(b" "),
    *b"\"\"\" ''' {} [[ ]] = \\u0000 \\ud800".split(b" "),
    b" ",
    b"  ",
)

Change = Callable[[bytearray, random.Random, Sequence[bytes]], None]


def mutate(corpus: Sequence[bytes], rng: random.Random, longest: int) -> bytes:
    """One of ``corpus`` with one change or some, at most ``longest`` bytes of it."""
    data = bytearray(rng.choice(corpus))
    for _change in range(rng.choice((1, 1, 2, 4, 16))):
        rng.choice(_CHANGES)(data, rng, corpus)
    return bytes(data[:longest])


def _span(data: bytearray, rng: random.Random) -> slice:
    at = rng.randint(0, len(data))
    return slice(at, at + int(rng.expovariate(0.05)))


def _replace_byte(data: bytearray, rng: random.Random, _corpus: Sequence[bytes]) -> None:
    if data:
        data[rng.randrange(len(data))] = rng.randrange(256)


def _delete(data: bytearray, rng: random.Random, _corpus: Sequence[bytes]) -> None:
    del data[_span(data, rng)]


def _insert_morsel(data: bytearray, rng: random.Random, _corpus: Sequence[bytes]) -> None:
    at = rng.randint(0, len(data))
    data[at:at] = rng.choice(MORSELS)


def _replace_by_morsel(data: bytearray, rng: random.Random, _corpus: Sequence[bytes]) -> None:
    data[_span(data, rng)] = rng.choice(MORSELS)


def _move(data: bytearray, rng: random.Random, _corpus: Sequence[bytes]) -> None:
    at = rng.randint(0, len(data))
    data[at:at] = data[_span(data, rng)]


def _repeat(data: bytearray, rng: random.Random, _corpus: Sequence[bytes]) -> None:
    at = rng.randint(0, len(data))
    piece = rng.choice((bytes(data[_span(data, rng)]), rng.choice(MORSELS)))
    data[at:at] = piece * rng.choice((2, 10, 300))


def _splice(data: bytearray, rng: random.Random, corpus: Sequence[bytes]) -> None:
    other = rng.choice(corpus)
    data[rng.randint(0, len(data)) :] = other[rng.randint(0, len(other)) :]


def _cut(data: bytearray, rng: random.Random, _corpus: Sequence[bytes]) -> None:
    del data[rng.randint(0, len(data)) :]


_CHANGES: tuple[Change, ...] = (
    _replace_byte,
    _delete,
    _insert_morsel,
    _insert_morsel,
    _replace_by_morsel,
    _move,
    _repeat,
    _splice,
    _cut,
)
