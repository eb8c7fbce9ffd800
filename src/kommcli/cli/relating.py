"""The related articles that the archive has, as those of a page, each with its reason in words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kommcli.cli.opened import Opened
from kommcli.cli.session import Session
from kommcli.i18n import _

if TYPE_CHECKING:
    from kommcli.relating import Reason

MOST = 5
"""Articles of the archive below one that is read."""


def complete(session: Session, opened: Opened, most: int = MOST) -> Opened:
    """``opened`` with the page's own list and then ``most`` articles that the archive has beside it; the
    topic that the list stands for is the page's own, else the article's first."""
    from kommcli.archive import relations
    from kommcli.relating import from_archive

    article, told = opened.article, opened.related
    with session.reading() as db:
        if db is None:
            return opened
        found = from_archive(db, article, opened.body, [one.id for one in told if one.archived], most)
        more = relations.as_related(db, [(row, in_words(reason)) for row, reason in found])
    topic = opened.topic or (article.topics[0].name if article.topics and (told or more) else "")
    return replace(opened, related=(*told, *more), topic=topic)


def in_words(reason: Reason) -> str:
    """ "verlinkt; gleiches Projekt: Wohni; Ort Potsdam; Künstliche Intelligenz"."""
    parts = [_("linked")] if reason.linked else []
    if reason.words:
        parts.append(_("both: {words}").format(words=", ".join(reason.words)))
    parts += [_("place {name}").format(name=place.name) for place in reason.places[:2]]
    parts += [topic.name for topic in reason.topics[:2]]
    return "; ".join(parts)
