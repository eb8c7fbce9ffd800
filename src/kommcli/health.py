"""What is wrong with a user's kommcli, and the remedy. Pure: facts in, findings out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from kommcli import dates
from kommcli.errors import FAILURES, MAIL_FAILURES, KommError
from kommcli.i18n import _, language, ngettext
from kommcli.model import Feed, FeedState
from kommcli.outgoing import State, Unsent
from kommcli.urls import redacted

DEAD_AFTER = timedelta(days=30)
"""A feed that failed for so long is taken for dead."""

STALE_AFTER = timedelta(days=120)
"""A feed that answers, but has told nothing new for so long, was left by its publisher or moved."""

RECENT = timedelta(days=30)
"""Nobody waits for a mail that is older."""

PATIENT, LEAVING = timedelta(days=1), timedelta(hours=1)
"""So long a mail may wait for its server, and so long its text may take to leave."""

NAMED = 5
"""Addresses that one finding names."""

LITTLE_ROOM, NO_ROOM = 200_000_000, 20_000_000
"""Bytes of free disk from which it gets tight."""


class Severity(StrEnum):
    """How bad a finding is."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know: what it is and what to do; ``feed`` is a key, ``status`` an error's exit status."""

    severity: Severity
    what: str
    remedy: str = ""
    code: str = ""
    feed: str = ""
    status: int = 0


@dataclass(frozen=True, slots=True)
class Checked:
    """One check by its stable name, and what it found; ``summary`` says what was looked at."""

    name: str
    findings: tuple[Finding, ...]
    summary: str = ""

    @property
    def worst(self) -> Severity | None:
        """The severity of its worst finding."""
        order = tuple(Severity)
        return max((one.severity for one in self.findings), key=order.index, default=None)


def exit_status(checks: Sequence[Checked]) -> int:
    """That of the worst error, in the order of the contract; 0 where there is none."""
    found = {one.status for check in checks for one in check.findings if one.severity is Severity.ERROR}
    return next((status for status in (1, 5, 6, 9, 7, 8, 4, 3) if status in found), 0)


def of_error(error: KommError) -> Finding:
    """The finding of an error that a command would end with."""
    what = f"{error.what} ({error.cause})" if error.cause else error.what
    return Finding(Severity.ERROR, what, error.remedy, error.code, status=error.exit_status)


# ----------------------------------------------------------------------------------------------- feeds


def feeds(
    subscriptions: Sequence[tuple[Feed, FeedState | None]], newest: Mapping[str, datetime], now: datetime
) -> Iterator[Finding]:
    """Feeds that are gone, dead, failing, silent, moved or never asked. ``newest`` are the dates of their
    newest articles, by key."""
    asked = [(feed, state) for feed, state in subscriptions if feed.enabled]
    known = [(feed, state) for feed, state in asked if state and state.last_try]
    if known and all(state.failures for _feed, state in known):
        what = ngettext("the only feed failed", "all {count} feeds failed", len(known)).format(
            count=len(known)
        )
        yield Finding(
            Severity.ERROR,
            what,
            _("Is the network away? Run `kommcli fetch --all`."),
            "net.offline",
            status=4,
        )
    for feed, state in known:
        yield from _feed(feed, state, newest.get(feed.key), now)
    if never := [feed.key for feed, state in asked if not state or not state.last_try]:
        what = ngettext("{count} feed was never asked", "{count} feeds were never asked", len(never))
        yield Finding(Severity.NOTE, what.format(count=len(never)), _("Run `kommcli fetch`."))


