"""What each message becomes: its ids, its time by our clock, its neighbours, its place in a batch."""

import base64
import gzip
import json

import pytest

from collected import NOW, asked, basic, collector, kept, key, said, taken

TRACK = {"userId": "u1", "event": "Order Completed", "messageId": "m1"}
SECOND = 1_000_000


# ---- the key, in all its places


@pytest.mark.parametrize(
    "place",
    [
        {"authorization": basic("WK:")},
        {"authorization": basic("WK")},  # without the colon
        {"authorization": basic("WK:secret")},
        {"authorization": b"Basic WK"},  # not even base64
        {"authorization": b"Bearer WK"},
        {"authorization": b"", "x_write_key": "WK:secret"},
        {"authorization": b"", "query": "writeKey=WK"},
        {"authorization": basic("another:"), "body": {**TRACK, "writeKey": "WK"}},
        {"authorization": b"", "body": {**TRACK, "writeKey": "WK"}},
        {"authorization": b"", "path": "/v1/batch", "body": {"batch": [TRACK], "writeKey": "WK"}},
        {"authorization": b"", "path": "/v1/b", "body": {"batch": [{**TRACK, "type": "track", "writeKey": "WK"}]}},
        {"authorization": b"", "path": "/batch/", "body": {"api_key": "WK", "batch": []}},
        {"authorization": b"", "path": "/e/", "body": {"event": "x", "properties": {"token": "WK", "distinct_id": 1}}},
    ],
    ids=str,
)  # fmt: skip
def test_the_key_is_found_wherever_clients_put_it(place):
    assert said(asked(**{"body": TRACK, **place})).status == 200


@pytest.mark.parametrize("authorization", [b"", basic("nobody:"), b"Basic \xff\xfe", b"Bearer", b"Basic"])
def test_without_a_known_key_nothing_is_taken(authorization):
    answer = said(asked(TRACK, authorization=authorization))
    assert (answer.status, json.loads(answer.body)["code"]) == (401, "UnknownKey")


def test_a_key_may_be_for_some_sites_only():
    shop = collector(WK=key(origins=("https://shop.example",)))
    assert said(asked(TRACK, origin="https://shop.example"), shop).status == 200
    assert said(asked(TRACK), shop).status == 200  # a server has no origin
    assert said(asked(TRACK, origin="https://thief.example"), shop).status == 403


def test_a_key_may_have_a_rate():
    shop = collector(WK=key(rate=2))
    answers = [said(asked(TRACK), shop) for _ in range(11)]
    assert [answer.status for answer in answers] == [200] * 10 + [429]  # five seconds' worth at once
    assert dict(answers[-1].headers)[b"retry-after"] == b"1"


# ---- the body, by its bytes


@pytest.mark.parametrize(
    "sent",
    [
        {"content_type": "text/plain"},
        {"content_type": "application/x-www-form-urlencoded"},
        {"content_encoding": "identity"},
        {"pack": gzip.compress, "content_encoding": "gzip"},
        {"pack": gzip.compress},  # nobody says so
        {"pack": gzip.compress, "content_type": "application/x-www-form-urlencoded", "content_encoding": "gzip"},
        {"content_encoding": "gzip"},  # a proxy has unpacked it
        {"pack": lambda b: b"\xef\xbb\xbf" + b},
        {"pack": base64.b64encode, "query": "compression=base64"},
        {"pack": lambda b: b"data=" + base64.b64encode(b).replace(b"+", b"%2B"), "query": "compression=base64"},
        {"pack": lambda b: b"data=" + base64.b64encode(gzip.compress(b)).replace(b"+", b"%2B")},
    ],
    ids=range(11),
)  # fmt: skip
def test_a_body_is_what_its_bytes_are(sent):
    pack = sent.pop("pack", bytes)
    assert taken(asked(pack(json.dumps({**TRACK, "x": "é>?"}).encode()), **sent))["m"] == "m1"


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"", {}, 400),
        (b"hello", {}, 400),
        (b"[1]", {}, 400),
        (b'"text"', {}, 400),
        (gzip.compress(b"{}")[:-5], {}, 400),  # cut off
        (b"\x1f\x8bnot gzip", {}, 400),
        (gzip.compress(b" " * 3_000_000), {}, 413),  # a small body that would be large
        (b" " * 600_000, {}, 413),
        (b"\x28\xb5\x2f\xfd", {"content_encoding": "zstd"}, 415),
        (json.dumps(TRACK).encode("utf-16"), {}, 400),
    ],
    ids=range(10),
)
def test_what_is_no_message_is_refused_in_both_languages(body, headers, status):
    answer = said(asked(body, **headers))
    told = json.loads(answer.body)
    assert (answer.status, told["success"]) == (status, False)
    assert told["message"]
    assert told["message_fa"]


