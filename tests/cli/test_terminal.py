"""What strangers write must not act on the terminal: rows T1 to T5, T7, T9, T11 to T13, T15, T16.

Every command is run on a feed that attacks, in a pipe and in a real terminal, and its bytes are looked at.
"""

from __future__ import annotations

import itertools
import json
import re
import sqlite3
import unicodedata

import pytest

from conftest import Home, item, make_home, rss, shown, validate
from loopback import Server
from newsroom import ATTACKS, HOSTILE, in_files, newsroom

RICH = re.compile(
    rb"\x1b\[[0-9;]*m|\x1b\]8;(?:id=\d+;[\x21-\x7e]*|;)\x1b\\"  # SGR; a link begins and ends
    rb"|\x1b\[\?25[lh]|\x1b\[[12]K|\x1b\[\d*A|\r"  # the live display: cursor off and on, erase the line, up
)
HARMLESS = {"Cc": "\n\t", "Cf": "\u200d"}
"""What may be there of controls and format characters; U+200D only inside emoji."""

COMMANDS = [
    *(f"latest -n 100 --offline -F {name}" for name in ("plain", "terminal", "json", "jsonl", "csv")),
    *(f"read {number} -F {name}" for number in (11, 13) for name in ("plain", "terminal", "json")),
    *(f"feeds list -F {name}" for name in ("plain", "terminal", "json")),
    *(f"fetch --all -F {name}" for name in ("plain", "terminal", "json")),
    *(
        f"{name} -F {form}"
        for name in ("topics", "states", "places", "stats")
        for form in ("plain", "terminal")
    ),
    *(f"{name} -F json" for name in ("topics", "places", "stats")),
    *(f"explain 11 -F {form}" for form in ("plain", "terminal", "json")),
    *(f"read 11 --offline -F {form}" for form in ("markdown", "html")),
    "related 11 -F plain",
    *(f"search title OR screen OR bold -F {form}" for form in ("plain", "terminal", "json", "jsonl", "csv")),
    *(f"feeds history evil -F {form}" for form in ("plain", "terminal", "json")),
    *(f"prune --keep 1 --dry-run -F {form}" for form in ("plain", "terminal", "json")),
    "-v fetch --all",
    "feeds check -F plain",
    "feeds check -F terminal",
    "feeds check -F json",
    "config show",
]


