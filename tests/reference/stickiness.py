"""Stickiness by sets of days, customer by customer."""

import numpy as np

from ganj.calendar import buckets


def stickiness(miner, histories):
    """{intervals: customers} in the range."""
    names = histories.names["event"]
    last = int(buckets(np.array([miner.instant(miner.until) - 1]), miner.interval, *miner.bucketing)[0])
    found = {}
    for i in range(len(histories)):
        seen = {}
        for j in range(histories.offsets[i], histories.offsets[i + 1]):
            if miner.activity == ("any",) or names[histories.event[j]] in miner.activity:
                interval = int(buckets(histories.time[j : j + 1], miner.interval, *miner.bucketing)[0])
                seen[interval] = seen.get(interval, 0) + 1
        good = [
            one
            for one, count in seen.items()
            if count >= miner.at_least
            and (not miner.at_most or count <= miner.at_most)
            and (miner.since is not None or one > last - miner.intervals)
        ]
        if good:
            found.setdefault(len(good), set()).add(int(histories.customer[i]))
    return found
