"""What a text counts: its numbers with what they are numbers of. Pure.

::

    "rund 1,2 Millionen Euro für 87 öffentliche Schulen, zwei Drittel"  ->  (euro, 1200000), (schul, 87), (%, 66.7)
"""

from __future__ import annotations

import re
from typing import NamedTuple

from kommcli import stems


class Count(NamedTuple):
    """A number: ``unit`` is the stem of what is counted, "%" for shares, "date" (month * 100 + day) or "year"."""

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
        2: "zwei beide beiden", 3: "drei", 4: "vier", 5: "fünf", 6: "sechs", 7: "sieben", 8: "acht", 9: "neun",
        10: "zehn", 11: "elf", 12: "zwölf", 13: "dreizehn", 14: "vierzehn", 15: "fünfzehn", 16: "sechzehn",
        20: "zwanzig", 30: "dreißig", 40: "vierzig", 50: "fünfzig", 100: "hundert", 1000: "tausend",
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
    "hälfte": 50, "drittel": 100 / 3, "viertel": 25, "fünftel": 20, "zehntel": 10, "prozent": 1, "%": 1,
}  # fmt: skip

_ORDINALS = {"dritte": 3, "vierte": 4, "fünfte": 5, "sechste": 6, "siebte": 7, "achte": 8, "zehnte": 10}

_TOKEN = re.compile(
    r"""(?P<number>\d{1,3}(?:[.\u00a0\u202f ]\d{3})+(?:,\d+)?(?!\d)|\d+(?:,\d+)?)(?P<dot>\.)?
      | (?P<word>[^\W\d_]+(?:[-‐‑][^\W\d_]+)*)
      | (?P<mark>[%€])
      | (?P<stop>[.!?;:\n„“"])""",
    re.VERBOSE,
)
_CLOCK = re.compile(r"\d{1,2}[.:]\d{2}(?= ?Uhr)|§+ ?\d+\w*(?: Abs(?:atz|\.) ?\d+)?|\b\d{5} (?=[A-ZÄÖÜ])")
_SMALL = frozenset("und bis oder von der die das den dem des ihre ihren seine seinen".split())
_NOTHING = frozenset(
    map(stems.stem, "Uhr Jahr Jahren Monat Woche Tag Stunde Minute Mal Million Seite Absatz".split())
)
"""What is counted in every text: two that differ in it may tell the same."""
_AHEAD = 3
"""Words between a number and what it counts: "87 weitere öffentliche Schulen"."""


def counts(text: str) -> list[Count]:
    """The numbers of ``text`` in their order, each kind and value once."""
    tokens = list(_TOKEN.finditer(_CLOCK.sub(" ", text)))
    found: dict[tuple[str, float], Count] = {}
    at = 0
    while at < len(tokens):
        value = _value(tokens[at])
        if value is None:
            share = _nth(tokens, at)
            if share:
                found.setdefault((share.unit, share.value), share)
            at += 1
            continue
        count, at = _share_of(tokens, at, value) or _count(tokens, at, value)
        if count:
            found.setdefault((count.unit, count.value), count)
    return list(found.values())


def _value(token: re.Match[str]) -> float | None:
    if number := token["number"]:
        return float(re.sub(r"[.\u00a0\u202f ]", "", number).replace(",", "."))
    return _WORDS.get(token["word"].casefold()) if token["word"] else None


def _nth(tokens: list[re.Match[str]], at: int) -> Count | None:
    """ "jede fünfte Gemeinde" is 20 per cent; so is "ein Fünftel"."""
    word = _word(tokens, at)
    following = _word(tokens, at + 1)
    if word in ("jede", "jeder", "jedes", "jeden") and following.rstrip("rns") in _ORDINALS:
        value = 100 / _ORDINALS[following.rstrip("rns")]
    elif (
        word in ("ein", "einem", "eines", "die", "der")
        and following in _SHARES
        and following not in "prozent%"
    ):
        value = _SHARES[following]
    else:
        return None
    return Count("%", round(value, 1), f"{tokens[at][0]} {tokens[at + 1][0]}")


def _share_of(tokens: list[re.Match[str]], at: int, value: float) -> tuple[Count, int] | None:
    """ "vier von zehn" is 40 per cent."""
    if _word(tokens, at + 1) != "von" or at + 2 >= len(tokens):
        return None
    whole = _value(tokens[at + 2])
    if not whole or not value < whole <= 10:
        return None
    return Count(
        "%", round(100 * value / whole, 1), " ".join(token[0] for token in tokens[at : at + 3])
    ), at + 3


def _count(tokens: list[re.Match[str]], at: int, value: float) -> tuple[Count | None, int]:
    """The count that begins with the number at ``at``, and where to go on."""
    first = tokens[at]
    at += 1
    word = _word(tokens, at)
    if first["dot"] and word in _MONTHS and 1 <= value <= 31:
        return Count("date", _MONTHS[word] * 100 + value, f"{first[0]} {tokens[at][0]}"), at + 1
    said = first[0].rstrip(".")
    if word in _MULTIPLES:
        value = round(value * _MULTIPLES[word])
        said += f" {tokens[at][0]}"
        at += 1
        word = _word(tokens, at)
    if word in _SHARES:
        return Count("%", round(value * _SHARES[word], 1), f"{said} {tokens[at][0]}"), at + 1
    if first["number"] and first[0].isdigit() and 1990 <= value <= 2050:
        return Count("year", value, first[0]), at
    if first["dot"]:
        return None, at  # the end of a sentence, or an ordinal
    for place in range(at, min(at + _AHEAD, len(tokens))):
        token = tokens[place]
        if token["mark"] == "€":
            return Count("euro", value, f"{said} €"), place + 1
        if not token["word"]:
            break
        if token["word"][0].isupper():
            unit = stems.stem(token["word"])
            if unit in _NOTHING or token["word"].casefold() in _MONTHS:
                break
            return Count(unit, value, f"{said} {token['word']}"), place + 1
        if token["word"] in _SMALL:
            break
    return None, at


def _word(tokens: list[re.Match[str]], at: int) -> str:
    return (tokens[at]["word"] or tokens[at]["mark"] or "").casefold() if at < len(tokens) else ""


def agree(one: float, other: float, unit: str) -> bool:
    """Whether two numbers of the same can be the same, one of them rounded: 15 000 and 15.200, 66 % and two thirds."""
    if unit in ("date", "year"):
        return one == other
    if unit == "%":
        return abs(one - other) <= 1.5
    return one == other or (min(one, other) >= 100 and abs(one - other) <= 0.05 * max(one, other))


def telling(value: float, unit: str) -> float:
    """How much it says that two texts have this number: three is everywhere, 1,184 is not."""
    if unit == "year":
        return 0.3
    if unit == "date":
        return 1.0
    if value != int(value):
        return 1.6
    if value <= 12:
        return 0.15 if value <= 3 else 0.5
    round_ = len(str(int(value)).rstrip("0")) == 1
    return 0.8 if round_ and value <= 10_000 else 1.6 if value < 100 else 2.0
