"""Giving a text to a command: a real one, which takes it, fails, hangs or does not exist."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import pytest

from kommcli import notify

ENVIRON = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}


def program(folder: Path, code: str) -> str:
    """A program of this Python code, with ``folder`` as its ``here``."""
    path = folder / "program"
    path.write_text(
        f"#!{sys.executable}\nimport json, os, sys, time\nfrom pathlib import Path\n"
        f"here = Path({str(folder)!r})\n{code}\n",
        "utf-8",
    )
    path.chmod(0o755)
    return str(path)


TAKES = (
    "(here / 'told.json').write_text(json.dumps("
    "[sys.argv[1:], sys.stdin.buffer.read().decode(), dict(os.environ)]))"
)


def told(folder: Path) -> tuple[list[str], str, dict[str, str]]:
    """What the program was given: arguments, standard input, environment."""
    arguments, text, environ = json.loads((folder / "told.json").read_text())
    return arguments, text, environ


def test_the_command_gets_the_text_on_its_standard_input(tmp_path: Path) -> None:
    text = '{"watches": [{"name": "Bürgermeister:innen ☃"}]}\n'

    assert notify.run([program(tmp_path, TAKES)], text, ENVIRON) == ""
    assert told(tmp_path)[1] == text


def test_no_shell_sees_the_command(tmp_path: Path) -> None:
    arguments = ["$(touch x)", "; touch y", "*", "a b", "`id`", "", "ü"]

    assert notify.run([program(tmp_path, TAKES), *arguments], "{}", ENVIRON) == ""
    assert told(tmp_path)[0] == arguments
    assert sorted(path.name for path in tmp_path.iterdir()) == ["program", "told.json"]


def test_a_line_for_a_shell_is_no_command(tmp_path: Path) -> None:
    assert notify.run([f"{program(tmp_path, TAKES)} -v"], "{}", ENVIRON) != ""
    assert not (tmp_path / "told.json").exists()


def test_the_environment_is_the_one_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "1")
    notify.run([program(tmp_path, TAKES)], "{}", ENVIRON | {"KOMMCLI_HOME": "/x"})
    environ = told(tmp_path)[2]

    assert environ["KOMMCLI_HOME"] == "/x"
    assert "SECRET" not in environ


def test_what_a_failing_command_said_is_told_in_one_clean_line(tmp_path: Path) -> None:
    code = "sys.stdin.read(); sys.stderr.write('no\\x1b[31m queue\\nat all'); sys.exit(3)"

    assert notify.run([program(tmp_path, code)], "{}", ENVIRON) == "exit status 3: no[31m queue at all"


def test_a_failing_command_may_be_silent_or_chatty(tmp_path: Path) -> None:
    assert notify.run([program(tmp_path, "sys.exit(1)")], "{}", ENVIRON) == "exit status 1"
    chatty = notify.run([program(tmp_path, "sys.exit('wort ' * 9_000)")], "{}", ENVIRON)
    assert len(chatty) < 240


def test_what_it_prints_is_not_shown(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert notify.run([program(tmp_path, "print('taken'); sys.stderr.write('fine')")], "{}", ENVIRON) == ""
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", ["nothing-of-this-name", "/does/not/exist"])
def test_a_command_that_does_not_exist(name: str) -> None:
    assert notify.run([name], "{}", ENVIRON) == "No such file or directory"


def test_a_command_that_may_not_be_run(tmp_path: Path) -> None:
    path = tmp_path / "text"
    path.write_text("no program")

    assert notify.run([str(path)], "{}", ENVIRON) == "Permission denied"


def test_a_slow_command_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notify, "PATIENCE", 1.0)
    began = time.monotonic()
    failure = notify.run([program(tmp_path, "time.sleep(60); (here / 'late').touch()")], "{}", ENVIRON)

    assert failure == "it took longer than 1 seconds"
    assert time.monotonic() - began < 30
    assert not (tmp_path / "late").exists()


def test_a_command_need_not_read_what_it_gets(tmp_path: Path) -> None:
    """A megabyte does not fit into the pipe of one who leaves at once."""
    assert notify.run([program(tmp_path, "")], "x" * 1_000_000, ENVIRON) == ""
    assert notify.run([program(tmp_path, "sys.exit(2)")], "x" * 1_000_000, ENVIRON) == "exit status 2"


def test_a_command_that_was_killed(tmp_path: Path) -> None:
    assert notify.run([program(tmp_path, "os.kill(os.getpid(), 9)")], "{}", ENVIRON) == "exit status -9"
