"""Credentials by reference: from an environment variable, a command's output or the system's keyring, never
from the file."""

from __future__ import annotations

import subprocess
from base64 import b64encode
from collections.abc import Mapping

from kommcli.errors import FeedFailure
from kommcli.i18n import _
from kommcli.model import Feed, Secret
from kommcli.text import clean

PATIENCE = 10.0
"""Seconds that a command may take."""


def headers_of(feed: Feed, environ: Mapping[str, str]) -> dict[str, str]:
    """The headers to send for ``feed``, secrets filled in. Raises `FeedFailure` (``config.secret``)."""
    found = {
        name: resolve(value, environ) if isinstance(value, Secret) else value for name, value in feed.headers
    }
    if feed.auth:
        user, password = feed.auth
        token = f"{user}:{resolve(password, environ)}".encode()
        found["Authorization"] = "Basic " + b64encode(token).decode("ascii")
    return found


def resolve(secret: Secret, environ: Mapping[str, str]) -> str:
    """The secret itself: one line, without its line break. Raises `FeedFailure` (``config.secret``)."""
    if secret.env:
        value = environ.get(secret.env, "")
        if not value:
            raise FeedFailure("config.secret", _("the variable {name} is not set").format(name=secret.env))
    elif secret.keyring:
        value = _kept(*secret.keyring)
    else:
        value = _output(secret.command)
    if not value or any(ord(character) < 32 or ord(character) == 127 for character in value):
        raise FeedFailure("config.secret", _("it is empty or has more than one line"))
    return value


def _kept(service: str, user: str) -> str:
    """What the system's keyring keeps."""
    try:
        import keyring
    except ImportError:
        cause = _("the keyring needs a further library: pip install 'kommcli[keyring]'")
        raise FeedFailure("config.secret", cause) from None
    try:
        return keyring.get_password(service, user) or ""
    except Exception:  # each system's keyring fails in its own way, and its words might hold the secret
        raise FeedFailure("config.secret", _("the keyring cannot be opened")) from None


def _output(command: tuple[str, ...]) -> str:
    name = clean(command[0])
    try:
        done = subprocess.run(  # noqa: S603 - the user's own command, as a list, without a shell
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE, check=True, text=True
        )
    except subprocess.TimeoutExpired:
        cause = _("{name} took longer than {seconds} seconds").format(name=name, seconds=int(PATIENCE))
        raise FeedFailure("config.secret", cause) from None
    except (OSError, subprocess.CalledProcessError, UnicodeDecodeError):
        # The command's own words might hold the secret: they are not repeated.
        raise FeedFailure("config.secret", _("{name} failed").format(name=name)) from None
    return done.stdout.removesuffix("\n").removesuffix("\r")
