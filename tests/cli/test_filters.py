"""One grammar everywhere: filters as options and as query words, what they find, and how errors are told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from conftest import Home, make_home, shown
from gazette import NAMES, gazette, named


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Twelve articles about places and topics, two of them read and starred; only read by the tests."""
    home = gazette(make_home(tmp_path_factory.mktemp("archive")))
    assert home.run("mark", "read", "yqmfqvyb").returncode == 0
    assert home.run("mark", "star", "place:Köln").returncode == 0
    return home


def asked(home: Home, *arguments: str) -> str:
    """The names of the articles that ``latest`` finds."""
    return named(home.json("latest", "--offline", "--json", *arguments))


def refused(home: Home, *arguments: str) -> list[str]:
    """The lines of the error of a wrong query."""
    done = home.run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    return done.stderr.splitlines()


ALL = " ".join(NAMES)


# -------------------------------------------------------------------------- options and words are equal


@pytest.mark.parametrize(
    ("options", "words", "names"),
    [
        ("--topic ki", "topic:ki", "Anton Berta Emil"),
        ("-t ki -t e-akte", "topic:ki,e-akte", "Anton Berta Doras Emil Ludwig"),
        ("-t none", "topic:none", "Frieda Ida"),
        ("-t quantenrechner", "thema:Quantenrechner", "Klara"),
        ("--state BY", "state:by", "Caesar Doras"),
        ("-s DE-BY -s Hessen", "state:bayern,he", "Berta Caesar Doras Emil Ludwig"),
        ("-s bund", "land:bund", "Gustav"),
        ("-s eu", "state:eu", "Hedwig"),
        ("-s none", "land:keine", "Frieda Gustav Hedwig Ida"),
        ("--place Koeln", "place:köln", "Jakob"),
        ("-p Potsdam -p 06431", "ort:potsdam,Bergstraße", "Anton Ludwig"),
        ("-p none", "place:none", "Caesar Frieda Gustav Hedwig Ida"),
        ("--feed beta", "feed:beta", "Gustav Hedwig Ida Jakob Klara Ludwig"),
        ("--kind interview", "kind:interview", "Frieda"),
        ("--since 2026-10-12", "since:2026-10-12", "Anton Berta Caesar"),
        ("--since 12.10.2026 --until 12.10.2026", "seit:2026-10-12 bis:12.10.2026", "Caesar"),
        ("--since gestern", "since:yesterday", "Anton Berta"),
        ("--since 7d", "seit:7d", "Anton Berta Caesar Doras"),
        ("--until 2025", "bis:2025", "Ludwig"),
        ("--week 2026-W38", "week:2026-W38", "Ida Jakob Klara"),
        ("--week KW42", "kw:42", "Anton Berta Caesar"),
        ("--week 42/2025", "kw:42/2025", "Ludwig"),
        ("--week last", "week:letzte", "Doras Emil Frieda Gustav Hedwig"),
        ("--unread -f alpha", "is:unread feed:alpha", "Berta Caesar Doras Emil Frieda"),
        ("--starred", "ist:gemerkt", "Jakob"),
        ("--view ki", "view:ki", "Anton Berta Emil"),
        ("--view sueden", "sicht:Süden", "Caesar Doras Klara"),
        ("--view neu", "view:neu", "Anton Berta"),
        ("--view lang", "view:lang", "Doras"),
        ("-t ki -s HE --since 2026-10-10", "topic:ki state:he since:2026-10-10", "Berta"),
    ],
)
def test_an_option_and_a_word_ask_for_the_same(archive: Home, options: str, words: str, names: str) -> None:
    by_option = archive.json("latest", "--offline", "--json", *options.split())

    assert named(by_option) == names
    assert archive.json("latest", "--offline", "--json", *words.split()) == by_option


@pytest.mark.parametrize(
    "topic", ["ki", "KI", "Künstliche Intelligenz", "kuenstliche intelligenz", "Artificial intelligence"]
)
def test_a_topic_by_any_of_its_names(archive: Home, topic: str) -> None:
    assert asked(archive, "-t", topic) == asked(archive, f"topic:{topic}") == "Anton Berta Emil"


@pytest.mark.parametrize(
    "state",
    ["DE-NW", "NW", "nrw", "NRW", "Nordrhein-Westfalen", "nordrhein westfalen", "North Rhine-Westphalia"],
)
def test_a_state_by_any_of_its_names(archive: Home, state: str) -> None:
    assert asked(archive, "-s", state) == asked(archive, f"land:{state}") == "Emil Jakob"


