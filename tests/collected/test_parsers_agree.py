"""F18: whatever the edge writes into the log is loaded with the values that were sent.

The slow reference is `json`: every member of every message, by every way the loader has of reading it.
"""

import hashlib
import json
import math
import random

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from collecting import NOW, event, workspace
from ganj.kernels import json_values as jv
from ganj.kernels.md5 import identities
from ganj.log import encode
from ganj.store.collected import lines as reading
from ganj.store.collected.codes import hashes
from ganj.store.collected.seen import Seen, halves
from ganj.store.collected.told import Told, numbers
from ganj.store.collected.wanted import Place

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64)
    | st.floats(allow_nan=False, allow_infinity=False)
    | WORDS
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)
NAMES = WORDS | st.sampled_from(
    ["price", "revenue", "path", "order_id", "email", "products", "$os", 'a"b', "\\", "\x00"]
)
OBJECTS = st.dictionaries(NAMES, VALUES, max_size=8)


def told(*messages):
    found, bad = reading.read(encode(messages))
    assert not bad
    return Told(found)


@settings(max_examples=80)
@given(st.lists(OBJECTS, min_size=1, max_size=4))
def test_every_member_is_seen_as_it_was_sent(sent):
    seen = told(*[event(p=one) for one in sent])
    members = [{} for _ in sent]
    for row, (a, b, c, d) in zip(seen.line.tolist(), seen.places.tolist(), strict=True):
        name = json.loads(b'"' + seen.data[a:b].tobytes() + b'"')
        members[row][name] = json.loads(seen.data[c:d].tobytes())
    assert members == sent


@settings(max_examples=80)
@given(st.lists(st.dictionaries(st.sampled_from(["price", "revenue"]), SCALARS), min_size=1, max_size=6))
def test_numbers_are_the_nearest_ones(sent):
    seen = told(*[event(p=one) for one in sent])
    found = numbers(seen.data, seen.one(Place("p", "price"))).tolist()
    for number, one in zip(found, sent, strict=True):
        value = one.get("price")
        if isinstance(value, int | float) and not isinstance(value, bool):
            assert number == float(value)
        elif not isinstance(value, str):
            assert math.isnan(number)


@given(st.lists(OBJECTS, min_size=1, max_size=4), st.dictionaries(st.sampled_from(["page", "os"]), OBJECTS))
def test_what_is_filled_in_leaves_what_was_sent(sent, context):
    seen = told(*[event(p=one, c=context) for one in sent])
    text, ends = seen.properties(np.arange(len(sent)))
    whole = text.tobytes()
    for n, one in enumerate(sent):
        part = whole[ends[n] : ends[n + 1]]
        stored = json.loads(part) if part else {}
        assert {name: stored[name] for name in one} == one
        page = context.get("page", {}).get("path")
        if isinstance(page, str) and page and "path" not in one:
            assert stored["path"] == page


@given(st.lists(st.binary(max_size=150), max_size=20))
def test_identities_are_md5(texts):
    data = np.frombuffer(b"".join(texts) + b"-", np.uint8)
    ends = np.cumsum([len(text) for text in texts]).astype(np.int64)
    found = identities(data, np.append(0, ends[:-1])[: len(texts)].astype(np.int64), ends)
    assert [one.tobytes() for one in found] == [hashlib.md5(text).digest() for text in texts]


@given(
    st.lists(st.text(max_size=9), max_size=40), st.lists(st.integers(0, 39), max_size=60), st.integers(0, 3)
)
def test_messages_seen_before_are_known(tmp_path_factory, words, asked, flushes):
    seen, known = (
        Seen(tmp_path_factory.mktemp("ids"), [], (np.zeros(0, np.uint64), np.zeros(0, np.uint64))),
        set(),
    )
    for turn in range(4):
        batch = [words[n % len(words)] for n in asked[turn::4]] if words else []
        ids = np.array([np.frombuffer(reading.identity(word), np.uint8) for word in batch]).reshape(-1, 16)
        new = seen.new(ids)
        first = {}
        for place, word in enumerate(batch):
            first.setdefault(word, place)
        assert new.tolist() == [
            word not in known and first[word] == place for place, word in enumerate(batch)
        ]
        seen.add(*halves(ids[new]))
        known |= set(batch)
        if turn < flushes and (flushed := seen.flush()):
            seen.exchange(flushed)
        assert len(seen) == len(known)


def test_a_run_of_alike_identities_is_searched_whole():
    high = np.array([5] * 9 + [7] * 3, np.uint64)
    low = np.array([*range(9), *range(3)], np.uint64)
    wanted = [(5, 8), (5, 9), (6, 0), (7, 0), (7, 2), (7, 3), (0, 0), (2**64 - 1, 0)]
    found = jv.found(high, low, *(np.array(half, np.uint64) for half in zip(*wanted, strict=True)))
    assert found.tolist() == [True, False, False, True, True, False, False, False]


def test_hashes_of_words_and_of_spans_agree():
    seen = told(event("نام"), event('with "quotes"'))
    assert seen.lines.hash("e")[0] == hashes(["نام"])[0]


def agree(tmp_path, sent):
    """Load messages and compare what is stored with what was sent."""
    with workspace(tmp_path, *[event(p=one, m=str(n), t=NOW + n) for n, one in enumerate(sent)]) as shop:
        shelves, columns = shop.store.snapshot._shelves, ["customer", "time", "message_id", "properties"]
        part = [table for bucket in range(5) for table in shelves.tables(bucket, columns, (None, None))]
        stored = {
            row["time"] - NOW: row["properties"]
            for table in part
            for row in table.select(["time", "properties"]).to_pylist()
        }
        assert len(stored) == len(sent)
        for n, one in enumerate(sent):
            told = json.loads(stored[n]) if stored[n] else {}
            assert {name: told[name] for name in one} == one  # beside what PostHog's own names fill in
        shop.sql("select count(json_keys(properties)) from events")  # the database can read them too
        for name in shop.store.properties():
            assert all(isinstance(word, str) for word in shop.store.names(f"property:{name}"))


@settings(max_examples=5, phases=[Phase.generate])
@given(st.lists(OBJECTS, min_size=20, max_size=60))
def test_what_is_stored_is_what_was_sent(tmp_path_factory, sent):
    agree(tmp_path_factory.mktemp("shop"), sent)


@pytest.mark.slow
def test_a_hundred_thousand_messages(tmp_path):
    dice = random.Random(5)
    letters = 'abcسلام "\\\n\t/\u2028\u202e😀0123456789.-eE{}[]:,'

    def value(depth=0):
        kind = dice.randrange(9 if depth < 3 else 6)
        if kind < 6:
            return [
                None,
                dice.random() < 0.5,
                dice.randrange(-(10**18), 10**18),
                dice.gauss(0, 1e6),
                word(),
                str(dice.random()),
            ][kind]
        return (
            [value(depth + 1) for _ in range(3)] if kind < 7 else {word(): value(depth + 1) for _ in range(3)}
        )

    def word():
        return "".join(dice.choice(letters) for _ in range(dice.randrange(9)))

    agree(tmp_path, [{word(): value() for _ in range(dice.randrange(6))} for _ in range(100_000)])
