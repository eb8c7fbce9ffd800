"""What is done to an archive while it is killed: fetching, reading, migrating, pruning, restoring."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kommcli.archive import articles, feeds, pruning, upkeep
from kommcli.archive.database import open_for_reading, open_for_writing, transaction
from kommcli.archive.schema import VERSION
from kommcli.cli.app import program
from kommcli.conditions import Query
from kommcli.model import Block, BlockType, Entry, Feed, FeedState, Fetched, NewArticle, ParsedFeed
from kommcli.refresh import Refresh, plan

from .killing import Scenario, in_a_child, replaced
from .telling import Telling

NOW = datetime(2026, 10, 16, 9, tzinfo=UTC)
FEEDS = [Feed(f"f{number}", f"https://f{number}.example/feed") for number in range(12)]
ENTRIES = 6
DUMPS = Path(__file__).parent.parent / "data" / "archives"


class Fetching:
    """A run over twelve feeds, all of whose articles are edited at every visit, and one of them new."""

    def __init__(self, path: Path, rng: random.Random) -> None:
        self.path, self._rng, self._version = path, rng, 0
        self._marked: dict[str, str] = {}

    def prepare(self) -> str:
        """The next edition; and a reader reads and stars something."""
        self._version += 1
        with closing(open_for_writing(self.path)) as db:
            known = articles.ids(db, Query(limit=0))
            for state in ("read", "starred") if known else ():
                ref = self._rng.choice(known)
                with transaction(db):
                    articles.mark(db, [ref], **{state: True})
                self._marked[f"{state} {ref}"] = ref
        return "edits" if known else "first"

    def work(self, said: int) -> None:
        """Fetch the edition."""
        del said
        with closing(open_for_writing(self.path)) as db:
            known = feeds.states(db)
            work = plan(FEEDS, known, NOW + timedelta(hours=self._version), force=True)
            run = Refresh(
                db, work, known, fetch=self._fetch, parse=_parse,
                understand=lambda entry, _feed: NewArticle(entry), now=NOW, threads=4,
            )  # fmt: skip
            run.run()

    def _fetch(self, feed: Feed, _state: FeedState | None) -> Fetched:
        body = f"{feed.key} {self._version}".encode()
        return Fetched(feed.url, body, etag=f'"{self._version}"')

    def check(self, said: str) -> None:
        """Every feed has one whole edition with its validator, and no mark is lost."""
        del said
        with closing(sqlite3.connect(self.path)) as db:
            for feed, etag in db.execute("SELECT id, etag FROM feeds"):
                edition = int(etag.strip('"') or 0)
                rows = db.execute("SELECT identity, title FROM articles WHERE feed = ?", (feed,)).fetchall()
                assert {title.split()[0] for key, title in rows if "extra" not in key} == (
                    {str(edition)} if edition else set()
                )
                assert sum("extra" not in key for key, _title in rows) == (ENTRIES if edition else 0)
                newest = max((int(title.split()[0]) for key, title in rows if "extra" in key), default=0)
                assert newest == edition
        self._keeps_marks()

    def _keeps_marks(self) -> None:
        with closing(sqlite3.connect(self.path)) as db:
            for mark, ref in self._marked.items():
                column = mark.split()[0]
                assert db.execute(f"SELECT {column} FROM articles WHERE ref = ?", (ref,)).fetchone() == (1,)

    def finish(self) -> None:
        """The next run completes."""
        self._version += 1
        self.work(0)
        self.check("")
        with closing(sqlite3.connect(self.path)) as db:
            etags = db.execute("SELECT DISTINCT etag FROM feeds").fetchall()
        assert etags == [(f'"{self._version}"',)]


def _parse(fetched: Fetched) -> ParsedFeed:
    """Some entries whose words are those of the edition, and one that only this edition has."""
    key, edition = fetched.body.decode().split()
    edited = [
        Entry(f"{edition} von {key}", guid=f"{key}-{number}", link=f"https://{key}.example/{number}",
              published=NOW - timedelta(days=number), body=(Block(BlockType.PARAGRAPH, f"{edition} " * 50),))
        for number in range(ENTRIES)
    ]  # fmt: skip
    extra = Entry(f"{edition} extra", guid=f"{key}-extra-{edition}", link=f"https://{key}.example/e{edition}")
    return ParsedFeed(key, entries=(*edited, extra))


class Marking:
    """A reader who reads and stars one article after the other."""

    def __init__(self, path: Path, rng: random.Random) -> None:
        self.path, self._rng = path, rng
        self._unread = path.with_name("unread.db")
        fetching = Fetching(self._unread, rng)
        fetching.prepare()
        in_a_child(lambda: fetching.work(0))
        with closing(open_for_writing(self._unread)) as db:
            self._order = articles.ids(db, Query(limit=0))[:30]

    def prepare(self) -> None:
        """An archive of 84 unread articles, and an order to read 30 of them in."""
        replaced(self.path, self._unread)
        self._rng.shuffle(self._order)

    def work(self, said: int) -> None:
        """Say each mark as soon as it is stored."""
        with closing(open_for_writing(self.path)) as db:
            for ref in self._order:
                with transaction(db):
                    articles.mark(db, [ref], read=True)
                    articles.mark(db, [ref], starred=True)
                os.write(said, f"{ref}\n".encode())

    def check(self, said: str) -> None:
        """What was said is there; at most one mark more, and whole."""
        with closing(sqlite3.connect(self.path)) as db:
            marks = dict(db.execute("SELECT ref, read + starred FROM articles"))
        acknowledged = set(said.split())
        marked = {ref for ref, count in marks.items() if count}
        assert all(marks[ref] == 2 for ref in marked)
        assert acknowledged <= marked
        assert len(marked - acknowledged) <= 1

    def finish(self) -> None:
        """Nothing is left to do."""


class Migrating:
    """An archive of each older kommcli that is brought to today's schema."""

    def __init__(self, path: Path, rng: random.Random) -> None:
        self.path, self._rng, self._from = path, rng, 1
        self._old = {}
        for dump in sorted(DUMPS.glob("schema-*.sql")):
            old = path.with_name(f"{dump.stem}.db")
            with closing(sqlite3.connect(old)) as db:
                db.executescript(dump.read_text("utf-8"))
                self._old[db.execute("PRAGMA user_version").fetchone()[0]] = old

    def prepare(self) -> int:
        """An old archive again."""
        self._from = self._rng.choice([*self._old])
        replaced(self.path, self._old[self._from])
        return self._from

    def work(self, said: int) -> None:
        """What the first command of a new kommcli does."""
        del said
        reader = open_for_reading(self.path)
        assert reader is not None
        reader.close()

    def check(self, said: str) -> None:
        """A whole schema, old or new, and every article and mark; and it can be brought to the end."""
        del said
        with closing(sqlite3.connect(self.path)) as db:
            assert self._from <= db.execute("PRAGMA user_version").fetchone()[0] <= VERSION
            assert db.execute("SELECT sum(read), sum(starred), count(*) FROM articles").fetchone() == (
                1,
                1,
                3,
            )
        self.finish()

    def finish(self) -> None:
        """The next command completes it."""
        with closing(open_for_writing(self.path)) as db:
            assert db.execute("PRAGMA user_version").fetchone()[0] == VERSION
            found = articles.select(db, Query())
            assert [(one.read, one.starred) for one in found] == [
                (False, False),
                (False, True),
                (True, False),
            ]


