"""What the tests of this room share."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from ipaddress import ip_address

import pytest

from kommcli.sources import addresses, http
from kommcli.sources.http import Client, Limits

NOW = datetime(2026, 8, 1, 12, tzinfo=UTC)
SHORT = Limits(connect=0.4, total=0.8, body=100_000)


@pytest.fixture
def new_client() -> Iterator[Callable[..., Client]]:
    """Clients with short limits, closed after the test."""
    made: list[Client] = []

    def make(limits: Limits = SHORT, environ: Mapping[str, str] | None = None, **options: object) -> Client:
        settings: dict[str, object] = {"user_agent": "kommcli-test", "now": lambda: NOW, **options}
        made.append(Client(limits=limits, environ=environ or {}, **settings))
        return made[-1]

    yield make
    for client in made:
        client.close()


@pytest.fixture
def get(new_client: Callable[..., Client]) -> Callable[..., object]:
    """`Client.get` of one client, for servers on loopback."""
    client = new_client()

    def ask(url: str, **options: object) -> object:
        return client.get(url, **{"allow_private": True, **options})

    return ask


@pytest.fixture
def publicly(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let some loopback addresses count as public."""
    real = addresses.is_public

    def call(*public: str) -> None:
        def is_public(address: object) -> bool:
            return str(ip_address(address)) in public or real(address)

        monkeypatch.setattr(addresses, "is_public", is_public)
        monkeypatch.setattr(http, "is_public", is_public)

    return call


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Callable[[Mapping[str, Sequence[str]]], None]:
    """Let names have these addresses; others are unknown, literals stay what they are."""
    real = socket.getaddrinfo

    def define(table: Mapping[str, Sequence[str]]) -> None:
        def getaddrinfo(host: str, port: object, *args: object, **options: object) -> list[tuple]:
            if options.get("flags", 0) & socket.AI_NUMERICHOST or host == "127.0.0.1":
                return real(host, port, *args, **options)
            if host not in table:
                raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
            return [entry for address in table[host] for entry in real(address, port, *args, **options)]

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)

    return define
