"""`config`: the file that people edit, and what the program says about it. Rows C1 to C5, C9, C15."""

from __future__ import annotations

import stat
import tomllib
from pathlib import Path

import pytest

from conftest import Home, item, rss
from loopback import Server

# ------------------------------------------------------------------------------------ where it is


def test_path_and_the_order_of_the_places(home: Home, tmp_path: Path) -> None:
    assert home.run("config", "path").stdout == f"{home.path}/config.toml\n"
    named = {"KOMMCLI_CONFIG": str(tmp_path / "named.toml")}
    assert home.run("config", "path", env=named).stdout == f"{tmp_path}/named.toml\n"
    asked = home.run("--config", str(tmp_path / "asked.toml"), "config", "path", env=named)
    assert asked.stdout == f"{tmp_path}/asked.toml\n"


@pytest.mark.row("C15")
def test_without_a_home_the_system_decides(home: Home, tmp_path: Path) -> None:
    places = {
        "KOMMCLI_HOME": "",
        "XDG_CONFIG_HOME": str(tmp_path / "c"),
        "XDG_DATA_HOME": str(tmp_path / "d"),
    }

    assert home.run("config", "path", env=places).stdout == f"{tmp_path}/c/kommcli/config.toml\n"
    assert home.run("config", "init", env=places).returncode == 0
    assert (tmp_path / "c" / "kommcli" / "config.toml").exists()
    assert list(home.path.iterdir()) == []


@pytest.mark.parametrize(
    "places", [{"XDG_CONFIG_HOME": "relative", "XDG_DATA_HOME": "too"}, {"HOME": "/nonexistent"}]
)
@pytest.mark.row("C15")
def test_C15_an_odd_home_is_the_system_s_or_a_path_that_is_told(home: Home, places: dict[str, str]) -> None:
    env = {"KOMMCLI_HOME": ""} | places
    done = home.run("config", "path", env=env)
    listed = home.run("latest", "--offline", env=env)

    assert (done.returncode, done.stderr) == (0, "")
    assert Path(done.stdout.strip()).is_absolute()
    assert (listed.returncode, listed.stdout) == (0, "")


def test_the_file_that_is_named_is_the_one_that_is_read(home: Home, tmp_path: Path) -> None:
    home.config("limit = 1\n")
    (tmp_path / "named.toml").write_text("limit = 2\n")
    (tmp_path / "asked.toml").write_text("limit = 3\n")
    named = {"KOMMCLI_CONFIG": str(tmp_path / "named.toml")}

    assert home.run("config", "get", "limit").stdout == "1\n"
    assert home.run("config", "get", "limit", env=named).stdout == "2\n"
    assert (
        home.run("--config", str(tmp_path / "asked.toml"), "config", "get", "limit", env=named).stdout
        == "3\n"
    )


def test_a_file_that_was_named_must_exist(home: Home, tmp_path: Path) -> None:
    done = home.run("--config", str(tmp_path / "none.toml"), "latest", "--offline")

    assert done.returncode == 5
    assert done.stderr == (
        f"kommcli: there is no configuration {tmp_path}/none.toml [config.missing]."
        " Make one with `kommcli config init`.\n"
    )


@pytest.mark.row("C1")
def test_C1_without_a_file_the_defaults_hold(home: Home) -> None:
    done = home.run("config", "check")

    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == f"kommcli: there is no configuration {home.path}/config.toml; the defaults hold\n"
    assert tomllib.loads(home.run("config", "show").stdout)["limit"] == 20


# ------------------------------------------------------------------------------ init, show, get, set


@pytest.mark.row("S25")
def test_init_writes_a_private_file_that_loads(home: Home) -> None:
    done = home.run("config", "init")

    path = home.path / "config.toml"
    assert (done.returncode, done.stderr) == (0, f"kommcli: written: {path}\n")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert home.run("config", "check").stderr == f"kommcli: {path} is in order\n"
    without = home.run("config", "show", env={"KOMMCLI_CONFIG": "/nonexistent/config.toml"})
    assert home.run("config", "show").stdout == without.stdout  # the file says what the defaults are
    assert "# behoerden-spiegel" not in path.read_text()


