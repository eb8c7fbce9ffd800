r"""One article as CommonMark that people read and that can be read back exactly.

The form, block by block, each parted from the next by one blank line; what is empty is left out::

    **Kicker**
    # Title
    [16.10.2025] **Lead**
    ![alt](<url>)                   or *[Bild: alt]* for a picture without an address
    *Caption*
    (Bildquelle: credit)
    …the body: ## Heading · paragraph · **Question?** · > quote · - item · [Bild: words of a picture]
    ---
    *Note*
    Source · Kind · Place · State · Topic · <address>
    ## Weitere Meldungen und Beiträge aus dem Bereich: Topic
    - label · **[Kicker: Title](<url>)** [16.10.2025] Teaser

Its marks are German in every language: they are those of the Kommune21 family, which `parsing` knows. A
block is one line. Line breaks inside a block are backslashes at its line's end; a list's items are one
line each, two blanks a level. Everything from outside is escaped so that CommonMark, GitHub, Obsidian and
pandoc take it literally, and the marks above stay the form's own: a body never has a bare ``*`` or ``[``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from kommcli import dates
from kommcli.data.states import NAMES
from kommcli.i18n import _
from kommcli.model import Article, Block, BlockType, Image, Mention
from kommcli.render import plain
from kommcli.render.reading import Item, Reading, Run, enclosure_words, items, lines, runs, web
from kommcli.render.records import title_of

# What acts wherever it stands: * ` [ < of CommonMark, ~ of GitHub, ^ $ { of pandoc and mathematics, == and
# %% of Obsidian; _ that is not inside a word; & that begins an entity; # of tags and @ of citations, which
# are not behind a word; # at the end, which closes a heading for pandoc.
_ACTS = re.compile(
    r"[\\`*\[<{~^$]|(?<![^\W_])_|_(?![^\W_])|&(?=#?[0-9A-Za-z]+;)|(?<!\w)#|#$|(?<![^\W_])@"
    r"|(?<==)=|=(?==)|(?<=%)%|%(?=%)"
)
# Addresses in running text, of which GitHub makes links: up to the next blank, and backslashes with them.
_ADDRESS = re.compile(r"((?:https?|ftp)(?=:)|www(?=\.))", re.IGNORECASE)
_ADDRESSES = re.compile(rf"{_ADDRESS.pattern}(\S*)", re.IGNORECASE)
_NUMBER = r"(?:\d+|[A-Za-z]|[ivxlcdm]+|[IVXLCDM]+)"
# What begins a list where it begins a line; letters and Roman numbers do so for pandoc.
_COUNTS = re.compile(rf"{_NUMBER}(?=[.)](?:\s|$))")
# Quotation, items, tables, line blocks, definitions, rules and underlines, numbers in brackets.
_BEGINS = re.compile(
    rf">|\||[-+](?:\s|$)|:(?:[\s:]|$)|[-+=|: ]*[-=][-+=|: ]*$|\({_NUMBER}\)(?:\s|$)|\(Bildquelle\b"
)


def article(reading: Reading) -> str:
    """One article with its related ones as a document."""
    found = reading.article
    head = [f"**{text(found.kicker)}**"] if found.kicker else []
    head.append(f"# {text(title_of(found))}")
    day = f"[{dates.day(found.published)}]"
    head.append(f"{day} **{text(reading.lead)}**" if reading.lead else day)
    tail = [*_below(reading), *_related(reading)]
    parts = [*head, *_picture(reading.image), *_body(reading.blocks()), *(["---", *tail] if tail else [])]
    return "\n\n".join(parts) + "\n"


def articles(found: Iterable[Article]) -> str:
    """A list of articles: headline with its link, teaser, facts."""
    parts = []
    for one in found:
        head, url = plain.headline(one), web(one.url)
        parts.append(f"## {link(head, url) if url else text(head)}")
        parts += [_not_beginning(text(one.teaser))] if one.teaser else []
        parts.append(f"*{text(plain.byline(one), goes_on=True)}*")
    return "\n\n".join(parts) + "\n" if parts else ""


def _picture(image: Image | None) -> Iterator[str]:
    if image is None:
        return
    if url := web(image.url):
        yield f"![{_words(image.alt)}](<{_address(url)}>)"
    elif image.alt:
        yield f"*[Bild: {_words(image.alt)}]*"
    if image.caption:
        yield f"*{text(image.caption)}*"
    if image.credit:
        yield f"(Bildquelle: {text(image.credit)})"


def _body(blocks: Iterable[Block]) -> Iterator[str]:
    bullet = ""
    for block in blocks:
        # Another bullet begins another list; the same one would go on with the list before.
        bullet = ("*" if bullet == "-" else "-") if block.type is BlockType.LIST else ""
        if block.type is BlockType.LIST:
            if listed := _list(items(block), bullet):
                yield listed
        else:
            yield _block(block)


def _block(block: Block) -> str:
    pieces = runs(block)
    match block.type:
        case BlockType.HEADING:
            return f"## {' '.join(_inline(line) for line in lines(pieces) if line)}"
        case BlockType.IMAGE:
            return f"[Bild: {_words(block.text)}]"
        case BlockType.QUESTION:
            return f"**{_lines(pieces, bare=False)}**"
        case BlockType.QUOTE:
            return _lines(pieces, start="> ")
        case _:
            return _lines(pieces)


def _list(found: Iterable[Item], bullet: str) -> str:
    """Items of any level; one that is deeper by more than a level opens all of them in its line."""
    written = []
    before = -1
    for level, pieces in found:
        opened = min(level, before + 1)
        written.append("  " * opened + f"{bullet} " * (level - opened + 1) + _lines(pieces))
        before = level
    return "\n".join(written)


def _below(reading: Reading) -> Iterator[str]:
    """What is said of the text as a whole: why it is missing or short, and where it is from."""
    if reading.note:
        yield f"*{text(reading.note)}*"
    if reading.article.truncated:
        yield f"*{text(_('(shortened)'))}*"
    if byline := _byline(reading.article):
        yield byline


def _byline(found: Article) -> str:
    parts = [found.source.title]
    if found.published_is_estimate:
        parts.append(_("first seen {date}").format(date=dates.day(found.published)))
    parts.append(plain.kind_name(found.kind))
    parts += [place.name for place in found.places]
    parts += [NAMES.get(state, state) for state in found.states]
    parts.append(plain.level_name(found.level) if found.level else "")
    parts += [topic.name for topic in found.topics]
    # A city-state is a place and a state: named once.
    written = [text(part) for part in dict.fromkeys(parts) if part]
    if written:
        written[0] = _not_beginning(written[0])
    if found.enclosure and web(found.enclosure.url):
        written.append(link(enclosure_words(found.enclosure), found.enclosure.url))
    if url := web(found.url):
        written.append(f"<{url}>")
    return " · ".join(written)


def _related(reading: Reading) -> Iterator[str]:
    if reading.related:
        yield f"## {text(plain.related_heading(reading.related_topic))}"
    for one in reading.related:
        yield f"- {_mention(one.mention)}"


def _mention(mention: Mention) -> str:
    label = f"{_not_beginning(text(mention.kind))} · " if mention.kind else ""
    if url := web(mention.url):
        headline = f"[{_headline(mention, _words)}](<{_address(url)}>)"
    else:
        headline = _headline(mention, text)
    written = f"{label}**{headline}**"
    if mention.published:
        written += f" [{dates.day(mention.published)}]"
    return f"{written} {text(mention.teaser)}" if mention.teaser else written


def _headline(mention: Mention, escape: Callable[[str], str]) -> str:
    """ "Kicker: Title"; a colon before a blank that does not part the two is escaped."""
    title = escape(mention.title or _("(untitled)"))
    if mention.kicker:
        return f"{_without_colon(escape(mention.kicker))}: {title}"
    return _without_colon(title)


def _without_colon(escaped: str) -> str:
    return re.sub(r":(?=\s|$)", r"\\:", escaped)


# ----------------------------------------------------------------------------------------- escaping


def text(raw: str, *, goes_on: bool = False) -> str:
    """``raw`` in one line as literal text, wherever in a line it stands but at its beginning; ``goes_on``
    when something of the form's own follows without a blank."""
    escaped = _escaped(raw)

    def literal(found: re.Match[str]) -> str:
        swallows = "\\" in found[2] or (goes_on and found.end() == len(escaped))
        return _ADDRESS.sub(r"\1\\", found[0]) if swallows else found[0]

    return _ADDRESSES.sub(literal, escaped)


