"""The arrows of docs/design.md, held by a test: who may import whom, and who may name what."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import kommcli

SOURCE = Path(kommcli.__file__).parent

FOUNDATION = {
    "errors",
    "i18n",
    "model",
    "conditions",
    "tallies",
    "text",
    "dates",
    "datewords",
    "urls",
    "data",
}
"""What every room may use."""

EDGES: dict[str, set[str]] = {
    "errors": {"i18n"},
    "i18n": set(),
    "model": set(),
    "conditions": set(),
    "about": {"model"},
    "tallies": {"model"},
    "outgoing": set(),
    "stems": set(),
    "compounds": {"stems"},
    "traits": set(),
    "passages": {"stems", "compounds", "conditions"},
    "notify": FOUNDATION,
    "placenames": set(),
    "gazetteer": {"model", "placenames"},
    "text": set(),
    "dates": set(),
    "datewords": {"dates"},
    "urls": {"text"},
    "data": {"model", "text"},
    "paths": set(),
    "files": set(),
    "config": FOUNDATION | {"files", "outgoing"},
    "sources": FOUNDATION,
    "parsing": FOUNDATION | {"gazetteer"},
    "enrich": FOUNDATION | {"about", "placenames", "gazetteer", "stems", "compounds", "traits"},
    "archive": FOUNDATION | {"outgoing", "about", "stems", "compounds"},
    "query": FOUNDATION | {"stems", "compounds"},
    "render": FOUNDATION | {"about", "health", "outgoing", "passages"},
    "digest": FOUNDATION | {"render", "outgoing"},
    "bundle": FOUNDATION,
    "health": FOUNDATION | {"outgoing"},
    "keeping": FOUNDATION | {"sources", "archive", "together"},
    "telling": FOUNDATION | {"archive", "enrich", "about", "traits"},
    "relating": FOUNDATION | {"archive", "enrich", "stems", "placenames", "traits"},
    "refresh": FOUNDATION | {"sources", "archive", "keeping", "telling"},
    "rethink": FOUNDATION | {"archive", "telling"},
    "dispatch": FOUNDATION | {"archive", "digest", "outgoing"},
    "schedule": FOUNDATION,
    "together": {"model", "text"},
    "collect": FOUNDATION | {"sources", "archive", "together"},
    "cli": FOUNDATION
    | {"paths", "files", "config", "sources", "parsing", "enrich", "gazetteer", "archive", "query"}
    | {
        "about",
        "bundle",
        "health",
        "notify",
        "passages",
        "relating",
        "telling",
        "render",
        "digest",
        "dispatch",
        "outgoing",
        "refresh",
        "rethink",
        "schedule",
        "collect",
        "together",
        "cli",
        "",
    },
    "__main__": {"cli", ""},
}
"""Room -> rooms it may import ("" is the package itself: the version)."""

NAMES: dict[str, set[str]] = {
    "sqlite3": {
        "archive",
        "gazetteer",
        "keeping",
        "refresh",
        "rethink",
        "telling",
        "relating",
        "collect",
        "dispatch",
        "cli/explaining.py",
        "cli/searching.py",
        "cli/watching.py",
        "cli/issuing.py",
        "cli/session.py",
        "cli/refs.py",
        "cli/opening.py",
        "cli/paging.py",
        "cli/fetching.py",
        "cli/listing.py",
        "cli/pruning.py",
        "cli/composing.py",
    }
    | {"cli/counting.py"},
    "rich": {
        f"render/{name}.py"
        for name in ("terminal", "readingview", "subscriptions", "charts", "tilemap", "evidence", "foundview")
    }
    | {
        "render/issuetable.py",
        "cli/output.py",
    },
    "feedparser": {"parsing/feed.py"},
    "urllib3": {"sources"},
    "selectolax": {"parsing/walk.py", "parsing/outline.py"},
    "tomlkit": {"config"},
    "jinja2": {"render/html.py", "digest/forms.py", "digest/shelf.py"},
    "pyphen": {"render/typeset.py"},
    "protego": {"sources/robots.py"},
    "trafilatura": {"parsing/other.py"},
    "PIL": {"parsing/picture.py"},
    "smtplib": {"digest/deliver.py", "digest/wire.py"},
    "subprocess": {
        "parsing/pool.py",
        "sources/secrets.py",
        "digest/deliver.py",
        "cli/scheduling.py",
        "notify.py",
    },
    "Stemmer": {"stems.py"},
}
"""Library -> the places that may name it (a room or a file)."""

PURE = (
    "text.py",
    "dates.py",
    "datewords.py",
    "urls.py",
    "model.py",
    "conditions.py",
    "placenames.py",
    "stems.py",
    "traits.py",
    "passages.py",
    "health.py",
    "query",
    "enrich",
    "data/states.py",
    "data/adjectives.py",
)
"""Rooms that see no clock, environment, disk or network."""


def modules() -> list[Path]:
    """Every module of the package but the demo's data."""
    return sorted(SOURCE.rglob("*.py"))


def room(path: Path) -> str:
    """The room that a module belongs to."""
    first = path.relative_to(SOURCE).parts[0]
    return "" if first == "__init__.py" else first.removesuffix(".py")


def imported(path: Path) -> set[str]:
    """The dotted names that a module imports, at its top or inside."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_arrows(path: Path) -> None:
    """A module imports only the rooms that the table allows."""
    own = room(path)
    allowed = EDGES.get(own, set()) | {own}
    for name in imported(path):
        if name == "kommcli" or name.startswith("kommcli."):
            target = name.split(".")[1] if "." in name else ""
            target = "" if target == "__version__" else target
            if own == "sources" and target == "":
                continue  # the version, for the User-Agent
            assert target in allowed, f"{path.relative_to(SOURCE)} must not import {name}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_names(path: Path) -> None:
    """SQL, Rich, feedparser, the HTTP client and the like stay in their rooms."""
    relative = str(path.relative_to(SOURCE))
    for name in imported(path):
        places = NAMES.get(name.split(".")[0])
        if places is not None:
            assert any(relative == place or relative.startswith(place + "/") for place in places) or (
                relative.removesuffix(".py") in places
            ), f"{relative} must not name {name}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_environment_and_clock(path: Path) -> None:
    """The environment is read at the edge; pure rooms ask no clock and touch no disk."""
    relative = str(path.relative_to(SOURCE))
    source = path.read_text("utf-8")
    if not relative.startswith(
        ("cli/", "__main__", "config/edit.py", "archive/database.py", "sources/local.py")
    ):
        assert "os.environ" not in source
    if relative.startswith(PURE):
        for word in ("datetime.now", "time.time", "open(", "socket", "Path("):
            assert word not in source, f"{relative} is pure, but has {word}"


def test_the_table_names_every_room() -> None:
    """A new room needs a line in the table."""
    assert {room(path) for path in modules()} - {""} == set(EDGES)
