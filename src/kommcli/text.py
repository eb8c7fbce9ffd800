"""Text from strangers: made harmless, made comparable, made short, and split into kicker and title.

`clean` is the one sanitiser of the program. What it returns can be shown in a terminal, stored and mailed:
no control, direction or invisible character is left in it, so it cannot act, hide or reorder anything.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

# Patterns are strings where a plain text does not need them: `re` compiles each at its first use only.
_NOT_PLAIN = re.compile(r"[^\t\n\r\x20-\x7e\xa1-\xac\xae-\u02ff\u2010-\u2027\u2030-\u205e\u20ac]")

# Controls except white space, Default_Ignorable_Code_Point of Unicode's DerivedCoreProperties.txt except
# U+200D and the variation selectors, the rest of category Cf, U+FFFC, private use and noncharacters.
_DROPPED = (
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2"
    "\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ue000-\uf8ff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffc\ufffe\uffff\U000110bd\U000110cd"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(1, 15))
    + "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff\U000f0000-\U0010ffff]+"
)
_EMOJI = "[\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]"
_STRAY_JOINER = f"(?<!{_EMOJI})(?<!{_EMOJI}\ufe0f)\u200d|\u200d(?!{_EMOJI})"
_SELECTORS = "([\ufe00-\ufe0f\U000e0100-\U000e01ef])[\ufe00-\ufe0f\U000e0100-\U000e01ef]+"
# All combining marks and few others: marks are no \w in Python, and the excluded blocks hold none.
_MARKISH = r"[^\w\s\x00-\u02ff\u2000-\u20cf\u2100-\u2bff\u3000-\u3029\uff00-\uffff\U0001f000-\U0001faff]"
_MARKS_A_BASE = 8


def clean(text: str) -> str:
    """``text`` as one harmless line: NFC, single blanks, visible characters only. Idempotent, linear.

    Every kind of white space and line break becomes a blank. Controls, direction marks, invisible and private
    characters vanish; U+200D stays inside emoji; a base keeps eight marks; a lone surrogate is U+FFFD.
    """
    return " ".join(_visible(text).split())


def clean_lines(text: str) -> str:
    """Like `clean`, but line breaks of every kind stay as ``\\n``, at most two in a row."""
    lines = (" ".join(line.split()) for line in _visible(text).splitlines())
    return re.sub("\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _visible(text: str) -> str:
    """``text`` in NFC with its white space, but without anything that cannot be seen."""
    if not _NOT_PLAIN.search(text):
        return text
    text = re.sub(_DROPPED, "", re.sub("[\ud800-\udfff]", "\ufffd", text))
    if "\u200d" in text:
        text = re.sub(_STRAY_JOINER, "", text)
    text = re.sub(_SELECTORS, r"\1", text)
    text = re.sub(rf"(?:^|(?<=\s)){_MARKISH}+", _without_leading_marks, text)
    # Marks are capped before NFC, which is quadratic in their number, and after it, as it may add some.
    return _capped(unicodedata.normalize("NFC", _capped(text)))


def _without_leading_marks(run: re.Match[str]) -> str:
    for at, char in enumerate(run[0]):
        if unicodedata.category(char)[0] != "M":
            return run[0][at:]
    return ""


def _capped(text: str) -> str:
    """``text`` with at most eight combining marks in a row."""
    return re.sub(f"{_MARKISH}{{{_MARKS_A_BASE + 1},}}", _cap_run, text)


def _cap_run(run: re.Match[str]) -> str:
    kept: list[str] = []
    marks = 0
    for char in run[0]:
        marks = marks + 1 if unicodedata.category(char)[0] == "M" else 0
        if marks <= _MARKS_A_BASE:
            kept.append(char)
    return "".join(kept)


# ------------------------------------------------------------------------------------------ comparing

_ALIKE = (
    dict.fromkeys(map(ord, "„“”‟«»‹›‚‘‛"), '"')
    | dict.fromkeys(map(ord, "’ʼ´′"), "'")
    | dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
    | {ord("ł"): "l", ord("đ"): "d", ord("ø"): "o", ord("æ"): "a", ord("œ"): "o"}
)
_DIACRITICS = "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"


def fold(text: str) -> str:
    """The key to compare by, never to show: München, Muenchen, MUNCHEN give ``munchen``. Idempotent.

    Both German transcriptions (DIN 5007-1 ä = a, DIN 5007-2 ä = ae) meet in one form, so ``ae oe ue`` lose
    their e everywhere; fold both sides. Typographic quotes are ``"``, apostrophes ``'``, dashes ``-``.
    """
    text = text.casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFD", _capped(re.sub(_DIACRITICS, "", text)))
        text = re.sub(_DIACRITICS, "", text).translate(_ALIKE)
    return " ".join(re.sub("([aou])e+", r"\1", text).split())


# ------------------------------------------------------------------------------------------ shortening

_SENTENCE_END = r"""[.!?…]["'“”‘’«»)\]]*(?=\s+["'„“”‚‘»«(\[]*[A-ZÄÖÜ0-9])"""
_ABBREVIATIONS = frozenset(
    "abs art bd bspw bzgl bzw ca dipl dr evtl ggf hrsg ing inkl insb jh kap lkr mio mrd nr opf prof rd s sog "
    "st std stellv str tel usw vgl vs z zzgl".split()
)


def shorten(text: str, limit: int) -> str:
    """``text`` in at most ``limit`` characters, cut at a word border and marked with ``…``."""
    if len(text) <= limit:
        return text
    if limit < 1:
        return ""
    kept = text[: limit - 1]
    if not text[limit - 1].isspace():
        kept = kept[: max(map(kept.rfind, " \n"))] if " " in kept or "\n" in kept else kept
    return kept.rstrip(" \n.,;:–-„(\u200d") + "…"


def cut_at_sentence(text: str, limit: int) -> str:
    """The whole sentences of ``text`` that fit ``limit`` characters; where not even one does, `shorten`.

    The full stop of an abbreviation (z. B., Dr., St.) or an ordinal (14. Oktober) ends no sentence.
    """
    if len(text) <= limit:
        return text
    # Some characters more than the limit, for the pattern looks at the beginning of the next sentence.
    ends = [at for at in re.finditer(_SENTENCE_END, text[: max(limit, 0) + 8]) if at.end() <= limit]
    for end in reversed(ends):
        before = text[max(0, end.start() - 20) : end.start()]
        if end[0][0] != "." or not _is_abbreviation(before):
            return text[: end.end()]
    return shorten(text, limit)


def sentences(text: str) -> list[str]:
    """The sentences of ``text``, each without the blanks around it; a line break ends one, too."""
    found = []
    for line in text.split("\n"):
        begin = 0
        for end in re.finditer(_SENTENCE_END, line):
            before = line[max(0, end.start() - 20) : end.start()]
            if end[0][0] != "." or not _is_abbreviation(before):
                found.append(line[begin : end.end()].strip())
                begin = end.end()
        found.append(line[begin:].strip())
    return [one for one in found if one]


def _is_abbreviation(before: str) -> bool:
    """Whether a full stop after ``before`` belongs to its last word."""
    word = re.split(r"[\s.(„\"/-]", before)[-1].casefold()
    return len(word) == 1 or word in _ABBREVIATIONS or (word.isdecimal() and len(word) <= 2)


# --------------------------------------------------------------------------------- kicker and title
# Facts: domain.md 1.3 and 4 (kickers of Kommune21 and move); not every colon is a kicker's.

_KICKER_LENGTH = 60
_KICKER_WORDS = 6
_CLOSERS = {"„": '“”"', "“": "”", '"': '"', "»": "«", "«": "»", "‚": "‘’", "‘": "’", "›": "‹", "‹": "›"}
_CLOSERS |= {"(": ")", "[": "]"}
_PHRASE_WORDS = frozenset(
    "wer wie was wo wann warum wieso weshalb welche welcher welches wohin woher womit wozu wofür how why "
    "what the die das den dem ein eine einer eines einem einen ich du er sie es wir ihr uns euch sich man "
    "mein meine unser unsere dein deine ihre seine dieser diese dieses jeder jede alle alles ist sind war "
    "waren sei sein wird werden wurde wurden würde hat haben hatte hatten kann können könnte muss müssen "
    "soll sollen sollte will wollen darf dürfen lässt gibt geht so nicht kein keine mehr weniger nur auch "
    "noch schon jetzt hier dann wenn dass als aber oder doch für mit ohne gegen statt zur zum zu über von "
    "vom beim durch aus nach bis seit unter um trotz dank wegen per in im an am ob bei vor auf".split()
)
_COUNTERS = frozenset(
    "kw woche folge episode teil kapitel tag schritt ausgabe nr. nummer runde platz".split()
)
_FLAGS = frozenset(
    "achtung anzeige breaking eil eilmeldung hinweis korrektur liveticker neu ticker update wichtig".split()
)
_BRANDS = frozenset("adesso citeq dataport govdigital init msg".split())
_SHORT_FORMS = frozenset("St. Dr. Prof. OPf. Opf. Holst. Westf. Oldb. Rbge. Lkr. Hl. Kr.".split())
_PREPOSITIONS = frozenset("in im an am ob bei vor auf unter".split())
_TAILS = frozenset(
    "Aisch Aller Allgäu Alz Altmühl Ammersee Bergstraße Bodensee Breisgau Brenz Chiemsee Donau Eder Elbe "
    "Ems Enz Fils Forst Fulda Harz Havel Heide Höhe Holstein Iller Ilm Inn Isar Kocher Lahn Lech "
    "Leine Lippe Main Mark Mosel Murr Naab Nahe Neckar Oberpfalz Oder Oldenburg Peene Pfalz "
    "Regen Rems Rhein Rhön Rübenberge Ruhr Saale Saar Sachsen Sand Schwarzwald See Sieg Solling "
    "Spessart Spree Steigerwald Tauber Taunus Teck Trave Vogtland Wald Waldnaab Weinstraße Werra Weser "
    "Westfalen".split()
)
_NEAR = frozenset("Augsburg Berlin Coburg Dresden Hamburg Köln Leipzig München Nürnberg".split())


def split_kicker(title: str) -> tuple[str, str]:
    """The kicker and the rest of ``title``; the kicker is empty where the colon is not a kicker's.

    A kicker is a short noun phrase, mostly a place or an organisation, before the first ``: `` outside
    quotation marks and brackets: ``Potsdam: Neues Portal`` gives ``("Potsdam", "Neues Portal")``.
    """
    at, bare = _first_colon(title)
    kicker, rest = title[:at].strip(), title[at + 1 :].strip()
    if at < 0 or not _is_noun_phrase(bare) or not _is_headline(rest):
        return "", title
    return kicker, rest


def split_at_colon(title: str) -> tuple[str, str]:
    """What stands before and behind the first ``: `` outside quotation marks and brackets, for lists
    that are known to have kickers. The first is empty where there is no such colon."""
    at, _bare = _first_colon(title)
    return (title[:at].strip(), title[at + 1 :].strip()) if at > 0 else ("", title)


def is_noun_phrase(kicker: str) -> bool:
    """Whether ``kicker`` has the form of one: a short name, not a phrase with a verb or a question."""
    return bool(kicker) and _is_noun_phrase(_first_colon(f"{kicker}: ")[1] or kicker)


def is_headline(rest: str) -> bool:
    """Whether ``rest`` can stand alone as a title."""
    return bool(rest) and _is_headline(rest)


def _first_colon(title: str) -> tuple[int, str]:
    """Where a kicker would end, and what stands before it outside quotes and brackets; -1 if nowhere."""
    closers: list[str] = []
    bare: list[str] = []
    for at, char in enumerate(title[: _KICKER_LENGTH + 1]):
        if closers and char in closers[-1]:
            closers.pop()
        elif char in _CLOSERS:
            closers.append(_CLOSERS[char])
        elif not closers:
            if char == ":" and title[at + 1 : at + 2] == " ":
                return at, "".join(bare)
            bare.append(char)
    return -1, ""


def _is_noun_phrase(bare: str) -> bool:
    # "a.d.", "i. d.", "v." and the like are prepositions with an article
    bare = re.sub(r"\b[aivob]\. ?(?:d\. ?)?(?=\w)", "an ", bare)
    words = _without_place_tail(bare.replace(",", " ").split())
    if len(bare) < 2 or not 1 <= len(words) <= _KICKER_WORDS or re.search("[!?;…]|//", bare):
        return False
    lead = words[0] if words[0].isupper() else words[0].lower()
    if lead in _PHRASE_WORDS | _FLAGS | {"der", "des"} or not (words[0][0].isupper() or _is_company(words)):
        return False
    pairs = list(pairwise(words))
    if any(one.lower() in _COUNTERS and re.match(r"\d|[IVX]+$", two) for one, two in pairs):
        return False
    dots_fit = all(word in _SHORT_FORMS or not re.search(r"\w\w\.$", word) for word in words)
    return dots_fit and _is_name(words[-1]) and all(_may_follow(one, two) for one, two in pairs)


def _without_place_tail(words: list[str]) -> list[str]:
    """Drop "an der Ruhr", "i.d. OPf.", "bei München" after a name, so that only odd prepositions remain."""
    for at, word in enumerate(words[1:], 1):
        if word in _PREPOSITIONS:
            tail = at + 2 if words[at + 1 : at + 2] in (["der"], ["dem"], ["den"]) else at + 1
            name = words[tail].partition("/")[0] if tail < len(words) else ""
            if name in (_NEAR if word == "bei" else _TAILS) or re.fullmatch(r"[A-Z]\w{0,5}\.", name):
                return words[:at] + words[tail + 1 :]
    return words


def _is_company(words: list[str]) -> bool:
    """A name written small: ekom21, eGo-Saar, regio iT, rku.it."""
    return len(words) <= 3 and any(_is_brand(word) for word in words[:2])


def _is_brand(word: str) -> bool:
    return word in _BRANDS or (word[0].islower() and re.search(r"[A-ZÄÖÜ\d]|\w\.\w", word) is not None)


def _is_name(word: str) -> bool:
    return word[0].isupper() or word[0].isdigit() or _is_brand(word)


def _may_follow(before: str, word: str) -> bool:
    """Whether a noun phrase may go on so: with a name, a genitive or an adjective, but not with a verb."""
    if _is_name(word) or word in {"/", "&", "+", "und", "der", "des"}:
        return True
    if word in _PHRASE_WORDS or not word[0].isalpha():
        return False
    return word.endswith(("er", "e", "es")) or (word.endswith("en") and before in {"und", "der", "des"})


def _is_headline(rest: str) -> bool:
    """Whether ``rest`` can stand alone: begins like a headline and is more than one short word."""
    first, *more = rest.split() or [""]
    return bool(more or len(first) >= 8) and (first[0] in _CLOSERS or _is_name(first))
