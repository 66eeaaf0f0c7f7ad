"""Finds people who are probably one: Splink over columns that know Persian; pure, it stores nothing.

``find(people)`` takes an Arrow table with a row a person and returns pairs with their probability, each with
what every column says for and against.
"""

from ganj.identity.duplicates.columns import LABELS, ROLES, meanings, role_of
from ganj.identity.duplicates.errors import NothingToCompare, SplinkMissing
from ganj.identity.duplicates.finding import Options, find
from ganj.identity.duplicates.found import Found, Step
from ganj.identity.duplicates.model import Model

__all__ = [
    "LABELS",
    "ROLES",
    "Found",
    "Model",
    "NothingToCompare",
    "Options",
    "SplinkMissing",
    "Step",
    "find",
    "meanings",
    "role_of",
]
