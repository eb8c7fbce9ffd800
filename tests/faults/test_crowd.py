"""Two and twenty kommcli at once on one archive."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

from conftest import Home, item, rss
from loopback import Server
from newsroom import newsroom


@pytest.mark.parametrize("number", [2, 20])
@pytest.mark.row("S11")
def test_many_fetches_at_once_make_no_doubles(home: Home, server: Server, number: int) -> None:
    for name in "abc":
        server.reply(f"/{name}", rss("".join(item(f"{name}{n}") for n in range(10))), etag=f'"{name}"')
    home.feeds({name: server.url(f"/{name}") for name in "abc"})
    crowd = [home.start("fetch") for _one in range(number)]
    ends = [process.communicate(timeout=120) for process in crowd]

    for process, (_out, err) in zip(crowd, ends, strict=True):
        assert process.returncode in (0, 9)
        assert ("[cache.locked]" in err) == (process.returncode == 9)
    assert sum(process.returncode == 0 for process in crowd) > 0
    with closing(sqlite3.connect(home.path / "archive.db")) as db:
        assert db.execute("SELECT count(*), count(DISTINCT url) FROM articles").fetchone() == (30, 30)
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.mark.row("S11", "S12")
def test_readers_and_markers_among_fetches(home: Home) -> None:
    newsroom(home)
    ids = [one["id"] for one in home.json("latest", "--offline", "--json")["articles"]]
    crowd = [
        *(home.start("mark", "star", one) for one in ids),
        *(home.start("latest", "--offline", "--json") for _one in range(6)),
        *(home.start("fetch", "--all") for _one in range(3)),
    ]
    ends = [process.communicate(timeout=120) for process in crowd]

    assert [process.returncode for process in crowd] == [0] * len(crowd)
    for out, _err in ends[len(ids) : len(ids) + 6]:
        assert len(json.loads(out)["articles"]) == len(ids)
    starred = home.json("latest", "--offline", "--starred", "--json")["articles"]
    assert len(starred) == len(ids)
