"""What became of feeds: ``feeds history`` and ``feeds undo``."""

from __future__ import annotations

from typing import Annotated

import typer

from kommcli.cli import options, output
from kommcli.cli.options import Format
from kommcli.cli.session import Session, session_of
from kommcli.errors import BadUsage
from kommcli.i18n import _
from kommcli.model import Answer, Feed

Count = Annotated[
    int | None, typer.Option("-n", "--limit", min=1, max=1_000, metavar="N", help=_("At most N answers."))
]


def history(
    context: typer.Context,
    feed: options.FeedKey,
    limit: Count = None,
    format_: options.AsFormat = None,
    as_json: options.AsJson = False,
    out: options.OutFile = None,
) -> None:
    """Show the last answers of a feed."""
    from kommcli.render import records

    session = session_of(context)
    chosen = output.chosen_format(Format, format_, as_json, out)
    one = _one(session, feed)
    answers = _answers(session, one)[:limit]
    match chosen:
        case Format.JSON:
            from kommcli.render import histories

            output.write(records.to_json(histories.record(one, answers, session.now)), out)
        case Format.PLAIN:
            from kommcli.render import histories

            output.write(histories.plain(answers), out)
        case Format.TERMINAL:
            from kommcli.render import subscriptions

            output.write_terminal(lambda _width: subscriptions.history(answers, session.now), out)


def undo(context: typer.Context, feed: options.FeedKey) -> None:
    """Ask a feed at the address of the configuration again, after it was found to have moved."""
    from kommcli.archive import moves
    from kommcli.archive.database import lock, transaction

    session = session_of(context)
    one = _one(session, feed)
    with lock(session.paths.archive), session.writing() as db, transaction(db):
        left = moves.undo(db, one.key)
    if not left:
        raise BadUsage(
            _("{key} is asked at its own address: there is nothing to undo").format(key=one.key),
            code="usage.not_moved",
        )
    if not session.quiet:
        from kommcli.urls import redacted

        session.say(
            _("{key} is asked at {url} again, no longer at {left}").format(
                key=one.key, url=redacted(one.url), left=redacted(left)
            )
        )


def _one(session: Session, name: str) -> Feed:
    from kommcli.cli.fetching import named_feeds

    found = named_feeds(session, [name])
    if len(found) != 1:
        raise BadUsage(_("which feed?"), remedy=_("See `kommcli feeds list`."))
    return found[0]


def _answers(session: Session, feed: Feed) -> list[Answer]:
    from kommcli.archive import answers

    with session.reading() as db:
        return answers.of_feed(db, feed.key) if db else []
