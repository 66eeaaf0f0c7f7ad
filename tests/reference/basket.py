"""Rules of baskets, slowly: every set of products tried on every order."""

from itertools import combinations


def frequent(people, least):
    """Count orders by set of products; people is a list of lists of orders."""
    orders = [set(order) for person in people for order in person if order]
    products = sorted(set().union(*orders)) if orders else []
    counts = {}
    for size in range(1, len(products) + 1):
        for some in combinations(products, size):
            count = sum(set(some) <= order for order in orders)
            if count >= least:
                counts[frozenset(some)] = count
    return counts, len(orders)


def rules(people, least, confidence, lift):
    """Return {(left, right): (orders, support, confidence, lift, customers, to offer to)}."""
    counts, total = frequent(people, least)
    found = {}
    for whole, both in counts.items():
        for right in whole if len(whole) > 1 else ():
            left = whole - {right}
            sure = both / counts[left]
            times = both * total / (counts[left] * counts[frozenset({right})])
            if sure >= confidence and times >= lift:
                found[left, right] = (both, both / total, sure, times, *customers(people, left, right))
    return found


def customers(people, left, right):
    """Count who had both in one order, and who had the left side and never the right one."""
    both = sum(any(left | {right} <= set(order) for order in person) for person in people)
    offer = sum(
        any(left <= set(order) for order in person) and not any(right in order for order in person)
        for person in people
    )
    return both, offer
