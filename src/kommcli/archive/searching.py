"""Full-text search: the best first, words inside longer words behind the whole ones, and near spellings."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from kommcli import stems
from kommcli.archive import articles, filters, fulltext, matching
from kommcli.archive.schema import SERIAL_BITS
from kommcli.conditions import All, AnyOf, Condition, Not, Query, Text
from kommcli.model import Article

RANKED = 10_000
"""The newest hits of a word, of which the best are found: to rank 100,000 takes a tenth of a second."""

_WEIGHTS = "9.0, 3.0, 1.0, 2.0, 3.0, 0.4"
"""Of the columns of `fulltext.Document`: a word in the headline says more than one in the text."""

_NEWER = 0.15
"""What an article of today is better than an old one."""

_AGE = 180 * 86_400
"""Seconds in which this advantage halves."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A found article; ``score`` compares hits of one search."""

    article: Article
    score: float


@dataclass(frozen=True, slots=True)
class Result:
    """What a search found. ``partial``: no article has all words, these have some of them."""

    hits: tuple[Hit, ...]
    partial: bool = False


def search(
    db: sqlite3.Connection,
    query: Query,
    now: datetime,
    titles: Mapping[str, str] | None = None,
    *,
    every: bool = False,
) -> Result:
    """The articles that ``query`` asks for, best first; without a word to look for, newest first. Of a story
    one article, or ``every`` one."""
    asked = texts(query.where)
    if not asked:
        found = articles.select(db, query, titles, every=every)
        return Result(tuple(Hit(one, 0.0) for one in found))
    required: list[Condition] = []
    excluded: list[Condition] = []
    rest: list[Condition] = []
    for part in query.where.parts:
        if matching.is_of_words(part):
            required.append(part)
        elif isinstance(part, Not) and matching.is_of_words(part.part):
            excluded.append(part.part)
        else:
            rest.append(part)
    ranking = _Ranking(db, All(tuple(rest)), excluded, now, query.limit)
    rows = ranking.best(required or asked, all_of_them=bool(required))
    partial = not rows and len(required) > 1
    if partial:
        rows = ranking.best(required, all_of_them=False)
    return Result(tuple(_hits(db, rows, query.limit, titles or {}, every)), partial and bool(rows))


def texts(where: Condition) -> list[Text]:
    """The words and phrases that ``where`` asks for, without those that it excludes."""
    match where:
        case Text():
            return [where]
        case All(parts) | AnyOf(parts):
            return [text for part in parts for text in texts(part)]
    return []


def _hits(
    db: sqlite3.Connection,
    ranked: Sequence[tuple[int, float]],
    limit: int,
    titles: Mapping[str, str],
    every: bool,
) -> Iterator[Hit]:
    scores = dict(ranked)
    rows = articles.tellers(db, list(scores))
    chosen = rows if every else _once(rows)
    refs = {row[3]: scores[row[0]] for row in islice(chosen, limit or None)}
    for article in articles.by_ids(db, refs, titles):
        yield Hit(article, refs[article.id])


def _once(rows: Sequence[tuple[int, str, int, str]]) -> Iterator[tuple[int, str, int, str]]:
    """Each story at the place of its best hit, by the article that leads it among those that were found."""
    told: set[str] = set()
    for row in rows:
        if row[1] in told:
            continue
        told.add(row[1] or row[3])
        yield min((one for one in rows if one[1] == row[1]), key=lambda one: one[2]) if row[1] else row


