"""Places on a page, click by click."""

import math


def grid(clicks, columns, lengths):
    """{(row, column): (events, customers)} and the number without a place; a click is (customer, x, y, width)."""
    found, lost = {}, 0
    for customer, x, y, width in clicks:
        told = all(isinstance(n, int | float) for n in (x, y, width)) and width > 0
        if not told or not 0 <= x < width or y < 0 or math.floor(y / width * columns) >= columns * lengths:
            lost += 1
            continue
        cell = math.floor(y / width * columns), min(math.floor(x / width * columns), columns - 1)
        count, who = found.get(cell, (0, frozenset()))
        found[cell] = (count + 1, who | {customer})
    return found, lost
