"""Adjectives and inhabitants' forms of the states, as stems. Facts: usage of administrations and press."""

from __future__ import annotations

from functools import lru_cache

STEMS = {
    stem: code
    for code, stems in {
        "DE-BW": "baden-wuerttembergisch wuerttembergisch badisch suedbadisch nordbadisch oberschwaebisch "
        "baden-wuerttemberger",
        "DE-BY": "bayerisch bayrisch oberbayerisch niederbayerisch oberbayrisch niederbayrisch fraenkisch "
        "oberfraenkisch mittelfraenkisch unterfraenkisch oberpfaelzisch mainfraenkisch ostbayerisch "
        "nordbayerisch suedbayerisch",
        "DE-BE": "berlinisch",
        "DE-BB": "brandenburgisch maerkisch uckermaerkisch",
        "DE-HB": "bremisch",
        "DE-HH": "hamburgisch",
        "DE-HE": "hessisch nordhessisch suedhessisch mittelhessisch osthessisch",
        "DE-MV": "mecklenburgisch mecklenburg-vorpommerisch mecklenburg-vorpommersch vorpommersch",
        "DE-NI": "niedersaechsisch ostfriesisch emslaendisch suedniedersaechsisch",
        "DE-NW": "nordrhein-westfaelisch westfaelisch ostwestfaelisch suedwestfaelisch sauerlaendisch "
        "muensterlaendisch nordrheinisch",
        "DE-RP": "rheinland-pfaelzisch pfaelzisch suedpfaelzisch vorderpfaelzisch westpfaelzisch "
        "rheinhessisch rheinland-pfaelzer",
        "DE-SL": "saarlaendisch",
        "DE-SN": "saechsisch erzgebirgisch ostsaechsisch westsaechsisch mittelsaechsisch nordsaechsisch",
        "DE-ST": "sachsen-anhaltisch sachsen-anhaltinisch altmaerkisch sachsen-anhalter",
        "DE-SH": "schleswig-holsteinisch holsteinisch nordfriesisch dithmarscher schleswig-holsteiner",
        "DE-TH": "thueringisch thueringer ostthueringer suedthueringer nordthueringer westthueringer",
    }.items()
    for stem in stems.split()
}
"""Stem, folded by `placenames.plain`, to the state."""

ENDINGS = ("", "e", "en", "er", "es", "em")

_NAMES = frozenset("schweiz voralb spreewald seenplatte heide wald alb rundschau allgemeine".split())


def begins_a_name(adjective: str, following: str) -> bool:
    """Whether an adjective is part of the name of something else: Sächsische Schweiz, Märkischer Kreis. The
    hessischen Kreise are in Hesse, though."""
    return following in _NAMES or (following.startswith("kreis") and "maerkisch" in adjective)


@lru_cache(maxsize=30_000)
def state_of(word: str) -> str:
    """The state of an adjective, given as a plain word with its ending; "" where it is none."""
    for ending in ENDINGS:
        if word.endswith(ending) and (code := STEMS.get(word[: len(word) - len(ending)])):
            return code
    return ""
