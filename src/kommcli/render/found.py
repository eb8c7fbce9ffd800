"""What a search found: the value that every renderer of it gets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from kommcli.model import Article
from kommcli.passages import Passage


class Hit(Protocol):
    """A found article and how well it fits."""

    @property
    def article(self) -> Article:
        """The article."""

    @property
    def score(self) -> float:
        """Compares the hits of one search."""


@dataclass(frozen=True, slots=True)
class Found:
    """Hits, best first, with the passages of each by its id. ``partial``: no article has all words, these
    have some. ``near``: words without a hit, each with the nearest spelling that has one."""

    hits: Sequence[Hit]
    passages: Mapping[str, tuple[Passage, ...]]
    partial: bool = False
    near: tuple[tuple[str, str], ...] = ()
