"""Reading pages and typesetting articles, in one process: imports and dictionaries aside."""

from __future__ import annotations

import time

from rich.cells import cell_len

from kommcli.parsing.page import parse_page
from kommcli.render.typeset import lines

from .timing import Subject, in_turn, report

SIZE = 100_000
"""Bytes of a page."""

LENGTH = 10_000
"""Letters of an article."""

GOALS = {"a page of the family": 30.0, "a page of another site": 60.0, "an article typeset": 20.0}
"""Milliseconds of one core."""

_SENTENCE = "Die Stadt Übach-Palenberg hat ihre Verwaltungsdigitalisierung neu geordnet und berichtet davon. "


def family(size: int) -> bytes:
    """A page of the Kommune21 family with much around its article: half of it is text, as on real pages."""
    around = "".join(f'<li><a href="/k21-themen/{n}/">Thema {n}</a></li>' for n in range(size // 220))
    text = "".join(f"<p>{_SENTENCE * 5}</p><h3>Wie es weitergeht</h3>" for _ in range(size // 800))
    more = "".join(
        f'<div><img src="/{n}.jpg" alt="Bild {n}"><h4><a href="/k21-meldungen/{n}/">Ulm: Meldung {n}</a></h4>'
        f"<p>[1.10.2026] {_SENTENCE} mehr...</p></div>"
        for n in range(15)
    )
    return (
        "<html><head><title>Neue Ordnung - Kommune21 online | Kommune21 - E-Government</title></head><body>"
        f"<nav><ul>{around}</ul></nav><h1><em>Übach-Palenberg</em>Neue Ordnung</h1>"
        f"<p>[2.10.2026] {_SENTENCE}</p>"
        f"<p>(Bildquelle: Stadt)</p>{text}"
        f"<h2>Weitere Meldungen und Beiträge aus dem Bereich: Portale</h2>{more}</body></html>"
    ).encode()


def other(size: int) -> bytes:
    """A page of another site, without metadata."""
    around = "".join(f'<li><a href="/rathaus/{n}/">Amt {n}</a></li>' for n in range(size // 220))
    text = "".join(f"<p>{_SENTENCE * 5}</p><h3>Weiteres</h3>" for _ in range(size // 650))
    return (
        f"<html><head><title>Neue Ordnung</title></head><body><header><ul>{around}</ul></header>"
        f"<main><h1>Neue Ordnung</h1>{text}</main><footer>Impressum</footer></body></html>"
    ).encode()


def run(rounds: int, size: int = SIZE) -> None:
    """Measure and print."""
    pages = {"a page of the family": family(size), "a page of another site": other(size)}
    text = (_SENTENCE * (LENGTH // len(_SENTENCE) + 1))[:LENGTH].strip()

    def reading(name: str) -> float:
        start = time.process_time()
        parse_page(pages[name], "text/html; charset=utf-8", "https://www.ort.example/seite/")
        return time.process_time() - start

    def typesetting() -> float:
        start = time.process_time()
        lines(text, 72, width=cell_len)
        return time.process_time() - start

    subjects: dict[str, Subject] = {name: (lambda name=name: reading(name)) for name in pages}  # type: ignore[misc]
    subjects["an article typeset"] = typesetting
    times = in_turn(subjects, rounds)
    sizes = ", ".join(f"{name} {len(page):,} bytes" for name, page in pages.items())
    report(f"pages ({sizes}; {LENGTH:,} letters), CPU", times, "an article typeset")
    for name, goal in GOALS.items():
        low = min(times[name]) * 1_000
        print(f"- {name}: {low:.1f} ms, goal {goal:g}: {'reached' if low <= goal else 'MISSED'}")
