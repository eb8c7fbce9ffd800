"""Every key of the configuration: its kind, default and meaning.

This table is the only place that knows the keys. `load` reads and checks by it, `edit` writes by it, and
``docs/generate.py`` makes ``config.example.toml`` and the reference page from it.
"""

from __future__ import annotations

import math
import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from kommcli import datewords, urls
from kommcli.i18n import LANGUAGES, N_, _
from kommcli.model import Secret

Parse = Callable[[Any], Any]
"""TOML value -> value of ours. Raises `ValueError` with a sentence that says what is wanted."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key. ``default`` and ``example`` are TOML values; ``help`` is the English sentence."""

    name: str
    parse: Parse
    default: Any
    help: str
    example: Any = None


# ---------------------------------------------------------------------------------------------- kinds


def text(value: Any) -> str:
    """A string without control characters and without bytes that are no text."""
    if not isinstance(value, str):
        raise ValueError(_("a text in quotation marks is wanted"))
    if re.search("[\x00-\x1f\x7f-\x9f\ud800-\udfff]", value):
        raise ValueError(_("control characters are not allowed"))
    return value


def flag(value: Any) -> bool:
    """true or false."""
    if not isinstance(value, bool):
        raise ValueError(_("true or false is wanted"))
    return value


def choice(*options: str) -> Parse:
    """One of ``options``."""

    def parse(value: Any) -> str:
        if value not in options:
            raise ValueError(_("one of {options} is wanted").format(options=", ".join(options)))
        return str(value)

    return parse


def number(low: float, high: float, *, whole: bool = False) -> Parse:
    """A finite number from ``low`` to ``high``."""

    def parse(value: Any) -> float:
        if (
            isinstance(value, bool)
            or not isinstance(value, int if whole else (int, float))
            or not math.isfinite(value)
            or not low <= value <= high
        ):
            kind = (
                _("a whole number from {low} to {high} is wanted")
                if whole
                else _("a number from {low} to {high} is wanted")
            )
            raise ValueError(kind.format(low=f"{low:g}", high=f"{high:g}"))
        return value

    return parse


def duration(value: Any) -> timedelta:
    """ "30s", "15m", "1h", "2d", "1w" or "0"."""
    try:
        return datewords.parse_duration(text(value))
    except ValueError:
        raise ValueError(_('a duration such as "30m", "2h" or "1d" is wanted')) from None


def size(value: Any) -> int:
    """ "10MB", "500kB" -> bytes; between 10 kB and 1 GB."""
    match = re.fullmatch(r"(\d{1,9})\s*([kMG]?)B", text(value).strip())
    count = int(match[1]) * {"": 1, "k": 1_000, "M": 1_000_000, "G": 1_000_000_000}[match[2]] if match else 0
    if not 10_000 <= count <= 1_000_000_000:
        raise ValueError(_('a size from "10kB" to "1GB" is wanted'))
    return count


def texts(value: Any) -> tuple[str, ...]:
    """A list of strings."""
    if not isinstance(value, list):
        raise ValueError(_('a list of texts such as ["a", "b"] is wanted'))
    return tuple(text(item) for item in value)


def feed_url(value: Any) -> str:
    """An http, https or file address without user and password."""
    address = text(value).strip()
    if address.startswith("file:"):
        return address
    if urls.has_credentials(address):
        raise ValueError(_("a password does not belong into an address; use auth with env or command"))
    try:
        parts = urlsplit(address)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid or re.search(r"\s", address) or len(address) > 4_000:
        raise ValueError(_("an address that begins with http://, https:// or file: is wanted"))
    return address


def state(value: Any) -> str:
    """A federal state in any spelling -> ISO 3166-2 code."""
    from kommcli.data import states

    code = states.find(text(value))
    if value and not code:
        raise ValueError(_('a federal state such as "BY" or "Bayern" is wanted'))
    return code


def topic(value: Any) -> str:
    """A topic by key, name or alias; any other name is a topic of its own."""
    return text(value).strip()


def secret(value: Any) -> Secret:
    """``{ env = "NAME" }`` or ``{ command = ["pass", "show", "feed"] }``: where a secret is, never itself."""
    if isinstance(value, dict) and len(value) == 1:
        if isinstance(name := value.get("env"), str) and re.fullmatch(r"[A-Za-z_]\w*", name):
            return Secret(env=name)
        command = value.get("command")
        try:
            arguments = shlex.split(command) if isinstance(command, str) else command
        except ValueError:  # a quotation mark that is not closed
            arguments = None
        if isinstance(arguments, list) and arguments and all(isinstance(part, str) for part in arguments):
            return Secret(command=tuple(arguments))
    raise ValueError(_('{ env = "NAME" } or { command = ["program", "argument"] } is wanted'))


