"""How long an answer stays fresh by its cache headers (RFC 9111, section 4.2). Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime

LONGEST = 86_400.0
"""Seconds: no server makes us wait longer than a day."""

_MAX_AGE = re.compile(r'(?:^|[\s,])max-age\s*=\s*"?(\d{1,15})', re.IGNORECASE)
_NEVER = re.compile(r"(?:^|[\s,])no-(?:cache|store)(?:$|[\s,=])", re.IGNORECASE)


def freshness(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds, 0 to 86,400, for which asking again brings nothing new; None where the headers say nothing.

    ``max-age`` counts from when the origin wrote the answer (``Age``) and beats ``Expires``, which is
    compared with the server's own ``Date``, so that a clock that is wrong on either side does no harm.
    """
    control = headers.get("Cache-Control", "")[:1_000]
    if _NEVER.search(control):
        return 0.0
    if found := _MAX_AGE.search(control):
        age = headers.get("Age", "").strip()
        passed = int(age[:15]) if age.isascii() and age.isdigit() else 0
        return _bounded(int(found[1]) - passed)
    expires = headers.get("Expires", "").strip()[:100]
    if not expires:
        return None
    until = instant(expires)
    # An Expires that is no date, such as 0, means the past (RFC 9111, section 5.3).
    return (
        0.0
        if until is None
        else _bounded((until - (instant(headers.get("Date", "")) or now)).total_seconds())
    )


def instant(value: str) -> datetime | None:
    """The instant of an HTTP date (RFC 9110, section 5.6.7); None for anything else."""
    from email.utils import parsedate_to_datetime  # heavy, and seldom needed

    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    # "-0000": UTC without a statement where it was written
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _bounded(seconds: float) -> float:
    return min(max(seconds, 0.0), LONGEST)
