"""Reading and checking the configuration: all errors at once, each with file, line, key and remedy."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kommcli.config.problems import Problems, checked
from kommcli.config.spec import FEED, GENERAL, NAMED, SECTIONS
from kommcli.data.family import is_family
from kommcli.errors import ConfigError
from kommcli.i18n import _
from kommcli.model import Feed
from kommcli.text import clean, fold
from kommcli.urls import canonical, host, redacted

if TYPE_CHECKING:
    from kommcli.config.mailing import MailSettings

_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d|saved)")
"""Names that Windows keeps for devices (Microsoft, "Naming Files, Paths, and Namespaces"), and the key of
kept pages."""


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """``[fetch]``: seconds, bytes, counts."""

    connect_timeout: float
    total_timeout: float
    max_body: int
    threads: int
    per_host: int


@dataclass(frozen=True, slots=True)
class DigestSettings:
    """``[digest]``. ``name``, ``salutation`` and ``closing`` are None where the user does not say them."""

    name: str | None
    salutation: str | None
    closing: str | None
    signature: str
    group: str
    max: int
    max_per_section: int
    remember: int


class Home(NamedTuple):
    """``home``: the reader's own region. States are ISO 3166-2 codes, places stand as they were typed."""

    states: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


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
    digest: DigestSettings
    mail: MailSettings | None
    """None where there is no such table."""
    feeds: tuple[Feed, ...]
    builtin: bool
    home: Home
    views: Mapping[str, str]
    """Text of the query by name; nobody has looked whether it is one."""
    place_aliases: Mapping[str, str]
    """What the user's names of places mean: another name or an official key, as typed."""
    place_ignored: tuple[str, ...]
    """Names that mean no place, as typed."""
    topics: Mapping[str, Mapping[str, Any]]
    """The user's changes of topics by key, as `data.topics.taxonomy` takes them."""
    synonyms: tuple[tuple[str, ...], ...] = ()
    """Groups of words that mean the same to a search, besides `data.synonyms`."""
    story_window: timedelta = timedelta(days=14)
    watches: Mapping[str, str] = field(default_factory=dict)
    """Text of the query by name, as that of views."""
    notify: tuple[str, ...] = ()
    """The command that new hits of watches are given to."""

    def feed(self, key: str) -> Feed | None:
        """The feed with this key."""
        return next((feed for feed in self.feeds if feed.key == key), None)

    @property
    def titles(self) -> dict[str, str]:
        """The configured names of feeds, by key."""
        return {feed.key: feed.title for feed in self.feeds if feed.title}


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
    problems = Problems(path, source)
    tables = {name: table.pop(name) for name in SECTIONS if name and name in table}
    general = checked(GENERAL, table, (), problems, filter(None, SECTIONS))
    fetch, home, digest, places, search, stories = (
        checked(SECTIONS[name], tables.get(name, {}), (name,), problems)
        for name in ("fetch", "home", "digest", "places", "search", "stories")
    )
    views, watches, topics = _named(tables, problems) if tables.keys() & NAMED else ({}, {}, {})
    mail = _mail(tables["mail"], problems) if "mail" in tables else None
    builtin = "feeds" not in tables
    feeds = _builtin_feeds() if builtin else _feeds(tables["feeds"], problems)
    problems.raise_if_any()
    root = general["feed_root"]
    return Config(
        path=path if exists else None,
        language=general["language"] or "",
        refresh_after=general["refresh_after"],
        limit=general["limit"],
        contact=general["contact"],
        feed_root=path.parent / os.path.expanduser(root) if root else None,
        fetch=FetchSettings(**fetch),
        digest=DigestSettings(**digest),
        mail=mail,
        feeds=feeds,
        builtin=builtin,
        home=Home(**home),
        views=views,
        place_aliases=places["alias"],
        place_ignored=places["ignore"],
        topics=topics,
        synonyms=search["synonyms"],
        story_window=stories["window"],
        watches=watches,
        notify=general["notify"],
    )


def _named(
    tables: Mapping[str, Any], problems: Problems
) -> tuple[dict[str, str], dict[str, str], dict[str, dict[str, Any]]]:
    from kommcli.config import named  # few have such tables

    views, watch, topics = (tables.get(name, {}) for name in ("views", "watch", "topics"))
    return named.views(views, problems), named.watches(watch, problems), named.topics(topics, problems)


def _mail(table: Any, problems: Problems) -> MailSettings:
    from kommcli.config import mailing  # few have it

    return mailing.settings(checked(SECTIONS["mail"], table, ("mail",), problems), problems)


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


def _feeds(tables: Any, problems: Problems) -> tuple[Feed, ...]:
    if not isinstance(tables, list):
        problems.add(("feeds",), _("feeds are written as [[feeds]] tables"))
        return ()
    feeds = []
    for index, table in enumerate(tables):
        values = checked(FEED, table, ("feeds", index), problems)
        if not values["url"] and not (isinstance(table, dict) and "url" in table):
            problems.add(("feeds", index), _("a feed has no url"))
        # A feed with a wrong address is kept for now: its key may be wrong, too.
        values["url"] = values["url"] or f"#{index}"
        feeds.append(_feed(values))
    _refuse_doubles(feeds, problems)
    return tuple(feeds)


def _feed(values: dict[str, Any]) -> Feed:
    wanted = values.pop("key") or values["title"] or values["url"]
    key = safe_key(wanted)
    if values["title"] == "" and key != wanted and wanted != values["url"]:
        values["title"] = wanted
    values["pages"] = values["pages"] or default_pages(values["url"])
    return Feed(key=key, **values)


def default_pages(url: str) -> str:
    """What holds for the ``pages`` of a feed that does not say it."""
    return "new" if is_family(host(url)) else "never"


def safe_key(name: str) -> str:
    """A short ASCII key for any name or address: letters, digits, - and _, at most 40.

    The name itself stays what it is; the key is what commands, scripts and files use.
    """
    if re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,39}", name) and not _RESERVED.fullmatch(name):
        return name
    if "://" in name:
        shown = redacted(name)
        name = shown if "***" in shown else name  # a key is told everywhere
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


def _refuse_doubles(feeds: Iterable[Feed], problems: Problems) -> None:
    seen: dict[tuple[str, str], int] = {}
    for index, feed in enumerate(feeds):
        for what, value in (("key", feed.key), ("url", canonical(feed.url))):
            first = seen.setdefault((what, value), index)
            if first != index:
                shown = feed.key if what == "key" else feed.url
                found = _("{what} {value} is used twice").format(what=what, value=f'"{clean(shown)}"')
                line, second = problems.line_of(("feeds", first)), problems.line_of(("feeds", index))
                if line != second:  # else the list is in one line
                    found += ", " + _("in lines {first} and {second}").format(first=line, second=second)
                problems.tell(second, found, "config.value", _("Remove one of them."))


def _builtin_feeds() -> tuple[Feed, ...]:
    problems = Problems(Path("feeds.toml"), "")
    feeds = _feeds(tomllib.loads(builtin_toml())["feeds"], problems)
    problems.raise_if_any()
    return feeds
