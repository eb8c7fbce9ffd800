"""HTML that no parser needs long for: what nests deeper than in any article is taken away.

HTML parsers search their stack of open elements at every tag, so that their work grows with depth
times length (lexbor: 100,000 nested ``div`` 19 s, 2,000 open ``b`` before 2,000 paragraphs 5 s).
"""

from __future__ import annotations

import re
from collections import Counter

MAX_DEPTH = 256
"""Elements inside each other; tags deeper than that are dropped, their text stays."""
MAX_FORMATTING = 16
"""Open formatting elements (b, font, …): HTML opens each of them again in every later paragraph."""

_FORMATTING = frozenset("b big code em font i s small strike strong tt u".split())
_UNCOUNTED = frozenset(  # void elements, and those that end where the next of their kind begins
    "a area base br col dd dt embed hr img input li link meta p param source tbody td tfoot th thead tr"
    " track wbr".split()
)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*>")


def flat(html: str) -> str:
    """``html`` without the tags that nest deeper than MAX_DEPTH or MAX_FORMATTING; linear."""
    if html.count("<") < MAX_DEPTH:
        return html  # too few to cost anything
    opened: Counter[str] = Counter()
    depth = formatting = 0

    def keep(match: re.Match[str]) -> str:
        nonlocal depth, formatting
        name = match[2].lower()
        if name in _UNCOUNTED or (match[1] and not opened[name]):
            return match[0]
        step = -1 if match[1] else 1
        kept = max(depth, depth + step) <= MAX_DEPTH
        opened[name] += step
        depth += step
        if name in _FORMATTING:
            kept = kept and max(formatting, formatting + step) <= MAX_FORMATTING
            formatting += step
        return match[0] if kept else " "

    return _TAG.sub(keep, html)
