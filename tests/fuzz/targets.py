"""What is fuzzed, with what, and what must hold: functions of bytes that raise where it does not.

What they return is a signature of what happened: an input with a new one is kept, and changed further.
"""

from __future__ import annotations

import contextlib
import json
import re
import unicodedata
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from functools import cache
from pathlib import Path

from kommcli import dates, urls
from kommcli.config.load import parse as parse_config
from kommcli.datewords import parse_duration, parse_feed_date, parse_moment
from kommcli.digest import draft, period, sheet
from kommcli.digest.forms import Forms
from kommcli.digest.issue import Issue, Item, Section
from kommcli.digest.mail import Envelope
from kommcli.digest.mail import build as build_mail
from kommcli.digest.record import digest
from kommcli.errors import BadUsage, ConfigError, FeedFailure
from kommcli.outgoing import Mailbox
from kommcli.parsing import wire
from kommcli.parsing.feed import parse_feed
from kommcli.parsing.page import parse_page
from kommcli.query import Known, build
from kommcli.text import clean, clean_lines, cut_at_sentence, fold, shorten, split_kicker

DATA = Path(__file__).parent.parent / "data"
NOW = datetime(2026, 10, 16, 9, tzinfo=UTC)
URL = "https://amt.example/news/feed.xml"


@dataclass(frozen=True)
class Target:
    """``check`` is asked about changes of what ``corpus`` gives, at most ``longest`` bytes long."""

    check: Callable[[bytes], Hashable]
    corpus: Callable[[], list[bytes]]
    longest: int


def feeds(data: bytes) -> Hashable:
    """A feed of clean texts and web addresses that survives the way out of the worker, or a failure."""
    try:
        parsed = parse_feed(data, "", URL)
    except FeedFailure as failure:
        return failure.code
    _all_clean(parsed)
    assert len(parsed.entries) <= 2_000
    for entry in parsed.entries:
        assert not entry.link or entry.link.startswith(("http://", "https://"))
        assert "\n" not in entry.title + entry.kicker + entry.teaser + entry.guid
    assert wire.feed(wire.load(wire.dump(parsed))) == parsed
    return (parsed.complete, parsed.warnings, min(len(parsed.entries), 3))


def pages(data: bytes) -> Hashable:
    """A page of clean texts that survives the way out of the worker, or a failure."""
    try:
        page = parse_page(data, "", "https://www.kommune21.de/k21-meldungen/x/", {})
    except FeedFailure as failure:
        return failure.code
    _all_clean(page)
    assert page.title
    assert wire.page(wire.load(wire.dump(page))) == page
    return (bool(page.kicker), bool(page.lead), min(len(page.body), 4), min(len(page.related), 2))


def queries(data: bytes) -> Hashable:
    """A query, or one sentence about it with a mark below the text."""
    text = data.decode("utf-8", "surrogateescape")
    outcomes = []
    for words in ([text], text.split(" ")):
        try:
            asked = build(words, now=NOW, known=_known())
        except BadUsage as error:
            outcomes.append(error.code)
            _holds(error.code.startswith("usage.") and len(str(error).split("\n")) in (1, 3))
        else:
            assert hash(asked) == hash(build(words, now=NOW, known=_known()))
            outcomes.append(str(min(len(asked.where.parts), 3)))
    return tuple(outcomes)


def instants(data: bytes) -> Hashable:
    """An instant that can be shown, or none."""
    text = data.decode("utf-8", "replace")
    found = [parse_feed_date(text), parse_feed_date(text, now=NOW)]
    with contextlib.suppress(ValueError):
        found.append(parse_moment(text, now=NOW))
    with contextlib.suppress(ValueError):
        parse_duration(text)
    for moment in filter(None, found):
        assert moment.utcoffset() is not None
        for language in ("de", "en"):
            assert dates.short(moment, NOW, language)
            assert dates.long(moment, language)
        assert dates.iso(moment)
    return tuple(type(moment) for moment in found)


