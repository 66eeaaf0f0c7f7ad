"""Forecast public series and the demo's: ganj beside sNaive, Theta and AutoETS of statsforecast, on sMAPE.

Rolling origins, no figure after an origin is seen: Walmart's 45 stores (weeks, 13 ahead, 3 origins), Australian retail (months,
12 ahead, 3 origins), eight products of M5 (days, 28 ahead, 4 origins).  Then orders of the demo's shop (days, 30
ahead, an origin every 15 days from the fourteenth month on) by the same models with and without the calendar.
The peer runs in a process of its own: ``--peer PYTHON`` says whose, where statsforecast is not in this environment.
``--few`` takes every tenth Australian series; ``--table`` writes what was found to ``bench/forecasting/TABLE.md``.
Every set's limits must hold, each by itself.  So must those of further sets on which no peer is asked: four by which,
too, it was chosen how far misses of the past count today, and two by which nothing was.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from bench.forecasting.sets import HELD, LIMITS, SETS, Set, smape

from ganj.models.series.calendar import between
from ganj.models.series.forecasting import Asked, Forecast, forecast

RATIO_BAR = 1.0  # the best peer's sMAPE over ours, on every set
GAIN_BAR = 20.0  # percent that the calendar takes off the error of the demo's orders
WITHIN = 3.0  # percent points that limits may miss their level by, on every set
LEVELS = (80.0, 95.0)
KEPT = Path(__file__).with_name("forecasting") / "TABLE.md"
DAYS = {"day": 1, "week": 7, "month": 31}
Covered = tuple[float, float]
Rows = dict[str, tuple[float, float]]


@dataclass(frozen=True)
class Found:
    """A set's rows, (sMAPE, seconds) by model, and how much lay within the limits, percent."""

    name: str
    rows: Rows
    inside: Covered

    @property
    def ratio(self) -> float:
        """The best peer's error over ours."""
        return min(error for label, (error, _) in self.rows.items() if label != "ganj") / self.rows["ganj"][0]

    @property
    def honest(self) -> bool:
        return all(abs(has - wants) <= WITHIN for has, wants in zip(self.inside, LEVELS, strict=True))


def ours(one: Set, name: str, cut: int) -> Forecast:
    begins, values = one.series[name]
    edges = np.append(begins, begins[-1] + DAYS[one.period])
    columns = between(edges, "gregorian", one.country, weekly=one.period == "day").values
    return forecast(Asked.of(values[:cut], columns[: cut + one.ahead], one.season, one.ahead))


def covered(found: Forecast, came: np.ndarray) -> Covered:
    """Return the share within the limits of 80 and of 95 percent."""
    inside = []
    for level in (0.8, 0.95):
        low, high = found.limits(level)
        inside.append(float(100 * np.mean((came >= low - 1e-9) & (came <= high + 1e-9))))
    return inside[0], inside[1]


def peers(name: str) -> dict[str, dict[str, object]]:
    python = sys.argv[sys.argv.index("--peer") + 1] if "--peer" in sys.argv else sys.executable
    command = [
        python,
        "-W",
        "ignore",
        "-m",
        "bench.forecasting.peers",
        name,
        *(["--few"] if "--few" in sys.argv else []),
    ]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, cwd=Path(__file__).parents[1])
    return json.loads(done.stdout)


def alone(one: Set) -> Found:
    """Forecast a set by ours, and by its last season."""
    begin, inside = time.perf_counter(), []
    errors: dict[str, list[float]] = {"ganj": [], "sNaive": []}
    for name, (_, values) in one.series.items():
        for cut in one.cuts(values):
            found, came = ours(one, name, cut), values[cut : cut + one.ahead]
            errors["ganj"].append(float(smape(came, found.path).mean()))
            last = np.resize(values[cut - one.season : cut], one.ahead)
            errors["sNaive"].append(float(smape(came, last).mean()))
            inside.append(covered(found, came))
    rows = {label: (float(np.mean(each)), 0.0) for label, each in errors.items()}
    rows["ganj"] = (rows["ganj"][0], time.perf_counter() - begin)
    return Found(one.name, rows, _mean(inside))


