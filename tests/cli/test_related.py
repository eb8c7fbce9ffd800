"""`related`, and what stands below an article: the page's own list, then what the archive has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from conftest import Home, item, make_home, rss
from loopback import Server
from newswire import ids, newswire


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The newswire, of which a list of five was shown; only read by the tests."""
    home = newswire(make_home(tmp_path_factory.mktemp("archive")))
    home.run("latest", "--offline", "-F", "terminal")
    return home


@pytest.fixture(scope="module")
def ref(archive: Home) -> dict[str, str]:
    return ids(archive)


def found(home: Home, ref: str, *arguments: str) -> list[dict[str, Any]]:
    """What is related to an article."""
    value = home.json("related", ref, "--offline", "--json", *arguments)
    assert (value["id"], value["errors"]) == (ref, [])
    related: list[dict[str, Any]] = value["related"]
    return related


# --------------------------------------------------------------------------------------- of the archive


def test_each_with_its_reason_in_words(archive: Home, ref: dict[str, str]) -> None:
    (platt,) = (one for one in found(archive, ref["erste"]) if one["id"] == ref["zweite"])

    assert platt["reason"] == "both: Wohni, Spreekontor; place Potsdam; Künstliche Intelligenz"
    assert (platt["source"], platt["kicker"], platt["title"]) == ("archive", "Potsdam", "Wohni lernt Platt")
    assert platt["published"] == "2026-10-02T08:00:00+02:00"


def test_neither_itself_nor_its_own_story(archive: Home, ref: dict[str, str]) -> None:
    for name in ("erste", "kopie", "neu"):
        assert not {ref["erste"], ref["kopie"], ref["neu"]} & {one["id"] for one in found(archive, ref[name])}


def test_of_another_story_only_one(archive: Home, ref: dict[str, str]) -> None:
    others = {one["id"] for one in found(archive, ref["zweite"])}

    assert len(others & {ref["erste"], ref["kopie"], ref["neu"]}) == 1


def test_the_topic_that_the_list_stands_for(archive: Home, ref: dict[str, str]) -> None:
    assert (
        archive.json("related", ref["zweite"], "--offline", "--json")["related_topic"]
        == "Künstliche Intelligenz"
    )


def test_what_is_related_to_nothing(archive: Home, ref: dict[str, str]) -> None:
    value = archive.json("related", ref["laternen"], "--offline", "--json", "-n", "0")

    assert (value["related"], value["related_topic"]) == ([], None)
    shown = archive.run("related", ref["laternen"], "--offline", "-n", "0", "-F", "terminal").stdout
    assert "No related articles are known." in shown
    assert archive.run("related", ref["laternen"], "--offline", "-n", "0").stdout == ""


def test_at_most_so_many(archive: Home, ref: dict[str, str]) -> None:
    assert len(found(archive, ref["zweite"], "-n", "1")) == 1
    assert archive.run("related", ref["zweite"], "-n", "101").returncode == 2


def test_one_a_line_with_its_reason_at_the_end(archive: Home, ref: dict[str, str]) -> None:
    lines = [
        line.split("\t") for line in archive.run("related", ref["zweite"], "--offline").stdout.splitlines()
    ]

    assert {len(line) for line in lines} == {8}
    assert [line[0] for line in lines] == [one["id"] for one in found(archive, ref["zweite"])]
    assert all(line[2] == "archive" and line[7] for line in lines)


def test_they_are_numbered_on_behind_the_last_list(
    archive: Home, ref: dict[str, str], tmp_path: Path
) -> None:
    own = archive.copy(tmp_path)
    text = own.run("related", ref["erste"], "--offline", "-F", "terminal").stdout

    assert "7  Potsdam: Wohni lernt Platt" in text
    assert own.json("read", "7", "--offline", "--json")["article"]["id"] == ref["zweite"]
    assert own.json("read", "2", "--offline", "--json")["article"]["id"] == ref["erste"]


@pytest.mark.parametrize("wanted", ["zzzz", "99"])
def test_an_unknown_article(archive: Home, wanted: str) -> None:
    assert archive.run("related", wanted).returncode == 4


# ------------------------------------------------------------------------------------------ in time


def test_the_timeline_is_in_the_order_of_time(archive: Home, ref: dict[str, str]) -> None:
    dates = [one["published"] for one in found(archive, ref["zweite"], "--timeline")]

    assert dates == sorted(dates)
    assert {one["id"] for one in found(archive, ref["zweite"], "--timeline")} == {
        one["id"] for one in found(archive, ref["zweite"])
    }


def test_the_article_itself_stands_in_its_timeline(
    archive: Home, ref: dict[str, str], tmp_path: Path
) -> None:
    own = archive.copy(tmp_path)
    text = " ".join(
        own.run("related", ref["erste"], "--offline", "--timeline", "-F", "terminal").stdout.split()
    )

    assert text.index("○ 02.10.2026 6 │ Potsdam: Wohni lernt Platt") < text.index(
        "● 14.10.2026 │ Potsdam: Bauakten auf Zuruf"
    )
    assert "both: Wohni, Spreekontor; place Potsdam" in text


