"""Stands between an SDK and a collector, and spoils the first request that brings events."""

import gzip
import threading
import zlib
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

UNSPOILT, STORED_503, LIMITED, CUT = "unspoilt", "stored, then 503", "429", "stored, then cut off"
PACKED = "gzip"
MARK = b'"price"'
"""What the messages hold that are counted, and nothing else does that an SDK sends."""
_OWN = {"connection", "content-length", "date", "keep-alive", "server", "transfer-encoding"}


class Between:
    """Passes requests on.

    ``fault`` is what happens to the first request with events; ``stored`` is set once the collector has answered
    that request; its answer is given, or withheld, when ``go`` is set.
    """

    def __init__(self, url, fault):
        self.url, self.fault = url, fault
        self.stored, self.go = threading.Event(), threading.Event()
        self.first = threading.Lock()
        self.packed = 0
        if fault != CUT:
            self.go.set()

    def answer(self, handler):
        body = handler.rfile.read(int(handler.headers.get("content-length", 0)))
        if not self._spoils(body):
            return self.passed_on(handler, body)
        if self.fault == LIMITED:
            return _limited(handler), [("Retry-After", "1"), *_for_sites(handler)], b"{}"
        _, headers, _ = self.passed_on(handler, body)
        self.stored.set()
        self.go.wait(60)
        return (None, [], b"") if self.fault == CUT else (503, headers, b"{}")

    def _spoils(self, body):
        return (
            self.fault in {STORED_503, LIMITED, CUT}
            and MARK in unpacked(body)
            and self.first.acquire(blocking=False)
        )

    def passed_on(self, handler, body):
        headers = dict(handler.headers)
        if self.fault == PACKED and body:
            body, headers = packed(body, headers)
        self.packed += body[:2] == b"\x1f\x8b"
        parts = urlsplit(self.url)
        with closing(HTTPConnection(parts.hostname, parts.port, timeout=60)) as con:
            con.request(handler.command, handler.path, body, headers)
            answer = con.getresponse()
            said = [(name, value) for name, value in answer.getheaders() if name.lower() not in _OWN]
            return answer.status, said, answer.read()


def unpacked(body):
    """Return a body as it was before it was packed."""
    return zlib.decompress(body, 47) if body[:2] == b"\x1f\x8b" else body


def packed(body, headers):
    """Pack what an SDK did not pack itself, as a proxy on the way may."""
    if body[:2] == b"\x1f\x8b":
        return body, headers
    kept = {name: value for name, value in headers.items() if name.lower() != "content-length"}
    small = gzip.compress(body)
    return small, kept | {"Content-Encoding": "gzip", "Content-Length": str(len(small))}


def _limited(handler):
    """Return the status that a collector gives where a key sends too fast (`TooFastForPages`)."""
    of_pages = handler.headers["origin"] and handler.path.startswith(("/e/", "/i/v0/e/"))
    return 503 if of_pages else 429


def _for_sites(handler):
    """Let a page read the answer: a collector does that too."""
    return [("Access-Control-Allow-Origin", handler.headers["origin"])] if handler.headers["origin"] else []


@contextmanager
def between(url, fault):
    """Yield what stands between, and its own address as ``here``."""
    made = Between(url, fault)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            status, headers, said = made.answer(self)
            if status is None:
                self.close_connection = True
                self.connection.close()
                return
            self.send_response(status)
            for name, value in [*headers, ("Content-Length", str(len(said)))]:
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(said)

        def log_message(self, *_):
            pass

    Handler.do_GET = Handler.do_OPTIONS = Handler.do_POST
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None
    made.here = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
