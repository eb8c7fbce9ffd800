"""``read``, ``open`` and ``mark``: single articles, from the archive to the reader."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from kommcli.cli import last_list, options, output
from kommcli.cli.filters import Filters, takes_filters
from kommcli.cli.options import Format
from kommcli.cli.session import Session, session_of
from kommcli.conditions import Query
from kommcli.errors import ArchiveError, BadUsage, NothingToShow
from kommcli.i18n import _, ngettext
from kommcli.model import Article

if TYPE_CHECKING:
    import sqlite3


def read(
    context: typer.Context,
    ref: options.Ref,
    keep_unread: Annotated[
        bool, typer.Option("--keep-unread", help=_("Do not mark the article as read."))
    ] = False,
    format_: options.AsFormat = None,
    as_json: options.AsJson = False,
    out: options.OutFile = None,
) -> None:
    """Show one article."""
    from kommcli.archive import articles
    from kommcli.render import plain, records

    session = session_of(context)
    chosen = output.chosen_format(Format, format_, as_json, out)
    with session.reading() as db:
        found = found_articles(session, db, [ref])[0]
        body = articles.body(db, found.id) if db else ()
    match chosen:
        case Format.TERMINAL:
            from kommcli.render import terminal

            page = terminal.article(found, body)
            if out is None:
                _prepare_less()
                with output.printing():
                    terminal.page(page, use_pager=sys.stdin.isatty())
            else:
                output.write_terminal(lambda _width: page, out)
            if not keep_unread and not found.read:
                _mark_read(session, found)
        case Format.PLAIN:
            output.write(plain.article(found, body), out)
        case Format.JSON:
            output.write(records.to_json(records.one_article(found, body, session.now)), out)


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


def found_articles(session: Session, db: sqlite3.Connection | None, refs: Sequence[str]) -> list[Article]:
    """The articles that ``refs`` mean. Raises `NothingToShow` and `BadUsage`."""
    from kommcli.archive import articles

    if db is None:
        raise NothingToShow(
            _("the archive is empty"), remedy=_("Fetch with `kommcli fetch`, or try kommcli --demo latest.")
        )
    ids = [_resolve(session, db, ref) for ref in refs]
    found = articles.by_ids(db, ids, session.config.titles)
    if len(found) < len(set(ids)):
        raise NothingToShow(_("an article of this list is no longer there"), remedy=_("List anew."))
    return found


def _resolve(session: Session, db: sqlite3.Connection, ref: str) -> str:
    from kommcli.archive import articles
    from kommcli.text import clean, shorten

    shown = f'"{shorten(clean(ref), 80)}"'
    if ref.isascii() and ref.isdigit():
        ids = last_list.recall(session.paths.state) or (_newest(session, db) if session.demo else [])
        number = int(ref) if len(ref) < 7 else 0
        if 0 < number <= len(ids):
            return ids[number - 1]
        raise NothingToShow(
            _("the last list has no number {ref}").format(ref=shown),
            cause=ngettext("it had {count} article", "it had {count} articles", len(ids)).format(
                count=len(ids)
            ),
            remedy=_("List with `kommcli latest`."),
        )
    candidates = articles.resolve(db, ref)
    if not candidates:
        raise NothingToShow(
            _("there is no article {ref}").format(ref=shown),
            remedy=_("Take a number of the last list, an id, or the address of an article."),
        )
    if len(candidates) > 1:
        raise BadUsage(
            _("{ref} is the beginning of several ids").format(ref=shown),
            cause=", ".join(candidates),
            code="usage.ref",
            remedy=_("Type more of it."),
        )
    return candidates[0]


def _newest(session: Session, db: sqlite3.Connection) -> list[str]:
    """The ids that `latest` would number: in the demo, numbers mean something before the first list."""
    from kommcli.archive import articles

    return articles.ids(db, Query(limit=session.config.limit))


def open_(
    context: typer.Context,
    ref: options.Ref,
) -> None:
    """Open an article in the browser."""
    import webbrowser

    session = session_of(context)
    with session.reading() as db:
        article = found_articles(session, db, [ref])[0]
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
    _mark_read(session, article)


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