class _Ranking:
    """Finds the best rows for words, among the articles for which ``where`` holds and that have nothing of
    what is ``excluded``."""

    def __init__(
        self, db: sqlite3.Connection, where: All, excluded: Sequence[Condition], now: datetime, limit: int
    ) -> None:
        self._db, self._where, self._now = db, where, now
        self._without = "".join(f" NOT {self._whole(part)}" for part in excluded)
        self._most = max(200, 4 * limit) if limit else -1
        self._wanted = limit or RANKED

    def _whole(self, part: Condition) -> str:
        return matching.of(part, lambda text: matching.expression(self._db, text))

    def best(self, asked: Sequence[Condition], *, all_of_them: bool) -> list[tuple[int, float]]:
        """Rowids and scores: of whole words, and where these are few, of words inside longer ones."""
        join = " AND " if all_of_them else " OR "
        plain = join.join(matching.of(one, matching.plain_expression) for one in asked)
        # What half of the archive says once is the matter of those whose headline says it, and these are soon
        # ranked. BM25 puts them first, too, but for some long articles.
        if len(asked) == 1 and self._most > 0:
            headlines = self._ranked(f"head : ({plain})")
            if len(headlines) == self._most:
                return headlines
        found = self._ranked(plain)
        if len(found) < self._wanted:
            whole = join.join(map(self._whole, asked))
            known = {row for row, _score in found}
            found += [one for one in self._ranked(whole) if one[0] not in known] if whole != plain else []
        return found

    def _ranked(self, expression: str) -> list[tuple[int, float]]:
        chosen = filters.among_words(self._db, self._where, f"({expression}){self._without}")
        newest = (
            f"SELECT {chosen.row} AS article, bm25(search, {_WEIGHTS}) AS rank FROM {chosen.table}"  # noqa: S608 - ours
            f" WHERE {chosen.where} ORDER BY search.rowid DESC LIMIT {RANKED:d}"
        )
        rows = self._db.execute(
            f"SELECT article, rank FROM ({newest}) ORDER BY rank, article DESC LIMIT {self._most:d}"  # noqa: S608
        )
        return sorted(
            ((row, self._score(row, -rank)) for row, rank in rows), key=lambda one: (-one[1], -one[0])
        )

    def _score(self, row: int, rank: float) -> float:
        age = max(0.0, self._now.timestamp() - (row >> SERIAL_BITS))
        return float(rank * (1 + _NEWER * 0.5 ** (age / _AGE)))


# ------------------------------------------------------------------------------------------ near spellings


def near(db: sqlite3.Connection, text: Text) -> str:
    """The word of the archive that is spelt most like the one that ``text`` asks for and that no article has;
    empty where articles have it, or none is like it."""
    found = db.execute(
        "SELECT 1 FROM search WHERE search MATCH ?", (matching.expression(db, text),)
    ).fetchone()
    stem = stems.stem(text.typed)
    if found or len(stem) < 3 or " " in text.typed:
        return ""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    # Nearly all slips spare the first letter; where not, the second.
    starts = dict.fromkeys((stem[0], stem[1]))
    words = [word for start in starts for word in _beginning(db, start, len(stem))]
    most = 1 if len(stem) < 5 else 2
    best = process.extract(stem, words, scorer=OSA.distance, score_cutoff=most, limit=5)
    return next((said for word, _distance, _at in best if (said := _as_written(db, word))), "")


def _beginning(db: sqlite3.Connection, start: str, letters: int) -> Iterator[str]:
    """The archive's words that begin so and have about as many letters."""
    rows = db.execute(
        "SELECT word FROM words WHERE word >= ? AND word < ? AND length(word) BETWEEN ? AND ?",
        (start, start[:-1] + chr(ord(start[-1]) + 1), letters - 2, letters + 2),
    )
    return (word for (word,) in rows)


def _as_written(db: sqlite3.Connection, stem: str) -> str:
    """How the newest article writes the word with this stem."""
    row = db.execute(
        """SELECT a.ref FROM search JOIN documents AS d ON d.id = search.rowid
           JOIN articles AS a ON a.id = d.article WHERE search MATCH ? ORDER BY search.rowid DESC LIMIT 1""",
        (f'"{stem}"',),
    ).fetchone()
    if row is None:
        return ""
    for text in (*(text for _field, text in fulltext.fields(db, row[0])), *fulltext.names(db, row[0])):
        for one in stems.tokens(text):
            if one.stem == stem:
                return text[one.start : one.end]
    return ""
