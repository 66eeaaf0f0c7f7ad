"""The way out: what is refused, in any dress, and that the address that was looked at is the one connected to."""

import contextlib
import http.server
import socket
import ssl
import threading

import pytest

from ganj.intake.sources import reach
from ganj.intake.sources.database import told_of, value_of
from ganj.intake.sources.errors import BadAddress, CertificateRefused, PrivateAddress, Unreachable
from ganj.intake.sources.reach import Reach, is_public
from source_servers import certificate

INSIDE = [
    "127.0.0.1",
    "127.8.9.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "192.0.2.1",
    "198.18.0.1",
    "::1",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd12::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "2002:7f00:1::",
    "64:ff9b::7f00:1",
    "64:ff9b::a00:1",
    "2001:db8::1",
    "nonsense",
]
OUTSIDE = [
    "1.1.1.1",
    "8.8.8.8",
    "93.184.216.34",
    "2606:4700:4700::1111",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
]


@pytest.mark.parametrize("address", INSIDE)
def test_inside(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_outside(address):
    assert is_public(address)


@pytest.fixture
def canary():
    """A server on this machine that nobody may reach."""
    hits = []

    class Canary(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            hits.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"[]")

        def log_message(self, *args):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Canary)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server.server_port, hits
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0",
    ],
)
def test_no_dress_of_this_machine_is_reached(canary, host):
    port, hits = canary
    with pytest.raises((PrivateAddress, Unreachable)):
        Reach().get(f"https://{host}:{port}/", {}, ("a", "b"))
    assert hits == []


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "gopher://x/",
        "ftp://x/",
        "//x",
        "https://",
        "https://a:b@x/",
        "http://x.ir/",
        "https://x:99999/",
        "https://[x/",
    ],
)
def test_other_addresses(url):
    with pytest.raises(BadAddress):
        Reach().get(url, {}, ("a", "b"))


def test_a_name_that_changes_its_mind_leads_nowhere(canary, monkeypatch):
    """The first answer is public, every later one is this machine: the connection goes to the first."""
    port, hits = canary
    asked, connected = [], []

    def rebinding(host, *_, **__):
        asked.append(host)
        address = "93.184.216.34" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    def noted(address, timeout):
        connected.append(address[0])
        raise TimeoutError

    monkeypatch.setattr(reach.socket, "getaddrinfo", rebinding)
    monkeypatch.setattr(reach.socket, "create_connection", noted)
    with pytest.raises(Unreachable):
        Reach().get("https://rebind.example/", {}, ("a", "b"))
    assert (asked, connected, hits) == (["rebind.example"], ["93.184.216.34"], [])


def test_one_inner_address_among_public_ones_is_enough(monkeypatch):
    both = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in ("8.8.8.8", "10.0.0.1")
    ]
    monkeypatch.setattr(reach.socket, "getaddrinfo", lambda *_, **__: both)
    with pytest.raises(PrivateAddress):
        Reach().resolve("mixed.example", 443)


def test_with_leave_this_machine_is_reached(canary):
    port, hits = canary
    assert Reach(private=True).get(f"http://127.0.0.1:{port}/a", {"q": "س"}, ("a", "b")).body == []
    assert hits == ["/a?q=%D8%B3"]


def test_a_certificate_nobody_vouches_for_is_refused(tmp_path):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer():
            plain, _ = server.accept()
            with contextlib.suppress(OSError), context.wrap_socket(plain, server_side=True):
                pass
            plain.close()

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(CertificateRefused, match="self-signed"):
            Reach(private=True).get(f"https://localhost:{server.getsockname()[1]}/", {}, ("a", "b"))
        thread.join()


@pytest.mark.parametrize("value", [7, -3, 2.5, "2024-01-01 10:00:00", "الف"])
def test_a_cursor_s_value_survives_json(value):
    assert value_of(told_of(value)) == value
