"""The archive's upkeep as records and text: what was pruned, backed up and restored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from kommcli import dates
from kommcli.i18n import _, language, ngettext
from kommcli.render.records import Record


class Prunable(Protocol):
    """Articles that may go."""

    @property
    def rows(self) -> tuple[int, ...]:
        """Their rowids."""

    @property
    def feeds(self) -> dict[str, int]:
        """How many of each feed."""

    @property
    def protected(self) -> int:
        """How many match but stay."""

    @property
    def oldest(self) -> datetime | None:
        """The date of the first."""

    @property
    def newest(self) -> datetime | None:
        """The date of the last."""


@dataclass(frozen=True, slots=True)
class Pruned:
    """One run of ``prune``; ``before`` and ``after`` are bytes of the file."""

    found: Prunable
    dry_run: bool
    before: int
    after: int
    removed: int = 0


def pruned(run: Pruned, now: datetime) -> Record:
    """Schema ``kommcli/prune/1``."""
    found = run.found
    return {
        "schema": "kommcli/prune/1",
        "generated": dates.iso(now),
        "dry_run": run.dry_run,
        "found": len(found.rows),
        "removed": run.removed,
        "protected": found.protected,
        "oldest": dates.iso(found.oldest) if found.oldest else None,
        "newest": dates.iso(found.newest) if found.newest else None,
        "feeds": [{"key": key, "count": count} for key, count in found.feeds.items()],
        "bytes_before": run.before,
        "bytes_after": run.after,
    }


def plain_pruned(run: Pruned) -> str:
    """One feed a line: key, articles that went or would go."""
    return "".join(f"{key}\t{count}\n" for key, count in run.found.feeds.items())


def told_pruned(run: Pruned, now: datetime) -> str:
    """The run for people."""
    found = run.found
    count = len(found.rows)
    if not count:
        lines = [_("No article is found that may go.")]
    elif run.dry_run:
        text = ngettext("{count} article would go", "{count} articles would go", count)
        lines = [text.format(count=count) + _span(found, now)]
    else:
        lines = [
            ngettext("{count} article removed", "{count} articles removed", run.removed).format(
                count=run.removed
            )
            + _span(found, now)
        ]
    lines += [f"  {key}: {number}" for key, number in found.feeds.items()]
    if found.protected:
        text = ngettext(
            "{count} stays: starred or in a digest.", "{count} stay: starred or in a digest.", found.protected
        )
        lines.append(text.format(count=found.protected))
    if run.before > run.after:
        given = (run.before - run.after) / 1_000_000
        lines.append(_("{size} MB given back.").format(size=f"{given:.1f}"))
    return "\n".join(lines) + "\n"


def _span(found: Prunable, now: datetime) -> str:
    if not found.oldest or not found.newest:
        return ""
    first, last = (dates.short(moment, now, language()) for moment in (found.oldest, found.newest))
    return f" ({first} – {last})"
