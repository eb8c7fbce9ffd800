"""Hits of watches: the value that every renderer of them gets, and its texts for pipes and programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from kommcli import dates
from kommcli.model import Article
from kommcli.render import records
from kommcli.render.records import COLUMNS, Record


@dataclass(frozen=True, slots=True)
class Watched:
    """A watch by its name and the text of its query; ``count`` new hits, of which these are the newest."""

    name: str
    query: str
    count: int
    articles: tuple[Article, ...]


def record(found: Iterable[Watched], now: datetime) -> Record:
    """Schema ``kommcli/watch/1``."""
    return {
        "schema": "kommcli/watch/1",
        "generated": dates.iso(now),
        "watches": [
            {
                "name": one.name,
                "query": one.query,
                "count": one.count,
                "articles": [records.article(article) for article in one.articles],
            }
            for one in found
        ],
        "errors": [],
    }


def plain(found: Iterable[Watched]) -> str:
    """One hit a line: the name of the watch, then the columns of a list."""
    return "".join("\t".join(row) + "\n" for row in _rows(found))


def jsonl(found: Iterable[Watched]) -> str:
    """One hit a line, with the name of the watch as ``watch``."""
    return "".join(
        json.dumps({"watch": one.name} | records.article(article), ensure_ascii=False) + "\n"
        for one in found
        for article in one.articles
    )


def csv(found: Iterable[Watched]) -> str:
    """RFC 4180 with a header."""
    return records.csv_table(["watch", *(name for name, _cell in COLUMNS)], _rows(found))


def _rows(found: Iterable[Watched]) -> Iterator[Sequence[str]]:
    for one in found:
        for article in one.articles:
            yield [one.name, *(cell(article) for _name, cell in COLUMNS)]
