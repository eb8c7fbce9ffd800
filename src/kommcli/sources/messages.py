"""The two messages of an exchange: the headers we send, and what an answer's status and headers mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Protocol

from kommcli.errors import FeedFailure
from kommcli.i18n import _
from kommcli.model import Fetched
from kommcli.sources import body
from kommcli.sources.freshness import freshness
from kommcli.sources.politeness import parse_retry_after
from kommcli.text import clean

ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
REDIRECTS = {301: True, 302: False, 303: False, 307: False, 308: True}
"""The statuses that redirect, and whether for good."""

_WITH_BODY = (200, 203, 226)
_LONGEST_VALIDATOR = 1_000
_CONDITIONS = frozenset(("If-None-Match", "If-Modified-Since"))
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_OURS = re.compile(
    r"accept(-encoding)?|connection|content-length|expect|host|if-(modified-since|none-match)"
    r"|te|transfer-encoding|upgrade|user-agent",
    re.IGNORECASE,
)
"""Headers that a configuration cannot set."""


class Answer(Protocol):
    """The part of urllib3's response that is looked at here."""

    status: int
    reason: str | None

    @property
    def headers(self) -> Mapping[str, str]:
        """Names in any case."""


@dataclass(frozen=True, slots=True)
class Redirect:
    """An answer that leads elsewhere: its ``Location`` header, and whether for good."""

    header: str
    permanent: bool


def ours(user_agent: str, accept: str = ACCEPT) -> dict[str, str]:
    """The headers of every request."""
    return {"User-Agent": user_agent, "Accept": accept, "Accept-Encoding": "gzip"}


def origin_only(headers: Mapping[str, str], etag: str, last_modified: str) -> dict[str, str]:
    """The headers for one origin only: the user's ``headers`` and the validators, as they came.

    Raises `FeedFailure` ``config.secret`` for a value that HTTP cannot carry; the value is not told.
    """
    fields = {name: value for name, value in headers.items() if not _OURS.fullmatch(name)}
    for name, value in fields.items():
        if _CONTROL.search(name + value) or not (name + value).isascii():
            raise FeedFailure("config.secret", _("header {name}: not ASCII").format(name=clean(name)))
    if sane(etag):
        fields["If-None-Match"] = etag
    if sane(last_modified):
        fields["If-Modified-Since"] = last_modified
    return fields


def validators_of(fields: Mapping[str, str]) -> dict[str, str]:
    """Of ``fields`` only those that make a request conditional; they hold no secret."""
    return {name: value for name, value in fields.items() if name in _CONDITIONS}


def is_conditional(fields: Mapping[str, str]) -> bool:
    """Whether a request with ``fields`` may be answered with 304."""
    return not _CONDITIONS.isdisjoint(fields)


def sane(validator: str) -> str:
    """``validator`` if it can be stored and sent back (Latin-1, printable, short), else ""."""
    if (
        len(validator) > _LONGEST_VALIDATOR
        or _CONTROL.search(validator)
        or max(validator, default="") > "\xff"
    ):
        return ""
    return validator


def judged(
    answer: Answer,
    chunks: Iterable[bytes],
    *,
    url: str,
    limit: int,
    now: Callable[[], datetime],
    admit: Callable[[str], None] = lambda _content_type: None,
    enough: int = 0,
) -> Fetched | Redirect:
    """What ``answer`` gives: ``url`` is where it comes from, ``chunks`` its body, as on the wire.

    ``limit`` in bytes, packed or unpacked; ``admit`` may refuse a content type before the body is read; of
    a longer body than ``enough`` (bytes, unless 0) only the beginning is taken. Raises `FeedFailure` for
    every other answer than a redirect or a complete body; a redirect's body is not read.
    """
    status, headers = answer.status, answer.headers
    if status in REDIRECTS:
        return Redirect(headers.get("Location", ""), REDIRECTS[status])
    if status not in _WITH_BODY:
        raise refusal(answer, now())
    admit(headers.get("Content-Type", "")[:200])
    packing, length = headers.get("Content-Encoding", ""), headers.get("Content-Length", "")
    if enough and packing.strip().lower() in ("", "identity"):
        chunks = _beginning(chunks, enough)
    elif length.isdecimal() and (len(length) > 18 or int(length) > limit):
        raise FeedFailure("http.too_large")
    content = body.unpacked(chunks, packing, limit)
    if enough:
        content = content[:enough]
    if not content or content.isspace():
        raise FeedFailure("http.empty", http_status=status)
    return Fetched(
        url=url,
        body=content,
        status=status,
        content_type=clean(headers.get("Content-Type", "")[:200]),
        etag=sane(headers.get("ETag", "")),
        last_modified=sane(headers.get("Last-Modified", "")),
        fresh=freshness(headers, now()),
    )


def _beginning(chunks: Iterable[bytes], count: int) -> Iterator[bytes]:
    """The first ``count`` bytes; what follows is not waited for."""
    for chunk in chunks:
        yield chunk[:count]
        count -= len(chunk)
        if count <= 0:
            return


def refusal(answer: Answer, now: datetime) -> FeedFailure:
    """The failure that an answer without a feed stands for, such as "404 Not Found"."""
    status = answer.status
    if status in (204, 205):
        return FeedFailure("http.empty", http_status=status)
    code = {410: "http.gone", 429: "http.rate_limited"}.get(status, "http.status")
    wait = parse_retry_after(answer.headers.get("Retry-After", ""), now) if status in (429, 503) else None
    return FeedFailure(code, told(answer), http_status=status, retry_after=wait)


def told(answer: Answer) -> str:
    """Number and words of a status line, the words as the server has them."""
    known = (status.phrase for status in HTTPStatus if status == answer.status)
    return clean(f"{answer.status} {answer.reason or next(known, '')}"[:200])
