"""A picture's bytes -> its pixels, scaled to fit. Runs in the limited worker: decoders are attacked, too."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from kommcli.errors import FeedFailure

LARGEST = 40_000_000
"""Pixels that a picture may claim to have."""

_FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
_BACKGROUND = (128, 128, 128)


@dataclass(frozen=True, slots=True)
class Raster:
    """Pixels in rows, three bytes (red, green, blue) each."""

    width: int
    height: int
    rgb: bytes


def raster(body: bytes, box: tuple[int, int]) -> Raster:
    """The picture in ``body`` (the first of an animation), upright, as large as fits into ``box`` (pixels),
    never larger than it is. Raises FeedFailure: article.not_html for what is no picture, article.no_reader
    without Pillow."""
    try:
        from PIL import Image, ImageOps
    except ImportError as error:
        raise FeedFailure("article.no_reader", "pip install 'kommcli[images]'") from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a bomb is only a warning to Pillow
            with Image.open(io.BytesIO(body), formats=_FORMATS) as picture:
                if picture.width * picture.height > LARGEST:
                    raise FeedFailure("article.not_html", f"{picture.width} x {picture.height}")
                picture.draft("RGB", box)  # JPEG: decode no more than is shown
                upright = ImageOps.exif_transpose(picture).convert("RGBA")
    except FeedFailure:
        raise
    except Exception as error:  # decoders raise whatever they like
        raise FeedFailure("article.not_html", type(error).__name__) from error
    upright.thumbnail(box, Image.Resampling.LANCZOS)
    flat = Image.new("RGB", upright.size, _BACKGROUND)
    flat.paste(upright, mask=upright.getchannel("A"))
    return Raster(flat.width, flat.height, flat.tobytes())
