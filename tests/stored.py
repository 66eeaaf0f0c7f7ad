"""Workspaces written as words: real files, a real store."""

import atexit
import functools
import hashlib
import json
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

import ganj
from ganj.display import Display
from ganj.events import ROWS

UTC_SETTINGS = Display(language="en", calendar="gregorian", digits="latin", zone="UTC", week_start=0)


def row(number, customer=None, event=None, time=None, properties=None, **more):
    """One row of an import; ``time`` is µs, or ISO text in UTC."""
    if isinstance(time, str):
        moment = datetime.fromisoformat(time)
        time = round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1_000_000)
    told = dict.fromkeys(ROWS.names)
    told |= {"row": number, "customer_id": customer, "event": event, "time": time, **more}
    told["properties"] = json.dumps(properties) if properties else None
    told["traits"] = json.dumps(told["traits"]) if told["traits"] else None
    told["content"] = hashlib.md5(repr((number, told)).encode()).digest()
    return told


@functools.cache
def _empty(settings, buckets):
    """Make an empty workspace once: its tables take longer to make than most tests do."""
    folder = Path(tempfile.mkdtemp(prefix="ganj-empty-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    ganj.create(folder / "shop", settings, buckets=buckets).close()
    return folder / "shop"


def workspace(folder, rows, settings=UTC_SETTINGS, buckets=4):
    """Make a workspace of rows, each a dict as `row` takes it."""
    shutil.copytree(_empty(settings, buckets), folder / "shop")
    shop = ganj.open(folder / "shop")
    table = pa.Table.from_pylist([row(number, **told) for number, told in enumerate(rows)], schema=ROWS)
    pq.write_table(table, folder / "rows.parquet")
    shop.load_rows(folder / "rows.parquet")
    return shop
