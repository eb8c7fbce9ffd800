"""What a REF means: a number of the last list, an id or its beginning, an address, a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kommcli.cli import last_list
from kommcli.cli.session import Session
from kommcli.conditions import Query
from kommcli.errors import BadUsage, NothingToShow
from kommcli.i18n import _, ngettext
from kommcli.model import Article

if TYPE_CHECKING:
    import sqlite3


def found_articles(session: Session, db: sqlite3.Connection | None, refs: Sequence[str]) -> list[Article]:
    """The archived articles that ``refs`` mean. Raises `NothingToShow` and `BadUsage`."""
    from kommcli.archive import articles

    if db is None:
        raise empty()
    ids = [_known(session, db, ref) for ref in refs]
    found = articles.by_ids(db, ids, session.config.titles)
    if len(found) < len(set(ids)):
        raise NothingToShow(
            _("an article of this list is only a short entry"),
            remedy=_("Read it first: kommcli read {ref}").format(ref=refs[0]),
        )
    return found


def empty() -> NothingToShow:
    """The error of an archive that has nothing."""
    return NothingToShow(
        _("the archive is empty"), remedy=_("Fetch with `kommcli fetch`, or try kommcli --demo latest.")
    )


def _known(session: Session, db: sqlite3.Connection, ref: str) -> str:
    found = numbered(session, db, ref) if is_number(ref) else ref
    ids = resolved(db, found) if isinstance(found, str) else ""
    if not ids:
        raise unknown(ref)
    return ids


def is_number(ref: str) -> bool:
    """Whether ``ref`` is the number of a list."""
    return ref.isascii() and ref.isdigit()


def numbered(session: Session, db: sqlite3.Connection | None, ref: str) -> last_list.Listed:
    """What stood in the last list under a number. Raises `NothingToShow`."""
    listed = recalled(session, db)
    number = int(ref) if len(ref) < 7 else 0
    if 0 < number <= len(listed):
        return listed[number - 1]
    count = len(listed)
    raise NothingToShow(
        _("the last list has no number {ref}").format(ref=_quoted(ref)),
        cause=ngettext("it had {count} article", "it had {count} articles", count).format(count=count),
        remedy=_("List with `kommcli latest`."),
    )


def recalled(session: Session, db: sqlite3.Connection | None) -> list[last_list.Listed]:
    """The last list; in the demo, numbers mean something before the first one."""
    return [*recalled_list(session, db), *last_list.recall(session.paths.state)[1]]


def recalled_list(session: Session, db: sqlite3.Connection | None) -> list[last_list.Listed]:
    """The last list without what was numbered on behind it."""
    from kommcli.archive import articles

    listed = last_list.recall(session.paths.state)[0]
    if not listed and session.demo and db is not None:
        return [*articles.ids(db, Query(limit=session.config.limit))]
    return listed


def resolved(db: sqlite3.Connection, ref: str) -> str:
    """The id that ``ref`` means, or "". Raises `BadUsage` where it means several."""
    from kommcli.archive import articles

    candidates = articles.resolve(db, ref)
    if len(candidates) > 1:
        raise BadUsage(
            _("{ref} is the beginning of several ids").format(ref=_quoted(ref)),
            cause=", ".join(candidates),
            code="usage.ref",
            remedy=_("Type more of it."),
        )
    return candidates[0] if candidates else ""


def unknown(ref: str) -> NothingToShow:
    """The error of a REF that means nothing."""
    return NothingToShow(
        _("there is no article {ref}").format(ref=_quoted(ref)),
        remedy=_("Take a number of the last list, an id, the address of an article, or a saved page."),
    )


def _quoted(ref: str) -> str:
    from kommcli.text import clean, shorten
    from kommcli.urls import redacted

    return f'"{shorten(redacted(ref) if "://" in ref else clean(ref), 80)}"'