@pytest.fixture(scope="module")
def evil(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A feed that attacks, as a list showed it; only read by the tests."""
    home = in_files(make_home(tmp_path_factory.mktemp("evil")), {"evil": HOSTILE})
    home.run("latest", "-F", "terminal", "-n", "100")
    return home


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Eight articles; only read by the tests."""
    return newsroom(make_home(tmp_path_factory.mktemp("archive")))


def harmful(text: str) -> list[str]:
    """The controls, format, private and unassigned characters of ``text`` that may not be there."""
    return [
        f"U+{ord(one):04X}"
        for one in text
        if unicodedata.category(one) in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")
        and one not in HARMLESS.get(unicodedata.category(one), "")
    ]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.row("T1", "T2", "T3", "T4", "T5", "P5")
def test_T1_to_T5_in_a_pipe_output_is_printable_text_and_line_breaks(evil: Home, command: str) -> None:
    done = evil.run(*command.split())

    assert done.returncode == 0, done.stderr
    assert harmful(done.stdout) == []
    assert harmful(done.stderr) == []
    if "csv" not in command and "-F plain" not in command:
        assert "\t" not in done.stdout
    if command.endswith("json"):
        validate(json.loads(done.stdout))


@pytest.mark.parametrize(
    ("command", "no_color"),
    [
        ("latest -n 100 --offline", False),
        ("latest -n 100 --offline", True),
        ("latest --refresh", False),
        ("search title OR screen OR bold OR 8", False),
        ("search title OR screen OR bold OR 8", True),
        ("read 11", False),
        ("read 13", True),
        ("feeds list", False),
        ("feeds check", False),
        ("fetch --all", False),
        ("-v fetch --all", True),
    ],
)
@pytest.mark.row("T1")
def test_T1_in_a_terminal_only_our_own_sequences_are_written(
    evil: Home, command: str, no_color: bool
) -> None:
    environment = {"NO_COLOR": "1"} if no_color else {}
    output = evil.terminal(*command.split(), **environment)

    text = RICH.sub(b"", output).decode("utf-8")
    assert harmful(text) == []
    if no_color:
        colours = re.findall(rb"\x1b\[[0-9;]*(?:3[0-7]|4[0-7]|9[0-7])m", output)
        assert colours == []
    for address in re.findall(rb"\x1b\]8;id=\d+;([^\x1b]*)", output):
        assert address.startswith(b"https://evil.example/")


LITERAL = [
    "Clear[2J[H screen",
    "Window ]0;pwned title",
    "Clipboard ]52;c;cHduZWQ=\\ OSC 52",
    "Raw [31mred[0m escape",
    "Return Over back del vt ff",
    "Bidi gnp.exe isolate mark \u05e9\u05dc\u05d5\u05dd",
    "Zerowidth softhyphen bom tag 👩‍💻 stays",
    "[red]not red[/red] [/b] [TODO] [link=https://evil.example/]x[/link] :smile: back\\",
    "[bold",
    "東京都デジタル庁が自治体向けの新しい行政サービス基盤を公開しました全国の市区町村で利用できます",
    "Bold <script>alert(1)</script> text",
]


@pytest.mark.parametrize("form", ["plain", "json", "jsonl", "csv"])
@pytest.mark.row("T7")
def test_T7_what_looks_like_markup_is_shown_as_it_is(evil: Home, form: str) -> None:
    out = evil.run("latest", "-n", "100", "--offline", "-F", form).stdout

    for title in LITERAL:
        written = json.dumps(title, ensure_ascii=False)[1:-1] if form.startswith("json") else title
        assert written in out, title


@pytest.mark.parametrize("columns", [60, 100, 110, 200])
@pytest.mark.row("T7")
def test_T7_the_same_words_in_the_terminal_of_any_width(evil: Home, columns: int) -> None:
    screen = evil.run(
        "latest", "-n", "100", "--offline", "-F", "terminal", env={"COLUMNS": str(columns)}
    ).stdout
    squeezed = "".join(screen.split())

    for title in LITERAL if columns < 110 else LITERAL[:3]:
        assert "".join(title.split()) in squeezed, title


@pytest.mark.row("T9")
def test_T9_a_base_keeps_eight_marks(evil: Home) -> None:
    titles = [one["title"] for one in evil.json("latest", "-n", "100", "--json", "--offline")["articles"]]

    assert len(titles) == len(ATTACKS)
    (zalgo,) = (title for title in titles if title.startswith("Zalgo"))
    assert sum(unicodedata.combining(one) > 0 for one in unicodedata.normalize("NFD", zalgo)) <= 9
    assert zalgo.endswith(" Ende")


@pytest.mark.row("T15")
def test_T15_hostile_text_in_an_error(home: Home, server: Server) -> None:
    server.raw("/a", b"HTTP/1.1 500 Oh\x1b[2J\x9b1m\xe2\x80\xae no\r\nContent-Length: 0\r\n\r\n")
    server.raw("/b", b"HTTP/1.1 200 OK\r\nContent-Type: \x1b]0;x\x07\r\nContent-Length: 5\r\n\r\nhello")
    server.redirect("/c", "javascript:\x1b]0;x\x07alert(1)")
    home.feeds({name: server.url(f"/{name}") for name in "abc"})
    done = home.run("fetch")

    assert done.returncode == 4
    assert len(done.stderr.splitlines()) == 3
    assert harmful(done.stderr) == []
    assert harmful(home.run("feeds", "list", "-F", "terminal").stdout) == []
    assert harmful(json.dumps(home.json("fetch", "--json", status=4), ensure_ascii=False)) == []


@pytest.mark.row("T7")
def test_text_that_others_wrote_into_the_archive_stays_text(home: Home) -> None:
    newsroom(home)
    with sqlite3.connect(home.path / "archive.db") as db:
        db.execute(
            "UPDATE articles SET title = '[red]x[/red] [/nope]', kicker = '[link=y]', teaser = ':smile:'"
        )
    for form in ("plain", "terminal"):
        assert "[red]x[/red] [/nope]" in home.run("latest", "-F", form).stdout
    assert ":smile:" in home.run("read", "yqmfqvyb", "--offline", "-F", "terminal").stdout


# --------------------------------------------------------------------------------- colours and widths


@pytest.mark.row("T12")
def test_T12_colours_only_where_they_are_wanted(archive: Home) -> None:
    colour = rb"\x1b\[[0-9;]*3[0-7]m"
    command = ["latest", "--offline", "-n", "3"]
    words = ["Potsdam:", "Wohni", "bewährt", "sich"]

    assert re.search(colour, archive.terminal(*command))
    for environment in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        output = archive.terminal(*command, **environment)
        assert not re.search(colour, output)
        assert all(word in output.decode() for word in words)
    assert b"\x1b" not in archive.terminal(*command, TERM="dumb")
    assert "\x1b" not in archive.run(*command, "-F", "terminal").stdout


LONG = (
    "Landkreis Ludwigslust-Parchim: "
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
    " stellt gemeinsam mit 27 Städten und Gemeinden das größte kommunale Rechenzentrum des Landes vor"
)


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Titles, names and addresses that are longer than a screen is wide."""
    home = make_home(tmp_path_factory.mktemp("wide"))
    link = "https://news.example/" + "sehr-lange-adresse-" * 15 + "ende"
    body = "<p>" + "Wort " * 100 + "</p><p>" + "x" * 300 + "</p>"
    feed = rss(
        item(
            1, LONG, link=link, description=body.replace("<", "&lt;"), category="Verwaltungsverfahrensgesetz"
        )
        + item(2, "東京都デジタル庁" * 12)
        + item(3),
        "Informations- und Nachrichtendienst der kommunalen Spitzenverbände Norddeutschlands",
    )
    in_files(home, {"ein-sehr-langer-schluessel-eines-feeds-40": feed})
    home.run("latest", "-F", "terminal")
    return home


@pytest.mark.parametrize(
    ("command", "columns"),
    [
        *itertools.product(["latest", "feeds list"], [60, 100, 110, 200]),
        *itertools.product(["read 1", "fetch --all", "feeds check"], [60, 110]),
    ],
)
@pytest.mark.row("T9", "T10")
def test_nothing_is_wider_than_the_terminal_and_nothing_is_cut(
    wide: Home, command: str, columns: int
) -> None:
    from rich.cells import cell_len

    done = wide.run(*command.split(), "-F", "terminal", env={"COLUMNS": str(columns)})

    assert max(cell_len(line) for line in done.stdout.splitlines()) <= columns
    assert "…" not in done.stdout
    squeezed = "".join(done.stdout.split())
    if command == "latest" and columns < 110:
        assert "".join(LONG.split()) in squeezed
        assert "東京都デジタル庁" * 12 in squeezed
    if command.startswith("feeds"):
        assert (
            "ein-sehr-langer-schluessel-eines-feeds-4" in squeezed
            if columns < 100
            else "ein-sehr-lang" in squeezed
        )
    if command == "feeds list":
        assert "schluessel-eines-feeds-40.xml" in squeezed
    if command == "read 1":
        assert "ende" in squeezed
        assert "x" * 300 in squeezed


@pytest.mark.parametrize("columns", [60, 100, 110, 200])
def test_what_a_person_sees(archive: Home, columns: int) -> None:
    screen = shown(archive.terminal("latest", "--offline", columns=columns), columns)
    lines = screen.splitlines()

    first = next(line for line in lines if "Wohni" in line)
    assert "Potsdam: Wohni bewährt sich" in first
    if columns < 110:
        assert lines[lines.index(first) + 1].strip() == "● today 08:00 · Grüne Städte · BB"
    else:
        where = "BB" if columns < 140 else "Potsdam · BB"
        assert first.split() == f"2 ● today 08:00 Potsdam: Wohni bewährt sich {where} Grüne Städte".split()
    assert screen.replace("\n", " ").endswith(
        "8 articles · as of today 11:00 · read one: kommcli read NUMBER"
    )


@pytest.mark.parametrize("columns", ["0", "-1", "1", "20", "10000", "abc", ""])
@pytest.mark.row("T11")
def test_T11_strange_widths(archive: Home, columns: str) -> None:
    more = [["read", "yqmfqvyb", "--offline"], ["feeds", "list"]] if columns == "0" else []
    for command in (["latest"], *more):
        done = archive.run(*command, "-F", "terminal", env={"COLUMNS": columns, "LINES": columns})
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.strip()


@pytest.mark.parametrize(
    "environment",
    [{"PYTHONUTF8": "0", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}, {"PYTHONIOENCODING": "ascii"},
     {"PYTHONIOENCODING": "latin-1"}],
    ids=["C", "ascii", "latin-1"],
)  # fmt: skip
@pytest.mark.row("T13")
def test_T13_an_output_that_knows_few_letters(evil: Home, environment: dict[str, str]) -> None:
    import subprocess
    import sys

    for command in ("latest -n 100 --offline", "latest -n 100 --offline -F terminal", "read 13 --offline"):
        done = subprocess.run(
            [sys.executable, "-m", "kommcli", *command.split()],
            env=evil.env | environment,
            capture_output=True,
        )
        assert (done.returncode, done.stderr) == (0, b"")
        assert b"Traceback" not in done.stdout