@pytest.mark.parametrize("place", ["Bad Nauheim", "bad nauheim", "Bad-Nauheim", "06440002"])
def test_a_place_by_any_of_its_names(archive: Home, place: str) -> None:
    assert asked(archive, "-p", place) == asked(archive, f'ort:"{place}"') == "Berta"


def test_a_district_holds_for_its_municipalities(archive: Home) -> None:
    assert asked(archive, "-p", "Wetteraukreis") == "Berta"
    assert asked(archive, "place:Wetteraukreis") == "Berta"


@pytest.mark.parametrize("feed", ["beta", "BETA", "Behörden Blick", "behoerden blick"])
def test_a_feed_by_its_key_or_title(archive: Home, feed: str) -> None:
    assert asked(archive, "-f", feed) == asked(archive, f"quelle:{feed}")
    assert asked(archive, "-f", feed).startswith("Gustav")


def test_options_and_words_and_a_view_hold_together(archive: Home) -> None:
    assert asked(archive, "--view", "ki", "-s", "he", "since:2026-10-10") == "Berta"


# ------------------------------------------------------------------------------------------- the grammar


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("chatbot", "Anton Berta Emil"),
        ("CHATBOT heisst", "Anton Berta"),
        ('"chatbot heißt"', "Anton Berta"),
        ('"heißt chatbot"', ""),
        ("„Chatbot heißt“", "Anton Berta"),
        ("topic:ki OR topic:e-akte", "Anton Berta Doras Emil Ludwig"),
        ("topic:ki ODER land:by", "Anton Berta Caesar Doras Emil"),
        ("topic:ki state:he OR state:by", "Berta Caesar Doras Emil"),
        ("topic:ki (state:bb OR state:nw)", "Anton Emil"),
        ("(topic:ki | topic:breitband) -state:he", "Anton Caesar"),
        ("topic:ki -(state:bb OR state:nw)", "Berta"),
        ("topic:ki NOT place:Potsdam", "Berta Emil"),
        ("NICHT feed:beta UND NICHT thema:ki", "Caesar Doras Frieda"),
        ('-"chatbot heißt" topic:ki', "Emil"),
        ("topic:ki -topic:ki", ""),
        ("state:bund,eu", "Gustav Hedwig"),
        ("state:none -state:bund,eu", "Frieda Ida"),
        ("state:by, he topic:e-akte", "Doras Ludwig"),
        ('place:"Bad Nauheim",Köln', "Berta Jakob"),
        ("place:Kempten(Allgäu)", "Doras"),
        ("kw:42 -kw:42/2026", ""),
        ("feed:beta -since:2026-10-01", "Ida Jakob Klara Ludwig"),
        ("is:read", "Anton"),
        ("is:read OR is:starred", "Anton Jakob"),
        ("", ALL),
        (" ", ALL),
    ],
)
def test_a_query_as_one_argument(archive: Home, query: str, names: str) -> None:
    assert asked(archive, query) == names


@pytest.mark.parametrize(
    "arguments",
    [
        ["topic:ki", "(state:bb", "OR", "state:nw)"],
        ["topic:ki", "(", "state:bb", "OR", "state:nw", ")"],
        ["topic:ki (state:bb", "OR state:nw)"],
        ["(state:bb OR state:nw)", "-t", "ki"],
    ],
)
def test_the_shell_may_part_a_query_where_it_likes(archive: Home, arguments: list[str]) -> None:
    assert asked(archive, *arguments) == "Anton Emil"


@pytest.mark.parametrize(
    "arguments",
    [
        ["-topic:ki", "-f", "alpha", "-n", "2"],
        ["-f", "alpha", "-topic:ki", "-n", "2"],
        ["-f", "alpha", "-n", "2", "-topic:ki"],
        ["-falpha", "-n2", "--", "-topic:ki"],
        ["feed:alpha", "-chatbot", "-n", "2"],
        ["-n", "2", "-chatbot", "feed:alpha"],
        ["-thema:KI", "--feed=alpha", "--limit=2"],
        ['-"Chatbot"', "-falpha", "-n2"],
        ["-(topic:ki)", "-falpha", "-n2"],
        ["-falpha", "-n2", "--", "-chatbot"],
    ],
)
def test_exclusions_stand_before_and_behind_options(archive: Home, arguments: list[str]) -> None:
    assert asked(archive, *arguments) == "Caesar Doras"


