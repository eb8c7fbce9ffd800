"""A fetch that is killed while it sorts what is new into stories."""

from __future__ import annotations

import os
import random
import sqlite3
from collections import defaultdict
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from kommcli import telling
from kommcli.archive import feeds, fulltext
from kommcli.archive.database import open_for_writing
from kommcli.model import Block, BlockType, Entry, Feed, FeedState, Fetched, NewArticle, ParsedFeed
from kommcli.refresh import Refresh, plan

from .killing import in_a_child, replaced

NOW = datetime(2026, 10, 16, 9, tzinfo=UTC)
FEEDS = [Feed(f"f{number}", f"https://f{number}.example/feed") for number in range(12)]
STORIES, TELLERS = 80, 3
"""Each story is told by three of the feeds, by each in a copy with a headline of its own."""
EACH = STORIES * TELLERS // len(FEEDS)

WORDS = """Amt Akte Antrag Ausweis Bescheid Behörde Bürger Brücke Dienst Daten Erfassung Formular Feuerwehr
    Gemeinde Gebühr Halle Haushalt Kataster Konto Kreis Kita Leitung Markt Meldung Netz Ortsteil Portal Post
    Rathaus Rechnung Satzung Schule Server Sitzung Straße Stelle Tarif Turm Umland Verein Verwaltung Wahl
    Wasser Werk Zähler Zentrum prüft plant öffnet ersetzt erneuert bündelt meldet verbindet""".split()

Told = dict[str, tuple[str, int]]
"""The story and the place in it, by the id of the article."""


class Sorting:
    """A first fetch of twelve feeds with 240 articles that tell 80 stories; some wait for the next fetch."""

    def __init__(self, path: Path, rng: random.Random) -> None:
        del rng
        self.path, self._empty = path, path.with_name("empty.db")
        self._amid = 0
        with closing(open_for_writing(self._empty)):
            pass
        self.prepare()
        in_a_child(self._fetch)
        self._truth = _told(self.path)
        assert len({story for story, _place in self._truth.values()}) == STORIES

    def prepare(self) -> None:
        """An archive without articles."""
        replaced(self.path, self._empty)

    def work(self, said: int) -> None:
        """Fetch; say when the sorting begins and ends. Forty articles are sorted in each transaction."""
        sort = partial(telling.tell, most=40)

        def tell(db: sqlite3.Connection, window: int) -> None:
            os.write(said, b"(")
            sort(db, window)
            os.write(said, b")")

        telling.tell = tell  # type: ignore[assignment]
        self._fetch()

    def _fetch(self) -> None:
        with closing(open_for_writing(self.path)) as db:
            known = feeds.states(db)
            work = plan(FEEDS, known, NOW, force=True)
            Refresh(
                db, work, known, fetch=_fetch, parse=_parse,
                understand=lambda entry, _feed: NewArticle(entry), now=NOW, threads=4,
            ).run()  # fmt: skip

    def check(self, said: str) -> None:
        """Feeds are whole, the index is in step, and what waits is in no story; those that are there are
        parts of the true ones, and the next fetch makes them whole."""
        self._amid += said.count("(") > said.count(")")
        with closing(sqlite3.connect(self.path)) as db:
            for feed, etag in db.execute("SELECT id, etag FROM feeds"):
                rows = db.execute("SELECT count(*) FROM articles WHERE feed = ?", (feed,))
                assert rows.fetchone() == (EACH if etag else 0,)
            assert fulltext.is_sound(db)
            waiting = "SELECT ref, story FROM articles WHERE id IN (SELECT article FROM untold)"
            assert all(story == "" for _ref, story in db.execute(waiting))
            unknown = "SELECT count(*) FROM untold WHERE article NOT IN (SELECT id FROM articles)"
            assert db.execute(unknown).fetchone() == (0,)
        truths = defaultdict(set)
        for ref, (story, _place) in _told(self.path).items():
            if story:
                truths[story].add(self._truth[ref][0])
        assert all(len(true) == 1 for true in truths.values())
        in_a_child(self._finished)

    def _finished(self) -> None:
        self._fetch()
        with closing(sqlite3.connect(self.path)) as db:
            assert db.execute("SELECT count(*) FROM untold").fetchone() == (0,)
            assert fulltext.is_sound(db)
        assert _told(self.path) == self._truth

    def finish(self) -> None:
        """Some were killed in the middle of it."""
        assert self._amid
        self._finished()


def _told(path: Path) -> Told:
    with closing(sqlite3.connect(path)) as db:
        return {
            ref: (story, place) for ref, story, place in db.execute("SELECT ref, story, teller FROM articles")
        }


def _fetch(feed: Feed, _state: FeedState | None) -> Fetched:
    return Fetched(feed.url, feed.key.encode(), etag='"1"')


def _parse(fetched: Fetched) -> ParsedFeed:
    key = fetched.body.decode()
    return ParsedFeed(key, entries=tuple(_entry(int(key[1:]), story) for story in _stories(int(key[1:]))))


def _stories(feed: int) -> range:
    return range(feed % (len(FEEDS) // TELLERS), STORIES, len(FEEDS) // TELLERS)


def _entry(feed: int, story: int) -> Entry:
    """The story in the words of its press release; two of its three copies are of the same second."""
    words = random.Random(story)
    text = " ".join(words.choices(words.sample(WORDS, 16), k=90))
    title = " ".join(random.Random(f"{feed} {story}").sample(WORDS, 4))
    return Entry(
        title, guid=f"{feed}-{story}", link=f"https://f{feed}.example/{story}",
        published=NOW - timedelta(hours=story, minutes=10 * (feed < 4)),
        body=(Block(BlockType.PARAGRAPH, text),),
    )  # fmt: skip
