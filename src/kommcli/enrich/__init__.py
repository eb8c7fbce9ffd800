"""What an article is about. Pure: an entry and its feed's settings in, an `Understanding` out.

The facts are handed in: the table of places and the topics, both with the user's corrections.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kommcli.about import Understanding
from kommcli.enrich.kinds import kind_of
from kommcli.enrich.places import where
from kommcli.enrich.terms import Matcher
from kommcli.enrich.topics import topics_of
from kommcli.model import Entry, Feed, NewArticle

if TYPE_CHECKING:
    from kommcli.data.topics import Taxonomy
    from kommcli.enrich.places import Names


class Knowledge:
    """All that is known for understanding articles; made once, used for many."""

    def __init__(self, names: Names, taxonomy: Taxonomy) -> None:
        self._names = names
        self._taxonomy = taxonomy
        self._terms = Matcher(taxonomy.terms())

    def about(self, entry: Entry, feed: Feed) -> Understanding:
        """What ``entry`` is about, with the evidence."""
        place = where(entry, feed, self._names)
        return Understanding(
            kind=kind_of(entry),
            level=place.level,
            states=place.states,
            places=place.places,
            topics=topics_of(entry, feed, self._taxonomy, self._terms, self._is_place),
            passed_over=place.passed,
        )

    def _is_place(self, name: str) -> bool:
        return any(bearer.meant for bearer in self._names.bearers(name))

    def understand(self, entry: Entry, feed: Feed) -> NewArticle:
        """``entry`` with what it is about, on its way into the archive."""
        return understood(entry, self.about(entry, feed))


def understood(entry: Entry, about: Understanding) -> NewArticle:
    """``entry`` with what it is ``about``, without the evidence."""
    return NewArticle(
        entry=entry,
        kind=about.kind.what if about.kind else "",
        level=about.level.what if about.level else "",
        states=tuple(found.what for found in about.states),
        places=tuple(found.what for found in about.places),
        topics=tuple(found.what for found in about.topics),
    )
