"""An article and all that is known of its text, as the commands that show one get it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kommcli.archive import adopting
from kommcli.cli.session import Session
from kommcli.i18n import _
from kommcli.model import Article, Block, Entry, Failed, Feed, Mention, NewArticle, Page, Related, Source

if TYPE_CHECKING:
    from kommcli.collect import Brought
    from kommcli.render.reading import Reading

SAVED = Feed(adopting.SAVED, adopting.SAVED_URL)
"""What is read from files and addresses belongs to no publisher's feed."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An article with its text."""

    article: Article
    body: tuple[Block, ...] = ()
    lead: str = ""
    related: tuple[Related, ...] = ()
    topic: str = ""
    page_url: str = ""
    """The address that the text came from; empty where it is the feed's own."""
    failure: Failed | None = None
    """Why its page could not be read."""
    archived: bool = False

    def reading(self, note: str = "") -> Reading:
        """The value that renderers get."""
        from kommcli.render import plain
        from kommcli.render.reading import Reading

        teaser = self.article.teaser
        lead = self.lead or (teaser if plain.shows_lead(self.article, self.body) else "")
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


def of_page(session: Session, brought: Brought, feed: Feed, known: Article | None = None) -> Opened:
    """What was read, without storing it: beside the article that the archive knows, or alone."""
    from kommcli.together import alone

    page = brought.page
    new = session.knowledge.understand(alone(page), feed)
    article = _with_page(known, new, page) if known else _as_article(session, new, page)
    return Opened(
        article,
        page.body,
        page.lead,
        _related(session, page.related),
        page.topic,
        brought.url,
        archived=known is not None,
    )


def of_mention(session: Session, mention: Mention, ref: str = "", source: Source | None = None) -> Opened:
    """A short entry: what a page said of an article that nobody has read yet."""
    from kommcli.urls import host

    site = host(mention.url).removeprefix("www.") or _("Saved pages")
    return Opened(
        Article(
            id=ref or new_id(Entry(mention.title, link=mention.url, published=mention.published)),
            title=mention.title,
            source=source or Source(SAVED.key, site, SAVED.url),
            published=mention.published or session.now,
            first_seen=session.now,
            kicker=mention.kicker,
            url=mention.url,
            kind=mention.kind,
            published_is_estimate=mention.published is None,
            teaser=mention.teaser,
        )
    )


def new_id(entry: Entry) -> str:
    """The id of what is not stored: the one that it would get with ``--keep``."""
    from kommcli.archive.identity import identity, short_ids

    return short_ids(SAVED.url, identity(entry))[0]


def _with_page(known: Article, new: NewArticle, page: Page) -> Article:
    return replace(
        known,
        kicker=page.kicker or known.kicker,
        image=page.image or known.image,
        states=new.states or known.states,
        places=new.places or known.places,
        topics=new.topics or known.topics,
        kind=new.kind or known.kind,
    )


def _as_article(session: Session, new: NewArticle, page: Page) -> Article:
    from kommcli.urls import host

    site = page.site or host(page.url).removeprefix("www.") or _("Saved pages")
    entry = new.entry
    return Article(
        id=new_id(entry),
        title=entry.title,
        source=Source(SAVED.key, site, SAVED.url),
        published=entry.published or session.now,
        first_seen=session.now,
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


def _related(session: Session, mentions: Sequence[Mention]) -> tuple[Related, ...]:
    """Related items with the ids of those that the archive has."""
    from kommcli.archive import pages

    with session.reading() as db:
        return tuple(pages.resolved(db, mentions) if db else map(Related, mentions))
