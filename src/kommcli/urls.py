"""Web addresses from strangers: made absolute and plain ASCII, compared, and shown without secrets.

Only http and https exist here; whatever else a feed calls a link is no link. Nothing raises.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from kommcli.text import clean

OPML = "https://kommcli.example/opml/1"
"""The namespace of our settings in lists of subscriptions."""

_LONGEST = 4000
_DEFAULT_PORTS = {"http": 80, "https": 443}
_BLANKS = "".join(map(chr, range(33))) + "\x85\xa0\u2028\u2029"
# RFC 3986 without ' (it ends a quotation in HTML and shells). "%" stays, so that %XX stays as it is.
_PLAIN = "!$%&()*+,-./:;=?@[]_~"
# The second form has a "/", "?" or "#" in the password: no browser reads it so, but it is one.
_USER = r"((?:[a-z][a-z0-9+.-]*:)?//)(?:[^/?#]*@|[^/?#@:]*:(?!\d*(?:[/?#]|$))[^@]*@)"
_TRACKING = (
    r"(?:utm|pk|piwik|mtm|matomo|wt)[_.].*|(?:fb|g|d|y)clid|msclkid|[gw]braid|igshid|mc_[ce]id|_hs(?:enc|mi)"
)
_SENSITIVE = "token|key|pass|pwd|auth|sig|secret|session|credential"


class _Parts(NamedTuple):
    scheme: str
    host: str
    port: str
    path: str
    query: str
    fragment: str

    @property
    def authority(self) -> str:
        return f"{self.host}:{self.port}" if self.port else self.host


def absolute(base: str, href: str) -> str:
    """The http(s) address of ``href`` on the page ``base``, or "" if it is none.

    ASCII only: blanks, quotes, controls and other letters are percent-encoded, every %XX stays byte for byte,
    the host is small and IDNA. User and password are dropped; more than 4,000 characters are no address.
    """
    href = _tidy(href)
    if not href or len(href) > _LONGEST:
        return ""
    has_scheme = re.match("[a-z][a-z0-9+.-]*:", href, re.IGNORECASE)
    try:
        parts = _parts(href if has_scheme else urljoin(_tidy(base), href))
    except ValueError:
        return ""
    if parts is None:
        return ""
    url = f"{parts.scheme}://{parts.authority}{parts.path}"
    url += f"?{parts.query}" if parts.query else ""
    url += f"#{parts.fragment}" if parts.fragment else ""
    return url if len(url) <= _LONGEST else ""


def canonical(url: str) -> str:
    """The key to compare addresses by: two addresses of one page have the same.

    Without scheme, ``www.``, default port, final slash, fragment and tracking parameters; the others keep
    their order. What is no http(s) address comes back stripped but unchanged.
    """
    parts = _parts(_tidy(url))
    if parts is None:
        return url.strip()
    bare = parts.authority.removeprefix("www.").removesuffix(".")
    authority = bare if "." in bare else parts.authority
    kept = (pair for pair in parts.query.split("&") if pair and not _is_tracking(pair))
    query = "&".join(kept)
    path = re.sub("%[0-9a-fA-F]{2}", lambda code: code[0].upper(), parts.path.rstrip("/"))
    return f"{authority}{path}?{query}" if query else authority + path


def _is_tracking(pair: str) -> bool:
    return re.fullmatch(_TRACKING, pair.partition("=")[0].lower()) is not None


def host(url: str) -> str:
    """The host to show, as ASCII (xn--…), with a port that is not the default; "" if there is none."""
    parts = _parts(_tidy(url))
    return parts.authority if parts else ""


def has_credentials(url: str) -> bool:
    """Whether ``url`` carries a user name or password (``user:pw@``)."""
    return re.match(_USER, _tidy(url), re.IGNORECASE) is not None


def redacted(url: str) -> str:
    """``url`` for messages: user, password and the values of parameters that sound secret are ``***``."""
    plain = absolute("", url)
    if plain and has_credentials(url):
        plain = plain.replace("//", "//***@", 1)
    if not plain:
        plain = re.sub(f"^{_USER}", r"\1***@", _tidy(url), flags=re.IGNORECASE)
        plain = quote(clean(plain), safe=_PLAIN + "#'^`{|}<>\" \\")
    # A ";" parts two parameters where a "=" follows, else it belongs to the value.
    return re.sub(r"([?&;#])([^?&;#=]*)=[^&;#]*(?:;[^&;#=]*(?![^&;#]))*", _mask, plain)


def _mask(parameter: re.Match[str]) -> str:
    secret = re.search(_SENSITIVE, parameter[2], re.IGNORECASE)
    return f"{parameter[1]}{parameter[2]}=***" if secret else parameter[0]


def _tidy(url: str) -> str:
    """``url`` as a browser reads it: without line breaks and outer controls, ``\\`` as ``/``.

    The first steps of https://url.spec.whatwg.org/#concept-basic-url-parser.
    """
    url = re.sub("[\ud800-\udfff]", "\ufffd", re.sub("[\t\n\r]", "", url)).strip(_BLANKS)
    at = re.search("[?#]", url)
    end = at.start() if at else len(url)
    return url[:end].replace("\\", "/") + url[end:]


def _parts(url: str) -> _Parts | None:
    """The parts of an absolute http(s) address in ASCII; None if it is not one."""
    try:
        split = urlsplit(url)
        port, name = split.port, _ascii_host(split.hostname or "")
    except ValueError:
        return None
    if split.scheme not in _DEFAULT_PORTS or not name or port == 0:
        return None
    shown = "" if port is None or port == _DEFAULT_PORTS[split.scheme] else str(port)
    path, query, fragment = (quote(part, safe=_PLAIN) for part in (split.path, split.query, split.fragment))
    return _Parts(split.scheme, name, shown, path, query, fragment)


def _ascii_host(name: str) -> str:
    """``name`` small and in IDNA, or "" for what can be no host.

    As browsers do since 2023, ß stays (UTS 46, non-transitional); Python's own codec makes it ss.
    """
    if re.fullmatch(r"[0-9a-f:.]*:[0-9a-f:.]*", name):
        return f"[{name}]"
    name = unicodedata.normalize("NFKC", clean(name).lower()).lower() if not name.isascii() else name.lower()
    labels = name.replace("。", ".").split(".")
    if len(name) > 253:
        return ""
    plain = ".".join(
        label if label.isascii() else "xn--" + label.encode("punycode").decode() for label in labels
    )
    fits = re.fullmatch(r"(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}\.?", plain)
    return plain if fits and len(plain) <= 253 else ""
