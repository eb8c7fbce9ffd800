"""One article for people at a terminal, typeset like a page of a good magazine. Knows Rich.

Text from outside enters Rich as `Text`, never as markup; it was cleaned when it was parsed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.style import Style
from rich.text import Text

from kommcli import dates
from kommcli.data.states import NAMES
from kommcli.i18n import _, ngettext
from kommcli.model import Article, Block, BlockType, Image, Related
from kommcli.render import plain
from kommcli.render.reading import Reading, Run, items, runs
from kommcli.render.records import title_of
from kommcli.render.terminal import KICKER, NARROWEST, PLACE, QUIET, TITLE, TOPIC, console
from kommcli.render.typeset import lines
from kommcli.text import cut_at_sentence
from kommcli.urls import host

MEASURE = 72
"""Columns of running text: some 66 characters a line are read most easily (Bringhurst)."""

SHORT = 220
"""Characters of the teaser of a related article of the archive; those on pages are short by themselves."""

MARGIN = 2
_BAR = "│ "
_LINK = Style(underline=True)


class View:
    """How wide an article is set, and with which number its related ones begin."""

    def __init__(self, width: int, first: int = 1) -> None:
        self.columns = max(min(MEASURE, width - 2 * MARGIN), NARROWEST - 2 * MARGIN)
        self.first = first


def article(reading: Reading, view: View) -> RenderableType:
    """The whole page: heading, lead, the picture's words, body, links, related articles."""
    return Group(_above(reading, view), _below(reading, view))


def _above(reading: Reading, view: View) -> RenderableType:
    """What stands above the picture."""
    lead: list[RenderableType] = [*_paragraph(Text(reading.lead, TITLE), view.columns)]
    lead += [""] if lead else []
    return Padding(
        Group(*_heading(reading.article, reading, view), *lead), (1, MARGIN, 0, MARGIN), expand=False
    )


def _below(reading: Reading, view: View) -> RenderableType:
    """The picture's words and all that follows."""
    found = reading.article
    parts: list[RenderableType] = [*_picture(reading.image, view)]
    numbers = {link.url: link.number for link in reading.links}
    for block in reading.blocks():
        parts += [*_block(block, numbers, view), ""]
    if found.truncated:
        parts += [Text(_("(shortened)"), QUIET), ""]
    if reading.note:
        parts += [*_paragraph(Text(reading.note, QUIET), view.columns), ""]
    parts += _addresses(reading, view)
    parts += related(reading.related, reading.related_topic, view) if reading.related else []
    return Padding(Group(*parts), (0, MARGIN), expand=False)


def _heading(found: Article, reading: Reading, view: View) -> Iterator[RenderableType]:
    """Kicker as overline, title, and the line of facts."""
    if found.kicker:
        yield from _paragraph(Text(found.kicker, KICKER), view.columns)
    title = Text(title_of(found), TITLE)
    if found.url:
        title.stylize(Style(link=found.url))
    yield from _paragraph(title, view.columns)
    yield from _paragraph(_facts(found, reading.minutes()), view.columns, language="")
    yield ""


def _facts(found: Article, minutes: int) -> Text:
    """``[16.10.2026] · Potsdam · Brandenburg · Kommune21 · 2 min · Bericht · KI``."""
    day = f"[{dates.day(found.published)}]"
    facts = [(_("first seen {date}").format(date=day) if found.published_is_estimate else day, Style())]
    where = dict.fromkeys([*(place.name for place in found.places), *(NAMES.get(s, s) for s in found.states)])
    facts += [(name, PLACE) for name in where]
    facts += [(plain.level_name(found.level), PLACE)] if found.level else []
    facts.append((found.source.title, QUIET))
    facts += [(plain.kind_name(found.kind), QUIET)] if found.kind else []
    if minutes:
        time = ngettext("{count} min read", "{count} min read", minutes).format(count=minutes)
        facts.append((time.replace(" ", "\N{NO-BREAK SPACE}"), QUIET))
    facts += [(topic.name, TOPIC) for topic in found.topics]
    return Text(" · ", QUIET).join(Text(text, style) for text, style in facts if text)


# -------------------------------------------------------------------------------------------- blocks


