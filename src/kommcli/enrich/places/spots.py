"""Which places an article is about, of all that it mentions."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace

from kommcli.about import Evidence, Found
from kommcli.enrich.places.bearers import TRUST, Located
from kommcli.enrich.places.cues import CITY_PEOPLE
from kommcli.enrich.places.mentions import Mention, Names
from kommcli.model import Place
from kommcli.urls import host

_CITIES = {"Berlin": "11000000", "Hamburg": "02000000"}
"""Cities with boroughs, and their official keys."""

PLACE_ENOUGH = 0.4
MAX_PLACES = 6


def places(
    located: list[Located], states: tuple[Found[str], ...], *, together: bool = True
) -> tuple[Found[Place], ...]:
    """The places in these states, kicker's first, then by evidence.

    Where the kicker says where it is, other places count only beside it (``together``) or in the title; a
    district or region only tells where a town lies that is named, too.
    """
    codes = {found.what for found in states}
    speaking: dict[str, list[Located]] = defaultdict(list)
    for one in located:
        if one.place and set(one.states) & codes and one.mention.strength >= PLACE_ENOUGH:
            speaking[one.place.ags or one.place.name].append(one)
    top = max((TRUST[one.mention.where] for one in located), default=0.0)
    headed = top == TRUST["kicker"]
    found = []
    for mentions in speaking.values():
        mentions.sort(key=lambda one: -one.score)
        best = mentions[0]
        if headed and not together and best.mention.where == "teaser":
            continue
        found.append(_found_place(mentions))
    found += [city for one in found if (city := _city_of(one)) and city.what.ags not in speaking]
    towns = [one for one in found if one.what.kind == "municipality"]
    kept = [one for one in found if one.what.kind == "municipality" or not _only_tells_where(one, towns)]
    return tuple(sorted(kept, key=lambda one: -max(e.weight for e in one.evidence))[:MAX_PLACES])


def _found_place(mentions: list[Located]) -> Found[Place]:
    place = mentions[0].place or Place("", "")
    evidence = dict.fromkeys(
        Evidence(one.mention.where, one.mention.words, one.mention.rule, round(one.score, 2))
        for one in mentions
    )
    return Found(place, round(sum(one.score for one in mentions), 2), tuple(evidence))


def _city_of(borough: Found[Place]) -> Found[Place] | None:
    """The city that a borough is a part of."""
    name = borough.what.name.partition("-")[0]
    if borough.what.kind != "district" or name not in _CITIES:
        return None
    weight = borough.evidence[0].weight / 2
    evidence = replace(borough.evidence[0], rule="place", weight=weight)
    return Found(Place(name, "municipality", _CITIES[name], borough.what.states), weight, (evidence,))


def _only_tells_where(wide: Found[Place], towns: list[Found[Place]]) -> bool:
    """Whether a district or region stands behind a town of its state: Bergen im Landkreis Celle."""
    if wide.evidence[0].where == "kicker" or wide.what.name.startswith(tuple(_CITIES)):
        return False
    return any(
        set(town.what.states) & set(wide.what.states) and town.evidence[0].weight >= wide.evidence[0].weight
        for town in towns
    )


def of_address(link: str, names: Names) -> list[Mention]:
    """Large towns in the last part of the page's address, and the town or district whose site it is."""
    slug = re.sub(r"[?#].*", "", link).rstrip("/").rpartition("/")[2]
    words = [word for word in re.split(r"[-_.]", slug) if word.isalpha()][:30]
    found = []
    if site := re.match(r"(?:www\.)?(?:stadt|gemeinde|kreis|landkreis|lk|lkr)-([a-z-]+)\.", host(link)):
        found = [b for b in names.bearers(site[1].replace("-", " ")) if b.meant or b.form == "district"]
    for word, bearers in names.starting_with(words).items():
        found += [
            b for b in bearers if b.meant and not b.word and not b.rest and b.people >= CITY_PEOPLE and word
        ]
    return [
        Mention("url", b.place.name, "url", 1.0, (), (b,))
        for b in found
        if b.form not in ("demonym", "ignored")
    ]
