"""Questions before something is lost: asked at a terminal, refused where nobody can answer."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from kommcli.cli.session import Session
from kommcli.errors import BadUsage
from kommcli.i18n import _

Yes = Annotated[bool, typer.Option("-y", "--yes", help=_("Do not ask."))]


def agreed(session: Session, question: str, command: str) -> bool:
    """Whether the user says yes. Raises `BadUsage` where nobody is there to ask."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise BadUsage(
            _("{command} asks before it begins, and here is nobody to ask").format(command=command),
            remedy=_("Say --yes."),
        )
    # Typer's own question knows only y and n.
    choice = _("y/N")
    answer: str = typer.prompt(f"{question} [{choice}]", default="", show_default=False, err=True)
    if answer.strip().lower() in ("y", "yes", "j", "ja"):
        return True
    session.say(_("nothing was changed"))
    return False
