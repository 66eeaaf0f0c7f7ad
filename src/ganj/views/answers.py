"""What a trait says that is asked as a yes or no."""

from __future__ import annotations

import numpy as np

from ganj.errors import GanjError
from ganj.histories import Array, Category
from ganj.text import Text

YES = frozenset(
    {
        "yes",
        "y",
        "true",
        "t",
        "1",
        "churned",
        "exited",
        "attrited customer",
        "left",
        "بله",
        "آری",
        "بلی",
        "دارد",
        "رفته",
    }
)
NO = frozenset({"no", "n", "false", "f", "0", "existing customer", "stayed", "خیر", "نه", "ندارد", "مانده"})


class NotYesOrNo(GanjError):
    """A trait of which it is not clear what means yes. Facts: ``trait``, ``values``."""

    status = 422
    says = Text(
        "It is not clear which value of {trait} means yes; it has: {values}.",
        "روشن نیست کدام مقدار «{trait}» به معنای بله است؛ مقدارها: {values}.",
    )
    hint = Text(
        "Say it with the parameter yes, for example yes={first}.",
        "آن را با پارامتر yes بگویید، برای نمونه yes={first}.",
    )


class NotANumber(GanjError):
    """A trait that is no number, where one is needed. Facts: ``trait``."""

    status = 422
    says = Text("{trait} is not a number.", "«{trait}» عدد نیست.")
    hint = Text(
        "For a yes or no use the analysis response.", "برای بله و خیر تحلیل response را به کار ببرید."
    )


def number_of(trait: Category | Array, name: str) -> Array:
    """Return a trait that must be a number: float64[n].

    Raises
    ------
    NotANumber
        It is none.
    """
    if isinstance(trait, Category):
        raise NotANumber(trait=name)
    return trait


def is_yes_or_no(labels: tuple[str, ...]) -> bool:
    """Tell whether the usual words for yes and no are all that a trait says."""
    return all(label.strip().casefold() in YES | NO for label in labels)


def yes_or_no(trait: Category | Array, yes: str, name: str) -> Array:
    """Return 1 for yes and 0 for no: float64[n], nan where nothing is known.

    Parameters
    ----------
    yes : the value that means yes; empty where the usual words do

    Raises
    ------
    NotYesOrNo
        It is not clear what means yes.
    """
    if isinstance(trait, Category):
        meant = _meant(trait.labels, yes, name)
        chances: Array = np.array([*(float(label in meant) for label in trait.labels), np.nan])
        return chances[trait.codes]
    values = [f"{value:g}" for value in np.unique(trait[~np.isnan(trait)]).tolist()]
    if yes not in values and not {"0", "1"}.issuperset(values):
        raise NotYesOrNo(trait=name, values=", ".join(values[:8]), first=values[0])
    one = float(yes) if yes in values else 1.0
    return np.where(np.isnan(trait), np.nan, (trait == one).astype(np.float64))


def _meant(labels: tuple[str, ...], yes: str, name: str) -> tuple[str, ...]:
    if yes in labels:
        return (yes,)
    meant = tuple(label for label in labels if label.strip().casefold() in YES)
    rest = [label for label in labels if label not in meant]
    if len(meant) > 1 or yes or any(label.strip().casefold() not in NO for label in rest):
        raise NotYesOrNo(trait=name, values=", ".join(labels[:8]), first=labels[0])
    return meant
