"""Starting programs: kommcli in a home of its own, in a pipe or in a terminal, and the loopback server."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.request import urlopen

HERE = Path(__file__).parent
SCRIPT = Path(sys.executable).with_name("kommcli")
KOMMCLI = [str(SCRIPT)] if SCRIPT.exists() else [sys.executable, "-m", "kommcli"]


def environment(home: Path) -> dict[str, str]:
    """A German user's environment with everything in ``home``."""
    passed = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    return passed | {
        "HOME": str(home),
        "KOMMCLI_HOME": str(home),
        "LANG": "de_DE.UTF-8",
        "TERM": "xterm-256color",
        "COLUMNS": "120",
    }


def run(command: Sequence[str], env: dict[str, str]) -> None:
    """Run to the end, output into a pipe; fails where the program fails."""
    subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, check=True)


def run_in_terminal(command: Sequence[str], env: dict[str, str]) -> bytes:
    """Run to the end in a terminal; gives what it shows."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(command, env=env, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    shown = b""
    with suppress(OSError):  # the terminal's end is an error of reading
        while chunk := os.read(ours, 65_536):
            shown += chunk
    os.close(ours)
    if process.wait():
        raise subprocess.CalledProcessError(process.returncode, command, shown)
    return shown


@contextmanager
def server(feeds: int, items: int, hosts: int, delay: float = 0) -> Iterator[int]:
    """The port of a loopback server in a process of its own."""
    command = [sys.executable, str(HERE / "server.py"), str(feeds), str(items), str(hosts), str(delay)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin
    assert process.stdout
    try:
        yield int(process.stdout.readline())
    finally:
        process.stdin.close()
        process.stdout.close()
        process.wait()


def ask(port: int, path: str) -> str:
    """Tell the server something."""
    with urlopen(f"http://127.0.0.1:{port}/{path}") as answer:
        return answer.read().decode()


def subscribe(home: Path, urls: Sequence[str]) -> None:
    """A configuration with these feeds."""
    tables = [f'[[feeds]]\nkey = "f{n}"\nurl = "{url}"\nallow_private = true\n' for n, url in enumerate(urls)]
    (home / "config.toml").write_text("\n".join(tables))
