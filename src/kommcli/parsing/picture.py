"""A picture's bytes -> its pixels, scaled to fit. Runs in the limited worker: decoders are attacked, too."""

from __future__ import annotations

import contextlib
import io
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kommcli.errors import FeedFailure

if TYPE_CHECKING:
    from PIL.Image import Image

LARGEST = 40_000_000
"""Pixels that a picture may claim to have."""

_FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
_BACKGROUND = (128, 128, 128)
"""Black and white drawings can both be seen on it."""


@dataclass(frozen=True, slots=True)
class Raster:
    """Pixels in rows, three bytes (red, green, blue) each."""

    width: int
    height: int
    rgb: bytes


def raster(body: bytes, box: tuple[int, int]) -> Raster:
    """The picture in ``body`` (the first of an animation), upright, as large as fits into ``box`` (pixels),
    but no larger than it is.

    Raises FeedFailure: article.not_html for what is no sound picture of one of four formats,
    article.no_reader without Pillow.
    """
    try:
        from PIL import Image
    except ImportError as error:
        raise FeedFailure("article.no_reader", "pip install 'kommcli[images]'") from error
    Image.MAX_IMAGE_PIXELS = LARGEST
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # odd metadata is no reason to show nothing,
            warnings.simplefilter("error", Image.DecompressionBombWarning)  # but a bomb is
            with Image.open(io.BytesIO(body), formats=_FORMATS) as picture:
                if picture.width * picture.height > LARGEST:
                    raise FeedFailure("article.not_html", f"{picture.width} x {picture.height}")
                flat = _flat(_upright(picture, box))
    except (FeedFailure, MemoryError):
        raise
    except Exception as error:  # decoders raise whatever they like
        raise FeedFailure("article.not_html", type(error).__name__) from error
    return Raster(flat.width, flat.height, flat.tobytes())


def _upright(picture: Image, box: tuple[int, int]) -> Image:
    """The picture scaled into ``box`` and turned as its camera was held. Scaled first, as turning makes one
    more copy of all pixels."""
    from PIL.Image import Resampling
    from PIL.ImageOps import exif_transpose

    side = 2 * max(box)
    picture.draft(None, (side, side))  # JPEG: decode no more than is shown
    picture.load()
    turned = False
    with contextlib.suppress(Exception):  # metadata may be anything
        turned = picture.getexif().get(0x0112, 1) in (5, 6, 7, 8)
    scaled = _coloured(picture)
    scaled.thumbnail(box[::-1] if turned else box, Resampling.LANCZOS)
    with contextlib.suppress(Exception):
        return exif_transpose(scaled)
    return scaled


def _coloured(picture: Image) -> Image:
    """The picture in red, green and blue, with its transparency where it has one."""
    if picture.mode.startswith("I"):  # 16 bits a pixel, which Pillow would cut off instead of scaling
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _flat(picture: Image) -> Image:
    """The picture on the background."""
    from PIL.Image import new

    if picture.mode == "RGB":
        return picture
    flat = new("RGB", picture.size, _BACKGROUND)
    flat.paste(picture, mask=picture.getchannel("A"))
    return flat
