"""Pictures from strangers: four formats, upright and scaled; whatever else comes is a failure, quickly."""

from __future__ import annotations

import contextlib
import io
import struct
import sys
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from kommcli.errors import FeedFailure
from kommcli.parsing import picture
from kommcli.parsing.picture import raster
from kommcli.parsing.pool import ParserPool

RED, BLUE, GREY = (255, 0, 0), (0, 0, 255), (128, 128, 128)


def file(image: Image.Image, kind: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def halves(width: int = 40, height: int = 20) -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (width // 2, 0, width, height))
    return image


def pixel(found: picture.Raster, x: int, y: int) -> tuple[int, ...]:
    at = 3 * (y * found.width + x)
    return tuple(found.rgb[at : at + 3])


def near(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(abs(first - second) < 12 for first, second in zip(one, other, strict=True))


def png(width: int, height: int, data: bytes = b"") -> bytes:
    """A PNG that claims to have that size."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
@pytest.mark.parametrize("box", [(100, 100), (40, 20), (20, 100), (100, 5), (1, 1)])
def test_four_formats_fit_into_the_box(kind: str, box: tuple[int, int]) -> None:
    found = raster(file(halves(), kind), box)

    assert found.width <= min(box[0], 40)
    assert found.height <= min(box[1], 20)
    assert found.width == min(box[0], 40) or found.height == min(box[1], 20)
    assert len(found.rgb) == 3 * found.width * found.height
    if found.width >= 10:
        assert near(pixel(found, 1, 0), RED)
        assert near(pixel(found, found.width - 2, found.height - 1), BLUE)


@pytest.mark.parametrize("kind", ["BMP", "TIFF", "ICO", "PPM", "TGA", "PDF", "PCX"])
def test_other_formats_are_not_read(kind: str) -> None:
    with pytest.raises(FeedFailure, match=r"article\.not_html"):
        raster(file(halves(), kind), (10, 10))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_is_turned_as_the_camera_was_held(kind: str, orientation: int) -> None:
    upright = Image.new("RGB", (64, 32), GREY)
    upright.paste(RED, (0, 0, 32, 16))  # in the upper left corner only
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = upright.transpose(undo[orientation]) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    found = raster(file(stored, kind, exif=exif.tobytes()), (32, 32))

    assert (found.width, found.height) == (32, 16)
    assert near(pixel(found, 4, 2), RED)
    assert near(pixel(found, 28, 2), GREY)
    assert near(pixel(found, 4, 13), GREY)


def test_odd_metadata_is_no_reason_to_show_nothing() -> None:
    found = raster(file(halves(), "JPEG", exif=b"Exif\0\0" + b"\xff" * 50), (40, 20))

    assert near(pixel(found, 1, 1), RED)


@pytest.mark.parametrize(
    ("kind", "image"),
    [
        ("PNG", Image.new("RGBA", (4, 4), (255, 0, 0, 0))),
        ("WEBP", Image.new("RGBA", (4, 4), (255, 0, 0, 0))),
        ("PNG", Image.new("LA", (4, 4), (255, 0))),
    ],
)
def test_what_is_transparent_stands_on_grey(kind: str, image: Image.Image) -> None:
    assert pixel(raster(file(image, kind), (4, 4)), 1, 1) == GREY


def test_transparent_colours_of_palettes_stand_on_grey() -> None:
    image = Image.new("P", (4, 4), 1)
    image.putpalette([0, 0, 0, 255, 0, 0])

    assert pixel(raster(file(image, "GIF", transparency=1), (4, 4)), 1, 1) == GREY
    assert pixel(raster(file(image, "PNG", transparency=bytes([255, 0])), (4, 4)), 1, 1) == GREY
    assert pixel(raster(file(image, "GIF", transparency=0), (4, 4)), 1, 1) == RED


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_an_animation_is_its_first_picture(kind: str) -> None:
    frames = [Image.new("RGB", (8, 8), BLUE) for _frame in range(50)]
    body = file(
        Image.new("RGB", (8, 8), RED), kind, save_all=True, append_images=frames, duration=10, lossless=True
    )

    assert near(pixel(raster(body, (8, 8)), 4, 4), RED)


@pytest.mark.parametrize(
    ("kind", "image"),
    [
        ("PNG", Image.new("L", (8, 8), 128)),
        ("PNG", Image.new("1", (8, 8), 1)),
        ("PNG", Image.new("I;16", (8, 8), 32_768)),
        ("PNG", Image.new("RGB", (8, 8), GREY).quantize(4)),
        ("JPEG", Image.new("L", (8, 8), 128)),
        ("JPEG", Image.new("CMYK", (8, 8), (0, 0, 0, 127))),
    ],
    ids=lambda value: value if isinstance(value, str) else value.mode,
)
def test_every_mode_has_colours(kind: str, image: Image.Image) -> None:
    expected = (255, 255, 255) if image.mode == "1" else GREY

    assert near(pixel(raster(file(image, kind), (8, 8)), 4, 4), expected)


# --------------------------------------------------------------------------------------------- hostile

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HOSTILE = {
    "nothing": b"",
    "text": b"<html>no picture</html>" * 99,
    "svg": SVG,
    "bomb": png(50_000, 50_000, zlib.compress(bytes(99))),
    "bomb of one row": png(2_000_000_000, 1),
    "empty": png(0, 0),
    "broken": png(100, 100, b"no zlib at all"),
    "cut short": file(halves(400, 300), "JPEG", quality=95)[:-900],
    "cut short PNG": file(halves(400, 300), "PNG")[:-60],
    "head alone": file(halves(), "WEBP")[:20],
    "gif bomb": b"GIF89a" + struct.pack("<HHBBB", 65_535, 65_535, 0, 0, 0) + b",",
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_sound_picture_fails(body: bytes) -> None:
    with pytest.raises(FeedFailure) as caught:
        raster(body, (100, 100))

    assert caught.value.code == "article.not_html"


@given(st.binary(max_size=200), st.sampled_from(["JPEG", "PNG", "GIF", "WEBP"]), st.integers(0, 300))
def test_damage_is_a_failure_or_a_picture(noise: bytes, kind: str, at: int) -> None:
    body = file(halves(), kind)
    for damaged in (body[:at] + noise + body[at + len(noise) :], body[:at] + noise):
        with contextlib.suppress(FeedFailure):
            found = raster(damaged, (10, 10))
            assert len(found.rgb) == 3 * found.width * found.height


def test_without_pillow_its_name_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(FeedFailure, match=r"article\.no_reader"):
        raster(b"", (1, 1))


@pytest.fixture(scope="module")
def pool() -> Iterator[ParserPool]:
    with_one = ParserPool(1)
    yield with_one
    with_one.close()


@pytest.mark.parametrize(
    "make",
    [
        lambda: png(8_000, 5_000, zlib.compress(bytes(5_000 * 32_001), 1)),
        lambda: file(Image.new("P", (8_000, 5_000)), "GIF", transparency=0),
        lambda: file(Image.new("RGB", (8_000, 5_000)), "JPEG"),
    ],
    ids=["PNG", "GIF", "JPEG"],
)
def test_the_largest_picture_fits_into_the_worker(pool: ParserPool, make: Callable[[], bytes]) -> None:
    """Its memory and its time."""
    assert pool.raster(make(), 100, 100)[:2] == (100, 63)


def test_the_worker_lives_on_after_a_bomb(pool: ParserPool) -> None:
    with pytest.raises(FeedFailure, match=r"article\.not_html"):
        pool.raster(HOSTILE["bomb"], 100, 100)

    assert pool.raster(file(halves(), "PNG"), 100, 100)[:2] == (40, 20)
