"""The kinds of values that keys have: each takes a TOML value and gives ours, or says what is wanted.

Every function raises `ValueError` with a sentence that begins small and has no full stop.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from kommcli import datewords, urls
from kommcli.data.family import FIELDS
from kommcli.i18n import _
from kommcli.model import Secret

Parse = Callable[[Any], Any]
"""TOML value -> value of ours. Raises `ValueError` with a sentence that says what is wanted."""


class Inside(ValueError):
    """What is wrong inside a table: for each entry its name, its value and what is wanted."""

    def __init__(self, entries: Sequence[tuple[str, Any, str]]) -> None:
        super().__init__(entries[0][2])
        self.entries = entries


def text(value: Any) -> str:
    """A string without control characters and without bytes that are no text."""
    if not isinstance(value, str):
        raise ValueError(_("a text in quotation marks is wanted"))
    if re.search("[\x00-\x1f\x7f-\x9f\ud800-\udfff]", value):
        raise ValueError(_("control characters are not allowed"))
    return value


def word(value: Any) -> str:
    """A text that is not blank, without blanks around it."""
    found = text(value).strip()
    if not found:
        raise ValueError(_("a text that is not empty is wanted"))
    return found


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


def words(value: Any) -> tuple[str, ...]:
    """A list of strings that are not blank, each once."""
    return tuple(dict.fromkeys(map(word, texts(value))))


def alternatives(value: Any) -> tuple[str, ...]:
    """ "ki", "ki, ozg" or ["ki", "ozg"]; a comma inside a list separates nothing."""
    if isinstance(value, str):
        return tuple(word(part) for part in text(value).split(","))
    if not isinstance(value, list):
        raise ValueError(_('a text or a list of texts such as ["ki", "ozg"] is wanted'))
    return words(value)


def groups(value: Any) -> tuple[tuple[str, ...], ...]:
    """``[["KI", "Künstliche Intelligenz"]]``: lists of at least two different words each."""
    lists = isinstance(value, list) and all(isinstance(group, list) for group in value)
    if not lists or any(len(words(group)) < 2 for group in value):
        raise ValueError(_('lists such as [["KI", "Künstliche Intelligenz"]] are wanted'))
    return tuple(map(words, value))


def query(value: Any) -> str:
    """A query of any number of lines as one; it is read when it is asked."""
    return text(" ".join(value.split()) if isinstance(value, str) else value)


def each(value: Any, parse: Callable[[str, Any], Any]) -> dict[str, Any]:
    """A table whose names the user chooses; ``parse`` takes name and value. Raises `Inside` with all
    that is wrong."""
    found, wrong = {}, []
    for name, one in value.items():
        try:
            found[word(name)] = parse(name, one)
        except ValueError as error:
            wrong.append((name, one, str(error)))
    if wrong:
        raise Inside(wrong)
    return found


def aliases(value: Any) -> dict[str, str]:
    """``{ Quadratestadt = "Mannheim" }``."""
    if not isinstance(value, dict):
        raise ValueError(_('a table such as { Quadratestadt = "Mannheim" } is wanted'))
    return each(value, lambda _name, one: word(one))


def ignored(value: Any) -> tuple[str, ...]:
    """``["Regen", "Stelle"]`` or a table with ``names = ["Regen"]`` or ``Regen = true``."""
    if not isinstance(value, dict):
        return words(value)

    def one(name: str, value: Any) -> tuple[str, ...]:
        if name == "names" and isinstance(value, list):
            return words(value)
        return (name.strip(),) if flag(value) else ()

    return tuple(dict.fromkeys(name for names in each(value, one).values() for name in names))


def terms(value: Any) -> tuple[str, ...] | dict[str, float]:
    """``["chatbot", "=KI"]`` or ``{ chatbot = 3 }``."""
    if isinstance(value, list):
        return words(value)
    if not isinstance(value, dict):
        raise ValueError(_('a list such as ["chatbot", "=KI"] or a table such as { chatbot = 3 } is wanted'))
    weight = number(-10, 10)
    return each(value, lambda _name, one: weight(one))


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


def contact(value: Any) -> str:
    """A mail or web address that everybody may know: it is sent to all publishers."""
    if urls.has_credentials(text(value)):
        raise ValueError(_("a password does not belong into an address; use auth with env or command"))
    return text(value)


def state(value: Any) -> str:
    """A federal state in any spelling -> ISO 3166-2 code."""
    from kommcli.data import states

    code = states.find(text(value))
    if value and not code:
        raise ValueError(_('a federal state such as "BY" or "Bayern" is wanted'))
    return code


def states(value: Any) -> tuple[str, ...]:
    """Federal states in any spelling -> ISO 3166-2 codes."""
    return tuple(dict.fromkeys(map(state, alternatives(value))))


def topic(value: Any) -> str:
    """A topic by key, name or alias; any other name is a topic of its own."""
    return text(value).strip()


def secret(value: Any) -> Secret:
    """``{ env = "NAME" }``, ``{ command = ["pass", "show", "feed"] }`` or ``{ keyring = ["feed", "name"] }``:
    where a secret is, never itself."""
    if isinstance(value, dict) and len(value) == 1:
        if isinstance(name := value.get("env"), str) and re.fullmatch(r"[A-Za-z_]\w*", name):
            return Secret(env=name)
        import shlex  # few have such a command

        command = value.get("command")
        try:
            arguments = shlex.split(command) if isinstance(command, str) else command
        except ValueError:  # a quotation mark that is not closed
            arguments = None
        if isinstance(arguments, list) and arguments and all(isinstance(part, str) for part in arguments):
            return Secret(command=tuple(arguments))
        pair = value.get("keyring")
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(part, str) and part for part in pair):
            return Secret(keyring=tuple(pair))
    raise ValueError(
        _(
            '{ env = "NAME" }, { command = ["program", "argument"] } or { keyring = ["service", "user"] } '
            "is wanted"
        )
    )


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


def selectors(value: Any) -> tuple[tuple[str, str], ...]:
    """``{ kicker = "h1 .overline", body = "article" }``: CSS selectors by field."""
    if not isinstance(value, dict):
        raise ValueError(_('a table such as { kicker = "h1 .overline" } is wanted'))

    def one(name: str, selector: Any) -> str:
        if name not in FIELDS:
            raise ValueError(_("one of {options} is wanted").format(options=", ".join(FIELDS)))
        return word(selector)

    return tuple(each(value, one).items())


def auth(value: Any) -> tuple[str, Secret]:
    """``{ user = "name", password = { env = "NAME" } }``."""
    wanted = _('{ user = "name", password = { env = "NAME" } } is wanted')
    if not isinstance(value, dict) or set(value) != {"user", "password"}:
        raise ValueError(wanted)
    try:
        return text(value["user"]), secret(value["password"])
    except ValueError:
        raise ValueError(wanted) from None
