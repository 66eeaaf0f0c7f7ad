"""The life-cycle, customer by customer and period by period."""

from datetime import timedelta

from ganj.calendar import buckets

STAGES = ("prospect", "responder", "active", "former")


def events_of(histories, i):
    names = histories.names["event"]
    for j in range(histories.offsets[i], histories.offsets[i + 1]):
        yield int(histories.time[j]), names[histories.event[j]]


def period_of(miner, time):
    import numpy as np

    return int(buckets(np.array([time]), miner.period, *miner.bucketing)[0])


def states(miner, histories, first, last):
    """{(period, state): customers} from one period to another."""
    found = {}
    for i in range(len(histories)):
        active = {period_of(miner, time) for time, name in events_of(histories, i) if name in miner.activity}
        for period in range(first, last + 1):
            state = _state(active, period)
            if state:
                found.setdefault((period, state), set()).add(int(histories.customer[i]))
    return found


def _state(active, period):
    if period in active:
        if period == min(active):
            return "new"
        return "returning" if period - 1 in active else "resurrecting"
    return "dormant" if period - 1 in active else None


def stage_at(miner, events, moment):
    """The stage at the start of a moment (what happens at it does not count yet); None before any event."""
    before = [(time, name) for time, name in events if time < moment]
    bought = [time for time, name in before if name in miner.purchases]
    idle = miner.idle // timedelta(microseconds=1)
    if bought:
        return "active" if moment - max(bought) <= idle else "former"
    if any(name in miner.responses for _, name in before):
        return "responder"
    return "prospect" if before else None