# ---- ids and fields


def test_null_is_absent_but_not_within_traits():
    line = taken(asked({**TRACK, "anonymousId": None, "properties": None, "context": None, "traits": None}))
    assert line.keys() == {"m", "r", "t", "k", "w", "d", "e", "u"}
    assert taken(asked({"userId": "u", "traits": {"phone": None}}, "/v1/identify"))["x"] == {"phone": None}


@pytest.mark.parametrize(
    ("sent", "found"),
    [(7, "7"), (7.0, "7"), (2**63, str(2**63)), (1.5, "1.5"), ("  ۷ ", "  ۷ "), (10**30, str(10**30))],
)
def test_an_id_may_be_a_number(sent, found):
    assert taken(asked({**TRACK, "userId": sent}))["u"] == found


@pytest.mark.parametrize("sent", [True, [1], {"id": 1}, "u" * 513])
def test_an_id_is_nothing_else(sent):
    line = taken(asked({**TRACK, "userId": sent}))
    assert line["k"] == "rejected"
    assert line["p"]["code"] in {"bad_field", "bad_id"}


def test_a_message_without_an_id_of_its_own_gets_one():
    first, second = (taken(asked({"userId": "u", "event": "e"}))["m"] for _ in range(2))
    assert len(first) == 32
    assert first != second


def test_an_id_that_is_too_long_becomes_its_hash():
    first, second = (taken(asked({**TRACK, "messageId": "m" * 200}))["m"] for _ in range(2))
    assert first == second
    assert len(first) <= 100


def test_who_is_named_beside_the_ids():
    context = {
        "device": {"id": "d1", "advertisingId": "ad1"},
        "externalIds": [{"id": "ig7", "type": "instagram", "collection": "users"}, "?", {"type": "x"}],
    }
    assert taken(asked({**TRACK, "context": context}))["i"] == [
        ["device", "d1"],
        ["device", "ad1"],
        ["external:instagram", "ig7"],
    ]


def test_a_page_has_its_name_and_category_among_its_properties():
    page = {"userId": "u", "name": "Home", "category": "Docs", "properties": {"name": "kept"}}
    assert taken(asked(page, "/v1/page"))["p"] == {"name": "kept", "category": "Docs"}
    assert taken(asked(page, "/v1/p"))["e"] == "Home"


def test_traits_may_lie_in_the_context():
    sent = {"userId": "u", "context": {"traits": {"email": "a@b.ir", "age": 1}}, "traits": {"age": 2}}
    assert taken(asked(sent, "/v1/identify"))["x"] == {"email": "a@b.ir", "age": 2}


def test_merge_names_two_ids_of_one_person():
    pair = [{"type": "email", "value": "a@b.ir"}, {"type": "phone", "value": 98912}]
    line = taken(asked({"mergeProperties": pair}, "/v1/merge"))
    assert (line["k"], line["i"]) == ("alias", [["email", "a@b.ir"], ["phone", "98912"]])


# ---- batches


def batch(*messages, **rest):
    return asked({"batch": list(messages), **rest}, "/v1/batch")


def test_one_bad_message_does_not_sink_its_batch():
    bad = [
        {"type": "track", "event": "no one"},
        {"type": "track", "userId": "u"},
        {"type": "group", "userId": "u"},
        {"type": "alias", "userId": "u"},
        {"type": "?", "userId": "u"},
        {"userId": "u"},
        {"type": "track", "userId": "u", "event": "e", "properties": [1]},
        7,
    ]
    good = [{**TRACK, "type": "track", "messageId": f"g{n}"} for n in range(len(bad))]
    mixed = [message for pair in zip(bad, good, strict=True) for message in pair]
    lines = kept(batch(*mixed))
    assert [line["m"] for line in lines if line["k"] != "rejected"] == [f"g{n}" for n in range(len(bad))]
    rejects = [line["p"] for line in lines if line["k"] == "rejected"]
    assert [reject["code"] for reject in rejects] == [
        "no_user_anon_id", "no_event", "no_group_id", "no_previous_id", "unknown_type", "no_type", "bad_field",
        "not_an_object",
    ]  # fmt: skip
    assert [json.loads(reject["text"]) for reject in rejects] == bad


