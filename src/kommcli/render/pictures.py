"""Pictures in the terminal, by the protocol that it speaks. Pure: pixels in, the terminal's sequence out.

- kitty: https://sw.kovidgoyal.net/kitty/graphics-protocol/ (also Ghostty and Konsole from 22.04 on)
- iTerm2: https://iterm2.com/documentation-images.html (also WezTerm, and VS Code where its user allows it)
- sixel: VT330/VT340 Programmer Reference Manual, chapter 14 (foot, mlterm, Contour)
- half blocks: two pixels a cell, everywhere else

All that is written is made of numbers: nothing from outside gets into a sequence.
"""

from __future__ import annotations

import re
import struct
import zlib
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache

CELL = (8, 16)
"""Pixels of a cell, where nobody knows better: twice as high as wide."""

ROWS = 24
"""Cells that a picture may be high: an upright one leaves room for the text."""

_CHUNK = 4_096
_COLOURS = 255
"""Of a sixel picture; terminals have at least 256 registers."""

_KONSOLE = "220400"
"""The first Konsole that shows pictures, as it writes its version."""

_CUBE = (0, 95, 135, 175, 215, 255)
"""The six levels of red, green and blue in the palette of 256 colours; 24 greys follow them."""


def protocol(environ: Mapping[str, str], is_tty: bool = True) -> str:
    """ "kitty", "iterm", "sixel" or "blocks"; "" where colours are not wanted or nobody looks."""
    term, program = environ.get("TERM", ""), environ.get("TERM_PROGRAM", "")
    if not is_tty or environ.get("NO_COLOR") or term in ("", "dumb"):
        return ""
    if any(environ.get(name) for name in ("TMUX", "STY", "ZELLIJ")) or term.startswith(("screen", "tmux")):
        return "blocks"  # what stands between passes no other through
    # What a terminal says of itself comes before variables that its parent may have left.
    if term in ("xterm-kitty", "xterm-ghostty") or program.lower() == "ghostty":
        return "kitty"
    if program in ("iTerm.app", "WezTerm", "vscode"):
        return "iterm"
    if any(name in term for name in ("foot", "mlterm", "contour", "sixel")):
        return "sixel"
    if environ.get("KITTY_WINDOW_ID") or environ.get("KONSOLE_VERSION", "") >= _KONSOLE:
        return "kitty"
    return "iterm" if environ.get("LC_TERMINAL") == "iTerm2" else "blocks"


def box(columns: int, way: str) -> tuple[int, int]:
    """The pixels that a picture of ``columns`` cells may have, for `draw` by the protocol ``way``."""
    return (columns, 2 * ROWS) if way == "blocks" else (columns * CELL[0], ROWS * CELL[1])


def draw(width: int, height: int, rgb: bytes, way: str, *, indent: int = 0, true_color: bool = True) -> str:
    """The picture as a sequence of the protocol ``way``, ``indent`` cells from the edge; ends the line.

    It is as many cells wide as the ``columns`` of `box` where it was scaled into that, or less.
    """
    before = " " * indent
    match way:
        case "kitty":
            return before + _kitty(width, height, rgb) + "\n"
        case "iterm":
            return before + _iterm(width, height, rgb) + "\n"
        case "sixel":
            return before + _sixel(width, height, rgb) + "\n"
    return "".join(f"{before}{line}\x1b[0m\n" for line in _blocks(width, height, rgb, true_color))


def _cells(width: int, height: int) -> tuple[int, int]:
    """Columns and rows that the pixels take."""
    return max(1, round(width / CELL[0])), max(1, round(height / CELL[1]))


def _kitty(width: int, height: int, rgb: bytes) -> str:
    encoded = b64encode(zlib.compress(rgb)).decode()
    columns, rows = _cells(width, height)
    head = f"a=T,f=24,o=z,s={width},v={height},c={columns},r={rows},"
    parts = []
    for at in range(0, len(encoded), _CHUNK):
        more = int(at + _CHUNK < len(encoded))
        # q=2: no answer, which the shell would read as typed; older kittys forget it from chunk to chunk.
        parts.append(f"\x1b_G{'' if at else head}q=2,m={more};{encoded[at : at + _CHUNK]}\x1b\\")
    return "".join(parts)


def _iterm(width: int, height: int, rgb: bytes) -> str:
    """The height follows from the width and the terminal's true cells. xterm.js (VS Code) wants the size."""
    file = _png(width, height, rgb)
    head = f"inline=1;size={len(file)};width={_cells(width, height)[0]};preserveAspectRatio=1"
    return f"\x1b]1337;File={head}:{b64encode(file).decode()}\x07"


