"""The labelled stories and judged queries: what was reached stays reached, and the labels are in order.

Figures and misses of the tuned half: ``python -m tests.labelled``. The misses of the measured half are for
nobody to read.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from datetime import datetime
from itertools import combinations
from typing import Any

import pytest

from kommcli.data.states import NAMES
from kommcli.data.topics import taxonomy
from labelled.likeness import JUDGED, QUERIES, Likeness, likeness, ndcg
from labelled.newsstand import STORIES, files, labels

FILES = [path.stem for path in sorted(STORIES.glob("*.toml"))]
FORMS = {"original", "copy", "shortened", "headline", "lead", "rewritten"}
KINDS = {"other town", "other project", "yearly event", "numbers differ", "follow-up", "other phase",
         "recurring title", "same vendor", "other law", "same study another year"}  # fmt: skip

OWN_TOPICS = {"umwelt", "messen"}
"""Of the labels alone: kommcli has no such topics, which makes nothing easier."""


@pytest.fixture(scope="module")
def measured() -> Likeness:
    """The half that is only counted."""
    return likeness("measured")


def test_stories(measured: Likeness) -> None:
    """The goals: of the pairs taken for one story 0.98 are, and 0.90 of all that are one are found."""
    assert measured.stories.precision >= 0.98
    assert measured.stories.recall >= 0.90


def test_related(measured: Likeness) -> None:
    """The goal: of the first five 0.8 are relevant; a missing one counts as not relevant."""
    assert measured.precision_at_5 >= 0.80


def test_search(measured: Likeness) -> None:
    """The goal: 0.85 of the gain that the best order of hits would have."""
    assert measured.ndcg >= 0.85


def test_every_form_of_a_version_is_found(measured: Likeness) -> None:
    """No form is left to chance, the rewritten least of all."""
    assert measured.by_form.keys() == FORMS - {"original"} | {"two versions"}
    assert min(score.recall for score in measured.by_form.values()) >= 0.8


# ------------------------------------------------------------------------------------ as large as promised


def test_the_set_is_large_enough() -> None:
    every = labels(FILES)
    versions = Counter(one["story"] for one in every if "story" in one)

    assert len(versions) >= 60
    assert set(versions.values()) <= {2, 3, 4}
    assert sum("alike" in one for one in every) >= 200
    assert len(_queries()) >= 60
    assert {"umlaut", "compound", "synonym"} <= {query["kind"] for query in _queries()}


@pytest.mark.parametrize("half", ["tuned", "measured"])
def test_both_halves_have_all_forms_and_kinds(half: str) -> None:
    some = labels(files(half))

    assert {one["form"] for one in some} == FORMS
    assert {one["why"] for one in some if "why" in one} == KINDS


def test_the_halves_share_nothing() -> None:
    """What is measured was never tuned on."""
    for name in ("id", "teaser", "body"):  # columns have the same title everywhere
        tuned, measured = ({one[name] for one in labels(files(half))} for half in ("tuned", "measured"))
        assert not tuned & measured - {""}


# -------------------------------------------------------------------------------------------- in order


def test_ids_are_unique_over_all_files() -> None:
    assert [one for one, times in Counter(label["id"] for label in labels(FILES)).items() if times > 1] == []


@pytest.mark.parametrize("name", FILES)
def test_an_article_is_a_version_or_looks_like_one(name: str) -> None:
    by_id = {one["id"]: one for one in labels([name])}
    for one in by_id.values():
        assert ("story" in one) != ("alike" in one), one["id"]
        assert ("alike" in one) == ("why" in one), one["id"]
        if "alike" in one:
            assert one["alike"] in by_id, one["id"]
            assert one["alike"] != one["id"]
            assert one["form"] == "original"


@pytest.mark.parametrize("name", FILES)
def test_versions_of_a_story_are_of_different_feeds_and_one_of_them_is_the_first(name: str) -> None:
    stories: dict[str, list[dict[str, Any]]] = {}
    for one in labels([name]):
        if "story" in one:
            stories.setdefault(one["story"], []).append(one)
    for story, versions in stories.items():
        assert len({one["feed"] for one in versions}) == len(versions), story
        assert [one["form"] for one in versions].count("original") == 1, story
        assert len({one["project"] for one in versions}) == 1, story
        days = [datetime.fromisoformat(one["date"]) for one in versions]
        assert (max(days) - min(days)).days <= 14, story


@pytest.mark.parametrize("name", FILES)
def test_the_words_of_a_label_are_known(name: str) -> None:
    known = taxonomy().topics.keys() | OWN_TOPICS
    states = {code.removeprefix("DE-") for code in NAMES}
    for one in labels([name]):
        assert one["title"], one["id"]
        assert one["body"] or one["teaser"], one["id"]
        assert one["form"] in FORMS
        assert one.get("why", "other town") in KINDS
        assert set(one["topics"]) <= known, one["id"]
        assert set(one["states"]) <= states, one["id"]
        assert datetime.fromisoformat(one["date"]).tzinfo is None


@pytest.mark.parametrize("name", FILES)
def test_no_two_articles_of_a_file_are_word_for_word_the_same(name: str) -> None:
    for one, other in combinations(labels([name]), 2):
        assert (one["title"], one["body"]) != (other["title"], other["body"]), (one["id"], other["id"])


# -------------------------------------------------------------------------------------------- queries


def _queries() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(QUERIES.read_text("utf-8"))["query"]
    return found


def test_every_query_has_hits_that_exist_and_grades_that_are_known() -> None:
    ids = {one["id"] for one in labels(JUDGED)}
    for query in _queries():
        assert query["q"].strip() == query["q"] != ""
        assert query["half"] in ("tuned", "measured")
        assert query["relevant"], query["q"]
        assert query["relevant"].keys() <= ids, query["q"]
        assert set(query["relevant"].values()) <= {1, 2, 3}, query["q"]


def test_no_query_is_there_twice_and_both_halves_have_the_same_kinds() -> None:
    queries = _queries()
    kinds = [{one["kind"] for one in queries if one["half"] == half} for half in ("tuned", "measured")]

    assert len({query["q"].casefold() for query in queries}) == len(queries)
    assert kinds[0] == kinds[1]


def test_the_gain_of_an_order() -> None:
    """Järvelin and Kekäläinen, worked out by hand: (7 + 1 / log2 3) / (7 + 3 / log2 3 + 1 / 2)."""
    grades = {"a": 3, "b": 2, "c": 1}

    assert ndcg(["a", "b", "c"], grades) == 1
    assert ndcg(["a", "c"], grades) == pytest.approx((7 + 0.63093) / (7 + 3 * 0.63093 + 0.5), abs=1e-4)
    assert ndcg(["x"] * 10 + ["a"], grades) == 0
