"""Journeys: tables, pictures and sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ganj.events import words
from ganj.histories import Array
from ganj.miner import Chart, Column, Finding, Opens, Table, Where, column
from ganj.sequences import OTHERS, Named
from ganj.sketches import Numbers, Tally
from ganj.text import Text

VARIANTS, MOVES, BARS = 30, 300, 15
"""Rows shown: variants, moves; and moves drawn as bottlenecks."""
REST = Text("Other activities", "فعالیت‌های دیگر")


@dataclass(frozen=True)
class Process:
    """Runs laid out; attributes as in `ganj.miners.journey.Runs`, ``lasted`` the distribution of cases' times."""

    sums: Named
    variants: Tally
    spelled: Mapping[int, tuple[str, ...]]
    lasted: Numbers
    totals: Array

    @cached_property
    def codes(self) -> list[int]:
        """Return the activities, those in most cases first."""
        tally = self.sums.tallies["events"]
        order = np.lexsort((tally.keys[:, 0], -tally.values[:, 1]))
        return [int(tally.keys[at, 0]) for at in order if tally.keys[at, 0] != OTHERS]

    def label(self, code: int) -> Text:
        """Return what people read for an activity."""
        return words(self.sums.labels[code]) if code >= 0 else REST

    def _of(self, name: str) -> dict[tuple[int, ...], Array]:
        return self.sums.tallies[name].rows()

    def _sums(self, name: str) -> Array:
        """float64[activities, sums]: the sums of each activity shown."""
        told, width = self._of(name), self.sums.tallies[name].values.shape[1]
        return np.array([told.get((code,), np.zeros(width)) for code in self.codes]).reshape(
            len(self.codes), width
        )

    # ---- variants

    @cached_property
    def best(self) -> list[int]:
        """Return rows of the variants of most cases."""
        keys = self.variants.keys[:, 0]
        order = np.lexsort((keys, -self.variants.values[:, 0]))
        return [int(at) for at in order if keys[at] != 0][:VARIANTS]

    @cached_property
    def variant_names(self) -> dict[int, str]:
        """Return the names of the variants shown, by hash."""
        return {int(key): f"{int(key):016x}" for key in self.variants.keys[self.best, 0]}

    def variants_table(self, among: Process | None = None) -> Table:
        """Lay out the variants of most cases: of these, or of those that these are ``among``."""
        shown, own = among or self, self.variants.rows()
        hashes = list(shown.variant_names)
        sums = np.array([own.get((key,), np.zeros(3)) for key in hashes]).reshape(-1, 3)
        told = [[words(step) for step in shown.spelled[key]] for key in hashes]
        choices = tuple(
            (shown.variant_names[key], Text(" › ".join(s.en for s in steps), " › ".join(s.fa for s in steps)))
            for key, steps in zip(hashes, told, strict=True)
        )
        return Table.of(
            Text("Variants", "گونه‌ها"),
            (
                Column(name="variant", label=Text("Variant", "گونه"), unit="category", choices=choices),
                np.arange(len(hashes)),
            ),
            (column("cases", "Cases", "پرونده‌ها", "count"), sums[:, 0].astype(np.int64)),
            (
                column("share", "Of all cases", "از همهٔ پرونده‌ها", "percent"),
                100 * sums[:, 0] / max(self.totals[0], 1),
            ),
            (
                column("customers", "Customers", "مشتریان", "customers"),
                sums[:, 1].astype(np.int64),
                [(Where("variants_run", "has", shown.variant_names[key]),) for key in hashes],
            ),
            (
                column("mean_time", "Mean time", "میانگین زمان", "duration"),
                sums[:, 2] / np.maximum(sums[:, 0], 1),
            ),
        )

    # ---- activities

    def _activity(self, name: str, label: Text) -> Column:
        choices = tuple((self.sums.labels[code], self.label(code)) for code in self.codes)
        return Column(name=name, label=label, unit="category", choices=choices)

    def activities_table(self) -> Table:
        """Lay out the activities: how often, where they stand, how often again."""
        events, again = self._sums("events"), self._sums("again")
        rework = 100 * again[:, 0] / np.maximum(events[:, 1], 1)
        share = 100 * events[:, 1] / max(self.totals[0], 1)
        return Table.of(
            Text("Activities", "فعالیت‌ها"),
            (self._activity("activity", Text("Activity", "فعالیت")), np.arange(len(self.codes))),
            self._count("events", 0, column("times", "Times", "بار", "count")),
            self._count("events", 1, column("cases", "Cases", "پرونده‌ها", "count")),
            (column("share", "Of all cases", "از همهٔ پرونده‌ها", "percent"), share),
            self._whose("who", "activities_done", column("customers", "Customers", "مشتریان", "customers")),
            self._count("starts", 0, column("starts", "Cases that begin with it", "آغازگر پرونده", "count")),
            self._whose(
                "starts",
                "began_with",
                column("begun", "Customers who begin with it", "مشتریان آغازکننده", "customers"),
            ),
            self._count("ends", 0, column("ends", "Cases that end with it", "پایان‌بخش پرونده", "count")),
            self._whose(
                "ends",
                "ended_with",
                column("ended", "Customers who end with it", "مشتریان پایان‌دهنده", "customers"),
            ),
            self._count(
                "again", 0, column("again", "Cases that do it again", "پرونده‌های دوباره‌کاری", "count")
            ),
            (column("again_rate", "Rework", "نرخ دوباره‌کاری", "percent"), rework),
            self._whose(
                "again",
                "done_again",
                column("redone", "Customers it is done again for", "مشتریان دوباره‌کاری", "customers"),
            ),
        )

    def _count(self, kind: str, at: int, of: Column) -> tuple[Column, Array]:
        """Return a column of counts of each activity."""
        return of, self._sums(kind)[:, at].astype(np.int64)

    def _whose(self, kind: str, score: str, of: Column) -> tuple[Column, Array, list[Opens]]:
        """Return a column of customers of each activity, each opening by a score."""
        opens: list[Opens] = [(Where(score, "has", self.sums.labels[code]),) for code in self.codes]
        return of, self._sums(kind)[:, 1].astype(np.int64), opens

    # ---- what follows what

    @cached_property
    def follows(self) -> list[tuple[int, int]]:
        """Return the moves shown, the most time spent on first."""
        tally = self.sums.tallies["follows"]
        apart = np.flatnonzero(np.all(tally.keys >= 0, axis=1))
        many = apart[np.argsort(-tally.values[apart, 0], kind="stable")][:MOVES]
        order = many[np.argsort(-tally.values[many, 2], kind="stable")]
        return [(int(tally.keys[at, 0]), int(tally.keys[at, 1])) for at in order]

    @cached_property
    def moves(self) -> frozenset[str]:
        """Return the names of the moves shown."""
        return frozenset(self.move_name(pair) for pair in self.follows)

    def move_name(self, pair: tuple[int, int]) -> str:
        """Name a move: Deal Created > Deal Won."""
        return " > ".join(self.sums.labels[code] for code in pair)

    @cached_property
    def waits(self) -> dict[tuple[int, int], Numbers]:
        """Return how long each move shown took."""
        tally = self.sums.tallies["waits"]
        code = tally.keys[:, 1] * (len(self.sums.labels) + 3) + tally.keys[:, 2]
        order = np.argsort(code, kind="stable")  # bins ascend within a move
        keys, values = tally.keys[order], tally.values[order]
        cuts = np.flatnonzero(np.diff(code[order])) + 1
        parts = zip(np.split(keys, cuts), np.split(values, cuts), strict=True)
        return {
            (int(key[0, 1]), int(key[0, 2])): Numbers(key[:, 0], value[:, 0].astype(np.int64), value[:, 1])
            for key, value in parts
            if len(key)
        }

    def follows_table(self) -> Table:
        """Lay out what follows what, and how long that takes."""
        told, who = self._of("follows"), self._of("follows_who")
        sums = np.array([told[pair] for pair in self.follows]).reshape(-1, 3)
        waits = [self.waits[pair] for pair in self.follows]
        total = self.sums.tallies["follows"].values[:, 2].sum()
        place = {code: at for at, code in enumerate(self.codes)}
        ends = np.array([[place[code] for code in pair] for pair in self.follows], np.int64).reshape(-1, 2)
        return Table.of(
            Text("What follows what", "چه پس از چه"),
            (self._activity("source", Text("From", "از")), ends[:, 0]),
            (self._activity("target", Text("To", "به")), ends[:, 1]),
            (column("times", "Times", "بار", "count"), sums[:, 0].astype(np.int64)),
            (column("cases", "Cases", "پرونده‌ها", "count"), sums[:, 1].astype(np.int64)),
            (
                column("customers", "Customers", "مشتریان", "customers"),
                np.array([who[pair][1] for pair in self.follows], np.int64),
                [(Where("moves_made", "has", self.move_name(pair)),) for pair in self.follows],
            ),
            (
                column("median_time", "Median time", "میانهٔ زمان", "duration"),
                np.array([w.median for w in waits]),
            ),
            (
                column("mean_time", "Mean time", "میانگین زمان", "duration"),
                sums[:, 2] / np.maximum(sums[:, 0], 1),
            ),
            (
                column("slow_time", "One in ten takes longer than", "یکی از ده تا بیش از", "duration"),
                np.array([float(w.quantile(0.9)) for w in waits]),
            ),
            (
                column("spent", "Share of all time", "سهم از همهٔ زمان", "percent"),
                100 * sums[:, 2] / max(total, 1),
            ),
        )

    def bottlenecks_table(self) -> Table:
        """Lay out the moves that most time is spent on, named in one column for a picture."""
        tally, told = self.sums.tallies["follows"], self._of("follows")
        pairs = self.follows[:BARS]
        total = max(tally.values[:, 2].sum(), 1)
        labels = [(self.label(a), self.label(b)) for a, b in pairs]
        choices = tuple(
            (self.move_name(pair), Text(f"{a.en} › {b.en}", f"{a.fa} › {b.fa}"))
            for pair, (a, b) in zip(pairs, labels, strict=True)
        )
        spent = np.array([told[pair][2] for pair in pairs])
        return Table.of(
            Text("Where time is spent", "زمان کجا می‌گذرد"),
            (
                Column(name="move", label=Text("Move", "گذر"), unit="category", choices=choices),
                np.arange(len(pairs)),
            ),
            (
                column("spent", "Share of all time", "سهم از همهٔ زمان", "percent"),
                100 * spent / total,
                [(Where("moves_made", "has", self.move_name(pair)),) for pair in pairs],
            ),
            (
                column("median_time", "Median time", "میانهٔ زمان", "duration"),
                np.array([self.waits[p].median for p in pairs]),
            ),
        )

    def cases_table(self) -> Table:
        """Lay out the whole in one row."""
        cases, customers, events = (int(k) for k in self.totals)
        return Table.of(
            Text("All cases", "همهٔ پرونده‌ها"),
            (column("cases", "Cases", "پرونده‌ها", "count"), np.array([cases])),
            (
                column("customers", "Customers", "مشتریان", "customers"),
                np.array([customers]),
                [(Where("cases", ">", 0),)],
            ),
            (column("events", "Events", "رویدادها", "count"), np.array([events])),
            (column("activities", "Activities", "فعالیت‌ها", "count"), np.array([len(self.codes)])),
            (column("variants", "Variants", "گونه‌ها", "count"), np.array([len(self.variants)])),
            (column("median_time", "Median time", "میانهٔ زمان", "duration"), np.array([self.lasted.median])),
            (column("mean_time", "Mean time", "میانگین زمان", "duration"), np.array([self.lasted.mean])),
        )


