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
"""Files that a stem must stand in: what only one author uses is unknown, above all the names that he made
up."""


def background() -> bytes:
    """The file: stems in order, "" is the number of articles."""
    times: Counter[str] = Counter()
    files: Counter[str] = Counter()
    articles = 0
    for texts in _files():
        here: Counter[str] = Counter()
        for text in texts:
            articles += 1
            found = {stem for one in stems.tokens(text) for stem in (one.stem, *one.parts)}
            here.update(stem for stem in found if not stem.isdigit())
        times += here
        files.update(here.keys())
    kept = {stem: count for stem, count in times.items() if files[stem] >= KNOWN}
    for word in (Path(__file__).parent / "words.txt").read_text("utf-8").split():
        stem = stems.stem(word)
        kept[stem] = max(times[stem], KNOWN)
    whole = {"": articles} | dict(sorted(kept.items()))
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


def _files() -> Iterator[list[str]]:
    """The texts of each file, each story once."""
    for path in sorted((DATA / "understanding").glob("articles-tuned-*.toml")):
        yield list(map(_text, _articles(path)))
    for path in sorted((DATA / "stories").glob("tuned-*.toml")):
        once = {article.get("story") or article["id"]: article for article in reversed(_articles(path))}
        yield list(map(_text, reversed(once.values())))


def _articles(path: Path) -> list[dict[str, str]]:
    found: list[dict[str, str]] = tomllib.loads(path.read_text("utf-8"))["article"]
    return found


def _text(article: dict[str, str]) -> str:
    return " | ".join(article.get(name, "") for name in ("kicker", "title", "teaser", "body"))
