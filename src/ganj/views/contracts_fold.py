"""Contracts as a state that adds: how long each customer stayed, whether they left, and what was paid in a period."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ganj.errors import TooLittleData
from ganj.histories import Array
from ganj.models.contracts import SBG, Contracts
from ganj.models.fitting import Fit, settled
from ganj.models.learning.sample import Sample
from ganj.models.staying.lifetimes import WEIBULL, Ages, Curve, kaplan_meier
from ganj.sketches import Tally
from ganj.text import Text
from ganj.views.groups import told_apart

LEAST, LEFT = 100, 30
"""Fewer customers, or fewer who left, are not learned from."""
FEW = 10
"""A group of whom fewer left is foreseen as all are."""


SURELY = 10.0
"""A log-likelihood that is higher by so much is no accident."""


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """How long customers stayed.

    Attributes
    ----------
    held : count and money a period by age in periods, whether they left, and code of the group
    labels : what a code of a group says; empty where groups are numbers
    sample : some customers: facts are age and whether they left
    """

    held: Tally
    labels: tuple[str, ...]
    sample: Sample

    def __add__(self, other: Held) -> Held:
        return Held(self.held + other.held, self.labels or other.labels, self.sample + other.sample)


@dataclass(frozen=True, slots=True, eq=False)
class Stay:
    """Customers of one group, or all.

    Attributes
    ----------
    ages, curve : see `ganj.models.staying.lifetimes`
    fit : of the shifted beta-geometric; of all customers where too few of the group left
    smooth : of Weibull's curve; None where nobody left
    money : in a period, of all
    """

    ages: Ages
    curve: Curve
    fit: Fit
    smooth: Fit | None
    money: float

    @classmethod
    def of(cls, held: Tally, whole: Fit | None) -> Stay:
        """Learn from rows of `Held`."""
        age, left, count = held.keys[:, 0], held.keys[:, 1] > 0, held.values[:, 0]
        known = age > 0
        ages = Ages.of(age[known], left[known], count[known])
        found = renewals(ages) if whole is None or ages.left.sum() >= FEW else whole
        paid = payments(held.keys[:, 0], held.keys[:, 1])
        money = float(held.values[:, 1] @ paid / max(float(count @ paid), 1))
        smooth = settled(WEIBULL, ages) if ages.left.sum() >= FEW else None
        return cls(ages, kaplan_meier(ages), found, smooth, money)

    def paid(self, money: Array, count: Array, periods: Array, steady: float) -> Array:
        """Return what customers pay in a period, drawn towards what all pay as if they had for ``steady`` periods: float64[n].

        Parameters
        ----------
        money, count, periods : float64[n], sum of what each customer paid in a period, customers, and periods paid for
        """
        found: Array = (money * periods + steady * self.money * count) / (periods + steady)
        return found

    @property
    def ages_on(self) -> bool:
        """Whether the risk grows with age, which the model does not know of."""
        better = self.smooth is not None and self.smooth.log_likelihood > self.fit.log_likelihood + SURELY
        return better and self.smooth is not None and float(self.smooth.parameters[1]) > 1

    def foreseen(self, age: Array) -> Array:
        """Return the share expected to stay beyond an age: float64[n]."""
        return SBG.survival(self.fit.parameters, age)


def payments(age: Array, left: Array) -> Array:
    """Return the periods that customers of an age paid for: int64[n]; who left did not pay for the last one."""
    out: Array = age - left + 1
    return out


def renewals(ages: Ages) -> Fit:
    """Fit the shifted beta-geometric."""
    return settled(SBG, Contracts(ages.age, ages.left, ages.seen))


@dataclass(frozen=True, slots=True, eq=False)
class Tried:
    """What was foreseen of later renewals from earlier ones.

    Attributes
    ----------
    cut : the last age that was learned from
    age : later ones
    came : the share that stayed (of all), float64[n]
    expected : by the model
    naive : with the same chance of leaving at every renewal
    """

    cut: float
    age: Array
    came: Array
    expected: Array
    naive: Array

    @property
    def errors(self) -> tuple[float, float]:
        """Mean differences from what came, of the model and of the naive rate."""
        model, naive = (float(np.abs(of - self.came).mean()) for of in (self.expected, self.naive))
        return model, naive


def tried(ages: Ages) -> Tried | None:
    """Learn from the first two thirds of the ages, and foresee the rest; None where that is too little."""
    cut = math.floor(float(ages.age.max(initial=0)) * 2 / 3)
    early, later = ages.age <= cut, ages.age[ages.age > cut]
    if cut < 2 or ages.left[early].sum() < LEFT or not len(later):
        return None
    rest = float((ages.left + ages.seen)[~early].sum())  # they are seen until the cut
    first = Ages.of(
        np.concatenate((ages.age[early], ages.age[early], [cut])),
        np.arange(2 * early.sum() + 1) < early.sum(),
        np.concatenate((ages.left[early], ages.seen[early], [rest])),
    )
    found = renewals(first)
    came = kaplan_meier(ages).at(later)[0]
    rate = float(first.left.sum() / (first.age @ (first.left + first.seen)))
    return Tried(cut, later, came, SBG.survival(found.parameters, later), (1 - rate) ** later)


@dataclass(frozen=True, slots=True, eq=False)
class Influence:
    """What makes leaving likelier: a trait, one of its values (or one more of it), how many times, with 95 %, and the chance of it.

    ``longer`` is how many times as long those with it stay.
    """

    trait: str
    value: str
    times: float
    low: float
    high: float
    chance: float
    longer: float


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """What was learned.

    Attributes
    ----------
    state : what was seen
    whole : all customers; None where ``refused``
    groups : by code, the largest first
    apart : chance of groups as different as these if all stayed alike; nan without groups
    influences : the surest first
    grown : traits that were left out because they grow as customers stay
    ordered : share of pairs of customers whose order of leaving the traits tell; nan without traits
    tried : None where it could not be
    refused : why nothing was learned
    """

    state: Held
    whole: Stay | None
    groups: Mapping[int, Stay]
    apart: float
    influences: tuple[Influence, ...]
    grown: tuple[str, ...]
    ordered: float
    tried: Tried | None
    refused: TooLittleData | None

    def group_of(self, code: Array) -> Array:
        """Return each code, `OTHERS` where its group is too small to be told apart: int64[n]."""
        return told_apart(code, list(self.groups))

    def stay(self, code: int) -> Stay | None:
        """Return what is known of a group; of all customers where there are no groups."""
        return self.groups.get(code, self.whole)


def lacking(size: float, left: float) -> TooLittleData:
    """Say that too few customers are known."""
    return TooLittleData(
        needs=Text(
            f"{LEAST} customers, {LEFT} of whom left and {LEFT} stayed",
            f"{LEAST} مشتری که دست‌کم {LEFT} نفرشان رفته و {LEFT} نفر مانده باشند",
        ),
        has=Text(
            f"{size:.0f} customers, {left:.0f} of whom left", f"{size:.0f} مشتری که {left:.0f} نفرشان رفته‌اند"
        ),
    )
