"""Picture sizes read from the header, so that no pixel of a gigapixel image is ever unpacked."""

import struct
from collections.abc import Callable
from typing import BinaryIO

from members.uploads.errors import ContentRefusedError
from members.uploads.policy import MAX_IMAGE_PIXELS

PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
JPEG_MAGIC = b"\xff\xd8\xff"
GIF_MAGICS = (b"GIF87a", b"GIF89a")
# Start-of-frame markers but for DHT (C4), JPG (C8) and DAC (CC).
JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
JPEG_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
JPEG_END_OF_HEADER = frozenset({0xD9, 0xDA})


def png_size(file: BinaryIO) -> tuple[int, int]:
    """Return width and height in pixels from IHDR."""
    head = file.read(24)
    if not head.startswith(PNG_MAGIC):
        raise ContentRefusedError("type_mismatch")
    if len(head) < 24 or head[12:16] != b"IHDR":
        raise ContentRefusedError("damaged")
    width, height = struct.unpack(">II", head[16:24])
    return width, height


def gif_size(file: BinaryIO) -> tuple[int, int]:
    """Return width and height in pixels of the screen."""
    head = file.read(10)
    if not head.startswith(GIF_MAGICS):
        raise ContentRefusedError("type_mismatch")
    if len(head) < 10:
        raise ContentRefusedError("damaged")
    width, height = struct.unpack("<HH", head[6:10])
    return width, height


def jpeg_size(file: BinaryIO) -> tuple[int, int]:
    """Return width and height in pixels from the first start-of-frame segment."""
    if file.read(3) != JPEG_MAGIC:
        raise ContentRefusedError("type_mismatch")
    file.seek(2)
    while True:
        marker = _next_marker(file)
        if marker in JPEG_ALONE:
            continue
        if marker in JPEG_END_OF_HEADER:
            raise ContentRefusedError("damaged")
        length = int.from_bytes(_exactly(file, 2), "big")
        if length < 2:
            raise ContentRefusedError("damaged")
        if marker in JPEG_FRAMES:
            _precision, height, width = struct.unpack(">BHH", _exactly(file, 5))
            return width, height
        file.seek(length - 2, 1)


def _next_marker(file: BinaryIO) -> int:
    if _exactly(file, 1) != b"\xff":
        raise ContentRefusedError("damaged")
    byte = b"\xff"
    while byte == b"\xff":
        byte = _exactly(file, 1)
    return byte[0]


def _exactly(file: BinaryIO, count: int) -> bytes:
    data = file.read(count)
    if len(data) != count:
        raise ContentRefusedError("damaged")
    return data


def webp_size(file: BinaryIO) -> tuple[int, int]:
    """Return width and height in pixels of the simple, lossless or extended form."""
    head = file.read(30)
    if head[:4] != b"RIFF" or head[8:12] != b"WEBP":
        raise ContentRefusedError("type_mismatch")
    if len(head) < 30:
        raise ContentRefusedError("damaged")
    form = head[12:16]
    if form == b"VP8X":
        return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    if form == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if form == b"VP8 ":
        width, height = struct.unpack("<HH", head[26:30])
        return width & 0x3FFF, height & 0x3FFF
    raise ContentRefusedError("damaged")


SIZE_READERS: dict[str, Callable[[BinaryIO], tuple[int, int]]] = {
    "png": png_size,
    "jpg": jpeg_size,
    "gif": gif_size,
    "webp": webp_size,
}


def check_image(file: BinaryIO, kind: str) -> None:
    """Refuse a picture that is not of its kind, has no area, or has too many pixels."""
    width, height = SIZE_READERS[kind](file)
    if width < 1 or height < 1:
        raise ContentRefusedError("damaged")
    if width * height > MAX_IMAGE_PIXELS:
        raise ContentRefusedError("image_too_large")
