"""Options and query words to one `Query`: whichever way a filter is written, the conditions are the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from kommcli import stems
from kommcli.conditions import All, Condition, Query, Span, Term, Text
from kommcli.errors import BadUsage
from kommcli.i18n import _
from kommcli.query import grammar, texts, tokens, values
from kommcli.query.tokens import Token
from kommcli.query.values import Known
from kommcli.text import clean

MOST = 200
"""Conditions in a query, those of its views included."""


def build(
    words: Sequence[str] = (),
    *,
    now: datetime,
    known: Known,
    feeds: Iterable[str] = (),
    states: Iterable[str] = (),
    topics: Iterable[str] = (),
    places: Iterable[str] = (),
    kinds: Iterable[str] = (),
    since: str | None = None,
    until: str | None = None,
    week: str | None = None,
    unread: bool = False,
    starred: bool = False,
    view: str | None = None,
    limit: int = 20,
) -> Query:
    """The query that the options and the query ``words``, as the shell split them, ask for together.

    Everything given holds; the values of one option are alternatives. The times that hold for the whole
    query are one `Span`, its first part. Raises `BadUsage`: "usage.query" with the place in the text;
    "usage.state" and the like for unknown values; "usage.date" for what is no date and for a time that ends
    before it begins.
    """
    builder = _Builder(now, known)
    parts: list[Condition] = []
    alternatives = {"feed": feeds, "state": states, "topic": topics, "place": places, "kind": kinds}
    for field, options in alternatives.items():
        if given := tuple(options):
            parts.append(builder.option(field, given))
    for field, option in {"since": since, "until": until, "week": week}.items():
        if option is not None:
            parts.append(builder.time(field, option, f"--{field} "))
    parts += [Term("is", (flag,)) for flag, on in (("unread", unread), ("starred", starred)) if on]
    if view is not None:
        parts.append(builder.view(view, 0))
    text, whole = tokens.joined(words)
    parts.append(grammar.parse(text, builder.leaf, whole))
    return Query(builder.bounded(parts), limit)


class _Builder:
    """Makes conditions of tokens and options; remembers how each time was written, for errors."""

    def __init__(self, now: datetime, known: Known) -> None:
        self.now, self.known = now, known
        self.terms = 0
        self.views: list[str] = []
        self.written: dict[Span, str] = {}

    def leaf(self, token: Token, depth: int) -> Condition:
        """The condition that a word, phrase or key asks for."""
        self.terms += 1
        if self.terms > MOST:
            raise BadUsage(
                _("the query has more than {limit} conditions").format(limit=MOST),
                code="usage.query",
                remedy=_("Ask in several steps."),
            )
        match token.kind:
            case "word" | "phrase":
                if stems.only_joins(token.text):  # "Amt für Digitales": no article is without
                    return All()
                return Text(self.known.synonyms().of(texts.spellings(token.text)), typed=token.text)
            case "beginning":
                return Text(texts.beginnings(token.text), begins=True, typed=token.text)
            case "since" | "until" | "week":
                return self.times(token)
            case "view":
                return grammar.any_of([self.view(name, depth) for name in token.values])
            case _:
                return self.term(token.kind, [(token.text, token.values)])

    def option(self, field: str, texts: Sequence[str]) -> Term:
        """The condition of a repeated option; a comma separates as it does in query words."""
        return self.term(field, [(text, [part.strip() for part in text.split(",")]) for text in texts])

    def term(self, field: str, given: Sequence[tuple[str, Sequence[str]]]) -> Term:
        """One of the ``given`` names, each a text and its parts at commas: "Potsdam, Stadt" is one place,
        "BY, BW" are two states."""
        found: list[str] = []
        for text, parts in given:
            one_name = len(parts) > 1 and values.keys(field, text, self.known)
            for name in (text,) if one_name else parts:
                values.refuse_exclusion(field, name)
                one = values.keys(field, name, self.known)
                if not one:
                    raise values.unknown(field, name, self.known)
                found += one
        return Term(field, tuple(dict.fromkeys(found)))

    def times(self, token: Token) -> Condition:
        """The spans that a key names; "October 16, 2025" is one date."""
        one_date = len(token.values) > 1 and values.span(token.kind, token.text, self.now)
        texts = (token.text,) if one_date else token.values
        return grammar.any_of([self.time(token.kind, text, f"{token.name}:") for text in texts])

    def time(self, field: str, text: str, written: str) -> Span:
        """The span of one date, which was ``written`` with this option or key before it."""
        written += values.quoted(text)
        span = values.span(field, text, self.now)
        if span is None:
            raise values.no_date(field, written)
        self.written.setdefault(span, written)
        return span

    def view(self, name: str, depth: int) -> Condition:
        """The condition of a saved view. An error in its text says so."""
        saved = values.view(name, self.known.views)
        if saved in self.views:
            raise BadUsage(
                _("the view {name} leads back to itself").format(name=values.quoted(saved)),
                cause=" → ".join(map(clean, (*self.views[self.views.index(saved) :], saved))),
                code="usage.view",
                remedy=_("Take one of them out of the other's query."),
            )
        self.views.append(saved)
        try:
            return grammar.parse(clean(self.known.views[saved]), self.leaf, depth=depth + 1)
        except BadUsage as error:
            error.cause = error.cause or _("in the view {name}").format(name=values.quoted(saved))
            raise
        finally:
            self.views.pop()

    def bounded(self, parts: Sequence[Condition]) -> All:
        """All ``parts``, with the times that hold for everything as one."""
        together = self.known.synonyms().joined(grammar.all_of(parts))
        flat = together.parts if isinstance(together, All) else (together,)
        spans = [part for part in flat if isinstance(part, Span)]
        if not spans:
            return All(flat)
        span = Query(All(tuple(spans))).span
        if span.since and span.until and span.since >= span.until:
            first = next(one for one in spans if one.since == span.since)
            last = next(one for one in spans if one.until == span.until)
            raise BadUsage(
                _("{since} lies behind {until}").format(since=self.written[first], until=self.written[last]),
                code="usage.date",
                remedy=_("Nothing can be in this span."),
            )
        return All((span, *(part for part in flat if not isinstance(part, Span))))
