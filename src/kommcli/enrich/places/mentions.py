"""Finding the names of places and states in running text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from kommcli.about import PassedOver
from kommcli.data import adjectives
from kommcli.enrich.places import cues, statewords
from kommcli.enrich.places import vocabulary as v
from kommcli.enrich.places.atoms import Words
from kommcli.gazetteer import Bearer
from kommcli.placenames import JOINTS, plain, spelled_out


class Names(Protocol):
    """Where names of places are looked up: `gazetteer.Gazetteer`, or that with the user's corrections."""

    def starting_with(self, first_words: Iterable[str]) -> dict[str, tuple[Bearer, ...]]:
        """The bearers of all names that begin with one of these words; longest names first."""

    def bearers(self, name: str) -> tuple[Bearer, ...]:
        """All places of this name; the meant and the large ones first."""

    def with_key(self, key: str) -> tuple[Bearer, ...]:
        """The place with this official key, under its own name."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a text. ``bearers`` are the places it may mean, none for a state. ``near`` are states that
    words beside it name: an adjective before it, a bracket behind it, a kind that only one state has."""

    where: str
    words: str
    rule: str
    strength: float
    states: tuple[str, ...] = ()
    bearers: tuple[Bearer, ...] = ()
    near: tuple[str, ...] = ()
    start: int = 0
    end: int = 0


def scan(text: str, where: str, names: Names) -> tuple[list[Mention], list[PassedOver]]:
    """All mentions in ``text`` in their order, and the names that were passed over."""
    return _Scan(text, where, names).run()


class _Scan:
    """One walk through a text."""

    def __init__(self, text: str, where: str, names: Names) -> None:
        self._words, self._where, self._names = Words(text), where, names
        asked: set[str] = set()
        for atom in self._words.atoms:
            if atom.first and len(atom.plain) > 1:
                asked.update(_keys(atom.text))
        self._table = names.starting_with(asked)
        self._mentions: list[Mention] = []
        self._passed: list[PassedOver] = []
        self._last_end = -1
        """Where the last accepted mention ended: a list may go on from there."""

    def run(self) -> tuple[list[Mention], list[PassedOver]]:
        at = 0
        while at < len(self._words.atoms):
            at += self._step(at)
        return self._mentions, self._passed

    def _step(self, at: int) -> int:
        """Read what begins at a word; how many words it took."""
        atom = self._words.atoms[at]
        if not atom.first or (atom.last and atom.text[0].islower() and "sch" not in atom.plain):
            return 1  # the only small words that count are adjectives: hessische, hannoversche
        bearers, length = self._longest(at)
        state, of_state = statewords.name_at(self._words, at)
        if state and of_state >= length:
            self._add_state(at, of_state, state, "state_name")
            return of_state
        if bearers:
            self._judge(at, length, bearers)
            return length
        return self._adjective(at)

    def _adjective(self, at: int) -> int:
        """An adjective of a state: hessische; hessische Landeshauptstadt is Wiesbaden."""
        end = at
        while not self._words.atoms[end].last:
            end += 1
        adjective = "-".join(atom.plain for atom in self._words.atoms[at : end + 1])
        code = adjectives.state_of(adjective)
        following = self._words.following(end + 1)
        if not code or (following and adjectives.begins_a_name(adjective, following.plain)):
            return 1
        if following and following.plain.startswith("landeshauptstadt") and code in v.CAPITALS:
            start = self._words.atoms[at].start
            words, capital = self._words.text[start : following.end], self._names.with_key(v.CAPITALS[code])
            self._mentions.append(
                Mention(self._where, words, "capital", 1.0, (), capital, start=start, end=following.end)
            )
        else:
            self._add_state(at, end + 1 - at, code, "adjective")
        return end + 1 - at

    def _add_state(self, at: int, length: int, code: str, rule: str) -> None:
        start, end = self._words.atoms[at].start, self._words.atoms[at + length - 1].end
        following = self._words.following(at + length)
        part_of_name = following is not None and following.plain.startswith(v.ORGANISATION_AFTER)
        words, strength = self._words.text[start:end], 0.3 if part_of_name else 1.0
        self._mentions.append(Mention(self._where, words, rule, strength, (code,), start=start, end=end))
        self._last_end = end

    def _longest(self, at: int) -> tuple[tuple[Bearer, ...], int]:
        """The bearers of the longest name that begins here, and the number of its words."""
        atom = self._words.atoms[at]
        for key in _keys(atom.text):
            lengths: dict[int, list[Bearer]] = {}
            for bearer in self._table.get(key, ()):
                if bearer.form == "typed" or (atom.text[0].islower() and bearer.form != "demonym"):
                    continue
                if length := self._fits(at, bearer.rest):
                    lengths.setdefault(length, []).append(bearer)
            if lengths:
                length = max(lengths)
                return tuple(lengths[length]), length
        return (), 0

    def _fits(self, at: int, rest: tuple[str, ...]) -> int:
        """The number of words that a name with these further ones takes here; 0 where it is not."""
        atoms, here = self._words.atoms, at
        for word in rest:
            step = here + 1
            while step < len(atoms) and self._words.joins(here, step) and atoms[step].plain in JOINTS:
                if spelled_out(atoms[step].plain) == word:
                    break
                here, step = step, step + 1
            if step >= len(atoms) or not self._words.joins(here, step):
                return 0
            if spelled_out(atoms[step].plain) not in (word, word + "s"):
                return 0
            here = step
        return here + 1 - at

    def _judge(self, at: int, length: int, bearers: tuple[Bearer, ...]) -> None:
        """Add a mention, or pass the name over."""
        start, end = self._words.atoms[at].start, self._words.atoms[at + length - 1].end
        if "(" in self._words.text[start:end] and self._words.text[end : end + 1] == ")":
            end += 1
        words = self._words.text[start:end]
        listed = self._words.listed_after(self._last_end, at)
        found = cues.verdict(self._words, at, length, bearers, listed=listed)
        if found.strength > 0:
            near = cues.near(self._words, at, length)
            self._mentions.append(
                Mention(self._where, words, found.rule, found.strength, (), found.bearers, near, start, end)
            )
            self._last_end = end
        elif found.rule:
            self._passed.append(PassedOver(self._where, words, found.rule, shown(bearers)))


def shown(bearers: Iterable[Bearer]) -> tuple[str, ...]:
    """At most five places as they are told to people: "Halle (Saale) (ST)"."""
    names = (f"{one.place.name} ({one.place.states[0].removeprefix('DE-')})" for one in bearers)
    return tuple(dict.fromkeys(names))[:5]


@lru_cache(maxsize=30_000)
def _keys(written: str) -> tuple[str, ...]:
    """The first words of names that may begin here: also without a genitive s or an adjective's ending."""
    word = spelled_out(plain(written))
    if written[0].islower():
        for ending in ("en", "er", "es", "em", "e"):
            if word.endswith("sch" + ending):
                return (word.removesuffix(ending),)
        return ()
    if word.endswith(("sche", "schen", "scher", "sches", "schem")):
        return word, word[: word.rindex("sch") + 3]
    return (word, word[:-1]) if word.endswith("s") and len(word) > 4 else (word,)
