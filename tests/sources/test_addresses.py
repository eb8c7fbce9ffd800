"""Which addresses are public, and how names are looked up."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kommcli.errors import FeedFailure
from kommcli.sources.addresses import Resolver, is_link_local, is_public, permitted, unwrapped

PUBLIC = ["93.184.216.34", "1.1.1.1", "2606:2800:220:1:248:1893:25c8:1946", "2a00:1450:4001:81b::2003"]
PRIVATE = [
    *("127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1"),
    *("169.254.169.254", "100.64.0.1", "100.127.255.255", "192.0.0.1", "192.0.2.1", "198.18.0.1"),
    *("198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "fe80::1", "fe80::1%lo", "fec0::1", "fc00::1", "fd12:3456::1", "ff02::1", "ff0e::1"),
    *("2001:db8::1", "3fff::1", "5f00::1", "64:ff9b:1::a00:1", "100::1", "2001:10::1"),
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses(address: str) -> None:
    assert is_public(address)
    assert is_public(ip_address(address))


@pytest.mark.parametrize("address", PRIVATE)
@pytest.mark.row("N10")
def test_N10_private_addresses(address: str) -> None:
    assert not is_public(address)


def _teredo(client: IPv4Address) -> IPv6Address:
    return IPv6Address(0x20010000 << 96 | 0x01010101 << 64 | (int(client) ^ 0xFFFFFFFF))


WRAPPINGS: dict[str, Callable[[IPv4Address], IPv6Address]] = {
    "mapped": lambda inner: IPv6Address(0xFFFF << 32 | int(inner)),
    "compatible": lambda inner: IPv6Address(int(inner)),
    "NAT64": lambda inner: IPv6Address(0x64FF9B << 96 | int(inner)),
    "6to4": lambda inner: IPv6Address(0x2002 << 112 | int(inner) << 80),
    "Teredo": _teredo,
}


@pytest.mark.parametrize("wrap", WRAPPINGS.values(), ids=WRAPPINGS)
@pytest.mark.parametrize(
    "inner", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "100.64.0.1", "224.0.0.1", "93.184.216.34"]
)
@pytest.mark.row("N13")
def test_N13_wrapped_addresses(wrap: Callable[[IPv4Address], IPv6Address], inner: str) -> None:
    address = IPv4Address(inner)
    wrapped = wrap(address)
    assert unwrapped(wrapped) == address
    assert is_public(wrapped) == is_public(address)
    assert is_link_local(wrapped) == address.is_link_local


@given(st.ip_addresses(v=4))
@pytest.mark.row("N13")
def test_N13_no_wrapping_makes_an_address_public(address: IPv4Address) -> None:
    if int(address) > 1:  # ::0 and ::1 are themselves
        assert all(is_public(wrap(address)) == is_public(address) for wrap in WRAPPINGS.values())


@given(st.ip_addresses())
def test_nothing_public_is_private_multicast_or_of_this_wire(address: IPv4Address | IPv6Address) -> None:
    if is_public(address):
        assert address.is_global
        assert not address.is_multicast
        assert not address.is_link_local


def test_permitted_keeps_public_and_trusted_in_their_order() -> None:
    inside, other, outside = map(ip_address, ("10.0.0.1", "10.0.0.2", "93.184.216.34"))
    assert permitted([inside, other, outside], {inside}) == (inside, outside)
    assert permitted([inside], set()) == ()


@pytest.mark.parametrize("literal", ["2130706433", "0x7f.1", "127.1", "0177.1", "127.0.0.1"])
@pytest.mark.row("N12")
def test_N12_literals_in_any_notation_need_no_name_server(
    literal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threading, "Thread", None)
    assert Resolver().lookup(literal, 0) == (IPv4Address("127.0.0.1"),)


def test_a_name_is_looked_up_once(names: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    names({"feed.example": ["93.184.216.34", "2606:2800::1", "93.184.216.34"]})
    resolver = Resolver()
    found = resolver.lookup("feed.example", time.monotonic() + 1)
    assert found == (ip_address("93.184.216.34"), ip_address("2606:2800::1"))
    names({})
    assert resolver.lookup("feed.example", time.monotonic() + 1) == found


def test_an_unknown_name_is_asked_again(names: Callable) -> None:
    resolver = Resolver()
    names({})
    with pytest.raises(FeedFailure, match="Name or service not known"):
        resolver.lookup("feed.example", time.monotonic() + 1)
    names({"feed.example": ["93.184.216.34"]})
    assert resolver.lookup("feed.example", time.monotonic() + 1)


def test_a_silent_name_server_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()

    def getaddrinfo(host: str, *_args: object, flags: int, **_options: object) -> list[tuple]:
        if flags:
            raise socket.gaierror
        over.wait(5)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with pytest.raises(FeedFailure) as caught:
        Resolver().lookup("feed.example", time.monotonic() + 0.1)
    assert caught.value.code == "net.timeout"
    over.set()


@pytest.mark.parametrize("name", ["a..example", "a" * 64 + ".example"])
def test_a_name_that_cannot_be_asked_for(name: str) -> None:
    with pytest.raises(FeedFailure, match="not a valid name"):
        Resolver().lookup(name, time.monotonic() + 1)
