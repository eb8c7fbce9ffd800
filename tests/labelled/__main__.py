"""Print the figures and the misses of the labelled set, as they are kept in docs/understanding.md.

python -m tests.labelled             the measured half
python -m tests.labelled tuned       the half that rules may be improved by
"""

from __future__ import annotations

import sys

from .report import report

if __name__ == "__main__":
    print(report(*sys.argv[1:]), end="")
