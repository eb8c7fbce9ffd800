"""The full-text index: what is in it, and keeping it in step with the articles.

What an article has in the index is derived from its columns and those of its text. So it is taken out
(`forget`) before any of them changes and put back (`learn`) afterwards, in the same transaction.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kommcli import stems
from kommcli.archive import stories
from kommcli.compounds import looks
from kommcli.data.states import NAMES

SHORTEST = 3
"""Letters of a stem that is looked for inside others, or for what was misspelt."""

_COLUMNS = """a.kicker, a.title, a.teaser, json_extract(p.page, '$.lead'), coalesce(p.blocks, b.blocks),
 a.places, a.states, a.topics"""

_STORED = """articles AS a LEFT JOIN bodies AS b ON b.article = a.id
 LEFT JOIN pages AS p ON p.article = a.id"""


def fields(db: sqlite3.Connection, ref: str) -> list[tuple[str, str]]:
    """What the article with this id says, as it is written: the names and texts of kicker, title, teaser and
    lead, then "body" and a text for each block; none is empty, and none is there twice."""
    row = db.execute("SELECT id FROM articles WHERE ref = ?", (ref,)).fetchone()
    values = _stored(db, row[0]) if row else None
    if values is None:
        return []
    said = dict(zip(("kicker", "title", "teaser", "lead"), values, strict=False))
    texts = {text: name for name, text in reversed(said.items()) if text}
    blocks = [one[1] for one in json.loads(values[4] or "[]")]
    told = [(name, text) for text, name in reversed(texts.items())]
    return [*told, *(("body", text) for text in blocks if text and text not in texts)]


def names(db: sqlite3.Connection, ref: str) -> list[str]:
    """The names of the places, states and topics of the article with this id, which are found, too."""
    row = db.execute("SELECT places, states, topics FROM articles WHERE ref = ?", (ref,)).fetchone()
    return _names(*row) if row else []


class Document(NamedTuple):
    """The stems of an article, parted by blanks, as the columns of the table ``search``."""

    head: str
    lead: str
    body: str
    about: str
    head_parts: str
    parts: str


def document(values: Iterable[str | None]) -> Document:
    """The index's words for an article with these `_COLUMNS`."""
    kicker, title, teaser, lead, blocks, places, states, topics = values
    head_parts: list[str] = []
    parts: list[str] = []
    head = _stems(f"{kicker} | {title}", head_parts)
    # A feed without a teaser of its own has its text's first sentences: they count once.
    intro = _stems(f"{teaser or ''} | {lead or ''}", parts)
    body = _stems("\n".join(one[1] for one in json.loads(blocks or "[]")), parts)
    about = _stems(" | ".join(_names(places, states, topics)), parts)
    return Document(head, intro, body, about, " ".join(head_parts), " ".join(parts))


def _names(places: str | None, states: str | None, topics: str | None) -> list[str]:
    found = [place["name"] for place in json.loads(places or "[]")]
    found += [NAMES.get(state, state) for state in json.loads(states or "[]")]
    return found + [topic["name"] for topic in json.loads(topics or "[]")]


def _stems(text: str, parts: list[str]) -> str:
    found = list(looks(stems.words(text)))
    parts += [part for _stem, inner in found for part in inner]
    return " ".join([stem for stem, _inner in found if stem])


# ------------------------------------------------------------------------------------------- writing


def learn(db: sqlite3.Connection, rows: Iterable[int]) -> None:
    """Put the articles with these rowids into the index. What they say is new: they are to be compared with
    the others, too."""
    for row in sorted(rows):
        values = _stored(db, row)
        if values is not None:
            number = db.execute("INSERT INTO documents (article) VALUES (?)", (row,)).lastrowid
            _put(db, [(int(number or 0), document(values))])
            db.execute("INSERT OR IGNORE INTO untold (article) VALUES (?)", (row,))


def _documents(db: sqlite3.Connection) -> Iterator[tuple[int, Document]]:
    every = db.execute(
        f"SELECT d.id, {_COLUMNS} FROM documents AS d CROSS JOIN {_STORED}"  # noqa: S608 - our own names
        " WHERE a.id = d.article ORDER BY d.id"
    )
    return ((number, document(values)) for number, *values in every)


