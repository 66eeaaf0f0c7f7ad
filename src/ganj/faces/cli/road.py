"""The way to a workspace: its folder, or the server that holds it.

Commands do not care which.  Both roads give and take the same JSON values, those of the HTTP API.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from ganj.errors import WorkspaceBusy
from ganj.faces.cli.asking import Call, call

if TYPE_CHECKING:
    from ganj.display import Display

Progress = Callable[[float], None]
Json = dict[str, Any]


class Road(Protocol):
    """What the shell asks of a workspace."""

    def settings(self) -> Json:
        """Return the workspace's settings."""

    def save_settings(self, changes: Json) -> Json:
        """Change some settings and return all."""

    def mine(self, name: str, words: Json, progress: Progress) -> Json:
        """Run an analysis; each table also says its rows in ``words``."""

    def rows(self, name: str, words: Json, path: Path) -> None:
        """Write what an analysis says row by row to a file, as its name ends."""

    def plan(self, path: Path, options: Json) -> Json | None:
        """Say how a file would be read; None where only the server can know."""

    def check(self, path: Path, options: Json, progress: Progress) -> Json:
        """Read everything and write nothing."""

    def load(self, path: Path, options: Json, progress: Progress) -> Json:
        """Import a file or folder."""

    def imports(self) -> list[Json]:
        """List the imports, newest first."""

    def undo(self, batch: str) -> Json:
        """Take an import back."""

    def segments(self) -> list[Json]:
        """List the saved segments with their sizes and sentences."""

    def save_segment(self, name: str, definition: Json) -> Json:
        """Save a segment and return its size."""

    def remove_segment(self, name: str) -> Json:
        """Remove a saved segment."""

    def hooks(self) -> list[Json]:
        """List the webhooks."""

    def save_hook(self, name: str, told: Json) -> Json:
        """Keep a webhook; ``address`` is told when it is new."""

    def remove_hook(self, name: str) -> Json:
        """Forget a webhook."""

    def pictures(self) -> list[Json]:
        """List the pictures of pages."""

    def save_picture(self, page: str, window: str, file: Path) -> Json:
        """Keep a page's picture."""

    def remove_picture(self, page: str, window: str) -> Json:
        """Forget a page's picture."""

    def surveys(self) -> list[Json]:
        """List the surveys, newest first."""

    def save_survey(self, name: str, told: Json) -> Json:
        """Keep a survey under its name."""

    def remove_survey(self, name: str) -> Json:
        """Forget a survey."""

    def survey_links(self, name: str, segment: str, address: str) -> list[Json]:
        """Make a link for each customer."""

    def keys(self) -> list[Json]:
        """List the keys of programs, the newest first."""

    def create_key(self, told: Json) -> Json:
        """Make a key: its text as ``key``, told this once."""

    def revoke_key(self, name: str) -> Json:
        """End a key, by its name or its first letters."""

    def customers(self, asked: Json) -> Json:
        """List customers: ``total`` and ``rows`` as objects."""

    def sql(self, query: str, limit: int) -> Json:
        """Run a read-only query: ``columns`` and ``rows``."""

    def sources(self) -> list[Json]:
        """List the sources."""

    def add_source(self, told: Json) -> Json:
        """Set up a source."""

    def look_at_source(self, told: str | Json) -> Json:
        """Try a source, by name or not set up yet."""

    def run_source(self, name: str, *, again: bool) -> Json:
        """Fetch what is new."""

    def change_source(self, name: str, changes: Json) -> Json:
        """Change a source."""

    def remove_source(self, name: str) -> Json:
        """Forget a source."""

    def find(self, who: str) -> int:
        """Return the number of the customer that has an identifier."""

    def customer(self, number: int, asked: Json) -> Json:
        """Return everything known of a customer; ``asked`` narrows the timeline."""

    def write_note(self, number: int, told: Json) -> Json:
        """Write a note of a customer."""

    def consent(self, number: int, channel: str, told: Json) -> Json:
        """Keep what a customer said of a channel; returns what holds for each."""

    def card(self, order: Json) -> Json:
        """Sign a short-lived link to a customer's card."""

    def duplicates(self, status: str, limit: int) -> Json:
        """List pairs of customers who may be one person."""

    def find_duplicates(self, automatic: bool | None) -> Json:
        """Look for pairs."""

    def decide_duplicate(self, pair: int, verb: str, told: Json) -> Json:
        """Say something of a pair."""

    def merges(self, customer: int | None, limit: int) -> Json:
        """List merges of customers, newest first."""

    def merge(self, told: Json) -> Json:
        """Say that two customers are one person."""

    def unmerge(self, name: str, by: str) -> Json:
        """Take a merge back."""

    def identity_rules(self, changes: Json) -> Json:
        """Change some rules of identity, if any, and return all."""

    def preferences(self) -> Json:
        """List which source wins which trait."""

    def prefer(self, trait: str, told: Json) -> Json:
        """Decide which source wins a trait."""

    def households(self, limit: int) -> Json:
        """List customers who live together."""

    def duplicate_rules(self, changes: Json) -> Json:
        """Change some rules of looking for duplicates, if any, and return all."""

    def verify(self) -> Json:
        """Prove that the folder is whole: ``whole`` and ``problems``."""

    def rebuild(self, progress: Progress) -> Json:
        """Make everything derived anew."""


@contextmanager
def workspace() -> Iterator[Road]:
    """Open the call's workspace; if a server holds it, talk to that server."""
    said = call()
    from ganj import workspace as own
    from ganj.faces.cli.near import Near

    try:
        held = own.open(said.workspace)
    except WorkspaceBusy:
        far = _server(said)
        if far is None:
            raise
        _take_language(said, far.settings())
        yield far
        return
    with held:
        near = Near(held, said)
        _take_language(said, near.settings())
        yield near


def reader(road: Road) -> Display:
    """Return the workspace's settings in the caller's language."""
    import msgspec

    from ganj.display import Display

    return msgspec.convert({**road.settings(), **spoken(call())}, Display)


def spoken(said: Call) -> Json:
    """Return the settings that a language brings when it is not the workspace's own."""
    if not said.asked_language:
        return {}
    return {"language": said.language, "digits": "persian" if said.language == "fa" else "latin"}


def _take_language(said: Call, settings: Json) -> None:
    """Speak the workspace's language from here on, unless another was asked for."""
    said.asked_language = bool(said.language) and said.language != settings["language"]
    said.language = said.language or settings["language"]


def _server(said: Call) -> Any:
    from ganj.faces.cli.far import Far

    try:
        holder = json.loads((said.workspace / "lock").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(holder, dict) or not holder.get("url"):
        return None
    return Far(holder["url"], holder.get("token", ""), said)
