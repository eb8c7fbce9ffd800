"""``read``, ``related``, ``open`` and ``mark``: single articles, to the reader."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated

import typer

from kommcli.cli import last_list, options, output, relating
from kommcli.cli.filters import Filters, takes_filters
from kommcli.cli.options import ArticleFormat, Format
from kommcli.cli.refs import found_articles
from kommcli.cli.session import Session, session_of
from kommcli.conditions import Query
from kommcli.errors import ArchiveError, BadUsage, NothingToShow
from kommcli.i18n import _, ngettext
from kommcli.model import Article, Related

if TYPE_CHECKING:
    from kommcli.cli.opened import Opened
    from kommcli.render.reading import Reading


def read(
    context: typer.Context,
    ref: options.ReadRef,
    keep_unread: Annotated[
        bool, typer.Option("--keep-unread", help=_("Do not mark the article as read."))
    ] = False,
    keep: Annotated[
        bool,
        typer.Option(
            "--keep", help=_("Store what is read from a file or an address that no feed has told of.")
        ),
    ] = False,
    offline: options.Offline = False,
    again: Annotated[bool, typer.Option("--refresh", help=_("Fetch the page once more."))] = False,
    images: Annotated[
        bool, typer.Option("--images", help=_("Show the picture, where the terminal can."))
    ] = False,
    format_: options.AsArticleFormat = None,
    as_json: options.AsJson = False,
    out: options.OutFile = None,
) -> None:
    """Show one article with its related news."""
    session = session_of(context)
    chosen = output.chosen_format(ArticleFormat, format_, as_json, out)
    opened = relating.complete(session, _opened(session, ref, offline=offline, again=again, keep=keep))
    reading = opened.reading(_note(session, opened))
    match chosen:
        case ArticleFormat.TERMINAL:
            _show(session, opened, reading, images=images, out=out)
            if not keep_unread and opened.archived and not opened.article.read:
                _mark_read(session, opened.article)
        case ArticleFormat.PLAIN:
            from kommcli.render import plain

            output.write(plain.article(reading), out)
        case ArticleFormat.MARKDOWN:
            from kommcli.render import markdown

            output.write(markdown.article(reading), out)
        case ArticleFormat.HTML:
            from kommcli.render import html

            output.write(html.article(reading), out)
        case ArticleFormat.JSON:
            from kommcli.render import records

            output.write(records.to_json(records.one_article(reading, _errors(opened), session.now)), out)


def _opened(session: Session, ref: str, *, offline: bool, again: bool, keep: bool) -> Opened:
    from kommcli.cli.opening import Opening

    if offline and again:
        raise BadUsage(_("--offline and --refresh contradict each other"), remedy=_("Leave one of them out."))
    return Opening(session, offline=offline, again=again, keep=keep).open(ref)


def _show(session: Session, opened: Opened, reading: Reading, *, images: bool, out: options.OutFile) -> None:
    """The reading view; its related articles are numbered on behind the last list."""
    from kommcli.render import readingview

    listed = _last_list(session)
    first = len(listed) + 1
    if out is not None:
        output.write_terminal(lambda width: readingview.article(reading, readingview.View(width, first)), out)
    else:
        from kommcli.cli import pictures

        picture = pictures.drawn(session, opened) if images else ""
        _prepare_less()
        with output.printing():
            readingview.page(reading, first, use_pager=sys.stdin.isatty(), picture=picture)
    last_list.remember(session.paths.state, listed, [_listed(one) for one in reading.related])


def _last_list(session: Session) -> list[last_list.Listed]:
    from kommcli.cli.refs import recalled_list

    with session.reading() as db:
        return recalled_list(session, db)


def _listed(one: Related) -> last_list.Listed:
    """How a related article is found again by its number."""
    if one.id:
        return one.id
    mention = asdict(one.mention)
    published = one.mention.published
    return mention | {"published": published.isoformat() if published else None}


def _note(session: Session, opened: Opened) -> str:
    """Why there is only the feed's text; told on standard error, too, for it is no part of the article."""
    from kommcli.render import messages

    if opened.failure is None:
        return ""
    note = messages.no_page(opened.failure)
    if not session.quiet:
        session.say(note)
    return note


def _errors(opened: Opened) -> list[dict[str, object]]:
    from kommcli.render import records

    if opened.failure is None:
        return []
    found = opened.article
    return [records.page_error(found.source.key, found.url, opened.failure)]