class Pruning:
    """Articles go, oldest first and ten in a transaction, and then the file is written anew."""

    def __init__(self, path: Path, rng: random.Random) -> None:
        self.path, self._full = path, path.with_name("full.db")
        fetching = Fetching(self._full, rng)
        for _edition in range(2):
            fetching.prepare()
            in_a_child(lambda: fetching.work(0))
        with closing(open_for_writing(self._full)) as db, transaction(db):
            articles.mark(db, rng.sample(articles.ids(db, Query(limit=0)), 9), starred=True)
        with closing(sqlite3.connect(self._full)) as db:
            self._starred = {ref for (ref,) in db.execute("SELECT ref FROM articles WHERE starred = 1")}
            self._all = db.execute("SELECT ref FROM articles WHERE starred = 0 ORDER BY id").fetchall()

    def prepare(self) -> None:
        """All articles again."""
        replaced(self.path, self._full)

    def work(self, said: int) -> None:
        """Let all go that may."""
        del said
        pruning.BATCH = 10
        with closing(open_for_writing(self.path)) as db:
            for _done in pruning.prune(db, pruning.prunable(db, Query(limit=0)).rows):
                pass
            upkeep.compact(db)

    def check(self, said: str) -> None:
        """The oldest are gone, in whole transactions; starred ones and what is left are whole."""
        del said
        with closing(sqlite3.connect(self.path)) as db:
            left = db.execute("SELECT ref FROM articles WHERE starred = 0 ORDER BY id").fetchall()
            starred = {ref for (ref,) in db.execute("SELECT ref FROM articles WHERE starred = 1")}
            bodies = db.execute("SELECT count(*) FROM bodies").fetchone()[0]
            labelled = db.execute("SELECT count(DISTINCT article) FROM article_labels").fetchone()[0]
        gone = len(self._all) - len(left)
        assert left == self._all[gone:]
        assert gone % 10 == 0 or not left
        assert starred == self._starred
        assert bodies == labelled == len(left) + len(starred)

    def finish(self) -> None:
        """The next run takes the rest."""
        self.work(0)
        with closing(sqlite3.connect(self.path)) as db:
            assert db.execute("SELECT count(*) FROM articles").fetchone() == (len(self._starred),)


