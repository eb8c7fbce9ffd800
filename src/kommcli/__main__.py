"""The program's entry: the language first, because help texts are built when the commands load."""

from __future__ import annotations

import gc
import os
import sys

GARBAGE = 50_000
"""Objects after which Python looks for circles of them. By itself it does so after 700, which costs a
twentieth of a short run and more of a fetch, and finds next to nothing."""


def main() -> None:
    """Run kommcli with the arguments of this process."""
    gc.set_threshold(GARBAGE)
    if sys.argv[1:] == ["--version"]:  # answered before Typer is loaded
        from kommcli import __version__

        try:
            os.write(1, f"kommcli {__version__}\n".encode())
            return
        except OSError:
            pass  # a full device or a closed pipe: told below, where all errors are
    try:
        from kommcli.cli.start import speak

        speak(sys.argv[1:], os.environ)
        from kommcli.cli.app import program

        program()(prog_name="kommcli")
    except KeyboardInterrupt:  # while the commands were loaded
        sys.exit(130)


if __name__ == "__main__":
    main()
