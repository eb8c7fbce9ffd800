"""Which articles: a query as a tree of frozen values, made by `query` and turned into SQL by `archive`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Term:
    """One condition: ``field`` has one of ``values``.

    ==========  ==================================================================================
    feed        keys of feeds
    state       ISO 3166-2 codes, "bund", "eu", or "none" (no state at all)
    topic       topic keys, or "none"
    place       official keys (a district's key, five digits, holds for all its municipalities), "region:…"
                keys, or "none"
    kind        kinds, or "none"
    is          "read", "unread", "starred", "unstarred"
    ==========  ==================================================================================
    """

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """The article says one of ``forms``: stems (`stems`) in a row, each also where it is a part of a longer
    word. ``begins``: the last word may go on in any way. ``typed`` is how it was asked for."""

    forms: tuple[tuple[str, ...], ...]
    begins: bool = False
    typed: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Span:
    """Published at or after ``since`` and before ``until``; None is open."""

    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Not:
    """Articles without ``part``."""

    part: Condition


@dataclass(frozen=True, slots=True)
class All:
    """All ``parts`` hold; without parts, every article."""

    parts: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of ``parts`` holds."""

    parts: tuple[Condition, ...]


Condition = Term | Text | Span | Not | All | AnyOf


@dataclass(frozen=True, slots=True)
class Query:
    """The newest ``limit`` articles for which ``where`` holds; 0 is no limit."""

    where: All = All()
    limit: int = 20

    @property
    def span(self) -> Span:
        """The time that the query as a whole is bounded to."""
        spans = [part for part in self.where.parts if isinstance(part, Span)]
        return Span(
            max((s.since for s in spans if s.since), default=None),
            min((s.until for s in spans if s.until), default=None),
        )
