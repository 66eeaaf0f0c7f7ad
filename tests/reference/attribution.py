"""Credit by the book: every coalition is enumerated, every chain is walked to its end."""

from datetime import timedelta
from itertools import combinations, pairwise
from math import factorial


def paths(events, is_touch, is_conversion, lookback):
    """[(touches, conversion or None)] of one customer; events are (time, …) in order."""
    out, waiting = [], []
    for event in events:
        if is_conversion(event):
            near = [touch for touch in waiting if event[0] - touch[0] <= lookback]
            old = waiting[: len(waiting) - len(near)]
            out += [(old, None)] if old else []
            out.append((near, event))
            waiting = []
        elif is_touch(event):
            waiting.append(event)
    return out + ([(waiting, None)] if waiting else [])


def rules(path, ages, half_life=timedelta(days=7) / timedelta(microseconds=1)):
    """{rule: {channel: share}} of one path."""
    n = len(path)
    faded = [2 ** (-age / half_life) for age in ages]
    ends = [1.0] if n == 1 else [0.5, 0.5] if n == 2 else [0.4, *[0.2 / (n - 2)] * (n - 2), 0.4]
    return {
        "first": _sums(path, [1.0] + [0.0] * (n - 1)),
        "last": _sums(path, [0.0] * (n - 1) + [1.0]),
        "linear": _sums(path, [1 / n] * n),
        "position": _sums(path, ends),
        "decay": _sums(path, [one / sum(faded) for one in faded]),
    }


def _sums(path, shares):
    out = {}
    for channel, share in zip(path, shares, strict=True):
        out[channel] = out.get(channel, 0) + share
    return out


def shapley(counts):
    """{channel: value}; counts {frozenset: conversions}; every coalition of all channels."""
    channels = sorted(set().union(*counts)) if counts else []
    n = len(channels)

    def worth(coalition):
        return sum(number for own, number in counts.items() if own <= coalition)

    out = {}
    for one in channels:
        others = [c for c in channels if c != one]
        out[one] = sum(
            factorial(size) * factorial(n - size - 1) / factorial(n)
            * (worth(frozenset(some) | {one}) - worth(frozenset(some)))
            for size in range(n)
            for some in combinations(others, size)
        )  # fmt: skip
    return out


def chain(told, order):
    """{state: {next: weight}} of paths [(path, conversions, nulls)]."""
    moves = {}
    for path, won, lost in told:
        states = [()] + [tuple(reversed(path[max(0, i + 1 - order) : i + 1])) for i in range(len(path))]
        steps = [(here, there, won + lost) for here, there in pairwise(states)]
        for here, there, weight in (*steps, (states[-1], "won", won), (states[-1], "lost", lost)):
            moves.setdefault(here, {}).setdefault(there, 0)
            moves[here][there] += weight
    return moves


def chance(told, order, without=None, rounds=3000):
    """The chance that the chain converts, a channel taken away: walked until nobody is under way."""
    moves, at, won = chain(told, order), {(): 1.0}, 0.0
    for _ in range(rounds):
        after = {}
        for state, share in at.items():
            total = sum(moves[state].values())
            won += share * moves[state].get("won", 0) / total
            for there, weight in moves[state].items():
                if there not in ("won", "lost") and there[0] != without:
                    after[there] = after.get(there, 0) + share * weight / total
        at = after
        if sum(at.values()) < 1e-14:
            break
    return won
