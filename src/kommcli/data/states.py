"""The sixteen states: ISO 3166-2 codes, names, and the abbreviations that people type.

Codes: ISO 3166-2:DE. Abbreviations: usage in the trade press and in official texts.
"""

from __future__ import annotations

from typing import NamedTuple

from kommcli.text import fold


class State(NamedTuple):
    """A federal state; ``code`` without the "DE-", ``short`` what a narrow column shows."""

    code: str
    name: str
    english: str
    others: tuple[str, ...] = ()


STATES = (
    State("BW", "Baden-Württemberg", "Baden-Wuerttemberg", ("BaWü", "Ba-Wü")),
    State("BY", "Bayern", "Bavaria", ("BAY", "Freistaat Bayern")),
    State("BE", "Berlin", "Berlin", ("BLN", "Land Berlin")),
    State("BB", "Brandenburg", "Brandenburg", ("BRB", "Land Brandenburg")),
    State("HB", "Bremen", "Bremen", ("Freie Hansestadt Bremen", "Land Bremen")),
    State("HH", "Hamburg", "Hamburg", ("Freie und Hansestadt Hamburg",)),
    State("HE", "Hessen", "Hesse", ("Land Hessen",)),
    State(
        "MV",
        "Mecklenburg-Vorpommern",
        "Mecklenburg-Western Pomerania",
        ("M-V", "Meck-Pomm", "MeckPomm", "MeckPom"),
    ),
    State("NI", "Niedersachsen", "Lower Saxony", ("NDS", "Nds.", "Land Niedersachsen")),
    State("NW", "Nordrhein-Westfalen", "North Rhine-Westphalia", ("NRW", "Land NRW")),
    State("RP", "Rheinland-Pfalz", "Rhineland-Palatinate", ("RLP",)),
    State("SL", "Saarland", "Saarland", ("SAL",)),
    State("SN", "Sachsen", "Saxony", ("SAC", "Freistaat Sachsen")),
    State("ST", "Sachsen-Anhalt", "Saxony-Anhalt", ("LSA", "SAN", "Land Sachsen-Anhalt")),
    State("SH", "Schleswig-Holstein", "Schleswig-Holstein", ("S-H",)),
    State("TH", "Thüringen", "Thuringia", ("THÜ", "Freistaat Thüringen")),
)

NAMES = {f"DE-{state.code}": state.name for state in STATES}
"""Name by ISO 3166-2 code."""

_BY_FOLDED = {
    fold(spelling): f"DE-{state.code}"
    for state in STATES
    for spelling in (state.code, f"DE-{state.code}", state.name, state.english, *state.others)
}


def find(text: str) -> str:
    """The ISO 3166-2 code that ``text`` names in any accepted spelling, or ""."""
    return _BY_FOLDED.get(fold(text.strip()), "")
