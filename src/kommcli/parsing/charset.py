"""From bytes to text: which character set a document is really in.

The order is that of browsers and of RFC 7303 (byte order mark, HTTP, XML declaration), but what is
declared is only believed where the bytes do not say otherwise. Names are looked up in a closed table,
never in Python's codec registry: ``punycode``, ``idna`` or ``utf-7`` are codecs, but no charsets.
"""

from __future__ import annotations

import codecs
import re

_UTF8 = "utf-8"
_WESTERN = "cp1252"

_NAMES = {
    _UTF8: "utf-8 utf8 u8 unicode-1-1-utf-8",
    # Browsers read these three as windows-1252 (WHATWG Encoding Standard, "Names and labels").
    _WESTERN: "us-ascii ascii ansi iso-8859-1 iso8859-1 latin1 latin-1 l1 windows-1252 cp1252",
    "utf-16": "utf-16 utf16 utf-16le utf-16be ucs-2 iso-10646-ucs-2",
    "utf-32": "utf-32 utf32 utf-32le utf-32be ucs-4 iso-10646-ucs-4",
    "iso8859-15": "iso-8859-15 iso8859-15 latin9 latin-9",
    "mac_roman": "macintosh mac-roman x-mac-roman",
    "cp437": "cp437 ibm437",
    "cp850": "cp850 ibm850",
    "koi8-r": "koi8-r",
    "koi8-u": "koi8-u",
    "big5": "big5",
    "gb18030": "gb18030 gbk gb2312",
    "cp932": "shift-jis sjis windows-31j",
    "euc-jp": "euc-jp",
    "euc-kr": "euc-kr",
}
_CODECS = {name: codec for codec, names in _NAMES.items() for name in names.split()}
_CODECS |= {f"iso-8859-{part}": f"iso8859-{part}" for part in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 16)}
_CODECS |= {"iso-8859-9": "cp1254", "iso-8859-11": "cp874"}
_CODECS |= {f"windows-{page}": f"cp{page}" for page in (1250, 1251, 1253, 1254, 1255, 1256, 1257, 1258)}
_WIDE = ("utf-16", "utf-32")

_BOMS = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF8, _UTF8),
)
_IN_HEADER = re.compile(r"""charset\s*=\s*["']?([^"'\s;,]+)""", re.IGNORECASE)
_IN_DECLARATION = re.compile(rb"""<\?xml\s[^>]{0,400}?encoding\s*=\s*["']([^"'>]{0,100})""")
_IN_META = re.compile(rb"""<meta\s[^>]{0,400}?charset\s*=\s*["']?([^"'\s;/>]{1,100})""", re.IGNORECASE)
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


def decode(body: bytes, content_type: str = "") -> tuple[str, bool]:
    """The text of ``body`` and whether what it declares about its charset was wrong or unusable.

    Never raises; what cannot be read becomes U+FFFD. ``content_type`` is the HTTP header.
    """
    for mark, codec in _BOMS:
        if body.startswith(mark):
            return _loosely(body[len(mark) :], codec), False
    if codec := _wide(body):
        return _loosely(body, codec), False
    declared, unusable = _declared(body, content_type)
    text, codec = _narrow(body, declared)
    if text.isascii():
        return text, unusable
    return text, unusable or set(declared or [_UTF8]) != {codec} or "\ufffd" in text


def _loosely(body: bytes, codec: str) -> str:
    """``body`` with U+FFFD for what is wrong; a character cut off at the very end is left out."""
    return codecs.getincrementaldecoder(codec)("replace").decode(body).removeprefix("\ufeff")


def _wide(body: bytes) -> str:
    """UTF-16 or UTF-32 without a mark: XML begins with ASCII, so the zero bytes show the width."""
    start = body[:16]
    if len(start) < 8 or not any(start):
        return ""
    for width, name in ((4, "utf-32"), (2, "utf-16")):
        columns = [start[i::width] for i in range(width)]
        if all(columns[0]) and not any(b"".join(columns[1:])):
            return name + "-le"
        if all(columns[-1]) and not any(b"".join(columns[:-1])):
            return name + "-be"
    return ""


def _declared(body: bytes, content_type: str) -> tuple[list[str], bool]:
    """The codecs that HTTP and the document name, the more credible first, and whether one is unusable."""
    start = body[: 1 << 20].lstrip()[:4096]
    found = _IN_DECLARATION.search(start) or _IN_META.search(start)
    inside = found.group(1).decode("latin-1") if found else ""
    header = _IN_HEADER.search(content_type)
    outside = header.group(1) if header else ""
    names = [name.strip().lower().replace("_", "-") for name in (outside, inside) if name.strip()]
    if len(names) == 2 and _CODECS.get(names[0]) == _WESTERN:
        names.reverse()  # the default of many servers, which nobody chose for this feed
    known = [_CODECS[name] for name in names if name in _CODECS]
    usable = [codec for codec in known if codec not in _WIDE]
    return usable, len(usable) < len(names)


def _narrow(body: bytes, declared: list[str]) -> tuple[str, str]:
    """Text and codec of a document in a charset that contains ASCII."""
    decoder = codecs.getincrementaldecoder(_UTF8)()
    try:
        return decoder.decode(body), _UTF8
    except UnicodeDecodeError:
        pass
    legacy = [codec for codec in declared if codec != _UTF8]
    if legacy and legacy[0] != _WESTERN:
        try:
            return body.decode(legacy[0]), legacy[0]
        except UnicodeDecodeError:
            pass
    text = _loosely(body, _UTF8)
    bad = text.count("\ufffd")
    # In real windows-1252 text a valid UTF-8 sequence is a rare accident; in UTF-8 a bad byte is one.
    if bad <= sum(1 for _ in _MULTIBYTE.finditer(body)):
        return text, _UTF8
    codec = legacy[0] if legacy else _WESTERN
    return body.decode(codec, "replace"), codec
