"""Churn: who is about to leave, why, and whom is it worth holding?"""

from __future__ import annotations

from typing import Any, ClassVar

from ganj.text import Text
from ganj.views.leaving import Leaving


class Churn(Leaving, frozen=True, kw_only=True):
    """Tell each customer's chance of leaving, what would be lost with them, and why.

    Without a contract a customer has left whose silence is beyond their own rhythm (`ganj.models.learning.rhythm`): asked
    is who of those still within it buys nothing in the days looked ahead and is beyond it at their end.  With a
    contract an event, or a trait of an imported table, says who left.  What is known is folded at cut-offs, what comes
    of it after them; logistic regression, a forest and boosted trees are tried on the latest days, learned from earlier ones.

    Notes
    -----
    State: what is known of at most 65,536 customers, drawn by lot, at four moments.  One pass, O(events) for each moment.
    Source: docs/analyses/churn.md.
    """

    title = Text("Churn", "ریزش مشتری")
    of_one = True
    question = Text(
        "Who is about to leave, why, and whom is it worth holding?",
        "چه کسی در آستانهٔ رفتن است، چرا، و نگه داشتن چه کسی می‌ارزد؟",
    )
    example: ClassVar[dict[str, Any]] = {"horizon": "60d", "cost": 500_000.0}
