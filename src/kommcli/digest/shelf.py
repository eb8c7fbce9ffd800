"""All issues as a folder of static pages: each as it was sent, an index and an Atom feed. Pure.

The pages need no server and load nothing; the folder can be put on any web space as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from kommcli import dates
from kommcli.digest import journal
from kommcli.i18n import _, ngettext
from kommcli.outgoing import KeptIssue

INDEX, FEED = "index.html", "feed.atom"


class Row(NamedTuple):
    """An issue in the index."""

    number: str
    title: str
    period: str
    articles: str
    introduction: str
    page: str


def page_name(issue: KeptIssue) -> str:
    """The file of an issue's page; the same for ever."""
    slug = re.sub(r"[^a-z0-9]+", "-", issue.key.partition(" ")[0].lower()).strip("-")
    return f"{issue.number}-{slug}.html"


def files(issues: Sequence[KeptIssue], *, language: str, address: str = "") -> dict[str, str]:
    """The content of every file by its name; ``issues`` with their forms, the newest first. ``address`` is
    where the folder will be found on the web, or empty: then the feed's links hold beside it only."""
    told = [json.loads(issue.forms["json"]) for issue in issues]
    name = told[0]["name"] if told else _("Digital Municipalities Weekly")
    pages = {page_name(issue): issue.forms["html"] for issue in issues}
    base = address.rstrip("/") + "/" if address else ""
    entries = [
        journal.Entry(
            key=issue.key,
            title=issue.subject,
            summary=" ".join(record["introduction"]),
            html=issue.forms["html"],
            updated=issue.sent or issue.until,
            url=base + page_name(issue),
        )
        for issue, record in zip(issues, told, strict=True)
    ]
    feed = journal.feed(name, entries, language=language, url=base and base + FEED)
    return pages | {INDEX: _index(name, issues, told, language), FEED: feed}


def _index(name: str, issues: Sequence[KeptIssue], told: Sequence[dict[str, object]], language: str) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("index.html.j2").render(
        language=language,
        name=name,
        feed_words=_("Subscribe as a feed"),
        feed=FEED,
        rows=[_row(issue, record) for issue, record in zip(issues, told, strict=True)],
        count=ngettext("{count} issue", "{count} issues", len(issues)).format(count=len(issues)),
    )


def _row(issue: KeptIssue, record: dict[str, object]) -> Row:
    count = len(issue.articles)
    introduction = record["introduction"]
    return Row(
        number=_("Issue {number}").format(number=issue.number),
        title=issue.subject,
        period=str(record["period"]) or dates.day(issue.since),
        articles=ngettext("{count} article", "{count} articles", count).format(count=count),
        introduction=str(introduction[0]) if isinstance(introduction, list) and introduction else "",
        page=page_name(issue),
    )
