"""Sends with an unmodified SDK: ``send.py SDK URL KEY EVENT COUNT GZIP``."""

import sys

SDK, URL, KEY, EVENT, COUNT, GZIP = sys.argv[1:]
NUMBERS = range(int(COUNT))
QUICK = {"flush_at": 10, "flush_interval": 0.2}


def said(n):
    return {"n": n, "name": "آرش", "price": 19.99, "products": [{"product_id": "p1", "quantity": n}]}


def segment():
    from segment.analytics.client import Client

    client = Client(KEY, host=URL, gzip=GZIP == "1", upload_size=10, upload_interval=0.2)
    for n in NUMBERS:
        client.track(user_id=f"u{n}", event=EVENT, properties=said(n))
    client.shutdown()


def rudder():
    from rudderstack.analytics.client import Client

    client = Client(KEY, host=URL, gzip=GZIP == "1", upload_size=10, upload_interval=0.2)
    for n in NUMBERS:
        client.track(user_id=f"u{n}", event=EVENT, properties=said(n))
    client.flush()
    client.join()


def posthog():
    from posthog import Posthog

    client = Posthog(KEY, host=URL, gzip=GZIP == "1", flush_at=10, flush_interval=0.2, max_retries=10)
    for n in NUMBERS:
        client.capture(EVENT, distinct_id=f"u{n}", properties=said(n))
    client.shutdown()


{"segment": segment, "rudder": rudder, "posthog": posthog}[SDK]()
