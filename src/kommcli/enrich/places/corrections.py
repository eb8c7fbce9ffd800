"""The user's corrections on top of the table of places: further names, and names that mean no place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kommcli.gazetteer import Bearer, Gazetteer
from kommcli.placenames import words


class Corrected:
    """``table`` with ``aliases`` (name -> official key or name of a place) and with ``ignored`` names, which
    stay in the table for `explain`, as the form "ignored"."""

    def __init__(self, table: Gazetteer, aliases: Mapping[str, str], ignored: Iterable[str]) -> None:
        self._table = table
        self._ignored = frozenset(words(name) for name in ignored)
        self._aliases: dict[str, list[Bearer]] = {}
        for alias, target in aliases.items():
            key = words(alias)
            for bearer in meant(target, table)[:1] if key else ():
                also = bearer._replace(rest=key[1:], form="full", meant=True, word=False)
                self._aliases.setdefault(key[0], []).append(also)

    def starting_with(self, first_words: Iterable[str]) -> dict[str, tuple[Bearer, ...]]:
        """As the table has them, corrected."""
        wanted = list(first_words)
        found = self._table.starting_with(wanted)
        if not self._aliases and not self._ignored:
            return found
        corrected = {}
        for word in wanted:
            own = self._aliases.get(word, [])
            keys = {bearer.rest for bearer in own}
            kept = [self._marked(word, one) for one in found.get(word, ()) if one.rest not in keys]
            if bearers := sorted([*own, *kept], key=lambda one: -len(one.rest)):
                corrected[word] = tuple(bearers)
        return corrected

    def bearers(self, name: str) -> tuple[Bearer, ...]:
        """As the table has them, corrected."""
        key = words(name)
        if not key:
            return ()
        own = tuple(one for one in self._aliases.get(key[0], ()) if one.rest == key[1:])
        return own or tuple(self._marked(key[0], one) for one in self._table.bearers(name))

    def with_key(self, key: str) -> tuple[Bearer, ...]:
        """As the table has it."""
        return self._table.with_key(key)

    def near(self, name: str, limit: int = 3) -> Sequence[str]:
        """Names like this one, nearest first."""
        return self._table.near(name, limit)

    def _marked(self, first: str, bearer: Bearer) -> Bearer:
        """The bearer, its form "ignored" where the user ignores the name."""
        ignored = (first, *bearer.rest) in self._ignored
        return bearer._replace(form="ignored", meant=False) if ignored else bearer


def meant(target: str, names: Gazetteer) -> tuple[Bearer, ...]:
    """The places that an official key or a name means, the most likely first; empty where there is none."""
    if target.isdigit():
        return names.with_key(target)
    return names.bearers(target)
