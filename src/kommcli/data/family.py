"""The Kommune21 family: sites whose pages are alike, and what of a page a selector may name."""

from __future__ import annotations

HOSTS = ("kommune21.de", "move-online.de", "stadt-und-werk.de")
"""Without ``www.``; kicker and topic of their articles stand on the pages only."""

FIELDS = ("kicker", "title", "date", "lead", "body", "caption", "credit", "topic")
"""What a feed's ``selectors`` may name."""


def is_family(host: str) -> bool:
    """Whether a host is one of `HOSTS`."""
    return host.removeprefix("www.") in HOSTS