class Restoring:
    """A backup is put in place of another archive and configuration."""

    def __init__(self, path: Path, rng: random.Random) -> None:
        self.path, self._rng = path, rng
        self._config = path.with_name("config.toml")
        self._backup, self._other = path.with_name("backup"), path.with_name("other.db")
        fetching = Fetching(path, rng)
        fetching.prepare()
        in_a_child(lambda: fetching.work(0))
        replaced(self._other, path)
        with closing(open_for_writing(path)) as db, transaction(db):
            articles.mark(db, articles.ids(db, Query(limit=0)), starred=True)
        self._config.write_text("limit = 7\n")
        in_a_child(lambda: self._kommcli("-q", "backup", str(self._backup)))

    def _kommcli(self, *arguments: str) -> None:
        """Run a command in this process, which ends with it."""
        os.environ["KOMMCLI_HOME"] = str(self.path.parent)
        status: object = None
        try:
            program()(list(arguments), prog_name="kommcli")
        except SystemExit as end:
            status = end.code
        assert status == 0, arguments

    def prepare(self) -> None:
        """The archive without stars and its configuration; what was put aside before goes."""
        for rest in self.path.parent.glob("*"):
            if rest not in (self._backup, self._other):
                shutil.rmtree(rest) if rest.is_dir() else rest.unlink()
        replaced(self.path, self._other)
        self._config.write_text("limit = 3\n")

    def work(self, said: int) -> None:
        """Put the backup in place."""
        del said
        self._kommcli("-q", "restore", str(self._backup), "--yes")

    def check(self, said: str) -> None:
        """One archive or the other, whole; and no configuration was lost."""
        del said
        with closing(sqlite3.connect(self.path)) as db:
            stars, count = db.execute("SELECT sum(starred), count(*) FROM articles").fetchone()
        assert count == len(FEEDS) * (ENTRIES + 1)
        assert stars in (0, count)
        kept = [one.read_text() for one in self.path.parent.glob("config.toml*")]
        assert "limit = 3\n" in kept

    def finish(self) -> None:
        """The next try completes it."""
        self.work(0)
        with closing(sqlite3.connect(self.path)) as db:
            assert db.execute("SELECT min(starred) FROM articles").fetchone() == (1,)
        assert self._config.read_text() == "limit = 7\n"


SCENARIOS: dict[str, type[Scenario]] = {
    "fetch": Fetching,
    "marks": Marking,
    "migration": Migrating,
    "prune": Pruning,
    "restore": Restoring,
    "stories": Telling,
}
