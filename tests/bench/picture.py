"""A picture of growth: lines over two logarithmic axes, as SVG that reads on light and on dark."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

WIDTH, HEIGHT = 760, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 120, 24, 52
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#56b4e9", "#888888")
"""Told apart with every kind of sight (Okabe and Ito 2008), the yellow darkened."""

_NEXT = 15
"""Pixels between the names of two lines at least."""


def growth(sizes: Sequence[int], lines: Mapping[str, Sequence[float]], across: str, up: str) -> str:
    """``lines`` by name, a value above 0 for each of ``sizes``; ``across`` and ``up`` name the axes."""
    values = [value for line in lines.values() for value in line]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    first, last = math.log10(sizes[0]), math.log10(sizes[-1])

    def x(size: float) -> float:
        share = (math.log10(size) - first) / ((last - first) or 1)
        return _LEFT + share * (WIDTH - _LEFT - _RIGHT)

    def y(value: float) -> float:
        share = (math.log10(value) - low) / ((high - low) or 1)
        return HEIGHT - _BOTTOM - share * (HEIGHT - _TOP - _BOTTOM)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' aria-label="{up} by {across}" font-family="sans-serif" font-size="13" fill="#777">'
    ]
    for power in range(low, high + 1):
        at = y(10**power)
        parts.append(f'<path d="M{_LEFT} {at:.1f}H{WIDTH - _RIGHT}" stroke="#999" stroke-opacity=".4"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{10**power:,}</text>')
    for size in sizes:
        parts.append(
            f'<text x="{x(size):.1f}" y="{HEIGHT - _BOTTOM + 20}" text-anchor="middle">{size:,}</text>'
        )
    middle = (_LEFT + WIDTH - _RIGHT) / 2
    parts.append(f'<text x="{middle:.1f}" y="{HEIGHT - 10}" text-anchor="middle">{across}</text>')
    parts.append(f'<text x="{_LEFT - 40}" y="{_TOP - 8}">{up}</text>')
    below = math.inf
    ordered = sorted(lines.items(), key=lambda item: item[1][-1])
    for colour, (name, line) in zip(_COLOURS, ordered, strict=False):
        points = " ".join(f"{x(size):.1f},{y(value):.1f}" for size, value in zip(sizes, line, strict=True))
        below = min(y(line[-1]) + 4, below - _NEXT)
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="{WIDTH - _RIGHT + 8}" y="{below:.1f}" fill="{colour}">{name}</text>')
    return "\n".join([*parts, "</svg>\n"])
