"""The states in running text: their names and what shortens them. Adjectives are in `data.adjectives`."""

from __future__ import annotations

from kommcli.data.states import STATES
from kommcli.enrich.places.atoms import Words
from kommcli.placenames import plain

_CITIES = ("BE", "HB", "HH")
"""These are towns, too: the table of places has them."""

_SHORT = {"nrw": "DE-NW", "rlp": "DE-RP", "bawue": "DE-BW", "meckpomm": "DE-MV", "lsa": "DE-ST"}
_CODES = {state.code: f"DE-{state.code}" for state in STATES}


def _names() -> dict[tuple[str, ...], str]:
    found = {}
    for state in STATES:
        *before, last = plain(state.name).split("-")
        if state.code not in _CITIES:
            for ending in ("", "s", "es"):
                found[(*before, last + ending)] = f"DE-{state.code}"
    return found


_NAMES = _names()


def name_at(words: Words, at: int) -> tuple[str, int]:
    """The state whose name stands here, and how many words it has; ("", 0) where none does."""
    atom = words.atoms[at]
    if not atom.text[0].isupper():
        return "", 0
    for length in (2, 1):
        part = words.atoms[at : at + length]
        code = _NAMES.get(tuple(one.plain for one in part), "")
        if code and len(part) == length and part[-1].last:
            return code, length
    if atom.last and (code := _SHORT.get(atom.plain, "")):
        return code, 1
    # Two letters mean too much: only "Lübeck (SH)" is sure.
    bracketed = words.text[atom.start - 1 : atom.end + 1] == f"({atom.text})"
    code = _CODES.get(atom.text, "") if bracketed else ""
    return code, int(bool(code))


def named(text: str) -> str:
    """The state that a whole text names, for example inside of a bracket; or ""."""
    words = tuple(plain(text).replace("-", " ").split())
    return _NAMES.get(words) or _SHORT.get(" ".join(words)) or _CODES.get(text, "")