def test_init_does_not_overwrite(home: Home) -> None:
    path = home.config("limit = 3\n")
    done = home.run("config", "init")

    assert done.returncode == 2
    assert f"the configuration {path} exists [usage.exists]." in done.stderr
    assert path.read_text() == "limit = 3\n"


def test_show_is_toml_that_says_the_same_when_it_is_read_again(home: Home, tmp_path: Path) -> None:
    home.config(
        'language = "en"\nrefresh_after = "90m"\n[fetch]\nmax_body = "2MB"\n[[feeds]]\nurl = "https://a.example/"\n'
        'state = "Bayern"\nheaders = { X-Api-Key = { env = "KEY" } }\n'
        'auth = { user = "me", password = { command = "pass x" } }\n'
    )
    shown = home.run("config", "show").stdout
    again = tmp_path / "again.toml"
    again.write_text(shown)

    assert home.run("--config", str(again), "config", "show").stdout == shown
    assert tomllib.loads(shown)["feeds"] == [
        {
            "key": "a-example",
            "url": "https://a.example/",
            "state": "DE-BY",
            "headers": {"X-Api-Key": {"env": "KEY"}},
            "auth": {"user": "me", "password": {"command": ["pass", "x"]}},
        }
    ]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("limit", "20"),
        ("refresh_after", "1h"),
        ("fetch.threads", "7"),
        ("fetch.max_body", "10MB"),
        ("stories.window", "14d"),
        ("search.synonyms", "[]"),
        ("notify", "[]"),
        ("watch.vendors", '"Illerquell" OR "Sprechwerk"'),
        ("watch.south", "state:by"),
    ],
)
def test_get_prints_the_value_alone(home: Home, key: str, value: str) -> None:
    home.config(
        '[fetch]\nthreads = 7\n[watch]\nvendors = ["Illerquell", "Sprechwerk"]\n'
        '[watch.south]\nquery = "state:by"\n'
    )
    assert home.run("config", "get", key).stdout == f"{value}\n"


@pytest.mark.parametrize(
    "command", [["get", "limt"], ["set", "limt", "5"], ["set", "feeds.url", "x"], ["set", "x.y", "1"]]
)
def test_an_unknown_key_names_the_nearest(home: Home, command: list[str]) -> None:
    done = home.run("config", *command)

    assert (done.returncode, done.stdout) == (2, "")
    assert f'there is no key "{command[1]}" [usage.key].' in done.stderr
    if command[1] == "limt":
        assert done.stderr.endswith('Did you mean "limit"?\n')
    assert not (home.path / "config.toml").exists()


def test_set_keeps_comments_and_order(home: Home) -> None:
    text = '# mine\n\nlimit = 5 # short\n# about the net\n[fetch]\nthreads = 4\n\n[[feeds]]\nurl = "https://a.example/"\n'
    path = home.config(text)

    assert home.run("config", "set", "limit", "9").returncode == 0
    assert home.run("config", "set", "fetch.threads", "8").returncode == 0
    assert path.read_text() == text.replace("limit = 5", "limit = 9").replace("threads = 4", "threads = 8")
    home.run("config", "set", "language", "de")
    home.run("config", "set", "fetch.per_host", "1")
    assert tomllib.loads(path.read_text()) == {
        "limit": 9,
        "language": "de",
        "fetch": {"threads": 8, "per_host": 1},
        "feeds": [{"url": "https://a.example/"}],
    }
    home.run("config", "set", "language", "")
    home.run("config", "set", "fetch.per_host", "")
    assert home.run("config", "check").returncode == 0
    assert "language" not in path.read_text()
    assert "per_host" not in path.read_text()


