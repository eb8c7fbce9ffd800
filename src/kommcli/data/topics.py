"""The topics: what they are called, and the words that speak for them, with the user's changes.

`topics.toml` is the table that people read and change; `topics.json` the same, made by `compiled` because it
loads in a fraction of the time. Topics are open: a name that is none of ours makes a topic of its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from kommcli.model import Topic
from kommcli.text import fold

_AGAINST = 2.0
"""What a term of a list ``not`` takes away."""


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """The topics in their order, and everything they are found by."""

    topics: Mapping[str, Topic]
    """Topic by key."""
    english: Mapping[str, str]
    """English name by key."""
    general: frozenset[str]
    """Keys of topics that go with many articles and give way to specific ones."""
    spellings: Mapping[str, str]
    """Key by every name, alias and category, in the form of `_bare`."""
    words: Mapping[str, Mapping[str, str]]
    """Terms with commas between them, by weight, by key; a term against the topic has a weight below zero."""
    suggested: tuple[str, ...]
    """Keys, names and aliases, for suggestions."""

    def find(self, text: str) -> Topic | None:
        """The topic that ``text`` names by key, name, English name, alias or category; else None."""
        key = self.spellings.get(_bare(text))
        return self.topics[key] if key else None

    def named(self, text: str) -> Topic:
        """The topic that ``text`` names, or a new one of that name."""
        return self.find(text) or Topic(slug(text), text.strip())

    def names(self) -> tuple[str, ...]:
        """Every spelling worth suggesting: keys, names, English names and aliases."""
        return self.suggested

    def terms(self) -> Iterator[tuple[str, float, str]]:
        """(term, weight, key of its topic), as `enrich.terms.Matcher` takes them."""
        for key, by_weight in self.words.items():
            for weight, terms in by_weight.items():
                number = float(weight)
                for term in terms.split(","):
                    yield term, number, key


def slug(name: str) -> str:
    """The key for a topic of that name: ``Bürger & Märkte`` gives ``buerger-maerkte``."""
    written_out = name.strip().casefold().translate({ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue"})
    return re.sub(r"[^a-z0-9]+", "-", _ascii(written_out)).strip("-")[:60].strip("-") or "thema"


def _ascii(text: str) -> str:
    # `fold` would take the e from ae, oe and ue, so each letter goes by itself
    return text if text.isascii() else "".join(map(fold, text.replace(" ", "-")))


def _bare(name: str) -> str:
    """Letters and digits only, so that hyphens, blanks and strokes in names do not matter."""
    return re.sub(r"[\W_]+", "", fold(name)) or name.strip()


# ------------------------------------------------------------------------------------------- making


def compiled(table: Mapping[str, Mapping[str, Any]]) -> str:
    """``topics.json`` for the contents of ``topics.toml``; pure, so a test can hold both equal."""
    return json.dumps(_merged({}, table), ensure_ascii=False, separators=(",", ":")) + "\n"


@cache
def _ours() -> dict[str, Any]:
    loader: Any = __spec__.loader  # also finds the file in a zip
    return dict(json.loads(loader.get_data(__file__.rpartition("topics.py")[0] + "topics.json")))


@cache
def builtin() -> Taxonomy:
    """The topics that kommcli knows from the start."""
    return _taxonomy(_ours())


def taxonomy(overrides: Mapping[str, Mapping[str, Any]] | None = None) -> Taxonomy:
    """Our topics with the user's ``[topics.KEY]`` tables over them.

    A table has ``name``, ``en``, ``aliases``, ``categories``, ``terms`` (term -> weight, or a list of
    terms of weight 1), ``not`` (a list of terms, or term -> weight), ``general`` and ``enabled``. Lists and
    terms add to ours, everything else replaces; a weight of 0 takes a term out, ``enabled = false`` a topic.
    A key of the user's own is a topic of the user's own.
    """
    return _taxonomy(_merged(_ours(), overrides)) if overrides else builtin()


def _taxonomy(data: Mapping[str, Any]) -> Taxonomy:
    topics = {key: Topic(key, one["name"]) for key, one in data["topics"].items()}
    return Taxonomy(
        topics=topics,
        english={key: one["en"] for key, one in data["topics"].items()},
        general=frozenset(data["general"]),
        spellings=data["spellings"],
        words=data["words"],
        suggested=tuple(data["suggested"]),
    )


def _merged(ours: Mapping[str, Any], tables: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """``ours`` with ``tables`` over it, both left as they are."""
    topics = dict(ours.get("topics", {}))
    general = set(ours.get("general", ()))
    spellings = dict(ours.get("spellings", {}))
    words = dict(ours.get("words", {}))
    suggested = list(ours.get("suggested", ()))
    for key, table in tables.items():
        if not table.get("enabled", True):
            topics.pop(key, None)
            words.pop(key, None)
            gone = {spelling for spelling, owner in spellings.items() if owner == key}
            spellings = {spelling: owner for spelling, owner in spellings.items() if owner != key}
            suggested = [name for name in suggested if _bare(name) not in gone]
            continue
        known = topics.get(key, {"name": key, "en": table.get("name", key)})
        topics[key] = {"name": table.get("name", known["name"]), "en": table.get("en", known["en"])}
        (general.add if table.get("general", key in general) else general.discard)(key)
        names = (key, topics[key]["name"], topics[key]["en"], *table.get("aliases", ()))
        spellings |= {_bare(name): key for name in (*table.get("categories", ()), *names)}
        suggested += [name for name in dict.fromkeys(names) if name not in suggested]
        words[key] = _words(words.get(key, {}), table)
    return {
        "topics": topics,
        "general": sorted(general),
        "spellings": spellings,
        "suggested": suggested,
        "words": words,
    }


def _words(known: Mapping[str, str], table: Mapping[str, Any]) -> dict[str, str]:
    weights = {term: float(weight) for weight, terms in known.items() for term in terms.split(",")}
    for term, weight in _terms(table.get("terms", ()), 1.0):
        weights[_folded(term)] = weight
    for term, weight in _terms(table.get("not", ()), _AGAINST):
        weights[_folded(term)] = -abs(weight)
    words: dict[str, str] = {}
    for term, weight in weights.items():
        if weight and term.strip("=| "):
            words[f"{weight:g}"] = ",".join(filter(None, (words.get(f"{weight:g}"), term)))
    return words


def _terms(given: Mapping[str, Any] | Iterable[str], weight: float) -> Iterator[tuple[str, float]]:
    """(term, weight) from a list of terms, a table term -> weight, or a table weight -> terms (ours)."""
    if not isinstance(given, Mapping):
        yield from ((term, weight) for term in given)
        return
    for name, value in given.items():
        if isinstance(value, list):
            yield from ((term, float(name)) for term in value)
        else:
            yield name, float(value)


def _folded(term: str) -> str:
    """The form in which equal terms are equal; one with ``=`` keeps its capitals; without commas."""
    term = term.replace(",", " ").strip()
    return term if term.startswith("=") else fold(term.replace("-", " "))
