"""What a file of a picture is, by its bytes: PNG, JPEG or WebP, whole, and of what size.

Nothing of it is drawn here; browsers draw it.  So it must be what it says: other kinds (SVG, which may hold
scripts, among them) are refused, and so is a file that breaks off or claims more points than a page has.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import NamedTuple

from ganj.errors import GanjError
from ganj.text import Text

HEAVIEST = 8 * 1024 * 1024  # bytes
SIDES = (100, 20_000)  # pixels
MOST_POINTS = 80_000_000
TYPES = {"png": "image/png", "jpeg": "image/jpeg", "webp": "image/webp"}

OTHER = Text("it is neither PNG nor JPEG nor WebP.", "نه PNG است، نه JPEG و نه WebP.")
CUT = Text("it breaks off or is damaged.", "ناتمام یا آسیب‌دیده است.")
EMPTY = Text("no file was chosen.", "فایلی انتخاب نشده است.")
SIZE = Text(
    "its sides must have {least} to {most} pixels; it is {width} × {height}.",
    "هر ضلع آن باید {least} تا {most} پیکسل باشد؛ اندازه‌اش {width} در {height} است.",
)


class NotAPicture(GanjError):
    """A file that is no picture of a page. Facts: ``why`` (`Text`)."""

    status = 422
    says = Text("This picture cannot be used: {why.en}", "این تصویر پذیرفته نیست: {why.fa}")
    hint = Text(
        "Take a picture of the whole page (in most browsers: “capture full size screenshot”) and save it as PNG.",
        "از تمام صفحه تصویر بگیرید (در بیشتر مرورگرها: «Capture full size screenshot») و آن را PNG ذخیره کنید.",
    )


class PictureTooLarge(GanjError):
    """A picture of too many bytes. Facts: ``size``, ``most`` MB."""

    status = 413
    says = Text(
        "This picture has {size} MB; at most {most} MB are kept.",
        "این تصویر {size} مگابایت است؛ دست‌بالا {most} مگابایت نگه داشته می‌شود.",
    )
    hint = Text("Save it as JPEG or WebP, or smaller.", "آن را JPEG یا WebP یا کوچک‌تر ذخیره کنید.")


class Shape(NamedTuple):
    """What a picture is: ``png``, ``jpeg`` or ``webp``, and its pixels."""

    kind: str
    width: int
    height: int


def shape_of(data: bytes) -> Shape:
    """Say what a picture is.

    Raises
    ------
    NotAPicture, PictureTooLarge
    """
    if not data:
        raise NotAPicture(why=EMPTY)
    if len(data) > HEAVIEST:
        size, most = round(len(data) / 1024**2, 1), HEAVIEST // 1024**2
        raise PictureTooLarge(size=size, most=most)
    kind = next((name for name, begins in BEGINS.items() if begins(data)), None)
    if kind is None:
        raise NotAPicture(why=OTHER)
    try:
        width, height = SIZES[kind](data)
    except (struct.error, IndexError, ValueError) as cut:
        raise NotAPicture(why=CUT) from cut
    least, most = SIDES
    if not (least <= width <= most and least <= height <= most) or width * height > MOST_POINTS:
        facts = {"least": least, "most": most, "width": width, "height": height}
        raise NotAPicture(why=Text(SIZE.en.format(**facts), SIZE.fa.format(**facts)))
    return Shape(kind, width, height)


def _png(data: bytes) -> tuple[int, int]:
    """Walk the chunks to the last."""
    at, name = 8, b""
    while name != b"IEND":
        length, name = struct.unpack_from(">I4s", data, at)
        at += 12 + length
        if at > len(data):
            raise ValueError
    width, height = struct.unpack_from(">II", data, 16)
    return width, height


def _jpeg(data: bytes) -> tuple[int, int]:
    """Walk the segments to the frame's; the end's mark must be there."""
    if b"\xff\xd9" not in data[-64:]:
        raise ValueError
    at = 2
    while True:
        mark, kind, length = struct.unpack_from(">BBH", data, at)
        if mark != 0xFF or length < 2:
            raise ValueError
        if 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        at += 2 + length


def _webp(data: bytes) -> tuple[int, int]:
    """Read the first chunk; the file is as long as it says."""
    if struct.unpack_from("<I", data, 4)[0] + 8 > len(data):
        raise ValueError
    if data[12:16] == b"VP8X":
        return (
            1 + int.from_bytes(data[24:27], "little"),
            1 + int.from_bytes(data[27:30], "little"),
        )
    if data[12:16] == b"VP8L":
        bits = struct.unpack_from("<I", data, 21)[0]
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = struct.unpack_from("<HH", data, 26)
    return width & 0x3FFF, height & 0x3FFF


BEGINS: dict[str, Callable[[bytes], bool]] = {
    "png": lambda data: data.startswith(b"\x89PNG\r\n\x1a\n"),
    "jpeg": lambda data: data.startswith(b"\xff\xd8\xff"),
    "webp": lambda data: data.startswith(b"RIFF") and data[8:16] in (b"WEBPVP8 ", b"WEBPVP8L", b"WEBPVP8X"),
}
SIZES: dict[str, Callable[[bytes], tuple[int, int]]] = {"png": _png, "jpeg": _jpeg, "webp": _webp}
