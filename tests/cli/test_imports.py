"""Start-up is paid at every call: what each command may load."""

from __future__ import annotations

import subprocess
import sys

import pytest

from conftest import Home, make_home
from newsroom import newsroom

HEAVY = {
    "rich",
    "feedparser",
    "urllib3",
    "selectolax",
    "tomlkit",
    "tomli_w",
    "platformdirs",
    "rapidfuzz",
    "importlib.metadata",
    "logging",
    "asyncio",
    "jinja2",
    "trafilatura",
    "lxml",
    "PIL",
    "protego",
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Eight articles of which a list was shown; only read by the tests."""
    home = newsroom(make_home(tmp_path_factory.mktemp("archive")))
    home.run("latest", "-F", "terminal")
    return home


def loaded(home: Home, *arguments: str) -> set[str]:
    """The modules that a command has loaded when it ends."""
    program = (
        "import atexit, sys\n"
        "atexit.register(lambda: print(*sys.modules, file=sys.stderr))\n"
        f"sys.argv = ['kommcli', *{arguments!r}]\n"
        "from kommcli.__main__ import main\nmain()"
    )
    done = subprocess.run([sys.executable, "-c", program], env=home.env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return set(done.stderr.split())


def test_version_loads_nothing(archive: Home) -> None:
    modules = loaded(archive, "--version")

    assert {name for name in modules if name.startswith("kommcli")} == {"kommcli", "kommcli.__main__"}
    assert modules.isdisjoint({"typer", "re", "gettext", "sqlite3", *HEAVY})


@pytest.mark.parametrize(
    "arguments",
    ["latest --json --offline", "latest", "latest -F csv", "latest -F jsonl", "read 1 --json --offline",
     "read 1 --offline", "read 1 -F markdown --offline", "latest -F atom", "latest -F markdown",
     "search Wohni", "search Wohni --json", "search Wohni -F jsonl", "story show 1 --json",
     "digest issues", "digest issues --json", "schedule --kind cron",
     "feeds list", "mark read 1", "fetch", "config path", "config check", "schema articles", "--help"],
)  # fmt: skip
def test_what_a_program_reads_costs_no_heavy_module(archive: Home, arguments: str) -> None:
    assert loaded(archive, *arguments.split()) & HEAVY == set()


@pytest.mark.parametrize(
    "arguments",
    [
        "latest -F terminal",
        "read 1 -F terminal --offline",
        "feeds list -F terminal",
        "search Wohni -F terminal",
    ],
)
def test_the_terminal_costs_rich_and_nothing_more(archive: Home, arguments: str) -> None:
    modules = loaded(archive, *arguments.split())

    assert modules & (HEAVY - {"logging", "importlib.metadata"}) == {"rich"}
    assert modules.isdisjoint({"rich.markdown", "rich.progress", "rich.traceback", "markdown_it"})


def test_schema_needs_neither_archive_nor_configuration(archive: Home) -> None:
    modules = loaded(archive, "schema", "articles")

    assert modules.isdisjoint(
        {"sqlite3", "tomllib", "kommcli.config.load", "kommcli.archive.articles", *HEAVY}
    )


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        ("latest --json --offline", set()),
        ("latest --json --offline state:by", set()),
        ("latest --json --offline topic:ki", {"kommcli.data.topics"}),
        ("latest --json --offline place:Potsdam", {"kommcli.gazetteer", "kommcli.enrich"}),
        ("search Wohni --json", set()),
        ("states --json", set()),
        ("fetch", set()),
        ("explain 1 --json", {"kommcli.gazetteer", "kommcli.enrich", "kommcli.data.topics"}),
    ],
)
def test_what_is_known_of_the_world_loads_when_it_is_asked(
    archive: Home, arguments: str, wanted: set[str]
) -> None:
    """Places, topics and the rooms that understand: not for a list, nor for feeds that say nothing new."""
    modules = loaded(archive, *arguments.split())

    assert modules & {"kommcli.gazetteer", "kommcli.enrich", "kommcli.data.topics"} == wanted


def test_only_the_command_that_is_asked_for_is_built(archive: Home) -> None:
    modules = loaded(archive, "latest", "--json", "--offline")

    assert modules.isdisjoint({"kommcli.cli.counting", "kommcli.cli.feeds", "kommcli.cli.configuring"})
