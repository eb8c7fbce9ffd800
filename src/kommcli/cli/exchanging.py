"""``feeds discover``, ``import`` and ``export``: subscriptions from sites and from other readers."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kommcli.cli import options, output
from kommcli.cli.feeds import checked_values, valid_address
from kommcli.cli.options import Format
from kommcli.cli.session import Session, refuse_in_demo, session_of
from kommcli.cli.subscribing import candidates
from kommcli.errors import BadUsage, FeedFailure, KommError, NothingToShow, OutputError
from kommcli.i18n import _, ngettext
from kommcli.text import clean, shorten
from kommcli.urls import canonical, redacted

if TYPE_CHECKING:
    from kommcli.parsing.opml import Outline

LARGEST = 5_000_000
"""Bytes of an OPML file."""


def discover(
    context: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help=_("Address of a site."))],
    format_: options.AsFormat = None,
    as_json: options.AsJson = False,
    out: options.OutFile = None,
) -> None:
    """Show the feeds that a site offers; nothing is subscribed to."""
    from kommcli.render import discovered, records

    session = session_of(context)
    chosen = output.chosen_format(Format, format_, as_json, out)
    address = valid_address(url)
    offered = candidates(session, address)
    known = {canonical(feed.url): feed.key for feed in session.config.feeds}
    found = [(title, feed, known.get(canonical(feed), "")) for title, feed in offered]
    if chosen is Format.JSON:
        output.write(records.to_json(discovered.record(address, found, session.now)), out)
    else:
        output.write(discovered.plain(found), out)


def export(context: typer.Context, out: options.OutFile = None) -> None:
    """Write the subscriptions as OPML."""
    from kommcli.render import opml

    session = session_of(context)
    output.write(opml.export(session.config.feeds, session.feed_names(), session.now), out)


def import_(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help=_("An OPML file, or - for standard input."))],
) -> None:
    """Subscribe to the feeds of an OPML file; none of them is asked."""
    from kommcli.config import edit
    from kommcli.parsing import opml

    session = session_of(context)
    refuse_in_demo(session)
    try:
        outlines = opml.parse(_bytes(file))
    except FeedFailure as failure:
        raise NothingToShow(
            _("{file} is no list of feeds").format(file=file),
            cause=failure.cause or failure.what,
            code=failure.code,
            remedy=_("Name a file in OPML, as other readers export it."),
        ) from failure
    if len(outlines) > opml.MOST:
        raise BadUsage(
            _("the list has more than {count} feeds").format(count=opml.MOST),
            code="usage.value",
            remedy=_("Divide it."),
        )
    began = session.config.builtin
    new, left = _sorted(session, outlines)
    if new:
        edit.write(session.paths.config, edit.add_feeds(edit.text_of(session.paths.config), new))
    _tell(session, len(new), left)
    if began and new and not session.quiet:
        session.say(_("Your own list begins with it; kommcli's own feeds are no longer asked."))


def _sorted(session: Session, outlines: Sequence[Outline]) -> tuple[list[dict[str, Any]], list[str]]:
    """The new subscriptions as TOML values, and what is said of the others."""
    from kommcli.config.load import safe_key

    own = () if session.config.builtin else session.config.feeds
    keys, urls = {feed.key for feed in own}, {canonical(feed.url) for feed in own}
    new: list[dict[str, Any]] = []
    left = []
    for outline in outlines:
        shown = shorten(redacted(clean(outline.url)), 100)
        try:
            if not outline.url.lower().startswith(("http://", "https://")):
                raise BadUsage(_("only http and https are imported"))
            values, dropped = _values(outline)
        except KommError as error:
            left.append(f"{shown}: {error.cause or error.what}")
            continue
        if canonical(values["url"]) in urls:
            left.append(_("{url}: subscribed to already").format(url=shown))
            continue
        key = _free(safe_key(values.pop("key", "") or outline.title or values["url"]), keys)
        keys.add(key)
        urls.add(canonical(values["url"]))
        new.append({"key": key, **values})
        left += [f"{shown}: {what}" for what in dropped]
    return new, left


def _values(outline: Outline) -> tuple[dict[str, Any], list[str]]:
    """The settings of an outline, and those that cannot be used. Raises `BadUsage` for its address."""
    values: dict[str, Any] = {"url": valid_address(outline.url)}
    values |= {"title": outline.title} if outline.title else {}
    given: dict[str, Any] = dict(outline.settings)
    tags = [tag.strip() for tag in given.pop("tags", "").split(",") if tag.strip()] or list(outline.folders)
    given |= {"tags": tags} if tags else {}
    dropped = []
    for name, text in given.items():
        value: Any = text
        if name in ("limit", "rank"):
            value = int(text) if text.isascii() and text.isdigit() else -1
        elif name == "enabled":
            value = text != "false"
        try:
            values |= checked_values(**{name: value})
        except BadUsage as error:
            dropped.append(error.what)
    return values, dropped


def _free(key: str, taken: set[str]) -> str:
    number, free = 1, key
    while free in taken:
        number += 1
        free = f"{key[:34]}-{number}"
    return free


def _tell(session: Session, count: int, left: Sequence[str]) -> None:
    if not session.quiet:
        session.say(ngettext("{count} feed added", "{count} feeds added", count).format(count=count))
    for line in left if session.verbose else left[:20]:
        session.say(_("not imported: {what}").format(what=line))
    if len(left) > 20 and not session.verbose:
        session.say(_("… and {count} more; -v names them all").format(count=len(left) - 20))


def _bytes(file: str) -> bytes:
    """The bytes of a file or of standard input. Raises `OutputError`, `BadUsage` for too many."""
    try:
        if file == "-":
            body = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with Path(file).open("rb") as stream:
                body = stream.read(LARGEST + 1)
    except OSError as error:
        raise OutputError(
            _("{path} cannot be read").format(path=file),
            cause=error.strerror or "",
            code="io.file",
            remedy=_("Check the path and its permissions."),
        ) from error
    if len(body) > LARGEST:
        raise BadUsage(
            _("the file is larger than {size} MB").format(size=LARGEST // 1_000_000),
            code="usage.value",
            remedy=_("Divide it."),
        )
    return body
