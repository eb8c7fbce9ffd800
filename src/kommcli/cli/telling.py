"""``story``: the articles that tell the same, and the user's last word on which do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kommcli.cli import last_list, options, output
from kommcli.cli.options import ListFormat
from kommcli.cli.refs import found_articles
from kommcli.cli.session import Session, session_of
from kommcli.errors import BadUsage
from kommcli.i18n import _, ngettext
from kommcli.model import Article, Report

if TYPE_CHECKING:
    from collections.abc import Sequence

Refs = Annotated[
    list[str], typer.Argument(metavar="REF…", help=_("Number in the last list, article id, or address."))
]


def show(
    context: typer.Context,
    ref: options.Ref,
    format_: options.AsListFormat = None,
    as_json: options.AsJson = False,
    out: options.OutFile = None,
) -> None:
    """List the articles of a story, the leading one first."""
    session = session_of(context)
    chosen = output.chosen_format(ListFormat, format_, as_json, out)
    found = _story(session, ref)
    match chosen:
        case ListFormat.TERMINAL:
            from kommcli.render import terminal

            note = terminal.list_note(len(found), None, session.now)
            output.write_terminal(lambda width: terminal.articles(found, session.now, width, note), out)
            last_list.remember(session.paths.state, [article.id for article in found])
        case ListFormat.JSON:
            from kommcli.render import records

            output.write(records.to_json(records.articles(found, Report(), session.now)), out)
        case _:
            from kommcli.cli.listing import in_format

            output.write(in_format(found, chosen, session.now), out)


def _story(session: Session, ref: str) -> list[Article]:
    """The article and all that tell the same, the leading one first."""
    from kommcli.archive import articles

    with session.reading() as db:
        one = found_articles(session, db, [ref])[0]
        return articles.of_story(db, one, session.config.titles) if db and one.story else [one]


def split(context: typer.Context, refs: Refs) -> None:
    """Take an article out of its story, or away from the articles that are named behind it, for good."""
    session = session_of(context)
    with session.reading() as db:
        first, *others = found_articles(session, db, refs)
    away = [other.id for other in others] or [other.id for other in first.also_in]
    if not away:
        raise BadUsage(
            _("the article {id} is in no story").format(id=first.id),
            remedy=_("See why with `kommcli explain {id}`.").format(id=first.id),
        )
    _rule(session, [first.id, *away], same=False)


def merge(context: typer.Context, refs: Refs) -> None:
    """Let articles be one story, for good."""
    session = session_of(context)
    with session.reading() as db:
        found = found_articles(session, db, refs)
    ids = list(dict.fromkeys(article.id for article in found))
    if len(ids) < 2:
        raise BadUsage(
            _("a story has two articles at least"), remedy=_("For example: kommcli story merge 3 7")
        )
    _rule(session, ids, same=True)


def _rule(session: Session, ids: Sequence[str], *, same: bool) -> None:
    from kommcli.archive import articles
    from kommcli.archive.database import transaction
    from kommcli.telling import rule

    with session.writing() as db:
        with transaction(db):
            rule(db, ids, same=same, window=session.config.story_window.days)
        (first,) = articles.by_ids(db, ids[:1])
    if not session.quiet:
        count = len(first.also_in) + 1
        session.say(
            ngettext(
                "kept for good; the article stands alone",
                "kept for good; the story has {count} articles",
                count,
            ).format(count=count)
        )
