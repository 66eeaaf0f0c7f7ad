"""Sessions with plain lists, customer by customer."""

from datetime import timedelta

MICROSECOND = timedelta(microseconds=1)


def events_of(histories, i):
    """(time, name, page, channel) of one customer, in order."""
    names, paths = histories.names["event"], histories.names.get("property:path", ())
    channels = histories.names.get("channel", ())
    for j in range(histories.offsets[i], histories.offsets[i + 1]):
        path = histories.columns["property:path"][j] if "property:path" in histories.columns else -1
        channel = histories.columns["channel"][j] if "channel" in histories.columns else -1
        name = names[histories.event[j]]
        yield (
            int(histories.time[j]),
            name,
            paths[path] if path >= 0 else name,
            channels[channel] if channel >= 0 else "",
        )


def sessions(miner, histories):
    """One dict a session."""
    return [one for i in range(len(histories)) for one in _of(miner, histories, i)]


def _of(miner, histories, i):
    gap, mine = miner.gap // MICROSECOND, []
    events = list(events_of(histories, i))
    for time, name, page, _ in events:
        if name in miner.events:
            if not mine or time - mine[-1]["times"][-1] >= gap:
                mine.append({"customer": int(histories.customer[i]), "times": [], "pages": []})
            mine[-1]["times"].append(time)
            mine[-1]["pages"] += [page] if name in miner.views else []
    orders = [time for time, name, _, _ in events if name in miner.purchases]
    for one in mine:
        one["bought"] = any(0 <= time - t < gap for t in one["times"] for time in orders)
    return mine


def messages(miner, histories):
    """{channel: [sent, opened, clicked]}: each answer goes to the last message by its channel."""
    found, within = {}, miner.answer // MICROSECOND
    for i in range(len(histories)):
        events = list(events_of(histories, i))
        sent = [[time, channel, 0] for time, name, _, channel in events if name == "Message Sent"]
        for time, name, _, channel in events:
            rank = {"Message Opened": 1, "Message Clicked": 2}.get(name, 0)
            before = [one for one in sent if one[1] == channel and one[0] <= time]
            if rank and before and time - before[-1][0] <= within:
                before[-1][2] = max(before[-1][2], rank)
        for _, channel, rank in sent:
            row = found.setdefault(channel, [0, 0, 0])
            for n in range(rank + 1):
                row[n] += 1
    return found
