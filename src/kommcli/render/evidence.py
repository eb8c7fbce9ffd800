"""Why kommcli takes an article for what it does: the evidence in words, at a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.style import Style
from rich.table import Table
from rich.text import Text

from kommcli import dates
from kommcli.about import Compared, Edit, Evidence, PassedOver, Understanding
from kommcli.data.states import NAMES
from kommcli.i18n import _, language
from kommcli.model import Article, Place, Topic
from kommcli.render.plain import kind_name
from kommcli.render.tallied import name_of
from kommcli.render.terminal import KICKER, PLACE, QUIET, TITLE, TOPIC, headline


def understanding(
    article: Article,
    known: Understanding,
    note: str = "",
    others: Sequence[Compared] = (),
    history: Sequence[Edit] = (),
) -> RenderableType:
    """The article's headline, then its states, places, topics and kind, each with the words that speak for
    it, then what was passed over, its story and its edits; ``note`` and how to correct it come last."""
    states = [
        _reasons(_state(state.what, main=number == 0 and len(known.states) > 1), state.evidence)
        for number, state in enumerate(known.states)
    ]
    if level := known.level:
        states.append(_reasons(Text(name_of("states", level.what, ""), PLACE + TITLE), level.evidence))
    parts = [
        *_section(_("State"), states),
        *_section(_("Places"), [_reasons(_place(place.what), place.evidence) for place in known.places]),
        *_section(_("Topics"), [_reasons(_topic(topic.what), topic.evidence) for topic in known.topics]),
        *_section(_("Kind"), _kind(known)),
    ]
    if known.passed_over:
        parts += _section(_("Passed over"), [[_passed_over(one)] for one in known.passed_over])
    for title, together in ((_("Same story"), True), (_("Another story"), False)):
        if some := [_likeness(one) for one in others if one.together is together]:
            parts += _section(title, some, "")
    if history:
        parts += _section(_("Edits"), [_edit(one) for one in history], "")
    if note:
        parts.append(Text(note, QUIET))
    parts.append(Text(_correction(article), QUIET))
    if others:
        parts.append(Text(_("Story wrong? kommcli story split REF, kommcli story merge REF REF"), QUIET))
    return Group(headline(article), Text(), *parts)


def _likeness(one: Compared) -> list[Text]:
    """The other's source and headline with the score, then what speaks for and against."""
    first = Text.assemble((f"{one.article.source.title}: ", QUIET), headline(one.article))
    verdict = f"{one.score:+.1f}"
    if one.ruled is not None:
        verdict += " · " + (_("merged by you") if one.ruled else _("split by you"))
    elif one.veto:  # as a signal, "place" speaks for one story
        verdict += " · " + signal_name("elsewhere" if one.veto == "place" else one.veto)
    lines = [first.append(f" ({verdict})", PLACE if one.together else QUIET)]
    for part in one.parts:
        text = Text(f"{part.value:+.1f} ", TOPIC if part.value > 0 else QUIET).append(signal_name(part.name))
        lines.append(text.append(": " + ", ".join(part.words), QUIET) if part.words else text)
    return lines


def _edit(edit: Edit) -> list[Text]:
    """When, then each change: what stood there, and what stands there now."""
    lines = [Text(dates.long(edit.seen, language()), TITLE)]
    for where, before, after in edit.changes:
        text = Text(_where(where) + ": ", QUIET)
        if before:
            text.append(f"− {before}", REMOVED)
        if before and after:
            text.append("\n")
        if after:
            text.append(f"+ {after}", ADDED)
        lines.append(text)
    return lines


ADDED, REMOVED = Style(color="green"), Style(color="red", strike=True)


def _section(title: str, found: Sequence[Sequence[Text]], further: str = "+ ") -> list[RenderableType]:
    lines = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, show_header=False)
    lines.add_column(no_wrap=True)
    lines.add_column(overflow="fold")
    for first, *others in found or [[Text("–", QUIET)]]:
        lines.add_row(Text("•" if found else " ", QUIET), first)
        for other in others:
            lines.add_row("", Text(further, QUIET).append_text(other))
    return [Text(title, KICKER), lines, Text()]


def _reasons(name: Text, evidence: Sequence[Evidence]) -> list[Text]:
    """``kicker "Kreis Bergstraße" -> Landkreis Bergstraße (06431), HE · the whole name``, then what else
    speaks for it."""
    if not evidence:
        return [name]
    lines = [_words(one.where, one.words) for one in evidence]
    lines[0].append(" -> ", QUIET).append_text(name)
    return [line.append_text(_rule(one)) for line, one in zip(lines, evidence, strict=True)]


