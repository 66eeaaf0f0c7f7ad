"""What an analysis looks at unless it is told otherwise, and what this workspace calls things instead.

An event that a person names and nobody has is refused (`ganj.workspace.resolving`).  An event that only stands
there because nobody said anything is no mistake of hers: the analysis runs, and says what to name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ganj.errors import UnknownName
from ganj.filters import selector
from ganj.miner import Finding, Miner
from ganj.parameters import Parameter, parameters
from ganj.text import Text

if TYPE_CHECKING:
    from ganj.workspace import Workspace


def unmet(workspace: Workspace, miner: Miner[Any, Any]) -> tuple[Finding, ...]:
    """Say of the main parameters left as they are that nothing here has such a name."""
    known = workspace.store.names("event")
    if not known:
        return ()
    left = (p for p in parameters(type(miner)) if p.of == "event" and p.default and not p.advanced)
    return tuple(_said(p, names, known) for p in left if (names := _missing(miner, p, known)))


def _missing(miner: Miner[Any, Any], parameter: Parameter, known: tuple[str, ...]) -> tuple[str, ...]:
    given = getattr(miner, parameter.name)
    names = (given,) if isinstance(given, str) else tuple(given)
    events = [selector(name).event for name in names]
    return () if any(event in known or not event for event in events) else names


def _said(parameter: Parameter, names: tuple[str, ...], known: tuple[str, ...]) -> Finding:
    near = UnknownName.among(Text("event", "رویداد"), names[0], known).facts["near"]
    return Finding(
        text=Text(
            f"“{parameter.label.en}” stands at {{names}}, and nothing here is called so. Choose among what there is, "
            "such as {near}.",
            f"«{parameter.label.fa}» روی {{names}} است و رویدادی با این نام در اینجا نیست. از رویدادهای موجود برگزینید، "
            "مانند {near}.",
        ),
        evidence={"names": " · ".join(names[:3]), "near": near},
        tone="warn",
        weight=2.0,
    )
