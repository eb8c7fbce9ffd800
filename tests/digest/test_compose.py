"""Articles to an issue: sections, order, caps, words. Values only."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kommcli import dates, i18n
from kommcli.digest import compose as composer
from kommcli.digest import period
from kommcli.digest.compose import Group, compose
from kommcli.digest.issue import Issue, More, Stale
from kommcli.model import FeedState, Place, Topic
from newsweek import AKTE, DATEN, KI, OZG, PORTAL, SINCE, UNTIL, article, plan, telling


@pytest.fixture(autouse=True)
def _german():
    i18n.use("de")
    yield
    i18n.use("en")


def shape(issue: Issue) -> list[tuple[str, str]]:
    """Titles of the sections with the numbers of their articles."""
    return [
        (section.title, " ".join(str(int(item.id[1:])) for item in section.items))
        for section in issue.sections
    ]


# ------------------------------------------------------------------------------------------ sections


def test_topics_by_weight_and_small_ones_together() -> None:
    found = [
        article(1, AKTE),
        article(2, AKTE),
        article(3, KI),
        article(4, KI),
        article(5, KI),
        article(6, OZG),
        article(7, PORTAL),
        article(8),
    ]

    assert shape(compose(found, plan())) == [
        ("Künstliche Intelligenz", "5 4 3"),
        ("E-Akte", "2 1"),
        ("Weitere Meldungen", "8 7 6"),
    ]


def test_what_is_alone_goes_where_others_are() -> None:
    found = [
        article(1, KI),
        article(2, KI),
        article(3, OZG, KI),
        article(4, PORTAL, DATEN),
        article(5, AKTE, DATEN),
    ]

    assert shape(compose(found, plan())) == [("Künstliche Intelligenz", "3 2 1"), ("Open Data", "5 4")]


def test_inside_a_section_by_weight_then_date() -> None:
    found = [
        article(1, KI, starred=True),
        article(2, KI, also_in=(telling(9, "beta"),)),
        article(3, KI, kind="interview"),
        article(4, KI),
        article(5, KI, teaser=""),
    ]

    assert shape(compose(found, plan())) == [("Künstliche Intelligenz", "1 3 2 4 5")]


def test_own_region_first_events_last() -> None:
    found = [
        article(1, KI),
        article(2, KI),
        article(3, KI),
        article(4, KI, kind="termin"),
        article(5, KI, kind="termin"),
    ]
    issue = compose(found, plan(), home=frozenset({"a0000003", "a0000005"}))

    assert shape(issue) == [
        ("Aus Ihrer Region", "3"),
        ("Künstliche Intelligenz", "2 1"),
        ("Termine", "5 4"),
    ]
    assert [item.home for item in issue.items] == [True, False, False, True, False]


def test_by_state_feed_and_day() -> None:
    found = [
        article(1, states=("DE-BY", "DE-HE")),
        article(2, states=("DE-BY",)),
        article(3, states=("DE-SL",), feed="beta"),
        article(4, states=("DE-HE",), feed="beta"),
        article(30, level="bund"),
        article(31),
    ]

    assert shape(compose(found, plan(group=Group.STATE))) == [
        ("Bayern", "2 1"),
        ("Weitere Länder", "4 3"),
        ("Bund", "30"),
        ("Länderübergreifend", "31"),
    ]
    assert shape(compose(found, plan(group=Group.FEED))) == [("Alpha", "31 30 2 1"), ("Beta", "4 3")]
    assert shape(compose(found, plan(group=Group.DAY))) == [
        ("Montag, 12. Oktober", "4 3 2 1"),
        ("Dienstag, 13. Oktober", "31 30"),
    ]


def test_a_story_names_the_others_once() -> None:
    others = (telling(7, "beta"), telling(8, "gamma"), telling(9, "beta"), telling(6, "alpha"))
    issue = compose([article(1, KI, also_in=others)], plan())

    assert issue.items[0].also_in == ("Beta", "Gamma")
    assert issue.sources == ("Alpha", "Beta", "Gamma")


# --------------------------------------------------------------------------------------------- caps


def test_a_section_that_is_too_long_says_how_to_see_the_rest() -> None:
    found = [article(number, KI) for number in range(9)] + [article(20, AKTE), article(21, AKTE)]
    issue = compose(
        found, plan(most_a_section=7, options=("--state", "BY"), words=("bad nauheim", "OR", "x"))
    )

    assert issue.sections[0].more == More(
        2, "kommcli latest --week 2026-W42 -n 11 --state BY '(' 'bad nauheim' OR x ')' topic:ki"
    )
    assert issue.sections[1].more is None
    assert issue.scope == "--state BY 'bad nauheim' OR x"


@pytest.mark.parametrize(
    ("group", "end"),
    [(Group.STATE, "state:by"), (Group.FEED, "feed:alpha"), (Group.DAY, "since:2026-10-12 until:2026-10-12")],
)
def test_the_command_is_of_the_group(group: Group, end: str) -> None:
    found = [article(number, states=("DE-BY",)) for number in range(3)]
    more = compose(found, plan(most_a_section=1, group=group)).sections[0].more

    assert more is not None
    assert more.command == f"kommcli latest --week 2026-W42 -n 3 {end}"


def test_other_times_and_what_was_not_sent() -> None:
    found = [article(number, KI) for number in range(3)]
    span = {"since": SINCE, "until": SINCE + timedelta(days=3), "most_a_section": 1}
    span_more = compose(found, plan(**span)).sections[0].more
    new_more = compose(found, plan(**span, new=True)).sections[0].more

    assert span_more
    assert span_more.command == "kommcli latest --since 2026-10-12 --until 2026-10-14 -n 3 topic:ki"
    assert new_more
    assert new_more.command.startswith("kommcli digest --new --titles-only ")


@pytest.mark.row("D18")
def test_D18_ten_thousand_articles_are_capped_and_every_section_is_there() -> None:
    topics = [Topic(f"t{number}", f"Thema {number}") for number in range(20)]
    found = [article(number % 160, topics[number % 20], id=f"a{number:07d}") for number in range(10_000)]
    issue = compose(found, plan(most=60, most_a_section=10))

    assert len(issue.sections) == 20
    assert len(issue.items) == 60
    assert sum(section.more.count for section in issue.sections if section.more) == 9_940


def test_more_sections_than_room() -> None:
    found = [article(number % 100, feed=f"f{number // 2}", id=f"a{number:07d}") for number in range(20)]
    issue = compose(found, plan(group=Group.FEED, most=4))

    assert [len(section.items) for section in issue.sections] == [1, 1, 1, 1]
    assert issue.more == More(12, "kommcli latest --week 2026-W42 -n 20")


@pytest.mark.row("D18")
def test_D18_nothing() -> None:
    issue = compose([], plan())

    assert (issue.items, issue.sections) == ((), ())
    assert issue.introduction == ("Für diese Zeit liegen keine Beiträge vor (KW 42).",)


# ------------------------------------------------------------------------------------- determinism


@given(st.integers(0, 2**32), st.sampled_from(list(Group)))
def test_the_order_of_finding_does_not_matter(seed: int, group: Group) -> None:
    rng = random.Random(seed)
    found = [
        article(
            rng.randrange(5),
            *rng.sample([KI, AKTE, OZG, PORTAL, DATEN], rng.randrange(3)),
            id=f"a{number:07d}",
            feed=rng.choice(("alpha", "beta")),
            kind=rng.choice(("", "termin", "interview")),
            states=tuple(rng.sample(("DE-BY", "DE-HE", "DE-SL"), rng.randrange(3))),
        )
        for number in range(rng.randrange(1, 30))
    ]
    mixed = rng.sample(found, len(found))
    first = compose(found, plan(group=group, most=12, most_a_section=4))

    assert compose(mixed, plan(group=group, most=12, most_a_section=4)) == first
    shown = [item.id for item in first.items]
    left = sum(section.more.count for section in first.sections if section.more)
    left += first.more.count if first.more else 0
    assert len(shown) == len(set(shown)) <= 12
    assert len(shown) + left == len(found)


# --------------------------------------------------------------------------------------------- time


@pytest.mark.parametrize(
    ("year", "week", "key", "masthead"),
    [
        (2026, 42, "2026-W42", "KW 42 · 12. bis 18. Oktober 2026"),
        (2020, 53, "2020-W53", "KW 53 · 28. Dezember 2020 bis 3. Januar 2021"),
        (2026, 53, "2026-W53", "KW 53 · 28. Dezember 2026 bis 3. Januar 2027"),
        (2025, 1, "2025-W01", "KW 1 · 30. Dezember 2024 bis 5. Januar 2025"),
        (2026, 13, "2026-W13", "KW 13 · 23. bis 29. März 2026"),
        (2026, 43, "2026-W43", "KW 43 · 19. bis 25. Oktober 2026"),
        (2026, 40, "2026-W40", "KW 40 · 28. September bis 4. Oktober 2026"),
    ],
)
@pytest.mark.row("S18")
def test_S18_weeks_keep_their_names_and_borders(year: int, week: int, key: str, masthead: str) -> None:
    """W13 and W43 of 2026 have 167 and 169 hours."""
    since, until = dates.week_bounds(year, week)
    issue = compose([], plan(since=since, until=until))

    assert (issue.key, issue.masthead) == (key, masthead)
    assert period.time_of(key) == (since, until, False)


@pytest.mark.parametrize("new", [False, True])
def test_keys_of_other_times_lead_back(new: bool) -> None:
    since, until = dates.week_bounds(2026, 42)
    until -= timedelta(days=2)
    key = period.key_of(since, until, new=new)

    assert key == ("new-" if new else "") + "2026-10-12--2026-10-16"
    assert period.time_of(key) == (since, until, new)


@pytest.mark.parametrize(
    "key",
    [
        *("", "2026-W54", "2025-W53", "2026-10-12", "2026-10-16--2026-10-12", "x--y", "٢٠٢٦-W01"),
        *("0001-01-01--0001-01-01", "9999-12-31--9999-12-31", "2026-02-30--2026-03-01"),
    ],
)
def test_what_is_no_key(key: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        period.time_of(key)


# --------------------------------------------------------------------------------- the introduction

TOWN = [Place(name, "municipality", f"0{number}000000", (state,)) for number, (name, state) in enumerate(
    [("Ulm", "DE-BW"), ("Hof", "DE-BY"), ("Trier", "DE-RP")], start=1
)]  # fmt: skip


def test_it_says_what_was_counted() -> None:
    found = [
        article(1, KI, states=("DE-SL",), kicker="Ulm", title="„Wir suchen“", places=(TOWN[0],)),
        article(
            2,
            KI,
            AKTE,
            states=("DE-SL",),
            also_in=(telling(9, "beta"),),
            places=(TOWN[1],),
            title="Das „E“ in Akte",
        ),
        article(3, AKTE, states=("DE-BY",), places=(TOWN[2],)),
        article(4, kind="termin"),
    ]
    issue = compose(found, plan(), home=frozenset({"a0000001"}))
    told = [text.replace("\N{NO-BREAK SPACE}", " ") for text in issue.introduction]

    assert told == [
        "Die Kalenderwoche 42 brachte 4 Beiträge aus 2 Quellen. Über ein Thema berichteten mehrere Quellen. "
        "Die häufigsten Themen waren E-Akte (2) und Künstliche Intelligenz (2). "
        "Die meisten Nachrichten kamen aus dem Saarland (2).",
        "Lesen Sie unter anderem: „Ulm: ‚Wir suchen‘“ und „Das ‚E‘ in Akte“. "
        "Ein Beitrag kommt aus Ihrer Region. Ein Beitrag weist auf einen Termin hin.",
    ]
    assert issue.figure == "3 Städte, Gemeinden und Kreise aus 3 Ländern kommen in den Beiträgen vor."


def test_in_english() -> None:
    i18n.use("en")
    issue = compose([article(1, KI), article(2, KI)], plan())

    assert issue.masthead == "Week 42 · 12 to 18 October 2026"
    assert issue.introduction[0].startswith(
        "Week 42 brought 2 stories from 1 source. The most frequent topic was"
    )
    assert issue.subject == "Wochenbrief: Week 42 (12 to 18 October 2026)"


def test_a_span_is_named_by_its_days() -> None:
    issue = compose([article(1)], plan(until=SINCE + timedelta(days=2)))

    assert issue.subject == "Wochenbrief: 12. bis 13. Oktober 2026"
    assert issue.introduction[0] == "Diese Ausgabe umfasst 1 Beitrag aus 1 Quelle (12. bis 13. Oktober 2026)."


def test_teasers_end_with_a_sentence() -> None:
    long = "Ein Satz über z. B. das Rathaus. " * 20
    issue = compose([article(1, teaser=long.strip()), article(2, teaser="Kurz")], plan())

    assert [item.teaser[-9:] for item in issue.items] == ["Kurz", " Rathaus."]
    assert all(len(item.teaser) <= composer.TEASER for item in issue.items)
    assert [item.teaser for item in compose([article(1)], plan(titles_only=True)).items] == [""]


# ------------------------------------------------------------------------------- sources that are behind

NOW = datetime(2026, 10, 19, 8, tzinfo=UTC)


def state(key: str, hours: float | None, failures: int = 0) -> FeedState:
    """A feed that answered so many hours before the week's end."""
    return FeedState(
        key, last_ok=None if hours is None else UNTIL - timedelta(hours=hours), failures=failures
    )


