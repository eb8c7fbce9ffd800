"""Understanding the labelled set, and counting what is right."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kommcli.data.topics import taxonomy
from kommcli.enrich import Knowledge
from kommcli.gazetteer import Gazetteer
from kommcli.model import Block, BlockType, Entry, Feed, NewArticle
from kommcli.placenames import parted, words

DATA = Path(__file__).parent.parent / "data" / "understanding"
HALVES = ("tuned", "measured")


@dataclass
class Score:
    """Right, too many, missing."""

    right: int = 0
    wrong: int = 0
    missing: int = 0

    def count(self, wanted: Iterable[str], found: Iterable[str]) -> bool:
        """Count one article; True when all is right."""
        want, got = set(wanted), set(found)
        self.right += len(want & got)
        self.wrong += len(got - want)
        self.missing += len(want - got)
        return want == got

    @property
    def precision(self) -> float:
        """How much of what was found is right."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """How much of what is there was found."""
        return self.right / (self.right + self.missing) if self.right + self.missing else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass
class Result:
    """The scores of one half and what was missed, as lines for people."""

    kickers: Score = field(default_factory=Score)
    states: Score = field(default_factory=Score)
    states_with_body: Score = field(default_factory=Score)
    main_state: Score = field(default_factory=Score)
    levels: Score = field(default_factory=Score)
    places: Score = field(default_factory=Score)
    kinds: Score = field(default_factory=Score)
    topics: dict[str, Score] = field(default_factory=lambda: defaultdict(Score))
    main_topic: Score = field(default_factory=Score)
    misses: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    numbers: dict[str, int] = field(default_factory=dict)

    @property
    def macro_f1(self) -> float:
        """The mean of the topics' F1: a rare topic counts as much as a frequent one."""
        return sum(score.f1 for score in self.topics.values()) / len(self.topics)


def measure(half: str) -> Result:
    """Understand one half."""
    knowledge = Knowledge(Gazetteer(), taxonomy())
    result = Result()
    for kicker, wanted in kickers(half):
        # The title says nothing about where, so that the kicker is all there is.
        found = knowledge.understand(
            Entry("Ein neues Angebot für alle", kicker=kicker), Feed("f", "https://f.example/")
        )
        got = [state[3:] for state in found.states] + ([found.level] if found.level else [])
        if not result.kickers.count(wanted, got):
            result.misses["kickers"].append(f"`{kicker}`: {_shown(wanted)}, found {_shown(got)}")
    result.numbers["kickers"] = sum(1 for _kicker in kickers(half))
    for label in articles(half):
        _count(label, knowledge.understand(*entry(label)), result)
    result.numbers["articles"] = sum(1 for _article in articles(half))
    return result


def _count(label: dict[str, Any], found: NewArticle, result: Result) -> None:
    name = f"{label.get('kicker', '')}: {label['title']}".lstrip(": ")
    states = [state[3:] for state in found.states]
    right = result.states.count(label["states"], states)
    if label.get("body"):
        result.states_with_body.count(label["states"], states)
    if label["states"]:
        result.main_state.count(label["states"][:1], states[:1])
    if not right:
        result.misses["states"].append(f"{name}: {_shown(label['states'])}, found {_shown(states)}")
    level = [label["level"]] if label.get("level") else []
    if not result.levels.count(level, [found.level] if found.level else []):
        result.misses["levels"].append(f"{name}: {_shown(level)}, found {found.level or '–'}")
    wanted, got = [_bare(one) for one in label["places"]], [_bare(place.name) for place in found.places]
    if not result.places.count(wanted, got):
        names = [place.name for place in found.places]
        result.misses["places"].append(f"{name}: {_shown(label['places'])}, found {_shown(names)}")
    kind = [label["kind"]] if label.get("kind") else []
    if not result.kinds.count(kind, [found.kind] if found.kind else []):
        result.misses["kinds"].append(f"{name}: {_shown(kind)}, found {found.kind or '–'}")
    _count_topics(label, found, result, name)


def _count_topics(label: dict[str, Any], found: NewArticle, result: Result, name: str) -> None:
    wanted, got = set(label["topics"]), {topic.key for topic in found.topics}
    for key in wanted | got:
        result.topics[key].count({key} & wanted, {key} & got)
    result.main_topic.count(label["topics"][:1], [topic.key for topic in found.topics[:1]])
    if wanted != got:
        result.misses["topics"].append(
            f"{name}: {_shown(label['topics'])}, found {_shown(t.key for t in found.topics)}"
        )


def kickers(half: str) -> Iterator[tuple[str, list[str]]]:
    """Kicker and states or level."""
    for line in (DATA / f"kickers-{half}.tsv").read_text("utf-8").splitlines():
        kicker, _tab, wanted = line.partition("\t")
        yield kicker, [] if wanted == "-" else wanted.split(",")


def articles(half: str) -> list[dict[str, Any]]:
    """The labelled articles; a half may be in several files."""
    found: list[dict[str, Any]] = []
    for path in sorted(DATA.glob(f"articles-{half}*.toml")):
        found += tomllib.loads(path.read_text("utf-8"))["article"]
    return found


def entry(label: dict[str, Any]) -> tuple[Entry, Feed]:
    """A labelled article as it would come from its feed."""
    state = label.get("feed_state", "")
    paragraphs = [part for part in label.get("body", "").split("\n\n") if part]
    return (
        Entry(
            title=label["title"],
            kicker=label.get("kicker", ""),
            link=label.get("url", ""),
            teaser=label["teaser"],
            body=tuple(
                Block(BlockType.QUESTION if text.endswith("?") else BlockType.PARAGRAPH, text)
                for text in paragraphs
            ),
            categories=tuple(label.get("categories", ())),
        ),
        Feed("f", "https://f.example/", state=f"DE-{state}" if state else ""),
    )


def _bare(name: str) -> str:
    """A place by its base name: labels give names as the article has them."""
    key = words(parted(name)[0])
    kinds = {
        "kreis",
        "landkreis",
        "region",
        "metropolregion",
        "lutherstadt",
        "regionalverband",
        "staedteregion",
    }
    return " ".join(word for word in key if word not in kinds) or " ".join(key)


def _shown(names: Iterable[str]) -> str:
    return ", ".join(names) or "–"
