"""Make everything that is generated: reference pages, config.example.toml, the message catalogue.

    python docs/generate.py            write
    python docs/generate.py --check    exit 1 and name what is out of date

The tests run the check, so what the documentation says is what the program does.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from kommcli import i18n

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "kommcli"
STORIES = ROOT / "docs" / "stories.md"
UNDERSTANDING = ROOT / "docs" / "understanding.md"
CATALOGUE = SOURCE / "locale" / "de" / "LC_MESSAGES" / "kommcli.po"


def cli_reference() -> str:
    """Every command's help, as the program prints it."""
    pages = ["# Commands", "", "Made from the program's own help by `docs/generate.py`.", ""]
    for words in [(), *_commands()]:
        name = " ".join(("kommcli", *words))
        pages += [f"## {name}", "", "```text", _help(words).rstrip(), "```", ""]
    return "\n".join(pages)


def _help(words: tuple[str, ...]) -> str:
    env = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "KOMMCLI_"))}
    env |= {"LANG": "en_US.UTF-8", "COLUMNS": "100", "KOMMCLI_HOME": os.devnull, "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "kommcli", *words, "--help"]
    return subprocess.run(
        command, env=env, capture_output=True, text=True, check=True, encoding="utf-8"
    ).stdout


def _commands() -> list[tuple[str, ...]]:

    from kommcli.cli.app import program

    def walk(command: Any, words: tuple[str, ...]) -> list[tuple[str, ...]]:
        found = []
        for name, inner in sorted(getattr(command, "commands", {}).items()):
            found += [(*words, name), *walk(inner, (*words, name))]
        return found

    return walk(program(), ())


def config_reference() -> str:
    """Every key of the configuration with default and meaning."""
    from kommcli.config.example import heading, toml_value
    from kommcli.config.spec import ABOUT, SECTIONS

    placeholders = {"views": "NAME", "topics": "KEY"}
    lines = ["# Configuration", "", "Made from the table of keys by `docs/generate.py`.", ""]
    for section, keys in SECTIONS.items():
        title = heading(section, placeholders.get(section, "")) if section else "Top of the file"
        lines += [f"## {title}", "", *([ABOUT[section], ""] if section in ABOUT else [])]
        lines += ["| key | default | meaning |", "| --- | --- | --- |"]
        for key in keys:
            default = "–" if key.default is None else f"`{toml_value(key.default)}`"
            lines.append(f"| `{key.name}` | {default} | {key.help.replace('|', chr(92) + '|')} |")
        lines.append("")
    return "\n".join(lines)


KEYS_MEAN = {
    "topic": "key, name or alias of a topic; `none`",
    "state": "code (BY, DE-BY), usual abbreviation (NRW, RLP), German or English name; `bund`, `eu`, `none`",
    "place": "municipality, district (with its municipalities) or region, or its official key; `none`",
    "feed": "key or title of a feed",
    "kind": "meldung, bericht, interview, kommentar, studie, termin, personalie, ausschreibung, podcast",
    "since": "from this day on: 2026-10-16, 16.10.2026, 7d, yesterday, 2026-W42",
    "until": "up to and including this day",
    "week": "an ISO week: 2026-W42, 42, this, last",
    "is": "unread, read, starred, unstarred",
    "view": "the filters saved as [views.NAME]",
}
QUERIES = {
    "topic:ki state:by": "about AI in Bavaria",
    "thema:ki land:by,bw": "in Bavaria or Baden-Württemberg; German keys are equal",
    'place:"Bad Nauheim" since:7d': "about Bad Nauheim, of the last seven days",
    "-topic:veranstaltungen is:unread": "unread, without events",
    "topic:breitband (state:mv OR state:sh)": "broadband in one of two states",
    "glasfaser -kosten": "words are found inside words: Glasfaserausbau; a minus excludes",
    '"offene Daten" kw:42': "a phrase, in one week",
    "state:none -state:bund": "about no state and not about the federation",
}


def query_reference() -> str:
    """The query grammar: keys, operators, and examples that are parsed here."""
    from datetime import UTC, datetime

    from kommcli.data.topics import builtin
    from kommcli.enrich.places import Corrected, keys_of
    from kommcli.gazetteer import Gazetteer
    from kommcli.query import KEYS, Known, build

    places = Corrected(Gazetteer(), {}, ())
    topics = builtin()
    known = Known(
        feeds=dict,
        topic=lambda name: getattr(topics.find(name), "key", ""),
        topic_names=topics.names,
        places=lambda name: keys_of(name, places),
        near_places=places.near,
        views={},
    )
    lines = [
        "# Queries",
        "",
        "Made from the grammar by `docs/generate.py`; every example is parsed there.",
        "",
    ]
    lines += [
        "`latest`, `digest`, `topics`, `states`, `places`, `stats` and `mark` take the same filters, as",
        "options and as query words, and all together. Values with commas are alternatives, as repeated",
        "options are.",
        "",
        "| key | also | value |",
        "| --- | --- | --- |",
    ]
    for key, meaning in KEYS_MEAN.items():
        others = ", ".join(f"`{name}:`" for name, own in KEYS.items() if own == key and name != key)
        lines.append(f"| `{key}:` | {others} | {meaning} |")
    lines += ["", "| query | articles |", "| --- | --- |"]
    for query, meaning in QUERIES.items():
        build([query], now=datetime(2026, 10, 16, tzinfo=UTC), known=known)
        lines.append(f"| `{query}` | {meaning} |")
    lines += [
        "",
        "Several conditions hold together; `OR` (`ODER`, `|`) and brackets group, `-` or `NOT` (`NICHT`)",
        "excludes, quotation marks make a phrase. In a shell, put a query with quotation marks or brackets",
        "between single ones: `kommcli latest 'ort:\"Bad Nauheim\"'`.",
        "",
        "```toml",
        "[views.ki-sueden]",
        'topic = "ki"',
        'state = ["BY", "BW"]',
        'since = "7d"',
        "",
        "[views]",
        'funk = "thema:breitband (5g OR mobilfunk)"',
        "```",
        "",
    ]
    return "\n".join(lines)


def topics_reference() -> str:
    """The topics that kommcli knows."""
    table = tomllib.loads((SOURCE / "data" / "topics.toml").read_text("utf-8"))
    lines = ["# Topics", "", "Made from `src/kommcli/data/topics.toml` by `docs/generate.py`.", ""]
    lines += [
        "What they are found by stands in that file; `[topics.KEY]` in the configuration changes it.",
        "",
        "| key | name | English | also |",
        "| --- | --- | --- | --- |",
    ]
    for key, topic in table.items():
        aliases = ", ".join(topic.get("aliases", []))
        lines.append(f"| `{key}` | {topic['name']} | {topic['en']} | {aliases.replace('|', chr(92) + '|')} |")
    return "\n".join(lines) + "\n"


def errors_reference() -> str:
    """docs/errors.md: exit codes, and all codes with what they mean."""
    sys.path.insert(0, str(ROOT / "docs"))
    import codes

    return codes.page()


def output_reference() -> str:
    """Columns of plain and csv, fields of the JSON."""
    from kommcli.render.records import COLUMNS
    from kommcli.render.schema import SCHEMAS

    lines = ["# Output", "", "Made from the code by `docs/generate.py`.", "", "## plain and csv", ""]
    lines += [
        "One article a line; `plain` is tab-separated, `csv` has a header and `teaser` as a last column.",
        "",
    ]
    lines += [f"{number}. `{name}`" for number, (name, _cell) in enumerate(COLUMNS, start=1)]
    lines += ["", "`flags` is `u` for unread and `s` for starred.", ""]
    for name, schema in SCHEMAS.items():
        lines += [f"## kommcli/{name}/1", "", f"`kommcli schema {name}` prints the JSON Schema.", ""]
        lines += ["| field | type | |", "| --- | --- | --- |", *_fields(schema, ""), ""]
    return "\n".join(lines)


def _fields(schema: dict[str, Any], path: str) -> list[str]:
    rows = []
    for name, inner in schema.get("properties", {}).items():
        here = f"{path}.{name}" if path else name
        rows.append(f"| `{here}` | {_type(inner)} | {inner.get('description', '')} |")
        deep = inner
        for option in inner.get("anyOf", []):
            deep = option if option.get("properties") else deep
        if deep.get("type") == "array":
            deep, here = deep["items"], here + "[]"
        rows += _fields(deep, here)
    return rows


def _type(schema: dict[str, Any]) -> str:
    if "const" in schema:
        return f'`"{schema["const"]}"`'
    if "anyOf" in schema:
        return " or ".join(_type(option) for option in schema["anyOf"])
    kinds = schema.get("type", "any")
    return " or ".join([kinds] if isinstance(kinds, str) else kinds)


def example_config() -> str:
    """config.example.toml."""
    from kommcli.config.example import example_toml

    return example_toml()


def latest_picture() -> str:
    """docs/latest.svg: the demo's newest articles as a terminal of 112 columns shows them."""
    from kommcli.archive import articles
    from kommcli.conditions import Query
    from kommcli.render import terminal

    def draw(session: Any, db: Any) -> Any:
        found = articles.select(db, Query(limit=12), session.config.titles)
        note = terminal.list_note(len(found), session.now, session.now)
        return terminal.articles(found, session.now, 112, note)

    return _picture("kommcli --demo latest", draw)


def states_picture() -> str:
    """docs/states.svg: the demo's states as tiles."""
    from kommcli import dates
    from kommcli.archive import counts
    from kommcli.conditions import All
    from kommcli.render import tilemap

    def draw(_session: Any, db: Any) -> Any:
        extent = counts.extent(db, All())
        assert extent is not None
        return tilemap.states(counts.tally(db, All(), "state", dates.weeks_between(*extent)), 112)

    return _picture("kommcli --demo states", draw)


def read_picture() -> str:
    """docs/read.svg: an article of the demo, read in 76 columns."""
    from kommcli.cli.opening import Opening
    from kommcli.render import readingview

    def draw(session: Any, _db: Any) -> Any:
        reading = Opening(session).open(READ).reading()
        return readingview.article(
            replace(reading, related=reading.related[:3]), readingview.View(76, first=21)
        )

    return _picture("kommcli --demo read 7", draw, 76)


READ = "https://www.kommunaldigital.example/meldungen/bauakten-auf-knopfdruck/"
"""The seventh of the demo's newest articles: behind the list of 20 its related ones begin with 21."""


def _picture(title: str, draw: Callable[[Any, Any], Any], width: int = 112) -> str:
    """What ``draw`` makes of the demo's session and archive, in German, as a drawing."""
    import tempfile

    from rich.console import Console
    from rich.terminal_theme import MONOKAI

    from kommcli.cli.session import new_session

    with tempfile.TemporaryDirectory() as folder:
        os.environ["KOMMCLI_HOME"] = folder
        session = new_session(config=None, demo=True, verbose=False, quiet=True, debug=False)
        console = Console(
            file=io.StringIO(), record=True, width=width, markup=False, highlight=False, force_terminal=True,
            color_system="truecolor",
        )  # fmt: skip
        with session.reading() as db:
            i18n.use("de")
            console.print(draw(session, db))
            i18n.use("en")
    drawing = console.export_svg(title=title, theme=MONOKAI, unique_id="kommcli")
    # The fonts of the reader's own machine will do: no remote resource.
    return re.sub(r"@font-face \{.*?\}\s*", "", drawing, flags=re.DOTALL)


def readme() -> str:
    """README.md with what its commands print: a block behind ``<!-- $ kommcli … | head -N -->``."""
    import tempfile

    env = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "KOMMCLI_"))}

    def printed(found: re.Match[str]) -> str:
        command, _pipe, head = found[1].partition(" | head -")
        with tempfile.TemporaryDirectory() as folder:
            lines = subprocess.run(
                [sys.executable, "-m", *shlex.split(command)],
                env=env | {"LANG": "de_DE.UTF-8", "KOMMCLI_HOME": folder, "PYTHONUTF8": "1"},
                capture_output=True, text=True, check=True, encoding="utf-8",
            ).stdout.splitlines()  # fmt: skip
        shown = "\n".join(line.rstrip() for line in (lines[: int(head)] if head else lines))
        return f"<!-- $ {found[1]} -->\n```text\n{shown}\n```\n"

    page = (ROOT / "README.md").read_text("utf-8")
    return re.sub(r"<!-- \$ (.+?) -->\n```text\n.*?\n```\n", printed, page, flags=re.DOTALL)


