"""The clock with the standard library, event by event."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def wall(time, zone):
    """The time on the wall of µs UTC."""
    return (EPOCH + timedelta(microseconds=int(time))).astimezone(ZoneInfo(zone))


def hours(histories, zone, names):
    """{(weekday, hour): (events, customers)}."""
    events = histories.names["event"]
    found = {}
    for i in range(len(histories)):
        for j in range(histories.offsets[i], histories.offsets[i + 1]):
            if events[histories.event[j]] in names:
                at = wall(histories.time[j], zone)
                count, who = found.get((at.weekday(), at.hour), (0, frozenset()))
                found[at.weekday(), at.hour] = (count + 1, who | {int(histories.customer[i])})
    return found


def chances(first, last, zone):
    """How often a stretch of time (µs UTC, whole quarters) had each hour of the week."""
    found, time = {}, first
    while time < last:
        at = wall(time, zone)
        found[at.weekday(), at.hour] = found.get((at.weekday(), at.hour), 0) + 0.25
        time += 900_000_000
    return found


def answers(histories, zone, within):
    """{(weekday, hour): [sent, answered]}; an answer is to the last message before it by its channel."""
    names, channels = histories.names["event"], (*histories.names.get("channel", ()), "")
    found = {}
    for i in range(len(histories)):
        events = [
            (int(histories.time[j]), names[histories.event[j]], channels[histories.columns["channel"][j]] if "channel" in histories.columns else "")
            for j in range(histories.offsets[i], histories.offsets[i + 1])
        ]  # fmt: skip
        sent = [[time, channel, False] for time, name, channel in events if name == "Message Sent"]
        for time, name, channel in events:
            before = [one for one in sent if one[1] == channel and one[0] <= time]
            if name == "Message Opened" and before and time - before[-1][0] <= within:
                before[-1][2] = True
        for time, _, hit in sent:
            at = wall(time, zone)
            row = found.setdefault((at.weekday(), at.hour), [0, 0])
            row[0] += 1
            row[1] += hit
    return found
