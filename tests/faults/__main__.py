"""``python -m tests.faults [fetch] [marks] … --times 1000 --seed 7``: kill, look, go on.

Runs for hours if you like. Prints for each scenario how many children were killed, and exits 1 at the first
thing that is found broken.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from pathlib import Path

from .killing import kill_and_look
from .scenarios import SCENARIOS


def main() -> None:
    """Run the scenarios that are asked for, or all."""
    options = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    options.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(SCENARIOS)}; default: all")
    options.add_argument("--times", type=int, default=200, help="children to kill in each scenario (200)")
    options.add_argument("--seed", type=int, default=1, help="of the random moments (1)")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="kommcli-faults-") as folder:
        for name in asked.names or SCENARIOS:
            path = Path(folder) / name / "archive.db"
            path.parent.mkdir()
            rng = random.Random(f"{asked.seed} {name}")
            print(
                json.dumps({"scenario": name, **kill_and_look(SCENARIOS[name](path, rng), asked.times, rng)})
            )


if __name__ == "__main__":
    sys.exit(main())
