"""What a workspace says and keeps of single customers, beside their profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ganj.access.consent import Consent
from ganj.access.masking import Privacy
from ganj.workspace.profiles import cards, consents, finding, kept, notes, scores, stages, timeline
from ganj.workspace.profiles.rules import RULES, Rules, change_rules
from ganj.workspace.profiles.stages import StageRules
from ganj.workspace.profiles.timeline import Timeline, Wanted
from ganj.workspace.profiles.why import Membership, why

if TYPE_CHECKING:
    from ganj.workspace import Workspace


class Profiles:
    """Timelines, scores, reasons, notes, consent and cards of single customers."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def find(self, who: str, kind: str = "") -> int:
        """Return the number of the customer that has an identifier."""
        return finding.find(self._workspace, who, kind)

    def timeline(self, number: int, wanted: Wanted | None = None) -> Timeline:
        """Return a page of what happened to a customer, newest first."""
        return timeline.page(self._workspace, finding.known(self._workspace, number), wanted or Wanted())

    def scores_of(self, number: int, *, buyer: bool = True, waits: bool = False) -> tuple[scores.Said, ...]:
        """Return what each analysis says of a customer, or why it says nothing.

        Parameters
        ----------
        waits : whether what is foreseen is computed now where it is not at hand
        """
        return scores.scores(self._workspace, number, buyer=buyer, waits=waits)

    def known(self, number: int) -> int:
        """Return the number of the customer that a number belongs to: another where two were merged."""
        return finding.known(self._workspace, number)

    def why(self, number: int) -> tuple[Membership, ...]:
        """Explain why a customer is in each saved segment, or not."""
        return why(self._workspace, finding.known(self._workspace, number))

    @property
    def stage_rules(self) -> StageRules:
        """What moves a customer from stage to stage."""
        return stages.rules(self._workspace)

    @property
    def privacy(self) -> Privacy:
        """How personal identifiers are shown."""
        return kept.value(self._workspace.store.control, "privacy", Privacy)

    @property
    def embedding(self) -> cards.Embedding:
        """Where cards of customers may be shown."""
        return cards.embedding(self._workspace)

    def rules(self) -> dict[str, Rules]:
        """Return the rules of customers' pages by name: ``stages``, ``privacy``, ``embedding``."""
        return {name: kept.value(self._workspace.store.control, name, kind) for name, kind in RULES.items()}

    def keep_rules(self, name: str, changes: dict[str, Any]) -> Rules:
        """Change some rules of one kind and return all of that kind."""
        return change_rules(self._workspace, name, changes)

    def notes(self, number: int) -> tuple[notes.Note, ...]:
        """Return what people wrote of a customer, newest first."""
        return notes.standing(self._workspace, finding.known(self._workspace, number))

    def write_note(self, number: int, text: str, author: str = "") -> str:
        """Write a note of a customer and return its name."""
        return notes.add(self._workspace, number, text, author)

    def change_note(self, number: int, note: str, text: str) -> None:
        """Give a note other words; the earlier ones stay in the log."""
        notes.change(self._workspace, finding.known(self._workspace, number), note, text)

    def remove_note(self, number: int, note: str) -> None:
        """Take a note away."""
        notes.remove(self._workspace, finding.known(self._workspace, number), note)

    def restore_note(self, number: int, note: str) -> None:
        """Bring a removed note back."""
        notes.restore(self._workspace, finding.known(self._workspace, number), note)

    def consents(self, number: int) -> dict[str, Consent]:
        """Return what a customer allowed, by channel."""
        return consents.of(self._workspace, finding.known(self._workspace, number))

    def consent(self, number: int, channel: str, *, given: bool, how: str = "") -> None:
        """Keep that a customer allowed a channel or forbade it."""
        consents.say(self._workspace, number, channel, given=given, how=how)

    def card(self, order: cards.Order) -> cards.Issued:
        """Sign a short-lived link to a customer's card."""
        return cards.issue(self._workspace, order)

    def revoke_cards(self) -> str:
        """End every link to a card now; returns the name of the new key."""
        return cards.revoke(self._workspace)