def _feed(feed: Feed, state: FeedState, newest: datetime | None, now: datetime) -> Iterator[Finding]:
    if state.code == "http.gone":
        remedy = _("Remove it: kommcli feeds remove {key}.").format(key=feed.key)
        yield _bad(Severity.ERROR, feed, _("the server says that it is gone"), remedy, state.code)
    elif state.failures and state.failing_since and now - state.failing_since >= DEAD_AFTER:
        what = _("dead: fails since {date} ({cause})").format(
            date=dates.short(state.failing_since, now, language()), cause=_cause(state)
        )
        remedy = _("Look for its new address: kommcli feeds discover {site}.").format(site=_site(feed))
        yield _bad(Severity.ERROR, feed, what, remedy, state.code)
    elif state.failures > 1:
        what = _("failed {count} times in a row ({cause})").format(count=state.failures, cause=_cause(state))
        yield _bad(Severity.WARNING, feed, what, _remedy(state), state.code)
    elif not state.failures and newest and now - newest >= STALE_AFTER:
        what = _("answers, but its newest article is of {date}").format(date=dates.day(newest))
        remedy = _("Look whether the site has another feed: kommcli feeds discover {site}.")
        yield _bad(Severity.WARNING, feed, what, remedy.format(site=_site(feed)), "feed.stale")
    if state.moved_on:
        what = _("is asked at {url}, where it has moved").format(url=redacted(state.moved_to))
        remedy = _("Keep that: kommcli feeds edit {key} --url {url}. Undo it: kommcli feeds undo {key}.")
        told = remedy.format(key=feed.key, url=redacted(state.moved_to))
        yield _bad(Severity.NOTE, feed, what, told, "feed.moved")
    elif state.moved_to and not state.failures:
        what = _("says that it has moved for good to {url}").format(url=redacted(state.moved_to))
        yield _bad(Severity.NOTE, feed, what, "", "feed.moved")


def _bad(severity: Severity, feed: Feed, what: str, remedy: str, code: str) -> Finding:
    return Finding(severity, what, remedy, code, feed.key, 3 if severity is Severity.ERROR else 0)


def _cause(state: FeedState) -> str:
    what = _(FAILURES[state.code].what) if state.code in FAILURES else ""
    return ": ".join(filter(None, (what, state.message)))


def _remedy(state: FeedState) -> str:
    return _(FAILURES[state.code].remedy) + "." if state.code in FAILURES else ""


def _site(feed: Feed) -> str:
    parts = urlsplit(feed.url)
    return f"{parts.scheme}://{parts.hostname}/" if parts.hostname else "URL"


# ----------------------------------------------------------------------------------------------- mails


def mail(code: str, reply: str) -> Iterator[Finding]:
    """What stops mails from leaving: a key of `MAIL_FAILURES` and the words of server or system; "" where
    nothing does. A server that may answer later is no error: mails wait for it."""
    if not code:
        return
    kind = MAIL_FAILURES[code]
    what = f"{_(kind.what)} ({reply.rstrip('.')})" if reply else _(kind.what)
    if kind.retryable:
        remedy = _("Check `host` and `port` below [mail] and the network; until then mails wait.")
        yield Finding(Severity.WARNING, what, remedy, code)
    else:
        yield Finding(Severity.ERROR, what, _(kind.remedy) + ".", code, status=7)


def outbox(mails: Sequence[Unsent], now: datetime) -> Iterator[Finding]:
    """Mails that somebody must look at: one finding for all of an issue that share state and cause."""
    found: dict[tuple[int, State, str], list[Unsent]] = {}
    for one in mails:
        left = one.state is State.SENDING and one.tried and now - one.tried > LEAVING
        state, code = (State.UNCERTAIN, "mail.uncertain") if left else (one.state, one.code)
        found.setdefault((one.issue, state, code), []).append(one)
    for (issue, state, code), those in found.items():
        names = ", ".join(one.address for one in those[:NAMED])
        if len(those) > NAMED:
            names += ", " + _("and {count} more").format(count=len(those) - NAMED)
        if state in (State.UNCERTAIN, State.REFUSED):
            kind = MAIL_FAILURES[code or "mail.refused"]
            what = _("issue {issue}: {what}: {names}").format(issue=issue, what=_(kind.what), names=names)
            remedy = _(kind.remedy).format(issue=issue) + "."
            if state is State.REFUSED:
                remedy += " " + _("Then: kommcli digest send --resend --issue {issue}.").format(issue=issue)
            yield Finding(Severity.WARNING, what, remedy, code)
        elif state is not State.SENDING and now - those[0].kept >= PATIENT:
            since = dates.short(those[0].kept, now, language())
            what = _("issue {issue} waits since {date}: {names}").format(issue=issue, date=since, names=names)
            remedy = _("Send it: kommcli digest send --waiting; kommcli schedule can do that by itself.")
            yield Finding(Severity.WARNING, what, remedy, code)


