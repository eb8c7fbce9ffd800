"""What is said to people about a refresh, on standard error. Pure: a report in, lines out."""

from __future__ import annotations

from datetime import datetime

from kommcli import dates
from kommcli.errors import FAILURES, sentence
from kommcli.i18n import N_, _, language, ngettext
from kommcli.model import Failed, Outcome, Report, Visit
from kommcli.text import clean
from kommcli.urls import host, redacted

OFFLINE = ("net.dns", "net.connect", "net.timeout")


def failure_lines(report: Report, now: datetime, *, known: bool = True) -> list[str]:
    """One line for every failed feed, or one for all where they share a cause that is not theirs; failures
    that were told not long ago only where ``known``."""
    failed = report.with_outcome(Outcome.FAILED)
    telling = [visit for visit in failed if known or not visit.told]
    if is_offline(report) and len(failed) > 1:
        return [_offline_line(len(failed))] if telling else []
    lines = [failure_line(visit, now) for visit in telling]
    if len(telling) > 1 and _captive(report):
        lines.append(_captive_line(report))
    return lines


def _offline_line(count: int) -> str:
    what = ngettext(
        "none of {count} feed could be reached", "none of {count} feeds could be reached", count
    ).format(count=count)
    return sentence(what, "", "net.offline", _("Is the network away? The archive stays as it is."))


def failure_line(visit: Visit, now: datetime) -> str:
    """``Name (host): what (cause) [code], since …. Remedy.``"""
    failure = visit.failure or Failed("http.protocol")
    kind = FAILURES[failure.code]
    name = clean(visit.feed.title or visit.feed.key)
    place = host(visit.feed.address)
    who = f"{name} ({place})" if place else name
    cause = failure.cause
    remedy = _(kind.remedy) + "."
    if failure.code == "http.gone":
        remedy = _("Remove it: kommcli feeds remove {key}.").format(key=visit.feed.key)
    since = ""
    if visit.failures > 1 and visit.since:
        since = _("fails since {date}, {count} times in a row").format(
            date=dates.short(visit.since, now, language()), count=visit.failures
        )
    return sentence(f"{who}: {_(kind.what)}", "; ".join(filter(None, (cause, since))), failure.code, remedy)


def failures_in_short(report: Report) -> str:
    """One line about several failed feeds, for a command whose matter is something else."""
    failed = report.with_outcome(Outcome.FAILED)
    if is_offline(report):
        return _offline_line(len(failed))
    names = ", ".join(clean(visit.feed.title or visit.feed.key) for visit in failed[:4])
    if len(failed) > 4:
        names += ", …"
    what = ngettext("{count} feed failed", "{count} feeds failed", len(failed)).format(count=len(failed))
    return sentence(what, names, "", _("See `kommcli feeds list`."))


def first_cause(report: Report) -> str:
    """What the first failed feed says."""
    visit = report.with_outcome(Outcome.FAILED)[0]
    failure = visit.failure or Failed("http.protocol")
    return f"{host(visit.feed.url) or visit.feed.key}: {_(FAILURES[failure.code].what)}"


def first_code(report: Report) -> str:
    """The code that stands for a refresh in which nothing worked."""
    failure = report.with_outcome(Outcome.FAILED)[0].failure or Failed("http.protocol")
    return "net.offline" if is_offline(report) else failure.code


def is_offline(report: Report) -> bool:
    """Every feed that was asked over the net failed before any server answered."""
    asked = report.with_outcome(Outcome.UPDATED, Outcome.UNCHANGED, Outcome.FAILED)
    return bool(asked) and all(visit.failure and visit.failure.code in OFFLINE for visit in asked)


def _captive(report: Report) -> bool:
    """Every answer was something else than a feed: a login page of the network, most likely."""
    asked = report.with_outcome(Outcome.UPDATED, Outcome.UNCHANGED, Outcome.FAILED)
    return all(visit.failure and visit.failure.code == "feed.not_feed" for visit in asked)


def _captive_line(report: Report) -> str:
    hosts = {visit.failure.answered_by for visit in report.with_outcome(Outcome.FAILED) if visit.failure}
    if len(hosts) == 1:
        what = _("all answers were web pages from {host}").format(host=clean(*hosts))
    else:
        what = _("all answers were web pages")
    return sentence(what, "", "feed.not_feed", _("Does this network ask for a login first?"))


def summary(report: Report) -> str:
    """The refresh in one line."""
    pages = _page_parts(report)
    if not report.visits and pages:
        return ", ".join(pages) + "."
    asked = report.with_outcome(Outcome.UPDATED, Outcome.UNCHANGED, Outcome.FAILED)
    new = sum(visit.new for visit in asked)
    changed = sum(visit.changed for visit in asked)
    parts = [
        ngettext("{count} feed asked", "{count} feeds asked", len(asked)).format(count=len(asked)),
        ngettext("{count} new article", "{count} new articles", new).format(count=new),
    ]
    if changed:
        parts.append(ngettext("{count} changed", "{count} changed", changed).format(count=changed))
    if failed := len(report.with_outcome(Outcome.FAILED)):
        parts.append(ngettext("{count} failed", "{count} failed", failed).format(count=failed))
    return ", ".join(parts + pages) + "."