def topics_json() -> str:
    """The topics as the program loads them."""
    from kommcli.data.topics import compiled

    return compiled(tomllib.loads((SOURCE / "data" / "topics.toml").read_text("utf-8")))


def understanding_page() -> str:
    """docs/understanding.md: the figures and misses of the labelled set, below what stands there already."""
    sys.path.insert(0, str(ROOT))
    from tests.labelled.report import report

    page = UNDERSTANDING.read_text("utf-8")
    mark = "<!-- python -m tests.labelled -->\n"
    return page.partition(mark)[0] + mark + "\n" + report()


def stories_page() -> str:
    """docs/stories.md: the figures of stories, related articles and search, below what stands there."""
    sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
    from tests.labelled.likeness_report import report

    page = STORIES.read_text("utf-8")
    mark = "<!-- python -m tests.labelled likeness -->\n"
    return page.partition(mark)[0] + mark + "\n" + report()


def background() -> str:
    """The words of the field, and in how many articles they stand."""
    sys.path.insert(0, str(ROOT / "docs" / "vocabulary"))
    import frequencies

    return frequencies.background().decode()


def reliability_page() -> str:
    """docs/reliability.md: what kommcli survives, with the tests that prove it."""
    sys.path.insert(0, str(ROOT / "docs"))
    import reliability

    return reliability.page()


