"""Words made to run on a page, in every name that senders choose: a browser shows them as text, on every page."""

import base64
import json
import urllib.request
from urllib.parse import quote

from tracked import ask, eventually

EVIL = "<img src=x onerror='window.ran=1'><script>window.ran=1</script>"
SHORT = EVIL[:80]
ABOUT = {
    "path": EVIL, "product": EVIL, "product_id": EVIL, "name": EVIL, "revenue": 10, "currency": "IRR", "channel": EVIL,
    "category": EVIL, "x": 5, "y": 5, "width": 100, "height": 300, "text": EVIL, "element": EVIL, EVIL: EVIL,
}  # fmt: skip
CONTEXT = {
    "page": {
        "path": EVIL,
        "title": EVIL,
        "url": "javascript:window.ran=1",
        "referrer": "javascript:window.ran=1",
    },
    "campaign": {"name": EVIL, "source": EVIL, "medium": EVIL},
}
NAMES = (EVIL, "Order Completed", "Product Viewed", "Product Added", "Page Clicked", "Page Scrolled")
PLACES = (
    "sources", f"sources/of?name={quote(SHORT)}", f"sources/plan?event={quote(EVIL)}", "surveys", "heatmap", "customers",
    "customers/0", "customers/1", "duplicates", "", "analyses/overview", "analyses/activity", "analyses/attribution",
    "analyses/basket", "analyses/paths", "analyses/rfm",
)  # fmt: skip


def messages():
    for number in range(3):
        who = {"userId": f"u{number}", "context": CONTEXT}
        traits = {"name": EVIL, "email": f"a{number}@x.ir", "city": EVIL, EVIL: EVIL}
        yield {"type": "identify", "traits": traits, **who}
        for event in NAMES:
            said = {**ABOUT, "order_id": f"{EVIL}{number}"}
            yield {"type": "track", "event": event, "properties": said, **who}
    yield {"type": "track", "event": EVIL}  # nobody's: set aside, and shown
    yield {"type": "page", "userId": "u1", "name": EVIL, "context": CONTEXT}


def test_nothing_that_was_sent_runs_on_a_page(new_site, tab):
    key = ask(new_site, "POST", "keys", {"name": SHORT, "kind": "write"})["key"]
    signed = {"authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode()}
    body = json.dumps({"batch": list(messages())}).encode()
    urllib.request.urlopen(urllib.request.Request(f"{new_site}/v1/batch", body, signed)).close()
    ask(new_site, "PUT", "surveys/autumn", {"kind": "nps", "question": EVIL})
    eventually(new_site, lambda found: len(found) >= 19)
    ask(new_site, "POST", "customers/0/notes", {"text": EVIL})
    one = tab(scheme="light")
    shown = 0
    for place in PLACES:
        one.page.goto(f"{new_site}/fa/{place}", wait_until="load")
        one.settle()
        seen = one.page.evaluate(
            "[!!window.ran, document.querySelectorAll('img[src=x]').length, document.body.innerText]"
        )
        assert seen[:2] == [False, 0], place
        shown += "onerror=" in seen[2]
    assert shown > 8  # as text