def _page_parts(report: Report) -> list[str]:
    """How many pages were fetched and how many could not be read; nothing where none were asked for."""
    failed = sum(page.failure is not None for page in report.pages)
    read = len(report.pages) - failed
    parts = (
        [ngettext("{count} page fetched", "{count} pages fetched", read).format(count=read)] if read else []
    )
    if failed:
        unread = ngettext("{count} page could not be read", "{count} pages could not be read", failed)
        parts.append(unread.format(count=failed))
    return parts


def notes(report: Report, now: datetime) -> list[str]:
    """What is worth knowing when somebody asks for more: moves, warnings, feeds that were not asked."""
    lines = []
    for visit in report.visits:
        name = clean(visit.feed.title or visit.feed.key)
        if visit.moved_to and not visit.adopted:
            text = _("{name} has moved for good to {url}")
            lines.append(text.format(name=name, url=redacted(visit.moved_to)))
        lines += [f"{name}: {warning_text(code)} [{code}]" for code in visit.warnings]
        if visit.outcome is Outcome.SKIPPED:
            lines.append(f"{name}: {skip_text(visit, now)}")
    for page in report.pages:
        if page.failure:
            what = _(FAILURES[page.failure.code].what)
            lines.append(sentence(f"{redacted(page.url)}: {what}", page.failure.cause, page.failure.code, ""))
    return lines


def adoptions(report: Report) -> list[str]:
    """Which feeds are asked at a new address from now on: told once, for it is done without being asked."""
    text = _("{name} has moved for good to {url} and is asked there from now on. Undo it: {command}")
    return [
        text.format(
            name=clean(visit.feed.title or visit.feed.key),
            url=redacted(visit.moved_to),
            command=f"kommcli feeds undo {visit.feed.key}",
        )
        for visit in report.visits
        if visit.adopted
    ]


def skip_text(visit: Visit, now: datetime) -> str:
    """Why a feed was not asked."""
    when = dates.short(visit.until, now, language()) if visit.until else ""
    texts = {
        "paused": _("not asked: it is paused"),
        "retry_after": _("not asked: the server wants to be left alone until {date}").format(date=when),
        "gone": _("not asked: the server said that it is gone; `kommcli fetch {key}` asks again").format(
            key=visit.feed.key
        ),
        "backoff": _("not asked: it failed several times; next try {date}").format(date=when),
        "fresh": _("not asked: server or feed say that nothing new comes before {date}").format(date=when),
        "interval": _("not asked: its interval lasts until {date}").format(date=when),
        "patience": _("not waited for; `kommcli fetch` gives it its full time"),
    }
    return texts.get(visit.reason, visit.reason)


WARNINGS = {
    "feed.charset": N_("the declared character set is not the real one"),
    "feed.junk": N_("something stands before the feed"),
    "feed.control_characters": N_("control characters were removed"),
    "feed.truncated": N_("the feed broke off; its complete entries were read"),
    "feed.duplicate_ids": N_("several entries have the same id; the first of them counts"),
    "feed.too_many": N_("only the first 2,000 entries were read"),
    "feed.malformed": N_("the feed is not well-formed"),
    "feed.dates_estimated": N_("entries without a date"),
    "feed.no_entries": N_("the feed has no entries at present"),
    "feed.ids_unstable": N_("its articles have other ids than before; they were found by their links"),
    "feed.identity_changed": N_("title and sites are others than before: has the address another owner?"),
}
"""What the warnings about a feed mean."""


def warning_text(code: str) -> str:
    """What a warning about a feed means."""
    return _(WARNINGS[code]) if code in WARNINGS else code


def rethought(read: int, changed: int) -> str:
    """How many articles were understood anew, and how many are understood otherwise now."""
    text = ngettext("{count} article re-read", "{count} articles re-read", read).format(count=read)
    return text + ", " + ngettext("{count} changed", "{count} changed", changed).format(count=changed)


def no_page(failure: Failed) -> str:
    """Why an article is shown without the text of its page."""
    kind = FAILURES[failure.code]
    what = _(kind.what)
    if failure.code == "article.no_text":
        what = what[:1].upper() + what[1:]
    else:
        what = _("the page could not be read: {what}").format(what=what)
    shown = _("What is shown is the feed's own text.")
    remedy = f"{_(kind.remedy)}. {shown}" if failure.code in _MENDABLE else shown
    return sentence(what, failure.cause, failure.code, remedy)


_MENDABLE = ("article.no_reader", "article.selector", "net.private")
"""What the reader can do something about."""
