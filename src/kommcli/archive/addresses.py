"""The addresses that an article is known by.

One article has up to five: with and without ``www.`` and a final slash, ``?p=ID``, ``?p=ID&post_type=…``, and
the old ``/meldung_ID_Title.html``.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable

from kommcli.archive.identity import canonical
from kommcli.model import Entry

_SHORT_LINK = re.compile(r"([^/?]+)/?\?(?:.*&)?p=(\d{1,12})(?:&|$)")
_OLD_LINK = re.compile(r"([^/?]+)/meldung_(\d{1,12})(?:[_./?].*)?$")
_IS_ADDRESS = re.compile(r"[a-z0-9.-]+\.[a-z]{2,}(?::\d+)?(?:[/?].*)?$")


def forms(url: str) -> tuple[str, ...]:
    """The keys that ``url`` is found by: two addresses of one article share one. Empty for no web address."""
    if "://" not in url:
        return ()
    key = canonical(url)
    found = [key]
    if match := _SHORT_LINK.match(key):
        found.append(f"{match[1]}?p={match[2]}")
    elif match := _OLD_LINK.match(key):
        found.append(f"{match[1]}/meldung_{match[2]}")
    return tuple(dict.fromkeys(found))


def of_entry(entry: Entry) -> tuple[str, ...]:
    """The keys of what a feed says of an article: its link, and a guid that is an address."""
    return of_row(entry.link, f"g:{canonical(entry.guid)}" if entry.guid else "")


def of_row(link: str, identity: str) -> tuple[str, ...]:
    """The same of the columns ``url`` and ``identity``."""
    guid = identity[2:] if identity.startswith("g:") else ""
    address = f"https://{guid}" if _IS_ADDRESS.match(guid) else ""
    return tuple(dict.fromkeys((*forms(link), *forms(address))))


def add(db: sqlite3.Connection, row: int, keys: Iterable[str]) -> None:
    """Let these keys lead to the article with this rowid, too."""
    db.executemany(
        "INSERT OR IGNORE INTO addresses (address, article) VALUES (?, ?)", [(key, row) for key in keys]
    )


def add_all(db: sqlite3.Connection) -> None:
    """Fill the table of an archive that has none yet."""
    db.executemany(
        "INSERT OR IGNORE INTO addresses (address, article) VALUES (?, ?)",
        (
            (key, row)
            for row, link, identity in db.execute("SELECT id, url, identity FROM articles")
            for key in of_row(link, identity)
        ),
    )


def find(db: sqlite3.Connection, url: str) -> int | None:
    """The rowid of the newest article that is known by ``url``."""
    for key in forms(url):
        row = db.execute(
            "SELECT article FROM addresses WHERE address = ? ORDER BY article DESC LIMIT 1", (key,)
        ).fetchone()
        if row:
            return int(row[0])
    return None