def places_are_stale() -> bool:
    """Whether the database of places is another than its table makes it; compared by content, because
    SQLite writes its version into the file."""
    import sqlite3

    build = _places()
    if not build.TARGET.exists():
        return True
    db = sqlite3.connect(build.TARGET)
    kept = [
        db.execute("SELECT * FROM places ORDER BY id").fetchall(),
        db.execute("SELECT * FROM names ORDER BY first, rest, place, form").fetchall(),
    ]
    db.close()
    return kept != [list(rows) for rows in build.contents()]


def _places() -> Any:
    sys.path.insert(0, str(ROOT / "docs" / "gazetteer"))
    import build

    return build


def catalogue() -> bytes:
    """The German catalogue, compiled; the same bytes on every day and with every Babel."""
    from babel.messages.catalog import Message
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    class Messages(list[Message]):
        charset = "utf-8"

    with CATALOGUE.open("rb") as file:
        _dated, *translated = read_po(file, locale="de")
    header = "Content-Type: text/plain; charset=utf-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"
    compiled = io.BytesIO()
    write_mo(compiled, Messages([Message("", header), *translated]))
    return compiled.getvalue()


def messages() -> dict[str, str]:
    """Every English sentence of the source -> the plural form or ""."""
    from babel.messages.extract import extract_from_dir

    found = {}
    keywords = {"_": None, "N_": None, "ngettext": (1, 2)}
    for _file, _line, message, _comments, _context in extract_from_dir(
        str(SOURCE), method_map=[("**.py", "python")], keywords=keywords
    ):
        one, many = (message[0], message[1]) if isinstance(message, tuple) else (message, "")
        found[one] = many
    return found


