"""`schedule`: what systemd, cron and launchd are given."""

from __future__ import annotations

import plistlib
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import Home
from kommcli import schedule
from kommcli.schedule import When

ODD = ["/opt/my tools/kommcli", "--config", '/home/o\'neill/100%/"a"$HOME.toml']
MONDAY = When(0, 7, 0)


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("mon 07:00", MONDAY),
        ("Mo 7.00 Uhr", MONDAY),
        ("Freitag, 15:30", When(30, 15, 4)),
        ("sunday 23:59", When(59, 23, 6)),
        ("so 0:05", When(5, 0, 6)),
    ],
)
def test_the_time_of_the_week(text: str, when: When) -> None:
    assert schedule.weekly(text) == when


@pytest.mark.parametrize(
    "text", ["", "mon", "07:00", "mon 24:00", "mon 7:60", "xyz 07:00", "mon 07:00\n* * * * * rm"]
)
def test_what_is_no_time_of_the_week(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - its text is what was given
        schedule.weekly(text)


def cron_words(line: str) -> list[str]:
    """The words of a crontab line as cron and the shell read them."""
    command = line.split(" ", 5)[5]
    assert "%" not in command.replace(r"\%", "")
    return shlex.split(command.replace(r"\%", "%"))


@given(st.lists(st.text(st.characters(blacklist_categories=["Cc", "Cs"]), min_size=1), min_size=1))
def test_cron_runs_what_was_meant(program: list[str]) -> None:
    text = schedule.cron(schedule.jobs(MONDAY, ["--week", "this"]), program, {"KOMMCLI_HOME": program[0]})
    begin, *lines, end = text.splitlines()

    assert (begin, end) == (schedule.BEGIN, schedule.END)
    assert [line.split()[:5] for line in lines] == [
        ["7", "*", "*", "*", "*"],
        ["0", "7", "*", "*", "1"],
        ["37", "*", "*", "*", "*"],
    ]
    first, *rest = cron_words(lines[1])
    assert first == f"KOMMCLI_HOME={program[0]}"
    assert rest == [*program, "digest", "send", "--ok-partial", "--week", "this"]


def test_a_crontab_keeps_what_is_not_ours() -> None:
    old = "MAILTO=me\n" + schedule.cron(schedule.jobs(MONDAY), ["old"], {}) + "5 4 * * * other"
    ours = schedule.cron(schedule.jobs(MONDAY), ["new"], {})

    new = schedule.in_crontab(old, ours)
    assert new == "MAILTO=me\n5 4 * * * other\n" + ours
    assert schedule.in_crontab(new, ours) == new
    assert schedule.in_crontab("", ours) == ours


def test_units_of_systemd() -> None:
    files = schedule.systemd(schedule.jobs(When(30, 15, 4)), ODD, {"KOMMCLI_HOME": "/a b"})

    assert sorted(files) == [
        f"kommcli-{name}.{kind}" for name in ("digest", "fetch", "outbox") for kind in ("service", "timer")
    ]
    assert "OnCalendar=Fri *-*-* 15:30:00\n" in files["kommcli-digest.timer"]
    assert "OnCalendar=*-*-* *:07:00\n" in files["kommcli-fetch.timer"]
    service = files["kommcli-digest.service"]
    assert 'Environment="KOMMCLI_HOME=/a b"\n' in service
    assert (
        'ExecStart="/opt/my tools/kommcli" --config "/home/o\'neill/100%%/\\"a\\"$$HOME.toml" digest send'
        in service
    )


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="this machine has no systemd")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    for name, text in schedule.systemd(schedule.jobs(MONDAY), ["/bin/true"], {}).items():
        (tmp_path / name).write_text(text)
        command = ["systemd-analyze", "--user", "verify", str(tmp_path / name)]
        done = subprocess.run(command, capture_output=True, text=True)
        assert name not in done.stderr


