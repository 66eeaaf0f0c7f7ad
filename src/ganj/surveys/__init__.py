"""Asks customers: a survey with a question and a scale, a link for each customer, and answers as events."""

from ganj.surveys.kept import Surveys
from ganj.surveys.links import Asked, BrokenLink, Links, LinkTooOld
from ganj.surveys.survey import EVENT, KINDS, BadMark, Kind, Survey, line

__all__ = [
    "EVENT",
    "KINDS",
    "Asked",
    "BadMark",
    "BrokenLink",
    "Kind",
    "LinkTooOld",
    "Links",
    "Survey",
    "Surveys",
    "line",
]