def _block(block: Block, numbers: dict[str, int], view: View) -> Iterator[RenderableType]:
    match block.type:
        case BlockType.HEADING:
            yield from _paragraph(_linked(runs(block), numbers, KICKER), view.columns)
        case BlockType.QUESTION:
            yield from _paragraph(_linked(runs(block), numbers, TITLE), view.columns)
        case BlockType.QUOTE:
            quoted = _linked(runs(block), numbers, Style(italic=True))
            yield from _barred(_paragraph(quoted, view.columns - 4), "  " + _BAR)
        case BlockType.LIST:
            for item in items(block):
                indent = "  " * min(item.level, (view.columns - 12) // 4 if view.columns > 16 else 0)
                text = _linked(item.runs, numbers)
                for at, line in enumerate(_paragraph(text, view.columns - len(indent) - 2)):
                    yield Text.assemble((indent + ("• " if at == 0 else "  "), QUIET), line)
        case BlockType.IMAGE:
            yield from _barred(_paragraph(Text(block.text, QUIET), view.columns - 2), _BAR)
        case _:
            yield from _paragraph(_linked(runs(block), numbers), view.columns)


def _picture(image: Image | None, view: View) -> Iterator[RenderableType]:
    """What the picture shows and who took it, in a frame line."""
    if image is None:
        return
    texts = [image.caption or (f"[{image.alt}]" if image.alt else "")]
    texts.append(f"{_('Image')}: {image.credit}" if image.credit else "")
    if any(texts):
        framed = [line for text in texts if text for line in _paragraph(Text(text, QUIET), view.columns - 2)]
        yield from _barred(framed, _BAR)
        yield ""


def _barred(texts: Iterable[Text], bar: str) -> Iterator[Text]:
    for text in texts:
        yield Text.assemble((bar, QUIET), text)


def _linked(pieces: Sequence[Run], numbers: dict[str, int], style: Style | None = None) -> Text:
    """Running text in which links can be clicked and have the number that the list below gives them."""
    text = Text("", style or Style())
    for run in pieces:
        if run.url:
            text.append(run.text, _LINK + Style(link=run.url))
            text.append(f"\N{NO-BREAK SPACE}[{numbers[run.url]}]" if run.url in numbers else "", QUIET)
        else:
            text.append(run.text)
    return text


def _paragraph(text: Text, columns: int, language: str = "de") -> Iterator[Text]:
    """``text`` in lines of at most ``columns``, hyphenated where a word would tear a line; not without a
    ``language``."""
    if not text.plain:
        return
    for given in text.split("\n"):
        yield from _lines(given, columns, language) if given.plain else [Text()]


def _lines(text: Text, columns: int, language: str) -> Iterator[Text]:
    """One line of the text's own, in lines of at most ``columns``."""
    for line in lines(text.plain, columns, width=cell_len, language=language):
        part = text[line.start : line.end]
        part.end = "\n"
        if line.hyphen:
            part.append("-")
        part.no_wrap = True
        part.overflow = "ignore"
        yield part


def _addresses(reading: Reading, view: View) -> list[RenderableType]:
    """The links of the text by number, the enclosure, and the article's own address."""
    parts: list[RenderableType] = []
    for link in reading.links:
        parts += _address(f"[{link.number}] ", link.url, view)
    found = reading.article
    own = [address for address in (found.enclosure and found.enclosure.url, found.url) if address]
    for address in own:
        parts += [*([""] if parts else []), *_address("", address, view)]
    if reading.page_url and host(reading.page_url) != host(found.url):
        parts += _address("→ ", reading.page_url, view)
    return [*parts, ""] if parts else []


def _address(mark: str, url: str, view: View) -> Iterator[Text]:
    """An address, which goes on in the next line and stays one link."""
    room = max(view.columns - len(mark), 1)
    for at, line in enumerate(lines(url, room, width=cell_len)):
        yield Text.assemble(
            (mark if at == 0 else " " * len(mark), QUIET),
            (url[line.start : line.end], Style(link=url, dim=True)),
        )


# ------------------------------------------------------------------------------------ related articles


def related(found: Sequence[Related], topic: str, view: View) -> list[RenderableType]:
    """The list as on the page: label, ``Kicker: Title``, date, teaser, each with a number to read it by."""
    parts: list[RenderableType] = [Text("─" * view.columns, QUIET)]
    parts += [*_paragraph(Text(plain.related_heading(topic), KICKER), view.columns), ""]
    width = len(str(view.first + len(found) - 1)) + 2
    for number, one in enumerate(found, start=view.first):
        mark = Text(f"{number}".rjust(width - 2) + "  ", QUIET)
        for at, line in enumerate(_item(one, view.columns - width)):
            parts.append(Text.assemble(mark if at == 0 else " " * width, line))
        parts.append("")
    return parts


def related_list(reading: Reading, width: int, first: int) -> RenderableType:
    """The related articles of one alone, below its headline."""
    view = View(width, first)
    found = reading.article
    headline = Text.assemble((f"{found.kicker}: " if found.kicker else "", KICKER), (title_of(found), TITLE))
    parts: list[RenderableType] = [*_paragraph(headline, view.columns)]
    if reading.related:
        parts += related(reading.related, reading.related_topic, view)
    else:
        parts.append(Text(_("No related articles are known."), QUIET))
    return Padding(Group(*parts), (0, MARGIN), expand=False)


def timeline(reading: Reading, width: int, first: int) -> RenderableType:
    """The related articles, which are in the order of time, with the article itself in its place."""
    view = View(width, first)
    lines: list[RenderableType] = []
    own = reading.article.published
    numbered = list(enumerate(reading.related, start=first))
    before = [pair for pair in numbered if pair[1].mention.published and pair[1].mention.published <= own]
    steps = [
        *(_step(number, one, view) for number, one in before),
        _itself(reading, view),
        *(_step(number, one, view) for number, one in numbered if (number, one) not in before),
    ]
    for step in steps:
        lines += step
    return Padding(Group(*lines), (0, MARGIN), expand=False)


_RAIL = "│ "


def _step(number: int, one: Related, view: View) -> list[RenderableType]:
    mention = one.mention
    headline = Text.assemble(
        (f"{mention.kicker}: " if mention.kicker else "", KICKER), (mention.title, TITLE)
    )
    if mention.url:
        headline.stylize(Style(link=mention.url))
    date = dates.day(mention.published) if mention.published else ""
    facts = [Text(one.reason, PLACE)] if one.reason else []
    return _on_rail("○", Text(f"{date}  {number}", QUIET), [headline, *facts], view)


def _itself(reading: Reading, view: View) -> list[RenderableType]:
    found = reading.article
    headline = Text.assemble((f"{found.kicker}: " if found.kicker else "", KICKER), (title_of(found), TITLE))
    return _on_rail("●", Text(dates.day(found.published), TITLE), [headline], view)


def _on_rail(sign: str, date: Text, texts: Sequence[Text], view: View) -> list[RenderableType]:
    lines: list[RenderableType] = [Text.assemble((f"{sign} ", KICKER), date)]
    for text in texts:
        lines += [Text.assemble((_RAIL, QUIET), line) for line in _paragraph(text, view.columns - len(_RAIL))]
    return [*lines, Text(_RAIL.rstrip(), QUIET)]


def _item(one: Related, columns: int) -> Iterator[Text]:
    mention = one.mention
    headline = Text()
    if mention.kind:
        headline.append(f"{mention.kind.upper()} ", QUIET)
    if mention.kicker:
        headline.append(f"{mention.kicker}: ", KICKER)
    headline.append(mention.title or _("(untitled)"), TITLE)
    if mention.url:
        headline.stylize(Style(link=mention.url))
    yield from _paragraph(headline, columns)
    teaser = mention.teaser if one.source == "page" else cut_at_sentence(mention.teaser, SHORT)
    yield from _paragraph(_told(mention.published, teaser), columns)
    if one.reason:
        yield from _paragraph(Text(one.reason, PLACE), columns)


def _told(published: datetime | None, teaser: str) -> Text:
    text = Text()
    if published:
        text.append(f"[{dates.day(published)}] ", QUIET)
    return text.append(teaser)


def page(reading: Reading, first: int, *, use_pager: bool, picture: str = "") -> None:
    """Print; through the pager when it is longer than the screen and ``use_pager``.

    ``picture`` is a terminal's own sequence, made by `pictures`: it is written as it is, without a pager.
    """
    screen = console(sys.stdout)
    view = View(screen.width, first)
    narrow = screen.options.update_width(min(screen.width, MEASURE + 2 * MARGIN))
    if picture:
        screen.print(_above(reading, view), width=narrow.max_width)
        screen.file.write(picture)
        screen.print(_below(reading, view), width=narrow.max_width)
        return
    content = article(reading, view)
    if use_pager and len(screen.render_lines(content, narrow, pad=False)) > screen.height - 1:
        # Without links, which older pagers print as letters; they are numbered.
        with screen.pager(styles=True, links=False):
            screen.print(content, width=narrow.max_width)
    else:
        screen.print(content, width=narrow.max_width)