def forget(db: sqlite3.Connection, row: int) -> None:
    """Take the article with this rowid out of the index, if it is there, before anything of it changes."""
    known = db.execute("SELECT id FROM documents WHERE article = ?", (row,)).fetchone()
    if known and (values := _stored(db, row)):
        names = ", ".join(Document._fields)
        db.execute(
            f"INSERT INTO search (search, rowid, {names}) VALUES ('delete', ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
            (known[0], *document(values)),
        )
        stories.forget(db, row)
        db.execute("DELETE FROM documents WHERE id = ?", known)


def rebuild(db: sqlite3.Connection) -> None:
    """Make the index anew. Call it inside a transaction."""
    db.execute("INSERT INTO search (search) VALUES ('delete-all')")
    db.execute("DELETE FROM words")
    db.execute("DELETE FROM words_backwards")
    db.execute(
        """INSERT INTO documents (article)
           SELECT id FROM articles WHERE id NOT IN (SELECT article FROM documents) ORDER BY id"""
    )
    _put(db, _documents(db))
    db.execute("DELETE FROM traits WHERE document NOT IN (SELECT id FROM documents)")
    db.execute("DELETE FROM story_keys WHERE article NOT IN (SELECT article FROM documents)")
    db.execute(
        """INSERT OR IGNORE INTO untold SELECT article FROM documents
           WHERE id NOT IN (SELECT document FROM traits)"""
    )


def missing(db: sqlite3.Connection) -> int:
    """How many articles the index lacks."""
    query = "SELECT count(*) FROM articles WHERE id NOT IN (SELECT article FROM documents)"
    return int(db.execute(query).fetchone()[0])


def is_sound(db: sqlite3.Connection) -> bool:
    """Whether the index says of every article what it should: as one made anew would. Reads all of it."""
    fresh = sqlite3.connect(":memory:")
    try:
        fresh.execute(f"CREATE VIRTUAL TABLE search USING fts5 ({', '.join(Document._fields)}, content = '')")
        fresh.execute("CREATE VIRTUAL TABLE search_words USING fts5vocab (search, 'row')")
        for table in ("words", "words_backwards"):
            fresh.execute(f"CREATE TABLE {table} (word TEXT PRIMARY KEY) WITHOUT ROWID")
        _put(fresh, _documents(db))
        return not missing(db) and _words(fresh) == _words(db) and _listed(fresh) <= _listed(db)
    except sqlite3.DatabaseError:
        return False  # torn pages of the index itself
    finally:
        fresh.close()


def _words(db: sqlite3.Connection) -> list[tuple[str, int, int]]:
    return db.execute("SELECT term, doc, cnt FROM search_words").fetchall()


def _listed(db: sqlite3.Connection) -> set[str]:
    forwards = {word for (word,) in db.execute("SELECT word FROM words")}
    return forwards | {word for (word,) in db.execute("SELECT word || ' ' FROM words_backwards")}


def _stored(db: sqlite3.Connection, row: int) -> tuple[str | None, ...] | None:
    found: tuple[str | None, ...] | None = db.execute(
        f"SELECT {_COLUMNS} FROM {_STORED} WHERE a.id = ?",  # noqa: S608 - our own names
        (row,),
    ).fetchone()
    return found


def _put(db: sqlite3.Connection, documents: Iterable[tuple[int, Document]]) -> None:
    names = ", ".join(Document._fields)
    for number, found in documents:
        db.execute(
            f"INSERT INTO search (rowid, {names}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - our own names
            (number, *found),
        )
        new = db.execute(
            "SELECT value FROM json_each(?) WHERE value NOT IN words", (json.dumps(_distinct(found)),)
        ).fetchall()
        db.executemany("INSERT INTO words (word) VALUES (?)", new)
        db.executemany("INSERT INTO words_backwards (word) VALUES (?)", [(word[::-1],) for (word,) in new])


def _distinct(found: Document) -> list[str]:
    words = set(" ".join(found[:4]).split())
    return [word for word in words if len(word) >= SHORTEST and not word.isdigit()]
