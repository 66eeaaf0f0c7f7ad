"""A real collector on a real socket: what goes over the wire, who may, and what it does to who plays games."""

import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from itertools import pairwise
from urllib.parse import urlsplit

import pytest

from collected import logged, running, shop, until
from ganj import workspace
from ganj.access.keys import Keys

EVENT = {"userId": "u1", "event": "Product Viewed"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("collect") / "shop"


@pytest.fixture(scope="module")
def key(folder):
    return shop(folder)


@pytest.fixture(scope="module")
def collector(folder, key):
    with running(folder) as process:
        yield process.url


def place(url):
    parts = urlsplit(url)
    return parts.hostname, parts.port


def post(url, body, path="/v1/track", **headers):
    """Send one request; returns status, headers and the body as JSON."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with closing(HTTPConnection(*place(url), timeout=30)) as con:
        con.request("POST", path, body if isinstance(body, bytes) else json.dumps(body), named)
        answer = con.getresponse()
        text = answer.read()
    return answer.status, answer.headers, json.loads(text) if text else None


def exchange(url, data, wait=5.0):
    """Send bytes and read until the other side ends or falls silent."""
    with closing(socket.create_connection(place(url), timeout=wait)) as con:
        con.sendall(data)
        got = b""
        try:
            while piece := con.recv(65536):
                got += piece
        except (TimeoutError, ConnectionResetError):
            pass
    return got


def request(key, body=b"", *, head="", line="POST /v1/track HTTP/1.1"):
    length = (
        "" if "length" in head.lower() or "encoding" in head.lower() else f"Content-Length: {len(body)}\r\n"
    )
    return f"{line}\r\nHost: x\r\nX-Write-Key: {key}\r\n{length}{head}\r\n".encode() + body


def event(name):
    return json.dumps({**EVENT, "messageId": name}).encode()


def stored(folder, name):
    return [line for line in logged(folder) if line["m"] == name]


# ---- collecting


def test_an_event_is_on_disk_when_it_is_acknowledged(collector, folder, key):
    status, headers, said = post(collector, {**EVENT, "messageId": "first"}, x_write_key=key)
    assert (status, said) == (200, {"success": True})
    (line,) = stored(folder, "first")
    assert (line["u"], line["e"], line["w"], line["d"]) == ("u1", "Product Viewed", "shop", "segment")
    assert headers["x-content-type-options"] == "nosniff"
    assert "server" not in headers


def test_a_collector_answers_to_any_name_and_any_site(collector, key):
    status, headers, _ = post(
        collector, EVENT, x_write_key=key, host="collect.shop.example", origin="https://shop.example"
    )
    assert status == 200
    assert headers["access-control-allow-origin"] == "https://shop.example"


def test_its_health_is_told(collector):
    with closing(HTTPConnection(*place(collector))) as con:
        con.request("GET", "/healthz")
        said = json.load(con.getresponse())
        assert said["collection"]["collecting"] is True
        assert "shop" in said["collection"]["sources"]
        con.request("GET", "/somewhere")
        assert con.getresponse().status == 404


def test_requests_in_a_row_are_answered_in_a_row(collector, folder, key):
    names = [f"row-{n}" for n in range(50)]
    unknown = request("nobody", event("row-x"))
    data = b"".join(request(key, event(name)) + (unknown if name == "row-7" else b"") for name in names)
    got = exchange(collector, data + request(key, event("row-end"), head="Connection: close\r\n"))
    statuses = [int(part[:3]) for part in got.split(b"HTTP/1.1 ")[1:]]
    assert statuses == [200] * 8 + [401] + [200] * 43
    assert [line["m"] for line in logged(folder) if line["m"].startswith("row-")] == [*names, "row-end"]


@pytest.mark.parametrize("cuts", [(), (3,), (150, 151), (-1,), (-30, -2)], ids=str)
def test_a_head_that_came_before_is_taken_as_read(collector, folder, key, cuts):
    names = [f"same-head-{cuts}-{n:02d}" for n in range(8)]
    asked = [request(key, event(name)) for name in names]
    with closing(socket.create_connection(place(collector), timeout=5)) as con:
        con.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for one in asked[:4]:  # the second is remembered, later ones come in pieces
            for begin, end in pairwise((0, *(cut % len(one) for cut in cuts), len(one))):
                con.sendall(one[begin:end])
                time.sleep(0.01)
            assert con.recv(65536).startswith(b"HTTP/1.1 200")
        con.sendall(asked[4][:-7])
        time.sleep(0.02)
        con.sendall(asked[4][-7:] + b"".join(asked[5:]))  # the rest of one and three more at once
        got = b""
        while got.count(b"HTTP/1.1 200") < 4:
            got += con.recv(65536)
    assert [len(stored(folder, name)) for name in names] == [1] * 8


def test_a_head_that_came_before_says_nothing_of_another_key_or_a_broken_body(collector, folder, key):
    good = request(key, event("known-head-good"))
    other = good.replace(key.encode(), b"x" * len(key))
    with closing(socket.create_connection(place(collector), timeout=5)) as con:
        told = []
        for one in (good, good, good, other, other, other, good[:-1] + b"]", good):
            con.sendall(one)
            told.append(int(con.recv(65536)[9:12]))
    assert told == [200, 200, 200, 401, 401, 401, 400, 200]


def test_events_and_other_requests_share_a_connection(collector, key):
    health = request(key, line="GET /healthz HTTP/1.1")
    data = request(key, event("a")) + health + request(key, event("b")) + health
    got = exchange(collector, data + request(key, event("c"), head="Connection: close\r\n"))
    assert [b"collecting" in part for part in got.split(b"HTTP/1.1 200 OK")[1:]] == [
        False,
        True,
        False,
        True,
        False,
    ]


def test_a_body_may_come_in_chunks(collector, folder, key):
    body = event("chunked")
    chunks = b"".join(
        b"%x\r\n%s\r\n" % (len(body[i : i + 9]), body[i : i + 9]) for i in range(0, len(body), 9)
    )
    got = exchange(
        collector,
        request(key, chunks + b"0\r\n\r\n", head="Transfer-Encoding: chunked\r\nConnection: close\r\n"),
    )
    assert got.startswith(b"HTTP/1.1 200")
    assert stored(folder, "chunked")


def test_who_asks_first_whether_to_go_on_is_told(collector, folder, key):
    with closing(socket.create_connection(place(collector), timeout=5)) as con:
        body = event("hundred")
        con.sendall(request(key, head=f"Expect: 100-continue\r\nContent-Length: {len(body)}\r\n"))
        assert con.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        con.sendall(body)
        assert con.recv(1000).startswith(b"HTTP/1.1 200")
    assert stored(folder, "hundred")


def test_a_key_that_is_revoked_ends_within_five_seconds(collector, folder, key):
    engine = workspace.open(folder)
    with engine as held:
        _, text = Keys(held.store.control.engine).create("short")
        assert until(lambda: post(collector, EVENT, x_write_key=text)[0] == 200, 5)
        held.keys.revoke("short")
        begun = time.monotonic()
        assert until(lambda: post(collector, EVENT, x_write_key=text)[0] == 401, 10)
    assert time.monotonic() - begun < 5
    assert post(collector, EVENT, x_write_key=key)[0] == 200


def test_a_server_that_runs_makes_and_revokes_keys_for_the_shell(folder, collector, key):
    del collector, key
    from access.test_keys import ganj

    with running(folder, command="serve") as process:
        code, out = ganj("-w", folder, "key", "create", "far", "--origin", "https://a.example", "--json")
        assert code == 0
        text = json.loads(out)["key"]
        assert until(lambda: post(process.url, EVENT, x_write_key=text)[0] == 200, 5)
        assert post(process.url, EVENT, x_write_key=text, origin="https://b.example")[0] == 403
        assert ganj("-w", folder, "key", "revoke", "far")[0] == 0
        assert until(lambda: post(process.url, EVENT, x_write_key=text)[0] == 401, 5)


# ---- games


@pytest.mark.parametrize(
    "head",
    [
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: 5, 5\r\n",
        "Content-Length: 0x10\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding : chunked\r\n",
    ],
)
def test_a_length_that_can_be_read_in_two_ways_is_refused_and_the_connection_ended(collector, key, head):
    smuggled = request(key, event("smuggled"))
    got = exchange(collector, request(key, b"0\r\n\r\n" + smuggled, head=head))
    assert got.startswith(b"HTTP/1.1 400")
    assert b"connection: close" in got.lower()
    assert got.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize(
    "chunk", [b"zz\r\n{}\r\n", b"-1\r\n", b"ffffffffffffffffff\r\n{}", b"2\r\n{}x\r\n0\r\n\r\n"], ids=str
)
def test_chunks_of_bad_sizes_are_refused(collector, key, chunk):
    got = exchange(collector, request(key, chunk, head="Transfer-Encoding: chunked\r\n"))
    assert got.startswith(b"HTTP/1.1 400")
    assert got.count(b"HTTP/1.1 ") == 1


def test_half_a_request_brings_nothing(collector, folder, key):
    data = request(key, event("half"))
    for cut in (10, 60, len(data) - 1):
        with closing(socket.create_connection(place(collector))) as con:
            con.sendall(data[:cut])
            con.shutdown(socket.SHUT_WR)
            assert not con.recv(1000).startswith(b"HTTP/1.1 200")
    assert post(collector, EVENT, x_write_key=key)[0] == 200
    assert not stored(folder, "half")


def test_who_leaves_before_the_answer_was_heard_once(collector, folder, key):
    """A client that closes right after sending, and sends again, is stored as often as it was whole."""
    for _ in range(20):
        with closing(socket.create_connection(place(collector))) as con:
            con.sendall(request(key, event("leaver")))
    assert until(lambda: stored(folder, "leaver"))
    assert post(collector, EVENT, x_write_key=key)[0] == 200


def test_a_body_over_the_limit_is_refused_with_the_reason(collector, key):
    status, _, said = post(collector, b" " * 2_000_000, x_write_key=key)
    assert (status, said["code"]) == (413, "BodyTooLarge")
    body = b"x" * 70_000
    chunks = (b"%x\r\n%s\r\n" % (len(body), body)) * 20 + b"0\r\n\r\n"
    got = exchange(
        collector, request(key, chunks, head="Transfer-Encoding: chunked\r\nConnection: close\r\n")
    )
    assert got.startswith(b"HTTP/1.1 413")


def test_headers_without_end_are_cut_off(collector, key):
    got = exchange(collector, b"POST /v1/track HTTP/1.1\r\n" + b"a: b\r\n" * 20_000)
    assert got == b""
    got = exchange(collector, b"GET /" + b"a" * 100_000)
    assert got == b""
    assert post(collector, EVENT, x_write_key=key)[0] == 200


def test_a_client_that_asks_and_never_listens_fills_no_memory(collector, key):
    with closing(socket.create_connection(place(collector), timeout=1)) as con:
        con.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        data = request("nobody", event("deaf")) * 200
        try:
            for _ in range(2_000):
                con.sendall(data)
        except (TimeoutError, OSError):
            pass
        assert post(collector, EVENT, x_write_key=key)[0] == 200


def test_many_at_once(collector, folder, key):
    def one(n):
        return post(collector, {**EVENT, "messageId": f"many-{n}"}, x_write_key=key)[0]

    with ThreadPoolExecutor(32) as pool:
        assert set(pool.map(one, range(200))) == {200}
    names = [line["m"] for line in logged(folder) if line["m"].startswith("many-")]
    assert len(names) == len(set(names)) == 200
