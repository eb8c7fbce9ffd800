"""Reading and checking the configuration: all errors at once, each with file, line, key and remedy."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from kommcli.config.spec import FEED, FETCH, GENERAL, Key
from kommcli.errors import ConfigError, did_you_mean, sentence
from kommcli.i18n import _
from kommcli.model import Feed
from kommcli.text import clean, fold, shorten
from kommcli.urls import canonical, redacted

_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)")
"""Names that Windows keeps for devices (Microsoft, "Naming Files, Paths, and Namespaces")."""


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """``[fetch]``: seconds, bytes, counts."""

    connect_timeout: float
    total_timeout: float
    max_body: int
    threads: int
    per_host: int


@dataclass(frozen=True, slots=True)
class Config:
    """The whole configuration. ``path`` is the file, or None where there is none;
    ``builtin`` says that the feeds are kommcli's own list."""

    path: Path | None
    language: str
    refresh_after: timedelta
    limit: int
    contact: str
    feed_root: Path | None
    fetch: FetchSettings
    feeds: tuple[Feed, ...]
    builtin: bool

    def feed(self, key: str) -> Feed | None:
        """The feed with this key."""
        return next((feed for feed in self.feeds if feed.key == key), None)

    @property
    def titles(self) -> dict[str, str]:
        """The configured names of feeds, by key."""
        return {feed.key: feed.title for feed in self.feeds if feed.title}


@dataclass(slots=True)
class _Problems:
    """Collects every finding, so that all can be told at once."""

    path: Path
    text: str
    found: list[tuple[int, str, str]] = field(default_factory=list)

    def add(self, where: tuple[str, int, str], what: str, code: str, remedy: str = "") -> None:
        self.tell(line_of(self.text, *where), what, code, remedy)

    def tell(self, line: int, what: str, code: str, remedy: str) -> None:
        place = f"{self.path}:{line}" if line else str(self.path)
        self.found.append((line, code, sentence(f"{place}: {what}", "", code, remedy)))

    def raise_if_any(self) -> None:
        if self.found:
            ordered = sorted(self.found)
            raise ConfigError(tuple(text for _line, _code, text in ordered), code=ordered[0][1])


def builtin_toml() -> str:
    """The text of the feeds that kommcli knows from the start."""
    return (Path(__file__).parent.parent / "data" / "feeds.toml").read_text("utf-8")


def load(path: Path, *, missing_ok: bool = True) -> Config:
    """The configuration in ``path``; the defaults where there is no such file and ``missing_ok``.

    Raises `ConfigError` with all findings.
    """
    text = read(path)
    if text is None and not missing_ok:
        raise ConfigError.single(
            _("there is no configuration {path}").format(path=path),
            code="config.missing",
            remedy=_("Make one with `kommcli config init`."),
        )
    return parse(text or "", path, exists=text is not None)


