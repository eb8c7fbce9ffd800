"""``explain``: why an article has its states, places, topics, kind and story, and what its publisher
changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from kommcli.cli import options, output
from kommcli.cli.options import Format
from kommcli.cli.refs import found_articles
from kommcli.cli.session import Session, session_of
from kommcli.errors import NothingToShow
from kommcli.i18n import _
from kommcli.model import Article, Feed, NewArticle

if TYPE_CHECKING:
    import sqlite3

    from kommcli.about import Compared


def explain(
    context: typer.Context,
    ref: options.Ref,
    format_: options.AsFormat = None,
    as_json: options.AsJson = False,
    out: options.OutFile = None,
) -> None:
    """Show the evidence for an article's states, places, topics, kind and story, and its edits."""
    from kommcli.archive import edits, rethinking
    from kommcli.enrich import understood
    from kommcli.render import records, tallied

    session = session_of(context)
    chosen = output.chosen_format(Format, format_, as_json, out)
    with session.reading() as db:
        article = found_articles(session, db, [ref])[0]
        stored = rethinking.entry(db, article.id) if db else None
        others = _compared(session, db, article) if db else []
        history = edits.history(db, article.id) if db else []
    if stored is None:
        raise NothingToShow(_("an article of this list is no longer there"), remedy=_("List anew."))
    key, entry, before = stored
    about = session.knowledge.about(entry, session.config.feed(key) or Feed(key, article.source.url))
    match chosen:
        case Format.TERMINAL:
            from kommcli.render import evidence

            note = _stored_otherwise(before, understood(entry, about))
            draw = evidence.understanding(article, about, note, others, history)
            output.write_terminal(lambda _width: draw, out)
        case Format.PLAIN:
            output.write(tallied.understanding_plain(about, others, history), out)
        case Format.JSON:
            record = tallied.understanding(article, about, others, history, session.now)
            output.write(records.to_json(record), out)


def _compared(session: Session, db: sqlite3.Connection, article: Article) -> list[Compared]:
    """The others of the article's story, and those that come near it."""
    from kommcli.telling import compared

    window = session.config.story_window.days
    return compared(db, article.id, window, session.config.titles)


def _stored_otherwise(before: NewArticle, now: NewArticle) -> str:
    """What the archive still says, when settings changed since the article was stored."""
    if before == now:
        return ""
    parts = [state.removeprefix("DE-") for state in before.states] or [before.level or "–"]
    names = [place.name for place in before.places] + [topic.name for topic in before.topics]
    return _("The archive still has: {stored}. Understand it anew: kommcli fetch --rethink").format(
        stored=", ".join([*parts, *names])
    )
