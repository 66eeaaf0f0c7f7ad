"""Cases, one by one."""

from itertools import pairwise

import numpy as np


def cases(miner, histories):
    """{(customer, case): [(time, activity), …]}."""
    names = histories.names["event"]
    told = histories.category(miner.case) if miner.case else None
    out = {}
    for i in range(len(histories)):
        for j in range(*histories.offsets[i : i + 2]):
            code = told.codes[j] if told else 0
            if miner.case and (told is None or code < 0):
                continue
            key = int(histories.customer[i]), told.labels[code] if told else ""
            out.setdefault(key, []).append((int(histories.time[j]), names[histories.event[j]]))
    return out


def variants(found):
    out = {}
    for (customer, _), steps in found.items():
        path = tuple(step for _, step in steps)
        out.setdefault(path, []).append(customer)
    return out


def follows(found):
    """{(a, b): [(customer, case, µs), …]}."""
    out = {}
    for key, steps in found.items():
        for (t, a), (u, b) in pairwise(steps):
            out.setdefault((a, b), []).append((*key, u - t))
    return out


def again(found):
    """{activity: [(customer, repetitions), …]}."""
    out = {}
    for (customer, _), steps in found.items():
        names = [step for _, step in steps]
        for name in set(names):
            if names.count(name) > 1:
                out.setdefault(name, []).append((customer, names.count(name) - 1))
    return out


def median(values):
    return float(np.median(values))
