"""Storing, finding and counting, inside one process."""

from __future__ import annotations

import sqlite3
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from kommcli import dates
from kommcli.archive import articles, counts, database, feeds, labels
from kommcli.conditions import All, AnyOf, Condition, Not, Query, Span, Term
from kommcli.model import Feed

from . import material
from .timing import Subject, in_turn, report

BAVARIA = Term("state", ("DE-BY",))
SAARLAND = Term("state", ("DE-SL",))
KI = Term("topic", ("ki",))
KFZ = Term("topic", ("kfz",))


def run(folder: Path, sizes: tuple[int, ...], rounds: int) -> None:
    """Measure and print. ``sizes`` are the numbers of articles in the archives."""
    _store(folder / "store.db", sizes[0])
    now = datetime.now(UTC)
    finding: dict[str, Subject] = {}
    counting: dict[str, Subject] = {}
    for size in sizes:
        path = folder / f"find-{size}.db"
        material.build_archive(path, size)
        db = database.open_for_reading(path)
        assert db
        for name, query in _queries(now).items():
            finding[f"{name}, {size:,}"] = partial(_select, db, query)
        for name, subject in _counts(db, now).items():
            counting[f"{name}, {size:,}"] = subject
    base = f"newest 20, {sizes[0]:,}"
    report("archive: finding", in_turn(finding, rounds), base)
    # Counting takes longer the more there is to count: fewer rounds.
    counting = {base: finding[base]} | counting
    report("archive: counting", in_turn(counting, max(rounds // 3, 1)), base)


def _queries(now: datetime) -> dict[str, Query]:
    days = Span(now - timedelta(days=4), now - timedelta(days=1))
    rare = (Term("state", ("DE-HB",)), Term("topic", ("wahlen",)), Term("kind", ("interview",)))
    return {
        "newest 20": Query(),
        "newest 1,000": Query(limit=1_000),
        "three days (480)": Query(All((days,)), 0),
        "20 of one feed": _newest(Term("feed", ("feed-7",))),
        "20 unread": _newest(Term("is", ("unread",))),
        "none starred": _newest(Term("is", ("starred",))),
        "--state BY --topic ki": _newest(BAVARIA, KI),
        "--state BY NW --topic ki ozg": _newest(
            Term("state", ("DE-BY", "DE-NW")), Term("topic", ("ki", "ozg"))
        ),
        "--state SL --topic kfz": _newest(SAARLAND, KFZ),
        "three rare ones": _newest(*rare),
        "two that exclude each other": _newest(Term("state", ("eu",)), Term("topic", ("none",)), BAVARIA),
        "a town": _newest(Term("place", ("09101000",))),
        "a district": _newest(Term("place", ("09101",))),
        "a rare district": _newest(Term("place", ("04130",))),
        "a place that nobody names": _newest(Term("place", ("09999999",)), KI),
        "topic:ki OR land:sl": _newest(AnyOf((KI, SAARLAND))),
        "(kfz hb) OR (kfz sl)": _newest(AnyOf((All((KFZ, rare[0])), All((KFZ, SAARLAND))))),
        "-topic:ki": _newest(Not(KI)),
        "land:by -topic:ki": _newest(BAVARIA, Not(KI)),
        "land:sl, three days": Query(All((SAARLAND, days)), 0),
        "a word": _newest(Term("word", ("burgerinnen",))),
        "a rare word in few (kfz, sl)": _newest(Term("word", ("nirgends",)), KFZ, SAARLAND),
    }


def _newest(*parts: Condition) -> Query:
    return Query(All(parts))


def _select(db: sqlite3.Connection, query: Query) -> None:
    articles.select(db, query)


def _counts(db: sqlite3.Connection, now: datetime) -> dict[str, Subject]:
    weeks = [dates.week_bounds(*dates.week_of(now - timedelta(weeks=back))) for back in reversed(range(12))]
    quarter = Span(weeks[0][0], weeks[-1][1])
    subjects: dict[str, Subject] = {}
    for name, where in {"all": All(), "land:by": BAVARIA, "12 weeks": quarter}.items():
        for kind in ("topic", "state", "place", "feed"):
            subjects[f"{kind}s of {name}"] = partial(_tally, db, where, kind, weeks)
        subjects[f"states by 12 topics of {name}"] = partial(_cross, db, where)
    subjects["completing a place"] = partial(_complete, db)
    return subjects


def _tally(
    db: sqlite3.Connection, where: Condition, kind: str, weeks: list[tuple[datetime, datetime]]
) -> None:
    counts.tally(db, where, kind, weeks)


def _cross(db: sqlite3.Connection, where: Condition) -> None:
    counts.crossing(db, where, 12)


def _complete(db: sqlite3.Connection) -> None:
    labels.complete(db, "place", "stadt 091")


def _store(path: Path, count: int) -> None:
    """New articles, then the same again."""
    feed = Feed("feed", "https://feed.example/feed")
    now = datetime.now(UTC)
    new = list(material.understood(count, now, timedelta(minutes=30)))
    db = database.open_for_writing(path)
    print(f"\n## archive: storing {count:,} articles\n\n| | articles a second |\n| --- | --: |")
    for name, batch in {"new": new, "the same": new}.items():
        start = time.perf_counter()
        for first in range(0, count, 30):
            with database.transaction(db):
                articles.store(db, feeds.rowid(db, feed), feed.url, batch[first : first + 30], now)
        print(f"| {name}, 30 a transaction | {count / (time.perf_counter() - start):,.0f} |")
    db.close()
