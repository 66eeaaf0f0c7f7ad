"""Numbers that words have, by the hash of the word: a vectorised dictionary."""

from __future__ import annotations

import secrets
from typing import Any

import numpy as np
import pyarrow as pa

from ganj.histories import Array

KEY: Any = np.uint64(secrets.randbits(64))
"""Of this process' hashes."""

TAIL = 4_096
"""New words kept beside the sorted ones before they are merged."""


def hashes(words: pa.Array | pa.ChunkedArray | list[str]) -> Array:
    """Return the hash of each word: uint64[n]."""
    from ganj.kernels.hashing import of_words

    array = pa.array(words, pa.string()) if isinstance(words, list) else words
    return of_words(array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array, KEY)


class Codes:
    """A dictionary from hashes to codes, in sorted arrays: twelve bytes a word, however many."""

    def __init__(self, keys: Array, codes: Array) -> None:
        order = np.argsort(keys, kind="stable")
        self._keys, self._codes = keys[order], codes[order].astype(np.int32)
        self._tail_keys, self._tail_codes = np.zeros(0, np.uint64), np.zeros(0, np.int32)
        self.following = int(codes.max()) + 1 if len(codes) else 0

    @classmethod
    def of(cls, words: pa.ChunkedArray | list[str], codes: Array | None = None) -> Codes:
        """Make a dictionary of words; without codes, of their places."""
        keys = hashes(words)
        return cls(keys, np.arange(len(keys)) if codes is None else codes)

    @property
    def size(self) -> int:
        """How many words are known."""
        return len(self._keys) + len(self._tail_keys)

    def find(self, keys: Array) -> Array:
        """Return the code of each hash: int32[n]; -1 for a word that is not known."""
        found = _look(self._keys, self._codes, keys)
        if len(self._tail_keys):
            found = np.maximum(found, _look(self._tail_keys, self._tail_codes, keys))
        return found

    def add(self, keys: Array) -> Array:
        """Give codes to new, different words, in order: int32[n]."""
        codes = np.arange(self.following, self.following + len(keys), dtype=np.int32)
        self.put(keys, codes)
        return codes

    def put(self, keys: Array, codes: Array) -> None:
        """Note words with codes given elsewhere."""
        if not len(keys):
            return
        self.following = max(self.following, int(codes.max()) + 1)
        self._tail_keys, self._tail_codes = _sorted(self._tail_keys, self._tail_codes, keys, codes)
        if len(self._tail_keys) > max(TAIL, len(self._keys) // 16):
            self._keys, self._codes = _sorted(self._keys, self._codes, self._tail_keys, self._tail_codes)
            self._tail_keys, self._tail_codes = np.zeros(0, np.uint64), np.zeros(0, np.int32)


class Table:
    """A dictionary from hashes to codes that is looked at once a word; at most half full."""

    def __init__(self, keys: Array, codes: Array) -> None:
        self.keys, self.codes = np.zeros(1 << 10, np.uint64), np.full(1 << 10, -1, np.int32)
        self._size = 0
        self.following = int(codes.max()) + 1 if len(codes) else 0
        self.put(keys, codes)

    @property
    def size(self) -> int:
        """How many words are known."""
        return self._size

    def find(self, keys: Array) -> Array:
        """Return the code of each hash: int32[n]; -1 for a word that is not known."""
        from ganj.kernels.facts import found

        told: Array = found(self.keys, self.codes, keys)
        return told

    def add(self, keys: Array) -> Array:
        """Give codes to new, different words, in order: int32[n]."""
        codes = np.arange(self.following, self.following + len(keys), dtype=np.int32)
        self.put(keys, codes)
        self.following += len(keys)
        return codes

    def put(self, keys: Array, codes: Array) -> None:
        """Note new words with codes given elsewhere."""
        from ganj.kernels.facts import put

        self._size += len(keys)
        if 2 * self._size > len(self.keys):
            there = self.codes >= 0
            keys, codes = np.append(self.keys[there], keys), np.append(self.codes[there], codes)
            size = 1 << int(4 * self._size - 1).bit_length()
            self.keys, self.codes = np.zeros(size, np.uint64), np.full(size, -1, np.int32)
        put(self.keys, self.codes, keys, codes.astype(np.int32))


def _look(keys: Array, codes: Array, wanted: Array) -> Array:
    from ganj.kernels.json_values import looked_up

    found: Array = looked_up(keys, codes, wanted)
    return found


def _sorted(keys: Array, codes: Array, more: Array, more_codes: Array) -> tuple[Array, Array]:
    both, told = np.concatenate((keys, more)), np.concatenate((codes, more_codes.astype(np.int32)))
    order = np.argsort(both, kind="stable")
    return both[order], told[order]
