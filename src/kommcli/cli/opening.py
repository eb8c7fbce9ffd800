"""From a REF to an article with its page: from the archive, the net, a file or standard input."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from kommcli.cli import refs
from kommcli.cli.session import Session
from kommcli.errors import FAILURES, ArchiveError, FeedFailure, NothingToShow
from kommcli.i18n import _
from kommcli.model import (
    Article,
    Block,
    BlockType,
    Failed,
    Feed,
    Mention,
    NewArticle,
    Page,
    PageState,
    Related,
    Source,
)

if TYPE_CHECKING:
    from kommcli.collect import Brought
    from kommcli.render.reading import Reading

PATIENCE = 20.0
"""Seconds that somebody who wants to read waits for a page."""

FULL = 1_200
"""Letters of a feed's own text from which it counts as the whole article."""

LARGEST = 5_000_000
"""Bytes of a file that is read."""

_AGAIN = timedelta(days=1)
"""When a page is asked for once more that could not be read; one that is gone, after seven times that."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An article and all that is known of its text."""

    article: Article
    body: tuple[Block, ...] = ()
    lead: str = ""
    related: tuple[Related, ...] = ()
    topic: str = ""
    page_url: str = ""
    failure: Failed | None = None
    """Why its page could not be read."""
    archived: bool = False

    def reading(self, note: str = "") -> Reading:
        """The value that renderers get."""
        from kommcli.render import plain
        from kommcli.render.reading import Reading

        lead = self.lead or (self.article.teaser if plain.shows_lead(self.article, self.body) else "")
        return Reading(
            article=self.article,
            lead=lead,
            body=self.body,
            image=self.article.image,
            related=self.related,
            related_topic=self.topic,
            note=note,
            page_url=self.page_url,
        )


