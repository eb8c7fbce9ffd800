"""Article pages end to end: a real server, a real archive, the program as a process."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from conftest import Home, item, make_home, rss
from loopback import Server

PAGES = Path(__file__).parent.parent / "data" / "pages"
SEED = Path(__file__).parents[3] / "shared" / "seed" / "article-page.txt"
LEAD = "Die Stadt Potsdam stellt ihre Bauakten ins Netz und spart ihren Bürgern damit viele Wege zum Amt."
BODY = "Wer bauen will, braucht Akten, und wer Akten braucht, ging bislang ins Amt der Stadt Potsdam. " * 4
PORTAL = (
    "Das Portal vereint vierzig Dienste des Rathauses, vom Parkausweis bis zur Anmeldung eines Hundes. " * 4
)


def page(
    title: str = "Akten im Netz", related: str = "", body: str = BODY, lead: str = LEAD, more: str = BODY
) -> bytes:
    """A page of the family."""
    return (
        f"<html><head><title>{title} - Kommune21 online | Kommune21 - E-Government</title></head><body>"
        f"<h1><em>Potsdam</em>{title}</h1><p>[15.10.2026] {lead}</p>"
        '<figure><img src="/bild.jpg" alt="Ein Regal"><figcaption>Bald leer.</figcaption></figure>'
        f"<p>(Bildquelle: Stadt Potsdam)</p><p>{body}</p><p>Was nun kommt</p>"
        f'<p>{more} <a href="/mehr">Mehr dazu</a></p>'
        "<h2>Weitere Meldungen und Beiträge aus dem Bereich: Dokumenten-Management</h2>"
        f"{related}</body></html>"
    ).encode()


def teaser(path: str, headline: str, label: str = "") -> str:
    return f'<p>{label}</p><h3><a href="{path}">{headline}</a></h3><p>[14.10.2026] Ein Teaser. mehr...</p>'


@pytest.fixture
def site(home: Home, server: Server) -> Server:
    """A feed of two articles, the pages of both, and a configuration that fetches the pages of new ones."""
    items = "".join(
        item(
            number,
            title,
            link=server.url(f"/k21-meldungen/{slug}/"),
            guid=server.url(f"/?p={number}"),
            description="Kurz.",
        )
        for number, (slug, title) in enumerate([("akten", "Akten im Netz"), ("portal", "Neues Portal")], 1)
    )
    server.reply("/feed.xml", body=rss(items, "Blatt"), etag='"1"')
    related = teaser("/k21-meldungen/portal/", "Ulm: Neues Portal", "bericht")
    related += teaser("/k21-meldungen/archiv/", "Kiel: Archiv eröffnet")
    server.reply("/k21-meldungen/akten/", body=page(related=related))
    server.reply(
        "/k21-meldungen/portal/",
        body=page(
            "Neues Portal",
            teaser("/k21-meldungen/akten/", "Potsdam: Akten im Netz"),
            body=PORTAL,
            lead="Ummelden, Parken, Gewerbe: Das alles geht nun an einer Stelle im Netz, ganz ohne Termin.",
            more=PORTAL,
        ),
    )
    server.reply("/k21-meldungen/archiv/", body=page("Archiv eröffnet"))
    server.reply("/robots.txt", status=404)
    settings(home, server)
    return server


def settings(home: Home, server: Server, pages: str = "new", more: str = "") -> None:
    home.config(
        f'[[feeds]]\nkey = "blatt"\nurl = "{server.url("/feed.xml")}"\nallow_private = true\n'
        f'pages = "{pages}"\n{more}\n'
    )


def asked(server: Server) -> list[str]:
    return [one.path for one in server.requests if one.path != "/robots.txt"]


def by_title(home: Home, title: str) -> dict[str, Any]:
    found: dict[str, Any] = next(
        one
        for one in home.json("latest", "--all", "--json", "--offline")["articles"]
        if one["title"] == title
    )
    return found


# ------------------------------------------------------------------------------------------ fetching


def test_fetch_brings_the_pages_of_new_articles_and_understands_them(home: Home, site: Server) -> None:
    done = home.json("fetch", "--json")
    article = by_title(home, "Akten im Netz")

    assert [one["outcome"] for one in done["pages"]] == ["read", "read"]
    assert article["kicker"] == "Potsdam"
    assert article["states"] == ["DE-BB"]
    assert article["teaser"] == "Kurz."  # the feed's own words stay
    assert article["image"]["credit"] == "Stadt Potsdam"
    assert [topic["key"] for topic in article["topics"]][:1] == ["e-akte"]
    assert asked(site).count("/k21-meldungen/akten/") == 1
    home.run("fetch")
    assert asked(site).count("/k21-meldungen/akten/") == 1  # once is enough


@pytest.mark.row("A10")
def test_A10_pages_of_one_host_are_asked_a_second_apart(home: Home, site: Server) -> None:
    times: list[float] = []

    def answer(exchange: Any) -> None:
        times.append(time.monotonic())
        exchange.reply(page(), headers={"Content-Type": "text/html"})

    for slug in ("akten", "portal"):
        site.handle(f"/k21-meldungen/{slug}/", answer)
    home.run("fetch")

    assert len(times) == 2
    assert times[1] - times[0] >= 0.95


@pytest.mark.row("A10")
def test_A10_an_interrupted_run_goes_on_with_the_next(home: Home, site: Server) -> None:
    pexpect = pytest.importorskip("pexpect")
    import sys

    child = pexpect.spawn(
        sys.executable, ["-m", "kommcli", "fetch"], env=home.env | {"TERM": "xterm"}, timeout=30
    )
    deadline = time.monotonic() + 20
    while "/k21-meldungen/portal/" not in asked(site) and "/k21-meldungen/akten/" not in asked(site):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    child.sendintr()
    child.expect(pexpect.EOF)
    child.close()

    assert child.exitstatus == 130
    assert len(asked(site)) < 3 + 1
    done = home.json("fetch", "--json")
    assert {one["outcome"] for one in done["pages"]} <= {"read"}
    pages = [path for path in asked(site) if path.startswith("/k21-meldungen/")]
    assert sorted(pages) == ["/k21-meldungen/akten/", "/k21-meldungen/portal/"]


def test_never_is_never_and_the_family_is_new_by_itself(home: Home, site: Server) -> None:
    settings(home, site, "never")
    done = home.json("fetch", "--json")

    assert done["pages"] == []
    home.config(
        '[[feeds]]\nkey = "k"\nurl = "https://www.kommune21.de/feed/"\n[[feeds]]\nkey = "o"\nurl = "https://o.example/"\n'
    )
    assert [one["pages"] for one in home.json("feeds", "list", "--json")["feeds"]] == ["new", "never"]


def test_older_articles_get_their_pages_by_a_query(home: Home, site: Server) -> None:
    settings(home, site, "never")
    home.run("fetch")
    one = home.json("fetch", "--pages", "portal", "--json")
    rest = home.json("fetch", "--pages", "since:2026-10-01", "--json")
    nothing = home.json("fetch", "--pages", "", "--json")

    assert [len(done["pages"]) for done in (one, rest, nothing)] == [1, 1, 0]
    assert one["feeds"] == []
    assert by_title(home, "Neues Portal")["kicker"] == "Potsdam"
    wrong = home.run("fetch", "--pages", "topic:")
    assert (wrong.returncode, "[usage.query]" in wrong.stderr) == (2, True)


def test_robots_txt_is_obeyed_and_the_article_is_shown_all_the_same(home: Home, site: Server) -> None:
    site.reply("/robots.txt", body=b"User-agent: *\nDisallow: /k21-meldungen/\n")
    done = home.json("fetch", "--json")
    shown = home.run("read", by_title(home, "Akten im Netz")["id"])

    assert {one["code"] for one in done["pages"]} == {"article.blocked"}
    assert "/k21-meldungen/akten/" not in asked(site)
    assert shown.returncode == 0
    assert "[article.blocked]" in shown.stderr
    assert "Kurz." in shown.stdout


@pytest.mark.parametrize("status", [404, 410])
@pytest.mark.row("A7")
def test_A7_a_page_that_is_gone_leaves_the_archived_text_and_a_note(
    home: Home, site: Server, status: int
) -> None:
    site.reply("/k21-meldungen/akten/", status=status)
    home.run("fetch")
    article = by_title(home, "Akten im Netz")
    value = home.json("read", article["id"], "--json")

    assert value["article"]["lead"] == "Kurz."
    assert [(one["code"], one["http_status"]) for one in value["errors"]] == [("article.gone", status)]
    assert asked(site).count("/k21-meldungen/akten/") == 1  # nobody asks again and again
    assert home.run("--lang", "de", "read", article["id"]).stderr == (
        f"kommcli: die Seite ließ sich nicht lesen: die Seite gibt es nicht mehr ({status} "
        f"{'Not Found' if status == 404 else 'Gone'}) [article.gone]. Gezeigt wird der Text aus dem Feed.\n"
    )


@pytest.mark.row("A6")
def test_A6_a_wall_is_told_and_not_kept(home: Home, site: Server) -> None:
    wall = (PAGES / "other" / "no-text-consent.html").read_bytes()
    site.reply("/k21-meldungen/akten/", body=wall)
    home.run("fetch")
    done = home.run("--lang", "de", "read", by_title(home, "Akten im Netz")["id"])

    assert done.returncode == 0
    assert (
        done.stderr == "kommcli: Kein Text gefunden [article.no_text]. Gezeigt wird der Text aus dem Feed.\n"
    )
    assert "Kurz." in done.stdout
    with sqlite3.connect(home.path / "archive.db") as db:
        assert db.execute("SELECT count(*) FROM pages WHERE blocks IS NOT NULL").fetchone()[0] == 1


@pytest.mark.row("A3")
def test_A3_a_pdf_is_not_parsed(home: Home, site: Server) -> None:
    site.handle(
        "/k21-meldungen/akten/",
        lambda exchange: exchange.reply(b"%PDF-1.7", headers={"Content-Type": "application/pdf"}),
    )
    done = home.run("-v", "fetch")
    shown = home.run("read", by_title(home, "Akten im Netz")["id"], "--offline")

    assert "[article.not_html]" in done.stderr
    assert shown.returncode == 0
    assert site.url("/k21-meldungen/akten/") in shown.stdout


@pytest.mark.row("A1")
def test_A1_a_link_into_a_private_network_is_not_followed(home: Home, site: Server, make_server: Any) -> None:
    inside = make_server(host="127.0.0.2")
    inside.reply("/geheim", body=page())
    items = item(1, "Fremde Adresse", link=inside.url("/geheim"), description="Kurz.")
    site.reply("/feed.xml", body=rss(items, "Blatt"), etag='"2"')
    done = home.json("fetch", "--json")

    assert [one["code"] for one in done["pages"]] == ["net.private"]
    assert inside.requests == []


# ------------------------------------------------------------------------------------------ reading


def test_read_fetches_the_page_once_and_shows_it_with_its_related_news(home: Home, site: Server) -> None:
    settings(home, site, "never")
    home.run("fetch")
    ref = by_title(home, "Akten im Netz")["id"]
    value = home.json("read", ref, "--json")["article"]

    assert value["kicker"] == "Potsdam"
    assert value["lead"] == LEAD
    assert [block["type"] for block in value["body"]] == ["paragraph", "heading", "paragraph"]
    assert value["links"] == [{"url": site.url("/mehr"), "text": "Mehr dazu", "block": 2}]
    assert value["related_topic"] == "Dokumenten-Management"
    assert [(one["kicker"], one["title"], one["kind"], one["source"]) for one in value["related"]] == [
        ("Ulm", "Neues Portal", "bericht", "page"),
        ("Kiel", "Archiv eröffnet", None, "page"),
    ]
    assert value["related"][0]["id"] == by_title(home, "Neues Portal")["id"]
    home.run("read", ref)
    assert asked(site).count("/k21-meldungen/akten/") == 1


def test_offline_never_asks_and_refresh_asks_again(home: Home, site: Server) -> None:
    settings(home, site, "never")
    home.run("fetch")
    ref = by_title(home, "Akten im Netz")["id"]

    assert home.json("read", ref, "--json", "--offline")["article"]["lead"] == "Kurz."
    home.run("read", ref)
    site.reply("/k21-meldungen/akten/", body=page(lead=LEAD.replace("viele", "alle")))
    assert home.json("read", ref, "--json")["article"]["lead"] == LEAD
    assert "alle Wege" in home.json("read", ref, "--json", "--refresh")["article"]["lead"]
    assert home.run("read", ref, "--offline", "--refresh").returncode == 2


def test_a_short_entry_is_in_no_list_and_can_be_read(home: Home, site: Server) -> None:
    home.run("fetch")
    related = home.json("related", by_title(home, "Akten im Netz")["id"], "--json")
    stub = related["related"][1]

    assert [one["title"] for one in home.json("latest", "--json", "--offline")["articles"]] == [
        "Akten im Netz",
        "Neues Portal",
    ]
    assert home.json("stats", "--json")["total"] == 2
    article = home.json("read", stub["id"], "--json")["article"]
    assert (article["id"], article["kicker"], article["title"]) == (stub["id"], "Potsdam", "Archiv eröffnet")
    assert len(article["body"]) == 3
    home.run("read", stub["id"])
    assert asked(site).count("/k21-meldungen/archiv/") == 1
    assert len(home.json("latest", "--json", "--offline")["articles"]) == 2


def test_a_feed_that_brings_a_short_entry_makes_it_an_article(home: Home, site: Server) -> None:
    home.run("fetch")
    stub = home.json("related", by_title(home, "Akten im Netz")["id"], "--json")["related"][1]
    home.run("read", stub["id"])
    items = item(3, "Archiv eröffnet", link=site.url("/k21-meldungen/archiv/"), description="Kurz.")
    site.reply("/feed.xml", body=rss(items, "Blatt"), etag='"2"')
    home.run("fetch")
    article = by_title(home, "Archiv eröffnet")

    assert article["kicker"] == "Potsdam"
    assert home.json("read", stub["id"], "--json")["article"]["id"] == article["id"]
    assert len(home.json("read", article["id"], "--json", "--offline")["article"]["body"]) == 3
    assert asked(site).count("/k21-meldungen/archiv/") == 1


@pytest.mark.parametrize(
    "form",
    [
        "/k21-meldungen/akten",
        "/k21-meldungen/akten/?utm_source=x#a",
        "/?p=1",
        "/?p=1&post_type=k21-meldungen",
    ],
)
def test_every_address_of_an_article_leads_to_the_one_record(home: Home, site: Server, form: str) -> None:
    home.run("fetch")

    assert home.json("read", site.url(form), "--json", "--offline")["article"]["title"] == "Akten im Netz"


def test_an_address_that_no_feed_has_told_of_is_shown_and_kept_only_when_asked(
    home: Home, site: Server
) -> None:
    home.run("fetch")
    address = site.url("/k21-meldungen/archiv/?utm_source=mail")
    site.reply("/k21-meldungen/archiv/?utm_source=mail", body=page("Archiv eröffnet"))
    before = len(home.json("latest", "--json", "--offline")["articles"])
    home.run("read", by_title(home, "Akten im Netz")["id"])
    other = site.url("/ganz-neu/")
    site.reply("/ganz-neu/", body=page("Ganz neu"))

    assert home.json("read", other, "--json")["article"]["title"] == "Ganz neu"
    assert len(home.json("latest", "--json", "--offline")["articles"]) == before
    kept = home.json("read", other, "--json", "--keep")["article"]
    assert by_title(home, "Ganz neu")["id"] == kept["id"]
    assert home.json("read", address, "--json")["article"]["title"] == "Archiv eröffnet"


def test_a_feed_that_changes_an_article_keeps_what_its_page_said(home: Home, site: Server) -> None:
    home.run("fetch")
    items = item(
        1,
        "Alle Akten im Netz",
        link=site.url("/k21-meldungen/akten/"),
        guid=site.url("/?p=1"),
        description="Anders.",
    )
    site.reply("/feed.xml", body=rss(items, "Blatt"), etag='"2"')
    home.run("fetch")
    article = by_title(home, "Alle Akten im Netz")

    assert (article["kicker"], article["image"]["caption"]) == ("Potsdam", "Bald leer.")
    assert len(home.json("read", article["id"], "--json", "--offline")["article"]["body"]) == 3
    home.run("fetch", "--rethink")
    assert by_title(home, "Alle Akten im Netz")["kicker"] == "Potsdam"


# ------------------------------------------------------------------------------------------ files


@pytest.mark.parametrize("form", ["page.html", "page.txt"])
def test_a_saved_page_is_shown_and_stored_only_with_keep(home: Home, form: str) -> None:
    folder = PAGES / "01-bad-nauheim-bericht"
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    value = home.json("read", str(folder / form), "--json")["article"]

    assert (value["kicker"], value["title"], value["states"]) == (
        expected["kicker"],
        expected["title"],
        expected["states"],
    )
    assert value["published"].startswith(expected["published"])
    assert not (home.path / "archive.db").exists()
    kept = home.json("read", str(folder / form), "--json", "--keep")["article"]
    assert kept["id"] == value["id"]
    listed = home.json("latest", "--json", "--offline")["articles"]
    assert [one["id"] for one in listed] == [kept["id"]]
    again = home.json("read", kept["id"], "--json", "--offline")["article"]
    assert [block["text"] for block in again["body"]] == [block["text"] for block in value["body"]]


@pytest.mark.parametrize(
    "folder",
    sorted(path for path in PAGES.iterdir() if (path / "expected.json").exists()),
    ids=lambda folder: folder.name,
)
def test_the_states_of_a_page(folder: Path, session: Any) -> None:
    from kommcli.cli import opened
    from kommcli.collect import Brought
    from kommcli.parsing.page import parse_page

    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    found = parse_page((folder / "page.html").read_bytes(), "", "")
    shown = opened.of_page(session, Brought(found, ""), opened.SAVED)

    assert set(shown.article.states) == set(expected["states"])


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Any:
    import os

    from kommcli.cli.session import new_session

    folder = make_home(tmp_path_factory.mktemp("session"))
    before = os.environ.copy()
    os.environ.update(folder.env)
    yield new_session(config=None, demo=False, verbose=False, quiet=True, debug=False)
    os.environ.clear()
    os.environ.update(before)


def test_standard_input(home: Home) -> None:
    text = (PAGES / "01-bad-nauheim-bericht" / "page.txt").read_text("utf-8")
    done = home.run("read", "-", "--json", stdin=text)

    assert json.loads(done.stdout)["article"]["kicker"] == "Bad Nauheim"


@pytest.mark.parametrize("form", ["plain", "markdown"])
def test_what_is_written_as_text_can_be_read_again(home: Home, tmp_path: Path, form: str) -> None:
    source = PAGES / "06-zwei-staedte-ohne-jsonld" / "page.html"
    first = home.json("read", str(source), "--json")["article"]
    assert home.run("read", str(source), "-F", form, "-o", str(tmp_path / "a.txt")).returncode == 0
    again = home.json("read", str(tmp_path / "a.txt"), "--json")["article"]

    for key in ("kicker", "title", "lead", "body", "states"):
        assert again[key] == first[key], key
    assert [(one["kicker"], one["title"], one["kind"]) for one in again["related"]] == [
        (one["kicker"], one["title"], one["kind"]) for one in first["related"]
    ]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", b"%PDF-1.7", "article.not_html"),
        ("a.html", b"<html><body></body></html>", "article.no_text"),
        ("a.txt", b"", "article.no_text"),
        ("a.html", b"x" * 5_000_001, "http.too_large"),
    ],
)
def test_a_file_that_is_no_article_is_exit_4(
    home: Home, tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    (tmp_path / name).write_bytes(content)
    done = home.run("read", str(tmp_path / name))

    assert (done.returncode, done.stdout) == (4, "")
    assert f"[{code}]" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_without_trafilatura_a_saved_page_of_another_site_names_the_remedy(
    home: Home, tmp_path: Path
) -> None:
    (tmp_path / "trafilatura.py").write_text("raise ImportError('as if it were not installed')\n")
    saved = PAGES / "other" / "blog-article.html"
    done = home.run("read", str(saved), env={"PYTHONPATH": str(tmp_path)})

    assert done.returncode == 4
    assert "[article.no_reader]" in done.stderr
    assert "pip install 'kommcli[fulltext]'" in done.stderr


def test_a_folder_is_exit_6_and_a_missing_file_is_exit_4(home: Home, tmp_path: Path) -> None:
    assert home.run("read", str(tmp_path)).returncode == 6
    assert home.run("read", str(tmp_path / "nichts.html")).returncode == 4


# ------------------------------------------------------------------------------------------ numbers


def test_related_articles_are_numbered_on_behind_the_list(home: Home, site: Server) -> None:
    home.run("fetch")
    home.run("latest", "-F", "terminal", "--offline")
    shown = home.run("read", "1", "-F", "terminal").stdout

    assert "  3  BERICHT Potsdam: Neues Portal" in shown  # its own kicker, not the list's
    assert "  4  Kiel: Archiv eröffnet" in shown
    assert home.json("read", "3", "--json")["article"]["title"] == "Neues Portal"
    assert home.json("read", "2", "--json")["article"]["title"] == "Neues Portal"
    assert home.json("read", "4", "--json")["article"]["title"] == "Archiv eröffnet"
    assert home.run("read", "5").returncode == 4
    assert "Archiv eröffnet" in home.run("related", "1", "-F", "terminal").stdout


def test_a_short_entry_opens_in_the_browser(home: Home, site: Server, tmp_path: Path) -> None:
    home.run("fetch")
    home.run("read", by_title(home, "Akten im Netz")["id"], "-F", "terminal")
    program = tmp_path / "browser"
    program.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/told\n')
    program.chmod(0o755)
    done = home.run("open", "2", env={"BROWSER": f"{program} %s"})

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "told").read_text().strip() == site.url("/k21-meldungen/archiv/")


@pytest.mark.skipif(not SEED.exists(), reason="the shared folder with the seed is not there")
def test_the_seed_in_a_terminal_of_80_columns(home: Home) -> None:
    output = home.terminal("read", str(SEED), columns=80, rows=300)
    from conftest import shown

    screen = shown(output, 80, 300)
    lines = screen.splitlines()

    assert lines[1:4] == [
        "  Rheinland-Pfalz",
        "  Interkommunale Vernetzung",
        "  [14.11.2024] · Rheinland-Pfalz · Saved pages · 2\xa0min\xa0read · Künstliche",
    ]
    assert max(map(len, lines)) <= 76
    assert "  │ Bild: atianastulbo/123rf.com" in screen or "  │ Image: atianastulbo/123rf.com" in screen
    assert "  Weitere Meldungen und Beiträge aus dem Bereich: Künstliche Intelligenz" in screen
    assert " 15  Rheinbach: Chatbot sucht einen Namen" in screen
    value = home.json("read", str(SEED), "--json")["article"]
    assert (value["kicker"], value["states"], len(value["related"])) == ("Rheinland-Pfalz", ["DE-RP"], 15)
    # Nothing was stored, and the numbers work all the same.
    assert not (home.path / "archive.db").exists()
    assert "Potsdam: Wohni bewährt sich" in home.run("read", "1").stdout


def test_pictures_are_drawn_only_when_asked_and_possible(home: Home, site: Server) -> None:
    pil = pytest.importorskip("PIL.Image", reason="Pillow is not installed")
    import io

    stream = io.BytesIO()
    pil.new("RGB", (64, 32), (200, 30, 30)).save(stream, "PNG")
    site.handle(
        "/bild.jpg",
        lambda exchange: exchange.reply(stream.getvalue(), headers={"Content-Type": "image/png"}),
    )
    home.run("fetch")
    ref = by_title(home, "Akten im Netz")["id"]

    assert "▀".encode() in home.terminal("read", ref, "--images", COLORTERM="truecolor")
    assert b"\x1b_G" in home.terminal("read", ref, "--images", TERM="xterm-kitty")
    assert "▀".encode() not in home.terminal("read", ref)
    assert "▀" not in home.run("read", ref, "--images", "-F", "terminal").stdout


def test_an_archive_that_cannot_be_written_does_not_spoil_a_page(home: Home, site: Server) -> None:
    settings(home, site, "never")
    home.run("fetch")
    ref = by_title(home, "Akten im Netz")["id"]
    program = (
        "import sys\nfrom kommcli.archive import database\nfrom kommcli.__main__ import main\n"
        f"database.WAIT = 0.1\nsys.argv = ['kommcli', '-v', 'read', '{ref}', '--json']\nmain()"
    )
    holder = sqlite3.connect(home.path / "archive.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        done = subprocess.run([sys.executable, "-c", program], env=home.env, capture_output=True, text=True)
    finally:
        holder.close()

    assert done.returncode == 0
    assert json.loads(done.stdout)["article"]["lead"] == LEAD
    assert "another kommcli is working on" in done.stderr
    with sqlite3.connect(home.path / "archive.db") as db:
        assert db.execute("SELECT count(*) FROM pages WHERE fetched IS NOT NULL").fetchone() == (0,)