def test_property_lists_of_launchd() -> None:
    files = schedule.launchd(schedule.jobs(When(5, 0, 6)), ODD, {"KOMMCLI_HOME": "/a b"})
    digest = plistlib.loads(files["kommcli.digest.plist"].encode())

    assert digest["Label"] == "kommcli.digest"
    assert digest["ProgramArguments"] == [*ODD, "digest", "send", "--ok-partial"]
    assert digest["StartCalendarInterval"] == {"Minute": 5, "Hour": 0, "Weekday": 0}
    assert digest["EnvironmentVariables"] == {"KOMMCLI_HOME": "/a b"}
    assert plistlib.loads(files["kommcli.outbox.plist"].encode())["StartCalendarInterval"] == {"Minute": 37}


# ------------------------------------------------------------------------------------------ the command


def test_printed_for_cron(home: Home) -> None:
    done = home.run("schedule", "--kind", "cron", "--at", "fr 15:00", "--", "--week", "this", "--view", "a b")

    assert (done.returncode, done.stderr) == (0, "")
    words = cron_words(done.stdout.splitlines()[2])
    assert done.stdout.splitlines()[2].startswith("0 15 * * 5 ")
    assert words[0] == f"KOMMCLI_HOME={home.path}"
    assert words[-7:] == ["digest", "send", "--ok-partial", "--week", "this", "--view", "a b"]
    assert "--quiet" in words


def test_what_cron_is_given_runs(home: Home) -> None:
    home.config("feeds = []\n")
    line = home.run("schedule", "--kind", "cron").stdout.splitlines()[3]
    command = line.split(" ", 5)[5].replace(r"\%", "%")
    done = subprocess.run(["/bin/sh", "-c", command], env=home.env, capture_output=True, text=True)

    assert (done.returncode, done.stdout) == (5, "")
    assert "[mail]" in done.stderr  # what is missing is said, and nothing else


@pytest.mark.parametrize(
    ("kind", "folder", "switch"),
    [
        ("systemd", ".config/systemd/user", "systemctl --user"),
        ("launchd", "Library/LaunchAgents", "launchctl"),
    ],
)
def test_installed_as_files(home: Home, kind: str, folder: str, switch: str) -> None:
    printed = home.run("schedule", "--kind", kind).stdout
    done = home.run("schedule", "--kind", kind, "--install")

    assert (done.returncode, done.stdout) == (0, "")
    assert switch in done.stderr
    files = sorted((Path(home.env["HOME"]) / folder).iterdir())
    assert len(files) == (6 if kind == "systemd" else 3)
    for path in files:
        assert f"# {path}\n{path.read_text('utf-8')}" in printed
    assert home.run("-q", "schedule", "--kind", kind, "--install").stderr == ""


def test_installed_in_the_crontab(home: Home, tmp_path: Path) -> None:
    """With a program that keeps the table in a file, as crontab does."""
    table = tmp_path / "table"
    program = tmp_path / "bin" / "crontab"
    program.parent.mkdir()
    program.write_text(
        f'#!/bin/sh\nif [ "$1" = -l ]; then cat "{table}"; exit; fi\n'
        f'cat > "{table}.new" && mv "{table}.new" "{table}"\n'
    )
    program.chmod(0o755)
    env = {"PATH": f"{program.parent}:{home.env['PATH']}"}
    for _time in range(2):
        done = home.run("schedule", "--kind", "cron", "--install", env=env)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert table.read_text() == home.run("schedule", "--kind", "cron").stdout
    table.write_text("5 4 * * * other\n" + table.read_text())
    home.run("schedule", "--kind", "cron", "--install", env=env)
    assert table.read_text().startswith("5 4 * * * other\n# kommcli: begin\n")


def test_a_crontab_that_is_not_there(home: Home, tmp_path: Path) -> None:
    done = home.run("schedule", "--kind", "cron", "--install", env={"PATH": str(tmp_path)})

    assert done.returncode == 6
    assert "[io.crontab]" in done.stderr


def test_the_password_of_a_job(home: Home) -> None:
    home.config('[mail]\nuser = "x"\npassword = { env = "POST" }\n')
    done = home.run("schedule", "--kind", "cron")

    assert done.returncode == 0
    assert "variable POST" in done.stderr


def test_wrong_usage(home: Home) -> None:
    assert home.run("schedule", "--at", "yesterday").returncode == 2
    assert home.run("schedule", "--kind", "at").returncode == 2
    assert home.run("--demo", "schedule").returncode == 2
