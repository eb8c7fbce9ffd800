"""A newsroom that is about places and topics beyond doubt: what filters, counts and evidence are tried on.

Every title has one name of `NAMES`, by which tests call the article.
"""

from __future__ import annotations

import re
from typing import Any

from conftest import Home, item, rss
from newsroom import in_files

ALPHA = rss(
    item(
        1,
        "Potsdam: Chatbot heißt Anton",
        category="Künstliche Intelligenz",
        pubDate="Fri, 16 Oct 2026 08:00:00 +0200",
    )
    + item(
        2,
        "Bad Nauheim: Chatbot heißt Berta",
        category="Künstliche Intelligenz",
        pubDate="Thu, 15 Oct 2026 08:00:00 +0200",
    )
    + item(3, "Bayern: Glasfaser für Caesar", category="Breitband", pubDate="Mon, 12 Oct 2026 00:00:00 +0200")
    + item(4, "Kempten: E-Akte nach Doras Art", category="E-Akte", pubDate="Sun, 11 Oct 2026 23:59:59 +0200")
    + item(
        5,
        "Mönchengladbach / Wiesbaden: Ein Chatbot für Emil",
        category="Künstliche Intelligenz",
        pubDate="Thu, 08 Oct 2026 12:00:00 +0200",
    )
    + item(6, "Interview: „Ich bin Frieda“", pubDate="Wed, 07 Oct 2026 12:00:00 +0200"),
    "Grüne Städte",
)
BETA = rss(
    item(7, "Bund: Gustav geht voran", category="Open Data", pubDate="Tue, 06 Oct 2026 12:00:00 +0200")
    + item(8, "EU: Hedwig zieht nach", category="Open Data", pubDate="Mon, 05 Oct 2026 12:00:00 +0200")
    + item(9, "Ida blickt zurück", pubDate="Thu, 17 Sep 2026 12:00:00 +0200")
    + item(10, "Köln: Jakob zählt mit", category="Open Data", pubDate="Wed, 16 Sep 2026 12:00:00 +0200")
    + item(11, "Ulm: Klara rechnet", category="Quantenrechner", pubDate="Tue, 15 Sep 2026 12:00:00 +0200")
    + item(
        12,
        "Kreis Bergstraße: Ein Telefon für Ludwig",
        category="E-Akte",
        pubDate="Thu, 16 Oct 2025 12:00:00 +0200",
    ),
    "Behörden-Blick",
)
NAMES = "Anton Berta Caesar Doras Emil Frieda Gustav Hedwig Ida Jakob Klara Ludwig".split()

VIEWS = """
limit = 50
views.ki = "topic:ki"
views."Süden" = "state:by OR state:bw"
views.neu = "view:ki since:2026-10-15"
views.lang = { topic = ["e-akte"], since = "2026-10-01" }
"""


def gazette(home: Home, head: str = VIEWS) -> Home:
    """Two feeds with twelve articles: "alpha" calls itself Grüne Städte, "beta" is called Behörden Blick."""
    return in_files(home, {"alpha": ALPHA, "beta": BETA}, {"beta": "Behörden Blick"}, head)


def named(articles: dict[str, Any]) -> str:
    """The names of the articles of a JSON list, in its order."""
    titles = " ".join(one["title"] for one in articles["articles"])
    return " ".join(re.findall("|".join(NAMES), titles))
