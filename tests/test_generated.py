"""What is generated is up to date, and the documentation knows every command."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from kommcli import __version__

ROOT = Path(__file__).resolve().parent.parent


def commands() -> list[str]:
    """The words of every command, such as "feeds list"."""

    from kommcli.cli.app import program
    from kommcli.cli.group import KommCommand

    found = []
    for name, command in program().commands.items():
        inner = getattr(command, "commands", {})
        found += [f"{name} {one}" for one in inner]
        found += [name] if isinstance(command, KommCommand) else []
    return found


def test_nothing_generated_is_out_of_date() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "generate.py"), "--check"], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


@pytest.mark.parametrize("command", commands())
def test_every_command_is_in_the_reference(command: str) -> None:
    assert f"\n## kommcli {command}\n" in (ROOT / "docs" / "commands.md").read_text("utf-8")


@pytest.mark.parametrize("group", sorted({command.split()[0] for command in commands()}))
def test_every_group_of_commands_is_told_in_the_changelog(group: str) -> None:
    assert f"`{group}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_the_links_of_the_readme_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", (ROOT / "README.md").read_text("utf-8"))

    assert len(links) > 5
    assert [link for link in links if "://" not in link and not (ROOT / link).exists()] == []


def test_the_commands_of_the_readme_exist() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    shell = "\n".join(re.findall(r"```sh\n(.*?)```", readme, re.DOTALL))
    used = re.findall(r"kommcli(?: --demo)? ([a-z]+(?: [a-z]+)?)", shell)
    known = commands()

    assert len(used) > 8
    for words in used:
        assert words in known or words.split()[0] in known, words


def test_the_newest_version_of_the_changelog_is_this_one() -> None:
    versions = re.findall(r"^## \[(\d[^\]]*)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)

    assert versions[0] == __version__


def test_the_example_configuration_is_valid(tmp_path: Path) -> None:
    from kommcli.config.load import parse

    example = (ROOT / "config.example.toml").read_text("utf-8")
    assert parse(example, tmp_path / "config.toml").builtin
    # … and so it is with every key taken in
    lines = [re.sub(r"^# (?=[\[a-z])", "", line) for line in example.splitlines()]
    used = "\n".join(
        line for line in lines if not line.startswith("#") and ("=" in line or line.startswith("["))
    )
    assert not parse(used, tmp_path / "config.toml").builtin
