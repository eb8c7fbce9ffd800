"""What is read: an archive of any size with articles as the trade press writes them, and feeds of them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path

from kommcli import enrich
from kommcli.archive import articles, database, feeds
from kommcli.model import Block, BlockType, Entry, Feed, NewArticle

PLACES = "Potsdam Augsburg Kiel Jena Trier Gera Bautzen Ulm Hamm Worms Celle Lahr Brandenburg Bayern".split()
TOPICS = "Digitalisierung OZG E-Akte Breitband Smart City Open Data Künstliche Intelligenz".split()
WORDS = (
    "die Stadt hat mit dem Landkreis ein Portal für Anträge eröffnet und Bürgerinnen können ihre Unterlagen "
    "jetzt auch über das Konto einreichen sagte der Amtsleiter während der Rat im Herbst über die Mittel der "
    "Förderung entscheidet denn Registermodernisierung elektronische Akte und Schnittstellen kosten Personal "
    "das in vielen Verwaltungen fehlt weshalb mehrere Gemeinden zusammen arbeiten Größe Übergabe Straße"
).split()

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


def understood(count: int, feed: Feed, newest: datetime, step: timedelta) -> Iterator[NewArticle]:
    """``count`` articles, the newest first."""
    for number in range(count):
        yield enrich.understand(entry(number, newest - number * step), feed)


def build_archive(path: Path, count: int, sources: int = 40) -> None:
    """An archive of ``count`` articles of ``sources`` feeds, each with four a day; a quarter is read."""
    now = datetime.now(UTC).replace(microsecond=0)
    db = database.open_for_writing(path)
    some = min(1_000, count // sources)
    for source in range(sources):
        feed = Feed(f"feed-{source}", f"https://feed-{source}.example/feed")
        newest = now - timedelta(minutes=source)
        everything = list(understood(count // sources, feed, newest, timedelta(hours=6)))
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
