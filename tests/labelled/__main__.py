"""Print the figures and the misses of the labelled sets, as they are kept in docs/.

python -m tests.labelled                  understanding, the measured half (docs/understanding.md)
python -m tests.labelled likeness         stories, related articles and search (docs/stories.md)
python -m tests.labelled [likeness] tuned the half that rules may be improved by
"""

from __future__ import annotations

import sys

from . import likeness_report, report

if __name__ == "__main__":
    wanted = sys.argv[1:]
    printer = likeness_report.report if "likeness" in wanted else report.report
    print(printer(*(name for name in wanted if name != "likeness")), end="")
