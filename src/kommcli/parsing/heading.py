"""Kicker and title of a page: they stand in one heading, often without a blank between them.

``ThüringenKI für Baugenehmigungen`` is Thüringen and KI …; ``vote iTStarke Lösung`` is vote iT and Starke ….
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from kommcli.parsing.pieces import letters
from kommcli.text import is_headline, is_noun_phrase, split_at_colon, split_kicker

Known = Callable[[str], bool]
"""Whether a kicker is the name of a place, state or the like."""

_SITE = re.compile(r" +[-–—|:»·•]+ +")
_WORD = re.compile(r"[\w&.+-]+", re.UNICODE)
_OPEN, _CLOSE = '„“"‚»(', '“”"’«)]'
_MAX = 60
_CERTAIN, _TOLD, _SPELLED, _ODD = 5.0, 2.0, 1.0, 1.5
"""What speaks for a border: a known name before it, words that stand elsewhere in the text before and behind
it; against it: a word of odd shape."""


class Heading(NamedTuple):
    """Kicker (may be empty) and title."""

    kicker: str
    title: str


def headlines(titles: Iterable[str]) -> tuple[str, ...]:
    """What may be the headline in page titles such as ``Neues Portal - Kommune21 online | Kommune21 - …``:
    the whole, and every beginning that ends before a sign between two names; longest first."""
    found: dict[str, None] = {}
    for title in titles:
        found[title] = None
        for cut in reversed(list(_SITE.finditer(title))):
            if cut.start() >= 3:
                found[title[: cut.start()]] = None
    return tuple(sorted(found, key=len, reverse=True))


def without_site(title: str, site: str = "") -> str:
    """The headline in a page's title: without the site's name behind it, by whatever sign it is parted."""
    known = [re.escape(site)] if site else []
    found = re.search(rf" +[-–—|:»·]+ +(?:{'|'.join([*known, _FAMILY])}).*$", title, re.IGNORECASE)
    if found and found.start() >= 3:
        return title[: found.start()]
    cut = title.partition(" | ")[0]
    if cut != title:
        return cut.rpartition(" - ")[0] or cut
    return title.rpartition(" - ")[0] or title


_FAMILY = r"Kommune21\b|move-online|move\b|stadt\+werk|stadt-und-werk"


def matching(text: str, offered: Sequence[str]) -> str:
    """The longest of the ``offered`` headlines that ``text`` ends with, as ``text`` writes it; else ""."""
    whole = letters(text)
    for one in offered:
        key = letters(one)
        if len(key) >= 3 and whole.endswith(key) and (title := _ending(text, key)):
            return title
    return ""


def split(text: str, head: str, offered: Sequence[str], context: str, known: Known) -> Heading:
    """Kicker and title of a heading.

    ``head`` is the element that it begins with, or empty; ``offered`` what metadata calls the headline;
    ``context`` the text of the article, in which names may stand once more.
    """
    if title := matching(text, offered):
        kicker = text[: len(text) - len(title)].rstrip(" :|–-")
        if kicker or title != text:
            return _checked(kicker, title, context, known)
    if head and text.startswith(head) and 2 <= len(head) <= _MAX:
        rest = text[len(head) :].lstrip(" :|–-")
        if rest:
            return Heading(head.rstrip(" :"), rest)
    if title == text and title:
        # The page calls the whole heading its headline; only a colon can part a kicker from it.
        return Heading(*split_kicker(text))
    kicker, title = split_at_colon(text)
    if kicker and (known(kicker) or is_noun_phrase(kicker)):
        return Heading(kicker, title)
    return _unglued(text, context, known)


def _checked(kicker: str, title: str, context: str, known: Known) -> Heading:
    """A headline of the metadata with the rest of the heading before it. Where it is cut from a title with a
    dash, the rest may be a part of the title: ``Einmal pflegen – 28-mal nutzen``."""
    return Heading(kicker, title) if len(kicker) <= _MAX else _unglued(f"{kicker}{title}", context, known)


def _ending(text: str, key: str) -> str:
    """The end of ``text`` whose key is ``key``, beginning at a quotation mark or a letter."""
    for at in range(len(text) - 1, -1, -1):
        if len(text) - at >= len(key) // 2 and letters(text[at:]) == key:
            while at and _opens(text, at - 1):
                at -= 1
            return text[at:]
    return ""


def _opens(text: str, at: int) -> bool:
    """Whether a quotation mark or bracket opens there: “ closes in German what „ opened."""
    if text[at] in '“"':
        return (
            text[:at].count("„") <= text[:at].count("“")
            and text[at + 1 :].count(text[at]) + text[at + 1 :].count("”") > 0
        )
    return text[at] in _OPEN


# ------------------------------------------------------------------------------------- glued words


def _unglued(text: str, context: str, known: Known) -> Heading:
    """The best border at which a word begins in a word, if there is a good one."""
    words = _Words(context)
    best, most = Heading("", text), 0.0
    for at in sorted({*_borders(text), *_rare_borders(text, words)}):
        kicker, title = text[:at].rstrip(), text[at:]
        score = _score(text, at, kicker, title, words, known)
        if score > most:
            best, most = Heading(kicker, title), score
    parted = _parted_by_a_blank(text, known)
    return parted if parted.kicker and most < 1.0 + _CERTAIN else best


def _parted_by_a_blank(text: str, known: Known) -> Heading:
    """A known name with a headline behind it: ``Potsdam Wohni bewährt sich``, not ``Potsdam plant um``."""
    for at in sorted((match.start() for match in re.finditer(" ", text[:_MAX])), reverse=True):
        kicker, title = text[:at], text[at + 1 :]
        begins = title[:1].isupper() or title[:1].isdigit() or title[:1] in '„"»'
        whole = kicker.split()[-1:] and kicker.split()[-1].casefold() not in _JOINTS
        if begins and whole and len(title.split()) > 1 and is_headline(title) and known(kicker):
            return Heading(kicker, title)
    return Heading("", text)


_JOINTS = frozenset("der die das den dem des am an im in vor bei ob auf und".split())


def _borders(text: str) -> Iterable[int]:
    """Where a title may begin without a blank before it."""
    for at in range(2, min(len(text) - 1, _MAX + 1)):
        before, here, after = text[at - 1], text[at], text[at + 1]
        if not (before.isalnum() or before in _CLOSE + "."):
            continue
        if here.isdigit():
            if before.isdigit() or before == ".":
                continue
        elif here in _OPEN:
            if here in _CLOSE and before in _CLOSE:
                continue
        elif not here.isupper() or (before.isupper() and not after.islower()):
            continue
        yield at


def _rare_borders(text: str, words: _Words) -> Iterator[int]:
    """Borders that only the article's text gives away: before a name that is written small (openDesk), and
    between the digits of a name and those of a number (Kommune21, 25 Jahre)."""
    for name in words.camels():
        at = text.find(name, 2)
        if at > 0 and text[at - 1].isalnum():
            yield at
    for run in re.finditer(r"(?<=[^\W\d_])\d{3,}", text[:_MAX]):
        for at in range(run.start() + 1, run.end()):
            name = text[:at].split()[-1]
            if text[at] != "0" and (words.has(name) or name in _NUMBERED):
                yield at


_NUMBERED = frozenset(("Kommune21", "ekom21", "Zukunft21"))
"""Names that end in a number and are kickers now and then."""


class _Words:
    """Which words stand in a text."""

    def __init__(self, text: str) -> None:
        self._text = f" {' '.join(_WORD.findall(text[:20_000]))} "
        self._folded = self._text.casefold()

    def camels(self) -> set[str]:
        """The names that begin small and have a capital letter inside."""
        return set(re.findall(r"(?<= )[a-zäöü]{2,}[A-ZÄÖÜ][\w-]+", self._text))

    def has(self, phrase: str) -> bool:
        """Whether the phrase stands there as whole words, as it is written."""
        return f" {' '.join(_WORD.findall(phrase))} " in self._text

    def has_word(self, word: str) -> bool:
        """The same for a word in any case, or a longer one that begins with it."""
        return f" {word.casefold()}" in self._folded


def _score(text: str, at: int, kicker: str, title: str, words: _Words, known: Known) -> float:
    """How much speaks for a border at ``at``; 0 where it cannot be one."""
    if len(title) < 8 and not is_headline(title):
        return 0.0
    certain = known(kicker)
    if not certain and not is_noun_phrase(kicker):
        return 0.0
    glued = _glued_word(text, at)
    if (words.has(glued) or glued in _NUMBERED) and not certain:
        return 0.0  # a name that is written so: OpenDesk, GovTech
    first = title.split()[0].strip(_OPEN + _CLOSE + ",.:;")
    score = 1.0 + _CERTAIN * certain
    score += _TOLD * words.has(kicker) + _SPELLED * (len(first) > 1 and words.has_word(first))
    if re.match(r"[A-ZÄÖÜ]{2,}[a-zäöü]", first) or re.match(r"\d+[A-Za-z]", first):
        score -= _ODD  # TStarke, 21Die
    if len(kicker) < 3 or (re.search(r"[a-zäöü][A-ZÄÖÜ]?$", kicker) and len(kicker.split()[-1]) < 2):
        score -= _ODD
    return score


def _glued_word(text: str, at: int) -> str:
    """The word that the border parts, as it stands."""
    start = max(text.rfind(" ", 0, at), -1) + 1
    end = text.find(" ", at)
    return text[start : end if end >= 0 else len(text)].strip(_OPEN + _CLOSE + ",.:;!?")
