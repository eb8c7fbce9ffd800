"""`prune`: what goes, what stays, and that it stays away."""

from __future__ import annotations

import sqlite3

import pytest

from conftest import Home, item, rss
from kommcli.archive import fulltext
from loopback import Server
from newswire import ids, newswire


def news(count: int, key: str = "a") -> bytes:
    """A feed with one article a day, the newest of today."""
    return rss(
        "".join(
            item(f"{key}{n}", description="x" * 2_000, pubDate=f"{16 - n} Oct 2026 06:00:00 GMT")
            for n in range(count)
        ),
        f"Feed {key}",
    )


@pytest.fixture
def archive(home: Home, server: Server) -> Home:
    """Two feeds, a with ten articles and b with three, one a day."""
    server.reply("/a", news(10))
    server.reply("/b", news(3, "b"))
    home.feeds({"a": server.url("/a"), "b": server.url("/b")})
    assert home.run("fetch").returncode == 0
    return home


def left(home: Home) -> dict[str, int]:
    """Articles by feed."""
    found = home.json("latest", "--offline", "--json", "-n", "100")["articles"]
    return {key: sum(one["feed"]["key"] == key for one in found) for key in ("a", "b")}


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--older-than", "5d"), {"a": 5, "b": 3}),
        (("--older-than", "36h"), {"a": 2, "b": 2}),
        (("--keep", "4"), {"a": 4, "b": 3}),
        (("--older-than", "1d", "--keep", "2"), {"a": 2, "b": 2}),
        (("--feed", "b"), {"a": 10, "b": 0}),
        (("feed:a", "until:2026-10-10"), {"a": 6, "b": 3}),
        (("--feed", "a", "--keep", "1"), {"a": 1, "b": 3}),
        (("--older-than", "52w"), {"a": 10, "b": 3}),
    ],
)
def test_by_age_count_feed_and_query(
    archive: Home, arguments: tuple[str, ...], expected: dict[str, int]
) -> None:
    going = 13 - sum(expected.values())
    dry = archive.json("prune", *arguments, "--dry-run", "--json")
    assert (dry["found"], dry["removed"], dry["dry_run"]) == (going, 0, True)
    assert left(archive) == {"a": 10, "b": 3}
    done = archive.json("prune", *arguments, "--yes", "--json")
    assert (done["found"], done["removed"], sum(one["count"] for one in done["feeds"])) == (going,) * 3
    assert left(archive) == expected


def test_what_goes_goes_wholly_and_what_the_feed_still_shows_stays_away(
    archive: Home, server: Server
) -> None:
    archive.json("prune", "--keep", "2", "--yes", "--json")
    with sqlite3.connect(archive.path / "archive.db") as db:
        for table, column in (
            ("bodies", "article"),
            ("article_labels", "article"),
            ("addresses", "article"),
            ("pages", "article"),
        ):
            query = f"SELECT count(*) FROM {table} WHERE {column} NOT IN (SELECT id FROM articles)"
            assert db.execute(query).fetchone() == (0,)
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []

    server.reply("/a", news(12))  # two older ones are new to us, the eight that went are not
    report = archive.json("fetch", "a", "--json")["feeds"][0]
    assert (report["new"], left(archive)["a"]) == (2, 4)
    server.reply("/a", rss(item("other")))  # the feed no longer shows them: nothing needs to be remembered
    archive.run("fetch", "a")
    with sqlite3.connect(archive.path / "archive.db") as db:
        ids = "SELECT count(*) FROM removed WHERE feed = (SELECT id FROM feeds WHERE key = 'a')"
        assert db.execute(ids).fetchone() == (0,)