def test_the_answer_says_what_was_not_taken():
    told = json.loads(said(batch({"type": "track", "userId": "u"}, {**TRACK, "type": "track"})).body)
    assert (told["success"], told["accepted"], told["rejected_count"]) == (True, 1, 1)
    assert (told["rejected"][0]["index"], told["rejected"][0]["code"]) == (0, "no_event")


def test_a_reject_that_is_sent_again_is_the_same_reject():
    first, second = (taken(batch({"type": "track", "userId": "u"})) for _ in range(2))
    assert first["m"] == second["m"]


def test_the_batch_speaks_for_its_messages():
    lines = kept(
        batch(
            {**TRACK, "type": "track", "context": {"locale": "fa-IR"}},
            {**TRACK, "type": "track"},
            context={"locale": "en", "app": {"name": "shop"}},
            integrations={"All": False},
        )
    )
    assert lines[0]["c"] == {"locale": "fa-IR", "app": {"name": "shop"}, "integrations": {"All": False}}
    assert lines[1]["c"]["locale"] == "en"


# ---- time


@pytest.mark.parametrize(
    ("times", "seconds"),
    [
        ({}, 0),
        ({"timestamp": "2026-01-01T00:00:00Z"}, 0),
        ({"timestamp": "2025-12-31T23:59:00.000Z"}, -60),
        ({"timestamp": "2026-01-01T03:30:00+03:30"}, 0),
        ({"timestamp": "2026-01-01T00:00:00"}, 0),  # no zone: UTC
        ({"timestamp": "2026-01-01T00:00:00.123456+00:00"}, 0.123456),
        ({"timestamp": "2026-01-02T02:00:00Z", "sentAt": "2026-01-02T02:10:00Z"}, -600),  # a clock a day ahead
        ({"originalTimestamp": "2026-01-02T02:00:00Z", "sentAt": "2026-01-02T02:10:00Z"}, -600),
        ({"timestamp": "2025-12-01T00:00:00Z", "originalTimestamp": "2025-12-02T00:00:00Z",
          "sentAt": "2025-12-03T00:00:00Z"}, -31 * 86_400),  # RudderStack keeps a timestamp that is there
        ({"timestamp": "2025-12-01T00:00:00Z", "channel": "server", "sentAt": "2025-12-03T00:00:00Z"}, -31 * 86_400),
        ({"timestamp": "yesterday"}, 0),
        ({"timestamp": "2026-01-01T00:00:00Z", "sentAt": "soon"}, 0),
        ({"timestamp": 1_767_225_600}, 0),
        ({"timestamp": 1_767_225_600_000}, 0),
        ({"timestamp": "9999-12-31T23:59:59+14:00"}, 251_635_024_799),
    ],
    ids=str,
)  # fmt: skip
def test_when_it_happened_by_our_clock(times, seconds):
    assert taken(asked({**TRACK, **times}))["t"] == pytest.approx(NOW + seconds * SECOND, abs=1)


def test_the_batch_says_when_it_was_sent():
    sent = batch(
        {**TRACK, "type": "track", "timestamp": "2026-01-05T00:00:00Z"}, sentAt="2026-01-05T00:00:07Z"
    )
    assert kept(sent)[0]["t"] == NOW - 7 * SECOND


def test_an_import_keeps_its_times():
    past = {
        "batch": [{**TRACK, "type": "track", "timestamp": "2020-01-01T00:00:00Z", "sentAt": "2020-06-01"}]
    }
    assert taken(asked(past, "/v1/import"))["t"] == 1_577_836_800 * SECOND


# ---- browsers


def test_a_browser_is_known_by_its_address_a_server_is_not():
    agent = {"user_agent": "Mozilla/5.0"}
    seen = taken(asked(TRACK, origin="https://shop.example", **agent))["c"]
    assert seen == {"ip": "203.0.113.9", "userAgent": "Mozilla/5.0"}
    assert "c" not in taken(asked(TRACK, **agent))
    assert taken(asked({**TRACK, "context": {"direct": True}}))["c"]["ip"] == "203.0.113.9"


def test_pages_of_other_sites_may_read_the_answer_without_cookies():
    headers = dict(said(asked(TRACK, origin="https://shop.example")).headers)
    assert headers[b"access-control-allow-origin"] == b"https://shop.example"
    assert b"access-control-allow-credentials" not in headers
    wanted = "anonymousid,authorization,content-type,sentat"
    ask = asked(method="OPTIONS", origin="https://shop.example", access_control_request_headers=wanted)
    assert dict(said(ask).headers)[b"access-control-allow-headers"].decode() == wanted


