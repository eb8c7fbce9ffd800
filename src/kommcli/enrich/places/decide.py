"""From mentions to what an article is about: which states it speaks of, and the federal level."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise
from typing import NamedTuple

from kommcli.about import Evidence, Found, PassedOver
from kommcli.data.states import NAMES
from kommcli.enrich.places import kicker as kickers
from kommcli.enrich.places import spots
from kommcli.enrich.places import vocabulary as v
from kommcli.enrich.places.bearers import TRUST, Located, located, sober, supported
from kommcli.enrich.places.mentions import Mention, Names, scan
from kommcli.model import Entry, Feed, Place
from kommcli.placenames import plain, plain_text

ENOUGH = 0.9
"""A state needs so much evidence: a bare name of a town in the teaser is just enough."""
BESIDE = 0.6
"""Further states need this part of the first one's evidence."""
BODY = 4_000
"""Characters of a body that are read: news tell where they happen at their beginning."""


class Where(NamedTuple):
    """States, level, places, and the names passed over."""

    states: tuple[Found[str], ...] = ()
    level: Found[str] | None = None
    places: tuple[Found[Place], ...] = ()
    passed: tuple[PassedOver, ...] = ()


def where(entry: Entry, feed: Feed, names: Names) -> Where:
    """Where an entry of this feed happens."""
    reading = kickers.read(entry.kicker, names)
    title, over_title = scan(entry.title, "title", names)
    teaser, over_teaser = scan(entry.teaser, "teaser", names)
    passed = [*reading.passed, *over_title, *over_teaser]
    text = _without_persons([*title, *teaser], passed)
    support = supported(reading.mentions, text, feed)
    head = located(reading.mentions, support, passed)
    text_at = located(sober(text, entry), support | {s for one in head for s in one.states}, passed)
    if head:
        together = _tells_of_cooperation(entry)
        states = _from_kicker(head, text_at, entry, together=together)
        together |= len(states) > len({s for one in head for s in one.states})
        return Where(states, None, spots.places([*head, *text_at], states, together=together), tuple(passed))
    if reading.level:
        found = Found(reading.level, TRUST["kicker"], (Evidence("kicker", entry.kicker, "name"),))
        return Where((), found, (), tuple(passed))
    return _without_kicker(entry, feed, names, text_at, passed)


def _without_kicker(
    entry: Entry, feed: Feed, names: Names, text_at: list[Located], passed: list[PassedOver]
) -> Where:
    """Title and teaser, else the federal level, else body, feed and address."""
    states = _ranked(text_at)
    level = _level_of(entry)
    if states and not (level and level.score > states[0].score):
        return Where(states, None, spots.places(text_at, states), tuple(passed))
    if level and not feed.state:
        return Where((), level, (), tuple(passed))
    body, over = scan(_body(entry), "body", names)
    setting = (feed.state,) if feed.state else ()
    body_at = located(sober(body, entry), set(setting), over)
    ranked = _ranked(body_at, alone=True)
    if ranked and (not setting or ranked[0].what in setting or ranked[0].score >= 2 * TRUST["teaser"]):
        return Where(ranked, None, spots.places(body_at, ranked), (*passed, *over))
    if setting:
        found = Found(feed.state, 1.0, (Evidence("feed", NAMES[feed.state], "setting"),))
        return Where((found,), None, spots.places(body_at, (found,)), (*passed, *over))
    address = located(spots.of_address(entry.link, names), set(), [])
    ranked = _ranked(address, enough=0.1)
    return Where(ranked, None, spots.places(address, ranked) if ranked else (), (*passed, *over))


def _without_persons(mentions: list[Mention], passed: list[PassedOver]) -> list[Mention]:
    """Who has a first name somewhere in the text is meant by the surname alone, too."""
    persons = {one.words.removesuffix("s") for one in passed if one.rule == "person"}
    kept = [one for one in mentions if one.words.removesuffix("s") not in persons or one.strength >= 1.0]
    dropped = (one for one in mentions if one not in kept)
    passed.extend(PassedOver(one.where, one.words, "person") for one in dropped)
    return kept


