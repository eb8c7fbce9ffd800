"""``config`` and ``schema``: what is set, and what the outputs look like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from kommcli.cli import output
from kommcli.cli.session import refuse_in_demo, session_of
from kommcli.errors import BadUsage
from kommcli.i18n import _
from kommcli.text import clean, shorten
from kommcli.urls import has_credentials, redacted

if TYPE_CHECKING:
    from kommcli.config.spec import Key

Name = Annotated[str, typer.Argument(metavar="KEY", help=_("Name of a key, such as limit or fetch.threads."))]


def path(context: typer.Context) -> None:
    """Print where the configuration is."""
    output.write(f"{session_of(context).paths.config}\n", None)


def init(context: typer.Context) -> None:
    """Write a commented configuration with kommcli's own feeds, if there is none."""
    from kommcli.config import edit
    from kommcli.config.example import example_toml
    from kommcli.config.load import builtin_toml

    session = session_of(context)
    refuse_in_demo(session)
    target = session.paths.config
    if target.exists():
        raise BadUsage(
            _("the configuration {path} exists").format(path=target),
            code="usage.exists",
            remedy=_("Change it with `kommcli config set` or an editor."),
        )
    edit.write(target, example_toml() + "\n" + builtin_toml())
    session.say(_("written: {path}").format(path=target))


def show(context: typer.Context) -> None:
    """Print the configuration in force as TOML, defaults included."""
    import tomli_w

    from kommcli.config.example import as_toml

    output.write(tomli_w.dumps(as_toml(session_of(context).config)), None)


def get(context: typer.Context, key: Name) -> None:
    """Print one value."""
    import tomli_w

    from kommcli.config.example import as_toml
    from kommcli.config.named import find

    value: Any = as_toml(session_of(context).config)
    for part in key.split("."):
        if not isinstance(value, dict) or part not in value:
            if find(key) is None:
                raise _unknown(key)
            value = ""  # there is such a key, and it says nothing
            break
        value = value[part]
    if isinstance(value, dict):
        text = tomli_w.dumps(value).strip()
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        text = tomli_w.dumps({part: value}).strip()
    else:
        text = value if isinstance(value, str) else tomli_w.dumps({"x": value}).partition("= ")[2].strip()
    output.write(f"{text}\n", None)


def set_(
    context: typer.Context,
    key: Name,
    value: Annotated[str, typer.Argument(metavar="VALUE", help=_("The new value; empty takes the key out."))],
) -> None:
    """Change one value; comments and order stay."""
    from kommcli.config import edit
    from kommcli.config.named import find

    session = session_of(context)
    refuse_in_demo(session)
    found = find(key)
    if found is None:
        raise _unknown(key)
    section, one = found
    try:
        new = _checked(one, value)
    except ValueError as error:
        given = redacted(value) if has_credentials(value) else clean(value)
        raise BadUsage(
            _("{key} = {value} cannot be used").format(
                key=key, value="…" if one.name == "password" else shorten(given, 60)
            ),
            code="usage.value",
            remedy=str(error)[0].upper() + str(error)[1:] + ".",
        ) from None
    target = session.paths.config
    edit.write(target, edit.set_value(edit.text_of(target), section, one.name, new))


def _checked(key: Key, value: str) -> Any:
    """``value`` as typed, as the TOML value that ``key`` takes; None takes the key out. Raises ValueError."""
    new = _toml_value(value)
    try:
        if new is not None:
            key.parse(new)
    except ValueError:
        key.parse(value)  # an official key looks like a number, but is a text
        return value
    return new


def check(context: typer.Context) -> None:
    """Check the configuration; every error is told with file and line."""
    session = session_of(context)
    config = session.config
    session.home_keys()
    session.check_aliases()
    if config.path is None:
        session.say(
            _("there is no configuration {path}; the defaults hold").format(path=session.paths.config)
        )
    else:
        session.say(_("{path} is in order").format(path=config.path))


def schema(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help=_("Name of an output; without: all names."))
    ] = None,
) -> None:
    """Print the JSON Schema of an output."""
    from kommcli.render.records import to_json
    from kommcli.render.schema import SCHEMAS

    if name is None:
        output.write("".join(f"{one}\n" for one in SCHEMAS), None)
        return
    if name not in SCHEMAS:
        from kommcli.errors import did_you_mean
        from kommcli.text import clean

        raise BadUsage(
            _("there is no schema {name}").format(name=f'"{clean(name)}"'),
            code="usage.schema",
            remedy=did_you_mean(name, SCHEMAS),
        )
    output.write(to_json(SCHEMAS[name]), None)


def _toml_value(value: str) -> Any:
    """``value`` as typed in a shell: 5, true and ["a"] are what they look like, all else is text."""
    import tomllib

    if value == "":
        return None
    try:
        parsed = tomllib.loads(f"x = {value}")
    except (tomllib.TOMLDecodeError, RecursionError):
        return value
    return parsed["x"] if set(parsed) == {"x"} else value


def _unknown(key: str) -> BadUsage:
    from kommcli.config.spec import NAMED, SECTIONS
    from kommcli.errors import did_you_mean
    from kommcli.text import clean

    names = [
        f"{section}.{one.name}".lstrip(".")
        for section, keys in SECTIONS.items()
        if section not in ("feeds", *NAMED)
        for one in keys
    ]
    return BadUsage(
        _("there is no key {key}").format(key=f'"{clean(key)}"'),
        code="usage.key",
        remedy=did_you_mean(key, names),
    )
