"""Headlines that come again and again, as `Aktuelle Termine` or `KW 42`: under them never stands the same
story. Pure.

Such a headline names no news: all its words are names of columns, times and padding. One word of anything
else makes it an ordinary headline, `Termine im Bürgerbüro` as well as `Förderprogramme im Überblick`.
"""

from __future__ import annotations

import re

from kommcli.text import fold

_STRONG = r"""termin(?:e|kalender|hinweise|ubersicht|vorschau|tipps) | personalien | branchenindex
    | heftvorschau
    | veranstaltungs(?:kalender|hinweise|tipps) | kurz(?:meldungen|nachrichten|notizen|berichte)
    | presse(?:schau|spiegel) | medienschau | \w*ticker | editorial | leserbriefe | (?:lese|buch|link)tipps
    | (?:wochen|monats|quartals|jahres)(?:ruckblick|uberblick|ausblick|schau|vorschau)
    | in\seigener\ssache | in\skurze
    | kurz\s(?:notiert|gemeldet|berichtet|gefasst|(?:und|&)\s(?:knapp|bundig))"""
"""Names that nothing but a column has; like all that follows as `fold` leaves them: `neues` is `neus`."""

_WEAK = r"""veranstaltungen | meldungen | nachrichten | news | newsletter | themen | ausschreibungen | jobs
    | stellen(?:angebote|anzeigen|markt) | (?:ruck|uber|aus)?blick | vorschau | ubersicht | kompakt | neus
    | ausgabe | heft | podcast"""
"""Names of columns that may be what an article is about, too."""

_KINDS = re.compile(
    rf"""(?:
      (?P<number>(?:kw|(?:kalender)?woche|ausgabe|heft|folge|episode|podcast|newsletter)\s?(?:nr\.?\s?|\#)?\d[\d/.]*
        | (?:nr\.?\s?|\#)\d[\d/.]* | \d+\.\s(?:kw|kalenderwoche))
    | (?P<strong>{_STRONG})
    | (?P<weak>{_WEAK} | \w+-(?:{_STRONG} | {_WEAK}))
    | (?P<week>woche)
    | (?P<time>(?:monat|jahr|tag|quartal)(?:e?s)? | wochenende | \d[\d/.]*
        | (?:mon|diens|donners|frei|sams|sonn)tag | mittwoch
        | januar | februar | marz | april | mai | juni | juli | august | (?:sept|nov|dez)ember | oktober)
    | (?P<padding>de[rsnm] | die | das | i[nm] | a[nm] | auf | aus | fur | vo[nm] | zu[mr]? | bis | und
        | (?:aktull|kommend|weiter|neust|unser|all|wichtig(?:st)?|nachst|letzt|vergangen|laufend)e[nrs]?
        | neu[nrs]? | diese[rs]? | einen | was | war | wird | bringt | ist | da | erschienen)
    | (?P<other>[\w-]+)
    )(?![\w-])""",
    re.VERBOSE,
)

_OF_THE_WEEK = re.compile(
    r"(?:(?:der|die|das)\s)?(?!(?:anfang|beginn|ende|mitte|laufe?|verlauf)\s)\S+\s(?:der\swoche|des\s(?:monats|tages))",
    re.IGNORECASE,
)

_IN_SHORT = re.compile(r"kurz\W.*|kurz(?:meldung|nachricht|notiz|bericht)\w*|in kurze|meldung(?:en)?")

_FROM = re.compile(r"\s(?:aus|in)\s(?:(?:der|dem|den)\s)?[A-ZÄÖÜ][\w-]+(?:\sund\s[A-ZÄÖÜ][\w-]+)?$")

_PART = re.compile(r"\s*(?:[:|–—,]|\s-)\s+")


def is_recurring(kicker: str, title: str) -> bool:
    """Whether this headline stands over another text each time."""
    first, *others = _PART.split(title)
    # "Kurz gemeldet" stands over one piece of news as well as over a list of them.
    columns = [part for part in _PART.split(kicker) if "," in title or not _IN_SHORT.fullmatch(fold(part))]
    return (
        bool(_kinds(_FROM.sub("", title)) & {"strong", "weak", "number", "week"})
        or any(map(_is_label, (*columns, first)))
        or any(_OF_THE_WEEK.fullmatch(part) or "number" in _kinds(part) for part in others)
    )


def _is_label(text: str) -> bool:
    """Whether ``text`` names a column in whatever follows it."""
    kinds = _kinds(text)
    told = bool(kinds & {"strong", "number"}) or ("weak" in kinds and bool(kinds & {"week", "time"}))
    return told or _OF_THE_WEEK.fullmatch(text) is not None


def _kinds(text: str) -> set[str]:
    """The kinds of all words of ``text``; none if one of them is of no column."""
    kinds = set()
    for found in _KINDS.finditer(fold(text)):
        if found.lastgroup == "other":
            return set()
        kinds.add(str(found.lastgroup))
    return kinds
