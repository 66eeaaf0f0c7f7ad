"""The quick way over a request says what the other way says, byte for byte, or leaves it to that."""

import json
import re

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from collected import asked, collector
from ganj.intake.http import quick
from ganj.intake.http.collector import Kept
from intake.http.test_hostile_bodies import CORPUS, GOOD, VALUES


@pytest.fixture(scope="module", autouse=True)
def _loops():
    quick.warm()


def both(body, path="/v1/batch", **headers):
    """What both ways make of a request: status, lines, what is said."""
    request, found = asked(body, path, **headers), []
    loops = list(quick._loops)
    for way in ([], loops):
        quick._loops[:] = way
        by = collector()
        said = by.answer(request)
        answer, lines = (said.answer, said.lines) if isinstance(said, Kept) else (said, b"")
        lines = re.sub(rb'"m":"[0-9a-f]{32}"', b'"m":"made"', lines)  # an id where none was sent
        found.append((answer.status, answer.body, lines, by.tallies.get("shop")))
    assert quick._loops == loops
    return found


def agree(body, path="/v1/batch", **headers):
    slow, fast = both(body, path, **headers)
    assert fast == slow
    return fast[2]


def is_quick(body, path="/v1/batch"):
    scan = quick.scanned(body, single=path != "/v1/batch", kind=path.rpartition("/")[2])
    return scan is not None and not any(map(scan._is_slow, range(scan.count)))


def message(**changed):
    said = {
        "type": "track",
        "messageId": "m1",
        "userId": "u1",
        "event": "e",
        "timestamp": "2026-01-31T10:20:30.123Z",
    }
    return {name: value for name, value in (said | changed).items() if value is not ...}


def batch(*messages, **around):
    return {"batch": list(messages), **around}


def written(value, *, plain, spaced):
    return json.dumps(value, ensure_ascii=plain, separators=(", ", ": ") if spaced else (",", ":")).encode()


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("spaced", [False, True])
@pytest.mark.parametrize(
    "changed",
    [
        {}, {"userId": ..., "anonymousId": "a1"}, {"userId": None, "anonymousId": "a1"}, {"userId": "", "anonymousId": "a"},
        {"properties": {"title": "کفش ورزشی", "price": 19.99, "n": -3, "ok": True, "no": None, "of": [1, {"a": []}, {}]}},
        {"properties": {}}, {"properties": None}, {"context": {}}, {"context": None}, {"integrations": {"All": True}},
        {"context": {"ip": "192.0.2.1", "page": {"title": 'گل "سرخ" / 🌹\n'}}}, {"timestamp": ...}, {"timestamp": ""},
        {"timestamp": "2026-01-31T10:20:30Z"}, {"timestamp": "2026-01-31T10:20:30.123456+00:00"}, {"_metadata": {"v": 1}},
        {"timestamp": "1904-02-29T23:59:59.999Z"}, {"timestamp": "0001-01-01T00:00:00Z"}, {"event": "سفارش"},
        {"writeKey": "WK"}, {"messageId": "x" * 98}, {"userId": "y" * 510}, {"properties": {"s": "/"}},
    ],
)  # fmt: skip
def test_usual_events_take_the_quick_way(changed, plain, spaced):
    for said, path in (
        (batch(message(**changed), message(messageId="m2")), "/v1/batch"),
        (message(**changed), "/v1/track"),
    ):
        body = written(said, plain=plain, spaced=spaced)
        assert is_quick(body, path)
        assert agree(body, path)


@pytest.mark.parametrize(
    "changed",
    [
        {"type": "page", "name": "خانه"}, {"type": "identify", "traits": {"email": "a@b.ir"}}, {"type": "trash"}, {"type": ...},
        {"userId": ...}, {"userId": 7}, {"event": ""}, {"event": ...}, {"messageId": "x" * 101},
        {"userId": "y" * 513}, {"originalTimestamp": "2026-01-31T10:20:30Z"}, {"channel": "web"}, {"sentAt": "2026-01-31"},
        {"integrations": {"All": False}}, {"integrations": {"Abc": True}}, {"context": {"device": {"id": "d1"}}},
        {"context": {"externalIds": [{"type": "crm", "id": 7}]}}, {"context": {"direct": True}}, {"properties": []},
        {"timestamp": "2026-02-29T10:20:30Z"}, {"timestamp": "2026-01-31T10:20:30.5Z"}, {"timestamp": "2026-01-31 10:20"},
        {"timestamp": "2026-01-31T10:20:30+03:30"}, {"timestamp": "1767225600"}, {"properties": {"x": "a\0b"}},
        {"properties": {"n": 1e22, "m": 1.5e-9, "k": 10**19, "z": -0.0}}, {"properties": {"deep": [[[[[[[[1]]]]]]]]}},
        {"properties": {f"k{n}": n for n in range(30)}}, {"properties": {"x": "y" * 40_000}}, {"name": 7}, {"groupId": "g"},
    ],
)  # fmt: skip
def test_others_are_left_to_the_slow_way_and_their_neighbours_are_not(changed):
    body = written(batch(message(), message(**changed), message(messageId="m3")), plain=False, spaced=False)
    agree(body)
    agree(written(message(**changed), plain=False, spaced=False), "/v1/track")


