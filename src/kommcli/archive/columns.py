"""Between values and the columns of an article: pure, both ways."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any, TypeVar

from kommcli.model import (
    Article,
    Block,
    BlockType,
    Enclosure,
    Entry,
    Image,
    Link,
    Mention,
    NewArticle,
    Page,
    Place,
    Source,
    Topic,
)

Value = str | int | None

_T = TypeVar("_T")

to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def of_entry(entry: Entry) -> dict[str, Value]:
    """What the feed says: the columns `identity.SAID`; ``blocks`` goes into the table of bodies."""
    return {
        "url": entry.link,
        "kicker": entry.kicker,
        "title": entry.title,
        "published": _seconds(entry.published),
        "updated": _seconds(entry.updated),
        "teaser": entry.teaser,
        "image": to_json(asdict(entry.image)) if entry.image else None,
        "enclosure": to_json(asdict(entry.enclosure)) if entry.enclosure else None,
        "categories": to_json(entry.categories),
        "author": entry.author,
        "truncated": int(entry.truncated),
        "blocks": to_json([_block(block) for block in entry.body]),
    }


def of_understanding(article: NewArticle) -> dict[str, Value]:
    """How we understand it."""
    return {
        "kind": article.kind,
        "level": article.level,
        "states": to_json(article.states),
        "places": to_json([asdict(place) for place in article.places]),
        "topics": to_json([asdict(topic) for topic in article.topics]),
    }


# ------------------------------------------------------------------------------------------- articles

LISTED = """a.ref, a.title, f.key, f.title, f.url, a.published, a.first_seen, a.kicker, a.url, a.kind,
 a.updated, a.teaser, a.image, a.enclosure, a.level, a.states, a.places, a.topics, a.truncated, a.read,
 a.starred, a.story, a.edited"""
"""The columns of articles AS a and feeds AS f that make an `Article`."""


def article(values: Sequence[Any], titles: Mapping[str, str]) -> Article:
    """The article of the columns `LISTED`. ``titles`` are the configured names of feeds."""
    ref, title, feed_key, feed_title, feed_url, published, first_seen, kicker, url, kind, *more = values
    updated, teaser, image, enclosure, level, states, places, topics, truncated, read, starred, *last = more
    story, edited = last
    return Article(
        id=ref,
        title=title,
        source=Source(feed_key, titles.get(feed_key) or feed_title or feed_key, feed_url),
        published=instant(first_seen if published is None else published),
        first_seen=instant(first_seen),
        kicker=kicker,
        url=url,
        kind=kind,
        published_is_estimate=published is None,
        updated=maybe_instant(updated),
        teaser=teaser,
        image=_image(image),
        enclosure=_enclosure(enclosure),
        level=level,
        states=tuple(json.loads(states)),
        places=tuple(place(one) for one in json.loads(places)),
        topics=tuple(Topic(**one) for one in json.loads(topics)),
        truncated=bool(truncated),
        read=bool(read),
        starred=bool(starred),
        story=story,
        edited=maybe_instant(edited),
    )


# ------------------------------------------------------------------------------------------- entries

SAID = """a.title, a.kicker, a.identity, a.url, a.published, a.updated, a.teaser,
 coalesce(p.blocks, b.blocks), a.image, a.categories, a.author, a.enclosure, a.truncated"""
"""The columns of articles AS a, bodies AS b and pages AS p that make an `Entry`."""

UNDERSTOOD = "a.kind, a.level, a.states, a.places, a.topics"
"""The columns of articles AS a that say how we understand it."""


def entry(values: Sequence[Any]) -> Entry:
    """The entry of the columns `SAID`; its guid in the form it is compared in."""
    title, kicker, identity, link, published, updated, teaser, body, image, *more = values
    categories, author, enclosure, truncated = more
    return Entry(
        title=title,
        kicker=kicker,
        guid=identity[2:] if identity.startswith("g:") else "",
        link=link,
        published=maybe_instant(published),
        updated=maybe_instant(updated),
        teaser=teaser,
        body=blocks(body or "[]"),
        image=_image(image),
        categories=tuple(json.loads(categories)),
        author=author,
        enclosure=_enclosure(enclosure),
        truncated=bool(truncated),
    )


def understood(entry: Entry, values: Sequence[str]) -> NewArticle:
    """``entry`` with what the columns `UNDERSTOOD` say about it."""
    kind, level, states, places, topics = values
    return NewArticle(
        entry,
        kind,
        level,
        tuple(json.loads(states)),
        tuple(place(one) for one in json.loads(places)),
        tuple(Topic(**one) for one in json.loads(topics)),
    )


# --------------------------------------------------------------------------------------------- pages


def of_page(page: Page) -> dict[str, Value]:
    """What a page says: the columns ``page`` and ``blocks`` of pages; related items are rows of their own."""
    return {
        "page": to_json(_page_fields(page)),
        "blocks": to_json([_block(block) for block in page.body]) if page.body else None,
    }


def whole_page(page: Page) -> str:
    """A page with text and related items as one JSON."""
    fields = _page_fields(page)
    return to_json(
        fields
        | {
            "body": [_block(block) for block in page.body],
            "related": [_mention_fields(one) for one in page.related],
        }
    )


def page(text: str, body: str | None, related: Sequence[str] = ()) -> Page:
    """The page of its JSON; ``body`` and ``related`` where they are kept apart from it."""
    fields = json.loads(text)
    inside = fields.pop("related", [])
    found = fields.pop("body", None)
    return Page(
        **fields
        | {
            "published": maybe_instant(fields["published"]),
            "updated": maybe_instant(fields["updated"]),
            "image": Image(**fields["image"]) if fields["image"] else None,
            "body": blocks(body or to_json(found or [])),
            "related": tuple(map(mention, (*related, *map(to_json, inside)))),
        }
    )


def of_mention(found: Mention) -> str:
    """A related item as JSON."""
    return to_json(_mention_fields(found))


def mention(text: str) -> Mention:
    """The related item of its JSON."""
    fields = json.loads(text)
    return Mention(**fields | {"published": maybe_instant(fields["published"])})


def merged_mention(known: str, found: Mention) -> str:
    """The JSON ``known`` of a related item, with the words of another page where that has some."""
    return to_json(json.loads(known) | {name: told for name, told in _mention_fields(found).items() if told})


def _mention_fields(found: Mention) -> dict[str, Any]:
    return asdict(found) | {"published": _seconds(found.published)}


def _page_fields(page: Page) -> dict[str, Any]:
    apart = replace(page, body=(), related=())
    fields = asdict(apart) | {"published": _seconds(page.published), "updated": _seconds(page.updated)}
    return {name: value for name, value in fields.items() if name not in ("body", "related")}


# ------------------------------------------------------------------------------------------- parts


def place(value: dict[str, Any]) -> Place:
    """The place of its JSON."""
    return Place(value["name"], value["kind"], value["ags"], tuple(value["states"]))


def blocks(text: str) -> tuple[Block, ...]:
    """The blocks of a body's JSON: ``[type, text]`` or ``[type, text, [[start, end, url], …]]``."""
    return tuple(
        Block(BlockType(kind), text, tuple(Link(*link) for link in links[0]) if links else ())
        for kind, text, *links in json.loads(text)
    )


def _block(block: Block) -> list[object]:
    links = [[[link.start, link.end, link.url] for link in block.links]] if block.links else []
    return [block.type.value, block.text, *links]


def without_links(blocks: Value) -> str:
    """A body's JSON as it is without links: what the content hash is made of."""
    text = str(blocks)
    if "http" not in text:
        return text
    return to_json([block[:2] for block in json.loads(text)])


def chunks(values: Collection[_T]) -> Iterator[tuple[list[_T], str]]:
    """``values`` in parts that SQLite can bind at once, each with its marks."""
    rest = iter(values)
    while some := list(islice(rest, 500)):
        yield some, ",".join("?" * len(some))


def instant(seconds: int) -> datetime:
    """The instant of Unix ``seconds``."""
    return datetime.fromtimestamp(seconds, UTC)


def maybe_instant(seconds: int | None) -> datetime | None:
    """The instant of Unix ``seconds``, or None."""
    return None if seconds is None else instant(seconds)


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())


def _image(text: str | None) -> Image | None:
    return Image(**json.loads(text)) if text else None


def _enclosure(text: str | None) -> Enclosure | None:
    return Enclosure(**json.loads(text)) if text else None
