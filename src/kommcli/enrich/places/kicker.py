"""What a kicker names: a place, several, a state, the federation, or nothing that is a place.

A kicker is read as a whole: ``Kreis Bergstraße``, ``Mönchengladbach / Wiesbaden``, ``Halle (Saale)``. Where a
word stays over it is the name of an organisation, a product or a topic, and no place, wherever that may sit.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from kommcli.about import PassedOver
from kommcli.data import states
from kommcli.enrich.places import vocabulary as v
from kommcli.enrich.places.mentions import Mention, Names, scan, shown
from kommcli.gazetteer import Bearer
from kommcli.placenames import plain


class Reading(NamedTuple):
    """The mentions of a kicker in their order; ``level`` is "bund", "eu" or ""."""

    mentions: tuple[Mention, ...] = ()
    level: str = ""
    passed: tuple[PassedOver, ...] = ()


_SPLIT = re.compile(r"\s+/\s+|\s*,\s+|\s+(?:und|&|sowie|–|-|\+)\s+|\s*;\s+")
_HINT = re.compile(r"(.+?)\s*\(([^()]+)\)\s*")
_FILLERS = frozenset("die der das freie und grosse hanse universitaets".split())


def read(kicker: str, names: Names) -> Reading:
    """What ``kicker`` names."""
    key = plain(kicker.strip())
    if not key:
        return Reading()
    if level := _level(key):
        return Reading(level=level)
    if whole := _whole(kicker, "", names):
        return Reading((whole,))
    parts = _parts(kicker)
    found = [_whole(part, kind, names) for part, kind in parts]
    mentions = tuple(one for one in found if one)
    slash = " / " in kicker
    if mentions and (len(mentions) == len(parts) or (slash and not _all_words(mentions))):
        return Reading(mentions)
    if "/" in kicker and not slash and found and found[0] and _bilingual(found[0]):
        return Reading(mentions[:1])
    return _as_text(kicker, names)


def keys_of(name: str, names: Names) -> tuple[str, ...]:
    """The keys of the places that a user means by ``name``: what the name alone means, else all its bearers.

    Empty where no place has the name. An official key means its place.
    """
    if name.strip().isdigit():
        return tuple(one.key for one in names.with_key(name.strip()))
    kind, rest = _stripped(name)
    bearers = _of_kind(kind, names.bearers(name) or names.bearers(rest), rest[:1].upper() + rest[1:])
    chosen = [one for one in bearers if one.meant] or bearers
    return tuple(dict.fromkeys(one.key for one in chosen))


def _level(key: str) -> str:
    words = key.split()
    federal = [word for word in words if v.is_federal(word)]
    if set(words) & v.EUROPEAN_KICKERS and not federal:
        return "eu"
    return "bund" if key in v.FEDERAL_KICKERS or (federal and len(words) <= 4) else ""


def _parts(kicker: str) -> list[tuple[str, str]]:
    """The parts and the kind word that each inherits: Landkreise Gütersloh und Paderborn."""
    pieces = [piece for piece in _SPLIT.split(kicker) if piece]
    if len(pieces) == 1 and "/" in kicker:
        pieces = [piece.strip() for piece in kicker.split("/") if piece.strip()]
    kind, found = "", []
    for at, piece in enumerate(pieces):
        own, rest = _stripped(piece)
        if not rest and at + 1 < len(pieces):
            # Stadt und Landkreis Würzburg
            found.append((f"{piece} {_stripped(pieces[at + 1])[1]}", ""))
            continue
        found.append((piece, "" if own else kind))
        kind = own or kind
    return found


def _stripped(part: str) -> tuple[str, str]:
    """The last of the kind words that a name begins with, plain, and the name without them."""
    words = part.split()
    kind = ""
    while words:
        word = plain(words[0]).strip(".,")
        kinds = (v.DISTRICT_WORDS, v.TOWN_WORDS, v.REGION_WORDS, v.STATE_WORDS)
        if any(word in table for table in kinds) or (
            word.endswith("stadt") and len(words) > 1 and len(word) > 5
        ):
            kind = word
        elif word not in _FILLERS or len(words) == 1:
            break
        words.pop(0)
    return kind, " ".join(words)


def _whole(part: str, kind: str, names: Names) -> Mention | None:
    """The mention that ``part`` is as a whole, after an inherited word for its kind."""
    own, rest = _stripped(part)
    kind = own or kind
    if not rest:
        return None
    if kind in v.REGION_WORDS and (regions := _of_kind(kind, names.bearers(part), rest)):
        return Mention("kicker", part, "name", 1.0, (), regions)
    if kind not in v.DISTRICT_WORDS | v.TOWN_WORDS and not kind.endswith("stadt") and (code := _state(rest)):
        city = names.bearers(rest) if code in ("DE-BE", "DE-HB", "DE-HH") else ()
        city = tuple(b for b in city if b.meant and b.place.kind == "municipality")
        if kind in v.STATE_WORDS or not city:
            return Mention("kicker", part, "state_name", 1.0, (code,))
        return Mention("kicker", part, "name", 1.0, (), city)
    near = _hinted(kind, rest)
    bearers = _of_kind(kind, names.bearers(part) or names.bearers(rest), rest)
    if not bearers and (hint := _HINT.fullmatch(rest)):
        bearers = _of_kind(kind, names.bearers(hint[1]), hint[1])
        near = _states_of_hint(hint[2], names) or near
        bearers = bearers if near else ()
    if bearers:
        # Norden is a town and a direction: alone it names none, unless something else in the article does.
        open_ = not kind and all(b.word and not b.meant for b in bearers)
        return Mention("kicker", part, "open" if open_ else "name", 1.0, (), bearers, near)
    if near and kind in ("samtgemeinde", "verbandsgemeinde") and rest[0].isupper():
        return Mention("kicker", part, "kind", 1.0, near[:1])
    return None


def _state(text: str) -> str:
    if len(text) <= 3 and not text.isupper():
        return ""
    genitive = text[:-1] if text.endswith("s") and len(text) > 5 else text
    return states.find(text) or states.find(genitive)


def _of_kind(kind: str, bearers: tuple[Bearer, ...], name: str) -> tuple[Bearer, ...]:
    """The bearers that fit to the word for their kind."""
    proper = tuple(b for b in bearers if b.form not in ("demonym", "ignored"))
    if kind in v.DISTRICT_WORDS:
        return tuple(b for b in proper if b.place.kind == "district")
    if kind in v.TOWN_WORDS or kind.endswith("stadt"):
        borough = kind in ("bezirk", "bezirksamt", "stadtteil", "ortsteil")
        return tuple(b for b in proper if borough or b.place.kind != "district") or proper
    if kind in v.REGION_WORDS:
        return tuple(b for b in proper if b.place.kind == "region") or proper
    without = tuple(b for b in proper if b.form != "district")
    return without if name[:1].isupper() or name[:1] == "„" else ()


def _hinted(kind: str, rest: str) -> tuple[str, ...]:
    if kind == "verbandsgemeinde":
        return ("DE-ST",) if plain(rest) in v.SAXONY_ANHALTS else ("DE-RP", "DE-ST")
    return v.KIND_HINTS.get(kind, ())


def _states_of_hint(hint: str, names: Names) -> tuple[str, ...]:
    """The states that a bracket names: Senden (Bayern), Bergen (Kreis Celle)."""
    if code := _state(hint) or v.PARTS.get(plain(hint).strip(" ."), ""):
        return (code,)
    kind, rest = _stripped(hint)
    meant = [b for b in _of_kind(kind, names.bearers(rest), rest) if b.meant or kind]
    return meant[0].place.states if meant else ()


def _bilingual(mention: Mention) -> bool:
    """Whether a second, Sorbian name may follow after a slash: Hoyerswerda/Wojerecy."""
    return any(set(b.place.states) & {"DE-BB", "DE-SN"} for b in mention.bearers if b.meant)


def _all_words(mentions: tuple[Mention, ...]) -> bool:
    return all(mention.bearers and all(b.word for b in mention.bearers) for mention in mentions)


def _as_text(kicker: str, names: Names) -> Reading:
    """A kicker that is no name: only what a preposition, a state's organ or an adjective makes sure of."""
    mentions, passed = scan(kicker, "kicker", names)
    sure = tuple(
        one
        for one in mentions
        if (one.rule == "cue" and one.strength >= 0.8)
        or (one.rule in ("adjective", "state_name", "capital", "demonym") and _governs(kicker))
        or (one.rule == "state_name" and re.search(r"\b(?:in|aus|für) " + re.escape(one.words), kicker))
    )
    over = tuple(
        PassedOver("kicker", one.words, "organisation", _candidates(one))
        for one in mentions
        if one not in sure
    )
    return Reading(sure, passed=(*passed, *over))


_GOVERNS = re.compile(
    r"(?:land(?:es|tag)|regierung|minister|staatskanzlei|senat|kommunen|kreise|staedte|gemeinden|staat)\w*"
)


def _governs(kicker: str) -> bool:
    """Whether the kicker speaks of a state's government or its municipalities, not of an organisation."""
    return bool(_GOVERNS.search(plain(kicker))) and not re.search(
        r"(?:tag|bund|verband)\b", plain(kicker).replace("landtag", "")
    )


def _candidates(mention: Mention) -> tuple[str, ...]:
    return shown(mention.bearers) or tuple(states.NAMES[code] for code in mention.states)
