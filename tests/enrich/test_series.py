"""Recurring headlines, and ordinary ones that look like them: the labelled table tells them apart."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from kommcli.enrich.series import is_recurring

TABLE = Path(__file__).parent.parent / "data" / "stories" / "headlines.tsv"

with TABLE.open(encoding="utf-8", newline="") as lines:
    HEADLINES = [
        (row["kicker"], row["title"], row["recurring"]) for row in csv.DictReader(lines, delimiter="\t")
    ]


@pytest.mark.parametrize(("kicker", "title", "recurring"), HEADLINES)
def test_every_headline_of_the_table(kicker: str, title: str, recurring: str) -> None:
    assert is_recurring(kicker, title) is (recurring == "yes")


def test_the_table_has_enough_of_both() -> None:
    labels = [recurring for _kicker, _title, recurring in HEADLINES]

    assert min(labels.count("yes"), labels.count("no")) >= 30


def test_no_headline_at_all_does_not_recur() -> None:
    assert not is_recurring("", "")
    assert not is_recurring("Die", "–")
