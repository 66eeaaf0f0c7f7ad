"""Paths: from where to where do customers go, step by step?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import pyarrow as pa

from ganj.errors import BadParameter
from ganj.filters import divided, marks, reading
from ganj.histories import Array, Histories
from ganj.kernels.counting import counted
from ganj.kernels.paths import around, cut, returns, runs, sessions
from ganj.miner import Asked, Chart, Reads, Report, Scores, Table, Where, column
from ganj.parameters import Duration, in_words, param
from ganj.sequences import NOTHING, OTHERS, SKIPPED, Named, Naming, check_groups, lists, named, naming
from ganj.sketches import Tally
from ganj.text import Text
from ganj.views.divided import GROUP, Divisible, Figure
from ganj.views.paths import Among, Flow, charts
from ganj.views.paths_edges import by_place, strongest
from ganj.views.paths_fold import Sums, folded
from ganj.views.paths_words import findings

MICROSECOND = timedelta(microseconds=1)
FOREVER = 1 << 62
PLACED = ("edges", "nodes", "drops", "paths")
"""Tallies whose first column is a place, or whether a path is whole."""
TOLD = {
    "edges_taken": "edges",
    "nodes_reached": "nodes",
    "dropped_at": "drops",
    "paths_taken": "paths",
    "loops_made": "loops",
}
"""Scores and the tallies whose keys they tell."""
UNKNOWN = -9
"""Code of a step that is asked for and is nowhere in a part."""


@dataclass(frozen=True, slots=True, eq=False)
class Flows:
    """What paths were taken.

    Attributes
    ----------
    sums : tallies ``edges`` (place | from, to), ``nodes`` (place | step), ``paths`` (whole | steps), ``loops``
        (| step, between); values are times, customers, and of edges µs, of nodes times dropped
    sessions, customers : paths, and customers who have one
    events : steps named by their labels, whether in a path or not
    """

    sums: Named
    sessions: int
    customers: int
    events: int

    def __add__(self, other: Flows) -> Flows:
        return Flows(
            self.sums + other.sums,
            self.sessions + other.sessions,
            self.customers + other.customers,
            self.events + other.events,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """The paths of a part, see `ganj.kernels.paths.cut`; ``owner`` int64[paths], ``first`` the first place."""

    owner: Array
    path: Array
    wait: Array
    whole: Array
    labels: tuple[str, ...]
    first: int
    loops: tuple[Array, Array]

    def edges(self) -> tuple[Array, Array, Array, Array, Array]:
        """Return of every edge the path, its column, from, to, and µs."""
        row, at = np.nonzero((self.path[:, :-1] != NOTHING) & (self.path[:, 1:] != NOTHING))
        return row, at, self.path[row, at], self.path[row, at + 1], self.wait[row, at + 1]

    def last(self) -> tuple[Array, Array]:
        """Return of the paths that ended before their last column: which, and the column they ended in."""
        there = self.path != NOTHING
        at = there.shape[1] - 1 - there[:, ::-1].argmax(axis=1) if len(there) else np.zeros(0, np.int64)
        ended = self.whole & (at < there.shape[1] - 1)
        return np.flatnonzero(ended), at[ended]


class Paths(Divisible, frozen=True, kw_only=True):
    """Count where customers go from each step, from a start or to an end, session by session.

    A *session* ends where nothing happens for ``gap``; equal steps in a row are one (the last of them stays).
    With ``start`` a session begins at the first such step, with ``end`` it ends there, and sessions without it
    do not count.  Of each session the first ``steps`` steps are a path (with ``end`` the last ones).  An *edge* goes from the
    step at place i to the step at place i + 1; the ``top`` edges are shown, as far as they can be reached from place 1.

    ``posthog`` is just that.  ``mixpanel`` takes the steps ``before`` and ``after`` an anchor, the first of each
    customer (``every`` one if asked), shows the three most frequent steps at each place and joins the others, and
    shows where people dropped off.

    Notes
    -----
    State: sums by edge, node, path and loop, at most 131,072 of each (beyond that the smallest are joined under
    *others*, see `ganj.sequences.Named`); independent of the number of customers.  One pass, O(events).
    Source: PostHog, paths queries, 2023–2026; Mixpanel, Flows reports.
    """

    title = Text("Paths", "مسیرها")
    question = Text(
        "Where do customers go, and where do they stop?", "مشتریان از کجا به کجا می‌روند و کجا می‌مانند؟"
    )
    scored = (
        column("sessions", "Paths", "شمار مسیرها", "count"),
        column("edges_taken", "Moves made", "گذرهای رفته", "list"),
        column("nodes_reached", "Steps reached", "گام‌های رسیده", "list"),
        column("dropped_at", "Stopped at", "گام‌های توقف", "list"),
        column("paths_taken", "Paths taken", "مسیرهای رفته", "list"),
        column("loops_made", "Loops made", "حلقه‌های رفته", "list"),
        GROUP,
    )
    example: ClassVar[dict[str, Any]] = {"gap": "30m", "steps": 5}

    summary = (
        Chart(
            kind="hbar",
            table="groups",
            title=Text("Paths of each customer, by group", "مسیر به ازای هر مشتری در هر گروه"),
            x="group",
            y=("each",),
            options={"sorted": False},
        ),
    )

    events: Annotated[
        tuple[str, ...],
        param(
            "Events that are steps (none: every event)",
            "رویدادهای گام (خالی: همه)",
            of="event",
            max_length=40,
        ),
    ] = ()
    named_by: Annotated[
        tuple[str, ...],
        param(
            "Steps are named by",
            "نام گام از",
            of="item",
            help=Text(
                "The first of these properties that an event has, else the event's name.",
                "نخستین ویژگی از این‌ها که رویداد داشته باشد، وگرنه نام رویداد.",
            ),
        ),
    ] = ()
    groups: Annotated[
        tuple[str, ...],
        param(
            "Groups of steps",
            "گروه گام‌ها",
            help=Text(
                "Patterns: /product/* or Product page = /product/*.",
                "الگوها: \u2066/product/*\u2069 یا صفحهٔ محصول = \u2066/product/*\u2069.",
            ),
            max_length=50,
        ),
    ] = ()
    start: Annotated[str, param("From the step", "از گام")] = ""
    end: Annotated[str, param("To the step", "تا گام")] = ""
    steps: Annotated[int, param("Most steps", "بیشترین گام", ge=2, le=20)] = 5
    gap: Annotated[
        Duration, param("A session ends after so long without a step", "پایان نشست پس از این مدت بی‌گام")
    ] = Duration(minutes=30)
    collapse: Annotated[bool, param("Equal steps in a row are one", "گام‌های یکسان پیاپی یکی شمرده شوند")] = (
        True
    )
    top: Annotated[int, param("Edges shown", "شمار گذرهای نمایش", ge=1, le=500, advanced=True)] = 50
    least: Annotated[
        int, param("An edge is shown from so many paths", "کمترین شمار گذر", ge=1, advanced=True)
    ] = 1
    before: Annotated[
        int,
        param(
            "Steps before the anchor (Mixpanel)", "گام‌های پیش از لنگر (Mixpanel)", ge=0, le=10, advanced=True
        ),
    ] = 0
    after: Annotated[
        int,
        param(
            "Steps after the anchor (Mixpanel)", "گام‌های پس از لنگر (Mixpanel)", ge=0, le=10, advanced=True
        ),
    ] = 3
    every: Annotated[
        bool,
        param(
            "Every anchor counts, not only the first (Mixpanel)",
            "هر لنگر، نه فقط نخستین (Mixpanel)",
            advanced=True,
        ),
    ] = False
    within: Annotated[
        Duration, param("Time around the anchor (Mixpanel)", "بازهٔ پیرامون لنگر (Mixpanel)", advanced=True)
    ] = Duration(days=30)
    semantics: Annotated[
        Literal["ganj", "posthog", "mixpanel"],
        param(
            "Definitions",
            "تعریف‌ها",
            choices={
                "ganj": Text("ganj", "گنج"),
                "posthog": Text("PostHog", "PostHog"),
                "mixpanel": Text("Mixpanel", "Mixpanel"),
            },
            advanced=True,
        ),
    ] = "ganj"

    def __post_init__(self) -> None:
        """Refuse times in which nothing can happen, and flows around nothing."""
        check_groups(self.groups)
        if self.semantics == "mixpanel" and not self.before and not self.after:
            why = Text("say how many steps before or after the anchor.", "بگویید چند گام پیش یا پس از لنگر.")
            raise BadParameter(parameter="after", value=self.after, why=why)
        for name in ("gap", "within"):
            if getattr(self, name) <= timedelta(0):
                why = Text("it must be longer than nothing.", "باید بیشتر از صفر باشد.")
                raise BadParameter(parameter=name, value=in_words(getattr(self, name)), why=why)
        if self.start and self.start == self.end:
            why = Text(
                "a path cannot begin and end with the same step.", "آغاز و پایان مسیر نمی‌تواند یک گام باشد."
            )
            raise BadParameter(parameter="end", value=self.end, why=why)

    def reads(self) -> Reads:
        named = naming(reading(Reads(columns=("time", "event")), self.events or ("any",)), self.named_by)
        return divided(named, self.by)

    def asks(self) -> tuple[Asked, ...]:
        names = tuple(group.partition(" = ")[0].strip() for group in self.groups)
        steps = ("step", *(f"value:{name}" for name in self.named_by))
        return tuple(Asked(name, steps, names) for name in (self.start, self.end) if name)

    def fold(self, histories: Histories) -> Flows:
        kept = self._kept(histories)
        plain = self.semantics != "mixpanel" and not self.start and not self.end
        names = Naming.of(kept, self.named_by, self.groups) if plain else None
        gap = self.gap // MICROSECOND
        found = folded(kept, names, gap, self.steps, collapse=self.collapse) if names else None
        labels = names.labels if names else ()
        if found is None:
            paths = self._cut(histories)
            found, labels = self._counted(paths), paths.labels
        tallies, sessions, customers = found
        sums = Named(labels, tallies, {"loops": 0, **dict.fromkeys(PLACED, 1)})
        return Flows(sums, sessions, customers, len(histories.time))

    def _counted(self, paths: Cut) -> Sums:
        tallies = {
            name: Tally.of(*counted(keys, paths.owner[row], *more))
            for name, (keys, row, *more) in self._keys(paths).items()
        }
        again, owner = paths.loops
        tallies["loops"] = Tally.of(*counted(again, owner))
        who = int((np.diff(paths.owner, prepend=-1) > 0).sum())  # owners ascend
        return tallies, len(paths.owner), who

    def tell(self, model: Flows) -> Report:
        view = self._view(model)
        tables = {
            "edges": view.edges_table(),
            "steps": view.steps_table(),
            "paths": view.paths_table(),
            "loops": view.loops_table(),
        }
        return Report(tables, charts(), tuple(findings(view)))

    def figures(self, model: Flows, report: Report) -> tuple[Figure, ...]:
        del report
        edges = model.sums.tallies["edges"].values
        moves = float(edges[:, 0].sum()) if len(edges) else 0.0
        return (
            (column("customers", "Customers", "مشتریان", "customers"), model.customers, (Where("sessions", ">=", 1),)),
            (column("times", "Paths", "مسیرها", "count"), model.sessions, ()),
            (column("each", "Paths of a customer", "مسیر هر مشتری"), model.sessions / max(model.customers, 1), ()),
            (column("steps", "Steps of a path", "گام‌های هر مسیر"), 1 + moves / max(model.sessions, 1), ()),
        )  # fmt: skip

    def lay(self, model: Flows, whole: Flows, report: Report) -> dict[str, Table]:
        del report  # rows are those of everyone's, so that they can be compared
        return Among.of(self._view(model), self._view(whole)).tables()

    def say(self, histories: Histories, model: Flows) -> Scores:
        paths, size, view = self._cut(histories), len(histories), self._view(model)
        code = np.array([*(model.sums.code(label) for label in paths.labels), SKIPPED, OTHERS, NOTHING])
        told = {name: (keys, paths.owner[row]) for name, (keys, row, *_) in self._keys(paths).items()}
        told["loops"] = paths.loops
        values: dict[str, Any] = {"sessions": np.bincount(paths.owner, minlength=size)}
        for score, kind in TOLD.items():
            keys, owner = told[kind]
            plain = 0 if kind == "loops" else 1
            coded = np.column_stack((keys[:, :plain], code[keys[:, plain:]]))
            values[score] = lists(coded, owner, size, view.namer(kind))
        if self.semantics == "mixpanel":
            values["edges_taken"] = self._with_drops(values["edges_taken"], told["drops"], code, view)
        return Scores(histories.customer, values)

    def _view(self, model: Flows) -> Flow:
        return Flow(
            edges=by_place(model.sums, self.least, one_each=not self.every)
            if self.semantics == "mixpanel"
            else strongest(model.sums, self.top, self.least),
            sums=model.sums,
            sessions=model.sessions,
            customers=model.customers,
            events=model.events,
            asked=tuple(step for step in (self.start, self.end) if step),
        )

    def _with_drops(
        self, edges: pa.ListArray, drops: tuple[Array, Array], code: Array, view: Flow
    ) -> pa.ListArray:
        """Add to the moves made those into nothing, which this form shows too."""
        keys, owner = drops
        coded = np.column_stack((keys[:, :1], code[keys[:, 1:]]))
        gone = lists(coded, owner, len(edges), view.namer("left"))
        both = [[*one, *other] for one, other in zip(edges.to_pylist(), gone.to_pylist(), strict=True)]
        return pa.array(both, pa.list_(pa.string()))

    def _keys(self, paths: Cut) -> dict[str, tuple[Array, ...]]:
        """Return by tally int64[n, d] keys, the path of each, and sums to take."""
        row, at, *ends, wait = paths.edges()
        deep, place = np.nonzero(paths.path != NOTHING)
        last, stop = paths.last() if not self.end else (np.zeros(0, np.int64),) * 2
        first = paths.first
        return {
            "edges": (np.column_stack((at + first, *ends)), row, wait),
            "nodes": (np.column_stack((place + first, paths.path[deep, place])), deep),
            "drops": (np.column_stack((stop + first, paths.path[last, stop])), last),
            "paths": (
                np.column_stack((paths.whole, paths.path)).astype(np.int64),
                np.arange(len(paths.owner)),
            ),
        }

    def _kept(self, histories: Histories) -> Histories:
        """Return the events that are steps."""
        if not self.events:
            return histories
        fits = marks(histories, self.events) > 0
        return histories if fits.all() else histories.keep(fits)

    def _cut(self, histories: Histories) -> Cut:
        kept = self._kept(histories)
        named_ = named(kept, self.named_by, self.groups)
        place = {label: number for number, label in enumerate(named_.labels)}
        start, end = (place.get(asked, UNKNOWN) if asked else NOTHING for asked in (self.start, self.end))
        flowing = self.semantics == "mixpanel"
        starts = sessions(kept.offsets, kept.time, FOREVER if flowing else self.gap // MICROSECOND)
        at, ends = runs(starts, named_.codes, self.collapse)
        if flowing:
            span = (self.before, self.after, self.within // MICROSECOND, self.every)
            found = around(at, ends, kept.time, named_.codes, start, *span)
        else:
            found = cut(at, ends, kept.time, named_.codes, start, end, self.steps)
        owner = np.searchsorted(kept.offsets, starts[:-1], side="right") - 1
        once, stops = runs(starts, named_.codes, True)
        session, *again = returns(starts, once, stops, named_.codes)
        loops = np.column_stack(again).astype(np.int64), owner[session]
        return Cut(owner[found[0]], *found[1:], named_.labels, -self.before if flowing else 1, loops)