def test_what_a_page_asks_is_never_written_into_a_header_unread():
    ask = asked(method="OPTIONS", origin="x\r\ny: z", access_control_request_headers="a\r\nset-cookie: b")
    assert not any(b"\r" in value or b"\n" in value for _, value in said(ask).headers)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "TRACE"])
def test_other_methods_are_refused(method):
    answer = said(asked(method=method))
    assert (answer.status, dict(answer.headers)[b"allow"]) == (405, b"POST")


def test_a_picture_collects():
    data = base64.urlsafe_b64encode(json.dumps({**TRACK, "writeKey": "WK"}).encode()).decode()
    ask = asked(path="/v1/pixel/track", method="GET", query=f"data={data}", authorization=b"")
    assert taken(ask)["m"] == "m1"
    assert said(ask).kind == b"image/gif"
    query = "writeKey=WK&userId=u7&event=Opened&properties.mail.name=yalda"
    line = taken(asked(path="/pixel/v1/track", method="GET", query=query, authorization=b""))
    assert (line["u"], line["e"], line["p"]) == ("u7", "Opened", {"mail": {"name": "yalda"}})


# ---- PostHog


def posthog(event, path="/e/", **rest):
    return taken(asked({"event": event, "distinct_id": "d1", "uuid": "m1", "api_key": "WK", **rest}, path))


@pytest.mark.parametrize(
    ("distinct", "alias"),
    [("user-1", "anon-9"), ("anon-9", "user-1")],
    ids=["posthog-node", "posthog-python"],
)
def test_an_alias_keeps_both_ids_whichever_way_round(distinct, alias):
    line = posthog("$create_alias", distinct_id=distinct, properties={"alias": alias})
    assert (line["k"], {line["u"], line["b"]}) == ("alias", {"user-1", "anon-9"})


def test_a_distinct_id_is_a_visitor_until_the_browser_knows_the_user():
    assert posthog("seen", properties={"$device_id": "d1"})["a"] == "d1"
    assert posthog("seen", properties={"$device_id": "x", "$user_id": "d1"})["u"] == "d1"
    known = posthog("$identify", properties={"$anon_distinct_id": "anon", "$device_id": "x"})
    assert (known["k"], known["u"], known["a"], known["i"]) == ("identify", "d1", "anon", [["device", "x"]])


def test_traits_and_groups_of_posthog():
    assert posthog("$set", **{"$set": {"email": None}})["x"] == {"email": None}
    group = {"$group_key": "acct", "$group_type": "company", "$group_set": {"name": "Initech"}}
    line = posthog("$groupidentify", properties=group)
    assert (line["k"], line["g"], line["x"], line.get("u")) == ("group", "acct", {"name": "Initech"}, None)


@pytest.mark.parametrize(
    ("times", "seconds"),
    [({"timestamp": "2026-01-02T02:00:00Z"}, 93_600), ({"offset": 5000}, -5)],
    ids=["as it was sent", "an offset"],
)
def test_posthog_times(times, seconds):
    assert posthog("e", **times)["t"] == NOW + seconds * SECOND


def test_posthog_says_when_a_batch_was_sent():
    events = [{"event": "e", "distinct_id": "d", "timestamp": "2026-01-02T02:00:00Z"}]
    sent = {"api_key": "WK", "batch": events, "sent_at": "2026-01-02T02:10:00Z"}
    assert taken(asked(sent, "/batch/"))["t"] == NOW - 600 * SECOND
    assert taken(asked({**sent, "historical_migration": True}, "/batch/"))["t"] == NOW + 93_600 * SECOND


def test_posthog_is_thanked_even_for_nothing():
    answer = said(asked({"api_key": "WK", "event": "nobody"}, "/e/"))
    assert (answer.status, answer.body) == (200, b'{"status":1}')


@pytest.mark.parametrize(("headers", "status"), [({}, 429), ({"origin": "https://shop.ir"}, 503)])
def test_pages_of_posthog_that_send_too_fast_are_told_so_that_they_send_again(headers, status):
    """`posthog-js` throws away what is answered 429; the other clients of PostHog send it again."""
    shop = collector(WK=key(rate=2))
    batch = {"api_key": "WK", "batch": [{"event": "e", "distinct_id": "d"}] * 12}
    assert said(asked(batch, "/e/", **headers), shop).status == 200
    answer = said(asked(batch, "/e/", **headers), shop)
    assert answer.status == status
    assert dict(answer.headers)[b"retry-after"]
