"""Paths, customer by customer and step by step."""

from datetime import timedelta
from itertools import groupby, pairwise


def steps_of(histories, i):
    names = histories.names["event"]
    return [(int(histories.time[j]), names[histories.event[j]]) for j in range(*histories.offsets[i : i + 2])]


def sessions(steps, gap):
    out = []
    for time, name in steps:
        if not out or time - out[-1][-1][0] >= gap:
            out.append([])
        out[-1].append((time, name))
    return out


def collapsed(session):
    return [list(run)[-1] for _, run in groupby(session, key=lambda step: step[1])]


def paths(miner, histories):
    """[(customer, [(time, step), …], whole)], each cut as asked."""
    gap = miner.gap // timedelta(microseconds=1)
    out = []
    for i in range(len(histories)):
        for session in sessions(steps_of(histories, i), gap):
            path = _cut(miner, collapsed(session) if miner.collapse else session)
            if path:
                out.append((int(histories.customer[i]), *path))
    return out


def _cut(miner, session):
    names = [name for _, name in session]
    if miner.start:
        if miner.start not in names:
            return None
        session = session[names.index(miner.start) :]
    names = [name for _, name in session]
    if miner.end:
        if miner.end not in names:
            return None
        session = session[: names.index(miner.end) + 1]
    if len(session) <= miner.steps:
        return session, True
    if not miner.end:
        return session[: miner.steps], False
    if not miner.start:
        return session[-miner.steps :], True
    half = miner.steps // 2
    middle = [(None, "…")] if miner.steps % 2 else []
    return [*session[:half], *middle, *session[-half:]], True


def edges(found):
    """{edge: (times, customers)}."""
    out = {}
    for customer, path, _ in found:
        for place, (one, two) in enumerate(pairwise(path), 1):
            name = f"{place}_{one[1]} > {place + 1}_{two[1]}"
            times, customers = out.setdefault(name, (0, set()))
            out[name] = times + 1, customers | {customer}
    return out


def drops(miner, found):
    out = {}
    for customer, path, whole in found:
        if whole and len(path) < miner.steps and not miner.end:
            name = f"{len(path)}_{path[-1][1]}"
            times, customers = out.setdefault(name, (0, set()))
            out[name] = times + 1, customers | {customer}
    return out


def loops(miner, histories):
    gap = miner.gap // timedelta(microseconds=1)
    out = {}
    for i in range(len(histories)):
        for session in sessions(steps_of(histories, i), gap):
            again = [b for (_, a), (_, b) in pairwise(session) if a == b]
            names = [name for _, name in collapsed(session)]
            again += [f"{a} > {b}" for a, b, c in zip(names, names[1:], names[2:], strict=False) if a == c]
            for name in again:
                times, customers = out.setdefault(name, (0, set()))
                out[name] = times + 1, customers | {int(histories.customer[i])}
    return out


def flows(miner, histories):
    """[(customer, [(place, step), …])] around anchors, Mixpanel's form."""
    within = miner.within // timedelta(microseconds=1)
    out = []
    for i in range(len(histories)):
        steps = steps_of(histories, i)
        steps = collapsed(steps) if miner.collapse else steps
        anchors = [n for n, (_, name) in enumerate(steps) if name == miner.start]
        for n in anchors if miner.every else anchors[:1]:
            near = [
                (m - n, steps[m][1])
                for m in range(n - miner.before, n + miner.after + 1)
                if 0 <= m < len(steps) and abs(steps[m][0] - steps[n][0]) <= within
            ]
            out.append((int(histories.customer[i]), near))
    return out
