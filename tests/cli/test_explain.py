"""`explain` and `fetch --rethink`: the evidence, corrections by the user, and the archive understood anew."""

from __future__ import annotations

import re
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from conftest import Home, item, make_home, rss, shown
from gazette import VIEWS, gazette, named
from loopback import Server
from newsroom import HOSTILE, in_files

IDS = {"Anton": "yqmfqvyb", "Berta": "f5vvm3rk", "Emil": "yeyefyk0", "Frieda": "es8z708g",
       "Gustav": "znv2exba", "Ida": "qnn6wepe", "Jakob": "ntmrynkb", "Klara": "dwpshtxz",
       "Ludwig": "v2c5pkvh"}  # fmt: skip


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Twelve articles about places and topics, of which a list was shown; only read by the tests."""
    home = gazette(make_home(tmp_path_factory.mktemp("archive")))
    home.run("latest", "-F", "terminal")
    return home


@pytest.fixture
def own(archive: Home, tmp_path: Path) -> Home:
    """The twelve articles for a test that changes something."""
    return archive.copy(tmp_path)


def correct(home: Home, text: str, beta: str = "") -> None:
    """Add ``text`` to the configuration, and ``beta`` to the settings of that feed."""
    path = home.path / "config.toml"
    config = path.read_text("utf-8").replace('key = "beta"\n', f'key = "beta"\n{beta}\n')
    path.write_text(f"{config}\n{text}\n", "utf-8")


def why(home: Home, name: str) -> dict[str, Any]:
    """The evidence for the article of this name as JSON."""
    return home.json("explain", IDS[name], "--json")


def in_terminal(home: Home, name: str) -> str:
    """The evidence as people read it, as one line."""
    return " ".join(home.run("explain", IDS[name], "-F", "terminal").stdout.split())


ALIASES = '[places.alias]\nIda = "Trier"\nFrieda = "Trier"\nPotsdam = "Trier"'


def in_trier(home: Home) -> str:
    """The names of the articles that the archive has about Trier."""
    return named(home.json("latest", "--offline", "--json", "-p", "Trier"))


def articles(home: Home) -> list[dict[str, Any]]:
    """All that the archive has, as JSON tells it."""
    found: list[dict[str, Any]] = home.json("latest", "--offline", "--json", "-n", "999")["articles"]
    return found


# ----------------------------------------------------------------------------------------- the evidence


def test_every_state_and_place_has_its_words(archive: Home) -> None:
    value = why(archive, "Emil")

    assert (value["schema"], value["article"]["id"]) == ("kommcli/explain/1", IDS["Emil"])
    assert [(one["code"], one["name"], one["main"]) for one in value["states"]] == [
        ("DE-NW", "Nordrhein-Westfalen", True),
        ("DE-HE", "Hessen", False),
    ]
    assert [(one["name"], one["kind"], one["ags"], one["states"]) for one in value["places"]] == [
        ("Mönchengladbach", "municipality", "05116000", ["DE-NW"]),
        ("Wiesbaden", "municipality", "06414000", ["DE-HE"]),
    ]
    for found, words in zip(value["places"], ("Mönchengladbach", "Wiesbaden"), strict=True):
        (evidence, *_others) = found["evidence"]
        assert (evidence["where"], evidence["words"], evidence["rule"]) == ("kicker", words, "name")
    assert value["passed_over"] == []


def test_every_topic_has_its_words(archive: Home) -> None:
    (topic,) = why(archive, "Anton")["topics"]

    assert (topic["key"], topic["name"]) == ("ki", "Künstliche Intelligenz")
    words = {(one["where"], one["words"], one["rule"]) for one in topic["evidence"]}
    assert {("category", "Künstliche Intelligenz", "category"), ("title", "Chatbot", "term")} <= words


def test_level_and_kind(archive: Home) -> None:
    federal, interview = why(archive, "Gustav"), why(archive, "Frieda")

    assert (federal["level"]["key"], federal["states"]) == ("bund", [])
    assert federal["level"]["evidence"][0]["words"] == "Bund"
    assert interview["kind"]["key"] == "interview"
    assert interview["kind"]["evidence"][0]["words"] == "Interview"


def test_what_an_article_is_and_what_explains_it_are_the_same(archive: Home) -> None:
    for name in IDS:
        value = why(archive, name)
        article = value["article"]
        assert [one["code"] for one in value["states"]] == article["states"]
        assert [one["name"] for one in value["places"]] == [one["name"] for one in article["places"]]
        assert [one["key"] for one in value["topics"]] == [one["key"] for one in article["topics"]]
        assert (value["kind"] and value["kind"]["key"]) == article["kind"]
        assert (value["level"] and value["level"]["key"]) == article["level"]


def test_the_evidence_in_words(archive: Home) -> None:
    text = in_terminal(archive, "Ludwig")

    assert text.startswith("Kreis Bergstraße: Ein Telefon für Ludwig State ")
    assert '• kicker "Kreis Bergstraße" -> Landkreis Bergstraße (06431), HE' in text
    assert '• kicker "Kreis Bergstraße" -> Hessen (HE)' in text
    assert '• category "E-Akte" -> E-Akte (e-akte)' in text
    assert "[places.alias] or [places.ignore]" in text
    assert "kommcli feeds edit beta --state STATE" in text
    assert "The archive still has" not in text


def test_the_evidence_in_lines(archive: Home) -> None:
    lines = [line.split("\t") for line in archive.run("explain", IDS["Emil"]).stdout.splitlines()]

    assert all(len(line) == 7 for line in lines)
    assert [line[:6] for line in lines[:2]] == [
        ["state", "DE-NW", "Nordrhein-Westfalen", "kicker", "Mönchengladbach", "name"],
        ["state", "DE-HE", "Hessen", "kicker", "Wiesbaden", "name"],
    ]
    assert ["topic", "ki", "Künstliche Intelligenz", "title", "Chatbot", "term"] in [x[:6] for x in lines]


def test_an_article_about_nothing_in_particular(archive: Home) -> None:
    value = why(archive, "Ida")

    assert [value[name] for name in ("states", "places", "topics", "passed_over")] == [[], [], [], []]
    assert (value["level"], value["kind"]) == (None, None)
    assert archive.run("explain", IDS["Ida"]).stdout == ""
    assert "Ida blickt zurück State –" in in_terminal(archive, "Ida")


def test_an_ambiguous_name_is_told_with_what_it_may_mean(home: Home) -> None:
    in_files(home, {"one": rss(item(1, "Neustadt: Fundbüro ohne Papier"))})
    home.run("latest", "-F", "terminal")
    value = home.json("explain", "1", "--json")

    assert (value["states"], value["places"]) == ([], [])
    (over,) = value["passed_over"]
    assert (over["where"], over["words"], over["rule"]) == ("kicker", "Neustadt", "ambiguous")
    assert len(over["candidates"]) >= 2
    assert "Neustadt" in home.run("explain", "1", "-F", "terminal").stdout


def test_hostile_evidence_is_only_text(home: Home) -> None:
    in_files(home, {"evil": HOSTILE})
    home.run("latest", "-F", "terminal")
    for number in (1, 5, 9):
        for form in ("plain", "terminal", "json"):
            done = home.run("explain", str(number), "-F", form)
            assert (done.returncode, done.stderr) == (0, "")
            assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\u2066-\u2069]", done.stdout)


@pytest.mark.parametrize("columns", [60, 100, 200])
def test_evidence_fits_the_terminal(archive: Home, columns: int) -> None:
    output = archive.terminal("explain", IDS["Emil"], columns=columns, COLUMNS=str(columns))
    screen = shown(output, columns + 20)

    assert max(map(len, screen.splitlines())) <= columns
    assert "Mönchengladbach (05116000), NW" in " ".join(screen.split())
    assert "…" not in screen


def test_evidence_in_german(archive: Home) -> None:
    text = " ".join(archive.run("--lang", "de", "explain", IDS["Emil"], "-F", "terminal").stdout.split())

    for english in ("State", "the whole name", "Something wrong", "word of the topic", "main one"):
        assert english not in text
    assert "Nordrhein-Westfalen (NW)" in text


@pytest.mark.parametrize("ref", ["5", "yeye", "https://news.example/5"])
def test_explain_takes_any_reference(archive: Home, ref: str) -> None:
    assert archive.json("explain", ref, "--json")["article"]["id"] == IDS["Emil"]


@pytest.mark.parametrize("ref", ["99", "zzzz", "https://news.example/99"])
def test_explain_of_no_article_is_exit_4(archive: Home, ref: str) -> None:
    done = archive.run("explain", ref)

    assert (done.returncode, done.stdout) == (4, "")
    assert "[article.unknown]" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_explain_in_an_empty_home(home: Home) -> None:
    done = home.run("explain", "1")

    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.startswith("kommcli: the archive is empty [article.unknown].")


def test_explain_changes_nothing(archive: Home) -> None:
    before = (archive.path / "archive.db").read_bytes()
    archive.run("explain", IDS["Emil"], "-F", "terminal")

    assert (archive.path / "archive.db").read_bytes() == before


def test_the_demo_explains_itself(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    value = home.json("--demo", "explain", "1", "--json")
    text = home.run("--demo", "explain", "1", "-F", "terminal").stdout

    assert [one["code"] for one in value["states"]] == ["DE-ST"]
    assert value["places"][0]["name"] == "Halle (Saale)"
    assert value["topics"]
    assert '• kicker "Halle (Saale)" -> Halle (Saale) (15002000), ST' in text


# ------------------------------------------------------------------------------------------- corrections


def test_an_alias_makes_a_name_a_place(own: Home) -> None:
    correct(own, '[places.alias]\nIda = "Trier"')
    value = why(own, "Ida")

    assert [one["code"] for one in value["states"]] == ["DE-RP"]
    assert [(one["name"], one["ags"]) for one in value["places"]] == [("Trier", "07211000")]
    assert value["places"][0]["evidence"][0]["words"] == "Ida"


def test_an_alias_may_be_an_official_key(own: Home) -> None:
    correct(own, '[places.alias]\nFrieda = "07211000"')

    assert [one["name"] for one in why(own, "Frieda")["places"]] == ["Trier"]


def test_an_alias_may_be_the_name_of_another_place(own: Home) -> None:
    correct(own, '[places.alias]\nUlm = "Neu-Ulm"')
    value = why(own, "Klara")

    assert [one["name"] for one in value["places"]] == ["Neu-Ulm"]
    assert [one["code"] for one in value["states"]] == ["DE-BY"]


def test_an_alias_can_be_asked_for(own: Home) -> None:
    correct(own, '[places.alias]\nDomstadt = "Köln"')

    assert named(own.json("latest", "--offline", "--json", "place:Domstadt")) == "Jakob"


def test_an_alias_of_nothing_is_an_error_that_names_it(own: Home) -> None:
    correct(own, '[places.alias]\nIda = "Potsdma"')
    done = own.run("explain", IDS["Ida"])

    assert (done.returncode, done.stdout) == (5, "")
    assert "[places.alias] Ida names no place: Potsdma [config.value]." in done.stderr
    assert 'Did you mean "Potsdam"?' in done.stderr
    assert own.run("fetch", "--rethink").returncode == 5


def test_an_ignored_name_is_no_place(own: Home) -> None:
    correct(own, '[places]\nignore = ["Ulm"]')
    value = why(own, "Klara")

    assert (value["states"], value["places"]) == ([], [])


def test_the_state_of_a_feed_holds_where_nothing_else_is_said(own: Home) -> None:
    correct(own, "", beta='state = "SN"')
    value = why(own, "Ida")

    assert [one["code"] for one in value["states"]] == ["DE-SN"]
    assert (value["states"][0]["evidence"][0]["where"]) == "feed"
    assert [one["code"] for one in why(own, "Jakob")["states"]] == ["DE-NW"]


def test_a_topic_of_ones_own_and_more_words_for_ours(own: Home) -> None:
    correct(own, '[topics.brettspiele]\nname = "Brettspiele"\nterms = { blickt = 3 }\n'
                 '[topics.ki]\nterms = { frieda = 3 }\n[topics.breitband]\nenabled = false')  # fmt: skip

    assert [one["name"] for one in why(own, "Ida")["topics"]] == ["Brettspiele"]
    assert [one["key"] for one in why(own, "Frieda")["topics"]] == ["ki"]
    assert own.run("fetch", "--rethink").returncode == 0
    assert named(own.json("latest", "--offline", "--json", "topic:Brettspiele")) == "Ida"
    assert named(own.json("latest", "--offline", "--json", "topic:ki")) == "Anton Berta Emil Frieda"


def test_a_note_when_the_archive_says_otherwise(own: Home) -> None:
    correct(own, '[places]\nignore = ["Ulm"]')

    note = "The archive still has: BW, Ulm, Quantenrechner. Understand it anew: kommcli fetch --rethink"
    assert note in in_terminal(own, "Klara")
    assert "The archive still has" not in in_terminal(own, "Jakob")
    assert own.run("fetch", "--rethink").returncode == 0
    assert "The archive still has" not in in_terminal(own, "Klara")


# ------------------------------------------------------------------------------------------------ rethink


def test_rethink_applies_corrections_and_keeps_the_rest(own: Home) -> None:
    own.run("mark", "read", IDS["Ida"])
    own.run("mark", "star", IDS["Klara"])
    before = articles(own)
    correct(own, '[places]\nalias = { Ida = "Trier" }\nignore = ["Ulm"]')
    done = own.run("fetch", "--rethink", env={"KOMMCLI_NOW": "2026-10-20T11:00:00+02:00"})

    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "kommcli: 12 articles re-read, 2 changed\n"
    after = articles(own)
    understood = ("states", "places", "topics", "kind", "level")
    for old, new in zip(before, after, strict=True):
        assert {k: v for k, v in old.items() if k not in understood} == {
            k: v for k, v in new.items() if k not in understood
        }
        assert (old == new) == (old["id"] not in (IDS["Ida"], IDS["Klara"]))
    assert named(own.json("latest", "--offline", "--json", "-p", "Trier", "is:read")) == "Ida"
    assert named(own.json("latest", "--offline", "--json", "--starred", "state:none")) == "Klara"
    places = [row["key"] for row in own.json("places", "--json")["places"]]
    assert "07211000" in places
    assert "08421000" not in places


def test_rethink_twice_is_as_once(own: Home) -> None:
    correct(own, '[places.alias]\nIda = "Trier"')

    assert own.run("fetch", "--rethink").stderr == "kommcli: 12 articles re-read, 1 changed\n"
    once = articles(own)
    assert own.run("fetch", "--rethink").stderr == "kommcli: 12 articles re-read, 0 changed\n"
    assert articles(own) == once


def test_a_correction_that_is_taken_back_leaves_no_trace(own: Home) -> None:
    before, config = articles(own), (own.path / "config.toml").read_bytes()
    correct(own, '[places]\nalias = { Ida = "Trier" }\nignore = ["Köln"]', beta='topic = "ki"')
    own.run("fetch", "--rethink")
    assert articles(own) != before
    (own.path / "config.toml").write_bytes(config)
    own.run("fetch", "--rethink")

    assert articles(own) == before
    assert "Trier" not in own.run("places").stdout


def test_rethink_of_feeds_that_are_named(own: Home) -> None:
    correct(own, ALIASES)

    assert (
        own.run("fetch", "--rethink", "Behörden Blick").stderr == "kommcli: 6 articles re-read, 1 changed\n"
    )
    assert in_trier(own) == "Ida"
    done = own.run("fetch", "--rethink", "alpha", "beta")
    assert (done.returncode, done.stderr) == (0, "kommcli: 12 articles re-read, 2 changed\n")
    assert in_trier(own) == "Anton Frieda Ida"
    done = own.run("fetch", "--rethink", "gamma")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith('kommcli: there is no feed "gamma" [usage.feed].')


def test_rethink_needs_no_network_and_no_files(home: Home, server: Server) -> None:
    server.reply("/feed", rss(item(1, "Ulm: Es geht los") + item(2, "Ida blickt zurück")))
    home.feeds({"net": server.url("/feed")})
    assert home.run("fetch").returncode == 0
    asked = len(server.requests)
    path = home.path / "config.toml"
    # Nobody listens at this port: an attempt to fetch would fail.
    dead = path.read_text().replace(server.url("/feed"), "http://127.0.0.1:9/feed")
    path.write_text(dead + '[places]\nignore = ["Ulm"]\n')
    done = home.run("fetch", "--rethink")

    assert (done.returncode, done.stderr) == (0, "kommcli: 2 articles re-read, 1 changed\n")
    assert len(server.requests) == asked
    with sqlite3.connect(home.path / "archive.db") as db:
        assert db.execute("SELECT failures FROM feeds").fetchall() == [(0,)]


def test_rethink_in_an_empty_home_and_quietly(home: Home) -> None:
    for _time in range(2):
        done = home.run("fetch", "--rethink")
        assert (done.returncode, done.stderr) == (0, "kommcli: 0 articles re-read, 0 changed\n")
    assert home.run("-q", "fetch", "--rethink").stderr == ""


def test_rethink_of_a_feed_that_is_no_longer_subscribed(own: Home) -> None:
    own.config(VIEWS + '[places]\nignore = ["Ulm"]\n')

    assert own.run("fetch", "--rethink").stderr.endswith("12 articles re-read, 1 changed\n")


def test_rethink_on_a_terminal(own: Home) -> None:
    correct(own, '[places]\nignore = ["Ulm"]')
    screen = shown(own.terminal("fetch", "--rethink", columns=80), 80)

    assert screen.splitlines()[-1] == "kommcli: 12 articles re-read, 1 changed"


# ------------------------------------------------------------------------------- interrupted and watched

SLOW = (
    "import os, signal, sys, time\n"
    "from pathlib import Path\n"
    "from kommcli import rethink\n"
    "from kommcli.__main__ import main\n"
    "rethink.BATCH = 4\n"
    "run, seen = rethink.Rethinking.run, []\n"
    "def watched(self, keys, watcher):\n"
    "    understand = self._understand\n"
    "    def slowly(entry, feed):\n"
    "        seen.append(entry)\n"
    "        if len(seen) == 6:\n"
    "            {happens}\n"
    "        return understand(entry, feed)\n"
    "    self._understand = slowly\n"
    "    return run(self, keys, watcher)\n"
    "rethink.Rethinking.run = watched\n"
    "sys.argv = ['kommcli', 'fetch', '--rethink']\n"
    "main()"
)
"""Reads four articles a time; while it reads the sixth, something happens."""


def test_an_interrupted_rethink_keeps_what_is_done(own: Home) -> None:
    correct(own, ALIASES)
    program = SLOW.format(happens="os.kill(os.getpid(), signal.SIGINT)")
    done = subprocess.run([sys.executable, "-c", program], env=own.env, capture_output=True, text=True)

    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr == "kommcli: 8 articles re-read, 2 changed\n"
    assert in_trier(own) == "Frieda Ida"
    assert own.run("fetch", "--rethink").stderr == "kommcli: 12 articles re-read, 1 changed\n"
    assert in_trier(own) == "Anton Frieda Ida"


def test_a_rethink_that_is_killed_leaves_a_whole_archive(own: Home) -> None:
    correct(own, ALIASES)
    program = SLOW.format(happens="os.kill(os.getpid(), signal.SIGKILL)")
    done = subprocess.run([sys.executable, "-c", program], env=own.env, capture_output=True)

    assert done.returncode == -signal.SIGKILL
    assert in_trier(own) == "Ida"
    assert own.run("fetch", "--rethink").stderr == "kommcli: 12 articles re-read, 2 changed\n"
    with sqlite3.connect(own.path / "archive.db") as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_others_read_and_mark_while_the_archive_is_understood_anew(own: Home, tmp_path: Path) -> None:
    correct(own, ALIASES)
    here, go_on = tmp_path / "here", tmp_path / "go_on"
    happens = (
        f"Path({str(here)!r}).touch()\n            while not Path({str(go_on)!r}).exists(): time.sleep(0.01)"
    )
    slow = subprocess.Popen(
        [sys.executable, "-c", SLOW.format(happens=happens)],
        env=own.env,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        while not here.exists():
            assert slow.poll() is None, slow.communicate()
            time.sleep(0.01)
        assert in_trier(own) == "Ida"
        assert len(own.run("latest").stdout.splitlines()) == 12
        assert own.json("topics", "--json")["total"] == 12
        assert own.run("explain", IDS["Emil"]).returncode == 0
        assert own.run("mark", "read", IDS["Frieda"]).stderr == "kommcli: 1 article marked\n"
    finally:
        go_on.touch()
        _out, told = slow.communicate(timeout=30)

    assert (slow.returncode, told) == (0, "kommcli: 12 articles re-read, 3 changed\n")
    assert named(own.json("latest", "--offline", "--json", "-p", "Trier", "is:read")) == "Frieda"


BUSY = (
    "import sys\n"
    "from kommcli.archive import database\n"
    "from kommcli.__main__ import main\n"
    "lock = database.lock\n"
    "database.lock = lambda path, wait=10: lock(path, 0.1)\n"
    "sys.argv = ['kommcli', 'fetch', '--rethink']\n"
    "main()"
)
"""Waits a tenth of a second for others instead of ten."""


def test_a_rethink_waits_for_another_that_fetches(own: Home) -> None:
    correct(own, ALIASES)
    holder = sqlite3.connect(own.path / "archive.db.lock", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        done = subprocess.run([sys.executable, "-c", BUSY], env=own.env, capture_output=True, text=True)
    finally:
        holder.close()

    assert (done.returncode, done.stdout) == (9, "")
    assert "[cache.locked]" in done.stderr
    assert in_trier(own) == ""


def test_ctrl_c_on_a_terminal(own: Home) -> None:
    pexpect = pytest.importorskip("pexpect")
    correct(own, ALIASES)
    happens = "print('sixth', flush=True)\n            while not self._stopped: time.sleep(0.01)"
    child = pexpect.spawn(
        sys.executable,
        ["-c", SLOW.format(happens=happens)],
        env=own.env | {"TERM": "xterm"},
        timeout=30,
        dimensions=(24, 100),
    )
    child.expect_exact("sixth")
    child.sendcontrol("c")
    output = child.read().decode()
    child.close()

    assert (child.exitstatus, child.signalstatus) == (130, None)
    assert "kommcli: 8 articles re-read, 2 changed" in output
    assert "Traceback" not in output
    assert in_trier(own) == "Frieda Ida"


def test_an_ignored_name_is_told_and_can_still_be_asked_for(own: Home) -> None:
    """Ignoring is for texts: explain says so, and a query may name the place."""
    correct(own, '[places]\nignore = ["Ulm"]')
    own.run("fetch", "--rethink")
    over = why(own, "Klara")["passed_over"]

    assert [(one["words"], one["rule"]) for one in over] == [("Ulm", "ignored")]
    assert own.run("latest", "--offline", "-p", "Ulm").returncode == 0


def test_rethinking_for_programs(own: Home) -> None:
    correct(own, '[places]\nignore = ["Ulm"]')
    told = own.json("fetch", "--rethink", "--json")

    assert (told["read"], told["changed"], told["stopped"]) == (12, 1, False)
    assert own.run("fetch", "--rethink", "-F", "plain").stdout == "12\t0\n"
    refused = own.run("fetch", "--rethink", "--all")
    assert (refused.returncode, refused.stdout) == (2, "")


@pytest.mark.parametrize("wrong", ['[home]\nplaces = ["Kölnn"]', '[places.alias]\nx = "Kölnn"'])
def test_a_place_that_is_none_is_found_by_the_check(own: Home, wrong: str) -> None:
    correct(own, wrong)
    done = own.run("config", "check")

    assert done.returncode == 5
    assert "Kölnn" in done.stderr
    assert 'Did you mean "Köln"?' in done.stderr


def test_the_demo_can_be_understood_anew_at_once(home: Home) -> None:
    assert home.json("--demo", "fetch", "--rethink", "--json")["read"] == 86
