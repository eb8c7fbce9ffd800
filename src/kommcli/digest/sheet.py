"""The file that an editor changes: its form, and reading it. Pure.

The form is Markdown with a head, as editors know it from mails and from lists of tasks::

    ---
    Ausgabe: 2026-W41
    Betreff: …
    ---

    Introduction, one paragraph or several.

    ## Section {key}

    - [x] Kicker: Title {id, date, source}
      Teaser.
    - [ ] Not picked {id, …}
    - [!] Put first in its section {id, …}

    A paragraph of the editor's own.

What stands behind the id in the braces is for the eye. A line that would be taken for one of these marks
begins with a backslash. Comments (``<!-- … -->``) are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kommcli.digest.issue import OWN
from kommcli.errors import BadUsage, did_you_mean
from kommcli.i18n import _
from kommcli.text import clean, shorten

FIELDS = {
    "key": ("Ausgabe", "Issue"),
    "name": ("Titel", "Title"),
    "subject": ("Betreff", "Subject"),
    "salutation": ("Anrede", "Salutation"),
    "figure": ("Zahl der Woche", "Number of the week"),
    "closing": ("Gruß", "Closing"),
    "signature": ("Unterschrift", "Signature"),
    "scope": ("Auswahl", "Selection"),
    "language": ("Sprache", "Language"),
}
"""Fields of the head by their German and their English name; both are read in every language."""

_TICKS = {"x": True, "X": True, "✓": True, "!": True, " ": False, "": False}
_ENTRY = re.compile(r"[-*+]\s+\[(.?)\]\s*(.*)")
_BRACES = re.compile(r"(.*?)\s*\{([^\s{},]+)(?:,[^{}]*)?\}")
MARK = re.compile(r"\\|#|[-*+]\s*\[|<!--|---\s*$")
"""What a line of text must not begin with."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One candidate as the file has it, in ``line``."""

    line: int
    id: str
    headline: str
    teaser: str = ""
    picked: bool = False
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of the editor's own."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """A section as the file has it."""

    line: int
    title: str
    key: str = OWN
    content: tuple[Entry | Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file says. ``fields`` has those of `FIELDS` that are in it."""

    fields: Mapping[str, str] = field(default_factory=dict)
    introduction: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All candidates, in order."""
        return tuple(one for part in self.parts for one in part.content if isinstance(one, Entry))


# ------------------------------------------------------------------------------------------- reading


def read(text: str, path: str) -> Sheet:
    """What the file says; ``path`` is named in errors. Raises `BadUsage` with file, line and remedy."""
    lines = _without_comments(text, path)
    head, body = _head(lines, path)
    return _body(body, head, path)


def wrong(path: str, line: int, what: str, remedy: str) -> BadUsage:
    """The error of a line."""
    return BadUsage(f"{path}:{line}: {what}", code="usage.draft", remedy=remedy)


def _without_comments(text: str, path: str) -> list[str]:
    """The lines without comments, which leave their line breaks: numbers of lines stay."""
    text = text.replace("\r\n", "\n").removeprefix("\ufeff")
    text = re.sub(
        r"(?m)^[ \t]*<!--.*?-->[ \t]*$", lambda found: "\n" * found[0].count("\n"), text, flags=re.DOTALL
    )
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        if line.lstrip().startswith("<!--"):
            remedy = _("Close it with --> at the end of a line.")
            raise wrong(path, number, _("the comment that begins here does not end"), remedy)
    return lines


def _head(lines: list[str], path: str) -> tuple[dict[str, str], Iterator[tuple[int, str]]]:
    """The fields, and the numbered lines behind them."""
    numbered = iter(enumerate(lines, start=1))
    names = {name.casefold(): key for key, pair in FIELDS.items() for name in pair}
    fields: dict[str, str] = {}
    first = next(((number, line) for number, line in numbered if line.strip()), (1, ""))
    if first[1].strip() != "---":
        what = _("a draft begins with a line --- and its fields")
        raise wrong(path, first[0], what, _("Write a new one with `kommcli digest draft`."))
    for number, line in numbered:
        if line.strip() == "---":
            break
        name, colon, value = line.partition(":")
        if not line.strip():
            continue
        key = names.get(clean(name).casefold())
        if key is None or not colon:
            what = _("there is no field {name}").format(name=f'"{shorten(clean(name), 40)}"')
            raise wrong(path, number, what, did_you_mean(clean(name), _spoken()))
        fields[key] = clean(value)
    else:
        raise wrong(path, first[0], _("the fields do not end"), _("Put a line --- behind them."))
    if not fields.get("key"):
        what = _("the field {name} is missing").format(name=f'"{_spoken()[0]}"')
        raise wrong(path, first[0], what, _("Write it like {name}: 2026-W41.").format(name=_spoken()[0]))
    return fields, numbered


def _spoken() -> list[str]:
    return [pair[0] for pair in FIELDS.values()]


def _body(numbered: Iterator[tuple[int, str]], fields: dict[str, str], path: str) -> Sheet:
    reader = _Reader(path)
    for number, line in numbered:
        reader.line(number, line)
    reader.end_paragraph()
    return Sheet(fields, tuple(block.text for block in reader.introduction), reader.parts())


class _Reader:
    """Reads the lines below the head, one by one."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.introduction: list[Block] = []
        self._parts: list[tuple[Part, list[Entry | Block]]] = []
        self._open: list[str] = []
        self._begun = 0
        self._lines: dict[str, int] = {}

    def line(self, number: int, line: str) -> None:
        """Take the next line."""
        indented, bare = line[:1] in (" ", "\t"), line.strip()
        if not bare:
            self.end_paragraph()
        elif bare.startswith("#"):
            self.end_paragraph()
            self._section(number, bare)
        elif (found := _ENTRY.fullmatch(bare)) and not indented:
            self.end_paragraph()
            self._entry(number, found[1], found[2])
        elif indented and not self._open and self._teaser(bare):
            return
        elif re.match(r"[-*+]\s*\[", bare):
            what = _("this tick cannot be read: {text}").format(text=shorten(clean(bare), 40))
            raise wrong(
                self.path, number, what, _("Write - [x], - [ ] or - [!] at the beginning of the line.")
            )
        else:
            self._begun = self._begun if self._open else number
            self._open.append(_plain(bare))

    def _section(self, number: int, bare: str) -> None:
        marks, title = re.fullmatch(r"(#+)\s*(.*)", bare, re.DOTALL).groups()  # type: ignore[union-attr]
        if marks != "##" or not title:
            what = _("sections begin with two # and have a title")
            raise wrong(self.path, number, what, _("Write ## and the title."))
        found = _BRACES.fullmatch(title)
        title, key = (found[1], found[2]) if found else (title, OWN)
        self._parts.append((Part(number, clean(title), clean(key)), []))

    def _entry(self, number: int, tick: str, text: str) -> None:
        found = _BRACES.fullmatch(text)
        ref = clean(found[2]) if found else ""
        if tick not in _TICKS:
            what = _("the tick {tick} is unknown").format(tick=f"[{clean(tick)}]")
            raise wrong(self.path, number, what, _("Write [x], [ ] or [!]."))
        if not found or not ref:
            what = _("the id in braces is missing at the end of the line")
            raise wrong(
                self.path, number, what, _("Put it back, or make the line a paragraph without a tick.")
            )
        if not self._parts:
            what = _("an article stands before the first section")
            raise wrong(self.path, number, what, _("Put a line ## and a title above it."))
        if first := self._lines.get(ref):
            what = _("the article {id} is there twice").format(id=shorten(ref, 40))
            raise wrong(self.path, number, what, _("Take it out here or in line {line}.").format(line=first))
        self._lines[ref] = number
        entry = Entry(number, ref, clean(found[1]), picked=_TICKS[tick], pinned=tick == "!")
        self._parts[-1][1].append(entry)

    def _teaser(self, bare: str) -> bool:
        """Whether the line belongs to the teaser of the article above."""
        content = self._parts[-1][1] if self._parts else []
        if not content or not isinstance(content[-1], Entry):
            return False
        last = content[-1]
        teaser = f"{last.teaser} {clean(_plain(bare))}".strip()
        content[-1] = Entry(last.line, last.id, last.headline, teaser, last.picked, last.pinned)
        return True

    def end_paragraph(self) -> None:
        """A paragraph is over: it is an own text, or one of the introduction."""
        if text := clean(" ".join(self._open)):
            block = Block(self._begun, text)
            (self._parts[-1][1] if self._parts else self.introduction).append(block)
        self._open = []

    def parts(self) -> tuple[Part, ...]:
        """All sections; raises `BadUsage` for one in which nothing stands."""
        for part, content in self._parts:
            if not content:
                what = _("the section {title} is empty").format(title=f'"{shorten(part.title, 60)}"')
                remedy = _("Take the line out, or put an article or a paragraph below it.")
                raise wrong(self.path, part.line, what, remedy)
        return tuple(Part(part.line, part.title, part.key, tuple(content)) for part, content in self._parts)


def _plain(bare: str) -> str:
    return bare[1:] if bare.startswith("\\") else bare
