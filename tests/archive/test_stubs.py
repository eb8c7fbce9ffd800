"""Short entries and kept pages, and how an article gets them when a feed brings it."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.newsstand import NOW, PLACES
from archive.pressroom import SITE, bring, entry, feed_row, link, mention, page, read, ref, rows, titles
from kommcli import dates
from kommcli.archive import articles, feeds, labels, pages, stubs
from kommcli.archive.adopting import SAVED, SAVED_URL
from kommcli.archive.database import transaction
from kommcli.archive.identity import identity, short_ids
from kommcli.archive.schema import migrate
from kommcli.conditions import All, Query, Term
from kommcli.model import Entry, Failed, Feed, Mention, NewArticle, Page, PageState, Source
from kommcli.together import alone, together

DAY = dates.utc(datetime(2026, 10, 16))


def short(db: sqlite3.Connection, found: Mention, by: int = 1) -> str:
    """The id of the short entry that the page of an article makes of ``found``."""
    bring(db, entry(by))
    read(db, by, found)
    return pages.related(db, ref(db, by))[0].id


def keep(db: sqlite3.Connection, told: Page, now: datetime = NOW) -> str:
    with transaction(db):
        return pages.keep(db, NewArticle(alone(told), states=("DE-BY",)), told, now)


def read_short(db: sqlite3.Connection, one: str, told: Page, answered: str = "") -> None:
    with transaction(db):
        stubs.store_page(db, one, told, answered or told.url, NOW + timedelta(hours=1))


# ---------------------------------------------------------------------------------- short entries


def test_a_short_entry_is_what_a_page_said_of_it(db: sqlite3.Connection) -> None:
    said = Mention("Kurz", "Ulm", link("kurz"), DAY, "Teaser.", "bericht", "Alt")
    one = short(db, said)

    assert stubs.find(db, one) == stubs.Stub(
        one, said, Source("a", "a", "https://a.example/feed"), NOW, PageState(), None
    )
    assert stubs.find(db, one, {"a": "Press"}).source.title == "Press"  # type: ignore[union-attr]
    assert stubs.find(db, ref(db, 1)) is stubs.find(db, "nothing") is None
    assert one == short_ids("stub:", "l:" + link("kurz").removeprefix("https://www.").rstrip("/"))[0]


def test_no_list_or_count_meets_it(db: sqlite3.Connection) -> None:
    one = short(db, mention("kurz"))

    assert articles.ids(db, Query(limit=0)) == [ref(db, 1)]
    assert articles.by_ids(db, [one]) == []
    assert articles.body(db, one) == ()
    assert feeds.states(db)["a"].articles == 1
    assert articles.mark(db, [one], starred=True) == 0
    assert pages.state(db, one) is None


def test_it_is_found_by_id_and_address(db: sqlite3.Connection) -> None:
    one = short(db, Mention("Alt", url=f"{SITE}/meldung_26576_Starke+L%C3%B6sung.html"))

    assert articles.resolve(db, one) == articles.resolve(db, one[:5].upper()) == [one]
    assert articles.resolve(db, f"{SITE}/meldung_26576_x.pdf") == [one]
    assert articles.resolve(db, f"{SITE}/meldung_26577_x.pdf") == articles.resolve(db, SITE) == []


def test_two_pages_that_name_it_make_one(db: sqlite3.Connection) -> None:
    one = short(db, mention("kurz", teaser="Teaser.", alt="Alt"))
    assert short(db, mention("kurz", kicker="Ulm", teaser="New."), by=2) == one

    assert stubs.find(db, one).mention == mention("kurz", kicker="Ulm", teaser="New.", alt="Alt")  # type: ignore[union-attr]
    on_paper = Mention("Auf Papier", "Ulm", "", DAY)
    assert short(db, on_paper, by=3) == short(db, replace(on_paper, title="AUF PAPIER"), by=4)
    assert rows(db, "stubs") == [2]


def test_its_own_page_and_failures(db: sqlite3.Connection) -> None:
    one = short(db, mention("kurz"))
    for tries in (1, 2):
        with transaction(db):
            stubs.record_failure(db, one, Failed("net.timeout", "why", 504), NOW)
        found = stubs.find(db, one)
        assert found
        assert found.state == PageState("", NOW, None, tries, "net.timeout", "why", 504)

    told = page(5, mention("other"), mention(1), url=link("kurz"))
    read_short(db, one, told, link("answered"))
    found = stubs.find(db, one)
    assert found
    hour = NOW + timedelta(hours=1)
    assert (found.page, found.state) == (told, PageState(link("answered"), hour, hour))
    other, known = pages.resolved(db, told.related)
    assert (known.id, stubs.find(db, other.id).mention) == (ref(db, 1), mention("other"))  # type: ignore[union-attr]

    with transaction(db):
        stubs.record_failure(db, one, Failed("article.gone"), hour)
        stubs.store_page(db, "nothing", told, "", NOW)
    assert stubs.find(db, one).page == told  # type: ignore[union-attr]


# --------------------------------------------------------------------------------------- adoption


def test_a_feed_that_brings_it_gets_page_edges_and_id(db: sqlite3.Connection) -> None:
    one = short(db, mention("kurz"))
    told = page(5, mention("other"), mention(1), url=link("canonical"))
    read_short(db, one, told, link("answered"))
    own = entry(5, link=link("kurz"))
    assert pages.known(db, feed_row(db, "b"), [own]) == {identity(own): told}

    merged = NewArticle(together(own, told), said=own)
    assert bring(db, merged, key="b", wanted=True) == (1, 0)

    new = ref(db, 5, "b")
    assert articles.resolve(db, one) == articles.resolve(db, one[:6]) == [new] != [one]
    assert stubs.find(db, one) is None
    assert pages.page(db, new) == told
    hour = NOW + timedelta(hours=1)
    assert pages.state(db, new) == PageState(link("answered"), hour, hour)
    assert articles.body(db, new) == told.body
    assert [(two.id != "", two.archived) for two in pages.related(db, new)] == [(True, False), (True, True)]
    assert pages.related(db, ref(db, 1))[0].id == new
    for url in (link("kurz"), link("canonical"), link("answered")):
        assert articles.resolve(db, url) == [new]
    assert pages.wanted(db, NOW, ()) == []
    assert bring(db, own, key="b") == (0, 0)


@pytest.mark.parametrize(
    ("named", "brought"),
    [
        (f"{SITE}/?p=7", f"{SITE}/?p=7&post_type=k21-meldungen"),
        (f"{SITE}/meldung_26576_A.html", f"{SITE}/meldung_26576_A.pdf"),
        (f"{SITE}/k21-meldungen/x", "http://k21.example/k21-meldungen/x/"),
    ],
)
def test_another_form_of_its_address_is_enough(db: sqlite3.Connection, named: str, brought: str) -> None:
    one = short(db, Mention("x", url=named))
    bring(db, entry(5, link="", guid=brought))

    assert articles.resolve(db, one) == [ref(db, 5)]
    assert rows(db, "stubs", "pages") == [0, 1]  # nothing was read, so its page is wanted by nobody yet


def test_one_from_paper_is_known_by_headline_and_day(db: sqlite3.Connection) -> None:
    one = short(db, Mention("Auf Papier", "Ulm", "", DAY))
    undated = short(db, Mention("Interview"), by=2)
    bring(
        db,
        entry(5, title="Auf Papier", kicker="ULM", published=NOW + timedelta(hours=-2)),
        entry(6, title="Interview", published=None),
    )

    assert articles.resolve(db, one) == [articles.resolve(db, link(5))[0]]
    assert articles.resolve(db, undated) == [undated]


def test_a_link_that_several_entries_share_adopts_nothing(db: sqlite3.Connection) -> None:
    one = short(db, mention("live"))
    read_short(db, one, page(9, url=link("live")))
    live = [entry(n, link=link("live")) for n in (5, 6)]
    bring(db, *live)

    assert articles.resolve(db, one) == [one]
    assert rows(db, "pages") == [1]
    assert pages.known(db, feed_row(db), live) == {}


def test_an_address_that_the_page_tells_adopts_too(db: sqlite3.Connection) -> None:
    """The feed knows ?p=2, another page names the slug, and only its own page tells that both are one."""
    bring(db, entry(2, link=f"{SITE}/?p=2"))
    one = short(db, mention("slug"))
    read_short(db, one, page(9, url=link("slug"), lead="older"))
    told = read(db, 2, url=link("slug"), answered=link("slug"))

    assert articles.resolve(db, one) == [ref(db, 2)]
    assert pages.page(db, ref(db, 2)) == told
    assert rows(db, "stubs") == [0]


def test_the_new_link_of_a_changed_article_adopts_too(db: sqlite3.Connection) -> None:
    bring(db, entry(2, link=""), wanted=True)
    one = short(db, mention("slug"))
    told = page(9, url=link("slug"))
    read_short(db, one, told)
    assert bring(db, entry(2, link=link("slug"))) == (0, 1)

    assert articles.resolve(db, one) == [ref(db, 2)]
    assert pages.page(db, ref(db, 2)) == told


def test_an_old_id_is_given_to_nobody_else(db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    one = short(db, mention("kurz"))
    bring(db, entry(5, link=link("kurz")))
    monkeypatch.setattr(stubs, "short_ids", lambda _url, _key: (one, ref(db, 5), one + "x"))
    bring(db, entry(6))

    assert ref(db, 6) == one + "x"


# ------------------------------------------------------------------------------------- kept pages


def test_a_kept_page_is_an_article_of_its_own(db: sqlite3.Connection) -> None:
    told = page(5, mention("other"), published=NOW - timedelta(days=2), kicker="Ulm")
    one = keep(db, told)

    assert one == short_ids(SAVED_URL, identity(alone(told)))[0]
    (found,) = articles.select(db, Query(All((Term("feed", (SAVED,)), Term("state", ("DE-BY",))))))
    assert (found.id, found.title, found.kicker, found.teaser) == (one, "Title 5", "Ulm", "Lead 5.")
    assert (found.source.key, found.source.url) == (SAVED, SAVED_URL)
    assert articles.body(db, one) == told.body
    assert pages.page(db, one) == told
    assert articles.resolve(db, link(5)) == [one]


def test_kept_twice_is_kept_once(db: sqlite3.Connection) -> None:
    on_paper = Page("On paper", lead="Lead.", published=DAY)
    one, two = keep(db, page(5)), keep(db, on_paper)
    articles.mark(db, [one], starred=True)
    changed = page(5, mention("other"), lead="Another lead.")

    assert keep(db, changed, NOW + timedelta(days=1)) == one
    assert keep(db, on_paper) == two
    assert pages.page(db, one) == changed
    (found,) = articles.by_ids(db, [one])
    assert (found.teaser, found.starred, found.first_seen) == ("Another lead.", True, NOW)
    assert rows(db, "articles", "pages", "bodies") == [2, 2, 2]


def test_a_kept_page_of_a_known_article_belongs_to_it(db: sqlite3.Connection) -> None:
    bring(db, NewArticle(entry(5, author="Redaktion", kicker="Ulm"), states=("DE-HE",)))
    before = articles.by_ids(db, [ref(db, 5)])
    told = page(5, mention("other"), published=NOW - timedelta(days=2))

    assert keep(db, told) == ref(db, 5)
    assert pages.page(db, ref(db, 5)) == told
    assert articles.by_ids(db, [ref(db, 5)]) == before
    assert db.execute("SELECT author FROM articles").fetchall() == [("Redaktion",)]
    assert SAVED not in feeds.states(db)


def test_a_kept_page_adopts_its_short_entry(db: sqlite3.Connection) -> None:
    short_one = short(db, mention(5))
    read_short(db, short_one, page(5, lead="older"))
    told = page(5)
    one = keep(db, told)

    assert articles.resolve(db, short_one) == [one]
    assert pages.page(db, one) == told


def test_the_feed_of_a_kept_page_gets_all_of_it(db: sqlite3.Connection) -> None:
    told = page(5, mention("other"), url=link("kept"))
    short_one = short(db, mention("kept"))
    kept = keep(db, told)
    articles.mark(db, [kept], read=True)
    articles.mark(db, [kept], starred=True)
    own = entry(5, link=link("kept"))
    assert pages.known(db, feed_row(db), [own]) == {identity(own): replace(told, related=())}

    bring(db, NewArticle(together(own, told), said=own), wanted=True)

    new = ref(db, 5)
    assert new != kept
    for old in (kept, short_one, link("kept")):
        assert articles.resolve(db, old) == [new]
    (found,) = articles.by_ids(db, [new])
    assert (found.read, found.starred) == (True, True)
    assert pages.page(db, new) == told
    assert titles(pages.related(db, new)) == ["Title other"]
    assert feeds.states(db)[SAVED].articles == 0
    assert labels.complete(db, "state", "") == [("none", "")]
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    assert pages.wanted(db, NOW, ()) == []
    assert keep(db, told) == new


def test_a_page_of_its_own_is_not_replaced_by_a_kept_one(db: sqlite3.Connection) -> None:
    bring(db, entry(2, link=f"{SITE}/?p=2"))
    kept = keep(db, page(9, mention("old"), url=link("slug")))
    articles.mark(db, [kept], starred=True)
    told = read(db, 2, mention("new"), url=link("slug"), answered=link("slug"))

    assert articles.resolve(db, kept) == [ref(db, 2)]
    assert pages.page(db, ref(db, 2)) == told
    assert articles.by_ids(db, [ref(db, 2)])[0].starred
    assert rows(db, "articles", "pages", "mentions") == [1, 1, 1]


def test_a_user_s_own_feed_called_saved_loses_nothing(db: sqlite3.Connection) -> None:
    bring(db, entry(5), key=SAVED)
    bring(db, entry(5))

    assert len(articles.ids(db, Query())) == 2
    assert rows(db, "refs") == [0]


# ------------------------------------------------------------------------------------ in any order

urls = st.sampled_from(["", *map(link, "abc"), f"{SITE}/?p=1", f"{SITE}/?p=1&post_type=x"])
some_mentions = st.builds(Mention, st.sampled_from("ABC"), url=urls, published=st.sampled_from([None, DAY]))
told_pages = st.builds(
    Page,
    st.sampled_from("ABC"),
    url=urls,
    lead=st.sampled_from(["", "x"]),
    related=st.lists(some_mentions, max_size=3).map(tuple),
)
entries = st.builds(
    Entry,
    st.sampled_from("ABC"),
    guid=st.sampled_from(["", "1", "2", f"{SITE}/?p=1"]),
    link=urls,
    published=st.sampled_from([None, NOW]),
)
actions = st.one_of(
    st.tuples(st.just("bring"), st.lists(entries, max_size=3), st.sampled_from("ab")),
    st.tuples(st.just("keep"), told_pages, st.just("")),
    st.tuples(st.just("read"), told_pages, urls),
)


@given(st.lists(actions, max_size=8))
def test_nothing_dangles_whatever_comes_in_whatever_order(todo: list[tuple[str, object, str]]) -> None:
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.execute("PRAGMA foreign_keys = ON")
    migrate(db)
    ids: set[str] = set()
    for what, value, where in todo:
        refs = [one for (one,) in db.execute("SELECT ref FROM articles UNION ALL SELECT ref FROM stubs")]
        if what == "bring":
            bring_as_refresh(db, value, where)  # type: ignore[arg-type]
        elif what == "keep":
            keep(db, value)  # type: ignore[arg-type]
        elif refs:
            read_any(db, refs[len(todo) % len(refs)], value, where)  # type: ignore[arg-type]
        ids |= {one for (one,) in db.execute("SELECT ref FROM articles UNION ALL SELECT ref FROM stubs")}

        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert db.execute("SELECT count(*) FROM articles").fetchone() == (rows(db, "bodies")[0],)
        for one in ids:  # an id that was ever given leads somewhere
            (now,) = articles.resolve(db, one)
            assert articles.by_ids(db, [now]) or stubs.find(db, now)
            for other in pages.related(db, now):
                assert other.id != now
                assert other.id or not other.mention.url
        for (second,) in db.execute("SELECT second FROM stubs WHERE second LIKE 'l:%'"):
            assert articles.resolve(db, "https://" + second[2:])
    db.close()


def bring_as_refresh(db: sqlite3.Connection, some: list[Entry], key: str) -> None:
    known = pages.known(db, feed_row(db, key), some)
    new = [
        NewArticle(together(one, told), said=one) if (told := known.get(identity(one))) else NewArticle(one)
        for one in some
    ]
    bring(db, *new, key=key)
    assert bring(db, *new, key=key).new == 0


def read_any(db: sqlite3.Connection, one: str, told: Page, answered: str) -> None:
    with transaction(db):
        if stubs.find(db, one):
            stubs.store_page(db, one, told, answered, NOW)
        else:
            pages.store(db, one, told, NewArticle(alone(told), places=PLACES[:1]), answered, NOW)
    found = stubs.find(db, one)
    assert (found.page if found else pages.page(db, one)) == told


def test_the_feed_of_kept_pages_is_made_once(db: sqlite3.Connection) -> None:
    keep(db, page(1))
    keep(db, page(2))
    assert db.execute("SELECT key, url, title FROM feeds").fetchall() == [(SAVED, SAVED_URL, "Saved pages")]
    assert feeds.rowid(db, Feed(SAVED, SAVED_URL)) == 1
