"""Rows of an import written as words: ``"ali order@3 O1 apple*2@1000"``.

who event@day [order] [product*quantity@price] [key=value …]; ``-`` is nobody, ``mail:x`` ``phone:x`` another
kind of identifier, several joined by ``&``; ``~name=Ali`` is a trait; ``of:Tehran`` a property named city.
"""

import hashlib
import json

import pyarrow as pa

from ganj.events import ROWS
from ganj.miner import Reads

DAY = 86_400_000_000
KINDS = {"mail": "email", "phone": "phone", "code": "national_code", "account": "account"}
EVENTS = {
    "order": "Order Completed",
    "return": "Order Refunded",
    "visit": "Page Viewed",
    "view": "Product Viewed",
}


def rows(text):
    """Read one row a line (or a list of them) into a batch of `ganj.events.ROWS`."""
    lines = text if isinstance(text, list) else [line for line in text.strip().splitlines() if line.strip()]
    return pa.RecordBatch.from_pylist([row(number, line) for number, line in enumerate(lines)], schema=ROWS)


def row(number, line):
    said = dict.fromkeys(ROWS.names)
    who, *words = line.split()
    said |= {"row": number, "content": hashlib.md5(" ".join(line.split()).encode()).digest()}
    said |= identifiers(who)
    traits, properties = {}, {}
    for word in words:
        if word.startswith("~"):
            traits |= pair(word[1:])
        elif "*" in word:
            said |= line_of(word)
        elif "=" in word:
            properties |= pair(word)
        elif "@" in word:
            event, day = word.split("@")
            said |= {"event": EVENTS.get(event, event), "time": int(float(day) * DAY)}
        else:
            said["order"] = word
    return said | {
        "traits": json.dumps(traits) if traits else None,
        "properties": json.dumps(properties) if properties else None,
    }


def identifiers(who):
    found = {}
    for part in who.split("&"):
        kind, _, value = part.rpartition(":")
        if part != "-":
            found[KINDS.get(kind, "customer_id")] = value
    return found


def pair(word):
    key, _, value = word.partition("=")
    return {key: float(value) if value.replace(".", "").isdigit() else value}


def line_of(word):
    product, _, rest = word.partition("*")
    quantity, _, price = rest.partition("@")
    amount = float(quantity) * float(price)
    return {"product": product, "quantity": float(quantity), "price": float(price), "amount": amount}


def load(store, text, kind="orders"):
    """Import rows written as words; their words are the kept file, so a replay can read them again."""
    lines = text if isinstance(text, list) else [line for line in text.strip().splitlines() if line.strip()]
    path = store.folder.parent / "lines.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    batch = store.begin(kind, {}, [path])
    store.stage(batch, rows(lines))
    return store.commit(batch)


def replay(batch):
    """Read a kept import again."""
    yield rows(batch.files[0].read_text(encoding="utf-8").splitlines())


EVERYTHING = Reads(
    columns=("time", "event", "amount", "product", "channel"), lines=True, properties=("city",), nobody=True
)


def told(store, reads=EVERYTHING, **asked):
    """Tell all that is stored, by customers' own names and in words, so that codes do not matter."""
    return sorted(line for part in store.histories(reads, **asked) for line in told_part(store, part))


def told_part(store, part):
    names = [name_of(store, int(number)) for number in part.customer]
    for owner, (start, stop) in enumerate(zip(part.offsets[:-1], part.offsets[1:], strict=True)):
        events = sorted(told_event(part, at) for at in range(start, stop))
        yield (names[owner], tuple(events))


def told_event(part, at):
    city = int(part.columns["property:city"][at])
    return (
        part.names["event"][part.event[at]],
        int(part.time[at]),
        repr(float(part.amount[at])),
        "-" if city < 0 else part.names["property:city"][city],
        tuple(sorted(told_line(part, line) for line in range(*part.lines.offsets[at : at + 2]))),
    )


def told_line(part, at):
    product = int(part.lines.product[at])
    name = part.names["product"][product] if product >= 0 else "-"
    return (name, repr(float(part.lines.quantity[at])), repr(float(part.lines.price[at])))


def name_of(store, number):
    """Name a customer by all identifiers and traits."""
    known = store.profile(number)
    if known is None:
        return "nobody"
    marks = sorted(f"{kind}:{value}" for kind, value, *_ in known["identifiers"])
    traits = sorted(f"{name}={value}" for name, (value, *_) in known["traits"].items())
    return " ".join(marks + traits)
