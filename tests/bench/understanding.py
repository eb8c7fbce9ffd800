"""Understanding articles: places, topics and kind of texts of 5 kB, in one process."""

from __future__ import annotations

import random
import time
from itertools import cycle, islice

from kommcli.data.topics import taxonomy
from kommcli.enrich import Knowledge
from kommcli.enrich.kinds import kind_of
from kommcli.enrich.places import where
from kommcli.gazetteer import Gazetteer
from kommcli.model import Block, BlockType, Entry, Feed

from .timing import Subject, in_turn, report

LENGTH = 5_000
"""Letters of a body."""

GOAL = 3.0
"""Milliseconds of one core for an article: 1,000 of a first fetch add three seconds."""


def run(rounds: int, count: int = 1_000) -> None:
    """Measure and print."""
    made = list(islice(_long(), count))
    warm = Knowledge(Gazetteer(), taxonomy())
    table = Gazetteer()

    def cold() -> float:
        start = time.process_time()
        knowledge = Knowledge(Gazetteer(), taxonomy())
        for one, feed in made:
            knowledge.understand(one, feed)
        return time.process_time() - start

    def each(work: str) -> float:
        start = time.process_time()
        for one, feed in made:
            if work == "all":
                warm.understand(one, feed)
            elif work == "places":
                where(one, feed, table)
            else:
                kind_of(one)
        return time.process_time() - start

    subjects: dict[str, Subject] = {
        f"{count:,} articles from nothing": cold,
        f"{count:,} more": lambda: each("all"),
        "of these, places": lambda: each("places"),
        "of these, kinds": lambda: each("kinds"),
    }
    times = in_turn(subjects, max(rounds // 3, 1))
    report(f"understanding, bodies of {LENGTH:,} letters, CPU", times, f"{count:,} more")
    for name in list(subjects)[:2]:
        each_ms = min(times[name]) / count * 1_000
        verdict = "reached" if each_ms <= GOAL else "MISSED"
        print(f"- {name}: {each_ms:.2f} ms each, goal {GOAL:g}: {verdict}")


def _long() -> cycle[tuple[Entry, Feed]]:
    """The labelled articles with long bodies: half of them without a kicker, so that all texts are read."""
    from labelled.measure import articles, entry

    chance = random.Random(5)
    labelled = [entry(label) for label in articles("tuned")]
    paragraphs = [block.text for one, _feed in labelled for block in one.body]
    found = []
    for number, (one, feed) in enumerate(labelled):
        text: list[str] = []
        while sum(map(len, text)) < LENGTH:
            text.append(chance.choice(paragraphs))
        body = tuple(Block(BlockType.PARAGRAPH, paragraph) for paragraph in text)
        kicker = one.kicker if number % 2 else ""
        found.append((Entry(one.title, kicker=kicker, teaser=one.teaser, body=body), feed))
    return cycle(found)
