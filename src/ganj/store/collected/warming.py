"""Compiles the loops of loading before the first event comes."""

from __future__ import annotations

import numpy as np

from ganj.kernels.facts import counted, laid
from ganj.log import Line, encode
from ganj.store.collected import wanted
from ganj.store.collected.channels import channels
from ganj.store.collected.codes import Table
from ganj.store.collected.lines import read
from ganj.store.collected.seen import halves
from ganj.store.collected.told import Told, numbers


def warm() -> None:
    """Read a sample event in every way, and store nothing."""
    from ganj.kernels.json_values import first_of, found

    context = {"page": {"url": "https://a.example/?x=1"}}
    lines, _ = read(encode([Line("m", 1, 1, "page", "w", "ganj", "e", p={"price": 1.5}, c=context)]))
    told = Told(lines)
    channels(told, Table(lines.hash("m")[:0], np.zeros(0, np.int32)), len)
    told.properties(np.zeros(1, np.int64))
    line, *_ = told.said()
    numbers(told.data, told.first(wanted.PRICE))
    high, low = halves(lines.identity)
    first_of(high, low, np.argsort(high, kind="stable"))
    found(high, low, high, low)
    code = np.zeros(len(line), np.int32)
    laid(line, code, code, 1)
    counted(np.zeros(1, np.int64), line, code, np.zeros(len(line), np.int64), (1, 1))
    Table(lines.hash("m"), code[:1])
