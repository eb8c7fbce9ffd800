"""German running text as stems: what search, stories and related news compare words by. Pure.

::

    "Die E-Akte für Bürger:innen"  ->  eakt (parts: e, akt), burg

A word is folded (ä = ae = a, ß = ss), freed of gender forms and stemmed by Snowball's German stemmer; both
sides of every comparison go through here. Words that only join others are left out (`STOP`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple


class Token(NamedTuple):
    """A word of a text, ``text[start:end]``, by its stem; ``parts`` are the stems of the pieces of a word
    with hyphens or inner capitals (E-Akte, SmartCity), in order, else empty."""

    stem: str
    start: int
    end: int
    parts: tuple[str, ...] = ()


_HYPHENS = "-‐‑"
_WORD = re.compile(
    rf"""[Ee]iner[ {_HYPHENS}][Ff]ür[ {_HYPHENS}][Aa]lle\b   # EfA: a name, of words that say nothing
      | \d{{1,3}}(?:[.\u00a0\u202f ]\d{{3}})+(?!\d)          # 15.000
      | [^\W_]{{1,64}}(?:[{_HYPHENS}:*_·/(]{{1,2}}[Ii]n(?:nen)?\b\)?)?  # :innen, /-innen, (innen)
        (?:[{_HYPHENS}][^\W_]{{1,64}}){{0,9}}""",
    re.VERBOSE,
)
"""Bounded, so that no made-up word costs time."""

_GENDER = re.compile(rf"(?<=\w)(?:[{_HYPHENS}:*_·/(]{{1,2}}[Ii]n(?:nen)?\)?|Innen)(?![^\W\d_])")
_PIECES = re.compile(rf"[{_HYPHENS}]")
_HUMPS = re.compile(r"(?<=[^\W\d_A-ZÄÖÜ])(?=[A-ZÄÖÜ])")
_FEMALE = re.compile(r"(?<=[^\W\d_]{3}er)in(?:nen)?$")
_NO_FEMALE = frozenset({"schwerin", "schwerinnen", "zerin"})
_VERB = re.compile(r"(?<=[^\W\d_]{4})ier(?:en|t|te[mnrs]?|ung|ungen|ende?[mnrs]?)$")
_NO_VERB = frozenset("quartieren turnieren".split())
_PLURAL = re.compile(r"(?<=[^\W\d_]{3}[aopy])s$")
"""Büros, Kitas, Start-ups, Handys: Snowball takes an s away behind other letters only."""
SHORT = {"einerfuralle": "efa"}
"""Stems of what has a short form."""
_APART = dict.fromkeys(("burger", "burgern", "burgers"), "burger") | {"apps": "app"} | SHORT
"""What Snowball would throw together (Bürger and Burg) or leave apart."""
_UMLAUTS = re.compile(r"(?<![aeiouqy])([aou])e(?!u)")

STOP = frozenset(
    """ab aber alle allem allen aller alles als also am an auch auf aus bei beim bereits bin bis bisher da
    dabei dadurch dafur dagegen daher damit danach dann daran darauf daraus darin daruber darum das dass dazu
    dein dem den denn der deren derzeit des deshalb dessen die dies diese diesem diesen dieser dieses doch
    dort du durch durfen darf ebenfalls ebenso ein eine einem einen einer eines er erst es etwa etwas euch
    fur gab gegen geht gemeinsam gibt gut haben habe hat hatte hatten hier hin ich ihm ihn ihnen ihr ihre
    ihrem ihren ihrer ihres im immer in indem ins insgesamt ist ja je jede jedem jeden jeder jedes jetzt kann
    kein keine keinem keinen keiner konnen konnte konnten kunftig man mehr mit mittels mochte muss mussen
    musste nach nachdem neben nein nicht nichts noch nun nur ob oder ohne rund schon sehr sei sein seine
    seinem seinen seiner seines seit selbst sich sie sind so sodass sogar solche sollen soll sollte sollten
    sondern sowie sowohl statt uber um und uns unser unsere unserem unseren unserer unter viel viele vielen
    vom von vor wahrend war waren was weil weitere weiteren weiterer welche welchem welchen welcher wenn wer
    werden werde wie wieder will wir wird wo wobei wodurch wolle wollen worden wurde wurden zu zudem zum zur
    zwar zwischen""".split()
)
"""Folded words that say nothing by themselves: articles, pronouns, particles, auxiliaries. Our own list."""


def tokens(text: str, start: int = 0) -> Iterator[Token]:
    """The words of ``text`` that say something, in order, from the word at ``start`` on."""
    for found in _WORD.finditer(text, start):
        stem, parts = look(found[0])
        if stem:
            yield Token(stem, found.start(), found.end(), parts)


def look(word: str) -> tuple[str, tuple[str, ...]]:
    """Stem and parts of one of the `words`, as a `Token` has them; an empty stem where it says nothing."""
    bare = folded(word)
    if bare in STOP:
        return "", ()
    if word.isdigit() or (word.islower() and word.isalpha()):
        return _stemmed(bare), ()
    pieces = [piece for part in _PIECES.split(_GENDER.sub("", word)) for piece in _HUMPS.split(part) if piece]
    if len(pieces) < 2:
        return _stemmed(bare), ()
    return _stemmed(bare), tuple(filter(None, map(stem, pieces)))


def places(text: str) -> list[tuple[str, int, int]]:
    """The `words` of ``text`` with their beginnings and ends."""
    return [(found[0], *found.span()) for found in _WORD.finditer(text)]


def words(text: str) -> list[str]:
    """The words of ``text`` as they are written, those that say nothing among them."""
    return _WORD.findall(text)


def stem(word: str) -> str:
    """The stem of one word; also of one that `STOP` has. Empty where nothing is left of it."""
    return _stemmed(folded(word))


def only_joins(text: str) -> bool:
    """Whether all words of ``text`` are of `STOP`."""
    found = words(text)
    return bool(found) and all(folded(word) in STOP for word in found)


def folded(word: str) -> str:
    """``word`` in letters without case, marks, hyphens and gender form: "Bürger:innen" gives ``burger``."""
    if word.isascii() and word.isdigit():
        return word
    # Most words have none of what the patterns look for, which is seen more quickly without them.
    if not word.isalpha() or "Innen" in word:
        word = _GENDER.sub("", word)
    word = word.casefold()
    if not word.isascii():
        word = unicodedata.normalize("NFD", word)
    bare = word if word.isalnum() else "".join(char for char in word if char.isalnum())
    # ae, oe, ue are the umlauts, but not in bauen, neue, quer, Museum.
    return _UMLAUTS.sub(r"\1", bare) if "ae" in bare or "oe" in bare or "ue" in bare else bare


def _stemmed(bare: str) -> str:
    if bare.isdigit():
        return bare
    if "erin" in bare and bare not in _NO_FEMALE:
        bare = _FEMALE.sub("", bare)
    if len(bare) <= 2:
        return bare
    # modernisieren, modernisiert, Modernisierung; fusionieren, Fusion: Snowball gives each verb form its own.
    if "ier" in bare and bare not in _NO_VERB:
        bare = _VERB.sub("", bare)
    found = _APART.get(bare) or _stemmer()(_PLURAL.sub("", bare))
    return found[:-3] if found.endswith("ier") and len(found) > 7 else found


@lru_cache(maxsize=1)
def _stemmer() -> Callable[[str], str]:
    import Stemmer

    snowball: Callable[[str], str] = Stemmer.Stemmer("german").stemWord
    return snowball
