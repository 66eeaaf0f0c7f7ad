"""What a customer allowed, from events and traits; and saying so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ganj.access import consent
from ganj.errors import BadParameter
from ganj.store.timelines import Sketch
from ganj.text import Text
from ganj.workspace.profiles.telling import tell

if TYPE_CHECKING:
    from ganj.workspace import Workspace


def of(workspace: Workspace, number: int, sketch: Sketch | None = None) -> dict[str, consent.Consent]:
    """Return what holds for each channel that anything was said of."""
    store = workspace.store
    sketch = store.timelines.sketch(number) if sketch is None else sketch
    told = store.timelines.told(number, sketch, sketch.where(consent.EVENTS))
    said = [one for event in told for one in consent.of_event(event)]
    for name, value, source, time in store.trait_history(number):
        one = consent.of_trait(name, value, source, time)
        said += [one] if one is not None else []
    return consent.fold(said)


def say(workspace: Workspace, number: int, channel: str, *, given: bool, how: str = "") -> None:
    """Keep that a customer allowed a channel or forbade it.

    Raises
    ------
    BadParameter
        The channel has no name.
    """
    name = consent.channel_of(channel)
    if not name:
        why = Text("name a channel: email, sms, call …", "کانالی را نام ببرید: email، sms، call …")
        raise BadParameter(parameter="channel", value=channel, why=why)
    event = consent.GIVEN if given else consent.WITHDRAWN
    tell(workspace, number, event, {"channel": name} | ({"how": how.strip()[:200]} if how.strip() else {}))
