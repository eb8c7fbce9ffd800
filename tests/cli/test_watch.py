"""`watch`, `stats --watch` and `fetch --notify`: new hits, each told once to each who asks."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from conftest import Home, item, make_home, rss, validate
from newswire import WATCHES, ids, names, newswire

LATER = {"KOMMCLI_NOW": "2026-10-17T11:00:00+02:00"}
LAST = {"KOMMCLI_NOW": "2026-10-18T11:00:00+02:00"}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The newswire with two watches; only read by the tests."""
    home = newswire(make_home(tmp_path_factory.mktemp("archive")))
    home.config(home.config_text() + WATCHES)
    return home


@pytest.fixture
def own(archive: Home, tmp_path: Path) -> Home:
    """The newswire for a test that changes something; looking at a watch does."""
    return archive.copy(tmp_path)


def arrives(home: Home, number: str, title: str, env: dict[str, str] = LATER) -> None:
    """Another article comes in at a later time."""
    path = home.path / "feeds" / "echo.xml"
    new = item(number, title, pubDate="Sat, 17 Oct 2026 08:00:00 +0200")
    path.write_bytes(path.read_bytes().replace(b"</channel>", new.encode() + b"</channel>"))
    done = home.run("fetch", "--all", env=env)
    assert (done.returncode, done.stderr) == (0, "")


def new(home: Home, *arguments: str, env: dict[str, str] | None = None) -> dict[str, str]:
    """The names of the new hits by watch, as JSON tells it."""
    done = home.run("watch", *arguments, "--json", env=env)
    assert done.returncode == 0, done.stderr
    value = json.loads(done.stdout)
    validate(value)
    return {one["name"]: names(home, *one["articles"]) for one in value["watches"]}


WOHNI, TRIER = "neu kopie erste anders zweite", "anders laternen"


# --------------------------------------------------------------------------------------------- once


@pytest.mark.parametrize(
    ("name", "item_begins"),
    [("markdown", "\n## "), ("html", "<article"), ("atom", "<entry>"), ("jsonfeed", '"id": ')],
)
def test_hits_to_give_on_are_each_there_once(own: Home, name: str, item_begins: str) -> None:
    """An article may be a hit of two watches."""
    done = own.run("watch", "-F", name)

    assert (done.returncode, done.stderr) == (0, "")
    hits = set(f"{WOHNI} {TRIER}".split())
    assert f"\n{done.stdout}".count(item_begins) == len(hits)


def test_new_hits_are_listed_once(own: Home) -> None:
    assert new(own) == {"wohni": WOHNI, "trier": TRIER}
    assert new(own) == {"wohni": "", "trier": ""}
    arrives(own, "spaeter", "Potsdam: Wohni wird abgeschaltet")
    assert new(own, env=LATER) == {"wohni": "spaeter", "trier": ""}
    assert new(own, env=LAST) == {"wohni": "", "trier": ""}


def test_peek_lists_them_again_the_next_time(own: Home) -> None:
    assert new(own, "--peek") == new(own, "--peek") == {"wohni": WOHNI, "trier": TRIER}
    assert new(own) == {"wohni": WOHNI, "trier": TRIER}
    assert new(own, "--peek") == {"wohni": "", "trier": ""}


def test_all_lists_what_was_listed_before(own: Home) -> None:
    new(own)

    assert new(own, "--all") == {"wohni": WOHNI, "trier": TRIER}


def test_a_watch_by_its_name_leaves_the_others_new(own: Home) -> None:
    assert new(own, "trier") == {"trier": TRIER}
    assert new(own) == {"wohni": WOHNI, "trier": ""}
    assert list(new(own, "trier", "wohni", "--all")) == ["trier", "wohni"]


def test_the_limit_is_for_each_watch_and_the_count_is_of_all(own: Home) -> None:
    value = own.json("watch", "-n", "1", "--peek", "--json")

    assert [(one["count"], len(one["articles"])) for one in value["watches"]] == [(5, 1), (2, 1)]


def test_an_archive_that_cannot_be_written_does_not_spoil_the_list(own: Home) -> None:
    (own.path / "archive.db").chmod(0o444)
    done = own.run("watch", "--peek")

    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 7


# ------------------------------------------------------------------------------------------- formats