PAGES = {
    ROOT / "docs" / "commands.md": cli_reference,
    ROOT / "docs" / "configuration.md": config_reference,
    ROOT / "docs" / "errors.md": errors_reference,
    ROOT / "docs" / "query.md": query_reference,
    ROOT / "docs" / "topics.md": topics_reference,
    ROOT / "docs" / "output.md": output_reference,
    ROOT / "docs" / "reliability.md": reliability_page,
    ROOT / "README.md": readme,
    ROOT / "docs" / "latest.svg": latest_picture,
    ROOT / "docs" / "states.svg": states_picture,
    ROOT / "docs" / "read.svg": read_picture,
    SOURCE / "data" / "topics.json": topics_json,
    SOURCE / "data" / "background.json": background,
    UNDERSTANDING: understanding_page,
    STORIES: stories_page,
    ROOT / "config.example.toml": example_config,
}


def main() -> int:
    """Write or check everything."""
    stale = []
    made: dict[Path, bytes] = {path: make().encode() for path, make in PAGES.items()}
    made[CATALOGUE.with_suffix(".mo")] = catalogue()
    if places_are_stale():
        stale.append("src/kommcli/data/places.db")
        if "--check" not in sys.argv:
            _places().write()
    for path, content in made.items():
        if not path.exists() or path.read_bytes() != content:
            stale.append(str(path.relative_to(ROOT)))
            if "--check" not in sys.argv:
                path.write_bytes(content)
    if stale:
        print("out of date:" if "--check" in sys.argv else "written:", ", ".join(stale))
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