def _words(where: str, words: str) -> Text:
    name = _where(where)
    return Text(_('{where} "{words}"').format(where=name, words=words) if words else name)


def _rule(evidence: Evidence) -> Text:
    return Text(f" · {rule_name(evidence.rule)}" if evidence.rule else "", QUIET)


def _kind(known: Understanding) -> list[list[Text]]:
    return [_reasons(Text(kind_name(known.kind.what), TITLE), known.kind.evidence)] if known.kind else []


def _state(code: str, *, main: bool) -> Text:
    name = Text.assemble((NAMES.get(code, code), PLACE + TITLE), f" ({code.removeprefix('DE-')})")
    return name.append(", " + _("the main one")) if main else name


def _place(place: Place) -> Text:
    name = Text.assemble((place.name, PLACE + TITLE))
    if place.ags:
        name.append(f" ({place.ags})")
    if place.states:
        name.append(", " + ", ".join(code.removeprefix("DE-") for code in place.states))
    return name


def _topic(topic: Topic) -> Text:
    return Text.assemble((topic.name, TOPIC + TITLE), f" ({topic.key})")


def _passed_over(one: PassedOver) -> Text:
    text = _words(one.where, one.words).append(f" · {reason_name(one.rule)}", QUIET)
    return text.append(": " + "; ".join(one.candidates), QUIET) if one.candidates else text


def _correction(article: Article) -> str:
    return _(
        "Something wrong? Set [places.alias] or [places.ignore] in the configuration, "
        "or the state of the feed: kommcli feeds edit {key} --state STATE"
    ).format(key=article.source.key)


# ------------------------------------------------------------------------------------ codes in words


def _where(code: str) -> str:
    names = {
        "kicker": _("kicker"),
        "title": _("title"),
        "teaser": _("teaser"),
        "body": _("text"),
        "category": _("category"),
        "feed": _("feed"),
        "url": _("address"),
        "enclosure": _("enclosure"),
    }
    return names.get(code, code)


def rule_name(code: str) -> str:
    """Why words count, for people; a code that is not known stays as it is."""
    names = {
        "name": _("the whole name"),
        "cue": _("name after a cue word"),
        "adjective": _("adjective of the state"),
        "demonym": _("form for the people of the place"),
        "state_name": _("name of the state"),
        "capital": _("the capital stands for its state"),
        "setting": _("the feed is set to it"),
        "place": _("follows from the place"),
        "level": _("stands for the federation or Europe"),
        "kind": _("only this state has such"),
        "category": _("category of the publisher"),
        "kicker": _("stands in the kicker"),
        "term": _("word of the topic"),
        "several": _("a kicker of several places"),
        "audio": _("an audio file comes with it"),
        "label": _("the article is labelled so"),
        "form": _("form of the article"),
        "url": _("part of the address"),
        "body": _("only in the text: weak"),
    }
    return names.get(code, code)


def signal_name(code: str) -> str:
    """What speaks for or against one story, for people; a code that is not known stays as it is."""
    names = {
        "words": _("words in common"),
        "names": _("names in common"),
        "copy": _("passages in common"),
        "numbers": _("the same numbers"),
        "share": _("most numbers agree"),
        "thin": _("no name, number or passage in common"),
        "place": _("the same place"),
        "topics": _("the same topics"),
        "elsewhere": _("other places"),
        "main": _("another town or district"),
        "edition": _("another year, month or number in the headline"),
        "unnamed": _("the place is not named in the other"),
        "state": _("another state"),
        "conflicts": _("numbers that contradict each other"),
        "copied": _("numbers that contradict each other in the same wording"),
        "late": _("days apart, with other words"),
        "days": _("days apart"),
        "follow_up": _("goes on with something told before"),
        "same_feed": _("from the same source"),
        "recurring": _("a recurring headline"),
        "window": _("too long apart"),
    }
    return names.get(code, code)


def reason_name(code: str) -> str:
    """Why words were passed over, for people; a code that is not known stays as it is."""
    names = {
        "ambiguous": _("could be several places"),
        "needs_cue": _('also an ordinary word; a cue such as "Stadt" is missing'),
        "organisation": _("part of the name of an organisation"),
        "person": _("name of a person"),
        "ignored": _("ignored, as configured"),
        "weak": _("too weak on its own"),
    }
    return names.get(code, code)