def drafts(data: bytes) -> Hashable:
    """An issue of clean texts that is the same when it is written and read once more; or one sentence that
    names file and line."""
    text = data.decode("utf-8", "replace")
    try:
        read = sheet.read(text, "entwurf.md")
        is_issue = False
        with contextlib.suppress(ValueError):
            is_issue = bool(period.time_of(read.fields["key"]))
        sections, changes = draft.sections(read, _ITEMS, "entwurf.md")
    except BadUsage as error:
        _holds(error.code == "usage.draft" and re.match(r"entwurf\.md:[1-9]\d*: ", error.what) is not None)
        _holds(len(str(error).splitlines()) == 1 and len(str(error)) < 500)
        _visible(str(error))
        return re.sub(r"\d|\".*\"|\[.*\]|article .*|read: .*", "", error.what)
    _all_clean((read, sections))
    words = {name: value for name, value in read.fields.items() if name != "language"}
    issue = replace(_BLANK, **words, introduction=read.introduction, sections=sections)
    again = sheet.read(draft.write(issue, frozenset(one.id for one in issue.items)), "entwurf.md")
    known = {one.id: one for one in issue.items}
    assert again.introduction == read.introduction
    assert {name: again.fields.get(name, "") for name in words} == words
    assert draft.sections(again, known, "entwurf.md")[0] == sections
    if is_issue:  # the program says no to the others
        _shown(issue)
    return (min(len(sections), 2), bool(issue.introduction), bool(changes.retitled), min(changes.own, 2))


def _shown(issue: Issue) -> None:
    """In every form, and as a mail with the headers that it should have and no others."""
    text, html = _forms().text(issue), _forms().html(issue)
    for shown in (text, html, _forms().markdown(issue), json.dumps(digest(issue), ensure_ascii=False)):
        _visible(shown.replace("\n", ""))
    assert "<script" not in html.lower()
    sender = Envelope(Mailbox("Presse", "presse@stadt.example"), (Mailbox("", "amt@stadt.example"),))
    raw = build_mail(issue, text, html, sender, NOW).as_bytes()
    found = message_from_bytes(raw, policy=default)
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert found.defects == []
    assert set(found.keys()) == {
        *("Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted"),
        *("MIME-Version", "Content-Type", "Content-Language"),
    }
    assert [part.get_content_type() for part in found.iter_parts()] == ["text/plain", "text/html"]


@cache
def _forms() -> Forms:
    return Forms()


def configs(data: bytes) -> Hashable:
    """A configuration, or sentences about it, each with the file."""
    try:
        config = parse_config(data.decode("utf-8", "replace"), Path("/c/config.toml"))
    except ConfigError as error:
        _holds(all("/c/config.toml" in problem for problem in error.problems))
        _visible("".join(error.problems))
        return error.code
    keys = [feed.key for feed in config.feeds]
    assert len(set(keys)) == len(keys)
    return (min(len(keys), 2), bool(config.views), bool(config.home.places))


def terminal(data: bytes) -> Hashable:
    """Cleaned once is clean, and stays so however it is cut."""
    text = data.decode("utf-8", "surrogateescape")
    line, lines = clean(text), clean_lines(text)
    assert clean(line) == line
    assert clean_lines(lines) == lines
    for shown in (
        line,
        lines.replace("\n", ""),
        shorten(line, 20),
        cut_at_sentence(line, 60),
        *split_kicker(line),
    ):
        _visible(shown)
    assert fold(fold(text)) == fold(text)
    return frozenset(map(unicodedata.category, line))


def addresses(data: bytes) -> Hashable:
    """Printable ASCII, the same when it is made once more, and no password."""
    text = data.decode("utf-8", "surrogateescape")
    whole = urls.absolute(URL, text)
    assert not whole or (whole.isascii() and whole.isprintable() and urls.absolute("", whole) == whole)
    assert urls.redacted(text).isascii()
    assert urls.redacted(text).isprintable()
    for secret in (f"https://und:hunter2@{text}", f"https://a.example/?token=hunter2&{text}"):
        assert "hunter2" not in urls.redacted(secret)
    urls.canonical(text)
    return (bool(whole), bool(urls.host(text)), urls.has_credentials(text))


def _holds(what: bool) -> None:
    assert what


def _all_clean(value: object) -> None:
    for text in _texts(value):
        _visible(text.replace("\n", ""))


def _visible(text: str) -> None:
    bad = [f"U+{ord(one):04X}" for one in text if unicodedata.category(one) in ("Cc", "Cs", "Zl", "Zp")]
    assert not bad, bad
    assert not set(text) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u200b\ufeff")


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _texts(one)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _texts(getattr(value, field.name))


