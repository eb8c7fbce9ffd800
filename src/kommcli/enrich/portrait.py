"""What an article can be compared by: its `Traits`, and the words behind them. Pure."""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import lru_cache
from typing import NamedTuple
from zlib import crc32

from kommcli import stems
from kommcli.compounds import background, looks
from kommcli.enrich.numbers import Count, counts, telling
from kommcli.enrich.series import is_recurring
from kommcli.model import BlockType, NewArticle, Place
from kommcli.placenames import words as place_words
from kommcli.text import fold
from kommcli.traits import SHINGLES, Fact, Traits, bloom, float32, hashed

HEAVIEST = 48
"""Stems that an article is compared by."""

READ = 1_500
"""Letters of a text: what it is about stands at the beginning."""

FACTS = 20
"""Numbers that it is compared by: the most telling."""

_ROW = 3
"""Stems of a shingle."""

_TITLE, _LEAD, _TEXT = 2.5, 1.5, 1.0
"""How much a word counts by where it stands."""

_QUOTED = re.compile(r"[„“\"»«‚]([^„“\"»«‚‘”]{2,40})[“”\"«»‘]")
_ODD = re.compile(r"[a-zäöü][A-ZÄÖÜ]|[A-Z]{2}|\d")
_EDITION = re.compile(
    r"""\b20\d\d\b | \b\d{1,3}\.(?=\s[A-ZÄÖÜ]) | \b(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September
      |Oktober|November|Dezember|(?:erste|zweite|dritte|vierte|fünfte)[rsn]?)\b""",
    re.VERBOSE,
)

_LATER = re.compile(
    r"""(?:tage?|wochen?|monate?|jahre?|halbjahr)\snach\s(?:de[mr]|ihre[mr]|seine[mr]|start|beginn|einf[üu]hrung)
      | \bnach\s(?:de[mr]\s)?(?:\w+\s)?(?:\w*angriff|start|einf[üu]hrung|beschluss|protest|kritik|test)\b
      | \b(?:zwischen)?bilanz\b | wir\sberichteten | \bwieder\s(?:erreichbar|online|am\snetz|ge[öo]ffnet|da)\b
      | \b(?:ge)?verl[äa]ngert\b | \bausgeweitet\b | \bverschoben\b | \bgestoppt\b | \bvor\sdem\sstart\b
      | \böffnet\swieder\b | \bpr[üu]f(?:t|en)\b | \bbeschlossen\b | \bzugestimmt\b | \bfolgt\sauf\b""",
    re.VERBOSE | re.IGNORECASE,
)
"""What a headline or teaser says that goes on with something told before."""


class Word(NamedTuple):
    """A stem, the first word that had it, what it weighs, and whether it names something."""

    stem: str
    said: str
    weight: float
    name: bool


class Portrait(NamedTuple):
    """The traits of an article with the words and numbers behind them, heaviest first."""

    traits: Traits
    words: tuple[Word, ...]
    counts: tuple[Count, ...]


def portrait(article: NewArticle, day: int = 0) -> Portrait:
    """What the article, of the ``day`` counted from 1970 on, is compared by, with its words."""
    entry = article.entry
    reading = _Reading(_parts(article))
    heaviest = reading.heaviest()
    numbers = _numbers(reading)
    head = f"{entry.title} | {entry.teaser}"
    traits = Traits(
        words={hashed(word.stem): round(word.weight, 1) for word in heaviest},
        names=frozenset(hashed(word.stem) for word in heaviest if word.name),
        shingles=_shingles(reading.running),
        facts=tuple(Fact(hashed(one.unit), float32(one.value), one.kind) for one in numbers),
        places=frozenset(hashed(place.ags or fold(place.name)) for place in article.places),
        main=next((p.ags for p in article.places if p.kind in ("municipality", "district")), ""),
        place_names=frozenset(filter(None, map(_telling, article.places))),
        states=frozenset(map(hashed, article.states)),
        editions=frozenset(hashed(one.lower()) for one in _EDITION.findall(entry.title)),
        topics=frozenset(hashed(topic.key) for topic in article.topics),
        topic=hashed(article.topics[0].key) if article.topics else 0,
        mentioned=bloom(map(hashed, reading.capital)),
        day=day,
        recurring=article.kind in ("termin", "podcast") or is_recurring(entry.kicker, entry.title),
        looks_back=_LATER.search(head) is not None,
    )
    return Portrait(traits, heaviest, tuple(numbers))


