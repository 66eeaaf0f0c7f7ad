"""Contracts: tables, pictures and sentences of how long customers stay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from ganj.histories import Array
from ganj.miner import Chart, Column, Finding, Opens, Table, Where, column
from ganj.models.contracts import SBG
from ganj.models.staying.lifetimes import WEIBULL
from ganj.text import Text
from ganj.views.contracts_fold import Learned, Stay, Tried, payments
from ganj.views.foresight_names import TRAIT
from ganj.views.groups import SMALL, label_of
from ganj.views.sampled import refusal
from ganj.views.traits import called

ROWS = 40
"""Ages in a table, at most, before those to come."""
SHOWN = 12
"""Traits that are drawn."""
AHEAD = 5
"""Renewals to come that are told."""
FAR = 1.5
"""How many times the longest age seen is looked ahead for the age at which half have left."""
SURE = 0.01
"""Chance below which groups are said to differ, and a trait to count."""
ALL = Text("All", "همه")


@dataclass(frozen=True, slots=True, eq=False)
class Staying:
    """How long customers stay.

    Attributes
    ----------
    model : what was learned
    period : the name of a period
    by : the trait that groups are of; empty without
    discount : of one period, as a share
    worth : of one period; 0 where it is what was paid
    steady : periods for which what all pay counts beside what one paid
    """

    model: Learned
    period: Text
    by: str
    discount: float
    worth: float
    steady: float

    def tables(self) -> Mapping[str, Table]:
        """Return the tables by name."""
        made = {"summary": self.summary()}
        if self.model.whole is None:
            return made
        made |= {"staying": self.staying(), "parameters": self.parameters()}
        made |= {"groups": self.groups()} if self.model.groups else {}
        made |= {"influences": self.influences()} if self.model.influences else {}
        return made | ({"trial": self.trial(self.model.tried)} if self.model.tried is not None else {})

    def summary(self) -> Table:
        """Say the main figures in one row."""
        held, one = self.model.state.held, np.array
        left = held.keys[:, 1] > 0
        size = held.values[:, 0]
        states = [
            (column("kept", "Stay", "مانده", "customers"), one([int(size[~left].sum())]), [(Where("contract_state", "=", "kept"),)]),
            (column("ended", "Left", "رفته", "customers"), one([int(size[left].sum())]), [(Where("contract_state", "=", "ended"),)]),
        ]  # fmt: skip
        whole = self.model.whole
        more = self._outlook(whole) if whole is not None else []
        return Table.of(Text("At a glance", "در یک نگاه"), *states, *more)

    def _outlook(self, whole: Stay) -> list[tuple[Column, Array]]:
        age, kept, value = self._open()
        chance = SBG.renewal(whole.fit.parameters, age) @ kept / max(float(kept.sum()), 1)
        lost = self.periods_until_half(whole)
        return [
            (column("median", f"Half stay for ({self.period.en.lower()}s)", f"نیمی می‌مانند تا ({self.period.fa})", "count"), np.array([lost])),
            (column("renews", "Chance to renew next", "احتمال تمدید بعدی", "percent"), np.array([100 * chance])),
            *([(column("value", "Value of staying", "ارزش ماندن", "money"), np.array([value]))] if value else []),
        ]  # fmt: skip

    def periods_until_half(self, stay: Stay) -> float:
        """Return the age at which half have left: as it was, or as foreseen if that is soon; nan where it is far."""
        if np.isfinite(stay.curve.median):
            return stay.curve.median
        ages = np.arange(1.0, FAR * float(stay.ages.age.max(initial=1)))
        below = np.flatnonzero(stay.foreseen(ages) <= 0.5)
        return float(ages[below[0]]) if len(below) else np.nan

    def _open(self) -> tuple[Array, Array, float]:
        """Return ages and customers of those who stay, and what their staying is worth."""
        held, model = self.model.state.held, self.model
        rows = held.keys[:, 1] == 0
        age, code = held.keys[rows, 0], model.group_of(held.keys[rows, 2])
        count, money = held.values[rows].T
        value = 0.0
        for one in np.unique(code).tolist():
            stay, at = model.stay(one), code == one
            if stay is not None:
                paid = stay.paid(money[at], count[at], payments(age[at], np.zeros(1)), self.steady)
                paid = count[at] * self.worth if self.worth else paid
                value += float(SBG.remaining(stay.fit.parameters, age[at], self.discount) @ paid)
        return age, count, value

    def _groups(self) -> list[tuple[Text, Stay, Opens]]:
        """Return the groups' names and what their customers are opened by; all customers where there are none."""
        model = self.model
        if not model.groups and model.whole is not None:
            return [(ALL, model.whole, ())]
        names = [(label_of(code, model.state.labels), stay) for code, stay in model.groups.items()]
        return [(said(name), stay, (Where("contract_group", "=", name),)) for name, stay in names]

    def staying(self) -> Table:
        """Say by age how many were there, who left, and the share that stays, as it was and as foreseen."""
        drawn = [one for one in self._groups() if one[1].ages.size >= SMALL] or self._groups()
        rows = [row for name, stay, opens in drawn for row in self._ages(name, stay, opens)]
        names, ages, there, left, opens, *shares = zip(*rows, strict=True)
        share, low, high, foreseen = (100 * np.array(one) for one in shares)
        group = [(column("group", "Group", "گروه", "text"), list(names))] if self.model.groups else []
        return Table.of(
            Text("How long customers stay", "مشتریان چه مدت می‌مانند"),
            (column("age", "Renewal", "تمدید", "count", help=self.period), np.array(ages)),
            *group,
            (column("there", "Were there", "حاضر", "count"), np.array(there)),
            (column("left", "Left", "رفته", "customers"), np.array(left), list(opens)),
            (column("share", "Stay", "می‌مانند", "percent"), share),
            (column("low", "At least (95%)", "دست‌کم (۹۵٪)", "percent"), low),
            (column("high", "At most (95%)", "دست‌بالا (۹۵٪)", "percent"), high),
            (column("foreseen", "By the model", "بر پایهٔ مدل", "percent"), foreseen),
        )

    def _ages(self, name: Text, stay: Stay, group: Opens) -> Iterator[tuple[object, ...]]:
        """Yield the rows of one group, the ages that nobody has reached yet at the end."""
        last = int(max(one.ages.age.max(initial=0) for _, one, _ in self._groups()))
        step = -(-last // ROWS) or 1
        before = np.concatenate(([0.0], np.cumsum(stay.ages.left)))
        there = np.append(stay.ages.there, 0.0)
        for age in range(step, last + AHEAD * step + 1, step):
            to = int(np.searchsorted(stay.ages.age, age, side="right"))
            since = int(np.searchsorted(stay.ages.age, age - step, side="right"))
            known = age <= stay.ages.age.max(initial=0)
            told = [float(one[0]) if known else np.nan for one in stay.curve.at(np.array([float(age)]))]
            left = int(before[to] - before[since])
            opens = (
                *group,
                Where("contract_state", "=", "ended"),
                Where("contract_age", ">", age - step),
                Where("contract_age", "<=", age),
            )
            foreseen = float(stay.foreseen(np.array([float(age)]))[0])
            yield name.en, age, int(there[since]), left, opens, *told, foreseen

    def groups(self) -> Table:
        """Say how groups differ."""
        told = self._groups()
        held = self.model.state.held
        code = self.model.group_of(held.keys[:, 2])
        size = [int(held.values[code == one, 0].sum()) for one in self.model.groups]
        left = [int(held.values[(code == one) & (held.keys[:, 1] > 0), 0].sum()) for one in self.model.groups]
        new = np.zeros(1)
        return Table.of(
            Text("Groups side by side", "گروه‌ها در کنار هم"),
            (Column(name="group", label=called(self.by), unit="text"), [name.en for name, _, _ in told]),
            (column("customers", "Customers", "مشتریان", "customers"), np.array(size), [opens for _, _, opens in told]),
            (column("left", "Left", "رفته", "customers"), np.array(left), [(*opens, Where("contract_state", "=", "ended")) for _, _, opens in told]),
            (column("median", f"Half stay for ({self.period.en.lower()}s)", f"نیمی می‌مانند تا ({self.period.fa})", "count"), np.array([self.periods_until_half(stay) for _, stay, _ in told])),
            (column("first", "Renew the first time", "نخستین تمدید", "percent"), np.array([100 * SBG.renewal(stay.fit.parameters, new)[0] for _, stay, _ in told])),
            (column("ahead", "Renewals of a new one, discounted", "تمدیدهای یک مشتری تازه (تنزیل‌شده)", "ratio"), np.array([SBG.remaining(stay.fit.parameters, new, self.discount)[0] for _, stay, _ in told])),
            (column("paid", "Paid in a period", "پرداخت هر دوره", "money"), np.array([self.worth or stay.money for _, stay, _ in told])),
        )  # fmt: skip

    def parameters(self) -> Table:
        """Say the parameters with their standard errors, and how likely the leavings are with them."""
        rows: list[tuple[str, str, float, float]] = []
        for name, stay, _ in self._groups():
            fits = [(SBG.names, stay.fit, "log_likelihood")]
            if stay.smooth is not None and stay.smooth.converged:
                fits.append((WEIBULL.names, stay.smooth, "weibull_log_likelihood"))
            for names, found, height in fits:
                values = zip(names, found.parameters.tolist(), found.errors.tolist(), strict=True)
                rows += [(name.en, *one) for one in values]
                rows.append((name.en, height, found.log_likelihood, np.nan))
        group = (
            [(column("group", "Group", "گروه", "text"), [row[0] for row in rows])]
            if self.model.groups
            else []
        )
        return Table.of(
            Text("Parameters", "پارامترهای مدل"),
            *group,
            (column("parameter", "Parameter", "پارامتر", "text"), [row[1] for row in rows]),
            (column("value", "Value", "مقدار"), np.array([row[2] for row in rows])),
            (column("error", "Standard error", "خطای معیار"), np.array([row[3] for row in rows])),
        )

    def influences(self) -> Table:
        """Say by how much each trait makes leaving likelier."""
        told = self.model.influences
        return Table.of(
            Text("What makes leaving likelier, all else alike", "چه چیز رفتن را محتمل‌تر می‌کند، با یکسان بودن بقیه"),
            (column("what", "Trait", "ویژگی", "text"), [f"{one.trait}: {one.value}" for one in told]),
            (column("more", "Likelier to leave by", "افزایش احتمال رفتن", "percent"), np.array([100 * (one.times - 1) for one in told])),
            (column("times", "Times as likely", "چند برابر", "ratio"), np.array([one.times for one in told])),
            (column("low", "At least (95%)", "دست‌کم (۹۵٪)", "ratio"), np.array([one.low for one in told])),
            (column("high", "At most (95%)", "دست‌بالا (۹۵٪)", "ratio"), np.array([one.high for one in told])),
            (column("longer", "Stay times as long", "ماندن چند برابر", "ratio"), np.array([one.longer for one in told])),
            (column("chance", "By chance alone", "تنها به تصادف", "percent"), np.array([100 * one.chance for one in told])),
        )  # fmt: skip

    def trial(self, tried: Tried) -> Table:
        """Say what was foreseen of later renewals from earlier ones."""
        return Table.of(
            Text("Later renewals, foreseen from earlier ones", "تمدیدهای دیرتر، پیش‌بینی‌شده از تمدیدهای زودتر"),
            (column("age", "Renewal", "تمدید", "count"), tried.age.astype(np.int64)),
            (column("came", "Stay", "می‌مانند", "percent"), 100 * tried.came),
            (column("expected", "By the model", "بر پایهٔ مدل", "percent"), 100 * tried.expected),
            (column("naive", "With the same chance every time", "با احتمال یکسان در هر تمدید", "percent"), 100 * tried.naive),
        )  # fmt: skip

    def charts(self) -> tuple[Chart, ...]:
        """Return the pictures of the tables that are there."""
        if self.model.whole is None:
            return ()
        title = Text("How long do customers stay?", "مشتریان چه مدت می‌مانند؟")
        if self.model.groups:
            made = [Chart(kind="line", table="staying", title=title, x="age", y=("share",), series="group")]
        else:
            fan = {"fan": (("low", "high"),)}
            made = [
                Chart(
                    kind="line", table="staying", title=title, x="age", y=("share", "foreseen"), options=fan
                )
            ]
        if self.model.influences:
            title = Text(
                "What makes leaving how many times as likely?", "چه چیز رفتن را چند برابر محتمل می‌کند؟"
            )
            limits = {"low": "low", "high": "high", "top": SHOWN, "sorted": False}
            made.append(
                Chart(kind="hbar", table="influences", title=title, x="what", y=("times",), options=limits)
            )
        return tuple(made)

    def findings(self) -> Iterator[Finding]:
        """Say what a manager takes away, or why nothing can be said."""
        refused, whole = self.model.refused, self.model.whole
        if refused is not None:
            yield refusal(refused)
        if whole is None:
            return
        yield self._half(whole)
        yield from self._apart()
        yield from self._strongest()
        yield from self._grown()
        yield from self._aging()
        if self.model.tried is not None:
            yield foresaw(self.model.tried)

    def _half(self, whole: Stay) -> Finding:
        age, kept, value = self._open()
        first, now = (SBG.renewal(whole.fit.parameters, at) for at in (np.zeros(1), age))
        median, last = self.periods_until_half(whole), float(whole.ages.age.max(initial=0))
        en, fa = self.period.en.lower(), self.period.fa
        half = Text(
            f"Half of the customers stay for {{median:count}} {en}s.",
            f"نیمی از مشتریان تا {{median:count}} {fa} می‌مانند.",
        )
        most = Text(
            f"{{share:percent}} of the customers stay for {{last:count}} {en}s, as long as anybody was seen.",
            f"{{share:percent}} از مشتریان {{last:count}} {fa} می‌مانند؛ کسی بیش از این دیده نشده است.",
        )
        worth = Text("; their staying is worth {value:short}", "؛ ماندن آنان {value:short} می‌ارزد")
        worth = worth if value else Text("", "")
        begins = half if np.isfinite(median) else most
        return Finding(
            text=Text(
                f"{begins.en} A new one renews with a chance of {{first:percent}}, "
                f"those who are there now with {{renews:percent}}{worth.en}.",
                f"{begins.fa} احتمال تمدید مشتری تازه {{first:percent}} و مشتریان کنونی "
                f"{{renews:percent}} است{worth.fa}.",
            ),
            evidence={
                "median": median,
                "last": last,
                "share": 100 * float(whole.curve.share[-1]),
                "first": 100 * float(first[0]),
                "renews": 100 * float(now @ kept / max(kept.sum(), 1)),
                "value": value,
            },
            opens=(Where("contract_state", "=", "kept"),),
            weight=1.0,
        )

    def _apart(self) -> Iterator[Finding]:
        if not self.model.groups or not self.model.apart < SURE:
            return
        told = sorted(self._groups(), key=lambda one: -SBG.renewal(one[1].fit.parameters, np.ones(1))[0])
        best, worst = told[0], told[-1]
        yield Finding(
            text=Text(
                "{best} stay longest and {worst} shortest: at the first renewal {most:percent} and {least:percent} stay; that is no accident.",
                "«{best}» بیشتر و «{worst}» کمتر می‌مانند: در نخستین تمدید {most:percent} در برابر {least:percent}؛ این تفاوت تصادفی نیست.",
            ),
            evidence={
                "best": best[0].en,
                "worst": worst[0].en,
                "most": 100 * float(best[1].foreseen(np.ones(1))[0]),
                "least": 100 * float(worst[1].foreseen(np.ones(1))[0]),
            },
            opens=worst[2] or None,
            weight=0.9,
        )

    def _strongest(self) -> Iterator[Finding]:
        sure = [one for one in self.model.influences if one.chance < SURE]
        if not sure:
            return
        one = max(sure, key=lambda one: abs(np.log(one.times)))
        more = one.times > 1
        yield Finding(
            text=Text(
                f"What counts most is {{trait}} ({{value}}): leaving is {{times:ratio}} times as {'likely' if more else 'unlikely'}, all else alike. All "
                "traits together put {ordered:percent} of pairs of customers in the right order.",
                f"اثرگذارترین ویژگی {{trait}} ({{value}}) است: با یکسان بودن بقیه، احتمال رفتن {{times:ratio}} برابر {'بیشتر' if more else 'کمتر'} می‌شود. "
                "همهٔ ویژگی‌ها با هم ترتیب رفتنِ {ordered:percent} از جفت‌های مشتریان را درست می‌گویند.",
            ),
            evidence={
                "trait": one.trait,
                "value": one.value,
                "times": one.times if more else 1 / one.times,
                "ordered": 100 * self.model.ordered,
            },
            tone="bad" if more else "good",
            weight=0.8,
        )

    def _grown(self) -> Iterator[Finding]:
        if self.model.grown:
            yield Finding(
                text=Text(
                    "Left out, because they grow as customers stay: {traits}.",
                    "این ویژگی‌ها چون با ماندن مشتری بیشتر می‌شوند کنار گذاشته شدند: {traits}.",
                ),
                evidence={"traits": ", ".join(name.removeprefix(TRAIT) for name in self.model.grown)},
                tone="warn",
                weight=0.5,
            )

    def _aging(self) -> Iterator[Finding]:
        """Say where leaving grows likelier with age, so that the model foresees too much staying."""
        names = [name.en for name, stay, _ in self._groups() if stay.ages_on]
        if not names:
            return
        yield Finding(
            text=Text(
                "The longer they stay the likelier they leave: {names}. There the model's curve says too much beyond what was seen.",
                "هرچه بیشتر می‌مانند رفتنشان محتمل‌تر می‌شود: {names}. آنجا منحنی مدل فراتر از آنچه دیده شده خوش‌بینانه است.",
            ),
            evidence={"names": ", ".join(names)} if self.model.groups else {"names": "—"},
            tone="warn",
            weight=0.55,
        )


def foresaw(tried: Tried) -> Finding:
    """Say how well later renewals were foreseen."""
    model, naive = tried.errors
    return Finding(
        text=Text(
            "Learned from the first {cut:count} renewals, the model was off by {model:percent} of the customers on later "
            "ones; the same chance at every renewal by {naive:percent}.",
            "مدل با آموختن از {cut:count} تمدید نخست، در تمدیدهای بعدی {model:percent} از مشتریان خطا داشت؛ با احتمال یکسان "
            "در هر تمدید خطا {naive:percent} می‌شد.",
        ),
        evidence={"cut": tried.cut, "model": 100 * model, "naive": 100 * naive},
        tone="good" if model <= naive else "warn",
        weight=0.6,
    )


def said(name: str) -> Text:
    """Return a group's own name."""
    return Text(name, name)
