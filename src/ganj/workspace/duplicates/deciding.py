"""The queue of pairs: look, merge, tell apart, put off, take back."""

from __future__ import annotations

import time
import uuid
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from ganj.errors import GanjError
from ganj.identity.errors import AlreadyUndone, SamePerson
from ganj.log import OWN, Line
from ganj.parameters import build, dump
from ganj.text import Text
from ganj.workspace.duplicates.households import Households
from ganj.workspace.duplicates.kept import Kept, Link, Pair, Status, pair_key
from ganj.workspace.duplicates.looking import Found, Search
from ganj.workspace.duplicates.rules import DuplicateRules
from ganj.workspace.identity import merge_all
from ganj.workspace.profiles import kept as settings

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ganj.workspace import Workspace

OPEN: tuple[Status, ...] = ("open", "later")
MOST_FIELDS = 200


class AlreadyDecided(GanjError):
    """A pair of which something else was said before. Facts: ``pair``, ``status`` (`Text`)."""

    status = 409
    says = Text(
        "Of pair {pair} it was said already: {status.en}.", "دربارهٔ جفت {pair} پیش‌تر گفته شده: {status.fa}."
    )
    hint = Text("Take that back first.", "نخست آن را برگردانید.")


WORDS = {
    "open": Text("open", "باز"),
    "later": Text("later", "بعداً"),
    "merged": Text("merged", "ادغام‌شده"),
    "different": Text("different people", "دو نفر متفاوت"),
}


