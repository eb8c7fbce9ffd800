"""Sorting into stories while it is killed: what waits after an update, some articles in a transaction."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path

from archive.pressagency import FILES, METERS, REWRITE, WINDOW, bring, press, stories
from kommcli.archive import fulltext
from kommcli.archive.database import open_for_reading, open_for_writing, transaction
from kommcli.model import Place
from kommcli.telling import tell

from .killing import replaced

TOWNS = [
    Place(name, "municipality", ags, (state,))
    for name, ags, state in (
        ("Potsdam", "12054000", "DE-BB"),
        ("Trier", "07211000", "DE-RP"),
        ("Halle", "15002000", "DE-ST"),
        ("Jena", "16053000", "DE-TH"),
    )
]
AT_ONCE = 3
"""Articles in one transaction: in each there is a part of several stories."""


class Telling:
    """Four towns, of which three feeds tell the same in their own words, and one something else."""

    def __init__(self, path: Path, rng: random.Random) -> None:
        self.path, self._waiting = path, path.with_name("waiting.db")
        articles = [
            (feed, press(f"{feed}{number}{town.name}", f"{town.name} {title}", text, hours=hours, place=town))
            for number, town in enumerate(TOWNS)
            for feed, title, text, hours in (
                ("a", "gibt Bauakten auf Zuruf", FILES, 24),
                ("b", "findet jede Akte", FILES, 20),
                ("c", "hebt den Aktenschatz", REWRITE, 3),
                ("d", "misst das Grundwasser", METERS, 24 + number),
            )
        ]
        rng.shuffle(articles)
        with closing(open_for_writing(self._waiting)) as db:
            for feed, article in articles:
                bring(db, feed, article, window=None)
        self.prepare()
        self.work(0)
        with closing(sqlite3.connect(self.path)) as db:
            self._whole = stories(db)
        assert len(self._whole) == len(TOWNS)

    def prepare(self) -> None:
        """All wait again."""
        replaced(self.path, self._waiting)

    def work(self, said: int) -> None:
        """Sort them."""
        del said
        with closing(open_for_writing(self.path)) as db:
            waiting = True
            while waiting:
                with transaction(db):
                    waiting = tell(db, WINDOW, AT_ONCE) > 0

    def check(self, said: str) -> None:
        """Each article waits or was compared, never both; the stories so far are whole; words are found."""
        del said
        with closing(sqlite3.connect(self.path)) as db:
            waiting = {row for (row,) in db.execute("SELECT article FROM untold")}
            compared = {
                row
                for (row,) in db.execute(
                    "SELECT article FROM documents WHERE id IN (SELECT document FROM traits)"
                )
            }
            assert waiting.isdisjoint(compared)
            assert len(waiting) + len(compared) == 4 * len(TOWNS)
            assert len(compared) % AT_ONCE in (0, 4 * len(TOWNS) % AT_ONCE)
            places: dict[str, list[int]] = {}
            for story, teller in db.execute("SELECT story, teller FROM articles WHERE story <> ''"):
                places.setdefault(story, []).append(teller)
            assert all(len(one) > 1 and sorted(one) == [*range(len(one))] for one in places.values())
        reader = open_for_reading(self.path)
        assert reader is not None
        with closing(reader):
            assert fulltext.is_sound(reader)

    def finish(self) -> None:
        """The next run sorts the rest, and the stories are those of a run that nobody disturbed."""
        self.work(0)
        with closing(sqlite3.connect(self.path)) as db:
            assert stories(db) == self._whole
            assert db.execute("SELECT count(*) FROM untold").fetchone() == (0,)
