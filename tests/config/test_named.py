"""Home, views, places and topics: read, refused, written out and read again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from kommcli.conditions import All, AnyOf, Span, Term
from kommcli.config.example import as_toml
from kommcli.config.load import Config, Home, parse
from kommcli.config.named import find
from kommcli.errors import ConfigError
from kommcli.query import Known, build

FILE = Path("/home/user/config.toml")


def check(text: str) -> Config:
    return parse(text, FILE)


def problems(text: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        check(text)
    return caught.value.problems


def view(text: str) -> str:
    (found,) = check(text).views.values()
    return found


def test_without_them_all_are_empty() -> None:
    config = check("limit = 5\n")

    assert config.home == Home((), ())
    assert (config.views, config.place_aliases, config.place_ignored, config.topics) == ({}, {}, (), {})


# ------------------------------------------------------------------------------------------------ home


@pytest.mark.parametrize(
    "text",
    [
        'home = { states = ["BY", "bayern", "nrw"], places = ["Bad Nauheim"] }',
        'home.states = ["Bavaria", "DE-NW"]\nhome.places = "Bad Nauheim"',
        '[home]\nstates = "by, NW"\nplaces = ["Bad Nauheim"]',
    ],
)
def test_home_in_every_layout_and_spelling(text: str) -> None:
    assert check(text).home == Home(("DE-BY", "DE-NW"), ("Bad Nauheim",))


def test_home_told_wrong() -> None:
    found = problems('limit = 5\nhome = { state = "BY", states = ["Atlantis"], places = 3 }\n')

    assert all(problem.startswith(f"{FILE}:2: ") for problem in found)
    assert [problem.split("]. ")[1] for problem in found] == [
        'Did you mean "states"?',
        'A text or a list of texts such as ["ki", "ozg"] is wanted.',
        'A federal state such as "BY" or "Bayern" is wanted.',
    ]


# ----------------------------------------------------------------------------------------------- views


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ('[views]\nki = "thema:ki land:by seit:7d"', "thema:ki land:by seit:7d"),
        ('[views.ki]\nquery = "thema:ki"', "thema:ki"),
        ('views.ki = "thema:ki"', "thema:ki"),
        ('views.ki.topic = "ki"', "topic:ki"),
        ('views = { ki = { topic = ["ki", "ozg"], since = "7d" } }', "topic:ki, ozg since:7d"),
        ('[views.x]\nstate = "BY, BW"\nplace = "Bad Nauheim"', 'state:BY, BW place:"Bad Nauheim"'),
        ('[views.x]\ntopic = ["Bauen, Wohnen", "CMS | Portale"]', 'topic:"Bauen, Wohnen", "CMS | Portale"'),
        ('[views.x]\nfeed = ["Das \\"Amt\\""]', 'feed:"Das “Amt“"'),
        ('[views.x]\nquery = "a OR b"\nis = "unread"', "is:unread (a OR b)"),
        ('[views.x]\nquery = """\ntopic:ki\n  OR topic:ozg"""', "topic:ki OR topic:ozg"),
        ('[views.x]\nweek = "KW 42"\ntopic = []', 'week:"KW 42"'),
        ("[views.x]", ""),
    ],
)
def test_views(text: str, query: str) -> None:
    assert view(text) == query


def test_a_query_is_not_read_before_it_is_asked() -> None:
    assert view('[views]\nx = "topic:((("') == "topic:((("


def test_the_names_of_views_are_free() -> None:
    names = ["Meine KI", "a.b", "#1", 'mit "Zitat"', "ü]", "query"]
    text = tomli_w.dumps({"views": dict.fromkeys(names, "x")})

    assert list(check(text).views) == names


TOPICS = ["ki", "Künstliche Intelligenz", "CMS | Portale", "Bauen, Wohnen"]


@given(
    st.lists(st.sampled_from(TOPICS), min_size=1),
    st.sampled_from(["", "wald OR see", "-is:read"]),
)
def test_keys_of_a_view_ask_what_options_ask(topics: list[str], query: str) -> None:
    saved = check(tomli_w.dumps({"views": {"x": {"topic": topics, "since": "7d", "query": query}}})).views
    known = Known(
        feeds=dict,
        topic=lambda name: name if name in TOPICS else "",
        topic_names=list,
        places=lambda name: (),
        near_places=lambda name: (),
        views=saved,
    )
    now = datetime(2026, 10, 16, 9, tzinfo=UTC)

    parts = build(["view:x"], now=now, known=known).where.parts
    asked = build(
        [f"({query})"] if query else [], now=now, known=known, topics=topics, since="7d"
    ).where.parts
    assert set(_flat(parts)) == set(_flat(asked))
    assert Term("topic", tuple(dict.fromkeys(topics))) in _flat(parts)


def _flat(parts: tuple[Any, ...]) -> list[Any]:
    flat = [inner for part in parts for inner in (_flat(part.parts) if isinstance(part, All) else [part])]
    assert any(isinstance(part, Term | Span | AnyOf) for part in flat)
    return flat


# ---------------------------------------------------------------------------------------------- places


def test_places() -> None:
    config = check('[places.alias]\n"Quadratestadt" = "Mannheim"\nMainhattan = "06412000"\n')

    assert config.place_aliases == {"Quadratestadt": "Mannheim", "Mainhattan": "06412000"}


@pytest.mark.parametrize(
    "text",
    [
        '[places]\nignore = ["Regen", "Stelle", "Regen"]',
        '[places.ignore]\nnames = ["Regen", "Stelle"]',
        '[places.ignore]\nnames = ["Regen"]\nStelle = true\nHof = false',
        "places.ignore.Regen = true\nplaces.ignore.Stelle = true",
        "places = { ignore = { Regen = true, Stelle = true } }",
    ],
)
def test_ignored_places(text: str) -> None:
    assert check(text).place_ignored == ("Regen", "Stelle")


# ---------------------------------------------------------------------------------------------- topics


def test_topics_have_only_what_was_set() -> None:
    config = check(
        """
