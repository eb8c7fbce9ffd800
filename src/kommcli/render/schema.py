"""The JSON Schema of every output (draft 2020-12); the tests validate whatever is printed against it."""

from __future__ import annotations

from typing import Any

from kommcli.errors import FAILURES, MAIL_FAILURES
from kommcli.health import Severity
from kommcli.model import BODY_TYPES, Outcome
from kommcli.outgoing import State

Schema = dict[str, Any]

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def _object(**properties: Schema) -> Schema:
    """An object that has exactly these keys, all of them always."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _or_null(schema: Schema) -> Schema:
    if isinstance(schema.get("type"), str):
        nullable = schema | {"type": [schema["type"], "null"]}
        if "enum" in nullable:
            nullable["enum"] = [*schema["enum"], None]
        return nullable
    return {"anyOf": [schema, {"type": "null"}]}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _said(schema: Schema, description: str) -> Schema:
    return schema | {"description": description}


_TEXT: Schema = {"type": "string"}
_FLAG: Schema = {"type": "boolean"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_TIME: Schema = {
    "type": "string",
    "format": "date-time",
    "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$",
    "description": "RFC 3339 with the offset of Europe/Berlin",
}
_URL: Schema = {"type": "string", "pattern": "^(https?|file):"}
_STATE: Schema = {"type": "string", "pattern": "^DE-[A-Z]{2}$", "description": "ISO 3166-2"}
_CODE: Schema = {"type": "string", "enum": sorted(FAILURES)}
_ID: Schema = {"type": "string", "pattern": "^[a-hjkmnp-tv-z][0-9a-hjkmnp-tv-z]{7,}$"}

_PLACE = _object(
    name=_TEXT,
    kind={"type": "string", "enum": ["municipality", "district", "state", "region"]},
    ags=_said(_or_null(_TEXT), "official municipality key"),
    states=_list(_STATE),
)

_ARTICLE: dict[str, Schema] = {
    "id": _said(_ID, "the same for the same article on every machine that has it from the same feed"),
    "url": _or_null(_URL),
    "kicker": _or_null(_TEXT),
    "title": _TEXT,
    "kind": _said(_or_null(_TEXT), "bericht, meldung, interview, kommentar, studie, termin, podcast, …"),
    "published": _said(_TIME, "as the feed says; first_seen where it says nothing"),
    "published_is_estimate": _FLAG,
    "updated": _or_null(_TIME),
    "first_seen": _TIME,
    "feed": _object(key=_TEXT, title=_TEXT, url=_URL),
    "topics": _list(_object(key=_TEXT, name=_TEXT)),
    "states": _list(_STATE),
    "level": _said(
        _or_null({"type": "string", "enum": ["bund", "eu"]}),
        "bund or eu: about the federation or Europe, where there is no state",
    ),
    "places": _list(_PLACE),
    "teaser": _or_null(_TEXT),
    "image": _or_null(
        _object(url=_or_null(_URL), alt=_or_null(_TEXT), caption=_or_null(_TEXT), credit=_or_null(_TEXT))
    ),
    "enclosure": _or_null(_object(url=_URL, type=_or_null(_TEXT), length=_or_null(_COUNT))),
    "story": _or_null(_TEXT),
    "also_in": _said(_list(_object(id=_ID, feed=_TEXT, url=_or_null(_URL))), "who else tells the story"),
    "edited": _said(_or_null(_TIME), "when its publisher was last seen to have changed its words"),
    "truncated": _said(_FLAG, "a text was longer than kommcli keeps"),
    "read": _FLAG,
    "starred": _FLAG,
}

_RELATED = _object(
    id=_or_null(_ID),
    url=_or_null(_URL),
    kicker=_or_null(_TEXT),
    title=_TEXT,
    published=_or_null(_TIME),
    teaser=_or_null(_TEXT),
    kind=_or_null(_TEXT),
    reason=_or_null(_TEXT),
    source={"type": "string", "enum": ["page", "archive"]},
)

_BLOCK = _object(type={"type": "string", "enum": [kind.value for kind in BODY_TYPES]}, text=_TEXT)

_ERROR = _object(
    feed=_TEXT,
    url=_URL,
    code=_CODE,
    message=_TEXT,
    retryable=_FLAG,
    http_status=_or_null(_COUNT),
    since=_said(_or_null(_TIME), "when the feed began to fail"),
    failures=_said(_COUNT, "in a row"),
    last_ok=_or_null(_TIME),
    next_try=_said(_or_null(_TIME), "from then on a fetch asks again by itself; null: only its user does"),
)

_REASON_TO_SKIP: Schema = {
    "type": "string",
    "enum": ["paused", "retry_after", "gone", "backoff", "fresh", "interval", "patience"],
}

_VISIT = _object(
    key=_TEXT,
    outcome={"type": "string", "enum": [outcome.value for outcome in Outcome]},
    new=_COUNT,
    changed=_COUNT,
    code=_or_null(_CODE),
    message=_or_null(_TEXT),
    http_status=_or_null(_COUNT),
    reason=_said(
        _or_null(_REASON_TO_SKIP),
        "why it was skipped",
    ),
    until=_said(_or_null(_TIME), "from then on a fetch asks a skipped or failed feed by itself"),
    since=_or_null(_TIME),
    failures=_COUNT,
    warnings=_list(_TEXT),
    moved_to=_or_null(_URL),
    adopted=_said(_FLAG, "from now on the feed is asked at moved_to"),
)

_PAGE = _object(
    id=_ID,
    url=_URL,
    outcome={"type": "string", "enum": ["read", "failed"]},
    code=_or_null(_CODE),
    message=_or_null(_TEXT),
    http_status=_or_null(_COUNT),
)

_ANSWER = _object(
    at=_TIME,
    outcome={"type": "string", "enum": [one.value for one in Outcome if one is not Outcome.SKIPPED]},
    http_status=_or_null(_COUNT),
    bytes=_said(_COUNT, "of the body, unpacked"),
    ms=_said(_COUNT, "until the answer was there"),
    new=_COUNT,
    changed=_COUNT,
    code=_or_null(_CODE),
    moved_to=_or_null(_URL),
)

_FEED = _object(
    key=_TEXT,
    url=_URL,
    title=_or_null(_TEXT),
    enabled=_FLAG,
    interval=_said(_COUNT, "seconds"),
    limit=_or_null(_COUNT),
    state=_or_null(_STATE),
    topic=_or_null(_TEXT),
    rank=_said(_COUNT, "of several sources of one story the lowest leads"),
    tags=_list(_TEXT),
    pages={"type": "string", "enum": ["never", "new"]},
    allow_private=_FLAG,
    articles=_said(_COUNT, "in the archive"),
    last_try=_or_null(_TIME),
    last_ok=_or_null(_TIME),
    next_try=_said(_or_null(_TIME), "before then no fetch asks by itself"),
    waiting=_said(_or_null(_REASON_TO_SKIP), "why it would not be asked now"),
    moved_to=_said(_or_null(_URL), "where it was seen to have moved for good"),
    moved_on=_said(_or_null(_TIME), "since when it is asked there"),
    failures=_said(_COUNT, "in a row"),
    failing_since=_or_null(_TIME),
    error=_or_null(_object(code=_CODE, message=_TEXT, http_status=_or_null(_COUNT))),
)

_CHECK = _object(
    key=_TEXT,
    url=_URL,
    enabled=_FLAG,
    ok=_FLAG,
    http_status=_or_null(_COUNT),
    content_type=_or_null(_TEXT),
    title=_or_null(_TEXT),
    entries=_COUNT,
    newest=_or_null(_TIME),
    warnings=_list(_TEXT),
    moved_to=_or_null(_URL),
    code=_or_null(_CODE),
    message=_or_null(_TEXT),
    failures=_said(_COUNT, "in a row, in the fetches before"),
    failing_since=_or_null(_TIME),
    last_ok=_said(_or_null(_TIME), "when a fetch last brought it"),
)


_WEEK: Schema = {"type": "string", "pattern": r"^\d{4}-W\d\d$", "description": "ISO 8601, in Europe/Berlin"}

_NUMBERS: dict[str, Schema] = {
    "count": _said(_COUNT, "articles; one article may count in several rows"),
    "weeks": _said(_list(_COUNT), "articles by week, in the order of the weeks above"),
}

_REASONS: dict[str, Schema] = {
    "score": {"type": "number"},
    "evidence": _said(
        _list(_object(where=_TEXT, words=_TEXT, rule=_TEXT, weight={"type": "number"})), "strongest first"
    ),
}


def _counts(name: str, key: str, **facts: Schema) -> Schema:
    """Articles counted by what they are about; ``key`` says which keys the rows have."""
    return _document(
        name,
        total=_said(_COUNT, "articles in all"),
        weeks=_list(_WEEK),
        **{name: _list(_object(key=_said(_TEXT, key), name=_TEXT, **facts, **_NUMBERS))},
        errors=_list(_ERROR),
    )


def _document(name: str, **properties: Schema) -> Schema:
    return {"$schema": _DRAFT, "title": f"kommcli/{name}/1"} | _object(
        schema={"const": f"kommcli/{name}/1"}, generated=_TIME, **properties
    )


_MORE = _or_null(
    _object(count=_COUNT, command=_said(_or_null(_TEXT), "shows what was left out; null for edited issues"))
)

_DIGEST_ITEM: dict[str, Schema] = {
    "id": _said(_or_null(_ID), "null for the editor's own text, which has a teaser only"),
    "kicker": _or_null(_TEXT),
    "title": _or_null(_TEXT),
    "published": _or_null(_TIME),
    "teaser": _or_null(_TEXT),
    "url": _or_null(_URL),
    "source": _said(_or_null(_TEXT), "name of the feed"),
    "also_in": _said(_list(_TEXT), "names of other sources that tell the same story"),
    "home": _said(_FLAG, "about the reader's own region"),
    "edited": _said(_FLAG, "its publisher has changed its words"),
    "pinned": _said(_FLAG, "put first by the editor"),
    "sent_in": _said(_or_null(_COUNT), "number of the last issue that had it"),
}

_DIGEST: Schema = {"$schema": _DRAFT, "title": "kommcli/digest/1"} | _object(
    schema={"const": "kommcli/digest/1"},
    key=_said(_TEXT, "2026-W41, or the two days of another time; with new- what was not yet sent"),
    number=_said(_or_null(_COUNT), "of the issue; null before it is sent"),
    name=_TEXT,
    subject=_TEXT,
    language={"type": "string", "enum": ["de", "en"]},
    since=_TIME,
    until=_said(_TIME, "the first instant after its time"),
    week=_or_null(_WEEK),
    period=_said(_TEXT, "in words"),
    scope=_said(_or_null(_TEXT), "the filters, as typed"),
    salutation=_or_null(_TEXT),
    introduction=_said(_list(_TEXT), "paragraphs"),
    figure=_said(_or_null(_TEXT), "the number of the week"),
    closing=_or_null(_TEXT),
    signature=_or_null(_TEXT),
    sections=_list(
        _object(
            key=_said(_TEXT, "topic, state, feed or day; home, events, others or own"),
            title=_TEXT,
            items=_list(_object(**_DIGEST_ITEM)),
            more=_MORE,
        )
    ),
    more=_said(_MORE, "what no section had room for"),
    articles=_said(_COUNT, "in the issue"),
    sources=_said(_list(_TEXT), "names, in the order of the issue"),
    as_of=_said(_or_null(_TIME), "when a source last answered"),
    stale=_said(_list(_object(name=_TEXT, last_ok=_or_null(_TIME))), "sources that may lack articles"),
)
"""Without ``generated``: the same archive gives the same bytes."""

_FATE: Schema = {"type": "string", "enum": [str(state) for state in State]}
_ISSUE = _object(
    number=_COUNT,
    key=_said(_TEXT, "2026-W41, and the filters behind it"),
    subject=_TEXT,
    language=_TEXT,
    since=_TIME,
    until=_said(_TIME, "the first instant after its time"),
    kept=_said(_TIME, "when it was put into the outbox"),
    sent=_said(_or_null(_TIME), "when a server first took it over"),
    articles=_said(_list(_ID), "in the order of the issue"),
    mails=_list(
        _object(
            message_id=_TEXT,
            state=_FATE,
            attempts=_COUNT,
            tried=_or_null(_TIME),
            next_try=_or_null(_TIME),
            recipients=_list(
                _object(
                    address=_TEXT,
                    state=_FATE,
                    code=_or_null({"type": "string", "enum": sorted(MAIL_FAILURES)}),
                    reply=_said(_or_null(_TEXT), "what the server said where something went wrong"),
                )
            ),
        )
    ),
)

SCHEMAS: dict[str, Schema] = {
    "articles": _document("articles", articles=_list(_object(**_ARTICLE)), errors=_list(_ERROR)),
    "search": _document(
        "search",
        articles=_said(
            _list(
                _object(
                    **_ARTICLE,
                    score=_said(
                        {"type": "number"}, "compares hits of one search; 0 where no word was asked for"
                    ),
                    passages=_said(
                        _list(
                            _object(
                                field={
                                    "type": "string",
                                    "enum": ["kicker", "title", "teaser", "lead", "body"],
                                },
                                text=_TEXT,
                                marks=_said(
                                    _list(_list(_COUNT)), "begin and end of each hit, in characters of text"
                                ),
                            )
                        ),
                        "where the words stand",
                    ),
                )
            ),
            "best first",
        ),
        partial=_said(_FLAG, "no article has all words; these have some of them"),
        did_you_mean=_said(
            _list(_object(word=_TEXT, near=_TEXT)),
            "words without a hit and the nearest spelling that has one",
        ),
        errors=_list(_ERROR),
    ),
    "article": _document(
        "article",
        article=_object(
            **_ARTICLE,
            lead=_or_null(_TEXT),
            body=_said(_list(_BLOCK), "of the page where it was read, else of the feed"),
            links=_said(
                _list(_object(url=_URL, text=_TEXT, block=_COUNT)), "in the body; block is its index there"
            ),
            related=_list(_RELATED),
            related_topic=_said(_or_null(_TEXT), "the topic that the related articles stand for"),
            page_url=_said(_or_null(_URL), "the address that the text came from"),
            minutes=_said(_or_null(_COUNT), "reading time"),
        ),
        errors=_said(_list(_ERROR), "why the page could not be read"),
    ),
    "related": _document(
        "related",
        id=_ID,
        related_topic=_or_null(_TEXT),
        related=_list(_RELATED),
        errors=_list(_ERROR),
    ),
    "feeds": _document("feeds", feeds=_list(_FEED)),
    "fetch": _document(
        "fetch",
        stopped=_FLAG,
        feeds=_list(_VISIT),
        pages=_said(_list(_PAGE), "of articles that were fetched in this run"),
        errors=_said(_list(_ERROR), "the feeds that failed"),
    ),
    "check": _document(
        "check",
        feeds=_list(_CHECK),
        errors=_said(_list(_ERROR), "the feeds that failed, as of the last fetch"),
    ),
    "history": _document("history", key=_TEXT, url=_URL, answers=_said(_list(_ANSWER), "the last one first")),
    "discover": _document(
        "discover",
        url=_URL,
        feeds=_list(
            _object(
                url=_URL,
                title=_or_null(_TEXT),
                key=_said(_or_null(_TEXT), "of the subscription"),
            )
        ),
    ),
    "doctor": _document(
        "doctor",
        checks=_list(
            _object(
                name=_said(_TEXT, "config, feeds, archive, index, mail, outbox, disk, clock, terminal, …"),
                ok=_said(_FLAG, "nothing but notes"),
                summary=_said(_or_null(_TEXT), "what was looked at"),
                findings=_list(
                    _object(
                        severity={"type": "string", "enum": [one.value for one in Severity]},
                        what=_TEXT,
                        remedy=_or_null(_TEXT),
                        code=_or_null(_TEXT),
                        feed=_said(_or_null(_TEXT), "its key"),
                    )
                ),
            )
        ),
    ),
    "prune": _document(
        "prune",
        dry_run=_FLAG,
        found=_said(_COUNT, "articles that may go"),
        removed=_said(_COUNT, "articles that went"),
        protected=_said(_COUNT, "articles that match but stay: starred or in a digest"),
        oldest=_or_null(_TIME),
        newest=_or_null(_TIME),
        feeds=_list(_object(key=_TEXT, count=_COUNT)),
        bytes_before=_said(_COUNT, "of the archive's file"),
        bytes_after=_COUNT,
    ),
    "rethink": _document("rethink", stopped=_FLAG, read=_COUNT, changed=_COUNT),
    "topics": _counts("topics", "what topic: takes"),
    "states": _counts("states", "what state: takes: DE-BY, bund, eu, none", code=_or_null(_STATE)),
    "places": _counts(
        "places",
        "the official key, or what else place: takes",
        kind=_or_null(_PLACE["properties"]["kind"]),
        ags=_PLACE["properties"]["ags"],
        states=_list(_STATE),
    ),
    "stats": _document(
        "stats",
        total=_said(_COUNT, "articles in all"),
        weeks=_list(_object(week=_WEEK, count=_COUNT)),
        feeds=_list(_object(key=_TEXT, name=_TEXT, **_NUMBERS)),
        states_by_topic=_said(
            _list(_object(state=_TEXT, topic=_TEXT, count=_COUNT)),
            "keys of both; pairs without articles are left out",
        ),
        errors=_list(_ERROR),
    ),
    "digest": _DIGEST,
    "issues": _document("issues", issues=_list(_ISSUE)),
    "explain": _document(
        "explain",
        article=_object(**_ARTICLE),
        states=_list(_object(code=_STATE, name=_TEXT, main=_FLAG, **_REASONS)),
        level=_or_null(_object(key={"type": "string", "enum": ["bund", "eu"]}, name=_TEXT, **_REASONS)),
        places=_list(_object(**_PLACE["properties"], **_REASONS)),
        topics=_list(_object(key=_TEXT, name=_TEXT, **_REASONS)),
        kind=_or_null(_object(key=_TEXT, name=_TEXT, **_REASONS)),
        passed_over=_list(_object(where=_TEXT, words=_TEXT, rule=_TEXT, candidates=_list(_TEXT))),
        compared=_said(
            _list(
                _object(
                    id=_ID,
                    feed=_TEXT,
                    title=_TEXT,
                    same_story=_FLAG,
                    score=_said({"type": "number"}, "above 0 says that it may be the same story"),
                    veto=_said(_or_null(_TEXT), "why they never are one: recurring, window, place"),
                    ruled=_said(_or_null(_FLAG), "what the user said: true the same story, false never"),
                    parts=_said(
                        _list(_object(name=_TEXT, value={"type": "number"}, words=_list(_TEXT))),
                        "what adds up to the score",
                    ),
                )
            ),
            "the others of its story, then those that come near it",
        ),
        edits=_said(
            _list(
                _object(
                    seen=_TIME,
                    changes=_list(_object(where=_TEXT, before=_or_null(_TEXT), after=_or_null(_TEXT))),
                )
            ),
            "what its publisher changed, newest first, in sentences",
        ),
    ),
    "watch": _document(
        "watch",
        watches=_list(
            _object(
                name=_TEXT,
                query=_TEXT,
                count=_said(_COUNT, "new hits"),
                articles=_said(_list(_object(**_ARTICLE)), "the newest of them"),
            )
        ),
        errors=_list(_ERROR),
    ),
    "watched": _counts("watched", "the name of the watch"),
}
"""Schema by the name of the output."""
