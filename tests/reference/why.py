"""Why a figure moved, counted with plain dictionaries, event by event."""

import math
from collections import defaultdict


def by_value(histories, name, first, begins, days, day_of):
    """{value: [events before, now, amount before, now, customers before, now]} of orders."""
    found = defaultdict(lambda: [0, 0, 0.0, 0.0, set(), set()])
    orders = histories.names["event"].index("Order Completed")
    for i in range(len(histories)):
        for j in range(*histories.offsets[i : i + 2]):
            day = day_of(int(histories.time[j]))
            period = 1 if begins <= day < begins + days else 0 if first <= day < first + days else None
            if period is None or histories.event[j] != orders:
                continue
            code = histories.columns[f"property:{name}"][j]
            value = histories.names[f"property:{name}"][code] if code >= 0 else ""
            cell = found[value]
            cell[period] += 1
            cell[2 + period] += float(histories.amount[j])
            cell[4 + period].add(int(histories.customer[i]))
    return {value: [*cell[:4], len(cell[4]), len(cell[5])] for value, cell in found.items()}


def likelihood(has, had, now, before):
    """Logarithm of the likelihood ratio of a table of two rows and two columns, from the definition."""
    whole = now + before
    cells = ((has, had), (now - has, before - had))
    total = 0.0
    for row in cells:
        for column, seen in enumerate(row):
            expected = sum(row) * (now, before)[column] / whole
            total += seen * math.log(seen / expected) if seen > 0 else 0.0
    return total
