"""The rules of customers' pages by name, as faces read and change them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ganj.access.masking import Privacy
from ganj.errors import UnknownName
from ganj.parameters import build, dump
from ganj.text import Text
from ganj.workspace.profiles import kept
from ganj.workspace.profiles.cards import Embedding
from ganj.workspace.profiles.stages import StageRules

if TYPE_CHECKING:
    from ganj.workspace import Workspace

Rules = StageRules | Privacy | Embedding
RULES: dict[str, type[Rules]] = {"stages": StageRules, "privacy": Privacy, "embedding": Embedding}


def change_rules(workspace: Workspace, name: str, changes: dict[str, Any]) -> Rules:
    """Change some rules of one kind, keep them, and return all of that kind.

    Raises
    ------
    UnknownName, BadParameter
        There are no such rules, or a value is none they can have.
    """
    if name not in RULES:
        raise UnknownName.among(Text("rules", "قاعده‌ها"), name, RULES)
    control = workspace.store.control
    made = build(RULES[name], {**dump(kept.value(control, name, RULES[name])), **changes})
    kept.keep(control, name, made)
    return made
