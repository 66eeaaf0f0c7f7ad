"""Orders customer by customer, with lists and sorting."""

from ganj.calendar import local_day

ORDER, REFUND = "Order Completed", "Order Refunded"


def orders(histories, since=None, until=None):
    """Return for each customer: [(time, amount)] of orders, the sum of returns."""
    names = histories.names["event"]
    out = []
    for i in range(len(histories)):
        bought, returned = [], 0.0
        for j in range(histories.offsets[i], histories.offsets[i + 1]):
            time, name = int(histories.time[j]), names[histories.event[j]]
            amount = float(histories.amount[j])
            amount = 0.0 if amount != amount else amount  # noqa: PLR0124 - nan is not itself
            if (since is not None and time < since) or (until is not None and time >= until):
                continue
            if name == ORDER:
                bought.append((time, amount))
            elif name == REFUND:
                returned += abs(amount)
        out.append((bought, returned))
    return out


def rfm(histories, as_of_day, zone, until, *, net=False):
    """Return for each buyer's position: recency in days, frequency, monetary."""
    found = {}
    for i, (bought, returned) in enumerate(orders(histories, until=until)):
        if bought:
            last = int(local_day(max(time for time, _ in bought), zone))
            monetary = sum(amount for _, amount in bought) - (returned if net else 0)
            found[i] = (as_of_day - last, len(bought), monetary)
    return found


def ranked(values, bins):
    """Score values 1 … bins: one plus the whole ``bins``-ths of the values that are strictly less."""
    return [1 + bins * sum(other < value for other in values) // len(values) for value in values]