def _png(width: int, height: int, rgb: bytes) -> bytes:
    """A PNG (https://www.w3.org/TR/png/): the parent needs no Pillow for it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = []
    for at in range(0, len(rgb), 3 * width):
        row = rgb[at : at + 3 * width]
        # Filter 1, the difference to the pixel on the left: photographs shrink by a third more.
        rows.append(
            b"\1" + bytes([(one - left) & 255 for one, left in zip(row, b"\0\0\0" + row, strict=False)])
        )
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"".join(rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


# --------------------------------------------------------------------------------------------- sixel


def _sixel(width: int, height: int, rgb: bytes) -> str:
    """Bands of six rows of pixels, in which each colour has a pass of its own."""
    pixels, palette = _reduced(rgb)
    registers = "".join(
        f"#{number};2;{';'.join(str(round(one * 100 / 255)) for one in colour)}"
        for number, colour in enumerate(palette)
    )
    bands = []
    for top in range(0, height, 6):
        passes: dict[int, bytearray] = {}
        for bit in range(min(6, height - top)):
            at = (top + bit) * width
            for column, colour in enumerate(pixels[at : at + width]):
                if colour not in passes:
                    passes[colour] = bytearray(b"?" * width)
                passes[colour][column] += 1 << bit
        bands.append("$".join(f"#{colour}{_run_lengths(row)}" for colour, row in sorted(passes.items())))
    return f'\x1bP0;1;0q"1;1;{width};{height}{registers}{"-".join(bands)}\x1b\\'


def _run_lengths(row: bytearray) -> str:
    """A row of sixels, equal ones counted, without empty ones at the end."""
    text = row.decode("ascii").rstrip("?")
    return re.sub(r"(.)\1{3,}", lambda run: f"!{len(run[0])}{run[1]}", text)


def _reduced(rgb: bytes) -> tuple[list[int], list[tuple[int, int, int]]]:
    """Each pixel as the number of a colour, and the colours: by median cut, five bits a channel."""
    codes = [
        (red >> 3) << 10 | (green >> 3) << 5 | blue >> 3
        for red, green, blue in zip(rgb[0::3], rgb[1::3], rgb[2::3], strict=True)
    ]
    counts = Counter(codes)
    boxes = _median_cut([((code >> 10, code >> 5 & 31, code & 31), count) for code, count in counts.items()])
    number = {}
    palette = []
    for place, members in enumerate(boxes):
        total = sum(count for _colour, count in members)
        for colour, _count in members:
            number[colour[0] << 10 | colour[1] << 5 | colour[2]] = place
        red, green, blue = (
            round(sum(colour[channel] * count for colour, count in members) / total * 255 / 31)
            for channel in range(3)
        )
        palette.append((red, green, blue))
    return [number[code] for code in codes], palette


_Counted = tuple[tuple[int, int, int], int]


def _median_cut(colours: list[_Counted]) -> list[list[_Counted]]:
    """At most `_COLOURS` groups of colours that are alike: the group that differs most is halved, its pixels
    counted, again and again."""
    groups = [(_spread(colours), colours)]
    while len(groups) < _COLOURS:
        place = max(range(len(groups)), key=lambda index: groups[index][0][0])
        (weight, channel), members = groups[place]
        if weight == 0:
            break
        members.sort(key=lambda member: member[0][channel])
        half, seen, at = sum(count for _colour, count in members) / 2, 0, 0
        while at < len(members) - 1 and (at == 0 or seen + members[at][1] <= half):
            seen += members[at][1]
            at += 1
        groups[place : place + 1] = [(_spread(part), part) for part in (members[:at], members[at:])]
    return [members for _spread, members in groups]


def _spread(members: list[_Counted]) -> tuple[float, int]:
    """How much a group differs, weighed by its pixels, and the channel in which it does most."""
    spans = [
        max(colour[channel] for colour, _count in members)
        - min(colour[channel] for colour, _count in members)
        for channel in range(3)
    ]
    widest = max(spans)
    return widest * sum(count for _colour, count in members) ** 0.5, spans.index(widest)


# -------------------------------------------------------------------------------------------- blocks


def _blocks(width: int, height: int, rgb: bytes, true_color: bool) -> Iterator[str]:
    """A line of cells for two rows of pixels: the upper one is the colour of ▀, the lower its background."""

    def colour(row: int, column: int) -> str:
        if row == height:
            return "49"  # the terminal's own background below the last row
        at = 3 * (row * width + column)
        red, green, blue = rgb[at], rgb[at + 1], rgb[at + 2]
        kind = 48 if row % 2 else 38
        return f"{kind};2;{red};{green};{blue}" if true_color else f"{kind};5;{_of_256(red, green, blue)}"

    for row in range(0, height, 2):
        cells, last = [], ""
        for column in range(width):
            look = f"\x1b[{colour(row, column)};{colour(row + 1, column)}m"
            cells.append("▀" if look == last else f"{look}▀")
            last = look
        yield "".join(cells)


@cache
def _of_256(red: int, green: int, blue: int) -> int:
    """The nearest colour of the terminal's 256: of the cube or of the greys."""
    near = [min(range(6), key=lambda index: abs(_CUBE[index] - value)) for value in (red, green, blue)]
    step = max(0, min(23, round(((red + green + blue) / 3 - 8) / 10)))

    def error(colour: tuple[int, ...]) -> int:
        return sum((one - two) ** 2 for one, two in zip(colour, (red, green, blue), strict=True))

    if error((8 + 10 * step,) * 3) < error(tuple(_CUBE[index] for index in near)):
        return 232 + step
    return 16 + 36 * near[0] + 6 * near[1] + near[2]
