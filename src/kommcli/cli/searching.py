"""``search``: full text, the best first, with the passages that were found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from kommcli.cli import last_list, options, output
from kommcli.cli.filters import Filters, takes_filters
from kommcli.cli.options import ListFormat
from kommcli.cli.session import Session, session_of
from kommcli.conditions import Query
from kommcli.errors import BadUsage, NothingToShow
from kommcli.i18n import _

if TYPE_CHECKING:
    import sqlite3

    from kommcli.archive.searching import Result
    from kommcli.conditions import Text
    from kommcli.passages import Passage
    from kommcli.render.found import Found


@takes_filters
def search(
    context: typer.Context,
    filters: Filters,
    limit: options.Limit = None,
    every: options.Every = False,
    format_: options.AsListFormat = None,
    as_json: options.AsJson = False,
    out: options.OutFile = None,
) -> None:
    """Search the articles, best first."""
    session = session_of(context)
    chosen = output.chosen_format(ListFormat, format_, as_json, out)
    if not filters.given:
        raise BadUsage(_("what is to be found?"), remedy=_("For example: kommcli search Glasfaser state:by"))
    query = filters.query(session, limit or session.config.limit)
    with session.reading() as db:
        if db is None:
            raise NothingToShow(
                _("the archive is empty"),
                remedy=_("Fetch with `kommcli fetch`, or try kommcli --demo latest."),
            )
        found = _found(session, db, query, every=every)
    _write(session, found, chosen, out)
    _tell(session, found)


def _found(session: Session, db: sqlite3.Connection, query: Query, *, every: bool) -> Found:
    from kommcli.archive import searching
    from kommcli.render.found import Found

    result = searching.search(db, query, session.now, session.config.titles, every=every)
    asked = searching.texts(query.where)
    near = () if result.hits else _near(db, asked)
    return Found(result.hits, _passages(db, result, asked), result.partial, near)


def _near(db: sqlite3.Connection, asked: list[Text]) -> tuple[tuple[str, str], ...]:
    """Each word that no article has, with the spelling nearest to it that one has."""
    from kommcli.archive import searching

    pairs = ((text.typed, searching.near(db, text)) for text in asked)
    return tuple((typed, spelt) for typed, spelt in pairs if spelt)


def _passages(db: sqlite3.Connection, result: Result, asked: list[Text]) -> dict[str, tuple[Passage, ...]]:
    from kommcli.archive import fulltext, matching
    from kommcli.passages import Marker, passages

    if not asked:
        return {}
    marker = Marker(asked, (word for text in asked for word in matching.inside(db, text)))
    return {hit.article.id: passages(fulltext.fields(db, hit.article.id), marker) for hit in result.hits}


def _write(session: Session, found: Found, chosen: ListFormat, out: options.OutFile) -> None:
    from kommcli.render import records

    articles = [hit.article for hit in found.hits]
    match chosen:
        case ListFormat.TERMINAL:
            from kommcli.render import foundview

            output.write_terminal(lambda width: foundview.found(found, session.now, width), out)
            last_list.remember(session.paths.state, [article.id for article in articles])
        case ListFormat.JSON:
            output.write(records.to_json(records.found(found, session.now)), out)
        case ListFormat.JSONL:
            output.write(records.found_lines(found), out)
        case _:
            from kommcli.cli.listing import in_format

            output.write(in_format(articles, chosen, session.now), out)


def _tell(session: Session, found: Found) -> None:
    """What a person should know beside the hits."""
    if session.quiet:
        return
    if found.partial:
        session.say(_("no article has all of these words; these have some of them"))
    elif not found.hits and not found.near:
        session.say(_("nothing found"))
    for typed, spelt in found.near:
        session.say(
            _("nothing found for {word}; did you mean {near}?").format(word=f'"{typed}"', near=f'"{spelt}"')
        )
