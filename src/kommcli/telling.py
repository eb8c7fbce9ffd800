"""Sorting articles into stories: what is new or changed is compared with what the archive has.

A story is a function of its articles alone: whichever came first, all that are linked by likenesses are
looked at anew, and `enrich.stories.groups` gives the same for the same articles.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping

from kommcli import about
from kommcli.archive import articles, relations, rethinking
from kommcli.archive import stories as story_table
from kommcli.archive.stories import Compared, Found
from kommcli.enrich.alike import parts
from kommcli.enrich.portrait import portrait
from kommcli.enrich.stories import Likeness, compare, groups, keys, pair
from kommcli.traits import Traits, packed, unpacked

AT_ONCE = 1_000
"""Articles that are compared in one transaction: after an update of kommcli all are waiting."""

_LOOKED_AT = 16
"""Articles that one is compared with: those that share most of its keys, the rare ones above all."""

_FAR = -3.0
"""Who comes with less than this is nobody's idea of the same story, and not worth a line."""

_NEAR = 3
"""Articles of other stories that are shown beside those of the own."""

_MOST = 200
"""Articles that are looked at together, linked by likenesses."""


def tell(db: sqlite3.Connection, window: int, most: int = AT_ONCE) -> int:
    """Compare the newest articles that wait for it, within ``window`` days, and keep their stories; how many
    these were. Call it inside a transaction."""
    # In the order in which the index numbered them: what is appended fills its pages.
    rows = sorted(story_table.untold(db, most))
    found = []
    for row in rows:
        stored = rethinking.understood(db, row)
        traits = portrait(stored, story_table.day(row)).traits
        found.append(Found(row, packed(traits), keys(traits)))
        relations.keep_links(db, row, stored.entry.body)
    story_table.put(db, found)
    sort(db, rows, window)
    return len(rows)


def sort(db: sqlite3.Connection, rows: Collection[int], window: int) -> None:
    """Find the stories of these articles, by rowid, and of all that are linked with them."""
    sorting = _Sorting(db, window)
    done: set[int] = set()
    for row in sorted(rows):
        if row in done:
            continue
        linked = sorting.linked(row)
        done |= linked
        story_table.assign(db, linked, sorting.groups(linked))


class _Sorting:
    """One sorting: what was compared once is remembered."""

    def __init__(self, db: sqlite3.Connection, window: int) -> None:
        self._db, self._window = db, window
        self._articles: dict[int, tuple[Compared, Traits]] = {}
        self._likeness: dict[tuple[int, int], Likeness] = {}
        self._same: dict[int, set[int]] = {}

    def linked(self, row: int) -> set[int]:
        """The article, and all that are linked with it by likenesses, stories or the user's word."""
        found, waiting = {row}, [row]
        while waiting and len(found) < _MOST:
            one = waiting.pop()
            more = (self._alike(one) | story_table.bound(self._db, [one])) - found
            found |= more
            waiting += sorted(more)
        return found

    def _alike(self, row: int) -> set[int]:
        if row not in self._same:
            self._same[row] = {one for one in self._candidates(row) if self._compared(row, one).same}
        return self._same[row]

    def _candidates(self, row: int) -> list[int]:
        self._load([row])
        if row not in self._articles:
            return []
        own = keys(self._articles[row][1])
        near = story_table.candidates(self._db, row, own, self._window, _LOOKED_AT)
        self._load(near)
        return [one for one in near if one in self._articles]

    def near(self, row: int) -> dict[int, Likeness]:
        """The articles that share most with one, and those of its story."""
        some = self._candidates(row)
        rows = {*some, *story_table.bound(self._db, [row])} - {row}
        self._load(rows)
        return {one: self._compared(row, one) for one in sorted(rows) if one in self._articles}

    def groups(self, rows: Collection[int]) -> Iterable[Collection[int]]:
        """The stories that these articles tell."""
        if len(rows) < 2:
            return []
        self._load(rows)
        by_ref = {self._articles[row][0].ref: row for row in rows if row in self._articles}
        rulings = story_table.rulings(self._db, by_ref)
        refs = {row: ref for ref, row in by_ref.items()}
        alike = {pair(refs[row], refs[one]) for row in refs for one in self._alike(row) & refs.keys()}
        found = groups(by_ref, alike, lambda one, other: self._compared(by_ref[one], by_ref[other]), rulings)
        return [{by_ref[ref] for ref in group} for group in found]

    def _load(self, rows: Iterable[int]) -> None:
        for one in story_table.compared(self._db, [row for row in rows if row not in self._articles]):
            self._articles[one.row] = one, unpacked(one.packed)

    def _compared(self, one: int, other: int) -> Likeness:
        two = (one, other) if one < other else (other, one)
        if two not in self._likeness:
            (a, traits), (b, others) = (self._articles[row] for row in two)
            self._likeness[two] = compare(traits, others, same_feed=a.feed == b.feed, window=self._window)
        return self._likeness[two]


def compared(
    db: sqlite3.Connection, ref: str, window: int, titles: Mapping[str, str]
) -> list[about.Compared]:
    """The others of the story of the article with this id, then those that come near it; each with what
    speaks for and against."""
    rows = story_table.rows(db, [ref])
    sorting = _Sorting(db, window)
    near = sorting.near(rows[0]) if rows else {}
    members = story_table.bound(db, rows) - set(rows)
    found: list[about.Compared] = []
    for row, likeness in sorted(near.items(), key=lambda pair: (pair[0] not in members, -pair[1].score)):
        together = row in members
        if together or (likeness.score > _FAR and sum(not one.together for one in found) < _NEAR):
            found.append(_compared(db, rows[0], row, likeness, titles, together=together))
    return found


def _compared(
    db: sqlite3.Connection,
    own: int,
    row: int,
    likeness: Likeness,
    titles: Mapping[str, str],
    *,
    together: bool,
) -> about.Compared:
    one, other = (portrait(rethinking.understood(db, some), story_table.day(some)) for some in (own, row))
    refs = [found.ref for found in story_table.compared(db, [own, row])]
    article = articles.by_rows(db, [row], titles)[0]
    ruled = story_table.rulings(db, refs).get(pair(*refs))
    return about.Compared(
        article, together, round(likeness.score, 2), likeness.veto, ruled, parts(likeness, one, other)
    )


def rule(db: sqlite3.Connection, refs: Collection[str], *, same: bool, window: int) -> None:
    """Keep for good that the articles with these ids tell the same story, or that the first tells none of the
    others', and sort them anew. Call it inside a transaction."""
    first, *others = refs
    pairs = (pair(first, other) for other in others)
    story_table.rule(db, dict.fromkeys(pairs, same))
    sort(db, story_table.rows(db, refs), window)
