"""Sends with an unmodified SDK of pages, in Chromium: ``send_page.py SDK URL KEY EVENT COUNT GZIP NODE_MODULES``.

The page stays open, and sends again what it must, until this program's input ends.
"""

import sys
import tempfile
from pathlib import Path

import browsing
from tracked import pages

SAID = '{n, name: "آرش", price: 19.99, products: [{product_id: "p1", quantity: n}]}'


def page(sdk, url, key, event, count, gzip):
    """Return the page that loads an SDK and sends with it."""
    sending = f"for (let n = 0; n < {count}; n++)"
    packs = "false" if gzip == "1" else "true"
    host = url.removeprefix("http://")
    pages = {
        "segment": f"""<script>
window.analytics = Object.assign([], {{_writeKey: "{key}", _cdn: "{url}", initialize: false, invoked: true,
  _loadOptions: {{integrations: {{"Segment.io": {{apiHost: "{host}/v1", protocol: "http"}}}}}},
  methods: ["track", "identify"]}});
for (const m of analytics.methods) analytics[m] = (...a) => {{ analytics.push([m, ...a]); return analytics; }};
analytics.identify("u");
{sending} analytics.track("{event}", {SAID});
</script><script src="/sdk/@segment/analytics-next/dist/umd/standalone.js"></script>""",
        "rudder": f"""<script src="/sdk/@rudderstack/analytics-js/dist/npm/modern/bundled/umd/index.js"></script><script>
const rudder = new rudderanalytics.RudderAnalytics();
rudder.load("{key}", "{url}", {{configUrl: "{url}", logLevel: "ERROR"}});
rudder.identify("u");
{sending} rudder.track("{event}", {SAID});
</script>""",
        "posthog": f"""<script src="/sdk/posthog-js/dist/array.full.no-external.js"></script><script>
posthog.init("{key}", {{api_host: "{url}", person_profiles: "always", disable_session_recording: true,
  request_batching: true, opt_out_useragent_filter: true, disable_compression: {packs}}});
posthog.identify("u");
{sending} posthog.capture("{event}", {SAID});
</script>""",
    }
    return HEAD + pages[sdk]


HEAD = '<!doctype html><meta charset="utf-8"><title>Shop</title><link rel="icon" href="data:,">'


def main(*told, modules):
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as scratch, pages(scratch) as address, sync_playwright() as driver:
        folder = Path(scratch)
        (folder / "sdk").symlink_to(Path(modules) / "node_modules")
        (folder / "index.html").write_text(page(*told), encoding="utf-8")
        browser = driver.chromium.launch(executable_path=browsing.place(), args=browsing.QUIET)
        browser.new_page().goto(address)
        sys.stdin.read()
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:-1], modules=sys.argv[-1])
