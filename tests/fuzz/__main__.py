"""``python -m tests.fuzz --seconds 3600 --target feeds --seed 7``: fuzz one target, or all in turn.

What breaks one is made small and written to ``tests/data/fuzz/``, where the tests try it for ever after.
"""

from __future__ import annotations

import argparse
import sys
from hashlib import sha256

from .fuzzing import fuzz
from .targets import DATA, TARGETS


def main() -> int:
    """Fuzz; 1 if anything broke."""
    options = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    options.add_argument("--seconds", type=float, default=60, help="of computing for each target (60)")
    options.add_argument("--target", choices=[*TARGETS], action="append", help="default: all")
    options.add_argument("--seed", type=int, default=1, help="of the random changes (1)")
    asked = options.parse_args()
    broken = 0
    for name in asked.target or TARGETS:
        outcome = fuzz(TARGETS[name], asked.seconds, asked.seed)
        print(f"{name}: {outcome.tried} inputs, {outcome.kinds} kinds of outcome", flush=True)
        if outcome.finding is not None:
            broken += 1
            path = DATA / "fuzz" / f"{name}-{sha256(outcome.finding).hexdigest()[:8]}"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(outcome.finding)
            print(f"  {outcome.error[:300]}\n  {len(outcome.finding)} bytes: {path}", flush=True)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
