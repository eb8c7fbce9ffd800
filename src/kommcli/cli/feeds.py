"""``feeds``: list, add, remove, edit, pause, resume and check subscriptions."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kommcli.cli import options, output
from kommcli.cli.options import Format
from kommcli.cli.session import Session, refuse_in_demo, session_of
from kommcli.errors import BadUsage, FeedFailure
from kommcli.i18n import _, ngettext
from kommcli.model import Failed, Feed, FeedState, Fetched, NotModified, Visit
from kommcli.text import clean, shorten

if TYPE_CHECKING:
    from kommcli.parsing.pool import ParserPool
    from kommcli.sources.fetch import Sources

Title = Annotated[str | None, typer.Option(metavar="TEXT", help=_("Name in lists."))]
State = Annotated[
    str | None, typer.Option("-s", "--state", metavar="STATE", help=_("Federal state of all its articles."))
]
Topic = Annotated[
    str | None, typer.Option("-t", "--topic", metavar="TOPIC", help=_("Topic of all its articles."))
]
Tags = Annotated[
    list[str] | None, typer.Option("--tag", metavar="TAG", help=_("A label of your own; may be repeated."))
]
Interval = Annotated[
    str | None, typer.Option(metavar="TIME", help=_("Shortest time between two visits, such as 1h."))
]
FeedLimit = Annotated[
    int | None, typer.Option("--limit", min=0, max=2000, metavar="N", help=_("Newest entries taken; 0: all."))
]
Pages = Annotated[
    str | None, typer.Option(metavar="never|new", help=_("Fetch the pages of new articles: never or new."))
]
Yes = Annotated[bool, typer.Option("-y", "--yes", help=_("Do not ask."))]


def list_(
    context: typer.Context,
    format_: options.AsFormat = None,
    as_json: options.AsJson = False,
    out: options.OutFile = None,
) -> None:
    """List the subscriptions."""
    from kommcli.archive import feeds as feed_table
    from kommcli.render import plain, records

    session = session_of(context)
    chosen = output.chosen_format(Format, format_, as_json, out)
    with session.reading() as db:
        states = feed_table.states(db) if db else {}
    pairs = [(feed, states.get(feed.key)) for feed in session.config.feeds]
    match chosen:
        case Format.JSON:
            output.write(records.to_json(records.feeds(pairs, session.now, _waiting(session, states))), out)
        case Format.PLAIN:
            output.write(plain.feeds(pairs), out)
        case Format.TERMINAL:
            from kommcli.render import subscriptions

            output.write_terminal(lambda width: subscriptions.feeds(pairs, session.now, width), out)
            if session.config.builtin and not session.quiet:
                session.say(_("These are kommcli's own feeds; `kommcli feeds add URL` begins your own list."))


def _waiting(session: Session, states: Mapping[str, FeedState]) -> dict[str, Visit]:
    """Why and until when feeds are not asked now, by key."""
    from kommcli.refresh import plan

    skipped = plan(session.config.feeds, states, session.now).skipped
    return {visit.feed.key: visit for visit in skipped}


def remove(
    context: typer.Context,
    feeds: options.FeedKeys = None,
    yes: Yes = False,
) -> None:
    """Unsubscribe; the articles stay in the archive."""
    from kommcli.config.edit import remove_feed

    session = session_of(context)
    refuse_in_demo(session)
    chosen = _some(session, feeds)
    names = ", ".join(feed.key for feed in chosen)
    if not yes:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise BadUsage(
                _("feeds remove asks before it removes, and here is nobody to ask"),
                remedy=_("Say --yes: kommcli feeds remove --yes {names}").format(
                    names=names.replace(",", "")
                ),
            )
        question = _("Remove {names}? The articles stay in the archive.").format(names=names)
        # Typer's own question knows only y and n.
        choice = _("y/N")
        answer = typer.prompt(f"{question} [{choice}]", default="", show_default=False, err=True)
        if answer.strip().lower() not in ("y", "yes", "j", "ja"):
            session.say(_("nothing was removed"))
            return
    _rewrite(session, chosen, remove_feed)
    _say_done(session, ngettext("{count} feed removed", "{count} feeds removed", len(chosen)), chosen)


def edit(
    context: typer.Context,
    feed: options.FeedKey,
    url: Annotated[str | None, typer.Option(metavar="URL", help=_("New address."))] = None,
    title: Title = None,
    state: State = None,
    topic: Topic = None,
    tag: Tags = None,
    interval: Interval = None,
    limit: FeedLimit = None,
    pages: Pages = None,
    allow_private: Annotated[
        bool | None,
        typer.Option("--allow-private/--no-allow-private", help=_("The host may be in a private network.")),
    ] = None,
) -> None:
    """Change a subscription; an empty value takes a setting out."""
    session = session_of(context)
    changes = checked_values(
        url=valid_address(url) if url else None,
        title=title,
        state=state,
        topic=topic,
        tags=tag,
        interval=interval,
        limit=limit,
        pages=pages,
        allow_private=allow_private,
    )
    if not changes:
        raise BadUsage(
            _("nothing to change was named"), remedy=_("See the options: kommcli feeds edit --help")
        )
    changes = {name: None if value in ("", [""]) else value for name, value in changes.items()}
    _change(session, [feed], changes, _("changed"))


def pause(context: typer.Context, feeds: options.FeedKeys = None) -> None:
    """Stop asking a feed; it stays in the list."""
    _change(session_of(context), feeds, {"enabled": False}, _("paused"))


def resume(context: typer.Context, feeds: options.FeedKeys = None) -> None:
    """Ask a feed again that is paused or gone."""
    from kommcli.archive import feeds as feed_table
    from kommcli.archive.database import transaction

    session = session_of(context)
    # Without the key a feed is asked: the file says what is unusual, not what is not.
    _change(session, feeds, {"enabled": None}, _("resumed"))
    if session.paths.archive.exists():
        with session.writing() as db, transaction(db):
            for feed in _some(session, feeds):
                feed_table.ask_again(db, feed.key)


def check(
    context: typer.Context,
    feeds: options.FeedKeys = None,
    format_: options.AsFormat = None,
    as_json: options.AsJson = False,
    out: options.OutFile = None,
) -> None:
    """Ask feeds now and tell how they are; nothing is stored."""
    from concurrent.futures import ThreadPoolExecutor

    from kommcli.archive import feeds as feed_table
    from kommcli.cli.fetching import named_feeds, tools
    from kommcli.refresh import next_tries
    from kommcli.render import checks, records

    session = session_of(context)
    chosen = output.chosen_format(Format, format_, as_json, out)
    wanted = named_feeds(session, feeds)
    with session.reading() as db:
        states = feed_table.states(db) if db else {}
    tries = next_tries(wanted, states, session.now)
    with tools(session) as (sources, parser), ThreadPoolExecutor(session.config.fetch.threads) as pool:
        asking = pool.map(lambda feed: _checked(feed, states.get(feed.key), sources, parser), wanted)
        found = [replace(one, next_try=tries.get(one.feed.key)) for one in asking]
    match chosen:
        case Format.JSON:
            output.write(records.to_json(checks.record(found, session.now)), out)
        case Format.PLAIN:
            output.write(checks.plain(found), out)
        case Format.TERMINAL:
            from kommcli.render import subscriptions

            output.write_terminal(lambda width: subscriptions.checked(found, session.now, width), out)
    failed = sum(one.failure is not None for one in found)
    raise typer.Exit(0 if not failed else 4 if failed == len(found) else 3)


def _checked(feed: Feed, state: FeedState | None, sources: Sources, parser: ParserPool) -> Any:
    from kommcli.render.checks import Check

    try:
        fetched = asked(sources, feed)
        parsed = parser.parse(fetched)
    except FeedFailure as failure:
        return Check(feed, state, failure=Failed(failure.code, failure.cause, failure.http_status))
    dates = [entry.published for entry in parsed.entries if entry.published]
    return Check(
        feed,
        state,
        status=fetched.status,
        content_type=fetched.content_type,
        title=parsed.title,
        entries=len(parsed.entries),
        newest=max(dates, default=None),
        warnings=parsed.warnings,
        moved_to=fetched.moved_to,
    )


def checked_values(**given: Any) -> dict[str, Any]:
    """The options that were given, checked as the configuration would. Raises `BadUsage`."""
    from kommcli.config.spec import FEED

    kinds = {key.name: key for key in FEED}
    values = {name: value for name, value in given.items() if value is not None}
    for name, value in values.items():
        if value in ("", [""]):
            continue
        try:
            kinds[name].parse(value)
        except ValueError as error:
            option = "--tag" if name == "tags" else f"--{name}"
            shown = shorten(clean(str(value)), 60)
            raise BadUsage(
                _("{option} {value} cannot be used").format(option=option, value=f'"{shown}"'),
                code="usage.value",
                remedy=str(error)[0].upper() + str(error)[1:] + ".",
            ) from None
    return values


# ----------------------------------------------------------------------------------------- changing


def _rewrite(session: Session, feeds: Sequence[Feed], change: Callable[[str, int], str]) -> None:
    """Apply ``change`` (text of the file, position of the feed) for each feed, and write once."""
    from kommcli.config import edit
    from kommcli.config.load import parse

    path = session.paths.config
    text = edit.own_feeds(edit.text_of(path))
    for feed in feeds:
        keys = [one.key for one in parse(text, path).feeds]
        text = change(text, keys.index(feed.key))
    edit.write(path, text)
    session.reload()


def _change(session: Session, names: Sequence[str] | None, changes: dict[str, Any], done: str) -> None:
    from kommcli.config.edit import change_feed

    refuse_in_demo(session)
    feeds = _some(session, names)
    _rewrite(session, feeds, lambda text, index: change_feed(text, index, changes))
    _say_done(session, done, feeds)


def _some(session: Session, names: Sequence[str] | None) -> tuple[Feed, ...]:
    from kommcli.cli.fetching import named_feeds

    if not names:
        raise BadUsage(_("which feed?"), remedy=_("See `kommcli feeds list`."))
    return named_feeds(session, names)


def _say_done(session: Session, done: str, feeds: Sequence[Feed]) -> None:
    if not session.quiet:
        names = ", ".join(feed.key for feed in feeds)
        session.say(f"{done.format(count=len(feeds))}: {names}")


def asked(sources: Sources, feed: Feed) -> Fetched:
    """The feed's bytes, asked without validators."""
    fetched = sources(feed, None)
    if isinstance(fetched, NotModified):
        raise FeedFailure("http.protocol", "304")
    return fetched


def valid_address(url: str) -> str:
    """An address as it goes into the configuration. Raises `BadUsage`."""
    from kommcli.config.kinds import feed_url

    if "://" not in url and not url.startswith("file:"):
        url = "https://" + url
    try:
        return str(feed_url(url))
    except ValueError as error:
        from kommcli.config.problems import remedy_of
        from kommcli.urls import redacted

        raise BadUsage(
            _("{url} cannot be subscribed to").format(url=shorten(redacted(url), 200) or '""'),
            code="usage.url",
            remedy=remedy_of(error),
        ) from None
