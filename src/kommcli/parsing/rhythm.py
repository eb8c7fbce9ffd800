"""How often a feed's document wants to be asked for. Pure: the head of the document in, seconds out.

``ttl`` of RSS 2.0 is in minutes (https://www.rssboard.org/rss-specification); the syndication module has a
period and how often in it (https://web.resource.org/rss/1.0/modules/syndication/).
"""

from __future__ import annotations

import re

LONGEST = 86_400
"""Seconds: no document makes us wait longer than a day."""

_HEAD = 20_000
"""Characters in which the wishes stand, before the first entry."""

_ENTRY = re.compile(r"<(?:\w+:)?(?:item|entry)[\s>]")
_TTL = re.compile(r"<ttl>\s*(\d{1,9})\s*</ttl>", re.IGNORECASE)
_PERIOD = re.compile(r"<\w+:updatePeriod>\s*(hourly|daily|weekly|monthly|yearly)\s*<", re.IGNORECASE)
_FREQUENCY = re.compile(r"<\w+:updateFrequency>\s*(\d{1,9})\s*<", re.IGNORECASE)
_PERIODS = {"hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}


def asked(xml: str) -> int:
    """Seconds between two visits that the document asks for, at most `LONGEST`; 0 where it says nothing."""
    head = xml[:_HEAD]
    if entry := _ENTRY.search(head):
        head = head[: entry.start()]
    wishes = [60 * int(ttl[1]) for ttl in _TTL.finditer(head)]
    if period := _PERIOD.search(head):
        frequency = _FREQUENCY.search(head)
        wishes.append(_PERIODS[period[1].lower()] // max(int(frequency[1]) if frequency else 1, 1))
    return min(max(wishes, default=0), LONGEST)
