"""Articles to an issue: which sections, in which order, and what is left out. Pure.

Every sort ends with the article's id, so the same articles give the same issue.
"""

from __future__ import annotations

import shlex
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from kommcli import dates
from kommcli.data.states import NAMES
from kommcli.digest import introduction
from kommcli.digest.issue import EVENTS, HOME, OTHERS, Issue, Item, More, Section, Stale
from kommcli.digest.period import is_week, key_of, week_name
from kommcli.i18n import _, language
from kommcli.model import Article, FeedState
from kommcli.text import cut_at_sentence, fold

TEASER = 320
"""Characters of a teaser at most: three or four sentences."""


class Group(StrEnum):
    """What the sections are."""

    TOPIC = "topic"
    STATE = "state"
    FEED = "feed"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Plan:
    """How an issue is to be made of the articles that were found."""

    since: datetime
    until: datetime
    name: str
    salutation: str = ""
    closing: str = ""
    signature: str = ""
    group: Group = Group.TOPIC
    most: int = 60
    """Items in the issue."""
    most_a_section: int = 10
    titles_only: bool = False
    new: bool = False
    """Of what no sent issue had."""
    options: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    """The filters as they were typed, without the options of time."""


def compose(
    found: Sequence[Article],
    plan: Plan,
    *,
    home: frozenset[str] = frozenset(),
    sent: Mapping[str, int] | None = None,
    stale: tuple[Stale, ...] = (),
) -> Issue:
    """The issue of the articles ``found``: ``home`` are the ids of those about the reader's own region,
    ``sent`` the number of the last issue that had an article, by id."""
    grouped = _grouped(found, plan.group, home)
    room = _room([len(articles) for _key, _title, articles in grouped], plan)
    sections = []
    for (key, title, articles), limit in zip(grouped, room, strict=False):
        items = tuple(item(one, home, sent or {}, plan.titles_only) for one in articles[:limit])
        left = len(articles) - len(items)
        more = More(left, _command(plan, key, len(found))) if left else None
        sections.append(Section(key, title, items, more))
    left = sum(len(articles) for _key, _title, articles in grouped[len(room) :])
    issue = blank(plan)
    return replace(
        issue,
        introduction=introduction.paragraphs(found, sections, issue),
        figure=introduction.figure(found),
        sections=tuple(sections),
        more=More(left, _command(plan, "", len(found))) if left else None,
        stale=stale,
    )


def blank(plan: Plan) -> Issue:
    """An issue of this time without articles."""
    week = week_name(plan.since, plan.until)
    period = dates.period(plan.since, plan.until, language())
    when = week or period
    return Issue(
        key=key_of(plan.since, plan.until, new=plan.new),
        name=plan.name,
        subject=_("{name}: {when}").format(name=plan.name, when=f"{week} ({period})" if week else when),
        language=language(),
        since=plan.since,
        until=plan.until,
        week=week,
        period=period,
        scope=shlex.join((*plan.options, *plan.words)),
        salutation=plan.salutation,
        closing=plan.closing,
        signature=plan.signature,
        titles_only=plan.titles_only,
    )


def stale(states: Iterable[FeedState], names: Mapping[str, str], until: datetime) -> tuple[Stale, ...]:
    """The sources that may lack articles of a time that ends with ``until``: those that fail and did not
    answer since, and those that answered a day before others did. ``names`` are the enabled feeds'."""
    known = {state.key: state for state in states}
    answers = [known[key].last_ok for key in names if key in known]
    newest = max((answer for answer in answers if answer), default=None)
    if newest is None:
        return ()
    due = min(until, newest - timedelta(days=1))
    found = []
    for key, name in names.items():
        state = known.get(key, FeedState(key))
        if state.last_ok is None or state.last_ok < (until if state.failures else due):
            found.append(Stale(name or state.title or key, state.last_ok))
    return tuple(sorted(found, key=lambda one: (fold(one.name), one.name)))


def item(article: Article, home: frozenset[str], sent: Mapping[str, int], titles_only: bool = False) -> Item:
    """An article as an issue has it."""
    others = dict.fromkeys(telling.source.title or telling.source.key for telling in article.also_in)
    source = article.source.title or article.source.key
    return Item(
        id=article.id,
        title=article.title or _("(untitled)"),
        kicker=article.kicker,
        published=article.published,
        teaser="" if titles_only else cut_at_sentence(article.teaser, TEASER),
        url=article.url if article.url.startswith(("http://", "https://")) else "",
        source=source,
        also_in=tuple(name for name in others if name != source),
        home=article.id in home,
        edited=article.edited is not None,
        sent_in=sent.get(article.id, 0),
    )


# ---------------------------------------------------------------------------------------- sections

_FEATURES = frozenset({"bericht", "interview", "studie"})


def weight(article: Article) -> int:
    """How much an article weighs: what others tell, too, what an editor starred, what is a feature."""
    return (
        1
        + 2 * len(article.also_in)
        + 3 * article.starred
        + 2 * (article.kind in _FEATURES)
        + bool(article.teaser)
    )


_Filed = tuple[str, str, list[Article]]
"""Key, title and articles of a section."""


def _grouped(found: Sequence[Article], group: Group, home: frozenset[str]) -> list[_Filed]:
    """The sections in their order, each with all its articles in theirs."""
    near = [one for one in found if one.id in home and one.kind != "termin"]
    events = [one for one in found if one.kind == "termin" and group is not Group.DAY]
    taken = {one.id for one in (*near, *events)}
    rest = [one for one in found if one.id not in taken]
    sections = [(HOME, _("From your region"), _ordered(near))] if near else []
    sections += _BY[group](rest)
    if events:
        sections.append((EVENTS, _("Events"), _ordered(events)))
    return sections


