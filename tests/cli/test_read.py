"""`read`, `open` and `mark`: what a REF may be, how an article is shown, and what is remembered."""

from __future__ import annotations

import json
import sqlite3
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from conftest import Home, item, make_home, rss
from newsroom import in_files, newsroom

TEXT = (
    "&lt;p&gt;Der Rat hat entschieden. Die Karte ist da.&lt;/p&gt;&lt;h2&gt;Wie es weitergeht&lt;/h2&gt;"
    "&lt;blockquote&gt;Das wird gut&lt;/blockquote&gt;"
    "&lt;ul&gt;&lt;li&gt;eins&lt;/li&gt;&lt;li&gt;zwei&lt;/li&gt;&lt;/ul&gt;"
    "&lt;p&gt;Ende.&lt;/p&gt;"
)
LONG = rss(
    item(1, "Kurz", description="Nur ein Satz.")
    + item(2, "Mit Text", description=TEXT)
    + item(3, "Lang", description="".join(f"&lt;p&gt;Absatz {number}.&lt;/p&gt;" for number in range(60)))
    + item(4, "Ohne Adresse", link="")
    + item(5, "Fremde Adresse", link="https://news.example/a'b;$(touch%20x)?q=&amp;r"),
    "Lesefeed",
)


NUMBERS = {"Kurz": "1", "Mit Text": "2", "Lang": "3", "Ohne Adresse": "4", "Fremde Adresse": "5"}


def marker(folder: Path) -> tuple[Path, Path]:
    """A program that writes its arguments and its input into a file, and that file."""
    program, told = folder / "marker", folder / "told.json"
    program.write_text(
        f"#!{sys.executable}\nimport json, sys\n"
        "text = '' if sys.argv[1:] else sys.stdin.read()\n"
        f"with open({str(told)!r}, 'w') as file:\n    json.dump([sys.argv[1:], text], file)\n"
    )
    program.chmod(0o755)
    return program, told


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Eight articles of which a list was shown; only read by the tests."""
    home = newsroom(make_home(tmp_path_factory.mktemp("archive")))
    home.run("latest", "-F", "terminal", "-n", "3")
    return home


@pytest.fixture
def own(archive: Home, tmp_path: Path) -> Home:
    """The eight articles for a test that changes something."""
    return archive.copy(tmp_path)


@pytest.fixture(scope="module")
def shared_texts(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Five articles with texts of different kinds, numbered as in `LONG`; only read by the tests."""
    home = in_files(make_home(tmp_path_factory.mktemp("texts")), {"lese": LONG})
    home.run("latest", "-F", "terminal")
    return home


@pytest.fixture
def texts(shared_texts: Home, tmp_path: Path) -> Home:
    """The five articles for a test that changes something."""
    return shared_texts.copy(tmp_path)


def is_read(home: Home) -> list[str]:
    """The titles of the articles that are marked as read."""
    return [one["title"] for one in home.json("latest", "--json")["articles"] if one["read"]]


# --------------------------------------------------------------------------------------------- REF


@pytest.mark.parametrize(
    "ref",
    [
        "2",
        "yqmfqvyb",
        "YQMFQVYB",
        "yq",
        "https://news.example/1",
        "http://www.news.example/1/",
        "HTTPS://NEWS.EXAMPLE:443/1#abschnitt",
        "https://news.example/1?utm_source=mail&utm_medium=x",
    ],
)
def test_every_form_of_a_reference_finds_the_article(archive: Home, ref: str) -> None:
    assert archive.json("read", ref, "--json")["article"]["id"] == "yqmfqvyb"


def test_the_beginning_of_several_ids_is_ambiguous(home: Home) -> None:
    in_files(home, {"many": rss("".join(item(n) for n in range(100)))})
    ids = sorted(one["id"] for one in home.json("latest", "--json", "-n", "100")["articles"])
    first = next(one[0] for one, other in pairwise(ids) if one[0] == other[0])
    done = home.run("read", first)

    assert done.returncode == 2
    named = [one for one in ids if one[0] == first][:5]
    assert done.stderr == (
        f'kommcli: "{first}" is the beginning of several ids ({", ".join(named)}) [usage.ref].'
        " Type more of it.\n"
    )


