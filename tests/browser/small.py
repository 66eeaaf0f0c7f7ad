"""Makes pictures small: 256 colours are enough for a page, and PNG packs those well."""

import struct
import zlib

import numpy as np


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
    out = np.zeros((height, width * size), np.uint8)
    for y in range(height):
        above = out[y - 1] if y else np.zeros(width * size, np.uint8)
        out[y] = unfiltered(int(raw[y, 0]), raw[y, 1:], above, size)
    return out.reshape(height, width, size)[:, :, :3]


def unfiltered(kind, line, above, size):
    """Undo one line's filter (PNG specification, 9.2)."""
    if kind == 0:
        return line
    if kind == 2:
        return line + above
    now, up = [0] * size + line.tolist(), [0] * size + above.tolist()
    for x in range(size, len(now)):
        left, over, corner = now[x - size], up[x], up[x - size]
        if kind == 1:
            guess = left
        elif kind == 3:
            guess = (left + over) // 2
        else:
            p = left + over - corner
            guess = min((left, over, corner), key=lambda one: abs(p - one))
        now[x] = (now[x] + guess) & 255
    return np.array(now[size:], np.uint8)


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
