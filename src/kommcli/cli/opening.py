"""From a REF to an article with its page: from the archive, the net, a file or standard input."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from kommcli.cli import inputs, opened, refs
from kommcli.cli.opened import SAVED, Opened
from kommcli.cli.session import Session
from kommcli.errors import ArchiveError, FeedFailure, NothingToShow
from kommcli.i18n import _
from kommcli.model import Article, BlockType, Failed, Feed, Mention, PageState

if TYPE_CHECKING:
    from kommcli.archive.stubs import Stub
    from kommcli.collect import Brought

_Record = Callable[[sqlite3.Connection, str, Failed, datetime], None]

PATIENCE = 20.0
"""Seconds that somebody who wants to read waits for a page."""

FULL = 1_200
"""Letters of a feed's own text from which it counts as the whole article."""

_AGAIN = timedelta(days=1)
"""When a page is asked for once more that could not be read; one that is gone, after seven times that."""


class Opening:
    """How articles are opened: ``offline`` never fetches, ``again`` fetches the page once more, ``keep``
    stores what was read from a file or an address that no feed has told of."""

    def __init__(
        self, session: Session, *, offline: bool = False, again: bool = False, keep: bool = False
    ) -> None:
        self._session, self._offline, self._again, self._keep = session, offline, again, keep

    def open(self, ref: str) -> Opened:
        """The article that ``ref`` means. Raises `NothingToShow`, `BadUsage`, `OutputError`."""
        if ref == "-":
            return self._saved(inputs.read(sys.stdin.buffer), _("standard input"))
        with self._session.reading() as db:
            wanted = refs.numbered(self._session, db, ref) if refs.is_number(ref) else ref
            if isinstance(wanted, dict):
                return self._told(db, _mention(wanted))
            found = refs.resolved(db, wanted) if db else ""
            if db and found:
                return self._archived(db, found)
        if "://" in wanted:
            return self._web(wanted)
        if "\0" not in wanted and os.path.exists(wanted):
            return self._saved(inputs.read_file(wanted), wanted)
        raise refs.unknown(ref) if db else refs.empty()

    # ------------------------------------------------------------------------------ from the archive

    def _archived(self, db: sqlite3.Connection, ref: str) -> Opened:
        from kommcli.archive import pages
        from kommcli.collect import store

        article = self._article(db, ref)
        if article is None:
            return self._short(db, ref)
        state, feed = pages.state(db, ref), self._feed(article)
        found = _stored(db, article, state)
        if not self._wants_page(found, state, feed):
            return found if found.page_url else replace(found, failure=_remembered(state))
        try:
            brought = self._brought(article.url, feed)
        except FeedFailure as failure:
            return replace(found, failure=self._remember(pages.record_failure, ref, failure))
        stored = self._write(
            lambda writer: store(
                writer, ref, brought, feed, self._session.knowledge.understand, self._session.now
            )
        )
        fresh = self._fresh(ref) if stored else None
        return fresh or opened.of_page(self._session, brought, feed, article)

    def _article(self, db: sqlite3.Connection, ref: str) -> Article | None:
        from kommcli.archive import articles

        return next(iter(articles.by_ids(db, [ref], self._session.config.titles)), None)

    def _fresh(self, ref: str) -> Opened | None:
        """The article as the archive has it by now."""
        from kommcli.archive import pages

        with self._session.reading() as db:
            article = self._article(db, ref) if db else None
            return _stored(db, article, pages.state(db, ref)) if db and article else None

    def _short(self, db: sqlite3.Connection, ref: str) -> Opened:
        """A short entry: what a page said of it, and its own page, fetched when it is read."""
        from kommcli.archive import stubs
        from kommcli.archive.database import transaction

        stub = stubs.find(db, ref, self._session.config.titles)
        if stub is None:
            raise refs.unknown(ref)
        feed = self._session.config.feed(stub.source.key) or Feed(stub.source.key, stub.source.url)
        entry = opened.of_mention(self._session, stub.mention, ref, stub.source)
        if not self._wants_stub(stub):
            return self._of_stub(stub, feed, entry)
        now = self._session.now
        try:
            brought = self._brought(stub.mention.url, feed)
        except FeedFailure as failure:
            failed = self._remember(stubs.record_failure, ref, failure)
            return replace(self._of_stub(stub, feed, entry), failure=failed)

        def keep(writer: sqlite3.Connection) -> None:
            with transaction(writer):
                stubs.store_page(writer, ref, brought.page, brought.url, now)

        self._write(keep)
        return self._of_stub(stub._replace(page=brought.page, state=PageState(brought.url)), feed, entry)

    def _of_stub(self, stub: Stub, feed: Feed, entry: Opened) -> Opened:
        from kommcli.collect import Brought

        if stub.page is None:
            return replace(entry, failure=_remembered(stub.state))
        whole = opened.of_page(self._session, Brought(stub.page, stub.state.url), feed)
        article = replace(whole.article, id=stub.ref, source=stub.source, url=stub.mention.url)
        return replace(whole, article=article)

    def _wants_stub(self, stub: Stub) -> bool:
        from kommcli.cli.paging import has_page

        if self._offline or not has_page(self._session, stub.mention.url):
            return False
        return self._again or (stub.page is None and self._due(stub.state))

    def _wants_page(self, found: Opened, state: PageState | None, feed: Feed) -> bool:
        """Whether the page is worth a request: the archive lacks it, and the feed has not told all."""
        from kommcli.cli.paging import has_page
        from kommcli.data.family import is_family
        from kommcli.urls import host

        article = found.article
        if self._offline or not has_page(self._session, article.url):
            return False
        if self._again:
            return True
        if found.page_url or (state and not self._due(state)):
            return False
        letters = sum(len(block.text) for block in found.body if block.type is not BlockType.IMAGE)
        only_there = feed.pages == "new" or is_family(host(article.url))
        return only_there or letters < FULL or article.truncated

    def _due(self, state: PageState) -> bool:
        """Whether a page that could not be read is tried once more."""
        if state.tried is None or not state.code.startswith("article."):
            return True
        if state.code == "article.no_reader":
            from importlib.util import find_spec

            return find_spec("trafilatura") is not None
        wait = (
            _AGAIN if state.code in ("article.no_text", "article.blocked", "article.selector") else 7 * _AGAIN
        )
        return not state.tried <= self._session.now < state.tried + wait

    def _feed(self, article: Article) -> Feed:
        return self._session.config.feed(article.source.key) or Feed(article.source.key, article.source.url)

    # ------------------------------------------------------------------------- from the net or a file

    def _told(self, db: sqlite3.Connection | None, mention: Mention) -> Opened:
        """An article that a page named and nobody stored."""
        if mention.url and db and (found := refs.resolved(db, mention.url)):
            return self._archived(db, found)
        entry = opened.of_mention(self._session, mention)
        if not mention.url or self._offline:
            return entry
        try:
            brought = self._brought(mention.url, self._feed_at(mention.url))
        except FeedFailure as failure:
            return replace(entry, failure=_failed(failure))
        return self._kept(brought, self._feed_at(mention.url))

    def _web(self, url: str) -> Opened:
        """An address that the archive does not know."""
        from kommcli.urls import absolute, redacted

        address = absolute("", url)
        if not address:
            raise refs.unknown(url)
        if self._offline:
            raise NothingToShow(
                _("the archive has no article {url}").format(url=redacted(address)),
                remedy=_("Leave --offline out to fetch it."),
            )
        try:
            brought = self._brought(address, self._feed_at(address), typed=True)
        except FeedFailure as failure:
            raise _unreadable(redacted(address), failure, failure.remedy) from failure
        return self._kept(brought, self._feed_at(address))

    def _feed_at(self, url: str) -> Feed:
        """The subscription of the same host, for what its settings say about all its articles."""
        from kommcli.urls import host

        at = host(url)
        return next((feed for feed in self._session.config.feeds if host(feed.url) == at), SAVED)

    def _saved(self, body: bytes, name: str) -> Opened:
        """A saved page or text."""
        from kommcli.cli.paging import reader

        try:
            with reader() as tools:
                brought = tools.read(body)
        except FeedFailure as failure:
            other = _("Save an article's page as HTML or text.")
            remedy = failure.remedy if failure.code == "article.no_reader" else other
            raise _unreadable(name, failure, remedy) from failure
        return self._kept(brought, self._feed_at(brought.page.url))

    def _kept(self, brought: Brought, feed: Feed) -> Opened:
        """What was read, stored where the user wants it."""
        from kommcli.archive import pages
        from kommcli.archive.database import transaction
        from kommcli.collect import store
        from kommcli.together import alone

        known = self._known(brought.page.url)
        if not self._keep:
            return opened.of_page(self._session, brought, feed, known)
        understand, now = self._session.knowledge.understand, self._session.now
        with self._session.writing() as db:
            if known:
                ref = known.id
                store(db, ref, brought, feed, understand, now)
            else:
                new = understand(alone(brought.page), feed)
                with transaction(db):
                    ref = pages.keep(db, new, brought.page, now)
        fresh = self._fresh(ref)
        if fresh is None:
            raise AssertionError("what was just stored is gone")
        return fresh

    def _known(self, url: str) -> Article | None:
        """The archived article that is known by an address."""
        with self._session.reading() as db:
            found = refs.resolved(db, url) if db and url else ""
            return self._article(db, found) if db and found else None

    # -------------------------------------------------------------------------------------- the means

    def _brought(self, url: str, feed: Feed, *, typed: bool = False) -> Brought:
        from kommcli.cli.paging import tools

        with tools(self._session, patience=PATIENCE) as net:
            return net.bring(url, feed, typed=typed)

    def _remember(self, record: _Record, ref: str, failure: FeedFailure) -> Failed:
        """Why a page could not be read, for the next time."""
        from kommcli.archive.database import transaction

        failed = _failed(failure)

        def work(db: sqlite3.Connection) -> None:
            with transaction(db):
                record(db, ref, failed, self._session.now)

        self._write(work)
        return failed

    def _write(self, work: Callable[[sqlite3.Connection], Any]) -> bool:
        """Write into the archive; one that cannot be written must not spoil the reading."""
        try:
            with self._session.writing() as db:
                work(db)
        except ArchiveError as error:
            if self._session.verbose:
                self._session.say(str(error))
            return False
        return True


