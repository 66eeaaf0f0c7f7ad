"""Values are passed over by blocks of sixty-four bytes: wherever they begin, and whatever their texts look like."""

import json
import random

import numpy as np
import pytest

from collecting import event
from ganj.kernels.facts import found, put
from ganj.kernels.grouping import different
from ganj.log import encode
from ganj.store.collected import lines as reading
from ganj.store.collected.codes import Table

TRICKS = ["}", "{[", '"', "\\", '\\"', "]]]]", "سلام", "x" * 63, "\n", "", '{"p":{', "e\u0001"]


def made(dice, depth=0):
    """Return a value: texts full of brackets, quotes and backslashes, in lists and objects of any depth."""
    kind = dice.randrange(6 if depth < 6 else 2)
    if kind < 2:
        return "".join(dice.choices(TRICKS, k=dice.randrange(5))) if kind else dice.randrange(10**6)
    if kind < 4:
        return [made(dice, depth + 1) for _ in range(dice.randrange(4))]
    return {f"{dice.choice(TRICKS)}{n}": made(dice, depth + 1) for n in range(dice.randrange(5))}


@pytest.mark.parametrize("plain", [False, True], ids=["with escapes", "without"])
def test_what_lies_in_a_line_is_found_where_it_lies(plain):
    dice = random.Random(7)
    sent = [{"a": made(dice), "b": [made(dice)]} for _ in range(600)]
    if plain:  # then whole blocks are counted, not looked at letter by letter
        clean = str.maketrans('"\\\n\u0001', "}]{[")
        sent = [cleaned(one, clean) for one in sent]
    lines, bad = reading.read(encode([event(p=one, c={"deep": one}, x=one) for one in sent]))
    assert not bad
    assert len(lines) == len(sent)
    for row, one in enumerate(sent):
        told = {letter: lines.field(letter)[0][row] for letter in "pcx"}
        assert {k: json.loads(lines.data[a:b].tobytes()) for k, (a, b) in told.items()} == {
            "p": one,
            "c": {"deep": one},
            "x": one,
        }


def cleaned(value, table):
    """Take everything out of texts that JSON writes with a backslash."""
    if isinstance(value, dict):
        return {name.translate(table): cleaned(one, table) for name, one in value.items()}
    if isinstance(value, list):
        return [cleaned(one, table) for one in value]
    return value.translate(table) if isinstance(value, str) else value


def test_a_value_without_an_end_is_not_understood():
    whole = encode([event(p={"a": [1, {"b": "x" * 200}]})])
    for cut in range(len(whole) - 40, len(whole) - 1):
        lines, bad = reading.read(whole[:cut] + b"\n" + whole)
        assert (len(lines), len(bad)) == (1, 1)


def test_different_keys_come_in_the_order_in_which_they_came():
    keys = np.random.default_rng(3).integers(0, 50, 2_000).astype(np.uint64)
    first, place = different(keys)
    assert keys[first].tolist() == list(dict.fromkeys(keys.tolist()))
    assert (keys[first][place] == keys).all()
    assert [len(one) for one in different(keys[:0])] == [0, 0]


def test_a_table_of_hashes_knows_what_was_put():
    keys = np.random.default_rng(4).integers(0, 1 << 63, 5_000).astype(np.uint64)
    table = Table(keys[:10], np.arange(10))
    assert table.add(keys[10:]).tolist() == list(range(10, 5_000))
    assert table.find(keys).tolist() == list(range(5_000))
    assert (table.find(keys ^ np.uint64(1 << 63)) == -1).all()
    few, codes = np.zeros(4, np.uint64), np.full(4, -1, np.int32)
    put(few, codes, np.array([0, 4], np.uint64), np.array([7, 8], np.int32))  # both want the same place
    assert found(few, codes, np.array([4, 0, 8], np.uint64)).tolist() == [8, 7, -1]