def test_index_stories_and_what_is_compared_go_with_an_article(home: Home) -> None:
    newswire(home)
    known = ids(home)
    assert {one["id"] for one in home.json("story", "show", known["neu"], "--json")["articles"]} == {
        known[name] for name in ("erste", "kopie", "neu")
    }
    assert home.run("prune", "--feed", "blick", "--yes").returncode == 0

    with sqlite3.connect(home.path / "archive.db") as db:
        assert fulltext.is_sound(db)
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        for table, column in (("documents", "article"), ("untold", "article"), ("links", "article")):
            query = f"SELECT count(*) FROM {table} WHERE {column} NOT IN (SELECT id FROM articles)"
            assert db.execute(query).fetchone() == (0,)
        compared = "SELECT document FROM traits ORDER BY document"
        assert (
            db.execute(compared).fetchall() == db.execute("SELECT id FROM documents ORDER BY id").fetchall()
        )
        keys = "SELECT count(*) FROM story_keys WHERE article NOT IN (SELECT article FROM documents)"
        assert db.execute(keys).fetchone() == (0,)
    assert home.json("search", "Platt", "--json")["articles"] == []
    (potsdam,) = home.json("latest", "--offline", "place:Potsdam", "--json")["articles"]
    assert {potsdam["id"], *(one["id"] for one in potsdam["also_in"])} == {known["kopie"], known["neu"]}

    assert home.run("prune", "--feed", "echo", "--yes").returncode == 0
    (alone,) = home.json("latest", "--offline", "place:Potsdam", "--json")["articles"]
    assert (alone["id"], alone["also_in"], alone["story"]) == (known["neu"], [], None)


def test_starred_articles_stay(archive: Home) -> None:
    oldest = archive.json("latest", "--offline", "--json", "-n", "100")["articles"][-1]["id"]
    archive.run("mark", "star", oldest)
    done = archive.run("prune", "--older-than", "1d", "--yes", "-F", "terminal")
    assert "1 stays: starred or in a digest." in done.stdout
    assert oldest in {one["id"] for one in archive.json("latest", "--offline", "--json")["articles"]}


def test_room_is_given_back(archive: Home) -> None:
    done = archive.json("prune", "--keep", "1", "--yes", "--json")
    assert done["bytes_after"] < done["bytes_before"]
    assert (archive.path / "archive.db").stat().st_size == done["bytes_after"]
    again = archive.json("prune", "--keep", "1", "--yes", "--json")
    assert (again["found"], again["bytes_before"]) == (0, done["bytes_after"])


def test_it_asks_or_refuses(archive: Home) -> None:
    done = archive.run("prune", "--keep", "1")
    assert (done.returncode, "--yes" in done.stderr) == (2, True)
    assert archive.run("prune").returncode == 2
    assert archive.run("prune", "--older-than", "soon").returncode == 2
    assert archive.run("prune", "--older-than", "999999999w").returncode == 2
    assert left(archive) == {"a": 10, "b": 3}


def test_the_answer_at_a_terminal_counts(archive: Home) -> None:
    pexpect = pytest.importorskip("pexpect")
    import sys

    for answer, expected in (("n", 10), ("y", 1)):
        child = pexpect.spawn(
            sys.executable, ["-m", "kommcli", "prune", "--keep", "1"], env=archive.env, timeout=30
        )
        child.expect("for good")
        child.sendline(answer)
        child.read()
        child.close()
        assert child.exitstatus == 0
        assert left(archive)["a"] == expected


def test_articles_of_a_sent_issue_stay(archive: Home) -> None:
    db = sqlite3.connect(archive.path / "archive.db")
    with db:
        (ref,) = db.execute("SELECT ref FROM articles ORDER BY id LIMIT 1").fetchone()
        db.execute(
            "INSERT INTO issues (number, key, subject, language, since, until, kept, sent)"
            " VALUES (1, '2026-W41', 'KW 41', 'de', 1, 2, 3, 4)"
        )
        db.execute(
            "INSERT INTO issue_articles (issue, position, ref, section) VALUES (1, 1, ?, 'ki')", (ref,)
        )
    db.close()

    done = archive.run("prune", "--keep", "1", "--yes", "-F", "terminal")

    assert "1 stays: starred or in a digest." in done.stdout
    assert ref in {one["id"] for one in archive.json("latest", "--offline", "--json", "-n", "99")["articles"]}
