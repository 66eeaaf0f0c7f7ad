"""Retention by sets of periods, customer by customer."""

import numpy as np

from ganj.calendar import buckets


def retention(miner, histories):
    """Return {(cohort, age): customers} without zeros, and a function from a period to its flow."""
    lives = list(_lives(miner, histories))
    last = int(buckets(np.array([miner.instant(miner.until) - 1]), miner.period, *miner.bucketing)[0])
    cells = {}
    for starts, returns, _ in lives:
        for cohort in [min(starts)] if miner.cohorts == "first" else sorted(starts):
            for age in range(miner.ages + 1):
                if cohort + age <= last and _came_back(miner, cohort, age, returns):
                    cells[cohort, age] = cells.get((cohort, age), 0) + 1
    return cells, lambda period: _flow(lives, period)


def _lives(miner, histories):
    """Yield of each customer who started: periods with a start, with a return, with either."""
    names = histories.names["event"]
    period = buckets(histories.time, miner.period, *miner.bucketing)
    for i in range(len(histories)):
        events = [
            (int(period[j]), names[histories.event[j]])
            for j in range(histories.offsets[i], histories.offsets[i + 1])
        ]
        begun = next((k for k, (_, name) in enumerate(events) if name == miner.start), None)
        if begun is None:
            continue
        events = events[begun:]
        starts = {when for when, name in events if name == miner.start}
        returns = {when for when, name in events if name in miner.returns}
        yield starts, returns, starts | returns


def _came_back(miner, cohort, age, returns):
    if age == 0:
        return True
    if miner.counting == "on_or_after":
        return any(when >= cohort + age for when in returns)
    return cohort + age in returns


def _flow(lives, period):
    here = [(min(starts), active) for starts, _, active in lives]
    return {
        "start": sum(period - 1 in active for _, active in here),
        "new": sum(first == period for first, _ in here),
        "kept": sum(period in active and period - 1 in active for _, active in here),
        "returned": sum(
            period in active and period - 1 not in active and first < period for first, active in here
        ),
        "left": sum(period not in active and period - 1 in active for _, active in here),
        "active": sum(period in active for _, active in here),
    }
