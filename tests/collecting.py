"""Events as collection writes them: lines, groups and workspaces of them."""

import itertools

import ganj
from ganj.display import Display
from ganj.log import Line, encode, trailer

NOW = 1_763_800_000_000_000
"""When the tests' events are received: 22 November 2025, µs UTC."""
SECOND = 1_000_000
UTC = Display(language="en", calendar="gregorian", digits="latin", zone="UTC", week_start=0)
_numbers = itertools.count()


def event(name="Product Viewed", user="u1", at=0, **more):
    """A track call of a user, ``at`` seconds before it was received unless told otherwise."""
    fields = {"k": "track", "w": "web", "d": "segment", "e": name, "u": user} | more
    fields.setdefault("m", f"m{next(_numbers)}")
    fields.setdefault("r", NOW)
    fields.setdefault("t", NOW - at * SECOND)
    return Line(**fields)


def page(user="u1", at=0, **more):
    name = more.pop("e", None)
    return event(name, user, at, **({"k": "page"} | more))


def identify(user="u1", at=0, traits=None, **more):
    return event(None, user, at, k="identify", x=traits or {}, **more)


def group(*lines):
    """One group of the log, as bytes."""
    text = encode(lines)
    return text + trailer(text)


def segment(folder, *groups, number=1, suffix=".ndjson"):
    """Write a file of the log of groups of lines, or of bytes."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{number:020d}-1-0{suffix}"
    path.write_bytes(b"".join(one if isinstance(one, bytes) else group(*one) for one in groups))
    return path


def workspace(folder, *lines, **settings):
    """A workspace into which some lines were collected."""
    shop = ganj.create(folder / "shop", UTC if not settings else Display(**settings), buckets=4)
    if lines:
        collect(shop, *lines)
    return shop


def collect(shop, *lines):
    """Collect and load lines; returns what the load brought."""
    shop.collect(lines)
    return shop.store.absorb()


def events(shop):
    """All events that are stored, in order of time, those of a moment by name, customer and order."""
    return shop.sql("select * from events order by time, event, customer, order_id").to_pylist()
