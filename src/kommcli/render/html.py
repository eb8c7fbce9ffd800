"""One article as a page of its own: typeset, accessible, and without anything that is loaded from elsewhere.

The form is `templates/article.html`; here is what it says. Jinja escapes every text that it is given, and
only what `reading.web` lets through becomes a link. The page is German whatever language kommcli speaks;
words of the program's own in another language say so to screen readers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kommcli import dates
from kommcli.data.states import NAMES
from kommcli.i18n import _, language, ngettext
from kommcli.model import Article, Block, BlockType, Related
from kommcli.render import plain
from kommcli.render.reading import Item, Reading, Run, enclosure_words, items, lines, runs, web
from kommcli.render.records import title_of

if TYPE_CHECKING:
    from jinja2 import Template


class Fact(NamedTuple):
    """A part of the byline; ``own`` when the words are kommcli's, ``datetime`` when it is a date."""

    text: str
    own: bool = False
    datetime: str = ""


@dataclass(slots=True)
class Node:
    """An item of a list with the lists below it."""

    text: Sequence[Sequence[Run]] = ()
    below: list[Node] = field(default_factory=list)


def article(reading: Reading) -> str:
    """One article with its related ones as a whole document."""
    return _template("article.html").render(_values(reading))


def articles(found: Sequence[Article]) -> str:
    """A list of articles as a whole document."""
    shown = [
        {
            "url": web(one.url),
            "headline": plain.headline(one),
            "teaser": one.teaser,
            "facts": plain.byline(one),
        }
        for one in found
    ]
    return _template("list.html").render(title=_("Articles"), articles=shown)


@cache
def _template(name: str) -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(name)


def _values(reading: Reading) -> dict[str, Any]:
    found = reading.article
    places = [place.name for place in found.places]
    states = [NAMES.get(state, state) for state in found.states]
    level = [Fact(plain.level_name(found.level), own=True)] if found.level else []
    topics = [topic.name for topic in found.topics]
    file = found.enclosure
    return {
        # None where the words are in the language of the page.
        "language": None if language() == "de" else language(),
        "headline": plain.headline(found),
        "source": found.source.title,
        "kicker": found.kicker,
        "title": title_of(found),
        "byline": list(_byline(reading)),
        "lead": reading.lead,
        "image": _image(reading),
        "image_word": _("Image"),
        "credit_word": _("Image source"),
        "blocks": [_block(block) for block in reading.blocks()],
        "notes": [note for note in (reading.note, found.truncated and _("(shortened)")) if note],
        # A city-state is a place and a state: named once.
        "tags": [*map(Fact, _once([*places, *states])), *level, *map(Fact, _once(topics))],
        "tags_word": _("Places and topics"),
        "file": file
        and web(file.url)
        and {"url": file.url, "words": enclosure_words(file), "type": file.type},
        "url": web(found.url),
        "original": _("Read the original"),
        "related": [_related(one) for one in reading.related],
        "related_heading": plain.related_heading(reading.related_topic),
    }


def _once(texts: Sequence[str]) -> list[str]:
    return [text for text in dict.fromkeys(texts) if text]


def _byline(reading: Reading) -> Iterator[Fact]:
    found = reading.article
    published = _date(found.published)
    if found.published_is_estimate:
        words = _("first seen {date}").format(date=published.text)
        published = published._replace(text=words)
    yield published
    if found.updated and dates.local(found.updated).date() > dates.local(found.published).date():
        words = _("updated {date}").format(date=dates.day(found.updated))
        yield Fact(words, own=True, datetime=dates.iso(found.updated))
    if found.source.title:
        yield Fact(found.source.title)
    if found.kind:
        yield Fact(plain.kind_name(found.kind), own=found.kind in plain.KINDS)
    if minutes := reading.minutes():
        words = ngettext("{count} minute to read", "{count} minutes to read", minutes).format(count=minutes)
        yield Fact(words, own=True)


def _date(moment: datetime) -> Fact:
    """An instant in full; a midnight is a day whose time nobody told."""
    here = dates.local(moment)
    words, iso = dates.long(moment, language()), dates.iso(moment)
    if (here.hour, here.minute, here.second) == (0, 0, 0):
        words, iso = words.rpartition(", ")[0], iso[:10]
    return Fact(words, own=True, datetime=iso)


def _image(reading: Reading) -> dict[str, str] | None:
    image = reading.image
    if image is None or not any((web(image.url), image.alt, image.caption, image.credit)):
        return None
    return {
        "url": web(image.url),
        "words": image.alt or (_("View the image") if web(image.url) else ""),
        "own": "" if image.alt else "own",
        "caption": image.caption,
        "credit": image.credit,
    }


def _block(block: Block) -> dict[str, Any]:
    if block.type is BlockType.LIST:
        return {"type": block.type.value, "items": _tree(items(block))}
    return {"type": block.type.value, "text": lines(runs(block))}


def _tree(found: Sequence[Item]) -> list[Node]:
    """Items below each other; where one lacks its parent, an empty one stands in."""
    root = Node()
    for level, pieces in found:
        node = root
        for _step in range(level):
            if not node.below:
                node.below.append(Node())
            node = node.below[-1]
        node.below.append(Node([pieces]))
    return root.below


def _related(one: Related) -> dict[str, Any]:
    mention = one.mention
    published = mention.published
    return {
        "label": mention.kind,
        "kicker": mention.kicker,
        "title": mention.title or _("(untitled)"),
        "url": web(mention.url),
        "date": published and Fact(dates.day(published), datetime=dates.iso(published)[:10]),
        "teaser": mention.teaser,
        "reason": one.reason,
    }
