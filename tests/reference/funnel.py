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


class Attempts:
    """The latest attempt that stands at each step: {"start", "times": {step: time}, "used", "spoilt"}."""

    def __init__(self, within, optional):
        self.within, self.optional = within, optional
        self.standing, self.deepest, self.best = {}, 0, None

    def previous(self, step, at, time):
        for before in range(step - 1, 0, -1):
            one = self.standing.get(before)
            fresh = one and self.start(step) != one["start"]
            if fresh and time - one["start"] <= self.within and at not in one["used"]:
                return one
            if before not in self.optional:
                return None
        return None

    def start(self, step):
        return self.standing[step]["start"] if step in self.standing else None

    def offer(self, at, time, step):
        if step == 1:
            one = {"start": time, "times": {}, "used": (), "spoilt": False}
            one = one if self.start(1) != time else None
        else:
            one = self.previous(step, at, time)
        if one is None:
            return
        self.standing[step] = {**one, "times": {**one["times"], step: time}, "used": (*one["used"], at)}
        if step > self.deepest or (step == self.deepest and self.best["spoilt"]):
            self.deepest, self.best = step, dict(self.standing[step])

    def exclude(self, time, step):
        one = self.standing.get(step - 1)
        if one is None or time - one["start"] > self.within or self.start(step) == one["start"]:
            return
        one["spoilt"] = True
        if self.deepest == step - 1 and time - self.best["start"] <= self.within:
            self.best["spoilt"] = True

    def only(self, fits):
        self.standing = {step: one for step, one in self.standing.items() if step in fits}


def walked(events, fits, bars, within, *, steps, strict=False, optional=()):
    """Return the deepest step and {step: time} of its attempt, or (0, {}) where an exclusion fell into it.

    Parameters
    ----------
    events : [time], in order
    fits, bars : for each event the steps it may be, and the steps on the way to which it excludes
    optional : steps that may be left out
    """
    found = Attempts(within, optional)
    for time, group in groupby(range(len(events)), key=events.__getitem__):
        moment = list(group)
        if len({(fits[at], bars[at]) for at in moment}) > 1:
            for step, at in sorted((step, one) for one in moment for step in fits[one]):
                found.offer(at, time, step)
        else:
            alone(found, time, moment, fits, bars, strict=strict)
        if steps in found.standing:
            break
    spoilt = found.best is None or found.best["spoilt"]
    return (0, {}) if spoilt else (found.deepest, found.best["times"])


def alone(found, time, moment, fits, bars, *, strict):
    for at in moment:
        for step in sorted({*fits[at], *bars[at]}, reverse=True):
            if step in bars[at]:
                found.exclude(time, step)
            if step in fits[at]:
                found.offer(at, time, step)
        if strict:
            found.only(fits[at])


def together(events, fits, bars, within, steps, begins=None):
    """Return the most different steps that lie within one window, each step taken by an event of its own.

    ``begins`` says which times a window may begin at.  A window in which an exclusion follows its first event counts only if all steps were there by then.
    """
    best = 0
    for start, fit in zip(events, fits, strict=True):
        inside = [k for k, time in enumerate(events) if 0 <= time - start <= within]
        ends = [events[k] for k in inside if bars[k] and events[k] > start]
        count = matched([fits[k] for k in inside if not ends or events[k] <= ends[0]], frozenset())
        if fit and (begins is None or begins(start)) and (not ends or count == steps):
            best = max(best, count)
    return best


def matched(fits, taken):
    """Count the steps that events can take, trying every choice."""
    if not fits:
        return len(taken)
    return max(
        matched(fits[1:], taken | more)
        for more in (set(), *({step} for step in fits[0] if step not in taken))
    )


def followed(events, fits, bars, within, steps):
    """Return the deepest step of any entry, where one entry is followed at a time; no grace."""
    best, level, start = 0, 0, 0
    for time, fit, bar in zip(events, fits, bars, strict=True):
        if best == steps:
            break
        if level and (time - start > within or level + 1 in bar):
            level = 0
        if level + 1 in fit:
            start = time if level == 0 else start
            level += 1
            best = max(best, level)
    return best
