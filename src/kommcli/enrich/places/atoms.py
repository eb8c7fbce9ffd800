"""A text as words that know where they stand, and what stands around them."""

from __future__ import annotations

import re
from typing import NamedTuple

from kommcli.placenames import plain

_TOKEN = re.compile(r"[^\W_]+(?:[-\u2010\u2011][^\W_]+)*")
_PART = re.compile(r"[^\W_]+")
_BETWEEN = re.compile(r"\.? ?[-\u2010/(]? ?\(?$")
"""What may stand between the words of one name."""
_SENTENCE_END = re.compile(r"[.!?:;](?=\s|$)")
_LISTED = re.compile(r"\)?(?:,| und| oder| sowie| /| &|,? und der Stadt| und die Stadt) ?$")


class Atom(NamedTuple):
    """A word, plain and as written; ``first`` and ``last`` of what hyphens join."""

    plain: str
    text: str
    start: int
    end: int
    first: bool
    last: bool


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


class Words:
    """A text and its words."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.atoms = atoms(text)

    def between(self, here: int, there: int) -> str:
        """What stands between two words."""
        return self.text[self.atoms[here].end : self.atoms[there].start]

    def joins(self, here: int, there: int) -> bool:
        """Whether two words that follow each other may be parts of one name."""
        return bool(_BETWEEN.match(self.between(here, there)))

    def before(self, at: int, count: int = 6) -> list[str]:
        """The plain words before a word in its sentence, nearest first; what hyphens join is one."""
        found: list[str] = []
        here, end = at - 1, self.atoms[at].start
        while here >= 0 and len(found) < count:
            atom = self.atoms[here]
            gap = self.text[atom.end : end]
            # The full stop of "St." and "Dr." ends no sentence.
            if (_SENTENCE_END.search(gap) and len(atom.plain) > 3) or (not found and gap.strip("„“”\"'( ")):
                break
            word = atom.plain
            while not self.atoms[here].first:
                here -= 1
                word = f"{self.atoms[here].plain}-{word}"
            found.append(word)
            end = self.atoms[here].start
            here -= 1
        return found

    def following(self, at: int) -> Atom | None:
        """The word at this place when only a blank parts it from the one before."""
        return self.atoms[at] if 0 < at < len(self.atoms) and self.between(at - 1, at) == " " else None

    def listed_after(self, end: int, at: int) -> bool:
        """Whether a list that reached to ``end`` goes on with this word: Hamburg, Bremen und Kiel."""
        return end > 0 and bool(_LISTED.fullmatch(self.text[end : self.atoms[at].start]))