@pytest.mark.row("D19")
def test_D19_sources_that_are_behind_are_named_with_the_time_they_last_answered() -> None:
    states = [
        state("fine", -1),
        state("late", 30),
        state("failing", 3, failures=2),
        state("failing-now", -2, failures=1),
        state("never", None),
        state("paused", 900),
    ]
    names = {"fine": "Fein", "late": "Spät", "failing": "", "failing-now": "Eben", "never": "Nie"}

    assert composer.stale(states, names, UNTIL) == (
        Stale("failing", UNTIL - timedelta(hours=3)),
        Stale("Nie", None),
        Stale("Spät", UNTIL - timedelta(hours=30)),
    )


def test_a_time_that_is_not_over_has_no_source_that_is_behind() -> None:
    states = [state("one", 50), state("two", 49)]

    assert composer.stale(states, {"one": "1", "two": "2"}, UNTIL) == ()
    assert composer.stale([], {}, UNTIL) == ()


def test_nothing_asks_the_clock() -> None:
    """Same archive, same options, same bytes: the room is pure."""
    folder = Path(composer.__file__).parent
    for name in (
        "compose",
        "period",
        "sheet",
        "introduction",
        "issue",
        "draft",
        "record",
        "mail",
        "journal",
        "forms",
    ):
        source = (folder / f"{name}.py").read_text("utf-8")
        assert "now(" not in source
        assert "random" not in source
