"""What a site's robots.txt allows (RFC 9309), for the product token "kommcli"."""

from __future__ import annotations

from kommcli.errors import FeedFailure

TOKEN = "kommcli"  # noqa: S105 - the name that robots.txt calls a product token
LARGEST = 500_000
"""Characters that are read; RFC 9309, section 2.5, wants at least 500 kibibytes."""

LEAST, LONGEST = 1.0, 30.0
"""Seconds between two requests to a host, whatever robots.txt says of them."""


def allows(rules: str, url: str) -> bool:
    """Whether the text of a robots.txt lets us read ``url``; an empty one allows everything."""
    return not rules or bool(_parsed(rules).can_fetch(url, TOKEN))


def delay(rules: str) -> float:
    """The seconds between two requests that it asks for."""
    asked = _parsed(rules).crawl_delay(TOKEN) if "crawl-delay" in rules.lower() else None
    return min(max(LEAST, float(asked or 0)), LONGEST)


def without(failure: FeedFailure) -> str:
    """What holds where robots.txt could not be had: all is allowed where there is none (4xx, empty,
    redirected for ever); raises ``failure`` where nobody knows (5xx, no answer), section 2.3.1."""
    status = failure.http_status or 0
    absent = 400 <= status < 500 and status != 429
    if absent or failure.code in ("http.empty", "http.redirects", "article.not_html"):
        return ""
    raise failure


def _parsed(rules: str):  # type: ignore[no-untyped-def]  # protego has no types
    from protego import Protego

    return Protego.parse(rules[:LARGEST].lstrip("\ufeff"))