def _body(entry: Entry) -> str:
    texts: list[str] = []
    length = 0
    for block in entry.body:
        if length > BODY:
            break
        if block.text != entry.teaser:
            texts.append(block.text)
            length += len(block.text)
    return "\n".join(texts)[:BODY]


# -------------------------------------------------------------------------------------------- states


def _from_kicker(
    head: list[Located], text: list[Located], entry: Entry, *, together: bool
) -> tuple[Found[str], ...]:
    """The kicker's states, then those of partners that title or teaser name."""
    named = list(dict.fromkeys(state for one in head for state in one.states))
    partners = [state for state in _listed_with(named, text, entry) if state not in named]
    if together:
        ranked = _ranked(text, beside=0.0)
        partners += [found.what for found in ranked if found.what not in named and found.score >= 1.6]
    return tuple(_found_state(state, [*head, *text]) for state in dict.fromkeys((*named, *partners)))


_COOPERATION = re.compile(rf"\b(?:{'|'.join(v.COOPERATION)})")


def _tells_of_cooperation(entry: Entry) -> bool:
    return bool(_COOPERATION.search(plain_text(f"{entry.title} {entry.teaser}")))


_BESIDE = re.compile(r"\)?(?: und| sowie| mit)(?: (?:das|die|der|dem|den|im|in|seine[mnr]?|ihre[mnr]?))? $")


def _listed_with(named: list[str], text: list[Located], entry: Entry) -> list[str]:
    """The states in one breath with the kicker's: Bremen und das niedersächsische Umland."""
    found: list[str] = []
    for one, two in pairwise(text):
        source = entry.title if one.mention.where == "title" else entry.teaser
        between = source[one.mention.end : two.mention.start]
        if one.mention.where == two.mention.where and _BESIDE.fullmatch(between):
            if set(one.states) & set(named):
                found += two.states
            elif set(two.states) & set(named):
                found += one.states
    return found


def _ranked(
    found: list[Located], *, beside: float = BESIDE, enough: float = ENOUGH, alone: bool = False
) -> tuple[Found[str], ...]:
    """The states with enough evidence, strongest first. ``alone``: only those that stand out."""
    scores: dict[str, float] = defaultdict(float)
    for one in found:
        for state in one.states:
            scores[state] += one.score
    order = sorted(scores, key=lambda state: -scores[state])
    if not order or scores[order[0]] < enough:
        return ()
    if alone and len(order) > 1 and scores[order[1]] > 0.75 * scores[order[0]] and scores[order[0]] < 2.5:
        return ()
    kept = [state for state in order if scores[state] >= beside * scores[order[0]]]
    if len(kept) > 4:
        return ()  # an overview of many states is about none of them
    return tuple(_found_state(state, found) for state in kept)


def _found_state(state: str, found: list[Located]) -> Found[str]:
    speaking = sorted((one for one in found if state in one.states), key=lambda one: -one.score)
    evidence = dict.fromkeys(
        Evidence(one.mention.where, one.mention.words, one.mention.rule, round(one.score, 2))
        for one in speaking
    )
    return Found(state, round(sum(one.score for one in speaking), 2), tuple(evidence))


def _level_of(entry: Entry) -> Found[str] | None:
    """Federation or Europe, by the words of title and teaser."""
    scores: dict[str, float] = defaultdict(float)
    evidence: dict[str, list[Evidence]] = {"bund": [], "eu": []}
    for place, text in (("title", entry.title), ("teaser", entry.teaser)):
        for word in re.findall(r"[\w-]+", text):
            level = "bund" if v.is_federal(plain(word)) else "eu" if plain(word) in v.EUROPEAN else ""
            if level:
                scores[level] += TRUST[place] * 0.8
                evidence[level].append(Evidence(place, word, "level", TRUST[place] * 0.8))
    if not scores:
        return None
    level = max(scores, key=lambda one: scores[one])
    return Found(level, round(scores[level], 2), tuple(dict.fromkeys(evidence[level])))
