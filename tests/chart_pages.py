"""A small real server for one page with pictures, under the strictest policy a page of ours could have."""

import http.server
import json
import threading
from contextlib import contextmanager
from pathlib import Path

import ganj
from ganj import charts

STATIC = Path(ganj.__file__).parent / "faces/web/static"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:"
PAGE = """<!doctype html><html lang="{language}" dir="{dir}"{theme}><meta charset="utf-8"><title>Charts</title>
<link rel="stylesheet" href="/static/page.css">
<script type="module" src="/static/js/g-chart.js"></script><body>{pictures}</body></html>"""
PICTURE = """<g-chart data-base="/customers?of=rfm"><script type="application/json">{option}</script>
<script type="application/json" data-opens>{opens}</script></g-chart>"""
CSS = """@font-face { font-family: Vazirmatn; src: url(/static/vendor/vazirmatn.woff2); font-weight: 100 900 }
:root { color-scheme: light dark; --muted: gray; background: light-dark(#fff, #162124) }
[data-theme=dark] { color-scheme: dark } [data-theme=light] { color-scheme: light } body { margin: 16px }"""
TYPES = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2"}


def page(*pictures, language="fa", theme="light"):
    """Write a page of options, each with what its cells open."""
    safe = [[json.dumps(part).replace("<", "\\u003c") for part in pair] for pair in pictures]
    body = "".join(PICTURE.format(option=option, opens=opens) for option, opens in safe)
    direction = "rtl" if language == "fa" else "ltr"
    return PAGE.format(language=language, dir=direction, theme=f' data-theme="{theme}"', pictures=body)


@contextmanager
def served(html):
    """Serve a page at / and our static files; yield the address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            path = self.path.split("?")[0]
            if path.startswith("/static/charts/"):
                body = (charts.ASSETS / path.rsplit("/", 1)[1]).read_bytes()
            elif path == "/static/page.css":
                body = CSS.encode()
            elif path.startswith("/static/"):
                body = (STATIC / path.removeprefix("/static/")).read_bytes()
            else:
                body = html.encode() if path == "/" else b"customers"
            self.send_response(200)
            self.send_header("Content-Type", TYPES.get(Path(path).suffix, "text/html; charset=utf-8"))
            self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