def test_a_filter_that_matches_nothing_is_no_error(archive: Home) -> None:
    for arguments in (["topic:ki", "state:sl"], ["place:Trier"], ["wortdasesnichtgibt"]):
        done = archive.run("latest", "--offline", *arguments)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert archive.json("latest", "--offline", "--json", "-s", "SL")["articles"] == []
    assert "0 articles" in archive.run("latest", "--offline", "-F", "terminal", "-s", "SL").stdout


def test_every_command_that_lists_takes_the_same(archive: Home) -> None:
    for arguments in (["topic:ki", "-state:he"], ["-t", "ki", "NOT", "land:hessen"]):
        assert asked(archive, *arguments) == "Anton"
        for command in ("topics", "states", "places", "stats"):
            assert archive.json(command, "--json", *arguments)["total"] == 1


# ------------------------------------------------------------------------------------------------- mark


def test_mark_by_a_query(archive: Home, tmp_path: Path) -> None:
    own = archive.copy(tmp_path)

    assert own.run("mark", "read", "topic:ki").stderr == "kommcli: 2 articles marked\n"
    assert asked(own, "is:read") == "Anton Berta Emil"
    assert own.run("mark", "unread", "topic:ki", "-place:Potsdam").stderr == "kommcli: 2 articles marked\n"
    assert own.run("mark", "star", "-topic:ki", "-f", "alpha").stderr == "kommcli: 3 articles marked\n"
    assert asked(own, "--starred") == "Caesar Doras Frieda Jakob"
    assert own.run("mark", "unstar", "--view", "sueden").stderr == "kommcli: 2 articles marked\n"
    assert own.run("mark", "unstar", "land:by OR land:nw").stderr == "kommcli: 1 article marked\n"
    assert own.run("mark", "read", "-chatbot", "-kw:2025-W42").stderr == "kommcli: 8 articles marked\n"
    assert own.run("mark", "unread", "(topic:breitband OR topic:ki)").stderr == "kommcli: 2 articles marked\n"
    assert own.run("mark", "star", "state:sl").stderr == "kommcli: 0 articles marked\n"
    assert asked(own, "is:starred") == "Frieda"


def test_mark_by_a_wrong_query_marks_nothing(archive: Home) -> None:
    before = (archive.path / "archive.db").read_bytes()

    assert refused(archive, "mark", "read", "topic:kii")[0].startswith('kommcli: there is no topic "kii"')
    assert refused(archive, "mark", "read", "(topic:ki")[1:] == ["kommcli: (topic:ki", "kommcli: ^"]
    assert refused(archive, "mark", "star", "1", "--topic", "ki")
    assert (archive.path / "archive.db").read_bytes() == before


# ----------------------------------------------------------------------------------------- unknown values


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-s", "Hesen"], 'there is no state "Hesen" [usage.state]. Did you mean "Hessen"?'),
        (["land:Saksen"], 'there is no state "Saksen" [usage.state]. Did you mean "'),
        (["-t", "brietband"], 'there is no topic "brietband" [usage.topic]. Did you mean "'),
        (["-p", "Potsdma"], 'there is no place "Potsdma" [usage.place]. Did you mean "Potsdam"'),
        (["ort:Kölnn"], 'there is no place "Kölnn" [usage.place]. Did you mean "Köln"'),
        (["-f", "betta"], 'there is no feed "betta" [usage.feed]. Did you mean "beta"?'),
        (["--kind", "intervew"], 'there is no kind "intervew" [usage.kind]. Did you mean "interview"?'),
        (["--view", "sieden"], 'there is no view "sieden" [usage.view]. Did you mean "Süden"?'),
        (["is:gelsen"], 'articles are never "gelsen" [usage.is].'),
        (["--week", "2026-W60"], '--week "2026-W60" is no week [usage.date]. Write it like 2025-W42,'),
        (["kw:99"], 'kw:"99" is no week [usage.date].'),
        (["since:dann"], 'since:"dann" is no date [usage.date].'),
        (
            ["--since", "2026-10-10", "until:2026-10-09"],
            '--since "2026-10-10" lies behind until:"2026-10-09" [usage.date].',
        ),
        (["-s", ""], 'there is no state "" [usage.state].'),
        (["-t", "x" * 500], f'there is no topic "{"x" * 59}…" [usage.topic].'),
        (["-s", "\x1b[31m\nBY"], 'there is no state "[31m BY" [usage.state].'),
    ],
)
def test_an_unknown_value_is_one_sentence_with_the_nearest(
    archive: Home, arguments: list[str], message: str
) -> None:
    (line,) = refused(archive, "latest", "--offline", *arguments)

    assert line.startswith(f"kommcli: {message}")


