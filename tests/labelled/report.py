"""The figures as Markdown."""

from __future__ import annotations

from .measure import Result, Score, measure


def report(half: str = "measured") -> str:
    """Tables of figures, and lists of what was missed."""
    result = measure(half)
    lines = [
        f"## The {half} half",
        "",
        f"{result.numbers['kickers']} kickers and {result.numbers['articles']} articles.",
        "",
        *_table(result),
        "",
        "### Topics",
        "",
        "| topic | right | too many | missing | F1 |",
        "| --- | --: | --: | --: | --: |",
    ]
    for key, score in sorted(result.topics.items()):
        lines.append(f"| {key} | {score.right} | {score.wrong} | {score.missing} | {score.f1:.2f} |")
    for name, misses in result.misses.items():
        lines += ["", f"### Missed: {name} ({len(misses)})", "", *(f"- {miss}" for miss in misses)]
    return "\n".join(lines) + "\n"


def _table(result: Result) -> list[str]:
    rows = [
        ("states of kickers", result.kickers, 0.98),
        ("states, articles with body", result.states_with_body, 0.95),
        ("states, all articles", result.states, None),
        ("main state", result.main_state, None),
        ("federal and European level", result.levels, None),
        ("places", result.places, None),
        ("kinds", result.kinds, None),
        ("main topic", result.main_topic, None),
    ]
    lines = ["| | precision | recall | goal | |", "| --- | --: | --: | --: | --- |"]
    lines += [_row(name, score, goal) for name, score, goal in rows]
    reached = "reached" if result.macro_f1 >= 0.85 else "**missed**"
    return [*lines, f"| topics, macro-F1 | {result.macro_f1:.3f} | | 0.85 | {reached} |"]


def _row(name: str, score: Score, goal: float | None) -> str:
    figures = f"| {name} | {score.precision:.3f} | {score.recall:.3f} |"
    if goal is None:
        return f"{figures} | |"
    reached = "reached" if min(score.precision, score.recall) >= goal else "**missed**"
    return f"{figures} {goal} | {reached} |"