def _parts(article: NewArticle) -> list[tuple[float, str]]:
    """The texts of an article with what their words count."""
    entry = article.entry
    texts = [block.text for block in entry.body if block.type is not BlockType.IMAGE]
    lead = entry.teaser
    # A feed without a teaser of its own has its text's first sentences, and those would count twice.
    if texts and fold(texts[0][: len(lead) + 40]).startswith(fold(lead.rstrip("… ."))[:120]):
        lead = ""
    text = "\n".join(texts)[:READ]
    return [(_TITLE, f"{entry.kicker} | {entry.title}"), (_LEAD, lead), (_TEXT, text)]


def _numbers(reading: _Reading) -> list[Count]:
    found = counts("\n".join(text for _heft, text in reading.parts))
    ranked = sorted(range(len(found)), key=lambda at: (-telling(found[at].value, found[at].kind), at))
    return [found[at] for at in sorted(ranked[:FACTS])]


class _Reading:
    """The words of an article's texts: how often each is there, and how it is written."""

    def __init__(self, parts: list[tuple[float, str]]) -> None:
        self.parts = parts
        self.running: list[str] = []
        self.weights: dict[str, float] = {}
        self._said: dict[str, str] = {}
        self.capital: set[str] = set()
        weights, said, capital = self.weights, self._said, self.capital
        for heft, text in parts:
            words = stems.words(text)
            times = Counter(words)
            self.running += [stem for stem, _parts in looks(words) if stem]
            for (word, count), (stem, inner) in zip(times.items(), looks(times), strict=True):
                if not stem:
                    continue
                weight = heft * count
                weights[stem] = weights.get(stem, 0.0) + weight
                if stem not in said:
                    said[stem] = word
                for part in inner:
                    weights[part] = weights.get(part, 0.0) + weight / 2
                    if part not in said:
                        said[part] = word
                if word[0].isupper():
                    capital.add(stem)
        quoted = (name for _heft, text in parts for name in _QUOTED.findall(text))
        self._quoted = {stems.stem(word) for name in quoted for word in name.split()[:3]}

    def heaviest(self) -> tuple[Word, ...]:
        """The words that tell the most."""
        # Of a part of a word in the text the weight is a half, and none has less.
        heavy = sorted(
            [
                (-rarity(stem) * (1 + math.log(weight)), stem)
                for stem, weight in self.weights.items()
                if not stem.isdigit()
            ]
        )[:HEAVIEST]
        return tuple(Word(stem, self._said[stem], -weight, self._names(stem)) for weight, stem in heavy)

    def _names(self, stem: str) -> bool:
        """Whether a word names something: in quotation marks, oddly written, or unknown to the field."""
        if stem in self._quoted or _is_odd(self._said[stem]):
            return True
        return stem in self.capital and stem not in background()


def _is_odd(word: str) -> bool:
    plain = word.isalpha() and word[1:].islower()
    return not plain and _ODD.search(word) is not None


@lru_cache(maxsize=60_000)
def rarity(stem: str) -> float:
    """How much a stem tells: its inverse frequency in the news of the field (Sparck Jones 1972)."""
    known = background()
    return math.log(known[""] / (known.get(stem, 0) + 0.5))


_KINDS = frozenset(
    "landkreis kreis stadt bad sankt region metropolregion staedteregion regionalverband stadtkreis markt "
    "gemeinde verbandsgemeinde samtgemeinde amt hansestadt landeshauptstadt land".split()
)
"""Words of names of places that say what kind of place it is."""


def _telling(place: Place) -> int:
    """The longest word of a place's name, which no other form of it leaves out; 0 where there is none."""
    longest = max((word for word in place_words(place.name) if word not in _KINDS), key=len, default="")
    return hashed(stems.stem(longest)) if longest else 0


def _shingles(running: list[str]) -> frozenset[int]:
    # Not `hashed`, which remembers: hardly a row comes twice.
    rows = {crc32(" ".join(running[at : at + _ROW]).encode()) for at in range(len(running) - _ROW + 1)}
    return frozenset(sorted(rows)[:SHINGLES])
