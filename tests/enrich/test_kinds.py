"""The kind of an article: by label, by form, and none for plain news."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kommcli.enrich.kinds import kind_named, kind_of
from kommcli.model import Block, BlockType, Enclosure, Entry


def kind(title: str = "Neues aus Ulm", **fields: Any) -> str:
    found = kind_of(Entry(title=title, **fields))
    return found.what if found else ""


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"kicker": "REPORT"}, "bericht"),
        ({"kicker": "Im Gespräch"}, "interview"),
        ({"kicker": "Live-Webinar „Kommunal im Gespräch: Recht & Praxis“"}, "termin"),
        ({"kicker": "Aktuelle Termine"}, "termin"),
        ({"categories": ("Künstliche Intelligenz", "Bericht")}, "bericht"),
        ({"categories": ("Meldung", "Interview")}, "interview"),
        ({"categories": ("Meldung",)}, "meldung"),
        ({"kicker": "Gastbeitrag"}, "kommentar"),
        ({"kicker": "Bitkom-Studie"}, "studie"),
        ({"kicker": "Personalie"}, "personalie"),
        ({"kicker": "Ausschreibung"}, "ausschreibung"),
        ({"enclosure": Enclosure("https://x.example/48.mp3", "audio/mpeg")}, "podcast"),
        ({"kicker": "Stellenausschreibung"}, ""),
        ({"kicker": "Ulm"}, ""),
    ],
)
def test_labels(fields: dict[str, Any], wanted: str) -> None:
    assert kind(**fields) == wanted


@pytest.mark.parametrize(
    ("title", "teaser", "wanted"),
    [
        ("Interview: „Wir fangen an“", "", "interview"),
        ("„Wir fangen an“", "Im Interview erklärt die Leiterin, was kommt.", "interview"),
        ("Neuer Vorsitzender bei Vitako", "Er folgt auf Eva Beispiel.", "personalie"),
        ("Jana Muster wird neue CIO", "Sie übernimmt zum 1. Mai.", "personalie"),
        ("Digitalforum: Ilka Brand neue Vorsitzende", "Sie folgt auf Rüdiger Malchow.", "personalie"),
        ("Studie zeigt Lücken", "", "studie"),
        ("Kommunen zögern", "Das zeigt eine Umfrage unter 500 Verwaltungen.", "studie"),
        (
            "Ulm schreibt Rechenzentrum aus",
            "Die Vergabe läuft europaweit, Angebote bis Mai.",
            "ausschreibung",
        ),
        ("Forum in Ulm", "Das Forum findet am 3. März 2027 in Ulm statt, Anmeldung bis Februar.", "termin"),
        (
            "Programm für den Digitaltag steht",
            "Am 6. Juni dreht sich alles ums Testen. Eintritt frei.",
            "termin",
        ),
        ("Tagung für Kartenmacher", "Am 9. Oktober treffen sich Fachleute in Rostock.", "termin"),
        ("Wechsel an der Spitze", "Der Rat hat Eva Muster in den Vorstand berufen.", "personalie"),
        (
            "Neues aus dem Ministerium",
            "Eva Muster ist seit Mai neue Staatssekretärin des Landes.",
            "personalie",
        ),
        ("Wer liefert Notebooks?", "Der Kreis sucht im offenen Verfahren einen Partner.", "ausschreibung"),
        ("Mehr Tempo, bitte", "Ich habe es satt, auf Fristen zu warten.", "kommentar"),
        ("Was danach kam", "Ein Bericht über die Lehren aus einem Angriff.", "bericht"),
        ("Ämter zufrieden", "Laut einer Erhebung läuft es, sagen 80 Prozent der Befragten.", "studie"),
        # and what only looks like one
        ("Umfrage zum Wochenmarkt", "Die Stadt bittet um Meinungen. Der Fragebogen ist im Netz.", ""),
        ("Einschulungsuntersuchung: Termin im Netz", "Eltern füllen den Bogen am Rechner aus.", ""),
        ("Tagung war gut besucht", "Am 9. Oktober trafen sich Fachleute in Rostock.", ""),
        ("Kurs für alle", "„Ich lerne gern“, sagt die Leiterin.", ""),
        ("Stadt schreibt Stelle aus", "Gesucht wird eine Leitung, der Auftrag ist groß.", ""),
        ("Neuer Chatbot für Ulm", "Die Stadt spricht mit ihren Bürgern.", ""),
        ("Ulm übernimmt Software aus Kiel", "Die Stadt nutzt sie nach.", ""),
        ("Online-Anmeldung für Kitas", "Eltern melden sich im Portal an.", ""),
        ("Neues Serviceportal", "Es folgt auf die alte Website.", ""),
        ("Rat beschließt Haushalt", "Am 3. Mai wurde abgestimmt.", ""),
    ],
)
def test_forms(title: str, teaser: str, wanted: str) -> None:
    assert kind(title, teaser=teaser) == wanted


def test_questions_make_an_interview() -> None:
    asked = [Block(BlockType.QUESTION, f"Was ist Punkt {number}?") for number in range(3)]
    told = [Block(BlockType.PARAGRAPH, "Das ist so.") for _ in range(3)]
    found = kind_of(Entry(title="„Wir fangen an“", body=(*asked, *told)))
    assert found is not None
    assert found.what == "interview"
    assert found.evidence[0].words == "Was ist Punkt 0?"
    assert kind("Eine Frage bleibt", body=(asked[0], *told)) == ""


def test_label_before_form() -> None:
    assert kind("Studie zeigt Lücken", kicker="Kommentar") == "kommentar"


def test_kind_named() -> None:
    assert kind_named("im gespräch") == "interview"
    assert kind_named("Ulm") == ""


@given(
    st.text(max_size=200),
    st.text(max_size=40),
    st.text(max_size=300),
    st.lists(st.text(max_size=20), max_size=4),
)
def test_any_entry(title: str, kicker: str, teaser: str, categories: list[str]) -> None:
    found = kind_of(Entry(title=title, kicker=kicker, teaser=teaser, categories=tuple(categories)))
    if found:
        assert found.evidence[0].words
