"""What was stored before is known for ever, however much comes after it."""

import numpy as np

from ganj.store.collected import seen
from ganj.store.collected.seen import Seen, flushed, halves


def some(random, size):
    return halves(random.integers(0, 256, (size, 16), dtype=np.uint8))


def test_everything_stored_is_known_and_little_else_is_looked_for(tmp_path, monkeypatch):
    monkeypatch.setattr(seen, "LEAST", 1 << 8)  # room for some thousand identities: many sieves
    monkeypatch.setattr(seen, "STEP", 1 << 10)
    random = np.random.default_rng(7)
    before = some(random, 5_000)
    file = flushed(tmp_path, [], before).name
    stored = Seen(tmp_path, [file], some(random, 0))
    told = [before]
    for _ in range(60):
        new = some(random, 700)
        assert not stored.has(*new).any()
        stored.add(*new)
        told.append(new)
    again = Seen(tmp_path, [file], tuple(np.concatenate(halves_) for halves_ in zip(*told[1:], strict=True)))
    for one in (stored, again):
        assert len(one) == 5_000 + 60 * 700
        assert all(one.has(*pair).all() for pair in told)
        assert not one.has(*some(random, 5_000)).any()


def test_nothing_is_known_where_nothing_was_stored(tmp_path):
    none = Seen(tmp_path, [], some(np.random.default_rng(8), 0))
    assert len(none) == 0
    assert not none.has(*some(np.random.default_rng(9), 10)).any()
