"""What is held of one person, and where: for whoever asks to see it, and for an erasure.

`PLACES` names every place that holds personal data.  Each finds what it holds of somebody; those that are no record of
what came in can forget it, so that no byte stays.  What follows from the log and the imported files goes when these are
rewritten and all is made anew; a place that is part of that has no ``forget``.  `NOTHING` says of the other tables and
files why they hold nothing personal; a test walks both databases and the folder and knows no third kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ganj.errors import UnknownName
from ganj.text import Text
from ganj.workspace.personal import decided, files, stored
from ganj.workspace.personal.place import Person, Place

if TYPE_CHECKING:
    from ganj.workspace import Workspace

PLACES: tuple[Place, ...] = (*stored.PLACES, *decided.PLACES, *files.PLACES)
NOTHING: dict[str, str] = {**stored.NOTHING, **decided.NOTHING, **files.NOTHING}
"""Tables, as ``duckdb:NAME`` and ``control:NAME``, and entries of the folder without personal data, and why."""


class Personal:
    """What a workspace holds of each person."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def person(self, customer: int) -> Person:
        """Return who somebody is: everything they are known by.

        Raises
        ------
        UnknownName
            There is no such customer.
        """
        profile = self._workspace.store.profile(customer)
        if profile is None:
            raise UnknownName(kind=Text("customer", "مشتری"), name=str(customer), near="—")
        links = tuple((kind, value) for kind, value, *_ in profile["identifiers"])
        origins = self._workspace.store.snapshot.standing.members(profile["customer"]).tolist()
        return Person(self._workspace, profile["customer"], tuple(origins), links)

    def find(self, customer: int) -> dict[str, list[dict[str, Any]]]:
        """Return all that is held of somebody, by the name of the place; empty where there is nothing.

        Raises
        ------
        UnknownName
            There is no such customer.
        """
        person = self.person(customer)
        return {place.name: list(place.find(person)) for place in PLACES}

    def forget(self, customer: int) -> dict[str, int]:
        """Forget somebody wherever that is possible without touching what came in; returns how much, by place.

        Raises
        ------
        UnknownName
            There is no such customer.
        """
        person = self.person(customer)
        return {place.name: place.forget(person) for place in PLACES if place.forget is not None}
