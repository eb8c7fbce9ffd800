"""The worker process: reads feeds and pages from standard input, answers on standard output, until it ends.

It alone touches hostile bytes with complicated parsers, and the kernel limits its memory and its
computing time. Started by `pool` as ``python -m kommcli.parsing.worker MEMORY CPU LANGUAGE``.
"""

from __future__ import annotations

import contextlib
import math
import signal
import sys
from collections.abc import Callable, Mapping
from typing import IO, Any

from kommcli.errors import FeedFailure
from kommcli.i18n import _, use
from kommcli.parsing import wire

try:
    import resource
except ImportError:  # Windows: only the parent's wall limit holds
    resource = None  # type: ignore[assignment]


def main() -> None:
    """Serve until standard input ends, so that no worker outlives its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    memory, cpu, language = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    answers, sys.stdout = sys.stdout.buffer, sys.stderr  # no library may print into the answers
    if language != "en":
        use(language)
    limit_memory(memory)
    with contextlib.suppress(BrokenPipeError):
        serve(sys.stdin.buffer, answers, READERS, cpu)


def _feed(body: bytes, content_type: str, url: str) -> object:
    from kommcli.parsing.feed import parse_feed

    return parse_feed(body, content_type, url)


def _page(body: bytes, content_type: str, url: str, selectors: Mapping[str, str]) -> object:
    from kommcli.parsing.page import parse_page

    return parse_page(body, content_type, url, selectors)


def _raster(body: bytes, width: int, height: int) -> object:
    import base64

    from kommcli.parsing.picture import raster

    picture = raster(body, (width, height))
    return [picture.width, picture.height, base64.b64encode(picture.rgb).decode()]


Reader = Callable[..., object]

READERS: dict[str, tuple[Reader, str]] = {
    "feed": (_feed, "feed.not_feed"),
    "page": (_page, "article.no_text"),
    "raster": (_raster, "article.not_html"),
}
"""What can be asked for -> who reads the body, and what it is called that nobody could read. Each reader
loads its parsers itself."""


def serve(
    requests: IO[bytes], answers: IO[bytes], readers: Mapping[str, tuple[Reader, str]], cpu: int
) -> None:
    """Answer every request (two frames: [kind, arguments …] and body) with one frame of JSON: ``[answer]``
    or ``[code, cause]`` of a failure."""
    wire.send(answers, wire.READY)
    while (head := wire.receive(requests)) is not None:
        body = wire.receive(requests)
        if body is None:
            return
        kind, *arguments = wire.load(head)
        limit_cpu(cpu)
        read, unread = readers[kind]
        wire.send(answers, answer(read, body, *arguments, unread=unread))


def answer(read: Reader, body: bytes, *arguments: Any, unread: str = "feed.not_feed") -> bytes:
    """What ``read`` says as a frame; whatever it raises is a failure of this feed or page."""
    try:
        return wire.dump([read(body, *arguments)])
    except FeedFailure as failure:
        return wire.dump([failure.code, failure.cause])
    except (MemoryError, RecursionError) as error:
        cause = _("out of memory") if isinstance(error, MemoryError) else _("too deeply nested")
        return wire.dump(["feed.too_complex", cause])
    except Exception as error:  # feedparser raises fifteen kinds on ordinary-looking input
        return wire.dump([unread, type(error).__name__])


def limit_memory(size: int) -> None:
    """Let the address space grow to ``size`` bytes, and let no crash leave a core file."""
    if resource is None:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(ValueError):  # a lower hard limit is in force already
        resource.setrlimit(resource.RLIMIT_AS, (size, size))


def limit_cpu(seconds: int) -> None:
    """Let this process compute ``seconds`` more from now on; then the kernel ends it (SIGXCPU)."""
    if resource is None:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = math.ceil(used.ru_utime + used.ru_stime) + seconds
    _soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    if hard != resource.RLIM_INFINITY:
        soft = min(soft, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


if __name__ == "__main__":
    main()
