"""What is said where a search was cut short, a sample stands for all, or nothing can be learned."""

from __future__ import annotations

from collections.abc import Iterator

from ganj.display.numbers import PERSIAN_DIGITS
from ganj.errors import TooLittleData
from ganj.miner import Finding
from ganj.text import Text


def limits(least: int, level: int, few: Text, part: Text) -> Iterator[Finding]:
    """Say what was left out.

    Parameters
    ----------
    least : the count from which on was looked, 0 where nothing was left out; ``few`` says so with ``{least}``
    level : all is of one in ``2 ** level``; ``part`` says so with ``{part}``
    """
    told = [(few, {"least": least})] * (least > 0) + [(part, {"part": 1 << level})] * (level > 0)
    for text, evidence in told:
        yield Finding(text=text, evidence=evidence, tone="warn", weight=0.5)


def refusal(why: TooLittleData) -> Finding:
    """Say why nothing was learned."""
    facts, says = {name: why.facts[name] for name in ("needs", "has")}, TooLittleData.says
    said = Text(says.en.format(**facts), says.fa.format(**facts).translate(PERSIAN_DIGITS))
    return Finding(text=said, tone="warn", weight=1.0)
