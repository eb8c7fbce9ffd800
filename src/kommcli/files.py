"""Writing a file so that it is either the old one or the new one, never half of it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def replace(path: Path, text: str, mode: int) -> None:
    """Put ``text`` (UTF-8) in place of the file at ``path``; a new file gets ``mode``, an old one keeps its
    own. What is no file (a pipe, /dev/stdout) is written to, never replaced. Raises `OSError`."""
    if path.exists() and not path.is_file():
        path.write_text(text, "utf-8", newline="")
        return
    descriptor, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=".kommcli-")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, path.stat().st_mode & 0o777 if path.exists() else mode)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
