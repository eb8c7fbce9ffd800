"""The filters that every command takes that lists or selects, named once."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import wraps
from typing import Any, get_type_hints

from kommcli.cli import options
from kommcli.cli.session import Session
from kommcli.conditions import Query


@dataclass
class Filters:
    """What the user typed: query words, and the options that mean the same."""

    words: options.Words = None
    topic: options.Topics = None
    state: options.States = None
    place: options.Places = None
    feed: options.Feeds = None
    kind: options.Kinds = None
    since: options.Since = None
    until: options.Until = None
    week: options.Week = None
    unread: options.Unread = False
    starred: options.Starred = False
    view: options.View = None

    @property
    def given(self) -> bool:
        """Whether there is any filter at all."""
        return any(getattr(self, field.name) for field in fields(self))

    def query(self, session: Session, limit: int) -> Query:
        """The query that all of it asks for together. Raises `BadUsage`."""
        from kommcli import query

        return query.build(
            self.words or (),
            now=session.now,
            known=session.known,
            feeds=self.feed or (),
            states=self.state or (),
            topics=self.topic or (),
            places=self.place or (),
            kinds=self.kind or (),
            since=self.since,
            until=self.until,
            week=self.week,
            unread=self.unread,
            starred=self.starred,
            view=self.view,
            limit=limit,
        )


def takes_filters(command: Callable[..., None]) -> Callable[..., None]:
    """A command with a parameter ``filters`` takes the options of `Filters` instead."""
    hints = get_type_hints(command, include_extras=True)
    parameters: list[inspect.Parameter] = []
    for parameter in inspect.signature(command).parameters.values():
        if parameter.name == "filters":
            parameters += _FILTERS
        else:
            parameters.append(parameter.replace(annotation=hints[parameter.name]))

    @wraps(command)
    def filtered(**given: Any) -> None:
        filters = Filters(**{one.name: given.pop(one.name) for one in _FILTERS})
        command(filters=filters, **given)

    filtered.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    filtered.__annotations__ = {one.name: one.annotation for one in parameters}
    return filtered


def _parameters(hints: dict[str, Any]) -> Sequence[inspect.Parameter]:
    return [
        inspect.Parameter(
            field.name,
            inspect.Parameter.POSITIONAL_OR_KEYWORD,
            default=field.default,
            annotation=hints[field.name],
        )
        for field in fields(Filters)
    ]


_FILTERS = _parameters(get_type_hints(Filters, include_extras=True))
