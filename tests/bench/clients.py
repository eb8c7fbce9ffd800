"""What kommcli is compared with: clients that send the same requests and do nothing else.

    python clients.py threads|epoll|feedparser PORT FEEDS HOSTS

Like kommcli they keep two connections to a host. ``feedparser`` also parses the bodies, in one process.
"""

from __future__ import annotations

import http.client
import queue
import selectors
import socket
import sys
import threading
from collections.abc import Sequence

PER_HOST = 2

Lane = tuple[str, int, list[int]]
"""What one connection asks: host, port and numbers of feeds."""


def lanes(port: int, feeds: int, hosts: int) -> list[Lane]:
    """The connections of a run."""
    step = hosts * PER_HOST
    made = [
        (f"127.0.0.{host + 1}", port, list(range(host + turn * hosts, feeds, step)))
        for turn in range(PER_HOST)
        for host in range(hosts)
    ]
    return [lane for lane in made if lane[2]]


def address(port: int, number: int, hosts: int) -> str:
    """Where feed ``number`` is."""
    return f"http://127.0.0.{number % hosts + 1}:{port}/{number}"


def with_threads(work: Sequence[Lane], etags: dict[int, str], threads: int = 16) -> list[bytes]:
    """The bodies, asked for with `http.client`."""
    waiting: queue.SimpleQueue[Lane | None] = queue.SimpleQueue()
    bodies: list[bytes] = []

    def ask() -> None:
        while (lane := waiting.get()) is not None:
            host, port, numbers = lane
            connection = http.client.HTTPConnection(host, port)
            for number in numbers:
                condition = {"If-None-Match": etags[number]} if number in etags else {}
                connection.request("GET", f"/{number}", headers=condition)
                answer = connection.getresponse()
                bodies.append(answer.read())
            connection.close()

    running = [threading.Thread(target=ask) for _number in range(min(threads, len(work)))]
    for lane in [*work, *[None] * len(running)]:
        waiting.put(lane)
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return bodies


def with_epoll(work: Sequence[Lane], etags: dict[int, str]) -> list[bytes]:
    """The bodies, asked for in one thread with nothing but sockets: about the least that Python can do."""
    bodies: list[bytes] = []
    with selectors.DefaultSelector() as selector:
        for host, port, numbers in work:
            connection = socket.create_connection((host, port))
            connection.setblocking(False)
            left = iter(numbers)
            connection.sendall(_request(next(left), etags))
            selector.register(connection, selectors.EVENT_READ, (left, bytearray()))
        while selector.get_map():
            for key, _events in selector.select():
                connection, (left, got) = key.fileobj, key.data
                got += connection.recv(1_000_000)
                body = _complete(got)
                if body is None:
                    continue
                bodies.append(body)
                got.clear()
                following = next(left, None)
                if following is None:
                    selector.unregister(connection)
                    connection.close()
                else:
                    connection.sendall(_request(following, etags))
    return bodies


def _request(number: int, etags: dict[int, str]) -> bytes:
    condition = f"If-None-Match: {etags[number]}\r\n" if number in etags else ""
    return f"GET /{number} HTTP/1.1\r\nHost: localhost\r\n{condition}\r\n".encode()


def _complete(got: bytearray) -> bytes | None:
    head, end, body = bytes(got).partition(b"\r\n\r\n")
    if not end:
        return None
    _before, field, rest = head.partition(b"Content-Length: ")
    length = int(rest.partition(b"\r\n")[0]) if field else 0
    return body if len(body) >= length else None


def main() -> None:
    """Run one client once."""
    kind, port, feeds, hosts = sys.argv[1], *map(int, sys.argv[2:])
    work = lanes(port, feeds, hosts)
    unchanged = {number: f'"{number}-0"' for number in range(feeds)}
    if kind == "feedparser":
        import io

        import feedparser

        for body in with_epoll(work, {}):
            feedparser.parse(io.BytesIO(body))
    else:
        {"threads": with_threads, "epoll": with_epoll}[kind](work, unchanged)


if __name__ == "__main__":
    main()