_SECRET_HEADER = re.compile(r"auth|cookie|key|token|secret|password|signature", re.IGNORECASE)


def headers(value: Any) -> tuple[tuple[str, str | Secret], ...]:
    """``{ Accept-Language = "de", X-Api-Key = { env = "NAME" } }``."""
    if not isinstance(value, dict):
        raise ValueError(_('a table such as { Accept-Language = "de" } is wanted'))
    found: list[tuple[str, str | Secret]] = []
    for name, content in value.items():
        if not re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", name):
            raise ValueError(_("{name} is not the name of a header").format(name=name))
        if isinstance(content, dict):
            found.append((name, secret(content)))
        elif _SECRET_HEADER.search(name):
            raise ValueError(
                _('{name} holds a secret; write {name} = {{ env = "NAME" }} instead').format(name=name)
            )
        else:
            found.append((name, text(content)))
    return tuple(found)


def auth(value: Any) -> tuple[str, Secret]:
    """``{ user = "name", password = { env = "NAME" } }``."""
    wanted = _('{ user = "name", password = { env = "NAME" } } is wanted')
    if not isinstance(value, dict) or set(value) != {"user", "password"}:
        raise ValueError(wanted)
    try:
        return text(value["user"]), secret(value["password"])
    except ValueError:
        raise ValueError(wanted) from None


# ----------------------------------------------------------------------------------------------- keys

GENERAL = (
    Key("language", choice(*LANGUAGES), None, N_("Language of what people read: de or en."), "de"),
    Key(
        "refresh_after",
        duration,
        "1h",
        N_('`latest` fetches first when the archive is older than this; "0s": always.'),
    ),
    Key("limit", number(1, 100_000, whole=True), 20, N_("How many articles a list shows.")),
    Key(
        "contact",
        text,
        "",
        N_("A mail or web address for publishers, sent in the User-Agent."),
        "mailto:redaktion@stadt.example",
    ),
    Key("feed_root", text, "", N_("The only folder that file: feeds may be read from."), "~/feeds"),
)

FETCH = (
    Key("connect_timeout", number(0.1, 60), 5, N_("Seconds to wait for a connection.")),
    Key("total_timeout", number(0.1, 600), 30, N_("Seconds for one whole answer, redirects included.")),
    Key("max_body", size, "10MB", N_("Largest answer, after unpacking.")),
    Key("threads", number(1, 64, whole=True), 32, N_("Feeds asked at the same time.")),
    Key("per_host", number(1, 8, whole=True), 2, N_("Of these, at the same host.")),
)

FEED = (
    Key("key", text, None, N_("Short name in commands: letters, digits, - and _."), "kommune21"),
    Key(
        "url",
        feed_url,
        None,
        N_("Address of the feed (http, https, or file: below feed_root)."),
        "https://www.example.org/feed/",
    ),
    Key("title", text, "", N_("Name in lists; else what the feed calls itself."), "Kommune21"),
    Key("enabled", flag, True, N_("false: paused, nothing is fetched.")),
    Key("interval", duration, "0s", N_('Shortest time between two visits; "0s": every fetch asks.'), "1h"),
    Key("limit", number(0, 2_000, whole=True), 0, N_("Newest entries taken from one answer; 0: all.")),
    Key("state", state, "", N_("Federal state of all its articles."), "BY"),
    Key("topic", topic, "", N_("Topic of all its articles."), "KI"),
    Key("tags", texts, [], N_("Your own labels."), ["presse"]),
    Key("pages", choice("never", "new"), "never", N_("Fetch the pages of new articles: never or new.")),
    Key(
        "headers",
        headers,
        {},
        N_("Headers to send; secrets only by reference."),
        {"X-Api-Key": {"env": "FEED_KEY"}},
    ),
    Key(
        "auth",
        auth,
        None,
        N_("User and where the password is found (environment variable or command)."),
        {"user": "name", "password": {"env": "FEED_PASSWORD"}},
    ),
    Key("allow_private", flag, False, N_("true: the host may be in a private network.")),
)

SECTIONS: dict[str, tuple[Key, ...]] = {"": GENERAL, "fetch": FETCH, "feeds": FEED}
"""Table name in the file -> its keys; "" is the top of the file, "feeds" the ``[[feeds]]`` tables."""
