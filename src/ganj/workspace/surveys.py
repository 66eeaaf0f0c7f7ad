"""Surveys of a workspace: links for its customers, and their answers into its log."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from ganj.miner import Reads
from ganj.surveys import Links, Survey, Surveys, line
from ganj.surveys.links import read

if TYPE_CHECKING:
    from ganj.workspace import Workspace

WHO = ("customer_id", "email", "phone")
"""Identifiers a link may name its customer by, the first he has."""
SHOWN = ("name", "phone", "email")
NOTHING = Reads(events=(), columns=("time",))
PART = 1_000  # customers looked up at once


class Asking:
    """The surveys of a workspace, as every face sees them."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._kept = Surveys(workspace.store.control.engine)

    def all(self) -> tuple[Survey, ...]:
        """List the surveys, newest first."""
        return self._kept.all()

    def find(self, name: str) -> Survey:
        """Return one; `UnknownName` names the nearest."""
        return self._kept.find(name)

    def save(self, survey: Survey) -> None:
        """Keep a survey under its name."""
        self._kept.save(survey)

    def remove(self, name: str) -> None:
        """Forget a survey; its answers stay."""
        self._kept.remove(name)

    def links(self, name: str, segment: str, address: str) -> Iterator[dict[str, Any]]:
        """Make a link for each customer of a segment, or of all, who has an identifier to be known by.

        Yields
        ------
        row : ``customer``, ``name``, ``phone``, ``email``, ``link``
        """
        survey, made = self.find(name), Links(address)
        if segment:
            chosen = self._workspace.members(segment)
        else:
            chosen = np.concatenate(
                [part.customer for part in self._workspace.store.histories(NOTHING)]
                or [np.zeros(0, np.int32)]
            )
            chosen.sort()
        for at in range(0, len(chosen), PART):
            columns = tuple(dict.fromkeys((*SHOWN, *WHO)))
            for row in self._workspace.store.people(chosen[at : at + PART], columns).to_pylist():
                who = next(((kind, row[kind]) for kind in WHO if row[kind]), None)
                if who is not None:
                    shown = {"customer": row["customer"], **{name: row[name] for name in SHOWN}}
                    yield {**shown, "link": made.make(survey.name, who, survey.days)}

    def asked(self, link: str) -> Survey:
        """Return the survey that a link opens.

        Raises
        ------
        BrokenLink, LinkTooOld, UnknownName
            There is nothing to answer.
        """
        return self.find(read(link).survey)

    def answer(self, link: str, score: str, words: str) -> Survey:
        """Keep an answer; a second one by the same link is not counted.

        Raises
        ------
        BadMark
            The mark is not on the scale.
        """
        whom = read(link)
        survey = self.find(whom.survey)
        said = survey.score(score), words.replace("\0", "").strip()
        now = time.time_ns() // 1000
        self._workspace.collect([line(survey, (whom.kind, whom.value), said, (now, link))])
        return survey
