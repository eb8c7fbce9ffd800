"""Where an article happens, as far as its feed says it in so many words."""

from __future__ import annotations

from kommcli.data import states
from kommcli.model import Entry, Feed


def states_of(entry: Entry, feed: Feed) -> tuple[str, ...]:
    """ISO 3166-2 codes: the state that the kicker names, else the one set for the feed."""
    named = tuple(code for part in entry.kicker.split(" / ") if len(part) > 3 and (code := states.find(part)))
    if named:
        return tuple(dict.fromkeys(named))
    return (feed.state,) if feed.state else ()
