"""Text for pipes: one record a line, tab-separated, never wrapped, cut or coloured."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kommcli import dates
from kommcli.i18n import N_, _, language
from kommcli.model import Article, Block, BlockType, Feed, FeedState, Image, PageVisit, Related, Report, Visit
from kommcli.render.reading import Reading
from kommcli.render.records import COLUMNS, message, title_of
from kommcli.urls import redacted


def articles(found: Iterable[Article]) -> str:
    """One article a line, in the columns of `records.COLUMNS`."""
    return "".join("\t".join(cell(one) for _name, cell in COLUMNS) + "\n" for one in found)


def article(reading: Reading) -> str:
    """One article as text in the form of the family's pages, so that it can be read back: paragraphs on one
    line each, parted by blank lines, the related articles below."""
    found = reading.article
    lines = [headline(found), "", f"[{dates.day(found.published)}] {reading.lead}".rstrip()]
    lines += [*_picture(reading.image), ""]
    for block in reading.blocks():
        if block.type is BlockType.LIST:
            lines += [*(f"- {item}" for item in block.text.split("\n")), ""]
        elif block.type is BlockType.QUOTE:
            lines += [f"> {block.text}", ""]
        elif block.type is BlockType.IMAGE:
            lines += [f"(Bild: {block.text})", ""]
        else:
            lines += [block.text, ""]
    if reading.related:
        lines += [related_heading(reading.related_topic), "", *_related(reading.related)]
    lines += [RULE, byline(found), *([reading.note] if reading.note else [])]
    for address in (found.enclosure and found.enclosure.url, found.url):
        if address:
            lines.append(address)
    return "\n".join(lines).rstrip("\n") + "\n"


def related(found: Iterable[Related]) -> str:
    """One related article a line: id, date, source, kind, kicker, title, address, reason."""
    lines = []
    for one in found:
        mention = one.mention
        date = dates.iso(mention.published) if mention.published else ""
        told = (mention.kind, mention.kicker, mention.title, mention.url)
        cells = (one.id, date, one.source, *told, one.reason)
        lines.append("\t".join(cells) + "\n")
    return "".join(lines)


RULE = "--"
"""What stands between an article and what is said about it, as above the signature of a mail."""


def _picture(image: Image | None) -> list[str]:
    """Alternative text, glued to the lead as in a dump of a page; then caption and credit."""
    if image is None:
        return []
    lines = [image.alt] if image.alt else []
    lines += ["", image.caption] if image.caption else []
    return [*lines, "", f"(Bildquelle: {image.credit})"] if image.credit else lines


def _related(found: Sequence[Related]) -> Iterable[str]:
    for one in found:
        mention = one.mention
        day = f"[{dates.day(mention.published)}] " if mention.published else ""
        told = f"{day}{mention.teaser}".rstrip()
        yield from filter(None, [mention.kind, mention.alt])
        yield f"{mention.kicker}: {mention.title}" if mention.kicker else mention.title
        yield from ["", *([f"{told} mehr..." if mention.teaser else told, ""] if told else [])]


def related_heading(topic: str) -> str:
    """What stands above related articles. German in every language: it is a mark of the family's pages."""
    return (
        f"Weitere Meldungen und Beiträge aus dem Bereich: {topic}"
        if topic
        else "Weitere Meldungen und Beiträge"
    )


def headline(found: Article) -> str:
    """ "Kicker: Title"."""
    return f"{found.kicker}: {title_of(found)}" if found.kicker else title_of(found)


def byline(found: Article) -> str:
    """Date, source, kind, places, states and topics in one line."""
    from kommcli.data.states import NAMES

    date = dates.long(found.published, language())
    if found.published_is_estimate:
        date = _("first seen {date}").format(date=date)
    parts = [date, found.source.title]
    if found.kind:
        parts.append(kind_name(found.kind))
    parts += [place.name for place in found.places]
    parts += [NAMES.get(state, state) for state in found.states]
    if found.level:
        parts.append(level_name(found.level))
    parts += [topic.name for topic in found.topics]
    if found.also_in:
        names = dict.fromkeys(one.source.title for one in found.also_in)
        parts.append(_("also in: {names}").format(names=", ".join(names)))
    if found.edited:
        parts.append(_("edited {date}").format(date=dates.long(found.edited, language())))
    return " · ".join(parts)


KINDS = {
    "meldung": N_("News item"),
    "bericht": N_("Report"),
    "interview": N_("Interview"),
    "kommentar": N_("Commentary"),
    "studie": N_("Study"),
    "termin": N_("Event"),
    "personalie": N_("Personnel"),
    "ausschreibung": N_("Tender"),
    "podcast": N_("Podcast"),
}
"""The kinds of articles as people call them."""


def level_name(level: str, *, short: bool = False) -> str:
    """What an article is about that is about no state: "bund" or "eu"."""
    if short:
        return _("Fed.") if level == "bund" else _("EU")
    return _("Federation") if level == "bund" else _("Europe")


def kind_name(kind: str) -> str:
    """The kind of an article as people call it."""
    return _(KINDS[kind]) if kind in KINDS else kind


def shows_lead(found: Article, body: Sequence[Block]) -> bool:
    """Whether the teaser says something that the body does not begin with.

    A feed without a teaser of its own has one of several paragraphs: then it begins with the first of them.
    """
    teaser = found.teaser.rstrip("… .")
    headings = (BlockType.HEADING, BlockType.IMAGE)
    begins = [
        block.text.replace("\n", " ") for block in body[:2] if block.text and block.type not in headings
    ]
    return bool(teaser) and not any(text.startswith(teaser) or teaser.startswith(text) for text in begins)


def feeds(subscriptions: Iterable[tuple[Feed, FeedState | None]]) -> str:
    """One feed a line: key, state, articles, last success, address, title."""
    lines = []
    for feed, state in subscriptions:
        known = state or FeedState(feed.key)
        last = dates.iso(known.last_ok) if known.last_ok else ""
        cells = (
            feed.key,
            feed_status(feed, known),
            str(known.articles),
            last,
            redacted(feed.url),
            feed.title or known.title,
        )
        lines.append("\t".join(cells) + "\n")
    return "".join(lines)


def feed_status(feed: Feed, state: FeedState) -> str:
    """A stable word: paused, new, gone, failing, ok."""
    if not feed.enabled:
        return "paused"
    if state.code == "http.gone":
        return "gone"
    if state.failures:
        return "failing"
    return "ok" if state.last_ok else "new"


def fetched(report: Report) -> str:
    """One feed a line: key, outcome, new, changed, code, message; then one page a line: id of the article,
    "read" or "failed", two empty cells, code, message."""
    rows = [*map(_cells, report.visits), *map(_page_cells, report.pages)]
    return "".join("\t".join(cells) + "\n" for cells in rows)


def _page_cells(visit: PageVisit) -> tuple[str, ...]:
    failure = visit.failure
    if failure is None:
        return visit.id, "read", "", "", "", ""
    return visit.id, "failed", "", "", failure.code, message(failure)


def _cells(visit: Visit) -> tuple[str, ...]:
    failure = visit.failure
    return (
        visit.feed.key,
        visit.outcome.value,
        str(visit.new),
        str(visit.changed),
        failure.code if failure else visit.reason,
        message(failure) if failure else "",
    )
