"""One taxonomy of errors: every code is known and has its exit code, and is a sentence in two languages."""

from __future__ import annotations

import json
import re
import runpy
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from conftest import Home, item, rss
from kommcli import errors
from kommcli.errors import FAILURES, FeedFailure, KommError
from kommcli.i18n import use
from loopback import Server
from newsroom import in_files, newsroom

CODES = runpy.run_path(str(Path(__file__).parent.parent / "docs" / "codes.py"))

SENTENCE = re.compile(
    r"kommcli: [^\n]+ \[(?P<code>[a-z_]+(?:\.[a-z_]+)?)\]\. [^\n]+\.?(?:\nkommcli: [^\n]*){0,2}\n"
)


def test_every_code_of_the_source_is_told_with_its_exit_code() -> None:
    assert CODES["found"]() == set(CODES["MEANINGS"])


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (errors.BadUsage, 2),
        (errors.NothingToShow, 4),
        (errors.FeedFailure, 4),
        (errors.ConfigError, 5),
        (errors.ArchiveError, 6),
        (errors.OutputError, 6),
        (errors.ArchiveLocked, 9),
        (errors.DeliveryRefused, 7),
        (errors.DeliveryOpen, 8),
    ],
)
def test_every_class_has_the_exit_code_of_the_contract(kind: type[KommError], status: int) -> None:
    assert kind.exit_status == status
    if kind is not FeedFailure:
        assert CODES["exit_status"](kind.code) == status


def test_no_class_is_left_out() -> None:
    def below(kind: type[KommError]) -> set[type[KommError]]:
        return {kind}.union(*(below(one) for one in kind.__subclasses__()))

    ours = {kind for kind in below(KommError) if kind.__module__ == "kommcli.errors"}
    assert {kind.__name__ for kind in ours} == {
        "KommError",
        "BadUsage",
        "NothingToShow",
        "ConfigError",
        "ArchiveError",
        "ArchiveLocked",
        "OutputError",
        "FeedFailure",
        "DeliveryRefused",
        "DeliveryOpen",
    }


@pytest.mark.parametrize("code", FAILURES)
def test_every_failure_of_a_feed_is_a_sentence_with_a_remedy_in_both_languages(code: str) -> None:
    told = []
    for language in ("en", "de"):
        use(language)
        told.append(str(FeedFailure(code, "cause")))
    use("en")

    for text in told:
        assert re.fullmatch(
            rf"[^\[\]]+ \(cause\) \[{re.escape(code)}\]\. (?:[A-ZÄÖÜ]|kommcli)[^\n]+\.", text
        ), text
    assert told[0] != told[1]


Arrange = Callable[[Home], None]


def nothing(_home: Home) -> None:
    pass


def written(text: str) -> Arrange:
    """A configuration with this text."""
    return lambda home: home.config(text) and None


def archive_of(content: bytes) -> Arrange:
    def arrange(home: Home) -> None:
        (home.path / "archive.db").write_bytes(content)

    return arrange


def sqlite(statement: str) -> Arrange:
    """Somebody else was at the archive."""

    def arrange(home: Home) -> None:
        with closing(sqlite3.connect(home.path / "archive.db")) as db:
            db.execute(statement)
            db.commit()

    return arrange


def after(first: Arrange, then: Arrange) -> Arrange:
    def arrange(home: Home) -> None:
        first(home)
        then(home)

    return arrange


def room(home: Home) -> None:
    newsroom(home)


def bare(home: Home) -> None:
    """An article without an address, as the first of a list."""
    in_files(home, {"a": rss(item(1, link="", guid=""))})
    home.run("latest", "--offline", "-F", "terminal")


