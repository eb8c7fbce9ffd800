"""``digest draft`` and ``digest --from``: an issue as a file that an editor changes, and back."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kommcli.cli import composing, options, output
from kommcli.cli.filters import Filters, takes_filters
from kommcli.cli.listing import at_home
from kommcli.cli.session import Session, session_of
from kommcli.errors import BadUsage, OutputError
from kommcli.i18n import LANGUAGES, _, ngettext, use

if TYPE_CHECKING:
    from kommcli.digest.draft import Changes
    from kommcli.digest.issue import Issue

ALL = 10_000
"""Candidates in a draft."""


@takes_filters
def draft(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help=_("The file to write; - for standard output."))
    ],
    filters: Filters,
    new: options.New = False,
    group: options.GroupBy = None,
    most: options.Most = None,
    most_a_section: options.MostASection = None,
    force: Annotated[bool, typer.Option("--force", help=_("Replace a file that is there."))] = False,
    lang: options.Language = None,
) -> None:
    """Write the digest as a file to edit."""
    from kommcli.digest import compose
    from kommcli.digest.draft import write

    session = session_of(context)
    composing.speak(lang)
    to_screen = str(file) == "-"
    if not to_screen and file.exists() and not force:
        raise OutputError(
            _("{path} exists already").format(path=file),
            code="io.exists",
            remedy=_("It may hold your work: name another file, or replace it with --force."),
        )
    asked = composing.Asked(filters, new, group, most, most_a_section)
    got = composing.gather(session, asked)
    found, sent = got.found, got.sent
    plan, home = composing.plan_of(session, asked, got.time), at_home(session, found)
    fresh = [one for one in found if one.id not in sent]
    issue = compose.compose(fresh, plan, home=home)
    everything = compose.compose(found, replace(plan, most=ALL, most_a_section=ALL), home=home, sent=sent)
    picked = frozenset(item.id for item in issue.items)
    text = write(replace(everything, introduction=issue.introduction, figure=issue.figure), picked)
    output.write(text, None if to_screen else file)
    if not to_screen and not session.quiet:
        line = ngettext(
            "{count} candidate, {picked} ticked", "{count} candidates, {picked} ticked", len(found)
        )
        session.say(line.format(count=len(found), picked=len(picked)))
        session.say(_("edit {path}, then: kommcli digest --from {path}").format(path=file))


def issue_of(session: Session, path: Path) -> tuple[Issue, Changes]:
    """The issue that the draft in ``path`` asks for, and what it changed against the archive.

    Raises `BadUsage` with file and line, `OutputError` where it cannot be read.
    """
    from kommcli.archive import articles, feeds
    from kommcli.digest import compose, period, sheet
    from kommcli.digest import draft as drafts

    read = sheet.read(_text(path), str(path))
    if (language := read.fields.get("language", "")) in LANGUAGES:
        use(language)
    try:
        since, until, new = period.time_of(read.fields["key"])
    except ValueError:
        raise BadUsage(
            _("{path}: {key} is no issue").format(path=path, key=f'"{read.fields["key"][:40]}"'),
            code="usage.draft",
            remedy=_("Write a week (2026-W41) or two days (2026-10-05--2026-10-11)."),
        ) from None
    with session.reading() as db:
        wanted = [entry.id for entry in read.entries]
        found = articles.by_ids(db, wanted, session.config.titles) if db else []
        behind = composing.stale(session, db, until) if db else ()
        as_of = feeds.newest_visit(db) if db else None
    home = at_home(session, found)
    known = {one.id: compose.item(one, home, {}) for one in found}
    sections, changes = drafts.sections(read, known, str(path))
    asked = composing.Asked(Filters(), new)
    blank = compose.blank(composing.plan_of(session, asked, (since, until)))
    words: dict[str, Any] = {
        name: read.fields[name] for name in sheet.FIELDS if name in read.fields and name != "language"
    }
    return replace(
        blank, **words, introduction=read.introduction, sections=sections, stale=behind, as_of=as_of
    ), changes


def _text(path: Path) -> str:
    try:
        raw = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise BadUsage(
            _("{path} is not in UTF-8").format(path=path),
            code="usage.draft",
            remedy=_("Save it with the encoding UTF-8."),
        ) from None
    except OSError as error:
        raise BadUsage(
            _("{path} cannot be read").format(path=path),
            cause=error.strerror or "",
            code="usage.draft",
            remedy=_("Check the path and its permissions."),
        ) from error


def tell(session: Session, changes: Changes) -> None:
    """Say what the draft changed against the archive."""
    if session.quiet:
        return
    for what, titles in (
        (_("own title"), changes.retitled),
        (_("own teaser"), changes.reworded),
        (_("section left out, as nothing is ticked"), changes.dropped),
    ):
        for title in titles:
            session.say(f"{what}: {title}")
    counts = (
        (
            len(changes.left_out),
            ngettext("{count} article left out", "{count} articles left out", len(changes.left_out)),
        ),
        (changes.own, ngettext("{count} own paragraph", "{count} own paragraphs", changes.own)),
    )
    for count, words in counts:
        if count:
            session.say(words.format(count=count))
