"""Which topics an article has: what its publisher calls them, and what the words of the article speak for.

The publisher's categories and a kicker that is a topic come first; terms in title, kicker, teaser and body
fill in where there are none, and add what they support strongly; the feed's setting is always kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from kommcli.about import Evidence, Found
from kommcli.data import states
from kommcli.enrich.kinds import kind_named
from kommcli.enrich.terms import Matcher
from kommcli.text import fold

if TYPE_CHECKING:
    from kommcli.data.topics import Taxonomy
    from kommcli.model import Entry, Feed, Topic

_MOST = 4
_FIELDS = {"title": 2.5, "kicker": 1.5, "teaser": 2.5}
"""How much a term counts by where it stands; the body counts by how much of it is about the topic."""
_BODY = 6.0
_BODY_LETTERS = 3_000
"""What of a body is read: news say what they are about at their beginning."""
_ENOUGH = 2.0
"""What the one topic of an article needs: a typical word in the title, or a clear one in a short body."""
_FURTHER = 6.5
"""What every further one needs, also beside those that the publisher names: a certain word in the teaser,"""
_SHARE = 0.55
"""and this share of the strongest one's score,"""
_GENERAL_SHARE = 0.6
"""or this one for a topic that goes with many articles."""
_PUBLISHED = 100.0
"""What the publisher says outdoes all terms;"""
_OPEN = 50.0
"""a category of its own, too, behind one that others use."""
_SETTING = 10.0
_TAGS = 5
"""From this many categories on they are tags: hints at topics, not the publisher's sections."""
_TAG = 6.0

_HOUSEKEEPING = frozenset(
    fold(name.replace("_", " "))
    for name in """
    allgemein allgemeines aktuell aktuelles news nachrichten neuigkeiten meldungen kurzmeldungen presse
    pressemitteilung pressemitteilungen pressemeldung pressemeldungen medieninformation
    medieninformationen startseite home homepage uncategorized unkategorisiert sonstige sonstiges
    diverses archiv blog beitrag beiträge artikel topthema top-themen top_news topstory featured feature
    newsletter magazin slider highlights redaktion ticker newsticker top teaser heft ausgabe print
    online e-paper themen thema digital digitales digitalisierung verwaltung public_sector kommune
    kommunen kommunal kommunales stadt städte gemeinde gemeinden landkreis landkreise land länder bund
    bundesländer deutschland europa eu anzeige advertorial sponsored video videos bilder fotos dossier
    schwerpunkt titelthema titel lokales regionales region inland english deutsch default post posts
    general main misc other rss service info informationen editorial plus exklusiv in_kürze kurz_notiert
    kurz_&_knapp in_eigener_sache produkt produkte referenz referenzen partner kunden event
    """.split()
)
"""Shelves of a site, no topics."""

_TOGETHER, _TWO = "kooperation", 3.5
"""A kicker of two places speaks for this topic; with a word such as `gemeinsam` it is enough."""
_SEVERAL = re.compile(r" / | und |, ")
_LIST = (
    r"\b[A-ZÄÖÜ][\w-]{1,40}(?:, (?:[\w-]{1,40} ){0,3}[\w-]{1,40}){0,9}"
    r"(?:, | und | oder | sowie | bis zu[mr]? )(?:[\w-]{1,40} ){0,2}[A-ZÄÖÜ][\w-]{1,40}"
)
"""An enumeration: ``Kitas, Friedhöfen und Hundesteuer``. Each item speaks for its share only, so that a topic
counts in full where all items are about it, and little where one is."""
_ITEMS = r", | und | oder | sowie | bis "
_Said = tuple[float, str, str, str]
"""Weight, where, words and rule: becomes `Evidence` for the topics that are kept."""
_BETWEEN_NAMES = re.compile(r"\s*[|/,;&]\s*|\s+und\s+")


