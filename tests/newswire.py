"""Three feeds that tell the same of Potsdam, each in its way, and something else: for stories, for what is
related and what is watched."""

from __future__ import annotations

import json
from typing import Any

from archive.pressagency import FACTS, FILES, METERS, REWRITE
from conftest import Home, item, rss
from newsroom import in_files

KI = "Künstliche Intelligenz"


def _item(name: str, title: str, text: str, day: str, **elements: str) -> str:
    return item(name, title, description=text, pubDate=f"{day} Oct 2026 08:00:00 +0200", **elements)


POTSDAM = FILES.format(**FACTS)
BLICK = rss(
    _item("erste", "Potsdam: Bauakten auf Zuruf", POTSDAM, "Wed, 14", category=KI)
    + _item("laternen", "Trier: Laternen messen Grundwasser", METERS.format(place="Trier"), "Mon, 12")
    + _item(
        "zweite",
        "Potsdam: Wohni lernt Platt",
        "Der Sprachassistent Wohni der Firma Spreekontor versteht in Potsdam jetzt auch Niederdeutsch.",
        "Fri, 02",
        category=KI,
    ),
    "Blick",
)
ECHO = rss(
    _item("kopie", "Potsdam: Wohni findet jede Akte", POTSDAM, "Thu, 15", category=KI)
    + _item("termine", "Aktuelle Termine", "Am 3. November tagt der Arbeitskreis.", "Thu, 15"),
    "Echo",
)
FUNK = rss(
    _item("neu", "Potsdam: Wohni hebt den Aktenschatz", REWRITE.format(**FACTS), "Fri, 16", category=KI)
    + _item("anders", "Trier: Bauakten auf Zuruf", FILES.format(**FACTS | {"place": "Trier"}), "Tue, 13"),
    "Funk",
)
WATCHES = """
[watch]
wohni = ["Wohni"]
[watch.trier]
query = "ort:Trier"
"""


def newswire(home: Home, head: str = "") -> Home:
    """The three feeds, fetched; ``head`` stands before them in the configuration."""
    return in_files(home, {"blick": BLICK, "echo": ECHO, "funk": FUNK}, head=head)


def ids(home: Home) -> dict[str, str]:
    """The id of each article by the last part of its address."""
    done = home.run("latest", "--offline", "--all", "--json", "-n", "999")
    found: list[dict[str, Any]] = json.loads(done.stdout)["articles"]
    return {one["url"].rpartition("/")[2]: one["id"] for one in found}


def names(home: Home, *found: dict[str, Any]) -> str:
    """The names of these articles."""
    return " ".join(one["url"].rpartition("/")[2] for one in found)
