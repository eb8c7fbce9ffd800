"""Tables whose names the user chooses: saved filters, watches and topics."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from kommcli.config.kinds import alternatives, query, word
from kommcli.config.lines import dotted
from kommcli.config.problems import Problems, as_table, checked, remedy_of
from kommcli.config.spec import NAMED, SECTIONS, TOPIC, VIEW, WATCH, Key
from kommcli.i18n import _
from kommcli.text import clean


def views(table: Any, problems: Problems) -> dict[str, str]:
    """``[views]``: the text of the query by name. NAME = "query" is short for a table with this query."""
    found = {}
    for name, given in _entries("views", table, problems):
        if isinstance(given, str):
            short = Key(name, query, None, "")
            found[name] = checked((short,), {name: given}, ("views",), problems)[name]
        else:
            found[name] = _query_text(checked(VIEW, given, ("views", name), problems))
    return found


def watches(table: Any, problems: Problems) -> dict[str, str]:
    """``[watch]``: the text of the query by name. NAME = "query" and NAME = ["term", …] are short forms."""
    found = {}
    for name, given in _entries("watch", table, problems):
        short = "query" if isinstance(given, str) else "terms" if isinstance(given, list) else ""
        values = checked(WATCH, {short: given} if short else given, ("watch", name), problems)
        terms = " OR ".join(f'"{_plain(term)}"' for term in values["terms"] or ())
        parts = [part for part in (terms, values["query"]) if part]
        if not parts and not problems.found:
            what = _("[watch.{name}] has neither terms nor a query").format(name=clean(name))
            problems.add(("watch", name), what, remedy=_('Write terms = ["…"] or query = "…".'))
        found[name] = " ".join(f"({part})" for part in parts) if len(parts) > 1 else "".join(parts)
    return found


def topics(table: Any, problems: Problems) -> dict[str, dict[str, Any]]:
    """``[topics]``: what the user sets of each topic, and nothing else."""
    from kommcli.data.topics import slug

    found = {}
    for name, given in _entries("topics", table, problems):
        key = slug(name)
        if name != key:
            remedy = _("A key has small letters, digits and hyphens: write [topics.{key}].")
            what = _("{key} is no key of a topic").format(key=f'"{clean(name)}"')
            problems.add(("topics", name), what, remedy=remedy.format(key=key))
        values = checked(TOPIC, given, ("topics", name), problems)
        found[name] = {name: value for name, value in values.items() if value is not None}
    return found


def _entries(section: str, table: Any, problems: Problems) -> Iterable[tuple[str, Any]]:
    """The entries of ``[section]`` whose names can be used."""
    for name, given in as_table(table, (section,), problems).items():
        try:
            word(name)
        except ValueError as error:
            what = _("a name in [{section}] cannot be used").format(section=section)
            problems.add((section, name), what, remedy=remedy_of(error))
        else:
            yield name, given


def _query_text(values: Mapping[str, Any]) -> str:
    """The keys of a view as a query, such as ``topic:ki, ozg since:7d (…)``: all of them hold."""
    own = values["query"] or ""
    conditions = [
        f"{name}:{', '.join(map(_quoted, (given,) if isinstance(given, str) else given))}"
        for name, given in values.items()
        if given and name != "query"
    ]
    return " ".join([*conditions, f"({own})" if own and conditions else own]).strip()


def _quoted(value: str) -> str:
    # Inside quotation marks those of another kind may stand, and comparing makes no difference between kinds.
    inner = _plain(value)
    return inner if re.fullmatch(r"[\w.-]+", inner) else f'"{inner}"'


def _plain(value: str) -> str:
    return " ".join(value.replace('"', "“").split())


def find(path: str) -> tuple[str, Key] | None:
    """The section, as `edit.set_value` takes it, and the key of a name such as ``limit``,
    ``fetch.threads``, ``views.press``, ``views.press.since``, ``watch.vendors`` or
    ``places.alias.Quadratestadt``.

    None if there is no such key. Feeds are none of them: they are changed by `edit.change_feed`.
    """
    section, _dot, name = path.rpartition(".")
    first, *middle = section.split(".", 1)
    for key in SECTIONS.get(first, ()) if first != "feeds" else ():
        if key.name == name and (len(middle) == 1 if first in NAMED else not middle):
            return dotted((first, *middle)) if first else "", key
    for table, parse in (("views", query), ("watch", _watched), ("places.alias", word)):
        entry = path.removeprefix(f"{table}.")
        if path.startswith(f"{table}.") and entry and not (table in NAMED and "." in entry):
            return table, Key(entry, parse, None, "")
    return None


def _watched(value: Any) -> Any:
    """A watch in short."""
    return query(value) if isinstance(value, str) else alternatives(value)
