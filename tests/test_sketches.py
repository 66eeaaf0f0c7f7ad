"""States that add: the largest of many labels."""

from functools import reduce

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ganj.sketches import Largest

PARTS = st.lists(
    st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 9), max_size=6), min_size=1, max_size=5
)


def joined(parts, limit):
    each = [Largest.of({k: np.array([v, 1.0]) for k, v in part.items()}, limit) for part in parts]
    return reduce(lambda a, b: a + b, each)


@given(PARTS)
def test_as_many_labels_as_fit_are_exact(parts):
    found = joined(parts, 8)
    assert {k: v[0] for k, v in found.values.items()} == {
        k: sum(part.get(k, 0) for part in parts) for k in {label for part in parts for label in part}
    }
    assert (found.rest, found.missed) == (0.0, 0.0)


@given(PARTS, st.integers(1, 5))
def test_of_more_labels_nothing_is_lost_and_what_is_shown_lacks_no_more_than_said(parts, limit):
    found = joined(parts, limit)
    true = {k: sum(part.get(k, 0) for part in parts) for k in {label for part in parts for label in part}}
    assert len(found.values) <= limit
    assert sum(v[0] for v in found.values.values()) + np.atleast_1d(found.rest)[0] == sum(true.values())
    for label, whole in true.items():
        shown = found.values[label][0] if label in found.values else 0
        assert whole - found.missed <= shown <= whole
