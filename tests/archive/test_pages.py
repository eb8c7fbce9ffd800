"""Pages: stored beside what the feed says, wanted, tried again, and what they are related to."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.newsstand import AUGSBURG, NOW, topics
from archive.pressroom import (
    SITE,
    bring,
    entry,
    feed_row,
    link,
    mention,
    page,
    read,
    ref,
    rows,
    titles,
)
from kommcli import dates
from kommcli.archive import articles, columns, hosts, labels, pages, rethinking
from kommcli.archive.database import transaction
from kommcli.archive.identity import identity
from kommcli.conditions import All, Query, Term, Text
from kommcli.model import (
    Block,
    BlockType,
    Entry,
    Failed,
    Image,
    Link,
    Mention,
    NewArticle,
    Page,
    PageState,
)
from kommcli.query.texts import spellings
from kommcli.together import together

# ----------------------------------------------------------------------------------------- values

texts = st.text(max_size=20)
moments = st.none() | st.datetimes(datetime(1900, 1, 1), datetime(9000, 1, 1), timezones=st.just(UTC)).map(
    lambda moment: moment.replace(microsecond=0)
)
blocks = st.builds(
    Block,
    st.sampled_from(list(BlockType)),
    texts,
    st.lists(st.builds(Link, st.integers(0, 9), st.integers(0, 9), texts), max_size=2).map(tuple),
)
mentions = st.builds(Mention, texts, texts, texts, moments, texts, texts, texts)
some_pages = st.builds(
    Page,
    title=texts,
    kicker=texts,
    url=texts,
    published=moments,
    updated=moments,
    lead=texts,
    body=st.lists(blocks, max_size=3).map(tuple),
    image=st.none() | st.builds(Image, texts, texts, texts, texts),
    topic=texts,
    kind=texts,
    site=texts,
    related=st.lists(mentions, max_size=2).map(tuple),
    reader=texts,
)


@given(some_pages)
def test_a_page_comes_back_from_its_json(one: Page) -> None:
    columns_of = columns.of_page(one)
    related = [columns.of_mention(other) for other in one.related]

    assert columns.page(str(columns_of["page"]), columns_of["blocks"], related) == one  # type: ignore[arg-type]
    assert columns.page(columns.whole_page(one), None) == one
    assert columns.blocks(columns.to_json([columns._block(block) for block in one.body])) == one.body


def test_blocks_are_written_as_before_unless_they_have_links() -> None:
    linked = Block(BlockType.PARAGRAPH, "here", (Link(0, 4, "https://a.example/"),))
    assert columns.of_entry(Entry("", body=(Block(BlockType.LIST, "a\nb"), linked)))["blocks"] == (
        '[["list","a\\nb"],["paragraph","here",[[0,4,"https://a.example/"]]]]'
    )


def test_links_alone_are_no_change(db: sqlite3.Connection) -> None:
    text = "See http://a.example/ here"
    bring(db, entry(1, body=(Block(BlockType.PARAGRAPH, text),)))
    linked = Block(BlockType.PARAGRAPH, text, (Link(4, 21, "http://a.example/"),))

    assert bring(db, entry(1, body=(linked,))) == (0, 0)
    assert bring(db, entry(1, body=(replace(linked, text=text + "!"),))) == (0, 1)
    assert articles.body(db, ref(db, 1))[0].links == linked.links


# ---------------------------------------------------------------------------------------- storing


def test_a_page_is_stored_beside_what_the_feed_says(db: sqlite3.Connection) -> None:
    bring(db, entry(1), entry(2))
    one = ref(db, 1)
    articles.mark(db, [one], read=True)
    articles.mark(db, [one], starred=True)
    keys = "SELECT hash, identity, second FROM articles WHERE ref = ?"
    before = db.execute(keys, (one,)).fetchone()
    told = page(1, mention(2), kicker="Augsburg", image=Image("https://k21.example/i.png"), topic="KI")
    new = NewArticle(together(entry(1), told), "interview", "bund", ("DE-BY",), (AUGSBURG,), topics("ki"))
    assert (pages.state(db, one), pages.page(db, one)) == (None, None)

    with transaction(db):
        pages.store(db, one, told, new, link("answered"), NOW)

    assert pages.page(db, one) == told
    assert pages.state(db, one) == PageState(link("answered"), NOW, NOW)
    (found,) = articles.by_ids(db, [one])
    assert (found.kicker, found.title, found.teaser) == ("Augsburg", "Title 1", "Teaser 1.")
    assert (found.image, found.kind, found.level) == (told.image, "interview", "bund")
    assert (found.states, found.places) == (("DE-BY",), (AUGSBURG,))
    assert (found.read, found.starred) == (True, True)
    assert articles.ids(db, Query(All((Term("state", ("DE-BY",)), Term("topic", ("ki",)))))) == [one]
    assert db.execute(keys, (one,)).fetchone() == before
    assert bring(db, entry(1), entry(2)) == (0, 0)


def test_the_body_is_the_page_s_and_the_feed_s_is_kept(db: sqlite3.Connection) -> None:
    bring(db, entry(1), entry(2))
    told = read(db, 1)
    read(db, 2, body=())

    assert articles.body(db, ref(db, 1)) == told.body
    assert articles.body(db, ref(db, 2)) == entry(2).body
    assert [one.body for _row, _key, one in rethinking.entries(db)] == [entry(2).body, told.body]
    assert rethinking.entry(db, ref(db, 1))[1].body == told.body  # type: ignore[index]
    assert rows(db, "bodies", "pages") == [2, 2]


def test_rethinking_loses_nothing_of_a_page(db: sqlite3.Connection) -> None:
    bring(db, entry(1))
    one, told = ref(db, 1), page(1, mention(7), kicker="Augsburg", topic="KI", kind="interview")
    merged = together(entry(1), told)
    with transaction(db):
        pages.store(db, one, told, NewArticle(merged), link(1), NOW)
    ((row, _key, stored),) = rethinking.entries(db)
    assert stored == merged
    assert together(stored, told) == merged

    with transaction(db):
        assert rethinking.restate(db, row, NewArticle(stored, states=("DE-BY",)))
    assert [stored] == [one for _row, _key, one in rethinking.entries(db)]
    assert pages.page(db, one) == told


def test_a_date_that_only_the_page_tells_moves_the_article_with_all_it_has(db: sqlite3.Connection) -> None:
    bring(db, entry(1, published=None), entry(2))
    one = ref(db, 1)
    read(db, 1, mention(9))  # entry(1) has its date again
    earlier = replace(entry(1), published=NOW - timedelta(days=3))
    with transaction(db):
        pages.store(db, one, page(1, mention(9)), NewArticle(earlier), link(1), NOW)

    assert articles.ids(db, Query()) == [ref(db, 2), one]
    assert titles(pages.related(db, one)) == ["Title 9"]
    assert articles.resolve(db, link(1)) == [one]
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    assert rows(db, "pages", "mentions", "bodies") == [1, 1, 2]


def test_a_page_that_is_read_again_replaces_the_first(db: sqlite3.Connection) -> None:
    bring(db, entry(1))
    read(db, 1, mention(5), mention(6), mention(7))
    told = read(db, 1, mention(7), mention(5))

    assert pages.page(db, ref(db, 1)) == told
    assert titles(pages.related(db, ref(db, 1))) == ["Title 7", "Title 5"]


def test_an_article_that_is_gone_gets_no_page(db: sqlite3.Connection) -> None:
    before = list(db.iterdump())
    with transaction(db):
        pages.store(db, "nothing", page(1), NewArticle(entry(1)), link(1), NOW)
        pages.record_failure(db, "nothing", Failed("article.gone"), NOW)
    assert list(db.iterdump()) == before
    assert pages.related(db, "nothing") == []


def test_an_interrupted_transaction_leaves_nothing(db: sqlite3.Connection) -> None:
    bring(db, entry(1))
    read(db, 1, mention(8))
    stub = pages.related(db, ref(db, 1))[0].id
    before = list(db.iterdump())

    def all_of_it() -> None:
        with transaction(db):
            pages.store(db, ref(db, 1), page(1, mention(9)), NewArticle(entry(1)), link("b"), NOW)
            pages.keep(db, NewArticle(Entry("Kept", link=link("kept"))), Page("Kept", url=link("kept")), NOW)
            row = feed_row(db)
            articles.store(db, row, "x", [NewArticle(entry(8)), NewArticle(entry(9))], NOW, wanted=True)
            hosts.put(db, "k21.example", hosts.HostRow("", NOW, 1.5))
            assert articles.resolve(db, stub) == [ref(db, 8)]
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        all_of_it()
    assert list(db.iterdump()) == before


# ------------------------------------------------------------------------------- known to the feed


def test_pages_that_are_known_when_the_feed_changes_an_article(db: sqlite3.Connection) -> None:
    bring(db, *(entry(n) for n in range(4)))
    told = read(db, 1, mention(2))

    found = pages.known(db, feed_row(db), [entry(n) for n in range(5)])
    assert found == {"g:guid-1": replace(told, related=())}
    assert pages.known(db, feed_row(db), [entry(1, guid="new-at-every-visit")]) == {
        "g:new-at-every-visit": replace(told, related=())
    }
    assert pages.known(db, feed_row(db, "b"), [entry(1)]) == {}
    assert pages.known(db, feed_row(db), []) == {}


def test_a_link_of_several_entries_gives_none_of_them_the_other_s_page(db: sqlite3.Connection) -> None:
    live = [entry(n, link=link("live")) for n in range(3)]
    bring(db, *live)
    read(db, 0, url=link("live"), answered=link("live"))

    assert list(pages.known(db, feed_row(db), live)) == ["g:guid-0"]
    assert list(pages.known(db, feed_row(db), [*live, entry(9, link=link("live"))])) == ["g:guid-0"]


def test_a_changed_article_keeps_what_its_page_says(db: sqlite3.Connection) -> None:
    bring(db, entry(1))
    told = page(1, mention(5), kicker="Augsburg")
    one = ref(db, 1)
    with transaction(db):
        pages.store(db, one, told, NewArticle(together(entry(1), told)), link(1), NOW)

    changed = entry(1, teaser="Another.", body=(Block(BlockType.PARAGRAPH, "Other."),))
    again = pages.known(db, feed_row(db), [changed])[identity(changed)]
    merged = NewArticle(together(changed, again), states=("DE-BY",), said=changed)
    assert bring(db, merged) == (0, 1)
    assert bring(db, merged) == bring(db, changed) == (0, 0)

    (found,) = articles.by_ids(db, [one])
    assert (found.kicker, found.teaser, found.states) == ("Augsburg", "Another.", ("DE-BY",))
    assert articles.body(db, one) == told.body
    assert pages.page(db, one) == told
    assert db.execute("SELECT blocks FROM bodies").fetchall() == [('[["paragraph","Other."]]',)]


# ------------------------------------------------------------------------------------------ wanted

RETRYABLE = {"net.timeout", "http.server"}


def wanted(db: sqlite3.Connection, hours: float = 0) -> list[str]:
    found = pages.wanted(db, NOW + timedelta(hours=hours), RETRYABLE)
    return [articles.by_ids(db, [one.ref])[0].title[6:] for one in found]


def fail(db: sqlite3.Connection, number: int, code: str = "net.timeout", hours: float = 0) -> None:
    with transaction(db):
        pages.record_failure(db, ref(db, number), Failed(code, "why", 503), NOW + timedelta(hours=hours))


def test_pages_of_new_articles_are_wanted_newest_first(db: sqlite3.Connection) -> None:
    bring(db, entry(9))
    bring(db, entry(2), entry(1), entry(3, link=""), entry(9), wanted=True)
    bring(db, entry(9, title="Title 9!"), wanted=True)

    assert wanted(db) == ["1", "2"]
    assert pages.state(db, ref(db, 1)) == PageState()
    assert pages.wanted(db, NOW, ())[0] == (ref(db, 1), link(1), "a")
    read(db, 1)
    assert wanted(db) == ["2"]


def test_failures_are_tried_again_later_and_later(db: sqlite3.Connection) -> None:
    bring(db, *(entry(n) for n in range(4)), wanted=True)
    fail(db, 0)
    fail(db, 1, "article.gone")
    fail(db, 2, hours=-1)
    assert pages.state(db, ref(db, 0)) == PageState("", NOW, None, 1, "net.timeout", "why", 503)

    assert wanted(db) == ["3"]
    assert wanted(db, 1) == ["3", "2"]  # never tried, then the one that waits the longest
    assert wanted(db, 2) == ["3", "2", "0"]
    assert wanted(db, -5) == ["3", "2", "0"]  # a clock that was set back

    hours, waits = 0.0, []
    for _try in range(6):
        wait = next(wait for wait in range(1, 99) if "0" in wanted(db, hours + wait))
        waits.append(wait)
        hours += wait
        fail(db, 0, hours=hours)
        if pages.state(db, ref(db, 0)).tries == pages.MOST_TRIES:  # type: ignore[union-attr]
            break
    assert waits == [2, 4, 8, 16, 24]
    assert "0" not in wanted(db, 9_999)


def test_a_failure_does_not_take_the_page_that_was_read(db: sqlite3.Connection) -> None:
    bring(db, entry(1), wanted=True)
    fail(db, 1)
    told = read(db, 1)
    assert pages.state(db, ref(db, 1)) == PageState(link(1), NOW, NOW)

    fail(db, 1, "http.server", 3)
    state = pages.state(db, ref(db, 1))
    assert state == PageState(link(1), NOW + timedelta(hours=3), NOW, 1, "http.server", "why", 503)
    assert pages.page(db, ref(db, 1)) == told
    assert wanted(db, 9) == []


def test_missing_pages_of_a_query(db: sqlite3.Connection) -> None:
    bring(db, *(NewArticle(entry(n), states=("DE-BY",) if n % 2 else ()) for n in range(6)))
    bring(db, NewArticle(entry(7), states=("DE-BY",)), key="b")
    bring(db, NewArticle(entry(8, link=""), states=("DE-BY",)))
    read(db, 3)
    fail(db, 5)

    def missing(query: Query, keys: list[str] | None = None) -> list[str]:
        return [one.url for one in pages.missing(db, query, keys)]

    bavaria = All((Term("state", ("DE-BY",)),))
    read(db, 1)  # is understood as about nothing
    assert missing(Query(bavaria, limit=0)) == [link(5), link(7)]
    assert missing(Query(bavaria, limit=0), ["b"]) == missing(Query(bavaria, limit=1), ["b"]) == [link(7)]
    assert missing(Query(bavaria, limit=0), []) == []
    assert missing(Query(limit=2)) == [link(0), link(2)]
    assert missing(Query(All((Text(spellings("title 4")),)), limit=0), ["a"]) == [link(4)]


# ----------------------------------------------------------------------------------------- related


def test_related_articles_in_the_page_s_order(db: sqlite3.Connection) -> None:
    bring(db, entry(1), entry(2, title="Own words", kicker="Augsburg"))
    bring(db, entry(3, guid=f"{SITE}/?p=33", title="Köln: Inside"), key="b")
    day = dates.utc(datetime(2026, 10, 16))
    bring(db, entry(4, link="", title="On paper"), key="b")
    read(
        db,
        1,
        mention("new", teaser="Teaser.", alt="Alt"),
        replace(mention(2), kicker="Ulm", teaser="T.", kind="bericht"),
        Mention("Inside", "Köln", f"{SITE}/?p=33&post_type=x"),
        mention(1),
        Mention("On Paper", published=day),
        Mention("Unheard of", published=day),
    )

    new, two, three, paper, unheard = pages.related(db, ref(db, 1))
    assert (new.archived, new.mention) == (False, mention("new", teaser="Teaser.", alt="Alt"))
    assert new.id
    assert (two.archived, two.id) == (True, articles.resolve(db, link(2))[0])
    assert two.mention == Mention("Own words", "Augsburg", link(2), None, "T.", "bericht")
    assert (three.mention.title, three.mention.kicker, three.archived) == ("Köln: Inside", "", True)
    assert (paper.archived, paper.mention.title, paper.mention.published) == (True, "On paper", day)
    assert (unheard.archived, bool(unheard.id)) == (False, True)
    assert {one.source for one in (new, two, three, paper, unheard)} == {"page"}


def test_an_article_is_not_related_to_its_twin_in_another_feed(db: sqlite3.Connection) -> None:
    day = dates.utc(datetime(2026, 10, 16))
    bring(db, entry(1))
    bring(db, entry(1, published=NOW), key="b")
    read(db, 1, mention(1), Mention("Title 1", published=day), mention(2))

    assert titles(pages.related(db, ref(db, 1))) == ["Title 2"]
    assert rows(db, "stubs") == [1]


def test_what_a_page_names_that_is_not_stored(db: sqlite3.Connection) -> None:
    bring(db, entry(1), entry(2))
    read(db, 2, mention("short"))

    one, short, nothing = pages.resolved(db, [mention(1), mention("short"), mention("nothing")])
    assert (one.id, one.archived) == (ref(db, 1), True)
    assert (short.id, short.archived) == (pages.related(db, ref(db, 2))[0].id, False)
    assert (nothing.id, nothing.archived) == ("", False)
    assert rows(db, "stubs") == [1]


def test_lists_do_not_read_pages(db: sqlite3.Connection) -> None:
    bring(db, entry(1))
    read(db, 1, mention(2))
    seen: list[str] = []
    db.set_trace_callback(seen.append)
    assert [one.title for one in articles.select(db, Query())] == ["Title 1"]
    assert labels.complete(db, "kind", "") == [("none", "")]
    db.set_trace_callback(None)
    assert not any(table in sql for sql in seen for table in ("pages", "stubs", "mentions", "addresses"))


# ------------------------------------------------------------------------------------------- hosts


def test_hosts_are_remembered(db: sqlite3.Connection) -> None:
    assert hosts.get(db, "k21.example") is None
    for row in (hosts.HostRow(None, None, 0.0), hosts.HostRow("User-agent: *\n", NOW, 1_760_605_200.25)):
        hosts.put(db, "k21.example", row)
        assert hosts.get(db, "k21.example") == row
    assert hosts.get(db, "other.example") is None
