"""Addresses: the forms of one article's are one, and lead to it."""

from __future__ import annotations

import sqlite3
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.newsstand import NOW
from archive.pressroom import SITE, bring, entry, link, read, ref, rows
from kommcli import dates
from kommcli.archive import addresses, articles
from kommcli.model import Entry, Mention, Page


@pytest.mark.parametrize(
    "same",
    [
        (
            "https://www.k21.example/k21-meldungen/starke-loesung/",
            "http://k21.example/k21-meldungen/starke-loesung",
            " HTTPS://WWW.K21.example:443/k21-meldungen/starke-loesung/?utm_source=x#top",
        ),
        (
            "https://www.k21.example/?p=126531",
            "https://k21.example?p=126531",
            "https://k21.example/?p=126531&post_type=k21-meldungen",
            "https://k21.example/?post_type=k21-meldungen&p=126531",
        ),
        (
            "https://www.k21.example/meldung_26576_Starke+L%C3%B6sung.html",
            "https://www.k21.example/meldung_26576_Starke+L%c3%b6sung.pdf",
            "https://k21.example/meldung_26576_gn",
            "https://k21.example/meldung_26576.html",
            "http://k21.example/meldung_26576",
        ),
    ],
)
def test_forms_of_one_address(same: tuple[str, ...]) -> None:
    assert len({addresses.forms(url)[-1] for url in same}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://k21.example/?p=1", "https://k21.example/?p=12"),
        ("https://k21.example/?p=1", "https://move.example/?p=1"),
        ("https://k21.example/meldung_2657_x.html", "https://k21.example/meldung_26576_x.html"),
        ("https://forum.example/?topic=7&p=2", "https://forum.example/?topic=8&p=2"),
        ("https://forum.example/list?p=2", "https://forum.example/other?p=2"),
        ("https://k21.example/a", "https://k21.example/A"),
    ],
)
def test_forms_of_two(one: str, other: str) -> None:
    assert not {*addresses.forms(one)} & {*addresses.forms(other)}


@pytest.mark.parametrize(
    "url",
    ["", "k21.example/x", "ftp://k21.example/x", "urn:x", "https://", "http://[x/y", "https://k21.example/"],
)
def test_no_address_of_an_article(url: str) -> None:
    assert addresses.forms(url) == ()


@given(st.text(max_size=60))
def test_forms_take_anything(text: str) -> None:
    for url in (text, f"https://k21.example/{text}", f"https://k21.example/?{text}", f"https://{text}"):
        found = addresses.forms(url)
        assert len(found) <= 2
        assert all(found)


def test_every_form_leads_to_the_article(db: sqlite3.Connection) -> None:
    bring(db, entry(1, guid=f"{SITE}/?post_type=k21-meldungen&p=126531"), entry(2))
    (one,) = articles.resolve(db, link(1))

    assert articles.resolve(db, "http://k21.example/?p=126531") == [one]
    assert articles.resolve(db, "https://k21.example/?p=126531&post_type=k21-meldungen") == [one]
    assert articles.resolve(db, "https://k21.example/?p=12653") == []
    assert articles.resolve(db, SITE) == []


def test_what_a_page_tells_leads_to_the_article(db: sqlite3.Connection) -> None:
    old = f"{SITE}/meldung_26576_Starke+L%C3%B6sung.html"
    bring(db, entry(1, link=old))
    read(db, 1, answered=link("answered"))  # its canonical link is link(1)

    for url in (old, f"{SITE}/meldung_26576_x.pdf", link("answered"), link(1)):
        assert articles.resolve(db, url) == [ref(db, 1)]


def test_a_new_link_joins_the_old_one(db: sqlite3.Connection) -> None:
    bring(db, entry(1))
    assert bring(db, entry(1, link=link("new"))) == (0, 1)

    assert articles.resolve(db, link(1)) == articles.resolve(db, link("new")) == [ref(db, 1)]


def test_a_page_cannot_claim_another_host_s_article(db: sqlite3.Connection) -> None:
    bring(db, entry(2))
    bring(db, entry(1, link="https://evil.example/1"))
    read(db, 1, answered="https://evil.example/1", url=link(2))

    assert articles.resolve(db, link(2)) == [ref(db, 2)]
    assert addresses.of_page(Page("", url=link(2)), "") == addresses.forms(link(2))


def test_of_two_feeds_with_one_article_the_newest_is_meant(db: sqlite3.Connection) -> None:
    bring(db, entry(5), key="b")
    bring(db, entry(5, published=NOW))

    assert articles.resolve(db, link(5)) == [ref(db, 5)]
    assert rows(db, "addresses") == [2]


def test_what_several_entries_share_is_none_s_own() -> None:
    entries = {"a": Entry("A", link=link(1)), "b": Entry("B", link=link(1), guid=link(2))}
    assert addresses.own(entries) == {"a": (), "b": addresses.forms(link(2))}


def test_related_items_on_paper_are_known_by_headline_and_day(db: sqlite3.Connection) -> None:
    bring(db, entry(1, title="Starke Lösung", kicker="vote iT"), entry(2, title="Köln: Neues Portal"))
    bring(db, entry(48, title="Starke Lösung", kicker="vote iT"))
    day = dates.utc(datetime(2026, 10, 16))

    def meant(title: str, kicker: str = "", **more: object) -> int:
        return len(addresses.meant(db, Mention(title, kicker, **{"published": day, **more})))  # type: ignore[arg-type]

    assert meant("STARKE Loesung", "vote iT") == meant("Starke Lösung") == 1
    assert meant("Neues Portal", "Köln") == meant("Köln: Neues Portal") == 1
    assert meant("Starke Lösung", "Potsdam") == meant("Starke") == 0
    assert meant("Starke Lösung", published=None) == 0
    assert meant("Starke Lösung", url=link("elsewhere")) == 0
