"""Where a paragraph is broken into lines, as a typesetter does it. Pure.

Words are kept whole, and hyphenated only where leaving one whole would tear the line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pyphen import Pyphen

FULL = 0.85
"""A line that is filled to this share is not torn: its next word need not be divided."""

LOOSE = 0.75
"""A line may be this short where that keeps together what belongs together."""

LEAST = 3
"""Letters before and behind a hyphen (DIN 5008 allows two; three read better)."""

_ROW = 2
"""Hyphens below each other."""

_LONGEST = 100
"""Letters of a word that is looked up: no real one has more, and an endless one would take long."""

_JOINER, _SELECTOR = "\u200d", "\ufe0f"

_DICTIONARIES = {"de": "de_DE", "en": "en_US"}

_WORD = re.compile(r"[^\W\d_]{6,}")
_SEAM = re.compile(r"(?<=[^\W_])[-\u2010–/](?=[^\W\d_])")
# amt@stadt.de, www.kommune21.de, #DigitaleStadt: a hyphen would be taken for their own.
_ADDRESS = re.compile(r"://|@|[^\W\d_]\.[a-z]{2}|(?<!\S)[^\w\s]*(?:www\.|#)", re.IGNORECASE)
_JOINT = re.compile(r"(?:ung|heit|keit|ion|schaft|tät|ling)s$")
"""Where a German compound is joined for certain: dividing there reads best."""
_LEADS = re.compile(
    r"[\W_]*(?:[^\W\d_]\.|[^\W\d_]\.[^\W\d_]\.|Dr\.|Prof\.|Nr\.|Art\.|Abs\.|Kap\.|ca\.|St\.|Mio\.|Mrd\.|§+"
    r"|KW|\d{1,3}(?:[.,]\d+)*\.?)",
    re.IGNORECASE,
)
"""What stays with the next word where that costs nothing: ``z. B.``, ``14. Oktober``, ``37 Prozent``."""
_CLOSES = re.compile(r"[–—\-·|/%€…,.;:!?)\]»«“”’]+")
"""A word that no line should begin with."""

Width = Callable[[str], int]
"""Terminal cells that a text takes."""


class Line(NamedTuple):
    """The characters ``start`` to ``end`` of a text; ``hyphen``: a hyphen is to be written behind them."""

    start: int
    end: int
    hyphen: bool = False


def cells(text: str) -> int:
    """Terminal cells of ``text``: wide characters take two, marks and joiners none. Rather too many than too
    few for joined emoji, which terminals show differently."""
    if text.isascii():
        return len(text)
    taken = 0
    for char in text:
        if char == _SELECTOR:  # makes a narrow sign an emoji
            taken += 1
        elif unicodedata.east_asian_width(char) in "WF":
            taken += 2
        elif unicodedata.category(char) not in ("Mn", "Me", "Cf") and not "\u1160" <= char <= "\u11ff":
            taken += 1
    return taken


def lines(
    text: str, columns: int, *, hang: int = 0, language: str = "de", width: Width = cells
) -> list[Line]:
    """Where to break ``text``, one line with single blanks, into lines of at most ``columns`` cells, all but
    the first ``hang`` cells narrower (a single character that is wider stands alone).

    Their slices, with a blank where one ended at a blank and nothing where one ended in a word, are the text
    again. Takes time in proportion to the text.
    """
    setter = _Setter(text, language, width)
    found: list[Line] = []
    at = setter.behind_blanks(0)
    while at < len(text):
        line = setter.line(at, max(1, columns - (hang if found else 0)), max(1, columns - hang))
        found.append(line)
        at = setter.behind_blanks(line.end)
    return found


class _Setter:
    """Sets one text, line by line; it remembers how many hyphens stand below each other."""

    def __init__(self, text: str, language: str, width: Width) -> None:
        self._text, self._width = text, width
        self._dictionary = _DICTIONARIES.get(language[:2].lower(), "")
        self._row, self._is_address = 0, False

    def behind_blanks(self, at: int) -> int:
        """The first character from ``at`` on that is no blank, or the end."""
        while at < len(self._text) and self._text[at] == " ":
            at += 1
        return at

    def line(self, start: int, columns: int, later: int) -> Line:
        """The line of ``columns`` cells that begins at ``start``; ``later``: the cells of the next one."""
        end, filled = self._whole_words(start, columns)
        following = self.behind_blanks(end)
        if following >= len(self._text):
            return Line(start, end)
        line = None
        if filled < columns * FULL:
            before = filled + following - end if filled else 0
            line = self._divided(start, following, before, columns, later)
        if line is None:
            line = Line(start, self._tidy(start, end, columns) if end > start else self._cut(start, columns))
        hyphen = line.hyphen or self._text[line.end - 1] in "-\u2010"
        self._row = self._row + 1 if hyphen else 0
        return line

    # ------------------------------------------------------------------------------ what fits

    def _whole_words(self, start: int, columns: int) -> tuple[int, int]:
        """The end of the last whole word that fits, and the cells until there; ``start`` and 0 for none."""
        end, filled, at = start, 0, start
        while at < len(self._text):
            stop, taken = self._fitting(at, columns - filled - (at - end))
            if stop < len(self._text) and self._text[stop] != " ":
                break
            filled += at - end + taken
            end, at = stop, self.behind_blanks(stop)
        return end, filled

    def _fitting(self, start: int, room: int) -> tuple[int, int]:
        """How far the word at ``start`` fits into ``room`` cells, and the cells it takes until there."""
        end = self._text.find(" ", start, start + _LONGEST)
        if end > 0 and (taken := self._width(self._text[start:end])) <= room:
            return end, taken
        stop, taken = start, 0
        for stop, taken in self._growing(start, room):  # noqa: B007 - the last ones
            pass
        return stop, taken

    def _growing(self, start: int, room: int) -> Iterator[tuple[int, int]]:
        """The ends in the word at ``start`` that fit into ``room`` cells, with the cells until there. Reads
        no more of it than that, as it may be endless."""
        stop, taken = start, 0
        for following in self._clusters(start):
            taken += self._width(self._text[stop:following])
            if taken > room:
                return
            stop = following
            yield stop, taken

    def _clusters(self, start: int) -> Iterator[int]:
        """Where the characters of the word at ``start`` end, as people count them: marks stay with their
        letter, and what is joined to one emoji or flag stays together."""
        text, at = self._text, start
        while at < len(text) and text[at] != " ":
            half_flag = _is_flag(text[at])
            at += 1
            while at < len(text) and text[at] != " ":
                other_half = half_flag and _is_flag(text[at])
                if not (other_half or text[at - 1] == _JOINER or self._is_added(text[at])):
                    break
                half_flag = half_flag and not other_half
                at += 1
            yield at

    def _is_added(self, char: str) -> bool:
        """Whether it changes the character before it: a mark, a joiner, a selector, a colour of skin."""
        return "\U0001f3fb" <= char <= "\U0001f3ff" or char == _SELECTOR or self._width(char) == 0

    def _word_end(self, at: int, length: int) -> int:
        """The end of the word at ``at``, looked for in the next ``length`` characters."""
        end = self._text.find(" ", at, at + length)
        return min(at + length, len(self._text)) if end < 0 else end

    # ------------------------------------------------------------------------------ dividing a word

    def _divided(self, start: int, word: int, before: int, columns: int, later: int) -> Line | None:
        """The line with the best part of the next word, which begins at ``word`` behind ``before`` cells;
        None where no part of it fits."""
        text, room = self._text, columns - before
        end = self._word_end(word, room + 2 * _LONGEST)
        if word == 0 or text[word - 1] == " ":  # else it goes on from the line before
            self._is_address = _ADDRESS.search(text[word:end]) is not None
        if room < LEAST or self._is_address:
            return None
        forced = self._fitting(word, later)[0] < end  # no line can hold it
        hyphens: list[int] = []
        if forced or (self._row < _ROW and self.behind_blanks(end) < len(text)):
            hyphens = [at for at in self._hyphens(word, end) if self._width(text[word:at]) < room]
        # "E-" and "KI-" at the end of a line say nothing, so only where there is no other way.
        seams = [
            seam.end()
            for seam in _SEAM.finditer(text, word, end)
            if (forced or seam.start() - word >= LEAST) and self._width(text[word : seam.end()]) <= room
        ]
        return self._best(start, word, seams, hyphens, columns * LOOSE - before)

    def _best(self, start: int, word: int, seams: list[int], hyphens: list[int], least: float) -> Line | None:
        """The last place where the word is joined that fills the line by ``least`` cells, else the last."""
        joints = [at for at in hyphens if _JOINT.search(self._text, max(word, at - 8), at)]
        natural = [at for at in (*seams, *joints) if self._width(self._text[word:at]) >= least]
        at = max(natural or (*seams, *hyphens), default=0)
        return Line(start, at, at not in seams) if at else None

    def _hyphens(self, word: int, end: int) -> Iterator[int]:
        """Where the word from ``word`` to ``end`` can be divided with a hyphen, in the order of the text."""
        if not self._dictionary:
            return
        text = self._text
        # Of a word that was divided already all letters are looked up: the patterns need its beginning.
        earliest = max(0, word - _LONGEST)
        begin = max(text.rfind(" ", earliest, word) + 1, earliest)
        for match in _WORD.finditer(text, begin, end):
            letters = match[0]
            if len(letters) >= _LONGEST or any(char.isupper() for char in letters[1:]):
                continue  # IKONE, GovIntel: names
            if any(map(unicodedata.combining, text[max(0, match.start() - 1)] + text[match.end() : end][:1])):
                continue  # the letters begin or end in the middle of one
            for position in _positions(letters, self._dictionary):
                at = match.start() + position
                if at - max(word, match.start()) >= LEAST and match.end() - at >= LEAST:
                    yield at

    # ------------------------------------------------------------------------------ the ends of lines

    def _tidy(self, start: int, end: int, columns: int) -> int:
        """``end``, or a word or two earlier where its last word belongs to the next or the next line would
        begin with a dash, and this one stays full enough."""
        at = end
        while True:
            before = self._text.rfind(" ", start, at)
            word = self._text[max(before + 1, start) : at]
            following = self.behind_blanks(at)
            closing = _CLOSES.fullmatch(self._text, following, self._word_end(following, 8))
            if not closing and not _LEADS.fullmatch(word):
                return at
            if before <= start or self._width(self._text[start:before]) < columns * LOOSE:
                return end
            at = before

    def _cut(self, start: int, columns: int) -> int:
        """The end of a line in a word that has no place to divide it; closing signs are not left alone."""
        ends = [end for end, _taken in self._growing(start, columns)] or [next(self._clusters(start))]
        rest = self._word_end(ends[-1], 8)
        return ends[-2] if len(ends) > 1 and _CLOSES.fullmatch(self._text, ends[-1], rest) else ends[-1]


def _is_flag(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


@cache
def _load(name: str) -> Pyphen:
    from pyphen import Pyphen  # 30 ms with its patterns, which only a terminal needs

    return Pyphen(lang=name)


@cache
def _positions(letters: str, dictionary: str) -> tuple[int, ...]:
    """Where ``letters`` may be divided by putting in nothing but a hyphen. Places that are a letter apart are
    guesses of the patterns, Fort-s-etzung and Landrat-s-amt, and are left out."""
    found = _load(dictionary).positions(letters)
    places = {int(place) for place in found if place.data is None}
    return tuple(place for place in sorted(places) if not {place - 1, place + 1} & places)
