"""The numbers of the last list: ``read 3`` means the third article that this user saw last.

Related articles below an article are numbered on behind the list, so that both can be read by number. One
that the archive does not know is kept with all that its page said of it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

Listed = str | dict[str, Any]
"""An id, an address, or the fields of a `Mention`."""

_FILE = "last-list.json"


def remember(folder: Path, listed: Sequence[Listed], further: Sequence[Listed] = ()) -> None:
    """Keep a numbered list, and what was numbered on behind it. A folder that cannot be written costs the
    numbers, not the list."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = folder / f"last-list.{os.getpid()}.tmp"
        temporary.touch(mode=0o600)
        temporary.write_text(json.dumps([list(listed), list(further)]), "utf-8")
        temporary.replace(folder / _FILE)
    except OSError:
        return


def recall(folder: Path) -> tuple[list[Listed], list[Listed]]:
    """The last list, and what was numbered on behind it; empty where there was none."""
    try:
        value = json.loads((folder / _FILE).read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return [], []
    if not isinstance(value, list):
        return [], []
    if len(value) == 2 and all(isinstance(part, list) for part in value):
        return _sound(value[0]), _sound(value[1])
    return _sound(value), []  # as kommcli 0.1 wrote it


def _sound(part: list[Any]) -> list[Listed]:
    return [one if isinstance(one, dict) else str(one) for one in part]