class Opening:
    """How articles are opened: ``offline`` never fetches, ``again`` fetches the page once more, ``keep`` stores
    what was read from a file or from an address that no feed has told of."""

    def __init__(
        self, session: Session, *, offline: bool = False, again: bool = False, keep: bool = False
    ) -> None:
        self._session, self._offline, self._again, self._keep = session, offline, again, keep

    def open(self, ref: str) -> Opened:
        """The article that ``ref`` means. Raises `NothingToShow`, `BadUsage`, `OutputError`."""
        if ref == "-":
            return self._saved(_read(sys.stdin.buffer), "-")
        with self._session.reading() as db:
            wanted: Any = refs.numbered(self._session, db, ref) if refs.is_number(ref) else ref
            if isinstance(wanted, dict):
                return self._told(db, _mention(wanted))
            found = refs.resolved(db, wanted) if db else ""
            if db and found:
                return self._archived(db, found)
        if "://" in wanted:
            return self._web(wanted)
        if _is_file(wanted):
            return self._saved(_file(wanted), wanted)
        raise refs.unknown(ref) if db else refs.empty()

    # ------------------------------------------------------------------------------ from the archive

    def _archived(self, db: sqlite3.Connection, ref: str) -> Opened:
        from kommcli.archive import articles

        found = articles.by_ids(db, [ref], self._session.config.titles)
        if not found:
            return self._short(db, ref)
        opened, state = self._stored(db, found[0])
        feed = self._feed(found[0])
        if not self._wants_page(opened, state, feed):
            return replace(opened, failure=_remembered(state)) if not opened.page_url else opened
        try:
            brought = self._brought(found[0].url, feed)
        except FeedFailure as failure:
            failed = _failed(failure)
            self._write(lambda writer: _record_failure(writer, ref, failed, self._session))
            return replace(opened, failure=failed)
        if self._write(lambda writer: _store(writer, ref, brought, feed, self._session)):
            with self._session.reading() as fresh:
                if fresh and (again := articles.by_ids(fresh, [ref], self._session.config.titles)):
                    return self._stored(fresh, again[0])[0]
        return self._shown(found[0], brought, feed)

    def _stored(self, db: sqlite3.Connection, article: Article) -> tuple[Opened, PageState | None]:
        """The article as the archive has it, with the page that it has."""
        from kommcli.archive import articles, pages

        state = pages.state(db, article.id)
        page = pages.page(db, article.id) if state and state.fetched else None
        related = pages.related(db, article.id, self._session.config.titles) if page else ()
        opened = Opened(
            article,
            articles.body(db, article.id),
            page.lead if page else "",
            tuple(related),
            page.topic if page else "",
            (state.url or article.url) if page and state else "",
            archived=True,
        )
        return opened, state

    def _short(self, db: sqlite3.Connection, ref: str) -> Opened:
        """A short entry: what a page said of it, and its own page as soon as it was fetched."""
        raise NotImplementedError

    def _wants_page(self, opened: Opened, state: PageState | None, feed: Feed) -> bool:
        """Whether the page is worth a request: the archive lacks it, and the feed has not told all."""
        from kommcli.cli.paging import has_page
        from kommcli.data.family import is_family
        from kommcli.urls import host

        article = opened.article
        if self._offline or not has_page(self._session, article.url):
            return False
        if self._again:
            return True
        if opened.page_url or (state and not self._due(state)):
            return False
        letters = sum(len(block.text) for block in opened.body if block.type is not BlockType.IMAGE)
        only_there = feed.pages == "new" or is_family(host(article.url))
        return only_there or letters < FULL or article.truncated

    def _due(self, state: PageState) -> bool:
        """Whether a page that could not be read is tried once more."""
        if state.tried is None or not state.code:
            return True
        wait = {"article.gone": 7 * _AGAIN, "article.not_html": 7 * _AGAIN}.get(state.code)
        if wait is None and state.code.startswith("article.") and state.code != "article.no_reader":
            wait = _AGAIN
        return wait is None or not state.tried <= self._session.now < state.tried + wait

    def _feed(self, article: Article) -> Feed:
        return self._session.config.feed(article.source.key) or Feed(article.source.key, article.source.url)

    # ------------------------------------------------------------------------- from the net or a file

    def _told(self, db: sqlite3.Connection | None, mention: Mention) -> Opened:
        """An article that a page named and nobody stored."""
        if mention.url and db and (found := refs.resolved(db, mention.url)):
            return self._archived(db, found)
        if mention.url and not self._offline:
            try:
                return self._web(mention.url, typed=False)
            except NothingToShow as error:
                failed = Failed(error.code if error.code in FAILURES else "article.no_text", error.cause)
                return replace(self._entry(mention), failure=failed)
        return self._entry(mention)

    def _entry(self, mention: Mention) -> Opened:
        from kommcli.urls import host

        source = Source("saved", host(mention.url).removeprefix("www.") or _("Saved pages"), "file:saved")
        article = Article(
            id=_new_id(mention.url, mention.title),
            title=mention.title,
            source=source,
            published=mention.published or self._session.now,
            first_seen=self._session.now,
            kicker=mention.kicker,
            url=mention.url,
            kind=mention.kind,
            published_is_estimate=mention.published is None,
            teaser=mention.teaser,
        )
        return Opened(article)

    def _web(self, url: str, *, typed: bool = True) -> Opened:
        """An address that the archive does not know."""
        from kommcli.urls import absolute, host

        address = absolute("", url)
        if not address:
            raise refs.unknown(url)
        if self._offline:
            raise NothingToShow(
                _("the archive has no article {url}").format(url=address),
                remedy=_("Leave --offline out to fetch it."),
            )
        feed = next(
            (one for one in self._session.config.feeds if host(one.url) == host(address)),
            Feed("saved", "file:saved"),
        )
        try:
            brought = self._brought(address, feed, typed=typed)
        except FeedFailure as failure:
            raise NothingToShow(
                _("{url} cannot be read: {what}").format(url=address, what=failure.what),
                cause=failure.cause,
                code=failure.code,
                remedy=failure.remedy,
            ) from failure
        return self._kept(brought, feed)

    def _saved(self, body: bytes, name: str) -> Opened:
        """A saved page or text."""
        from kommcli.cli.paging import tools

        try:
            with tools(self._session) as reader:
                brought = reader.read(body)
        except FeedFailure as failure:
            raise NothingToShow(
                _("{name} cannot be read: {what}").format(name=name, what=failure.what),
                cause=failure.cause,
                code=failure.code,
                remedy=_("Save the page of an article as HTML or text."),
            ) from failure
        return self._kept(brought, Feed("saved", "file:saved"))

    def _kept(self, brought: Brought, feed: Feed) -> Opened:
        """What was read, stored where the user wants it."""
        from kommcli.archive import pages
        from kommcli.archive.database import transaction
        from kommcli.together import alone

        if not self._keep:
            return self._shown(None, brought, feed)
        new = self._session.knowledge.understand(alone(brought.page), feed)
        with self._session.writing() as db, transaction(db):
            ref = pages.keep(db, new, brought.page, self._session.now)
        with self._session.reading() as fresh:
            if fresh is None:
                raise AssertionError("the archive was just written")
            return self._archived_as_is(fresh, ref)

    def _archived_as_is(self, db: sqlite3.Connection, ref: str) -> Opened:
        from kommcli.archive import articles

        return self._stored(db, articles.by_ids(db, [ref], self._session.config.titles)[0])[0]

    def _shown(self, known: Article | None, brought: Brought, feed: Feed) -> Opened:
        """What was read, without the archive: beside an article that it knows, or alone."""
        from kommcli.together import alone

        page = brought.page
        article = known
        if article is None and page.url:
            with self._session.reading() as db:
                found = refs.resolved(db, page.url) if db else ""
                from kommcli.archive import articles

                article = (
                    next(iter(articles.by_ids(db, [found], self._session.config.titles)), None)
                    if db and found
                    else None
                )
        new = self._session.knowledge.understand(alone(page), feed)
        if article is None:
            article = self._as_article(new, page)
        else:
            article = replace(
                article,
                kicker=page.kicker or article.kicker,
                image=page.image or article.image,
                states=new.states or article.states,
                places=new.places or article.places,
                topics=new.topics or article.topics,
                kind=new.kind or article.kind,
            )
        related = self._known_related(page.related)
        return Opened(
            article, page.body, page.lead, related, page.topic, brought.url, archived=known is not None
        )

    def _as_article(self, new: NewArticle, page: Page) -> Article:
        from kommcli.urls import host

        site = page.site or host(page.url).removeprefix("www.") or _("Saved pages")
        entry = new.entry
        return Article(
            id=_new_id(page.url, entry.title),
            title=entry.title,
            source=Source("saved", site, "file:saved"),
            published=entry.published or self._session.now,
            first_seen=self._session.now,
            kicker=entry.kicker,
            url=entry.link,
            kind=new.kind,
            published_is_estimate=entry.published is None,
            updated=entry.updated,
            teaser=entry.teaser,
            image=entry.image,
            level=new.level,
            states=new.states,
            places=new.places,
            topics=new.topics,
        )

    def _known_related(self, mentions: Sequence[Mention]) -> tuple[Related, ...]:
        """The related items, with the ids of those that the archive has."""
        with self._session.reading() as db:
            return tuple(
                Related(one, refs.resolved(db, one.url) if db and one.url else "") for one in mentions
            )

    # -------------------------------------------------------------------------------------- the means

    def _brought(self, url: str, feed: Feed, *, typed: bool = False) -> Brought:
        from kommcli.cli.paging import tools

        with tools(self._session, patience=PATIENCE) as net:
            return net.bring(url, feed, typed=typed)

    def _write(self, work: Any) -> bool:
        """Write into the archive; one that cannot be written must not spoil the reading."""

        try:
            with self._session.writing() as db:
                work(db)
        except ArchiveError as error:
            if self._session.verbose:
                self._session.say(str(error))
            return False
        return True
