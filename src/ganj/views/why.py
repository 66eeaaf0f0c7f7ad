"""Why a figure moved: tables and pictures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from ganj.calendar import instant
from ganj.histories import DAY, Array
from ganj.miner import Chart, Column, Opens, Table, Where, column
from ganj.models.causes.rhythm import Rhythm
from ganj.models.causes.scanning import Cause
from ganj.models.causes.splitting import mix_and_rate, price_and_mix, split
from ganj.text import Text
from ganj.views.traits import called
from ganj.views.why_cells import FIGURES, UNKNOWN, Cube, Figure
from ganj.views.why_fold import CUSTOMERS, GONE, Label, Moved, Periods, in_words, name_of

STATUS: tuple[tuple[str, Text], ...] = (
    ("kept", Text("In both periods", "در هر دو دوره")),
    ("lost", Text("Only before", "تنها در دورهٔ پیش")),
    ("new", Text("New", "تازه")),
    ("returned", Text("Came back", "بازگشته")),
)
STEPS: tuple[tuple[str, Text], ...] = (
    ("before", Text("Before", "دورهٔ پیش")),
    ("calendar", Text("Calendar alone", "تنها اثر تقویم")),
    ("customers", Text("Number of customers", "شمار مشتریان")),
    ("frequency", Text("Times per customer", "دفعات هر مشتری")),
    ("items", Text("Items each time", "شمار اقلام هر بار")),
    ("price", Text("Prices", "قیمت‌ها")),
    ("mix", Text("Mix of products", "ترکیب کالاها")),
    ("lost", Text("Did not come again", "نیامده‌ها")),
    ("returned", Text("Came back", "بازگشته‌ها")),
    ("new", Text("New customers", "مشتریان تازه")),
    ("events", Text("How often it happened", "شمار رویداد")),
    ("over", Text("How often it could have", "شمار فرصت‌ها")),
    ("now", Text("Now", "دورهٔ اکنون")),
)
PLACES = {name: place for place, (name, _) in enumerate(STEPS)}
TOP = 12
"""Values of a dimension that are shown."""


@dataclass(frozen=True, slots=True, eq=False)
class Story:
    """What moved, and what is known of why.

    Attributes
    ----------
    figure : what is asked about
    by : the dimensions
    periods : which days; None where there are none
    moved : what was counted
    rhythm : how busy each day of before and now is, by the calendar alone
    zone : of the days
    """

    figure: Figure
    by: tuple[str, ...]
    periods: Periods | None
    moved: Moved
    rhythm: Rhythm
    zone: str

    @property
    def ratio(self) -> float:
        """What the calendar alone would make of the figure: 1 changes nothing."""
        if self.figure.is_ratio or self.periods is None:
            return 1.0
        days = self.periods.days
        return float(self.rhythm.busy[days:].sum() / self.rhythm.busy[:days].sum())

    @property
    def ends(self) -> tuple[float, float, float]:
        """The figure before, as expected, and now."""
        before, now = (self.figure.of(self.moved.sums[p]) for p in (0, 1))
        return before, before * self.ratio, now

    @property
    def limits(self) -> tuple[float, float]:
        """Between which two the figure would lie in 95 of 100 cases, had nothing happened."""
        before, expected, _ = self.ends
        if self.figure.is_ratio:
            spread = self.figure.spread(self.moved.sums)
        else:
            spread = np.sqrt(self.rhythm.noise * (expected + self.ratio**2 * before))
        return expected - 1.96 * float(spread), expected + 1.96 * float(spread)

    @property
    def cube(self) -> Cube:
        """The combinations."""
        return Cube(self.figure, self.by, self.moved.cells, self.ratio, self.moved.sums)

    # ---- tables

    def tables(self, causes: list[Cause], shown: Mapping[str, frozenset[Label]]) -> dict[str, Table]:
        """Return the tables by name."""
        found = {"summary": self.summary(), "steps": self.steps(), "days": self.days()}
        for place, name in enumerate(self.by):
            if shown.get(name_of((place,))):
                found[f"by_{place + 1}"] = self.part(place, name)
        return found | ({"causes": self.causes(causes)} if causes else {})

    def summary(self) -> Table:
        """Say what was, what was to be expected and what is, in one row."""
        before, expected, now = self.ends
        low, high = self.limits
        customers = self.moved.sums[:, 0].astype(np.int64)
        one = np.array
        dates = [self._midnight(day) for day in self._days()]
        return Table.of(
            Text("At a glance", "در یک نگاه"),
            (column("from", "From", "از", "date"), one([dates[2]])),
            (column("until", "To", "تا", "date"), one([dates[3]])),
            (column("from_before", "Compared from", "مقایسه از", "date"), one([dates[0]])),
            (column("until_before", "Compared to", "مقایسه تا", "date"), one([dates[1]])),
            (self._column("before", "Before", "پیش"), one([before])),
            (self._column("expected", "To be expected", "مورد انتظار"), one([expected])),
            (self._column("low", "At least", "دست‌کم"), one([low])),
            (self._column("high", "At most", "دست‌بالا"), one([high])),
            (self._column("now", "Now", "اکنون"), one([now])),
            (self._column("gap", "To be explained", "نیازمند توضیح"), one([now - expected])),
            (column("change", "Change", "تغییر", "percent"), one([percent(now, before)])),
            (
                column("customers_before", "Customers before", "مشتریان پیش", "customers"),
                customers[:1],
                [BEFORE],
            ),
            (column("customers", "Customers now", "مشتریان اکنون", "customers"), customers[1:], [NOW]),
            *(
                (
                    column(f"customers_{name}", said.en, said.fa, "customers"),
                    self.moved.people[at : at + 1].astype(np.int64),
                    [(Where("why_status", "=", name),)],
                )
                for at, (name, said) in enumerate(STATUS)
            ),
        )

    def _days(self) -> tuple[float, float, float, float]:
        if self.periods is None:
            return (np.nan,) * 4
        at, last = self.periods, self.periods.days - 1
        return at.first, at.first + last, at.begins, at.begins + last

    def _midnight(self, day: float) -> float:
        return float(instant(int(day) * DAY, self.zone)) if day == day else day  # noqa: PLR0124 - not nan

    def _column(self, name: str, en: str, fa: str) -> Column:
        return column(name, en, fa, self.figure.unit)

    def steps(self) -> Table:
        """Say what each factor did, from before to now."""
        rows = list(self.changes())
        names = np.array([PLACES[name] for name, *_ in rows])
        whole = np.array([name in {"before", "now"} for name, *_ in rows])
        return Table.of(
            Text("What each factor did", "سهم هر عامل"),
            (column("step", "Factor", "عامل", "category", choices=STEPS), names),
            (
                self._column("change", "Change", "تغییر"),
                np.array([change for _, change, _ in rows]),
                self._opened(rows),
            ),
            (
                column("moved", "The factor itself", "تغییر خود عامل", "percent"),
                np.array([own for *_, own in rows]),
            ),
            (column("whole", "Whole", "کل", "flag"), whole),
        )

    def _opened(self, rows: list[tuple[str, float, float]]) -> list[Opens | None]:
        """Return who is behind the wholes and behind customers who came."""
        opens: dict[str, Opens] = {"before": BEFORE, "now": NOW}
        opens |= {name: (Where("why_status", "=", name),) for name in ("new", "returned")}
        return [opens.get(name) for name, *_ in rows]

    def changes(self) -> Iterator[tuple[str, float, float]]:
        """Yield each step: its name, what it did, and by how much the factor itself moved in percent."""
        before, _, now = self.ends
        yield "before", before, np.nan
        yield from self._people() if self.figure.name == "customers" else self._factors()
        yield "now", now, np.nan

    def _people(self) -> Iterator[tuple[str, float, float]]:
        _, lost, new, returned = self.moved.people.astype(float).tolist()
        for name, change in (("lost", -lost), ("returned", returned), ("new", new)):
            yield name, change, np.nan

    def _factors(self) -> Iterator[tuple[str, float, float]]:
        before, _, now = self.ends
        named = self.factors()
        logs = np.array([log for _, log in named])
        for (name, log), change in zip(named, split(before, now, logs), strict=True):
            yield name, float(change), 100 * float(np.expm1(log))

    def factors(self) -> list[tuple[str, float]]:
        """Return the factors of the figure with the logarithm of their ratio; 0 where one cannot be told."""
        customers, events, _, _, over = (self._log(place) for place in range(5))
        season = float(np.log(self.ratio))
        if self.figure.name == "rate":
            return [("events", events), ("over", -over)]
        found: list[tuple[str, float]] = []
        if self.figure.name != "each":
            found = [("customers", customers - season), ("frequency", events - customers)]
            found += [("calendar", season)] if self.rhythm.known else []
        return found + (self._worth(events) if self.figure.of_money else [])

    def _worth(self, events: float) -> list[tuple[str, float]]:
        """Return what became of the amount of one event: items, prices, mix."""
        sums = np.array(list(self.moved.goods.values.values())).reshape(-1, 5)
        quantity, amount = sums[:, 1:3], sums[:, 3:5]
        each = self._log(2) - events
        pieces = quantity.sum(axis=0)
        items = float(np.log(pieces[1] / pieces[0])) - events if (pieces > 0).all() else 0.0
        if set(self.moved.goods.values) <= {""}:
            return [("price", each)]
        price, mix = price_and_mix(quantity, amount)
        return [("items", items), ("price", price), ("mix", mix)]

    def _log(self, place: int) -> float:
        before, now = self.moved.sums[:, place]
        return float(np.log(now / before)) if before > 0 and now > 0 else 0.0

    def days(self) -> Table:
        """Say the figure of each day, and what was to be expected."""
        rows = self.moved.days.rows()
        at = self.periods
        before, now = (
            ([], [])
            if at is None
            else (range(at.first, at.first + at.days), range(at.begins, at.begins + at.days))
        )
        every = [*before, *now]
        told = np.array([self.figure.of_day(rows.get((day,))) for day in every], np.float64)
        expected = np.full(len(every), np.nan)
        if not self.figure.is_ratio and at is not None:
            expected = self.rhythm.busy * told[: at.days].sum() / self.rhythm.busy[: at.days].sum()
        who = np.array([int(rows[day,][3]) if (day,) in rows else 0 for day in every], np.int64)
        order = np.argsort(np.array(every, np.int64), kind="stable")
        opens = [(Where("why_days", "has", every[at]),) if who[at] else None for at in order]
        return Table.of(
            Text("Day by day", "روزبه‌روز"),
            (column("day", "Day", "روز", "period", period="day"), np.array(every, np.int64)[order]),
            (self._column("figure", "Actual", "واقعی"), told[order], opens),
            (self._column("expected", "To be expected", "مورد انتظار"), expected[order]),
            (column("customers", "Customers", "مشتریان", "customers"), who[order], opens),
            (
                column("is_now", "In the period asked about", "در دورهٔ پرسش", "flag"),
                (np.arange(len(every)) >= len(before))[order],
            ),
        )

    def part(self, place: int, name: str) -> Table:
        """Say what each value of a dimension did; the rest stays in the total."""
        key, cube = name_of((place,)), self.cube
        labels = cube.largest(place, TOP)
        sums = np.array([cube.sums(key)[label] for label in labels])
        before, now = (cube.values(sums, p) for p in (0, 1))
        word = called(name)
        head = column("value", word.en, word.fa, "category", choices=words_of(labels))
        columns = [
            (head, np.arange(len(labels))),
            (self._column("before", "Before", "پیش"), before),
            (self._column("now", "Now", "اکنون"), now),
        ]
        if self.figure.is_ratio:
            every = cube.matrix(key)
            mix, rate = mix_and_rate(*self.figure.fraction(every))
            at = [list(cube.sums(key)).index(label) for label in labels]
            columns += [
                (self._column("mix", "Share of the whole moved", "اثر تغییر سهم"), mix[at]),
                (self._column("rate", "Own rate moved", "اثر تغییر نرخ"), rate[at]),
                (self._column("gap", "Together", "روی هم"), (mix + rate)[at]),
            ]
        else:
            columns += [
                (self._column("expected", "To be expected", "مورد انتظار"), before * self.ratio),
                (self._column("gap", "To be explained", "نیازمند توضیح"), now - before * self.ratio),
            ]
        return Table.of(
            Text(f"By {word.en.lower()}", f"به تفکیک {word.fa}"),
            *columns,
            *self._customers(key, labels, sums),
        )

    def _customers(
        self, key: str, labels: list[Label], sums: Array
    ) -> Iterator[tuple[Column, Array, list[Opens]]]:
        """Yield the columns of customers behind combinations."""
        said = [in_words(key, label) for label in labels]
        before: list[Opens] = [(Where("why_cells_before", "has", words),) for words in said]
        now: list[Opens] = [(Where("why_cells", "has", words),) for words in said]
        gone: list[Opens] = [(*opens, Where("why_status", "=", "lost")) for opens in before]
        sums = sums.reshape(-1, GONE + 1).astype(np.int64)
        yield (
            column("customers_before", "Customers before", "مشتریان پیش", "customers"),
            sums[:, CUSTOMERS],
            before,
        )
        yield column("customers", "Customers now", "مشتریان اکنون", "customers"), sums[:, CUSTOMERS + 1], now
        yield (
            column("gone", "Of before, not seen now", "از پیشین‌ها نیامده‌اند", "customers"),
            sums[:, GONE],
            gone,
        )

    def causes(self, causes: list[Cause]) -> Table:
        """Say where the figure moved apart from the rest."""
        cube = self.cube
        _, expected, now = self.ends
        named = [cube.named(cause) for cause in causes]
        parts = [list(self._customers(key, [label], cube.sums(key)[label][None])) for key, label in named]
        gaps = np.array([one.observed - one.expected for one in causes])
        gap = now - expected
        customers = [
            (parts[0][n][0], np.array([part[n][1][0] for part in parts]), [part[n][2][0] for part in parts])
            for n in range(3)
        ]
        share = 100 * gaps / gap if gap and not self.figure.is_ratio else np.full(len(gaps), np.nan)
        unit = cube.unit
        return Table.of(
            Text("Where it moved apart from the rest", "کجا متفاوت از بقیه تغییر کرد"),
            (column("where", "Where", "کجا", "text"), [cube.said(*one) for one in named]),
            (
                column("expected", "To be expected", "مورد انتظار", unit),
                np.array([one.expected for one in causes]),
            ),
            (column("now", "Now", "اکنون", unit), np.array([one.observed for one in causes])),
            (column("gap", "Difference", "تفاوت", unit), gaps),
            (
                column("share", "Of what is to be explained", "سهم از آنچه نیازمند توضیح است", "percent"),
                share,
            ),
            (
                column("apart", "Against the rest", "در برابر بقیه", "percent"),
                np.array([100 * (one.apart - 1) for one in causes]),
            ),
            (
                column("chance", "Chance of an accident", "احتمال تصادفی بودن", "percent"),
                np.array([100 * one.chance for one in causes]),
            ),
            *customers,
        )

    def charts(self, tables: Mapping[str, Table]) -> tuple[Chart, ...]:
        """Return the pictures of the tables that are there."""
        found = [WATERFALL, self._by_day()]
        widest = max(
            (name for name in tables if name.startswith("by_")),
            key=lambda name: float(np.abs(np.nan_to_num(tables[name].values["gap"])).max(initial=0)),
            default="",
        )
        if widest:
            title = Text("What each part is to explain", "سهم هر بخش از آنچه نیازمند توضیح است")
            found.append(Chart(kind="hbar", table=widest, title=title, x="value", y=("gap",)))
        return tuple(found)

    def _by_day(self) -> Chart:
        title = Text(f"{self.figure.text.en} by day", f"{self.figure.text.fa}، روزبه‌روز")
        figures = ("figure",) if self.figure.is_ratio else ("figure", "expected")
        return Chart(kind="line", table="days", title=title, x="day", y=figures)


BEFORE: Opens = (Where("why_before", ">=", 1),)
NOW: Opens = (Where("why_now", ">=", 1),)
WATERFALL = Chart(
    kind="waterfall",
    table="steps",
    title=Text("From before to now", "از دورهٔ پیش تا اکنون"),
    x="step",
    y=("change",),
    options={"whole": "whole"},
)
FIGURE_CHOICES = {name: figure.choice for name, figure in FIGURES.items()}


def words_of(labels: list[Label]) -> tuple[tuple[str, Text], ...]:
    """Return the words of single values."""
    return tuple((value, Text(value, value) if value else UNKNOWN) for (value,) in labels)


def percent(now: float, before: float) -> float:
    """Return by how many percent a figure moved; nan from nothing."""
    return 100 * (now - before) / before if before > 0 else np.nan
