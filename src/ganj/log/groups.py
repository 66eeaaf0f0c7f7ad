"""Proves groups: finds their trailers, compares length and checksum, and goes on after damage."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from isal.isal_zlib import crc32

from ganj.kernels.groups import chained

MARK = b'{"g":['
TRAILER = re.compile(rb'\{"g":\[(\d{1,12}),(\d{1,10})\]\}\n')
"""The line that ends a group; no event's line looks like it, since those begin with ``{"m":``."""


class Span(NamedTuple):
    """Bytes that are one or more good groups, or damage."""

    begin: int
    end: int
    good: bool
    groups: int = 0


def proved(data: bytes | memoryview, *, closed: bool) -> list[Span]:
    """Divide the head of a file's bytes into good groups and damage.

    Parameters
    ----------
    data : bytes that begin where a group begins
    closed : nothing can follow them, so what is left over at the end is damage; otherwise it may be a group on
        its way in, and is left for the next time

    Returns
    -------
    spans : in order, without gaps from 0; neighbouring good groups are one span

    Notes
    -----
    A flipped bit is either in the lines, so that the length fits and the checksum does not: the group ends at its
    own trailer; or in the trailer, so that the next one that fits says where its group began: everything between is
    damage.  Either way one group is lost.
    """
    spans = _undamaged(data) or _divided(bytes(data))
    at = spans[-1].end if spans else 0
    if closed and bytes(data[at:]).strip(b"\0"):
        _add(spans, Span(at, len(data), good=False))
    return spans


def _undamaged(data: bytes | memoryview) -> list[Span]:
    """Return the groups as one span if they follow each other without a gap; none where it is not so simple."""
    at, view = 0, memoryview(data)
    groups = chained(np.frombuffer(data, np.uint8)).tolist()
    for end, checksum, after in groups:
        if crc32(view[at:end]) != checksum:
            return []
        at = after
    return [Span(0, at, good=True, groups=len(groups))] if groups else []


def _divided(data: bytes) -> list[Span]:
    """Divide bytes in which something may be damaged."""
    spans: list[Span] = []
    at = 0
    view = memoryview(data)
    for found in _trailers(data):
        length = int(found[1])
        begin = found.start() - length
        if begin < at or crc32(view[begin : found.start()]) != int(found[2]):
            if begin == at:  # the length fits: this group ends here, whatever is in it
                _add(spans, Span(at, found.end(), good=False))
                at = found.end()
            continue
        if begin > at:
            _add(spans, Span(at, begin, good=False))
        _add(spans, Span(begin, found.end(), good=True, groups=1))
        at = found.end()
    return spans


def _trailers(data: bytes) -> Iterator[re.Match[bytes]]:
    """Find what looks like trailers; a plain search for how they begin is many times quicker than the pattern's own."""
    place = data.find(MARK)
    while place >= 0:
        found = TRAILER.match(data, place)
        if found:
            yield found
        place = data.find(MARK, place + 1 if found is None else found.end())


def _add(spans: list[Span], span: Span) -> None:
    if spans and spans[-1].good and span.good:
        before = spans.pop()
        span = Span(before.begin, span.end, good=True, groups=before.groups + span.groups)
    spans.append(span)
