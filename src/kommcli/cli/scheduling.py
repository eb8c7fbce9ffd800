"""``schedule``: kommcli by itself, by systemd, cron or launchd."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from kommcli import schedule as plans
from kommcli.cli import output
from kommcli.cli.session import Session, refuse_in_demo, session_of
from kommcli.errors import BadUsage, OutputError
from kommcli.i18n import _
from kommcli.schedule import Kind
from kommcli.text import clean

CARRIED = ("KOMMCLI_HOME", "KOMMCLI_CONFIG")
"""Variables that decide which archive and which configuration it is."""


def schedule(
    context: typer.Context,
    sending: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[-- ARGS…]",
            help=_("What digest send is given, such as: -- --week this --view press."),
            show_default=False,
        ),
    ] = None,
    kind: Annotated[
        Kind | None, typer.Option("--kind", help=_("Who starts the jobs; default: what this system has."))
    ] = None,
    at: Annotated[
        str, typer.Option("--at", metavar="TIME", help=_('When the digest is sent, such as "mon 07:00".'))
    ] = "mon 07:00",
    install: Annotated[bool, typer.Option("--install", help=_("Write the files or the crontab."))] = False,
) -> None:
    """Print what makes `fetch` and `digest send` run by themselves."""
    session = session_of(context)
    refuse_in_demo(session)
    try:
        weekly = plans.weekly(at)
    except ValueError:
        raise BadUsage(
            _("{option} {value} cannot be used").format(option="--at", value=f'"{clean(at)}"'),
            code="usage.value",
            remedy=_("Write a day of the week and a time, such as mon 07:00."),
        ) from None
    chosen, jobs = kind or _usual(), plans.jobs(weekly, sending or ())
    environment = {name: value for name in CARRIED if (value := session.environ.get(name, ""))}
    _tell_of_password(session)
    if chosen is Kind.CRON:
        lines = plans.cron(jobs, _program(session), environment)
        if install:
            _into_crontab(lines)
        else:
            output.write(lines, None)
        return
    files = plans.AS_FILES[chosen](jobs, _program(session), environment)
    folder = Path(session.environ.get("HOME") or Path.home()) / plans.FOLDERS[chosen]
    if install:
        _into_files(files, folder)
        if not session.quiet:
            session.say(_("Written. Switch it on with: {command}").format(command=_switch(chosen, folder)))
    else:
        output.write("\n".join(f"# {folder / name}\n{text}" for name, text in files.items()), None)


def _usual() -> Kind:
    if sys.platform == "darwin":
        return Kind.LAUNCHD
    return Kind.SYSTEMD if Path("/run/systemd/system").is_dir() else Kind.CRON


def _program(session: Session) -> list[str]:
    """The command line that starts this kommcli, quietly and with the same configuration."""
    own = Path(sys.argv[0]).absolute()
    found = [str(own)] if own.name == "kommcli" and own.is_file() else [sys.executable, "-m", "kommcli"]
    config = ["--config", str(session.paths.config)] if session.explicit_config else []
    return [*found, "--quiet", *config]


def _tell_of_password(session: Session) -> None:
    """A job sees none of the variables of this shell."""
    mail = session.config.mail
    if mail and mail.password and mail.password.env:
        session.say(
            _("The jobs need the variable {name}; a command or the keyring needs none.").format(
                name=mail.password.env
            )
        )


def _switch(kind: Kind, folder: Path) -> str:
    if kind is Kind.LAUNCHD:
        return f"launchctl load {folder}/kommcli.*.plist"
    return (
        "systemctl --user daemon-reload && systemctl --user enable --now kommcli-{fetch,digest,outbox}.timer"
    )


def _into_files(files: plans.Files, folder: Path) -> None:
    from kommcli import files as disk

    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            disk.replace(folder / name, text, 0o644)
    except OSError as error:
        raise OutputError(
            _("{path} cannot be written").format(path=folder),
            cause=error.strerror or "",
            code="io.file",
            remedy=_("Check the path and its permissions."),
        ) from error


def _into_crontab(lines: str) -> None:
    program = shutil.which("crontab")
    if program is None:
        raise _no_crontab("")
    # Without a crontab it exits with 1 and an empty answer.
    old = subprocess.run([program, "-l"], capture_output=True, text=True, check=False)  # noqa: S603 - fixed
    new = plans.in_crontab(old.stdout if old.returncode == 0 else "", lines)
    done = subprocess.run([program, "-"], input=new, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise _no_crontab(clean(done.stderr))


def _no_crontab(cause: str) -> OutputError:
    return OutputError(
        _("the crontab cannot be written"),
        cause=cause,
        code="io.crontab",
        remedy=_("Leave --install out and put the lines in yourself, or choose another --kind."),
    )
