"""One language of conditions for every analysis.

A condition is written as people say it, ``city = تهران``, ``amount > 100``, ``device in (app, site)``,
``utm_source is set``, ``path contains /blog``; a selector says which events are meant, ``Product Viewed``,
``Page Viewed[path = /pricing, device = app]`` or ``any``.  Where one of several conditions is enough,
``any(city = Qom, all(city = Rey, age > 40))`` groups them.  All are parsed into frozen values: what is not
in the list of operators cannot be asked, and nothing a person writes is ever executed.

A name is a trait of the customers where there is one of that name, else a property of the events;
``customer.city`` and ``event.city`` say which.  ``amount``, ``product``, ``channel``, ``source`` and
``event`` are what every event has; ``product.category`` is a trait of products.  Breakdowns are named in the
same words, see `ganj.breakdown`.
"""

from ganj.filters.conditions import COLUMNS, BadFilter, Condition, Needs, Op, condition
from ganj.filters.groups import Group, Part, each, part
from ganj.filters.selecting import (
    ANY,
    Filter,
    Selector,
    coded,
    divided,
    filtered,
    marks,
    needs,
    reading,
    selector,
    widened,
)
from ganj.filters.truth import fitting, is_trait

__all__ = [
    "ANY",
    "COLUMNS",
    "BadFilter",
    "Condition",
    "Filter",
    "Group",
    "Needs",
    "Op",
    "Part",
    "Selector",
    "coded",
    "condition",
    "divided",
    "each",
    "filtered",
    "fitting",
    "is_trait",
    "marks",
    "needs",
    "part",
    "reading",
    "selector",
    "widened",
]
