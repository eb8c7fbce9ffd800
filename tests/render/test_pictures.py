"""Pictures in the terminal: every protocol decoded back to pixels, and chosen by what the terminal says."""

from __future__ import annotations

import io
import re
import zlib
from base64 import b64decode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from rich.cells import cell_len

from kommcli.render import pictures

WAYS = ("kitty", "iterm", "sixel", "blocks")
Pixels = tuple[int, int, bytes]


@st.composite
def rasters(draw: st.DrawFn, largest: int = 24) -> Pixels:
    width, height = draw(st.integers(1, largest)), draw(st.integers(1, largest))
    return width, height, draw(st.binary(min_size=3 * width * height, max_size=3 * width * height))


def photograph(width: int, height: int) -> Pixels:
    """Smooth colours with an edge: more different ones than any palette has."""
    picture = Image.merge(
        "RGB",
        [
            Image.linear_gradient("L").resize((width, height)),
            Image.radial_gradient("L").resize((width, height)),
            Image.linear_gradient("L").rotate(90).resize((width, height)),
        ],
    )
    picture.paste((200, 30, 30), (width // 3, height // 3, width // 2, height // 2))
    return width, height, picture.tobytes()


# ------------------------------------------------------------------------------------------- decoders


def from_kitty(sequence: str) -> tuple[dict[str, str], bytes]:
    """The keys of the first chunk, and the pixels."""
    chunks = re.findall(r"\x1b_G([^;]*);([A-Za-z0-9+/=]*)\x1b\\", sequence)
    assert sequence == "".join(f"\x1b_G{keys};{data}\x1b\\" for keys, data in chunks)
    assert all(len(data) <= 4096 and len(data) % 4 == 0 for _keys, data in chunks)
    assert [keys for keys, _data in chunks[1:]] == ["q=2,m=1"] * (len(chunks) - 2) + ["q=2,m=0"] * (
        len(chunks) > 1
    )
    keys = dict(pair.split("=") for pair in chunks[0][0].split(","))
    assert keys["m"] == str(int(len(chunks) > 1))
    return keys, zlib.decompress(b64decode("".join(data for _keys, data in chunks)))


def from_iterm(sequence: str) -> tuple[dict[str, str], Pixels]:
    match = re.fullmatch(r"\x1b\]1337;File=([a-zA-Z0-9=;]+):([A-Za-z0-9+/=]+)\x07", sequence)
    assert match
    keys = dict(pair.split("=") for pair in match[1].split(";"))
    file = b64decode(match[2])
    assert int(keys["size"]) == len(file)
    with Image.open(io.BytesIO(file)) as picture:
        picture.load()
        assert picture.format == "PNG"
        return keys, (*picture.size, picture.tobytes())


def from_sixel(sequence: str) -> Pixels:
    """As a terminal paints it; raises where a pixel is painted twice or not at all."""
    match = re.fullmatch(r'\x1bP0;1;0q"1;1;(\d+);(\d+)([#!$?-~\d;-]+)\x1b\\', sequence)
    assert match
    width, height = int(match[1]), int(match[2])
    canvas: dict[tuple[int, int], tuple[int, ...]] = {}
    palette: dict[int, tuple[int, ...]] = {}
    x, y, colour = 0, 0, -1
    for token in re.finditer(r"#(\d+)(?:;2;(\d+);(\d+);(\d+))?|!(\d+)([?-~])|([?-~])|([$-])", match[3]):
        if token[2]:
            assert all(0 <= int(one) <= 100 for one in token.groups()[1:4])
            palette[int(token[1])] = tuple(round(int(one) * 255 / 100) for one in token.groups()[1:4])
        elif token[1]:
            colour = int(token[1])
        elif token[8]:
            x, y = 0, y + 6 * (token[8] == "-")
        else:
            end = x + int(token[5] or 1)
            bits = ord(token[6] or token[7]) - 63
            for column in range(x, end):
                for row in (y + bit for bit in range(6) if bits >> bit & 1):
                    assert (column, row) not in canvas
                    canvas[column, row] = palette[colour]
            x = end
    assert len(palette) <= 256
    return (
        width,
        height,
        bytes(one for row in range(height) for column in range(width) for one in canvas[column, row]),
    )


def from_blocks(sequence: str, width: int) -> list[list[tuple[str, str]]]:
    """The colours of the upper and the lower half of each cell, as the sequence names them."""
    rows = []
    for line in sequence.splitlines():
        assert line.endswith("\x1b[0m")
        cells, look = [], ("", "")
        for token in re.finditer(
            r"\x1b\[38;(2;\d+;\d+;\d+|5;\d+);(?:48;(2;\d+;\d+;\d+|5;\d+)|49)m|▀", line[:-4]
        ):
            if token[1]:
                look = (token[1], token[2] or "")
            else:
                cells.append(look)
        assert len(cells) == width
        rows.append(cells)
    return rows


# --------------------------------------------------------------------------------------------- drawing


@given(rasters())
def test_kitty_gives_the_pixels_back(raster: Pixels) -> None:
    width, height, rgb = raster
    keys, pixels = from_kitty(pictures.draw(*raster, "kitty").removesuffix("\n"))

    assert pixels == rgb
    assert (keys["s"], keys["v"], keys["f"], keys["o"], keys["q"]) == (
        str(width),
        str(height),
        "24",
        "z",
        "2",
    )


@given(rasters())
def test_iterm_gives_the_pixels_back(raster: Pixels) -> None:
    keys, pixels = from_iterm(pictures.draw(*raster, "iterm").removesuffix("\n"))

    assert pixels == raster
    assert keys["inline"] == "1"


@given(rasters())
def test_sixel_gives_few_colours_back(raster: Pixels) -> None:
    """Each is off by the five bits that are counted and the percents that sixels are written in."""
    width, height, rgb = from_sixel(pictures.draw(*raster, "sixel").removesuffix("\n"))

    assert (width, height) == raster[:2]
    if len({raster[2][at : at + 3] for at in range(0, len(rgb), 3)}) <= 255:
        assert max(abs(one - two) for one, two in zip(rgb, raster[2], strict=True)) <= 9


def test_sixel_gives_a_photograph_back() -> None:
    raster = photograph(160, 120)
    _width, _height, rgb = from_sixel(pictures.draw(*raster, "sixel").removesuffix("\n"))

    differences = [abs(one - two) for one, two in zip(rgb, raster[2], strict=True)]
    assert sum(differences) / len(differences) < 9


@given(rasters())
def test_half_blocks_give_the_pixels_back(raster: Pixels) -> None:
    width, height, rgb = raster
    rows = from_blocks(pictures.draw(*raster, "blocks"), width)

    assert len(rows) == (height + 1) // 2
    for y in range(height + height % 2):
        for x in range(width):
            at = 3 * (y * width + x)
            expected = f"2;{rgb[at]};{rgb[at + 1]};{rgb[at + 2]}" if y < height else ""
            assert rows[y // 2][x][y % 2] == expected


@pytest.mark.parametrize(
    ("colour", "number"),
    [
        ((0, 0, 0), 16),
        ((255, 255, 255), 231),
        ((255, 0, 0), 196),
        ((95, 135, 175), 67),
        ((128, 128, 128), 244),
    ],
)
def test_half_blocks_in_256_colours(colour: tuple[int, int, int], number: int) -> None:
    assert from_blocks(pictures.draw(1, 2, bytes(colour * 2), "blocks", true_color=False), 1) == [
        [(f"5;{number}", f"5;{number}")]
    ]


@given(rasters(), st.sampled_from(WAYS), st.integers(0, 4), st.booleans())
def test_nothing_but_numbers_gets_into_a_sequence(
    raster: Pixels, way: str, indent: int, true_color: bool
) -> None:
    drawn = pictures.draw(*raster, way, indent=indent, true_color=true_color)

    assert drawn.endswith("\n")
    assert all(line.startswith(" " * indent) for line in drawn.splitlines())
    assert re.fullmatch(r"(?:\x1b[P_\]\[\\]|\x07\n|[ -~▀\n])*", drawn)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("columns", [1, 16, 72])
@pytest.mark.parametrize("shape", [(3, 2), (1, 3), (1, 1)])
def test_a_picture_that_was_scaled_into_its_box_is_not_wider_than_asked(
    way: str, columns: int, shape: tuple[int, int]
) -> None:
    picture = Image.new("RGB", (shape[0] * 1000, shape[1] * 1000), "red")
    picture.thumbnail(pictures.box(columns, way))
    drawn = pictures.draw(*picture.size, picture.tobytes(), way).removesuffix("\n")

    match way:
        case "kitty":
            keys = from_kitty(drawn)[0]
            wide, high = int(keys["c"]), int(keys["r"])
        case "iterm":
            keys, (_width, height, _rgb) = from_iterm(drawn)
            wide, high = int(keys["width"]), round(height / pictures.CELL[1])
        case "sixel":
            width, height, _rgb = from_sixel(drawn)
            wide, high = width / pictures.CELL[0], height / pictures.CELL[1]
        case _:
            lines = re.sub(r"\x1b\[[\d;]*m", "", drawn).splitlines()
            wide, high = max(map(cell_len, lines)), len(lines)
    assert wide <= columns
    assert high <= pictures.ROWS
    if columns == 72:
        assert wide == columns or high >= pictures.ROWS - 1
        assert wide / (2 * high) == pytest.approx(shape[0] / shape[1], rel=0.1)


# --------------------------------------------------------------------------------------------- choosing


@pytest.mark.parametrize(
    ("environ", "way"),
    [
        ({"TERM": "xterm-256color"}, "blocks"),
        ({"TERM": "xterm-kitty"}, "kitty"),
        ({"TERM": "xterm-256color", "KITTY_WINDOW_ID": "1"}, "kitty"),
        ({"TERM": "xterm-ghostty"}, "kitty"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "ghostty"}, "kitty"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, "iterm"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, "iterm"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "vscode"}, "iterm"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "vscode", "KITTY_WINDOW_ID": "1"}, "iterm"),
        ({"TERM": "xterm-kitty", "TERM_PROGRAM": "vscode"}, "kitty"),
        ({"TERM": "xterm-256color", "LC_TERMINAL": "iTerm2"}, "iterm"),
        ({"TERM": "xterm-256color", "KONSOLE_VERSION": "230804"}, "kitty"),
        ({"TERM": "xterm-256color", "KONSOLE_VERSION": "210802"}, "blocks"),
        ({"TERM": "foot"}, "sixel"),
        ({"TERM": "foot-extra", "KONSOLE_VERSION": "230804"}, "sixel"),
        ({"TERM": "mlterm-256color"}, "sixel"),
        ({"TERM": "contour"}, "sixel"),
        ({"TERM": "xterm-sixel"}, "sixel"),
        ({"TERM": "tmux-256color", "KITTY_WINDOW_ID": "1"}, "blocks"),
        ({"TERM": "screen.xterm-kitty"}, "blocks"),
        ({"TERM": "xterm-kitty", "TMUX": "/tmp/tmux-0/default,1,0"}, "blocks"),
        ({"TERM": "xterm-kitty", "STY": "1.pts-0"}, "blocks"),
        ({"TERM": "xterm-kitty", "ZELLIJ": "0"}, "blocks"),
        ({"TERM": "xterm-kitty", "NO_COLOR": "1"}, ""),
        ({"TERM": "xterm-kitty", "NO_COLOR": ""}, "kitty"),
        ({"TERM": "dumb"}, ""),
        ({}, ""),
    ],
)
def test_protocol(environ: dict[str, str], way: str) -> None:
    assert pictures.protocol(environ) == way
    assert pictures.protocol(environ, is_tty=False) == ""
