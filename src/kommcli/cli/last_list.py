"""The numbers of the last list: ``read 3`` means the third article that this user saw last."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path


def remember(folder: Path, ids: Sequence[str]) -> None:
    """Keep the ids of a numbered list. A folder that cannot be written costs the numbers, not the list."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = folder / f"last-list.{os.getpid()}.tmp"
        temporary.touch(mode=0o600)
        temporary.write_text(json.dumps(list(ids)), "utf-8")
        temporary.replace(folder / "last-list.json")
    except OSError:
        return


def recall(folder: Path) -> list[str]:
    """The ids of the last numbered list; empty where there was none."""
    try:
        ids = json.loads((folder / "last-list.json").read_text("utf-8"))
    except (OSError, ValueError):
        return []
    return [str(one) for one in ids] if isinstance(ids, list) else []
