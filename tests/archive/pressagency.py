"""Articles of several feeds that tell the same, for the tests of stories: all of it made up."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta

from archive.newsstand import NOW
from kommcli.archive import articles, feeds
from kommcli.archive.database import transaction
from kommcli.conditions import Query
from kommcli.model import Block, BlockType, Entry, Feed, NewArticle, Place, Topic
from kommcli.telling import tell

WINDOW = 14
POTSDAM = Place("Potsdam", "municipality", "12054000", ("DE-BB",))
TRIER = Place("Trier", "municipality", "07211000", ("DE-RP",))
KI = Topic("ki", "Künstliche Intelligenz")

FILES = (
    "Die Stadt {place} lässt Bauakten jetzt vom Sprachassistenten Wohni heraussuchen. Wer ein Haus kauft, "
    "bekommt die Unterlagen binnen zwei Tagen statt nach sechs Wochen. {number} Akten hat das Bauarchiv seit "
    "dem Sommer eingescannt, das Land zahlt {money} Euro dazu. Entwickelt hat das Programm die Firma "
    "Spreekontor, sagt Baustadträtin Mira Lohse."
)
REWRITE = (
    "Schluss mit dem Warten auf alte Grundrisse: {number} Vorgänge des Bauarchivs liegen digital vor. Das "
    "Programm Wohni der Firma Spreekontor findet sie auf Zuruf, Käuferinnen warten noch zwei Tage. Aus der "
    "Landeskasse fließen {money} Euro an {place}. Mira Lohse, die das Bauressort führt, freut sich."
)
FACTS = {"place": "Potsdam", "number": "41.600", "money": "310.000"}
METERS = (
    "An 240 Laternen misst die Stadt {place} seit Montag den Grundwasserstand. Die Fühler der Genossenschaft "
    "Moselfunk melden viermal am Tag, wie hoch das Wasser steht; 17 Brunnen haben früher Ehrenamtliche "
    "abgelesen. Der Versuch läuft bis Ostern und kostet 88.500 Euro."
)


def press(
    guid: str,
    title: str,
    text: str = FILES,
    *,
    hours: float = 24,
    place: Place = POTSDAM,
    more: str = "",
    **facts: str,
) -> NewArticle:
    """An article of ``hours`` ago; ``facts`` in place of `FACTS`, ``more`` is another paragraph."""
    told = text.format(**(FACTS | {"place": place.name} | facts))
    body = tuple(Block(BlockType.PARAGRAPH, one) for one in (told, more) if one)
    entry = Entry(
        title,
        place.name,
        guid=guid,
        link=f"https://x.example/{guid}",
        published=NOW - timedelta(hours=hours),
        body=body,
    )
    return NewArticle(entry, states=place.states, places=(place,), topics=(KI,))


def feed(key: str, rank: int = 50) -> Feed:
    """A feed, the lower its rank the better."""
    return Feed(key, f"https://{key}.example/feed", rank=rank)


def bring(
    db: sqlite3.Connection,
    source: Feed | str,
    *new: NewArticle,
    now: datetime = NOW,
    window: int | None = WINDOW,
) -> None:
    """Store what a feed brings and sort it into stories; without a ``window``, only store."""
    known = feed(source) if isinstance(source, str) else source
    with transaction(db):
        articles.store(db, feeds.rowid(db, known), known.url, list(new), now)
        if window is not None:
            tell(db, window)


def ref(db: sqlite3.Connection, guid: str) -> str:
    """The id of the article with this guid."""
    row = db.execute("SELECT ref FROM articles WHERE identity = ?", (f"g:{guid}",)).fetchone()
    return str(row[0])


def row(db: sqlite3.Connection, guid: str) -> int:
    """Its rowid."""
    return int(db.execute("SELECT id FROM articles WHERE identity = ?", (f"g:{guid}",)).fetchone()[0])


def stories(db: sqlite3.Connection) -> set[str]:
    """Each story as the guids of its articles, the leading one first."""
    found: dict[str, list[str]] = {}
    rows = db.execute("SELECT story, identity FROM articles WHERE story <> '' ORDER BY story, teller")
    for story, identity in rows:
        found.setdefault(story, []).append(identity.removeprefix("g:"))
    return {" ".join(guids) for guids in found.values()}


def guids(db: sqlite3.Connection, query: Query, *, every: bool = False) -> str:
    """The guids of the articles that a query lists."""
    known = {ref: key.removeprefix("g:") for ref, key in db.execute("SELECT ref, identity FROM articles")}
    return " ".join(known[one.id] for one in articles.select(db, query, every=every))


def edited(article: NewArticle, text: str) -> NewArticle:
    """The article with another text."""
    return replace(article, entry=replace(article.entry, body=(Block(BlockType.PARAGRAPH, text),)))
