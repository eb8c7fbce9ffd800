"""The worker process: reads feeds from standard input, answers on standard output, until the input ends.

It alone touches hostile bytes with complicated parsers, and the kernel limits its memory and its
computing time. Started by `pool` as ``python -m kommcli.parsing.worker MEMORY CPU LANGUAGE``.
"""

from __future__ import annotations

import contextlib
import math
import signal
import sys
from collections.abc import Callable
from typing import IO

from kommcli.errors import FeedFailure
from kommcli.i18n import _, use
from kommcli.model import ParsedFeed
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
    from kommcli.parsing.feed import parse_feed

    with contextlib.suppress(BrokenPipeError):
        serve(sys.stdin.buffer, answers, parse_feed, cpu)


def serve(
    requests: IO[bytes], answers: IO[bytes], parse: Callable[[bytes, str, str], ParsedFeed], cpu: int
) -> None:
    """Answer every request (two frames: [content type, address] and body) with one frame of JSON:
    ``[fields of the ParsedFeed]`` or ``[code, cause]`` of a failure."""
    wire.send(answers, wire.READY)
    while (head := wire.receive(requests)) is not None:
        body = wire.receive(requests)
        if body is None:
            return
        content_type, url = wire.load(head)
        limit_cpu(cpu)
        wire.send(answers, answer(parse, body, content_type, url))


def answer(parse: Callable[[bytes, str, str], ParsedFeed], body: bytes, content_type: str, url: str) -> bytes:
    """What ``parse`` says as a frame; whatever it raises is a failure of this feed."""
    try:
        return wire.dump([parse(body, content_type, url)])
    except FeedFailure as failure:
        return wire.dump([failure.code, failure.cause])
    except (MemoryError, RecursionError) as error:
        cause = _("out of memory") if isinstance(error, MemoryError) else _("too deeply nested")
        return wire.dump(["feed.too_complex", cause])
    except Exception as error:  # feedparser raises fifteen kinds on ordinary-looking input
        return wire.dump(["feed.not_feed", type(error).__name__])


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
