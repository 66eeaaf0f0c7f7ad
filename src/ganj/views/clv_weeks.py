"""What came and what was expected week by week, of all buyers and of each group of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from ganj.histories import Array
from ganj.miner import Chart, Column, Finding, Opens, Table, Where, column
from ganj.models.tracking import SURE, Track, daily
from ganj.models.worth import Buying
from ganj.text import Text
from ganj.views.clock import Clock
from ganj.views.clv_fold import Bought
from ganj.views.clv_trial import again_in, spans
from ganj.views.traits import called

LEAST = 10.0
"""Of fewer expected purchases no share is drawn."""
HELD = (Where("calibration_orders", ">=", 0),)
"""Customers who first bought before the held-out days."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The time that is tracked.

    Attributes
    ----------
    clock : what ticks are
    unit : ticks of one unit of time of the parameters
    split, end : the first held-out tick, and the last that was seen
    held : whether the model did not see the ticks from ``split`` on; only who began before them counts then
    """

    clock: Clock
    unit: float
    split: int
    end: int
    held: bool


def weekly(state: Bought, model: Buying, parameters: Array, over: Stretch) -> Track | None:
    """Lay what came week by week beside what the model expects of all who began; None without a whole week."""
    times, repeats, weeks = state.times, state.repeats, state.weeks
    chosen, counted, own = (np.ones(len(one), bool) for one in (times.keys, repeats.keys, weeks.keys))
    if over.held:
        chosen, counted, own = times.keys[:, 4] >= 0, repeats.keys[:, 1] == 1, weeks.keys[:, 1] == 1
    start, end = int(times.keys[:, 0].min()), over.end
    began = np.bincount(times.keys[chosen, 0] - start, times.values[chosen, 0], end - start + 1)
    came = np.bincount(repeats.keys[counted, 0] - start, repeats.values[counted, 0], end - start + 1)
    totals = np.stack((came.cumsum(), daily(model, parameters, began, over.unit)))
    week, ends = over.clock.weeks(start, end)
    if not len(week):
        return None
    actual, expected = np.diff(totals[:, ends], axis=1, prepend=0.0)
    place = weeks.keys[own, 0] - week[0]
    inside = place < len(week)
    people = np.bincount(place[inside], weeks.values[own, 0][inside], len(week))
    return Track(week, actual, expected, (ends + start >= over.split) & over.held, people)


@dataclass(frozen=True, slots=True, eq=False)
class Apart:
    """Groups of buyers week by week.

    Attributes
    ----------
    by : what groups are of
    clock : what ticks are
    tracks : by the name of the group, the largest first
    customers : who first bought before the held-out days, by the name of the group
    """

    by: str
    clock: Clock
    tracks: Mapping[str, Track]
    customers: Mapping[str, int]

    @property
    def held(self) -> bool:
        """Whether anything was held out."""
        return any(track.held.any() for track in self.tracks.values())

    def tables(self) -> dict[str, Table]:
        """Return the tables by name."""
        found = {"group_tracking": self.weeks()} if self.tracks else {}
        return found | ({"drift": self.drift()} if self.held else {})

    def weeks(self) -> Table:
        """Say what came and what was expected of each group in each week."""
        clock, tracks = self.clock, self.tracks
        title, name = spans(clock)
        joined = {
            part: np.concatenate([getattr(track, part) for track in tracks.values()])
            for part in ("week", "people", "actual", "expected", "held")
        }
        limits = np.concatenate([np.stack(track.limits) for track in tracks.values()], axis=1)
        share = np.concatenate([_so_far(track) for track in tracks.values()])
        names = [group for group, track in tracks.items() for _ in track.week]
        days = clock.first_days(joined["week"])
        opens = [
            (*again_in(day), Where("clv_group", "=", group)) for day, group in zip(days, names, strict=True)
        ]
        return Table.of(
            Text(f"{title.en}, by group", f"{title.fa}، به تفکیک گروه"),
            (Column(name="group", label=called(self.by), unit="text"), names),
            (Column(name="week", label=name, unit="period", period=clock.span, calendar=clock.calendar), joined["week"]),
            (column("customers", "Customers who bought again", "مشتریان با خرید دوباره", "customers"), joined["people"].astype(np.int64), opens),
            (column("actual", "Actual", "واقعی", "orders"), joined["actual"].astype(np.int64)),
            (column("expected", "Expected", "مورد انتظار", "ratio"), joined["expected"]),
            (column("low", "At least (95%)", "دست‌کم (۹۵٪)", "ratio"), limits[0]),
            (column("high", "At most (95%)", "دست‌بالا (۹۵٪)", "ratio"), limits[1]),
            (column("so_far", "So far, of what was expected", "تاکنون، نسبت به انتظار", "percent"), share),
            (column("held", "Held out", "روزهای آزمون", "flag"), joined["held"]),
        )  # fmt: skip

    def drift(self) -> Table:
        """Say of each group how far what came in the held-out weeks is from what was expected."""
        tracks = list(self.tracks.values())
        rows = np.array([(*track.sums, track.wide) for track in tracks])
        came, expected, wide = rows.T
        most = np.maximum(expected, 1e-300)
        off, half = 100 * (came / most - 1), 100 * SURE * wide / most
        opens: list[Opens] = [(*HELD, Where("clv_group", "=", name)) for name in self.tracks]
        return Table.of(
            Text("What came of what was expected, on days held out", "آنچه رخ داد در برابر انتظار، در روزهای آزمون"),
            (Column(name="group", label=called(self.by), unit="text"), list(self.tracks)),
            (column("customers", "Customers", "مشتریان", "customers"), np.array([self.customers[name] for name in self.tracks]), opens),
            (column("actual", "Actual", "واقعی", "orders"), came.astype(np.int64)),
            (column("expected", "Expected", "مورد انتظار", "ratio"), expected),
            (column("off", "Above or below", "بیشتر یا کمتر", "percent"), off),
            (column("low", "At least (95%)", "دست‌کم (۹۵٪)", "percent"), np.maximum(off - half, -100)),
            (column("high", "At most (95%)", "دست‌بالا (۹۵٪)", "percent"), off + half),
            (column("drifts", "Drifts", "دور شده", "flag"), np.array([track.drifting(len(tracks)) for track in tracks])),
        )  # fmt: skip

    def charts(self) -> tuple[Chart, ...]:
        """Return the pictures of the tables that are there."""
        lines = Text(
            "Which group buys less or more than expected?", "کدام گروه کمتر یا بیشتر از انتظار می‌خرد؟"
        )
        bars = Text(
            "How far off is each group on the days held out?",
            "هر گروه در روزهای آزمون چقدر از انتظار دور است؟",
        )
        found = [
            Chart(kind="line", table="group_tracking", title=lines, x="week", y=("so_far",), series="group")
        ] if self.tracks else []  # fmt: skip
        if self.held:
            options = {"low": "low", "high": "high", "sorted": False}
            found.append(
                Chart(kind="hbar", table="drift", title=bars, x="group", y=("off",), options=options)
            )
        return tuple(found)

    def findings(self) -> Iterator[Finding]:
        """Say which groups drift."""
        if not self.held:
            return
        for name, track in self.tracks.items():
            if track.drifting(len(self.tracks)):
                yield self._drifts(name, track)
        if not any(track.drifting(len(self.tracks)) for track in self.tracks.values()):
            text = Text(
                "No group drifts from what is expected of it.", "هیچ گروهی از آنچه انتظار می‌رفت دور نشده است."
            )
            yield Finding(text=text, tone="good", weight=0.6)

    def _drifts(self, name: str, track: Track) -> Finding:
        came, expected = track.sums
        more = came > expected
        return Finding(
            text=Text(
                f"Customers of {{group}} drift from the model: on the days held out they bought {{off:percent}} "
                f"{'more' if more else 'less'} often than expected.",
                f"گروه «{{group}}» از مدل دور شده است: در روزهای آزمون {{off:percent}} {'بیش' if more else 'کم'}تر از انتظار خریدند.",
            ),
            evidence={"group": name, "off": 100 * abs(came / expected - 1)},
            opens=(*HELD, Where("clv_group", "=", name)),
            tone="warn" if more else "bad",
            weight=0.92,
        )


def _so_far(track: Track) -> Array:
    """Return what came until each week in percent of what was expected, nan where that is too little: float64[n]."""
    grown = track.expected.cumsum()
    share: Array = 100 * track.actual.cumsum() / np.where(grown < LEAST, np.nan, grown)
    return share
