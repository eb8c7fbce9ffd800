"""A password is planted wherever one can be configured, and looked for wherever something is told or kept."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from conftest import Home, item, rss
from loopback import Server

SECRET = "hunter2-geheim"
"""In the environment, from commands, in the address of a proxy, and in addresses of the publishers."""

HIDDEN = "dW5kOmh1bnRlcjItZ2VoZWlt"
"""How it travels in a header: und:hunter2-geheim."""


@pytest.fixture
def planted(home: Home, server: Server) -> Home:
    server.reply("/ok", rss(item(1, link=f"https://und:{SECRET}@news.example/1")))
    server.reply("/fails", status=500)
    server.redirect("/user", server.url("/gone").replace("//", f"//und:{SECRET}@"), status=302)
    server.redirect("/token", f"/gone?token={SECRET}", status=302)
    server.redirect("/moved", f"/ok?access_token={SECRET}", status=301)
    server.raw("/echo", f"HTTP/1.1 403 No\r\nSet-Cookie: s={SECRET}\r\nContent-Length: 0\r\n\r\n".encode())
    by_command = f'{{ command = ["sh", "-c", "echo {SECRET[:7]}\'\'{SECRET[7:]}"] }}'
    broken = '{ command = ["sh", "-c", "echo $PASSWORD; echo $PASSWORD >&2; exit 3"] }'
    feeds = {
        "environment": ("/ok", 'auth = { user = "und", password = { env = "PASSWORD" } }'),
        "header": ("/fails", f"headers = {{ X-Api-Key = {by_command} }}"),
        "broken": ("/ok?1", f"headers = {{ X-Api-Key = {broken} }}"),
        "parameter": (f"/ok?api_key={SECRET}", ""),
        "failing": (f"/fails?api_key={SECRET}", ""),
        **{name: (f"/{name}", "") for name in ("user", "token", "moved", "echo")},
    }
    home.config(
        "\n".join(
            f'[[feeds]]\nkey = "{key}"\nurl = "{server.url(path)}"\nallow_private = true\n{more}'
            for key, (path, more) in feeds.items()
        )
    )
    proxy = f"http://und:{SECRET}@127.0.0.1:1"
    return Home(home.path, home.env | {"PASSWORD": SECRET, "https_proxy": proxy, "HTTPS_PROXY": proxy})


COMMANDS = [
    "fetch",
    "-v --debug fetch --all",
    "fetch --all --json",
    "fetch --all -F terminal",
    "feeds list",
    "feeds list --json",
    "feeds list -F terminal",
    "feeds check",
    "feeds check --json",
    "feeds check -F terminal",
    "feeds history moved --json",
    "feeds history moved -F terminal",
    "config check",
    "latest --offline",
    "latest --offline --json",
    "latest --offline -F csv",
    "latest --offline -F jsonl",
    "latest --offline -F terminal",
    "read 1 --offline",
    "read 1 --json --offline",
    "read 1 -F html --offline",
    "explain 1",
    "stats --json",
    "--debug read https://news.example/1",
    "doctor",
    "doctor --json",
    f"--debug feeds add http://und:{SECRET}@127.0.0.1:1/",
    f"--debug feeds add http://127.0.0.1:1/?token={SECRET}",
    f"feeds add http://127.0.0.1:1/?token={SECRET} --force",
    f"--debug read http://und:{SECRET}@127.0.0.1:1/",
    f"read http://127.0.0.1:1/?token={SECRET}",
    f"read ftp://und:{SECRET}@127.0.0.1:1/",
    f"read http://127.0.0.1:1/?token={SECRET} --offline",
    f"--debug config set contact https://und:{SECRET}@a.example",
]


@pytest.mark.row("C6", "C7", "H11")
def test_no_command_tells_a_password_and_no_file_keeps_one(planted: Home, server: Server) -> None:
    written = planted.path / "config.toml"
    config = written.read_text("utf-8")
    for command in COMMANDS:
        done = planted.run(*command.split())
        for text in (done.stdout, done.stderr):
            assert SECRET not in text, command
            assert HIDDEN not in text, command
    assert any(HIDDEN in request.headers.get("authorization", "") for request in server.requests)
    assert any(request.headers.get("x-api-key") == SECRET for request in server.requests)

    # What stands in an address stays in the configuration, and in the archive, which must know where to ask;
    # in the history of answers it does not.
    assert config.count(SECRET) + 1 == written.read_text("utf-8").count(SECRET)
    for path in planted.path.rglob("*"):
        if path.is_file() and path != written and path.name != "archive.db":
            assert SECRET.encode() not in path.read_bytes(), path
    with closing(sqlite3.connect(planted.path / "archive.db")) as db:
        dump = "\n".join(db.iterdump())
    kept = [line for line in dump.splitlines() if SECRET in line or HIDDEN in line]
    assert [line for line in kept if not re.match('INSERT INTO "(feeds|moves)"', line)] == []
    assert all(re.search(rf"\?(api_key|token|access_token)={SECRET}'", line) for line in kept)
    assert [line.count(SECRET) for line in kept] == [1] * len(kept)


def test_no_key_of_a_feed_is_made_of_a_password() -> None:
    from kommcli.config.load import safe_key

    assert safe_key(f"https://a.example/feed?token={SECRET}") == "a-example-token"
    assert safe_key("https://a.example/feed?format=rss") == "a-example-format-rss"


@pytest.mark.row("C6")
def test_a_password_in_the_configuration_is_refused_whoever_may_read_it(home: Home) -> None:
    for line in (
        f'auth = {{ user = "und", password = "{SECRET}" }}',
        f'headers = {{ Authorization = "Bearer {SECRET}" }}',
        f'headers = {{ X-Api-Key = "{SECRET}" }}',
        f'headers = {{ Cookie = "session={SECRET}" }}',
    ):
        path = home.config(f'[[feeds]]\nurl = "https://a.example/feed"\n{line}\n')
        for mode in (0o600, 0o644):
            path.chmod(mode)
            done = home.run("--debug", "fetch")
            assert done.returncode == 5
            assert SECRET not in done.stdout + done.stderr


def test_what_a_feed_s_password_buys_is_for_its_owner(planted: Home) -> None:
    planted.run("fetch")
    for path in planted.path.rglob("*"):
        if path.name.startswith(("archive.db", "last-list")):
            assert Path(path).stat().st_mode & 0o077 == 0, path
