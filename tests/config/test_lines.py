"""Where in a TOML file something stands."""

from __future__ import annotations

import pytest

from kommcli.config.lines import Way, dotted, header, line_of, parts

TEXT = '''\
limit = 5
"home" = { states = ["BY"] }
fetch . threads = 4
contact = """
[views]
x = "y"
"""
[views."Meine [KI] # 1"] # comment
since = "7d"
[topics.ki.terms]
"a = b" = 3
[[feeds]]
url = "a"
[[feeds]] # second
url = "b"
[feeds.auth]
user = "x"
[ topics . "ki" ]
not = ["x"]
'''


@pytest.mark.parametrize(
    ("way", "line"),
    [
        (("limit",), 1),
        (("home",), 2),
        (("home", "states"), 2),
        (("fetch", "threads"), 3),
        (("fetch",), 3),
        (("fetch", "per_host"), 0),
        (("views",), 8),
        (("views", "x"), 0),
        (("views", "Meine [KI] # 1"), 8),
        (("views", "Meine [KI] # 1", "since"), 9),
        (("views", "Meine [KI] # 1", "until"), 8),
        (("topics", "ki", "terms", "a = b"), 11),
        (("topics", "ki"), 18),
        (("topics",), 10),
        (("feeds", 0, "url"), 13),
        (("feeds", 1, "url"), 15),
        (("feeds", 1), 14),
        (("feeds", 1, "auth", "user"), 17),
        (("feeds", 1, "title"), 14),
        (("feeds", 2), 0),
    ],
)
def test_line_of(way: Way, line: int) -> None:
    assert line_of(TEXT, way) == line


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("[a]", ("a",)),
        ("[[feeds]]", ("feeds",)),
        ("[ a . 'b.c' ] # [d]", ("a", "b.c")),
        ('["\\u0041 b"]', ("A b",)),
        ("[1, 2]", ()),
        ('["a", "b"],', ()),
        ("a = 1", ()),
        ("", ()),
    ],
)
def test_header(line: str, names: tuple[str, ...]) -> None:
    assert header(line) == names


@pytest.mark.parametrize("names", [("views", "Meine KI"), ("a", "ü", 'x"y', "z.w", "")])
def test_dotted_and_parts(names: tuple[str, ...]) -> None:
    assert parts(dotted(names)) == names