class Duplicates:
    """Customers of a workspace who may be one person."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._kept = Kept(workspace.store.control.engine)

    # ---- rules

    @property
    def rules(self) -> DuplicateRules:
        """How sure is sure enough."""
        return settings.value(self._workspace.store.control, "duplicates", DuplicateRules)

    def save_rules(self, changes: dict[str, Any]) -> DuplicateRules:
        """Change some rules and return all.

        Raises
        ------
        BadParameter
            A value is none they can have.
        """
        made = build(DuplicateRules, {**dump(self.rules), **changes})
        settings.keep(self._workspace.store.control, "duplicates", made)
        return made

    # ---- looking

    def find(self, *, automatic: bool | None = None) -> Found:
        """Look for pairs, offer them, and merge those that are sure.

        Parameters
        ----------
        automatic : whether sure pairs are merged now; None asks the rules
        """
        rules = self.rules
        search = Search(self._workspace, self._kept, rules)
        found = search.offer()
        if rules.automatic if automatic is None else automatic:
            found = self._merge_sure(search, found)
        together = search.households(rules.together) if rules.households else []
        self.households.keep(together)
        return msgspec.structs.replace(found, households=len(together))

    def _merge_sure(self, search: Search, found: Found) -> Found:
        sure = search.sure()
        pairs = [(one, other, {"duplicates": round(chance, 6)}) for one, other, chance in sure]
        merges = merge_all(self._workspace, pairs, "duplicates")
        made = [(told, merge) for told, merge in zip(sure, merges, strict=True) if merge]
        self._kept.merged({pair_key(one, other): merge for (one, other, _), merge in made})
        precision = float(np.mean([chance for (_, _, chance), _ in made])) if made else 1.0
        left = self._kept.counts()["open"]
        return msgspec.structs.replace(found, merged=len(made), precision=precision, pairs=left)

    @cached_property
    def households(self) -> Households:
        """Who lives with whom."""
        return Households(self._workspace)

    # ---- the queue

    def queue(self, limit: int = 50, offset: int = 0, status: Sequence[Status] = OPEN) -> list[Pair]:
        """Return pairs to look at, the most probable first; those that other merges made one leave the queue."""
        pairs = self._kept.all(status, limit, offset)
        gone = [pair.id for pair in pairs if pair.status in OPEN and not self._stands(pair)]
        for number in gone:
            self._kept.decide(number, "merged", {"merge": ""})
        return self._kept.all(status, limit, offset) if gone else pairs

    def _stands(self, pair: Pair) -> bool:
        one, other = self.customers(pair)
        return one is not None and other is not None and one != other

    def forget(self, links: Collection[Link]) -> int:
        """Forget everything that is kept here of somebody, by identifiers: what an erasure must reach.

        Parameters
        ----------
        links : all that the person has, as in `ganj.store.persons.Holding`

        Returns
        -------
        rows : how many named them
        """
        return self._kept.forget(links) + self.households.forget(links)

    def counts(self) -> dict[str, int]:
        """Count the pairs by what was said of them."""
        return self._kept.counts()

    def promised(self) -> float:
        """Return how many of the open pairs are one person, as their probabilities promise."""
        return self._kept.promised()

    def pair(self, number: int) -> Pair:
        """Return one pair."""
        return self._kept.find(number)

    def customers(self, pair: Pair) -> tuple[int | None, int | None]:
        """Return the numbers that a pair's customers have now; None for one that is no more."""
        owner = self._workspace.store.persons.owner
        return owner(pair.left), owner(pair.right)

    # ---- saying

    def merge(self, number: int, fields: dict[str, str] | None = None, by: str = "") -> Pair:
        """Say that a pair is one person.

        Parameters
        ----------
        fields : of a trait, the side whose value stays: ``left`` or ``right``; else the newer one stays

        Raises
        ------
        AlreadyDecided
            Something else was said of them before.
        """
        pair = self._undecided(number)
        evidence = {"probability": round(pair.probability, 6), "pair": pair_key(pair.left, pair.right)}
        self._keep_fields(pair, fields or {})
        try:
            merge = self._workspace.merge(pair.left, pair.right, evidence, by).id
        except SamePerson:
            merge = ""  # a merge of others made them one
        self._kept.decide(number, "merged", {"merge": merge, "by": by})
        return self.pair(number)

    def different(self, number: int, by: str = "") -> Pair:
        """Say that a pair is two people; they are never offered again, and no rule makes them one."""
        pair = self._undecided(number)
        self._workspace.tell_apart(pair.left, pair.right, by)
        self._kept.decide(number, "different", {"by": by})
        return self.pair(number)

    def later(self, number: int) -> Pair:
        """Put a pair off: it comes after the others."""
        self._undecided(number)
        self._kept.decide(number, "later")
        return self.pair(number)

    def undo(self, number: int, by: str = "") -> Pair:
        """Take back what was said of a pair; a merge is undone, and every report is as before."""
        pair = self.pair(number)
        merge = pair.decision.get("merge")
        if pair.status == "merged" and merge:
            with suppress(AlreadyUndone):  # it may have been taken back on the customer's page
                self._workspace.unmerge(merge, by)
        elif pair.status == "different":
            self._workspace.tell_apart(pair.left, pair.right, by, stands=False)
        self._kept.decide(number, "open")
        return self.pair(number)

    def _undecided(self, number: int) -> Pair:
        pair = self.pair(number)
        if pair.status not in OPEN:
            raise AlreadyDecided(pair=number, status=WORDS[pair.status])
        return pair

    def _keep_fields(self, pair: Pair, fields: dict[str, str]) -> None:
        """Let the chosen values be the newest: each is said again of the customer who has it.

        So the merged customer gets them, and after an undo each of the two has their own as before.
        """
        lines = []
        for side, link in (("left", pair.left), ("right", pair.right)):
            chosen = [name for name, which in fields.items() if which == side][:MOST_FIELDS]
            owner = self._workspace.store.persons.owner(link)
            known = self._workspace.store.profile(owner) if owner is not None and chosen else None
            if known is not None:
                values = {name: known["traits"][name][0] for name in chosen if name in known["traits"]}
                lines.append(_identify(link, values))
        if lines:
            self._workspace.collect(lines, OWN)
            self._workspace.store.absorb()


def _identify(link: Link, traits: dict[str, Any]) -> Line:
    now = time.time_ns() // 1000
    line = Line(m=str(uuid.uuid4()), r=now, t=now, k="identify", w=OWN, d=OWN, x=traits)
    kind, value = link
    if kind == "customer_id":
        line.u = value
    else:
        line.i = [(kind, value)]
    return line
