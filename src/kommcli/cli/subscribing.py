"""``feeds add``: from an address that somebody typed to a subscription."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import typer

from kommcli.cli.feeds import (
    FeedLimit,
    Interval,
    Pages,
    State,
    Tags,
    Title,
    Topic,
    Yes,
    asked,
    checked_values,
    valid_address,
)
from kommcli.cli.session import Session, refuse_in_demo, session_of
from kommcli.errors import BadUsage, FeedFailure, NothingToShow
from kommcli.i18n import _
from kommcli.model import Feed, Fetched
from kommcli.text import clean
from kommcli.urls import canonical, redacted

if TYPE_CHECKING:
    from kommcli.parsing.pool import ParserPool
    from kommcli.sources.fetch import Sources


def add(
    context: typer.Context,
    url: Annotated[
        str, typer.Argument(metavar="URL", help=_("Address of a feed or of a site that has one."))
    ],
    key: Annotated[str | None, typer.Option(metavar="KEY", help=_("Short name in commands."))] = None,
    title: Title = None,
    state: State = None,
    topic: Topic = None,
    tag: Tags = None,
    interval: Interval = None,
    limit: FeedLimit = None,
    pages: Pages = None,
    off: Annotated[bool, typer.Option("--off", help=_("Add it paused."))] = False,
    force: Annotated[bool, typer.Option("--force", help=_("Add it even if it does not answer."))] = False,
    yes: Yes = False,
) -> None:
    """Subscribe to a feed."""
    from kommcli.config import edit

    session = session_of(context)
    refuse_in_demo(session)
    wanted = checked_values(
        title=title, state=state, topic=topic, tags=tag, interval=interval, limit=limit or None, pages=pages
    )
    address = valid_address(url)
    _refuse_known(session, address)
    found = _probe(session, address, force=force, yes=yes)
    if found.url != address:
        _refuse_known(session, found.url)
    new = _free_key(session, key or title or found.title or found.url)
    values: dict[str, Any] = {"key": new, "url": found.url}
    # A key that had to be made safe stays what people see.
    name = title or (key if key and key != new else "") or found.title
    values |= {"title": name} if name else {}
    values |= {given: value for given, value in wanted.items() if given != "title"}
    values |= {"enabled": False} if off else {}
    values |= {"allow_private": True} if found.private else {}
    began = session.config.builtin
    path = session.paths.config
    edit.write(path, edit.add_feed(edit.text_of(path), values))
    if not session.quiet:
        _tell_added(session, values, began=began)


def _tell_added(session: Session, values: Mapping[str, Any], *, began: bool) -> None:
    done = _("added: {key} ({title}, {url})")
    title = clean(values.get("title", "")) or "–"
    session.say(done.format(key=values["key"], title=title, url=redacted(values["url"])))
    if began:
        session.say(
            _(
                "Your own list begins with it; kommcli's own feeds are no longer asked."
                " To keep them, run `kommcli config init` first."
            )
        )


@dataclass(frozen=True, slots=True)
class _Probed:
    """What asking an address told: the feed's own address, its title, and whether it is private."""

    url: str
    title: str = ""
    private: bool = False


def _probe(session: Session, url: str, *, force: bool, yes: bool) -> _Probed:
    """Ask ``url`` once. Raises `NothingToShow` (exit 4) where it is no feed and ``force`` is not given."""
    from kommcli.cli.fetching import tools
    from kommcli.parsing.document import alternates

    with tools(session) as (sources, parser):
        page = _ask(sources, parser, Feed(key="new", url=url), typed=True)
        probe = page
        if page.fetched and page.code == "feed.not_feed":
            offered = alternates(page.fetched.body, page.fetched.content_type, page.fetched.url)
            if offered:
                chosen = _choose(session, offered, yes=yes)
                # Only the host that the user typed may be private, not any that its page names.
                private = page.private and _same_host(chosen, url)
                feed = Feed(key="new", url=chosen, allow_private=private)
                probe = _ask(sources, parser, feed, typed=False)
    if probe.failure is None:
        return _Probed(probe.url, probe.title, probe.private)
    if force:
        return _Probed(url, "", page.private)
    raise _not_added(probe.failure, probe.url) from probe.failure


