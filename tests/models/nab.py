"""The Numenta Anomaly Benchmark: the half of its series that is here, and its score.

Source: A. Lavin, S. Ahmad, Evaluating real-time anomaly detection algorithms, ICMLA 2015; the score as in NAB's own
``nab/sweeper.py`` and ``nab/scorer.py``, standard profile: a miss costs 1, a false alarm .11.
"""

import csv
import gzip
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

NAB = Path(__file__).parents[3] / "shared" / "data" / "nab"
MISS, FALSE = 1.0, 0.11
LEARNED, MOST = 0.15, 750
FRESH = 5
"""A fifth of what is learned from is quiet after an alarm."""
DAY = 86_400


@dataclass(frozen=True)
class Series:
    """Figures, their times in seconds, and the windows in which something happened: first and last positions."""

    name: str
    time: np.ndarray
    values: np.ndarray
    windows: list[tuple[int, int]]

    @property
    def learned(self):
        """How many figures at the beginning do not count."""
        return int(min(LEARNED * len(self.values), MOST))

    @property
    def season(self):
        """A day's figures where the part that does not count goes by days, else 1."""
        day = round(DAY / float(np.median(np.diff(self.time))))
        first = self.values[: self.learned] - self.values[: self.learned].mean()
        if day < 4 or len(first) < 1.6 * day or not first.any():
            return 1
        return day if (first[day:] * first[:-day]).mean() > 0.3 * first.var() else 1


def series(part=""):
    """Yield the series whose name contains some letters."""
    told = json.loads(next((NAB / "labels").iterdir()).read_text())
    for name, windows in told.items():
        if part in name:
            with gzip.open(NAB / "data" / f"{name}.gz", "rt") as file:
                rows = list(csv.DictReader(file))
            time = np.array([row["timestamp"] for row in rows], "datetime64[s]").astype(np.int64)
            values = np.array([float(row["value"]) for row in rows])
            yield Series(name, time, values, [tuple(np.searchsorted(time, seconds(one))) for one in windows])


def seconds(dates):
    return np.array([date.replace(" ", "T") for date in dates], "datetime64[s]").astype(np.int64)


def worth(size, windows):
    """Return what an alarm at each position is worth, and the window it is in or -1."""
    gain, which = np.full(size, -FALSE), np.full(size, -1)
    for number, (first, last) in enumerate(windows):
        width = last - first + 1
        inside = np.arange(first, last + 1)
        gain[inside] = sigmoid(-(last - inside + 1) / width) / sigmoid(-1.0)
        which[inside] = number
        after = np.arange(last + 1, windows[number + 1][0] if number + 1 < len(windows) else size)
        gain[after] = FALSE * sigmoid((after - last) / (width - 1))
    return gain, which


def sigmoid(place):
    return np.where(np.asarray(place) > 3, -1.0, 2 / (1 + np.exp(5 * np.minimum(place, 3.0))) - 1)


def score(found):
    """Return the standard score of (series, float64[n] how strange), with one threshold for all: the best."""
    alarms, windows = [], 0
    for one, strange in found:
        gain, which = worth(len(strange), one.windows)
        place = np.where(which >= 0, which + windows, -1)
        alarms.append(np.column_stack((strange, gain, place))[one.learned :])
        windows += len(one.windows)
    rows = np.concatenate(alarms)
    rows = rows[np.argsort(-rows[:, 0], kind="stable")]
    best = total = -MISS * windows
    have = dict.fromkeys(range(windows), -MISS)
    for at, (strange, gain, place) in enumerate(rows.tolist()):
        if place < 0:
            total += gain
        elif gain > have[place]:
            total += gain - have[place]
            have[place] = gain
        if at + 1 == len(rows) or rows[at + 1, 0] < strange:
            best = max(best, total)
    return 100 * (best + MISS * windows) / (windows * (1 + MISS))
