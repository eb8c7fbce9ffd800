"""``python usage.py FILE ARGUMENTS…``: run kommcli and write into FILE as JSON what the run has used."""

from __future__ import annotations

import json
import re
import resource
import sys
from pathlib import Path


def used() -> dict[str, object]:
    """CPU seconds and peak MB of this process and of its workers, and what was imported."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    workers = resource.getrusage(resource.RUSAGE_CHILDREN)
    status = Path("/proc/self/status")
    # ru_maxrss of a process begins with its parent's; VmHWM does not.
    peak = re.search(r"VmHWM:\s+(\d+)", status.read_text()) if status.exists() else None
    return {
        "cpu": own.ru_utime + own.ru_stime,
        "workers_cpu": workers.ru_utime + workers.ru_stime,
        "peak": (int(peak[1]) if peak else own.ru_maxrss) / 1024,
        "workers_peak": workers.ru_maxrss / 1024,
        "imported": [name for name in ("feedparser", "selectolax", "urllib3", "rich") if name in sys.modules],
    }


if __name__ == "__main__":
    from kommcli.__main__ import main

    target, sys.argv[1:] = sys.argv[1], sys.argv[2:]
    try:
        main()
    finally:
        Path(target).write_text(json.dumps(used()))
