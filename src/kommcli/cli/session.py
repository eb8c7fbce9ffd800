"""What every command is handed: paths, configuration, clock, archive, and how to talk."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from kommcli.cli.output import talk
from kommcli.errors import BadUsage
from kommcli.i18n import _
from kommcli.paths import DEMO, Paths, find
from kommcli.text import clean

if TYPE_CHECKING:
    import sqlite3

    from kommcli.config.load import Config

DEMO_NOW = "2026-10-16T11:00:00+02:00"
"""The day on which the demo newsroom was written."""


@dataclass
class Session:
    """One run of the program."""

    paths: Paths
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    demo: bool = False
    verbose: bool = False
    quiet: bool = False
    debug: bool = False
    explicit_config: bool = False
    """The file was named by the user: it must exist."""

    @cached_property
    def config(self) -> Config:
        """The configuration, read when it is first needed. Raises `ConfigError`."""
        from dataclasses import replace

        from kommcli.config.load import load

        config = load(self.paths.config, missing_ok=not self.explicit_config)
        return replace(config, feed_root=DEMO) if self.demo else config

    def reload(self) -> None:
        """Read the configuration anew: it was changed."""
        self.__dict__.pop("config", None)

    @cached_property
    def now(self) -> datetime:
        """The instant of this run in UTC; ``KOMMCLI_NOW`` replaces the clock. Raises `BadUsage`."""
        fixed = self.environ.get("KOMMCLI_NOW") or (DEMO_NOW if self.demo else "")
        if not fixed:
            return datetime.now(UTC)
        from kommcli.dates import BERLIN

        try:
            moment = datetime.fromisoformat(fixed)
            return (moment if moment.tzinfo else moment.replace(tzinfo=BERLIN)).astimezone(UTC)
        except (ValueError, OverflowError):
            raise BadUsage(
                _("KOMMCLI_NOW is no instant: {value}").format(value=clean(fixed)),
                code="usage.now",
                remedy=_("Write it like 2025-10-16T08:00:00+02:00."),
            ) from None

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection | None]:
        """The archive, read-only; None where there is none yet."""
        from kommcli.archive.database import open_for_reading, translated

        db = open_for_reading(self.paths.archive)
        try:
            with translated(self.paths.archive):
                yield db
        finally:
            if db is not None:
                db.close()

    def feed_names(self) -> dict[str, str]:
        """Key and name of every feed: the name of the configuration, else what the feed calls itself."""
        from kommcli.archive import feeds

        with self.reading() as db:
            own = feeds.titles(db) if db else {}
        return {feed.key: feed.title or own.get(feed.key, "") for feed in self.config.feeds}

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """The archive for writing, made where there is none."""
        from kommcli.archive.database import open_for_writing, translated

        db = open_for_writing(self.paths.archive)
        try:
            with translated(self.paths.archive):
                yield db
        finally:
            db.close()

    def say(self, text: str) -> None:
        """Talk to a person: on standard error, never on standard output."""
        talk(text)


def session_of(context: typer.Context) -> Session:
    """The session that the program's callback made."""
    session: Session = context.obj
    return session


def new_session(*, config: Path | None, demo: bool, verbose: bool, quiet: bool, debug: bool) -> Session:
    """The session of this process."""
    return Session(
        paths=find(os.environ, config=config, demo=demo),
        explicit_config=config is not None,
        demo=demo,
        verbose=verbose,
        quiet=quiet,
        debug=debug,
    )


def refuse_in_demo(session: Session) -> None:
    """Raise `BadUsage` in the demo, whose feeds are fixed."""
    if session.demo:
        raise BadUsage(
            _("the demo newsroom cannot be changed"), remedy=_("Leave --demo out to change your own feeds.")
        )
