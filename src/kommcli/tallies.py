"""Counts of articles: what `archive.counts` finds and the renderers show."""

from __future__ import annotations

from dataclasses import dataclass

from kommcli.model import Place


@dataclass(frozen=True, slots=True)
class Tally:
    """How many articles have something: a topic, state, place, kind or feed.

    ``key`` is what a filter takes ("ki", "DE-BY", "09162000", "none"), ``weeks`` the counts by week in the
    order of `Tallies.weeks`.
    """

    key: str
    name: str
    count: int
    weeks: tuple[int, ...] = ()
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Tallies:
    """The rows, most articles first, and of how many articles in all; an article may count in several rows.

    ``weeks`` are ISO years and weeks in Berlin, oldest first.
    """

    total: int
    rows: tuple[Tally, ...]
    weeks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Crossing:
    """How many articles have both: ``cells`` by state key and topic key; names of both in their order."""

    rows: tuple[tuple[str, str], ...]
    columns: tuple[tuple[str, str], ...]
    cells: dict[tuple[str, str], int]
