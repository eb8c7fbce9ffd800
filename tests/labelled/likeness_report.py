"""The figures of `likeness` as Markdown."""

from __future__ import annotations

from .likeness import Likeness, likeness


def report(half: str = "measured") -> str:
    """Tables of figures; the misses only of the tuned half, for nobody reads the other."""
    found = likeness(half)
    numbers = found.numbers
    lines = [
        f"## The {half} half",
        "",
        f"{numbers['articles']} articles: {numbers['stories']} stories with {numbers['pairs']} pairs of "
        f"versions, {numbers['look-alikes']} look-alikes; {numbers['queries']} queries.",
        "",
        "| | measured | goal | |",
        "| --- | --: | --: | --- |",
        *_rows(found),
        "",
        "| pairs of a story's first version and … | found | of |",
        "| --- | --: | --: |",
    ]
    for form, score in sorted(found.by_form.items()):
        lines.append(f"| {form} | {score.right} | {score.right + score.missing} |")
    if found.wrong:
        named = ", ".join(f"{why} ({count})" for why, count in sorted(found.wrong.items()))
        lines += ["", f"Pairs taken for one story that are not, by kind of look-alike: {named}."]
    lines += ["", "| queries by kind | nDCG@10 |", "| --- | --: |"]
    lines += [f"| {kind} | {value:.2f} |" for kind, value in found.ndcg_by_kind.items()]
    if half != "measured":
        lines += ["", f"### Missed ({len(found.misses)})", "", *(f"- {miss}" for miss in found.misses)]
    return "\n".join(lines) + "\n"


def _rows(found: Likeness) -> list[str]:
    rows = [
        ("stories: precision of pairs", found.stories.precision, 0.98),
        ("stories: recall of pairs", found.stories.recall, 0.90),
        ("related: precision at 5", found.precision_at_5, 0.80),
        ("search: nDCG@10", found.ndcg, 0.85),
    ]
    return [
        f"| {name} | {value:.3f} | {goal:.2f} | {'reached' if value >= goal else '**missed**'} |"
        for name, value, goal in rows
    ]
