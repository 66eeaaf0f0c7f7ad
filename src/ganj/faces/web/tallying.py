"""What the answers of a survey come to: the figure its kind is known by, and how many gave each mark."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ganj.faces.web.visit import Visit
from ganj.surveys import Kind


@dataclass(frozen=True)
class Tallied:
    """The answers of a survey.

    Attributes
    ----------
    answers : how many
    figure : the kind's figure in words; empty where there are only words
    bars : of each mark: its number, how many gave it, its share of the most frequent one's, 0 to 100
    """

    answers: int
    figure: str
    bars: tuple[tuple[int, int, float], ...]


def tallied(visit: Visit, kind: Kind, counted: Mapping[int | None, int]) -> Tallied:
    """Sum the answers of a survey up.

    Parameters
    ----------
    counted : how many gave each mark; None is an answer in words
    """
    marks = range(kind.scale[0], kind.scale[1] + 1) if kind.scale else range(0)
    told = {mark: counted.get(mark, 0) for mark in marks}
    most, many = max(told.values(), default=0), sum(told.values())
    bars = tuple((mark, count, 100 * count / most) for mark, count in told.items()) if most else ()
    return Tallied(sum(counted.values()), _figure(visit, kind, told) if many else "", bars)


def _figure(visit: Visit, kind: Kind, told: Mapping[int, int]) -> str:
    """Say the figure by which a kind is compared.

    Source
    ------
    Reichheld, F. (2003): The One Number You Need to Grow: promoters (9, 10) less detractors (0 to 6), of a hundred.
    Satisfaction is the share of the two best marks; ease the mean.
    """
    many = sum(told.values())
    if kind.name == "nps":
        score = 100 * (told[9] + told[10] - sum(told[mark] for mark in range(7))) / many
        return visit.say("NPS {score}", "NPS {score}", score=visit.display.count(round(score)))
    if kind.name == "csat":
        share = 100 * (told[4] + told[5]) / many
        return visit.say("{share} satisfied", "{share} راضی", share=visit.display.percent(share))
    mean = sum(mark * count for mark, count in told.items()) / many
    return visit.say("mean {mean:ratio}", "میانگین {mean:ratio}", mean=mean)
