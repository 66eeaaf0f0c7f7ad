"""The log read back: torn tails, flipped bits, several writers, archives; nothing that was acknowledged is lost."""

import random

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collecting import event, group, segment
from ganj.log import decode, keeping
from ganj.log.groups import proved
from ganj.log.keeping import archive, repair
from ganj.log.reading import Following, segments


def messages(folder, positions=None, most=8 << 20):
    """Ids of the messages that can be read, and how many regions are damaged."""
    pieces = list(Following(folder, positions or {}).pieces(most))
    lines = [line for piece in pieces for line in bytes(piece.data).splitlines() if line.startswith(b'{"m"')]
    return [decode(line).m for line in lines], sum(len(piece.damaged) for piece in pieces)


def three_groups():
    return [group(*(event(m=f"{n}{letter}") for letter in "ab")) for n in range(3)]


def test_groups_of_all_files_in_order(tmp_path):
    segment(tmp_path, [event(m="a")], [event(m="b")], number=1)
    segment(tmp_path, [event(m="c")], number=2, suffix=".ndjson.open")
    assert messages(tmp_path) == (["a", "b", "c"], 0)


def test_reading_goes_on_where_it_was(tmp_path):
    first = group(event(m="a"))
    path = segment(tmp_path, first, [event(m="b")])
    assert messages(tmp_path, {path.name.split(".")[0]: len(first)}) == (["b"], 0)


def test_a_group_larger_than_what_is_read_at_once(tmp_path):
    segment(tmp_path, [event(m=f"x{n}") for n in range(200)], [event(m="y")])
    assert len(messages(tmp_path, most=100)[0]) == 201


def test_a_tail_cut_at_every_byte_costs_only_its_group(tmp_path):
    """F10: what a dead writer left of its last group goes to bad/, all groups before it are kept."""
    groups = three_groups()
    whole = b"".join(groups)
    kept = len(whole) - len(groups[2])
    for cut in range(kept, len(whole)):
        folder = tmp_path / str(cut)
        segment(folder, whole[:cut], suffix=".ndjson.open")
        put_aside = repair(folder)
        assert messages(folder) == (["0a", "0b", "1a", "1b"], 0)
        assert [len(path.read_bytes()) for path in put_aside] == ([cut - kept] if cut > kept else [])


@pytest.mark.parametrize(
    "tail", [bytes(5_000), random.Random(1).randbytes(5_000), b'{"g":[1', b'{"m":"forged"}\n']
)
def test_a_tail_of_rubbish_costs_nothing(tmp_path, tail):
    segment(tmp_path, *three_groups(), tail, suffix=".ndjson.open")
    put_aside = repair(tmp_path)
    assert len(messages(tmp_path)[0]) == 6
    assert len(put_aside) == bool(tail.strip(b"\0"))  # a file may be laid out in zeros beforehand
    assert [one.state for one in segments(tmp_path)] == ["sealed"]


def test_a_living_writers_file_is_left_alone(tmp_path):
    import fcntl

    path = segment(tmp_path, *three_groups(), b'{"m":"half', suffix=".ndjson.open")
    with path.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert repair(tmp_path) == []
        assert messages(tmp_path) == (["0a", "0b", "1a", "1b", "2a", "2b"], 0)
    assert path.exists()


def test_any_flipped_bit_costs_at_most_its_group():
    """F11: every bit of the middle group in turn."""
    groups = three_groups()
    begin, end = len(groups[0]), len(groups[0]) + len(groups[1])
    for bit in range(begin * 8, end * 8):
        data = bytearray(b"".join(groups))
        data[bit // 8] ^= 1 << bit % 8
        spans = proved(bytes(data), closed=True)
        good = b"".join(bytes(data[s.begin : s.end]) for s in spans if s.good)
        assert good == groups[0] + groups[2]
        assert [(s.begin, s.end) for s in spans if not s.good] == [(begin, end)]


@settings(max_examples=60)
@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=4), st.randoms())
def test_several_flips_lose_no_untouched_group(places, dice):
    groups = [group(*(event(m=f"{n}-{k}") for k in range(dice.randint(1, 3)))) for n in range(8)]
    data = bytearray(b"".join(groups))
    touched = {place % len(data) for place in places}
    for place in touched:
        data[place] ^= 1 << dice.randrange(8)
    good = b"".join(bytes(data[s.begin : s.end]) for s in proved(bytes(data), closed=True) if s.good)
    at = 0
    for one in groups:
        if not touched & set(range(at, at + len(one))):
            assert one in good
        at += len(one)


def test_an_archive_reads_as_its_file_did(tmp_path):
    segment(tmp_path, *three_groups())
    before = messages(tmp_path)
    archive(segments(tmp_path)[0])
    assert [one.state for one in segments(tmp_path)] == ["archived"]
    assert messages(tmp_path) == before
    first = len(three_groups()[0])
    assert messages(tmp_path, {segments(tmp_path)[0].stem: first}, most=50)[0] == ["1a", "1b", "2a", "2b"]


def test_an_archive_made_before_in_one_piece_reads_as_its_file_did(tmp_path):
    path = segment(tmp_path, *three_groups())
    before = messages(tmp_path)
    with pa.CompressedOutputStream(str(path.with_suffix(".ndjson.zst")), "zstd") as old:
        old.write(path.read_bytes())
    path.unlink()
    assert messages(tmp_path) == before


def test_an_archive_that_lacks_its_end_shows_it(tmp_path, monkeypatch):
    monkeypatch.setattr(keeping, "CHUNK", len(three_groups()[0]))
    segment(tmp_path, *three_groups())
    packed = archive(segments(tmp_path)[0])
    data = packed.read_bytes()
    packed.write_bytes(data[: data.rindex(b"\x28\xb5\x2f\xfd")])  # where a piece begins
    assert messages(tmp_path) == (["0a", "0b", "1a", "1b"], 1)


def test_a_file_that_is_archived_after_it_was_listed_is_read(tmp_path):
    segment(tmp_path, *three_groups(), number=1)
    segment(tmp_path, *three_groups(), number=2)
    pieces = Following(tmp_path, {}).pieces()
    next(pieces)
    archive(segments(tmp_path)[1])
    assert next(pieces).groups == 3


def test_a_damaged_archive_never_replaces_its_file(tmp_path):
    """F15: killed between writing the archive and removing the original, or the archive is torn."""
    path = segment(tmp_path, *three_groups())
    whole = path.read_bytes()
    packed = archive(segments(tmp_path)[0])
    for damaged in (packed.read_bytes()[:-9], b"", packed.read_bytes()):
        path.write_bytes(whole)
        packed.write_bytes(damaged)
        repair(tmp_path)
        assert [one.state for one in segments(tmp_path)] == ["archived"]
        assert len(messages(tmp_path)[0]) == 6


def test_of_a_damaged_archive_what_can_be_unpacked_is_read(tmp_path):
    dice = random.Random(3)
    segment(tmp_path, *[[event(m=f"{n}", p={"x": dice.randbytes(3_000).hex()})] for n in range(2_000)])
    packed = archive(segments(tmp_path)[0])
    data = bytearray(packed.read_bytes())
    data[len(data) // 2] ^= 0xFF
    packed.write_bytes(data)
    found, damaged = messages(tmp_path)
    assert 900 < len(found) < 2_000
    assert damaged >= 1
