"""What a site's robots.txt allows (RFC 9309), for the product token "kommcli"."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from kommcli.errors import FeedFailure

if TYPE_CHECKING:
    from protego import Protego

TOKEN = "kommcli"  # noqa: S105 - the name that robots.txt calls a product token
LARGEST = 512_000
"""Bytes that are read: the 500 KiB that RFC 9309, section 2.5, wants at least."""

LEAST, LONGEST = 1.0, 30.0
"""Seconds between two requests to a host, whatever robots.txt says of them."""

# Protego's word for such a line may lack hyphen and colon.
_AGENT = re.compile(r"\s*user[- ]?agent[\s:]+([^#]*)", re.IGNORECASE)
_PRODUCT = re.compile(r"[a-z_-]+|\*+\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rules:
    """A robots.txt: its text, empty where a site has none, and when it was fetched."""

    text: str
    fetched: datetime


def allows(rules: Rules, url: str) -> bool:
    """Whether we may read ``url``, an absolute address of the site; no rules allow everything."""
    return not rules.text or _parsed(rules.text).can_fetch(url, TOKEN)


def delay(rules: Rules) -> float:
    """The seconds between two requests that Crawl-delay asks for, from `LEAST` to `LONGEST`."""
    asked = _parsed(rules.text).crawl_delay(TOKEN) if rules.text else None
    return min(max(LEAST, asked or 0.0), LONGEST)


def text_of(body: bytes) -> str:
    """The text in the first `LARGEST` bytes of a robots.txt. Never raises."""
    wide = body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = body[:LARGEST].decode("utf-16" if wide else "utf-8-sig", "replace")
    if len(body) >= LARGEST and not text.endswith(("\n", "\r")):
        # The last line may have been cut: "Disallow: /" where "Disallow: /search" was meant.
        text = "\n".join(text.splitlines()[:-1])
    return text


def is_absence(failure: FeedFailure) -> bool:
    """Whether ``failure`` means that a site has no robots.txt (section 2.3.1.3): 4xx, an empty answer, too
    many redirects. Else nobody knows. 429 says when to ask, not what is allowed."""
    if failure.code in ("http.empty", "http.redirects"):
        return True
    return failure.code in ("http.status", "http.gone") and 400 <= (failure.http_status or 0) < 500


@lru_cache(16)
def _parsed(text: str) -> Protego:
    from protego import Protego

    return Protego.parse("\n".join(map(_line, text.splitlines())))


def _line(line: str) -> str:
    """``line`` with only three names for agents: ours, all (``*``) and another one.

    Section 2.2.1 wants whole product tokens compared. Protego takes "kom" for us, but not "kommcli/1.0";
    and it stores every rule of a group once for every name, for hours where there are thousands of each.
    """
    agent = _AGENT.match(line)
    if agent is None or not agent[1].strip():
        return line
    product = _PRODUCT.match(agent[1])
    name = product[0].strip().lower() if product else ""
    return f"User-agent: {'*' if name[:1] == '*' else TOKEN if name == TOKEN else 'another'}"
