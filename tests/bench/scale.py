"""What commands cost as the archive grows: CPU, wall time and memory of whole runs, and a picture of it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from kommcli.archive import articles, database, feeds
from kommcli.model import Entry, Feed, NewArticle

from . import clients, material, picture, programs

DUE = 20
"""Feeds that a fetch asks; the others were asked just now."""

COMMANDS = {
    "latest": "latest --offline --json",
    "search": "search Registermodernisierung --json",
    "states": "states --json",
    "digest": "digest --ok-partial --format text",
    "fetch": "fetch --json",
    "prune": "prune --older-than 200w --dry-run --json",
    "doctor": "doctor --json",
}


class Cost(NamedTuple):
    """Of one run: CPU and wall time in seconds, peak memory in MB."""

    cpu: float
    wall: float
    peak: float


def run(folder: Path, sizes: tuple[int, ...], rounds: int, target: Path | None = None) -> None:
    """Measure and print, with archives of ``sizes`` articles; the picture goes to ``target``. With no
    rounds the first run counts, which else does not."""
    costs: dict[str, list[Cost]] = {name: [] for name in COMMANDS}
    for size in sizes:
        home = folder / f"scale-{size}"
        home.mkdir()
        sources = max(min(2_000, size // 500), DUE)
        with programs.server(DUE, 30, DUE) as port:
            _build(home, size, sources, port)
            for name, words in COMMANDS.items():
                taken = [_cost(home, words.split(), port) for _round in range(rounds + 1)][min(rounds, 1) :]
                costs[name].append(Cost(*map(min, zip(*taken, strict=True))))
            pruned = _cost(home, ["prune", "--older-than", "16w", "--yes"], port)
        megabytes = (home / "archive.db").stat().st_size / 1e6
        print(
            f"\n- {size:,} articles of {sources:,} feeds: {megabytes:,.0f} MB;"
            f" taking out all that is older than 16 weeks: {pruned.wall:.1f} s, {pruned.peak:.0f} MB"
        )
    print(f"\n## scale\n\nCPU in ms (memory in MB), fastest of {rounds} rounds\n")
    print("| | " + " | ".join(f"{size:,}" for size in sizes) + " |")
    print("| --- |" + " --: |" * len(sizes))
    for name, row in costs.items():
        cells = (f"{one.cpu * 1000:,.0f} ({one.peak:.0f})" for one in row)
        print(f"| `{COMMANDS[name]}` | " + " | ".join(cells) + " |")
    if target:
        lines = {name: [one.cpu * 1000 for one in row] for name, row in costs.items()}
        target.write_text(picture.growth(sizes, lines, "articles in the archive", "ms of CPU"), "utf-8")


def _cost(home: Path, arguments: list[str], port: int) -> Cost:
    """One run; what it exits with does not matter: a doctor has something to say."""
    if arguments[0] == "fetch":
        programs.ask(port, "next")
    usage = home / "usage.json"
    command = [sys.executable, str(programs.HERE / "usage.py"), str(usage), *arguments]
    start = time.perf_counter()
    done = subprocess.run(
        command, env=programs.environment(home), stdin=subprocess.DEVNULL, capture_output=True
    )
    wall = time.perf_counter() - start
    assert done.returncode < 10, done.stderr.decode()
    used = json.loads(usage.read_text())
    return Cost(used["cpu"] + used["workers_cpu"], wall, max(used["peak"], used["workers_peak"]))


def _build(home: Path, count: int, sources: int, port: int) -> None:
    """An archive of short articles, four a day and feed; all but `DUE` feeds were asked just now."""
    now = datetime.now(UTC).replace(microsecond=0)
    urls = [clients.address(port, number, DUE) for number in range(DUE)]
    urls += [f"https://feed-{number}.example/feed" for number in range(DUE, sources)]
    tables = (
        f'[[feeds]]\nkey = "f{number}"\nurl = "{url}"\n'
        + ("allow_private = true\n" if number < DUE else 'interval = "1d"\n')
        for number, url in enumerate(urls)
    )
    (home / "config.toml").write_text("\n".join(tables))
    db = database.open_for_writing(home / "archive.db")
    for number, url in enumerate(urls):
        newest = now - timedelta(minutes=number % 360)
        new = [
            _short(number * count + one, newest - timedelta(hours=6 * one)) for one in range(count // sources)
        ]
        with database.transaction(db):
            row = feeds.rowid(db, Feed(f"f{number}", url))
            articles.store(db, row, url, new, now)
            feeds.record_success(db, row, now)
    # Sorting a million articles into stories is another measurement (`finding`).
    db.execute("DELETE FROM untold")
    db.execute("INSERT INTO search (search) VALUES ('optimize')")
    db.close()


def _short(number: int, published: datetime) -> NewArticle:
    """Headline, teaser and labels, as most feeds have them."""
    whole = material.entry(number, published)
    short = Entry(
        whole.title, whole.kicker, guid=whole.guid, link=whole.link, published=published, teaser=whole.teaser
    )
    return material.about(number, short)
