"""Searching, what is related, and adding an article to the index and to the stories."""

from __future__ import annotations

import gc
import random
import re
import sqlite3
import tempfile
import time
import tomllib
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median

from kommcli.__main__ import GARBAGE
from kommcli.archive import articles, database, feeds, fulltext, matching, searching
from kommcli.data.synonyms import GROUPS
from kommcli.model import Block, BlockType, Entry, Feed, NewArticle
from kommcli.passages import Marker, passages
from kommcli.query import Known, build
from kommcli.query.texts import Synonyms
from kommcli.relating import from_archive
from kommcli.telling import tell

from . import material
from .timing import Subject, in_turn, report

_NUMBER = re.compile(r"(?<![\w.])\d{2,}")

_SHORT = 300
"""Letters of a short article."""

STORIES = Path(__file__).parents[1] / "data" / "stories"

QUERIES = (
    "stadt",
    "glasfaser",
    "akte",
    "künstliche intelligenz",
    "digital*",
    '"stadt potsdam"',
    "glasfaser OR breitband -schule",
    "förderung landkreis",
    "xgibtesnichtx",
)

SEARCH, RELATED, ADDING, SIZE, MANY = 50.0, 50.0, 3.0, 1.2, 150.0
"""Goals: milliseconds of a search and of the related articles with 100,000 articles, of adding one; the size
of the index by the size of the texts; milliseconds of a search with a million short ones."""


def run(folder: Path, count: int, rounds: int, *, short: bool = False) -> None:
    """Measure and print, with ``count`` articles of 3 kB, or ``short`` ones of 300 letters."""
    gc.set_threshold(GARBAGE)  # as in the program
    path = folder / f"finding-{count}-{short}.db"
    adding = _build(path, count, _SHORT if short else 3_000)
    db = database.open_for_reading(path)
    assert db
    kind = "short articles" if short else "articles of 3 kB"
    print(f"\n## finding: {count:,} {kind}\n")
    _size(db)
    if not short:
        print(f"- adding an article: {adding:.2f} ms, goal {ADDING:g}: {_verdict(adding, ADDING)}")
    subjects: dict[str, Subject] = {f"search {words}": partial(_search, db, words) for words in QUERIES}
    if not short:
        refs = [ref for (ref,) in db.execute("SELECT ref FROM articles ORDER BY id DESC LIMIT 400")][::40]
        subjects["related"] = partial(_related, db, refs)
    times = in_turn(subjects, rounds)
    report(f"finding: {count:,} {kind}", times, f"search {QUERIES[0]}")
    goal = MANY if short else SEARCH
    slowest = max(min(seconds) * 1_000 for name, seconds in times.items() if name.startswith("search"))
    print(f"- the slowest search: {slowest:.0f} ms, goal {goal:g}: {_verdict(slowest, goal)}")
    if "related" in times:
        each = min(times["related"]) * 1_000
        print(f"- related: {each:.0f} ms, goal {RELATED:g}: {_verdict(each, RELATED)}")


def _verdict(value: float, goal: float) -> str:
    return "reached" if value <= goal else "MISSED"


def _search(db: sqlite3.Connection, words: str) -> None:
    """What the command does behind its start: query, ranking, articles, passages."""
    now = datetime.now(UTC)
    synonyms = Synonyms(GROUPS)
    known = Known(dict, lambda _n: "", tuple, lambda _n: (), lambda _n: (), {}, lambda: synonyms)
    query = build([words] if words[0] == '"' else words.split(), now=now, known=known)
    result = searching.search(db, query, now)
    asked = searching.texts(query.where)
    marker = Marker(asked, (word for text in asked for word in matching.inside(db, text)))
    for hit in result.hits:
        passages(fulltext.fields(db, hit.article.id), marker)
    if not result.hits:
        searching.near(db, asked[0])


def _related(db: sqlite3.Connection, refs: list[str]) -> float:
    """The mean of several articles: some have much that is related, some little."""
    start = time.perf_counter()
    for article in articles.by_ids(db, refs):
        from_archive(db, article, articles.body(db, article.id), (), 8)
    return (time.perf_counter() - start) / len(refs)


