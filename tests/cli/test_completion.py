"""What TAB offers, asked for as the scripts of the shells ask: quickly right, and silent on every error."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import Home, item, make_home, rss
from gazette import gazette
from newsroom import in_files


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Twelve articles about places and topics; only read by the tests."""
    return gazette(make_home(tmp_path_factory.mktemp("archive")))


def offered(home: Home, line: str, **env: str) -> list[str]:
    """What the shell is offered behind ``line``, whose last word is being typed; nothing else is told."""
    words = line.split(" ")
    asked = {
        "_KOMMCLI_COMPLETE": "complete_bash",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(words) - 1),
    }
    done = home.run(env=asked | env)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


# ------------------------------------------------------------------------------------------------ values


@pytest.mark.parametrize(
    ("typed", "offers"),
    [
        ("kommcli latest --state Bay", ["Bayern"]),
        ("kommcli latest -s Sach", ["Sachsen", "Sachsen-Anhalt"]),
        ("kommcli latest -s N", ["NI", "NW", "Niedersachsen", "Nordrhein-Westfalen", "none"]),
        ("kommcli latest -s bun", ["bund"]),
        ("kommcli latest --topic breit", ["breitband"]),
        ("kommcli latest -t quant", ["quantenrechner"]),
        ("kommcli latest --feed ", ["alpha", "beta"]),
        ("kommcli latest -f al", ["alpha"]),
        ("kommcli latest --view ", ["ki", "Süden", "neu", "lang"]),
        ("kommcli latest --view n", ["neu"]),
        ("kommcli latest --place K", [r"Kempten\ \(Allgäu\)", "Köln"]),
        ("kommcli latest -p Bad", [r"Bad\ Nauheim"]),
        ('kommcli latest -p "Bad', ["Bad Nauheim"]),
        ("kommcli latest -p koe", ["Köln"]),
        ("kommcli latest -s ba", ["Baden-Württemberg", "Bayern"]),
        ("kommcli latest -p Berlin", []),
        ("kommcli latest --kind inter", ["interview"]),
        ("kommcli topics -s Bay", ["Bayern"]),
        ("kommcli states --topic breit", ["breitband"]),
        ("kommcli places -f al", ["alpha"]),
        ("kommcli stats --view n", ["neu"]),
        ("kommcli mark read -p Ul", ["Ulm"]),
        ("kommcli fetch --rethink b", ["beta"]),
        ("kommcli feeds remove ", ["alpha", "beta"]),
    ],
)
def test_options_and_arguments(archive: Home, typed: str, offers: list[str]) -> None:
    assert [one for one in offered(archive, typed) if one] == offers


@pytest.mark.parametrize(
    ("typed", "offers"),
    [
        ("to", ["topic:"]),
        ("th", ["thema:"]),
        ("se", ["seit:"]),
        ("state:Bay", ["state:Bayern"]),
        ("land:Sach", ["land:Sachsen", "land:Sachsen-Anhalt"]),
        ("state:Bayern,Hes", ["state:Bayern,Hessen"]),
        ("topic:breit", ["topic:breitband"]),
        ("thema:quant", ["thema:quantenrechner"]),
        ("feed:", ["feed:alpha", "feed:beta"]),
        ("quelle:b", ["quelle:beta"]),
        ("view:n", ["view:neu"]),
        ("place:Pots", ["place:Potsdam"]),
        ("ort:Kem", [r"ort:Kempten\ \(Allgäu\)"]),
        ("since:", []),
        ("nichts:", []),
        ("https://", []),
        ("topic:ki OR state:Bay", ["state:Bayern"]),
    ],
)
def test_words_of_a_query(archive: Home, typed: str, offers: list[str]) -> None:
    for command in ("latest", "states", "mark star"):
        assert [one for one in offered(archive, f"kommcli {command} {typed}") if one] == offers


def test_commands_and_options(archive: Home) -> None:
    assert {"states", "stats"} <= set(offered(archive, "kommcli sta"))
    assert "--topic" in offered(archive, "kommcli latest --to")
    assert "--rethink" in offered(archive, "kommcli fetch --re")


def test_the_topics_of_ones_own_configuration(archive: Home, tmp_path: Path) -> None:
    own = archive.copy(tmp_path)
    with (own.path / "config.toml").open("a", encoding="utf-8") as file:
        file.write('[topics.brettspiele]\nname = "Brettspiele"\n')

    assert offered(own, "kommcli latest -t brett") == ["brettspiele"]


def test_the_configuration_that_is_named(archive: Home, tmp_path: Path) -> None:
    path = tmp_path / "other.toml"
    path.write_text('[[feeds]]\nkey = "gamma"\nurl = "https://news.example/feed"\n')

    assert offered(archive, f"kommcli --config {path} latest -f ") == ["gamma"]
    assert offered(archive, "kommcli latest -f ", KOMMCLI_CONFIG=str(path)) == ["gamma"]


def test_the_demo(archive: Home) -> None:
    assert "amtsblick" in offered(archive, "kommcli --demo latest -f a")


def test_other_shells_are_told_what_it_is(archive: Home) -> None:
    for shell, form in (("zsh", '"ki":"Künstliche Intelligenz"'), ("fish", "ki\tKünstliche Intelligenz")):
        asked = {
            "_KOMMCLI_COMPLETE": f"complete_{shell}",
            "_TYPER_COMPLETE_ARGS": "kommcli latest --topic ki",
            "_TYPER_COMPLETE_FISH_ACTION": "get-args",
        }
        done = archive.run(env=asked)
        assert (done.returncode, done.stderr) == (0, "")
        assert form in done.stdout