@pytest.mark.parametrize(
    ("ref", "message"),
    [
        (
            "4",
            'the last list has no number "4" (it had 3 articles) [article.unknown]. List with',
        ),
        (
            "0",
            'the last list has no number "0" (it had 3 articles) [article.unknown]. List with',
        ),
        ("9" * 30, f'the last list has no number "{"9" * 30}" (it had 3 articles) [article.unknown].'),
        (
            "zzzz",
            'there is no article "zzzz" [article.unknown]. Take a number of the last list, an id',
        ),
        ("", 'there is no article "" [article.unknown].'),
        ("%_", 'there is no article "%_" [article.unknown].'),
        ("²", 'there is no article "²" [article.unknown].'),
        ("https://user@", 'there is no article "https://***@" [article.unknown].'),
        ("ftp://news.example/9", 'there is no article "ftp://news.example/9" [article.unknown].'),
    ],
)
def test_an_unknown_reference_is_exit_4(archive: Home, ref: str, message: str) -> None:
    done = archive.run("read", ref)

    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.startswith(f"kommcli: {message}")
    assert len(done.stderr.splitlines()) == 1


def test_a_number_without_a_list(home: Home) -> None:
    newsroom(home)
    done = home.run("read", "1")

    assert done.returncode == 4
    assert '"1" (it had 0 articles)' in done.stderr


def test_nothing_to_read_in_an_empty_archive(home: Home) -> None:
    done = home.run("read", "yqmfqvyb")

    assert done.returncode == 4
    assert done.stderr == (
        "kommcli: the archive is empty [article.unknown]."
        " Fetch with `kommcli fetch`, or try kommcli --demo latest.\n"
    )


def test_the_numbers_stay_when_newer_articles_arrive(own: Home) -> None:
    own.run("latest", "-F", "terminal", "-f", "beta")
    own.run("latest", "--json")  # shows no numbers, so it changes none

    assert own.json("read", "3", "--json")["article"]["title"] == "Im Vorjahr"


# ----------------------------------------------------------------------------------------- formats


def test_json_has_the_text_in_blocks(shared_texts: Home) -> None:
    article = shared_texts.json("read", "2", "--json")["article"]

    assert article["body"] == [
        {"type": "paragraph", "text": "Der Rat hat entschieden. Die Karte ist da."},
        {"type": "heading", "text": "Wie es weitergeht"},
        {"type": "quote", "text": "Das wird gut"},
        {"type": "list", "text": "eins\nzwei"},
        {"type": "paragraph", "text": "Ende."},
    ]
    assert (article["related"], article["related_topic"]) == ([], None)


def test_plain_tells_every_block_and_the_address(home: Home) -> None:
    texts = in_files(home, {"lese": LONG})
    texts.run("latest", "-F", "terminal")
    assert texts.run("read", "2", "--offline").stdout == (
        "Mit Text\n\n[15.10.2026]\n\n"
        "Der Rat hat entschieden. Die Karte ist da.\n\nWie es weitergeht\n\n> Das wird gut\n\n"
        "- eins\n- zwei\n\nEnde.\n\n--\nThursday, 15 October 2026, 08:00 · Lesefeed · Ratsinformation\n"
        "https://news.example/2\n"
    )


@pytest.mark.parametrize("form", ["plain", "terminal"])
def test_a_lead_that_the_text_begins_with_is_not_told_twice(shared_texts: Home, form: str) -> None:
    for title, sentence in (("Kurz", "Nur ein Satz."), ("Mit Text", "Der Rat hat entschieden.")):
        shown = shared_texts.run("read", NUMBERS[title], "-F", form, "--keep-unread").stdout
        assert shown.count(sentence) == 1


def test_an_article_in_the_terminal_keeps_a_comfortable_measure(shared_texts: Home) -> None:
    lines = shared_texts.run(
        "read", "3", "-F", "terminal", "--keep-unread", env={"COLUMNS": "200"}
    ).stdout.splitlines()

    assert max(len(line.rstrip()) for line in lines) <= 80
    assert "  Absatz 59." in [line.rstrip() for line in lines]


