"""A book of identifiers in memory: what the store keeps in tables, as dictionaries."""

import numpy as np
import pyarrow as pa

from ganj.identity.merging import standing
from ganj.identity.rules import Rules
from ganj.identity.stitching import PEOPLE, Index


class Memory:
    """Everything ever told, in memory."""

    def __init__(self, rules=None):
        self.rules = rules or Rules()
        self.owner, self.added, self.edges, self.pairs, self.customers = {}, {}, [], [], 0

    @property
    def map(self):
        return standing(self.customers, np.array(self.edges, np.int32).reshape(-1, 2))

    def owners(self, links):
        named = zip(links["kind"].to_pylist(), links["value"].to_pylist(), strict=True)
        return np.array([self.owner.get(link, -1) for link in named], np.int32)

    def held(self, origins):
        where = {int(origin): place for place, origin in enumerate(origins)}
        rows = [
            {"node": where[self.map[owner]], "kind": kind, "added": self.added[kind, value]}
            for (kind, value), owner in self.owner.items()
            if int(self.map[owner]) in where
        ]
        kinds = {"node": pa.int64(), "kind": pa.string(), "added": pa.int64()}
        return pa.Table.from_pylist(rows, schema=pa.schema(kinds))

    def now(self, origins):
        return self.map[origins]

    def apart(self):
        return np.array(self.pairs, np.int32).reshape(-1, 2)

    def following(self):
        return self.customers

    def tell(self, people):
        """Load rows of `PEOPLE`: (links, time, alias), and remember what they mean."""
        rows = [
            {
                "links": [{"kind": kind, "value": value} for kind, value in links],
                "time": time,
                "last": time,
                "alias": alias,
                "evidence": f"m{number}",
            }
            for number, (links, time, alias) in enumerate(people)
        ]
        found = Index(self.rules, self).assign(pa.Table.from_pylist(rows, schema=PEOPLE))
        for row in found.identifiers.to_pylist():
            if row["added"] is not None:
                self.owner[row["kind"], row["value"]] = row["customer"]
                self.added[row["kind"], row["value"]] = row["added"]
        self.customers += len(found.founded)
        self.edges += [(merge.one, merge.other) for merge in found.merges]
        return found
