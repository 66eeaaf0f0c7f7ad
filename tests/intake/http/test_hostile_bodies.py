"""Bodies made to break a collector: each is refused or kept, and what is kept every reader reads alike."""

import json
import time

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collected import asked, collector
from ganj.intake.http.collector import Kept
from ganj.intake.http.guards import MOST_DEPTH
from ganj.log import REASONS, decode
from hostile import CORPUS, props

GOOD = b'{"type":"track","messageId":"good","userId":"u","event":"e"}'
ANSWERING = collector()
DATABASE = duckdb.connect()


def kept(body, path="/v1/track"):
    """The answer's status and the lines, after the rules that hold for every request."""
    begun = time.process_time()
    found = ANSWERING.answer(asked(body, path))
    assert time.process_time() - begun < 1.0
    answer, lines = (found.answer, found.lines) if isinstance(found, Kept) else (found, b"")
    assert 200 <= answer.status < 500
    if lines:
        assert lines.endswith(b"\n")
        assert all(line.startswith(b'{"m":') for line in lines.splitlines())
    return answer.status, lines.splitlines(keepends=True)


@pytest.mark.parametrize("body", CORPUS.values(), ids=CORPUS.keys())
def test_a_hostile_body_is_refused_or_kept(body):
    status, lines = kept(body)
    if status != 200:
        assert status in {400, 413}
        return
    (line,) = lines
    found = decode(line)
    assert found.k in {"track", "page"} or found.p["code"] in REASONS


@pytest.mark.parametrize("body", CORPUS.values(), ids=CORPUS.keys())
def test_neighbours_of_a_hostile_message_are_kept(body):
    text = b"7" if not body.strip() else body
    status, lines = kept(b'{"batch":[' + GOOD + b"," + text + b"," + GOOD + b"]}", "/v1/batch")
    if status == 200:
        assert [decode(line).m for line in lines].count("good") == 2
    else:
        assert status in {400, 413}  # the batch itself is no JSON any more


def test_every_line_is_read_alike_by_the_database(tmp_path):
    """One line that only we can read would keep its whole file from being loaded."""
    lines = [line for body in CORPUS.values() for line in kept(body)[1]]
    assert len(lines) > 30
    assert agree(tmp_path / "log.ndjson", lines)


@pytest.mark.parametrize("depth", [MOST_DEPTH - 2, MOST_DEPTH - 1, MOST_DEPTH, MOST_DEPTH + 1])
def test_how_deep_an_event_may_be(depth):
    _, (line,) = kept(props("[" * depth + "]" * depth))
    # properties, the property, its arrays: one level each
    assert (decode(line).k == "track") == (depth + 2 <= MOST_DEPTH + 1)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(events=st.lists(st.dictionaries(st.text(), VALUES, max_size=4), min_size=1, max_size=8))
def test_whatever_is_taken_comes_back_as_it_was(tmp_path_factory, events):
    """Every value of JSON, as text in all its spellings: what we keep, we and the database read alike."""
    batch = [
        {"type": "track", "userId": "u", "event": "e", "messageId": str(n), "properties": p}
        for n, p in enumerate(events)
    ]
    status, lines = kept(json.dumps({"batch": batch}).encode(), "/v1/batch")
    assert status in {200, 400}  # 400: NaN and infinities are no JSON
    for line in lines:
        found = decode(line)
        if found.k == "track":
            assert same(found.p or {}, events[int(found.m)])
    assert not lines or agree(tmp_path_factory.getbasetemp() / "log.ndjson", lines)


def same(found, sent):
    """Equal, but for NUL."""
    if isinstance(sent, str):
        return found == sent.replace("\0", "\ufffd")
    if isinstance(sent, list):
        return len(found) == len(sent) and all(same(a, b) for a, b in zip(found, sent, strict=True))
    if isinstance(sent, dict):
        mended = {name.replace("\0", "\ufffd"): value for name, value in sent.items()}
        return found.keys() == mended.keys() and all(same(found[name], mended[name]) for name in found)
    return found == sent


def agree(file, lines):
    """Tell whether the database reads every line, with the ids and properties that we read."""
    file.write_bytes(b"".join(lines))
    columns = {"m": "VARCHAR", "r": "BIGINT", "t": "BIGINT", "k": "VARCHAR", "p": "JSON"}
    with DATABASE.cursor() as con:
        rows = con.read_json(str(file), columns=columns, format="newline_delimited").fetchall()
    ours = [decode(line) for line in lines]
    assert [(row[0], row[1], row[2], row[3]) for row in rows] == [
        (line.m, line.r, line.t, line.k) for line in ours
    ]
    return all((row[4] is None) == (line.p is None) for row, line in zip(rows, ours, strict=True))
