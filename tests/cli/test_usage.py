"""The command line itself: rows C13 and C14, one sentence for every error, and its exit code."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from conftest import Home, make_home
from newsroom import newsroom


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Eight articles; only read by the tests."""
    return newsroom(make_home(tmp_path_factory.mktemp("archive")))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["latst"], "there is no command latst (nearest: latest, stats) [usage]. See `kommcli --help`."),
        (["feeds", "lst"], "there is no command lst (nearest: list) [usage]. See `kommcli feeds --help`."),
        (["xyzzy"], "there is no command xyzzy [usage]. See `kommcli --help`."),
        (
            ["latest", "--limt", "3"],
            "there is no option --limt (nearest: --limit) [usage]. See `kommcli latest --help`.",
        ),
        (["--dmo", "latest"], "there is no option --dmo (nearest: --demo) [usage]. See `kommcli --help`."),
        (["latest", "--limit", "-1"], "-1 is out of range for -n / --limit (1<=x<=1000000) [usage]."),
        (
            ["latest", "--limit", str(2**63)],
            f"{2**63} is out of range for -n / --limit (1<=x<=1000000) [usage].",
        ),
        (["latest", "--limit", "1.5"], "1.5 for -n / --limit is not a whole number [usage]."),
        (["latest", "--limit"], "option --limit needs a value [usage]. See `kommcli latest --help`."),
        (["latest", "--json=1"], "option --json takes no value [usage]."),
        (["latest", "--since", "gestern?"], '--since "gestern?" is no date [usage.date]. Write it like'),
        (["read"], "REF is missing [usage]. See `kommcli read --help`."),
        (["read", "1", "2"], "unexpected argument: 2 [usage]. See `kommcli read --help`."),
        (["schema", "artcles"], 'there is no schema "artcles" [usage.schema]. Did you mean "articles"?'),
        (["schema", "--", "\x1b[2J"], 'there is no schema "[2J" [usage.schema].'),
    ],
    ids=lambda value: " ".join(value)[:30] if isinstance(value, list) else "",
)
@pytest.mark.row("C13")
def test_C13_wrong_usage_is_one_line_with_the_nearest(
    archive: Home, arguments: list[str], message: str
) -> None:
    done = archive.run(*arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"kommcli: {message}")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "status"), [([], 0), (["feeds"], 2), (["--help"], 0), (["feeds", "-h"], 0)]
)
def test_help_goes_to_standard_output(archive: Home, arguments: list[str], status: int) -> None:
    done = archive.run(*arguments)

    assert (done.returncode, done.stderr) == (status, "")
    assert done.stdout.startswith("Usage: kommcli")


@pytest.mark.parametrize(
    "arguments",
    [
        [b"read", b"\xff\xfe"],
        [b"read", b"https://\xff/\x80"],
        [b"latest", b"--feed", b"\xff"],
        [b"latest", b"--since", b"\xe4\xf6"],
        [b"\xff"],
        [b"latest", b"--\xff"],
        [b"latest", b"-F", b"\xff"],
        [b"latest", b"-n", b"\xff"],
        [b"config", b"get", b"\xff"],
        [b"config", b"set", b"contact", b"\xff"],
        [b"schema", b"\xff"],
        [b"feeds", b"add", b"http://127.0.0.1:1/\xff"],
        [b"feeds", b"edit", b"alpha", b"--title", b"\xff\x1b]0;x\x07"],
        [b"--config", b"/\xff.toml", b"latest", b"--offline"],
        [b"read", b""],
        [b"latest", b"--feed", b""],
        [b"latest", b"--since", b""],
        [b"config", b"get", b""],
        [b"config", b"set", b"", b""],
        [b"schema", b""],
        [b"mark", b"read", b""],
        [b""],
        [b"feeds", b"add", b""],
        [b"read", b"x" * 120_000],
        [b"latest", b"--feed", b"\xc3\xbc" * 60_000],
        [b"latest", b"--since", b"9" * 120_000],
        [b"latest", b"-n", b"9" * 120_000],
        [b"config", b"set", b"limit", b"[" * 120_000],
        [b"feeds", b"add", b"http://127.0.0.1:1/" + b"x" * 120_000],
    ],
    ids=lambda value: b" ".join(value)[:40].decode("ascii", "replace"),
)
@pytest.mark.row("C14")
def test_C14_any_bytes_are_refused_with_one_line(archive: Home, arguments: list[bytes]) -> None:
    # 128 kB is what Linux allows for one argument.
    done = subprocess.run(
        [os.fsencode(sys.executable), b"-m", b"kommcli", *arguments],
        env=archive.env,
        capture_output=True,
        timeout=30,
    )

    assert done.returncode in (2, 4, 5), done.stderr[:500]
    assert b"Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert len(done.stderr) < 2_000
    assert not set(done.stderr) & (set(range(32)) - {10})
    assert (archive.path / "config.toml").read_text().count("[[feeds]]") == 2