def related(
    context: typer.Context,
    ref: options.ReadRef,
    offline: options.Offline = False,
    again: Annotated[bool, typer.Option("--refresh", help=_("Fetch the page once more."))] = False,
    timeline: Annotated[
        bool, typer.Option("--timeline", help=_("In the order of time, the article itself among them."))
    ] = False,
    limit: Annotated[
        int, typer.Option("-n", "--limit", min=0, max=100, metavar="N", help=_("At most N of the archive."))
    ] = 8,
    format_: options.AsFormat = None,
    as_json: options.AsJson = False,
    out: options.OutFile = None,
) -> None:
    """List the articles that are related to one."""
    session = session_of(context)
    chosen = output.chosen_format(Format, format_, as_json, out)
    opened = _opened(session, ref, offline=offline, again=again, keep=False)
    opened = relating.complete(session, opened, limit)
    if timeline:
        opened = replace(opened, related=tuple(sorted(opened.related, key=_time)))
    reading = opened.reading()
    _note(session, opened)
    match chosen:
        case Format.TERMINAL:
            from kommcli.render import readingview

            listed = _last_list(session)
            first = len(listed) + 1
            draw = readingview.timeline if timeline else readingview.related_list
            output.write_terminal(lambda width: draw(reading, width, first), out)
            last_list.remember(session.paths.state, listed, [_listed(one) for one in reading.related])
        case Format.PLAIN:
            from kommcli.render import plain

            output.write(plain.related(reading.related), out)
        case Format.JSON:
            from kommcli.render import records

            output.write(records.to_json(records.related(reading, _errors(opened), session.now)), out)


def _time(one: Related) -> tuple[bool, float]:
    """Oldest first; what has no date comes last."""
    published = one.mention.published
    return published is None, published.timestamp() if published else 0.0


def _prepare_less() -> None:
    """Let less show colours and umlauts, as git does; what the user set stays."""
    os.environ.setdefault("LESS", "FRX")
    os.environ.setdefault("LESSCHARSET", "utf-8")


def _mark_read(session: Session, article: Article) -> None:
    """Remember that somebody has read it; an archive that cannot be written must not spoil the reading."""
    from kommcli.archive import articles
    from kommcli.archive.database import transaction

    try:
        with session.writing() as db, transaction(db):
            articles.mark(db, [article.id], read=True)
    except ArchiveError as error:
        if session.verbose:
            session.say(str(error))


def open_(
    context: typer.Context,
    ref: options.Ref,
) -> None:
    """Open an article in the browser."""
    import webbrowser

    session = session_of(context)
    opened = _known(session, ref)
    article = opened.article
    if not article.url.startswith(("http://", "https://")):
        raise NothingToShow(
            _("the article {id} has no web address").format(id=article.id),
            code="article.no_url",
            remedy=_("Read it with `kommcli read {id}`.").format(id=article.id),
        )
    if not webbrowser.open(article.url):
        raise NothingToShow(
            _("no browser could be started"),
            cause=article.url,
            code="article.no_browser",
            remedy=_("Set BROWSER or copy the address."),
        )
    if opened.archived:
        _mark_read(session, article)


def _known(session: Session, ref: str) -> Opened:
    """An article, or a short entry of a related one, as it is known without asking anybody."""
    from kommcli.cli.opened import Opened
    from kommcli.cli.opening import Opening

    if "://" not in ref:
        return Opening(session, offline=True).open(ref)
    with session.reading() as db:
        return Opened(found_articles(session, db, [ref])[0], archived=True)


def mark_command(column: str, value: bool) -> Callable[..., None]:
    """The function of ``mark read``, ``unread``, ``star`` or ``unstar``."""

    @takes_filters
    def mark(context: typer.Context, filters: Filters) -> None:
        session = session_of(context)
        words = filters.words or []
        refs = [] if any(map(_is_filter, words)) else words
        if not refs and any(word.isdigit() or "://" in word for word in words):
            raise BadUsage(
                _("name articles or give filters, not both"),
                remedy=_("For example: kommcli mark read 3, or kommcli mark read topic:ki --feed NAME."),
            )
        filtered = replace(filters, words=None).given or len(refs) < len(words)
        if bool(refs) == filtered:
            raise BadUsage(
                _("name articles or give filters, not both") if refs else _("which articles?"),
                remedy=_("For example: kommcli mark read 3, or kommcli mark read topic:ki --feed NAME."),
            )
        _mark(session, column, value, refs, Query() if refs else filters.query(session, 0))

    return mark


def _is_filter(word: str) -> bool:
    """Whether an argument is a part of a query; what is none names an article."""
    from kommcli.query import KEYS

    bare = word.lstrip("-\N{MINUS SIGN}(")
    key, colon, rest = bare.partition(":")
    return bare != word or bool(colon and not rest.startswith("//") and key.casefold() in KEYS)


def _mark(session: Session, column: str, value: bool, refs: Sequence[str], query: Query) -> None:
    from kommcli.archive import articles
    from kommcli.archive.database import transaction

    with session.writing() as db:
        ids = (
            [article.id for article in found_articles(session, db, refs)] if refs else articles.ids(db, query)
        )
        with transaction(db):
            changed = articles.mark(db, ids, **{column: value})
    if not session.quiet:
        session.say(
            ngettext("{count} article marked", "{count} articles marked", changed).format(count=changed)
        )
