"""A survey: what is asked, on which scale, and how an answer becomes an event.

Scales are the field's own: the Net Promoter Score asks 0–10 (Reichheld 2003), customer satisfaction 1–5, and the
customer effort score 1–7 (Dixon, Freeman and Toman 2010, second version).
"""

from __future__ import annotations

import hashlib
from typing import Annotated, Literal

import msgspec

from ganj.errors import GanjError
from ganj.log import OWN, Line
from ganj.parameters import param
from ganj.text import Language, Text

EVENT = "Survey Answered"
MOST_WORDS = 4_000
"""Characters of an answer in words."""


class BadMark(GanjError):
    """An answer that is none. Facts: ``value``, ``low``, ``high``."""

    status = 422
    says = Text("{value} is no answer to this question.", "{value} پاسخ این پرسش نیست.")
    hint = Text("Choose a number from {low} to {high}.", "عددی از {low} تا {high} برگزینید.")


class Kind(msgspec.Struct, frozen=True):
    """A kind of survey: its name, its scale (None: words only), the usual question, the words at both ends."""

    name: str
    label: Text
    scale: tuple[int, int] | None
    question: Text
    ends: tuple[Text, Text]


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "nps",
            Text("Recommendation (NPS)", "توصیه به دیگران (NPS)"),
            (0, 10),
            Text(
                "How likely are you to recommend us to a friend?",
                "چقدر احتمال دارد ما را به دوستان خود پیشنهاد کنید؟",
            ),
            (Text("Not at all", "به‌هیچ‌وجه"), Text("Certainly", "حتماً")),
        ),
        Kind(
            "csat",
            Text("Satisfaction (CSAT)", "رضایت (CSAT)"),
            (1, 5),
            Text("How satisfied are you with us?", "چقدر از ما راضی هستید؟"),
            (Text("Very dissatisfied", "خیلی ناراضی"), Text("Very satisfied", "خیلی راضی")),
        ),
        Kind(
            "ces",
            Text("Effort (CES)", "آسانی کار (CES)"),
            (1, 7),
            Text("We made it easy to get things done. Do you agree?", "کارتان با ما آسان انجام شد. موافقید؟"),
            (Text("Strongly disagree", "کاملاً مخالف"), Text("Strongly agree", "کاملاً موافق")),
        ),
        Kind(
            "words",
            Text("Words only", "تنها متن"),
            None,
            Text("What should we do better?", "چه کاری را بهتر انجام دهیم؟"),
            (Text("", ""), Text("", "")),
        ),
    )
}


_USUAL = Text("Empty: the usual words of its kind.", "خالی: متن معمول همین گونه.")


class Survey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A survey as its makers write it; what is left empty is the kind's usual words in its language."""

    name: Annotated[str, param("Name", "نام"), msgspec.Meta(min_length=1, max_length=80)]
    kind: Annotated[
        Literal["nps", "csat", "ces", "words"],
        param("Kind", "گونه", choices={kind.name: kind.label for kind in KINDS.values()}),
    ] = "nps"
    language: Annotated[
        Language,
        param("Language", "زبان", choices={"fa": Text("Persian", "فارسی"), "en": Text("English", "انگلیسی")}),
    ] = "fa"
    question: Annotated[str, param("Question", "پرسش", help=_USUAL), msgspec.Meta(max_length=300)] = ""
    more: Annotated[
        str, param("Question for words", "پرسش تشریحی", help=_USUAL), msgspec.Meta(max_length=300)
    ] = ""
    thanks: Annotated[
        str, param("Words of thanks", "متن سپاس", help=_USUAL), msgspec.Meta(max_length=300)
    ] = ""
    days: Annotated[int, param("Days a link holds", "پیوند تا چند روز باز است", ge=1, le=3_650)] = 60

    @property
    def about(self) -> Kind:
        """The kind."""
        return KINDS[self.kind]

    @property
    def asks(self) -> str:
        """The question as it is shown."""
        return self.question or self.about.question.of(self.language)

    @property
    def asks_more(self) -> str:
        """The question for words as it is shown."""
        return self.more or Text("Would you tell us why?", "دلیلش را برای ما می‌نویسید؟").of(self.language)

    @property
    def says_thanks(self) -> str:
        """What is shown after an answer."""
        usual = Text("Thank you. Your answer helps us do better.", "سپاسگزاریم. پاسخ شما به ما کمک می‌کند.")
        return self.thanks or usual.of(self.language)

    def score(self, said: str) -> int | None:
        """Read a mark.

        Raises
        ------
        BadMark
            It is not on the scale.
        """
        if self.about.scale is None:
            return None
        low, high = self.about.scale
        if not said.isascii() or not said.isdecimal() or not low <= int(said[:6]) <= high:
            raise BadMark(value=said[:20] or "—", low=low, high=high)
        return int(said)


def line(survey: Survey, who: tuple[str, str], answer: tuple[int | None, str], when: tuple[int, str]) -> Line:
    """Return an answer as an event; the same link gives the same message, so it counts once.

    Parameters
    ----------
    who : kind and value of an identifier
    answer : the mark and the words
    when : µs UTC, and the link it came by
    """
    score, words = answer
    now, link = when
    told = {"survey": survey.name, "kind": survey.kind, "score": score, "words": words[:MOST_WORDS]}
    properties = {name: value for name, value in told.items() if value not in (None, "")}
    message = "survey-" + hashlib.sha256(link.encode()).hexdigest()[:40]
    kind, value = who
    user, others = (value, None) if kind == "customer_id" else (None, [who])
    return Line(message, now, now, "track", "survey", OWN, EVENT, u=user, i=others, p=properties)
