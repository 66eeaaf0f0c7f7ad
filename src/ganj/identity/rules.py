"""The rules by which identifiers make one person: limits, priorities, blocked values; configurable, a value.

Source: Segment, Unify identity resolution: ID rules; the blocked values beyond Segment's are those that
Mixpanel and Amplitude publish.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Meta

from ganj.histories import Array
from ganj.identity.errors import BadRules
from ganj.identity.kinds import (
    ACCOUNT,
    ANONYMOUS,
    CUSTOMER,
    DEVICE,
    EMAIL,
    NAMED,
    NATIONAL_CODE,
    PHONE,
    kind_of,
)
from ganj.text import Text

BLOCKED = (
    r"[0\s!-/:-@\[-`{-~]*",  # nothing but zeros and punctuation: 0, -, 00000000-0000-0000-0000-000000000000
    r"-1|\[object object\]|lmy47d|not[ _]?set|not_authenticated|no-?one|nobody",
    r"null|nil|none|nan|n/a|na|undefined|unknown|true|false",
    r"anonymous|anon|guest|distinct_?id|user_?id|id|email|anonymous_?id",
    r"(no-?reply|no-?e?mail|none|null)@.*",
    r"ناشناس|مهمان|ندارد|نامشخص|هیچ‌?کدام",
)
"""Values that stand for nobody, as expressions of RE2: whole values, letters in either case."""


EVERYBODY = Text("a blocked value would be everybody's.", "یکی از الگوهای کنارگذاشته همه را در بر می‌گیرد.")


def no_kind(kind: str) -> Text:
    """Say that there are no identifiers of a kind."""
    known = ", ".join(NAMED)
    return Text(
        f"{kind!r} is no kind of identifier; there are {known} and external:NAME.",
        f"«{kind}» نوعی از شناسه نیست؛ نوع‌ها: {known} و external:NAME.",
    )


def unreadable(pattern: str, why: str) -> Text:
    """Say that an expression cannot be read."""
    return Text(f"{pattern!r} cannot be read: {why}", f"الگوی «{pattern}» خواندنی نیست: {why}")


class Limit(msgspec.Struct, frozen=True):
    """How many identifiers of one kind a person may have.

    Attributes
    ----------
    most : the number
    days : within so many days of each other; 0 for ever
    """

    most: Annotated[int, Meta(ge=1, le=100_000)]
    days: Annotated[int, Meta(ge=0, le=36_500)] = 0


LIMITS = {
    CUSTOMER: Limit(1),
    NATIONAL_CODE: Limit(1),
    EMAIL: Limit(5),
    PHONE: Limit(5),
    ANONYMOUS: Limit(5, 7),
    DEVICE: Limit(5, 7),
    ACCOUNT: Limit(100_000),
}
"""Where nothing else is decided."""


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """What makes identifiers one person's.

    Attributes
    ----------
    limits : of single kinds, beside or instead of the usual ones
    others : the limit of every other kind
    priority : kinds, the most trusted first; others follow in alphabetical order, before the weak
    weak : kinds that people share, least trusted last: they bring a visitor to a known person, never two
        known people together
    blocked : regular expressions of values that stand for nobody
    country : calling code of phone numbers written without one
    """

    limits: dict[str, Limit] = {}
    others: Limit = Limit(5)
    priority: tuple[str, ...] = (CUSTOMER, EMAIL, PHONE, NATIONAL_CODE)
    weak: tuple[str, ...] = (ANONYMOUS, DEVICE)
    blocked: tuple[str, ...] = BLOCKED
    country: Annotated[str, Meta(pattern=r"^[1-9]\d{0,3}$")] = "98"

    def limit(self, kind: str) -> Limit:
        """Return how many identifiers of a kind a person may have."""
        return self.limits.get(kind) or LIMITS.get(kind, self.others)

    def rank(self, kind: str) -> tuple[int, int, str]:
        """Return a kind's place among the others: the least is trusted most."""
        if kind in self.weak:
            return 2, self.weak.index(kind), kind
        if kind in self.priority:
            return 0, self.priority.index(kind), kind
        return 1, 0, kind

    def blocks(self, values: pa.Array | pa.ChunkedArray) -> Array:
        """Tell which values stand for nobody: bool[n]."""
        whole = "|".join(f"(?:{pattern})" for pattern in ("", *self.blocked))
        found: Array = pc.match_substring_regex(values, f"^(?:{whole})$", ignore_case=True).to_numpy(
            zero_copy_only=False
        )
        return found

    def check(self) -> None:
        """Refuse rules that cannot be used.

        Raises
        ------
        BadRules
            A kind that is none, an expression that cannot be read, or one that means everybody.
        """
        for kind in (*self.limits, *self.priority, *self.weak):
            if kind_of(kind) != kind:
                raise BadRules(why=no_kind(kind))
        for pattern in self.blocked:
            try:
                alone = Rules(blocked=(pattern,)).blocks(pa.array(["7f9a3c", "سارا", "sara@example.com"]))
            except pa.ArrowInvalid as why:
                raise BadRules(why=unreadable(pattern, str(why))) from why
            if alone.all():
                raise BadRules(why=EVERYBODY)
