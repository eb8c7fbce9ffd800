"""Values for programs: the JSON of the contract, JSON lines and CSV.

Every key is always there; what is unknown is null. Instants are RFC 3339 with the offset of Berlin.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from kommcli import dates
from kommcli.errors import FAILURES
from kommcli.i18n import _
from kommcli.model import Article, Failed, Feed, FeedState, Outcome, PageVisit, Related, Report, Visit
from kommcli.render.found import Found, Hit
from kommcli.render.reading import Reading
from kommcli.urls import redacted

Record = dict[str, Any]


def to_json(record: Record) -> str:
    """One object, readable, ending with a line break."""
    return json.dumps(record, ensure_ascii=False, indent=2) + "\n"


def articles(found: Iterable[Article], report: Report, now: datetime) -> Record:
    """The envelope of a list: schema ``kommcli/articles/1``."""
    return {
        "schema": "kommcli/articles/1",
        "generated": dates.iso(now),
        "articles": [article(one) for one in found],
        "errors": errors(report),
    }


def found(result: Found, now: datetime) -> Record:
    """What a search found: schema ``kommcli/search/1``."""
    return {
        "schema": "kommcli/search/1",
        "generated": dates.iso(now),
        "articles": [_hit(hit, result) for hit in result.hits],
        "partial": result.partial,
        "did_you_mean": [{"word": typed, "near": spelt} for typed, spelt in result.near],
        "errors": [],
    }


def found_lines(result: Found) -> str:
    """One found article a line."""
    return "".join(json.dumps(_hit(hit, result), ensure_ascii=False) + "\n" for hit in result.hits)


def _hit(hit: Hit, result: Found) -> Record:
    passages = result.passages.get(hit.article.id, ())
    return article(hit.article) | {
        "score": round(hit.score, 3),
        "passages": [
            {"field": one.field, "text": one.text, "marks": [list(mark) for mark in one.marks]}
            for one in passages
        ],
    }


def one_article(reading: Reading, errors: Sequence[Record], now: datetime) -> Record:
    """One article with its text: schema ``kommcli/article/1``; ``errors`` say why there is no page."""
    text = {
        "lead": reading.lead or reading.article.teaser or None,
        "body": [{"type": block.type.value, "text": block.text} for block in reading.body],
        "links": [{"url": link.url, "text": link.text, "block": link.block} for link in reading.links],
        "related": [_related(one) for one in reading.related],
        "related_topic": reading.related_topic or None,
        "page_url": reading.page_url or None,
        "minutes": reading.minutes() or None,
    }
    return {
        "schema": "kommcli/article/1",
        "generated": dates.iso(now),
        "article": article(reading.article) | text,
        "errors": list(errors),
    }


def related(reading: Reading, errors: Sequence[Record], now: datetime) -> Record:
    """What is related to one article: schema ``kommcli/related/1``."""
    return {
        "schema": "kommcli/related/1",
        "generated": dates.iso(now),
        "id": reading.article.id,
        "related_topic": reading.related_topic or None,
        "related": [_related(one) for one in reading.related],
        "errors": list(errors),
    }


def _related(one: Related) -> Record:
    mention = one.mention
    return {
        "id": one.id or None,
        "url": mention.url or None,
        "kicker": mention.kicker or None,
        "title": mention.title,
        "published": _iso(mention.published),
        "teaser": mention.teaser or None,
        "kind": mention.kind or None,
        "reason": one.reason or None,
        "source": one.source,
    }


def page_error(feed: str, url: str, failure: Failed, last_ok: datetime | None = None) -> Record:
    """Why an article's page could not be read, in the form of a feed's failure."""
    return {
        "feed": feed,
        "url": redacted(url),
        "code": failure.code,
        "message": message(failure),
        "retryable": FAILURES[failure.code].retryable,
        "http_status": failure.http_status,
        "since": None,
        "failures": 1,
        "last_ok": _iso(last_ok),
        "next_try": None,
    }


def article(found: Article) -> Record:
    """One article without its text."""
    image = found.image
    return {
        "id": found.id,
        "url": found.url or None,
        "kicker": found.kicker or None,
        "title": title_of(found),
        "kind": found.kind or None,
        "published": dates.iso(found.published),
        "published_is_estimate": found.published_is_estimate,
        "updated": _iso(found.updated),
        "first_seen": dates.iso(found.first_seen),
        "feed": {
            "key": found.source.key,
            "title": found.source.title,
            "url": redacted(found.source.url),
        },
        "topics": [{"key": topic.key, "name": topic.name} for topic in found.topics],
        "states": list(found.states),
        "level": found.level or None,
        "places": [
            {"name": place.name, "kind": place.kind, "ags": place.ags or None, "states": list(place.states)}
            for place in found.places
        ],
        "teaser": found.teaser or None,
        "image": image
        and {
            "url": image.url or None,
            "alt": image.alt or None,
            "caption": image.caption or None,
            "credit": image.credit or None,
        },
        "enclosure": found.enclosure
        and {
            "url": found.enclosure.url,
            "type": found.enclosure.type or None,
            "length": found.enclosure.length or None,
        },
        "story": found.story or None,
        "also_in": [{"id": one.id, "feed": one.source.key, "url": one.url or None} for one in found.also_in],
        "edited": _iso(found.edited),
        "truncated": found.truncated,
        "read": found.read,
        "starred": found.starred,
    }


def errors(report: Report) -> list[Record]:
    """The feeds that failed, for the ``errors`` of a list."""
    return [error(visit) for visit in report.with_outcome(Outcome.FAILED)]


def error(visit: Visit) -> Record:
    """One failed feed, for programs."""
    failure = visit.failure or Failed("http.protocol")
    return {
        "feed": visit.feed.key,
        "url": redacted(visit.feed.url),
        "code": failure.code,
        "message": message(failure),
        "retryable": FAILURES[failure.code].retryable,
        "http_status": failure.http_status,
        "since": _iso(visit.since),
        "failures": visit.failures,
        "last_ok": _iso(visit.last_ok),
        "next_try": _iso(visit.until),
    }


def message(failure: Failed) -> str:
    """What happened and its cause, in the language in use."""
    what = _(FAILURES[failure.code].what)
    return f"{what} ({failure.cause})" if failure.cause else what


def fetched(report: Report, now: datetime) -> Record:
    """One refresh: schema ``kommcli/fetch/1``."""
    return {
        "schema": "kommcli/fetch/1",
        "generated": dates.iso(now),
        "stopped": report.stopped,
        "feeds": [_visit(visit) for visit in report.visits],
        "pages": [_page(visit) for visit in report.pages],
        "errors": errors(report),
    }


def _page(visit: PageVisit) -> Record:
    failure = visit.failure
    return {
        "id": visit.id,
        "url": redacted(visit.url),
        "outcome": "failed" if failure else "read",
        "code": failure.code if failure else None,
        "message": message(failure) if failure else None,
        "http_status": failure.http_status if failure else None,
    }


def rethought(read: int, changed: int, stopped: bool, now: datetime) -> Record:
    """Stored articles understood anew: schema ``kommcli/rethink/1``."""
    return {
        "schema": "kommcli/rethink/1",
        "generated": dates.iso(now),
        "stopped": stopped,
        "read": read,
        "changed": changed,
    }


def _visit(visit: Visit) -> Record:
    failure = visit.failure
    return {
        "key": visit.feed.key,
        "outcome": visit.outcome.value,
        "new": visit.new,
        "changed": visit.changed,
        "code": failure.code if failure else None,
        "message": message(failure) if failure else None,
        "http_status": failure.http_status if failure else None,
        "reason": visit.reason or None,
        "until": _iso(visit.until),
        "since": _iso(visit.since),
        "failures": visit.failures,
        "warnings": list(visit.warnings),
        "moved_to": redacted(visit.moved_to) if visit.moved_to else None,
        "adopted": visit.adopted,
    }


def feeds(
    subscriptions: Iterable[tuple[Feed, FeedState | None]],
    now: datetime,
    waiting: Mapping[str, Visit] = MappingProxyType({}),
) -> Record:
    """The subscriptions with their state: schema ``kommcli/feeds/1``. ``waiting``: those that would not be
    asked now, by key."""
    return {
        "schema": "kommcli/feeds/1",
        "generated": dates.iso(now),
        "feeds": [
            feed(one, state or FeedState(one.key), waiting.get(one.key)) for one, state in subscriptions
        ],
    }


def feed(one: Feed, state: FeedState, waits: Visit | None = None) -> Record:
    """One subscription: what is configured and what became of it."""
    return {
        "key": one.key,
        "url": redacted(one.url),
        "title": one.title or state.title or None,
        "enabled": one.enabled,
        "interval": int(one.interval.total_seconds()),
        "limit": one.limit or None,
        "state": one.state or None,
        "topic": one.topic or None,
        "rank": one.rank,
        "tags": list(one.tags),
        "pages": one.pages,
        "allow_private": one.allow_private,
        "articles": state.articles,
        "last_try": _iso(state.last_try),
        "last_ok": _iso(state.last_ok),
        "next_try": _iso(waits.until) if waits else None,
        "waiting": waits.reason if waits else None,
        "moved_to": redacted(state.moved_to) if state.moved_to else None,
        "moved_on": _iso(state.moved_on),
        "failures": state.failures,
        "failing_since": _iso(state.failing_since),
        "error": {
            "code": state.code,
            "message": message(Failed(state.code, state.message)),
            "http_status": state.http_status,
        }
        if state.code in FAILURES
        else None,
    }


# -------------------------------------------------------------------------------------- lines of cells

COLUMNS: tuple[tuple[str, Callable[[Article], str]], ...] = (
    ("id", lambda a: a.id),
    ("published", lambda a: dates.iso(a.published)),
    ("feed", lambda a: a.source.key),
    ("states", lambda a: ",".join(a.states)),
    ("places", lambda a: ",".join(place.name for place in a.places)),
    ("topics", lambda a: ",".join(topic.key for topic in a.topics)),
    ("kind", lambda a: a.kind),
    ("flags", lambda a: ("" if a.read else "u") + ("s" if a.starred else "") + ("e" if a.edited else "")),
    ("kicker", lambda a: a.kicker),
    ("title", lambda a: title_of(a)),
    ("url", lambda a: a.url),
    ("story", lambda a: a.story),
    ("also_in", lambda a: ",".join(one.source.key for one in a.also_in)),
)
"""The columns of ``plain`` and ``csv``, in this order; new ones come last."""


def jsonl(found: Iterable[Article]) -> str:
    """One article object a line."""
    return "".join(json.dumps(article(one), ensure_ascii=False) + "\n" for one in found)


def csv(found: Iterable[Article]) -> str:
    """RFC 4180 with a header. A cell that a spreadsheet would take for a formula gets an apostrophe."""
    at = [name for name, _cell in COLUMNS].index("url") + 1
    columns = [*COLUMNS[:at], ("teaser", _teaser), *COLUMNS[at:]]
    return csv_table(
        [name for name, _cell in columns], ([cell(one) for _n, cell in columns] for one in found)
    )


def _teaser(one: Article) -> str:
    return one.teaser


def csv_table(header: Sequence[str], rows: Iterable[Sequence[str | int]]) -> str:
    """Rows of any kind as RFC 4180, their texts kept from being formulas."""
    import csv as _csv
    import io

    stream = io.StringIO()
    writer = _csv.writer(stream, lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([_safe(cell) if isinstance(cell, str) else cell for cell in row])
    return stream.getvalue()


def _safe(cell: str) -> str:
    # OWASP, "CSV Injection": these begin a formula in the usual spreadsheets.
    return "'" + cell if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def title_of(found: Article) -> str:
    """The title; where the feed gives none and no text either, that it has none."""
    return found.title or _("(untitled)")


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else dates.iso(moment)