def test_unknown_values_in_german(archive: Home) -> None:
    (line,) = refused(archive, "--lang", "de", "latest", "--offline", "-s", "Hesen")

    assert line == 'kommcli: es gibt kein Bundesland "Hesen" [usage.state]. Meinten Sie "Hessen"?'


# ------------------------------------------------------------------------------------------ syntax errors


@pytest.mark.parametrize(
    ("arguments", "message", "marked"),
    [
        (["topic:ki", "OR"], 'there is nothing behind "OR" [usage.query]. ', "OR"),
        (["OR", "topic:ki"], 'there is nothing before "OR" [usage.query]. ', "OR topic"),
        (["topic:ki", "(state:by"], "the query has an opening bracket without its end [", "(state"),
        (["state:by)", "x"], "the query has a closing bracket without its beginning [", ") x"),
        (["topic:ki", "()"], "the query has brackets with nothing between them [usage.query]", "()"),
        (['a "offen'], "the query has a quotation mark without its end [usage.query]", '"offen'),
        (["a", "topic:"], "topic: has no value [usage.query]", "topic:"),
        (["topic:ki,", "OR x"], "topic: has a comma without a value behind it [usage.query]", ", OR"),
        (["a", "topic:(ki)"], "topic: takes no brackets [usage.query]", "(ki)"),
        (["a", "sate:by"], 'there is no key "sate:" [usage.query]. Did you mean "state:"?', "sate:by"),
        (["a NOT"], 'there is nothing to exclude behind "NOT" [usage.query]', "NOT"),
        (["a", "*"], '"*" is no word to look for [usage.query]', "*"),
    ],
)
def test_a_syntax_error_points_at_the_character(
    archive: Home, arguments: list[str], message: str, marked: str
) -> None:
    sentence, query, mark = refused(archive, "latest", "--offline", *arguments)

    assert sentence.startswith(f"kommcli: {message}")
    assert query == f"kommcli: {' '.join(arguments)}"
    assert mark.removeprefix("kommcli: ").strip() == "^"
    assert query[mark.index("^") :].startswith(marked)


def test_the_mark_counts_columns_of_the_terminal(archive: Home) -> None:
    mark = refused(archive, "latest", "--offline", "東京 e\u0301 (x")[-1]

    assert mark == "kommcli: " + " " * len("東東京京 é ") + "^"


def test_the_mark_in_german(archive: Home) -> None:
    lines = refused(archive, "--lang", "de", "latest", "--offline", "thema:ki", "(land:by", "ODER")

    assert lines[0].startswith('kommcli: hinter "ODER" fehlt etwas [usage.query].')
    assert lines[1:] == ["kommcli: thema:ki (land:by ODER", "kommcli:                   ^"]


@pytest.mark.parametrize("columns", [40, 100])
def test_the_mark_in_a_terminal(archive: Home, columns: int) -> None:
    screen = shown(archive.terminal("latest", "--offline", "topic:ki", "OR", columns=columns), columns)
    query, mark = screen.splitlines()[-2:]

    assert (query, mark) == ("kommcli: topic:ki OR", "kommcli:          ^")
    assert query[mark.index("^") :] == "OR"


def test_a_long_query_is_shown_around_the_mark(archive: Home) -> None:
    _sentence, query, mark = refused(archive, "latest", "--offline", "wort " * 40 + "( " + "mehr " * 40)

    assert len(query) < 80
    assert query.startswith("kommcli: …")
    assert query.endswith("…")
    assert query[mark.index("^")] == "("


def test_an_error_in_a_view_names_it(archive: Home, tmp_path: Path) -> None:
    own = archive.copy(tmp_path)
    config = (own.path / "config.toml").read_text("utf-8")
    own.config('views.krumm = "topic:ki OR"\nviews.kreis = "view:kreis"\n' + config)

    sentence, query, mark = refused(own, "latest", "--offline", "--view", "krumm")
    assert sentence.startswith('kommcli: there is nothing behind "OR" (in the view "krumm") [usage.query].')
    assert query[mark.index("^") :] == "OR"
    (line,) = refused(own, "latest", "--offline", "view:kreis")
    assert line.startswith('kommcli: the view "kreis" leads back to itself (kreis → kreis) [usage.view].')