def test_in_a_real_shell(archive: Home, tmp_path: Path) -> None:
    pexpect = pytest.importorskip("pexpect")
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("there is no bash")
    program = tmp_path / "kommcli"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m kommcli "$@"\n')
    program.chmod(0o755)
    script = tmp_path / "completion.sh"
    script.write_text(
        archive.run(
            env={"_KOMMCLI_COMPLETE": "source_bash", "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
        ).stdout
    )
    env = archive.env | {"PATH": f"{tmp_path}:{archive.env['PATH']}", "PS1": "$ ", "INPUTRC": "/dev/null"}
    child = pexpect.spawn(
        bash, ["--norc", "--noprofile", "-i"], env=env | {"TERM": "dumb"}, timeout=30, dimensions=(24, 100)
    )
    child.sendline(f". {script}; echo rea''dy")
    child.expect_exact("ready\r\n")
    child.send("kommcli latest --topic quant\t")
    child.expect_exact("quantenrechner ")
    child.send("--state Bay\t")
    child.expect_exact("Bayern ")
    child.sendcontrol("c")
    child.close(force=True)


# ----------------------------------------------------------------------------------- never a disturbance

LINES = [
    "kommcli latest -t k",
    "kommcli latest -f ",
    "kommcli latest -p K",
    "kommcli latest place:K",
    "kommcli latest topic:k",
    "kommcli latest view:",
]


def test_nothing_is_there_yet(home: Home) -> None:
    for line in LINES:
        offered(home, line)
    assert offered(home, "kommcli latest --state Bay") == ["Bayern"]
    assert "ki" in offered(home, "kommcli latest -t k")
    assert list(home.path.iterdir()) == []  # a TAB makes no files


def test_a_broken_configuration(archive: Home, tmp_path: Path) -> None:
    own = archive.copy(tmp_path)
    for text in ("limit = \n", 'limit = "many"\n', '[places.alias]\nIda = "Potsdma"\n', "\x00\ufeff"):
        own.config(text)
        for line in LINES:
            offered(own, line)
        assert offered(own, "kommcli latest --state Bay") == ["Bayern"]


def test_a_configuration_that_is_missing(archive: Home) -> None:
    for line in LINES:
        offered(archive, line.replace("kommcli ", "kommcli --config /does/not/exist ", 1))
        offered(archive, line, KOMMCLI_CONFIG="/does/not/exist")


def foreign(path: Path) -> None:
    """A database of another program."""
    path.unlink()
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE other (x)")


def newer(path: Path) -> None:
    """An archive of a later kommcli."""
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 9999")


def garbage(path: Path) -> None:
    """No database at all."""
    path.write_bytes(b"no database at all" * 100)


def folder(path: Path) -> None:
    """A folder where the archive should be."""
    path.unlink()
    path.mkdir()


def cut(path: Path) -> None:
    """The beginning of an archive."""
    path.write_bytes(path.read_bytes()[:5_000])


@pytest.mark.parametrize("damage", [foreign, newer, garbage, folder, cut])
def test_an_archive_that_cannot_be_read(
    archive: Home, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    own = archive.copy(tmp_path)
    for extra in ("-wal", "-shm"):
        (own.path / f"archive.db{extra}").unlink(missing_ok=True)
    damage(own.path / "archive.db")

    for line in LINES:
        offered(own, line)
    assert offered(own, "kommcli latest -p K") in ([], [""])
    assert "ki" in offered(own, "kommcli latest -t k")


def test_the_archive_is_only_read(archive: Home) -> None:
    before = (archive.path / "archive.db").read_bytes()
    for line in LINES:
        offered(archive, line)

    assert (archive.path / "archive.db").read_bytes() == before


@pytest.mark.parametrize(
    "typed",
    ["'", '"', "place:'", "%", "_", "K%", "\\", "topic:(", "-", "--", "-p", "🏛", "place:" + "K" * 3_000,
     "state:,", "state:by,,", ":", "::", "-topic:k", "−topic:k"],
)  # fmt: skip
def test_strange_beginnings(archive: Home, typed: str) -> None:
    for before in ("latest", "latest -p", "latest -t"):
        words = ["kommcli", *before.split(), typed]
        asked = {
            "_KOMMCLI_COMPLETE": "complete_bash",
            "COMP_WORDS": " ".join(words),
            "COMP_CWORD": str(len(words) - 1),
        }
        done = archive.run(env=asked)
        assert (done.returncode, done.stderr) == (0, "")


def test_what_strangers_wrote_does_not_act_on_the_terminal(home: Home) -> None:
    evil = "Ev&#27;[31m&#x202e;il&#10;two"
    in_files(home, {"evil": rss(item(1, "Köln: x", category=evil), evil)})
    for line in ("kommcli latest -t e", "kommcli latest topic:e", "kommcli latest -f e"):
        assert all(one.isprintable() for one in offered(home, line))
        asked = {"_KOMMCLI_COMPLETE": "complete_fish", "_TYPER_COMPLETE_ARGS": line}
        done = home.run(env=asked | {"_TYPER_COMPLETE_FISH_ACTION": "get-args"})
        assert (done.returncode, done.stderr) == (0, "")
        assert not set(done.stdout) & set("\x1b\u202e\r")
