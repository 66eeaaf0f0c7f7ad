"""RFM: who are our best customers, and whom are we losing?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Annotated, Any, ClassVar

import numpy as np

from ganj.calendar import BadDate, date_of, day_number, local_day, midnight, parse_date
from ganj.errors import BadParameter
from ganj.events import ORDER, REFUND
from ganj.histories import Array, Histories
from ganj.kernels.orders import EVER, NEVER_ENDS, roles, totals
from ganj.miner import Miner, Reads, Report, Scores, column
from ganj.parameters import duration, param
from ganj.sketches import Numbers, Rows
from ganj.text import Text
from ganj.views.rfm import Buyers, charts
from ganj.views.rfm_segments import BEFORE, NONE, SEGMENTS, segments_of

FEW = 100
"""Fewer buyers than this are scored in thirds."""
NO_SCORE = np.iinfo(np.int64).max
INCREASING = Text("the limits must rise.", "مرزها باید از کم به زیاد باشند.")


@dataclass(frozen=True, slots=True, eq=False)
class Scale:
    """How one figure is scored.

    Attributes
    ----------
    cuts : int64[bins - 1], the least key of scores 2, 3 …; `NO_SCORE` where nobody has the score
    """

    cuts: Array

    @classmethod
    def of_ranks(cls, numbers: Numbers, bins: int) -> Scale:
        """Score by rank: 1 + ⌊bins × (customers strictly below) / customers⌋, so equals score equally."""
        score = 1 + bins * numbers.below() // max(numbers.size, 1)
        at = np.searchsorted(score, np.arange(2, bins + 1))
        return cls(np.append(numbers.keys, NO_SCORE)[at])

    def score(self, keys: Array) -> Array:
        """Return int64[n], 1 … bins."""
        return np.searchsorted(self.cuts, keys, side="right") + 1


@dataclass(frozen=True, slots=True, eq=False)
class Scoring:
    """What was learned: the distribution of buyers and how they are scored, now and before.

    Attributes
    ----------
    rows : see `Rfm.scan`
    as_of : local day from which recency is counted
    shift : what is added to a freshness of the rows to count it from ``as_of``
    bins : scores run from 1 to this
    scales : of freshness, frequency, monetary now; and, where compared, before
    """

    rows: Rows
    as_of: int
    shift: int
    bins: int
    scales: tuple[Scale, ...]


class Rfm(Miner[Rows, Scoring], frozen=True, kw_only=True):
    """Score buyers by how recently, how often and for how much they bought, and name their segments.

    Recency is the as-of day less the local day of the last order; frequency the number of orders; monetary
    their sum (less returns with ``net``).  Each is scored 1 … ``bins`` by rank: one plus the number of whole
    fifths (for five bins) of the buyers who are strictly worse.  Equal figures therefore score equally, and
    nothing depends on the order of rows.  Own limits (``r_breaks`` …) replace the ranks.  The map from scores
    to segments is total and stated in docs/analyses/rfm.md.

    Notes
    -----
    State: distinct (recency, frequency, monetary), with those of the earlier date where one is given, at most
    1,048,576 rows: exact up to about a million buyers, beyond that rounded as the report then says.  One
    pass, O(events + rows log rows).
    Source: A. M. Hughes, Strategic Database Marketing, 1994; ranks without its arbitrary ties.
    """

    title = Text("RFM segments", "بخش‌های RFM")
    question = Text(
        "Who are our best customers, and whom are we losing?",
        "بهترین مشتریان ما کیستند و چه کسانی را از دست می‌دهیم؟",
    )
    at_home = 3
    scored = (
        column("rfm_segment", "RFM segment", "بخش RFM", "category", choices=SEGMENTS),
        column("rfm_r", "Recency score", "امتیاز تازگی"),
        column("rfm_f", "Frequency score", "امتیاز تکرار"),
        column("rfm_m", "Monetary score", "امتیاز ارزش پولی"),
        column("rfm_score", "RFM score", "امتیاز RFM", "ratio"),
        column("recency", "Days since the last order", "روز از آخرین سفارش", "days"),
        column("frequency", "Orders", "سفارش‌ها", "orders"),
        column("monetary", "Value", "ارزش پولی", "money"),
        column("rfm_before", "RFM segment before", "بخش RFM پیشین", "category", choices=BEFORE),
    )
    example: ClassVar[dict[str, Any]] = {"compare": "90d"}

    bins: Annotated[int, param("Scores from 1 to", "امتیاز از ۱ تا", ge=3, le=5)] = 5
    weights: Annotated[
        tuple[float, float, float],
        param(
            "Weights of R, F and M",
            "وزن تازگی، تکرار و ارزش پولی",
            help=Text(
                "The score is (wR·R + wF·F + wM·M) / (wR + wF + wM).",
                "امتیاز برابر است با (wR·R + wF·F + wM·M) / (wR + wF + wM).",
            ),
        ),
    ] = (1.0, 1.0, 1.0)
    r_breaks: Annotated[
        tuple[float, ...],
        param("Limits of recency (days)", "مرزهای تازگی (روز)", unit="days", advanced=True),
    ] = ()
    f_breaks: Annotated[
        tuple[float, ...], param("Limits of frequency (orders)", "مرزهای تکرار (سفارش)", advanced=True)
    ] = ()
    m_breaks: Annotated[
        tuple[float, ...], param("Limits of value", "مرزهای ارزش پولی", unit="money", advanced=True)
    ] = ()
    net: Annotated[bool, param("Subtract returns", "مرجوعی‌ها کم شود")] = False
    compare: Annotated[
        str,
        param(
            "Compare with",
            "مقایسه با",
            help=Text("A day, or how long before: 90d.", "یک روز، یا چند روز پیش‌تر: 90d."),
        ),
    ] = ""

    def __post_init__(self) -> None:
        """Refuse limits that do not fit the scores."""
        for name in ("r_breaks", "f_breaks", "m_breaks"):
            breaks = getattr(self, name)
            if breaks and len(breaks) != self.bins - 1:
                why = Text(
                    f"{self.bins} scores need {self.bins - 1} limits.",
                    f"برای {self.bins} امتیاز {self.bins - 1} مرز لازم است.",
                )
                raise BadParameter(parameter=name, value=breaks, why=why)
            if any(a >= b for a, b in pairwise(breaks)):
                raise BadParameter(parameter=name, value=breaks, why=INCREASING)
        if min(self.weights) < 0 or not sum(self.weights):
            why = Text("weights are not negative and not all zero.", "وزن‌ها منفی نیستند و همه صفر نمی‌شوند.")
            raise BadParameter(parameter="weights", value=self.weights, why=why)

    def before(self) -> date | None:
        """Return the earlier day that is compared with; None without one, or without an as-of day.

        Raises
        ------
        BadParameter
            It is no day before the as-of day.
        """
        if not self.compare.strip() or self.until is None:
            return None
        found = _day(self.compare, self.until)
        if found >= self.until:
            why = Text("it must lie before the as-of day.", "باید پیش از «تا تاریخ» باشد.")
            raise BadParameter(parameter="compare", value=self.compare, why=why)
        return found

    def reads(self) -> Reads:
        return Reads(events=(ORDER, REFUND) if self.net else (ORDER,), columns=("time", "event", "amount"))

    def scan(self, histories: Histories) -> Rows:
        """Return rows of freshness (last day less the origin: 0 or less), frequency, monetary; twice if compared."""
        figures, bought = self._figures(histories)
        return Rows.of(figures[bought])

    def learn(self, state: Rows) -> Scoring:
        shift = 0
        if self.until is None and len(state):
            shift = -int(state.column(0).values.max()) - 1
        as_of = self._origin() - shift
        few = state.count.sum() < FEW and not (self.r_breaks or self.f_breaks or self.m_breaks)
        bins = 3 if few else self.bins
        breaks = (tuple(-b - shift for b in reversed(self.r_breaks)), self.f_breaks, self.m_breaks)
        scales = [self._scale(state, k, bins, breaks[k % 3]) for k in range(state.keys.shape[1])]
        return Scoring(state, as_of, shift, bins, tuple(scales))

    def report(self, model: Scoring) -> Report:
        rows, keys = model.rows, model.rows.keys
        r, f, m = (model.scales[k].score(keys[:, k]) for k in range(3))
        recency = -rows.total[:, 0] - model.shift * rows.count
        view = Buyers(
            count=rows.count,
            sums=np.column_stack((recency, rows.total[:, 1:3])),
            scores=np.column_stack((r, f, m)),
            segment=segments_of(r, f, m, model.bins),
            before=former(model, keys),
            bins=model.bins,
            asked=self.bins,
            as_of=midnight(date_of(model.as_of), self.zone or "UTC"),
            exact=rows.level == 0,
        )
        return Report(view.tables(), charts(compared=view.compared), tuple(view.findings()))

    def score(self, histories: Histories, model: Scoring) -> Scores:
        figures, bought = self._figures(histories)
        figures = figures[bought]
        keys = model.rows.key_of(figures)
        r, f, m = (model.scales[k].score(keys[:, k]) for k in range(3))
        weights = np.asarray(self.weights)
        values = {
            "rfm_segment": segments_of(r, f, m, model.bins),
            "rfm_r": r,
            "rfm_f": f,
            "rfm_m": m,
            "rfm_score": np.column_stack((r, f, m)) @ weights / weights.sum(),
            "recency": (-figures[:, 0] - model.shift).astype(np.int64),
            "frequency": figures[:, 1].astype(np.int64),
            "monetary": figures[:, 2],
            "rfm_before": former(model, keys),
        }
        return Scores(histories.customer[bought], values)

    def _origin(self) -> int:
        """Return the local day that freshness is counted from in the state."""
        return 0 if self.until is None else day_number(self.until)

    def _figures(self, histories: Histories) -> tuple[Array, Array]:
        """Return float64[customers, 3 or 6] and bool[customers], who has bought."""
        now = self._as_of(histories, self._origin(), NEVER_ENDS)
        earlier = self.before()
        if earlier is None:
            return now, now[:, 1] > 0
        then = self._as_of(histories, day_number(earlier), self.instant(earlier) or 0)
        return np.concatenate((now, then), axis=1), now[:, 1] > 0

    def _as_of(self, histories: Histories, origin: int, until: int) -> Array:
        """Return float64[customers, 3]: freshness, frequency, monetary; zeros of who has not bought."""
        h = histories
        role = roles(len(h.names.get("event", ())), h.codes((ORDER,)), h.codes((REFUND,)))
        found = totals(h.offsets, h.time, h.event, h.amount, role, EVER, until)
        bought = found[:, 0] > 0
        day = local_day(np.where(bought, found[:, 3], 0).astype(np.int64), self.zone or "UTC")
        value = found[:, 1] - (found[:, 5] if self.net else 0)
        return np.where(bought[:, None], np.column_stack((day - origin, found[:, 0], value)), 0.0)

    def _scale(self, state: Rows, which: int, bins: int, breaks: tuple[float, ...]) -> Scale:
        if breaks:
            return Scale(state.key_of(np.asarray(breaks)))
        had = state if which < 3 else state.where(state.total[:, 4] > 0)
        return Scale.of_ranks(had.column(which), bins)


def former(model: Scoring, keys: Array) -> Array:
    """Return the segments of the earlier date: int32[n], codes into `BEFORE`; -1 where nothing is compared."""
    if keys.shape[1] < 6:
        return np.full(len(keys), -1, np.int32)
    r, f, m = (model.scales[3 + k].score(keys[:, 3 + k]) for k in range(3))
    found: Array = np.where(keys[:, 4] > 0, segments_of(r, f, m, model.bins), NONE).astype(np.int32)
    return found


def _day(words: str, until: date) -> date:
    """Read a day, or a length of time before the as-of day."""
    try:
        return parse_date(words)
    except BadDate:
        return until - duration(words)
