"""The proxy that the environment names for an address (``http_proxy`` and its kin).

`urllib.request` takes the environment from the process and costs 30 ms to import; the rule is short.
See https://everything.curl.dev/usingcurl/proxies/env.html and https://httpoxy.org.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from urllib.parse import unquote, urlsplit

from kommcli.errors import FeedFailure
from kommcli.i18n import _
from kommcli.text import clean


@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy: where it is, and the header that opens it, if it needs one."""

    host: str
    port: int
    headers: Mapping[str, str]


def proxy_for(scheme: str, host: str, port: int, environ: Mapping[str, str]) -> str:
    """The proxy's address as the environment has it (``http://user:pw@host:port``), or "" for none.

    Lower case goes before upper case. ``HTTP_PROXY`` is ignored in a CGI program, where a client's
    ``Proxy:`` header sets it.
    """
    proxy = _variable(f"{scheme}_proxy", environ) or _variable("all_proxy", environ)
    if not proxy or _bypassed(host, port, _variable("no_proxy", environ)):
        return ""
    return proxy if "://" in proxy else f"http://{proxy}"


def parse(proxy: str) -> Proxy:
    """``proxy`` taken apart. Raises `FeedFailure` ``net.proxy`` for one of another kind (socks5, https)."""
    try:
        parts = urlsplit(proxy)
        host, port = parts.hostname, parts.port or 80
    except ValueError:
        raise FeedFailure("net.proxy", _("the proxy variable holds no valid address")) from None
    if parts.scheme != "http" or not host:
        kind = clean(parts.scheme)[:20]
        raise FeedFailure("net.proxy", _("only http proxies can be used, not {kind}").format(kind=kind))
    if parts.username is None:
        return Proxy(host, port, {})
    token = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
    return Proxy(host, port, {"Proxy-Authorization": f"Basic {b64encode(token).decode('ascii')}"})


def _variable(name: str, environ: Mapping[str, str]) -> str:
    if name in environ:
        return environ[name].strip()
    if name == "http_proxy" and "REQUEST_METHOD" in environ:
        return ""
    return environ.get(name.upper(), "").strip()


def _bypassed(host: str, port: int, exceptions: str) -> bool:
    return any(
        _matches(host.rstrip("."), port, item) for item in exceptions.lower().replace(",", " ").split()
    )


def _matches(host: str, port: int, item: str) -> bool:
    """Whether one item of no_proxy means ``host``: ``*``, a name and all below it, an address, a network."""
    if item == "*":
        return True
    try:
        return ip_address(host) in ip_network(item, strict=False)
    except ValueError:
        pass
    name, colon, number = item.rpartition(":")
    if colon and number.isdigit() and not name.endswith(":"):
        if int(number) != port:
            return False
        item = name
    item = item.strip("[]").lstrip("*").strip(".")
    return bool(item) and (host == item or host.endswith(f".{item}"))
