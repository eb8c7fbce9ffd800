"""What pages tell: written down for their articles in one go, and the related items that they name."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from kommcli.archive import addresses, columns, fulltext, stubs
from kommcli.model import Mention, Page, Related
from kommcli.text import fold


def put(db: sqlite3.Connection, row: int, page: Page, url: str, seconds: int) -> tuple[str, ...]:
    """Write down the page of the article with this rowid, in place of the one it had: its text, addresses,
    and related items with the short entries they need. ``url`` answered, at ``seconds``. Gives the keys of
    its addresses."""
    fulltext.forget(db, row)
    values = columns.of_page(page) | {"article": row, "url": url, "now": seconds}
    db.execute(
        """INSERT INTO pages (article, url, tried, fetched, page, blocks)
           VALUES (:article, :url, :now, :now, :page, :blocks)
           ON CONFLICT (article) DO UPDATE SET url = :url, tried = :now, fetched = :now, tries = 0,
                  code = '', message = '', http_status = NULL, page = :page, blocks = :blocks""",
        values,
    )
    keys = addresses.of_page(page, url)
    addresses.add(db, row, keys)
    db.execute("DELETE FROM mentions WHERE article = ?", (row,))
    db.executemany(
        "INSERT INTO mentions (article, position, mention) VALUES (?, ?, ?)",
        [(row, position, columns.of_mention(one)) for position, one in enumerate(page.related)],
    )
    feed_id = db.execute("SELECT feed FROM articles WHERE id = ?", (row,)).fetchone()[0]
    stubs.add_missing(db, feed_id, page.related, seconds)
    fulltext.learn(db, [row])
    return keys


def mentions(db: sqlite3.Connection, row: int) -> list[str]:
    """The related items, as JSON, that the page of the article with this rowid names, in its order."""
    found = db.execute("SELECT mention FROM mentions WHERE article = ? ORDER BY position", (row,))
    return [text for (text,) in found]


def resolved(db: sqlite3.Connection, mentions: Sequence[Mention], own: int | None = None) -> list[Related]:
    """``mentions`` with the ids of the articles, with their own words, and short entries that they mean; the
    article with the rowid ``own`` is left out, from whatever feed."""
    found = []
    for mention in mentions:
        rows = addresses.meant(db, mention)
        if not rows:
            found.append(Related(mention, stubs.ref_of(db, addresses.of_mention(mention))))
        elif own not in rows:
            found.append(_archived(db, rows[0], mention))
    return found


def _archived(db: sqlite3.Connection, row: int, mention: Mention) -> Related:
    ref, url, kicker, title = db.execute(
        "SELECT ref, url, kicker, title FROM articles WHERE id = ?", (row,)
    ).fetchone()
    # A headline that has its kicker inside needs none before it.
    kicker = kicker or ("" if fold(title).startswith(fold(mention.kicker)) else mention.kicker)
    published, teaser, kind, alt = mention.published, mention.teaser, mention.kind, mention.alt
    same = Mention(title, kicker, url or mention.url, published, teaser, kind, alt)
    return Related(same, ref, archived=True)
