"""Print the requirements of a dependency group of pyproject.toml, one a line.

For installers that do not know dependency groups yet.  Usage: ``python tools/groups.py dev``.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import Any


def members(groups: dict[str, list[Any]], name: str) -> list[str]:
    """List a group's requirements, with those of the groups it includes."""
    found = []
    for entry in groups[name]:
        found += [entry] if isinstance(entry, str) else members(groups, entry["include-group"])
    return found


if __name__ == "__main__":
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
    print("\n".join(members(project["dependency-groups"], sys.argv[1])))