# ----------------------------------------------------------------------------------- files and machine


def archive(faults: Sequence[str], size: int, free: int, mode: int) -> Iterator[Finding]:
    """What SQLite finds wrong with the archive; its bytes and how many of them are free; its file's mode."""
    if faults:
        what = _("the archive is damaged ({cause})").format(cause=faults[0])
        remedy = _("Restore a backup, or rescue what can be read; see docs/errors.md.")
        yield Finding(Severity.ERROR, what, remedy, "cache.corrupt", status=6)
    if free > 10_000_000 and free > size / 2:
        what = _("{free} of {size} MB of the archive are free").format(
            free=free // 1_000_000, size=size // 1_000_000
        )
        yield Finding(Severity.NOTE, what, _("`kommcli prune` gives them back."))
    yield from readable(mode, _("the archive"))


def index(missing: int, *, sound: bool, waiting: int) -> Iterator[Finding]:
    """What is wrong with the full-text index: articles that it lacks, words that are others than the
    articles'; and how many articles ``waiting`` were not compared with others yet."""
    remedy = _("Make it anew: kommcli doctor --mend.")
    if missing:
        what = ngettext(
            "{count} article is not in the index", "{count} articles are not in the index", missing
        )
        yield Finding(Severity.ERROR, what.format(count=missing), remedy, "cache.index", status=6)
    elif not sound:
        yield Finding(
            Severity.ERROR, _("the index says other words than the articles"), remedy, "cache.index", status=6
        )
    if waiting:
        what = ngettext(
            "{count} article waits to be sorted into stories",
            "{count} articles wait to be sorted into stories",
            waiting,
        )
        yield Finding(Severity.NOTE, what.format(count=waiting), _("Every fetch sorts some of them."))


def readable(mode: int, name: str) -> Iterator[Finding]:
    """Whether others may read a file that is the user's own; ``mode`` is 0 where there are no modes."""
    if mode & 0o077:
        what = _("{name} can be read by others").format(name=name)
        yield Finding(Severity.WARNING, what, _("Take that away: chmod 600."), "doctor.readable")


def disk(free: int, size: int) -> Iterator[Finding]:
    """Whether the disk has room for an archive of ``size`` bytes."""
    if free < NO_ROOM:
        what = _("only {free} MB are free on the disk of the archive").format(free=free // 1_000_000)
        yield Finding(Severity.ERROR, what, _("Make room."), "cache.full", status=6)
    elif free < max(LITTLE_ROOM, 2 * size):
        what = _("only {free} MB are free on the disk of the archive").format(free=free // 1_000_000)
        yield Finding(Severity.WARNING, what, _("Make room, or prune the archive."), "cache.full")


def clock(now: datetime, written: datetime, visited: datetime | None, fixed: bool) -> Iterator[Finding]:
    """Whether the clock can be right: after kommcli was written, and after the last visit of a feed."""
    if fixed:
        yield Finding(Severity.NOTE, _("KOMMCLI_NOW stands in place of the clock"))
    elif now < written or (visited and visited - now > timedelta(hours=2)):
        what = _("the clock says {date}, which is in the past").format(date=dates.day(now))
        remedy = _("Set the clock: certificates, days and intervals depend on it.")
        yield Finding(Severity.WARNING, what, remedy, "doctor.clock")


def terminal(encoding: str, columns: int, kind: str) -> Iterator[Finding]:
    """Whether people can read what is written: the encoding of standard output, columns (0: no terminal), and
    ``TERM``."""
    if encoding.lower().replace("-", "").replace("_", "") not in ("utf8", "utf8sig"):
        what = _("the encoding is {encoding}: some characters become question marks").format(
            encoding=encoding
        )
        yield Finding(
            Severity.WARNING, what, _("Set LANG to a UTF-8 locale, or PYTHONUTF8=1."), "doctor.encoding"
        )
    if 0 < columns < 40:
        what = _("the terminal has {columns} columns").format(columns=columns)
        yield Finding(Severity.NOTE, what, _("Lists are made for 60 and more."))
    if columns and kind in ("", "dumb"):
        yield Finding(Severity.NOTE, _("the terminal says that it can neither colours nor links"))
