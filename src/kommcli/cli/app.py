"""The program: global options and the list of commands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from typer.main import get_command

from kommcli import __version__
from kommcli.cli.group import KommCommand, KommGroup, LeadingCommand
from kommcli.cli.session import new_session
from kommcli.i18n import LANGUAGES, _

Build = Callable[[], Any]


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"kommcli {__version__}")
        raise typer.Exit


def _language(value: str | None) -> str | None:
    if value is not None and value not in LANGUAGES:
        raise typer.BadParameter(_("one of {options} is wanted").format(options=", ".join(LANGUAGES)))
    return value


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


class Commands(MutableMapping[str, Any]):
    """Commands by name, each built when it is first asked for: a run needs one of them, and building all of
    them takes as long as everything else that happens before the first line is shown."""

    def __init__(self, builders: Mapping[str, Build]) -> None:
        self._builders = dict(builders)
        self._built: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._built:
            self._built[name] = self._builders[name]()
        return self._built[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self._builders[name] = lambda: command

    def __delitem__(self, name: str) -> None:
        del self._builders[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._builders)

    def __len__(self) -> int:
        return len(self._builders)


def program() -> KommGroup:
    """The whole program as a command with its commands."""
    app = _typer(
        name="kommcli",
        cls=KommGroup,
        help=_("Read the news of Germany's digital municipalities in the terminal."),
        epilog=_("Without set-up and network: kommcli --demo latest"),
        no_args_is_help=True,
    )
    app.callback()(kommcli)
    command = cast(KommGroup, get_command(app))
    command.commands = Commands(_commands())
    return command


def _typer(**settings: Any) -> typer.Typer:
    return typer.Typer(
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
        **settings,
    )


def _command(place: str, text: str, *given: Any, cls: type[KommCommand] = KommCommand) -> Build:
    """Builds the command of a function, "module.function"; with ``given``, of what the function returns."""

    def build() -> Any:
        module, _dot, name = place.rpartition(".")
        function = getattr(import_module(f"kommcli.cli.{module}"), name)
        app = _typer(add_completion=False)
        app.command(cls=cls, help=text)(function(*given) if given else function)
        return get_command(app)

    return build


def _group(text: str, builders: Mapping[str, Build]) -> Build:
    """Builds a command that has commands."""

    def build() -> Any:
        app = _typer(add_completion=False, cls=KommGroup, help=text, no_args_is_help=True)
        app.callback()(_nothing)
        group = get_command(app)
        cast(KommGroup, group).commands = Commands(builders)
        return group

    return build


def _leading(place: str, text: str, builders: Mapping[str, Build]) -> Build:
    """Builds a command of a function that has commands of its own, too."""

    def build() -> Any:
        command = cast(LeadingCommand, _command(place, text, cls=LeadingCommand)())
        command.group = _group(text, builders)()
        return command

    return build


def _nothing() -> None:
    """A group does nothing by itself."""


def _commands() -> dict[str, Build]:
    return {
        "latest": _command(
            "listing.latest", _("List the newest articles. Fetches first when the archive is old.")
        ),
        "search": _command("searching.search", _("Search the full text. Best first, hits marked.")),
        "read": _command(
            "reading.read", _("Show one article and its related news. Fetches its page when it is needed.")
        ),
        "related": _command("reading.related", _("List the articles that are related to one.")),
        "story": _group(
            _("Show a story that several sources tell, and correct which articles do."),
            {
                "show": _command("telling.show", _("List the articles of a story, the leading one first.")),
                "split": _command("telling.split", _("Take an article out of its story. Kept for good.")),
                "merge": _command("telling.merge", _("Let articles be one story. Kept for good.")),
            },
        ),
        "watch": _command("watching.watch", _("List what is new of what you watch.")),
        "open": _command("reading.open_", _("Open an article in the browser.")),
        "explain": _command(
            "explaining.explain", _("Show why an article has its states, places, topics and story.")
        ),
        "topics": _command("counting.topics", _("Count the articles by topic.")),
        "states": _command("counting.states", _("Count the articles by federal state, as a map of tiles.")),
        "places": _command("counting.places", _("Count the articles by place.")),
        "stats": _command("counting.stats", _("Show articles by week and feed, and states by topic.")),
        "mark": _group(
            _("Mark articles as read or starred."),
            {
                "read": _command("reading.mark_command", _("Mark as read."), "read", True),
                "unread": _command("reading.mark_command", _("Mark as unread."), "read", False),
                "star": _command("reading.mark_command", _("Star: keep for good."), "starred", True),
                "unstar": _command("reading.mark_command", _("Take the star away."), "starred", False),
            },
        ),
        "digest": _leading(
            "digesting.digest",
            _("Compose the weekly digest. The last whole week, if no time is given."),
            {
                "draft": _command("drafting.draft", _("Write the digest as a file to edit.")),
                "send": _command("sending.send", _("Send the digest by mail, each issue once.")),
                "issues": _leading(
                    "issuing.issues",
                    _("List the issues that were sent or are to be."),
                    {"show": _command("issuing.show", _("Show an issue as it was sent."))},
                ),
                "archive": _command(
                    "issuing.archive", _("Write all issues as web pages with an index and a feed.")
                ),
                "templates": _command("digesting.templates", _("Write the templates of the digest.")),
            },
        ),
        "fetch": _command(
            "fetching.fetch", _("Fetch due feeds. Quiet when nothing is wrong and nobody watches.")
        ),
        "feeds": _group(
            _("Manage the subscriptions."),
            {
                "list": _command("feeds.list_", _("List the subscriptions and how they are.")),
                "add": _command("subscribing.add", _("Subscribe to a feed, or to the feed of a site.")),
                "remove": _command("feeds.remove", _("Unsubscribe. The articles stay in the archive.")),
                "edit": _command(
                    "feeds.edit", _("Change a subscription. An empty value takes a setting out.")
                ),
                "pause": _command("feeds.pause", _("Stop asking a feed. It stays in the list.")),
                "resume": _command("feeds.resume", _("Ask a feed again that is paused or gone.")),
                "discover": _command(
                    "exchanging.discover", _("Show the feeds that a site offers. Nothing is subscribed to.")
                ),
                "import": _command(
                    "exchanging.import_", _("Subscribe to the feeds of an OPML file. None of them is asked.")
                ),
                "export": _command("exchanging.export", _("Write the subscriptions as OPML.")),
                "history": _command("feedlog.history", _("Show the last answers of a feed.")),
                "undo": _command(
                    "feedlog.undo", _("Ask a feed at its own address again after it was found to have moved.")
                ),
                "check": _command(
                    "feeds.check", _("Ask feeds now and tell how they are. Nothing is stored.")
                ),
            },
        ),
        "config": _group(
            _("Show, change and check the configuration."),
            {
                "path": _command("configuring.path", _("Print where the configuration is.")),
                "init": _command(
                    "configuring.init", _("Write a configuration with comments and kommcli's own feeds.")
                ),
                "show": _command(
                    "configuring.show", _("Print the configuration in force. Defaults are included.")
                ),
                "get": _command("configuring.get", _("Print one value.")),
                "set": _command("configuring.set_", _("Change one value. Comments and order stay.")),
                "check": _command(
                    "configuring.check", _("Check the configuration. Tells every error with file and line.")
                ),
            },
        ),
        "doctor": _command(
            "doctor.doctor", _("Check everything that can be wrong. Tells the remedy for what is.")
        ),
        "prune": _command(
            "pruning.prune", _("Take old articles out of the archive. Starred and digested ones stay.")
        ),
        "backup": _command("keepsafe.backup", _("Write configuration, archive and state into one file.")),
        "restore": _command(
            "keepsafe.restore",
            _("Put a backup in place of configuration, archive and state. The old ones are kept aside."),
        ),
        "schedule": _command(
            "scheduling.schedule", _("Print what makes fetch and digest send run by themselves.")
        ),
        "schema": _command("configuring.schema", _("Print the JSON Schema of an output.")),
    }