def _size(db: sqlite3.Connection) -> None:
    tables = ("search", "words", "traits", "story_keys", "links")
    pages = db.execute(
        "SELECT sum(pgsize) FROM dbstat WHERE "
        + " OR ".join(f"name LIKE '{table}%' OR name LIKE 'sqlite_autoindex_{table}%'" for table in tables)
    ).fetchone()[0]
    text = db.execute(
        """SELECT sum(length(CAST(a.title || a.kicker || a.teaser AS BLOB)) + length(CAST(b.blocks AS BLOB)))
           FROM articles AS a JOIN bodies AS b ON b.article = a.id"""
    ).fetchone()[0]
    ratio = pages / text
    print(f"- index, sketches and keys: {ratio:.2f} times the texts, goal {SIZE:g}: {_verdict(ratio, SIZE)}")


# -------------------------------------------------------------------------------------------- material


def _build(path: Path, count: int, letters: int) -> float:
    """An archive of ``count`` articles; milliseconds of adding one to index and stories: of the last hundred
    batches the median."""
    texts = _Texts(letters)
    now = datetime.now(UTC).replace(microsecond=0)
    db = database.open_for_writing(path)
    some = 30
    spent: list[float] = []
    # As they come: what is older is stored before, by all feeds in turn.
    for turn in reversed(range(-(-count // (40 * some)))):
        for source in range(40):
            feed = Feed(f"feed-{source}", f"https://feed-{source}.example/feed")
            numbers = range(turn * some, min((turn + 1) * some, count // 40))
            batch = [_article(texts, source, number, now) for number in numbers]
            with database.transaction(db):
                articles.store(db, feeds.rowid(db, feed), feed.url, batch, now)
                if letters > _SHORT:  # of the short ones only the search is measured
                    start = time.process_time()
                    tell(db, 14)
                    spent.append((time.process_time() - start) / len(batch) * 1_000)
    indexing = min(_indexing(texts) for _round in range(3))
    db.execute("INSERT INTO search (search) VALUES ('optimize')")
    db.close()
    return median(spent[-100:]) + indexing if spent else 0.0


def _indexing(texts: _Texts) -> float:
    """Milliseconds of putting one article into the index."""
    with tempfile.TemporaryDirectory() as folder:
        db = database.open_for_writing(Path(folder) / "index.db")
        new = [_article(texts, 99, number, datetime.now(UTC)) for number in range(300)]
        feed = Feed("feed", "https://feed.example/feed")
        with database.transaction(db):
            articles.store(db, feeds.rowid(db, feed), feed.url, new, datetime.now(UTC))
        rows = [row for (row,) in db.execute("SELECT id FROM articles")]
        with database.transaction(db):
            for row in rows:
                fulltext.forget(db, row)
            start = time.process_time()
            fulltext.learn(db, rows)
            seconds = time.process_time() - start
        db.close()
    return seconds / len(rows) * 1_000


def _article(texts: _Texts, source: int, number: int, now: datetime) -> NewArticle:
    published = now - timedelta(hours=6 * number, minutes=source)
    return texts.article(source * 1_000_000 + number, published)


def _other(digits: str, chance: random.Random) -> str:
    """Another number of as many digits."""
    return chance.choice("123456789") + "".join(chance.choices("0123456789", k=len(digits) - 1))


class _Texts:
    """Texts of words as often as the labelled articles have them, and of some that only one article has."""

    def __init__(self, letters: int) -> None:
        self._letters = letters
        found: list[str] = []
        for path in sorted(STORIES.glob("tuned-*.toml")):
            for label in tomllib.loads(path.read_text("utf-8"))["article"]:
                found += f"{label['title']} {label['teaser']} {label['body']}".split()
        self._words = found

    def article(self, number: int, published: datetime) -> NewArticle:
        """One article."""
        chance = random.Random(number)
        own = [chance.choice("BDFGKLMNPRST") + "".join(chance.choices("aeioulnrst", k=7)) for _ in range(6)]
        words = chance.choices(self._words, k=self._letters // 7) + own
        # Each article has numbers of its own; those of some hundred would be the same everywhere.
        words = [_NUMBER.sub(lambda found: _other(found[0], chance), word) for word in words]
        chance.shuffle(words)
        third = len(words) // 3
        body = [" ".join(words[at : at + third]) for at in range(20, len(words), third)]
        entry = Entry(
            " ".join(words[:8]),
            kicker=own[0],
            guid=str(number),
            link=f"https://news.example/{number}",
            published=published,
            teaser=" ".join(words[8:20]),
            body=tuple(Block(BlockType.PARAGRAPH, text) for text in body) if self._letters > _SHORT else (),
        )
        about = material.about(number, entry)
        return NewArticle(entry, about.kind, about.level, about.states, about.places, about.topics)