def test_the_json_obeys_the_schema_that_the_program_prints(archive: Home) -> None:
    schema = json.loads(archive.run("schema", "watch").stdout)
    value = archive.json("watch", "--peek", "--json")

    jsonschema.Draft202012Validator(schema).validate(value)
    assert (value["schema"], value["errors"]) == ("kommcli/watch/1", [])
    assert [one["query"] for one in value["watches"]] == ['"Wohni"', "ort:Trier"]


def test_one_hit_a_line_with_the_name_of_its_watch(archive: Home) -> None:
    lines = [line.split("\t") for line in archive.run("watch", "--peek").stdout.splitlines()]
    listed = archive.run("latest", "--offline", "--all").stdout.splitlines()

    assert [line[0] for line in lines] == ["wohni"] * 5 + ["trier"] * 2
    assert {"\t".join(line[1:]) for line in lines} <= set(listed)


def test_lines_of_json_and_a_table(archive: Home) -> None:
    lines = archive.run("watch", "--peek", "-F", "jsonl").stdout.splitlines()
    found: list[dict[str, Any]] = [json.loads(line) for line in lines]
    rows = list(csv.DictReader(archive.run("watch", "--peek", "-F", "csv").stdout.splitlines()))

    assert [one["watch"] for one in found] == [one["watch"] for one in rows] == ["wohni"] * 5 + ["trier"] * 2
    assert [one["id"] for one in found] == [one["id"] for one in rows]
    assert next(iter(rows[0])) == "watch"


def test_at_a_terminal_hits_are_numbered_through(own: Home) -> None:
    shown = own.run("watch", "-F", "terminal", "--peek").stdout

    assert shown.startswith("wohni · 5 new articles\n\n1 Potsdam: Wohni hebt den Aktenschatz")
    assert "\ntrier · 2 new articles\n\n6 Trier: Bauakten auf Zuruf" in shown
    assert own.json("read", "7", "--offline", "--json")["article"]["id"] == ids(own)["laternen"]


def test_at_a_terminal_more_is_told_with_the_command_that_shows_it(own: Home) -> None:
    shown = own.run("watch", "wohni", "-F", "terminal", "-n", "2").stdout

    assert "… and 3 more: kommcli watch wohni --all -n 5" in shown
    assert "wohni · 0 new articles" in own.run("watch", "wohni", "-F", "terminal").stdout


def test_an_empty_archive_has_no_hits(home: Home) -> None:
    home.config(WATCHES)

    assert new(home) == {"wohni": "", "trier": ""}


# -------------------------------------------------------------------------------------------- errors


def test_an_unknown_name_gets_a_suggestion(archive: Home) -> None:
    done = archive.run("watch", "wohno")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == 'kommcli: there is no watch "wohno" [usage.watch]. Did you mean "wohni"?\n'


def test_nothing_is_watched(home: Home) -> None:
    for command in (["watch"], ["watch", "x"], ["stats", "--watch"]):
        done = home.run(*command)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith(
            "kommcli: nothing is watched [usage]. Write into the configuration: [watch.NAME]"
        )


@pytest.mark.parametrize(
    "command", [["watch"], ["watch", "kaputt"], ["stats", "--watch"], ["fetch", "--notify"]]
)
def test_a_query_that_cannot_be_asked_is_a_fault_of_the_configuration(own: Home, command: list[str]) -> None:
    broken = '[watch.kaputt]\nquery = "seit:übermorgen"\n'
    own.config(f'notify = ["cat"]\n{own.config_text()}{broken}')
    done = own.run(*command)

    assert (done.returncode, done.stdout) == (5, "")
    assert done.stderr.startswith("kommcli: [watch.kaputt] cannot be asked: ")
    assert "[config.value]" in done.stderr


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[watch.leer]\n", "[watch.leer] has neither terms nor a query"),
        ("[watch]\nleer = []\n", "[watch.leer] has neither terms nor a query"),
        ('[watch.x]\nbegriff = "KI"\n', "begriff"),
    ],
)
def test_a_watch_of_nothing_is_found_when_the_configuration_is_read(
    home: Home, text: str, message: str
) -> None:
    home.config(text)
    done = home.run("watch")

    assert (done.returncode, done.stdout) == (5, "")
    assert message in done.stderr


