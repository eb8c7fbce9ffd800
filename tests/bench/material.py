"""What is read: an archive of any size with articles as the trade press writes them, and feeds of them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from typing import TypeVar

from kommcli.archive import articles, database, feeds
from kommcli.model import Block, BlockType, Entry, Feed, NewArticle, Place, Topic

Value = TypeVar("Value")

PLACES = "Potsdam Augsburg Kiel Jena Trier Gera Bautzen Ulm Hamm Worms Celle Lahr Brandenburg Bayern".split()
TOPICS = "Digitalisierung OZG E-Akte Breitband Smart City Open Data Künstliche Intelligenz".split()
WORDS = (
    "die Stadt hat mit dem Landkreis ein Portal für Anträge eröffnet und Bürgerinnen können ihre Unterlagen "
    "jetzt auch über das Konto einreichen sagte der Amtsleiter während der Rat im Herbst über die Mittel der "
    "Förderung entscheidet denn Registermodernisierung elektronische Akte und Schnittstellen kosten Personal "
    "das in vielen Verwaltungen fehlt weshalb mehrere Gemeinden zusammen arbeiten Größe Übergabe Straße"
).split()

STATES = {"09": "BY", "05": "NW", "08": "BW", "03": "NI", "06": "HE", "14": "SN", "07": "RP", "11": "BE"}
STATES |= {"01": "SH", "12": "BB", "15": "ST", "16": "TH", "02": "HH", "13": "MV", "10": "SL", "04": "HB"}
"""ISO code by official key; the more often in the news the earlier."""

KEYS = (
    "ozg ki portale e-akte it-sicherheit smart-city breitband geodaten finanzen unternehmen politik bauen "
    "schul-it buergerservice it-infrastruktur souveraenitaet energie mobilitaet personal sozialwesen "
    "panorama veranstaltungen identitaet register open-data partizipation fachkraefte katastrophenschutz "
    "datenschutz kooperation gesundheit kultur fachverfahren payment beschaffung ratsinformation wahlen kfz"
).split()
"""Of topics; the more often in the news the earlier."""

_random = random.Random(42)
SENTENCES = [
    " ".join(_random.choices(WORDS, k=_random.randint(8, 22))).capitalize() + "." for _ in range(800)
]
PARAGRAPHS = [" ".join(_random.choices(SENTENCES, k=4)) for _ in range(400)]


def entry(number: int, published: datetime) -> Entry:
    """One article with a text of 2 to 4 kB."""
    chance = random.Random(number)
    kicker = chance.choice(PLACES)
    return Entry(
        title=f"{chance.choice(SENTENCES)[:70]} {number}",
        kicker=kicker,
        guid=f"https://news.example/?p={number}",
        link=f"https://news.example/{kicker.lower()}/{number}",
        published=published,
        teaser=chance.choice(PARAGRAPHS)[:300],
        body=tuple(
            Block(BlockType.PARAGRAPH, text) for text in chance.choices(PARAGRAPHS, k=chance.randint(5, 9))
        ),
        categories=(chance.choice(TOPICS), chance.choice(TOPICS)),
        author="Redaktion",
    )


def about(number: int, entry: Entry) -> NewArticle:
    """``entry`` with states, places, topics and a kind that it might have: few are in most of the news."""
    chance = random.Random(-number)
    level = chance.choices(("", "bund", "eu"), (85, 12, 3))[0]
    lands = [] if level or chance.random() < 0.2 else [_early(chance, list(STATES))]
    if lands and chance.random() < 0.05:
        lands = list(dict.fromkeys([*lands, _early(chance, list(STATES))]))
    return NewArticle(
        entry,
        kind=chance.choices(("", "bericht", "termin", "interview", "studie"), (78, 10, 6, 4, 2))[0],
        level=level,
        states=tuple(f"DE-{STATES[land]}" for land in lands),
        places=tuple(_place(chance, land) for land in lands for _ in range(chance.choice((0, 1, 1, 2)))),
        topics=tuple(
            Topic(key, key.title())
            for key in dict.fromkeys(_early(chance, KEYS) for _ in range(chance.choice((0, 1, 1, 2, 3))))
        ),
    )


def _place(chance: random.Random, land: str) -> Place:
    """One of 600 towns of 30 districts of each state, or one of the districts."""
    district = f"{land}{_early(chance, range(101, 131))}"
    state = (f"DE-{STATES[land]}",)
    if chance.random() < 0.1:
        return Place(f"Kreis {district}", "district", district, state)
    town = f"{district}{_early(chance, range(20)):03}"
    return Place(f"Stadt {town}", "municipality", town, state)


def _early(chance: random.Random, values: Sequence[Value]) -> Value:
    """One of ``values``; the first are far more frequent than the last."""
    return values[int(len(values) * chance.random() ** 2.5)]


def understood(count: int, newest: datetime, step: timedelta, first: int = 0) -> Iterator[NewArticle]:
    """``count`` articles, the newest first; each ``first`` has others."""
    for number in range(count):
        yield about(first + number, entry(number, newest - number * step))


def build_archive(path: Path, count: int, sources: int = 40) -> None:
    """An archive of ``count`` articles of ``sources`` feeds, each with four a day; a quarter is read."""
    now = datetime.now(UTC).replace(microsecond=0)
    db = database.open_for_writing(path)
    some = min(1_000, count // sources)
    for source in range(sources):
        feed = Feed(f"feed-{source}", f"https://feed-{source}.example/feed")
        newest = now - timedelta(minutes=source)
        everything = list(understood(count // sources, newest, timedelta(hours=6), source * count))
        with database.transaction(db):
            row = feeds.rowid(db, feed)
            for start in range(0, len(everything), some):
                articles.store(db, row, feed.url, everything[start : start + some], now)
            feeds.record_success(db, row, now)
    with database.transaction(db):
        db.execute("UPDATE articles SET read = 1 WHERE substr(ref, -1) < '8'")
    db.close()


def document(feed: int, count: int, more: int = 0) -> bytes:
    """An RSS feed of ``count`` items with their whole text; ``more`` newer ones push the oldest out."""
    items = "".join(_item(feed * 100_000 + number) for number in range(more + count, more, -1))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel><title>Amtsblatt {feed}</title><link>https://news.example/</link>"
        f"<description>Nachrichten</description><language>de-DE</language>{items}</channel></rss>\n"
    ).encode()


def _item(number: int) -> str:
    one = entry(number, datetime(2026, 1, 1, 8, tzinfo=UTC) + timedelta(minutes=number % 100_000))
    text = "".join(f"<p>{escape(block.text)} <a href='/mehr'>Mehr</a></p>\n" for block in one.body)
    return (
        f"<item><title>{escape(f'{one.kicker}: {one.title}')}</title><link>{one.link}</link>"
        f"<dc:creator>{one.author}</dc:creator><pubDate>{one.published:%a, %d %b %Y %H:%M:%S} +0000</pubDate>"
        + "".join(f"<category>{category}</category>" for category in one.categories)
        + f'<guid isPermaLink="false">{one.guid}</guid><description>{escape(one.teaser)}</description>'
        f"<content:encoded><![CDATA[{text}]]></content:encoded></item>\n"
    )