def _ordered(articles: Iterable[Article]) -> list[Article]:
    """The heaviest first, of these the newest."""
    return sorted(articles, key=lambda one: (-weight(one), -one.published.timestamp(), one.id))


def _by_topic(found: Sequence[Article]) -> list[_Filed]:
    """By main topic. An article that is alone with it goes to another of its topics that has a section, else
    to one that it shares with others that are alone."""
    mains = Counter(one.topics[0].key for one in found if one.topics)
    filed: dict[tuple[str, str], list[Article]] = defaultdict(list)
    alone: list[Article] = []
    for one in found:
        topic = next((topic for topic in one.topics if mains[topic.key] > 1), None)
        if topic:
            filed[topic.key, topic.name].append(one)
        else:
            alone.append(one)
    while True:
        shared = Counter((topic.key, topic.name) for one in alone for topic in one.topics)
        most = min(shared, key=lambda topic: (-shared[topic], topic), default=None)
        if most is None or shared[most] < 2:
            break
        filed[most] = [one for one in alone if any(topic.key == most[0] for topic in one.topics)]
        alone = [one for one in alone if one not in filed[most]]
    if alone:
        filed[OTHERS, ""] = alone
    return _weighed(filed, _("More news"))


def _by_state(found: Sequence[Article]) -> list[_Filed]:
    """By the main state; the federation, Europe and what has none come behind."""
    states: dict[tuple[str, str], list[Article]] = defaultdict(list)
    levels: dict[str, list[Article]] = defaultdict(list)
    for one in found:
        if one.states:
            states[one.states[0], NAMES.get(one.states[0], one.states[0])].append(one)
        else:
            levels[one.level].append(one)
    behind = (("bund", _("Federation")), ("eu", _("Europe")), ("", _("Across the states")))
    titles = [(key or "none", title, _ordered(levels[key])) for key, title in behind if levels[key]]
    return [*_weighed(states, _("More states")), *titles]


def _by_feed(found: Sequence[Article]) -> list[_Filed]:
    filed: dict[tuple[str, str], list[Article]] = defaultdict(list)
    for one in found:
        filed[one.source.key, one.source.title or one.source.key].append(one)
    return _weighed(filed, _("More sources"))


def _by_day(found: Sequence[Article]) -> list[_Filed]:
    """By day, the first day first."""
    filed: dict[str, list[Article]] = defaultdict(list)
    for one in found:
        filed[f"{dates.local(one.published):%Y-%m-%d}"].append(one)
    return [
        (day, dates.weekday(articles[0].published, language()), _ordered(articles))
        for day, articles in sorted(filed.items())
    ]


_BY: dict[Group, Callable[[Sequence[Article]], list[_Filed]]] = {
    Group.TOPIC: _by_topic,
    Group.STATE: _by_state,
    Group.FEED: _by_feed,
    Group.DAY: _by_day,
}


def _weighed(filed: Mapping[tuple[str, str], list[Article]], others: str) -> list[_Filed]:
    """The heaviest section first; those of a single article together behind, if there are several."""
    alone = [key for key, articles in filed.items() if len(articles) == 1 and key[0] != OTHERS]
    small = set(alone) if len(alone) > 1 else set()
    rest = [one for key, articles in filed.items() if key in small or key[0] == OTHERS for one in articles]
    kept = [
        (key, title, _ordered(articles))
        for (key, title), articles in filed.items()
        if (key, title) not in small and key != OTHERS
    ]
    kept.sort(key=lambda one: (-sum(map(weight, one[2])), fold(one[1]), one[0]))
    return [*kept, (OTHERS, others if kept else _("News"), _ordered(rest))] if rest else kept


# ------------------------------------------------------------------------------------ what is left out


def _room(sizes: Sequence[int], plan: Plan) -> list[int]:
    """How many items each section may show; shorter than ``sizes`` where not even one each is left.

    The longest sections give way first.
    """
    shown = [min(size, plan.most_a_section) for size in sizes[: plan.most]]
    total, limit = sum(shown), plan.most_a_section
    while total > plan.most and limit > 1:
        limit -= 1
        shown = [min(size, limit) for size in shown]
        total = sum(shown)
    return shown


def _command(plan: Plan, key: str, total: int) -> str:
    """The command that lists a section's articles, or all of them for no ``key``."""
    words, condition = list(plan.words), _condition(plan.group, key)
    if condition and any(word in ("OR", "ODER", "|") for word in words):
        words = ["(", *words, ")"]
    last = dates.local(plan.until - timedelta(seconds=1))
    if plan.new:
        listing = ["digest", "--new", "--titles-only", "--max", "10000", "--max-per-section", "1000"]
    elif is_week(plan.since, plan.until):
        listing = ["latest", "--week", key_of(plan.since, plan.until), "-n", str(total)]
    else:
        listing = ["latest", "--since", f"{dates.local(plan.since):%Y-%m-%d}", "--until", f"{last:%Y-%m-%d}"]
        listing += ["-n", str(total)]
    return shlex.join(["kommcli", *listing, *plan.options, *words, *condition])


def _condition(group: Group, key: str) -> list[str]:
    """The query words that a section stands for; none for sections of several values."""
    if key == EVENTS:
        return ["kind:termin"]
    if key in ("", HOME, OTHERS):
        return []
    if group is Group.DAY:
        return [f"since:{key}", f"until:{key}"]
    return [f"{group.value}:{key.removeprefix('DE-').lower() if group is Group.STATE else key}"]