def topics_of(
    entry: Entry,
    feed: Feed,
    taxonomy: Taxonomy,
    matcher: Matcher[str],
    is_place: Callable[[str], bool] = lambda _name: False,
) -> tuple[Found[Topic], ...]:
    """The topics of ``entry``, main one first, at most four and the feed's setting.

    ``matcher`` is made from ``taxonomy.terms()``; ``is_place`` knows names of towns: such
    categories are no topics of their own.
    """
    found: dict[str, tuple[Topic, float, list[Evidence]]] = {}

    def add(topic: Topic, score: float, evidence: Iterable[Evidence]) -> None:
        _topic, before, why = found.get(topic.key, (topic, 0.0, []))
        found[topic.key] = (topic, max(before, score), [*why, *evidence])

    for topic, score, evidence in _published(entry, taxonomy, is_place):
        add(topic, score, (evidence,))
    named = any(key in taxonomy.topics for key in found)
    by_terms = _by_terms(entry, taxonomy, matcher, in_body=not named)
    for key, (score, why) in _kept(by_terms, taxonomy.general, alone=not named).items():
        if key in found or len(found) < _MOST:
            add(taxonomy.topics[key], score, _strongest(why))
    if feed.topic:
        add(taxonomy.named(feed.topic), 0.0, (Evidence("feed", feed.topic, "setting", _SETTING),))
    ranked = sorted(found.values(), key=lambda one: -one[1])
    return tuple(
        Found(topic, round(score, 2) or _SETTING, tuple(sorted(why, key=lambda one: -one.weight)))
        for topic, score, why in ranked
    )


# ---------------------------------------------------------------------------- what the publisher says


def _published(
    entry: Entry, taxonomy: Taxonomy, is_place: Callable[[str], bool]
) -> list[tuple[Topic, float, Evidence]]:
    """The topics that categories and kicker name, and the categories that are topics of their own."""
    found: list[tuple[Topic, float, Evidence]] = []
    for place, name in enumerate(() if _are_tags(entry) else entry.categories):
        weight = _PUBLISHED - place
        if known := _known(name, taxonomy):
            found += [(topic, weight, Evidence("category", name, "category", weight)) for topic in known]
        elif _may_be_topic(name, entry) and not is_place(name):
            weight = _OPEN - place
            found.append((taxonomy.named(name), weight, Evidence("category", name, "category", weight)))
    weight = _PUBLISHED - _TAGS
    evidence = Evidence("kicker", entry.kicker, "kicker", weight)
    found += [(topic, weight, evidence) for topic in _known(entry.kicker, taxonomy)]
    return found[:_MOST]


def _are_tags(entry: Entry) -> bool:
    return len(entry.categories) >= _TAGS


def _known(name: str, taxonomy: Taxonomy) -> list[Topic]:
    """Our topics that a category names, as a whole or one by one: ``Cloud & Rechenzentrum``."""
    if whole := taxonomy.find(name):
        return [whole]
    parts = _BETWEEN_NAMES.split(name)
    return [topic for part in parts if (topic := taxonomy.find(part))] if len(parts) > 1 else []


def _may_be_topic(name: str, entry: Entry) -> bool:
    """Whether an unknown category can be a topic: no shelf of the site, no state, kind, author or number."""
    bare = fold(name)
    return (
        2 < len(bare) <= 40
        and len(bare.split()) <= 4
        and any(char.isalpha() for char in bare)
        and bare not in _HOUSEKEEPING
        and bare != fold(entry.author)
        and bare != fold(entry.kicker)
        and not states.find(name)
        and not kind_named(name)
        and not re.match(r"(?:land)?kreis |stadt |gemeinde |kw |\d", bare)
    )


# ------------------------------------------------------------------------------ what the words speak for


