"""Makes pictures small: 256 colours are enough for a page, and PNG packs those well."""

import struct
import zlib

import numpy as np
from numba import njit


def pixels(png):
    """Return uint8[height, width, 3] of a PNG as Chromium writes it: 8 bits, RGB or RGBA, not interlaced."""
    width, height, _, kind = struct.unpack(">IIBB", png[16:26])
    packed, at = b"", 8
    while at < len(png):
        length, name = struct.unpack(">I4s", png[at : at + 8])
        packed += png[at + 8 : at + 8 + length] if name == b"IDAT" else b""
        at += 12 + length
    size = 4 if kind == 6 else 3
    raw = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(height, 1 + width * size)
    return unfiltered(raw, size).reshape(height, width, size)[:, :, :3]


@njit
def unfiltered(raw, size):
    """Undo the filter of every line (PNG specification, 9.2)."""
    height, width = raw.shape[0], raw.shape[1] - 1
    out = np.zeros((height + 1, width + size), np.int64)  # a line above and a pixel before, of zeros
    for y in range(height):
        kind = raw[y, 0]
        for x in range(width):
            left, over, corner = out[y + 1, x], out[y, x + size], out[y, x]
            guess = 0
            if kind == 1:
                guess = left
            elif kind == 2:
                guess = over
            elif kind == 3:
                guess = (left + over) // 2
            elif kind == 4:
                p = left + over - corner
                a, b, c = abs(p - left), abs(p - over), abs(p - corner)
                guess = left if a <= b and a <= c else over if b <= c else corner
            out[y + 1, x + size] = (raw[y, x + 1] + guess) & 255
    return out[1:, size:].astype(np.uint8)


def small(png):
    """Return the same picture with 256 colours: the most frequent ones, others as the nearest of them."""
    rgb = pixels(png)
    coarse = (rgb & 0xF8).astype(np.int64) @ np.array([65_536, 256, 1])
    names, where, counts = np.unique(coarse.ravel(), return_inverse=True, return_counts=True)
    flat = rgb.reshape(-1, 3).astype(np.float64)
    sums = np.stack([np.bincount(where, flat[:, channel], len(names)) for channel in range(3)], 1)
    means = sums / counts[:, None]
    kept = np.argsort(-counts, kind="stable")[:256]
    distance = ((means[:, None, :] - means[kept][None, :, :]) ** 2).sum(2)
    codes = distance.argmin(1).astype(np.uint8)[where].reshape(rgb.shape[:2])
    return written(codes, means[kept].round().astype(np.uint8))


def written(codes, palette):
    """Return a PNG of uint8[height, width] codes into a palette, uint8[colours, 3]."""
    height, width = codes.shape
    lines = np.concatenate((np.zeros((height, 1), np.uint8), codes), 1).tobytes()
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", palette.tobytes()),
        (b"IDAT", zlib.compress(lines, 9)),
        (b"IEND", b""),
    ]
    made = [
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(made)
