"""The Kommune21 family: sites whose pages are alike, and what of a page a selector may name."""

from __future__ import annotations

HOSTS = ("kommune21.de", "move-online.de", "stadt-und-werk.de")
"""Without ``www.``; kicker and topic of their articles stand on the pages only."""

FIELDS = ("kicker", "title", "date", "lead", "body", "caption", "credit", "topic")
"""What a feed's ``selectors`` may name."""


KICKERS = (
    "115, Behördennummer 115, Interview, Im Gespräch, Studie, Umfrage, Kommentar, Bitkom, Vitako, "
    "KGSt, DStGB, Deutscher Städtetag, Deutscher Landkreistag, IT-Planungsrat, FITKO, ZenDiS, BSI, "
    "BMI, BMDS, BMWK, OZG, NEGZ, govdigital, Dataport, AKDB, Komm.ONE, ekom21, regio iT, vote iT, "
    "OWL-IT, IT.NRW, KDO, KDN, ITK Rheinland, krz, SIT, KRZN, Lecos, SAKD, KISA, citeq, Governikus, "
    "Materna, adesso, MACH, Axians Infoma, d.velop, Nolis, Form-Solutions, Fraunhofer FOKUS, "
    "Fraunhofer IESE, Smart Country Convention, SCCON, Zukunftskongress, Kommune21, move, stadt+werk"
).split(", ")
"""Names that stand as kickers often and are neither a place nor a topic."""


def is_family(host: str) -> bool:
    """Whether a host is one of `HOSTS`."""
    return host.removeprefix("www.") in HOSTS
