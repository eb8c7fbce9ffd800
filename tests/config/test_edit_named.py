"""Changing files that have tables with names of the user's own: everything else stays byte for byte."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kommcli.config import edit
from kommcli.config.lines import parts
from kommcli.config.load import parse
from kommcli.errors import ConfigError
from kommcli.paths import DEMO

TABLES = """\
home = { states = ["BY"] } # at home

# --- what I ask every day ---
[views]
kurz = "thema:ki" # short

[views."Meine [KI] # 1"] # long
query = \"\"\"
topic:ki
OR topic:ozg\"\"\"
since = "7d"

# --- mended ---
[places.alias]
"Quadratestadt" = "Mannheim" # the squares

[topics.ki] # more of it
aliases = ["Robotik"]
[topics.ki.terms] # weights
"=KI" = 3
# behind
"""

DOTTED = """\
# dotted
views.kurz = "thema:ki" # short
views."a b".topic = ["ki"] # long
places.alias.Quadratestadt = "Mannheim" # squares
places.ignore.Regen = true
topics.ki.terms."=KI" = 3
home.places = ["Bad Nauheim"]
"""

INLINE = """\
# inline
views = { kurz = "thema:ki", lang = { since = "7d" } } # both
places = { alias = { Quadratestadt = "Mannheim" }, ignore = ["Regen"] }
topics = { ki = { terms = { "=KI" = 3 } }, wald = { name = "Wald" } } # two
home = { states = ["BY"], places = [] }
"""

FEEDS = '\n[[feeds]] # one\nkey = "a"\nurl = "https://a.example/"\n'
LAYOUTS = [TABLES, DOTTED, INLINE]
NEW = {"key": "c", "url": "https://c.example/", "tags": ["x"]}


def comments(text: str) -> list[str]:
    return sorted(line.partition("#")[2] for line in text.splitlines() if "#" in line)


def without_feeds(text: str) -> dict[str, Any]:
    return {name: value for name, value in tomllib.loads(text).items() if name != "feeds"}


@pytest.mark.parametrize("text", LAYOUTS)
@pytest.mark.parametrize("feeds", ["", FEEDS])
def test_a_new_feed_goes_to_the_end_and_leaves_all_before_it(text: str, feeds: str) -> None:
    after = edit.add_feed(text + feeds, NEW)

    assert after.startswith(text + feeds)
    assert after.endswith('\n[[feeds]]\nkey = "c"\nurl = "https://c.example/"\ntags = ["x"]\n')
    assert without_feeds(after) == tomllib.loads(text)
    assert [feed.key for feed in parse(after, DEMO).feeds][-1] == "c"


@pytest.mark.parametrize("text", LAYOUTS)
def test_a_new_feed_after_the_tables_and_a_list_in_one_line(text: str) -> None:
    before = 'feeds = [{ key = "a", url = "https://a.example/" }]\n' + text
    after = edit.add_feed(before, NEW)

    assert after.endswith(text)
    assert [feed["key"] for feed in tomllib.loads(after)["feeds"]] == ["a", "c"]


def test_feeds_before_tables_can_be_changed_and_removed() -> None:
    text = FEEDS + "\n" + TABLES.split("\n", 2)[2]
    changed = edit.change_feed(text, 0, {"title": "A", "enabled": False})
    removed = edit.remove_feed(text, 0)

    tables = text.split('.example/"\n')[1]
    assert changed.endswith(tables)
    assert removed.endswith(tables)
    assert tomllib.loads(removed)["feeds"] == []


@pytest.mark.parametrize("text", LAYOUTS)
@pytest.mark.parametrize(
    ("section", "name", "value"),
    [
        ("", "limit", 5),
        ("fetch", "threads", 4),
        ("home", "states", ["HE"]),
        ("home", "places", ["Köln"]),
        ("places", "ignore", ["Hof"]),
        ("places.alias", "Rom des Nordens", "Köln"),
        ("places.alias", "Quadratestadt", "08222000"),
        ("views", "neu", "seit:7d"),
        ("views", "a.b c", "x"),
        ("views", "kurz", "thema:ozg"),
        ("views.neu", "topic", ["ki", "ozg"]),
        ('views."Noch eine"', "since", "7d"),
        ("topics.ki", "aliases", ["x"]),
        ("topics.ki.terms", "chatbot", 2),
        ("topics.neu", "terms", {"a b": 3}),
    ],
)
def test_single_keys_are_set_in_every_layout(text: str, section: str, name: str, value: Any) -> None:
    after = edit.set_value(text, section, name, value)

    wanted = tomllib.loads(text)
    table = wanted
    for part in parts(section) if section else ():
        table = table.setdefault(part, {})
    table[name] = value
    assert tomllib.loads(after) == wanted
    parse(after, DEMO)
    assert comments(after) == comments(text)


@pytest.mark.parametrize("text", LAYOUTS)
def test_single_keys_are_taken_out(text: str) -> None:
    after = edit.set_value(edit.set_value(text, "views", "kurz", None), "places.alias", "Quadratestadt", None)

    config = parse(after, DEMO)
    assert "kurz" not in config.views
    assert config.place_aliases == {}
    assert edit.set_value(text, "views.fehlt", "since", None) == text


def test_a_table_in_the_place_of_a_text_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"config\.layout"):
        edit.set_value('[views]\nki = "x"\n', "views.ki", "since", "7d")


@given(
    st.sampled_from(LAYOUTS),
    st.lists(
        st.sampled_from(["add", "remove", "title", "enabled", "limit", "view", "alias", "ignore", "topic"]),
        max_size=6,
    ),
)
def test_no_sequence_of_changes_loses_a_comment_or_another_table(text: str, changes: list[str]) -> None:
    wanted = comments(text)
    after = text
    for number, what in enumerate(changes):
        feeds = len(tomllib.loads(after).get("feeds", []))
        match what:
            case "add":
                after = edit.add_feed(after, {"key": f"n{number}", "url": f"https://n{number}.example/"})
            case "remove" if feeds:
                after = edit.remove_feed(after, 0)
            case "title" | "enabled" if feeds:
                after = edit.change_feed(after, feeds - 1, {what: "T" if what == "title" else False})
            case "limit":
                after = edit.set_value(after, "", "limit", number + 1)
            case "view":
                after = edit.set_value(after, "views", f"v {number}", "x")
            case "alias":
                after = edit.set_value(after, "places.alias", "Rom des Nordens", f"{number}")
            case "topic":
                after = edit.set_value(after, "topics.wald", "terms", ["forst"])
    config, before = parse(after, DEMO), parse(text, DEMO)
    assert comments(after) == wanted
    assert config.home == before.home
    assert dict(before.views).items() <= dict(config.views).items()
    assert dict(before.place_aliases).items() <= dict(config.place_aliases).items()
    assert config.topics["ki"] == before.topics["ki"]
