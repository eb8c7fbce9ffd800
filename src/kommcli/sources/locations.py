"""Addresses taken apart, once: check, connection, TLS name and Host header all use the same parts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv6Address
from unicodedata import normalize
from urllib.parse import urljoin, urlsplit

from kommcli.errors import FeedFailure
from kommcli.i18n import _
from kommcli.text import clean

DEFAULT_PORTS = {"http": 80, "https": 443}

# Nothing else can be looked up, and what two parsers read differently ("\\@", "%2e", " ") stays out.
_NAME = re.compile(r"[a-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Location:
    """An http(s) address without credentials and fragment. ``host`` is ASCII (IDNA), without brackets."""

    scheme: str
    host: str
    port: int
    target: str
    """Path and query as written."""

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port: what may see the same secrets."""
        return self.scheme, self.host, self.port

    @property
    def name(self) -> str:
        """The host as it stands in an address: IPv6 in brackets."""
        return f"[{self.host}]" if ":" in self.host else self.host

    @property
    def url(self) -> str:
        """The address in one piece."""
        port = "" if self.port == DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self.name}{port}{self.target}"


def parse(url: str, code: str) -> Location:
    """``url`` taken apart; user name and password are dropped. Raises `FeedFailure` of ``code``."""
    try:
        parts = urlsplit(url.strip())
        host = _ascii(parts.hostname or "")
        port = parts.port or DEFAULT_PORTS[parts.scheme]
        if ":" in host and "%" not in host:
            host = str(IPv6Address(host))
        elif not _NAME.fullmatch(host):
            raise ValueError(host)
    except (ValueError, KeyError):  # UnicodeError is a ValueError
        raise FeedFailure(code, _("not a valid http or https address")) from None
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Location(parts.scheme, host, port, target)


def _ascii(host: str) -> str:
    """IDNA. Python's codec is of 2003 and makes ß into ss; since 2008 it is a letter (gießen.example)."""
    labels = normalize("NFKC", host).lower().split(".")
    sharp = ("xn--" + label.encode("punycode").decode("ascii") if "ß" in label else label for label in labels)
    return ".".join(sharp).encode("idna").decode("ascii").lower()


def follow(here: Location, header: str) -> Location:
    """Where a ``Location`` header leads. Raises `FeedFailure`: ``http.redirects`` for an empty one,
    ``http.redirect_url``, ``http.redirect_scheme``, ``http.downgrade``.
    """
    # http.client reads headers as Latin-1; those that are not ASCII are UTF-8 nowadays.
    target = header.encode("latin-1", "replace").decode("utf-8", "replace").strip()
    if not target:
        raise FeedFailure("http.redirects", _("the redirect names no address"))
    try:
        url = urljoin(here.url, target)
        scheme = urlsplit(url).scheme
    except ValueError:
        raise FeedFailure("http.redirect_url", _("not a valid http or https address")) from None
    if scheme not in DEFAULT_PORTS:
        raise FeedFailure("http.redirect_scheme", clean(scheme)[:40])
    if here.scheme == "https" and scheme == "http":
        raise FeedFailure("http.downgrade")
    return parse(url, "http.redirect_url")
