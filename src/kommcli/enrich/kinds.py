"""The kind of an article: what its kicker, category or enclosure calls it."""

from __future__ import annotations

from kommcli.model import Entry
from kommcli.text import fold

_WORDS = {
    fold(word): kind
    for kind, words in {
        "bericht": ("Bericht", "Report", "Reportage", "Praxisbericht", "Hintergrund"),
        "interview": ("Interview", "Im Gespräch", "Nachgefragt", "Drei Fragen an"),
        "meldung": ("Meldung", "Meldungen", "Kurzmeldung", "News"),
        "kommentar": ("Kommentar", "Gastbeitrag", "Meinung", "Standpunkt"),
        "studie": ("Studie", "Umfrage", "Whitepaper"),
        "termin": ("Termin", "Termine", "Aktuelle Termine", "Veranstaltung", "Veranstaltungen"),
        "podcast": ("Podcast",),
    }.items()
    for word in words
}


def kind_of(entry: Entry) -> str:
    """ "bericht", "interview", "termin", … or "" where nothing says it."""
    for text in (entry.kicker, *entry.categories, entry.title):
        if kind := _WORDS.get(fold(text)):
            return kind
    if entry.enclosure and entry.enclosure.type.startswith("audio/"):
        return "podcast"
    return ""
