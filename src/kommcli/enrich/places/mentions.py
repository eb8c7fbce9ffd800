"""Finding names of places, states and their adjectives in running text.

A name counts by what stands around it. On the German sentences of GermEval 2014, names alone are right six
times in ten, names after a cue nineteen times in twenty; so each mention has a rule and a strength.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, Protocol

from kommcli.about import PassedOver
from kommcli.data import adjectives
from kommcli.data.states import STATES
from kommcli.enrich.places import vocabulary as v
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


class Atom(NamedTuple):
    """A word, plain and as written; ``first`` and ``last`` of what hyphens join."""

    plain: str
    text: str
    start: int
    end: int
    first: bool
    last: bool


_TOKEN = re.compile(r"[^\W_]+(?:[-\u2010\u2011][^\W_]+)*")
_PART = re.compile(r"[^\W_]+")
_BETWEEN = re.compile(r"\.? ?[-\u2010/(]? ?\(?$")
"""What may stand between the words of one name."""
_LISTED = re.compile(r"\)?(?:,| und| oder| sowie| /| &|,? und der Stadt| und die Stadt) ?$")

KNOWN_PEOPLE = 2_000
"""A name without a cue needs so many people."""
CITY_PEOPLE = 20_000
JOINED_PEOPLE = 50_000
"""München-Pasing is in Munich; first halves of other hyphened words are mostly no places."""

_STATE_NAMES: dict[tuple[str, ...], str] = {}
for _state in STATES:
    if _state.code not in ("BE", "HB", "HH"):  # these are cities: the table of places has them
        _words = tuple(plain(_state.name).split("-"))
        for _ending in ("", "s", "es") if _state.code == "SL" else ("", "s"):
            _STATE_NAMES[(*_words[:-1], _words[-1] + _ending)] = f"DE-{_state.code}"
_SHORT_STATES = {
    "nrw": "DE-NW", "rlp": "DE-RP", "bawue": "DE-BW", "meckpomm": "DE-MV", "lsa": "DE-ST",
}  # fmt: skip
_CODES = {state.code: f"DE-{state.code}" for state in STATES}


def atoms(text: str) -> list[Atom]:
    """The words of ``text``."""
    found = []
    for token in _TOKEN.finditer(text):
        written = token[0]
        begin, stop = token.span()
        if written.isalnum():
            found.append(Atom(plain(written), written, begin, stop, True, True))
            continue
        for part in _PART.finditer(written):
            start, end = begin + part.start(), begin + part.end()
            found.append(Atom(plain(part[0]), part[0], start, end, start == begin, end == stop))
    return found


def scan(text: str, where: str, names: Names) -> tuple[list[Mention], list[PassedOver]]:
    """All mentions in ``text`` in their order, and the names that were passed over."""
    return _Scan(text, where, names).run()


class _Scan:
    """One walk through a text."""

    def __init__(self, text: str, where: str, names: Names) -> None:
        self._text, self._where = text, where
        self._atoms = atoms(text)
        asked: set[str] = set()
        for atom in self._atoms:
            if atom.first and len(atom.plain) > 1:
                asked.update(_keys(atom.text))
        self._table = names.starting_with(list(asked))
        self._mentions: list[Mention] = []
        self._passed: list[PassedOver] = []
        self._last_end = -1
        """Where the last accepted mention ended, and that a list may go on from it."""

    def run(self) -> tuple[list[Mention], list[PassedOver]]:
        at = 0
        while at < len(self._atoms):
            at += self._step(at)
        return self._mentions, self._passed

    def _step(self, at: int) -> int:
        """Read what begins at an atom; how many atoms it took."""
        atom = self._atoms[at]
        if not atom.first or (atom.last and atom.text[0].islower() and "sch" not in atom.plain):
            return 1  # the only small words that count are adjectives: hessische, hannoversche
        found, length = self._longest(at)
        state, state_length = self._state_name(at)
        if state and state_length >= length:
            self._add_state(at, state_length, state, "state_name", 1.0)
            return state_length
        if found:
            self._judge(at, length, found)
            return length
        adjective, length = self._adjective(at)
        if adjective:
            self._add_adjective(at, length, adjective)
            return length
        return 1

    # ------------------------------------------------------------------------------------- states

    def _state_name(self, at: int) -> tuple[str, int]:
        atom = self._atoms[at]
        if not atom.text[0].isupper():
            return "", 0
        for length in (2, 1):
            part = self._atoms[at : at + length]
            if (
                len(part) == length
                and part[-1].last
                and (code := _STATE_NAMES.get(tuple(a.plain for a in part)))
            ):
                return code, length
        if atom.last and (code := _SHORT_STATES.get(atom.plain)):
            return code, 1
        bracketed = (
            self._text[atom.start - 1 : atom.start] == "(" and self._text[atom.end : atom.end + 1] == ")"
        )
        return (_CODES.get(atom.text, ""), 1) if bracketed else ("", 0)

    def _add_state(self, at: int, length: int, code: str, rule: str, strength: float) -> None:
        start, end = self._atoms[at].start, self._atoms[at + length - 1].end
        if self._after_words(at + length)[:1] == ["anhalt"]:
            return
        following = self._following(at + length)
        if following is not None and following.plain.startswith(v.ORGANISATION_AFTER):
            strength *= 0.3
        words = self._text[start:end]
        self._mentions.append(Mention(self._where, words, rule, strength, (code,), start=start, end=end))
        self._last_end = end

    def _adjective(self, at: int) -> tuple[str, int]:
        """An adjective of a state; hyphened ones take several atoms."""
        end = at
        while not self._atoms[end].last:
            end += 1
        word = "-".join(atom.plain for atom in self._atoms[at : end + 1])
        code = adjectives.state_of(word)
        following = self._following(end + 1)
        if code and not (following and following.plain in adjectives.NOT_BEFORE):
            return code, end + 1 - at
        return "", 0

    def _add_adjective(self, at: int, length: int, code: str) -> None:
        following = self._following(at + length)
        capital = v.CAPITALS.get(code, "")
        if following and following.plain.startswith("landeshauptstadt") and capital:
            start, end = self._atoms[at].start, following.end
            words = self._text[start:end]
            self._mentions.append(Mention(self._where, words, "capital", 1.0, (code,), start=start, end=end))
            return
        self._add_state(at, length, code, "adjective", 1.0)

    # ------------------------------------------------------------------------------------- places

    def _longest(self, at: int) -> tuple[tuple[Bearer, ...], int]:
        """The bearers of the longest name that begins here, and the number of its atoms."""
        atom = self._atoms[at]
        for key in _keys(atom.text):
            lengths: dict[int, list[Bearer]] = {}
            for bearer in self._table.get(key, ()):
                if bearer.form == "typed" or (atom.text[0].islower() and bearer.form != "demonym"):
                    continue
                length = self._fits(at, bearer.rest)
                if length:
                    lengths.setdefault(length, []).append(bearer)
            if lengths:
                length = max(lengths)
                return tuple(lengths[length]), length
        return (), 0

    def _fits(self, at: int, rest: tuple[str, ...]) -> int:
        """The number of atoms that a name with these further words takes here; 0 where it is not."""
        here = at
        for word in rest:
            step = here + 1
            while step < len(self._atoms) and self._joins(here, step) and self._atoms[step].plain in JOINTS:
                if spelled_out(self._atoms[step].plain) == word:
                    break
                here, step = step, step + 1
            if step >= len(self._atoms) or not self._joins(here, step):
                return 0
            if spelled_out(self._atoms[step].plain) not in (word, word + "s"):
                return 0
            here = step
        return here + 1 - at

    def _joins(self, here: int, there: int) -> bool:
        return bool(_BETWEEN.match(self._text[self._atoms[here].end : self._atoms[there].start]))

    def _judge(self, at: int, length: int, bearers: tuple[Bearer, ...]) -> None:
        """Add a mention, or pass the name over."""
        first, last = self._atoms[at], self._atoms[at + length - 1]
        words = self._text[first.start : last.end]
        rule, strength, fitting = self._cue(at, length, bearers)
        if strength <= 0 or not fitting:
            if rule:
                names = tuple(dict.fromkeys(f"{b.place.name} ({b.place.states[0][3:]})" for b in bearers))
                self._passed.append(PassedOver(self._where, words, rule, names[:5]))
            return
        self._mentions.append(
            Mention(
                self._where, words, rule, strength, (), fitting, self._near(at, length), first.start, last.end
            )
        )
        self._last_end = last.end

    def _cue(
        self, at: int, length: int, bearers: tuple[Bearer, ...]
    ) -> tuple[str, float, tuple[Bearer, ...]]:
        """The rule, the strength, and the bearers that fit to it."""
        first, last = self._atoms[at], self._atoms[at + length - 1]
        named = tuple(b for b in bearers if b.form not in ("demonym", "district"))
        before = self._before(at)
        previous = before[0] if before else ""
        if previous in v.DISTRICT_WORDS:
            districts = tuple(b for b in bearers if b.place.kind == "district")
            if districts:
                return "cue", 1.0, districts
        if not named:
            return self._demonym(at, length, bearers)
        largest = max(named, key=lambda b: (b.meant, b.people))
        if not last.last and not (last.text != first.text and length > 1 and largest.rest):
            joined = self._atoms[at + length].plain
            if largest.people < JOINED_PEOPLE or joined.startswith(v.ORGANISATION_AFTER) or largest.word:
                return ("organisation" if joined.startswith(v.ORGANISATION_AFTER) else ""), 0, ()
            return "name", 0.4, named
        if previous in v.TOWN_WORDS or previous.endswith("stadt"):
            towns = tuple(b for b in named if b.place.kind != "district" or b.place.ags.startswith("11"))
            return "cue", 1.0, towns or named
        if largest.place.kind == "district" and "kreis" in last.plain:
            return "name", 1.0, named
        if first.text.isupper() and len(first.text) > 3 and length == 1:
            return "", 0, ()
        if previous in v.PERSON_TITLES or previous in v.FIRST_NAMES:
            return "person", 0, ()
        return self._bare(at, length, named, largest, before)

    def _bare(
        self, at: int, length: int, named: tuple[Bearer, ...], largest: Bearer, before: list[str]
    ) -> tuple[str, float, tuple[Bearer, ...]]:
        """A name that no word for its kind introduces."""
        previous = before[0] if before else ""
        following = self._following(at + length)
        behind = following.plain if following else ""
        first = self._atoms[at]
        if previous in v.AUTHORITIES or previous.endswith(("ministerium", "werke", "betriebe")):
            return "cue", 0.8, named
        if v.is_organisation(previous) or behind.startswith(v.ORGANISATION_AFTER):
            return "organisation", 0.15, named
        if previous in v.PREPOSITIONS or (previous == "von" and len(before) > 1 and before[1] in v.OFFICES):
            if any(v.is_organisation(word) for word in before[1:4]):
                return "organisation", 0.15, named
            if any(word.endswith("zentrum") for word in before[1:4]):
                return "cue", 0.5, named  # it may serve the town or the whole country
            if previous == "von" and len(before) > 1 and before[1] in v.FIRST_NAMES:
                return "person", 0, ()
            if first.plain in v.NEVER_BY_PREPOSITION and length == 1:
                return "needs_cue", 0, ()
            if (
                largest.word
                and length == 1
                and not (previous in v.SURE_PREPOSITIONS and largest.people >= 5_000)
            ):
                return "needs_cue", 0, ()
            return "cue", 0.9, named
        if self._continues(first) and not (largest.word and largest.people < CITY_PEOPLE):
            return "cue", 0.8, named
        multiword = length > 1 and bool(largest.rest)
        if largest.word and not multiword:
            return "needs_cue", 0, ()
        if multiword:
            return "name", 0.9, named
        if largest.people < KNOWN_PEOPLE:
            return "needs_cue", 0, ()
        return "name", 0.7 if largest.people >= CITY_PEOPLE else 0.5, named

    def _demonym(
        self, at: int, length: int, bearers: tuple[Bearer, ...]
    ) -> tuple[str, float, tuple[Bearer, ...]]:
        """Kemptener Rathaus, Hamburger Bezirke."""
        last = self._atoms[at + length - 1]
        fitting = tuple(b for b in bearers if b.form == "demonym")
        if not fitting or not last.last:
            return "", 0, ()
        before = self._before(at)
        if before and (before[0] in v.PERSON_TITLES or before[0] in v.FIRST_NAMES):
            return "person", 0, ()
        following = self._following(at + length)
        behind = following.plain if following else ""
        if behind.startswith(v.ORGANISATION_AFTER):
            return "organisation", 0, ()
        if behind.startswith(tuple(v.MUNICIPAL_NOUNS)):
            return "demonym", 0.9, fitting
        if max(b.people for b in fitting) < CITY_PEOPLE:
            return "needs_cue", 0, ()
        noun = following is not None and following.text[0].isupper()
        return "demonym", 0.6 if noun else 0.4, fitting

    # --------------------------------------------------------------------------- what stands around

    def _before(self, at: int, count: int = 6) -> list[str]:
        """The plain words before an atom in its sentence, nearest first; tokens of several count whole."""
        found: list[str] = []
        here = at - 1
        end = self._atoms[at].start
        while here >= 0 and len(found) < count:
            atom = self._atoms[here]
            if re.search(r"[.!?:;](?=\s|$)", self._text[atom.end : end]) and len(atom.plain) > 3:
                break
            if not found and self._text[atom.end : end].strip("„“”\"'( "):
                return []
            word, start = atom.plain, atom.start
            while not self._atoms[here].first:
                here -= 1
                word = f"{self._atoms[here].plain}-{word}"
                start = self._atoms[here].start
            found.append(word)
            end = start
            here -= 1
        return found

    def _following(self, at: int) -> Atom | None:
        """The next atom when only a blank parts it."""
        if 0 < at < len(self._atoms) and self._text[self._atoms[at - 1].end : self._atoms[at].start] == " ":
            return self._atoms[at]
        return None

    def _after_words(self, at: int) -> list[str]:
        return [self._atoms[at].plain] if at < len(self._atoms) and not self._atoms[at].first else []

    def _continues(self, atom: Atom) -> bool:
        """Whether a list of names goes on here: Hamburg, Bremen und Kiel."""
        return self._last_end > 0 and bool(_LISTED.fullmatch(self._text[self._last_end : atom.start]))

    def _near(self, at: int, length: int) -> tuple[str, ...]:
        """States that the words beside a name tell."""
        found: dict[str, None] = {}
        for word in self._before(at, 3):
            if code := adjectives.state_of(word):
                found[code] = None
            for code in v.KIND_HINTS.get(word, ()):
                found[code] = None
        end = self._atoms[at + length - 1].end
        if bracket := re.match(
            r",? ?\((?:Land |Kreis |Landkreis )?([^()]{2,40})\)", self._text[end : end + 60]
        ):
            inside = tuple(plain(bracket[1]).replace("-", " ").split())
            state = _STATE_NAMES.get(inside) or _SHORT_STATES.get(inside[0]) or _CODES.get(bracket[1])
            if state:
                found[state] = None
        return tuple(found)


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
