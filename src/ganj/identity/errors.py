"""Mistakes a person can make about who is who."""

from __future__ import annotations

from ganj.errors import GanjError
from ganj.text import Text


class NoSuchIdentifier(GanjError):
    """An identifier that no customer has. Facts: ``kind``, ``value``."""

    status = 404
    says = Text("No customer has the {kind} {value!r}.", "هیچ مشتری‌ای شناسهٔ {kind} با مقدار «{value}» ندارد.")
    hint = Text(
        "Look for the customer in the list and take an identifier from there.",
        "مشتری را در فهرست بیابید و شناسه را از همان‌جا بردارید.",
    )


class BadIdentifier(GanjError):
    """What cannot be read as a customer. Facts: ``words``."""

    status = 422
    says = Text(
        "{words!r} names no customer: a number, or a kind and a value, is needed.",
        "«{words}» نام هیچ مشتری‌ای نیست: شمارهٔ مشتری یا نوع شناسه و مقدار آن لازم است.",
    )
    hint = Text("For example: 12, or email:sara@example.com", "برای نمونه: 12 یا email:sara@example.com")


class SamePerson(GanjError):
    """Two names of one customer. Facts: ``customer``."""

    status = 409
    says = Text("Both are customer {customer} already.", "هر دو از پیش مشتری شمارهٔ {customer} هستند.")
    hint = Text("There is nothing to merge.", "چیزی برای ادغام نیست.")


class UnknownMerge(GanjError):
    """A merge that is not there. Facts: ``merge``."""

    status = 404
    says = Text("There is no merge {merge!r}.", "ادغامی با شناسهٔ «{merge}» وجود ندارد.")
    hint = Text("See the list of merges for its id.", "شناسهٔ درست را در فهرست ادغام‌ها ببینید.")


class AlreadyUndone(GanjError):
    """A merge that was undone before. Facts: ``merge``."""

    status = 409
    says = Text("The merge {merge!r} was undone before.", "ادغام «{merge}» پیش‌تر پس گرفته شده است.")
    hint = Text("Merge the two again if they are one person.", "اگر یک نفرند دوباره ادغامشان کنید.")


class BadRules(GanjError):
    """Identity rules that cannot be used. Facts: ``why`` (`Text`)."""

    status = 422
    says = Text("The identity rules cannot be used: {why.en}", "قواعد شناسایی پذیرفته نیست: {why.fa}")
    hint = Text("The rules before stay in force.", "قواعد پیشین همچنان برقرارند.")