def findings(view: Process) -> Iterator[Finding]:
    """Say what a manager takes away."""
    if not view.totals[0]:
        yield Finding(
            text=Text("There are no cases in this period.", "در این بازه هیچ پرونده‌ای نیست."),
            tone="warn",
            weight=1.5,
        )
        return
    at = view.best[0] if view.best else 0
    key = int(view.variants.keys[at, 0])
    yield Finding(
        text=Text(
            "{cases:count} cases run in {variants:count} ways; {share:percent} in the most usual one. Half take no longer than {time:duration}.",
            "{cases:count} پرونده به {variants:count} گونه پیش رفته‌اند؛ {share:percent} به رایج‌ترین گونه. نیمی بیش از {time:duration} نمی‌کشند.",
        ),
        evidence={
            "cases": int(view.totals[0]),
            "variants": len(view.variants),
            "share": 100 * view.variants.values[at, 0] / view.totals[0],
            "time": view.lasted.median,
        },
        opens=(Where("variants_run", "has", view.variant_names[key]),) if key in view.variant_names else None,
        weight=1.0,
    )
    yield from _bottleneck(view)
    yield from _rework(view)


def _bottleneck(view: Process) -> Iterator[Finding]:
    spent = view.sums.tallies["follows"].values[:, 2].sum()
    if not view.follows or not spent:
        return
    pair = view.follows[0]
    yield Finding(
        text=Text(
            "Most time goes by between {source} and {target}: {share:percent} of all; half of the times {time:duration} or less.",
            "بیشترین زمان میان «{source}» و «{target}» می‌گذرد: {share:percent} از همه؛ در نیمی از بارها {time:duration} یا کمتر.",
        ),
        evidence={
            "source": view.label(pair[0]),
            "target": view.label(pair[1]),
            "share": 100 * view.sums.tallies["follows"].rows()[pair][2] / spent,
            "time": view.waits[pair].median,
        },
        opens=(Where("moves_made", "has", view.move_name(pair)),),
        tone="bad",
        weight=0.9,
    )


def _rework(view: Process) -> Iterator[Finding]:
    told = view.sums.tallies["again"].rows()
    shown = [(sums[0], -key[0], sums) for key, sums in told.items() if key[0] >= 0]
    if not shown:
        return
    cases, code, sums = max(shown, key=lambda one: one[:2])
    name = view.sums.labels[-code]
    yield Finding(
        text=Text(
            "{activity} is done again in {cases:count} cases: {more:count} repetitions.",
            "«{activity}» در {cases:count} پرونده دوباره انجام شده است: {more:count} تکرار.",
        ),
        evidence={"activity": words(name), "cases": int(cases), "more": int(sums[2])},
        opens=(Where("done_again", "has", name),),
        weight=0.8,
    )


def charts() -> tuple[Chart, ...]:
    """Return the pictures of the tables."""
    return (
        Chart(
            kind="hbar",
            table="bottlenecks",
            title=Text("Where time is spent", "زمان کجا می‌گذرد"),
            x="move",
            y=("spent",),
        ),
        Chart(
            kind="sankey",
            table="follows",
            title=Text("What follows what", "چه پس از چه"),
            x="source",
            y=("times",),
            series="target",
            options={"sides": True},
        ),
    )
