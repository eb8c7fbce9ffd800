"""An issue for programs: schema ``kommcli/digest/1``. Without the time of running, so that the same archive
gives the same bytes."""

from __future__ import annotations

from typing import Any

from kommcli import dates
from kommcli.digest.issue import Issue, Item, More, Section

Record = dict[str, Any]


def digest(issue: Issue) -> Record:
    """The whole issue; every key is always there, what is unknown is null."""
    return {
        "schema": "kommcli/digest/1",
        "key": issue.key,
        "number": issue.number or None,
        "name": issue.name,
        "subject": issue.subject,
        "language": issue.language,
        "since": dates.iso(issue.since),
        "until": dates.iso(issue.until),
        "week": issue.key if issue.week else None,
        "period": issue.period,
        "scope": issue.scope or None,
        "salutation": issue.salutation or None,
        "introduction": list(issue.introduction),
        "figure": issue.figure or None,
        "closing": issue.closing or None,
        "signature": issue.signature or None,
        "sections": [_section(section) for section in issue.sections],
        "more": _more(issue.more),
        "articles": len(issue.items),
        "sources": list(issue.sources),
        "as_of": dates.iso(issue.as_of) if issue.as_of else None,
        "stale": [
            {"name": one.name, "last_ok": dates.iso(one.since) if one.since else None} for one in issue.stale
        ],
    }


def _section(section: Section) -> Record:
    return {
        "key": section.key,
        "title": section.title,
        "items": [_item(item) for item in section.items],
        "more": _more(section.more),
    }


def _item(item: Item) -> Record:
    return {
        "id": item.id or None,
        "kicker": item.kicker or None,
        "title": item.title or None,
        "published": dates.iso(item.published) if item.published else None,
        "teaser": item.teaser or None,
        "url": item.url or None,
        "source": item.source or None,
        "also_in": list(item.also_in),
        "home": item.home,
        "edited": item.edited,
        "pinned": item.pinned,
        "sent_in": item.sent_in or None,
    }


def _more(more: More | None) -> Record | None:
    return {"count": more.count, "command": more.command or None} if more else None
