"""The picture of an article for ``read --images``: fetched, scaled in the worker, drawn for this terminal."""

from __future__ import annotations

import shutil
import sys

from kommcli.cli.opened import Opened
from kommcli.cli.session import Session
from kommcli.errors import FeedFailure
from kommcli.i18n import _
from kommcli.model import Feed

PATIENCE = 10.0
"""Seconds that a picture may take."""


def drawn(session: Session, opened: Opened) -> str:
    """The terminal's own sequence that shows the article's picture; empty where there is none or it cannot be
    shown, and the reason is told."""
    from kommcli.cli.paging import tools
    from kommcli.render import pictures, readingview

    image = opened.article.image
    way = pictures.protocol(session.environ) if sys.stdout.isatty() else ""
    if image is None or not image.url or not way or session.demo:
        return ""
    columns = readingview.View(shutil.get_terminal_size().columns).columns
    source = opened.article.source
    feed = session.config.feed(source.key) or Feed(source.key, source.url)
    try:
        with tools(session, patience=PATIENCE, pictures=True) as net:
            width, height, rgb = net.picture(image.url, feed, *pictures.box(columns, way))
    except FeedFailure as failure:
        no_picture = failure.code == "article.not_html"
        what = _("it is no JPEG, PNG, GIF or WebP that can be read") if no_picture else failure.what
        cause = f" ({failure.cause})" if failure.cause else ""
        session.say(_("the picture cannot be shown: {what}").format(what=f"{what}{cause}"))
        return ""
    true_color = session.environ.get("COLORTERM", "") in ("truecolor", "24bit")
    return pictures.draw(width, height, rgb, way, indent=readingview.MARGIN, true_color=true_color)
