"""The program's entry: the language first, because help texts are built when the commands load."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run kommcli with the arguments of this process."""
    if sys.argv[1:] == ["--version"]:  # answered before Typer is loaded
        from kommcli import __version__

        print(f"kommcli {__version__}")  # noqa: T201
        return
    from kommcli.cli.start import speak

    speak(sys.argv[1:], os.environ)
    from kommcli.cli.app import app

    app(prog_name="kommcli")


if __name__ == "__main__":
    main()
