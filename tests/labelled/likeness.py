"""How well kommcli knows the same story, what is related, and what a search is for."""

from __future__ import annotations

import math
import tempfile
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from statistics import mean
from typing import Any

from kommcli.archive import articles, searching
from kommcli.data.synonyms import GROUPS
from kommcli.query import Known, build
from kommcli.query.texts import Synonyms
from kommcli.relating import from_archive

from .measure import Score
from .newsstand import NOW, Label, Stand, files, stand

QUERIES = Path(__file__).parent.parent / "data" / "search" / "queries.toml"
FIRST = 5
"""Related articles that are judged."""

DEEP = 10
"""Hits that are judged."""

JUDGED = ("tuned-a", "tuned-b", "measured-a", "measured-b")
"""The files whose articles were judged for the queries."""


@dataclass
class Likeness:
    """The figures of one half."""

    stories: Score = field(default_factory=Score)
    by_form: dict[str, Score] = field(default_factory=lambda: defaultdict(Score))
    wrong: Counter[str] = field(default_factory=Counter)
    numbers: Counter[str] = field(default_factory=Counter)
    precision_at_5: float = 0.0
    shown: float = 0.0
    ndcg: float = 0.0
    ndcg_by_kind: dict[str, float] = field(default_factory=dict)
    misses: list[str] = field(default_factory=list)


def likeness(half: str) -> Likeness:
    """Measure one half."""
    result = Likeness()
    with tempfile.TemporaryDirectory() as folder:
        for name in files(half):  # each file for itself: they know nothing of each other's inventions
            _stories(stand(Path(folder) / f"{name}.db", [name]), result)
        _related(stand(Path(folder) / "all.db", files(half)), result)
        _search(stand(Path(folder) / "search.db", JUDGED), half, result)
    return result


# -------------------------------------------------------------------------------------------- stories


def _stories(found: Stand, result: Likeness) -> None:
    by_id = {label["id"]: label for label in found.labels.values()}
    told: dict[str, str] = {
        found.labels[ref]["id"]: story for ref, story in found.db.execute("SELECT ref, story FROM articles")
    }
    want = {two for two in combinations(sorted(by_id), 2) if _same(by_id[two[0]], by_id[two[1]])}
    got = {two for two in combinations(sorted(told), 2) if told[two[0]] and told[two[0]] == told[two[1]]}
    result.stories.right += len(want & got)
    result.stories.wrong += len(got - want)
    result.stories.missing += len(want - got)
    result.numbers["articles"] += len(by_id)
    result.numbers["stories"] += len({label["story"] for label in by_id.values() if "story" in label})
    result.numbers["look-alikes"] += sum("alike" in label for label in by_id.values())
    result.numbers["pairs"] += len(want)
    for one, other in want:
        form = by_id[other]["form"] if by_id[one]["form"] == "original" else "two versions"
        result.by_form[form].count({"same"}, {"same"} if (one, other) in got else ())
    for two in got - want:
        result.wrong[next((by_id[one]["why"] for one in two if "why" in by_id[one]), "other")] += 1
    result.misses += [f"{one} and {other} are one" for one, other in sorted(want - got)]
    result.misses += [f"{one} and {other} are two" for one, other in sorted(got - want)]


def _same(one: Label, other: Label) -> bool:
    return "story" in one and one["story"] == other.get("story")


# -------------------------------------------------------------------------------------------- related


def _related(found: Stand, result: Likeness) -> None:
    """Of what is listed first, how much is relevant: the same project, or a topic in common. What is not
    listed counts as not relevant."""
    precisions, shown = [], []
    for ref, label in sorted(found.labels.items()):
        if label.get("why") == "recurring title":
            continue  # a column is about everything and related to nothing
        (article,) = articles.by_ids(found.db, [ref])
        listed = from_archive(found.db, article, articles.body(found.db, ref), (), FIRST)
        others = [found.labels[_ref(found, row)] for row, _reason in listed]
        precisions.append(sum(_relevant(label, other) for other in others) / FIRST)
        shown.append(len(others))
    result.precision_at_5, result.shown = mean(precisions), mean(shown)


def _ref(found: Stand, row: int) -> str:
    return str(found.db.execute("SELECT ref FROM articles WHERE id = ?", (row,)).fetchone()[0])


def _relevant(one: Label, other: Label) -> bool:
    return one["project"] == other["project"] or bool(set(one["topics"]) & set(other["topics"]))


# --------------------------------------------------------------------------------------------- search


def queries(half: str) -> Iterator[dict[str, Any]]:
    """The judged queries of a half."""
    for query in tomllib.loads(QUERIES.read_text("utf-8"))["query"]:
        if query["half"] == half:
            yield query


def _search(found: Stand, half: str, result: Likeness) -> None:
    synonyms = Synonyms(GROUPS)
    known = Known(dict, lambda _n: "", tuple, lambda _n: (), lambda _n: (), {}, lambda: synonyms)
    by_kind: defaultdict[str, list[float]] = defaultdict(list)
    for query in queries(half):
        words = [query["q"]] if query["q"].startswith('"') else query["q"].split()
        hits = searching.search(
            found.db, build(words, now=NOW, known=known, limit=DEEP), NOW, every=True
        ).hits
        ids = [found.labels[hit.article.id]["id"] for hit in hits]
        by_kind[query["kind"]].append(ndcg(ids, query["relevant"]))
    result.ndcg = mean(value for values in by_kind.values() for value in values)
    result.ndcg_by_kind = {kind: mean(values) for kind, values in sorted(by_kind.items())}
    result.numbers["queries"] = sum(map(len, by_kind.values()))


def ndcg(ids: list[str], grades: dict[str, int]) -> float:
    """The normalised discounted cumulative gain of the first `DEEP` (Järvelin and Kekäläinen 2002), with the
    gain 2^grade - 1."""

    def gain(some: list[int]) -> float:
        return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(some[:DEEP]))

    return gain([grades.get(one, 0) for one in ids]) / gain(sorted(grades.values(), reverse=True))
