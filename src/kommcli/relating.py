"""What the archive has to an article: candidates from the index, judged by `enrich.related`, with the
reasons."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from typing import NamedTuple

from kommcli import stems
from kommcli.archive import relations, rethinking
from kommcli.archive import stories as story_table
from kommcli.archive.labels import place_key
from kommcli.enrich.portrait import Portrait, portrait
from kommcli.enrich.related import Candidate, Relation, related, shared_words
from kommcli.model import Article, Block, Entry, NewArticle, Place, Topic
from kommcli.placenames import words as place_words
from kommcli.traits import Traits, unpacked

_WORDS = 12
"""Of its heaviest words by which articles are looked for."""


class Reason(NamedTuple):
    """Why an article is related: ``linked`` by one of the two texts; names and rare ``words`` that both have;
    ``places`` and ``topics`` that both are about."""

    linked: bool
    words: tuple[str, ...]
    places: tuple[Place, ...]
    topics: tuple[Topic, ...]


def from_archive(
    db: sqlite3.Connection, article: Article, body: Sequence[Block], told: Collection[str], most: int
) -> list[tuple[int, Reason]]:
    """Rowid and reason of the ``most`` articles of the archive that are most related to ``article`` with this
    ``body``, archived or not; not those with the ids ``told``, nor those that tell its own story."""
    row = relations.row_of(db, article.id) or 0
    stored = _whole(article, body)
    own = portrait(stored, int(article.published.timestamp()) // 86_400)
    linked = relations.linked(db, row)
    words = [word.stem for word in own.words[:_WORDS]]
    near = {
        *linked,
        *relations.by_words(db, row, words),
        *relations.by_label(db, row, "place", [place_key(place) for place in stored.places]),
        *relations.by_label(db, row, "topic", [topic.key for topic in stored.topics[:2]]),
    }
    candidates = _candidates(db, near, linked, {article.id, *told}, article.story)
    traits = {one.key: one.traits for one in candidates}
    best = related(own.traits, candidates, most)
    return [(one.key, _reason(db, stored, own, one, traits[one.key])) for one in best]


def _whole(article: Article, body: Sequence[Block]) -> NewArticle:
    """The article with its text, as it is understood."""
    entry = Entry(article.title, article.kicker, teaser=article.teaser, body=tuple(body))
    about = article.states, article.places, article.topics
    return NewArticle(entry, article.kind, article.level, *about)


def _candidates(
    db: sqlite3.Connection,
    rows: Collection[int],
    linked: Collection[int],
    without: Collection[str],
    story: str,
) -> list[Candidate]:
    stories = story_table.told(db, rows)
    told = {stories[one.row] for one in story_table.compared(db, rows) if one.ref in without} - {""}
    return [
        Candidate(one.row, stories[one.row] or one.ref, unpacked(one.packed), one.row in linked)
        for one in story_table.compared(db, sorted(rows))
        if one.ref not in without and (not stories[one.row] or stories[one.row] not in {story, *told})
    ]


def _reason(
    db: sqlite3.Connection, stored: NewArticle, own: Portrait, one: Relation, traits: Traits
) -> Reason:
    other = rethinking.understood(db, one.key)
    places = tuple(place for place in stored.places if place in other.places)
    topics = tuple(topic for topic in stored.topics if topic in other.topics)
    named = {
        stems.stem(word) for place in (*stored.places, *other.places) for word in place_words(place.name)
    }
    shared = shared_words(own, traits, named)
    return Reason(one.linked, tuple(word.said for word in shared), places, topics)
