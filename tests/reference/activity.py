"""Every row and all that stands beside it, looked for one by one."""


def rows(histories, cohort, which, since):
    """[(customer position, event position)] of the cohort."""
    names, out = histories.names["event"], []
    for i in range(len(histories)):
        mine = [j for j in range(*histories.offsets[i : i + 2]) if names[histories.event[j]] == cohort]
        mine = mine[:1] if which == "first" else mine[-1:] if which == "last" else mine
        out += [(i, j) for j in mine if since is None or histories.time[j] >= since]
    return out


def beside(histories, found, event, when):
    """The positions of the events that stand in a relation to each row."""
    names, out = histories.names["event"], []
    for number, (i, at) in enumerate(found):
        t = histories.time[at]
        later = found[number + 1 :]
        until = histories.time[later[0][1]] if later and later[0][0] == i else None
        fits = {
            "ever": lambda _: True,
            "before": lambda u, t=t: u < t,
            "after": lambda u, t=t: u > t,
            "in between": lambda u, t=t, until=until: u > t and (until is None or u < until),
        }[when]
        out.append([
            j for j in range(*histories.offsets[i : i + 2])
            if names[histories.event[j]] == event and fits(histories.time[j])
        ])  # fmt: skip
    return out
