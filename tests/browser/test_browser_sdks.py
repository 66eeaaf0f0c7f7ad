"""The three SDKs that sites already have, unmodified, in a real browser, pointed at a real server."""

import json
import time

import pytest

from sdk_packages import installed
from tracked import ask, eventually, pages, write_key

WORDS = "سلام — héllo"
PAGES = {
    "segment": """<script>
window.analytics = {_writeKey: "%(key)s", _cdn: "%(site)s", _loadOptions: {integrations: {"Segment.io": {apiHost: "%(host)s/v1", protocol: "http"}}}};
window.analytics = Object.assign([], window.analytics, {initialize: false, invoked: true,
  methods: ["track", "identify", "page", "group", "alias"]});
for (const m of window.analytics.methods) window.analytics[m] = (...a) => { window.analytics.push([m, ...a]); return window.analytics; };
window.analytics.page("Home"); window.analytics.identify("user-1", {email: "sara@example.com"});
for (let i = 0; i < 5; i++) window.analytics.track("Checked", {n: i, words: "%(words)s"});
</script><script src="/sdk/@segment/analytics-next/dist/umd/standalone.js"></script>""",
    "rudder": """<script src="/sdk/@rudderstack/analytics-js/dist/npm/modern/bundled/umd/index.js"></script><script>
const rudder = new rudderanalytics.RudderAnalytics();
rudder.load("%(key)s", "%(site)s", {configUrl: "%(site)s", logLevel: "ERROR"});
rudder.page("Home"); rudder.identify("user-1", {email: "sara@example.com"});
for (let i = 0; i < 5; i++) rudder.track("Checked", {n: i, words: "%(words)s"});
</script>""",
    "posthog": """<script src="/sdk/posthog-js/dist/array.full.no-external.js"></script><script>
posthog.init("%(key)s", {api_host: "%(site)s", person_profiles: "always", disable_session_recording: true, request_batching: true, opt_out_useragent_filter: true});
posthog.identify("user-1", {email: "sara@example.com"});
for (let i = 0; i < 5; i++) posthog.capture("Checked", {n: i, words: "%(words)s"});
</script>""",
}


@pytest.fixture
def shop(tmp_path):
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "sdk").symlink_to(installed() / "node_modules")
    with pages(folder) as address:
        yield folder, address


@pytest.mark.parametrize("sdk", PAGES)
def test_every_event_of_an_sdk_is_stored_once_as_sent(shop, new_site, tab, sdk):
    folder, address = shop
    key = write_key(new_site)
    told = {"key": key, "site": new_site, "host": new_site.removeprefix("http://"), "words": WORDS}
    head = '<!doctype html><meta charset="utf-8"><title>Shop</title><link rel="icon" href="data:,">'
    (folder / "index.html").write_text(head + PAGES[sdk] % told, encoding="utf-8")
    one = tab()
    page = one.open(address)
    events = eventually(new_site, lambda found: sum(n == "Checked" for n, _, _ in found) >= 5, seconds=20)
    page.goto("about:blank")
    time.sleep(1.5)
    events = eventually(new_site, lambda _: True)
    checked = [(said["n"], said["words"]) for name, said, _ in events if name == "Checked"]
    assert sorted(checked) == [(n, WORDS) for n in range(5)]
    assert "Page Viewed" in {name for name, _, _ in events}
    assert len({customer for name, _, customer in events if name == "Checked"}) == 1
    rows = ask(new_site, "GET", "customers")["rows"]
    assert [row["email"] for row in rows] == ["sara@example.com"]
    assert json.dumps(one.complaints) == "[]"
