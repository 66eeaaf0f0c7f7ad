"""Stands between an SDK and a collector, and spoils the first request that brings events."""

import threading
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

UNSPOILT, STORED_503, LIMITED, CUT = "unspoilt", "stored, then 503", "429", "stored, then cut off"


class Between:
    """Passes requests on.

    ``fault`` is what happens to the first request with events; ``stored`` is set once the collector has answered
    that request; its answer is given, or withheld, when ``go`` is set.
    """

    def __init__(self, url, fault):
        self.url, self.fault = url, fault
        self.stored, self.go = threading.Event(), threading.Event()
        self.first = threading.Lock()
        self.asked = 0
        if fault != CUT:
            self.go.set()

    def answer(self, handler):
        body = handler.rfile.read(int(handler.headers.get("content-length", 0)))
        self.asked += 1
        spoilt = self.fault != UNSPOILT and handler.command == "POST" and self.first.acquire(blocking=False)
        if spoilt and self.fault == LIMITED:
            return 429, [("Retry-After", "1")], b"{}"
        status, headers, said = self.passed_on(handler, body)
        if not spoilt:
            return status, headers, said
        self.stored.set()
        self.go.wait(60)
        return (None, [], b"") if self.fault == CUT else (503, [], b"{}")

    def passed_on(self, handler, body):
        parts = urlsplit(self.url)
        with closing(HTTPConnection(parts.hostname, parts.port, timeout=60)) as con:
            con.request(handler.command, handler.path, body, dict(handler.headers))
            answer = con.getresponse()
            return answer.status, [], answer.read()


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
            for name, value in [
                *headers,
                ("Content-Type", "application/json"),
                ("Content-Length", str(len(said))),
            ]:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said)

        do_GET = do_POST  # noqa: N815 - the standard library's name

        def log_message(self, *_):
            pass

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
