"""One issue of the digest, as frozen values: what every form, the draft and the mail are made of.

Instants are aware datetimes in UTC. Texts are clean lines in the language of the issue.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple


class Stale(NamedTuple):
    """A source that may lack articles: ``since`` is when it last answered, None for never."""

    name: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One article in an issue, or a text block of the editor's own, which has no ``id`` and only a teaser."""

    id: str
    title: str = ""
    kicker: str = ""
    published: datetime | None = None
    teaser: str = ""
    """Whole sentences; empty in an issue of titles only."""
    url: str = ""
    """Absolute http(s) address, or empty."""
    source: str = ""
    """Name of the feed that tells it."""
    also_in: tuple[str, ...] = ()
    """Names of the other sources that tell the same story, the best first."""
    home: bool = False
    """About the reader's own region."""
    edited: bool = False
    """The publisher has changed its words since they were first seen."""
    pinned: bool = False
    """Put before all others by the editor."""
    sent_in: int = 0
    """Number of the last issue that had it; 0 for none."""

    @property
    def headline(self) -> str:
        """ "Kicker: Title"."""
        return f"{self.kicker}: {self.title}" if self.kicker else self.title


@dataclass(frozen=True, slots=True)
class More:
    """How many items were left out, and the command line that shows them; it may be empty."""

    count: int
    command: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A section with its items in order. ``key`` is a topic, state, feed or day, or one of `SPECIAL`."""

    key: str
    title: str
    items: tuple[Item, ...]
    more: More | None = None


HOME, EVENTS, OTHERS, OWN = "home", "events", "others", "own"
SPECIAL = (HOME, EVENTS, OTHERS, OWN)
"""Keys of sections that stand for no value: the own region, events, small ones together, the editor's own."""


@dataclass(frozen=True, slots=True)
class Issue:
    """A whole issue. Made by `compose.compose` or read back from a draft; `number` is set by delivery."""

    key: str
    """ "2026-W41" of an ISO week, else "2026-10-05--2026-10-16", with "new-" before what was not yet sent.
    With ``scope`` it says which issue this is."""
    name: str
    """What the digest is called."""
    subject: str
    """Of the mail: one line."""
    language: str
    """ "de" or "en"."""
    since: datetime
    until: datetime
    """Its time: from ``since`` to before ``until``."""
    week: str = ""
    """ "KW 41"; empty where the time is no ISO week."""
    period: str = ""
    """ "5. bis 11. Oktober 2026"."""
    scope: str = ""
    """The filters that it was made with, as typed; empty for none."""
    salutation: str = ""
    introduction: tuple[str, ...] = ()
    """Paragraphs."""
    closing: str = ""
    signature: str = ""
    figure: str = ""
    """The number of the week: a sentence with a computed number; or empty."""
    sections: tuple[Section, ...] = ()
    more: More | None = None
    """What no section had room for."""
    stale: tuple[Stale, ...] = ()
    as_of: datetime | None = None
    """When a source last answered; None for an empty archive."""
    titles_only: bool = False
    number: int = 0
    """Number of the issue; 0 before it is sent."""

    @property
    def items(self) -> tuple[Item, ...]:
        """The articles of all sections, in order."""
        return tuple(item for section in self.sections for item in section.items if item.id)

    @property
    def sources(self) -> tuple[str, ...]:
        """The names of all sources that are named with an article, each once, in the order of the issue."""
        names = (name for item in self.items for name in (item.source, *item.also_in))
        return tuple(dict.fromkeys(name for name in names if name))

    @property
    def masthead(self) -> str:
        """ "KW 41 · 5. bis 11. Oktober 2026"."""
        return " · ".join(filter(None, (self.week, self.period)))

    def without_teasers(self) -> Issue:
        """The same with headlines and addresses only; the editor's own texts stay."""
        sections = tuple(
            replace(
                section, items=tuple(replace(item, teaser="") if item.id else item for item in section.items)
            )
            for section in self.sections
        )
        return replace(self, sections=sections, titles_only=True)

    def without_commands(self) -> Issue:
        """The same for readers who have no kommcli: what was left out is counted, and no command named."""

        def counted(more: More | None) -> More | None:
            return More(more.count) if more else None

        sections = tuple(replace(section, more=counted(section.more)) for section in self.sections)
        return replace(self, sections=sections, more=counted(self.more))