def test_output_file(shared_texts: Home, tmp_path: Path) -> None:
    done = shared_texts.run("read", "1", "-F", "terminal", "--keep-unread", "-o", str(tmp_path / "a.txt"))

    assert (done.returncode, done.stdout) == (0, "")
    assert "Nur ein Satz." in (tmp_path / "a.txt").read_text("utf-8")


# ------------------------------------------------------------------------------------------ read mark


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["-F", "terminal"], ["Kurz"]),
        (["-F", "terminal", "--keep-unread"], []),
        (["-F", "plain"], []),
        (["--json"], []),
    ],
    ids=" ".join,
)
def test_only_showing_it_to_a_person_marks_an_article_as_read(
    texts: Home, options: list[str], expected: list[str]
) -> None:
    assert texts.run("read", "1", *options).returncode == 0
    assert is_read(texts) == expected


@pytest.mark.row("S5")
def test_an_archive_that_cannot_be_written_does_not_spoil_the_reading(texts: Home) -> None:
    with sqlite3.connect(texts.path / "archive.db") as db:
        db.execute("CREATE TRIGGER full BEFORE UPDATE ON articles BEGIN SELECT raise(ABORT, 'no'); END")
    done = texts.run("read", "1", "-F", "terminal")

    assert "Nur ein Satz." in done.stdout


# ---------------------------------------------------------------------------------------------- pager


@pytest.mark.parametrize(
    ("title", "rows", "paged"), [("Lang", 24, True), ("Kurz", 24, False), ("Lang", 200, False)]
)
def test_the_pager_is_for_what_is_longer_than_the_screen(
    texts: Home, tmp_path: Path, title: str, rows: int, paged: bool
) -> None:
    program, told = marker(tmp_path)
    texts.terminal("read", NUMBERS[title], rows=rows, PAGER=str(program))

    assert told.exists() == paged
    if paged:
        _arguments, text = json.loads(told.read_text())
        assert "Absatz 59." in text
        assert "\x1b]8" not in text  # links in a pager are letters to older ones


def test_no_pager_in_a_pipe(texts: Home, tmp_path: Path) -> None:
    program, told = marker(tmp_path)
    done = texts.run("read", "3", "-F", "terminal", env={"PAGER": str(program), "LINES": "10"})

    assert "Absatz 59." in done.stdout
    assert not told.exists()


def test_less_is_told_to_show_colours_unless_the_user_told_it_something(texts: Home, tmp_path: Path) -> None:
    program = tmp_path / "pager"
    program.write_text(f'#!/bin/sh\ncat >/dev/null; echo "$LESS $LESSCHARSET" >{tmp_path}/less\n')
    program.chmod(0o755)
    texts.terminal("read", "3", rows=10, PAGER=str(program))
    assert (tmp_path / "less").read_text() == "FRX utf-8\n"
    texts.terminal("read", "3", rows=10, PAGER=str(program), LESS="-S")
    assert (tmp_path / "less").read_text() == "-S utf-8\n"


# ----------------------------------------------------------------------------------------------- open


@pytest.mark.row("C17")
def test_C17_open_hands_the_address_to_the_browser_as_one_argument(texts: Home, tmp_path: Path) -> None:
    program, told = marker(tmp_path)
    done = texts.run("open", "5", env={"BROWSER": str(program)})

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    ((address,), _input) = json.loads(told.read_text())
    assert address == texts.json("read", "5", "--json")["article"]["url"]
    assert address.startswith("https://news.example/a")
    assert not set(address) & set("' \"<>`\\")
    assert list(tmp_path.glob("**/x")) == []  # no shell saw it
    assert is_read(texts) == ["Fremde Adresse"]