[topics.ki]
aliases = ["Robotik"]
terms = { "=KI" = 3, roboter = -1.5, chatbot = 0 }
[topics.ozg]
enabled = false
[topics.wald]
name = "Wald"
terms = ["forst", "wald"]
not = { waldorf = 2 }
"""
    )

    assert config.topics == {
        "ki": {"aliases": ("Robotik",), "terms": {"=KI": 3, "roboter": -1.5, "chatbot": 0}},
        "ozg": {"enabled": False},
        "wald": {"name": "Wald", "terms": ("forst", "wald"), "not": {"waldorf": 2}},
    }


def test_the_taxonomy_takes_what_is_read() -> None:
    from kommcli.data.topics import taxonomy

    config = check(
        '[topics.ki]\naliases = ["Robotik"]\nterms = { roboterarm = 3 }\n[topics.ozg]\nenabled = false\n'
        '[topics.wald]\nname = "Wald"\nterms = ["forst"]\n'
    )
    topics = taxonomy(config.topics)

    assert [getattr(topics.find(name), "key", None) for name in ("robotik", "ozg", "Wald")] == [
        "ki",
        None,
        "wald",
    ]
    assert {("roboterarm", 3.0, "ki"), ("forst", 1.0, "wald")} <= set(topics.terms())


# --------------------------------------------------------------------------------------------- errors

WRONG = """\
[views]
ki = 3
"a\\u0000b" = "x"
[views."Bad Nauheim"]
plase = "x"
topic = ["a", 3]
since = 2025-10-16
[places]
ignor = []
ignore = { Hof = 1, Lage = "x" }
[places.alias]
Quadratestadt = 5
"X y" = ""
[topics.KI]
enabled = "no"
terms = { a = 11, b = "x" }
[topics.neu.not]
foo = nan
[topics.neu]
alias = ["x"]
terms = 3
[topics]
x = 4
"""


def test_everything_wrong_is_told_at_once_with_its_line_and_a_remedy() -> None:
    found = problems(WRONG)

    assert [(int(one.split(":")[1]), one.split(": ")[1].split(" [config")[0]) for one in found] == [
        (2, "views.ki must be a table"),
        (3, "a name in [views] cannot be used"),
        (5, 'unknown key "plase"'),
        (6, "topic = ['a', 3] cannot be used"),
        (7, "since = datetime.date(2025, 10, 16) cannot be used"),
        (9, 'unknown key "ignor"'),
        (10, "ignore.Hof = 1 cannot be used"),
        (10, 'ignore.Lage = "x" cannot be used'),
        (12, "alias.Quadratestadt = 5 cannot be used"),
        (13, 'alias.X y = "" cannot be used'),
        (14, '"KI" is no key of a topic'),
        (15, 'enabled = "no" cannot be used'),
        (16, "terms.a = 11 cannot be used"),
        (16, 'terms.b = "x" cannot be used'),
        (18, "not.foo = nan cannot be used"),
        (20, 'unknown key "alias"'),
        (21, "terms = 3 cannot be used"),
        (23, "topics.x must be a table"),
    ]
    assert all(one.split("]. ", 1)[1] for one in found)
    assert 'Did you mean "place"?' in found[2]
    assert "write [topics.ki]" in found[10]


@pytest.mark.parametrize("name", ["home", "views", "places", "topics"])
@pytest.mark.parametrize("value", ["3", '"x"', "[]", "[{}]"])
def test_tables_must_be_tables(name: str, value: str) -> None:
    (problem,) = problems(f"{name} = {value}\n")

    assert problem == (
        f"{FILE}:1: {name} must be a table [config.value]. Write its keys below a line [{name}]."
    )


def test_a_table_with_a_slip_is_recognised() -> None:
    (problem,) = problems("[viewss]\n")

    assert 'Did you mean "views"?' in problem


# ------------------------------------------------------------------------------- written out and back

TEXTS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12)
NUMBERS = st.integers(-10, 10) | st.floats(-10, 10)
TERMS = st.lists(TEXTS, max_size=3) | st.dictionaries(TEXTS, NUMBERS, max_size=3)
TOPIC = st.fixed_dictionaries(
    {},
    optional={
        "name": TEXTS,
        "en": TEXTS,
        "aliases": st.lists(TEXTS, max_size=3),
        "categories": st.lists(TEXTS, max_size=3),
        "terms": TERMS,
        "not": TERMS,
        "general": st.booleans(),
        "enabled": st.booleans(),
    },
)
VIEW = st.fixed_dictionaries(
    {},
    optional={
        "query": TEXTS,
        "topic": st.lists(TEXTS),
        "place": st.just("A, B"),
        "since": TEXTS,
    },
)
WATCH = st.fixed_dictionaries(
    {"terms": st.just("A, B") | st.lists(TEXTS, min_size=1, max_size=3)}, optional={"query": TEXTS}
)
FILES = st.fixed_dictionaries(
    {},
    optional={
        "notify": st.lists(TEXTS),
        "search": st.fixed_dictionaries(
            {"synonyms": st.lists(st.lists(TEXTS, min_size=2, unique=True), max_size=2)}
        ),
        "stories": st.fixed_dictionaries({"window": st.sampled_from(["1d", "90m", "0s"])}),
        "watch": st.dictionaries(TEXTS, TEXTS | st.lists(TEXTS, min_size=1) | WATCH, max_size=3),
        "home": st.fixed_dictionaries(
            {"states": st.lists(st.sampled_from(["BY", "hessen", "NRW"])), "places": st.lists(TEXTS)}
        ),
        "views": st.dictionaries(TEXTS, TEXTS | VIEW, max_size=3),
        "places": st.fixed_dictionaries(
            {"alias": st.dictionaries(TEXTS, TEXTS, max_size=3), "ignore": st.lists(TEXTS)}
        ),
        "topics": st.dictionaries(st.sampled_from(["ki", "e-akte", "wald"]), TOPIC, max_size=2),
    },
)


@given(FILES)
def test_what_is_shown_is_what_is_read(file: dict[str, Any]) -> None:
    config = check(tomli_w.dumps(file))
    shown = tomli_w.dumps(as_toml(config))

    assert check(shown) == replace(config, builtin=False, feeds=check(shown).feeds)
    assert [feed.key for feed in check(shown).feeds] == [feed.key for feed in config.feeds]


# -------------------------------------------------------------------------------------- single keys


@pytest.mark.parametrize(
    ("path", "section", "name"),
    [
        ("limit", "", "limit"),
        ("fetch.threads", "fetch", "threads"),
        ("home.states", "home", "states"),
        ("places.ignore", "places", "ignore"),
        ("places.alias", "places", "alias"),
        ("places.alias.Quadratestadt", "places.alias", "Quadratestadt"),
        ("views.press", "views", "press"),
        ("views.Meine KI", "views", "Meine KI"),
        ("views.press.since", "views.press", "since"),
        ("views.Meine KI.since", 'views."Meine KI"', "since"),
        ("watch.vendors", "watch", "vendors"),
        ("watch.vendors.terms", "watch.vendors", "terms"),
        ("search.synonyms", "search", "synonyms"),
        ("stories.window", "stories", "window"),
        ("topics.ki.aliases", "topics.ki", "aliases"),
    ],
)
def test_find(path: str, section: str, name: str) -> None:
    found = find(path)

    assert found is not None
    assert (found[0], found[1].name) == (section, name)


@pytest.mark.parametrize(
    "path",
    [
        *("", ".", "x", "home", "home.x", "feeds.url", "views", "views.", "topics.ki", "topics.ki.x"),
        *("fetch.", "watch", "watch.", "watch.ki.x"),
    ],
)
def test_find_nothing(path: str) -> None:
    assert find(path) is None


def test_a_key_without_a_name_is_unknown() -> None:
    (problem,) = problems('"" = 3\n')

    assert 'unknown key ""' in problem