def test_set_reaches_every_section(home: Home) -> None:
    path = home.config("limit = 5\n")
    given = {
        "stories.window": "7d",
        "search.synonyms": '[["Wohni", "Wohngeldassistent"]]',
        "watch.vendors": '["Illerquell", "Sprechwerk"]',
        "watch.south": "state:by",
        "watch.telephone.terms": '["Lina"]',
        "watch.telephone.query": "topic:ki",
    }
    for key, value in given.items():
        assert home.run("config", "set", key, value).returncode == 0

    assert home.run("config", "check").returncode == 0
    assert tomllib.loads(path.read_text()) == {
        "limit": 5,
        "stories": {"window": "7d"},
        "search": {"synonyms": [["Wohni", "Wohngeldassistent"]]},
        "watch": {
            "vendors": ["Illerquell", "Sprechwerk"],
            "south": "state:by",
            "telephone": {"terms": ["Lina"], "query": "topic:ki"},
        },
    }
    assert tomllib.loads(home.run("config", "show").stdout)["watch"] == {
        "vendors": '"Illerquell" OR "Sprechwerk"',
        "south": "state:by",
        "telephone": '("Lina") (topic:ki)',
    }


@pytest.mark.parametrize(
    ("key", "value", "wanted"),
    [
        ("stories.window", "bald", 'A duration such as "30m", "2h" or "1d" is wanted'),
        ("search.synonyms", '[["KI", "KI"]]', "Lists such as"),
        ("limit", "0", "A whole number from 1 to 100000 is wanted"),
        ("limit", "viel", "A whole number from 1 to 100000 is wanted"),
        ("language", "fr", "One of de, en is wanted"),
        ("refresh_after", "bald", 'A duration such as "30m", "2h" or "1d" is wanted'),
        ("contact", "a\x1bb", "Control characters are not allowed"),
        ("limit", '5\nlanguage = "fr"', "A whole number"),
    ],
)
def test_a_value_that_cannot_be_used_changes_nothing(home: Home, key: str, value: str, wanted: str) -> None:
    path = home.config("limit = 5 # mine\n")
    done = home.run("config", "set", key, value)

    assert done.returncode == 2
    assert f"{key} = " in done.stderr
    assert wanted in done.stderr
    assert "[usage.value]" in done.stderr
    assert path.read_text() == "limit = 5 # mine\n"


def test_the_demo_cannot_be_configured(home: Home) -> None:
    for command in (["set", "limit", "5"], ["init"]):
        assert home.run("--demo", "config", *command).returncode == 2