def read(path: Path) -> str | None:
    """The text of a configuration file; None where there is none. Raises `ConfigError`."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ConfigError.single(
            _("the configuration {path} cannot be read").format(path=path),
            cause=error.strerror or "",
            code="config.missing",
            remedy=_("Check the path and its permissions."),
        ) from error
    return _decoded(raw, path)


def _decoded(raw: bytes, path: Path) -> str:
    """``raw`` as text; a byte order mark is dropped."""
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError.single(
            _("{path}:{line}: the file is not in UTF-8").format(path=path, line=line),
            code="config.syntax",
            remedy=_("Save it with the encoding UTF-8."),
        ) from error


def parse(source: str, path: Path, *, exists: bool = True) -> Config:
    """The configuration that the TOML text ``source`` holds; ``path`` is named in errors."""
    table = toml(source, path)
    problems = _Problems(path, source)
    feeds = table.pop("feeds", None)
    fetch = table.pop("fetch", {})
    general = _section(GENERAL, table, ("", 0), problems)
    settings = _section(FETCH, fetch, ("fetch", 0), problems)
    if feeds is None:
        own, builtin = _builtin_feeds(), True
    else:
        own, builtin = _feeds(feeds, problems), False
    problems.raise_if_any()
    root = general["feed_root"]
    return Config(
        path=path if exists else None,
        language=general["language"] or "",
        refresh_after=general["refresh_after"],
        limit=general["limit"],
        contact=general["contact"],
        feed_root=path.parent / os.path.expanduser(root) if root else None,
        fetch=FetchSettings(**settings),
        feeds=own,
        builtin=builtin,
    )


def toml(source: str, path: Path) -> dict[str, Any]:
    """What the TOML text says. Raises `ConfigError` with line and column."""
    try:
        return tomllib.loads(source)
    except (tomllib.TOMLDecodeError, ValueError) as error:
        where = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        place = f"{path}:{where[1]}:{where[2]}" if where else str(path)
        cause = str(error).partition(" (at ")[0]
    except RecursionError:
        place, cause = str(path), _("brackets are nested too deeply")
    raise ConfigError.single(
        f"{place}: " + _("the file is not valid TOML"),
        cause=clean(cause),
        code="config.syntax",
        remedy=_("Mend this place."),
    )


def _section(
    keys: tuple[Key, ...], table: Any, place: tuple[str, int], problems: _Problems
) -> dict[str, Any]:
    """The values of one table, defaults filled in."""
    name, index = place
    if not isinstance(table, dict):
        problems.add((name, index, ""), _("{name} must be a table").format(name=name), "config.value")
        table = {}
    known = {key.name: key for key in keys}
    for given in table:
        if given not in known:
            problems.add(
                (name, index, given),
                _("unknown key {key}").format(key=f'"{clean(given)}"'),
                "config.unknown_key",
                did_you_mean(given, (*known, *(("fetch", "feeds") if not name else ()))),
            )
    values = {}
    for key in keys:
        value = table.get(key.name, key.default)
        try:
            values[key.name] = None if value is None else key.parse(value)
        except ValueError as error:
            problems.add(
                (name, index, key.name),
                _("{key} = {value} cannot be used").format(key=key.name, value=_shown(key.name, value)),
                "config.value",
                str(error)[0].upper() + str(error)[1:] + ".",
            )
            values[key.name] = None if key.default is None else key.parse(key.default)
    return values


def _shown(name: str, value: Any) -> str:
    """A wrong value as an error may repeat it: short, clean, and nothing that may hold a secret."""
    if name in ("headers", "auth"):
        return "…"
    if isinstance(value, str):
        value = redacted(value) if name == "url" else value
        return f'"{shorten(clean(value), 60)}"'
    return shorten(clean(repr(value)), 60)


def _feeds(tables: Any, problems: _Problems) -> tuple[Feed, ...]:
    if not isinstance(tables, list):
        problems.add(("feeds", 0, ""), _("feeds are written as [[feeds]] tables"), "config.value")
        return ()
    feeds = []
    lines = (
        line for line, text in _lines(problems.text) if text.startswith("[[") and _header(text) == "feeds"
    )
    for index, table in enumerate(tables):
        values = _section(FEED, table, ("feeds", index), problems)
        if not values["url"] and not (isinstance(table, dict) and "url" in table):
            problems.add(("feeds", index, ""), _("a feed has no url"), "config.value")
        # A feed with a wrong address is kept for now: its key may be wrong, too.
        values["url"] = values["url"] or f"#{index}"
        feeds.append(_feed(values, next(lines, 0)))
    _refuse_doubles(feeds, problems)
    return tuple(feeds)


def _feed(values: dict[str, Any], line: int) -> Feed:
    wanted = values.pop("key") or values["title"] or values["url"]
    key = safe_key(wanted)
    if values["title"] == "" and key != wanted and wanted != values["url"]:
        values["title"] = wanted
    return Feed(key=key, line=line, **values)


def safe_key(name: str) -> str:
    """A short ASCII key for any name or address: letters, digits, - and _, at most 40.

    The name itself stays what it is; the key is what commands, scripts and files use.
    """
    if re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,39}", name) and not _RESERVED.fullmatch(name):
        return name
    if "://" in name:
        name = re.sub(r"(^|/)(www|feeds?|rss|atom|xml|index)\b", "", name.partition("://")[2])
        name = re.sub(r"^\.|\.(xml|rss|atom|json|html?|php)\b", "", name)
    for umlaut, written in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        name = name.lower().replace(umlaut, written)
    slug = (
        re.sub(r"[^a-z0-9_]+", "-", fold(name) if not name.isascii() else name).strip("-_")[:40].strip("-_")
    )
    if not slug:
        from hashlib import sha256  # OpenSSL: 4 ms

        return "feed-" + sha256(name.encode("utf-8", "replace")).hexdigest()[:6]
    return slug + "-feed" if _RESERVED.fullmatch(slug) else slug


def _refuse_doubles(feeds: Iterable[Feed], problems: _Problems) -> None:
    seen: dict[tuple[str, str], Feed] = {}
    for feed in feeds:
        for what, value in (("key", feed.key), ("url", canonical(feed.url))):
            first = seen.setdefault((what, value), feed)
            if first is not feed:
                shown = feed.key if what == "key" else feed.url
                found = _("{what} {value} is used twice").format(what=what, value=f'"{clean(shown)}"')
                if feed.line:
                    lines = _("in lines {first} and {second}").format(first=first.line, second=feed.line)
                    found = f"{found}, {lines}"
                problems.tell(feed.line, found, "config.value", _("Remove one of them."))


def _builtin_feeds() -> tuple[Feed, ...]:
    problems = _Problems(Path("feeds.toml"), "")
    feeds = _feeds(tomllib.loads(builtin_toml())["feeds"], problems)
    problems.raise_if_any()
    return feeds


def line_of(source: str, table: str, index: int, key: str) -> int:
    """The line (from 1) of ``key`` in the ``index``-th ``[[table]]`` or the ``[table]`` of a TOML text.

    tomllib does not tell lines. Falls back to the table's own line, then to 0 (not found).
    """
    inside, count, fallback = table == "", -1, 0
    for line, content in _lines(source):
        if content.startswith("["):
            name = _header(content)
            if content.startswith("[[") and name == table:
                count += 1
            if key and name == f"{table}.{key}" and count in (index, -1):
                return line
            inside = name == table and (count == index or not content.startswith("[["))
            fallback = line if inside else fallback
        elif key and ((inside and _names(content, key)) or (count < 0 and _names(content, f"{table}.{key}"))):
            return line
    if not table:
        return next((n for n, c in _lines(source) if re.match(rf"\[+\s*[\"']?{re.escape(key)}\b", c)), 0)
    return fallback


def _header(content: str) -> str:
    """The name in ``[name]`` or ``[[name]]``."""
    return re.sub(r"[\[\]\s\"']|#.*", "", content)


def _names(content: str, key: str) -> bool:
    """Whether a line sets ``key``."""
    return bool(re.match(rf"[\"']?{re.escape(key)}[\"']?\s*[=.]", content))


def _lines(source: str) -> Iterator[tuple[int, str]]:
    """The numbered lines that are not the inside of a text of several lines."""
    mark = ""
    for number, line in enumerate(source.split("\n"), start=1):
        if not mark:
            yield number, line.strip()
        for found in re.findall(r'"""|\'\'\'', line):
            mark = found if not mark else "" if found == mark else mark