_ITEMS = {
    "yqmfqvyb": Item("yqmfqvyb", "Lina hebt ab", "Kreis Bergstraße", NOW, "Eine Stimme.", source="Blick"),
    "d5fc1e1a": Item("d5fc1e1a", "Zwei Drittel setzen auf KI", "", NOW, "Eine Studie.", source="Echo"),
    "kx3": Item("kx3", "Bauakten auf Knopfdruck", "Potsdam"),
}
_BLANK = Issue("2026-W42", "Wochenbrief", "Betreff", "de", *dates.week_bounds(2026, 42))


def _drafts() -> list[bytes]:
    lina, study, files = _ITEMS.values()
    own = Item("", teaser="Ein eigener Absatz.")
    parts = (
        Section("ki", "KI {und} mehr", (replace(lina, pinned=True), study)),
        Section("own", "Rat", (own, files)),
    )
    issue = replace(
        _BLANK, introduction=("Guten Morgen.", "# Kein Titel"), sections=parts, scope="--view press"
    )
    return [draft.write(issue, frozenset(picked)).encode() for picked in (("kx3", "yqmfqvyb"), ("d5fc1e1a",))]


@cache
def _known() -> Known:
    from kommcli.data.topics import builtin
    from kommcli.enrich.places import Corrected, keys_of
    from kommcli.gazetteer import Gazetteer

    places, topics = Corrected(Gazetteer(), {}, ()), builtin()
    return Known(
        feeds=lambda: {"kommune21": "Kommune21", "move": "move-online"},
        topic=lambda name: getattr(topics.find(name), "key", ""),
        topic_names=topics.names,
        places=lambda name: keys_of(name, places),
        near_places=places.near,
        views={"a": "topic:ki", "b": "view:a -state:bund", "c": "view:c"},
    )


def _files(folder: str, *patterns: str) -> list[bytes]:
    return [path.read_bytes() for pattern in patterns for path in sorted((DATA / folder).rglob(pattern))]


def _lines(*paths: Path) -> list[bytes]:
    return [line for path in paths for line in path.read_bytes().splitlines() if line.strip()]


_QUERIES = (
    'topic:ki state:by,he place:"Bad Nauheim" -feed:move (kw:42 OR seit:7d) "offene Daten" -kosten',
    "thema:ozg NICHT land:bund | ort:Koeln bis:gestern is:unread view:a view:b kind:interview,studie",
    "week:2025-W42 since:16.10.2026 until:2026-10 place:06431 state:none „Stadt“ e-akte* view:c",
)
_TESTS = DATA.parent

TARGETS = {
    "feeds": Target(feeds, lambda: _files("feeds", "*.xml", "jsonfeed*.json"), 60_000),
    "pages": Target(pages, lambda: _files("pages", "*.html", "*.txt", "*.md"), 60_000),
    "queries": Target(queries, lambda: [query.encode() for query in _QUERIES], 2_000),
    "dates": Target(instants, lambda: _lines(_TESTS / "test_dates.py"), 300),
    "config": Target(
        configs, lambda: [(DATA.parent.parent / "config.example.toml").read_bytes(), _CONFIG], 8_000
    ),
    "drafts": Target(drafts, _drafts, 6_000),
    "terminal": Target(terminal, lambda: _lines(_TESTS / "newsroom.py", _TESTS / "test_text.py"), 4_000),
    "addresses": Target(addresses, lambda: _lines(_TESTS / "test_urls.py"), 1_000),
}

_CONFIG = b"""
language = "de"
refresh_after = "1h"
home = { states = ["BY"], places = ["Bad Nauheim"] }
[fetch]
total_timeout = 12.5
[views]
ki = "thema:ki"
[views.sued]
state = ["BY", "BW"]
since = "7d"
[places.alias]
Quadratestadt = "Mannheim"
[topics.ki]
terms = ["Sprachmodell"]
[[feeds]]
key = "a"
url = "https://a.example/feed"
headers = { X-Api-Key = { env = "KEY" } }
auth = { user = "u", password = { command = ["pass", "x"] } }
[[feeds]]
url = "https://b.example/feed"
selectors = { body = "article .text" }
interval = "1h"
"""
