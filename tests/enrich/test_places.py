"""Where an article happens: kickers, texts, homonyms, corrections. The tables are in data/places."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kommcli.data.states import NAMES
from kommcli.enrich.places import Corrected, Where, keys_of, where
from kommcli.gazetteer import Gazetteer
from kommcli.model import Block, BlockType, Entry, Feed

DATA = Path(__file__).parent.parent / "data" / "places"
TABLE = Gazetteer()
FEED = Feed("feed", "https://feed.example/")


def rows(name: str) -> list[list[str]]:
    """The lines of a data file, in columns."""
    lines = (DATA / name).read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


def read(title: str = "Ein neues Angebot", feed: Feed = FEED, **parts: str) -> Where:
    """Where an article with these texts happens; ``body`` is one paragraph."""
    body = (Block(BlockType.PARAGRAPH, parts.pop("body")),) if "body" in parts else ()
    return where(Entry(title, body=body, **parts), feed, TABLE)


def codes(found: Where) -> list[str]:
    """State codes, or the level."""
    return [state.what[3:] for state in found.states] or ([found.level.what] if found.level else [])


@pytest.mark.parametrize(("kicker", "states"), rows("kickers.tsv"))
def test_kickers(kicker: str, states: str) -> None:
    """A kicker names its states, all of them and no others."""
    assert set(codes(read(kicker=kicker))) == set(states.replace("-", "").split(",")) - {""}


@pytest.mark.parametrize(("kicker", "title", "teaser", "states"), rows("texts.tsv"))
def test_texts(kicker: str, title: str, teaser: str, states: str) -> None:
    """Titles and teasers, with words that are names and names that are words."""
    found = read(title, kicker=kicker, teaser=teaser)
    assert {state.what[3:] for state in found.states} == set(states.replace("-", "").split(",")) - {""}


def test_evidence_says_which_words_and_where() -> None:
    """As the issue wants it: kicker "Kreis Bergstraße" -> Landkreis Bergstraße (06431), HE."""
    found = read(kicker="Kreis Bergstraße")
    (place,) = found.places
    assert (place.what.name, place.what.kind, place.what.ags) == ("Landkreis Bergstraße", "district", "06431")
    assert place.what.states == ("DE-HE",)
    assert [(one.where, one.words) for one in place.evidence] == [("kicker", "Kreis Bergstraße")]
    assert found.states[0].evidence == place.evidence


@pytest.mark.parametrize(
    ("texts", "states"),
    [
        ({"kicker": "Friedberg", "teaser": "Die hessische Stadt baut um."}, ["HE"]),
        ({"kicker": "Friedberg", "teaser": "Die Stadt im Wetteraukreis baut um."}, ["HE"]),
        ({"kicker": "Friedberg", "teaser": "Die bayerische Stadt baut um."}, ["BY"]),
        ({"kicker": "Neustadt", "feed": Feed("f", "https://f.example/", state="DE-SN")}, ["SN"]),
        ({"kicker": "Münster", "teaser": "Die hessische Gemeinde Münster baut um."}, ["NW", "HE"]),
    ],
)
def test_something_else_in_the_article_decides_a_homonym(texts: dict, states: list[str]) -> None:
    """An adjective, another place, the feed's setting; a far smaller bearer does not win by one word."""
    assert codes(read(**texts))[:1] == states[:1]


def test_an_ambiguous_name_is_told_with_its_bearers() -> None:
    """Neustadt gives no state, and explain says why."""
    found = read(kicker="Neustadt")
    assert not found.states
    (over,) = [one for one in found.passed if one.words == "Neustadt"]
    assert over.rule == "ambiguous"
    assert len(over.candidates) > 2


