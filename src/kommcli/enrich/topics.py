"""Which topics an article has, as far as its feed says it in so many words."""

from __future__ import annotations

from kommcli.data import topics
from kommcli.model import Entry, Feed, Topic


def topics_of(entry: Entry, feed: Feed) -> tuple[Topic, ...]:
    """The topics that kicker and categories name, then the one set for the feed; each once."""
    found = [topics.find(name) for name in (entry.kicker, *entry.categories)]
    if feed.topic:
        found.append(topics.named(feed.topic))
    return tuple(dict.fromkeys(topic for topic in found if topic))
