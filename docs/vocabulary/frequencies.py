"""Make ``data/background.json``: in how many articles of the field each stem stands.

The articles are the project's own: the tuned halves of the labelled sets, each story once. `words.txt` are
simple words of the field that may be missing there; compounds are taken apart by them.
"""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from kommcli import stems

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data"
KNOWN = 2
"""Articles that a stem must stand in; rarer ones are as good as unknown."""


def background() -> bytes:
    """The file: stems in order, "" is the number of articles."""
    texts = list(_texts())
    times: Counter[str] = Counter()
    for text in texts:
        found = {stem for one in stems.tokens(text) for stem in (one.stem, *one.parts)}
        times.update(stem for stem in found if not stem.isdigit())
    for word in (Path(__file__).parent / "words.txt").read_text("utf-8").split():
        stem = stems.stem(word)
        times[stem] = max(times[stem], KNOWN)
    kept = {stem: count for stem, count in sorted(times.items()) if count >= KNOWN}
    whole = {"": len(texts)} | kept
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


def _texts() -> Iterator[str]:
    for path in sorted((DATA / "understanding").glob("articles-tuned-*.toml")):
        for article in _articles(path):
            yield _text(article)
    for path in sorted((DATA / "stories").glob("tuned-*.toml")):
        told: set[str] = set()
        for article in _articles(path):
            story = article.get("story") or article["id"]
            if story not in told:
                told.add(story)
                yield _text(article)


def _articles(path: Path) -> list[dict[str, str]]:
    found: list[dict[str, str]] = tomllib.loads(path.read_text("utf-8"))["article"]
    return found


def _text(article: dict[str, str]) -> str:
    return " | ".join(article.get(name, "") for name in ("kicker", "title", "teaser", "body"))
