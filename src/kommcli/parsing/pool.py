"""The parent's side of parsing: a few worker processes, started when needed, killed when they overrun.

Importing this module loads no parser.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from kommcli.errors import FeedFailure
from kommcli.i18n import _, language
from kommcli.model import Fetched, Page, ParsedFeed
from kommcli.parsing import wire

Answer = TypeVar("Answer")

_KEPT = ("SYSTEMROOT", "PATH", "HOME", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONHOME")
"""Variables that a worker gets to see: what starting Python may need, no passwords."""


class ParserPool:
    """Parses feeds, pages and pictures in at most ``workers`` limited processes (default: one a processor).
    Thread-safe.

    ``memory`` is each worker's address space in bytes; ``cpu`` the seconds of computing and ``wall``
    the seconds of waiting that one document may take.
    """

    def __init__(
        self, workers: int | None = None, *, memory: int = 1_000_000_000, cpu: int = 10, wall: float = 15.0
    ) -> None:
        self._limits = (memory, cpu, wall)
        self._free = threading.BoundedSemaphore(workers or os.cpu_count() or 1)
        self._lock = threading.Lock()
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()
        self._closed = False

    def parse(self, fetched: Fetched) -> ParsedFeed:
        """What ``fetched`` says. Blocks the calling thread.

        Raises FeedFailure: feed.not_feed, feed.format, or feed.too_complex where the worker ran into a
        limit or died; the next feed then gets a new one.
        """
        return self._ask(fetched.body, wire.feed, "feed", fetched.content_type, fetched.url)

    def page(self, fetched: Fetched, selectors: Mapping[str, str]) -> Page:
        """What a page says, read with a feed's own CSS ``selectors`` where it has some.

        Raises FeedFailure: article.not_html, article.no_text, article.no_reader, article.selector, or
        feed.too_complex.
        """
        return self._ask(fetched.body, wire.page, "page", fetched.content_type, fetched.url, dict(selectors))

    def raster(self, body: bytes, width: int, height: int) -> tuple[int, int, bytes]:
        """Width, height and RGB bytes of a picture that fits into a box of pixels. Raises FeedFailure."""
        return self._ask(body, wire.raster, "raster", width, height)

    def _ask(self, body: bytes, read: Callable[[Any], Answer], *head: object) -> Answer:
        with self._free:
            worker = self._take()
            sound = False
            try:
                answer = worker.ask(wire.dump(head), body, read)
                sound = True
            except FeedFailure as failure:
                sound = failure.code != "feed.too_complex"  # else it is dead or has no memory left
                raise
            finally:  # an interrupted conversation leaves a worker out of step
                self._give_back(worker, sound)
        return answer

    def close(self) -> None:
        """End all workers; a thread that waits for one gets a FeedFailure."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
            for worker in self._busy:
                worker.kill()  # the thread that owns it tidies up
        for worker in idle:
            worker.end()

    def _take(self) -> _Worker:
        with self._lock:
            if self._closed:
                raise FeedFailure("feed.too_complex", _("the reader is closed"))
            worker = self._idle.pop() if self._idle else None
            if worker is None or not worker.alive():
                if worker:
                    worker.end()
                worker = _Worker(*self._limits)
            self._busy.add(worker)
            return worker

    def _give_back(self, worker: _Worker, sound: bool) -> None:
        with self._lock:
            self._busy.discard(worker)
            if sound and not self._closed:
                self._idle.append(worker)
                return
        worker.end()


class _Worker:
    """One worker process and the conversation with it."""

    def __init__(self, memory: int, cpu: int, wall: float) -> None:
        self._cpu, self._wall = cpu, wall
        self._ready = self._overran = False
        # The paths of this process, so that the worker finds the package however this one found it;
        # -P keeps the current folder out, where a hostile "feedparser.py" may lie.
        environment = {name: value for name in _KEPT if (value := os.getenv(name))}
        environment["PYTHONPATH"] = os.pathsep.join(os.path.abspath(path) for path in sys.path)
        command = [sys.executable, "-P", "-m", "kommcli.parsing.worker", str(memory), str(cpu), language()]
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
            )
        except OSError as error:
            raise FeedFailure("feed.too_complex", error.strerror or "") from error

    def alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, head: bytes, body: bytes, read: Callable[[Any], Answer]) -> Answer:
        """What the worker makes of ``body``, as ``read`` reads it; raises what it answers as FeedFailure."""
        timer = threading.Timer(self._wall, self._overrun)
        timer.daemon = True
        try:
            timer.start()
        except RuntimeError as error:  # the system gives no more threads: no reading without a limit
            raise FeedFailure("feed.too_complex", str(error)) from error
        try:
            frame = self._exchange(head, body)
        except (OSError, ValueError):  # a broken or closed pipe
            frame = None
        finally:
            timer.cancel()
        if frame is None or self._overran:
            raise FeedFailure("feed.too_complex", self._cause())
        try:
            answer = wire.load(frame)
            if len(answer) == 1:
                return read(answer[0])
            code, cause = answer
            failure = FeedFailure(code, cause)
        except (ValueError, TypeError, KeyError) as error:
            raise FeedFailure("feed.too_complex", _("the reader process talks nonsense")) from error
        raise failure

    def kill(self) -> None:
        self._process.kill()

    def end(self) -> None:
        """Kill the process and leave nothing of it behind. Only for the thread that owns it."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _exchange(self, head: bytes, body: bytes) -> bytes | None:
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            return None
        wire.send(stdin, head, body)
        if not self._ready:
            self._ready = wire.receive(stdout) == wire.READY
        return wire.receive(stdout) if self._ready else None

    def _overrun(self) -> None:
        self._overran = True
        self._process.kill()

    def _cause(self) -> str:
        """Why there is no answer."""
        if self._overran:
            return _("more than {seconds:g} seconds").format(seconds=self._wall)
        self._process.kill()
        if self._process.wait() == -getattr(signal, "SIGXCPU", 0):
            return _("more than {seconds:g} seconds of computing").format(seconds=self._cpu)
        return _("the reader process ended") if self._ready else _("the reader process does not start")
