"""Where the user's files are."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DEMO = Path(__file__).with_name("demo")
"""The bundled newsroom."""


@dataclass(frozen=True, slots=True)
class Paths:
    """``config`` and ``archive`` are files, ``state`` a folder for what may be lost without harm."""

    config: Path
    archive: Path
    state: Path


def find(environ: Mapping[str, str], *, config: Path | None = None, demo: bool = False) -> Paths:
    """The user's paths: ``KOMMCLI_HOME`` holds everything if set, else the system's usual folders.

    The demo has a folder of its own and its own configuration: it never touches the user's archive.
    """
    home = environ.get("KOMMCLI_HOME", "")
    if home:
        base = Path(os.path.expanduser(home)).absolute()  # an unknown ~user stays as it is
        configs, data, state = base, base, base / "state"
    else:
        import platformdirs

        configs = platformdirs.user_config_path("kommcli")
        data = platformdirs.user_data_path("kommcli")
        state = platformdirs.user_state_path("kommcli")
    if demo:
        return Paths(DEMO / "config.toml", data / "demo" / "archive.db", data / "demo")
    chosen = config or Path(os.path.expanduser(environ.get("KOMMCLI_CONFIG") or configs / "config.toml"))
    return Paths(chosen.absolute(), data / "archive.db", state)