@pytest.mark.parametrize("body", CORPUS.values(), ids=CORPUS.keys())
def test_a_hostile_body(body):
    for said, path in (
        (body, "/v1/track"),
        (b'{"batch":[' + GOOD + b"," + (body or b"7") + b"," + GOOD + b"]}", "/v1/batch"),
    ):
        slow, fast = both(said, path)
        assert fast == slow


@pytest.mark.parametrize(
    "around",
    [{}, {"sentAt": "2026-01-31T10:21:00.000Z"}, {"sentAt": None}, {"writeKey": "WK"}, {"writeKey": "no"}, {"more": [1]},
     {"context": {"app": {"name": "x"}}}, {"context": {}}, {"integrations": {"All": True}}, {"integrations": {"A": False}}],
)  # fmt: skip
def test_what_is_around_a_batch(around):
    agree(written(batch(message(), **around), plain=False, spaced=True))
    agree(written({**around, **batch(message())}, plain=False, spaced=False), authorization="")


@pytest.mark.parametrize("headers", [{}, {"user_agent": 'Mozilla "5.0"'}])
@pytest.mark.parametrize(
    "context",
    [..., {}, {"ip": "192.0.2.9"}, {"userAgent": "x", "page": {"url": "/"}}, {"ip": "1", "userAgent": "2"}],
)
def test_what_a_browser_adds(context, headers):
    """It stands first; the same members, whatever their order."""
    body = written(batch(message(context=context)), plain=False, spaced=False)
    slow, fast = both(body, origin="https://shop.example", **headers)
    assert fast[:2] == slow[:2]
    assert json.loads(fast[2]) == json.loads(slow[2])


@settings(max_examples=60, deadline=None)
@given(
    properties=st.dictionaries(st.text(max_size=8), VALUES, max_size=4),
    context=st.dictionaries(st.text(max_size=8), VALUES, max_size=3),
    event=st.text(min_size=1, max_size=12),
    plain=st.booleans(),
    spaced=st.booleans(),
)
@example({"a": 0.001, "b": 0.0001, "c": 12.0, "d": 0.0, "e": 123456789.125, "f": -5.5}, {}, "e", False, False)
@example({"a\\u0062": 1, "ab": 2, "🌹": "\\ud83c\\udf39"}, {"/": "\x7f\x1f"}, "\U0010ffff", True, True)
def test_any_values(properties, context, event, plain, spaced):
    said = batch(message(properties=properties, context=context, event=event), message(messageId="n"))
    slow, fast = both(written(said, plain=plain, spaced=spaced))
    assert fast == slow


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_damage(data):
    """A byte changed, lost or doubled anywhere: what is kept is what the other way keeps."""
    body = written(batch(message(properties={"a": "گل", "n": 1.5, "l": [1, {"b": None}]}, context={"page": {"t": "x"}})),
                   plain=data.draw(st.booleans()), spaced=data.draw(st.booleans()))  # fmt: skip
    at = data.draw(st.integers(0, len(body) - 1))
    new = data.draw(
        st.sampled_from(
            [
                b"",
                body[at : at + 1] * 2,
                *(bytes([n]) for n in (0, 9, 34, 44, 48, 58, 92, 93, 123, 125, 128, 195, 255)),
            ]
        )
    )
    agree(body[:at] + new + body[at + 1 :])


def test_lines_are_read_as_they_were_sent():
    (line,) = agree(
        written(batch(message(properties={"نام": "آرش\n", "n": [1.5]})), plain=True, spaced=True)
    ).splitlines()
    assert msgspec.json.decode(line)["p"] == {"نام": "آرش\n", "n": [1.5]}