def candidates(session: Session, url: str) -> list[tuple[str, str]]:
    """Title and address of the feeds at ``url``: itself, or those that its page offers. Raises
    `NothingToShow`."""
    from kommcli.cli.fetching import tools
    from kommcli.parsing.document import alternates

    with tools(session) as (sources, parser):
        page = _ask(sources, parser, Feed(key="new", url=url), typed=True)
    if page.failure is None:
        return [(page.title, url)]
    offered: list[tuple[str, str]] = []
    if page.fetched and page.code == "feed.not_feed":
        offered = list(alternates(page.fetched.body, page.fetched.content_type, page.fetched.url))
    if not offered:
        raise NothingToShow(
            _("{url} offers no feed").format(url=redacted(url)),
            cause=page.failure.what,
            code=page.failure.code,
            remedy=page.failure.remedy,
        ) from page.failure
    return offered


@dataclass(slots=True)
class _Answer:
    """What one address answered; ``failure`` where it is no feed."""

    url: str
    private: bool
    fetched: Fetched | None = None
    title: str = ""
    failure: FeedFailure | None = None

    @property
    def code(self) -> str:
        return self.failure.code if self.failure else ""


def _ask(sources: Sources, parser: ParserPool, feed: Feed, *, typed: bool) -> _Answer:
    from kommcli.sources.politeness import RedirectFailure

    answer = _Answer(feed.url, feed.allow_private)
    try:
        try:
            answer.fetched = asked(sources, feed)
        except FeedFailure as failure:
            if failure.code != "net.private" or isinstance(failure, RedirectFailure) or not typed:
                raise
            answer.private = True
            answer.fetched = asked(sources, replace(feed, allow_private=True))
        answer.title = parser.parse(answer.fetched).title
    except FeedFailure as failure:
        answer.failure = failure
    return answer


def _same_host(one: str, other: str) -> bool:
    return urlsplit(one).hostname == urlsplit(other).hostname


def _choose(session: Session, offered: Sequence[tuple[str, str]], *, yes: bool) -> str:
    """One of the feeds that a page offers: asked on a terminal, else the first."""
    if yes or len(offered) == 1 or not (sys.stdin.isatty() and sys.stderr.isatty()):
        if not session.quiet:
            session.say(_("the page offers a feed: {url}").format(url=redacted(offered[0][1])))
        return offered[0][1]
    session.say(_("the page offers these feeds:"))
    for number, (title, url) in enumerate(offered, start=1):
        session.say(f"  {number}  {clean(title) or '–'}  {redacted(url)}")
    chosen: int = typer.prompt(_("Which one?"), type=int, default=1, err=True)
    if not 1 <= chosen <= len(offered):
        raise BadUsage(
            _("there is no number {number}").format(number=chosen),
            remedy=_("Take one from {first} to {last}.").format(first=1, last=len(offered)),
        )
    return offered[chosen - 1][1]


def _not_added(failure: FeedFailure, url: str) -> NothingToShow:
    return NothingToShow(
        _("{url} was not added: {what}").format(url=redacted(url), what=failure.what),
        cause=failure.cause,
        code=failure.code,
        remedy=f"{failure.remedy} " + _("--force adds it all the same."),
    )


def _refuse_known(session: Session, url: str) -> None:
    for feed in () if session.config.builtin else session.config.feeds:
        if canonical(feed.url) == canonical(url):
            raise BadUsage(
                _("this address is subscribed to already"),
                cause=feed.key,
                code="usage.known",
                remedy=_("Change it with `kommcli feeds edit {key}`.").format(key=feed.key),
            )


def _free_key(session: Session, name: str) -> str:
    from kommcli.config.load import safe_key

    taken = set() if session.config.builtin else {feed.key for feed in session.config.feeds}
    key = safe_key(name)
    candidates = (key, *(f"{key[:36]}-{number}" for number in range(2, len(taken) + 3)))
    return next(one for one in candidates if one not in taken)