def compared(one: Set) -> Found:
    """Forecast a set by all, and print its rows."""
    found = alone(one)
    rows = found.rows
    for label, told in peers(one.name).items():
        theirs = [
            smape(values[cut : cut + one.ahead], np.array(said)).mean()
            for name, (_, values) in one.series.items()
            for cut, said in zip(one.cuts(values), told["said"][name], strict=True)
        ]
        rows[label] = (float(np.mean(theirs)), float(told["seconds"]))
    for label, (error, seconds) in rows.items():
        print(f"{one.name:12}{label:10}{error:9.3f}{seconds:9.1f} s")
    return _said(found)


def _mean(inside: list[Covered]) -> Covered:
    low, high = np.mean(inside, axis=0)
    return float(low), float(high)


def _said(found: Found) -> Found:
    low, high = found.inside
    print(f"{found.name:12}within limits of 80 %: {low:.1f}, of 95 %: {high:.1f}", flush=True)
    return found


def demo() -> Found:
    """Forecast the demo's orders with and without the calendar."""
    from ganj.simulate import shop

    made = shop(seed=1404, customers=20_000, until=date(2026, 11, 21))
    placed = made.sold.fate == 0
    values = np.bincount(made.time.day_of(made.sold.time)[placed], minlength=len(made.time.day)).astype(float)
    columns = between(np.append(made.time.day, made.time.day[-1] + 1), "jalali", "IR", weekly=True).values
    errors: dict[str, list[float]] = {"with": [], "without": []}
    inside: list[Covered] = []
    for cut in range(400, len(values) - 29, 15):
        came = values[cut : cut + 30]
        for label, width in (("with", columns.shape[1]), ("without", 0)):
            found = forecast(Asked.of(values[:cut], columns[: cut + 30, :width], 7, 30))
            errors[label].append(float(smape(came, found.path).mean()))
            inside += [covered(found, came)] if width else []
    rows = {label: (float(np.mean(each)), 0.0) for label, each in errors.items()}
    for label, (error, _) in rows.items():
        print(f"{'demo':12}{label + ' calendar':18}{error:9.3f}")
    return _said(Found("demo", rows, _mean(inside)))


def table(sets: list[Found], others: list[Found], shop: Found) -> str:
    """Write what was found as a table of Markdown."""
    labels = list(sets[0].rows)
    lines = [
        "# Forecasts side by side",
        "",
        "Written by `python -m bench forecast --table`: sMAPE in percent over rolling origins, seconds in brackets, and how",
        "much of what came lay within ganj's limits.",
        "",
        f"| set | {' | '.join(labels)} | within 80 % | within 95 % |",
        "| --- |" + " --- |" * (len(labels) + 2),
    ]
    for one in sets:
        cells = [f"{error:.3f} ({seconds:.1f})" for error, seconds in one.rows.values()]
        lines.append(f"| {one.name} | {' | '.join(cells)} | {one.inside[0]:.1f} | {one.inside[1]:.1f} |")
    lines += ["", "| set | ganj | sNaive | within 80 % | within 95 % |", "| --- |" + " --- |" * 4]
    for one in others:
        cells = [f"{error:.3f}" for error, _ in one.rows.values()]
        lines.append(f"| {one.name} | {' | '.join(cells)} | {one.inside[0]:.1f} | {one.inside[1]:.1f} |")
    lines += ["", f"Nothing was chosen by {', '.join(HELD)}."]
    with_, without = (shop.rows[name][0] for name in ("with", "without"))
    told = (
        f"Orders of the demo's shop, 30 days ahead: {with_:.3f} with the calendar, {without:.3f} by the same models without: "
        f"{100 * (1 - with_ / without):.1f} % less; within limits of 80 %: {shop.inside[0]:.1f}, of 95 %: {shop.inside[1]:.1f}."
    )
    return "\n".join([*lines, "", told, ""])


def main() -> float:
    print(f"{'set':12}{'':10}{'sMAPE':>9}{'time':>9}")
    sets = [compared(make()) for make in SETS.values()]
    others = [_said(alone(make())) for make in (LIMITS | HELD).values()]
    shop = demo()
    gain = 100 * (1 - shop.rows["with"][0] / shop.rows["without"][0])
    ratio = min(one.ratio for one in sets)
    if "--table" in sys.argv:
        KEPT.write_text(table(sets, others, shop), encoding="utf-8")
    print(f"demo gain {gain:.1f} % by the calendar (bar {GAIN_BAR:.0f})")
    print(f"forecast ratio {ratio:.3f} (bar {RATIO_BAR})")
    if ratio <= RATIO_BAR or gain < GAIN_BAR or not all(one.honest for one in [*sets, *others, shop]):
        sys.exit(1)
    return ratio
