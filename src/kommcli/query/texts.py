"""Words and phrases of a query as stems: every spelling that means the same. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kommcli import stems
from kommcli.compounds import background, split
from kommcli.conditions import All, AnyOf, Condition, Not, Text

Form = tuple[str, ...]
"""Stems in a row."""


class Synonyms:
    """Groups of words and phrases that mean the same."""

    def __init__(self, groups: Iterable[Iterable[str]]) -> None:
        self._groups: dict[Form, list[Form]] = {}
        for group in groups:
            forms = [form for said in group for form in spellings(said)]
            for form in forms:
                known = self._groups.setdefault(form, [])
                known += [other for other in forms if other not in known]
        self._longest = max((len(form) for form in self._groups), default=0)

    def of(self, forms: Sequence[Form]) -> tuple[Form, ...]:
        """``forms`` and all that mean the same, each once."""
        more = (other for form in forms for other in self._groups.get(form, ()))
        return tuple(dict.fromkeys((*forms, *more)))

    def joined(self, where: Condition) -> Condition:
        """``where``, with words that stand side by side and make a phrase with synonyms (künstliche
        intelligenz) also found by those."""
        match where:
            case All(parts):
                return All(tuple(self._runs([self.joined(part) for part in parts])))
            case AnyOf(parts):
                return AnyOf(tuple(map(self.joined, parts)))
            case Not(part):
                return Not(self.joined(part))
        return where

    def _runs(self, parts: Sequence[Condition]) -> Iterator[Condition]:
        at = 0
        while at < len(parts):
            size = next((n for n in range(self._longest, 1, -1) if self._others(parts[at : at + n], n)), 1)
            run = parts[at : at + size]
            yield AnyOf((All(tuple(run)), Text(self._others(run, size)))) if size > 1 else run[0]
            at += size

    def _others(self, run: Sequence[Condition], size: int) -> tuple[Form, ...]:
        """What means the same as the words of ``run`` in a row; nothing where they are no such phrase."""
        words = [one.forms[0] for one in run if isinstance(one, Text) and not one.begins]
        if len(words) < size or any(len(form) != 1 for form in words):
            return ()
        phrase = tuple(form[0] for form in words)
        return tuple(form for form in self._groups.get(phrase, ()) if form != phrase)


def spellings(said: str) -> tuple[Form, ...]:
    """A word or phrase as rows of stems: as said, and with and without the hyphens and blanks inside it
    (E-Akte, eAkte; Smart City, SmartCity)."""
    tokens = list(stems.tokens(said))
    row = tuple(one.stem for one in tokens)
    apart = tuple(stem for one in tokens for stem in (one.parts or _apart(one.stem)))
    together = ("".join(row),) if 1 < len(row) <= 3 else row
    return tuple(dict.fromkeys(form for form in (row, apart, together) if form))


def _apart(stem: str) -> Form:
    """What a word is made of that the news of the field do not have as one: Smartcity may be a Smart City;
    nobody writes a Landkreis in two words."""
    return (stem,) if stem in background() else split(stem) or (stem,)


def beginnings(said: str) -> tuple[Form, ...]:
    """What words begin with: as the letters stand there, and as a stem where they are a whole word."""
    *before, last = [word for word in said.replace("-", " ").split() if stems.folded(word)] or [said]
    row = tuple(stems.stem(word) for word in before)
    return tuple(dict.fromkeys((*row, end) for end in (stems.folded(last), stems.stem(last)) if end))
