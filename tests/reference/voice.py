"""Figures of customers' voice, slowly: n-grams by slicing, log-odds and sandwiches by loops."""

import math
import re
from collections import Counter
from itertools import pairwise

from ganj.persian import match_form


def grams(text):
    """Count a text's words, neighbouring words, and runs of three to five letters with the edges of words."""
    folded = re.sub(r"(\S)\1{2,}", r"\1\1", match_form(text))
    words = re.findall(r"[\w'’]+|[^\w\s]", folded)
    found = Counter(("word", word) for word in words)
    found.update(("pair", *pair) for pair in pairwise(words))
    for word in words:
        edged = f"\0{word}\0"
        found.update(
            ("run", edged[at : at + size]) for size in range(3, 6) for at in range(len(edged) - size + 1)
        )
    return found


def keyness(left, right, prior):
    """Weigh each word's log-odds on two sides against what both say."""
    both = [a + b for a, b in zip(left, right, strict=True)]
    out = []
    for a, b, together in zip(left, right, both, strict=True):
        if together in (0, sum(both)):
            out.append(0.0)
            continue
        ahead = prior * together / sum(both)
        one = math.log((a + ahead) / (sum(left) + prior - a - ahead))
        other = math.log((b + ahead) / (sum(right) + prior - b - ahead))
        out.append((one - other) / math.sqrt(1 / (a + ahead) + 1 / (b + ahead)))
    return out


def slope(hours, marks, customers):
    """Regress marks on log2(1 + hours) with errors that allow for several marks of one customer (CR1)."""
    x = [math.log2(1 + hour) for hour in hours]
    n, mean, middle = len(x), sum(x) / len(x), sum(marks) / len(x)
    spread = sum((one - mean) ** 2 for one in x)
    value = sum((one - mean) * mark for one, mark in zip(x, marks, strict=True)) / spread
    scored = Counter()
    for one, mark, customer in zip(x, marks, customers, strict=True):
        scored[customer] += (one - mean) * (mark - middle - value * (one - mean))
    k = len(scored)
    variance = sum(one * one for one in scored.values()) / spread**2 * k / (k - 1) * (n - 1) / (n - 2)
    return value, math.sqrt(variance)


def nps(marks):
    """Return promoters less detractors in percent, by counting."""
    return 100 * (sum(mark >= 9 for mark in marks) - sum(mark <= 6 for mark in marks)) / len(marks)
