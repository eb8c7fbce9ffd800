"""Which bearer of a name is meant: Halle on the Saale, or Halle in Westphalia?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from kommcli.about import PassedOver
from kommcli.enrich.places import vocabulary as v
from kommcli.enrich.places.mentions import Mention, shown
from kommcli.gazetteer import Bearer
from kommcli.model import Entry, Feed, Place
from kommcli.placenames import plain_text

TRUST = {"kicker": 4.0, "title": 3.0, "teaser": 2.0, "body": 1.0, "url": 0.5}
"""How much a mention counts by where it stands."""

_FEDERAL = re.compile(r"koalition|kanzler|minister|gesetz|richtlinie|laender\b")

RIVAL = 15
"""Who has less than a fifteenth of the people is not meant by the bare name, whatever its state."""


class Located(NamedTuple):
    """A mention whose bearer is decided: a place, or the states themselves."""

    mention: Mention
    place: Place | None
    states: tuple[str, ...]
    score: float


def supported(head: Iterable[Mention], text: Iterable[Mention], feed: Feed) -> set[str]:
    """The states that something sure in kicker, title, teaser or feed speaks for."""
    found = {feed.state} if feed.state else set()
    for mention in (*head, *text):
        if mention.states and mention.strength >= 0.8:
            found.update(mention.states)
        elif mention.strength >= 0.8 and mention.rule != "open" and (place := _sure(mention)):
            found.update(place.states)
    return found


def _sure(mention: Mention) -> Place | None:
    """The one place that a name can mean: it has no other bearer, or its full name was written."""
    places = {bearer.key: bearer.place for bearer in mention.bearers}
    states = {bearer.place.states for bearer in mention.bearers}
    return next(iter(places.values())) if len(states) == 1 else None


def located(mentions: Iterable[Mention], support: set[str], passed: list[PassedOver]) -> list[Located]:
    """The mentions with their bearers decided; those that stay ambiguous are passed over."""
    found = []
    for mention in mentions:
        weight = TRUST[mention.where] * mention.strength
        if mention.states:
            found.append(Located(mention, None, mention.states, weight))
        elif bearer := chosen(mention.bearers, mention.near, support, alone=mention.rule != "open"):
            found.append(Located(mention, bearer.place, bearer.place.states, weight))
        else:
            passed.append(PassedOver(mention.where, mention.words, "ambiguous", shown(mention.bearers)))
    return found


def chosen(
    bearers: Sequence[Bearer], near: Sequence[str], support: set[str], *, alone: bool = True
) -> Bearer | None:
    """The bearer that is meant: by words beside the name, by the one dominant bearer, or by the only state
    that anything else in the article speaks for; None where nothing decides. Not ``alone``: the name says
    too little by itself."""
    order = sorted(bearers, key=lambda b: (-b.meant, b.place.kind == "district", -b.people))
    for wanted in (set(near), support):
        fitting = [b for b in order if set(b.place.states) & wanted]
        if not fitting:
            continue
        if wanted is not support or not order[0].meant:
            single = {b.place.states for b in fitting}
            if len(single) == 1:
                return fitting[0]
        elif fitting[0].people * RIVAL >= order[0].people:
            return fitting[0]
    single = {b.place.states for b in order}
    return order[0] if alone and order and (order[0].meant or len(single) == 1) else None


def sober(mentions: Iterable[Mention], entry: Entry) -> list[Mention]:
    """Berlin often means the federation, or is where the whole country meets: then it counts little."""
    text = plain_text(f"{entry.kicker} {entry.title} {entry.teaser}")
    federal = bool(_FEDERAL.search(text)) or any(map(v.is_federal, re.findall(r"[\w-]+", text)))
    meeting = any(word in text for word in v.EVENTS)

    def weighed(one: Mention) -> Mention:
        doubted = (one.words == "Berlin" and (federal or meeting)) or (
            federal and one.words in ("Bonn", "Bonner")
        )
        return replace(one, strength=one.strength * 0.15) if doubted and one.bearers else one

    return [weighed(one) for one in mentions]
