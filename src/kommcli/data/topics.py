"""The topics kommcli knows from the start: stable key, name, and what feeds call them.

Topics are open: a category that is not in this table is not a topic of an article until the table or the
user's configuration says so.
"""

from __future__ import annotations

import re

from kommcli.model import Topic
from kommcli.text import fold

_TABLE: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("ki", "Künstliche Intelligenz", ("KI", "Artificial Intelligence", "AI", "Generative KI")),
    ("ozg", "Onlinezugangsgesetz", ("OZG", "OZG 2.0", "OZG-Umsetzung", "Onlinedienste")),
    ("e-akte", "E-Akte", ("eAkte", "Dokumenten-Management", "Dokumentenmanagement", "DMS", "E-Akte | DMS")),
    ("it-sicherheit", "IT-Sicherheit", ("Cybersicherheit", "Informationssicherheit", "Cyber-Sicherheit")),
    ("smart-city", "Smart City", ("Smart Cities", "Smart Country", "Smart Region", "Digitaler Zwilling")),
    ("breitband", "Breitband", ("Breitbandausbau", "Glasfaser", "Glasfaserausbau", "5G", "Mobilfunk")),
    ("register", "Registermodernisierung", ("Once Only", "Once-Only", "NOOTS", "Register")),
    ("open-data", "Open Data", ("Open Government", "Offene Daten", "Transparenz")),
    ("schul-it", "Schul-IT", ("Schule", "Digitalpakt", "DigitalPakt Schule", "Schulen")),
    ("geodaten", "Geodaten-Management", ("Geodaten", "Geoinformation", "GIS", "Geo-Daten")),
    ("personal", "Personalwesen", ("Personal", "HR", "Fachkräfte", "Personalmanagement")),
    ("identitaet", "Digitale Identität", ("Digitale Identitäten", "eID", "EUDI-Wallet", "BundID", "eIDAS")),
    ("portale", "Portale", ("CMS | Portale", "Portal", "Bürgerportal", "Serviceportal")),
    ("finanzen", "Finanzwesen", ("Finanzen", "E-Rechnung", "Haushalt", "E-Payment", "Payment")),
    ("fachverfahren", "Fachverfahren", ("Fachanwendungen",)),
    ("it-infrastruktur", "IT-Infrastruktur", ("Infrastruktur", "Cloud", "Rechenzentrum", "Cloud Computing")),
    ("politik", "Politik", ("Digitalpolitik", "Staatsmodernisierung")),
    ("panorama", "Panorama", ()),
)

TOPICS = {key: Topic(key, name) for key, name, _others in _TABLE}
"""Topic by key."""

_BY_FOLDED = {fold(spelling): key for key, name, others in _TABLE for spelling in (key, name, *others)}


def find(text: str) -> Topic | None:
    """The topic that ``text`` names by key, name or alias; None where it is none of ours."""
    key = _BY_FOLDED.get(fold(text.strip()))
    return TOPICS[key] if key else None


def named(text: str) -> Topic:
    """The topic that the user calls ``text``: one of ours, or a new one of that name."""
    key = re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")
    return find(text) or Topic(key or "thema", text.strip())
