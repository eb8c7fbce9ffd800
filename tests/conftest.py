"""What every test gets: a clean environment, a home of its own, and no network beyond loopback."""

from __future__ import annotations

import ipaddress
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from loopback import *  # noqa: F403 - the fixtures of the loopback server

settings.register_profile(
    "default",
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.register_profile("thorough", parent=settings.get_profile("default"), max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

NOW = "2026-10-16T11:00:00+02:00"


@pytest.fixture(autouse=True)
def _only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that needs the network beyond loopback is wrong: say so instead of waiting."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            assert ipaddress.ip_address(address[0]).is_loopback, f"network beyond loopback: {address}"
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@dataclass
class Home:
    """A user's home of kommcli, and the program run in it as users run it: as a process."""

    path: Path
    env: dict[str, str]

    def run(
        self,
        *arguments: str,
        env: dict[str, str] | None = None,
        stdin: str | None = "",
        timeout: float = 60,
        under: Callable[[], None] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """``kommcli ARGUMENTS`` with its output in pipes; ``under`` a hardship, see `hardship`."""
        return subprocess.run(
            [sys.executable, "-m", "kommcli", *arguments],
            env=self.env | (env or {}),
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=timeout,
            preexec_fn=under,
        )

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """``kommcli ARGUMENTS`` under way."""
        return subprocess.Popen(
            [sys.executable, "-m", "kommcli", *arguments],
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def terminal(self, *arguments: str, columns: int = 100, rows: int = 200, **env: str) -> bytes:
        """What kommcli writes to a real terminal of this size, byte by byte."""
        pexpect = pytest.importorskip("pexpect")
        child = pexpect.spawn(
            sys.executable,
            ["-m", "kommcli", *arguments],
            env=self.env | {"TERM": "xterm-256color", "PAGER": "cat"} | env,
            dimensions=(rows, columns),
            timeout=30,
        )
        output: bytes = child.read()
        child.close()
        return output

    def json(self, *arguments: str, status: int = 0) -> dict[str, Any]:
        """The JSON that a command prints, validated against its schema."""
        done = self.run(*arguments)
        assert done.returncode == status, done.stderr
        value = json.loads(done.stdout)
        validate(value)
        return value

    def copy(self, folder: Path) -> Home:
        """A home in ``folder`` with everything that this one has."""
        shutil.copytree(self.path, folder / "home")
        return Home(folder / "home", self.env | {"HOME": str(folder), "KOMMCLI_HOME": str(folder / "home")})

    def config(self, text: str) -> Path:
        """Write the configuration."""
        path = self.path / "config.toml"
        path.write_text(text, "utf-8")
        return path

    def config_text(self) -> str:
        """The configuration as it stands."""
        return (self.path / "config.toml").read_text("utf-8")

    def feeds(self, urls: dict[str, str], **settings: str) -> Path:
        """A configuration with these feeds on loopback."""
        tables = [f"{name} = {value}" for name, value in settings.items()]
        for key, url in urls.items():
            tables.append(f'[[feeds]]\nkey = "{key}"\nurl = "{url}"\nallow_private = true')
        return self.config("\n".join(tables) + "\n")


def validate(value: dict[str, Any]) -> None:
    """Every JSON that a test sees obeys `kommcli schema`."""
    _validator(value["schema"].split("/")[1]).validate(value)


@cache
def _validator(name: str) -> Any:
    import jsonschema

    from kommcli.render.schema import SCHEMAS

    return jsonschema.Draft202012Validator(SCHEMAS[name], format_checker=jsonschema.FormatChecker())


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with nothing in it, English, the clock standing at `NOW`."""
    return make_home(tmp_path)


def make_home(folder: Path) -> Home:
    """A home in ``folder``, for fixtures that several tests share."""
    path = folder / "home"
    path.mkdir()
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "KOMMCLI_HOME": str(path),
        "KOMMCLI_NOW": NOW,
        "LANG": "en_US.UTF-8",
        "PYTHONUTF8": "1",
        "PYTHONWARNINGS": "error",
    }
    if "PYTHONPATH" in os.environ:
        env["PYTHONPATH"] = os.environ["PYTHONPATH"]
    return Home(path, env)


@pytest.fixture
def in_terminal(home: Home) -> Callable[..., str]:
    """Run kommcli in a real terminal of a given size and give the screen's text."""

    def run(arguments: Sequence[str], columns: int = 100, rows: int = 200, **env: str) -> str:
        return shown(home.terminal(*arguments, columns=columns, rows=rows, **env), columns, rows)

    return run


def shown(output: bytes, columns: int, rows: int = 200) -> str:
    """The text that a terminal of this size shows after ``output``."""
    pyte = pytest.importorskip("pyte")
    screen = pyte.Screen(columns, rows)
    pyte.ByteStream(screen).feed(output)
    return "\n".join(line.rstrip() for line in screen.display).rstrip()


def rss(items: str = "", title: str = "Test feed") -> bytes:
    """A small RSS 2.0 document."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{title}</title>'
        f"<link>https://news.example/</link><description>d</description>{items}</channel></rss>"
    ).encode()


def item(number: int | str, title: str = "", **elements: str) -> str:
    """One item: guid, link, date and title by number, other elements as given."""
    parts = {
        "title": title or f"Title {number}",
        "link": f"https://news.example/{number}",
        "guid": f"guid-{number}",
        "pubDate": "Thu, 15 Oct 2026 08:00:00 +0200",
        "description": f"Teaser of article {number}.",
    } | elements
    return "<item>" + "".join(f"<{k}>{v}</{k}>" for k, v in parts.items() if v) + "</item>"
