"""German terms found in running text: inflected, inside compounds, with or without hyphen and umlaut.

The syntax of a term, as in ``data/topics.toml``:

    chatbot               anywhere in a word: Chatbots, Bürgerchatbot, KI-Chatbot-Projekt (4 letters or more)
    |wahl                 only where a word begins: Wahlhelfer, OB-Wahl; not Auswahl
    akte|                 only where a word ends, inflection allowed: Bauakten; not Aktenzeichen
    |app|                 the whole word, inflection allowed: Apps, Bürger-App
    =KI                   the whole word exactly so, capitals and all: KI-gestützt; not Kita
    smart city            words in a row: Smart City, Smart-City-Konzept, SmartCity, Smartcity
    künstlich intelligenz each but the last word is inflected: Künstliche Intelligenz, künstlicher Intelligenz
    bund-id               a hyphen and a blank mean the same: BundID, Bund-ID

A word begins and ends at blanks, hyphens and inner capitals. Letters are compared by `text.fold`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Generic, NamedTuple, TypeVar

from kommcli.text import fold

Payload = TypeVar("Payload")

_WORDS = re.compile(r"[^\W_]{1,64}(?:[-‐‑/][^\W_]{1,64}){0,9}|[^\w\s]")
"""A word with its hyphens, or a mark that parts words. Bounded, so that no made-up word costs time."""
_PIECES = re.compile(r"[-‐‑/]")
_HUMPS = re.compile(r"(?<=[^\W\d_A-ZÄÖÜ])(?=[A-ZÄÖÜ])")

_ENDINGS = frozenset(("", *"e n s r m en er es em ern nen ns ens se sen ses in innen".split()))
"""What may follow a term where the word has to end: cases, plurals, comparatives (folded)."""

_GRAM, _LONG = 4, 6
"""Terms are looked up by their first four letters, by six if they have them: hundreds begin with "digi".
Terms of less than four must begin where a word begins."""

_CACHED_WORDS = 30_000
"""Some 6 MB; a newsroom's year has about that many different words."""


class Hit(NamedTuple, Generic[Payload]):
    """A term that stands in a text: whose it is, its weight, and the words as written there."""

    payload: Payload
    weight: float
    words: str


class _Term(NamedTuple):
    """A term taken apart: its first word, where that has to begin and end, and the words to follow."""

    number: int
    first: str
    begins: bool
    ends: bool
    more: tuple[str, ...]


class _Word(NamedTuple):
    """What is known about a word: the terms within it, their hits where it stands alone, those that it is the
    first word of by how they go on, its folded letters, and where in them words begin and end."""

    numbers: tuple[int, ...]
    hits: tuple[Hit[Any], ...]
    longer: dict[str, list[_Term]]
    compact: str
    borders: set[int]


