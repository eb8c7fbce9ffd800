"""What an article is about, with the evidence: what `enrich` finds and `explain` shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from kommcli.model import Article, Place, Topic

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words that speak for something: ``where`` they stand, the ``words`` themselves as written there,
    by which ``rule`` they count, and how much.

    ``where``: kicker, title, teaser, body, category, feed, url, enclosure. ``rule`` is a short code such as
    "name", "cue", "adjective", "term", "category", "setting".
    """

    where: str
    words: str
    rule: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Found(Generic[Value]):
    """Something that an article is about, and why; strongest evidence first."""

    what: Value
    score: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class PassedOver:
    """Words that look like a place but are none here. ``rule`` says why: "ambiguous", "needs_cue",
    "organisation", "person", "ignored", "weak". ``candidates`` are the names they might have meant."""

    where: str
    words: str
    rule: str
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """What speaks for or against two articles telling the same story: ``name`` is one of the signals of
    `enrich.stories.WEIGHTS`, ``value`` what it adds, ``words`` what it is made of."""

    name: str
    value: float
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """Another article beside the one that is explained; ``together``: both are in one story.

    ``score`` above 0 says so, unless there is a ``veto`` (recurring, window, place), or others of the story
    are too unlike, or the user has ``ruled`` otherwise.
    """

    article: Article
    together: bool
    score: float
    veto: str
    ruled: bool | None
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """What a publisher changed: sentences before and after, one of them empty where it was added or dropped;
    ``where`` is kicker, title, teaser or body."""

    seen: datetime
    changes: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Understanding:
    """All that is known about what an article is about; the first of each tuple is the main one.

    ``states`` are ISO 3166-2 codes. ``level`` is "bund" or "eu".
    """

    kind: Found[str] | None = None
    level: Found[str] | None = None
    states: tuple[Found[str], ...] = ()
    places: tuple[Found[Place], ...] = ()
    topics: tuple[Found[Topic], ...] = ()
    passed_over: tuple[PassedOver, ...] = ()
