"""What TAB offers: quickly, from what is at hand, and nothing on any error."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from kommcli.cli.session import Session

Offer = Iterable[tuple[str, str]]
"""What to type, and what it is."""


class Chosen(str):
    """An offer that Typer keeps although it does not begin as typed: Köln for ``koe``."""

    __slots__ = ()

    def startswith(self, *_typed: object) -> bool:
        """It was chosen already."""
        return True


def _offers(source: Callable[[Session, str], Offer]) -> Callable[[typer.Context, str], list[tuple[str, str]]]:
    @wraps(source)
    def complete(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
        try:
            found = dict.fromkeys(source(_session(context), incomplete))
            return [(Chosen(_for_shell(name)), what) for name, what in found]
        except Exception:  # a completion must never disturb the command line
            return []

    # Typer tells by the annotations what to hand in.
    complete.__annotations__ = {"context": typer.Context, "incomplete": str, "return": list}
    del complete.__wrapped__
    return complete


def _for_shell(offer: str) -> str:
    """``offer`` as bash must be given it: it puts it in as it is, where the others add quotes themselves."""
    line = os.environ.get("COMP_WORDS", "")
    in_quotes = line.count('"') % 2 or line.count("'") % 2
    if not os.environ.get("_KOMMCLI_COMPLETE", "").endswith("bash") or in_quotes:
        return offer
    return re.sub(r"([^\w@%+=:,./-])", r"\\\1", offer)


def _cut_key() -> str:
    """The key before the cursor that bash has cut off: its word ends at a colon."""
    if not os.environ.get("_KOMMCLI_COMPLETE", "").endswith("bash"):
        return ""
    found = re.search(r"(?:^|\s)(-?\w+) ?:(?: \S*)?$", os.environ.get("COMP_WORDS", ""))
    return found[1] if found else ""


def _session(context: typer.Context) -> Session:
    from kommcli.cli.session import new_session

    given = context.find_root().params
    config = given.get("config")
    return new_session(
        config=Path(config) if config else None,
        demo=bool(given.get("demo")) or "--demo" in os.environ.get("COMP_WORDS", "").split(),
        verbose=False,
        quiet=True,
        debug=False,
    )


def _starting(names: Iterable[tuple[str, str]], incomplete: str) -> Offer:
    from kommcli.text import fold

    wanted = fold(incomplete)
    return ((name, what) for name, what in names if fold(name).startswith(wanted))


@_offers
def feeds(session: Session, incomplete: str) -> Offer:
    """Keys of feeds."""
    return _starting(((feed.key, feed.title) for feed in session.config.feeds), incomplete)


@_offers
def states(_session: Session, incomplete: str) -> Offer:
    """Codes and names of states."""
    return _states(incomplete)


def _states(incomplete: str) -> Offer:
    from kommcli.data.states import STATES

    codes = [(state.code, state.name) for state in STATES]
    names = [(state.name, state.code) for state in STATES]
    return _starting([*codes, *names, ("bund", ""), ("eu", ""), ("none", "")], incomplete)


@_offers
def topics(session: Session, incomplete: str) -> Offer:
    """Keys of topics, kommcli's and those of the archive."""
    return _topics(session, incomplete)


def _topics(session: Session, incomplete: str) -> Offer:
    known = {key: topic.name for key, topic in session.taxonomy.topics.items()}
    return [*_starting(known.items(), incomplete), *_labels(session, "topic", incomplete, known)]


@_offers
def places(session: Session, incomplete: str) -> Offer:
    """Names of places that the archive has articles about."""
    return [(name, key) for key, name in _archived(session, "place", incomplete)]


@_offers
def kinds(_session: Session, incomplete: str) -> Offer:
    """Kinds of articles."""
    from kommcli.render.plain import KINDS

    return _starting(((kind, "") for kind in KINDS), incomplete)


@_offers
def views(session: Session, incomplete: str) -> Offer:
    """Names of saved views."""
    return _starting(session.config.views.items(), incomplete)


def words(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """What a query may go on with; for a command that has commands, these as the first word."""
    own = () if context.params.get("words") else getattr(context.command, "commands", ())
    return [*((name, "") for name in own if name.startswith(incomplete)), *_words(context, incomplete)]


@_offers
def watches(session: Session, incomplete: str) -> Offer:
    """Names of watches."""
    return _starting(session.config.watches.items(), incomplete)


@_offers
def _words(session: Session, incomplete: str) -> Offer:
    """Keys of the query grammar, and behind a key its values."""
    from kommcli.query import KEYS

    if incomplete.find(":") < 1 and (key := _cut_key()):
        return _values(session, KEYS.get(key.lower().lstrip("-"), ""), incomplete.lstrip(":"))
    key, colon, value = incomplete.partition(":")
    if not colon:
        return _starting(((f"{name}:", "") for name in KEYS), incomplete)
    *before, value = value.split(",")
    stem = ",".join([f"{key}:{before[0]}", *before[1:], ""]) if before else f"{key}:"
    found = _values(session, KEYS.get(key.lower().lstrip("-"), ""), value)
    return [(stem + name, what) for name, what in found]


def _values(session: Session, key: str, incomplete: str) -> Offer:
    """What may stand behind a key."""
    match key:
        case "state":
            return _states(incomplete)
        case "topic":
            return _topics(session, incomplete)
        case "place":
            return [(name, key) for key, name in _archived(session, "place", incomplete)]
        case "feed":
            return _starting(((feed.key, feed.title) for feed in session.config.feeds), incomplete)
        case "view":
            return _starting(session.config.views.items(), incomplete)
        case _:
            return []


def _labels(session: Session, kind: str, incomplete: str, known: Iterable[str]) -> Offer:
    with suppress(Exception):
        return [one for one in _archived(session, kind, incomplete) if one[0] not in known]
    return []


def _archived(session: Session, kind: str, incomplete: str) -> list[tuple[str, str]]:
    """Key and name of what the archive has."""
    from kommcli.archive import labels

    with session.reading() as db:
        return [one for one in labels.complete(db, kind, incomplete) if one[0] != "none"] if db else []
