"""What an issue says of itself: sentences of counted facts and titles, never invented prose. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from kommcli.data.states import NAMES
from kommcli.digest.issue import EVENTS, HOME, Issue, Item, Section
from kommcli.i18n import _, language, ngettext
from kommcli.model import Article

LEADS = 3
"""Titles that the introduction names."""


def paragraphs(found: Sequence[Article], sections: Sequence[Section], issue: Issue) -> tuple[str, ...]:
    """Two paragraphs: what the time brought, and what leads the issue; one sentence where it brought nothing.

    ``found`` are all articles of the time, ``sections`` those of the issue.
    """
    when = issue.week or issue.period
    if not found:
        return (_("There are no stories of this time ({when}).").format(when=when),)
    facts = [_volume(found, issue), _topics(found), _states(found)]
    leads = [_leads(sections), _sections(sections)]
    return tuple(text for part in (facts, leads) if (text := " ".join(filter(None, part))))


def figure(found: Sequence[Article]) -> str:
    """The number of the week: how many towns and districts are named, where that is more than two."""
    places = {
        place.ags: place
        for one in found
        for place in one.places
        if place.ags and place.kind in ("municipality", "district")
    }
    states = {state for place in places.values() for state in place.states}
    if len(places) < 3 or len(states) < 2:
        return ""
    words = _("{count} towns, municipalities and districts in {states} states occur in the stories.")
    return words.format(count=len(places), states=len(states))


def _volume(found: Sequence[Article], issue: Issue) -> str:
    """How many articles of how many sources; how many stories several of them told."""
    sources = {one.source.key for one in found} | {
        telling.source.key for one in found for telling in one.also_in
    }
    told = {"stories": stories(len(found)), "sources": sources_of(len(sources))}
    if issue.week:
        week = int(issue.key[-2:])
        text = _("Week {week} brought {stories} from {sources}.").format(week=week, **told)
    else:
        text = _("This issue covers {stories} from {sources} ({period}).").format(period=issue.period, **told)
    if several := sum(bool(one.also_in) for one in found):
        text += " " + ngettext(
            "One of them was told by several sources.",
            "{count} of them were told by several sources.",
            several,
        ).format(count=several)
    return text


def stories(count: int) -> str:
    """ "19 Beiträge"."""
    return ngettext("{count} story", "{count} stories", count).format(count=count)


def sources_of(count: int) -> str:
    """ "7 Quellen"."""
    return ngettext("{count} source", "{count} sources", count).format(count=count)


def _topics(found: Sequence[Article]) -> str:
    """The topics with most articles, if they are worth a sentence."""
    names = {topic.key: topic.name for one in found for topic in one.topics}
    counts = Counter(topic.key for one in found for topic in one.topics)
    if not (leading := _leading(counts)):
        return ""
    listed = enumeration(f"{names[key]}\N{NO-BREAK SPACE}({counts[key]})" for key in leading)
    return ngettext(
        "The most frequent topic was {topics}.", "The most frequent topics were {topics}.", len(leading)
    ).format(topics=listed)


def _states(found: Sequence[Article]) -> str:
    """The states with most articles."""
    counts = Counter(state for one in found for state in one.states)
    if not (leading := _leading(counts)):
        return ""
    listed = enumeration(f"{_from(state)}\N{NO-BREAK SPACE}({counts[state]})" for state in leading)
    return _("Most of the news came from {states}.").format(states=listed)


def _leading(counts: Counter[str]) -> list[str]:
    """Up to three keys that were counted most often, and more than once."""
    ranked = sorted(counts, key=lambda key: (-counts[key], key))
    return [key for key in ranked[:3] if counts[key] > 1]


def _from(state: str) -> str:
    """The name of a state behind "aus": only the Saarland has an article."""
    name = NAMES.get(state, state)
    return f"dem {name}" if state == "DE-SL" and language() == "de" else name


def _leads(sections: Sequence[Section]) -> str:
    """The headlines that lead the first sections; those of events only where there is nothing else."""
    news = [section for section in sections if section.key != EVENTS] or sections
    first = [section.items[0] for section in news if section.items]
    if not first:
        return ""
    return _("Read, among others: {titles}.").format(titles=enumeration(map(_quoted, first[:LEADS])))


def _quoted(item: Item) -> str:
    """A headline in quotation marks; marks inside become inner ones."""
    words = item.headline
    if not item.kicker:
        words = re.sub(r'^[„“"]([^„“”"]*)[“”"]$', r"\1", words)
    if language() == "de":
        return f"„{words.translate({ord('„'): '‚', ord('“'): '‘', ord('”'): '’'})}“"
    return f"“{words.translate({ord('„'): '‘', ord('“'): '’', ord('”'): '’'})}”"


def _sections(sections: Sequence[Section]) -> str:
    """How much is from the own region, and how many events there are."""
    sizes = {
        section.key: len(section.items) + (section.more.count if section.more else 0) for section in sections
    }
    texts = []
    if near := sizes.get(HOME, 0):
        texts.append(
            ngettext("One story is from your region.", "{count} stories are from your region.", near)
        )
        texts[-1] = texts[-1].format(count=near)
    if events := sizes.get(EVENTS, 0):
        texts.append(
            ngettext("One story announces an event.", "{count} stories announce events.", events).format(
                count=events
            )
        )
    return " ".join(texts)


def enumeration(parts: Iterable[str]) -> str:
    """ "one, two and three"."""
    *first, last = list(parts)
    return _("{first} and {last}").format(first=", ".join(first), last=last) if first else last
