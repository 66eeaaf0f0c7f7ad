"""Mistakes a person can make, one class each, in both languages.

::

    GanjError                     status  the person
    ├── UnknownName          404  named something that is not there (nearest names are offered)
    ├── BadParameter         422  gave an analysis a value it cannot use
    │   └── MissingParameter 422  left out what has no default
    ├── TooLittleData        422  asked for more than the history can say
    ├── NotAWorkspace        404  pointed at a folder that is no workspace
    ├── WorkspaceExists      409  began a workspace where one is
    ├── WorkspaceBusy        423  opened a folder that a server holds
    ├── BadFile              422  gave a file that cannot be read
    ├── NeedsAnswer          422  must answer a question that is never guessed (rial or toman)
    ├── DiskFull             507  ran out of space; what was stored is safe
    └── ...                       each package adds its own beside the code that raises it

``says`` is what is wrong with which value; ``hint`` is what to do next.  Both are filled from the
facts given to the constructor, which stay on the object for programs.  No prose at the call site.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any, ClassVar, Self

from ganj.text import Text

LONGEST = 200
"""Letters of what was given that a message repeats; who gave it knows the rest."""
GIVEN = frozenset({"value", "name", "words"})
"""Facts that repeat what a person gave."""


class GanjError(Exception):
    """Base of every mistake ganj explains to a person.

    Attributes
    ----------
    facts
        The values the words are filled with.
    status
        HTTP status a face answers with.
    """

    status: ClassVar[int] = 400
    says: ClassVar[Text]
    hint: ClassVar[Text] = Text("", "")

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(self.message("en"))

    def message(self, language: str) -> str:
        """Say what is wrong, with which value."""
        given = {name: _short(self.facts[name]) for name in GIVEN & self.facts.keys()}
        return self.says.of(language).format(**{**self.facts, **given})

    def advice(self, language: str) -> str:
        """Say what to do next; empty where there is nothing to add."""
        return self.hint.of(language).format(**self.facts)


class UnknownName(GanjError):
    """A name (of an event, analysis, column, segment …) that is not there.

    Facts: ``kind`` is a `Text`; ``name`` what was asked; ``near`` the closest existing names.
    """

    status = 404
    says = Text("There is no {kind.en} named {name!r}.", "{kind.fa} با نام «{name}» وجود ندارد.")
    hint = Text("Closest names: {near}.", "نزدیک‌ترین نام‌ها: {near}.")
    nothing = Text(
        "No name comes near it; see how it is written, and whether it has been imported or made yet.",
        "نامی نزدیک به آن نیست؛ ببینید درست نوشته شده و پیش‌تر وارد یا ساخته شده باشد.",
    )

    @classmethod
    def among(cls, kind: Text, name: str, names: Iterable[str]) -> Self:
        """Build the error, finding the nearest existing names."""
        known = list(dict.fromkeys(str(n) for n in names))
        near = difflib.get_close_matches(name, known, n=5, cutoff=0.4) or known[:5]
        return cls(kind=kind, name=name, near=", ".join(near) or "—")

    def advice(self, language: str) -> str:
        """Offer the nearest names, or say what to look at where there is none."""
        return super().advice(language) if self.facts["near"] != "—" else self.nothing.of(language)


class BadParameter(GanjError):
    """A parameter whose value cannot be used. Facts: ``parameter``, ``value``, ``why`` (`Text`)."""

    status = 422
    says = Text(
        "The parameter {parameter!r} cannot be {value!r}: {why.en}",
        "مقدار «{value}» برای «{parameter}» پذیرفته نیست: {why.fa}",
    )

    def __init__(self, **facts: Any) -> None:
        value = facts.get("value")
        if isinstance(value, list | tuple):
            facts["value"] = ", ".join(map(str, value))
        super().__init__(**facts)


class MissingParameter(BadParameter):
    """A parameter that has no default and was not given. Facts: ``parameter``, ``label`` (`Text`)."""

    says = Text("The parameter {parameter!r} is missing.", "پارامتر «{parameter}» داده نشده است.")
    hint = Text("Say which: {label.en}.", "بگویید: {label.fa}.")


class TooLittleData(GanjError):
    """The history is too short or too thin. Facts: ``needs`` and ``has``, both `Text`."""

    status = 422
    says = Text(
        "This needs {needs.en}; there are {has.en}.", "این تحلیل به {needs.fa} نیاز دارد؛ اکنون {has.fa} هست."
    )
    hint = Text(
        "Import more history, or choose a longer period.", "دادهٔ بیشتری وارد کنید یا بازهٔ بلندتری برگزینید."
    )


class NotAWorkspace(GanjError):
    """A folder that holds no workspace. Facts: ``path``."""

    status = 404
    says = Text("{path} is not a ganj workspace.", "{path} فضای کار گنج نیست.")
    hint = Text("Make one with: ganj -w {path} init", "با این فرمان یکی بسازید: ganj -w {path} init")


class WorkspaceExists(GanjError):
    """A folder that already is one. Facts: ``path``."""

    status = 409
    says = Text("{path} already holds a workspace.", "{path} از پیش یک فضای کار دارد.")
    hint = Text("Use it as it is, or choose another folder.", "از همان استفاده کنید یا پوشهٔ دیگری برگزینید.")


class WorkspaceBusy(GanjError):
    """Another process holds the folder. Facts: ``path``, ``holder``."""

    status = 423
    says = Text("{path} is in use by {holder}.", "{path} در اختیار {holder} است.")
    hint = Text(
        "Stop that process first, or talk to its server.",
        "نخست آن را متوقف کنید یا از همان سرور استفاده کنید.",
    )


class BadFile(GanjError):
    """A file that cannot be read. Facts: ``path``, ``why`` (`Text`)."""

    status = 422
    says = Text("{path} cannot be read: {why.en}", "{path} خوانده نشد: {why.fa}")
    hint = Text("The workspace is as it was before.", "فضای کار دست‌نخورده مانده است.")


class NeedsAnswer(GanjError):
    """A question that is never guessed. Facts: ``question`` (`Text`), ``option`` (shell words)."""

    status = 422
    says = Text("{question.en}", "{question.fa}")
    hint = Text("Answer with {option}.", "با {option} پاسخ دهید.")


class DiskFull(GanjError):
    """No space is left. Facts: ``path``."""

    status = 507
    says = Text("There is no space left for {path}.", "برای {path} جایی نمانده است.")
    hint = Text(
        "What was stored before is safe. Free some space and run the same command again.",
        "آنچه پیش‌تر ذخیره شده در امان است. جا باز کنید و همان فرمان را دوباره اجرا کنید.",
    )


def _short(fact: Any) -> Any:
    """Cut a text that is longer than a person reads."""
    return f"{fact[:LONGEST]}…" if isinstance(fact, str) and len(fact) > LONGEST else fact
