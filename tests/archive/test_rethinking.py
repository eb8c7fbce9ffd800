"""Rethinking: entries come back as they were, and only another understanding is written."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest

from archive.newsstand import AUGSBURG, NECKAR, NOW, article, fill, topics
from kommcli.archive import articles, rethinking
from kommcli.archive.database import transaction
from kommcli.conditions import All, Query, Term
from kommcli.model import Block, BlockType, Enclosure, Entry, Image, NewArticle

ENTRY = Entry(
    title="Title",
    kicker="Augsburg",
    guid="urn:1",
    link="https://a.example/1",
    published=NOW - timedelta(hours=1),
    updated=NOW,
    teaser="Teaser.",
    body=(Block(BlockType.HEADING, "H"), Block(BlockType.LIST, "a\nb")),
    image=Image("https://a.example/i.png", "alt", "caption", "credit"),
    categories=("KI", "OZG"),
    author="Redaktion",
    enclosure=Enclosure("https://a.example/a.mp3", "audio/mpeg", 12),
    truncated=True,
)
ABOUT = NewArticle(ENTRY, "bericht", "bund", ("DE-BY",), (AUGSBURG, NECKAR), topics("ki", "ozg"))


def test_entries_come_back(db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rethinking, "BATCH", 2)
    bare = Entry(title="", teaser="Only a teaser.")
    fill(db, [ABOUT, NewArticle(bare), article(5), article(6)])
    fill(db, [article(7)], "b")

    found = list(rethinking.entries(db))
    assert [key for _row, key, _entry in found] == ["b", "a", "a", "a", "a"]
    assert [entry for _row, _key, entry in found][3:] == [ENTRY, bare]
    assert list(rethinking.entries(db, ["b"])) == found[:1]
    assert list(rethinking.entries(db, [])) == []
    assert list(rethinking.entries(db, after=found[2][0])) == found[3:]


def test_what_comes_back_is_the_same_to_the_archive(db: sqlite3.Connection) -> None:
    fill(db, [ABOUT, article(2)])
    again = [NewArticle(entry) for _row, _key, entry in rethinking.entries(db)]
    assert fill(db, again) == (0, 0)


def test_restating(db: sqlite3.Connection) -> None:
    fill(db, [ABOUT])
    ((row, _key, entry),) = rethinking.entries(db)
    before = list(db.iterdump())
    with transaction(db):
        assert not rethinking.restate(db, row, ABOUT)
    assert list(db.iterdump()) == before

    with transaction(db):
        assert rethinking.restate(db, row, replace(ABOUT, states=("DE-HE",), level=""))
        assert not rethinking.restate(db, row, replace(ABOUT, states=("DE-HE",), level=""))
    assert articles.ids(db, Query(All((Term("state", ("DE-BY", "bund")),)))) == []
    (found,) = articles.select(db, Query(All((Term("state", ("DE-HE",)), Term("topic", ("ki",))))))
    assert (found.states, found.level, found.topics) == (("DE-HE",), "", ABOUT.topics)
    assert fill(db, [NewArticle(entry)]) == (0, 0)


def test_writing_between_batches(db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rethinking, "BATCH", 3)
    fill(db, [article(n) for n in range(10)])
    changed = 0
    for row, _key, entry in rethinking.entries(db):
        with transaction(db):
            changed += rethinking.restate(db, row, NewArticle(entry, topics=topics("ki")))
    assert changed == len(articles.ids(db, Query(All((Term("topic", ("ki",)),))))) == 10


def test_one_entry(db: sqlite3.Connection) -> None:
    fill(db, [ABOUT])
    (ref,) = articles.ids(db, Query())
    assert rethinking.entry(db, ref) == ("a", ENTRY, ABOUT)
    assert rethinking.entry(db, "nothing") is None
