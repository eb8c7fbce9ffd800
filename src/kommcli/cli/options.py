"""Options that several commands share, each named once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kommcli.i18n import _


class ListFormat(StrEnum):
    """Formats of a list of articles."""

    TERMINAL = "terminal"
    PLAIN = "plain"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"


class Format(StrEnum):
    """Formats of everything else."""

    TERMINAL = "terminal"
    PLAIN = "plain"
    JSON = "json"


def complete_feed(incomplete: str) -> list[str]:
    """Keys of feeds for the shell; nothing on any error."""
    import os

    from kommcli.config.load import load
    from kommcli.paths import find

    try:
        return [f.key for f in load(find(os.environ).config).feeds if f.key.startswith(incomplete)]
    except Exception:  # a completion must never disturb the command line
        return []


AsListFormat = Annotated[
    ListFormat | None,
    typer.Option("-F", "--format", help=_("Format; default: terminal on a terminal, plain in a pipe.")),
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
        autocompletion=complete_feed,
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
FeedKeys = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="FEED…", help=_("Keys or titles of feeds."), show_default=False, autocompletion=complete_feed
    ),
]
FeedKey = Annotated[
    str, typer.Argument(metavar="FEED", help=_("Key or title of a feed."), autocompletion=complete_feed)
]
