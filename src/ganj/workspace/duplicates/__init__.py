"""Customers who may be one person: looked for, offered, merged or told apart, and taken back."""

from ganj.workspace.duplicates.deciding import Duplicates
from ganj.workspace.duplicates.kept import Pair, Status
from ganj.workspace.duplicates.looking import Found
from ganj.workspace.duplicates.rules import DuplicateRules

__all__ = ["DuplicateRules", "Duplicates", "Found", "Pair", "Status"]
