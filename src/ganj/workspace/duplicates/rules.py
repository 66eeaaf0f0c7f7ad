"""What is done with pairs that were found."""

from __future__ import annotations

from typing import Annotated

import msgspec

from ganj.parameters import param
from ganj.text import Text


class DuplicateRules(msgspec.Struct, frozen=True, kw_only=True):
    """How sure is sure enough.

    Attributes
    ----------
    automatic : whether sure pairs are merged without a person looking
    precision : share of such merges that must be right, as the probabilities promise
    least : pairs below this probability are not offered
    """

    automatic: Annotated[
        bool,
        param(
            "Merge sure pairs at once",
            "ادغام خودکار جفت‌های مطمئن",
            help=Text(
                "Each merge can be undone. Pairs whose first names or national codes differ always wait for you.",
                "هر ادغام برگشت‌پذیر است. جفت‌هایی که نام کوچک یا کد ملی‌شان فرق دارد همیشه منتظر شما می‌مانند.",
            ),
        ),
    ] = True
    precision: Annotated[
        float,
        param(
            "Sure from",
            "مطمئن از",
            ge=0.5,
            le=1.0,
            help=Text("Probability of being one person.", "احتمال یکی بودن دو نفر."),
        ),
    ] = 0.99
    least: Annotated[
        float,
        param(
            "Offer from",
            "پیشنهاد از",
            ge=0.01,
            le=0.99,
            help=Text("Pairs below are not shown.", "جفت‌های پایین‌تر نشان داده نمی‌شوند."),
        ),
    ] = 0.1
