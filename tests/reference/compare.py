"""Two groups compared with plain lists, customer by customer."""

import math
from collections import Counter

import numpy as np
from scipy import optimize

DAY = 86_400_000_000


def lives(histories, side_of, until_of):
    """One dict a customer: side (0 group, 1 others, None neither), counts of events that count, days, amount."""
    names = histories.names["event"]
    out = []
    for i in range(len(histories)):
        events = [
            (int(histories.time[j]), names[histories.event[j]], float(histories.amount[j]))
            for j in range(*histories.offsets[i : i + 2])
        ]
        kept = [one for one in events if one[0] < until_of(events)]
        out.append({
            "number": int(histories.customer[i]),
            "side": side_of(i, events),
            "had": Counter(name for _, name, _ in kept),
            "days": (kept[-1][0] - kept[0][0]) / DAY if kept else 0.0,
            "amount": sum(amount for *_, amount in kept if not math.isnan(amount)),
        })  # fmt: skip
    return [one for one in out if one["side"] is not None]


def by_outcome(outcome, within):
    """Who had the outcome is in the group, who was seen is not; what counts is before the first outcome."""

    def won(events):
        return next((time for time, name, _ in events if name == outcome), None)

    def side(_, events):
        return 0 if won(events) is not None else 1 if events else None

    def until(events):
        ends = [won(events)] if won(events) is not None else []
        ends += [events[0][0] + within] if within and events else []
        return min(ends, default=float("inf"))

    return side, until


def hits(people, name):
    """How many of each side had something."""
    return [sum(one["had"][name] > 0 for one in people if one["side"] == side) for side in (0, 1)]


def values(people, figure):
    """A figure of each customer, by side."""

    def of(one):
        return (
            one[figure]
            if figure in {"days", "amount"}
            else sum(one["had"].values())
            if figure == "any"
            else one["had"][figure]
        )

    return [[of(one) for one in people if one["side"] == side] for side in (0, 1)]


def partial(rows, outcome, at, value):
    """How likely the outcome is on average if everyone's figure were a value; its variance by small steps.

    The log odds are those that scipy finds the likeliest; nothing is standardised.
    """
    design = np.column_stack((np.ones(len(rows)), rows))

    def unlikely(b):
        return np.logaddexp(0, design @ b).sum() - outcome @ (design @ b)

    best = optimize.minimize(unlikely, np.zeros(design.shape[1]), method="BFGS", options={"gtol": 1e-7}).x
    chances = 1 / (1 + np.exp(-design @ best))
    spread = np.linalg.inv((design * (chances * (1 - chances))[:, None]).T @ design)

    def log_odds(b):
        told = [1 / (1 + math.exp(-(b[0] + sum(w * (value if k == at else x) for k, (w, x) in enumerate(zip(b[1:], row, strict=True))))))
                for row in rows]  # fmt: skip
        mean = sum(told) / len(told)
        return math.log(mean / (1 - mean))

    step = 1e-6
    slant = np.array(
        [
            (log_odds(best + step * one) - log_odds(best - step * one)) / (2 * step)
            for one in np.eye(len(best))
        ]
    )
    middle, wide = log_odds(best), 1.959964 * math.sqrt(slant @ spread @ slant)
    return [1 / (1 + math.exp(-one)) for one in (middle, middle - wide, middle + wide)]
