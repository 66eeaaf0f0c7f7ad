"""What is proved to be UTF-8 by blocks is what Python reads as UTF-8, wherever a letter lies in its block."""

import random

import numpy as np
import pytest

from ganj.kernels.addresses import address
from ganj.kernels.utf8 import is_utf8

LETTERS = ["a", "é", "س", "\u200c", "€", "\ud7ff", "\ue000", "\uffff", "𐀀", "🌹", "\U0010ffff", "x" * 61]
BROKEN = [b"\x80", b"\xc0\xaf", b"\xc1\xbf", b"\xe0\x9f\xbf", b"\xed\xa0\x80", b"\xef\xbf", b"\xf0\x8f\xbf\xbf",
          b"\xf4\x90\x80\x80", b"\xf5\x80\x80\x80", b"\xff", b"\xd8", b"\xe2\x80", b"\xf0\x9f\x8c", b"\xd8\xb3\xb3"]  # fmt: skip


def proved(text):
    data = np.frombuffer(text + bytes(128), np.uint8)
    begin = address(data)
    return is_utf8(begin, begin + len(text))


def read(text):
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


@pytest.mark.parametrize("before", range(130))
def test_broken_letters_are_found_anywhere(before):
    for one in BROKEN:
        assert not proved(b"x" * before + one), one
        assert not proved(b"x" * before + one + b"y" * 70), one
    for one in LETTERS:
        assert proved(b"x" * before + one.encode()), one


def test_any_text_and_any_damage():
    dice = random.Random(5)
    for _ in range(2_000):
        text = bytearray("".join(dice.choices(LETTERS, k=dice.randrange(60))).encode())
        assert proved(bytes(text))
        for _ in range(2):
            if text:
                text[dice.randrange(len(text))] = dice.randrange(1, 256)
        assert proved(bytes(text)) == read(bytes(text)), text
