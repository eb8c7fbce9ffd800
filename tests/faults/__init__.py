"""What faults of the machine leave behind: kills, full disks, missing rights, signals, many at once. How
sending a mail is killed is tested beside its mail server: `digest/test_kill.py`."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent))
"""The tests' helpers, where they are not run by pytest."""