class Matcher(Generic[Payload]):
    """Finds terms in texts. What it learns about a word it remembers, so the second text is quicker."""

    def __init__(self, terms: Iterable[tuple[str, float, Payload]]) -> None:
        """``terms`` are (term, weight, payload), each term as `folded` gives it.

        Terms are only filed by their first letters here and taken apart when a word asks for them: a run that
        reads three articles needs a tenth of them.
        """
        self._terms = list(terms)
        self._exact: dict[str, list[int]] = {}
        self._filed: dict[str, list[int]] = {}
        self._by_gram: dict[str, list[_Term]] = {}
        self._seen: dict[str, _Word] = {}
        filed = self._filed
        for number, (term, _weight, _payload) in enumerate(self._terms):
            if term[:1] == "=":
                self._exact.setdefault(term[1:], []).append(number)
                continue
            first, blank, rest = term.strip("|").partition(" ")
            filed.setdefault(_gram(first), []).append(number)
            if blank and len(first) < _LONG:
                filed.setdefault(_gram(first + rest.replace(" ", "")), []).append(number)

    def _filed_under(self, gram: str) -> list[_Term]:
        if gram in self._filed:
            numbers = dict.fromkeys(self._filed.pop(gram))
            forms = [form for number in numbers for form in _forms(number, self._terms[number][0])]
            self._by_gram[gram] = [form for form in forms if _gram(form.first) == gram]
        return self._by_gram.get(gram, [])

    def hits(self, text: str) -> list[Hit[Payload]]:
        """Every place in ``text`` where a term stands, in order; of terms that share a payload and a word
        only the heaviest, less what counts against it there.
        """
        if len(self._seen) > _CACHED_WORDS:
            self._seen.clear()
        seen, written = self._seen, _WORDS.findall(text)
        words = [seen.get(word) or self._learn(word) for word in written]
        found: list[Hit[Payload]] = []
        spans: list[tuple[int, int]] = []
        for at in [at for at, word in enumerate(words) if word.numbers or word.longer]:
            word = words[at]
            longer = _longer(words, at) if word.longer and at + 1 < len(words) else []
            if not longer:
                found += word.hits
                continue
            for payload, weight, end in self._weighed([*((number, at) for number in word.numbers), *longer]):
                said = written[at]
                if end > at:
                    spans = spans or [match.span() for match in _WORDS.finditer(text)]
                    said = text[spans[at][0] : spans[end][1]]
                found.append(Hit(payload, weight, said))
        return found

    def _learn(self, word: str) -> _Word:
        numbers, longer, compact, borders = self._look(word)
        heaviest = tuple(number for number, _end in self._heaviest([(number, 0) for number in numbers]))
        hits = tuple(
            Hit(payload, weight, word)
            for payload, weight, _end in self._weighed([(number, 0) for number in heaviest])
        )
        known = self._seen[word] = _Word(heaviest, hits, longer, compact, borders)
        return known

    def _heaviest(self, ends: list[tuple[int, int]]) -> list[tuple[int, int]]:
        if len(ends) < 2:
            return ends
        best: dict[tuple[Payload, bool], tuple[int, int]] = {}
        for number, end in ends:
            _term, weight, payload = self._terms[number]
            rival = best.get((payload, weight < 0))
            if rival is None or abs(weight) > abs(self._terms[rival[0]][1]):
                best[payload, weight < 0] = number, end
        return list(best.values())

    def _weighed(self, ends: list[tuple[int, int]]) -> list[tuple[Payload, float, int]]:
        """(payload, weight, place of the last word) of the heaviest: what counts against a payload in the
        same words takes from what counts for it, and where nothing is left, neither is there."""
        weights: dict[tuple[Payload, int], float] = {}
        for number, end in self._heaviest(ends):
            _term, weight, payload = self._terms[number]
            weights[payload, end] = weights.get((payload, end), 0.0) + weight
        return [(payload, weight, end) for (payload, end), weight in weights.items() if weight]

    def _look(self, word: str) -> tuple[list[int], dict[str, list[_Term]], str, set[int]]:
        """The terms within ``word``, those whose first word it ends with, its letters and their borders."""
        pieces, compact, borders = _taken_apart(word)
        numbers = [number for piece in pieces for number in self._exact.get(piece, ())]
        longer: dict[str, list[_Term]] = {}
        for start in range(len(compact)):
            grams = [compact[start : start + _GRAM]]
            if start in borders:
                grams = list(dict.fromkeys(compact[start : start + size] for size in range(1, _GRAM + 1)))
            if start + _LONG <= len(compact):
                grams.append(compact[start : start + _LONG])
            for term in (term for gram in grams for term in self._filed_under(gram)):
                if (term.begins and start not in borders) or not compact.startswith(term.first, start):
                    continue
                end = start + len(term.first)
                if term.more:
                    if compact[end:] in _ENDINGS:
                        longer.setdefault(term.more[0][:2], []).append(term)
                elif not term.ends or _ends(compact, end, borders):
                    numbers.append(term.number)
        return list(dict.fromkeys(numbers)), longer, compact, borders


def _gram(word: str) -> str:
    """What a term is filed under: its first letters, more of them where it has more."""
    return word[:_LONG] if len(word) >= _LONG else word[:_GRAM]


def folded(term: str) -> str:
    """``term`` in the one form in which equal terms are equal; one with ``=`` keeps its capitals."""
    return term.strip() if term.startswith("=") else fold(term).replace("-", " ")


def _forms(number: int, term: str) -> list[_Term]:
    """A term as one word and, where it has several, as words in a row."""
    begins, ends = term[:1] == "|", term[-1:] == "|"
    words = term.strip("| ").split()
    joined = "".join(words)
    if len(words) < 2:
        return [_Term(number, joined, begins or len(joined) < _GRAM, ends, ())] if words else []
    last = words[-1] + ("|" if ends else "")
    return [
        _Term(number, joined, True, ends, ()),
        _Term(number, words[0], True, True, (*words[1:-1], last)),
    ]


def _taken_apart(word: str) -> tuple[set[str], str, set[int]]:
    """The pieces of ``word`` as written, its folded letters, and where in them words begin and end."""
    if word.isalpha() and (word[1:].islower() or len(word) == 1):
        compact = fold(word)
        return {word}, compact, {0, len(compact)}
    pieces, compact, borders = {word}, "", {0}
    for piece in _PIECES.split(word):
        pieces.add(piece)
        for part in _HUMPS.split(piece):
            pieces.add(part)
            compact += fold(part)
            borders.add(len(compact))
    return pieces, compact, borders


def _ends(compact: str, end: int, borders: set[int]) -> bool:
    """Whether a word ends at ``end``, or after an ending."""
    border = min(place for place in borders if place >= end)
    return compact[end:border] in _ENDINGS


def _longer(words: list[_Word], at: int) -> list[tuple[int, int]]:
    """(number, place of the last word) of the terms of several words that begin with the word ``at``."""
    longer, after = words[at].longer, words[at + 1].compact
    begun = (
        [*longer.get(after[:2], ()), *longer.get(after[:1], ())] if len(after) > 1 else longer.get(after, [])
    )
    return [(term.number, at + len(term.more)) for term in begun if _follow(term.more, words, at)]


def _follow(more: tuple[str, ...], words: list[_Word], at: int) -> bool:
    """Whether the further words of a term stand behind the word ``at``."""
    if at + len(more) >= len(words):
        return False
    for place, part in enumerate(more, 1):
        word, text = words[at + place], part.rstrip("|")
        if not word.compact.startswith(text):
            return False
        if place < len(more):
            if word.compact[len(text) :] not in _ENDINGS:
                return False
        elif part[-1] == "|" and not _ends(word.compact, len(text), word.borders):
            return False
    return True
