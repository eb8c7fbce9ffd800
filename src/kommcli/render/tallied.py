"""Counts and evidence for programs and pipes: JSON values, tab-separated lines and CSV.

Every key is always there; what is unknown is null. Weeks are ISO 8601, as filters take them: "2026-W38".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from kommcli import dates
from kommcli.about import Compared, Edit, Evidence, Found, Understanding
from kommcli.data.states import NAMES
from kommcli.i18n import _
from kommcli.model import Article, Place, Report, Topic
from kommcli.render import records
from kommcli.render.plain import kind_name, level_name
from kommcli.render.records import Record
from kommcli.tallies import Crossing, Tallies, Tally

REST = ("bund", "eu", "none")
"""Keys of the rows that stand last: what has no state, topic or place of its own."""


def name_of(kind: str, key: str, name: str) -> str:
    """What people call a row of ``kind`` ("topics", "states", "places", "feeds")."""
    if key in ("bund", "eu"):
        return level_name(key)
    if key == "none":
        without = {"topics": _("no topic"), "states": _("no state"), "places": _("no place")}
        return without.get(kind) or _("none of them")
    return name or key


def week(year: int, number: int) -> str:
    """ "2026-W38"."""
    return f"{year}-W{number:02}"


# ------------------------------------------------------------------------------------------- counts


def counted(kind: str, found: Tallies, report: Report, now: datetime) -> Record:
    """Counts by ``kind``: schema ``kommcli/topics/1``, ``kommcli/states/1`` or ``kommcli/places/1``."""
    return {
        "schema": f"kommcli/{kind}/1",
        "generated": dates.iso(now),
        "total": found.total,
        "weeks": [week(*one) for one in found.weeks],
        kind: [_row(kind, row) for row in found.rows],
        "errors": records.errors(report),
    }


def _row(kind: str, row: Tally) -> Record:
    name = row.name or row.key  # the same in every language: programs read it
    numbers = {"count": row.count, "weeks": list(row.weeks)}
    if kind == "states":
        return {"code": row.key if row.key in NAMES else None, "key": row.key, "name": name} | numbers
    if kind == "places":
        place = row.place or Place(name, "")
        return {
            "key": row.key,
            "name": name,
            "kind": place.kind or None,
            "ags": place.ags or None,
            "states": list(place.states),
        } | numbers
    return {"key": row.key, "name": name} | numbers


def counted_plain(found: Tallies) -> str:
    """One row a line: key, name, count, the counts by week parted by commas."""
    return "".join(
        _line(row.key, row.name or row.key, row.count, ",".join(map(str, row.weeks))) for row in found.rows
    )


def counted_csv(kind: str, found: Tallies) -> str:
    """RFC 4180 with a header: the facts of a row, its count, and a column for every week."""
    facts = ["key", "name"] + ["kind", "ags", "states"] * (kind == "places")
    return records.csv_table(
        [*facts, "count", *(week(*one) for one in found.weeks)],
        (
            [
                *(_cell(record[fact]) for fact in facts),
                row.count,
                *(row.weeks or (0,) * len(found.weeks)),
            ]
            for row in found.rows
            for record in (_row(kind, row),)
        ),
    )


def _cell(value: str | Sequence[str] | None) -> str:
    return value if isinstance(value, str) else ",".join(value or ())


# --------------------------------------------------------------------------------------- statistics


def statistics(
    by_week: Sequence[int], feeds: Tallies, crossing: Crossing, report: Report, now: datetime
) -> Record:
    """Articles per week and feed, and states by topics: schema ``kommcli/stats/1``.

    ``by_week`` are the articles of each of the weeks of ``feeds``.
    """
    return {
        "schema": "kommcli/stats/1",
        "generated": dates.iso(now),
        "total": feeds.total,
        "weeks": [{"week": name, "count": count} for name, count in _by_week(by_week, feeds)],
        "feeds": [_row("feeds", row) for row in feeds.rows],
        "states_by_topic": [
            {"state": state, "topic": topic, "count": count} for state, topic, count in _cells(crossing)
        ],
        "errors": records.errors(report),
    }


def _by_week(by_week: Sequence[int], feeds: Tallies) -> Iterator[tuple[str, int]]:
    return zip((week(*one) for one in feeds.weeks), by_week, strict=True)


def _cells(crossing: Crossing) -> Iterator[tuple[str, str, int]]:
    for state, _name in crossing.rows:
        for topic, _name in crossing.columns:
            if count := crossing.cells.get((state, topic), 0):
                yield state, topic, count


def _statistics_rows(
    by_week: Sequence[int], feeds: Tallies, crossing: Crossing
) -> Iterator[tuple[str | int, ...]]:
    yield from (("week", name, "", count) for name, count in _by_week(by_week, feeds))
    yield from (("feed", row.key, "", row.count) for row in feeds.rows)
    yield from (("state", *cell) for cell in _cells(crossing))


def statistics_plain(by_week: Sequence[int], feeds: Tallies, crossing: Crossing) -> str:
    """One count a line: "week", "feed" or "state", its key, the topic (of a state), the count."""
    return "".join(_line(*row) for row in _statistics_rows(by_week, feeds, crossing))


def statistics_csv(by_week: Sequence[int], feeds: Tallies, crossing: Crossing) -> str:
    """The lines of `statistics_plain` as CSV with a header."""
    return records.csv_table(("what", "key", "topic", "count"), _statistics_rows(by_week, feeds, crossing))


# ----------------------------------------------------------------------------------------- evidence


def understanding(
    article: Article,
    known: Understanding,
    others: Sequence[Compared],
    history: Sequence[Edit],
    now: datetime,
) -> Record:
    """What an article is about, with the evidence: schema ``kommcli/explain/1``."""
    return {
        "schema": "kommcli/explain/1",
        "generated": dates.iso(now),
        "article": records.article(article),
        "states": [
            {"code": state.what, "name": NAMES.get(state.what, state.what), "main": number == 0}
            | _reasons(state)
            for number, state in enumerate(known.states)
        ],
        "level": known.level
        and {"key": known.level.what, "name": name_of("states", known.level.what, "")}
        | _reasons(known.level),
        "places": [
            {
                "name": place.what.name,
                "kind": place.what.kind,
                "ags": place.what.ags or None,
                "states": list(place.what.states),
            }
            | _reasons(place)
            for place in known.places
        ],
        "topics": [
            {"key": topic.what.key, "name": topic.what.name} | _reasons(topic) for topic in known.topics
        ],
        "kind": known.kind
        and {"key": known.kind.what, "name": kind_name(known.kind.what)} | _reasons(known.kind),
        "passed_over": [
            {
                "where": one.where,
                "words": one.words,
                "rule": one.rule,
                "candidates": list(one.candidates),
            }
            for one in known.passed_over
        ],
        "compared": [_compared(one) for one in others],
        "edits": [
            {
                "seen": dates.iso(edit.seen),
                "changes": [
                    {"where": where, "before": before or None, "after": after or None}
                    for where, before, after in edit.changes
                ],
            }
            for edit in history
        ],
    }


def _compared(one: Compared) -> Record:
    return {
        "id": one.article.id,
        "feed": one.article.source.key,
        "title": records.title_of(one.article),
        "same_story": one.together,
        "score": one.score,
        "veto": one.veto or None,
        "ruled": one.ruled,
        "parts": [{"name": part.name, "value": part.value, "words": list(part.words)} for part in one.parts],
    }


def _reasons(found: Found[str] | Found[Place] | Found[Topic]) -> Record:
    return {
        "score": round(found.score, 3),
        "evidence": [
            {"where": one.where, "words": one.words, "rule": one.rule, "weight": round(one.weight, 3)}
            for one in found.evidence
        ],
    }


def understanding_plain(
    known: Understanding, others: Sequence[Compared] = (), history: Sequence[Edit] = ()
) -> str:
    """One evidence a line: what ("state", "level", "place", "topic", "kind", "passed_over"), key, name,
    where, words, rule, weight. Of what was passed over the name is what it might have meant.

    Then "story" or "near" with id and title of another article, nothing, words, signal and what it adds; and
    "edit" with the instant, nothing, where, the sentence before, nothing, the sentence after."""
    lines = []
    for what, key, name, evidence in _found(known):
        for one in evidence or (Evidence("", "", "", 0),):
            lines.append(_line(what, key, name, one.where, one.words, one.rule, f"{one.weight:g}"))
    for over in known.passed_over:
        lines.append(
            _line("passed_over", "", ", ".join(over.candidates), over.where, over.words, over.rule, "")
        )
    for other in others:
        what, title = "story" if other.together else "near", records.title_of(other.article)
        for part in other.parts:
            words = ", ".join(part.words)
            lines.append(_line(what, other.article.id, title, "", words, part.name, f"{part.value:g}"))
    for edit in history:
        for where, before, after in edit.changes:
            lines.append(_line("edit", dates.iso(edit.seen), "", where, before, "", after))
    return "".join(lines)


def _found(known: Understanding) -> Iterator[tuple[str, str, str, tuple[Evidence, ...]]]:
    for state in known.states:
        yield "state", state.what, NAMES.get(state.what, state.what), state.evidence
    if level := known.level:
        yield "level", level.what, name_of("states", level.what, ""), level.evidence
    for place in known.places:
        yield "place", place.what.ags, place.what.name, place.evidence
    for topic in known.topics:
        yield "topic", topic.what.key, topic.what.name, topic.evidence
    if kind := known.kind:
        yield "kind", kind.what, kind_name(kind.what), kind.evidence


# -------------------------------------------------------------------------------------------- cells


def _line(*cells: str | int) -> str:
    # A tab or line break within a cell would be a new cell or line.
    return "\t".join(" ".join(str(cell).split()) for cell in cells) + "\n"
