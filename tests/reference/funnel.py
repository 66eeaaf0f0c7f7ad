"""The ordered funnel as PostHog describes it, attempt by attempt, in plain Python."""

from itertools import groupby


def depth(events, steps, within):
    """Return the times of the first attempt that got furthest: [(time, step names)] in order of time.

    An attempt is (start, times, events used); ``standing[k]`` is the latest that has reached step k.
    """
    matching = [
        (at, time, [k + 1 for k, step in enumerate(steps) if step == name])
        for at, (time, name) in enumerate(events)
        if name in steps
    ]
    standing, best = {}, (0, [])
    for time, group in groupby(matching, key=lambda event: event[1]):
        together = list(group)
        if len({tuple(matches) for _, _, matches in together}) > 1:  # order unknown: that of the steps
            offers = sorted(
                ((k, at) for at, _, matches in together for k in matches), key=lambda offer: offer[0]
            )
        else:
            offers = [(k, at) for at, _, matches in together for k in reversed(matches)]
        for k, at in offers:
            attempt = (time, [], []) if k == 1 else standing.get(k - 1)
            if attempt is None or time - attempt[0] > within or at in attempt[2]:
                continue
            if k in standing and standing[k][0] == attempt[0]:
                continue
            standing[k] = (attempt[0], [*attempt[1], time], [*attempt[2], at])
            if k > best[0]:
                best = (k, standing[k][1])
        if best[0] == len(steps):
            break
    return best[1]
