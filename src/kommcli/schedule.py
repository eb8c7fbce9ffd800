"""What makes kommcli run by itself: units of systemd, lines of a crontab, property lists of launchd. Pure.

Each job is quiet unless something is wrong. The digest is sent once a week; what the mail server wanted later
is tried once an hour, which costs a look into the archive when nothing waits.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kommcli.i18n import N_, _

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_GERMAN = ("mo", "di", "mi", "do", "fr", "sa", "so")


class Kind(StrEnum):
    """Who starts the jobs."""

    SYSTEMD = "systemd"
    CRON = "cron"
    LAUNCHD = "launchd"


@dataclass(frozen=True, slots=True)
class When:
    """Every hour at ``minute``, or once a week: ``day`` 0 is Monday."""

    minute: int
    hour: int | None = None
    day: int | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """One thing to run: arguments behind the program's own, and when."""

    name: str
    about: str
    arguments: tuple[str, ...]
    when: When


def jobs(weekly: When, sending: Sequence[str] = (), minute: int = 7) -> tuple[Job, ...]:
    """Fetch, send (with the further arguments ``sending``), and send what waits; the hourly ones begin at
    ``minute``, which is not that of everybody."""
    return (
        Job("fetch", N_("kommcli: fetch the feeds"), ("fetch", "--ok-partial"), When(minute)),
        Job("digest", N_("kommcli: send the digest"), ("digest", "send", "--ok-partial", *sending), weekly),
        Job(
            "outbox",
            N_("kommcli: send what waits in the outbox"),
            ("digest", "send", "--waiting"),
            When((minute + 30) % 60),
        ),
    )


def weekly(text: str) -> When:
    """ "mon 07:00", "Fr 7:30". Raises `ValueError`."""
    found = re.fullmatch(r"([a-zäöü]+)[.,]?\s+(\d{1,2})[:.](\d\d)(?:\s*uhr)?", text.strip().lower())
    name = found[1] if found else ""
    day = next((n for n, pair in enumerate(zip(DAYS, _GERMAN, strict=True)) if name.startswith(pair)), None)
    if found is None or day is None or int(found[2]) > 23 or int(found[3]) > 59:
        raise ValueError(text)
    return When(int(found[3]), int(found[2]), day)


Files = dict[str, str]
"""Content by file name."""


def systemd(jobs: Sequence[Job], program: Sequence[str], environment: Mapping[str, str]) -> Files:
    """A service and a timer for each job, for ``~/.config/systemd/user``."""
    found = {}
    for job in jobs:
        lines = ["[Unit]", f"Description={_(job.about)}", "", "[Service]", "Type=oneshot"]
        lines += [f"Environment={_unit_word(f'{name}={value}')}" for name, value in environment.items()]
        lines += [f"ExecStart={' '.join(map(_unit_word, (*program, *job.arguments)))}", ""]
        found[f"kommcli-{job.name}.service"] = "\n".join(lines)
        when = job.when
        calendar = (
            f"*-*-* *:{when.minute:02}:00"
            if when.day is None
            else f"{DAYS[when.day].title()} *-*-* {when.hour:02}:{when.minute:02}:00"
        )
        lines = ["[Unit]", f"Description={_(job.about)}", "", "[Timer]", f"OnCalendar={calendar}"]
        lines += ["RandomizedDelaySec=2m", "Persistent=true", "", "[Install]", "WantedBy=timers.target", ""]
        found[f"kommcli-{job.name}.timer"] = "\n".join(lines)
    return found


def _unit_word(word: str) -> str:
    """A word of a unit file: `%` and `$` mean nothing there, blanks and quotation marks are part of it
    (systemd.syntax(7), systemd.service(5))."""
    word = word.replace("%", "%%").replace("$", "$$")
    if re.fullmatch(r"[\w@%+=:,./$-]+", word):
        return word
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'


BEGIN, END = "# kommcli: begin", "# kommcli: end"
"""Around the lines in a crontab that are ours."""


def cron(jobs: Sequence[Job], program: Sequence[str], environment: Mapping[str, str]) -> str:
    """Lines of a crontab. A `%` would end the command there (crontab(5))."""
    lines = [BEGIN]
    settings = [f"{name}={shlex.quote(value)}" for name, value in environment.items()]
    for job in jobs:
        when = job.when
        hour, day = ("*", "*") if when.day is None else (when.hour, (when.day + 1) % 7)
        command = " ".join([*settings, shlex.join([*program, *job.arguments])]).replace("%", r"\%")
        lines.append(f"{when.minute} {hour} * * {day} {command}")
    return "\n".join([*lines, END]) + "\n"


def in_crontab(old: str, ours: str) -> str:
    """The crontab ``old`` with our lines in place of those that it had."""
    kept = re.sub(rf"(?ms)^{BEGIN}$.*?^{END}$\n?", "", old)
    return kept + ("\n" if kept and not kept.endswith("\n") else "") + ours


def launchd(jobs: Sequence[Job], program: Sequence[str], environment: Mapping[str, str]) -> Files:
    """A property list for each job, for ``~/Library/LaunchAgents`` (launchd.plist(5))."""
    import plistlib

    found = {}
    for job in jobs:
        when = job.when
        time = {"Minute": when.minute}
        if when.day is not None:
            time |= {"Hour": when.hour or 0, "Weekday": (when.day + 1) % 7}
        values = {
            "Label": f"kommcli.{job.name}",
            "ProgramArguments": [*program, *job.arguments],
            "EnvironmentVariables": dict(environment),
            "StartCalendarInterval": time,
            "ProcessType": "Background",
        }
        found[f"kommcli.{job.name}.plist"] = plistlib.dumps(values, sort_keys=False).decode()
    return found


AS_FILES: dict[Kind, Callable[[Sequence[Job], Sequence[str], Mapping[str, str]], Files]] = {
    Kind.SYSTEMD: systemd,
    Kind.LAUNCHD: launchd,
}
FOLDERS = {Kind.SYSTEMD: ".config/systemd/user", Kind.LAUNCHD: "Library/LaunchAgents"}
"""Where the files belong, below the user's home."""
