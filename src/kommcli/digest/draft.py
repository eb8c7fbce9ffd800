"""An issue as a file for an editor, and an edited file as sections. Pure. Its form: `sheet`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from kommcli import dates
from kommcli.digest.issue import Issue, Item, Section
from kommcli.digest.sheet import FIELDS, MARK, Block, Entry, Sheet, wrong
from kommcli.i18n import _
from kommcli.text import shorten, split_at_colon

# ------------------------------------------------------------------------------------------- writing


def write(issue: Issue, picked: frozenset[str]) -> str:
    """The file of ``issue``, which has all candidates, with a tick at those in ``picked``."""
    english = issue.language != "de"
    head = [
        f"{names[english]}: {value}".rstrip()
        for name, names in FIELDS.items()
        if (value := getattr(issue, name)) or name != "scope"
    ]
    parts = ["---", *head, "---", "", "<!--", _help(), "-->", ""]
    for paragraph in issue.introduction:
        parts += [_literal(paragraph), ""]
    for section in issue.sections:
        parts += [f"## {section.title} {{{section.key}}}", ""]
        for item in section.items:
            parts += [*(_entry(item, item.id in picked) if item.id else [_literal(item.teaser)]), ""]
    return "\n".join(parts)


def _help() -> str:
    return "\n".join(
        (
            _("[x] is in the issue, [ ] is not, [!] stands first in its section. The order is yours."),
            _("Change titles and teasers, move lines to other sections, rename, move and add sections."),
            _("A paragraph without a tick is your own text. Leave the id in the braces as it is."),
            _("Then: kommcli digest --from FILE"),
        )
    )


def _entry(item: Item, picked: bool) -> Iterator[str]:
    tick = "!" if item.pinned and picked else "x" if picked else " "
    facts = [item.id, dates.day(item.published) if item.published else "", item.source, *item.also_in]
    if item.sent_in:
        facts.append(_("already in issue {number}").format(number=item.sent_in))
    told = ", ".join(re.sub(r"[{}]", "", fact) for fact in facts if fact)
    yield f"- [{tick}] {item.headline} {{{told}}}"
    if item.teaser:
        yield f"  {_literal(item.teaser)}"


def _literal(text: str) -> str:
    return f"\\{text}" if MARK.match(text) else text


# ------------------------------------------------------------------------------------------ applying


@dataclass(frozen=True, slots=True)
class Changes:
    """What an editor's file says otherwise than the archive: headlines as the file has them."""

    retitled: tuple[str, ...] = ()
    reworded: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    """Titles of sections in which nothing is ticked."""
    own: int = 0
    """Paragraphs of the editor's own."""


def sections(sheet: Sheet, known: Mapping[str, Item], path: str) -> tuple[tuple[Section, ...], Changes]:
    """The sections that the file asks for, of the articles ``known`` by their id; and what it changed.

    Raises `BadUsage` for the id of an article that is not known.
    """
    made, dropped, own = [], [], 0
    retitled, reworded, left_out = [], [], []
    for part in sheet.parts:
        items: list[Item] = []
        for one in part.content:
            if isinstance(one, Block):
                items.append(Item("", teaser=one.text))
                own += 1
                continue
            item = known.get(one.id)
            if item is None:
                what = _("there is no article {id} in the archive").format(id=shorten(one.id, 40))
                remedy = _("Put the right id back, or take the line out.")
                raise wrong(path, one.line, what, remedy)
            if not one.picked:
                left_out.append(item.headline)
                continue
            retitled += [one.headline] if one.headline != item.headline else []
            reworded += [one.headline] if one.teaser != item.teaser else []
            items.append(_edited(item, one))
        items.sort(key=lambda item: not item.pinned)
        if items:
            made.append(Section(part.key, part.title, tuple(items)))
        else:
            dropped.append(part.title)
    changes = Changes(tuple(retitled), tuple(reworded), tuple(left_out), tuple(dropped), own)
    return tuple(made), changes


def _edited(item: Item, entry: Entry) -> Item:
    """``item`` with the words of the file. A new headline keeps the kicker where it begins with it."""
    if entry.headline == item.headline:
        kicker, title = item.kicker, item.title
    elif item.kicker and entry.headline.startswith(f"{item.kicker}: "):
        kicker, title = item.kicker, entry.headline[len(item.kicker) + 2 :]
    else:
        kicker, title = split_at_colon(entry.headline)
    return replace(item, kicker=kicker, title=title or item.title, teaser=entry.teaser, pinned=entry.pinned)
