"""A loopback server that costs little: asyncio, keep-alive, everything it answers made beforehand.

    python server.py FEEDS ITEMS HOSTS DELAY

prints its port, serves ``/0`` to ``/<FEEDS-1>`` on 127.0.0.1 to 127.0.0.<HOSTS> after DELAY seconds, and ends
with its standard input. ``/next`` changes one feed in ten, ``/count`` tells how many requests there were.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections import Counter
from collections.abc import Callable


class Newsroom:
    """The feeds and what was asked of them."""

    def __init__(self, make: Callable[[int, int], bytes], feeds: int) -> None:
        self._make, self._feeds = make, feeds
        self._versions = [0] * feeds
        self._full = [self._answer(number) for number in range(feeds)]
        self.count: Counter[str] = Counter()

    def _answer(self, number: int) -> bytes:
        body = self._make(number, self._versions[number])
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Length: {len(body)}\r\n"
        return f"{head}ETag: {self._etag(number)}\r\n\r\n".encode() + body

    def _etag(self, number: int) -> str:
        return f'"{number}-{self._versions[number]}"'

    def _change(self) -> None:
        for number in range(0, self._feeds, 10):
            self._versions[number] += 1
            self._full[number] = self._answer(number)

    def answer(self, request: str) -> bytes:
        """The answer to the lines of a request."""
        path = request.split(" ", 2)[1].lstrip("/")
        if path in ("next", "count"):
            body = json.dumps(self.count).encode()
            self.count.clear()
            if path == "next":
                self._change()
            return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
        etag = self._etag(int(path))
        known = re.search(r"(?im)^if-none-match: *(.*?)\r?$", request)
        self.count["304" if known and known[1] == etag else "200"] += 1
        if known and known[1] == etag:
            return f"HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\n\r\n".encode()
        return self._full[int(path)]


class Connection(asyncio.Protocol):
    """One connection: requests have no body and come one after the other."""

    def __init__(self, room: Newsroom, delay: float) -> None:
        self._room, self._delay, self._got = room, delay, ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to answer."""
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        """Answer every complete request."""
        self._got += data.decode("latin-1")
        while "\r\n\r\n" in self._got:
            request, _end, self._got = self._got.partition("\r\n\r\n")
            answer = self._room.answer(request)
            if self._delay and "/next" not in request and "/count" not in request:
                asyncio.get_running_loop().call_later(self._delay, self._transport.write, answer)
            else:
                self._transport.write(answer)


async def serve(room: Newsroom, hosts: int, delay: float) -> None:
    """Serve until standard input ends."""
    loop = asyncio.get_running_loop()
    port = 0
    for number in range(1, hosts + 1):
        server = await loop.create_server(lambda: Connection(room, delay), f"127.0.0.{number}", port)
        port = server.sockets[0].getsockname()[1]
    print(port, flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


def main() -> None:
    """Make the feeds, then serve."""
    from material import document

    feeds, items, hosts, delay = (float(value) for value in sys.argv[1:])
    room = Newsroom(lambda number, version: document(number, int(items), version), int(feeds))
    asyncio.run(serve(room, int(hosts), delay))


if __name__ == "__main__":
    main()