def test_the_order_of_trust() -> None:
    """Kicker, title and teaser, a sure body, the feed's setting, a passing word of the body, the address."""
    bavarian = Feed("f", "https://f.example/", state="DE-BY")
    assert codes(read("Portal für Kiel", kicker="Trier", teaser="Wie in Jena.")) == ["RP"]
    assert codes(read("Portal für Kiel", body="Auch in Jena.")) == ["SH"]
    assert codes(read(body="Das Rathaus in Jena zieht um.")) == ["TH"]
    assert codes(read(feed=bavarian, body="Vorbild war ein Projekt in Jena.")) == ["BY"]
    assert codes(read(feed=bavarian, teaser="Die Stadt Jena zieht um.")) == ["TH"]
    assert codes(read(feed=bavarian)) == ["BY"]
    assert codes(read(link="https://news.example/artikel/regensburg-baut-um")) == ["BY"]
    assert codes(read(link="https://www.landkreis-celle.de/aktuelles/123")) == ["NI"]


def test_the_kicker_is_main_and_partners_follow() -> None:
    """A kicker of one state, and a teaser that names the partner state."""
    found = read(kicker="Darmstadt", teaser="Gemeinsam mit der Stadt Mainz entsteht ein Chatbot.")
    assert codes(found) == ["HE", "RP"]
    assert [place.what.name for place in found.places] == ["Darmstadt", "Mainz"]
    assert codes(read(kicker="Darmstadt", teaser="Der Chatbot antwortet, wie es in Mainz üblich ist.")) == [
        "HE"
    ]


def test_a_second_name_of_a_person_is_no_place() -> None:
    """Stefan Hagen, then only Hagen."""
    found = read("Hagen folgt auf Kassel", teaser="Stefan Hagen übernimmt das Amt von Jürgen Kassel.")
    assert not found.states
    assert "person" in {one.rule for one in found.passed}


def test_corrections() -> None:
    """Aliases add names, ignored names are none; the alias may be a name or an official key."""
    names = Corrected(TABLE, {"Quadratestadt": "Mannheim", "Domstadt": "05315000"}, ["Regen", "Hof"])

    def of(kicker: str) -> list[str]:
        return codes(where(Entry("Ein Angebot", kicker=kicker), FEED, names))

    assert of("Quadratestadt") == ["BW"]
    assert of("Domstadt") == ["NW"]
    assert of("Hof") == []
    assert of("Kiel") == ["SH"]
    assert codes(where(Entry("Streit in der Domstadt um Glasfaser"), FEED, names)) == ["NW"]


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("Potsdam", ("12054000",)),
        ("potsdam", ("12054000",)),
        ("Koeln", ("05315000",)),
        ("Köln", ("05315000",)),
        ("Koln", ("05315000",)),
        ("Kreis Bergstraße", ("06431",)),
        ("06431", ("06431",)),
        ("Ruhrgebiet", ("region:ruhrgebiet",)),
        ("Bad Nauheim", ("06440002",)),
        ("Entenhausen", ()),
        ("", ()),
    ],
)
def test_names_in_queries(name: str, keys: tuple[str, ...]) -> None:
    """A user's name of a place: any case, with or without umlauts."""
    assert keys_of(name, TABLE) == keys


def test_an_ambiguous_name_in_a_query_means_all_its_bearers() -> None:
    """Who asks for Neustadt gets them all."""
    assert len(keys_of("Neustadt", TABLE)) > 10


german = st.text(st.sampled_from("aeinrstäöüßABEKM .,-:/()12„“\n"), max_size=60) | st.text(max_size=40)
names = st.sampled_from(
    [
        "Halle (Saale)",
        "Essen",
        "Kreis",
        "Landkreis Harz",
        "Neustadt a.d.",
        "Hessen",
        "hessische",
        "in",
        "Stadt",
        "/",
    ]
)
texts = st.lists(german | names, max_size=8).map(" ".join)


@given(texts, texts, texts, texts)
def test_no_text_whatsoever_raises_and_evidence_stands_in_the_text(
    kicker: str, title: str, teaser: str, body: str
) -> None:
    """Whatever comes: states are states, places have names, and the words of the evidence are there."""
    found = read(title, kicker=kicker, teaser=teaser, body=body)
    said = {"kicker": kicker, "title": title, "teaser": teaser, "body": body}
    for one in (*found.states, *found.places, *((found.level,) if found.level else ())):
        assert one.evidence
        for evidence in one.evidence:
            assert evidence.words in said.get(evidence.where, evidence.words)
    assert all(state.what in NAMES for state in found.states)
    assert all(place.what.name and place.what.states for place in found.places)
