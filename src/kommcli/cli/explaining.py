"""``explain``: why an article has its states, places, topics and kind."""

from __future__ import annotations

import typer

from kommcli.cli import options, output
from kommcli.cli.options import Format
from kommcli.cli.refs import found_articles
from kommcli.cli.session import session_of
from kommcli.errors import NothingToShow
from kommcli.i18n import _
from kommcli.model import Feed, NewArticle


def explain(
    context: typer.Context,
    ref: options.Ref,
    format_: options.AsFormat = None,
    as_json: options.AsJson = False,
    out: options.OutFile = None,
) -> None:
    """Show the evidence for an article's states, places, topics and kind."""
    from kommcli.archive import rethinking
    from kommcli.enrich import understood
    from kommcli.render import records, tallied

    session = session_of(context)
    chosen = output.chosen_format(Format, format_, as_json, out)
    with session.reading() as db:
        article = found_articles(session, db, [ref])[0]
        stored = rethinking.entry(db, article.id) if db else None
    if stored is None:
        raise NothingToShow(_("an article of this list is no longer there"), remedy=_("List anew."))
    key, entry, before = stored
    about = session.knowledge.about(entry, session.config.feed(key) or Feed(key, article.source.url))
    match chosen:
        case Format.TERMINAL:
            from kommcli.render import evidence

            note = _stored_otherwise(before, understood(entry, about))
            output.write_terminal(lambda _width: evidence.understanding(article, about, note), out)
        case Format.PLAIN:
            output.write(tallied.understanding_plain(about), out)
        case Format.JSON:
            output.write(records.to_json(tallied.understanding(article, about, session.now)), out)


def _stored_otherwise(before: NewArticle, now: NewArticle) -> str:
    """What the archive still says, when settings changed since the article was stored."""
    if before == now:
        return ""
    parts = [state.removeprefix("DE-") for state in before.states] or [before.level or "–"]
    names = [place.name for place in before.places] + [topic.name for topic in before.topics]
    return _("The archive still has: {stored}. Understand it anew: kommcli fetch --rethink").format(
        stored=", ".join([*parts, *names])
    )
