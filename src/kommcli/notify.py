"""Giving a text to the user's own command."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence

from kommcli.i18n import _
from kommcli.text import clean, shorten

PATIENCE = 30.0
"""Seconds that the command may take."""


def run(command: Sequence[str], text: str, environ: Mapping[str, str]) -> str:
    """Give ``text`` to ``command`` on its standard input, without a shell; empty when it took it, else why
    not."""
    try:
        done = subprocess.run(  # noqa: S603 - the user's own command, as a list, without a shell
            list(command),
            input=text.encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=PATIENCE,
            env=dict(environ),
            check=False,
        )
    except subprocess.TimeoutExpired:
        return _("it took longer than {seconds} seconds").format(seconds=int(PATIENCE))
    except OSError as error:
        return error.strerror or ""
    if done.returncode == 0:
        return ""
    said = shorten(clean(done.stderr.decode("utf-8", "replace")), 200)
    return f"{_('exit status {status}').format(status=done.returncode)}{f': {said}' if said else ''}"
