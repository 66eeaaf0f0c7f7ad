"""Sums by label and period, counted one event after the other."""

import numpy as np


def by_hand(h, period):
    found, ever = {}, set()
    for customer, start, stop in zip(h.customer, h.offsets[:-1], h.offsets[1:], strict=True):
        for at in range(start, stop):
            label, when = h.names["event"][h.event[at]], int(period[at])
            row = found.setdefault(label, {}).setdefault(when, [0.0, 0.0, set(), 0.0])
            row[0] += 1
            row[1] += 0.0 if np.isnan(h.amount[at]) else float(h.amount[at])
            if customer >= 0:
                row[2].add(customer)
                row[3] += (customer, label) not in ever
                ever.add((customer, label))
    return {
        label: {when: (n, money, float(len(who)), new) for when, (n, money, who, new) in rows.items()}
        for label, rows in found.items()
    }
