"""The grammar: what a text means, and where its errors point."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kommcli.conditions import All, AnyOf, Condition, Not, Term
from kommcli.errors import BadUsage
from kommcli.query.grammar import DEEPEST, LONGEST, all_of, any_of, parse
from kommcli.query.tokens import KEYS, Token, is_exclusion, joined
from kommcli.text import clean


def leaf(token: Token, depth: int) -> Condition:
    return Term(token.kind, token.values or (token.text,))


def tree(text: str) -> Condition:
    return parse(clean(text), leaf)


def tree_of(*arguments: str) -> Condition:
    text, whole = joined(arguments)
    return parse(text, leaf, whole)


def word(text: str) -> Term:
    return Term("word", (text,))


def phrase(text: str) -> Term:
    return Term("phrase", (text,))


def topic(*values: str) -> Term:
    return Term("topic", values)


KI, OZG, BY = topic("ki"), topic("ozg"), Term("state", ("by",))
A, B, C = word("a"), word("b"), word("c")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", All()),
        ("  ", All()),
        ("a", A),
        ("a b", All((A, B))),
        ("a AND b UND c", All((A, B, C))),
        ("a OR b", AnyOf((A, B))),
        ("a ODER b | c || d", AnyOf((A, B, C, word("d")))),
        ("a|b", AnyOf((A, B))),
        ("a b OR c", AnyOf((All((A, B)), C))),
        ("a OR b AND c", AnyOf((A, All((B, C))))),
        ("a (b OR c)", All((A, AnyOf((B, C))))),
        ("a (b c)", All((A, B, C))),
        ("((a))", A),
        ("(a)(b)", All((A, B))),
        ("a a", A),
        ("-a", Not(A)),
        ("−a –b", All((Not(A), Not(B)))),
        ("NOT a b", All((Not(A), B))),
        ("NICHT (a b)", Not(All((A, B)))),
        ("NOT(a)", Not(A)),
        ("-(a OR b) c", All((Not(AnyOf((A, B))), C))),
        ("--a", Not(Not(A))),
        ("-NOT a", Not(Not(A))),
        ("a-b", word("a-b")),
        ("E-Akte", word("E-Akte")),
        ("or und oder not", All((word("or"), word("und"), word("oder"), word("not")))),
        ("ORT ANDERE", All((word("ORT"), word("ANDERE")))),
        ("topic:ki", KI),
        ("TOPIC:ki Thema:ozg", All((KI, OZG))),
        ("-topic:ki", Not(KI)),
        ("topic:ki,ozg", topic("ki", "ozg")),
        ("topic:ki, ozg b", All((topic("ki", "ozg"), B))),
        ("topic: ki", KI),
        ("topic:ki|ozg", topic("ki", "ozg")),
        ("topic:ki|state:by", AnyOf((KI, BY))),
        ("topic:ki | ozg", AnyOf((KI, word("ozg")))),
        ('topic:"a b",c', topic("a b", "c")),
        ('topic:"a, b"', topic("a, b")),
        ("since:2025-10-16T08:00", Term("since", ("2025-10-16T08:00",))),
        ("place:Halle(Saale)", Term("place", ("Halle(Saale)",))),
        ('place:"Halle (Saale)"', Term("place", ("Halle (Saale)",))),
        ('"a b"', phrase("a b")),
        ('"a"', phrase("a")),
        ("„a b“ “a b” »a b« «a b» „a b”", phrase("a b")),
        ("„Das »neue« Portal“", phrase("Das »neue« Portal")),
        ('a"b c"d', All((A, phrase("b c"), word("d")))),
        ('"OR" "(" "topic:ki"', All((phrase("OR"), phrase("("), phrase("topic:ki")))),
        ("wald*", Term("beginning", ("wald",))),
        (
            "wald*. *wald -(wald*)",
            All((Term("beginning", ("wald",)), word("wald"), Not(Term("beginning", ("wald",))))),
        ),
        ("Bürger*innen", word("Bürger*innen")),
        ("Potsdam: Was? Nr.", All((word("Potsdam"), word("Was"), word("Nr")))),
        ("Bürger:innen Kund:innenportal", All((word("Bürger:innen"), word("Kund:innenportal")))),
        ("12:30 https://a.de/b?c=d", All((word("12:30"), word("https://a.de/b?c=d")))),
        ("Mitarbeiter(innen)", word("Mitarbeiter(innen)")),
        ("a\tb\nc", All((A, B, C))),
    ],
)
def test_a_text_and_its_tree(text: str, expected: Condition) -> None:
    assert tree(text) == expected


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((), All()),
        (("", " "), All()),
        (("a", "b"), All((A, B))),
        (("Bad Nauheim",), phrase("Bad Nauheim")),
        (("-Bad Nauheim",), Not(phrase("Bad Nauheim"))),
        (("Kiel - Hamburg",), phrase("Kiel - Hamburg")),
        (("Neues: alle Bürger:innen",), phrase("Neues: alle Bürger:innen")),
        (("place:Bad Nauheim", "a"), All((Term("place", ("Bad Nauheim",)), A))),
        (("-ort:Bad Nauheim",), Not(Term("place", ("Bad Nauheim",)))),
        (("place:Bad Nauheim, Bad Homburg",), Term("place", ("Bad Nauheim", "Bad Homburg"))),
        (("place:Halle (Saale)",), Term("place", ("Halle (Saale)",))),
        (("topic:CMS | Portale",), topic("CMS | Portale")),
        (("since:KW 42",), Term("since", ("KW 42",))),
        (("topic:ki state:by",), All((KI, BY))),
        (("topic:ki -state:by",), All((KI, Not(BY)))),
        (("topic:ki -a",), All((KI, Not(A)))),
        (("topic:ki OR a",), AnyOf((KI, A))),
        (("topic:ki (a OR b)",), All((KI, AnyOf((A, B))))),
        (('topic:ki "a b"',), All((KI, phrase("a b")))),
        (("a OR b", "c"), AnyOf((A, All((B, C))))),
        (("NOT a",), Not(A)),
        (("(", "a", "OR", "b", ")", "c"), All((AnyOf((A, B)), C))),
        (("(a", "ODER", "b)"), AnyOf((A, B))),
        (('"a', 'b"'), phrase("a b")),
        (("topic:ki,", "ozg"), topic("ki", "ozg")),
        (("topic:a , ,",), topic("a")),
        (("topic:x ,",), topic("x")),
    ],
)
def test_the_shell_takes_quotation_marks_away(arguments: tuple[str, ...], expected: Condition) -> None:
    assert tree_of(*arguments) == expected


@pytest.mark.parametrize(("name", "key"), KEYS.items())
def test_german_and_english_keys_are_equal(name: str, key: str) -> None:
    assert tree(f"{name}:x") == tree(f"{name.upper()}:x") == Term(key, ("x",))


def mark(error: BadUsage) -> tuple[str, str]:
    """The line that shows the query, and the part of it from the mark on (one column a character)."""
    _sentence, shown, caret = str(error).split("\n")
    assert caret.strip(" ") == "^"
    return shown, shown[len(caret) - 1 :]


@pytest.mark.parametrize(
    ("text", "what", "behind"),
    [
        ("a (b", "the query has an opening bracket without its end", "(b"),
        ("a (", "the query has an opening bracket without its end", "("),
        ("(a (b c)", "the query has an opening bracket without its end", "(a (b c)"),
        ("a) b", "the query has a closing bracket without its beginning", ") b"),
        (")", "the query has a closing bracket without its beginning", ")"),
        ("a () b", "the query has brackets with nothing between them", "() b"),
        ("OR a", 'there is nothing before "OR"', "OR a"),
        ("a (UND b)", 'there is nothing before "UND"', "UND b)"),
        ("a | ODER b", 'there is nothing behind "|"', "| ODER b"),
        ("(a OR) b", 'there is nothing behind "OR"', "OR) b"),
        ("a AND", 'there is nothing behind "AND"', "AND"),
        ("a NOT", 'there is nothing to exclude behind "NOT"', "NOT"),
        ("a - b", 'there is nothing to exclude behind "-"', "- b"),
        ("a -)", 'there is nothing to exclude behind "-"', "-)"),
        ('a "b c', "the query has a quotation mark without its end", '"b c'),
        ("a „b", "the query has a quotation mark without its end", "„b"),
        ('a "" b', "the query has quotation marks with nothing between them", '"" b'),
        ("a state:", "state: has no value", "state:"),
        ("a Land: OR b", "Land: has no value", "Land: OR b"),
        ("state:,by", "state: has no value", "state:,by"),
        ("state:by,,bw", "state: has a comma without a value behind it", ",,bw"),
        ("state:by, (a)", "state: takes no brackets", "(a)"),
        ("a topic:(ki OR ozg)", "topic: takes no brackets", "(ki OR ozg)"),
        ("a sate:by", 'there is no key "sate:"', "sate:by"),
        ("a (tehma:ki)", 'there is no key "tehma:"', "tehma:ki)"),
        ("a … b", '"…" is no word to look for', "… b"),
        ("a 👍 b", '"👍" is no word to look for', "👍 b"),
    ],
)
def test_an_error_points_at_the_character(text: str, what: str, behind: str) -> None:
    with pytest.raises(BadUsage) as caught:
        tree(text)

    assert caught.value.code == "usage.query"
    assert str(caught.value).startswith(f"{what} [usage.query]. ")
    assert mark(caught.value) == (text, behind)


@pytest.mark.parametrize(
    ("text", "columns"), [("日本 (a", 5), ("ä\u0323 (a", 2), ("ｆｕ (a", 5), ("a👍 (a", 4), ("\x1b[2J (a", 4)]
)
def test_the_mark_counts_columns(text: str, columns: int) -> None:
    with pytest.raises(BadUsage) as caught:
        tree(text)

    assert str(caught.value).split("\n")[1:] == [clean(text), " " * columns + "^"]


@pytest.mark.parametrize("before", [0, 20, 50, 300, 900])
@pytest.mark.parametrize("behind", [0, 20, 50, 300])
def test_a_long_query_is_shown_around_the_mark(before: int, behind: int) -> None:
    text = "wort " * (before // 5) + "() " + "wort " * (behind // 5)

    with pytest.raises(BadUsage) as caught:
        tree(text)

    shown, rest = mark(caught.value)
    assert len(shown) <= 62
    assert rest.startswith("()")
    assert shown.strip("…") in text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("topik", "topic"),
        ("stae", "state"),
        ("plce", "place"),
        ("bundesalnd", "bundesland"),
        ("hema", "thema"),
    ],
)
def test_a_key_with_a_slip_is_named(typed: str, meant: str) -> None:
    with pytest.raises(BadUsage, match=f'Did you mean "{meant}:"') as caught:
        tree_of(f"a {typed}:x")

    assert mark(caught.value) == (f"a {typed}:x", f"{typed}:x")


@pytest.mark.parametrize("nested", ["({})", "-{}", "NOT {}", "a ({})"])
def test_nesting_has_a_limit(nested: str) -> None:
    text = "b"
    for _level in range(DEEPEST):
        text = nested.format(text)
    tree(text)

    with pytest.raises(BadUsage, match="more than 16 brackets or exclusions") as caught:
        tree(nested.format(text))
    mark(caught.value)


def test_the_length_has_a_limit() -> None:
    assert tree("a" * LONGEST) == word("a" * LONGEST)
    for text in ("a" * (LONGEST + 1), "(" * 100_000):
        with pytest.raises(BadUsage, match=r"longer than 2000 characters \[usage.query\]"):
            tree(text)


@pytest.mark.parametrize("argument", ["-topic:ki", "-Ort:Bad Nauheim", '-"a b"', "-(a", "-„a“", "-kw:42"])
def test_what_can_only_be_an_exclusion(argument: str) -> None:
    assert is_exclusion(argument)


@pytest.mark.parametrize(
    "argument", ["-t", "-tki", "-n5", "--topic:ki", "topic:ki", "-", "", "-wald", "-a:b"]
)
def test_what_may_be_an_option(argument: str) -> None:
    assert not is_exclusion(argument)


# -------------------------------------------------------------------------------------- any text at all

pieces = st.lists(
    st.sampled_from(
        [*'()|-,:"„“»« *…a\u0323日', " OR ", " UND ", "NOT ", "topic:", "sate:", "kw:", "ab", "\n"]
    ),
    max_size=40,
).map("".join)


def outcome(text: str, whole: dict[int, int]) -> Condition | BadUsage:
    try:
        return parse(text, leaf, whole)
    except BadUsage as error:
        return error


@given(st.one_of(st.text(), pieces))
def test_any_text_has_a_tree_or_an_error_with_a_mark(text: str) -> None:
    found = outcome(clean(text), {})

    if isinstance(found, BadUsage):
        _sentence, shown, caret = str(found).split("\n")
        assert found.code == "usage.query"
        assert shown.strip("…") in clean(text)
        assert caret.lstrip(" ") == "^"


@given(st.lists(st.one_of(st.text(), pieces), max_size=5))
def test_any_arguments_have_a_tree_or_an_error(arguments: list[str]) -> None:
    found = outcome(*joined(arguments))

    assert not isinstance(found, BadUsage) or found.code == "usage.query"


# ------------------------------------------------------------------------------------------ round trip

names = st.text("abcdefghijklmnop", min_size=1, max_size=5)
terms = st.one_of(
    names.map(word),
    st.lists(names, min_size=1, max_size=3).map(" ".join).map(phrase),
    st.builds(Term, st.sampled_from(sorted(set(KEYS.values()))), st.lists(names, min_size=1).map(tuple)),
)
trees = st.recursive(
    terms,
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, min_size=1, max_size=4).map(all_of),
        st.lists(inner, min_size=1, max_size=4).map(any_of),
    ),
    max_leaves=20,
)


def written(condition: Condition, inside: bool = False) -> str:
    match condition:
        case Term("word", (text,)):
            return text
        case Term("phrase", (text,)):
            return f'"{text}"'
        case Term(key, values):
            return f"{key}:{','.join(values)}"
        case Not(part):
            return f"-{written(part, inside=True)}"
        case All(parts):
            text = " ".join(written(part, inside=True) for part in parts)
        case AnyOf(parts):
            text = " OR ".join(written(part, inside=True) for part in parts)
    return f"({text})" if inside else text


@given(trees)
def test_a_tree_written_and_read_again_is_the_same(condition: Condition) -> None:
    assert tree(written(condition)) == condition