@pytest.mark.parametrize(
    ("value", "status"),
    [
        ("2026-10-16T11:00:00+02:00", 0),
        ("2026-10-16T09:00:00Z", 0),
        ("2026-10-16", 0),
        ("morgen", 2),
        ("2026-13-01", 2),
        ("\x1b[2J", 2),
        ("0001-01-01T00:00:00+14:00", 2),
        ("9999-12-31T23:59:59-12:00", 2),
    ],
)
def test_KOMMCLI_NOW(archive: Home, value: str, status: int) -> None:
    done = archive.run("latest", "--json", "--offline", env={"KOMMCLI_NOW": value})

    assert done.returncode == status, done.stderr
    if status:
        assert "[usage.now]. Write it like 2025-10-16T08:00:00+02:00." in done.stderr
        assert "\x1b" not in done.stderr


@pytest.mark.parametrize("value", ["0001-01-02T00:00:00Z", "9999-12-31T23:59:59Z", "1969-12-31"])
def test_clocks_at_the_ends_of_time_show_the_archive(archive: Home, value: str) -> None:
    for arguments in (["latest", "--offline", "-F", "terminal"], ["latest", "--offline", "--json"]):
        assert archive.run(*arguments, env={"KOMMCLI_NOW": value}).returncode == 0


# ----------------------------------------------------------------------------------------- exit codes


@pytest.mark.row("S6", "S10")
def test_6_an_archive_that_is_none(home: Home) -> None:
    (home.path / "archive.db").write_bytes(b"no database at all" * 100)
    done = home.run("latest", "--offline")

    assert done.returncode == 6
    assert "is damaged" in done.stderr
    assert "[cache.corrupt]. Rescue what can be read: sqlite3 " in done.stderr


@pytest.mark.row("S11")
def test_9_another_kommcli_is_fetching(home: Home) -> None:
    newsroom(home)
    program = (
        "import sys\nfrom kommcli.cli import fetching\nfrom kommcli.__main__ import main\n"
        "real = fetching.refresh\n"
        "fetching.refresh = lambda *a, **k: real(*a, **(k | {'wait': 0.1}))\n"
        "sys.argv = ['kommcli', 'fetch']\nmain()"
    )
    import sqlite3

    holder = sqlite3.connect(home.path / "archive.db.lock", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        done = subprocess.run([sys.executable, "-c", program], env=home.env, capture_output=True, text=True)
        shown = home.run("latest", env={"KOMMCLI_NOW": "2027-01-01T00:00:00+01:00"})
    finally:
        holder.close()

    assert done.returncode == 9
    assert "another kommcli is working on" in done.stderr
    assert "[cache.locked]. Wait until it has finished and try again." in done.stderr
    assert (shown.returncode, len(shown.stdout.splitlines())) == (0, 8)  # a list does not wait for it


BUG = (
    "import sys\nfrom kommcli.archive import articles\n"
    "def select(*arguments, **options): raise RuntimeError('boom\\x1b[2J')\n"
    "articles.select = select\n"
    "sys.argv = ['kommcli', *sys.argv[1:]]\n"
    "from kommcli.__main__ import main\nmain()"
)


def test_1_a_bug_is_one_sentence(archive: Home) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BUG, "latest", "--offline"], env=archive.env, capture_output=True, text=True
    )

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "kommcli: this is a bug in kommcli (RuntimeError: boom[2J) [bug]."
        " Please report it; --debug before the command shows where it happened.\n"
    )


def test_debug_shows_where_a_bug_happened(archive: Home) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BUG, "--debug", "latest", "--offline"],
        env=archive.env,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert done.stderr.startswith("Traceback (most recent call last):")
    assert "RuntimeError: boom" in done.stderr


def test_debug_shows_where_an_error_happened(archive: Home) -> None:
    done = archive.run("--debug", "read", "zzzz")

    assert done.returncode == 4
    assert done.stderr.startswith("Traceback (most recent call last):")
    assert done.stderr.splitlines()[-1].startswith('kommcli: there is no article "zzzz" [article.unknown].')


# -------------------------------------------------------------------------------------------- version


@pytest.mark.parametrize("arguments", [["--version"], ["-v", "--version"], ["--version", "latest"]])
def test_version(home: Home, arguments: list[str]) -> None:
    from kommcli import __version__

    done = home.run(*arguments)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"kommcli {__version__}\n", "")
    assert list(home.path.iterdir()) == []
