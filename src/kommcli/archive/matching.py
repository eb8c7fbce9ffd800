"""Expressions of the full-text index: what a `Text` asks for, with the words that it is a part of."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator

from kommcli import stems
from kommcli.archive.fulltext import SHORTEST
from kommcli.compounds import JOINTS, WHOLE, background
from kommcli.conditions import All, AnyOf, Condition, Not, Text

MOST = 200
"""Longer words that one word is looked for in; a frequent beginning has thousands."""

_LOOKED_AT = 1_000


def expression(db: sqlite3.Connection, text: Text) -> str:
    """All that ``text`` asks for: its forms, and single words also inside compounds of the archive."""
    return any_of([*_forms(text), *map(_quoted, inside(db, text))])


def inside(db: sqlite3.Connection, text: Text) -> list[str]:
    """The archive's stems that are compounds with a single word of ``text``."""
    if text.begins:
        return []
    return list(dict.fromkeys(word for form in text.forms for word in _compounds(db, form)))


def plain_expression(text: Text) -> str:
    """The forms of ``text`` alone."""
    return any_of(_forms(text))


def is_of_words(part: Condition) -> bool:
    """Whether ``part`` asks for words alone, which `of` can write."""
    match part:
        case Text():
            return True
        case AnyOf(parts):
            return bool(parts) and all(map(is_of_words, parts))
        case All(parts):
            wanted, without = _apart(parts)
            return bool(wanted) and all(map(is_of_words, wanted + without))
    return False


def of(part: Condition, expression: Callable[[Text], str]) -> str:
    """All that a ``part`` `is_of_words` asks for, each text as ``expression`` says it."""
    match part:
        case Text():
            return f"({expression(part)})"
        case All(parts):
            wanted, without = _apart(parts)
            said = " AND ".join(of(one, expression) for one in wanted)
            return f"({said})" if not without else f"(({said}) NOT {of(AnyOf(without), expression)})"
        case AnyOf(parts):
            return f"({' OR '.join(of(one, expression) for one in parts)})"
    raise TypeError(part)


def _apart(parts: Iterable[Condition]) -> tuple[tuple[Condition, ...], tuple[Condition, ...]]:
    """What is wanted, and what is excluded."""
    wanted, without = [], []
    for part in parts:
        if isinstance(part, Not):
            without.append(part.part)
        else:
            wanted.append(part)
    return tuple(wanted), tuple(without)


def any_of(expressions: Iterable[str]) -> str:
    """What one of ``expressions`` asks for."""
    # "": a word that no article has; FTS5 knows no expression for nothing.
    return " OR ".join(dict.fromkeys(filter(None, expressions))) or '""'


def literal(expression: str) -> str:
    """``expression`` as SQL: letters, digits and quotation marks, but a doubled quote costs nothing."""
    return "'" + expression.replace("'", "''") + "'"


def _forms(text: Text) -> Iterator[str]:
    for form in text.forms:
        row = " ".join(form)
        yield f"{_quoted(row)} *" if text.begins else _quoted(row)


def _quoted(words: str) -> str:
    return '"' + words.replace('"', "") + '"'


# ------------------------------------------------------------------------------------------ inside words


def _compounds(db: sqlite3.Connection, form: tuple[str, ...]) -> Iterator[str]:
    """The archive's stems that are made of this one and of another known word, before or behind it."""
    if len(form) != 1 or len(form[0]) < SHORTEST or not form[0].isalpha():
        return
    (stem,) = form
    known = _Known(db)
    found = 0
    for word in (*_beginning(db, stem), *_ending(db, stem)):
        if word in WHOLE:
            continue
        rest = word[len(stem) :] if word.startswith(stem) else ""
        before = word[: -len(stem)] if word.endswith(stem) else ""
        if known.behind(stem, rest) or known.before(before):
            yield word
            found += 1
            if found == MOST:
                return


def _beginning(db: sqlite3.Connection, stem: str) -> Iterator[str]:
    rows = db.execute(
        "SELECT word FROM words WHERE word > ? AND word < ? LIMIT ?", (stem, stem + "{", _LOOKED_AT)
    )
    return (word for (word,) in rows)


def _ending(db: sqlite3.Connection, stem: str) -> Iterator[str]:
    back = stem[::-1]
    rows = db.execute(
        "SELECT word FROM words_backwards WHERE word > ? AND word < ? LIMIT ?",
        (back, back + "{", _LOOKED_AT),
    )
    return (word[::-1] for (word,) in rows)


class _Known:
    """The words that what is left of a compound may be."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._looked: dict[str, bool] = {}

    def behind(self, stem: str, rest: str) -> bool:
        """Whether ``rest`` is a joint and a stem: "enplan" behind "akt", but not "ermeist" behind "burg", for
        "burger" is a word."""
        return any(
            rest.startswith(joint)
            and self._is_stem(rest[len(joint) :])
            and not (joint and self._is_stem(stem + joint))
            for joint in JOINTS
        )

    def before(self, start: str) -> bool:
        """Whether ``start`` is a word and a joint: "verwaltungs" before "portal"."""
        for joint in JOINTS:
            bare = start[: len(start) - len(joint)]
            if start.endswith(joint) and (self._is_stem(bare) or self._is_stem(stems.stem(bare))):
                return True
        return False

    def _is_stem(self, word: str) -> bool:
        if len(word) < SHORTEST:
            return False
        if word not in self._looked:
            self._looked[word] = word in background() or self._is_in_archive(word)
        return self._looked[word]

    def _is_in_archive(self, word: str) -> bool:
        return self._db.execute("SELECT 1 FROM words WHERE word = ?", (word,)).fetchone() is not None