def locked(home: Home) -> None:
    holder = sqlite3.connect(home.path / "archive.db.lock", isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN EXCLUSIVE")
    HOLDERS.append(holder)


HOLDERS: list[sqlite3.Connection] = []

DEAD = '[[feeds]]\nkey = "dead"\nurl = "http://127.0.0.1:1/"\nallow_private = true\n'

CASES: list[tuple[str, int, str, Arrange]] = [
    ("usage", 2, "latest --limit -1", nothing),
    ("usage", 2, "lates", nothing),
    ("usage.date", 2, "latest --since gestern?", nothing),
    ("usage.exists", 2, "config init", written("")),
    ("usage.feed", 2, "fetch nobody", room),
    ("usage.key", 2, "config get limmit", nothing),
    ("usage.known", 2, "feeds add http://127.0.0.1:1", written(DEAD)),
    ("usage.query", 2, "latest (ki", nothing),
    ("usage.schema", 2, "schema articels", nothing),
    ("usage.url", 2, "feeds add gopher://a.example/", nothing),
    ("usage.value", 2, "config set limit many", nothing),
    ("usage.view", 2, "latest --view none", nothing),
    ("article.unknown", 4, "read zzzzzzzz --offline", room),
    ("article.no_url", 4, "open 1", bare),
    ("net.offline", 4, "latest --refresh", written(DEAD)),
    ("config.missing", 5, "--config nowhere.toml latest", nothing),
    ("config.syntax", 5, "latest", written("limit = \n")),
    ("config.unknown_key", 5, "latest", written("limmit = 3\n")),
    ("config.value", 5, "latest", written("limit = -3\n")),
    ("cache.corrupt", 6, "latest --offline", archive_of(b"no database" * 500)),
    ("cache.newer", 6, "latest --offline", after(room, sqlite("PRAGMA user_version = 999"))),
    ("cache.foreign", 6, "latest --offline", sqlite("CREATE TABLE letters (x)")),
    ("cache.io", 6, "fetch", lambda home: (home.path / "archive.db").mkdir()),
    ("io.file", 6, "latest --offline -o nowhere/list.txt", room),
    ("cache.locked", 9, "fetch", after(room, locked)),
]


@pytest.mark.parametrize(("code", "status", "command", "arrange"), CASES, ids=[case[0] for case in CASES])
def test_an_error_is_one_sentence_with_its_code_and_exit_code(
    home: Home, code: str, status: int, command: str, arrange: Arrange
) -> None:
    arrange(home)
    languages = ("en",) if code == "cache.locked" else ("en", "de")  # ten seconds of patience each
    told = []
    try:
        for language in languages:
            done = home.run("--lang", language, *command.split())
            assert (done.returncode, done.stdout) == (status, "")
            told.append(done.stderr)
    finally:
        while HOLDERS:
            HOLDERS.pop().close()

    assert status == CODES["exit_status"](code)
    for text in told:
        sentence = SENTENCE.fullmatch(text)
        assert sentence, text
        assert sentence["code"] == code
    assert len(set(told)) == len(languages)


def test_the_json_tells_a_failure_as_standard_error_does(home: Home, server: Server) -> None:
    server.reply("/gone", status=410)
    server.reply("/page", b"<html>no feed</html>")
    server.reply("/ok", rss(item(1)))
    home.feeds(
        {"dead": "http://127.0.0.1:1/", **{name: server.url(f"/{name}") for name in ("gone", "page", "ok")}}
    )
    done = home.run("-v", "fetch", "--json")
    report = json.loads(done.stdout)

    assert done.returncode == 3
    failed = {one["key"]: one for one in report["feeds"] if one["outcome"] == "failed"}
    assert {key: one["code"] for key, one in failed.items()} == {
        "dead": "net.connect",
        "gone": "http.gone",
        "page": "feed.not_feed",
    }
    for key, one in failed.items():
        (line,) = (line for line in done.stderr.splitlines() if line.startswith(f"kommcli: {key} ("))
        assert f"[{one['code']}]" in line
        assert FAILURES[one["code"]].what in line
        assert FAILURES[one["code"]].what in one["message"]
