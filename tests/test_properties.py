"""What must hold of whole runs, whatever the feeds say."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kommcli.archive import feeds
from kommcli.archive.database import open_for_writing
from kommcli.data.topics import builtin
from kommcli.enrich import Knowledge
from kommcli.enrich.places import Corrected
from kommcli.gazetteer import Gazetteer
from kommcli.model import Feed, FeedState, Fetched, ParsedFeed
from kommcli.parsing.feed import parse_feed
from kommcli.refresh import Refresh, plan

DATA = Path(__file__).parent / "data" / "feeds"
NOW = datetime(2026, 10, 16, 9, tzinfo=UTC)
BODIES = {name: (DATA / f"{name}.xml").read_bytes() for name in ("atom10", "typo3", "wordpress", "titles")}
FEEDS = [Feed(name, f"https://{name}.example/feed") for name in BODIES]


@cache
def knowledge() -> Knowledge:
    return Knowledge(Corrected(Gazetteer(), {}, ()), builtin())


def run(path: Path, bodies: Mapping[str, bytes]) -> dict[str, list[tuple[object, ...]]]:
    """Fetch ``bodies`` into the archive; what it then has of the articles of each feed."""

    def fetch(feed: Feed, _state: FeedState | None) -> Fetched:
        return Fetched(feed.url, bodies[feed.key], etag=f'"{len(bodies[feed.key])}"')

    def parse(fetched: Fetched) -> ParsedFeed:
        return parse_feed(fetched.body, "", fetched.url)

    with closing(open_for_writing(path)) as db:
        known = feeds.states(db)
        work = plan(FEEDS, known, NOW, force=True)
        Refresh(
            db, work, known, fetch=fetch, parse=parse, understand=knowledge().understand, now=NOW, threads=1
        ).run()
        return {feed.key: articles(db, feed.key) for feed in FEEDS}


def articles(db: sqlite3.Connection, key: str) -> list[tuple[object, ...]]:
    """All that is stored of a feed's articles but their rowids, which others of the same second share."""
    columns = [row[1] for row in db.execute("PRAGMA table_info(articles)") if row[1] not in ("id", "feed")]
    labels = "(SELECT json_group_array(label) FROM article_labels WHERE article = a.id)"
    names = "(SELECT json_group_array(address) FROM addresses WHERE article = a.id)"
    wanted = ", ".join(f"a.{column}" for column in columns)
    return db.execute(
        f"SELECT {wanted}, b.blocks, {names}, json_array_length({labels}) FROM articles AS a"
        " JOIN bodies AS b ON b.article = a.id JOIN feeds AS f ON f.id = a.feed"
        " WHERE f.key = ? ORDER BY a.ref",
        (key,),
    ).fetchall()


@pytest.mark.row("P3")
def test_fetching_twice_is_fetching_once(tmp_path: Path) -> None:
    once = run(tmp_path / "archive.db", BODIES)
    twice = run(tmp_path / "archive.db", BODIES)

    assert once == twice
    assert all(once.values())


@pytest.mark.row("P3")
def test_fetching_twice_is_fetching_once_even_if_it_is_parsed_anew(tmp_path: Path) -> None:
    once = run(tmp_path / "archive.db", BODIES)
    twice = run(tmp_path / "archive.db", {key: body + b"\n<!-- later -->" for key, body in BODIES.items()})

    assert once == twice


changes = st.lists(
    st.tuples(
        st.floats(0, 1), st.integers(0, 40), st.binary(max_size=8) | st.sampled_from([b"<", b"&", b"]]>"])
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=25)
@given(st.sampled_from(sorted(BODIES)), changes)
@pytest.mark.row("P4")
def test_whatever_happens_to_one_feed_the_others_stay_the_same(
    victim: str, changed: list[tuple[float, int, bytes]]
) -> None:
    body = BODIES[victim]
    for where, length, instead in changed:
        at = int(where * len(body))
        body = body[:at] + instead + body[at + length :]
    with tempfile.TemporaryDirectory() as folder:
        alone = run(Path(folder) / "sound.db", BODIES)
        beside = run(Path(folder) / "broken.db", BODIES | {victim: body})

    for key in BODIES:
        if key != victim:
            assert beside[key] == alone[key]
