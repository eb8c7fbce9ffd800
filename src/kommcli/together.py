"""What a feed and a page say of one article, as one entry. Pure.

The feed is newer and the page knows more: a headline that the publisher changed comes from the feed; kicker,
lead, picture, topic and label, which feeds leave out or cut, come from the page.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from kommcli.model import Entry, Image, Page
from kommcli.text import fold

_CUT = ("…", "...", "[…]", "[...]")


def together(entry: Entry, page: Page | None) -> Entry:
    """``entry`` with what its ``page`` knows better; twice the same as once."""
    if page is None:
        return entry
    kicker, title = _headline(entry, page)
    said = [page.topic, *([page.kind] if page.kind else [])]
    return replace(
        entry,
        kicker=kicker,
        title=title,
        link=entry.link or page.url,
        published=entry.published or page.published,
        updated=entry.updated or _later(page),
        teaser=_teaser(entry.teaser, page.lead),
        body=page.body or entry.body,
        image=_image(entry.image, page.image),
        categories=tuple(dict.fromkeys(one for one in (*said, *entry.categories) if one)),
        truncated=entry.truncated and not page.body,
    )


def alone(page: Page) -> Entry:
    """A page that no feed has told of, as an entry."""
    return together(Entry(title=page.title), page)


def _headline(entry: Entry, page: Page) -> tuple[str, str]:
    """Kicker and title: the page's, unless the feed has another headline by now."""
    whole = f"{entry.kicker}: {entry.title}" if entry.kicker else entry.title
    own = f"{page.kicker}: {page.title}" if page.kicker else page.title
    same = {fold(page.title), fold(own)}
    if fold(entry.title) in same or fold(whole) in same:
        return page.kicker or (entry.kicker if fold(whole) != fold(page.title) else ""), page.title
    if not entry.title:
        return page.kicker, page.title
    return entry.kicker or page.kicker, entry.title


def _later(page: Page) -> datetime | None:
    return page.updated if page.published and page.updated and page.updated > page.published else None


def _teaser(teaser: str, lead: str) -> str:
    """The lead where the feed has none, or has only its beginning."""
    start = fold(teaser.rstrip("… .[]"))
    cut = teaser.endswith(_CUT) or len(teaser) < len(lead)
    return lead if lead and (not teaser or (cut and fold(lead).startswith(start))) else teaser


def _image(told: Image | None, shown: Image | None) -> Image | None:
    """The page's picture, with the feed's address and words where the page has none."""
    if told is None or shown is None:
        return shown or told
    return Image(
        told.url or shown.url,
        shown.alt or told.alt,
        shown.caption or told.caption,
        shown.credit or told.credit,
    )
