"""Which articles tell the same story: what they are compared by, and who leads."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Collection, Iterable, Mapping
from heapq import nsmallest
from typing import NamedTuple

from kommcli.archive import columns
from kommcli.archive.schema import SERIAL_BITS

_DAY = 86_400

COMPLETE = (1_500, 400)
"""Bytes of an article's text from which it is the whole story, and from which it is more than a notice."""

_ONCE = 3
"""Candidates that share but one key: of the labelled pairs that tell the same story one in twenty does."""

_HAVING = 32
"""Articles looked at that have one key, the oldest of the window: what everybody copies has no end."""

_MET = 64
"""Articles met by their keys, the rare keys first, after which the frequent ones tell nothing new."""


class Compared(NamedTuple):
    """An article as it is compared: rowid, id, feed and packed traits."""

    row: int
    ref: str
    feed: int
    packed: bytes


def day(row: int) -> int:
    """The day, counted from 1970 on, of the article with this rowid."""
    return (row >> SERIAL_BITS) // _DAY


def untold(db: sqlite3.Connection, most: int) -> list[int]:
    """Rowids of the newest articles that were not compared with others since they changed."""
    return [row for (row,) in db.execute("SELECT article FROM untold ORDER BY article DESC LIMIT ?", (most,))]


class Found(NamedTuple):
    """What an article is compared by: rowid, packed traits, keys."""

    row: int
    packed: bytes
    keys: Collection[int]


def put(db: sqlite3.Connection, found: Collection[Found]) -> None:
    """Keep what these articles are compared by, in place of what they had."""
    having = []
    for row, packed, keys in found:
        forget(db, row)
        some = array("I", sorted(keys))
        db.execute(
            """INSERT INTO traits (document, packed, keys)
               SELECT id, ?, ? FROM documents WHERE article = ?""",
            (packed, some.tobytes(), row),
        )
        having += [(key, row) for key in some]
    # In the order of the table: each of its pages is then written once.
    db.executemany("INSERT INTO story_keys (key, article) VALUES (?, ?)", sorted(having))
    db.executemany("DELETE FROM untold WHERE article = ?", [(one.row,) for one in found])


def forget(db: sqlite3.Connection, row: int) -> None:
    """Forget what the article with this rowid is compared by."""
    found = db.execute(
        "SELECT d.id, t.keys FROM documents AS d JOIN traits AS t ON t.document = d.id WHERE d.article = ?",
        (row,),
    ).fetchone()
    if found:
        document, keys = found
        known = array("I")
        known.frombytes(keys)
        gone = [(key, row) for key in known]
        db.executemany("DELETE FROM story_keys WHERE key = ? AND article = ?", gone)
        db.execute("DELETE FROM traits WHERE document = ?", (document,))


def compared(db: sqlite3.Connection, rows: Iterable[int]) -> list[Compared]:
    """What these articles, by rowid, are compared by; those that have nothing yet are left out."""
    found = []
    for some, marks in columns.chunks(list(rows)):
        found += db.execute(
            f"""SELECT a.id, a.ref, a.feed, t.packed FROM articles AS a
                JOIN documents AS d ON d.article = a.id JOIN traits AS t ON t.document = d.id
                WHERE a.id IN ({marks})""",  # noqa: S608 - marks
            some,
        ).fetchall()
    return [Compared(*one) for one in found]


def candidates(db: sqlite3.Connection, row: int, keys: Collection[int], window: int, most: int) -> list[int]:
    """Rowids of the articles within ``window`` days that share the most of ``keys`` with this one, each key
    the more telling the fewer have it."""
    span = window * _DAY << SERIAL_BITS
    found = db.execute(
        """SELECT (SELECT json_group_array(article) FROM
                     (SELECT article FROM story_keys
                      WHERE key = value AND article BETWEEN ? AND ? AND article <> ?
                      ORDER BY article LIMIT ?))
           FROM json_each(?)""",
        (row - span, row + span, row, _HAVING, json.dumps(sorted(keys))),
    )
    having = [json.loads(articles) for (articles,) in found]
    shared: dict[int, float] = {}
    several: set[int] = set()
    met = 0
    for some in sorted(having, key=len):
        if met >= _MET:
            break
        met += len(some)
        for article in some:
            if article in shared:
                several.add(article)
                shared[article] += 1 / len(some)
            else:
                shared[article] = 1 / len(some)
    nearest = [
        article for _worth, article in nsmallest(most, ((-worth, one) for one, worth in shared.items()))
    ]
    once = [one for one in nearest if one not in several]
    return [one for one in nearest if one in several] + once[:_ONCE]


def told(db: sqlite3.Connection, rows: Collection[int]) -> dict[int, str]:
    """The story of each of these articles; empty where it tells none with others."""
    found: dict[int, str] = {}
    for some, marks in columns.chunks(rows):
        found |= dict(db.execute(f"SELECT id, story FROM articles WHERE id IN ({marks})", some))  # noqa: S608
    return found


