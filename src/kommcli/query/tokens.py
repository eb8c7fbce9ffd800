"""What a query is made of: keys with values, phrases, operators, brackets; each knows its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kommcli.errors import BadUsage
from kommcli.i18n import _
from kommcli.text import clean, fold, shorten

KEYS = {
    name: key
    for key, names in {
        "topic": "topic thema",
        "state": "state land bundesland staat",
        "place": "place ort stadt region",
        "feed": "feed quelle source",
        "kind": "kind art",
        "since": "since seit",
        "until": "until bis",
        "week": "week kw woche",
        "is": "is ist",
        "view": "view sicht",
    }.items()
    for name in names.split()
}
"""The key that each accepted name means."""

_CAPITALS = {"OR": "or", "ODER": "or", "AND": "and", "UND": "and", "NOT": "not", "NICHT": "not"}
_OPERATORS = _CAPITALS | {"|": "or", "||": "or"}
_MINUS = "-−–"
_CLOSERS = {'"': '"', "„": '“”"', "“": "”“", "”": "”", "»": "«", "«": "»"}
_QUOTES = "".join(_CLOSERS)
_NAME = r"([^\W\d_]+):"
_OPERATOR = rf"\|\|?|(?:{'|'.join(_CAPITALS)})(?![^ ()|{_QUOTES}])"
_BARE = r"(?:[^ ()|{also}]|(?<=\w)\([^ ()|{also}]*\))+"
_WORD = _BARE.format(also=_QUOTES)
_VALUE = _BARE.format(also=_QUOTES + ",")
_COMMA = rf",|\|(?!{_NAME})(?=[^ ()|])"
_AROUND_WORDS = ".,;:!?…*"
_SHOWN = 60


class Token(NamedTuple):
    """A piece of a query. ``kind`` is "(", ")", "or", "and", "not", "word",
    "beginning" (word*), "phrase" or a key of `KEYS`;
    ``at`` the place of its first character, ``text`` what it says. A key also has the ``name`` that was
    typed and the ``values``, of which ``text`` is the whole."""

    kind: str
    at: int
    text: str
    name: str = ""
    values: tuple[str, ...] = ()


def joined(arguments: Sequence[str]) -> tuple[str, dict[int, int]]:
    """The arguments of a command line as one clean text, and where those that are one value begin and end.

    The shell takes the quotation marks away, so an argument with blanks in it stands for what they held:
    ``place:Bad Nauheim`` is one value and ``Bad Nauheim`` one phrase, if no quotation mark, operator,
    exclusion or further key is inside. A value may have brackets and bars (``place:Halle (Saale)``,
    ``topic:CMS | Portale``), a phrase not: there they are the grammar's.
    """
    text, whole = "", {}
    for argument in filter(None, map(clean, arguments)):
        text += " " if text else ""
        begin = len(text) + (argument[0] in _MINUS)
        text += argument
        if _is_one_value(text[begin:]):
            whole[begin] = len(text)
    return text, whole


def is_exclusion(argument: str) -> bool:
    """Whether an ``argument`` with a minus before it is no option: ``-topic:ki``, ``-"…"``, ``-(…)``."""
    found = re.match(rf"-(?:[({_QUOTES}]|{_NAME})", argument)
    return found is not None and (found[1] is None or found[1].casefold() in KEYS)


def tokens(text: str, whole: Mapping[int, int]) -> Iterator[Token]:
    """The tokens of ``text``, which is clean; ``whole`` as `joined` gives it. Raises `BadUsage`."""
    operator = re.compile(_OPERATOR)
    at = 0
    while at < len(text):
        char = text[at]
        if at in whole:
            token, at = _one_value(text, at, whole[at]), whole[at]
            yield token
        elif char == " ":
            at += 1
        elif found := operator.match(text, at):
            yield Token(_OPERATORS[found[0]], at, found[0])
            at = found.end()
        elif char in "()":
            yield Token(char, at, char)
            at += 1
        elif char in _MINUS:
            if text[at + 1 : at + 2] in ("", " "):
                raise excludes_nothing(text, at, char)
            yield Token("not", at, char)
            at += 1
        else:
            token, at = _condition(text, at)
            yield token


def _one_value(text: str, at: int, end: int) -> Token:
    """The value or phrase that an argument with blanks is."""
    key, name, begin = _key(text, at)
    said = text[begin:end].strip()
    if not key:
        return Token("phrase", at, said)
    return Token(key, at, said, name, tuple(filter(None, map(str.strip, said.split(",")))) or (said,))


def _condition(text: str, at: int) -> tuple[Token, int]:
    key, name, begin = _key(text, at)
    if key:
        values, end = _values(text, at, begin)
        return Token(key, at, text[begin:end].strip(), name, tuple(values)), end
    if text[at] in _CLOSERS:
        phrase, end = _phrase(text, at)
        return Token("phrase", at, phrase), end
    typed = _bare(_WORD, text, at)
    word = typed.strip(_AROUND_WORDS)
    if not any(map(str.isalnum, word)):
        what = _("{word} is no word to look for").format(word=f'"{shorten(typed, 60)}"')
        raise syntax_error(what, _("Leave it out."), text, at)
    kind = "beginning" if typed.rstrip(_AROUND_WORDS.replace("*", "")).endswith("*") else "word"
    return Token(kind, at, word), at + len(typed)


def _bare(pattern: str, text: str, at: int) -> str:
    found = re.compile(pattern).match(text, at)
    return found[0] if found else ""


def _values(text: str, at: int, begin: int) -> tuple[list[str], int]:
    """The values of the key at ``at`` and where they end; a blank may follow the colon and each comma."""
    values: list[str] = []
    comma = begin - 1
    while True:
        begin = comma + 1 + (text[comma + 1 : comma + 2] == " ")
        value = _bare(_VALUE, text, begin)
        end = begin + len(value)
        if text[begin : begin + 1] in _CLOSERS:
            value, end = _phrase(text, begin)
        elif not value or _bare(_OPERATOR, text, begin):
            raise _no_value(text, at, begin, comma if values else at)
        values.append(value)
        if not re.compile(_COMMA).match(text, end):
            return values, end
        comma = end


def _no_value(text: str, at: int, begin: int, mark: int) -> BadUsage:
    name = text[at : text.index(":", at) + 1]
    if text[begin : begin + 1] == "(":
        what = _("{key} takes no brackets").format(key=name)
        return syntax_error(what, _("Put commas between several values: topic:ki,ozg."), text, begin)
    if text[mark] == ",":
        what = _("{key} has a comma without a value behind it").format(key=name)
        return syntax_error(what, _("Leave out the comma or add the value."), text, mark)
    what = _("{key} has no value").format(key=name)
    return syntax_error(what, _("Write it directly behind the colon, such as topic:ki."), text, mark)


def _phrase(text: str, at: int) -> tuple[str, int]:
    """What stands between the quotation marks that open at ``at``, and where it ends."""
    ends = [end for closer in _CLOSERS[text[at]] if (end := text.find(closer, at + 1)) > 0]
    if not ends:
        what = _("the query has a quotation mark without its end")
        raise syntax_error(what, _("Put a second one at the end of the phrase."), text, at)
    phrase = text[at + 1 : min(ends)].strip()
    if not fold(phrase):
        what = _("the query has quotation marks with nothing between them")
        raise syntax_error(what, _("Write a phrase between them or leave them out."), text, at)
    return phrase, min(ends) + 1


def _key(text: str, at: int) -> tuple[str, str, int]:
    """The key that begins at ``at``, its name as typed, and where its value begins; "" if there is none."""
    found = re.compile(_NAME).match(text, at)
    if not found:
        return "", "", at
    key = KEYS.get(found[1].casefold(), "")
    if not key and (near := _near_key(text[at:])):
        what = _("there is no key {key}").format(key=f'"{found[0]}"')
        remedy = _("Did you mean {key}? What is to be found as text goes into quotation marks.")
        raise syntax_error(what, remedy.format(key=f'"{near}:"'), text, at)
    return (key, found[1], found.end()) if key else ("", "", at)


def _near_key(word: str) -> str:
    """The name of a key that ``word`` begins with, but for a slip of the finger, and "" otherwise."""
    found = re.match(rf"{_NAME}(?!//|in(?:nen|\b))[^ ]", word)  # no address, not "Kund:innen"
    if not found or len(found[1]) < 3:
        return ""
    from rapidfuzz.distance import OSA

    typed = found[1].casefold()
    slips = {name: OSA.distance(typed, name) for name in KEYS if len(name) > 2}
    near = min(slips, key=lambda name: slips[name])
    return near if slips[near] <= (2 if min(len(typed), len(near)) > 5 else 1) else ""


def _is_one_value(argument: str) -> bool:
    """See `joined`; ``argument`` is clean and without the minus before it."""
    first, *more = argument.split(" ")
    if not more or re.search(f"[{_QUOTES}]", argument):
        return False
    for word in more:
        found = re.match(f"[{_MINUS}]?{_NAME}", word)
        key = found is not None and (found[1].casefold() in KEYS or _near_key(word.lstrip(_MINUS)) != "")
        if key or word in _CAPITALS or (len(word) > 1 and word[0] in _MINUS):
            return False
    found = re.match(_NAME, argument)
    if found and found[1].casefold() in KEYS:
        value = argument[found.end() :].strip()
        return value[:1] != "(" and value.count("(") == value.count(")")
    return first not in _CAPITALS and not re.search("[()|]", argument)


# ---------------------------------------------------------------------------------------------- the error


def excludes_nothing(text: str, at: int, operator: str) -> BadUsage:
    """The error that nothing stands behind the minus or NOT at ``at``."""
    what = _("there is nothing to exclude behind {operator}").format(operator=f'"{operator}"')
    return syntax_error(what, _("Write it directly behind, such as -topic:ki."), text, at)


def syntax_error(what: str, remedy: str, text: str, at: int) -> BadUsage:
    """The sentence and, below it, ``text`` (or the part of it around ``at``) with a mark under the character.

    ``text`` is clean. The mark counts columns of a terminal: two for wide characters, none for marks.
    """
    begin = max(0, min(at - _SHOWN // 2, len(text) - _SHOWN))
    while begin and unicodedata.category(text[begin])[0] == "M":
        begin -= 1
    before, behind = text[begin:at], text[at : begin + _SHOWN]
    before = f"…{before}" if begin else before
    behind += "…" if begin + _SHOWN < len(text) else ""
    return BadUsage(what, code="usage.query", remedy=f"{remedy}\n{before}{behind}\n{' ' * _columns(before)}^")


def _columns(text: str) -> int:
    visible = (char for char in text if unicodedata.category(char) not in ("Mn", "Me", "Cf"))
    return sum(1 + (unicodedata.east_asian_width(char) in "WF") for char in visible)
