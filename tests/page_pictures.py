"""Pictures of 120 × 160 white points, as a browser writes them."""

import base64
import struct
import zlib

JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAFA3PEY8MlBGQUZaVVBfeMiCeG5uePWvuZHI////////////////////////////"
    "////////////////////////2wBDAVVaWnhpeOuCguv/////////////////////////////////////////////////////"
    "////////////////////wAARCACgAHgDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAT/xAAUEAEAAAAAAAAAAAAA"
    "AAAAAAAA/8QAFAEBAAAAAAAAAAAAAAAAAAAAAP/EABQRAQAAAAAAAAAAAAAAAAAAAAD/2gAMAwEAAhEDEQA/ALQAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAf/2Q=="
)
WEBP = base64.b64decode(
    "UklGRloAAABXRUJQVlA4IE4AAABQBwCdASp4AKAAP3G42GU0ryunIGgCkC4JaW7hdUAAO6HVUmyYh1VJsmIdVSbJiHVUmyYh"
    "1VJsmIdVSbJiHVUmyYWAAP7+qdAAAAAAAAA="
)
LOSSLESS = base64.b64decode("UklGRh4AAABXRUJQVlA4TBEAAAAvd8AnAAfQ//73v/+BiOh/AAA=")
EXTENDED = base64.b64decode(
    "UklGRmwAAABXRUJQVlA4WAoAAAAAAAAAdwAAnwAAVlA4IE4AAABQBwCdASp4AKAAP3G42GU0ryunIGgCkC4JaW7hdUAAO6HV"
    "UmyYh1VJsmIdVSbJiHVUmyYh1VJsmIdVSbJiHVUmyYWAAP7+qdAAAAAAAAA="
)


def png(width=120, height=160):
    """A white PNG."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = zlib.compress((b"\0" + b"\xff" * width) * height)
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