def test_terms_are_taken_as_they_are(own: Home) -> None:
    """Nothing in them is a word of the query language."""
    own.config(own.config_text().replace('["Wohni"]', '["Wohni OR Trier", "topic:ki", "Moselfunk"]'))

    assert new(own)["wohni"] == "laternen"


def test_terms_and_query_hold_both(own: Home) -> None:
    own.config(
        own.config_text().replace(
            'query = "ort:Trier"', 'query = "ort:Trier"\nterms = ["Wohni", "Moselweiß"]'
        )
    )

    assert new(own, "trier") == {"trier": "anders"}


# --------------------------------------------------------------------------------------------- stats


def test_the_weeks_of_watches(archive: Home) -> None:
    schema = json.loads(archive.run("schema", "watched").stdout)
    value = archive.json("stats", "--watch", "--json")

    jsonschema.Draft202012Validator(schema).validate(value)
    assert (value["total"], value["weeks"]) == (7, ["2026-W40", "2026-W41", "2026-W42"])
    assert [(one["key"], one["count"], one["weeks"]) for one in value["watched"]] == [
        ("wohni", 5, [1, 0, 4]),
        ("trier", 2, [0, 0, 2]),
    ]


def test_the_weeks_of_watches_within_filters(archive: Home) -> None:
    value = archive.json("stats", "--watch", "--feed", "funk", "--json")

    assert [one["count"] for one in value["watched"]] == [2, 1]
    assert archive.run("stats", "--watch", "-F", "csv").stdout.startswith("key,name,count")
    assert "wohni" in archive.run("stats", "--watch", "-F", "terminal").stdout


# ------------------------------------------------------------------------------------------- --notify

RECEIVER = (
    "#!{python}\nimport json, sys\nfrom pathlib import Path\nhere = Path({folder!r})\n"
    "number = len(list(here.glob('told-*')))\n"
    "told = [sys.argv[1:], json.load(sys.stdin)]\n{then}\n"
    "(here / f'told-{{number}}.json').write_text(json.dumps(told))\n"
)


def receiver(home: Home, folder: Path, then: str = "") -> None:
    """Let new hits go to a real program that writes down what it gets, if ``then`` does not end it."""
    path = folder / "receiver"
    path.write_text(RECEIVER.format(python=sys.executable, folder=str(folder), then=then), "utf-8")
    path.chmod(0o755)
    text = home.config_text()
    if "notify" not in text:
        home.config(f'notify = ["{path}", "$(touch {folder}/x); *"]\n{text}')


def told(folder: Path) -> list[dict[str, str]]:
    """What the program was given each time: the names of the articles by watch."""
    found = []
    for path in sorted(folder.glob("told-*")):
        arguments, value = json.loads(path.read_text())
        assert arguments == [f"$(touch {folder}/x); *"]
        validate(value)
        found.append(
            {one["name"]: " ".join(a["url"][21:] for a in one["articles"]) for one in value["watches"]}
        )
    return found


def test_fetch_gives_new_hits_to_the_command(own: Home, tmp_path: Path) -> None:
    receiver(own, tmp_path)
    done = own.run("fetch", "--notify")

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert [{name: len(hits.split()) for name, hits in one.items()} for one in told(tmp_path)] == [
        {"wohni": 5, "trier": 2}
    ]
    assert not (tmp_path / "x").exists()


def test_each_hit_is_given_once_and_without_hits_nobody_is_called(own: Home, tmp_path: Path) -> None:
    receiver(own, tmp_path)
    own.run("fetch", "--notify")
    own.run("fetch", "--notify", env=LATER)
    assert len(told(tmp_path)) == 1
    arrives(own, "spaeter", "Trier: Laternen blinken", env=LAST)
    own.run("fetch", "--notify", env=LAST)

    assert [list(one) for one in told(tmp_path)] == [["wohni", "trier"], ["trier"]]


def test_fetch_without_the_option_calls_nobody(own: Home, tmp_path: Path) -> None:
    receiver(own, tmp_path)
    own.run("fetch", "--all")

    assert told(tmp_path) == []


def test_what_was_given_is_still_new_to_who_lists_it(own: Home, tmp_path: Path) -> None:
    receiver(own, tmp_path)
    own.run("fetch", "--notify")

    assert new(own)["trier"] == TRIER


