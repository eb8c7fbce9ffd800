"""The configuration written out: the commented example, and the one in force."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kommcli.config.load import Config, default_pages
from kommcli.config.spec import ABOUT, DIGEST, FEED, FETCH, MAIL, NAMED, SECTIONS, Key
from kommcli.i18n import _
from kommcli.model import Feed, Secret

if TYPE_CHECKING:
    from kommcli.config.mailing import MailSettings


def example_toml() -> str:
    """Every key with its meaning and default, all as comments."""
    lines = ["# " + _("The configuration of kommcli. Every key may be left out."), ""]
    for section, keys in SECTIONS.items():
        lines += ["# " + _(ABOUT[section]), "#"] if section in ABOUT else []
        if section in NAMED or section == "feeds":
            lines += [f"# {heading(section, NAMED.get(section, ''))}"]
            for key in keys:
                lines += [f"# # {_(key.help)}", f"# {key.name} = {toml_value(_shown(key))}"]
            lines += [""]
            continue
        lines += [f"# {heading(section)}", ""] if section else []
        for key in keys:
            lines += [f"# {_(key.help)}", f"# {key.name} = {toml_value(_shown(key))}", ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def heading(section: str, name: str = "") -> str:
    """What stands above the keys of a section: ``[fetch]``, ``[[feeds]]``, ``[views.press]``."""
    return "[[feeds]]" if section == "feeds" else f"[{section}.{name}]" if name else f"[{section}]"


def _shown(key: Key) -> Any:
    return key.default if key.example is None else key.example


def toml_value(value: Any) -> str:
    """``value`` as it is written in a file."""
    import tomlkit

    if isinstance(value, dict):
        table = tomlkit.inline_table()
        for name, inner in value.items():
            table[name] = tomlkit.parse(f"x = {toml_value(inner)}")["x"]
        return str(table.as_string())
    return str(tomlkit.item(value).as_string())


def as_toml(config: Config) -> dict[str, Any]:
    """``config`` as TOML values; secrets are references and stay so."""
    general = {
        "language": config.language or None,
        "refresh_after": _duration(config.refresh_after),
        "limit": config.limit,
        "contact": config.contact,
        "feed_root": _path(config.feed_root),
        "notify": list(config.notify),
    }
    fetch = {key.name: getattr(config.fetch, key.name) for key in FETCH}
    fetch["max_body"] = _size(config.fetch.max_body)
    mail = {"mail": _mail(config.mail)} if config.mail else {}
    return _given(general) | {
        "home": {"states": list(config.home.states), "places": list(config.home.places)},
        "fetch": fetch,
        "search": {"synonyms": [list(group) for group in config.synonyms]},
        "stories": {"window": _duration(config.story_window)},
        "digest": _given({key.name: getattr(config.digest, key.name) for key in DIGEST}),
        **mail,
        "views": dict(config.views),
        "watch": dict(config.watches),
        "places": {"alias": dict(config.place_aliases), "ignore": list(config.place_ignored)},
        "topics": {key: _topic(changes) for key, changes in config.topics.items()},
        "feeds": [_feed(feed) for feed in config.feeds],
    }


def _topic(changes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in changes.items()}


def _feed(feed: Feed) -> dict[str, Any]:
    values = {key.name: getattr(feed, key.name) for key in FEED}
    defaults = {key.name: key.default for key in FEED}
    values["interval"] = _duration(feed.interval)
    values["tags"] = list(feed.tags)
    values["pages"] = None if feed.pages == default_pages(feed.url) else feed.pages
    values["selectors"] = dict(feed.selectors)
    values["headers"] = {
        name: _secret(value) if isinstance(value, Secret) else value for name, value in feed.headers
    }
    values["auth"] = feed.auth and {"user": feed.auth[0], "password": _secret(feed.auth[1])}
    return _given({name: value for name, value in values.items() if value != defaults[name]})


def _mail(mail: MailSettings) -> dict[str, Any]:
    values = {key.name: getattr(mail, "sender" if key.name == "from" else key.name) for key in MAIL}
    values |= {name: str(values[name]) for name in ("from", "reply_to") if values[name]}
    values |= {"to": list(map(str, mail.to)), "sendmail": list(mail.sendmail)}
    return _given(values | {"password": mail.password and _secret(mail.password)})


def _secret(secret: Secret) -> dict[str, Any]:
    if secret.keyring:
        return {"keyring": list(secret.keyring)}
    return {"env": secret.env} if secret.env else {"command": list(secret.command)}


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _path(path: Path | None) -> str:
    return "" if path is None else str(path)


def _size(octets: int) -> str:
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if octets % size == 0:
            return f"{octets // size}{unit}"
    return f"{octets}B"


def _duration(value: timedelta) -> str:
    seconds = int(value.total_seconds())
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
