"""Writing the configuration: the user's comments and order survive every write."""

from __future__ import annotations

import stat
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kommcli.config import edit
from kommcli.errors import ConfigError

TEXT = """\
# My press review.

language = "de" # everybody reads it

# --- trade press ---
[[feeds]]
key = "a"   # the first
url = "https://a.example/"

# --- ministries: do not lose this line ---
[[feeds]]
key = "b"
url = "https://b.example/"
tags = [
  "one", # why one
  "two",
]
# behind b

[fetch]
threads = 4 # slow line
"""


def comments(text: str) -> list[str]:
    return [line.partition("#")[2] for line in text.splitlines() if "#" in line]


def keys(text: str) -> list[str]:
    return [feed["key"] for feed in tomllib.loads(text)["feeds"]]


def test_add_keeps_everything_before() -> None:
    after = edit.add_feed(TEXT, {"key": "c", "url": "https://c.example/", "tags": ["x"]})

    assert after.startswith(TEXT)
    assert keys(after) == ["a", "b", "c"]


def test_add_to_nothing_and_to_an_empty_list() -> None:
    assert edit.add_feed("", {"key": "c"}) == '[[feeds]]\nkey = "c"\n'
    assert keys(edit.add_feed("# mine\nfeeds = []\n", {"key": "c"})) == ["c"]


def test_change_replaces_in_place_and_puts_new_keys_beside_the_address() -> None:
    after = edit.change_feed(TEXT, 1, {"key": "bb", "title": "Be", "enabled": False})

    assert comments(after) == comments(TEXT)
    lines = after.splitlines()
    assert lines.index('title = "Be"') == lines.index('url = "https://b.example/"') + 1
    assert tomllib.loads(after)["feeds"][1] == {
        "key": "bb",
        "url": "https://b.example/",
        "title": "Be",
        "enabled": False,
        "tags": ["one", "two"],
    }
    assert edit.change_feed(
        edit.change_feed(after, 1, {"title": None}), 1, {"enabled": None}
    ) == TEXT.replace('"b"', '"bb"')


@pytest.mark.parametrize("index", [0, 1])
def test_remove_takes_the_table_and_leaves_the_comments_around(index: int) -> None:
    after = edit.remove_feed(TEXT, index)

    assert keys(after) == ["ab"[1 - index]]
    for comment in (
        "# --- trade press ---",
        "# --- ministries: do not lose this line ---",
        "# behind b",
        "# slow line",
    ):
        assert comment in after


def test_remove_the_last_feed_leaves_an_empty_list_not_the_built_in_ones() -> None:
    after = edit.remove_feed(edit.remove_feed(TEXT, 0), 0)

    assert tomllib.loads(after)["feeds"] == []
    assert tomllib.loads(after)["language"] == "de"
    assert "# --- ministries: do not lose this line ---" in after


def test_remove_from_an_unusual_layout() -> None:
    text = 'feeds = [{ key = "a", url = "https://a.example/" }, { key = "b", url = "https://b.example/" }]\n'

    assert keys(edit.remove_feed(text, 0)) == ["b"]


def test_set_value() -> None:
    after = edit.set_value(edit.set_value(TEXT, "", "limit", 5), "fetch", "per_host", 1)

    assert comments(after) == comments(TEXT)
    assert tomllib.loads(after)["limit"] == 5
    assert tomllib.loads(after)["fetch"] == {"threads": 4, "per_host": 1}
    assert tomllib.loads(edit.set_value("", "fetch", "threads", 2)) == {"fetch": {"threads": 2}}
    assert tomllib.loads(edit.set_value(TEXT, "fetch", "threads", 2))["fetch"]["threads"] == 2


@given(
    st.lists(
        st.sampled_from(
            [
                ("add", None),
                ("remove", 0),
                ("remove", 1),
                ("title", "Ä \" '#[x]"),
                ("limit", 7),
                ("enabled", False),
                ("enabled", None),
                ("set", 9),
            ]
        ),
        max_size=8,
    )
)
def test_no_sequence_of_changes_loses_a_comment_outside_removed_tables(
    changes: list[tuple[str, object]],
) -> None:
    text, number = TEXT, 0
    for what, value in changes:
        feeds = tomllib.loads(text)["feeds"]
        if what == "add":
            number += 1
            text = edit.add_feed(text, {"key": f"n{number}", "url": f"https://n{number}.example/"})
        elif what == "remove" and len(feeds) > int(str(value)):
            text = edit.remove_feed(text, int(str(value)))
        elif what == "set":
            text = edit.set_value(text, "fetch", "threads", value)
        elif what in ("title", "limit", "enabled") and feeds:
            text = edit.change_feed(text, len(feeds) - 1, {what: value})
        tomllib.loads(text)
    for comment in (
        "# My press review.",
        "# everybody reads it",
        "# --- ministries: do not lose",
        "# slow line",
    ):
        assert comment in text


def test_write_is_private_keeps_links_and_refuses_what_it_could_not_read(tmp_path: Path) -> None:
    real, link = tmp_path / "real.toml", tmp_path / "config.toml"
    link.symlink_to(real)
    edit.write(link, TEXT)

    assert link.is_symlink()
    assert real.read_text("utf-8") == TEXT
    assert stat.S_IMODE(real.stat().st_mode) == 0o600
    real.chmod(0o640)
    edit.write(link, "limit = 5\n")
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    with pytest.raises(ConfigError):
        edit.write(link, "limit = 0\n")
    assert real.read_text("utf-8") == "limit = 5\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config.toml", "real.toml"]


INLINE = 'feeds = [{ key = "a", url = "https://a.example/" }, { key = "b", url = "https://b.example/" }]\n'


def test_a_list_in_one_line_can_be_changed_as_well() -> None:
    assert tomllib.loads(edit.change_feed(INLINE, 1, {"enabled": False}))["feeds"][1]["enabled"] is False
    assert keys(edit.add_feed(INLINE, {"key": "c", "url": "https://c.example/"})) == ["a", "b", "c"]


def test_dotted_keys_can_be_changed_as_well() -> None:
    after = edit.set_value("fetch.threads = 4 # four\n", "fetch", "per_host", 3)

    assert tomllib.loads(after)["fetch"] == {"threads": 4, "per_host": 3}
    assert "# four" in after


def test_line_ends_of_windows_stay(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"# one\r\nlimit = 5\r\n")
    edit.write(path, edit.set_value(edit.text_of(path), "", "limit", 6))

    assert path.read_bytes() == b"# one\r\nlimit = 6\r\n"