# ------------------------------------------------------------------------------------------ hostile text


@pytest.mark.parametrize(
    "query",
    [
        "'; DROP TABLE articles;",
        "x' OR 1=1",
        "%",
        "_",
        "a%b",
        "\\",
        "a\x1b]0;pwned\x07b",
        "\u202egnp.exe",
        "🏛️ Wörter",
        "\ufeff\u200b",
        "[red]x[/red]",
        "{0} %s {query}",
        "state:by\nstate:he",
        "a" * 1_999,
        "a " * 150,
        "NEAR(a b)",
    ],
)
def test_hostile_text_is_only_looked_for(archive: Home, query: str) -> None:
    before = (archive.path / "archive.db").read_bytes()
    done = archive.run("latest", "--offline", "-F", "terminal", query)

    assert done.returncode in (0, 2)
    assert "Traceback" not in done.stderr
    assert "[bug]" not in done.stderr
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", done.stdout + done.stderr)
    assert (archive.path / "archive.db").read_bytes() == before


def test_percent_and_underscore_are_no_wildcards(archive: Home) -> None:
    for query in ("%a%", "Ant_n", "Ant%"):
        assert asked(archive, query) == ""


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("a" * 2_001, "the query is longer than 2000 characters [usage.query]. "),
        ("(" * 100, "the query has more than 16 brackets or exclusions inside each other [usage.query]. "),
        ("-" * 100 + "a", "the query has more than 16 brackets or exclusions inside each other"),
        ("a " * 201 + "b", "the query has more than 200 conditions [usage.query]. "),
    ],
)
def test_monstrous_queries_are_refused(archive: Home, query: str, message: str) -> None:
    lines = refused(archive, "latest", "--offline", "--", *query.split())

    assert lines[0].startswith(f"kommcli: {message}")
    assert all(len(line) < 200 for line in lines)


def test_text_that_no_encoding_has(archive: Home) -> None:
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-m", "kommcli", "latest", "--offline", b"\xff\xfe"],
        env=archive.env,
        capture_output=True,
    )

    assert done.returncode in (0, 2)
    assert b"Traceback" not in done.stderr
    assert b"[bug]" not in done.stderr


# ---------------------------------------------------------------------------------------------- archive


def test_filters_on_an_empty_archive(home: Home) -> None:
    home.config("feeds = []\n")
    for arguments in (["topic:ki"], ["-p", "Köln"], ["land:bund", "OR", "wort"]):
        done = home.run("latest", "--offline", *arguments)
        assert (done.returncode, done.stdout) == (0, "")
    assert refused(home, "latest", "--offline", "-t", "quantenrechner")


@pytest.mark.parametrize(
    "word", ["ozg", "open", "telefon", "stadt", "politik", "nauheim", "Fachkräfte", "hof"]
)
def test_an_excluded_word_is_no_option_with_a_value(
    archive: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    """-ozg leaves out a word; it is not -o zg, which would write a file."""
    monkeypatch.chdir(tmp_path)
    assert asked(archive, f"-{word}") == asked(archive, "NOT", word)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [["-sBY"], ["-s", "BY"], ["-n20", "state:by"]])
def test_short_options_may_have_their_value_attached(archive: Home, arguments: list[str]) -> None:
    assert asked(archive, *arguments) == asked(archive, "--state", "BY")


@pytest.mark.parametrize("arguments", [["topic:-ki"], ["-t", "!ki"], ["--topic", "-ki"], ["state:−by"]])
def test_a_sign_before_a_value_is_no_filter(archive: Home, arguments: list[str]) -> None:
    """What was meant to be left out is not what is shown."""
    done = archive.run("latest", "--offline", *arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert "the sign stands before the key" in done.stderr
    assert done.stderr.rstrip().endswith(("Leave it out with -topic:ki.", "Leave it out with -state:by."))


def test_mark_wants_either_articles_or_filters(archive: Home) -> None:
    done = archive.run("mark", "star", "3", "topic:ki")

    assert done.returncode == 2
    assert "name articles or give filters, not both" in done.stderr
