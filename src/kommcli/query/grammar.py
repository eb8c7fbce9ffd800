"""The query grammar: from text to conditions, with an error that points at the character.

::

    query     = [ any ]
    any       = all { ("OR" | "ODER" | "|") all }
    all       = part { ["AND" | "UND"] part }
    part      = ("NOT" | "NICHT" | "-") part | "(" any ")" | condition
    condition = KEY ":" value { "," value } | phrase | word
    value     = phrase | bare
    phrase    = what stands between quotation marks: "…" „…“ “…” »…« «…»

Operators are written in capitals, keys in any case. A minus excludes at the beginning of what it stands
before; inside a word it is a hyphen. A bracket that is attached to a word belongs to it: ``Halle(Saale)``,
``Mitarbeiter(innen)``. A name with a colon that is no key is an error where it is near one (``sate:by``),
else text: ``Bürger:innen``, ``12:30``, ``https://…``, ``Potsdam:``. Words lose punctuation at their ends; a
``*`` behind one lets it go on in any way, before one it says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from kommcli.conditions import All, AnyOf, Condition, Not
from kommcli.errors import BadUsage
from kommcli.i18n import _
from kommcli.query.tokens import Token, excludes_nothing, syntax_error, tokens

LONGEST = 2_000
"""Characters of a query."""

DEEPEST = 16
"""Brackets and exclusions inside each other; views count on. SQLite's parser has a stack for a hundred marks,
of which each takes up to four."""

Leaf = Callable[[Token, int], Condition]
"""What a "word", "phrase" or key means, at which depth."""


def all_of(parts: Sequence[Condition]) -> Condition:
    """The conjunction of ``parts``, without conjunctions inside it and without repetition."""
    flat = dict.fromkeys(q for p in parts for q in (p.parts if isinstance(p, All) else (p,)))
    return next(iter(flat)) if len(flat) == 1 else All(tuple(flat))


def any_of(parts: Sequence[Condition]) -> Condition:
    """The disjunction of ``parts``, without disjunctions inside it and without repetition."""
    flat = dict.fromkeys(q for p in parts for q in (p.parts if isinstance(p, AnyOf) else (p,)))
    return next(iter(flat)) if len(flat) == 1 else AnyOf(tuple(flat))


def parse(text: str, leaf: Leaf, whole: Mapping[int, int] | None = None, depth: int = 0) -> Condition:
    """The condition that ``text``, which is clean, asks for; ``leaf`` makes the single ones.

    ``whole`` has begin and end of the values that go without quotation marks. Raises `BadUsage`
    ("usage.query") that shows the text with a mark below the character.
    """
    if not text:
        return All()
    if len(text) > LONGEST:
        raise BadUsage(
            _("the query is longer than {limit} characters").format(limit=LONGEST),
            code="usage.query",
            remedy=_("Save parts of it as views: [views.NAME] in the configuration."),
        )
    if depth > DEEPEST:
        raise _too_deep(text, 0)
    return _Parser(text, whole or {}, leaf, depth).query()


class _Parser:
    """Descends by the rules of the grammar, one method a rule."""

    def __init__(self, text: str, whole: Mapping[int, int], leaf: Leaf, depth: int) -> None:
        self.text, self.leaf, self.depth = text, leaf, depth
        self.tokens = tuple(tokens(text, whole))
        self.next = 0

    @property
    def kind(self) -> str:
        return self.tokens[self.next].kind if self.next < len(self.tokens) else ""

    def query(self) -> Condition:
        found = self.any()
        if self.kind:
            raise self.missing()
        return found

    def any(self) -> Condition:
        parts = [self.all()]
        while self.kind == "or":
            self.next += 1
            parts.append(self.all())
        return any_of(parts)

    def all(self) -> Condition:
        parts = [self.part()]
        while self.kind not in ("", "or", ")"):
            self.next += self.kind == "and"
            parts.append(self.part())
        return all_of(parts)

    def part(self) -> Condition:
        if self.kind in ("", "or", "and", ")"):
            raise self.missing()
        token = self.tokens[self.next]
        self.next += 1
        if token.kind not in ("not", "("):
            return self.leaf(token, self.depth)
        self.depth += 1
        if self.depth > DEEPEST:
            raise _too_deep(self.text, token.at)
        found = Not(self.part()) if token.kind == "not" else self.bracketed(token)
        self.depth -= 1
        return found

    def bracketed(self, opening: Token) -> Condition:
        found = self.any()
        if self.kind != ")":
            raise self.unclosed(opening)
        self.next += 1
        return found

    def missing(self) -> BadUsage:
        """The error where a condition is wanted and something else, or nothing, is there."""
        before = self.tokens[self.next - 1] if self.next else Token("", 0, "")
        here = self.tokens[self.next] if self.kind else Token("", 0, "")
        if before.kind == "not":
            return excludes_nothing(self.text, before.at, before.text)
        at, remedy = before.at, _("Write conditions on both sides, such as topic:ki OR topic:ozg.")
        if before.kind in ("or", "and"):
            what = _("there is nothing behind {operator}").format(operator=f'"{before.text}"')
        elif here.kind in ("or", "and"):
            what, at = _("there is nothing before {operator}").format(operator=f'"{here.text}"'), here.at
        elif before.kind == "(" and here.kind == ")":
            what = _("the query has brackets with nothing between them")
            remedy = _("Write conditions between them or leave them out.")
        elif before.kind == "(":
            return self.unclosed(before)
        else:
            what, at = _("the query has a closing bracket without its beginning"), here.at
            remedy = _("Put the opening one before it, or quotation marks around it.")
        return syntax_error(what, remedy, self.text, at)

    def unclosed(self, opening: Token) -> BadUsage:
        what = _("the query has an opening bracket without its end")
        remedy = _("Put the closing one behind it, or quotation marks around it.")
        return syntax_error(what, remedy, self.text, opening.at)


def _too_deep(text: str, at: int) -> BadUsage:
    what = _("the query has more than {limit} brackets or exclusions inside each other")
    return syntax_error(what.format(limit=DEEPEST), _("Leave out those that change nothing."), text, at)
