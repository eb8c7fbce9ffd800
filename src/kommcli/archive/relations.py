"""Finding the articles that may be related to one: by rare words, by place, by links in either direction."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Sequence

from kommcli.archive import addresses, columns, labels, matching
from kommcli.model import Block, Mention, Related

_BY_WORDS = 60
_NEAREST = 16
"""Articles with the same place or topic, before and behind."""

_NEWEST_HITS = 20_000
"""Hits of the words of which the best are taken: a name that became frequent must not cost time."""


def row_of(db: sqlite3.Connection, ref: str) -> int | None:
    """The rowid of the article with this id."""
    found = db.execute("SELECT id FROM articles WHERE ref = ?", (ref,)).fetchone()
    return int(found[0]) if found else None


def keep_links(db: sqlite3.Connection, row: int, body: Iterable[Block]) -> None:
    """Remember where the text of an article leads to, in place of what was remembered."""
    keys = {forms[-1] for block in body for link in block.links if (forms := addresses.forms(link.url))}
    db.execute("DELETE FROM links WHERE article = ?", (row,))
    db.executemany("INSERT INTO links (address, article) VALUES (?, ?)", [(key, row) for key in sorted(keys)])


def linked(db: sqlite3.Connection, row: int) -> set[int]:
    """The rowids of the articles that this one's text leads to, and of those whose text leads to it."""
    rows = db.execute(
        """SELECT x.article FROM links AS l JOIN addresses AS x ON x.address = l.address WHERE l.article =
        :row
           UNION SELECT l.article FROM addresses AS x JOIN links AS l ON l.address = x.address
           WHERE x.article = :row""",
        {"row": row},
    )
    return {found for (found,) in rows} - {row}


def by_words(db: sqlite3.Connection, row: int, words: Collection[str]) -> list[int]:
    """The rowids of the articles that have the most of these stems, best first."""
    if not words:
        return []
    expression = matching.any_of(f'"{word}"' for word in words)
    found = db.execute(
        """SELECT d.article FROM
             (SELECT rowid AS document, rank FROM search WHERE search MATCH ?
              ORDER BY rowid DESC LIMIT ?) AS s
           JOIN documents AS d ON d.id = s.document ORDER BY s.rank LIMIT ?""",
        (expression, _NEWEST_HITS, _BY_WORDS),
    )
    return [one for (one,) in found if one != row]


def by_label(db: sqlite3.Connection, row: int, kind: str, values: Sequence[str]) -> list[int]:
    """The rowids of the articles nearest in time that have one of these labels of a kind."""
    found: list[int] = []
    for label in labels.rowids(db, kind, values):
        for side, order in (("<", "DESC"), (">", "ASC")):
            found += (
                one
                for (one,) in db.execute(
                    f"SELECT article FROM article_labels WHERE label = ? AND article {side} ?"  # noqa: S608 - ours
                    f" ORDER BY article {order} LIMIT {_NEAREST:d}",
                    (label, row),
                )
            )
    return found


def as_related(db: sqlite3.Connection, reasons: Sequence[tuple[int, str]]) -> list[Related]:
    """The articles with these rowids as related ones, each with its reason."""
    found = []
    for row, reason in reasons:
        ref, url, kicker, title, published, teaser, kind = db.execute(
            """SELECT ref, url, kicker, title, coalesce(published, first_seen), teaser, kind
               FROM articles WHERE id = ?""",
            (row,),
        ).fetchone()
        mention = Mention(title, kicker, url, columns.instant(published), teaser, kind)
        found.append(Related(mention, ref, archived=True, reason=reason, source="archive"))
    return found
