"""What a text counts: its numbers with what they are numbers of. Pure.

::

    "rund 1,2 Millionen Euro für 87 öffentliche Schulen, zwei Drittel"
        ->  (euro, 1200000), (schul, 87), (%, 66.7)
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from kommcli import stems


class Count(NamedTuple):
    """A number: ``unit`` is the stem of what is counted, "%" for shares, "date" (month * 100 + day) or
    "year"."""

    unit: str
    value: float
    words: str

    @property
    def kind(self) -> str:
        """ "%", "date", "year", or "" where things are counted."""
        return self.unit if self.unit in ("%", "date", "year") else ""


_WORDS = {
    word: value
    for value, words in {
        2: "zwei beide beiden", 3: "drei", 4: "vier", 5: "fünf", 6: "sechs", 7: "sieben", 8: "acht", 9:
        "neun", 10: "zehn", 11: "elf", 12: "zwölf", 13: "dreizehn", 14: "vierzehn", 15: "fünfzehn", 16:
        "sechzehn", 20: "zwanzig", 30: "dreißig", 40: "vierzig", 50: "fünfzig", 100: "hundert", 1000:
        "tausend",
    }.items()
    for word in words.split()
}  # fmt: skip
_MULTIPLES = {"hundert": 1e2, "tausend": 1e3, "million": 1e6, "millionen": 1e6, "mio": 1e6, "milliarde": 1e9}
_MULTIPLES |= {"milliarden": 1e9, "mrd": 1e9, "dutzend": 12}
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("januar jänner", "februar", "märz", "april", "mai", "juni", "juli", "august", "september", "oktober",
         "november", "dezember"), 1)
    for name in names.split()
}  # fmt: skip
_SHARES = {
    "hälfte": 50,
    "drittel": 100 / 3,
    "viertel": 25,
    "fünftel": 20,
    "zehntel": 10,
    "prozent": 1,
    "%": 1,
}
_ORDINALS = {"dritte": 3, "vierte": 4, "fünfte": 5, "sechste": 6, "siebte": 7, "achte": 8, "zehnte": 10}

_NUMBER = re.compile(
    rf"""(?<!\w)(?:
        (?P<none>\d{{1,2}}[.:]\d{{2}}(?=\ ?Uhr) | §{{1,2}}\ ?\d+\w*(?:\ Abs(?:atz|\.)\ ?\d+)?
          | \d{{5}}(?<!00)\ (?=[A-ZÄÖÜ])(?!Euro\b))
      | (?<![.,])(?P<digits>\d{{1,3}}(?:[.\u00a0\u202f ]\d{{3}})+(?:,\d+)?(?!\d)|\d+(?:,\d+)?)(?P<dot>\.)?
      | (?P<every>[Jj]ede[rsn]?)\ (?P<nth>{"|".join(_ORDINALS)})[rns]?\b
      | (?:[Ee]in(?:em|es)?|die|der)\ (?P<share>Hälfte|Drittel|Viertel|Fünftel|Zehntel)\b
      | (?P<word>(?i:{"|".join(sorted(_WORDS, key=len, reverse=True))}))\b)""",
    re.VERBOSE,
)
"""A number, or what only looks like one: a time, a paragraph of a law, a post code ("14467 Potsdam", but
15000 Einwohner are people)."""
_NEXT = re.compile(r"[ \u00a0\u202f]*(?:([%€])|([^\W\d_]+(?:[-‐‑][^\W\d_]+)*))")

_SMALL = frozenset("und bis oder von der die das den dem des ihre ihren seine seinen".split())
_NOTHING = frozenset(
    map(stems.stem, "Uhr Jahr Jahren Monat Woche Tag Stunde Minute Mal Million Seite Absatz".split())
)
"""What is counted in every text: two that differ in it may tell the same."""

_PLAIN = str.maketrans(",", ".", ".\u00a0\u202f ")
"""From German digits to those of Python."""

_ENDLESS = 1e15
"""From here on digits are a key or nonsense, and count nothing."""

_AHEAD = 3
"""Words between a number and what it counts: "87 weitere öffentliche Schulen"."""


def counts(text: str) -> list[Count]:
    """The numbers of ``text`` in their order, each kind and value once."""
    found: dict[tuple[str, float], Count] = {}
    at = 0
    while number := _NUMBER.search(text, at):
        count, at = _count(text, number)
        if count:
            found.setdefault(count[:2], count)
    return list(found.values())


def _count(text: str, number: re.Match[str]) -> tuple[Count | None, int]:
    """The count that begins with a number, and where to go on."""
    end = number.end()
    if number["none"]:
        return None, end
    if nth := number["nth"]:  # "jede fünfte Gemeinde" is 20 per cent
        return Count("%", round(100 / _ORDINALS[nth], 1), number[0]), end
    if share := number["share"]:
        return Count("%", round(_SHARES[share.casefold()], 1), number[0]), end
    if whole := _share_of(text, number):
        return whole
    value = _value(number)
    if value >= _ENDLESS:
        return None, end
    word, after = _following(text, end)
    if number["dot"] and word in _MONTHS and 1 <= value <= 31:
        return Count("date", _MONTHS[word] * 100 + value, text[number.start() : after]), after
    if word in _MULTIPLES and not number["dot"]:
        value, end = round(value * _MULTIPLES[word]), after
        end += text[end : end + 1] == "."  # Mio., Mrd.
        word, after = _following(text, end)
    said = text[number.start() : end].rstrip(".")
    if word in _SHARES:
        return Count("%", round(value * _SHARES[word], 1), text[number.start() : after]), after
    if (number["digits"] or "").isdigit() and 1990 <= value <= 2050:
        return Count("year", value, number["digits"]), end
    if number["dot"]:
        return None, end  # the end of a sentence, or an ordinal
    return _counted(text, end, value, said)


def _counted(text: str, end: int, value: float, said: str) -> tuple[Count | None, int]:
    """What is counted behind a number that ends at ``end``."""
    at = end
    for _step in range(_AHEAD):
        found = _NEXT.match(text, at)
        if not found:
            break
        at = found.end()
        if found[1] == "€":
            return Count("euro", value, f"{said} €"), at
        word = found[2] or ""
        if word[:1].isupper():
            unit = stems.stem(word)
            if unit in _NOTHING or word.casefold() in _MONTHS:
                break
            return Count(unit, value, f"{said} {word}"), at
        if word in _SMALL or not word:
            break
    return None, end


def _share_of(text: str, number: re.Match[str]) -> tuple[Count, int] | None:
    """ "vier von zehn" is 40 per cent."""
    of = " von "
    whole = _NUMBER.match(text, number.end() + len(of)) if text.startswith(of, number.end()) else None
    if whole is None or not (whole["word"] or whole["digits"]):
        return None
    part, of_all = _value(number), _value(whole)
    if not part < of_all <= 10:
        return None
    return Count("%", round(100 * part / of_all, 1), text[number.start() : whole.end()]), whole.end()


def _value(number: re.Match[str]) -> float:
    if digits := number["digits"]:
        return float(digits if digits.isdecimal() else digits.translate(_PLAIN))
    return _WORDS.get((number["word"] or "").casefold(), 0)


def _following(text: str, at: int) -> tuple[str, int]:
    """The word or mark behind ``at``, and where it ends."""
    found = _NEXT.match(text, at)
    return ((found[1] or found[2]).casefold(), found.end()) if found else ("", at)


ROUNDED = 100
"""From here on a number of things may be told rounded."""


def agree(one: float, other: float, kind: str) -> bool:
    """Whether two numbers of a kind can be the same, one of them rounded: 1,184 and 1,200, 66 % and two
    thirds."""
    if one == other:
        return True
    if kind in ("date", "year") or min(one, other) <= 0:
        return False
    if kind == "%":
        return abs(one - other) <= 1.5 and min(_digits(one), _digits(other)) < 2
    close = abs(one - other) <= 0.05 * max(one, other)
    return close and min(one, other) >= ROUNDED and _digits(one) != _digits(other)


def roughly(one: float, other: float, kind: str) -> bool:
    """Whether one of two numbers can be the other told roughly, so that they do not contradict each other:
    1,104 and a thousand, 41 and forty, 28.60 and 29, 38 % and four in ten."""
    if one == other:
        return True
    if kind in ("date", "year") or min(one, other) <= 0:
        return False
    coarse, fine = sorted((one, other), key=_digits)
    far = abs(one - other)
    if kind == "%":
        return far <= 2 and _digits(coarse) < 2
    if _digits(coarse) == _digits(fine):
        return False
    if fine != int(fine) and coarse == int(coarse) and far <= 0.5:
        return far <= 0.12 * max(one, other)
    return coarse >= _SCORE and far <= 0.1 * max(one, other)


_SCORE = 20
"""From here on "forty" may be 41; "ten" is ten."""

_FRACTIONS = frozenset((33.3, 66.7, 25.0, 75.0, 12.5, 16.7, 14.3))
"""Per cent: thirds, quarters, an eighth, sixth and seventh."""


def _digits(value: float) -> int:
    """The digits that count of a number: one of 300, two of 66, three of 66.7; one of a third, too."""
    if round(value, 1) in _FRACTIONS:
        return 1
    return len(f"{value:g}".replace(".", "").strip("0")) if value < 1e5 else len(f"{value:.0f}".rstrip("0"))


@lru_cache(maxsize=20_000)
def telling(value: float, kind: str) -> float:
    """How much it says that two texts have this number: three is everywhere, 1,184 is not."""
    if kind == "year":
        return 0.3
    if kind == "date":
        return 1.0
    digits = _digits(value)
    if kind == "%":
        return 0.5 if digits == 1 else 1.2
    if value != int(value):
        return 1.6
    if value <= 12:
        return 0.15 if value <= 3 else 0.5
    if digits == 1:
        return 0.6
    return 1.4 if value < 100 or digits == 2 else 2.0
