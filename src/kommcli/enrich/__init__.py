"""What an article is about. Pure: an entry and its feed's settings in, a `NewArticle` out."""

from __future__ import annotations

from kommcli.enrich.kinds import kind_of
from kommcli.enrich.places import states_of
from kommcli.enrich.topics import topics_of
from kommcli.model import Entry, Feed, NewArticle


def understand(entry: Entry, feed: Feed) -> NewArticle:
    """``entry`` with its kind, states and topics, as far as the feed tells them."""
    return NewArticle(
        entry=entry,
        kind=kind_of(entry),
        states=states_of(entry, feed),
        topics=topics_of(entry, feed),
    )
