"""``python -m tests.bench [NAME …]``: start, again, refresh, archive, understanding, pages, finding, digest,
scale.

All of them without a name.

Nothing here fails because it was slow. Needs Linux (127.0.0.2 and its neighbours) and a quiet machine.
"""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
from pathlib import Path

from . import again, archive, digest, finding, pages, refresh, scale, start, understanding


def main() -> None:
    """Measure what is asked for."""
    options = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    options.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help="start, again, refresh, archive, understanding, pages, finding, digest, scale; default: all",
    )
    options.add_argument("--rounds", type=int, default=9, help="of each measurement (9)")
    options.add_argument(
        "--million",
        action="store_true",
        help="start, archive, finding and scale also with 1,000,000 articles",
    )
    options.add_argument("--thousand", action="store_true", help="refresh also with 1,000 feeds")
    options.add_argument("--picture", type=Path, metavar="FILE", help="draw what scale measures into FILE")
    asked = options.parse_args()
    sizes = (1_000, 100_000, 1_000_000) if asked.million else (1_000, 100_000)
    print(
        f"Python {platform.python_version()}, {platform.system()}; fastest of {asked.rounds} rounds in turn"
    )
    with tempfile.TemporaryDirectory(prefix="kommcli-bench-") as name:
        folder = Path(name)
        every = "start again refresh archive understanding pages finding digest scale"
        wanted = asked.names or every.split()
        if "start" in wanted:
            start.run(folder, sizes, asked.rounds)
        if "again" in wanted:
            again.run(folder, 100, 3 * asked.rounds)
        if "refresh" in wanted:
            refresh.run(folder, 100, max(asked.rounds // 2, 1))
            refresh.run(folder, 100, max(asked.rounds // 2, 1), delay=0.1)
            if asked.thousand:
                refresh.run(folder, 1_000, 1)
        if "archive" in wanted:
            archive.run(folder, sizes, asked.rounds)
        if "understanding" in wanted:
            sys.path.insert(0, str(Path(__file__).parents[1]))  # as in the tests: `labelled` stands beside us
            understanding.run(asked.rounds)
        if "pages" in wanted:
            pages.run(3 * asked.rounds)
        if "finding" in wanted:
            finding.run(folder, 100_000, asked.rounds)
            if asked.million:
                finding.run(folder, 1_000_000, asked.rounds, short=True)
        if "digest" in wanted:
            digest.run(folder, 100_000, asked.rounds)
        if "scale" in wanted:
            growing = (1_000, 10_000, 100_000, 1_000_000) if asked.million else (1_000, 10_000, 100_000)
            scale.run(folder, growing, max(asked.rounds // 3, 1), asked.picture)


if __name__ == "__main__":
    main()
