"""The addresses that articles are known by, and which articles a related item means.

One article has up to five: with and without ``www.`` and a final slash, ``?p=ID``, ``?p=ID&post_type=…``, and
the old ``/meldung_ID_Title.html``. A host's home page is none: it is no article's own.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache

from kommcli import dates
from kommcli.archive.filters import first_row
from kommcli.archive.identity import canonical
from kommcli.archive.schema import SERIAL_BITS
from kommcli.model import Entry, Mention, Page
from kommcli.text import fold

# Only with WordPress's own parameters: elsewhere "p" may be the number of a page of a list.
_SHORT_LINK = re.compile(r"([^/?]+)\?(?:post_type=[^&]*&)?p=(\d{1,12})(?:&post_type=[^&]*)?")
_OLD_LINK = re.compile(r"([^/?]+)/meldung_(\d{1,12})(?:[_./?].*)?")
_IS_WEB = re.compile(r"\s*https?://", re.IGNORECASE)
_LIKE_A_KEY = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)+(?::\d+)?[/?]")


# --------------------------------------------------------------------------------------------- keys


@lru_cache(1_000)
def forms(url: str) -> tuple[str, ...]:
    """The keys that ``url`` is found by, the most general last: all addresses of one article have that one.
    Empty for a home page and for what is no web address."""
    return _forms(canonical(url)) if _IS_WEB.match(url) else ()


def _forms(key: str) -> tuple[str, ...]:
    general = ""
    if match := _SHORT_LINK.fullmatch(key):
        general = f"{match[1]}?p={match[2]}"
    elif match := _OLD_LINK.fullmatch(key):
        general = f"{match[1]}/meldung_{match[2]}"
    elif _IS_WEB.match(key) or not re.search("[/?]", key):
        return ()
    return tuple(dict.fromkeys((key, general or key)))


def of_entry(entry: Entry) -> tuple[str, ...]:
    """The keys of what a feed says of an article: its link, and a guid that is an address."""
    return tuple(dict.fromkeys((*forms(entry.link), *forms(entry.guid))))


def of_page(page: Page, answered: str) -> tuple[str, ...]:
    """The keys of a page: the address that answered, and the one it calls its own. That of another host is
    not believed: it would draw somebody else's article to this one."""
    by_answer, by_name = forms(answered), forms(page.url)
    if by_answer and by_name and _host(by_answer[0]) != _host(by_name[0]):
        return by_answer
    return tuple(dict.fromkeys((*by_answer, *by_name)))


def _host(key: str) -> str:
    return re.split("[/?]", key, maxsplit=1)[0]


def own(entries: Mapping[str, Entry]) -> dict[str, tuple[str, ...]]:
    """`of_entry` for each of a document's entries, by `identity`, without what several of them have: a page
    of several articles is that of none."""
    each = {one: of_entry(entry) for one, entry in entries.items()}
    counts = Counter(key for keys in each.values() for key in keys)
    return {one: tuple(key for key in keys if counts[key] == 1) for one, keys in each.items()}


def of_mention(mention: Mention) -> str:
    """The key of a related item: its address, else folded kicker, title and day."""
    keys = forms(mention.url)
    return "l:" + keys[-1] if keys else by_title(mention.kicker, mention.title, mention.published)


def by_title(kicker: str, title: str, published: datetime | None) -> str:
    """The key of an article without an address."""
    return f"t:{fold(f'{kicker} {title}')}|{dates.day(published) if published else ''}"


# --------------------------------------------------------------------------------------- the table


def add(db: sqlite3.Connection, row: int, keys: Iterable[str]) -> None:
    """Let these keys lead to the article with this rowid, too."""
    db.executemany(
        "INSERT OR IGNORE INTO addresses (address, article) VALUES (?, ?)", [(key, row) for key in keys]
    )


def add_all(db: sqlite3.Connection) -> None:
    """Fill the table of an archive that has none yet, from keys that are canonical already."""
    db.executemany(
        "INSERT OR IGNORE INTO addresses (address, article) VALUES (?, ?)",
        (
            (key, row)
            for row, identity, second in db.execute("SELECT id, identity, second FROM articles")
            for known in {identity, second}
            if known[:2] == "l:" or (known[:2] == "g:" and _LIKE_A_KEY.match(known, 2))
            for key in _forms(known[2:])
        ),
    )


def find(db: sqlite3.Connection, url: str) -> int | None:
    """The rowid of the newest article that is known by ``url``."""
    for key in forms(url):
        if found := _known_by(db, key):
            return found[0]
    return None


def _known_by(db: sqlite3.Connection, key: str) -> list[int]:
    rows = db.execute("SELECT article FROM addresses WHERE address = ? ORDER BY article DESC", (key,))
    return [row for (row,) in rows]


# ----------------------------------------------------------------------------------- related items


def meant(db: sqlite3.Connection, mention: Mention) -> list[int]:
    """The rowids of the articles that a related item means, newest first: several where feeds share one."""
    keys = forms(mention.url)
    return _known_by(db, keys[-1]) if keys else _by_day(db, mention)


def _by_day(db: sqlite3.Connection, mention: Mention) -> list[int]:
    """Those of the same day with the same headline: a page on paper names no addresses."""
    if mention.published is None:
        return []
    first = first_row(mention.published)
    after = first + (25 * 3600 << SERIAL_BITS)
    rows = db.execute(
        "SELECT id, kicker, title FROM articles WHERE id >= ? AND id < ? ORDER BY id DESC", (first, after)
    )
    return [row for row, kicker, title in rows if _same(kicker, title, mention)]


def _same(kicker: str, title: str, mention: Mention) -> bool:
    """Whether a headline is that of ``mention``; a kicker that only one of them has says nothing."""
    if kicker and mention.kicker:
        return fold(kicker) == fold(mention.kicker) and fold(title) == fold(mention.title)
    wholes = {fold(title), fold(f"{kicker}: {title}")}
    return fold(mention.title) in wholes or fold(f"{mention.kicker}: {mention.title}") in wholes
