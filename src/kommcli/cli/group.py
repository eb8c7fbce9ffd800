"""The one place where errors become sentences and exit codes, and where Typer speaks German."""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup

from kommcli.cli.output import printing, talk
from kommcli.errors import KommError, sentence
from kommcli.i18n import N_, _
from kommcli.text import clean, shorten

_USAGE = (
    (r"No such option: (?P<a>.*)", N_("there is no option {a}")),
    (r"No such command '(?P<a>[^']*)'\.(?: Did you mean (?P<near>.*)\?)?", N_("there is no command {a}")),
    (r"Missing command\.", N_("a command is missing")),
    (r"Missing (?:argument|parameter) '(?P<a>.*)'\..*", N_("{a} is missing")),
    (r"Missing option '(?P<a>.*)'\..*", N_("option {a} is missing")),
    (r"Option '(?P<a>.*)' requires an argument\.", N_("option {a} needs a value")),
    (r"Option '(?P<a>.*)' does not take a value\.", N_("option {a} takes no value")),
    (r"Got unexpected extra argument\(?s?\)? \((?P<a>.*)\)", N_("unexpected argument: {a}")),
    (
        r"Invalid value for '(?P<a>.*)': (?P<b>.*) is not in the range (?P<c>.*)\.",
        N_("{b} is out of range for {a} ({c})"),
    ),
    (
        r"Invalid value for '(?P<a>.*)': (?P<b>.*) is not a valid int(?:eger)?(?: range)?\.",
        N_("{b} for {a} is not a whole number"),
    ),
    (
        r"Invalid value for '(?P<a>.*)': (?P<b>.*) is not one of (?P<c>.*)\.",
        N_("{b} for {a} is none of {c}"),
    ),
    (r"Invalid value for '(?P<a>.*)': (?P<b>.*)", N_("{a} cannot be used: {b}")),
)
"""What Typer says in English, and our sentence for it."""


_TYPER_HELP = (
    N_("Show this message and exit."),
    N_("Install completion for the current shell."),
    N_("Show completion for the current shell, to copy it or customize the installation."),
)
"""Typer's own help texts, which it does not translate."""


class KommCommand(TyperCommand):
    """A command whose help is wholly in the language in use."""

    def get_help(self, ctx: Any) -> str:
        """The help text, with the phrases that Typer does not translate."""
        _translate_options(self.get_params(ctx))
        return _localised(super().get_help(ctx))

    def make_context(self, *args: Any, **extra: Any) -> Any:
        """Build the context (prints ``--help``)."""
        with printing():
            return super().make_context(*args, **extra)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the arguments; errors know their command."""
        with _of_command(ctx):
            return super().parse_args(ctx, self._with_exclusions(args))

    def _with_exclusions(self, args: list[str]) -> list[str]:
        """The arguments of a command that takes a query, with ``-topic:ki`` and ``-word`` made recognisable:
        Click would take them for options. The grammar reads the minus sign U+2212 as it reads a hyphen."""
        if not any(option.name == "words" for option in self.params):
            return args
        from kommcli.query import is_exclusion

        return [
            "\N{MINUS SIGN}" + word[1:]
            if is_exclusion(word) or (re.match(r"-[^\W\d_]{2}", word) and not _with_value(word))
            else word
            for word in args
        ]


def _with_value(word: str) -> bool:
    """Whether an argument is a short option with its value and no excluded word: -sBY, -Fjson. Of what could
    be both (-ozg, -politik), nobody wants a file written instead."""
    return bool(
        re.fullmatch(r"-s[A-Z]{2,3}|-F(?:terminal|plain|jsonl?|jsonfeed|csv|markdown|html|atom)", word)
    )


class LeadingCommand(KommCommand):
    """A command that has commands of its own: where its first word names one, that one runs."""

    group: KommGroup

    @property
    def commands(self) -> Any:
        """Its commands by name."""
        return self.group.commands

    def make_context(self, info_name: Any, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """The context of the command that is meant (prints ``--help``)."""
        if args and args[0] in self.commands:
            return self.group.make_context(info_name, args, parent, **extra)
        return super().make_context(info_name, args, parent, **extra)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the options, and below them the commands."""
        super().format_options(ctx, formatter)
        self.group.format_commands(ctx, formatter)


class KommGroup(TyperGroup):
    """The program: runs a command and turns what went wrong into one sentence and an exit code."""

    def get_help(self, ctx: Any) -> str:
        """The help text, with the phrases that Typer does not translate."""
        _translate_options(self.get_params(ctx))
        return _localised(super().get_help(ctx))

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run; exits with the codes of the contract."""
        with _exit_codes("--debug" in (sys.argv if args is None else args)), _usage():
            status = super().main(args, prog_name, complete_var, False, windows_expand_args, **extra)
            with printing():
                pass  # what is still buffered
        if not standalone_mode:
            return status
        sys.exit(status if isinstance(status, int) else 0)

    def make_context(self, *args: Any, **extra: Any) -> Any:
        """Build the context (prints ``--help`` and ``--version``)."""
        with printing():
            return super().make_context(*args, **extra)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the arguments; errors know their command."""
        with _of_command(ctx):
            return super().parse_args(ctx, args)


@contextmanager
def _of_command(ctx: Any) -> Iterator[None]:
    """Typer's parser does not tell which command an error belongs to."""
    try:
        yield
    except typer.TyperException as error:
        usage: Any = error
        usage.ctx = getattr(usage, "ctx", None) or ctx
        raise


@contextmanager
def _exit_codes(debug: bool) -> Iterator[None]:
    try:
        yield
    except KommError as error:
        if debug:
            traceback.print_exc()
        talk(str(error))
        sys.exit(error.exit_status)
    except typer.Abort:
        talk(_("cancelled"))
        sys.exit(130)
    except Exception as bug:
        if debug:
            raise
        what = _("this is a bug in kommcli")
        cause = clean(f"{type(bug).__name__}: {bug}")
        remedy = _("Please report it; --debug before the command shows where it happened.")
        talk(sentence(what, cause, "bug", remedy))
        sys.exit(1)


@contextmanager
def _usage() -> Iterator[None]:
    try:
        yield
    except typer.TyperException as usage:
        _tell_usage(usage)


def _tell_usage(usage: typer.TyperException) -> NoReturn:
    """One line with the remedy, as for every other error; a bare call of a group shows its help."""
    context = getattr(usage, "ctx", None)
    message = usage.format_message()
    if type(usage).__name__ == "NoArgsIsHelpError":
        with printing():
            print(message)  # noqa: T201
        sys.exit(0 if context is not None and context.parent is None else 2)
    command = context.command_path if context is not None else "kommcli"
    hint = _("See `{command} --help`.").format(command=command)
    talk(f"{_in_our_words(clean(message))} [usage]. {hint}")
    sys.exit(2)


def _in_our_words(message: str) -> str:
    message, _brackets, options = message.partition(" (Possible options: ")
    near = options.rstrip(")")
    for pattern, ours in _USAGE:
        if found := re.fullmatch(pattern, message):
            parts = {
                name: shorten((part or "").replace("'", ""), 120) for name, part in found.groupdict().items()
            }
            text, near = _(ours).format(**parts), parts.get("near") or near
            break
    else:
        text = shorten(message, 300).rstrip(".")
    nearest = _("nearest: {names}").format(names=near)
    return f"{text} ({nearest})" if near else text


def _translate_options(options: Sequence[Any]) -> None:
    for option in options:
        if getattr(option, "help", None) in _TYPER_HELP:
            option.help = _(option.help)


def _localised(text: str) -> str:
    return re.sub(r"^Usage: ", _("Usage: "), text)
