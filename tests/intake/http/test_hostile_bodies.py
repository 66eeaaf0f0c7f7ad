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

HEAD = b'{"messageId":"m1","userId":"u1","event":"e","properties":'
GOOD = b'{"type":"track","messageId":"good","userId":"u","event":"e"}'


def props(text):
    """An event whose property ``v`` is given as JSON text."""
    return HEAD + b'{"v":' + (text if isinstance(text, bytes) else text.encode()) + b"}}"


CORPUS = {
    "NaN": props("NaN"),
    "Infinity": props("-Infinity"),
    "1e400": props("1e400"),
    "10^40": props("1" + "0" * 40),
    "10^400": props("1" + "0" * 400),
    "10^5000": props("1" + "0" * 5000),
    "1e-400": props("1e-400"),
    "invalid UTF-8": props(b'"\xff\xfe"'),
    "overlong UTF-8": props(b'"\xc0\x80"'),
    "a surrogate in UTF-8": props(b'"\xed\xa0\x80"'),
    "a lone surrogate": props(r'"\ud800"'),
    "two low surrogates": props(r'"\udc00\udc00"'),
    "a raw NUL": props(b'"a\x00b"'),
    "a NUL": props(r'"a\u0000b"'),
    "a NUL in a name": HEAD + rb'{"a\u0000b":1}}',
    "a NUL in the event": rb'{"userId":"u","event":"a\u0000b"}',
    "a backslash before u0000": props(r'"a\\u0000b"'),
    "doubled messageId": b'{"messageId":"a","messageId":"b","userId":"u","event":"e"}',
    "doubled type": b'{"type":"track","type":"page","userId":"u","event":"e"}',
    "doubled name within": HEAD + b'{"a":1,"a":2}}',
    "properties an array": HEAD + b"[1,2]}",
    "properties a text": HEAD + b'"x"}',
    "properties null": HEAD + b"null}",
    "depth 30": props("[" * 29 + "]" * 29),
    "depth 100": props("[" * 100 + "]" * 100),
    "depth 900": props('{"a":' * 900 + "1" + "}" * 900),
    "depth 5,000": props("[" * 5000 + "]" * 5000),
    "depth 100,000": props("[" * 100_000 + "]" * 100_000),
    "only openings": b"[" * 400_000,
    "brackets in a text": props('"' + "[" * 1000 + '"'),
    "3,000 names": HEAD + json.dumps({f"k{n}": n for n in range(3000)}).encode() + b"}",
    "a name of 20 kB": HEAD + json.dumps({"k" * 20_000: 1}).encode() + b"}",
    "an event of 40 kB": props(json.dumps("x" * 40_000)),
    "a body of 1 MB": props(json.dumps("x" * 1_000_000)),
    "nothing": b"",
    "null": b"null",
    "an array": b"[]",
    "a number": b"1",
    "BOM": b"\xef\xbb\xbf" + props("1"),
    "UTF-16": props("1").decode().encode("utf-16"),
    "random bytes": bytes(range(256)),
    "year 9999 at +14:00": HEAD[:-13] + b'"timestamp":"9999-12-31T23:59:59+14:00"}',
    "year 1 at +14:00": HEAD[:-13] + b'"timestamp":"0001-01-01T00:00:00+14:00"}',
    "a time without zone": HEAD[:-13] + b'"timestamp":"2026-01-01T00:00:00"}',
    "a time as a number": HEAD[:-13] + b'"timestamp":1767225600123}',
    "a time too far": HEAD[:-13] + b'"timestamp":1e300}',
    "userId 2^63": b'{"userId":9223372036854775808,"event":"e"}',
    "userId 10^30": b'{"userId":1000000000000000000000000000000,"event":"e"}',
    "userId a fraction": b'{"userId":1.5,"event":"e"}',
    "separators of lines": props('"\u2028\u202e\u0085"'),
    "a line feed in a name": HEAD + rb'{"a\nb":1}}',
    "a group's end": props(r'"x\n{\"g\":[1,2]}\n"'),
    "a group's end as a name": HEAD + b'{"}\\n{\\"g\\":[0,0]}\\n":1}}',
    "a formula": props(json.dumps('=HYPERLINK("http://x","y")')),
    "a script": props(json.dumps("<script>alert(1)</script>")),
    "SQL": props(json.dumps("'); drop table events; --")),
    "pretty": json.dumps(json.loads(props("1")), indent=4).encode(),
    "data= and nothing": b"data=",
    "data= and rubbish": b"data=%%%",
}
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