@pytest.mark.row("C17")
def test_C17_an_article_without_a_web_address_is_not_opened(shared_texts: Home, tmp_path: Path) -> None:
    program, told = marker(tmp_path)
    done = shared_texts.run("open", "4", env={"BROWSER": str(program)})

    assert done.returncode == 4
    assert "has no web address [article.no_url]. Read it with `kommcli read " in done.stderr
    assert not told.exists()


@pytest.mark.parametrize("address", ["file:///etc/passwd", "javascript:alert(1)", "-x", "HTTP:evil"])
@pytest.mark.row("C17")
def test_C17_only_http_addresses_reach_the_browser(texts: Home, tmp_path: Path, address: str) -> None:
    program, told = marker(tmp_path)
    with sqlite3.connect(texts.path / "archive.db") as db:  # somebody else wrote into the archive
        db.execute("UPDATE articles SET url = ?", (address,))

    assert texts.run("open", "1", env={"BROWSER": str(program)}).returncode == 4
    assert not told.exists()


def test_a_browser_that_does_not_start_is_told_with_the_address(texts: Home) -> None:
    done = texts.run("open", "1", env={"BROWSER": "/does/not/exist"})

    assert done.returncode == 4
    assert (
        "no browser could be started (https://news.example/1) [article.no_browser]. Set BROWSER"
        in done.stderr
    )
    assert is_read(texts) == []


# ----------------------------------------------------------------------------------------------- mark


def test_mark_by_references(own: Home) -> None:
    own.run("latest", "-F", "terminal")

    done = own.run("mark", "read", "1", "yqmf", "https://news.example/2")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "kommcli: 3 articles marked\n")
    assert is_read(own) == ["Ohne Datum", "Wohni bewährt sich", "=1+1 und mehr"]
    assert own.run("mark", "read", "1").stderr == "kommcli: 0 articles marked\n"
    assert own.run("mark", "unread", "1", "1").stderr == "kommcli: 1 article marked\n"
    assert own.run("-q", "mark", "unread", "2").stderr == ""
    assert is_read(own) == ["=1+1 und mehr"]


def test_mark_by_filters(own: Home) -> None:
    assert own.run("mark", "star", "--feed", "beta").stderr == "kommcli: 3 articles marked\n"
    assert own.run("mark", "read", "--since", "today").stderr == "kommcli: 3 articles marked\n"
    assert own.run("mark", "read", "--unread", "--starred").stderr == "kommcli: 2 articles marked\n"
    assert own.run("mark", "unstar", "--starred").stderr == "kommcli: 3 articles marked\n"
    assert own.run("mark", "unread", "--until", "2025").stderr == "kommcli: 1 article marked\n"
    assert own.run("latest", "--starred").stdout == ""


def test_mark_survives_the_next_fetch_of_a_changed_feed(own: Home) -> None:
    own.run("mark", "read", "yqmfqvyb")
    feed = own.path / "feeds" / "alpha.xml"
    feed.write_bytes(feed.read_bytes().replace("bewährt sich".encode(), "bewährt sich weiter".encode()))
    own.run("fetch")

    assert is_read(own) == ["Wohni bewährt sich weiter"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["read"],
            "which articles? [usage]. For example: kommcli mark read 3, "
            "or kommcli mark read topic:ki --feed NAME.",
        ),
        (["star", "1", "--feed", "beta"], "name articles or give filters, not both [usage]."),
        (["read", "--feed", "gamma"], 'there is no feed "gamma" [usage.feed].'),
        (["read", "--since", "dann"], '--since "dann" is no date [usage.date].'),
    ],
)
def test_mark_wants_references_or_filters(archive: Home, arguments: list[str], message: str) -> None:
    done = archive.run("mark", *arguments)

    assert done.returncode == 2
    assert done.stderr.startswith(f"kommcli: {message}")


def test_mark_of_an_unknown_article_marks_nothing(own: Home) -> None:
    assert own.run("mark", "read", "yqmfqvyb", "zzzz").returncode == 4
    assert is_read(own) == []


def test_mark_in_an_empty_home(home: Home) -> None:
    assert home.run("mark", "read", "1").returncode == 4
    assert home.run("mark", "read", "--unread").stderr == "kommcli: 0 articles marked\n"