# -------------------------------------------------------------------------------------- below an article


def test_they_stand_below_an_article_that_is_read(archive: Home, ref: dict[str, str]) -> None:
    article = archive.json("read", ref["erste"], "--offline", "--json")["article"]
    related = found(archive, ref["erste"])[:5]

    assert [one["id"] for one in article["related"]] == [one["id"] for one in related]
    assert [one["reason"] for one in article["related"]] == [one["reason"] for one in related]
    assert article["related_topic"] == "Künstliche Intelligenz"
    text = " ".join(
        archive.run("read", ref["erste"], "--offline", "-F", "terminal", "--keep-unread").stdout.split()
    )
    assert "Weitere Meldungen und Beiträge aus dem Bereich: Künstliche Intelligenz" in text
    assert "both: Wohni, Spreekontor; place Potsdam; Künstliche Intelligenz" in text


PAGE = (
    "<html><head><title>Wohni startet - Blatt online | Blatt</title></head><body>"
    "<h1><em>Potsdam</em>Wohni startet</h1><p>[16.10.2026] Der Sprachassistent Wohni der Firma Spreekontor "
    "sucht in Potsdam nach Bauakten.</p><p>{text}</p><p>Was nun kommt</p><p>{text}</p>"
    "<h2>Weitere Meldungen und Beiträge aus dem Bereich: Dokumenten-Management</h2>"
    '<h3><a href="/kiel/">Kiel: Archiv eröffnet</a></h3><p>[14.10.2026] Ein Teaser. mehr...</p>'
    "</body></html>"
)
TEXT = (
    "Wer bauen will, braucht Akten, und wer Akten braucht, fragt künftig Wohni im Bauarchiv der Stadt. " * 4
)


@pytest.fixture
def site(home: Home, server: Server) -> Home:
    """Two articles about Wohni, one of them with a page that has a list of its own."""
    items = item(
        "start", "Potsdam: Wohni startet", link=server.url("/wohni/"), category="Künstliche Intelligenz"
    )
    items += item(
        "platt",
        "Potsdam: Wohni lernt Platt",
        link=server.url("/platt/"),
        description="Der Sprachassistent Wohni der Firma Spreekontor versteht in Potsdam auch Platt.",
        category="Künstliche Intelligenz",
    )
    server.reply("/feed.xml", body=rss(items, "Blatt"))
    server.reply("/wohni/", body=PAGE.format(text=TEXT).encode())
    server.reply("/robots.txt", status=404)
    home.config(
        f'[[feeds]]\nkey = "blatt"\nurl = "{server.url("/feed.xml")}"\nallow_private = true\npages = "new"\n'
    )
    done = home.run("fetch")
    assert done.returncode == 0, done.stderr
    return home


def test_the_pages_own_list_comes_first(site: Home, server: Server) -> None:
    value = site.json("related", server.url("/wohni/"), "--offline", "--json")

    assert [(one["source"], one["title"]) for one in value["related"]] == [
        ("page", "Archiv eröffnet"),
        ("archive", "Wohni lernt Platt"),
    ]
    assert value["related_topic"] == "Dokumenten-Management"
    assert [one["reason"] is None for one in value["related"]] == [True, False]


def test_what_the_page_lists_is_not_told_again(site: Home, server: Server) -> None:
    own = PAGE.format(text=TEXT).replace(
        '"/kiel/">Kiel: Archiv eröffnet', '"/platt/">Potsdam: Wohni lernt Platt'
    )
    server.reply("/wohni/", body=own.encode())
    related = site.json("related", server.url("/wohni/"), "--refresh", "--json")["related"]

    assert [(one["source"], one["title"]) for one in related] == [("page", "Wohni lernt Platt")]


def test_what_the_editors_linked_is_called_so(home: Home, server: Server) -> None:
    link = f'&lt;a href="{server.url("/alt/")}"&gt;wir berichteten&lt;/a&gt;'
    items = item(
        "neu",
        "Ulm: Archiv öffnet",
        link=server.url("/neu/"),
        description=f"&lt;p&gt;Es öffnet ({link}).&lt;/p&gt;",
    )
    items += item(
        "alt", "Ulm: Archiv geplant", link=server.url("/alt/"), pubDate="Thu, 01 Oct 2026 08:00:00 +0200"
    )
    server.reply("/feed.xml", body=rss(items))
    home.feeds({"blatt": server.url("/feed.xml")})
    assert home.run("fetch").returncode == 0
    (old,) = home.json("related", server.url("/neu/"), "--offline", "--json")["related"]
    (new,) = home.json("related", server.url("/alt/"), "--offline", "--json")["related"]

    assert (old["title"], new["title"]) == ("Archiv geplant", "Archiv öffnet")
    assert old["reason"].startswith("linked; ")
    assert new["reason"].startswith("linked; ")
