"""Options that several commands share, each named once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kommcli.cli import completing
from kommcli.i18n import _


class ListFormat(StrEnum):
    """Formats of a list of articles."""

    TERMINAL = "terminal"
    PLAIN = "plain"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    MARKDOWN = "markdown"
    HTML = "html"
    ATOM = "atom"
    JSONFEED = "jsonfeed"


class Format(StrEnum):
    """Formats of everything else."""

    TERMINAL = "terminal"
    PLAIN = "plain"
    JSON = "json"


class ArticleFormat(StrEnum):
    """Formats of one article."""

    TERMINAL = "terminal"
    PLAIN = "plain"
    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"


class CountFormat(StrEnum):
    """Formats of counts."""

    TERMINAL = "terminal"
    PLAIN = "plain"
    JSON = "json"
    CSV = "csv"


class DigestFormat(StrEnum):
    """Formats of an issue of the digest."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    EML = "eml"
    JSON = "json"
    ATOM = "atom"


class DigestGroup(StrEnum):
    """What the sections of an issue are."""

    TOPIC = "topic"
    STATE = "state"
    FEED = "feed"
    DAY = "day"


AsListFormat = Annotated[
    ListFormat | None,
    typer.Option("-F", "--format", help=_("Format; default: terminal on a terminal, plain in a pipe.")),
]
AsArticleFormat = Annotated[
    ArticleFormat | None,
    typer.Option("-F", "--format", help=_("Format; default: terminal on a terminal, plain in a pipe.")),
]
AsCountFormat = Annotated[
    CountFormat | None,
    typer.Option("-F", "--format", help=_("Format; default: terminal on a terminal, plain in a pipe.")),
]
AsCsv = Annotated[bool, typer.Option("--csv", help=_("Short for --format csv."))]
Rows = Annotated[
    int | None, typer.Option("-n", "--limit", min=1, max=1_000_000, metavar="N", help=_("At most N rows."))
]
AsFormat = Annotated[
    Format | None,
    typer.Option("-F", "--format", help=_("Format; default: terminal on a terminal, plain in a pipe.")),
]
AsJson = Annotated[bool, typer.Option("--json", help=_("Short for --format json."))]
OutFile = Annotated[
    Path | None, typer.Option("-o", "--output", metavar="FILE", help=_("Write to FILE, in one step."))
]
Feeds = Annotated[
    list[str] | None,
    typer.Option(
        "-f",
        "--feed",
        metavar="FEED",
        help=_("Only this feed (key or title); may be repeated."),
        autocompletion=completing.feeds,
    ),
]
Words = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="QUERY…",
        help=_("Words, phrases and filters: topic:ki state:by place:Potsdam since:7d -word OR (…)."),
        show_default=False,
        autocompletion=completing.words,
    ),
]
Topics = Annotated[
    list[str] | None,
    typer.Option(
        "-t",
        "--topic",
        metavar="TOPIC",
        help=_("Only this topic (key, name or alias); may be repeated."),
        autocompletion=completing.topics,
    ),
]
States = Annotated[
    list[str] | None,
    typer.Option(
        "-s",
        "--state",
        metavar="STATE",
        help=_("Only this federal state (BY, RLP, Bayern), bund, eu or none; may be repeated."),
        autocompletion=completing.states,
    ),
]
Places = Annotated[
    list[str] | None,
    typer.Option(
        "-p",
        "--place",
        metavar="PLACE",
        help=_("Only this municipality, district or region; may be repeated."),
        autocompletion=completing.places,
    ),
]
Kinds = Annotated[
    list[str] | None,
    typer.Option(
        "--kind",
        metavar="KIND",
        help=_("Only this kind: interview, bericht, studie, termin and so on; may be repeated."),
        autocompletion=completing.kinds,
    ),
]
Week = Annotated[
    str | None,
    typer.Option(metavar="WEEK", help=_('Only this ISO week: 2025-W42, "KW 42", this or last.')),
]
View = Annotated[
    str | None,
    typer.Option(
        metavar="NAME", help=_("The filters saved as [views.NAME]."), autocompletion=completing.views
    ),
]
Since = Annotated[
    str | None,
    typer.Option(metavar="DATE", help=_('From this day on: 2025-10-16, 16.10.2025, 7d, yesterday, "KW 42".')),
]
Until = Annotated[
    str | None, typer.Option(metavar="DATE", help=_("Up to and including this day; written like --since."))
]
Unread = Annotated[bool, typer.Option("--unread", help=_("Only what you have not read."))]
Starred = Annotated[bool, typer.Option("--starred", help=_("Only what you have starred."))]
Limit = Annotated[
    int | None,
    typer.Option("-n", "--limit", min=1, max=1_000_000, metavar="N", help=_("At most N articles (20).")),
]
Every = Annotated[
    bool, typer.Option("--all", help=_("Every article, also of a story that others tell, too."))
]
Offline = Annotated[bool, typer.Option("--offline", help=_("Never fetch: show what the archive has."))]
RefreshNow = Annotated[bool, typer.Option("--refresh", help=_("Fetch first, however fresh the archive is."))]
Refs = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="REF…", help=_("Number in the last list, article id, or address."), show_default=False
    ),
]
Ref = Annotated[
    str, typer.Argument(metavar="REF", help=_("Number in the last list, article id, or address."))
]
ReadRef = Annotated[
    str,
    typer.Argument(
        metavar="REF",
        help=_("Number in the last list, id, address, saved page (HTML or text), or - for standard input."),
    ),
]
FeedKeys = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="FEED…",
        help=_("Keys or titles of feeds."),
        show_default=False,
        autocompletion=completing.feeds,
    ),
]
FeedKey = Annotated[
    str, typer.Argument(metavar="FEED", help=_("Key or title of a feed."), autocompletion=completing.feeds)
]
AsDigestFormat = Annotated[
    DigestFormat | None,
    typer.Option("-F", "--format", help=_("Format; default: what the file's name says, else text.")),
]
GroupBy = Annotated[
    DigestGroup | None,
    typer.Option("--group", help=_("What the sections are (topic).")),
]
Most = Annotated[
    int | None, typer.Option("--max", min=1, max=10_000, metavar="N", help=_("At most N articles (60)."))
]
MostASection = Annotated[
    int | None,
    typer.Option(
        "--max-per-section", min=1, max=1_000, metavar="N", help=_("At most N articles a section (10).")
    ),
]
New = Annotated[bool, typer.Option("--new", help=_("What no sent issue had, of the last four weeks."))]
TitlesOnly = Annotated[bool, typer.Option("--titles-only", help=_("Headlines and addresses, no teasers."))]
OkPartial = Annotated[bool, typer.Option("--ok-partial", help=_("Exit 0 even if sources are behind."))]
Language = Annotated[str | None, typer.Option("--lang", metavar="de|en", help=_("Language of the issue."))]
