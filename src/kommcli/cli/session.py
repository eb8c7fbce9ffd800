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
    from kommcli.data.topics import Taxonomy
    from kommcli.enrich import Knowledge
    from kommcli.enrich.places import Corrected as Names
    from kommcli.errors import ConfigError
    from kommcli.gazetteer import Gazetteer
    from kommcli.query import Known
    from kommcli.query.texts import Synonyms

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
        """The archive, read-only; None where there is none yet. The demo's is filled first."""
        from kommcli.archive.database import open_for_reading, translated

        if self.demo and not self.paths.archive.exists():
            from kommcli.cli import fetching

            fetching.refresh(self, self.config.feeds)
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

    @cached_property
    def taxonomy(self) -> Taxonomy:
        """The topics, with the user's changes."""
        from kommcli.data.topics import taxonomy

        return taxonomy(self.config.topics)

    @cached_property
    def names(self) -> Names:
        """The names of places as texts are read by: what the user ignores there means no place."""
        from kommcli.enrich.places import Corrected

        return Corrected(self._table, self.config.place_aliases, self.config.place_ignored)

    @cached_property
    def atlas(self) -> Names:
        """The names of places as the user means them. Raises `ConfigError` for an alias of nothing."""
        from kommcli.enrich.places import Corrected

        self.check_aliases()
        return Corrected(self._table, self.config.place_aliases, ())

    def check_aliases(self) -> None:
        """Raise `ConfigError` for the first alias that names no place."""
        from kommcli.enrich.places import meant

        for alias, target in self.config.place_aliases.items():
            if not meant(target, self._table):
                what = _("{path}: [places.alias] {alias} names no place: {place}")
                raise self._no_place(
                    what.format(path=self.config.path, alias=clean(alias), place=clean(target)), target
                )

    @cached_property
    def _table(self) -> Gazetteer:
        from kommcli.gazetteer import Gazetteer

        return Gazetteer()

    @cached_property
    def knowledge(self) -> Knowledge:
        """All that articles are understood by."""
        from kommcli.enrich import Knowledge

        self.check_aliases()  # told before anything is understood wrongly
        return Knowledge(self.names, self.taxonomy)

    @cached_property
    def known(self) -> Known:
        """What a query may refer to; nothing is read before a query names such a thing."""
        from kommcli.query import Known

        return Known(
            feeds=self.feed_names,
            topic=self._topic_key,
            topic_names=self._topic_names,
            places=self._place_keys,
            near_places=lambda name: self.atlas.near(name),
            views=self.config.views,
            synonyms=lambda: self._all_synonyms,
        )

    @cached_property
    def _all_synonyms(self) -> Synonyms:
        from kommcli.data.synonyms import GROUPS
        from kommcli.query.texts import Synonyms

        return Synonyms((*GROUPS, *self.config.synonyms))

    def _topic_key(self, name: str) -> str:
        """The key of one of our topics, else of one that only the archive has."""
        from kommcli.archive import labels

        if topic := self.taxonomy.find(name):
            return topic.key
        with self.reading() as db:
            return labels.key_of(db, "topic", name) if db else ""

    def _topic_names(self) -> list[str]:
        from kommcli.archive import labels

        with self.reading() as db:
            own = labels.complete(db, "topic", "", limit=500) if db else []
        return [*self.taxonomy.names(), *(part for label in own for part in label if part)]

    def _place_keys(self, name: str) -> tuple[str, ...]:
        from kommcli.enrich.places import keys_of

        return keys_of(name, self.atlas)

    def home_keys(self) -> tuple[str, ...]:
        """The keys of the reader's own places. Raises `ConfigError` for a place that is none."""
        found: list[str] = []
        for place in self.config.home.places:
            keys = self._place_keys(place)
            if not keys:
                what = _("{path}: home names no place: {place}")
                raise self._no_place(what.format(path=self.config.path, place=clean(place)), place)
            found += keys
        return tuple(found)

    def _no_place(self, what: str, name: str) -> ConfigError:
        """The error of a configuration that names a place which is none."""
        from kommcli.errors import ConfigError

        near = self._table.near(name)
        remedy = (
            _("Did you mean {name}?").format(name=f'"{near[0]}"')
            if near
            else _("Write the name of a municipality, district or region, or its official key.")
        )
        return ConfigError.single(what, code="config.value", remedy=remedy)

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
