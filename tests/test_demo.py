"""The demo newsroom: what section 6 of the contract promises of it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import kommcli
from conftest import Home, make_home, validate

NO_SOCKETS = (
    "import socket, sys\n"
    "def refuse(*arguments, **options): raise AssertionError('the demo needs no network')\n"
    "class Refused(socket.socket): __init__ = refuse\n"  # a class still, for ssl derives one of it
    "socket.socket = Refused; socket.create_connection = socket.getaddrinfo = refuse\n"
    "sys.argv = ['kommcli', '--demo', *sys.argv[1:]]\n"
    "from kommcli.__main__ import main\nmain()"
)


def demo(home: Home, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """``kommcli --demo ARGUMENTS`` with all sockets forbidden and the real clock replaced by nobody."""
    env = {name: value for name, value in home.env.items() if name != "KOMMCLI_NOW"} | environment
    return subprocess.run(
        [sys.executable, "-c", NO_SOCKETS, *arguments], env=env, capture_output=True, text=True, timeout=60
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home in which only the demo was ever run."""
    return make_home(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def newsroom(home: Home) -> dict[str, Any]:
    """The JSON of everything that the demo has."""
    import json

    done = demo(home, "latest", "--all", "--json", "-n", "1000")
    assert (done.returncode, done.stderr) == (0, "")
    value: dict[str, Any] = json.loads(done.stdout)
    validate(value)
    return value


def test_the_first_run_shows_the_newest_articles_of_a_fixed_day(home: Home, newsroom: dict[str, Any]) -> None:
    done = demo(home, "latest", "-F", "terminal", "-n", "3")

    assert newsroom["generated"] == "2026-10-16T11:00:00+02:00"
    assert newsroom["errors"] == []
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("1 Halle (Saale): Hitzekarte aus dem digitalen Zwilling")
    assert "today 10:20 · Kommunal Digital" in done.stdout


def test_at_least_sixty_articles_of_several_feeds_over_three_weeks(newsroom: dict[str, Any]) -> None:
    articles = newsroom["articles"]
    dates = [datetime.fromisoformat(one["published"]) for one in articles]

    assert len(articles) >= 60
    assert max(dates) - min(dates) >= timedelta(weeks=3)
    assert max(dates) <= datetime.fromisoformat(newsroom["generated"])
    assert len({one["feed"]["key"] for one in articles}) >= 5
    assert [one["published"] for one in articles] == sorted(
        (one["published"] for one in articles), reverse=True
    )


STATES = {
    "Baden-Württemberg": "Baden-Württemberg|Ulm|Karlsruhe|Stuttgart",
    "Bayern": "Bayern|München|Nürnberg|Kempten|Hof",
    "Berlin": "Berlin",
    "Brandenburg": "Brandenburg|Potsdam|Cottbus",
    "Bremen": "Bremen",
    "Hamburg": "Hamburg",
    "Hessen": "Hessen|Bad Nauheim|Bergstraße",
    "Mecklenburg-Vorpommern": "Mecklenburg-Vorpommern|Greifswald",
    "Niedersachsen": "Niedersachsen|Göttingen|Hannover",
    "Nordrhein-Westfalen": "Nordrhein-Westfalen|Köln|Bonn|Düsseldorf",
    "Rheinland-Pfalz": "Rheinland-Pfalz|Trier|Speyer",
    "Saarland": "Saarland|Saarbrücken",
    "Sachsen": r"Sachsen(?!-)|Dresden|Leipzig",
    "Sachsen-Anhalt": "Sachsen-Anhalt|Halle|Magdeburg",
    "Schleswig-Holstein": "Schleswig-Holstein|Kiel|Lübeck",
    "Thüringen": "Thüringen|Gera|Erfurt|Jena",
}


@pytest.mark.parametrize("state", STATES)
def test_every_state_is_told_of(newsroom: dict[str, Any], state: str) -> None:
    import re

    texts = [f"{one['kicker']}: {one['title']} {one['teaser']}" for one in newsroom["articles"]]

    assert any(re.search(STATES[state], text) for text in texts)


def test_topics_kinds_kickers_and_pictures(newsroom: dict[str, Any]) -> None:
    articles = newsroom["articles"]
    topics = Counter(topic["key"] for one in articles for topic in one["topics"])
    kickers = {one["kicker"] for one in articles}

    assert {"ki", "e-government", "smart-city", "it-security"} & set(topics)
    assert len(topics) >= 8
    assert {"interview", "bericht"} <= {one["kind"] for one in articles}
    assert "Potsdam" in kickers
    assert None in kickers  # no-place kickers
    assert any(kicker and "/" in kicker for kicker in kickers)  # of two places
    assert any(one["image"] and one["image"]["credit"] for one in articles)
    assert any(one["enclosure"] for one in articles)


@pytest.mark.parametrize(
    ("word", "feeds"), [("Bauakten", 3), ("Rathausatlas", 2), ("Lina", 2), ("E-Akte", 2)]
)
def test_the_same_story_comes_from_several_feeds(newsroom: dict[str, Any], word: str, feeds: int) -> None:
    found = {one["feed"]["key"] for one in newsroom["articles"] if word in f"{one['kicker']} {one['title']}"}

    assert len(found) >= feeds


@pytest.mark.parametrize(
    ("format_", "entry", "named"),
    [
        ("markdown", "\n## ", "also in: Amtsblick, Landespressedienst"),
        ("html", "<article", "also in: Amtsblick, Landespressedienst"),
        ("atom", "<entry>", ""),
        ("jsonfeed", '"id": ', ""),
        ("csv", "\n", "amtsblick,landespresse"),
    ],
)
def test_a_story_is_one_entry_in_every_format(
    home: Home, newsroom: dict[str, Any], format_: str, entry: str, named: str
) -> None:
    stories = {one["story"] or one["id"] for one in newsroom["articles"]}
    done = demo(home, "latest", "-n", "1000", "-F", format_)

    assert (done.returncode, done.stderr) == (0, "")
    heads = 2 if format_ == "csv" else 0  # the line break before it, and the one behind
    assert f"\n{done.stdout}".count(entry) - heads == len(stories) < len(newsroom["articles"])
    assert done.stdout.count("Bauakten auf Knopfdruck") == 1
    assert "Potsdamer Bauakten jetzt online einsehbar" not in done.stdout
    assert named in done.stdout


def test_something_is_watched(home: Home, newsroom: dict[str, Any]) -> None:
    import json

    done = demo(home, "watch", "--peek", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found = {one["name"]: len(one["articles"]) for one in json.loads(done.stdout)["watches"]}

    assert found == {"ki-telefon": 3, "dienstleister": 6}


def test_every_command_that_reads_works_on_it(home: Home, newsroom: dict[str, Any]) -> None:
    assert demo(home, "latest", "-F", "terminal").returncode == 0
    for command in ("read 1", "feeds list", "feeds check", "fetch", "fetch --all", "mark star 1",
                    "config show", "config check", "latest --starred",
                    "latest --feed amtsblick --since KW42"):  # fmt: skip
        done = demo(home, *command.split())
        assert done.returncode == 0, (command, done.stderr)
    assert demo(home, "mark", "unstar", "--starred").returncode == 0


@pytest.mark.parametrize(
    "command",
    ["feeds add https://a.example/", "feeds remove --yes amtsblick", "feeds pause amtsblick",
     "feeds edit amtsblick --title x", "config set limit 5", "config init"],
)  # fmt: skip
def test_the_demo_cannot_be_changed(home: Home, newsroom: dict[str, Any], command: str) -> None:
    package = Path(kommcli.__file__).parent / "demo" / "config.toml"
    before = package.read_bytes()
    done = demo(home, *command.split())

    assert done.returncode == 2
    assert done.stderr.startswith("kommcli: the ")
    assert package.read_bytes() == before


def test_the_users_archive_is_never_touched(tmp_path: Path) -> None:
    from newsroom import newsroom as own

    home = own(make_home(tmp_path))
    home.run("latest", "-F", "terminal", "-n", "2")
    listed, numbered = home.run("latest").stdout, home.json("read", "2", "--json")
    files = {path: path.read_bytes() for path in (home.path / "config.toml", home.path / "archive.db")}
    demo(home, "latest", "-F", "terminal")
    demo(home, "mark", "read", "--unread")
    demo(home, "fetch", "--all")

    assert home.run("latest").stdout == listed
    assert home.json("read", "2", "--json") == numbered
    assert {path: path.read_bytes() for path in files} == files


def test_a_broken_configuration_of_the_user_does_not_matter(home: Home, newsroom: dict[str, Any]) -> None:
    path = home.config("limit = \n")
    done = demo(home, "latest")
    path.unlink()

    assert (done.returncode, done.stderr) == (0, "")


def test_the_clock_can_be_set_for_the_demo_too(home: Home, newsroom: dict[str, Any]) -> None:
    assert (
        "16 Oct 2026"
        in demo(home, "latest", "-F", "terminal", KOMMCLI_NOW="2027-10-16T11:00:00+02:00").stdout
    )


def test_the_first_run_works_from_a_package_that_cannot_be_written(tmp_path: Path) -> None:
    site = tmp_path / "site"
    shutil.copytree(
        Path(kommcli.__file__).parent, site / "kommcli", ignore=shutil.ignore_patterns("__pycache__")
    )
    for path in [*site.rglob("*"), site]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    home = make_home(tmp_path)
    before = sorted(path for path in site.rglob("*") if path.is_file())
    try:
        done = demo(home, "latest", "-n", "3", PYTHONPATH=str(site), PYTHONDONTWRITEBYTECODE="1")
        where = subprocess.run(
            [sys.executable, "-c", "import kommcli; print(kommcli.__file__)"],
            env=home.env | {"PYTHONPATH": str(site), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
        )
        assert where.stdout.startswith(str(site))
        after = sorted(path for path in site.rglob("*") if path.is_file() and path.suffix != ".pyc")
        assert after == before  # root could have written
    finally:
        for path in [site, *site.rglob("*")]:
            path.chmod(0o755)

    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 3
