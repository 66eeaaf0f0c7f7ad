"""Says in both languages why a value or a JSON text could not be read, from what msgspec found."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from ganj.display.numbers import written
from ganj.errors import BadParameter
from ganj.text import Text

KINDS = {
    "str": Text("a text", "متن"),
    "int": Text("a whole number", "عدد صحیح"),
    "float": Text("a number", "عدد"),
    "bool": Text("true or false", "true یا false"),
    "object": Text("an object", "شیء"),
    "array": Text("a list", "فهرست"),
    "null": Text("nothing", "خالی"),
}
"""What JSON may hold, by msgspec's words."""
PATTERNS = (
    (r"Expected `\w+` >= (.+)", "it must be at least {0}.", "باید دست‌کم {0} باشد."),
    (r"Expected `\w+` <= (.+)", "it must be at most {0}.", "باید دست‌بالا {0} باشد."),
    (r"Expected `\w+` > (.+)", "it must be more than {0}.", "باید بیش از {0} باشد."),
    (r"Expected `\w+` < (.+)", "it must be less than {0}.", "باید کمتر از {0} باشد."),
    (r"Expected `str` of length >= (.+)", "it needs {0} letters or more.", "دست‌کم {0} نویسه لازم دارد."),
    (r"Expected `str` of length <= (.+)", "it takes at most {0} letters.", "دست‌بالا {0} نویسه می‌پذیرد."),
    (r"Number out of range", "it is too large a number.", "عددی بیش از اندازه بزرگ است."),
    (r"Expected `\w+` of length >= (.+)", "it needs {0} values or more.", "دست‌کم {0} مقدار لازم دارد."),
    (r"Expected `\w+` of length <= (.+)", "it takes at most {0} values.", "دست‌بالا {0} مقدار می‌پذیرد."),
    (r"Invalid enum value .+", "choose one of: {choices}.", "یکی از این‌ها را برگزینید: {choices}."),
    (r"Invalid value (.+)", "{0} means nothing here.", "{0} در اینجا معنایی ندارد."),
    (r"Expected `int.*", "it must be a whole number.", "باید عدد صحیح باشد."),
    (r"Expected `float.*", "it must be a number.", "باید عدد باشد."),
    (r"Expected `bool.*", "it must be true or false.", "باید true یا false باشد."),
    (r"Expected `(.+?)`.*", "it must be {0}.", "باید {0} باشد."),
    (r"Object missing required field `(.+)`", "it lacks {0}.", "{0} را ندارد."),
    (r"Object contains unknown field `(.+)`", "it has no {0}.", "چیزی به نام {0} ندارد."),
    (
        r"JSON is malformed: .*byte (\d+).*",
        "it is no JSON from byte {0} on.",
        "از بایت {0} به بعد JSON نیست.",
    ),
    (r"Input data was truncated", "the JSON ends too early.", "JSON ناتمام است."),
)


def phrase(why: str, choices: str = "") -> Text:
    """Put msgspec's finding into both languages; numbers in it are kept.

    Parameters
    ----------
    why : as msgspec says it
    choices : what can be chosen, where it is one of some
    """
    reason, _, path = why.partition(" - at `$")
    if reason.startswith("Invalid enum value") and not choices:
        reason = reason.replace("enum ", "")
    for pattern, en, fa in PATTERNS:
        found = re.fullmatch(pattern, reason)
        if found:
            told = [_word(one) for one in found.groups()]
            words = Text(
                en.format(*(one.en for one in told), choices=choices),
                fa.format(*(one.fa for one in told), choices=choices),
            )
            return _placed(words, path.strip(".`"))
    return Text(why, f"پذیرفتنی نیست ({why})")


def misread(wrong: msgspec.DecodeError, *, parameter: str, value: Any) -> BadParameter:
    """Return the error that says why a parameter's value could not be read."""
    return BadParameter(parameter=parameter, value=value, why=phrase(str(wrong)))


def _placed(words: Text, path: str) -> Text:
    return Text(f"{path}: {words.en}", f"{path}: {words.fa}") if path else words


def _word(text: str) -> Text:
    """Write a limit in the digits of each language, and what is wanted in its words; the rest stays."""
    if re.fullmatch(r"-?\d+(\.\d+)?", text):
        number = float(text)
        return Text(written(number, None, "latin", rtl=False), written(number, None, "persian", rtl=True))
    wanted = [KINDS.get(kind, Text(kind, kind)) for kind in text.split(" | ")]
    return Text(" or ".join(one.en for one in wanted), " یا ".join(one.fa for one in wanted))
