"""German names of places made comparable: `words` gives one key for all spellings of a name.

``Halle (Saale)``, ``Halle/Saale`` and ``Halle a. d. Saale`` have the key ``("halle", "saale")``: what joins a
name to its distinguishing part (am, an der, bei, in, …) says nothing, and abbreviations are written out.
Umlauts become ``ae oe ue`` (DIN 5007-2), not single letters as in `text.fold`: Neunkirchen, Neuenkirchen.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

JOINTS = frozenset("a am an auf b bei d dem den der die i im in o ob u unter v vor vorm".split())
"""Words between a name and its distinguishing part, and their abbreviations."""

_WRITTEN_OUT = {
    short: full
    for pair in (
        "allg allgaeu|anh anhalt|bay bayern|bergstr bergstrasse|br breisgau|emsl emsland|erzgeb erzgebirge|"
        "hess hessen|holst holstein|kr kreis|lkr landkreis|lk landkreis|meckl mecklenburg|mfr mittelfranken|"
        "ndb niederbayern|nds niedersachsen|niederrh niederrhein|niedersachs niedersachsen|obb oberbayern|"
        "odenw odenwald|ofr oberfranken|oldb oldenburg|oldbg oldenburg|opf oberpfalz|"
        "ostfriesl ostfriesland|rbg ruebenberge|rbge ruebenberge|rheinl rheinland|rhld rheinland|"
        "rhpf rheinland-pfalz|sachs sachsen|schwarzw schwarzwald|siegerl siegerland|st sankt|"
        "thuer thueringen|ufr unterfranken|vogtl vogtland|weinstr weinstrasse|westerw westerwald|"
        "westf westfalen|wuertt wuerttemberg"
    ).split("|")
    for short, full in [pair.split(" ")]
}

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ł": "l", "đ": "d", "ø": "o"})
_WORD = re.compile(r"[^\W_]+")


@lru_cache(maxsize=30_000)
def plain(word: str) -> str:
    """A word in small letters without marks: ``Chóśebuz`` is "chosebuz", ``Köln`` is "koeln"."""
    return plain_text(word)


def plain_text(text: str) -> str:
    """As `plain`, for texts, which are not worth remembering."""
    text = text.lower()
    if text.isascii():
        return text
    text = unicodedata.normalize("NFC", text).translate(_UMLAUTS)
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def spelled_out(word: str) -> str:
    """A plain word with its abbreviation written out: "rbge" is "ruebenberge"."""
    return _WRITTEN_OUT.get(word, word)


def words(name: str) -> tuple[str, ...]:
    """The key of a name: its words that say something, plain and written out."""
    found = [spelled_out(word) for word in _WORD.findall(plain(name))]
    if found[1:] and found[-1] == "ob":  # Weilheim i. OB, but Rothenburg ob der Tauber
        found[-1] = "oberbayern"
    return tuple(word for at, word in enumerate(found) if at == 0 or word not in JOINTS)


_PART = re.compile(
    r"\s*\(([^()]*)\).*|\s*/\s*(.+)"
    r"|\s(?:am|an der|an den|a\.\s?d\.|a\.|a d|bei|b\.?|im|in der|in|i\.\s?d\.|i\.|ob der|vor der|v\.\s?d\."
    r"|unter|u\.|auf|o\.\s?d\.|vorm|unterm)\s*(?=\S)(.+)"
)


def parted(name: str) -> tuple[str, str]:
    """A name and its distinguishing part: "Halle (Saale)" is ("Halle", "Saale"); the part may be ""."""
    found = _PART.search(name)
    if not found or not found.start():
        return name, ""
    return name[: found.start()], next(filter(None, found.groups()), "")
