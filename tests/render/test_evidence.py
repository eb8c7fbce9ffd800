"""What `explain` says at a terminal: every finding with its words, and why, in words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from kommcli import text
from kommcli.about import Evidence, Found, PassedOver, Understanding
from kommcli.model import Article, Place, Source, Topic
from kommcli.render import evidence, terminal

NOW = datetime(2026, 10, 16, 9, 0, tzinfo=UTC)
ARTICLE = Article(
    "yqmfqvyb",
    "KI-Assistent im Bürgerbüro",
    Source("kommune21", "Kommune21", "https://x.example/feed"),
    NOW,
    NOW,
    kicker="Kreis Bergstraße",
)
KREIS = Place("Landkreis Bergstraße", "district", "06431", ("DE-HE",))
REGION = Place("Metropolregion Rhein-Neckar", "region", "", ("DE-BW", "DE-HE", "DE-RP"))
KNOWN = Understanding(
    kind=Found("bericht", 1, (Evidence("category", "Bericht", "label"),)),
    states=(
        Found("DE-HE", 3, (Evidence("kicker", "Kreis Bergstraße", "place"), Evidence("feed", "", "setting"))),
        Found("DE-RP", 1, (Evidence("teaser", "Ludwigshafen", "place"),)),
    ),
    places=(
        Found(KREIS, 3, (Evidence("kicker", "Kreis Bergstraße", "name"),)),
        Found(REGION, 1, (Evidence("body", "Metropolregion Rhein-Neckar", "brand_new"),)),
    ),
    topics=(Found(Topic("ki", "Künstliche Intelligenz"), 2, (Evidence("title", "KI-Assistent", "term"),)),),
    passed_over=(
        PassedOver("teaser", "Neustadt", "ambiguous", ("Neustadt an der Weinstraße, RP", "Neustadt, SH")),
        PassedOver("title", "ekom21", "organisation"),
    ),
)


def shown(known: Understanding, width: int = 100, note: str = "") -> str:
    return terminal.to_text(evidence.understanding(ARTICLE, known, note), width)


def test_the_evidence_in_words() -> None:
    assert shown(KNOWN, note="stored: HE").splitlines() == [
        "Kreis Bergstraße: KI-Assistent im Bürgerbüro",
        "",
        "State",
        '• kicker "Kreis Bergstraße" -> Hessen (HE), the main one · follows from the place',
        "  + feed · the feed is set to it",
        '• teaser "Ludwigshafen" -> Rheinland-Pfalz (RP) · follows from the place',
        "",
        "Places",
        '• kicker "Kreis Bergstraße" -> Landkreis Bergstraße (06431), HE · the whole name',
        '• text "Metropolregion Rhein-Neckar" -> Metropolregion Rhein-Neckar, BW, HE, RP · brand_new',
        "",
        "Topics",
        '• title "KI-Assistent" -> Künstliche Intelligenz (ki) · word of the topic',
        "",
        "Kind",
        '• category "Bericht" -> Report · the article is labelled so',
        "",
        "Passed over",
        '• teaser "Neustadt" · could be several places: Neustadt an der Weinstraße, RP; Neustadt, SH',
        '• title "ekom21" · part of the name of an organisation',
        "",
        "stored: HE",
        "Something wrong? Set [places.alias] or [places.ignore] in the configuration, or the state of the",
        "feed: kommcli feeds edit kommune21 --state STATE",
    ]


def test_a_single_state_needs_no_mark() -> None:
    assert "main" not in shown(Understanding(states=KNOWN.states[:1]))


def test_what_is_not_known_is_said_as_briefly() -> None:
    drawn = shown(Understanding(level=Found("bund", 1, (Evidence("title", "Bundesrat", "name"),))))

    assert '• title "Bundesrat" -> Federation · the whole name' in drawn
    assert drawn.count("–") == 3
    assert "Passed over" not in drawn


@pytest.mark.parametrize("found", [evidence.rule_name, evidence.reason_name])
def test_an_unknown_code_stays_as_it_is(found: object) -> None:
    assert callable(found)
    assert found("quite_new") == "quite_new"


strange = st.one_of(st.text(max_size=40), st.sampled_from(["[/red]", "x" * 200, "東" * 90, "[link=a]"])).map(
    text.clean
)
reasons = st.lists(st.builds(Evidence, strange, strange, strange), max_size=3).map(tuple)
places = st.builds(Place, strange, st.just("district"), strange, st.just(("DE-BY",)))


@given(
    st.builds(
        Understanding,
        kind=st.none() | st.builds(Found, strange, st.just(1), reasons),
        level=st.none() | st.builds(Found, st.sampled_from(["bund", "eu"]), st.just(1), reasons),
        states=st.lists(st.builds(Found, st.just("DE-BY"), st.just(1), reasons), max_size=2).map(tuple),
        places=st.lists(st.builds(Found, places, st.just(1), reasons), max_size=2).map(tuple),
        topics=st.lists(
            st.builds(Found, st.builds(Topic, st.just("ki"), strange), st.just(1), reasons), max_size=2
        ).map(tuple),
        passed_over=st.lists(
            st.builds(PassedOver, strange, strange, strange, st.lists(strange, max_size=2).map(tuple)),
            max_size=2,
        ).map(tuple),
    ),
    st.integers(20, 160),
)
def test_it_fits_every_width_and_loses_nothing(known: Understanding, width: int) -> None:
    drawn = shown(known, width)

    assert max(map(cell_len, drawn.splitlines())) <= width
    squeezed = "".join(drawn.split())
    for found in known.places + known.topics:
        assert "".join(found.what.name.split()) in squeezed