def _by_terms(
    entry: Entry, taxonomy: Taxonomy, matcher: Matcher[str], *, in_body: bool
) -> dict[str, tuple[float, list[_Said]]]:
    """Score and evidence by topic key, from the terms in the texts of ``entry``.

    Where the publisher names a topic, the body could add none, and is the most of the work.
    """
    scores: dict[str, float] = {}
    why: dict[str, list[_Said]] = {}
    for where, text in (("title", entry.title), ("kicker", entry.kicker), ("teaser", entry.teaser)):
        for key, weights in _weights(where, text, matcher, why, _FIELDS[where]).items():
            scores[key] = scores.get(key, 0.0) + _FIELDS[where] * _sum(weights.values())
    if _TOGETHER in taxonomy.topics and _names_two(entry.kicker) and not matcher.hits(entry.kicker):
        scores[_TOGETHER] = scores.get(_TOGETHER, 0.0) + _TWO
        why.setdefault(_TOGETHER, []).append((_TWO, "kicker", entry.kicker, "several"))
    body = _beginning(entry) if in_body else ""
    for key, weights in _weights("body", body, matcher, why, 1.0).items():
        much = max(0.0, sum(weights.values()))
        scores[key] = scores.get(key, 0.0) + _BODY * much / (much + 4 + len(body) / 1000)
    if _are_tags(entry):
        for name in entry.categories:
            for topic in _known(name, taxonomy):
                scores[topic.key] = scores.get(topic.key, 0.0) + _TAG
                why.setdefault(topic.key, []).append((_TAG, "category", name, "category"))
    return {key: (score, why.get(key, [])) for key, score in scores.items()}


def _beginning(entry: Entry) -> str:
    texts: list[str] = []
    length = 0
    for block in entry.body:
        if length >= _BODY_LETTERS:
            break
        texts.append(block.text)
        length += len(block.text)
    return "\n".join(texts)[:_BODY_LETTERS]


def _names_two(kicker: str) -> bool:
    """Whether a kicker names two or more: ``Mainz / Wiesbaden``, ``Dreieich, Langen, Rodgau``."""
    names = _SEVERAL.split(kicker)
    return len(names) > 1 and all(name[:1].isupper() for name in names)


def _weights(
    where: str, text: str, matcher: Matcher[str], why: dict[str, list[_Said]], factor: float
) -> dict[str, dict[str, float]]:
    """Weight by words, by topic key; in the body words that come again count again."""
    found: dict[str, dict[str, float]] = {}
    for part, listed in _parts(text) if where == "teaser" else ((text, 0),):
        hits = matcher.hits(part)
        for key, weight, words in hits:
            weights = found.setdefault(key, {})
            if listed and weight > 0:
                weight *= min(1.0, sum(hit.payload == key for hit in hits) / listed)
            if words not in weights:
                weights[words] = weight
                why.setdefault(key, []).append((weight * factor, where, words, "term"))
            elif where == "body":
                weights[words] += weight
    return found


def _parts(text: str) -> list[tuple[str, int]]:
    """A text cut into its enumerations, with the number of their items, and what is between them, with 0."""
    parts: list[tuple[str, int]] = []
    end = 0
    for match in re.finditer(_LIST, text):
        items = len(re.split(_ITEMS, match[0]))
        parts += [(text[end : match.start()], 0), (match[0], items)]
        end = match.end()
    return [*parts, (text[end:], 0)]


def _sum(weights: Iterable[float]) -> float:
    """The strongest weight, half of the next, a quarter of the third …; what counts against, in full."""
    given = sorted(weights, reverse=True)
    gain = sum(weight * 0.5**place for place, weight in enumerate(weight for weight in given if weight > 0))
    return gain + sum(weight for weight in given if weight < 0)


def _strongest(said: Iterable[_Said]) -> list[Evidence]:
    """The five heaviest words as evidence."""
    heaviest = sorted((one for one in said if one[0] > 0), key=lambda one: -one[0])[:5]
    return [Evidence(where, words, rule, weight) for weight, where, words, rule in heaviest]


def _kept(
    by_terms: Mapping[str, tuple[float, list[_Said]]], general: frozenset[str], alone: bool
) -> dict[str, tuple[float, list[_Said]]]:
    """What is strong enough, strongest first: by itself, and beside the strongest."""
    ranked = sorted(by_terms.items(), key=lambda item: -item[1][0])
    best = max((score for score, _why in by_terms.values()), default=0.0)
    kept: dict[str, tuple[float, list[_Said]]] = {}
    for key, (score, why) in ranked:
        enough = _ENOUGH if alone and not kept else _FURTHER
        if (kept or not alone) and all(where == "body" for _weight, where, _words, _rule in why):
            continue  # what only comes up in the text is not what the article is about
        if score >= enough and score >= (_GENERAL_SHARE if key in general else _SHARE) * best:
            kept[key] = score, why
    return kept
