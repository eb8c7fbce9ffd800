"""Pictures in the terminal, by the protocol that it speaks. Pure: pixels in, the terminal's sequence out.

- kitty: https://sw.kovidgoyal.net/kitty/graphics-protocol/ (also Ghostty, WezTerm, Konsole)
- iTerm2: https://iterm2.com/documentation-images.html
- sixel: VT330/VT340 Programmer Reference Manual, chapter 14 (foot, mlterm, Contour)
- half blocks: two pixels a cell, everywhere else

All that is written is made of numbers: nothing from outside gets into a sequence.
"""

from __future__ import annotations

import struct
import zlib
from base64 import b64encode
from collections.abc import Iterator, Mapping

CELL = (8, 16)
"""Pixels of a cell, where nobody knows better: twice as high as wide."""

_CHUNK = 4_096
_LEVELS = 6


def protocol(environ: Mapping[str, str]) -> str:
    """ "kitty", "iterm", "sixel" or "blocks"; "" where colours are not wanted or there are none."""
    term, program = environ.get("TERM", ""), environ.get("TERM_PROGRAM", "")
    if environ.get("NO_COLOR") or term in ("", "dumb"):
        return ""
    if environ.get("TMUX") or term.startswith(("screen", "tmux")):
        return "blocks"  # what stands between passes no other through
    if environ.get("KITTY_WINDOW_ID") or "kitty" in term or "ghostty" in f"{term} {program}".lower():
        return "kitty"
    if program in ("iTerm.app", "WezTerm", "vscode") or environ.get("LC_TERMINAL") == "iTerm2":
        return "iterm"
    if environ.get("KONSOLE_VERSION"):
        return "kitty"
    return "sixel" if any(name in term for name in ("foot", "mlterm", "contour", "sixel")) else "blocks"


def box(columns: int, way: str) -> tuple[int, int]:
    """The pixels that a picture of ``columns`` cells may have."""
    return (columns, 2 * columns) if way == "blocks" else (columns * CELL[0], columns * CELL[1])


def draw(width: int, height: int, rgb: bytes, way: str, *, indent: int = 0, true_color: bool = True) -> str:
    """The picture as a sequence of the protocol ``way``, ``indent`` cells from the edge; ends the line."""
    before = " " * indent
    if way == "kitty":
        return before + _kitty(width, height, rgb) + "\n"
    if way == "iterm":
        encoded = b64encode(_png(width, height, rgb)).decode()
        columns = max(1, round(width / CELL[0]))
        return f"{before}\x1b]1337;File=inline=1;width={columns};preserveAspectRatio=1:{encoded}\x07\n"
    if way == "sixel":
        return before + _sixel(width, height, rgb) + "\n"
    return "".join(f"{before}{line}\x1b[0m\n" for line in _blocks(width, height, rgb, true_color))


def _kitty(width: int, height: int, rgb: bytes) -> str:
    encoded = b64encode(zlib.compress(rgb)).decode()
    chunks = [encoded[at : at + _CHUNK] for at in range(0, len(encoded), _CHUNK)]
    columns, rows = max(1, round(width / CELL[0])), max(1, round(height / CELL[1]))
    head = f"a=T,q=2,f=24,o=z,s={width},v={height},c={columns},r={rows},"
    parts = []
    for number, chunk in enumerate(chunks):
        more = int(number < len(chunks) - 1)
        parts.append(f"\x1b_G{head if number == 0 else ''}m={more};{chunk}\x1b\\")
    return "".join(parts)


def _png(width: int, height: int, rgb: bytes) -> bytes:
    """A PNG (https://www.w3.org/TR/png/): the parent needs no Pillow for it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + rgb[at : at + 3 * width] for at in range(0, 3 * width * height, 3 * width))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def _sixel(width: int, height: int, rgb: bytes) -> str:
    """Six rows of pixels at a time, each colour of the cube 6 x 6 x 6 in a pass of its own."""
    step = 256 / _LEVELS
    colours = [
        int(rgb[at] / step) * 36 + int(rgb[at + 1] / step) * 6 + int(rgb[at + 2] / step)
        for at in range(0, 3 * width * height, 3)
    ]
    used = sorted(set(colours))
    palette = "".join(f"#{one};2;{one // 36 * 20};{one // 6 % 6 * 20};{one % 6 * 20}" for one in used)
    bands = []
    for top in range(0, height, 6):
        rows = [colours[row * width : (row + 1) * width] for row in range(top, min(top + 6, height))]
        passes = []
        for colour in sorted({one for row in rows for one in row}):
            bits = [
                sum(1 << bit for bit, row in enumerate(rows) if row[column] == colour)
                for column in range(width)
            ]
            passes.append(f"#{colour}" + "".join(_run(bits)))
        bands.append("$".join(passes))
    return f'\x1bP0;1;0q"1;1;{width};{height}{palette}{"-".join(bands)}\x1b\\'


def _run(bits: list[int]) -> Iterator[str]:
    """The bits of six rows as characters, equal ones counted."""
    at = 0
    while at < len(bits):
        end = at
        while end < len(bits) and bits[end] == bits[at]:
            end += 1
        count, char = end - at, chr(63 + bits[at])
        yield f"!{count}{char}" if count > 3 else char * count
        at = end


def _blocks(width: int, height: int, rgb: bytes, true_color: bool) -> Iterator[str]:
    """A line of cells for two rows of pixels: the upper one is the colour of ▀, the lower its background."""

    def colour(row: int, column: int) -> str:
        at = 3 * (min(row, height - 1) * width + column)
        red, green, blue = rgb[at], rgb[at + 1], rgb[at + 2]
        if true_color:
            return f"2;{red};{green};{blue}"
        return f"5;{16 + red * 6 // 256 * 36 + green * 6 // 256 * 6 + blue * 6 // 256}"

    for row in range(0, height, 2):
        cells = []
        last = ""
        for column in range(width):
            look = f"\x1b[38;{colour(row, column)};48;{colour(row + 1, column)}m"
            cells.append(f"{look if look != last else ''}▀")
            last = look
        yield "".join(cells)