def tellers(db: sqlite3.Connection, story: str) -> list[int]:
    """The rowids of the articles that tell a story, the leading one first."""
    # The index has no empty ones, and SQLite must be told that this is none.
    found = db.execute("SELECT id FROM articles WHERE story <> '' AND story = ? ORDER BY teller", (story,))
    return [row for (row,) in found]


def rows(db: sqlite3.Connection, refs: Collection[str]) -> list[int]:
    """The rowids of the articles with these ids."""
    found: list[int] = []
    for some, marks in columns.chunks(refs):
        found += [row for (row,) in db.execute(f"SELECT id FROM articles WHERE ref IN ({marks})", some)]  # noqa: S608
    return found


def bound(db: sqlite3.Connection, rows: Collection[int]) -> set[int]:
    """The rowids of the articles that are in one story with these, or bound to them by the user's word."""
    found: set[int] = set()
    for some, marks in columns.chunks(rows):
        found.update(
            row
            for (row,) in db.execute(
                f"""SELECT id FROM articles WHERE story <> '' AND story IN
                           (SELECT story FROM articles WHERE id IN ({marks}) AND story <> '')
                    UNION SELECT b.id FROM articles AS a
                          JOIN rulings AS r ON a.ref IN (r.one, r.other)
                          JOIN articles AS b ON b.ref IN (r.one, r.other)
                    WHERE r.same = 1 AND a.id IN ({marks})""",  # noqa: S608 - marks
                (*some, *some),
            )
        )
    return found


def assign(db: sqlite3.Connection, rows: Collection[int], groups: Iterable[Collection[int]]) -> None:
    """Let these articles tell the stories of ``groups``, and those in none of them no story."""
    told = dict.fromkeys(rows, ("", 0))
    for group in groups:
        ordered = _by_lead(db, group)
        # Of the same second the lesser id: the rest of a rowid tells what the archive met first.
        _second, story = min((row >> SERIAL_BITS, ref) for row, ref in ordered)
        told |= {row: (story, place) for place, (row, _ref) in enumerate(ordered)}
    db.executemany(
        "UPDATE articles SET story = ?1, teller = ?2 WHERE id = ?3 AND (story <> ?1 OR teller <> ?2)",
        [(story, place, row) for row, (story, place) in told.items()],
    )


def _by_lead(db: sqlite3.Connection, group: Collection[int]) -> list[tuple[int, str]]:
    """Rowid and id of a story's articles: by the rank of the feed, then the more complete, then the
    earlier."""
    marks = ",".join("?" * len(group))
    whole, more = COMPLETE
    return db.execute(
        f"""SELECT a.id, a.ref FROM articles AS a JOIN feeds AS f ON f.id = a.feed
            LEFT JOIN bodies AS b ON b.article = a.id LEFT JOIN pages AS p ON p.article = a.id
            WHERE a.id IN ({marks})
            ORDER BY f.rank, length(coalesce(p.blocks, b.blocks)) < {whole:d},
                     length(coalesce(p.blocks, b.blocks)) < {more:d}, a.id >> {SERIAL_BITS:d}, a.ref""",  # noqa: S608 - marks, numbers
        tuple(group),
    ).fetchall()


def of_feed(db: sqlite3.Connection, feed_id: int) -> set[str]:
    """The stories that a feed tells."""
    found = db.execute("SELECT DISTINCT story FROM articles WHERE feed = ? AND story <> ''", (feed_id,))
    return {story for (story,) in found}


def led_anew(db: sqlite3.Connection, stories: Iterable[str]) -> None:
    """Choose who leads these stories: ranks have changed, or articles are gone. What one alone tells is
    none."""
    for story in stories:
        group = tellers(db, story)
        assign(db, group, [group] if len(group) > 1 else [])


# -------------------------------------------------------------------------------------------- rulings


def rulings(db: sqlite3.Connection, refs: Collection[str]) -> dict[tuple[str, str], bool]:
    """What the user said about pairs of these ids."""
    found: dict[tuple[str, str], bool] = {}
    for some, marks in columns.chunks(refs):
        query = f"SELECT one, other, same FROM rulings WHERE one IN ({marks}) OR other IN ({marks})"  # noqa: S608
        found |= {(one, other): bool(same) for one, other, same in db.execute(query, (*some, *some))}
    return found


def rule(db: sqlite3.Connection, said: Mapping[tuple[str, str], bool]) -> None:
    """Keep what the user says about pairs of ids, the lesser first."""
    db.executemany(
        "INSERT OR REPLACE INTO rulings (one, other, same) VALUES (?, ?, ?)",
        [(one, other, int(same)) for (one, other), same in said.items()],
    )