def test_what_the_command_did_not_take_is_given_again(own: Home, tmp_path: Path) -> None:
    receiver(own, tmp_path, then="sys.exit('queue is full')")
    done = own.run("fetch", "--notify")

    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == (
        f"kommcli: the command {tmp_path}/receiver took no new hits (exit status 1: queue is full)\n"
    )
    receiver(own, tmp_path)
    own.run("fetch", "--notify", env=LATER)
    assert [list(one) for one in told(tmp_path)] == [["wohni", "trier"]]


def test_a_command_that_is_missing_is_told_and_the_fetch_is_done(own: Home) -> None:
    own.config(f'notify = ["/does/not/exist"]\n{own.config_text()}')
    done = own.run("fetch", "--notify", "--all")

    assert done.returncode == 0
    assert (
        done.stderr == "kommcli: the command /does/not/exist took no new hits (No such file or directory)\n"
    )


@pytest.mark.parametrize("lacking", ["notify", "watch"])
def test_notify_without_a_command_or_a_watch(own: Home, lacking: str) -> None:
    text = own.config_text()
    own.config(text if lacking == "notify" else 'notify = ["cat"]\n' + text.replace(WATCHES, ""))
    done = own.run("fetch", "--notify")

    assert (done.returncode, done.stdout) == (5, "")
    assert done.stderr.startswith("kommcli: --notify has no command or nothing to watch [config.missing].")


def test_what_cannot_be_watched_is_said_before_anything_is_fetched(own: Home, tmp_path: Path) -> None:
    receiver(own, tmp_path)
    own.config(f'{own.config_text()}\n[watch.wrong]\nquery = "since:nie"\n')
    before = own.json("feeds", "list", "--json")
    done = own.run("fetch", "--all", "--notify", env=LATER)

    assert done.returncode == 5
    assert "[watch.wrong]" in done.stderr
    assert '"nie"' in done.stderr
    assert own.json("feeds", "list", "--json") == before
    assert told(tmp_path) == []


def test_notify_says_nothing_to_rethinking(own: Home) -> None:
    done = own.run("fetch", "--rethink", "--notify")

    assert (done.returncode, done.stdout) == (2, "")
    assert "--notify" in done.stderr


def test_the_json_of_the_fetch_goes_its_own_way(own: Home, tmp_path: Path) -> None:
    receiver(own, tmp_path)
    value = own.json("fetch", "--notify", "--json")

    assert value["schema"] == "kommcli/fetch/1"
    assert len(told(tmp_path)) == 1


# --------------------------------------------------------------------------------- while others fetch


def test_what_a_fetch_of_the_same_second_stores_is_listed_once(own: Home) -> None:
    """A clock that stands still: only the order of coming tells new from old."""
    new(own)
    arrives(own, "spaeter", "Potsdam: Wohni wird abgeschaltet", env={})

    assert new(own) == {"wohni": "spaeter", "trier": ""}
    assert new(own) == {"wohni": "", "trier": ""}


def test_a_watch_and_a_fetch_at_once_lose_nothing_and_list_nothing_twice(own: Home) -> None:
    """`watch` runs again and again while another process brings article after article."""
    numbers = [f"neu{number}" for number in range(40)]
    config = []
    for number in numbers:  # feeds are stored one transaction after the other
        path = own.path / "feeds" / f"{number}.xml"
        path.write_bytes(rss(item(number, f"Wohni {number}", pubDate="Sat, 17 Oct 2026 08:00:00 +0200")))
        config.append(f'[[feeds]]\nkey = "{number}"\nurl = "file:{number}.xml"')
    own.config("\n".join((own.config_text(), *config)))
    new(own)
    fetching = own.start("fetch", "--all")
    listed = []
    while fetching.poll() is None:
        listed += new(own, "wohni", "-n", "99")["wohni"].split()
    listed += new(own, "wohni", "-n", "99")["wohni"].split()
    fetching.communicate()

    assert sorted(listed) == sorted(numbers)


def test_two_fetches_at_once_give_each_hit_once(own: Home, tmp_path: Path) -> None:
    receiver(own, tmp_path, then="__import__('time').sleep(1.5)")
    both = [own.start("fetch", "--notify") for _ in range(2)]

    assert [done.communicate()[1] for done in both] == ["", ""]
    assert [list(one) for one in told(tmp_path)] == [["wohni", "trier"]]
