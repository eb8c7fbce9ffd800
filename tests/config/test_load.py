"""Loading and checking the configuration: rows C1 to C5, C7 to C9."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kommcli.config.load import Config, load, parse, safe_key
from kommcli.errors import ConfigError
from kommcli.model import Secret

FILE = Path("/home/user/config.toml")


def check(text: str) -> Config:
    return parse(text, FILE)


def problems(text: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        check(text)
    assert caught.value.exit_status == 5
    return caught.value.problems


@pytest.mark.row("C1")
def test_C1_no_file_gives_the_verified_feeds(tmp_path: Path) -> None:
    config = load(tmp_path / "none.toml")

    assert config.path is None
    assert config.builtin
    assert config.feed("behoerden-spiegel") is not None
    enabled = {feed.key for feed in config.feeds if feed.enabled}
    assert "kommune21" not in enabled  # listed, but nobody has seen its answer
    assert {"behoerden-spiegel", "egovernment", "vdz", "negz", "bayern"} <= enabled


def test_a_named_file_must_exist(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"config\.missing"):
        load(tmp_path / "none.toml", missing_ok=False)


def test_all_values() -> None:
    config = check(
        """
language = "de"
refresh_after = "2h"
limit = 30
contact = "mailto:presse@stadt.example"
feed_root = "feeds"

[fetch]
total_timeout = 12.5
max_body = "500kB"

