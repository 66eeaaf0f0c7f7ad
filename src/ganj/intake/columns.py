"""What the sample of a column says of its content; worked out only when asked."""

from __future__ import annotations

import re
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from ganj.intake.calendars import times_in
from ganj.intake.dates import in_ascii
from ganj.intake.fields import WHO, Field, header_form
from ganj.intake.normal import ADDRESS, cleaned, numbers
from ganj.intake.plan import Answers, Dates
from ganj.intake.words import is_persian
from ganj.money import decimal_sign
from ganj.persian import mobiles, national_codes

MANY = 50  # rows in which one customer alone is none
MOST = 5_000  # different texts looked at
NUMBERED = {
    "id",
    "code",
    "no",
    "number",
    "zip",
    "postal",
    "postcode",
    "phone",
    "mobile",
    "year",
    "sku",
    "کد",
    "شماره",
    "شناسه",
    "سال",
    "تلفن",
    "پستی",
}
"""Words in a header after which figures are names and not amounts."""
SECRET = re.compile(
    r"\b(?:national (?:code|id)|melli|card(?: number| no)?|pan|iban|sheba|shaba|password|pass|cvv2?|ssn|passport|token|secret)\b"
    r"|کد ملی|کدملی|شماره ملی|شبا|شماره کارت|کارت بانکی|گذرواژه|رمز|شماره حساب|شناسنامه|گذرنامه"
)
"""Headers of columns that are not kept in clear."""


class Column:
    """One column of a sample.

    Parameters
    ----------
    name
        As the header writes it.
    cells
        string[n] as the file writes them, in its order.
    """

    def __init__(self, name: str, cells: pa.ChunkedArray, answers: Answers) -> None:
        self.name, self.form, self.answers = name, header_form(name), answers
        self._times: dict[tuple[bool, bool], tuple[Dates, bool] | None] = {}
        self.cells = cleaned(
            pa.concat_arrays(cells.chunks) if cells.num_chunks else pa.array([], pa.string())
        )

    @cached_property
    def texts(self) -> pa.Array:
        """Some different texts."""
        return self.cells.drop_null().unique().slice(0, MOST)

    @property
    def empty(self) -> bool:
        """Whether the sample has nothing in it."""
        return len(self.texts) == 0

    @cached_property
    def decimal(self) -> str:
        """Its decimal sign."""
        return decimal_sign(self.texts.slice(0, 1000).to_pylist())

    @cached_property
    def numeric(self) -> float:
        """Share of its filled cells that are numbers."""
        return self._share(numbers(self.cells.drop_null(), self.decimal))

    @cached_property
    def email(self) -> float:
        """Share of e-mail addresses."""
        return float(pc.mean(pc.match_substring_regex(self.texts, ADDRESS).cast(pa.int8())).as_py() or 0)

    @cached_property
    def mobile(self) -> float:
        """Share of Iranian mobile numbers."""
        return self._share(mobiles(self.texts))

    @cached_property
    def national(self) -> float:
        """Share of national codes whose check digit is right; one in eleven is by chance."""
        return self._share(national_codes(self.texts))

    @cached_property
    def telephone(self) -> float:
        """Share of texts with seven to fifteen digits."""
        digits = pc.utf8_length(pc.replace_substring_regex(in_ascii(self.texts), r"\D+", ""))
        return float(
            pc.mean(pc.and_(pc.greater(digits, 6), pc.less(digits, 16)).cast(pa.int8())).as_py() or 0
        )

    @cached_property
    def persian(self) -> bool:
        """Whether its header or its first texts are Persian."""
        return is_persian(self.name) or any(is_persian(text) for text in self.texts.slice(0, 50).to_pylist())

    @cached_property
    def different(self) -> float:
        """Share of different texts among the filled cells."""
        filled = len(self.cells) - self.cells.null_count
        return pc.count_distinct(self.cells).as_py() / filled if filled else 0.0

    def times(self, *, persian: bool, named: bool) -> tuple[Dates, bool] | None:
        """How it writes times; None where it does not."""
        if (persian, named) not in self._times:
            some = self.texts.slice(0, 200)
            possible = times_in(some, self.answers, persian=persian, named=named)
            whole = possible and times_in(self.cells, self.answers, persian=persian, named=named)
            self._times[persian, named] = whole
        return self._times[persian, named]

    @property
    def secret(self) -> bool:
        """Whether it must not be kept in clear: identity numbers, bank cards, passwords."""
        by_content = self.national > 0.8 and len(self.texts) >= 20 and self.numeric > 0.9
        return bool(SECRET.search(self.form)) or by_content

    @property
    def of_case(self) -> bool:
        """Whether an event log says it of whole cases, so that adding it up by event would count it many times."""
        return self.name.startswith("case:")

    @property
    def measure(self) -> bool:
        """Whether it holds amounts, and not names made of figures."""
        return self.numeric > 0.95 and not NUMBERED & set(self.form.split())

    def fits(self, field: Field, *, persian: bool) -> bool:
        """Tell whether its content can have a meaning."""
        if self.empty or (self.of_case and field.type in ("number", "money")):
            return False
        if field.type == "time":
            return self.times(persian=persian, named=True) is not None
        if field.name == "discount":
            return self.numeric > 0.8 and (pc.max(numbers(self.texts, self.decimal)).as_py() or 0) > 1
        if field.type in ("number", "money"):
            return self.numeric > 0.6
        if field in WHO and len(self.texts) == 1 and len(self.cells) > MANY:
            return False
        shares = {"email": self.email, "phone": self.telephone, "code": self.national}
        return shares.get(field.type, 1.0) > 0.4

    @staticmethod
    def _share(read: pa.Array) -> float:
        return 1 - read.null_count / len(read) if len(read) else 0.0
