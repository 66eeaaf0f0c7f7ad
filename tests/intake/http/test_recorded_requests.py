"""86 requests of ten unmodified SDKs, recorded: every message of them becomes one line, as it was sent."""

import base64
import gzip
import json
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest

from collected import NOW, collector, kept, key, said
from ganj.intake.http.asked import Asked

RECORDED = Path(__file__).parents[4] / "shared" / "reference" / "segment_requests.json"
REQUESTS = json.loads(RECORDED.read_text(encoding="utf-8"))["requests"] if RECORDED.exists() else []
ANSWERING = collector(WK=key(), k1=key(id=2, name="node"))

pytestmark = pytest.mark.skipif(not REQUESTS, reason="the recorded requests are not here")


def asked(request):
    path, _, query = request["path"].partition("?")
    headers = {name.lower().encode(): value.encode() for name, value in request["headers"]}
    body = base64.b64decode(request["raw_b64"] or "")
    return Asked(request["method"], path, query.encode(), headers, body, "203.0.113.9", NOW)


def messages(request):
    """What a body holds, unpacked the slow way."""
    body = base64.b64decode(request["raw_b64"] or "")
    if body.startswith(b"data="):
        body = base64.b64decode(unquote_to_bytes(body[5:]))
    body = gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body
    document = json.loads(body)
    return document.get("batch", [document])


def collects(request):
    return request["method"] == "POST" and not request["path"].startswith("/flags")


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda r: f"{r['client']} {r['method']} {r['path'][:30]}")
def test_every_request_is_answered_as_its_client_hopes(request_):
    answer = said(asked(request_), ANSWERING)
    assert answer.status == (204 if request_["method"] == "OPTIONS" else 200)
    assert request_["method"] != "GET" or json.loads(answer.body)


@pytest.mark.parametrize(
    "request_", [r for r in REQUESTS if collects(r)], ids=lambda r: f"{r['client']} {r['path'][:30]}"
)
def test_every_message_is_kept_as_it_was_sent(request_):
    sent, lines = messages(request_), kept(asked(request_), ANSWERING)
    assert [line["m"] for line in lines] == [m.get("messageId") or m["uuid"] for m in sent]
    for message, line in zip(sent, lines, strict=True):
        assert who(message) <= {*(line.get(name) for name in "uab"), line.get("g")}
        assert (message.get("properties") or {}).items() <= line.get("p", {}).items()
        assert (message.get("traits") or {}).items() <= line.get("x", {}).items()
        assert (message.get("context") or {}).items() <= line.get("c", {}).items()


def who(message):
    """The ids that the envelope of a message names."""
    if message.get("event") == "$groupidentify":
        return {message["properties"]["$group_key"]}
    named = ("userId", "anonymousId", "previousId", "groupId", "distinct_id")
    return {message[name] for name in named if message.get(name)}
