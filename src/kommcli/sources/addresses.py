"""Which addresses a request may reach: public ones, and a private one only where the user asked for it.

A name is looked up once in a run; what was checked is what is connected to, so that a name server with
two faces gains nothing (DNS rebinding).
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Collection
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from kommcli.errors import FeedFailure
from kommcli.i18n import _

IPAddress = IPv4Address | IPv6Address

_NAT64 = IPv6Network("64:ff9b::/96")
_NEVER_PUBLIC = (
    IPv6Network("64:ff9b:1::/48"),  # NAT64 inside a site (RFC 8215)
    IPv6Network("fec0::/10"),  # site-local, deprecated (RFC 3879)
    IPv6Network("2001:db8::/32"),  # documentation
    IPv6Network("3fff::/20"),  # documentation (RFC 9637)
    IPv6Network("5f00::/16"),  # segment routing (RFC 9602)
)


def unwrapped(address: IPAddress) -> IPAddress:
    """The IPv4 address that an IPv6 address stands for, where it does; else ``address`` itself.

    Forms: mapped (RFC 4291), NAT64 (RFC 6052), 6to4 (RFC 3056), Teredo (RFC 4380), IPv4-compatible.
    """
    if isinstance(address, IPv4Address):
        return address
    if inner := address.ipv4_mapped or address.sixtofour:
        return inner
    if address.teredo:
        return address.teredo[1]
    number = int(address)
    if address in _NAT64 or 1 < number < 1 << 32:  # 0 and 1 are :: and ::1
        return IPv4Address(number & 0xFFFF_FFFF)
    return address


def is_public(address: IPAddress | str) -> bool:
    """Whether ``address`` belongs to a single machine in the public internet.

    `ipaddress` alone calls many wrapped forms, site-local and multicast addresses global.
    """
    real = unwrapped(ip_address(address))
    if isinstance(real, IPv6Address) and any(real in network for network in _NEVER_PUBLIC):
        return False
    return real.is_global and not (real.is_multicast or real.is_reserved or real.is_link_local)


def is_link_local(address: IPAddress) -> bool:
    """Whether ``address`` is of this wire only: 169.254/16 (cloud metadata lives there) or fe80::/10."""
    return unwrapped(address).is_link_local


def permitted(addresses: Collection[IPAddress], trusted: Collection[IPAddress]) -> tuple[IPAddress, ...]:
    """Those of ``addresses`` that are public or ``trusted``, in their order."""
    return tuple(address for address in addresses if address in trusted or is_public(address))


class Resolver:
    """Looks names up, each once; thread-safe."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[IPAddress, ...]] = {}

    def lookup(self, host: str, until: float) -> tuple[IPAddress, ...]:
        """The addresses of ``host`` (a name or any literal the system understands), best first.

        Raises `FeedFailure`: ``net.dns`` where there is none, ``net.timeout`` when no name server has
        answered by ``until`` (an instant of `time.monotonic`).
        """
        if host not in self._known:
            self._known[host] = _literal(host) or _asked(host, until)
        return self._known[host]


def _literal(host: str) -> tuple[IPAddress, ...]:
    """``host`` read as a number in any notation (2130706433, 0x7f.1, 127.1, ::1); empty for a name."""
    try:
        return _addresses(host, socket.AI_NUMERICHOST)
    except OSError:
        return ()


def _asked(host: str, until: float) -> tuple[IPAddress, ...]:
    # getaddrinfo knows no time limit and cannot be interrupted: it waits in a thread that may be left.
    answers: list[tuple[IPAddress, ...] | OSError] = []

    def ask() -> None:
        try:
            answers.append(_addresses(host, 0))
        except OSError as error:
            answers.append(error)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(max(0.0, until - time.monotonic()))
    if not answers:
        raise FeedFailure("net.timeout", _("no name server answers"))
    if isinstance(answers[0], OSError):
        raise FeedFailure("net.dns", answers[0].strerror or "") from answers[0]
    return answers[0]


def _addresses(host: str, flags: int) -> tuple[IPAddress, ...]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=flags)
    except UnicodeError:  # a label that is empty or too long
        raise socket.gaierror(socket.EAI_NONAME, _("not a valid name")) from None
    return tuple(dict.fromkeys(ip_address(sockaddr[0]) for *_rest, sockaddr in found))