[[feeds]]
key = "k21"
url = "https://www.kommune21.de/feed/"
title = "Kommune21"
interval = "1h30m"
state = "Bayern"
topic = "KI"
tags = ["presse"]
headers = { Accept-Language = "de", X-Api-Key = { env = "KEY" } }
auth = { user = "me", password = { command = "pass show feed" } }
"""
    )

    feed = config.feeds[0]
    assert (config.language, config.limit, config.refresh_after) == ("de", 30, timedelta(hours=2))
    assert config.feed_root == FILE.parent / "feeds"
    assert (config.fetch.total_timeout, config.fetch.max_body, config.fetch.connect_timeout) == (
        12.5,
        500_000,
        5,
    )
    assert (feed.key, feed.state, feed.topic, feed.interval) == ("k21", "DE-BY", "KI", timedelta(minutes=90))
    assert feed.headers == (("Accept-Language", "de"), ("X-Api-Key", Secret(env="KEY")))
    assert feed.auth == ("me", Secret(command=("pass", "show", "feed")))
    assert not config.builtin


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("limit = \n", ":1:"),
        ("limit = 1\nlimit = 2\n", ":2:"),
        ('[[feeds]]\nurl = "https://a.example/\n', ":2:"),
        ("limit = 2026-13-40\n", ":1:"),
    ],
)
@pytest.mark.row("C2")
def test_C2_syntax_errors_have_line_and_column(text: str, place: str) -> None:
    (problem,) = problems(text)

    assert str(FILE) + place in problem
    assert "[config.syntax]" in problem


@pytest.mark.row("C3")
def test_C3_unknown_key_names_line_and_nearest() -> None:
    (problem,) = problems("limit = 5\n\n[fetch]\ntotal_tiemout = 5\n")

    assert f"{FILE}:4" in problem
    assert '"total_tiemout"' in problem
    assert 'Did you mean "total_timeout"?' in problem
    assert "[config.unknown_key]" in problem


def test_all_errors_are_told_at_once_in_the_order_of_the_file() -> None:
    found = problems(
        'limt = 3\nlanguage = "fr"\n[fetch]\nthreads = 0\n[[feeds]]\nurl = "ftp://a.example/"\nstat = "BY"\n'
    )

    assert [problem.split(":")[1] for problem in found] == ["1", "2", "4", "6", "7"]
    assert len(found) == 5


@pytest.mark.parametrize(
    "line",
    [
        "limit = -1",
        "limit = 0",
        "limit = 100000000000000000000",
        "limit = 1.5",
        "limit = true",
        'limit = "20"',
        "limit = inf",
        "limit = nan",
        'refresh_after = "soon"',
        "refresh_after = 5",
        'language = "fr"',
        'contact = "a\\u0000b"',
        "[fetch]\ntotal_timeout = inf",
        "[fetch]\ntotal_timeout = nan",
        "[fetch]\ntotal_timeout = 1e400",
        "[fetch]\ntotal_timeout = -3",
        '[fetch]\nmax_body = "10 parsecs"',
        '[fetch]\nmax_body = "0B"',
        "fetch = 3",
        "feeds = 3",
        "feeds = [3]",
        '[[feeds]]\nkey = "a"',
        '[[feeds]]\nurl = "javascript:alert(1)"',
        '[[feeds]]\nurl = "http://[::1"',
        '[[feeds]]\nurl = "https://a.example/"\nstate = "Atlantis"',
        '[[feeds]]\nurl = "https://a.example/"\ntags = "one"',
        '[[feeds]]\nurl = "https://a.example/"\nheaders = { "X Y" = "z" }',
        '[[feeds]]\nurl = "https://a.example/"\nauth = { user = "me", password = "geheim" }',
    ],
)
@pytest.mark.row("C4")
def test_C4_wrong_values_name_key_and_range(line: str) -> None:
    assert all("[config." in problem for problem in problems(line + "\n"))


@pytest.mark.row("C4")
def test_C4_the_range_is_told() -> None:
    (problem,) = problems("[fetch]\nthreads = 1000\n")

    assert "threads = 1000" in problem
    assert "from 1 to 64" in problem


@pytest.mark.row("C5")
def test_C5_byte_order_mark_and_crlf_are_fine(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b'\xef\xbb\xbflimit = 7\r\nlanguage = "de"\r\n')

    assert load(path).limit == 7


@pytest.mark.parametrize(
    "content", [b'title = "B\xfcrger"\n', b"x = " + b"[" * 100_000, b'contact = "\\u0000"\n', b"\x00"]
)
@pytest.mark.row("C5")
def test_C5_broken_files_are_config_errors(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(content)

    with pytest.raises(ConfigError, match=r"config\."):
        load(path)


@pytest.mark.row("C7")
def test_C7_a_password_in_an_address_is_refused_and_not_repeated() -> None:
    (problem,) = problems('[[feeds]]\nurl = "https://me:geheim123@a.example/feed"\n')

    assert "geheim123" not in problem
    assert "auth" in problem


@pytest.mark.row("C6")
def test_a_secret_header_in_the_file_is_refused_and_not_repeated() -> None:
    (problem,) = problems(
        '[[feeds]]\nurl = "https://a.example/"\nheaders = { Authorization = "Bearer geheim123" }\n'
    )

    assert "geheim123" not in problem
    assert "env" in problem


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("kommune21", "kommune21"),
        ("../../x", "x"),
        ("a/b", "a-b"),
        ("-leading", "leading"),
        ("CON", "con-feed"),
        ("Behörden Spiegel", "behoerden-spiegel"),
        ("https://www.example.org/feed/", "example-org"),
        ("x" * 300, "x" * 40),
    ],
)
@pytest.mark.row("C8")
def test_C8_safe_keys(name: str, key: str) -> None:
    assert safe_key(name) == key


@given(st.text(max_size=400))
@pytest.mark.row("C8")
def test_C8_any_name_gives_a_safe_key(name: str) -> None:
    key = safe_key(name)

    assert 0 < len(key) <= 45
    assert key.isascii()
    assert not key.startswith(("-", "."))
    assert all(character.isalnum() or character in "-_" for character in key)
    assert safe_key(key) == key


@pytest.mark.parametrize("name", ["../../x", ".", "CON", "🦊", "a/b", "-x", "n" * 300])
@pytest.mark.row("C8")
def test_C8_the_name_that_people_see_stays(name: str) -> None:
    feed = check(f'[[feeds]]\nkey = "{name}"\nurl = "https://a.example/"\n').feeds[0]

    assert feed.title == name
    assert feed.key != name


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ('key = "a"\nurl = "https://a.example/1"', 'key = "a"\nurl = "https://a.example/2"'),
        ('key = "a"\nurl = "https://a.example/feed/"', 'key = "b"\nurl = "http://www.a.example/feed"'),
    ],
)
@pytest.mark.row("C9")
def test_C9_doubles_name_both_lines(first: str, second: str) -> None:
    (problem,) = problems(f"[[feeds]]\n{first}\n[[feeds]]\n{second}\n")

    assert "lines 1 and 4" in problem


def test_an_empty_list_of_feeds_is_no_feeds() -> None:
    config = check("feeds = []\n")

    assert config.feeds == ()
    assert not config.builtin


def test_a_wrong_address_does_not_hide_a_double_key() -> None:
    found = problems('[[feeds]]\nkey = "a"\nurl = "https://a.example/"\n[[feeds]]\nkey = "a"\nurl = "nix"\n')

    assert len(found) == 2
    assert "in lines 1 and 4" in "".join(found)


def test_lines_are_right_behind_a_text_of_several_lines_and_in_sub_tables() -> None:
    text = 'contact = """\n[[feeds]]\n"""\n[[feeds]]\nkey = "a"\nurl="https://a.example/"\n[feeds.auth]\nuser=1\n'
    found = problems(text)

    assert [problem.split(":")[1] for problem in found] == ["1", "7"]


def test_a_list_in_one_line_names_no_line_0() -> None:
    text = 'feeds = [{ key = "a", url = "https://a.example/" }, { key = "a", url = "https://b.example/" }]\n'

    assert ":0" not in "".join(problems(text))
    assert "lines 0" not in "".join(problems(text))


def test_an_unknown_home_folder_is_no_bug() -> None:
    assert check('feed_root = "~nosuchuser/x"\n').feed_root is not None
