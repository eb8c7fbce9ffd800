"""The program: global options and the list of commands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from kommcli import __version__
from kommcli.cli import configuring, counting, explaining, feeds, fetching, listing, reading, subscribing
from kommcli.cli.group import KommCommand, KommGroup
from kommcli.cli.session import new_session
from kommcli.i18n import LANGUAGES, _

app = typer.Typer(
    name="kommcli",
    cls=KommGroup,
    help=_("Read the news of Germany's digital municipalities in the terminal."),
    epilog=_("Without set-up and network: kommcli --demo latest"),
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"kommcli {__version__}")
        raise typer.Exit


def _language(value: str | None) -> str | None:
    if value is not None and value not in LANGUAGES:
        raise typer.BadParameter(_("one of {options} is wanted").format(options=", ".join(LANGUAGES)))
    return value


@app.callback()
def kommcli(
    context: typer.Context,
    config: Annotated[
        Path | None, typer.Option(metavar="FILE", help=_("Use this configuration file."))
    ] = None,
    demo: Annotated[
        bool, typer.Option("--demo", help=_("Use the bundled newsroom; your own archive is not touched."))
    ] = False,
    _lang: Annotated[
        str | None,
        typer.Option("--lang", metavar="de|en", callback=_language, help=_("Language of what you read.")),
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help=_("Show where an error happened."))] = False,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help=_("Say nothing but errors."))] = False,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help=_("Say more."))] = False,
    _show: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help=_("Show the version."))
    ] = False,
) -> None:
    """Make the session that every command is handed."""
    context.obj = new_session(config=config, demo=demo, verbose=verbose, quiet=quiet, debug=debug)


def _group(name: str, text: str) -> typer.Typer:
    group = typer.Typer(cls=KommGroup, help=text, no_args_is_help=True, rich_markup_mode=None)
    app.add_typer(group, name=name)
    return group


def _command(group: typer.Typer, name: str, function: Callable[..., None], text: str) -> None:
    group.command(name, cls=KommCommand, help=text)(function)


_command(app, "latest", listing.latest, _("List the newest articles. Fetches first when the archive is old."))
_command(app, "read", reading.read, _("Show one article."))
_command(app, "open", reading.open_, _("Open an article in the browser."))
_command(app, "explain", explaining.explain, _("Show why an article has its states, places and topics."))
_command(app, "topics", counting.topics, _("Count the articles by topic."))
_command(app, "states", counting.states, _("Count the articles by federal state, as a map of tiles."))
_command(app, "places", counting.places, _("Count the articles by place."))
_command(app, "stats", counting.stats, _("Show articles by week and feed, and states by topic."))
_mark = _group("mark", _("Mark articles as read or starred."))
_command(_mark, "read", reading.mark_command("read", True), _("Mark as read."))
_command(_mark, "unread", reading.mark_command("read", False), _("Mark as unread."))
_command(_mark, "star", reading.mark_command("starred", True), _("Star: keep for good."))
_command(_mark, "unstar", reading.mark_command("starred", False), _("Take the star away."))
_command(app, "fetch", fetching.fetch, _("Fetch due feeds. Quiet when nothing is wrong and nobody watches."))
_feeds = _group("feeds", _("Manage the subscriptions."))
_command(_feeds, "list", feeds.list_, _("List the subscriptions and how they are."))
_command(_feeds, "add", subscribing.add, _("Subscribe to a feed, or to the feed of a site."))
_command(_feeds, "remove", feeds.remove, _("Unsubscribe. The articles stay in the archive."))
_command(_feeds, "edit", feeds.edit, _("Change a subscription. An empty value takes a setting out."))
_command(_feeds, "pause", feeds.pause, _("Stop asking a feed. It stays in the list."))
_command(_feeds, "resume", feeds.resume, _("Ask a paused feed again."))
_command(_feeds, "check", feeds.check, _("Ask feeds now and tell how they are. Nothing is stored."))
_config = _group("config", _("Show, change and check the configuration."))
_command(_config, "path", configuring.path, _("Print where the configuration is."))
_command(_config, "init", configuring.init, _("Write a configuration with comments and kommcli's own feeds."))
_command(_config, "show", configuring.show, _("Print the configuration in force. Defaults are included."))
_command(_config, "get", configuring.get, _("Print one value."))
_command(_config, "set", configuring.set_, _("Change one value. Comments and order stay."))
_command(
    _config, "check", configuring.check, _("Check the configuration. Tells every error with file and line.")
)
_command(app, "schema", configuring.schema, _("Print the JSON Schema of an output."))