# -------------------------------------------------------------------------------- what is wrong in it


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("limit = \n", ":1:9", "the file is not valid TOML (Invalid value) [config.syntax]. Mend"),
        ("limit = 1\nlimit = 2\n", ":2:", "the file is not valid TOML (Cannot overwrite a value) [config"),
        ("x = 2026-13-40\n", ":1:", "the file is not valid TOML"),
        ("refresh_after = 1h\n", ":1:", "the file is not valid TOML"),
        ("[fetch]\ntotal_tiemout = 5\n", ":2", '[config.unknown_key]. Did you mean "total_timeout"?'),
        ("limit = -1\n", ":1", "limit = -1 cannot be used [config.value]. A whole number from 1 to 100000"),
        ("[fetch]\ntotal_timeout = nan\n", ":2", "total_timeout = nan cannot be used [config.value]. A"),
        ("limit = 100000000000000000000\n", ":1", "limit = 100000000000000000000 cannot be used [config"),
        ('contact = "\\u0000"\n', ":1", 'contact = "" cannot be used [config.value]. Control characters are'),
        ("x = " + "[" * 100_000 + "\n", "", "the file is not valid TOML"),
        ('[[feeds]]\nurl = "https://a.example/"\n[[feeds]]\nurl = "http://a.example"\n', ":3",
         'key "a-example" is used twice, in lines 1 and 3 [config.value]. Remove one of them.'),
    ],
    ids=["C2-value", "C2-twice", "C2-date", "C2-bare", "C3", "C4-negative", "C4-nan", "C4-huge", "C5-nul",
         "C5-brackets", "C9"],
)  # fmt: skip
@pytest.mark.row("C2", "C3", "C4", "C5", "C9")
def test_a_wrong_file_is_exit_5_with_its_place_and_nothing_is_fetched(
    home: Home, server: Server, text: str, place: str, message: str
) -> None:
    server.reply("/a", rss(item(1)))
    path = home.config(
        text + f'\n[[feeds]]\nkey = "loop"\nurl = "{server.url("/a")}"\nallow_private = true\n'
    )
    done = home.run("fetch")

    assert (done.returncode, done.stdout) == (5, "")
    assert done.stderr.startswith(f"kommcli: {path}{place}")
    assert message in done.stderr.splitlines()[0]
    assert server.requests == []
    assert not (home.path / "archive.db").exists()


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"\xef\xbb\xbflimit = 7\r\n", 0),
        ('contact = "Bürger"\n'.encode("latin-1"), 5),
        (b"\x00", 5),
    ],
    ids=["BOM and CRLF", "latin-1", "NUL"],
)
@pytest.mark.row("C5")
def test_C5_bytes_of_the_file(home: Home, content: bytes, status: int) -> None:
    path = home.path / "config.toml"
    path.write_bytes(content)
    done = home.run("config", "get", "limit")

    assert done.returncode == status
    assert done.stdout == ("7\n" if status == 0 else "")
    assert ("[config.syntax]" in done.stderr) == (status == 5)


@pytest.mark.row("C3", "C4")
def test_every_error_is_told_at_once_in_the_order_of_the_file(home: Home) -> None:
    path = home.config(
        'limt = 3\nlanguage = "fr"\n[fetch]\nthreads = 0\n[[feeds]]\nurl = "ftp://a.example/"\n'
    )
    done = home.run("config", "check")

    assert done.returncode == 5
    lines = done.stderr.splitlines()
    assert [line.split(": ")[1] for line in lines] == [f"{path}:{line}" for line in (1, 2, 4, 6)]


@pytest.mark.parametrize("command", [["schema"], ["config", "path"], ["--help"], ["--version"]])
@pytest.mark.row("C1")
def test_C1_what_needs_no_configuration_works_with_a_broken_one(home: Home, command: list[str]) -> None:
    home.config("limit = \n")

    assert home.run(*command).returncode == 0


def test_config_set_can_mend_a_wrong_value(home: Home) -> None:
    path = home.config("limit = 0\n")

    assert home.run("latest", "--offline").returncode == 5
    assert home.run("config", "set", "limit", "4").returncode == 0
    assert path.read_text() == "limit = 4\n"


@pytest.mark.row("C15")
def test_C15_a_place_that_cannot_be_written_is_exit_5(home: Home) -> None:
    place = {"KOMMCLI_CONFIG": "/dev/null/config.toml"}
    for command in (["config", "init"], ["config", "set", "limit", "5"], ["latest", "--offline"]):
        done = home.run(*command, env=place)
        assert done.returncode == 5, done.stderr
        assert done.stderr.startswith("kommcli: the configuration /dev/null/config.toml cannot be ")
        assert "[config." in done.stderr


def test_a_password_that_is_typed_is_not_repeated(home: Home) -> None:
    done = home.run("config", "set", "mail.password", "s3cret")

    assert done.returncode == 2
    assert "does not belong into this file" in done.stderr
    assert "s3cret" not in done.stderr
    assert home.run("config", "set", "mail.password", '{ env = "POST" }').returncode == 0
    assert home.run("config", "get", "mail.password").stdout == 'env = "POST"\n'


def test_a_key_that_says_nothing_is_one(home: Home) -> None:
    assert home.run("config", "get", "language").stdout == "\n"
    home.run("config", "set", "mail.to", '["a@b.example"]')
    assert home.run("config", "get", "mail.host").stdout == "\n"
