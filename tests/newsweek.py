"""A week of articles for the tests of composing, and whatever hypothesis makes of an issue."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from kommcli import dates, i18n
from kommcli.digest.compose import Plan
from kommcli.digest.issue import HOME, OTHERS, Issue, Item, More, Section, Stale
from kommcli.model import Article, Source, Telling, Topic
from readings import addresses, lines

SINCE, UNTIL = dates.week_bounds(2026, 42)
KI, AKTE, OZG = Topic("ki", "Künstliche Intelligenz"), Topic("e-akte", "E-Akte"), Topic("ozg", "Onlinezugang")
PORTAL, DATEN = Topic("portale", "Portale"), Topic("open-data", "Open Data")


def article(number: int, *topics: Topic, feed: str = "alpha", **facts: Any) -> Article:
    """Article ``number`` of the week, an hour younger than the one before it."""
    at = facts.pop("published", SINCE + timedelta(hours=number))
    values = {
        "id": f"a{number:07d}",
        "title": f"Titel {number}",
        "source": Source(feed, feed.capitalize(), f"https://{feed}.example/feed"),
        "published": at,
        "first_seen": at,
        "url": f"https://{feed}.example/{number}",
        "teaser": f"Der Anreißer von {number}.",
        "topics": topics,
    }
    return Article(**(values | facts))


def telling(number: int, feed: str) -> Telling:
    """Another source of the same story."""
    return Telling(f"t{number:07d}", Source(feed, feed.capitalize(), f"https://{feed}.example/feed"))


def plan(**facts: Any) -> Plan:
    """A plan of the week of `SINCE`."""
    return Plan(**({"since": SINCE, "until": UNTIL, "name": "Wochenbrief"} | facts))


# ------------------------------------------------------------------------------------ of any shape

words = lines.filter(bool)
moments = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(
    lambda moment: moment.replace(microsecond=0)
)
ids = st.text("abcdefghjkmnpqrstvwxyz0123456789", min_size=7, max_size=9).map("k".__add__)


def items(own: bool = True) -> st.SearchStrategy[Item]:
    """Articles of every kind, and texts of the editor's own."""
    articles = st.builds(
        Item,
        id=ids,
        title=words,
        kicker=st.one_of(st.just(""), words),
        published=st.one_of(st.none(), moments),
        teaser=lines,
        url=addresses.filter(lambda url: url.startswith(("http", "java")) or not url),
        source=lines,
        also_in=st.lists(words, max_size=2).map(tuple),
        edited=st.booleans(),
        sent_in=st.integers(0, 3),
    )
    texts = st.builds(Item, id=st.just(""), teaser=words)
    return st.one_of(articles, texts) if own else articles


sections = st.builds(
    Section,
    key=st.sampled_from(["ki", "e-akte", HOME, OTHERS, "2026-10-12"]),
    title=words,
    items=st.lists(items(), min_size=1, max_size=4).map(tuple),
    more=st.one_of(st.none(), st.builds(More, st.integers(1, 99), st.just("kommcli latest 'a b' -n 3"))),
)


def _unique(found: Issue) -> bool:
    known = [item.id for item in found.items]
    return len(known) == len(set(known))


issues = st.builds(
    Issue,
    key=st.just("2026-W42"),
    name=words,
    subject=words,
    language=st.just("de"),
    since=st.just(SINCE),
    until=st.just(UNTIL),
    week=st.just("KW 42"),
    period=st.just("12. bis 18. Oktober 2026"),
    salutation=lines,
    introduction=st.lists(words, max_size=3).map(tuple),
    figure=lines,
    closing=lines,
    signature=lines,
    sections=st.lists(sections, max_size=4).map(tuple),
    more=st.one_of(st.none(), st.just(More(7, ""))),
    stale=st.lists(st.builds(Stale, words, st.one_of(st.none(), moments)), max_size=2).map(tuple),
    number=st.integers(0, 99),
).filter(_unique)


def german() -> Any:
    """Speak German in a test."""
    i18n.use("de")
    yield
    i18n.use("en")
