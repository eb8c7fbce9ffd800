"""When are two entries the same article? Pure rules, and the short id that people type.

Inside one feed an entry is known by its guid, else its canonical link, else title and day, else all its
text. A second key (canonical link, else title and day) finds it again where a feed gives a new guid at
every visit.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from kommcli import dates, urls
from kommcli.model import Entry
from kommcli.text import fold

canonical = lru_cache(1_000)(urls.canonical)
"""The same for one run: an article's link is often its guid, and its feed's address is that of all."""

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32: no i, l, o, u, which look like something else."""

SHORT = 8
"""Letters of a short id; more only where two articles of one archive would share it."""


def identity(entry: Entry) -> str:
    """The first key of ``entry`` in its feed; never empty. Guids that are addresses are compared as such."""
    if entry.guid:
        return "g:" + canonical(entry.guid)
    return second_identity(entry) or "c:" + _digest(entry.title, entry.teaser, *(b.text for b in entry.body))


def second_identity(entry: Entry) -> str:
    """The second key: canonical link, else folded title and day; empty where there is neither."""
    if entry.link:
        return "l:" + canonical(entry.link)
    if entry.title:
        day = dates.day(entry.published) if entry.published else ""
        return f"t:{fold(entry.title)}|{day}"
    return ""


SAID = "url kicker title published updated teaser image enclosure categories author truncated blocks".split()
"""The columns with what the feed says about an article."""


def content_hash(said: Iterable[object]) -> str:
    """Changes whenever the feed says anything new about the article; ``said`` are the values of `SAID`,
    blocks without their links."""
    return _digest(*("" if value is None else str(value) for value in said))


def short_ids(feed_url: str, key: str) -> tuple[str, ...]:
    """The short id of an article, followed by the longer ones to take where it is taken.

    The same on every machine: made of the feed's address and the first key. It begins with a letter, so
    that it is never mistaken for the number of a list.
    """
    number = int.from_bytes(_sha256(f"{canonical(feed_url)}\n{key}")[:15], "big")
    letters = [_ALPHABET[10 + number % 22]]
    number //= 22
    for _position in range(19):
        letters.append(_ALPHABET[number % 32])
        number //= 32
    text = "".join(letters)
    return tuple(text[:length] for length in range(SHORT, len(text) + 1))


def _digest(*parts: str) -> str:
    return _sha256("\0".join(parts)).hex()[:32]


def _sha256(text: str) -> bytes:
    import hashlib  # loads OpenSSL, 4 ms that only storing needs

    return hashlib.sha256(text.encode("utf-8", "replace")).digest()
