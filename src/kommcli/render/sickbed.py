"""What ``doctor`` found, as records and lines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from kommcli import dates
from kommcli.health import Checked
from kommcli.i18n import N_
from kommcli.render.records import Record

NAMES = {
    "config": N_("Configuration"),
    "feeds": N_("Feeds"),
    "archive": N_("Archive"),
    "index": N_("Full text"),
    "mail": N_("Mail server"),
    "outbox": N_("Outbox"),
    "disk": N_("Disk"),
    "clock": N_("Clock"),
    "terminal": N_("Terminal"),
}
"""The checks as people call them."""


def record(checks: Sequence[Checked], now: datetime) -> Record:
    """Schema ``kommcli/doctor/1``."""
    return {
        "schema": "kommcli/doctor/1",
        "generated": dates.iso(now),
        "checks": [
            {
                "name": check.name,
                "ok": check.worst in (None, "note"),
                "summary": check.summary or None,
                "findings": [
                    {
                        "severity": one.severity.value,
                        "what": one.what,
                        "remedy": one.remedy or None,
                        "code": one.code or None,
                        "feed": one.feed or None,
                    }
                    for one in check.findings
                ],
            }
            for check in checks
        ],
    }


def plain(checks: Sequence[Checked]) -> str:
    """One finding a line: check, severity, code, feed, what, remedy; a check without any is one line "ok"."""
    lines = []
    for check in checks:
        for one in check.findings:
            cells = (check.name, one.severity.value, one.code, one.feed, one.what, one.remedy)
            lines.append("\t".join(cells) + "\n")
        if not check.findings:
            lines.append("\t".join((check.name, "ok", "", "", check.summary, "")) + "\n")
    return "".join(lines)
