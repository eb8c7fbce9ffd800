"""What publishers changed in their articles: the last edits, in sentences."""

from __future__ import annotations

import json
import sqlite3
from difflib import SequenceMatcher

from kommcli.about import Edit
from kommcli.archive import columns
from kommcli.text import fold, sentences, shorten

KEPT = 5
"""Edits of an article that are remembered, the newest."""

_CHANGES = 12
_LENGTH = 400
"""Characters of a sentence that are kept."""

Words = dict[str, str]
"""Kicker, title, teaser and body of an article by these names."""

Change = tuple[str, str, str]


def words(db: sqlite3.Connection, row: int) -> Words:
    """The words of the article with this rowid, as its list and its text show them."""
    kicker, title, teaser, blocks = db.execute(
        """SELECT a.kicker, a.title, a.teaser, coalesce(p.blocks, b.blocks) FROM articles AS a
           LEFT JOIN bodies AS b ON b.article = a.id LEFT JOIN pages AS p ON p.article = a.id
           WHERE a.id = ?""",
        (row,),
    ).fetchone()
    body = "\n".join(one[1] for one in json.loads(blocks or "[]"))
    return {"kicker": kicker, "title": title, "teaser": teaser, "body": body}


def record(db: sqlite3.Connection, row: int, before: Words, seconds: int) -> None:
    """Remember what has changed in the article with this rowid since it had these words, if anything that a
    reader would notice. Call it inside a transaction."""
    found = changes(before, words(db, row))
    if not found:
        return
    db.execute("UPDATE articles SET edited = ? WHERE id = ?", (seconds, row))
    db.execute(
        "INSERT OR REPLACE INTO edits (article, seen, changes) VALUES (?, ?, ?)",
        (row, seconds, columns.to_json(found)),
    )
    db.execute(
        """DELETE FROM edits WHERE article = ?1 AND seen NOT IN
           (SELECT seen FROM edits WHERE article = ?1 ORDER BY seen DESC LIMIT ?2)""",
        (row, KEPT),
    )


def changes(before: Words, after: Words) -> list[Change]:
    """Where, and which sentences stood there before and after. Quotation marks, dashes, blanks and capitals
    make no change; nor does a text that came or went as a whole, as where a feed begins to have the full
    text."""
    found: list[Change] = []
    for where, text in after.items():
        old = before[where]
        if not old or not text:
            continue
        olds, news = sentences(old), sentences(text)
        matcher = SequenceMatcher(None, list(map(fold, olds)), list(map(fold, news)), autojunk=False)
        for tag, a, b, c, d in matcher.get_opcodes():
            if tag != "equal":
                found.append(
                    (where, shorten(" ".join(olds[a:b]), _LENGTH), shorten(" ".join(news[c:d]), _LENGTH))
                )
    return found[:_CHANGES]


def history(db: sqlite3.Connection, ref: str) -> list[Edit]:
    """The edits of the article with this id, newest first."""
    rows = db.execute(
        """SELECT e.seen, e.changes FROM edits AS e JOIN articles AS a ON a.id = e.article
           WHERE a.ref = ? ORDER BY e.seen DESC""",
        (ref,),
    )
    return [Edit(columns.instant(seen), tuple(map(tuple, json.loads(changes)))) for seen, changes in rows]
