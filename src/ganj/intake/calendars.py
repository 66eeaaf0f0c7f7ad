"""Which way a column writes its times: decided over a whole sample, and shown."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ganj.intake.dates import BARE, JALALI_BELOW, LAYOUTS, NEVER, in_ascii, walls
from ganj.intake.plan import Answers, Dates

Array = np.ndarray[Any, Any]
ENOUGH = 0.7  # of a column's texts are times: it is a column of times
PLAUSIBLE = ((1300, 1450), (1950, 2100))  # years, for figures that only might be dates


def times_in(texts: pa.Array, answers: Answers, *, persian: bool, named: bool) -> tuple[Dates, bool] | None:
    """Tell how a column writes its times; None where it does not.

    Parameters
    ----------
    texts
        string[n], the sample in the order of the file.
    persian
        Whether the file is, for years of two digits.
    named
        Whether the header says that these are times: only then are bare figures taken for them.

    Returns
    -------
    dates, sure : how the column is read, and whether nothing else was possible
    """
    filled = texts.drop_null()
    if len(filled) == 0:
        return None
    plain = in_ascii(filled)
    hits = {
        name: _share(plain, pattern)
        for name, pattern in LAYOUTS.items()
        if named or name not in ("epoch", "serial")
    }
    layouts = tuple(sorted((name for name, share in hits.items() if share > 0.001), key=lambda n: -hits[n]))
    if sum(hits.values()) < ENOUGH or not layouts:
        return None
    if layouts[0] in BARE:
        layouts = layouts[:1]
    order, sure = _order(plain, answers)
    calendar = answers.calendar or _calendar(plain, persian=persian)
    zone = answers.zone or ("Asia/Tehran" if calendar == "jalali" or persian else "UTC")
    dates = Dates(layouts, order, calendar, zone)  # type: ignore[arg-type]  # an answer is checked by msgspec
    wall = walls(filled, dates)[0]
    if np.mean(wall != NEVER) < ENOUGH or not (named or _plausible(wall, layouts[0])):
        return None
    return dates, sure


def _share(plain: pa.Array, pattern: str) -> float:
    return float(pc.mean(pc.cast(pc.match_substring_regex(plain, pattern), pa.int8())).as_py() or 0.0)


def _plausible(wall: Array, layout: str) -> bool:
    """Figures such as 20191231 are dates only if all of them are."""
    return layout not in BARE or float(np.mean(wall != NEVER)) > 0.99


def _figures(plain: pa.Array) -> tuple[Array, Array, Array, Array]:
    """Return the three figures of every date written so, and the length of the first; int64[m] each."""
    columns = []
    for layout in ("numbers", "clock first"):
        found = pc.extract_regex(plain, LAYOUTS[layout]).drop_null()
        parts = [found.field(name) for name in "abc"]
        columns.append(
            [
                *(p.cast(pa.int64()).to_numpy(zero_copy_only=False) for p in parts),
                np.asarray(pc.utf8_length(parts[0])),
            ]
        )
    a, b, c, length = (np.concatenate(pair) for pair in zip(*columns, strict=True))
    return a, b, c, length


def _order(plain: pa.Array, answers: Answers) -> tuple[Literal["ymd", "dmy", "mdy"], bool]:
    """Decide the order of day, month and year; whether the sample leaves no other."""
    a, b, c, length = _figures(plain)
    late = length < 3
    a, b, c = a[late], b[late], c[late]
    if len(a) == 0:
        return "ymd", True
    if answers.order in ("dmy", "mdy", "ymd"):
        return answers.order, True  # type: ignore[return-value]  # one of the three
    if (a > 31).any() and (c <= 31).all():
        return "ymd", True
    day_first, month_first = int((a > 12).sum()), int((b > 12).sum())
    if day_first or month_first:
        return ("dmy" if day_first >= month_first else "mdy"), min(day_first, month_first) == 0
    return ("mdy" if _steps(c, a, b) > _steps(c, b, a) else "dmy"), False


def _steps(year: Array, month: Array, day: Array) -> float:
    """How much of a column runs forward, if it is read so: exports are mostly sorted."""
    number = (year * 13 + month) * 32 + day
    forward = np.diff(number)
    return float(np.mean((forward >= 0) & (forward < 32))) if len(forward) else 0.0


def _calendar(plain: pa.Array, *, persian: bool) -> Literal["gregorian", "jalali"]:
    """Four digits of a year say it; two digits follow the file's language."""
    years = pc.extract_regex(plain, r"(?:^|[^\d])(?P<y>\d{4})(?:[^\d]|$|\d{4}$)").drop_null()
    if len(years) == 0:
        years = pc.extract_regex(plain, r"^(?P<y>\d{4})\d{4}(?:\D|$)").drop_null()
    if len(years):
        numbers = years.field("y").cast(pa.int64()).to_numpy(zero_copy_only=False)
        return "jalali" if np.median(numbers) < JALALI_BELOW else "gregorian"
    return "jalali" if persian else "gregorian"