def _stored(db: sqlite3.Connection, article: Article, state: PageState | None) -> Opened:
    """The article as the archive has it, with the page that it has."""
    from kommcli.archive import articles, pages

    page = pages.page(db, article.id) if state and state.fetched else None
    body = articles.body(db, article.id)
    if page is None or state is None:
        return Opened(article, body, archived=True)
    related = tuple(pages.related(db, article.id))
    return Opened(article, body, page.lead, related, page.topic, state.url or article.url, archived=True)


def _failed(failure: FeedFailure) -> Failed:
    return Failed(failure.code, failure.cause, failure.http_status, failure.retry_after)


def _remembered(state: PageState | None) -> Failed | None:
    """Why a page cannot be read; that the network was away some time ago says nothing any more."""
    lasting = state is not None and state.code.startswith("article.")
    return Failed(state.code, state.message, state.http_status) if state and lasting else None


def _unreadable(name: str, failure: FeedFailure, remedy: str) -> NothingToShow:
    return NothingToShow(
        _("{name} cannot be read: {what}").format(name=name, what=failure.what),
        cause=failure.cause,
        code=failure.code,
        remedy=remedy,
    )


def _mention(fields: dict[str, Any]) -> Mention:
    """The short entry that was kept with the last list."""
    try:
        published = fields.get("published")
        moment = datetime.fromisoformat(published) if published else None
        return Mention(**{**fields, "published": moment})
    except (TypeError, ValueError):
        raise NothingToShow(_("the last list is damaged"), remedy=_("List anew.")) from None
