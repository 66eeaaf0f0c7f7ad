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


def cells(miner, histories):
    """Return {(cohort, column): customers} without zeros, from each start and each return, in plain Python."""
    names, found = histories.names["event"], {}
    for i in range(len(histories)):
        at = range(histories.offsets[i], histories.offsets[i + 1])
        starts = [j for j in at if names[histories.event[j]] == miner.start]
        if not starts:
            continue
        returns = [j for j in at if names[histories.event[j]] in miner.returns and j >= starts[0]]
        for start, places in _openings(miner, histories, starts, returns):
            for place in places:
                found[start, place] = found.get((start, place), 0) + 1
    return found


def _openings(miner, histories, starts, returns):
    """Yield the cohorts a customer joins, and the columns in which it is counted."""
    periods = [int(p) for p in _period(miner, histories.time[starts])]
    joined = {}
    for period, start in list(zip(periods, starts, strict=True))[
        : None if miner.cohorts == "recurring" else 1
    ]:
        ages = [_age(miner, histories.time[start], histories.time[j]) for j in returns if j > start]
        joined[period] = joined.get(period, set()) | _columns(miner, ages)
    for period, places in joined.items():
        top = len(miner.brackets) or miner.ages
        if miner.counting == "on_or_after" and places:
            yield period, set(range(min(max(places), top) + 1))
        else:
            yield period, {0, *(place for place in places if place <= top)}


def _columns(miner, ages):
    """The columns reached often enough; one above the last for a return after it."""
    sizes = miner.brackets or (1,) * miner.ages
    ends = [sum(sizes[: n + 1]) for n in range(len(sizes))]
    column = {age: next(n for n, end in enumerate(ends, 1) if age <= end) for age in range(1, ends[-1] + 1)}
    often = [column.get(age) for age in ages]
    far = any(ages.count(age) >= miner.at_least for age in ages if age > ends[-1])
    return {place for place in often if place and often.count(place) >= miner.at_least} | (
        {len(ends) + 1} if far else set()
    )


def _period(miner, times):
    if miner.period == "hour":
        return [(int(t) + 1_800_000_000) // 3_600_000_000 for t in times]  # Tehran's hours begin at half past
    return buckets(np.asarray(times), miner.period, *miner.bucketing)


def _age(miner, start, back):
    rolling = miner.windows == "rolling" or (
        not miner.windows and miner.semantics in {"mixpanel", "amplitude"}
    )
    if not rolling:
        one, other = _period(miner, [start, back])
        return int(other - one)
    hours = {"hour": 1, "day": 24, "week": 168, "month": 720}[miner.period]
    gap = int(back) - int(start)
    if miner.semantics == "mixpanel":
        return max(-(-gap // (hours * 3_600_000_000)) - 1, 0)
    if miner.semantics == "amplitude" and miner.period in {"hour", "day"}:
        floored = [(int(t) + 1_800_000_000) // 3_600_000_000 for t in (start, back)]
        return (floored[1] - floored[0]) // hours
    if miner.semantics == "amplitude":
        days = buckets(np.array([start, back]), "day", *miner.bucketing)
        return int(days[1] - days[0]) // (hours // 24)
    return gap // (hours * 3_600_000_000)