def _escaped(raw: str) -> str:
    return _ACTS.sub(r"\\\g<0>", raw.replace("\n", " "))


def _words(raw: str) -> str:
    """Literal text inside square brackets, which it must not close and in which no address acts."""
    return _escaped(raw).replace("]", "\\]")


def _not_beginning(escaped: str) -> str:
    """``escaped`` for the beginning of a line: it begins no list, quotation, rule or table."""
    if number := _COUNTS.match(escaped):
        return f"{number[0]}\\{escaped[number.end() :]}"
    return f"\\{escaped}" if _BEGINS.match(escaped) else escaped


def line(raw: str) -> str:
    """``raw`` as literal text that begins a line."""
    return _not_beginning(text(raw))


def link(words: str, url: str) -> str:
    """A link to ``url``, which `web` has let through."""
    return f"[{_words(words)}](<{_address(url)}>)"


def _address(url: str) -> str:
    """An address between < and >, where entities act."""
    return re.sub("&(?=#?[0-9A-Za-z]+;)", r"\\&", url)


def _inline(pieces: Sequence[Run], *, goes_on: bool = False) -> str:
    """Text and links of one line; ``goes_on`` when a line break follows."""
    written = ""
    for number, (words, url) in enumerate(pieces, start=1):
        if url and written.endswith("!"):
            written = written[:-1] + "\\!"  # else the link would be a picture
        written += link(words, url) if url else text(words, goes_on=goes_on or number < len(pieces))
    return written


def _lines(pieces: tuple[Run, ...], *, start: str = "", bare: bool = True) -> str:
    """Text and links of any number of lines, each behind ``start``; the first begins its line if ``bare``."""
    cut = lines(pieces)
    written = []
    for number, line in enumerate(cut, start=1):
        escaped = _inline(line, goes_on=number < len(cut))
        written.append(start + (_not_beginning(escaped) if bare or number > 1 else escaped))
    return "\\\n".join(written)
