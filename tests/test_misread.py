"""What could not be read is told in the reader's own language, with the place where it stands."""

import msgspec
import pytest

from ganj.errors import BadParameter
from ganj.misread import misread
from ganj.segments import Segment


class Shape(msgspec.Struct, forbid_unknown_fields=True):
    """A shape."""

    sides: int
    name: str = ""
    inner: list[int] = []


@pytest.mark.parametrize(
    ("text", "en", "fa"),
    [
        ('{"sides": 1', "the JSON ends too early.", "JSON ناتمام است."),
        ('{"sides"; 1}', "it is no JSON from byte 8 on.", "از بایت ۸ به بعد JSON نیست."),
        ('{"name": "x"}', "it lacks sides.", "sides را ندارد."),
        ('{"sides": 1, "colour": 2}', "it has no colour.", "چیزی به نام colour ندارد."),
        ('{"sides": 1, "name": 7}', "name: it must be a text.", "name: باید متن باشد."),
        (
            '{"sides": 1, "inner": [1, "x"]}',
            "inner[1]: it must be a whole number.",
            "inner[1]: باید عدد صحیح باشد.",
        ),
        ("[]", "it must be an object.", "باید شیء باشد."),
    ],
)
def test_what_is_wrong_with_a_text(text, en, fa):
    with pytest.raises(msgspec.DecodeError) as found:
        msgspec.json.decode(text, type=Shape)
    why = misread(found.value, parameter="shape", value=text).facts["why"]
    assert (why.en, why.fa) == (en, fa)


@pytest.mark.parametrize("bad", [3, [], {"all": 3}, {"conditions": 5}, {"any": [{"op": "nope"}]}])
def test_a_segment_that_is_none_is_told_without_english(bad):
    with pytest.raises(BadParameter) as found:
        Segment.read(bad)
    assert "Expected" not in found.value.facts["why"].fa
